/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ui_shown - the run on the screen: the last one, or one out of a list. */
#include "cli/expiry.h"	   /* gh_expiry_apply */
#include "cli/flow.h"	   /* gh_flow_view */
#include "cli/ui_screen.h" /* what is defined here */
#include "cli/view.h"	   /* gh_stored_get */

#include <math.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

void gh_ui_shown_forget(struct gh_ui_shown *old)
{
	free(old->strips);
	free(old->stored);
	gh_store_close(old->store);
	gh_flow_destroy(old->flow);
	*old = (struct gh_ui_shown){ 0 };
}

const struct gh_run_view *gh_ui_shown_view(const struct gh_ui_shown *shown)
{
	if (shown->flow)
		return gh_flow_view(shown->flow);
	return shown->stored ? &shown->stored->view : NULL;
}

void gh_ui_say_failure(struct gh_ui_screen *s, const struct gh_err *err)
{
	char text[sizeof err->msg + 80];

	snprintf(text, sizeof text, "%s.  Try: %s", err->msg,
		 gh_status_advice(err->code));
	gh_ui_say(s->ui, text);
}

/* As `status` has it; of its age the screen has a clock of its own. */
static enum gh_status wear_out(const struct gh_ui_screen *s,
			       struct gh_ui_shown *last, struct gh_err *err)
{
	struct gh_since since;
	const enum gh_status st = gh_store_since(
		last->store, last->stored->info.run, &since, err);

	if (st == GH_OK)
		gh_expiry_apply(last->stored, &since, gh_wall_s(s->cli->clock),
				INFINITY);
	return st;
}

enum gh_status gh_ui_shown_load(const struct gh_ui_screen *s, int64_t run,
				struct gh_ui_shown *out, struct gh_err *err)
{
	const char *serial = s->serial[0] ? s->serial : NULL;
	int64_t last = 0;
	enum gh_status st;

	st = gh_store_open(&out->store, s->db.path, GH_STORE_READ, err);
	if (st == GH_OK)
		st = gh_store_last_judged(out->store, serial, &last, err);
	if (st == GH_OK)
		st = gh_stored_get(out->store, run > 0 ? run : last,
				   &out->stored, err);
	out->is_last = st == GH_OK && out->stored->info.run == last;
	return out->is_last ? wear_out(s, out, err) : st;
}

static void show_strips(struct gh_ui_screen *s)
{
	struct gh_err err = { 0 };

	if (s->shown.stored && gh_ui_load_strips(&s->shown, &err) != GH_OK)
		gh_ui_say_failure(s, &err);
	gh_ui_strips(s->ui, s->shown.strips);
}

/* By the clock of whoever stands before it. */
static int64_t midnight(int64_t now_s)
{
	const time_t now = (time_t)now_s;
	struct tm day;

	if (!localtime_r(&now, &day))
		return 0;
	day.tm_hour = day.tm_min = day.tm_sec = 0;
	day.tm_isdst = -1;
	return (int64_t)mktime(&day);
}

static void count_today(struct gh_ui_screen *s)
{
	const int64_t day_s = midnight(gh_wall_s(s->cli->clock));
	struct gh_err err = { 0 };

	s->about.moved_day_s = 0;
	if (s->shown.store && s->serial[0] && day_s > 0 &&
	    gh_store_motion_s(s->shown.store, s->serial, s->about.simulated,
			      day_s, &s->about.moved_s, &err) == GH_OK)
		s->about.moved_day_s = day_s;
	gh_ui_about(s->ui, &s->about);
}

void gh_ui_shown_put(struct gh_ui_screen *s, const struct gh_ui_shown *next)
{
	struct gh_ui_shown old = s->shown;

	s->shown = *next;
	gh_ui_show(s->ui, gh_ui_shown_view(next));
	gh_ui_shown_forget(&old);
	show_strips(s);
	count_today(s);
}

void gh_ui_shown_last(struct gh_ui_screen *s)
{
	struct gh_ui_shown last = { 0 };
	struct gh_err err = { 0 };
	enum gh_status st = GH_NODATA;

	if (s->db.path[0] && access(s->db.path, F_OK) == 0)
		st = gh_ui_shown_load(s, 0, &last, &err);
	if (last.store)
		gh_ui_describe_baseline(s, last.store);
	if (st != GH_OK)
		gh_ui_describe_first(s);
	gh_ui_about(s->ui, &s->about);
	if (st == GH_OK) {
		gh_ui_shown_put(s, &last);
		return;
	}
	gh_ui_shown_forget(&last);
	if (st != GH_NODATA)
		gh_ui_say_failure(s, &err);
}

/* What is stored nowhere must not vanish for a look at something else. */
static bool would_be_lost(const struct gh_ui_screen *s)
{
	const char *file;

	if (!s->shown.flow || !gh_flow_unstored(s->shown.flow, &file))
		return false;
	gh_ui_say(s->ui, "This verdict is not in the database: another run "
			 "would take its place for good.");
	return true;
}

void gh_ui_shown_pick(struct gh_ui_screen *s, int64_t run)
{
	struct gh_ui_shown next = { 0 }, old = s->shown;
	struct gh_err err = { 0 };

	if (would_be_lost(s))
		return;
	if (gh_ui_shown_load(s, run, &next, &err) != GH_OK) {
		gh_ui_shown_forget(&next);
		gh_ui_say_failure(s, &err);
		return;
	}
	s->shown = next;
	gh_ui_pick(s->ui, &next.stored->view, next.is_last);
	gh_ui_doc(s->ui, s->page.doc);
	gh_ui_shown_forget(&old);
	show_strips(s);
}

void gh_ui_shown_again(struct gh_ui_screen *s)
{
	const int64_t run = s->shown.stored ? s->shown.stored->info.run : 0;
	struct gh_ui_shown next = { 0 }, old = s->shown;
	struct gh_err err = { 0 };
	const enum gh_status st = gh_ui_shown_load(s, run, &next, &err);

	if (next.store)
		gh_ui_describe_baseline(s, next.store);
	gh_ui_about(s->ui, &s->about);
	if (st != GH_OK || s->shown.flow) {
		gh_ui_shown_forget(&next);
		return;
	}
	/* The same run: what led to it stays. */
	next.strips = old.strips;
	old.strips = NULL;
	s->shown = next;
	gh_ui_refresh(s->ui, &next.stored->view);
	gh_ui_shown_forget(&old);
}
