/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Questions about one part, a sweep and a jog on their way, live values and
 * what a sweep showed. Every reading is invented.
 */
#ifndef TEST_UI_FIXTURE_MOTION_H
#define TEST_UI_FIXTURE_MOTION_H

#include "cli/watch.h"	   /* gh_watch_rows */
#include "report/single.h" /* gh_single_doc */
#include "ui/model.h"	   /* struct gh_ui_model */

#include <math.h>

static const struct gh_ui_task motion_tasks[] = {
	{ .move = GH_MOVE_SWEEP,
	  .part = "resilience.elbow",
	  .is_joint = true,
	  .reach_deg = 80.2,
	  .seconds = 14.3 },
	{ .move = GH_MOVE_IDENTIFY,
	  .part = "resilience.elbow",
	  .is_joint = true,
	  .reach_deg = 3,
	  .seconds = 2.7 },
	{ .move = GH_MOVE_LOOK,
	  .part = "core",
	  .look = "twilight_blue",
	  .seconds = 600 },
	{ .move = GH_MOVE_JOG,
	  .part = "resilience.elbow",
	  .is_joint = true,
	  .lo_deg = -80,
	  .hi_deg = 80,
	  .deg_s = 23.9,
	  .seconds = 6.7 },
};

static void fixture_ask_sweep(struct gh_ui_model *m)
{
	m->task = motion_tasks[0];
}

/* y was pressed once: no repeat of it came yet. */
static void fixture_ask_held(struct gh_ui_model *m)
{
	m->task = motion_tasks[1];
	gh_hold_press(&m->hold, 'y', m->now);
}

static void fixture_ask_look(struct gh_ui_model *m)
{
	m->task = motion_tasks[2];
	gh_copy_text(m->about.latched, sizeof m->about.latched, "STOP");
}

static void fixture_ask_jog(struct gh_ui_model *m)
{
	m->task = motion_tasks[3];
}

static void motion_event(struct gh_ui_model *m, enum gh_event_kind kind,
			 const char *text, unsigned phase)
{
	const struct gh_event ev = { .kind = kind,
				     .text = text,
				     .elapsed_s = 1.5 + 2.0 * phase,
				     .left_s = 12.5 - 2.0 * phase,
				     .share = 0.15 * phase,
				     .phase = phase,
				     .phases = 4,
				     .moving = true,
				     .time_scale = 1 };

	gh_model_event(m, &ev);
}

static void fixture_sweeping(struct gh_ui_model *m)
{
	m->task = motion_tasks[0];
	m->page = GH_PAGE_ASK;
	gh_model_start(m);
	motion_event(m, GH_EV_RUN_BEGIN, "arms will move: keep clear", 0);
	motion_event(m, GH_EV_PHASE, "who is who, one joint at a time", 0);
	motion_event(m, GH_EV_PHASE, "slow and fast sweeps", 1);
	motion_event(m, GH_EV_NOTE,
		     "armed until this run ends: resilience.elbow (1 joint)",
		     1);
}

static void fixture_let_go(struct gh_ui_model *m)
{
	fixture_sweeping(m);
	m->stopping = m->let_go = true;
}

/* ---- Live ---- */

static void live_channel(struct gh_watch_block *b, struct gh_dev_info *info,
			 const char *part, enum gh_quantity what, int den)
{
	struct gh_dev_channel *ch = &info->channels[info->n_channels++];

	(void)b;
	*ch = (struct gh_dev_channel){ .what = what,
				       .measured = true,
				       .num = 1,
				       .den = den,
				       .lo = 0,
				       .hi = 4000 };
	gh_copy_text(ch->part, sizeof ch->part, part);
	if (what == GH_Q_POSITION || what == GH_Q_CURRENT)
		ch->lo = -4000;
}

static void live_samples(struct gh_watch_block *b, unsigned n)
{
	static const int16_t raw[] = { 1189, 3560, 120,	 41,  612, 87,
				       8,    41,   1190, 119, 74 };

	for (unsigned i = 0; i < n; i++)
		for (int k = -1; k <= 1; k++)
			gh_watch_add(b,
				     &(struct gh_sample){
					     0, (uint16_t)i,
					     (int16_t)(raw[i % 11] + 3 * k) },
				     b->begun + 120000 - (k < 1) * 20000);
}

/* As ui_live.c fills it, from the same rows as `watch --all`. */
static void fixture_live(struct gh_ui_model *m)
{
	static const char *const joints[] = { "hope.shoulder",
					      "resilience.elbow" };
	static struct gh_watch_block b;
	static struct gh_dev_info info;
	static struct gh_table rows;
	static struct gh_rig rig;
	static struct gh_doc doc;
	const struct gh_dev_stats stats = { .samples = 990,
					    .samples_lost = 10,
					    .frames_bad = 3,
					    .counts_loss = true };
	struct gh_err err = { 0 };

	if (rig.n_parts == 0 &&
	    gh_rig_read(&rig, "schemas/lumina.rig", &err) != GH_OK)
		return;
	b = (struct gh_watch_block){
		.rig = &rig, .all = true, .simulated = true, .begun = m->now
	};
	info.n_channels = 0;
	for (unsigned j = 0; j < 2; j++) {
		live_channel(&b, &info, joints[j], GH_Q_POSITION, 2500);
		live_channel(&b, &info, joints[j], GH_Q_CURRENT, 1000);
		live_channel(&b, &info, joints[j], GH_Q_TEMPERATURE, 10);
		live_channel(&b, &info, joints[j], GH_Q_VOLTAGE, 100);
	}
	live_channel(&b, &info, "core", GH_Q_LIGHT, 4000);
	live_channel(&b, &info, "supply", GH_Q_VOLTAGE, 100);
	live_channel(&b, &info, "remote", GH_Q_SIGNAL, 1);
	gh_table_finish(&rows);
	rows = gh_watch_table;
	if (!gh_table_init(&rows, GH_WATCH_ROWS))
		return;
	/* The remote says nothing yet. */
	live_samples(&b, gh_watch_choose(&b, &info) - 1);
	gh_watch_rows(&b, &stats, m->now + 130000, &rows);
	doc = (struct gh_doc){ .tables = { &rows }, .n_tables = 1 };
	gh_doc_above(&doc, "%s", "/dev/ghostlight");
	m->doc = &doc;
	m->cursor = 4;
}

static void fixture_live_jog(struct gh_ui_model *m)
{
	fixture_live(m);
	m->task = motion_tasks[3];
	m->page = GH_PAGE_LIVE;
	gh_model_start(m);
	motion_event(m, GH_EV_PROGRESS, "", 1);
}

static void fixture_live_opening(struct gh_ui_model *m)
{
	static struct gh_doc doc;
	static struct gh_table rows;

	rows = gh_watch_table;
	doc = (struct gh_doc){ .tables = { &rows }, .n_tables = 1 };
	gh_doc_above(&doc, "%s", "opening the port ...");
	m->doc = &doc;
}

/* ---- What was seen ---- */

static void seen_finding(struct gh_single_view *v, const char *id,
			 const struct gh_metric *metric, double value,
			 double expected)
{
	struct gh_finding *f = &v->findings[v->n_findings++];

	*f = (struct gh_finding){ .metric = metric,
				  .value = value,
				  .expected = expected,
				  .unit = metric->unit };
	gh_copy_text(f->id, sizeof f->id, id);
}

static void fixture_seen(struct gh_ui_model *m)
{
	static const struct gh_metric load = { .id = "joint.gravity",
					       .unit = GH_UNIT_AMPERE,
					       .meaning = "load carried" };
	static const struct gh_metric friction = {
		.id = "joint.friction",
		.unit = GH_UNIT_AMPERE,
		.meaning = "friction, mean of both ways"
	};
	static struct gh_doc *doc;
	static struct gh_single_view v;

	v = (struct gh_single_view){ .probe = "sweep",
				     .part = "resilience.elbow",
				     .end = "complete",
				     .baseline = "studio",
				     .n_curve = 56 };
	snprintf(v.said, sizeof v.said,
		 "resilience.elbow answers: it moved "
		 "2.9 deg");
	snprintf(v.against, sizeof v.against,
		 "beside baseline studio, taken with another plan: for "
		 "information, no verdict");
	seen_finding(&v, "joint.gravity", &load, 0.1664, 0.1629);
	seen_finding(&v, "joint.friction", &friction, 0.0911, 0.0402);
	for (unsigned i = 0; i < v.n_curve; i++) {
		const double deg = -40.0 + 1.43 * i;
		const double rub = fabs(deg - 12.0) < 6.0 ? 0.08 : 0.0;

		v.curve[i] =
			(struct gh_single_bin){ deg, 0.09 + 0.002 * deg + rub,
						-0.04 + 0.002 * deg - rub };
	}
	gh_doc_free(doc);
	doc = gh_single_doc(&v);
	m->doc = doc;
	gh_copy_text(m->message, sizeof m->message, v.said);
}

#endif
