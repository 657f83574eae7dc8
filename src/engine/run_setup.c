/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run_setup - from the rig's parts to the controller's channels: what is there,
 * what is missing, which streams to ask for, and the plan that fits.
 */
#include "engine/run_state.h" /* struct run */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * measurement.md section 2: joints and light at 100 Hz (50 works), volts and
 * temperatures of servos at 1-2 Hz.
 */
#define FAST_HZ 100.0
#define SLOW_HZ 2.0
/* Two starts and their tails, and an easing home from where the arms hung. */
#define PAUSES_US ((gh_us)(0.9 * GH_US_PER_S))

enum stream { STREAM_JOINTS, STREAM_LIGHT, STREAM_SLOW, STREAM_COUNT };

static enum stream stream_of(const struct gh_rig *rig, int part,
			     enum gh_quantity what)
{
	if (rig->parts[part].kind != GH_PART_JOINT)
		return what == GH_Q_TEMPERATURE ? STREAM_SLOW : STREAM_LIGHT;
	return what == GH_Q_TEMPERATURE || what == GH_Q_VOLTAGE ? STREAM_SLOW
								: STREAM_JOINTS;
}

static int find_actuator(const struct gh_dev_info *info, const char *part)
{
	for (unsigned i = 0; i < info->n_actuators; i++)
		if (strcmp(info->actuators[i].part, part) == 0)
			return (int)i;
	return -1;
}

static int find_lamp(const struct gh_dev_info *info, const char *part)
{
	for (unsigned i = 0; i < info->n_lamps; i++)
		if (strcmp(info->lamps[i].part, part) == 0)
			return (int)i;
	return -1;
}

/* Identity: the rig file's id and joints against what answers. */
static enum gh_status check_identity(struct run *r)
{
	const struct gh_rig *rig = r->cfg->rig;
	const char *want = rig->links[0].id;

	if (want[0] != '\0' && strcmp(want, r->info->id) != 0)
		return gh_fail(&r->err, GH_PROTO,
			       "controller on %s: expected id %s, found %s; is "
			       "this the sculpture of %s?",
			       r->cfg->link->port, want,
			       r->info->id[0] ? r->info->id : "none",
			       rig->file);
	for (unsigned j = 0; j < rig->n_joints; j++) {
		const char *name = rig->parts[rig->joints[j].part].name;

		r->actuator[j] = find_actuator(r->info, name);
		if (r->actuator[j] < 0)
			return gh_fail(
				&r->err, GH_PROTO,
				"controller %s on %s has no joint %s (it "
				"has %u joints); is %s its rig file?",
				r->info->model, r->cfg->link->port, name,
				r->info->n_actuators, rig->file);
	}
	return GH_OK;
}

enum gh_status run_map(struct run *r)
{
	const struct gh_rig *rig = r->cfg->rig;
	const int core = gh_rig_first_part(rig, GH_PART_CORE);

	for (unsigned i = 0; i < GH_DEV_CHANNELS; i++)
		r->channel_map[i] = -1;
	for (unsigned j = 0; j < GH_RIG_JOINTS; j++) {
		r->actuator[j] = -1;
		r->watch[j].position = -1;
		r->watch[j].current = -1;
	}
	if (core != GH_RIG_NONE)
		r->lamp = find_lamp(r->info, rig->parts[core].name);
	return check_identity(r);
}

static bool core_is_seen(const struct run *r)
{
	const int core = gh_rig_first_part(r->cfg->rig, GH_PART_CORE);

	for (unsigned i = 0; r->lamp >= 0 && i < r->info->n_channels; i++)
		if (strcmp(r->info->channels[i].part,
			   r->cfg->rig->parts[core].name) == 0)
			return true;
	return false;
}

/* Which joints the operator's scope includes. */
static uint32_t scope(const struct run *r)
{
	const struct gh_rig *rig = r->cfg->rig;
	uint32_t all = 0;

	if (r->cfg->only >= 0) {
		const int j = rig->parts[r->cfg->only].joint;

		return j >= 0 ? 1u << j : 0;
	}
	for (unsigned j = 0; j < rig->n_joints; j++)
		all |= 1u << j;
	return all;
}

static bool scope_has_core(const struct run *r)
{
	return r->cfg->only < 0 ||
	       r->cfg->rig->parts[r->cfg->only].kind == GH_PART_CORE;
}

enum gh_status run_make_plan(struct run *r)
{
	const gh_us reserve =
		(gh_us)((GH_SETUP_RESERVE_S + GH_END_RESERVE_S) * GH_US_PER_S);
	const gh_us scale = (gh_us)r->info->time_scale;
	const gh_us end_us = (gh_us)(GH_END_RESERVE_S * GH_US_PER_S);
	const struct gh_plan_request req = {
		.rig = r->cfg->rig,
		.joints = scope(r),
		.move = r->cfg->allow_motion,
		.has_core = core_is_seen(r) && scope_has_core(r),
		.position_hz = FAST_HZ,
		/* No watchdog: half the ceiling (protocols.md section 2). */
		.speed_share = r->info->watchdog_ms > 0 ? 1.0 : 0.5,
		.motion_us = r->cfg->budget_us - reserve - PAUSES_US,
	};
	enum gh_status st;

	/* A simulated world may run faster; set-up and end do not. */
	r->verdict_at =
		r->cfg->begun + reserve + (req.motion_us + PAUSES_US) / scale;
	r->deadline = r->verdict_at - end_us;
	r->plan = calloc(1, sizeof *r->plan);
	if (!r->plan)
		return gh_fail(&r->err, GH_NOMEM, "no memory for a plan");
	st = gh_plan_make(r->plan, &req, &r->err);
	r->joints = r->plan->joints;
	return st;
}

/* The recording's channel for a device channel, in rec[]; false: no part. */
static bool describe(const struct run *r, unsigned i, double hz,
		     struct gh_rec_channel *out)
{
	const struct gh_dev_channel *ch = &r->info->channels[i];
	const int part = gh_rig_find_part(r->cfg->rig, ch->part);

	if (part == GH_RIG_NONE)
		return false;
	*out = (struct gh_rec_channel){
		.part = part,
		.what = ch->what,
		.measured = ch->measured,
		.scale = (double)ch->num / ch->den,
		.rate_hz = fmin(hz, ch->max_rate_hz),
		.lo = ch->lo,
		.hi = ch->hi,
	};
	return true;
}

static void note_joint_channel(struct run *r, const struct gh_rec_channel *ch,
			       int index)
{
	const int joint = r->cfg->rig->parts[ch->part].joint;

	if (joint < 0 || !ch->measured)
		return;
	if (ch->what == GH_Q_POSITION)
		r->watch[joint].position = index;
	if (ch->what == GH_Q_CURRENT)
		r->watch[joint].current = index;
}

struct streams {
	uint16_t device[STREAM_COUNT][GH_STREAM_CHANNELS];
	int rec[STREAM_COUNT][GH_STREAM_CHANNELS];
	unsigned n[STREAM_COUNT];
	struct gh_rec_channel channel[GH_REC_CHANNELS];
	unsigned n_channels;
};

/* A channel left out would look like a sensor that was never there. */
static enum gh_status sort_channels(struct run *r, struct streams *s)
{
	for (unsigned i = 0; i < r->info->n_channels; i++) {
		struct gh_rec_channel ch;
		enum stream k;

		if (!describe(r, i, FAST_HZ, &ch))
			continue;
		k = stream_of(r->cfg->rig, ch.part, ch.what);
		if (s->n_channels == GH_REC_CHANNELS ||
		    s->n[k] == GH_STREAM_CHANNELS)
			return gh_fail(
				&r->err, GH_UNSUP,
				"controller %s on %s has more channels than "
				"can be recorded: no room for %s (at most %d, "
				"%d of one kind)",
				r->info->model, r->cfg->link->port,
				r->info->channels[i].part, GH_REC_CHANNELS,
				GH_STREAM_CHANNELS);
		s->device[k][s->n[k]] = (uint16_t)i;
		s->rec[k][s->n[k]++] = (int)s->n_channels;
		note_joint_channel(r, &ch, (int)s->n_channels);
		r->channel_map[i] = (int)s->n_channels;
		s->channel[s->n_channels++] = ch;
	}
	return GH_OK;
}

/* The rate every channel of a stream can keep. */
static double common_rate(const struct run *r, const struct streams *s,
			  unsigned k)
{
	double hz = k == STREAM_SLOW ? SLOW_HZ : FAST_HZ;

	for (unsigned i = 0; i < s->n[k]; i++)
		hz = fmin(hz, r->info->channels[s->device[k][i]].max_rate_hz);
	return hz;
}

static enum gh_status start_stream(struct run *r, struct streams *s, unsigned k)
{
	/* A controller without a clock sends each channel when it has it. */
	const double hz = r->info->has_clock ? common_rate(r, s, k) : FAST_HZ;
	double actual = 0.0;
	enum gh_status st;

	if (s->n[k] == 0)
		return GH_OK;
	st = r->cfg->driver->stream(r->dev, k, s->device[k], s->n[k], hz,
				    &actual, &r->err);
	for (unsigned i = 0; st == GH_OK && r->info->has_clock && i < s->n[k];
	     i++) {
		struct gh_rec_channel *ch = &s->channel[s->rec[k][i]];

		ch->rate_hz = actual;
		ch->step_us = (gh_us)llround(GH_US_PER_S / actual);
	}
	return st;
}

enum gh_status run_start_streams(struct run *r)
{
	struct streams *s = calloc(1, sizeof *s);
	/* The longest the run can take, and a little for a late end. */
	const double seconds = (double)r->cfg->budget_us / GH_US_PER_S + 10.0;
	enum gh_status st;

	if (!s)
		return gh_fail(&r->err, GH_NOMEM, "no memory for the streams");
	st = sort_channels(r, s);
	for (unsigned k = 0; st == GH_OK && k < STREAM_COUNT; k++)
		st = start_stream(r, s, k);
	if (st == GH_OK) {
		r->rec = gh_recording_create(r->cfg->rig, s->channel,
					     s->n_channels, seconds);
		if (!r->rec)
			st = gh_fail(&r->err, GH_NOMEM,
				     "no memory for a recording of %.0f s",
				     seconds);
	}
	free(s);
	return st;
}

static void copy_identity(struct gh_rec_facts *f, const struct run *r,
			  double proved_ms)
{
	const struct gh_dev_info *info = r->info;

	gh_copy_text(f->driver, sizeof f->driver, r->cfg->driver->name);
	gh_copy_text(f->model, sizeof f->model, info->model);
	gh_copy_text(f->firmware, sizeof f->firmware, info->firmware);
	gh_copy_text(f->id, sizeof f->id, info->id);
	gh_copy_text(f->boot, sizeof f->boot, info->boot);
	gh_copy_text(f->dictionary, sizeof f->dictionary, info->dictionary);
	gh_copy_text(f->reset_cause, sizeof f->reset_cause,
		     info->reset_cause ? info->reset_cause : "unknown");
	f->simulated = info->simulated || r->cfg->link->is_pty;
	f->time_scale = info->time_scale;
	f->watchdog_ms = info->watchdog_ms;
	f->watchdog_proved_ms = proved_ms;
}

void run_copy_facts(struct run *r, double proved_ms)
{
	struct gh_rec_facts *f = gh_recording_facts(r->rec);
	struct gh_dev_stats s;

	memset(&s, 0, sizeof s);
	r->cfg->driver->stats(r->dev, &s);
	copy_identity(f, r, proved_ms);
	f->frames_good = s.frames_good;
	f->frames_bad = s.frames_bad;
	f->samples = s.samples;
	f->samples_lost = s.samples_lost;
	f->device_bad = s.device_bad;
	f->device_overruns = s.device_overruns;
	f->device_dropped = s.device_dropped;
	f->longest_gap_ms = (double)s.longest_gap_us / GH_US_PER_MS;
	f->longest_loop_us = (double)s.longest_loop_us;
	f->rtt_p99_ms = s.rtt_p99_ms;
	f->resets = s.resets;
	f->counts_loss = s.counts_loss;
}
