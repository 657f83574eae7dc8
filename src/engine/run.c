/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run - the order of things. Every way out of here goes through leave_safe():
 * the controller's safe state, read back.
 */
#include "engine/run.h"

#include "engine/run_state.h" /* struct run */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PUMP_SAMPLES 512
#define PROGRESS_US 100000 /* ten a second: interface.md section 4.3 */
#define POLL_FDS 16
/* A wake costs more than what is done in it; pump() wants one in 10 ms. */
#define PATIENT_TICK_US 8000

void run_tell(struct run *r, enum gh_event_kind kind, const char *text)
{
	const struct gh_plan *plan = r->plan;
	const gh_us now = gh_now(r->cfg->clock);
	const unsigned next = r->phase + (kind == GH_EV_PHASE);
	struct gh_event ev = { .kind = kind, .text = text };
	gh_us at = 0;

	if (!r->cfg->sink.event)
		return;
	ev.elapsed_s = (double)(now - r->cfg->begun) / GH_US_PER_S;
	ev.left_s = (double)(r->verdict_at - now) / GH_US_PER_S;
	if (ev.left_s < 0.0)
		ev.left_s = 0.0;
	ev.moving = r->program_on;
	if (plan && plan->total > 0 && r->time_line_on)
		at = r->dev ? r->cfg->driver->device_now(r->dev) - r->shift : 0;
	if (plan && plan->total > 0)
		ev.share = at >= plan->total ? 1.0
			   : at <= 0	     ? 0.0
					     : (double)at / (double)plan->total;
	ev.phase = r->phase;
	ev.phases = plan ? plan->n_phases : 0;
	ev.next = plan && next < plan->n_phases ? plan->phase[next].title : "";
	ev.time_scale = r->info ? r->info->time_scale : 0;
	r->cfg->sink.event(r->cfg->sink.self, &ev);
}

/* Tells the phase when it changes, and the progress ten times a second. */
static void tell_progress(struct run *r, gh_us device_now)
{
	const gh_us now = gh_now(r->cfg->clock);
	const gh_us at = device_now - r->shift;

	while (r->time_line_on && r->phase < r->plan->n_phases &&
	       at >= r->plan->phase[r->phase].begin) {
		run_tell(r, GH_EV_PHASE, r->plan->phase[r->phase].title);
		r->phase++;
	}
	if (now >= r->progress_at) {
		r->progress_at = now + PROGRESS_US;
		run_tell(r, GH_EV_PROGRESS,
			 r->phase ? r->plan->phase[r->phase - 1].title : "");
	}
}

/* Records a batch; a sample outside the envelope is recorded all the same. */
static enum gh_status keep_batch(struct run *r, const struct gh_sample *batch,
				 size_t n)
{
	enum gh_status st = GH_OK;

	for (size_t i = 0; i < n; i++) {
		const int c = r->channel_map[batch[i].channel];

		if (r->cfg->tap.sample)
			r->cfg->tap.sample(r->cfg->tap.self, &batch[i]);
		if (c < 0)
			continue;
		gh_recording_add(r->rec, (unsigned)c, batch[i].at,
				 batch[i].raw);
		if (st == GH_OK)
			st = run_envelope(r, (unsigned)c, batch[i].at,
					  batch[i].raw);
		if (st == GH_OK)
			st = run_alarm_sample(r, (unsigned)c, batch[i].at,
					      batch[i].raw);
	}
	return st;
}

static enum gh_status take_samples(struct run *r)
{
	struct gh_sample batch[PUMP_SAMPLES];
	enum gh_status st;
	size_t got;

	do {
		got = 0;
		st = r->cfg->driver->pump(r->dev, batch, GH_ARRAY_SIZE(batch),
					  &got, &r->err);
		if (st == GH_OK)
			st = keep_batch(r, batch, got);
	} while (st == GH_OK && got == GH_ARRAY_SIZE(batch));
	return st;
}

static enum gh_status take_events(struct run *r)
{
	struct gh_dev_event ev;
	enum gh_status st = GH_OK;

	while (st == GH_OK && r->cfg->driver->event(r->dev, &ev))
		st = run_dev_event(r, &ev);
	if (st == GH_UNSAFE)
		r->over_at = ev.at;
	return st;
}

/*
 * For an ear at once; for the link only while it matters when it is read.
 * False: no ear has anything to say.
 */
static bool wait_for_anything(struct run *r)
{
	const struct gh_driver *drv = r->cfg->driver;
	/* Where time runs faster a tick is long. */
	const bool patient = r->info->time_scale == 1 && drv->patient &&
			     drv->patient(r->dev);
	const gh_us tick = patient ? PATIENT_TICK_US : RUN_TICK_US;
	struct pollfd fds[POLL_FDS];
	size_t n = patient ? 0 : gh_link_fds(r->cfg->link, fds, POLL_FDS);

	if (r->cfg->ears.fds)
		n += r->cfg->ears.fds(r->cfg->ears.self, fds + n, POLL_FDS - n);
	/* Interrupted by a signal (-1) counts: its descriptor is ready now. */
	return run_wait(r, fds, n, gh_now(r->cfg->clock) + tick) != 0 ||
	       !r->cfg->ears.fds;
}

enum gh_status run_turn(struct run *r)
{
	enum gh_status st;
	gh_us device_now;

	st = run_hear(r, wait_for_anything(r));
	if (st == GH_OK)
		st = take_samples(r);
	/* What the controller says of a stop is truer than what it looks like:
	 * an arm that it stopped is soon far from where it should be. */
	if (st == GH_OK || st == GH_UNSAFE) {
		const enum gh_status told = take_events(r);

		st = told == GH_OK ? st : told;
	}
	if (st == GH_OK)
		st = run_unseen(r);
	if (st == GH_OK)
		st = run_alarm_link(r);
	if (st != GH_OK)
		return st;
	device_now = r->cfg->driver->device_now(r->dev);
	st = run_lights(r, device_now);
	if (st != GH_OK)
		return st;
	tell_progress(r, device_now);
	r->overdue = gh_now(r->cfg->clock) >= r->deadline;
	if (r->overdue)
		return gh_fail(&r->err, GH_TIMEOUT,
			       "the time was up before the plan was done");
	return GH_OK;
}

void run_time_line(struct run *r, gh_us begin)
{
	r->shift = r->cfg->driver->device_now(r->dev) - begin;
	r->time_line_on = true;
	r->lights_until = r->plan->total;
}

/* Lights alone, or what is left of them after the last move. */
static enum gh_status finish_time_line(struct run *r, gh_us until)
{
	enum gh_status st = GH_OK;

	while (st == GH_OK &&
	       r->cfg->driver->device_now(r->dev) - r->shift < until)
		st = run_turn(r);
	return st;
}

static void wake_watchman(struct run *r)
{
	const struct gh_watchman *w = &r->cfg->watchman;
	uint8_t stop[GH_STOP_BYTES];
	struct pollfd fds[1] = { { .fd = -1 } };
	size_t n = 0;

	if (!w->begin)
		return;
	if (gh_link_fds(r->cfg->link, fds, 1) == 1 &&
	    r->cfg->driver->stop_bytes)
		n = r->cfg->driver->stop_bytes(stop, sizeof stop);
	w->begin(w->self, fds[0].fd, stop, n);
	r->watched = true;
}

static enum gh_status exercise(struct run *r, double *proved_ms)
{
	struct gh_plan *plan = r->plan;
	const gh_us end = plan->ends_begin > 0 ? plan->ends_begin : plan->total;
	enum gh_status st;

	if (plan->joints == 0) {
		run_time_line(r, 0);
		return finish_time_line(r, plan->total);
	}
	wake_watchman(r);
	st = run_arm(r, proved_ms);
	if (r->cfg->single && r->cfg->single->kind == GH_SINGLE_JOG)
		return st == GH_OK ? run_jog(r) : st;
	if (st == GH_OK)
		st = run_program(r, 0, plan->identity_end);
	if (st == GH_OK)
		st = run_identity(r);
	/* A wiggle alone, or a single one that did not answer. */
	if (plan->total == plan->identity_end ||
	    (r->cfg->single && r->joints == 0))
		return st;
	if (st == GH_OK)
		st = run_home(r);
	if (st == GH_OK)
		st = run_program(r, plan->identity_end, end);
	if (st == GH_OK)
		st = finish_time_line(r, end);
	if (st == GH_OK && plan->ends_begin > 0)
		st = run_ends(r);
	if (st == GH_OK)
		st = finish_time_line(r, plan->total);
	return st;
}

static enum gh_status measure(struct run *r, double *proved_ms)
{
	enum gh_status st = run_map(r);

	if (st == GH_OK)
		st = run_make_plan(r);
	if (st == GH_OK)
		st = run_start_streams(r);
	if (st != GH_OK)
		return st;
	run_tell(r, GH_EV_RUN_BEGIN,
		 r->plan->joints ? "arms will move: keep clear"
				 : "nothing will move");
	run_limit_currents(r);
	return exercise(r, proved_ms);
}

/*
 * A controller that did not hear us has stopped its arms by itself: where they
 * stood then was no joint's fault. Usually its event says so first.
 */
static void forgive(struct run *r, const char *cause)
{
	struct gh_rec_facts *f = gh_recording_facts(r->rec);
	const bool tripped = cause && strcmp(cause, "WATCHDOG") == 0;

	if (strcmp(f->stopped_by, "following") != 0 ||
	    (r->out->safe_seen && !tripped))
		return;
	f->stopped_part[0] = f->stopped_by[0] = '\0';
	if (tripped)
		(void)!gh_fail(&r->err, GH_UNSAFE,
			       "the controller stopped by itself: WATCHDOG; "
			       "its word of it was lost");
}

/* Since the moment from which nobody wanted it to move any more. */
static double since_ms(const struct run *r, gh_us then)
{
	return (double)(gh_now(r->cfg->clock) - then) / GH_US_PER_MS;
}

/*
 * At once, before anything is read back. A danger seen while the arms stand
 * stops them too, so that it is latched.
 */
static void stop_now(struct run *r, enum gh_status st, gh_us then)
{
	struct gh_err err = { 0 };

	if (st == GH_OK || !(r->program_on || (r->on_guard && st == GH_UNSAFE)))
		return;
	if (r->cfg->driver->stop(r->dev, &err) == GH_OK)
		r->out->stop_ms = since_ms(r, then);
	run_tell(r, GH_EV_PROGRESS, "stopping");
}

static uint32_t droppable(const struct run *r)
{
	uint32_t mask = 0;

	for (unsigned j = 0; j < r->cfg->rig->n_joints; j++)
		if (r->cfg->rig->joints[j].may_drop && r->actuator[j] >= 0)
			mask |= 1u << r->actuator[j];
	return mask;
}

/* Who was away learns late that the arms have not done as planned for long. */
static gh_us planned_until(const struct run *r)
{
	const gh_us now = r->cfg->driver->device_now(r->dev);

	return r->over_at > 0 && r->over_at < now ? r->over_at : now;
}

/* The safe state, read back, whatever happened before. */
static void leave_safe(struct run *r, enum gh_status st)
{
	struct gh_run_outcome *out = r->out;
	struct gh_dev_status seen;
	struct gh_err err = { 0 };
	/* A stop was sent from inside a driver's wait when it was heard. */
	const gh_us then = r->stopped ? r->heard_at : gh_now(r->cfg->clock);

	memset(&seen, 0, sizeof seen);
	r->deaf = true;
	stop_now(r, st, then);
	r->on_guard = false;
	if (r->stop_sent_at > 0)
		out->stop_ms = (double)(r->stop_sent_at - then) / GH_US_PER_MS;
	if (r->rec)
		gh_recording_cut(r->rec, planned_until(r));
	out->safe_seen = r->cfg->driver->safe(r->dev, droppable(r), &seen,
					      &err) == GH_OK;
	if (out->safe_seen) {
		out->rest_ms = since_ms(r, then);
		snprintf(out->safe_text, sizeof out->safe_text,
			 "arms hold, lamps dark%s%s",
			 seen.cause && seen.cause[0] ? ", stop latched: " : "",
			 seen.cause ? seen.cause : "");
	} else {
		snprintf(out->safe_text, sizeof out->safe_text, "%.90s",
			 err.msg);
	}
	if (r->rec)
		forgive(r, seen.cause);
	r->program_on = false;
}

/*
 * A deadline before the plan began, or a controller that did not answer in
 * time, is a failure like another.
 */
static enum gh_run_how how_it_ended(const struct run *r, enum gh_status st)
{
	if (st == GH_TIMEOUT && !(r->overdue && r->time_line_on))
		return GH_RUN_HOW_FAILED;
	switch ((int)st) {
	case GH_OK:
		return GH_RUN_HOW_COMPLETE;
	case GH_CANCELLED:
		return GH_RUN_HOW_STOPPED;
	case GH_TIMEOUT:
		return GH_RUN_HOW_DEADLINE;
	default:
		return GH_RUN_HOW_FAILED;
	}
}

/* Opening may wait for a board that boots; it does not count as overdue. */
static enum gh_status open_device(struct run *r)
{
	const struct gh_run_config *cfg = r->cfg;
	const struct gh_wiring wiring = { cfg->rig->file, cfg->rig->wires,
					  cfg->rig->n_wires };
	enum gh_status st =
		cfg->driver->open(&r->dev, cfg->link, &r->clock, &wiring,
				  cfg->rig->links[0].baud, &r->err);

	if (st == GH_OK) {
		r->info = cfg->driver->info(r->dev);
		r->out->opened = true;
	}
	return st;
}

static void run_device(struct run *r)
{
	struct gh_run_outcome *out = r->out;
	double proved_ms = 0.0;
	enum gh_status st = open_device(r);

	if (st != GH_OK) {
		out->how = st == GH_CANCELLED ? GH_RUN_HOW_STOPPED
					      : GH_RUN_HOW_FAILED;
		out->safe_seen = true; /* nothing was ever sent to move it */
		snprintf(out->safe_text, sizeof out->safe_text,
			 "nothing was moved");
		return;
	}
	st = measure(r, &proved_ms);
	/* Heard inside a driver's call: that failed because of it. */
	if (r->stopped)
		st = gh_fail(&r->err, GH_CANCELLED, "stopped by the operator");
	leave_safe(r, st);
	if (r->watched)
		r->cfg->watchman.end(r->cfg->watchman.self);
	out->how = how_it_ended(r, st);
	if (r->rec)
		run_copy_facts(r, proved_ms);
	r->cfg->driver->close(r->dev);
	r->dev = NULL;
}

void gh_run(const struct gh_run_config *config, struct gh_run_outcome *out)
{
	struct run *r = calloc(1, sizeof *r);

	memset(out, 0, sizeof *out);
	out->stop_ms = out->rest_ms = (double)NAN;
	if (!r) {
		out->how = GH_RUN_HOW_FAILED;
		out->safe_seen = true; /* the controller was not even opened */
		snprintf(out->safe_text, sizeof out->safe_text,
			 "nothing was moved");
		(void)!gh_fail(&out->err, GH_NOMEM, "no memory for a run");
		return;
	}
	r->cfg = config;
	r->out = out;
	r->verdict_at = config->begun + config->budget_us;
	r->deadline = r->verdict_at;
	run_ears_open(r);
	run_device(r);
	out->rec = r->rec;
	out->plan = r->plan;
	out->err = r->err;
	out->joints = r->joints;
	out->motion_s = (double)r->moved_us / GH_US_PER_S;
	out->duration_s =
		(double)(gh_now(config->clock) - config->begun) / GH_US_PER_S;
	if (out->how != GH_RUN_HOW_COMPLETE)
		run_tell(r, GH_EV_ERROR, out->err.msg);
	free(r);
}

void gh_run_finish(struct gh_run_outcome *out)
{
	gh_recording_destroy(out->rec);
	free(out->plan);
	out->rec = NULL;
	out->plan = NULL;
}
