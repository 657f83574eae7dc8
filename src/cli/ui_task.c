/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ui_task - one part by itself from the screens: what the dialog says of it,
 * and the run, through the same flow as `sweep`, `identify` and `core`.
 */
#include "cli/ui_screen.h" /* what is defined here */

#include "measure/angle.h" /* gh_deg */

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Often enough to look up from the laptop: as verb identify has it. */
#define WIGGLES 3

static const struct {
	const char *word; /* of the order */
	enum gh_ui_move move;
	enum gh_single_kind kind;
	unsigned repeats;
} moves[] = {
	{ "sweep", GH_MOVE_SWEEP, GH_SINGLE_SWEEP, 1 },
	{ "identify", GH_MOVE_IDENTIFY, GH_SINGLE_IDENTIFY, WIGGLES },
	{ "look", GH_MOVE_LOOK, GH_SINGLE_LOOK, 1 },
	{ "jog", GH_MOVE_JOG, GH_SINGLE_JOG, 1 },
};

static struct gh_single_ask ask_of(const struct gh_ui_task *task)
{
	struct gh_single_ask ask = { .look_at = (int)task->look_at,
				     .up = task->way > 0 };

	for (size_t i = 0; i < GH_ARRAY_SIZE(moves); i++)
		if (moves[i].move == task->move) {
			ask.kind = moves[i].kind;
			ask.repeats = moves[i].repeats;
		}
	ask.curve = ask.kind == GH_SINGLE_SWEEP;
	return ask;
}

static struct gh_flow_request request_of(const struct gh_ui_screen *s,
					 const struct gh_ui_task *task,
					 const struct gh_single_ask *ask)
{
	struct gh_flow_request request = s->request;

	request.only = task->part;
	request.single = ask;
	request.clear_latch = s->latched[0] != '\0';
	return request;
}

/* ---- The dialog ----------------------------------------------------------- */

static void describe(const struct gh_rig *rig, const struct gh_plan *plan,
		     struct gh_ui_task *task)
{
	const int part = gh_rig_find_part(rig, task->part);
	const struct gh_span *way = &plan->span[0];

	task->is_joint = plan->joints != 0;
	task->reach_deg = gh_ui_reach_deg(plan);
	task->seconds = (double)plan->total / GH_US_PER_S;
	if (task->move == GH_MOVE_LOOK)
		gh_copy_text(task->look, sizeof task->look,
			     rig->looks[task->look_at].name);
	if (task->move != GH_MOVE_JOG)
		return;
	task->lo_deg = gh_deg(rig->joints[rig->parts[part].joint].lo_rad);
	task->hi_deg = gh_deg(rig->joints[rig->parts[part].joint].hi_rad);
	task->deg_s = gh_deg(fabs(way->to_rad - way->from_rad)) * GH_US_PER_S /
		      (double)(way->end - way->begin);
}

/* The plan would take any lamp for one; only the core's looks have names. */
static enum gh_status is_core(const struct gh_rig *rig, const char *name,
			      struct gh_err *err)
{
	const int part = gh_rig_find_part(rig, name);

	if (part != GH_RIG_NONE && rig->parts[part].kind == GH_PART_CORE)
		return GH_OK;
	return gh_fail(err, GH_ARG, "%s has no looks: they are of the core",
		       name);
}

/* From the rig file alone. A look beyond the last one is the first. */
static enum gh_status plan_task(struct gh_ui_screen *s, struct gh_ui_task *task,
				struct gh_err *err)
{
	struct gh_single_ask ask = ask_of(task);
	struct gh_flow_request request = request_of(s, task, &ask);
	struct gh_plan *plan = NULL;
	struct gh_rig *rig = NULL;
	enum gh_status st = gh_flow_plan(&request, &rig, &plan, err);

	if (st == GH_ARG && task->move == GH_MOVE_LOOK && task->look_at > 0) {
		task->look_at = 0;
		ask.look_at = 0;
		st = gh_flow_plan(&request, &rig, &plan, err);
	}
	if (st == GH_OK && task->move == GH_MOVE_LOOK)
		st = is_core(rig, task->part, err);
	if (st == GH_OK)
		describe(rig, plan, task);
	free(plan);
	free(rig);
	return st;
}

void gh_ui_question(struct gh_ui_screen *s)
{
	const struct gh_ui_order *order = gh_ui_order(s->ui);
	struct gh_ui_task task = { .move = GH_MOVE_CHECK };
	struct gh_err err = { 0 };

	for (size_t i = 0; i < GH_ARRAY_SIZE(moves); i++)
		if (strcmp(moves[i].word, order->word[0]) == 0)
			task.move = moves[i].move;
	gh_copy_text(task.part, sizeof task.part, order->word[1]);
	task.look_at = (unsigned)strtoul(order->word[2], NULL, 10);
	gh_ui_describe_again(s);
	if (plan_task(s, &task, &err) == GH_OK)
		gh_ui_ask(s->ui, &task);
	else
		gh_ui_say_failure(s, &err);
}

/* ---- The run -------------------------------------------------------------- */

/* What was read back, or why nothing could be. */
static void tell_end(const struct gh_flow *f, const struct gh_ui_task *task,
		     char *out, size_t cap)
{
	const struct gh_err *why = gh_flow_trouble(f);
	const struct gh_single_view *view = gh_flow_single_view(f);

	if (why->code == GH_CANCELLED)
		snprintf(out, cap, "%s stopped; read back: %s.", task->part,
			 gh_flow_safe_text(f));
	else if (why->code != GH_OK)
		snprintf(out, cap, "%s  Try: %s", why->msg,
			 gh_status_advice(why->code));
	else if (task->move == GH_MOVE_JOG)
		snprintf(out, cap, "%s is at the end of its way.", task->part);
	else
		gh_copy_text(out, cap, view->said);
}

/* On the screen until the next; the one before goes. */
static void show_seen(struct gh_ui_screen *s, const struct gh_flow *f,
		      const struct gh_ui_task *task, const char *text)
{
	const bool has_page =
		gh_flow_trouble(f)->code == GH_OK && task->move != GH_MOVE_JOG;
	struct gh_doc *doc =
		has_page ? gh_single_doc(gh_flow_single_view(f)) : NULL;

	gh_ui_seen(s->ui, doc, text);
	if (!doc)
		return;
	gh_doc_free(s->seen);
	s->seen = doc;
}

static enum gh_status run(struct gh_ui_screen *s,
			  const struct gh_flow_request *request,
			  const struct gh_ui_task *task)
{
	char text[sizeof((struct gh_err *)0)->msg + 80];
	struct gh_err err = { 0 };
	struct gh_flow *f;
	enum gh_status st = gh_flow_check(request, &f, &err);

	if (st != GH_OK) {
		gh_ui_say_failure(s, &err);
		return st;
	}
	gh_ui_note_latch(s, f);
	gh_ui_note_unsafe(s, f);
	tell_end(f, task, text, sizeof text);
	show_seen(s, f, task, text);
	st = gh_flow_trouble(f)->code;
	gh_flow_destroy(f);
	return st;
}

void gh_ui_run_task(struct gh_ui_screen *s)
{
	const struct gh_ui_task task = *gh_ui_task(s->ui);
	const struct gh_single_ask ask = ask_of(&task);
	const struct gh_flow_request request = request_of(s, &task, &ask);

	if (gh_ui_is_as_told(s))
		(void)!run(s, &request, &task);
}

enum gh_status gh_ui_run_jog(struct gh_ui_screen *s, struct gh_link *link,
			     const char *boot, const struct gh_tap *tap,
			     const struct gh_ears *ears)
{
	const struct gh_ui_task task = *gh_ui_task(s->ui);
	const struct gh_single_ask ask = ask_of(&task);
	struct gh_flow_request request = request_of(s, &task, &ask);

	request.link = link;
	request.boot = boot;
	request.tap = *tap;
	request.ears = *ears;
	return gh_ui_is_as_told(s) ? run(s, &request, &task) : GH_ARG;
}
