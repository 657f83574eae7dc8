/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every screen that there is, in every state worth a picture: what the goldens
 * are of, and what terminals and themes are tried with. A new screen is a row
 * here and a fixture header of its own.
 */
#ifndef TEST_UI_SCENES_H
#define TEST_UI_SCENES_H

#include "unit/test_ui_fixture.h"	 /* fixture_view, fixture_model */
#include "unit/test_ui_fixture_doctor.h" /* fixture_doctor */
#include "unit/test_ui_fixture_people.h" /* people_scene */
#include "unit/test_ui_fixture_lamps.h"	 /* fixture_lamps */
#include "unit/test_ui_fixture_first.h"	 /* fixture_first */
#include "unit/test_ui_fixture_motion.h" /* fixture_live, fixture_seen ... */
#include "unit/test_ui_fixture_part.h"	 /* fixture_elbow */
#include "unit/test_ui_fixture_past.h"	 /* fixture_strips, fixture_trend ... */

struct scene {
	const char *name;
	enum gh_page page;
	enum gh_verdict verdict;
	bool empty, running, stopping;
	void (*more)(struct gh_ui_model *m); /* what else it shows */
};

static const struct scene scenes[] = {
	{ "home", GH_PAGE_HOME, GH_VERDICT_HOLD, false, false, false,
	  fixture_strips },
	{ "home-empty", GH_PAGE_HOME, GH_VERDICT_HOLD, true, false, false,
	  NULL },
	{ "first", GH_PAGE_HOME, GH_VERDICT_HOLD, true, false, false,
	  fixture_first },
	{ "unplugged", GH_PAGE_HOME, GH_VERDICT_HOLD, true, false, false,
	  fixture_unplugged },
	{ "ask", GH_PAGE_ASK, GH_VERDICT_HOLD, false, false, false, NULL },
	{ "ask-sweep", GH_PAGE_ASK, GH_VERDICT_HOLD, false, false, false,
	  fixture_ask_sweep },
	{ "ask-held", GH_PAGE_ASK, GH_VERDICT_HOLD, false, false, false,
	  fixture_ask_held },
	{ "ask-look", GH_PAGE_ASK, GH_VERDICT_HOLD, false, false, false,
	  fixture_ask_look },
	{ "ask-jog", GH_PAGE_ASK, GH_VERDICT_HOLD, false, false, false,
	  fixture_ask_jog },
	{ "sweeping", GH_PAGE_RUNNING, GH_VERDICT_HOLD, false, true, false,
	  fixture_sweeping },
	{ "let-go", GH_PAGE_RUNNING, GH_VERDICT_HOLD, false, true, false,
	  fixture_let_go },
	{ "live", GH_PAGE_LIVE, GH_VERDICT_HOLD, false, false, false,
	  fixture_live },
	{ "live-jog", GH_PAGE_LIVE, GH_VERDICT_HOLD, false, true, false,
	  fixture_live_jog },
	{ "live-opening", GH_PAGE_LIVE, GH_VERDICT_HOLD, false, false, false,
	  fixture_live_opening },
	{ "seen", GH_PAGE_SEEN, GH_VERDICT_HOLD, false, false, false,
	  fixture_seen },
	{ "running", GH_PAGE_RUNNING, GH_VERDICT_READY, false, true, false,
	  NULL },
	{ "stopping", GH_PAGE_RUNNING, GH_VERDICT_READY, false, true, true,
	  NULL },
	{ "ready", GH_PAGE_VERDICT, GH_VERDICT_READY, false, false, false,
	  NULL },
	{ "watch", GH_PAGE_VERDICT, GH_VERDICT_WATCH, false, false, false,
	  NULL },
	{ "unsure", GH_PAGE_VERDICT, GH_VERDICT_UNSURE, false, false, false,
	  NULL },
	{ "hold", GH_PAGE_VERDICT, GH_VERDICT_HOLD, false, false, false, NULL },
	{ "detail", GH_PAGE_DETAIL, GH_VERDICT_HOLD, false, false, false,
	  NULL },
	{ "help", GH_PAGE_HELP, GH_VERDICT_READY, false, false, false, NULL },
	{ "help-moving", GH_PAGE_HELP, GH_VERDICT_READY, false, true, false,
	  NULL },
	{ "lamps", GH_PAGE_LAMPS, GH_VERDICT_HOLD, true, false, false,
	  fixture_lamps },
	{ "doctor", GH_PAGE_DOCTOR, GH_VERDICT_HOLD, true, false, false,
	  fixture_doctor },
	{ "doctor-ok", GH_PAGE_DOCTOR, GH_VERDICT_HOLD, true, false, false,
	  fixture_doctor_ok },
	{ "form-note", GH_PAGE_FORM, GH_VERDICT_HOLD, false, false, false,
	  NULL },
	{ "form-accept", GH_PAGE_FORM, GH_VERDICT_HOLD, false, false, false,
	  NULL },
	{ "form-seal", GH_PAGE_FORM, GH_VERDICT_HOLD, false, false, false,
	  NULL },
	{ "notes", GH_PAGE_NOTES, GH_VERDICT_HOLD, false, false, false, NULL },
	{ "baselines", GH_PAGE_BASELINES, GH_VERDICT_HOLD, false, false, false,
	  NULL },
	{ "baselines-none", GH_PAGE_BASELINES, GH_VERDICT_HOLD, false, false,
	  false, NULL },
	{ "baseline", GH_PAGE_BASELINE, GH_VERDICT_HOLD, false, false, false,
	  NULL },
	{ "diff", GH_PAGE_DIFF, GH_VERDICT_HOLD, false, false, false, NULL },
	{ "accepted", GH_PAGE_HOME, GH_VERDICT_HOLD, false, false, false,
	  NULL },
	{ "accepted-detail", GH_PAGE_DETAIL, GH_VERDICT_HOLD, false, false,
	  false, NULL },
	{ "part", GH_PAGE_PART, GH_VERDICT_HOLD, false, false, false,
	  fixture_elbow },
	{ "part-core", GH_PAGE_PART, GH_VERDICT_HOLD, false, false, false,
	  fixture_part_core },
	{ "part-bare", GH_PAGE_PART, GH_VERDICT_HOLD, false, false, false,
	  fixture_part_bare },
	{ "earlier", GH_PAGE_HOME, GH_VERDICT_WATCH, false, false, false,
	  fixture_past },
	{ "earlier-hold", GH_PAGE_VERDICT, GH_VERDICT_HOLD, false, false, false,
	  fixture_past },
	{ "history", GH_PAGE_HISTORY, GH_VERDICT_HOLD, false, false, false,
	  fixture_history },
	{ "history-part", GH_PAGE_HISTORY, GH_VERDICT_HOLD, false, false, false,
	  fixture_part_history },
	{ "compare", GH_PAGE_COMPARE, GH_VERDICT_HOLD, false, false, false,
	  fixture_compare },
	{ "trend", GH_PAGE_TREND, GH_VERDICT_HOLD, false, false, false,
	  fixture_trend },
};

static const int sizes[][2] = { { 40, 12 }, { 80, 24 }, { 120, 40 } };

static void set_scene(const struct scene *s, struct gh_run_view *view,
		      struct gh_ui_model *m)
{
	*view = fixture_view(s->verdict);
	fixture_model(m, s->empty ? NULL : view);
	if (s->running)
		fixture_running(m);
	m->stopping = s->stopping;
	m->page = s->page;
	if (s->more)
		s->more(m);
	people_scene(m, view, s->name);
}

#endif
