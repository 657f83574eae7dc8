/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * core_light - the light of the core: each colour alone, and the looks the
 * audience sees. A dying driver takes one channel down, a dirty window all of
 * them, and "sickly yellow" is blue that is missing. Light frames stand between
 * dark ones, so that the room, and its drift, can be taken off.
 *
 * Two sensors look at the core. When the colour sensor falls against the
 * photodiode it is the sensor that ails, not the lamp: core.sensor_ratio.
 * Formulas, minima and priors: measurement.md section 4.
 */
#include <math.h>

#include "engine/probe.h"   /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"   /* struct gh_metric */
#include "measure/bins.h"   /* gh_interpolate: the dark between two frames */
#include "measure/colour.h" /* gh_colour_xyz */
#include "measure/stats.h"  /* gh_mean */

/* A colour sensor gathers for 24 to 100 ms; lamps are faster. Assumed. */
#define SETTLE_US 150000
#define LEAVE_US 20000
/* Room light beyond this share of the core's own: section 4.3, core.dark. */
#define ROOM_SHARE 0.2
/* ... of full scale: darker than this a weak core, not the room, makes the
 * share large. Assumed. */
#define ROOM_FLOOR 0.05
/* Light too dim to compare two sensors with, of full scale: assumed. */
#define DIM_FLOOR 0.01

enum { SPANS = 64, CHANNELS = 4 };
enum { EYE_RED, EYE_GREEN, EYE_BLUE, EYE_CLEAR, EYE_LIGHT, EYES };
enum {
	LEVEL, /* one per channel */
	COLOUR = LEVEL + CHANNELS,
	SUPERPOSITION,
	DARK,
	LIGHT,
	SENSOR_RATIO,
	ROWS
};
enum {
	ALONE = 1u << GH_EX_DARK | 1u << GH_EX_CHANNEL,
	LOOKS = 1u << GH_EX_DARK | 1u << GH_EX_LOOK,
	RGB = 1u << GH_Q_COLOUR_RED | 1u << GH_Q_COLOUR_GREEN |
	      1u << GH_Q_COLOUR_BLUE,
	CLEAR = 1u << GH_Q_COLOUR_CLEAR
};

static const enum gh_quantity eyes[EYES] = {
	[EYE_RED] = GH_Q_COLOUR_RED,   [EYE_GREEN] = GH_Q_COLOUR_GREEN,
	[EYE_BLUE] = GH_Q_COLOUR_BLUE, [EYE_CLEAR] = GH_Q_COLOUR_CLEAR,
	[EYE_LIGHT] = GH_Q_LIGHT,
};

/* A channel is watched by the eye of its colour, white by the clear one. */
#define LEVEL_ROW(which, words, eye)                                           \
	{                                                                      \
		.id = (which), .version = 1, .unit = GH_UNIT_SHARE,            \
		.meaning = (words), .role = GH_ROLE_GATE, .min_share = 0.10,   \
		.prior = 0.01, .resolution = 0.0001,                           \
		.hard = { NAN, NAN, 0.30 }, .needs = {                         \
			ALONE,                                                 \
			1u << (eye),                                           \
			0.0,                                                   \
			true                                                   \
		}                                                              \
	}

/* Sensor_ratio's row is assumed: blue lost moves it 4 %, a sensor 30 %. */
static const struct gh_metric metrics[] = {
	[LEVEL] =
		LEVEL_ROW("core.level_red", "red light alone", GH_Q_COLOUR_RED),
	[LEVEL + 1] = LEVEL_ROW("core.level_green", "green light alone",
				GH_Q_COLOUR_GREEN),
	[LEVEL + 2] = LEVEL_ROW("core.level_blue", "blue light alone",
				GH_Q_COLOUR_BLUE),
	[LEVEL + 3] = LEVEL_ROW("core.level_white", "white light alone",
				GH_Q_COLOUR_CLEAR),
	[COLOUR] = { .id = "core.colour_*",
		     .version = 1,
		     .unit = GH_UNIT_DELTA_E,
		     .meaning = "the look the audience sees",
		     .role = GH_ROLE_GATE,
		     .kind = GH_METRIC_COLOUR,
		     .spread = GH_SPREAD_ABSOLUTE,
		     .min_abs = 3.0,
		     .prior = 0.5,
		     .hard = GH_NO_HARD,
		     .needs = { LOOKS, RGB, 0.0, true } },
	[SUPERPOSITION] = { .id = "core.superposition",
			    .version = 1,
			    .unit = GH_UNIT_ONE,
			    .meaning = "all lights over their sum",
			    .role = GH_ROLE_WATCH,
			    .spread = GH_SPREAD_ABSOLUTE,
			    .min_abs = 0.05,
			    .prior = 0.01,
			    .resolution = 0.001,
			    .hard = GH_NO_HARD,
			    .needs = { ALONE | LOOKS, CLEAR, 0.0, true } },
	[DARK] = { .id = "core.dark",
		   .version = 1,
		   .unit = GH_UNIT_ONE,
		   .meaning = "room light over the core's",
		   .role = GH_ROLE_WATCH,
		   .spread = GH_SPREAD_ABSOLUTE,
		   /* measurement.md has 0.02 of white; the room is another one
		    * every evening, and above 0.2 nothing is believed */
		   .min_abs = 0.05,
		   .prior = 0.005,
		   .resolution = 0.0001,
		   .hard = GH_NO_HARD,
		   .needs = { ALONE, CLEAR, 0.0, true } },
	[LIGHT] = { .id = "core.light",
		    .version = 1,
		    .unit = GH_UNIT_SHARE,
		    .meaning = "white light, by the photodiode",
		    .role = GH_ROLE_WATCH,
		    .min_share = 0.10,
		    .prior = 0.01,
		    .resolution = 0.00025,
		    .hard = GH_NO_HARD,
		    .needs = { ALONE, 1u << GH_Q_LIGHT, 0.0, true } },
	[SENSOR_RATIO] = { .id = "core.sensor_ratio",
			   .version = 1,
			   .unit = GH_UNIT_ONE,
			   .meaning = "colour sensor over photodiode",
			   .role = GH_ROLE_GATE,
			   .min_share = 0.10,
			   .prior = 0.03,
			   .resolution = 0.001,
			   .hard = GH_NO_HARD,
			   .needs = { ALONE, CLEAR | 1u << GH_Q_LIGHT, 0.0,
				      true } },
	{ 0 }
};

/* The dark frames of the whole run, one list per eye. */
struct dark {
	size_t n[EYES];
	double t[EYES][SPANS], v[EYES][SPANS];
};

/* What one eye saw of one state, dark taken off. */
struct sight {
	double light; /* NAN: never lit or never seen */
	double dark;
	bool is_clipped;
};

struct view {
	const struct gh_probe_in *in;
	struct dark dark;
	struct sight alone[CHANNELS][EYES], look[GH_RIG_LOOKS][EYES];
	bool has_alone[CHANNELS], has_look[GH_RIG_LOOKS];
	double drive_alone[CHANNELS], drive_look[GH_RIG_LOOKS][CHANNELS];
};

static struct gh_series frame(const struct gh_probe_in *in, unsigned eye,
			      const struct gh_span *span)
{
	return gh_probe_series(in, eyes[eye], span->begin + SETTLE_US,
			       span->end - LEAVE_US);
}

static double middle_s(const struct gh_span *span)
{
	return ((double)span->begin + (double)span->end) / 2 / GH_US_PER_S;
}

static void find_dark(const struct gh_probe_in *in, struct dark *dark)
{
	struct gh_span spans[SPANS];
	const size_t n = gh_recording_spans(in->rec, in->part, GH_EX_DARK,
					    GH_REPEAT_ALL, spans, SPANS);

	for (unsigned eye = 0; eye < EYES; eye++) {
		dark->n[eye] = 0;
		for (size_t i = 0; i < n; i++) {
			const struct gh_series s = frame(in, eye, &spans[i]);

			if (s.n == 0)
				continue;
			dark->t[eye][dark->n[eye]] = middle_s(&spans[i]);
			dark->v[eye][dark->n[eye]++] = gh_mean(s.v, s.n);
		}
	}
}

/* Mean over the spans of one state, each against the dark at its time. */
static struct sight look_at(const struct view *view, unsigned eye,
			    enum gh_exercise exercise, int arg)
{
	const struct dark *dark = &view->dark;
	struct gh_span spans[SPANS];
	const size_t n = gh_probe_spans(view->in, exercise, spans, SPANS);
	struct sight sight = { 0.0, 0.0, false };
	double seen = 0.0;

	for (size_t i = 0; i < n; i++) {
		struct gh_series s;
		double room;

		if (spans[i].arg != arg)
			continue;
		s = frame(view->in, eye, &spans[i]);
		if (s.n == 0)
			continue;
		room = gh_interpolate(dark->t[eye], dark->v[eye], dark->n[eye],
				      middle_s(&spans[i]));
		sight.light += gh_mean(s.v, s.n) - room;
		sight.dark += room;
		sight.is_clipped = sight.is_clipped || s.clipped > 0;
		seen += 1.0;
	}
	sight.light /= seen; /* 0 / 0 is NAN */
	sight.dark /= seen;
	return sight;
}

static void look_around(const struct gh_probe_in *in, struct view *view)
{
	const struct gh_rig *rig = gh_recording_rig(in->rec);
	struct gh_span spans[SPANS];
	size_t n;

	view->in = in;
	find_dark(in, &view->dark);
	n = gh_probe_spans(in, GH_EX_CHANNEL, spans, SPANS);
	for (size_t i = 0; i < n; i++) {
		const int c = spans[i].arg;

		if (c < 0 || c >= CHANNELS || view->has_alone[c])
			continue;
		view->has_alone[c] = true;
		view->drive_alone[c] = spans[i].drive[c];
		for (unsigned eye = 0; eye < EYES; eye++)
			view->alone[c][eye] =
				look_at(view, eye, GH_EX_CHANNEL, c);
	}
	n = gh_probe_spans(in, GH_EX_LOOK, spans, SPANS);
	for (size_t i = 0; i < n; i++) {
		const int k = spans[i].arg;

		if (k < 0 || (unsigned)k >= rig->n_looks || view->has_look[k])
			continue;
		view->has_look[k] = true;
		for (int c = 0; c < CHANNELS; c++)
			view->drive_look[k][c] = spans[i].drive[c];
		for (unsigned eye = 0; eye < EYES; eye++)
			view->look[k][eye] = look_at(view, eye, GH_EX_LOOK, k);
	}
}

static void put_levels(const struct view *view, struct gh_probe_out *out)
{
	for (unsigned c = 0; c < CHANNELS; c++) {
		const struct sight *s = &view->alone[c][c];

		if (!view->has_alone[c])
			gh_probe_unknown(out, LEVEL + c,
					 GH_REASON_NOT_IN_PROFILE,
					 "this channel was never lit alone");
		else if (s->is_clipped)
			gh_probe_unknown(out, LEVEL + c, GH_REASON_SATURATED,
					 "colour sensor near full scale");
		else
			gh_probe_put(out, LEVEL + c, s->light);
	}
}

static void put_colours(const struct view *view, struct gh_probe_out *out)
{
	const struct gh_rig *rig = gh_recording_rig(view->in->rec);

	for (unsigned k = 0; k < rig->n_looks; k++) {
		const struct sight *s = view->look[k];
		const double rgb[3] = { s[EYE_RED].light, s[EYE_GREEN].light,
					s[EYE_BLUE].light };
		double xyz[3];

		if (!view->has_look[k])
			continue;
		gh_colour_xyz(rgb, xyz);
		if (s[EYE_RED].is_clipped || s[EYE_GREEN].is_clipped ||
		    s[EYE_BLUE].is_clipped)
			gh_probe_unknown_instance(
				out, COLOUR, rig->looks[k].name,
				GH_REASON_SATURATED,
				"colour sensor near full scale");
		else
			gh_probe_put_instance(out, COLOUR, rig->looks[k].name,
					      xyz);
	}
}

/* Sum of the channels of a look, each alone; NAN if it mixes otherwise. */
static double parts_of(const struct view *view, unsigned look)
{
	double sum = 0.0;
	unsigned lit = 0;

	for (unsigned c = 0; c < CHANNELS; c++) {
		const double drive = view->drive_look[look][c];

		if (drive <= 0.0)
			continue;
		if (!view->has_alone[c] ||
		    fabs(drive - view->drive_alone[c]) > 1e-6)
			return NAN;
		sum += view->alone[c][EYE_CLEAR].light;
		lit++;
	}
	return lit > 1 ? sum : NAN;
}

static void put_superposition(const struct view *view, struct gh_probe_out *out)
{
	for (unsigned k = 0; k < GH_RIG_LOOKS; k++) {
		const double parts =
			view->has_look[k] ? parts_of(view, k) : NAN;

		if (isnan(parts))
			continue;
		gh_probe_put(out, SUPERPOSITION,
			     view->look[k][EYE_CLEAR].light / parts);
		return;
	}
	gh_probe_unknown(out, SUPERPOSITION, GH_REASON_NOT_IN_PROFILE,
			 "no look is a plain sum of the channels");
}

/*
 * White alone, the same light for both eyes: with other light the ratio would
 * follow the colour, and a lost blue would pass for a broken sensor.
 */
static void put_white(const struct view *view, struct gh_probe_out *out)
{
	const struct sight *white = view->alone[CHANNELS - 1];

	if (!view->has_alone[CHANNELS - 1]) {
		gh_probe_unknown(out, LIGHT, GH_REASON_NOT_IN_PROFILE,
				 "white was never lit alone");
		gh_probe_unknown(out, SENSOR_RATIO, GH_REASON_NOT_IN_PROFILE,
				 "white was never lit alone");
		return;
	}
	gh_probe_put(out, LIGHT, white[EYE_LIGHT].light);
	if (white[EYE_LIGHT].is_clipped || white[EYE_CLEAR].is_clipped)
		gh_probe_unknown(out, SENSOR_RATIO, GH_REASON_SATURATED,
				 "one of both sensors near full scale");
	else if (white[EYE_LIGHT].light > DIM_FLOOR ||
		 white[EYE_CLEAR].light > DIM_FLOOR)
		gh_probe_put(out, SENSOR_RATIO,
			     white[EYE_CLEAR].light / white[EYE_LIGHT].light);
	else
		gh_probe_unknown(out, SENSOR_RATIO, GH_REASON_NO_SENSOR,
				 "too little white to compare two sensors");
	if (white[EYE_LIGHT].is_clipped)
		gh_probe_unknown(out, LIGHT, GH_REASON_SATURATED,
				 "photodiode near full scale");
}

static void refuse(const struct gh_probe_in *in, struct gh_probe_out *out,
		   unsigned metric, const char *note)
{
	const struct gh_rig *rig = gh_recording_rig(in->rec);

	if (metric != COLOUR) {
		gh_probe_unknown(out, metric, GH_REASON_SENSOR_SUSPECT, "%s",
				 note);
		return;
	}
	for (unsigned k = 0; k < rig->n_looks; k++)
		gh_probe_unknown_instance(out, COLOUR, rig->looks[k].name,
					  GH_REASON_SENSOR_SUSPECT, "%s", note);
}

/* Puts core.dark; true when the room outshines the measurement. */
static bool put_dark(const struct view *view, struct gh_probe_out *out)
{
	double dark = NAN, brightest = 0.0;

	for (unsigned c = 0; c < CHANNELS; c++) {
		const struct sight *s = &view->alone[c][EYE_CLEAR];

		if (!view->has_alone[c] || !(s->light + s->dark > brightest))
			continue;
		brightest = s->light + s->dark;
		dark = s->dark;
	}
	gh_probe_put(out, DARK, dark / brightest);
	return dark > ROOM_FLOOR && dark > ROOM_SHARE * brightest;
}

static bool is_colour_suspect(const struct gh_probe_in *in,
			      char note[GH_NOTE_CAP])
{
	for (unsigned eye = EYE_RED; eye <= EYE_CLEAR; eye++)
		if (gh_probe_is_suspect(in, eyes[eye], note))
			return true;
	return false;
}

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	struct view *view = gh_arena_take(in->tmp, 1, sizeof *view);
	char note[GH_NOTE_CAP];

	(void)err;
	look_around(in, view);
	put_levels(view, out);
	put_colours(view, out);
	put_superposition(view, out);
	put_white(view, out);
	if (put_dark(view, out))
		for (unsigned i = 0; i < ROWS; i++)
			if (i != DARK)
				refuse(in, out, i,
				       "room light: dark frames too bright");
	if (is_colour_suspect(in, note)) {
		for (unsigned i = LEVEL; i <= DARK; i++)
			refuse(in, out, i, note);
		refuse(in, out, SENSOR_RATIO, note);
	}
	if (gh_probe_is_suspect(in, GH_Q_LIGHT, note)) {
		refuse(in, out, LIGHT, note);
		refuse(in, out, SENSOR_RATIO, note);
	}
	return GH_OK;
}

const struct gh_probe gh_probe_core_light = {
	.name = "core_light",
	.title = "Light of the core",
	.kind = GH_PART_CORE,
	.metrics = metrics,
	.run = run,
};
