/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/flow.h"

#include "cli/archive_facts.h" /* gh_archive_end_of */
#include "cli/asking.h"	    /* gh_asking_identify */
#include "cli/flow_state.h" /* struct gh_flow */
#include "cli/view.h"	    /* gh_view_of */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct gh_flow *create(const struct gh_flow_request *req)
{
	struct gh_flow *f = calloc(1, sizeof *f);

	if (!f)
		return NULL;
	f->req = *req;
	f->begun = gh_now(req->clock);
	f->real_clock = req->clock;
	f->only = -1;
	f->measures = calloc(GH_JUDGE_FINDINGS, sizeof *f->measures);
	f->result = calloc(1, sizeof *f->result);
	if (f->measures && f->result)
		return f;
	gh_flow_destroy(f);
	return NULL;
}

void gh_flow_destroy(struct gh_flow *f)
{
	if (!f)
		return;
	gh_control_finish(&f->control, true, "");
	gh_run_finish(&f->ran);
	flow_record_end(f);
	flow_close_link(f);
	gh_store_close(f->store);
	gh_baseline_free(&f->baseline);
	free(f->single_view);
	free(f->result);
	free(f->measures);
	free(f->rig_text);
	free(f->rig);
	free(f);
}

/* ---- Reaching the controller ---- */

const char *gh_flow_port(const struct gh_rig *rig, const char *port)
{
	const struct gh_rig_link *link = &rig->links[0];
	const size_t n = strlen(link->name);

	if (!port)
		return link->port;
	if (strncmp(port, link->name, n) == 0 && port[n] == '=')
		return port + n + 1;
	return port;
}

static enum gh_status choose_driver(struct gh_flow *f, struct gh_err *err)
{
	const struct gh_rig_link *link = &f->rig->links[0];

	f->driver = gh_driver_find(link->driver);
	if (!f->driver)
		return gh_fail(err, GH_ARG,
			       "%.60s: link %s: no driver is called \"%s\"",
			       f->rig->file, link->name, link->driver);
	gh_copy_text(f->info.driver, sizeof f->info.driver, f->driver->name);
	return GH_OK;
}

static void keep_identity(struct gh_flow *f, const struct gh_dev_info *dev)
{
	struct gh_run_info *info = &f->info;

	gh_copy_text(info->model, sizeof info->model, dev->model);
	gh_copy_text(info->firmware, sizeof info->firmware, dev->firmware);
	gh_copy_text(info->device, sizeof info->device, dev->id);
	gh_copy_text(info->boot, sizeof info->boot, dev->boot);
	info->simulated = dev->simulated || f->link->is_pty;
	/* What it is compared with is what the recorded run was. */
	f->replays_real = f->req.replay && !dev->simulated &&
			  !gh_replay_was_pty(f->req.replay);
	info->time_scale = dev->time_scale;
}

static size_t all_fds(void *self, struct pollfd *out, size_t cap)
{
	return flow_ears(self, out, cap);
}

static enum gh_ear_word hear_all(void *self)
{
	return flow_hear(self);
}

void flow_tell(const struct gh_flow *f, enum gh_event_kind kind,
	       const char *text)
{
	struct gh_event ev = { .kind = kind, .text = text };

	if (!f->req.sink.event)
		return;
	ev.elapsed_s = (double)(gh_now(f->req.clock) - f->begun) / GH_US_PER_S;
	f->req.sink.event(f->req.sink.self, &ev);
}

/*
 * Nobody is there to press STOP: then the rig file must say that this is meant,
 * an input of the controller must be able to stop it, and the controller must
 * see a dead host.
 */
static void forbid_unattended(struct gh_flow *f, const struct gh_dev_info *dev)
{
	const char *lacks = NULL;
	char line[200];

	if (!f->req.allow_motion || !flow_is_unattended(&f->req))
		return;
	if (!f->rig->unattended)
		lacks = "the rig file does not say unattended = yes";
	else if (!dev->has_enable)
		lacks = "the controller reports no enable input";
	else if (dev->watchdog_ms == 0)
		lacks = "the controller reports no watchdog";
	if (!lacks)
		return;
	f->req.allow_motion = false;
	f->info.motion_allowed = false;
	snprintf(line, sizeof line,
		 "%s moves nothing: %s; nobody is there to stop an arm",
		 f->req.profile, lacks);
	flow_tell(f, GH_EV_NOTE, line);
}

/*
 * Opens the port and asks who is there. The session of a run is known by the
 * controller's boot id, so this comes before the run is stored.
 */
static enum gh_status reach(struct gh_flow *f, struct gh_err *err)
{
	struct gh_dev_info *dev = calloc(1, sizeof *dev);
	const struct gh_ears ears = { all_fds, hear_all, f };
	enum gh_status st;

	if (!dev)
		return gh_fail(err, GH_NOMEM, "no memory for a controller");
	st = flow_open_link(f, err);
	if (st == GH_OK) {
		f->info.simulated = f->link->is_pty;
		flow_remember_port(f);
		st = gh_asking_identify(f->driver, f->link, f->req.clock, &ears,
					GH_US_NEVER, dev, err);
	}
	if (st == GH_OK)
		keep_identity(f, dev);
	if (st == GH_OK)
		forbid_unattended(f, dev);
	free(dev);
	return st;
}

/* ---- The run ---- */

static void run(struct gh_flow *f)
{
	struct gh_plan_past past[GH_GROUP_COUNT];
	const struct gh_run_config config = {
		.rig = f->rig,
		.driver = f->driver,
		.link = f->link,
		.clock = f->req.clock,
		.begun = f->begun,
		.begun_s = f->info.started_s,
		.budget_us = (gh_us)(f->info.deadline_s * GH_US_PER_S),
		.allow_motion = f->req.allow_motion,
		.near = f->req.near,
		.house_open = f->req.house_open,
		.guided = f->req.guided,
		.past = flow_past(f, past) ? past : NULL,
		.clear_latch = f->req.clear_latch,
		.boot = f->req.boot,
		.only = f->only,
		.single = f->req.single ? &f->single : NULL,
		.sink = f->req.sink,
		.ears = { all_fds, hear_all, f },
		.watchman = flow_watchman(f),
		.tap = f->req.tap,
	};
	struct gh_err deaf = { 0 };

	/* A replay owns no sculpture that could be stopped. */
	if (!f->req.replay && gh_control_start(&f->control, f->info.port,
					       f->info.serial, &deaf) != GH_OK)
		flow_tell(f, GH_EV_NOTE, deaf.msg);
	gh_run(&config, &f->ran);
	flow_look_again(f);
	gh_control_finish(&f->control, f->ran.safe_seen, f->ran.safe_text);
}

/* ---- How it ended ---- */

static const enum gh_run_end end_of[] = {
	[GH_RUN_HOW_COMPLETE] = GH_RUN_COMPLETE,
	[GH_RUN_HOW_DEADLINE] = GH_RUN_COMPLETE,
	[GH_RUN_HOW_STOPPED] = GH_RUN_STOPPED,
	[GH_RUN_HOW_FAILED] = GH_RUN_FAILED,
};

/* A stop whose safe state was not seen has failed. */
static void unsafe_end(struct gh_flow *f)
{
	struct gh_err was = f->trouble;

	f->end.unsafe = true;
	f->info.end = GH_RUN_FAILED;
	(void)!gh_fail(&f->trouble, GH_UNSAFE,
		       "the safe state was not seen: switch the sculpture off "
		       "at its own switch (%s%s%.60s)",
		       f->ran.safe_text,
		       was.code == GH_OK ? "" : "; before that: ", was.msg);
}

static void note_end(struct gh_flow *f)
{
	struct gh_run_info *info = &f->info;

	info->end = end_of[f->ran.how];
	f->end.interrupted = f->ran.how != GH_RUN_HOW_COMPLETE;
	gh_archive_end_of(&f->ran, &f->end);
	if (f->end.interrupted)
		f->trouble = f->ran.err;
	info->duration_s = f->ran.duration_s;
	info->motion_s = f->ran.motion_s;
	info->exercises = f->ran.plan ? f->ran.plan->exercises : 0;
	if (flow_is_guarded(f))
		(void)!gh_fail(&f->trouble, GH_GONE, "%.60s: gone (%.70s): %s",
			       info->port, f->ran.safe_text,
			       info->motion_s > 0.0
				       ? "look at the arms; its watchdog, "
					 "proved in this run, stops them"
				       : "nothing had moved");
	else if (!f->ran.safe_seen)
		unsafe_end(f);
}

/* What came to an end before a controller answered. */
static void note_unreached(struct gh_flow *f, const struct gh_err *err)
{
	f->trouble = *err;
	f->end.interrupted = true;
	f->info.end =
		err->code == GH_CANCELLED ? GH_RUN_STOPPED : GH_RUN_FAILED;
	f->info.duration_s =
		(double)(gh_now(f->req.clock) - f->begun) / GH_US_PER_S;
}

static void note_trouble(struct gh_flow *f)
{
	if (f->trouble.code == GH_OK)
		return;
	gh_copy_text(f->info.error, sizeof f->info.error, f->trouble.msg);
	gh_copy_text(f->info.advice, sizeof f->info.advice,
		     gh_status_advice(f->trouble.code));
}

static void conclude(struct gh_flow *f)
{
	struct gh_err err = { 0 };
	enum gh_status st = flow_measure(f, f->ran.rec, &err);

	flow_note_loss(f, st, &err);
	flow_make_key(f);
	/* A name that is not there was refused before anything was opened. */
	st = flow_find_baseline(f, f->req.baseline, &err);
	if (st == GH_NOMEM)
		flow_note_loss(f, st, &err);
	/* What cannot be read is not accepted: it stays a fail. */
	st = flow_find_accepts(f, 0, &err);
	if (st == GH_NOMEM)
		flow_note_loss(f, st, &err);
	note_trouble(f);
	flow_judge(f);
	if (f->reached)
		flow_store(f);
	flow_tell(f, GH_EV_RUN_END, gh_verdict_name(f->result->verdict));
}

/* ---- The order of things ---- */

static enum gh_status open_store(struct gh_flow *f, struct gh_err *err)
{
	enum gh_status st;

	if (f->req.single) {
		flow_single_store(f);
		return GH_OK;
	}
	st = flow_open_store(f, err);
	if (st != GH_OK || !f->req.baseline)
		return st;
	st = flow_find_baseline(f, f->req.baseline, err);
	if (st == GH_NODATA)
		return gh_fail(err, GH_ARG,
			       "no baseline is called \"%.60s\": see "
			       "`ghostlight baseline list`",
			       f->req.baseline);
	return st;
}

/* A replay that takes another way is no run: that is known only afterwards. */
static enum gh_status begin_and_run(struct gh_flow *f, struct gh_err *err)
{
	enum gh_status st = GH_OK;

	if (!f->req.replay && !f->req.single)
		st = flow_begin(f, err);
	if (st != GH_OK)
		return st;
	run(f);
	if (!f->req.replay)
		return GH_OK;
	st = flow_replayed(f, err);
	if (st != GH_OK || f->req.single)
		return st;
	return flow_begin(f, err);
}

static enum gh_status check(struct gh_flow *f, struct gh_err *err)
{
	struct gh_err unreached = { 0 };
	enum gh_status st = flow_prepare(f, err);

	if (st == GH_OK)
		st = choose_driver(f, err);
	/* A port that is not there is a verdict; one not named is a mistake. */
	if (st == GH_OK && flow_choose_port(f, &unreached) == GH_ARG) {
		*err = unreached;
		st = GH_ARG;
	}
	if (st == GH_OK)
		st = open_store(f, err);
	if (st == GH_OK)
		st = flow_record(f, err);
	if (st != GH_OK)
		return st;
	flow_list_parts(f);
	if (unreached.code != GH_OK || reach(f, &unreached) != GH_OK) {
		note_unreached(f, &unreached);
		st = flow_replayed(f, err);
	} else {
		st = begin_and_run(f, err);
		f->reached = st == GH_OK;
		if (st == GH_OK)
			note_end(f);
	}
	if (st != GH_OK)
		return st;
	if (f->req.single)
		st = flow_single_conclude(f, err);
	else
		conclude(f);
	flow_record_end(f);
	return st;
}

enum gh_status gh_flow_check(const struct gh_flow_request *req,
			     struct gh_flow **out, struct gh_err *err)
{
	struct gh_flow *f = create(req);
	enum gh_status st;

	if (!f)
		return gh_fail(err, GH_NOMEM, "no memory for a check");
	st = check(f, err);
	if (st != GH_OK) {
		gh_flow_destroy(f);
		return st;
	}
	*out = f;
	return GH_OK;
}

const struct gh_run_view *gh_flow_view(const struct gh_flow *f)
{
	return &f->view;
}

const struct gh_err *gh_flow_trouble(const struct gh_flow *f)
{
	return &f->trouble;
}

const struct gh_err *gh_flow_unstored(const struct gh_flow *f,
				      const char **file)
{
	*file = f->fallback;
	return f->unstored.code == GH_OK ? NULL : &f->unstored;
}

const struct gh_err *gh_flow_unrecorded(const struct gh_flow *f)
{
	return f->unrecorded.code == GH_OK ? NULL : &f->unrecorded;
}

const char *gh_flow_safe_text(const struct gh_flow *f)
{
	return f->ran.safe_text;
}
