/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run_streams - which channels are streamed how fast, and the memory for what
 * they bring: all of it is there before anything moves.
 */
#include "engine/run_state.h" /* struct run */

#include <math.h>
#include <stdlib.h>

/* measurement.md section 2: volts and temperatures of servos at 1-2 Hz. */
#define SLOW_HZ 2.0
/*
 * The core's photodiode where the core breathes: dropouts of 1 ms need 2 kHz,
 * half of that still shows their shadow (measurement.md section 2).
 */
static const double breath_hz[] = { 2000.0, 1000.0 };
/* Homing from wherever the arms hung, and pauses between programs: guess. */
#define SPARE_S 30.0

enum stream {
	STREAM_JOINTS,
	STREAM_LIGHT,
	STREAM_SLOW,
	STREAM_BREATH,
	STREAM_COUNT
};

static enum stream stream_of(const struct gh_rig *rig, int part,
			     enum gh_quantity what)
{
	if (rig->parts[part].kind == GH_PART_REMOTE)
		return STREAM_SLOW;
	if (rig->parts[part].kind != GH_PART_JOINT)
		return what == GH_Q_TEMPERATURE ? STREAM_SLOW : STREAM_LIGHT;
	return what == GH_Q_TEMPERATURE || what == GH_Q_VOLTAGE ? STREAM_SLOW
								: STREAM_JOINTS;
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
	double breath_hz; /* 0: the core's light goes with the others */
};

/* Samples a second of all channels of the rig at the common rates. */
static double sample_rate(const struct run *r)
{
	double sum = 0.0;

	for (unsigned i = 0; i < r->info->n_channels; i++) {
		const struct gh_dev_channel *ch = &r->info->channels[i];
		const int part = gh_rig_find_part(r->cfg->rig, ch->part);

		if (part == GH_RIG_NONE)
			continue;
		sum += stream_of(r->cfg->rig, part, ch->what) == STREAM_SLOW
			       ? SLOW_HZ
			       : RUN_FAST_HZ;
	}
	return sum;
}

static bool is_breath(const struct run *r, int part, enum gh_quantity what)
{
	return r->cfg->rig->breath_period_s > 0.0 &&
	       r->cfg->rig->parts[part].kind == GH_PART_CORE &&
	       what == GH_Q_LIGHT;
}

/* The fastest that sensor, controller and wire can do beside the rest. */
static double choose_breath_hz(const struct run *r)
{
	const struct gh_dev_info *info = r->info;
	const double most =
		info->wire_sample_rate > 0.0
			? fmin(info->wire_sample_rate, info->max_sample_rate)
			: info->max_sample_rate;
	const double room = most - sample_rate(r);
	double fastest = 0.0;

	for (unsigned i = 0; i < info->n_channels; i++) {
		const struct gh_dev_channel *ch = &info->channels[i];
		const int part = gh_rig_find_part(r->cfg->rig, ch->part);

		if (part != GH_RIG_NONE && is_breath(r, part, ch->what))
			fastest = ch->max_rate_hz;
	}
	for (unsigned i = 0; i < GH_ARRAY_SIZE(breath_hz); i++)
		if (info->has_clock && info->streams > STREAM_BREATH &&
		    breath_hz[i] <= fastest && breath_hz[i] <= room)
			return breath_hz[i];
	return 0.0;
}

/* A channel left out would look like a sensor that was never there. */
static enum gh_status sort_channels(struct run *r, struct streams *s)
{
	s->breath_hz = choose_breath_hz(r);
	for (unsigned i = 0; i < r->info->n_channels; i++) {
		struct gh_rec_channel ch;
		enum stream k;

		if (!describe(r, i, RUN_FAST_HZ, &ch))
			continue;
		k = stream_of(r->cfg->rig, ch.part, ch.what);
		if (s->breath_hz > 0.0 && is_breath(r, ch.part, ch.what))
			k = STREAM_BREATH;
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
	double hz = k == STREAM_SLOW ? SLOW_HZ : RUN_FAST_HZ;

	if (k == STREAM_BREATH)
		hz = s->breath_hz;
	for (unsigned i = 0; i < s->n[k]; i++)
		hz = fmin(hz, r->info->channels[s->device[k][i]].max_rate_hz);
	return hz;
}

static enum gh_status start_stream(struct run *r, struct streams *s, unsigned k)
{
	/* A controller without a clock sends each channel when it has it. */
	const double hz =
		r->info->has_clock ? common_rate(r, s, k) : RUN_FAST_HZ;
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
	const double budget = (double)r->cfg->budget_us / GH_US_PER_S;
	const double planned = (double)r->plan->total / GH_US_PER_S;
	const double seconds = fmin(budget, planned + SPARE_S) + 10.0;
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
