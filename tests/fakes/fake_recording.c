/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fakes/fake_recording.h"

#include "fakes/fake_lights.h" /* core, fibres, crystals, ... */

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GRAVITY GH_FAKE_GRAVITY
#define AMPLITUDE 0.7
#define CURRENT_A 0.00269 /* one count, measurement.md section 1.3 */
#define TURN_S 0.06

/* One joint being scripted. */
struct script {
	struct gh_span spans[96];
	size_t n;
	gh_us at;
	double angle;
	int part;
};

struct state { /* of the samples of one joint */
	const struct gh_fake *fake;
	struct script script[GH_FAKE_JOINTS];
	double arm[GH_FAKE_JOINTS]; /* angle with play */
	unsigned random;
};

/* ---- the script ---------------------------------------------------------- */

static void act(struct script *s, enum gh_exercise exercise,
		enum gh_shape shape, double to, double seconds, unsigned repeat)
{
	assert(s->n < GH_ARRAY_SIZE(s->spans));
	s->spans[s->n++] = (struct gh_span){
		.part = s->part,
		.exercise = exercise,
		.repeat = repeat,
		.begin = s->at,
		.end = s->at + llround(seconds * GH_US_PER_S),
		.shape = shape,
		.from_rad = s->angle,
		.to_rad = to,
	};
	s->at = s->spans[s->n - 1].end;
	s->angle = to;
}

static void sweep(struct script *s, unsigned repeat, double speed)
{
	for (int way = 1; way >= -1; way -= 2) {
		act(s, GH_EX_SWEEP, GH_SHAPE_LINEAR, way * AMPLITUDE,
		    2 * AMPLITUDE / speed, repeat);
		act(s, GH_EX_DWELL, GH_SHAPE_HOLD, s->angle, 0.3, repeat);
	}
}

static void write_script(const struct gh_fake *fake, struct script *s,
			 unsigned j)
{
	s->part = (int)j;
	s->at = (gh_us)(1 + j) * 250000;
	act(s, GH_EX_IDENTITY, GH_SHAPE_EASE, 0.0262, 0.075, 0);
	act(s, GH_EX_IDENTITY, GH_SHAPE_EASE, -0.0262, 0.1, 0);
	act(s, GH_EX_IDENTITY, GH_SHAPE_EASE, 0.0, 0.075, 0);
	s->at = 2500000 + (gh_us)j * 80000;
	act(s, GH_EX_TRAVEL, GH_SHAPE_EASE, -AMPLITUDE, 2.5, 0);
	for (unsigned r = 0; r < 2; r++) {
		if (!fake->one_speed)
			sweep(s, r, 0.4);
		sweep(s, r, 0.8);
	}
	act(s, GH_EX_TRAVEL, GH_SHAPE_EASE, 0.0, 2.0, 0);
	for (unsigned r = 0; r < 4; r++) {
		act(s, GH_EX_REVERSAL, GH_SHAPE_LINEAR, 0.06, 1.0, r % 2);
		act(s, GH_EX_REVERSAL, GH_SHAPE_LINEAR, -0.06, 2.0, r % 2);
		act(s, GH_EX_REVERSAL, GH_SHAPE_LINEAR, 0.0, 1.0, r % 2);
	}
	for (unsigned r = 0; r < 2; r++) {
		act(s, GH_EX_STEP, GH_SHAPE_LINEAR, r == 0 ? 0.2 : 0.0, 0.02,
		    r);
		act(s, GH_EX_STEP, GH_SHAPE_HOLD, s->angle, 1.48, r);
	}
	act(s, GH_EX_TRAVEL, GH_SHAPE_EASE, 0.5, 1.5, 0);
	act(s, GH_EX_HOLD, GH_SHAPE_HOLD, 0.5, 1.5, 0);
	act(s, GH_EX_HOLD, GH_SHAPE_HOLD, 0.5, 1.5, 1);
	act(s, GH_EX_TRAVEL, GH_SHAPE_EASE, 0.0, 1.5, 0);
	act(s, GH_EX_STILL, GH_SHAPE_HOLD, 0.0, 1.0, 0);
	act(s, GH_EX_STILL, GH_SHAPE_HOLD, 0.0, 1.0, 1);
}

gh_us gh_fake_length(const struct gh_fake *fake)
{
	struct script s = { .n = 0 };

	write_script(fake, &s, fake->n_joints - 1);
	return s.at + 100000;
}

static const struct gh_span *span_at(const struct script *s, gh_us t)
{
	const struct gh_span *found = &s->spans[0];

	for (size_t i = 0; i < s->n && s->spans[i].begin <= t; i++)
		found = &s->spans[i];
	return found;
}

static double command_at(const struct script *s, gh_us t)
{
	const struct gh_span *span = span_at(s, t);

	if (t < span->begin)
		return 0.0;
	return gh_span_command(span, t < span->end ? t : span->end);
}

/* ---- joints -------------------------------------------------------------- */

static double uniform(struct state *st)
{
	st->random = st->random * 1664525u + 1013904223u;
	return (double)(st->random >> 8) / 16777216.0;
}

static double normal(struct state *st)
{
	double sum = -6.0;

	for (int i = 0; i < 12; i++)
		sum += uniform(st);
	return sum;
}

static double sign_of(double x)
{
	return (x > 1e-9) - (x < -1e-9);
}

/* Where the arm is at t; play makes it wait until it is pushed. */
static double move_arm(struct state *st, unsigned j, gh_us t)
{
	const struct gh_fake_joint *joint = &st->fake->joint[j];
	const struct script *s = &st->script[joint->obeys];
	const gh_us late = t - llround(joint->lag_s * GH_US_PER_S);
	const double driven = joint->travel * command_at(s, late);
	const struct gh_span *span = span_at(s, t);
	const double since_s = (double)(t - span->begin) / GH_US_PER_S;
	double q;

	st->arm[j] = fmax(st->arm[j], driven - joint->play_rad / 2);
	st->arm[j] = fmin(st->arm[j], driven + joint->play_rad / 2);
	q = st->arm[j];
	if (span->exercise == GH_EX_HOLD)
		q += joint->hunt_rad * sin(2 * 3.14159265 * 3.0 * since_s);
	if (span->exercise == GH_EX_STEP && span->shape == GH_SHAPE_HOLD &&
	    since_s > 0.03 && since_s < 0.3)
		q += joint->overshoot * (span->to_rad > 0.1 ? 0.2 : -0.2);
	return q;
}

/* Torque of every link from j on, by its own angle. */
static double weight_a(const struct gh_fake *fake, const double *q, unsigned j)
{
	double tilt = 0.0, nm = 0.0;

	for (unsigned k = 0; k < fake->n_joints; k++) {
		const struct gh_rig_joint *link = &fake->rig.joints[k];
		double outer_kg = 0.0;

		tilt += q[k] + fake->joint[k].slip_rad;
		for (unsigned i = k + 1; i < fake->n_joints; i++)
			outer_kg += fake->rig.joints[i].mass_kg;
		if (k >= j)
			nm += GRAVITY * link->length_m * sin(tilt) *
			      (link->mass_kg / 2 + outer_kg);
	}
	return fake->joint[j].load * nm / fake->kt_nm_a;
}

static double current_of(struct state *st, const double *q, unsigned j, gh_us t)
{
	const struct gh_fake_joint *joint = &st->fake->joint[j];
	const struct gh_span *span = span_at(&st->script[joint->obeys], t);
	const double since_s = (double)(t - span->begin) / GH_US_PER_S;
	const double v = (span->to_rad - span->from_rad) * GH_US_PER_S /
			 (double)(span->end - span->begin);
	const double off = (q[j] - 0.3) / 0.03;
	double drag = joint->coulomb_a + joint->bind_a * exp(-off * off / 2);

	if (span->exercise == GH_EX_REVERSAL && since_s < TURN_S)
		drag += joint->jump_a;
	return joint->offset_a + drag * sign_of(v) + joint->viscous * v +
	       weight_a(st->fake, q, j) + st->fake->noise_a * normal(st);
}

/* ---- channels ------------------------------------------------------------ */

static const enum gh_quantity joint_quantities[] = { GH_Q_COMMAND,
						     GH_Q_POSITION,
						     GH_Q_CURRENT, GH_Q_VOLTAGE,
						     GH_Q_TEMPERATURE };
enum { PER_JOINT = GH_ARRAY_SIZE(joint_quantities) };

struct channels {
	struct gh_rec_channel about[GH_REC_CHANNELS];
	unsigned n;
};

static unsigned add_channel(struct channels *ch, int part,
			    enum gh_quantity what, double scale, double hz)
{
	ch->about[ch->n] = (struct gh_rec_channel){
		.part = part,
		.what = what,
		.measured = what != GH_Q_COMMAND,
		.scale = scale,
		.rate_hz = hz,
		.step_us = llround(GH_US_PER_S / hz),
		.lo = -32767,
		.hi = 32767,
	};
	return ch->n++;
}

static void list_channels(const struct gh_fake *fake, struct channels *ch)
{
	static const double scale[PER_JOINT] = { 1e-4, 0.0, CURRENT_A, 0.001,
						 0.01 };
	const double count = fake->count_rad > 0.0 ? fake->count_rad : 1e-4;

	for (unsigned j = 0; j < fake->n_joints; j++)
		for (unsigned k = 0; k < PER_JOINT; k++) {
			const enum gh_quantity what = joint_quantities[k];
			const double hz = k < 3 ? fake->rate_hz : 10.0;
			unsigned c;

			if (what == GH_Q_POSITION &&
			    fake->joint[j].has_no_position)
				continue;
			c = add_channel(
				ch, (int)j, what,
				what == GH_Q_POSITION ? count : scale[k], hz);
			if (what == GH_Q_POSITION)
				ch->about[c].measured =
					!fake->joint[j].is_commanded_only;
		}
	ch->n = gh_fake_light_channels(fake, ch->about, ch->n);
	add_channel(ch, GH_FAKE_SUPPLY, GH_Q_VOLTAGE, 0.001, fake->rate_hz);
	add_channel(ch, GH_FAKE_SUPPLY, GH_Q_CURRENT, 0.001, fake->rate_hz);
}

static bool is_silent(const struct gh_fake *fake, gh_us t)
{
	return fake->has_gap && t > 6000000 && t < 6500000;
}

static void put(struct gh_recording *rec, const struct gh_fake *fake, int part,
		enum gh_quantity what, gh_us t, double value)
{
	const int c = gh_recording_find(rec, part, what);
	double raw;

	if (c < 0 || is_silent(fake, t))
		return;
	raw = isnan(value)
		      ? GH_REC_INVALID
		      : round(value /
			      gh_recording_channel(rec, (unsigned)c)->scale);
	raw = fmin(fmax(raw, GH_REC_INVALID), 32767);
	(void)gh_recording_add(rec, (unsigned)c, t, (int16_t)raw);
}

static void sample_joints(struct gh_recording *rec, struct state *st, gh_us t,
			  unsigned tick)
{
	const struct gh_fake *fake = st->fake;
	double q[GH_FAKE_JOINTS], sum = fake->idle_a;

	for (unsigned j = 0; j < fake->n_joints; j++)
		q[j] = move_arm(st, j, t);
	for (unsigned j = 0; j < fake->n_joints; j++) {
		const struct gh_fake_joint *joint = &fake->joint[j];
		const double lost = joint->lost_share;
		const bool is_lost =
			floor(tick * lost) < floor((tick + 1) * lost);
		double amps = current_of(st, q, j, t);
		/* A third of a count of flicker, as a real encoder has. */
		double seen = q[j] + fake->count_rad / 3 * normal(st);

		sum += fabs(amps);
		amps = joint->is_current_stuck ? 0.0 : amps;
		amps = joint->has_dead_monitor ? NAN : amps;
		seen = joint->is_position_stuck ? 0.0 : seen;
		put(rec, fake, (int)j, GH_Q_COMMAND, t,
		    command_at(&st->script[j], t));
		put(rec, fake, (int)j, GH_Q_POSITION, t, is_lost ? NAN : seen);
		put(rec, fake, (int)j, GH_Q_CURRENT, t, is_lost ? NAN : amps);
	}
	put(rec, fake, GH_FAKE_SUPPLY, GH_Q_CURRENT, t, sum);
	put(rec, fake, GH_FAKE_SUPPLY, GH_Q_VOLTAGE, t,
	    fake->emf_v - fake->source_ohm * sum + 0.002 * normal(st));
}

static void sample_slow(struct gh_recording *rec, struct state *st, gh_us t,
			gh_us length)
{
	for (unsigned j = 0; j < st->fake->n_joints; j++) {
		const struct gh_fake_joint *joint = &st->fake->joint[j];

		put(rec, st->fake, (int)j, GH_Q_VOLTAGE, t,
		    joint->supply_v + 0.02 * normal(st));
		put(rec, st->fake, (int)j, GH_Q_TEMPERATURE, t,
		    30.0 + joint->warm_k * (double)t / (double)length);
	}
}

/* ---- all ------------------------------------------------------------------ */

static void fill_facts(struct gh_rec_facts *f)
{
	f->simulated = true;
	f->frames_good = 20000;
	f->samples = 200000;
	f->counts_loss = true;
	f->longest_gap_ms = 12.0;
	f->longest_loop_us = 900.0;
	f->rtt_p99_ms = 6.0;
}

struct gh_recording *gh_fake_record(const struct gh_fake *fake)
{
	const gh_us whole = gh_fake_length(fake);
	const gh_us length = fake->cut > 0 ? fake->cut : whole;
	const gh_us step = llround(GH_US_PER_S / fake->rate_hz);
	struct channels *ch = calloc(1, sizeof *ch);
	struct state *st = calloc(1, sizeof *st);
	struct gh_recording *rec;
	unsigned tick = 0;

	assert(ch && st);
	list_channels(fake, ch);
	rec = gh_recording_create(&fake->rig, ch->about, ch->n,
				  (double)whole / GH_US_PER_S);
	assert(rec);
	st->fake = fake;
	st->random = fake->seed;
	for (unsigned j = 0; j < fake->n_joints; j++) {
		write_script(fake, &st->script[j], j);
		for (size_t i = 0; i < st->script[j].n; i++)
			(void)gh_recording_add_span(rec,
						    &st->script[j].spans[i]);
	}
	gh_fake_light_spans(rec, fake);
	for (gh_us t = 0; t < length; t += step)
		sample_joints(rec, st, t, tick++);
	for (gh_us t = 0; t < length; t += 100000)
		sample_slow(rec, st, t, whole);
	gh_fake_light_samples(rec, fake, length);
	fill_facts(gh_recording_facts(rec));
	if (fake->cut > 0)
		gh_recording_cut(rec, fake->cut);
	free(ch);
	free(st);
	return rec;
}
