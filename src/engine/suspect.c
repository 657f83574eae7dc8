/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sensors that lie by standing still. A living sensor flickers by a count or
 * two; one raw value for a whole check is a dead or frozen one, unless the
 * thing it looks at may really have stood still. So each is asked together with
 * a witness: the current of a joint and its angle, the colour sensor of the
 * core and its photodiode, the volts of a supply and its current. An eye of the
 * core that gives no valid reading at all needs no witness: darkness is valid.
 */
#include "engine/probe.h" /* gh_probe_is_suspect, gh_probe_series */

#include <math.h>
#include <stdio.h>

/* Fewer readings may well be equal by chance: assumed. */
#define READINGS_MIN 20
/* As on every leg of a sweep: measurement.md section 2. */
#define SETTLE_US 250000
/* Standard errors between current forth and back that prove motion: assumed. */
#define MOVES_SE 5.0
/* How much a wiggle must add to the flicker of the current: assumed. */
#define UNREST 2.0
#define REST_US 2000000
/* Any electronics that work draw more: assumed. */
#define ALIVE_A 0.02
#define ALIVE_V 1.0
/* A lamp that lifts its sensor by this share of full scale is lit: assumed. */
#define LIT_SHARE 0.01

enum { SPANS_MAX = 512 };

static const uint32_t moving =
	1u << GH_EX_SWEEP | 1u << GH_EX_REVERSAL | 1u << GH_EX_STEP;
/* A joint that seems not to answer its name is never swept. */
static const uint32_t wiggling = 1u << GH_EX_SWEEP | 1u << GH_EX_REVERSAL |
				 1u << GH_EX_STEP | 1u << GH_EX_IDENTITY;
static const uint32_t whole_run = 0;
static const uint32_t shining =
	1u << GH_EX_LOOK | 1u << GH_EX_CHANNEL | 1u << GH_EX_DARK;

/* What a channel read while its part was doing any of the exercises. */
struct reading {
	size_t n, invalid;
	bool is_one_value;
	double value; /* the first */
	double lo, hi;
};

static void take(struct reading *r, const struct gh_series *s)
{
	r->invalid += s->invalid;
	for (size_t i = 0; i < s->n; i++, r->n++) {
		if (r->n == 0) {
			r->value = r->lo = r->hi = s->v[i];
			continue;
		}
		r->lo = fmin(r->lo, s->v[i]);
		r->hi = fmax(r->hi, s->v[i]);
	}
}

static size_t spans_of(const struct gh_probe_in *in, uint32_t exercises,
		       struct gh_span *out)
{
	size_t n = 0;

	for (unsigned e = 0; e < GH_EX_COUNT; e++)
		if (exercises & 1u << e)
			n += gh_recording_spans(in->rec, in->part,
						(enum gh_exercise)e,
						GH_REPEAT_ALL, out + n,
						SPANS_MAX - n);
	return n;
}

/* exercises 0: from the first sample to the last. */
static struct reading read_all(const struct gh_probe_in *in,
			       enum gh_quantity what, uint32_t exercises)
{
	struct gh_span *spans =
		gh_arena_take(in->tmp, SPANS_MAX, sizeof *spans);
	const size_t n = spans_of(in, exercises, spans);
	struct reading r = { .n = 0 };

	if (exercises == 0) {
		const struct gh_series s =
			gh_probe_series(in, what, 0, GH_US_NEVER);

		take(&r, &s);
	}
	for (size_t i = 0; i < n; i++) {
		const struct gh_series s =
			gh_probe_series(in, what, spans[i].begin, spans[i].end);

		take(&r, &s);
	}
	/* Equal raw values give equal doubles: nothing is rounded here. */
	r.is_one_value = r.n >= READINGS_MIN && !(r.hi > r.lo);
	return r;
}

struct pile {
	double n, sum, sum_2;
};

static double square_error(const struct pile *p)
{
	const double mean = p->sum / p->n;

	return (p->sum_2 / p->n - mean * mean) / p->n;
}

/* Root mean square of the current about its mean, A; NAN: too few. */
static double unrest_a(const struct gh_probe_in *in, gh_us begin, gh_us end)
{
	const struct gh_series s =
		gh_probe_series(in, GH_Q_CURRENT, begin, end);
	struct pile p = { 0, 0, 0 };

	for (size_t k = 0; k < s.n; k++) {
		p.n += 1.0;
		p.sum += s.v[k];
		p.sum_2 += s.v[k] * s.v[k];
	}
	return p.n >= READINGS_MIN ? sqrt(square_error(&p) * p.n) : NAN;
}

/* More unrest during the joint's own wiggle than in the two seconds after. */
static bool wiggle_costs_current(const struct gh_probe_in *in)
{
	struct gh_span spans[8];
	const size_t n = gh_recording_spans(in->rec, in->part, GH_EX_IDENTITY,
					    GH_REPEAT_ALL, spans, 8);
	double own, rest;
	gh_us end;

	if (n == 0)
		return false;
	end = spans[n - 1].end;
	own = unrest_a(in, spans[0].begin, end);
	rest = unrest_a(in, end + SETTLE_US, end + REST_US);
	return own > UNREST * rest;
}

/*
 * Friction turns its sign with the motion, so current forth differs from
 * current back. That tells an arm that moves unseen from a motor that turns in
 * stripped gears with the arm really standing still.
 */
static bool current_shows_motion(const struct gh_probe_in *in)
{
	struct gh_span *spans =
		gh_arena_take(in->tmp, SPANS_MAX, sizeof *spans);
	const size_t n = spans_of(in, 1u << GH_EX_SWEEP, spans);
	struct pile ways[2] = { { 0, 0, 0 }, { 0, 0, 0 } };
	double apart;

	for (size_t i = 0; i < n; i++) {
		struct pile *p = &ways[spans[i].to_rad > spans[i].from_rad];
		const struct gh_series s =
			gh_probe_series(in, GH_Q_CURRENT,
					spans[i].begin + SETTLE_US,
					spans[i].end);

		for (size_t k = 0; k < s.n; k++) {
			p->n += 1.0;
			p->sum += s.v[k];
			p->sum_2 += s.v[k] * s.v[k];
		}
	}
	if (ways[0].n < READINGS_MIN || ways[1].n < READINGS_MIN)
		return wiggle_costs_current(in);
	apart = ways[1].sum / ways[1].n - ways[0].sum / ways[0].n;
	return apart >
	       MOVES_SE * sqrt(square_error(&ways[0]) + square_error(&ways[1]));
}

static bool joint_moves(const struct gh_probe_in *in)
{
	const struct reading angle = read_all(in, GH_Q_POSITION, moving);

	return angle.n >= READINGS_MIN && !angle.is_one_value;
}

static bool colour_lets_doubt_light(const struct gh_probe_in *in)
{
	const struct reading r = read_all(in, GH_Q_COLOUR_CLEAR, shining);

	/* Seen by nobody, a dark core is the simpler story. */
	return r.n == 0 || r.is_one_value || r.hi - r.lo > LIT_SHARE;
}

static bool light_lets_doubt_colour(const struct gh_probe_in *in)
{
	const struct reading r = read_all(in, GH_Q_LIGHT, shining);

	return r.n == 0 || r.is_one_value || r.hi - r.lo > LIT_SHARE;
}

/* A servo that tells where it is has volts and some warmth. */
static bool servo_answers(const struct gh_probe_in *in)
{
	const struct reading angle = read_all(in, GH_Q_POSITION, whole_run);

	return angle.n >= READINGS_MIN && !angle.is_one_value;
}

static bool supply_delivers(const struct gh_probe_in *in)
{
	const struct reading amps = read_all(in, GH_Q_CURRENT, whole_run);

	return amps.n >= READINGS_MIN && amps.lo > ALIVE_A;
}

static bool supply_is_on(const struct gh_probe_in *in)
{
	const struct reading volts = read_all(in, GH_Q_VOLTAGE, whole_run);

	return volts.n >= READINGS_MIN && volts.lo > ALIVE_V;
}

/* whose quantity; its name in words; when it must change; who else says so */
static const struct sensor {
	enum gh_part_kind kind;
	enum gh_quantity what;
	const char *name, *unit, *while_what;
	const uint32_t *exercises;
	bool (*is_doubted)(const struct gh_probe_in *in);
	bool only_zero; /* it may well stand still, but not at 0 */
} sensors[] = {
	{ GH_PART_JOINT, GH_Q_CURRENT, "current", "A", "the arm moves", &moving,
	  joint_moves, false },
	{ GH_PART_JOINT, GH_Q_POSITION, "position", "rad",
	  "the current shows motion", &wiggling, current_shows_motion, false },
	{ GH_PART_JOINT, GH_Q_VOLTAGE, "voltage", "V", "the servo answers",
	  &whole_run, servo_answers, true },
	{ GH_PART_JOINT, GH_Q_TEMPERATURE, "temperature", "degC",
	  "the servo answers", &whole_run, servo_answers, true },
	{ GH_PART_SUPPLY, GH_Q_VOLTAGE, "voltage", "V", "current flows",
	  &whole_run, supply_delivers, true },
	{ GH_PART_SUPPLY, GH_Q_CURRENT, "current", "A", "the supply is on",
	  &whole_run, supply_is_on, true },
	{ GH_PART_CORE, GH_Q_COLOUR_RED, "colour", "rel", "the light changes",
	  &shining, light_lets_doubt_colour, false },
	{ GH_PART_CORE, GH_Q_COLOUR_GREEN, "colour", "rel", "the light changes",
	  &shining, light_lets_doubt_colour, false },
	{ GH_PART_CORE, GH_Q_COLOUR_BLUE, "colour", "rel", "the light changes",
	  &shining, light_lets_doubt_colour, false },
	{ GH_PART_CORE, GH_Q_COLOUR_CLEAR, "colour", "rel", "the light changes",
	  &shining, light_lets_doubt_colour, false },
	{ GH_PART_CORE, GH_Q_LIGHT, "light", "rel", "the light changes",
	  &shining, colour_lets_doubt_light, false },
};

static const struct sensor *find_sensor(enum gh_part_kind kind,
					enum gh_quantity what)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(sensors); i++)
		if (sensors[i].kind == kind && sensors[i].what == what)
			return &sensors[i];
	return NULL;
}

/*
 * Readings came and none was valid. A joint that tells its angle has power and
 * answers: then it is the monitor beside it that does not.
 */
static bool is_blind(const struct gh_probe_in *in, const struct sensor *sensor,
		     const struct reading *r)
{
	if (r->n > 0 || r->invalid < READINGS_MIN)
		return false;
	return sensor->kind == GH_PART_CORE ||
	       (sensor->kind == GH_PART_JOINT && sensor->what == GH_Q_CURRENT &&
		servo_answers(in));
}

bool gh_probe_is_suspect(const struct gh_probe_in *in, enum gh_quantity what,
			 char note[GH_NOTE_CAP])
{
	const struct gh_rig *rig = gh_recording_rig(in->rec);
	const struct gh_rig_part *part = &rig->parts[in->part];
	const struct sensor *sensor = find_sensor(part->kind, what);
	struct reading r;

	if (!sensor)
		return false;
	r = read_all(in, what, *sensor->exercises);
	if (is_blind(in, sensor, &r)) {
		(void)snprintf(note, GH_NOTE_CAP,
			       "%s %s sensor: %zu readings, none of them valid",
			       part->name, sensor->name, r.invalid);
		return true;
	}
	if (!r.is_one_value || (sensor->only_zero && fabs(r.value) > 0.0) ||
	    !sensor->is_doubted(in))
		return false;
	(void)snprintf(note, GH_NOTE_CAP,
		       "%s %s sensor: reads %.3f %s while %s", part->name,
		       sensor->name, r.value, sensor->unit, sensor->while_what);
	return true;
}

void gh_probe_doubt(const struct gh_probe_in *in, struct gh_probe_out *out,
		    const struct gh_rests_on *rests_on, size_t n)
{
	char note[GH_NOTE_CAP];

	for (size_t i = 0; i < n; i++)
		if (gh_probe_is_suspect(in, rests_on[i].what, note))
			gh_probe_unknown(out, rests_on[i].metric,
					 GH_REASON_SENSOR_SUSPECT, "%s", note);
}
