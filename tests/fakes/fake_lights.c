/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fakes/fake_lights.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define NOISE 5e-5
#define CORE_AT 3000000 /* dark, channels, looks, dark; twice */
#define BREATH_AT 12500000
#define CHROME_AT 28000000
#define PRESS_AT 8000000
#define STATE 500000
#define EDGE 400000
#define FLASH_RAD 0.05 /* sigma */
#define OUTAGE_S 0.02
#define OUTAGE_LEFT 0.3
#define TURN 6.283185307179586

static const enum gh_quantity eyes[] = { GH_Q_COLOUR_RED, GH_Q_COLOUR_GREEN,
					 GH_Q_COLOUR_BLUE, GH_Q_COLOUR_CLEAR,
					 GH_Q_LIGHT };

enum { EYES = GH_ARRAY_SIZE(eyes), SPANS = 96, ASKED = 4 };

static const double dark[4];

/* ---- channels ------------------------------------------------------------ */

unsigned gh_fake_light_channels(const struct gh_fake *fake,
				struct gh_rec_channel *out, unsigned n)
{
	const struct {
		int part;
		enum gh_quantity what;
		double hz, scale;
	} rows[] = {
		{ GH_FAKE_CORE, GH_Q_COLOUR_RED, 50, 1.0 / 32767 },
		{ GH_FAKE_CORE, GH_Q_COLOUR_GREEN, 50, 1.0 / 32767 },
		{ GH_FAKE_CORE, GH_Q_COLOUR_BLUE, 50, 1.0 / 32767 },
		{ GH_FAKE_CORE, GH_Q_COLOUR_CLEAR, 50, 1.0 / 32767 },
		{ GH_FAKE_CORE, GH_Q_LIGHT, fake->lights.core_hz, 1.0 / 32767 },
		{ GH_FAKE_FIBRE, GH_Q_LIGHT, 100, 1.0 / 32767 },
		{ GH_FAKE_FIBRE + 1, GH_Q_LIGHT, 100, 1.0 / 32767 },
		{ GH_FAKE_FIBRE + 2, GH_Q_LIGHT, 100, 1.0 / 32767 },
		{ GH_FAKE_CRYSTAL, GH_Q_LIGHT, 100, 1.0 / 32767 },
		{ GH_FAKE_CRYSTAL + 1, GH_Q_LIGHT, 100, 1.0 / 32767 },
		{ GH_FAKE_CHROME, GH_Q_LIGHT, 100, 1.0 / 32767 },
		{ GH_FAKE_SPOTLIGHT, GH_Q_LIGHT, 100, 1.0 / 32767 },
		{ GH_FAKE_REMOTE, GH_Q_PRESSES, 10, 1.0 },
		{ GH_FAKE_REMOTE, GH_Q_VOLTAGE, 10, 0.001 },
		{ GH_FAKE_REMOTE, GH_Q_SIGNAL, 10, 1.0 },
	};

	for (size_t i = 0; i < GH_ARRAY_SIZE(rows); i++)
		out[n++] = (struct gh_rec_channel){
			.part = rows[i].part,
			.what = rows[i].what,
			.measured = true,
			.scale = rows[i].scale,
			.rate_hz = rows[i].hz,
			.step_us = llround(GH_US_PER_S / rows[i].hz),
			.lo = -32767,
			.hi = 32767,
		};
	return n;
}

/* ---- spans --------------------------------------------------------------- */

static void lay(struct gh_recording *rec, int part, enum gh_exercise what,
		int arg, const double *drive, gh_us begin, gh_us end,
		unsigned repeat)
{
	struct gh_span span = {
		.part = part,
		.exercise = what,
		.repeat = repeat,
		.arg = arg,
		.begin = begin,
		.end = end,
	};

	memcpy(span.drive, drive, sizeof span.drive);
	(void)gh_recording_add_span(rec, &span);
}

/* A state of the core; bundles have spans of their own for two kinds. */
static gh_us shine(struct gh_recording *rec, gh_us at, enum gh_exercise what,
		   int arg, const double *drive, gh_us length, unsigned repeat)
{
	lay(rec, GH_FAKE_CORE, what, arg, drive, at, at + length, repeat);
	for (int i = 0; i < GH_FAKE_FIBRES; i++)
		if (what == GH_EX_DARK || what == GH_EX_CHANNEL)
			lay(rec, GH_FAKE_FIBRE + i, what, arg, drive, at,
			    at + length, repeat);
	return at + length;
}

static void script_core(struct gh_recording *rec, const struct gh_fake *fake)
{
	const struct gh_rig_look *looks = fake->rig.looks;
	gh_us at = CORE_AT;

	for (unsigned r = 0; r < 2; r++) {
		at = shine(rec, at, GH_EX_DARK, 0, dark, STATE, r);
		for (int c = 0; c < 4; c++) {
			double one[4] = { 0.0, 0.0, 0.0, 0.0 };

			one[c] = 1.0;
			at = shine(rec, at, GH_EX_CHANNEL, c, one, STATE, r);
		}
		for (int k = 0; k < GH_FAKE_LOOKS; k++)
			at = shine(rec, at, GH_EX_LOOK, k, looks[k].rgbw, STATE,
				   r);
		at = shine(rec, at, GH_EX_DARK, 0, dark, STATE, r);
	}
	at = BREATH_AT;
	for (unsigned r = 0; r < 2; r++) {
		at = shine(rec, at, GH_EX_LOOK, 0, looks[0].rgbw,
			   r == 0 ? EDGE : 3 * EDGE, r);
		for (int half = 0; half < (r == 0 ? 4 : 2); half++)
			at = shine(rec, at, GH_EX_PULSE, half % 2,
				   looks[half % 2 == 0].rgbw,
				   llround(fake->rig.breath_period_s / 2 *
					   GH_US_PER_S),
				   r);
		at = shine(rec, at, GH_EX_DARK, 0, dark, EDGE, r);
	}
}

/* While joint 0 sweeps in that repeat. */
static void find_sweeps(const struct gh_recording *rec, int repeat,
			gh_us *begin, gh_us *end)
{
	struct gh_span spans[SPANS];
	const size_t n =
		gh_recording_spans(rec, 0, GH_EX_SWEEP, repeat, spans, SPANS);

	assert(n > 0);
	*begin = spans[0].begin;
	*end = spans[n - 1].end;
}

static void script_spot(struct gh_recording *rec)
{
	static const double on[4] = { 0.0, 0.0, 0.0, 1.0 };
	gh_us begin[2], end[2];

	for (int r = 0; r < 2; r++)
		find_sweeps(rec, r, &begin[r], &end[r]);
	for (int part = GH_FAKE_CRYSTAL; part <= GH_FAKE_SPOTLIGHT; part++) {
		if (part == GH_FAKE_CHROME)
			continue;
		lay(rec, part, GH_EX_DARK, 0, dark, begin[0] - STATE, begin[0],
		    0);
		for (unsigned r = 0; r < 2; r++)
			lay(rec, part, GH_EX_SPOT, 0, on, begin[r], end[r], r);
		lay(rec, part, GH_EX_DARK, 0, dark, end[1], end[1] + STATE, 1);
	}
}

static void script_chrome(struct gh_recording *rec)
{
	static const int colours[] = { -1, 0, 2, 0, -1 };
	gh_us at = CHROME_AT;

	for (unsigned i = 0; i < 2 * GH_ARRAY_SIZE(colours); i++) {
		const int c = colours[i % GH_ARRAY_SIZE(colours)];
		double drive[4] = { 0.0, 0.0, 0.0, 0.0 };

		if (c >= 0)
			drive[c] = 0.5;
		lay(rec, GH_FAKE_CHROME, c < 0 ? GH_EX_DARK : GH_EX_CHANNEL,
		    c < 0 ? 0 : c, drive, at, at + STATE,
		    i / GH_ARRAY_SIZE(colours));
		at += STATE;
	}
}

void gh_fake_light_spans(struct gh_recording *rec, const struct gh_fake *fake)
{
	script_core(rec, fake);
	script_spot(rec);
	script_chrome(rec);
	lay(rec, GH_FAKE_REMOTE, GH_EX_PRESS, ASKED, dark, PRESS_AT,
	    PRESS_AT + 6 * GH_US_PER_S, 0);
}

/* ---- samples ------------------------------------------------------------- */

struct light {
	struct gh_recording *rec;
	const struct gh_fake *fake;
	unsigned random;
	struct gh_span core[SPANS], arm[SPANS], spot[SPANS], chrome[SPANS];
	size_t n_core, n_arm, n_spot, n_chrome;
};

static double normal(struct light *l)
{
	double sum = -6.0;

	for (int i = 0; i < 12; i++) {
		l->random = l->random * 1664525u + 1013904223u;
		sum += (double)(l->random >> 8) / 16777216.0;
	}
	return sum;
}

static void put(struct light *l, int part, enum gh_quantity what, gh_us t,
		double value)
{
	const int c = gh_recording_find(l->rec, part, what);
	const double scale = gh_recording_channel(l->rec, (unsigned)c)->scale;

	if (l->fake->has_gap && t > 6000000 && t < 6500000)
		return;
	(void)gh_recording_add(l->rec, (unsigned)c, t,
			       (int16_t)lround(fmin(value / scale, 32767.0)));
}

static const struct gh_span *now(const struct gh_span *spans, size_t n, gh_us t)
{
	for (size_t i = 0; i < n; i++)
		if (spans[i].begin <= t && t < spans[i].end)
			return &spans[i];
	return NULL;
}

/* What the core's drivers put out at t. */
static void drive_at(const struct light *l, gh_us t, double out[4])
{
	const struct gh_fake_lights *dials = &l->fake->lights;
	const gh_us late = t - llround(dials->late_s * GH_US_PER_S);
	const struct gh_span *span = now(l->core, l->n_core, late);
	const double *from;
	double share;

	memcpy(out, dark, sizeof dark);
	if (!span)
		return;
	memcpy(out, span->drive, sizeof dark);
	if (span->exercise != GH_EX_PULSE)
		return;
	from = l->fake->rig.looks[span->arg].rgbw;
	share = (double)(late - span->begin) /
		(double)(span->end - span->begin);
	/* A breath that is not made stays in the middle. */
	share = 0.5 + (share - 0.5) * dials->breath;
	for (int c = 0; c < 4; c++)
		out[c] = from[c] + (span->drive[c] - from[c]) * share;
}

/* Dropouts and flicker, a factor on all of the core's light. */
static double unrest_at(const struct light *l, gh_us t)
{
	const struct gh_fake_lights *dials = &l->fake->lights;
	const double s = (double)t / GH_US_PER_S;
	const double since = fmod(s * dials->sputter_hz, 1.0) /
			     fmax(dials->sputter_hz, 1e-9);
	const bool is_out =
		dials->sputter_hz > 0.0 && t > BREATH_AT && since < OUTAGE_S;

	return (is_out ? OUTAGE_LEFT : 1.0) *
	       (1.0 + dials->flicker * sin(TURN * dials->flicker_hz * s));
}

/* What each eye makes of each channel; the clear eye sees them all alike. */
static const double sees[EYES][4] = {
	{ 1.00, 0.10, 0.00, 0.80 }, { 0.05, 1.00, 0.20, 0.60 },
	{ 0.00, 0.15, 1.00, 0.30 }, { 1.00, 1.00, 1.00, 1.00 },
	{ 0.90, 0.80, 0.60, 1.00 },
};

static void sample_eye(struct light *l, unsigned e, gh_us t)
{
	const struct gh_fake *fake = l->fake;
	const bool is_light = eyes[e] == GH_Q_LIGHT;
	double drive[4], value = 0.0;

	drive_at(l, t, drive);
	for (unsigned c = 0; c < 4; c++)
		value += sees[e][c] * drive[c] * fake->lamp[c];
	value = fake->room + value * unrest_at(l, t);
	value *= is_light ? fake->light_gain : fake->colour_gain;
	value += NOISE * normal(l);
	if (is_light ? fake->is_light_stuck : fake->is_colour_stuck)
		value = 0.0;
	put(l, GH_FAKE_CORE, eyes[e], t, fmin(value, 1.0));
}

/* When a sensor that is fresh but now and then last was; its noise with it. */
static gh_us freshest(struct light *l, double stale_s, gh_us t)
{
	if (stale_s > 0.0) {
		t -= t % llround(stale_s * GH_US_PER_S);
		l->random = (unsigned)t;
	}
	return t;
}

static void sample_fibre(struct light *l, int i, gh_us t)
{
	const double red = l->fake->lights.fibre[i].red;
	const double blue = l->fake->lights.fibre[i].blue;
	const double passes[4] = { red, (red + blue) / 2, blue,
				   (red + blue) / 2 };
	const unsigned random = l->random;
	double drive[4], value = 0.002 + l->fake->lights.fibre[i].leak;

	drive_at(l, freshest(l, l->fake->lights.fibre[i].stale_s, t), drive);
	for (unsigned c = 0; c < 4; c++)
		value += passes[c] * drive[c] * l->fake->lamp[c];
	value += NOISE * normal(l);
	if (l->fake->lights.fibre[i].stale_s > 0.0)
		l->random = random;
	put(l, GH_FAKE_FIBRE + i, GH_Q_LIGHT, t,
	    l->fake->lights.fibre[i].is_stuck ? 0.0 : value);
}

static double arm_at(const struct light *l, gh_us t)
{
	const struct gh_span *span = now(l->arm, l->n_arm, t);

	return span ? gh_span_command(span, t) : 0.0;
}

static double spot_at(const struct light *l, gh_us t)
{
	const struct gh_span *span = now(l->spot, l->n_spot, t);

	return span && span->exercise == GH_EX_SPOT ? l->fake->lights.spotlight
						    : 0.0;
}

static void sample_crystal(struct light *l, int i, gh_us t)
{
	const struct gh_fake_lights *dials = &l->fake->lights;
	const unsigned random = l->random;
	const gh_us seen_at = freshest(l, dials->crystal[i].stale_s, t);
	/* The arm is late by its own lag; its angle is read later still. */
	const double late_s = l->fake->joint[0].lag_s - dials->angle_late_s;
	const double q = arm_at(l, seen_at - llround(late_s * GH_US_PER_S));
	const double off = (q - dials->crystal[i].at_rad) / FLASH_RAD;
	const double flash = dials->crystal[i].flash * exp(-off * off / 2);
	const double value =
		dials->crystal_dark +
		spot_at(l, seen_at) / 0.4 * (dials->crystal[i].base + flash) +
		NOISE * normal(l);

	if (dials->crystal[i].stale_s > 0.0)
		l->random = random;
	put(l, GH_FAKE_CRYSTAL + i, GH_Q_LIGHT, t, value);
}

static void sample_spot(struct light *l, gh_us t)
{
	for (int i = 0; i < GH_FAKE_CRYSTALS; i++)
		sample_crystal(l, i, t);
	put(l, GH_FAKE_SPOTLIGHT, GH_Q_LIGHT, t,
	    l->fake->lights.crystal_dark + spot_at(l, t) + NOISE * normal(l));
}

static void sample_chrome(struct light *l, gh_us t)
{
	const struct gh_fake_lights *dials = &l->fake->lights;
	const struct gh_span *span = now(l->chrome, l->n_chrome, t);
	double value = dials->chrome_dark + NOISE * normal(l);

	if (span)
		value += dials->chrome_red * span->drive[0] +
			 dials->chrome_blue * span->drive[2];
	put(l, GH_FAKE_CHROME, GH_Q_LIGHT, t, value);
}

/* A press each second; the counter has nearly run over by then. */
static void sample_remote(struct light *l, gh_us t)
{
	const struct gh_fake_lights *dials = &l->fake->lights;
	const double done = floor((double)(t - PRESS_AT) / GH_US_PER_S);
	const long seen = lround(fmin(fmax(done, 0.0), dials->presses));

	put(l, GH_FAKE_REMOTE, GH_Q_PRESSES, t,
	    (double)((32766 + seen) % 32768));
	put(l, GH_FAKE_REMOTE, GH_Q_VOLTAGE, t,
	    dials->battery_v + 0.01 * normal(l));
	put(l, GH_FAKE_REMOTE, GH_Q_SIGNAL, t, dials->signal_db + normal(l));
}

void gh_fake_light_samples(struct gh_recording *rec, const struct gh_fake *fake,
			   gh_us length)
{
	static struct light l;
	const gh_us fast = llround(GH_US_PER_S / fake->lights.core_hz);

	l = (struct light){ .rec = rec, .fake = fake, .random = fake->seed };
	l.n_core = gh_recording_spans(rec, GH_FAKE_CORE, GH_EX_COUNT,
				      GH_REPEAT_ALL, l.core, SPANS);
	l.n_arm = gh_recording_spans(rec, 0, GH_EX_COUNT, GH_REPEAT_ALL, l.arm,
				     SPANS);
	l.n_spot = gh_recording_spans(rec, GH_FAKE_SPOTLIGHT, GH_EX_COUNT,
				      GH_REPEAT_ALL, l.spot, SPANS);
	l.n_chrome = gh_recording_spans(rec, GH_FAKE_CHROME, GH_EX_COUNT,
					GH_REPEAT_ALL, l.chrome, SPANS);
	for (gh_us t = 0; t < length; t += 20000)
		for (unsigned e = 0; e < EYES - 1; e++)
			sample_eye(&l, e, t);
	for (gh_us t = 0; t < length; t += fast)
		sample_eye(&l, EYES - 1, t);
	for (gh_us t = 0; t < length; t += 10000) {
		for (int i = 0; i < GH_FAKE_FIBRES; i++)
			sample_fibre(&l, i, t);
		sample_spot(&l, t);
		sample_chrome(&l, t);
	}
	for (gh_us t = 0; t < length; t += 100000)
		sample_remote(&l, t);
}
