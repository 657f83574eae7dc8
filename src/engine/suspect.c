/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sensors that lie by standing still. A living sensor flickers by a count or
 * two; one raw value for a whole check is a dead or frozen one, unless the
 * thing it looks at may really have stood still. So each is asked together with
 * a witness: the current of a joint and its angle, the colour sensor of the
 * core and its photodiode, a fibre and the core, a crystal and the spotlight,
 * the volts of a supply and its current. An eye that gives no valid reading at
 * all needs no witness: darkness is valid. Zero for ever is dead, any other
 * value frozen. An eye may also be fresh now and then only: it then still shows
 * exactly what it showed before the light was changed.
 */
#include "engine/probe.h"	 /* gh_probe_is_suspect, gh_probe_series */
#include "engine/shows_motion.h" /* gh_current_shows_motion */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fewer readings may well be equal by chance: assumed. */
#define READINGS_MIN 20
/* Shorter breaks between exercises are none: as after a turn of a sweep. */
#define SETTLE_US 250000
/* Any electronics that work draw more: assumed. */
#define ALIVE_A 0.02
#define ALIVE_V 1.0
/* Volts that sag by so much do it because the current changes: assumed. */
#define SAG_V 0.05
/* A lamp that lifts its sensor by this share of full scale is lit: assumed. */
#define LIT_SHARE 0.01
/* A colour sensor gathers for up to 100 ms, and that twice: assumed. */
#define FRESH_US 200000
/* Two readings of a sensor that gathers for 100 ms, and some. Assumed. */
#define FRESH_S 0.15
/* So often may one raw value come again by chance: assumed. */
#define CHANCES 2

enum { SPANS_MAX = 512 };

static const uint32_t moving =
	1u << GH_EX_SWEEP | 1u << GH_EX_REVERSAL | 1u << GH_EX_STEP;
/* A joint that seems not to answer its name is never swept. */
static const uint32_t wiggling = 1u << GH_EX_SWEEP | 1u << GH_EX_REVERSAL |
				 1u << GH_EX_STEP | 1u << GH_EX_IDENTITY;
static const uint32_t whole_run = 0;
static const uint32_t shining = 1u << GH_EX_LOOK | 1u << GH_EX_CHANNEL |
				1u << GH_EX_DARK | 1u << GH_EX_SPOT;

/* What a channel read while its part was doing any of the exercises. */
struct reading {
	size_t n, invalid, clipped;
	bool is_one_value;
	double value; /* the first */
	double lo, hi;
};

static void take(struct reading *r, const struct gh_series *s)
{
	r->invalid += s->invalid;
	r->clipped += s->clipped; /* stands still at its stop: not old */
	for (size_t i = 0; i < s->n; i++, r->n++) {
		if (r->n == 0) {
			r->value = r->lo = r->hi = s->v[i];
			continue;
		}
		r->lo = s->v[i] < r->lo ? s->v[i] : r->lo;
		r->hi = s->v[i] > r->hi ? s->v[i] : r->hi;
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
		gh_arena_room(in->tmp, SPANS_MAX, sizeof *spans);
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

/* An arm in stripped gears swings while its neighbours sweep: it is seen. */
static bool motor_turns_unseen(const struct gh_probe_in *in)
{
	return !servo_answers(in) && gh_current_shows_motion(in);
}

static bool supply_delivers(const struct gh_probe_in *in)
{
	const struct reading amps = read_all(in, GH_Q_CURRENT, whole_run);

	return amps.n >= READINGS_MIN && amps.lo > ALIVE_A;
}

/* No supply gives nothing, and no current leaves the volts moving. */
static bool volts_let_doubt_current(const struct gh_probe_in *in)
{
	const struct reading volts = read_all(in, GH_Q_VOLTAGE, whole_run);
	const struct reading amps = read_all(in, GH_Q_CURRENT, whole_run);

	return volts.n >= READINGS_MIN && volts.lo > ALIVE_V &&
	       (volts.hi - volts.lo > SAG_V || amps.hi <= 0.0);
}

/* Whether another part's light rose and fell while this one watched. */
static bool is_lit_by(const struct gh_probe_in *in, enum gh_part_kind kind)
{
	static const enum gh_quantity lights[] = { GH_Q_LIGHT,
						   GH_Q_COLOUR_CLEAR };
	struct gh_probe_in lamp = *in;

	lamp.part = gh_rig_first_part(gh_recording_rig(in->rec), kind);
	for (size_t i = 0;
	     lamp.part != GH_RIG_NONE && i < GH_ARRAY_SIZE(lights); i++) {
		const struct reading r = read_all(&lamp, lights[i], shining);

		if (r.n > 0 && r.hi - r.lo > LIT_SHARE)
			return true;
	}
	return false;
}

static bool core_shines(const struct gh_probe_in *in)
{
	return is_lit_by(in, GH_PART_CORE);
}

static bool spotlight_shines(const struct gh_probe_in *in)
{
	return is_lit_by(in, GH_PART_SPOTLIGHT);
}

/* Even a dead lamp leaves a living eye its noise. */
static bool lamp_was_told(const struct gh_probe_in *in)
{
	struct gh_span *spans =
		gh_arena_room(in->tmp, SPANS_MAX, sizeof *spans);

	return spans_of(in, 1u << GH_EX_DARK, spans) > 0 &&
	       spans_of(in, shining & ~(1u << GH_EX_DARK), spans) > 0;
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
	  "the current shows motion", &wiggling, motor_turns_unseen, false },
	{ GH_PART_JOINT, GH_Q_VOLTAGE, "voltage", "V", "the servo answers",
	  &whole_run, servo_answers, true },
	{ GH_PART_JOINT, GH_Q_TEMPERATURE, "temperature", "degC",
	  "the servo answers", &whole_run, servo_answers, true },
	{ GH_PART_SUPPLY, GH_Q_VOLTAGE, "voltage", "V", "current flows",
	  &whole_run, supply_delivers, true },
	{ GH_PART_SUPPLY, GH_Q_CURRENT, "current", "A", "the volts are alive",
	  &whole_run, volts_let_doubt_current, false },
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
	{ GH_PART_FIBRE, GH_Q_LIGHT, "light", "rel", "the core shines",
	  &shining, core_shines, false },
	{ GH_PART_CRYSTAL, GH_Q_LIGHT, "light", "rel", "the spotlight shines",
	  &shining, spotlight_shines, false },
	{ GH_PART_CHROME, GH_Q_LIGHT, "light", "rel", "its lamp goes on",
	  &shining, lamp_was_told, false },
	{ GH_PART_SPOTLIGHT, GH_Q_LIGHT, "light", "rel", "it goes on", &shining,
	  lamp_was_told, false },
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
	return sensor->exercises == &shining ||
	       (sensor->kind == GH_PART_JOINT && sensor->what == GH_Q_CURRENT &&
		servo_answers(in));
}

static int by_time(const void *a, const void *b)
{
	const struct gh_span *x = a, *y = b;

	return x->begin < y->begin ? -1 : x->begin > y->begin;
}

static double last_of(const struct gh_probe_in *in, enum gh_quantity what,
		      const struct gh_span *span)
{
	const struct gh_series s =
		gh_probe_series(in, what, span->begin, span->end);

	return s.n > 0 ? s.v[s.n - 1] : NAN;
}

static bool is_all(const struct gh_series *s, double value)
{
	for (size_t i = 0; i < s->n; i++)
		if (fabs(s->v[i] - value) > 0.0)
			return false;
	return s->n > 0;
}

/* Bright, and the same to the last bit through both of two states. */
static bool is_held(const struct gh_probe_in *in, enum gh_quantity what,
		    const struct gh_span *a, const struct gh_span *b, double lo)
{
	const struct gh_series s = gh_probe_series(in, what, a->begin, b->end);

	return (a->exercise != b->exercise || a->arg != b->arg) &&
	       b->begin - a->end < SETTLE_US && s.n >= READINGS_MIN &&
	       s.v[0] - lo > LIT_SHARE && is_all(&s, s.v[0]);
}

/*
 * After how many changes of the light the eye still read, for FRESH_US and to
 * the last bit, what it had read before, and then something else. A state that
 * was missed altogether counts as two.
 */
static unsigned late_changes(const struct gh_probe_in *in,
			     enum gh_quantity what, double lo)
{
	struct gh_span *spans =
		gh_arena_take(in->tmp, SPANS_MAX, sizeof *spans);
	const size_t n = spans_of(in, shining, spans);
	unsigned late = 0;

	qsort(spans, n, sizeof *spans, by_time);
	for (size_t i = 1; i < n; i++) {
		const double old = last_of(in, what, &spans[i - 1]);
		const struct gh_series s = gh_probe_series(
			in, what, spans[i].begin, spans[i].begin + FRESH_US);
		const double now = last_of(in, what, &spans[i]);

		late += is_all(&s, old) && fabs(now - old) > LIT_SHARE;
		if (is_held(in, what, &spans[i - 1], &spans[i], lo))
			late += 2;
	}
	return late;
}

/*
 * Least time between two changes of the reading while the light moved without
 * a pause: through a flash, along a breath. NAN: it hardly changed.
 */
static double least_pause_s(const struct gh_probe_in *in, enum gh_quantity what)
{
	struct gh_span *spans =
		gh_arena_room(in->tmp, SPANS_MAX, sizeof *spans);
	const size_t n =
		spans_of(in, 1u << GH_EX_SPOT | 1u << GH_EX_PULSE, spans);
	struct reading r = { .n = 0 };
	double least = INFINITY;
	unsigned changes = 0;

	for (size_t i = 0; i < n; i++) {
		const struct gh_series s =
			gh_probe_series(in, what, spans[i].begin, spans[i].end);
		double since = -INFINITY;

		take(&r, &s);
		for (size_t k = 1; k < s.n; k++) {
			if (!(fabs(s.v[k] - s.v[k - 1]) > 0.0))
				continue;
			least = fmin(least, s.t[k] - since);
			since = s.t[k];
			changes++;
		}
	}
	return changes > CHANCES && r.hi - r.lo > LIT_SHARE ? least : NAN;
}

/* The verdict about one row; the words go to note. */
static enum gh_reason doubt(const struct gh_probe_in *in,
			    const struct sensor *sensor, const char *part,
			    char note[GH_NOTE_CAP])
{
	const struct reading r = read_all(in, sensor->what, *sensor->exercises);
	unsigned late = 0;

	if (is_blind(in, sensor, &r)) {
		(void)snprintf(note, GH_NOTE_CAP,
			       "%s %s sensor: %zu readings, none of them valid",
			       part, sensor->name, r.invalid);
		return GH_REASON_SENSOR_SUSPECT;
	}
	if (!r.is_one_value && !r.clipped && sensor->exercises == &shining)
		late = late_changes(in, sensor->what, r.lo);
	if (late > CHANCES) {
		(void)snprintf(note, GH_NOTE_CAP,
			       "%s %s sensor: shows old light after %u changes",
			       part, sensor->name, late);
		return GH_REASON_SENSOR_STALE;
	}
	if (sensor->exercises == &shining && !r.clipped &&
	    least_pause_s(in, sensor->what) > FRESH_S) {
		(void)snprintf(note, GH_NOTE_CAP,
			       "%s %s sensor: stands still between jumps", part,
			       sensor->name);
		return GH_REASON_SENSOR_STALE;
	}
	if (!r.is_one_value || (sensor->only_zero && fabs(r.value) > 0.0) ||
	    !sensor->is_doubted(in))
		return GH_REASON_NONE;
	(void)snprintf(note, GH_NOTE_CAP,
		       "%s %s sensor: reads %.3f %s while %s", part,
		       sensor->name, r.value, sensor->unit, sensor->while_what);
	return fabs(r.value) > 0.0 ? GH_REASON_SENSOR_STALE
				   : GH_REASON_SENSOR_SUSPECT;
}

enum gh_reason gh_probe_is_suspect(const struct gh_probe_in *in,
				   enum gh_quantity what,
				   char note[GH_NOTE_CAP])
{
	const struct gh_rig *rig = gh_recording_rig(in->rec);
	const struct gh_rig_part *part = &rig->parts[in->part];
	struct gh_doubt *known = &in->doubts->of[in->part][what];

	if (!known->is_known) {
		const struct sensor *sensor = find_sensor(part->kind, what);

		known->is_known = true;
		if (sensor)
			known->reason =
				doubt(in, sensor, part->name, known->note);
	}
	memcpy(note, known->note, GH_NOTE_CAP);
	return known->reason;
}

void gh_probe_doubt(const struct gh_probe_in *in, struct gh_probe_out *out,
		    const struct gh_rests_on *rests_on, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char note[GH_NOTE_CAP];
		const enum gh_reason reason =
			gh_probe_is_suspect(in, rests_on[i].what, note);

		if (reason != GH_REASON_NONE)
			gh_probe_unknown(out, rests_on[i].metric, reason, "%s",
					 note);
	}
}
