/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run_safety - the host's envelope of the joints, beside the limits the
 * controller keeps by itself: over-current, following error, a joint that moves
 * untold or unseen. Anything outside ends the run at once; nothing resumes by
 * itself (reliability.md section 3).
 */
#include "engine/run_state.h" /* struct run */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Two samples in a row: one may be a damaged reading. */
#define OVER_CURRENT_SAMPLES 2
/* A following error must last: a step's own lag is over in 0.3 s (wall of the
 * plant's servo, measurement.md section 1.4), a stalled joint's is not. */
#define ASTRAY_US 300000
/* A joint whose angle is not seen for this long while it moves: guess, ten
 * times the 20 ms of a frame and then some for a lossy servo bus. */
#define BLIND_US 500000
/* No sample of its angle at all, wall time: six frames of the slowest kind. */
#define UNSEEN_US 300000
#define UNSEEN_SAMPLES 5

/* A reading this near to what the sensor can show at all may be more. */
#define SENSOR_SHARE 0.98

/* The most that this channel can show in the direction it shows least, A. */
static double sensor_most_a(const struct gh_rec_channel *ch)
{
	const int raw = ch->lo < 0 && -ch->lo < ch->hi ? -ch->lo : ch->hi;

	return fabs(raw * ch->scale);
}

static void limit_current(struct run *r, unsigned joint)
{
	const struct gh_rig_joint *j = &r->cfg->rig->joints[joint];
	const double own_a = r->info->actuators[r->actuator[joint]].current_a;
	struct run_watch *w = &r->watch[joint];
	double shown_a;
	char text[128];

	w->limit_a =
		own_a > 0.0 ? fmin(j->current_max_a, own_a) : j->current_max_a;
	if (w->current < 0)
		return;
	shown_a = SENSOR_SHARE * sensor_most_a(gh_recording_channel(
					 r->rec, (unsigned)w->current));
	if (shown_a >= w->limit_a)
		return;
	snprintf(text, sizeof text,
		 "%s is stopped at %.2f A, not at %.2f A: its current sensor "
		 "shows no more",
		 r->cfg->rig->parts[j->part].name, shown_a, w->limit_a);
	run_tell(r, GH_EV_NOTE, text);
	w->limit_a = shown_a;
}

void run_limit_currents(struct run *r)
{
	for (unsigned j = 0; j < r->cfg->rig->n_joints; j++)
		if (r->actuator[j] >= 0)
			limit_current(r, j);
}

/* The span of this joint that holds at controller time t, or NULL. */
static const struct gh_span *span_at(struct run *r, unsigned joint, gh_us at)
{
	const int part = r->cfg->rig->joints[joint].part;
	struct run_watch *w = &r->watch[joint];
	const gh_us t = at - r->shift;

	if (w->span >= r->plan->n || r->plan->span[w->span].part != part ||
	    r->plan->span[w->span].begin > t)
		w->span = 0;
	for (; w->span < r->plan->n; w->span++) {
		const struct gh_span *s = &r->plan->span[w->span];

		if (s->part == part && t < s->end)
			return t >= s->begin ? s : NULL;
	}
	return NULL;
}

void run_note_stop(struct run *r, const char *part, const char *by)
{
	struct gh_rec_facts *f = gh_recording_facts(r->rec);

	gh_copy_text(f->stopped_part, sizeof f->stopped_part, part);
	gh_copy_text(f->stopped_by, sizeof f->stopped_by, by);
}

/* Where this joint is told to be now; NAN: it is told nothing. */
static double command_rad(struct run *r, unsigned joint, gh_us at)
{
	const struct run_move *m = &r->move[joint];
	const struct gh_span *span;

	if (at < r->started_at || !(r->moves >> joint & 1))
		return (double)NAN;
	/* Stopped by its guard it stands where it pushed, as it should. */
	if (r->moves != RUN_BY_PLAN)
		return r->watch[joint].guard_at > m->start
			       ? (double)NAN
			       : gh_segment_at(&m->seg, m->from_rad,
					       at - m->start);
	span = span_at(r, joint, at);
	return span ? r->cursor[joint].offset_rad +
			       gh_span_command(span, at - r->shift)
		    : (double)NAN;
}

/* And where it should be: what is told nothing stays where it stands. */
static double place_rad(struct run *r, unsigned joint, double command,
			double angle_rad)
{
	struct run_watch *w = &r->watch[joint];

	if (!isnan(command)) {
		w->still_rad = (double)NAN;
		return command;
	}
	if (isnan(w->still_rad))
		w->still_rad = angle_rad;
	return w->still_rad;
}

static enum gh_status check_following(struct run *r, unsigned joint, gh_us at,
				      double angle_rad)
{
	const struct gh_rig_joint *j = &r->cfg->rig->joints[joint];
	const double command = command_rad(r, joint, at);
	const double astray =
		angle_rad - place_rad(r, joint, command, angle_rad);
	struct run_watch *w = &r->watch[joint];

	if (!(fabs(astray) >= j->track_abort_rad)) {
		w->astray_since = 0;
		return GH_OK;
	}
	if (w->astray_since == 0)
		w->astray_since = at;
	if (at - w->astray_since < ASTRAY_US)
		return GH_OK;
	run_note_stop(r, r->cfg->rig->parts[j->part].name, "following");
	return gh_fail(&r->err, GH_UNSAFE,
		       "%s is %.1f deg from where it should be (limit %.1f): "
		       "stopped; %s",
		       r->cfg->rig->parts[j->part].name,
		       astray * 180.0 / 3.14159265358979,
		       j->track_abort_rad * 180.0 / 3.14159265358979,
		       isnan(command) ? "nothing told it to move"
				      : "is something in its way?");
}

/*
 * In identity a silent joint is a finding, not a danger: it is asked for
 * 1.5 deg and then left alone. One that is not moved may be silent too.
 */
static bool is_swept(const struct run *r, unsigned joint)
{
	return r->program_on && (r->joints >> joint & 1) &&
	       (r->moves != RUN_BY_PLAN ||
		r->program_end > r->plan->identity_end);
}

static enum gh_status check_position(struct run *r, unsigned joint, gh_us at,
				     int16_t raw, double scale)
{
	const int part = r->cfg->rig->joints[joint].part;
	struct run_watch *w = &r->watch[joint];

	if (raw != GH_REC_INVALID) {
		w->blind_since = 0;
		return check_following(r, joint, at, raw * scale);
	}
	if (w->blind_since == 0)
		w->blind_since = at;
	if (at - w->blind_since < BLIND_US || !is_swept(r, joint))
		return GH_OK;
	run_note_stop(r, r->cfg->rig->parts[part].name, "angle");
	return gh_fail(&r->err, GH_UNSAFE,
		       "%s gives no angle for %.1f s while it moves: stopped; "
		       "check its plug and its power",
		       r->cfg->rig->parts[part].name,
		       (double)BLIND_US / GH_US_PER_S);
}

static enum gh_status check_current(struct run *r, unsigned joint, int16_t raw,
				    double scale)
{
	const struct gh_rig_joint *j = &r->cfg->rig->joints[joint];
	struct run_watch *w = &r->watch[joint];
	const double amps = fabs(raw * scale);

	if (raw == GH_REC_INVALID || amps <= w->limit_a) {
		w->over_current = 0;
		return GH_OK;
	}
	if (++w->over_current < OVER_CURRENT_SAMPLES)
		return GH_OK;
	run_note_stop(r, r->cfg->rig->parts[j->part].name, "current");
	return gh_fail(&r->err, GH_UNSAFE,
		       "%s draws %.2f A (limit %.2f A): stopped; free the arm "
		       "before the next check",
		       r->cfg->rig->parts[j->part].name, amps, w->limit_a);
}

/*
 * All joints that answer are watched, also those that this check leaves alone
 * and while none is told to move: what moves untold is a danger too.
 */
enum gh_status run_envelope(struct run *r, unsigned channel, gh_us at,
			    int16_t raw)
{
	const struct gh_rec_channel *ch = gh_recording_channel(r->rec, channel);
	const int joint = r->cfg->rig->parts[ch->part].joint;

	if (!r->on_guard || joint < 0 || r->out->silent >> joint & 1)
		return GH_OK;
	if ((int)channel == r->watch[joint].position) {
		r->watch[joint].seen_at = gh_now(r->cfg->clock);
		return check_position(r, (unsigned)joint, at, raw, ch->scale);
	}
	if ((int)channel == r->watch[joint].current)
		return check_current(r, (unsigned)joint, raw, ch->scale);
	return GH_OK;
}

void run_forget_places(struct run *r)
{
	for (unsigned j = 0; j < r->cfg->rig->n_joints; j++) {
		struct run_watch *w = &r->watch[j];

		w->seen_at = gh_now(r->cfg->clock);
		w->still_rad = (double)NAN;
		w->astray_since = w->blind_since = 0;
	}
}

/* The controller still answers: only its samples stopped. */
enum gh_status run_unseen(struct run *r)
{
	const gh_us now = gh_now(r->cfg->clock);

	for (unsigned j = 0; r->program_on && j < r->cfg->rig->n_joints; j++) {
		const struct run_watch *w = &r->watch[j];
		double limit_us;

		if (!(r->joints >> j & 1) || w->position < 0)
			continue;
		limit_us = UNSEEN_SAMPLES * 1e6 /
			   gh_recording_channel(r->rec, (unsigned)w->position)
				   ->rate_hz;
		if ((double)(now - w->seen_at) <= fmax(UNSEEN_US, limit_us))
			continue;
		return gh_fail(
			&r->err, GH_STALE,
			"no sample of %s for %lld ms while it moves: stopped",
			r->cfg->rig->parts[r->cfg->rig->joints[j].part].name,
			(long long)((now - w->seen_at) / GH_US_PER_MS));
	}
	return GH_OK;
}
