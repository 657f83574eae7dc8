/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * core_light - the light of the core: each colour alone, and the looks the
 * audience sees. A dying driver takes one channel down, a dirty window all of
 * them, and "sickly yellow" is blue that is missing. Light frames stand between
 * dark ones, so that the room, and its drift, can be taken off.
 *
 * Two sensors look at the core. When the colour sensor falls against the
 * photodiode it is the sensor that ails, not the lamp: core.sensor_ratio.
 * Formulas, minima and priors: measurement.md section 4. White's own colour,
 * core.white_hue, tells a yellow window from a blue channel that is lost.
 */
#include <math.h>

#include "engine/lit.h"	    /* gh_lit_state */
#include "engine/probe.h"   /* struct gh_probe, gh_probe_put */
#include "judge/metric.h"   /* struct gh_metric */
#include "measure/colour.h" /* gh_colour_xyz, gh_colour_dominant */

/* Paler than this the wavelength of a look says little: assumed. */
#define PALE 0.05

enum { CHANNELS = 4 };
enum { EYE_RED, EYE_GREEN, EYE_BLUE, EYE_CLEAR, EYE_LIGHT, EYES };
enum {
	LEVEL, /* one per channel */
	COLOUR = LEVEL + CHANNELS,
	SUPERPOSITION,
	DARK,
	LIGHT,
	SENSOR_RATIO,
	DOMWL,
	PURITY,
	WHITE_HUE,
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

/*
 * Sensor_ratio's row is assumed: blue lost moves it 4 %, a sensor 30 %. So are
 * the priors of hue and purity.
 */
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
	[DOMWL] = { .id = "core.domwl_*",
		    .version = 1,
		    .unit = GH_UNIT_NANOMETRE,
		    .meaning = "hue of the look; below 0 complementary",
		    .role = GH_ROLE_WATCH,
		    .spread = GH_SPREAD_ABSOLUTE,
		    .min_abs = 3.0,
		    .prior = 1.0,
		    .resolution = 0.1,
		    .hard = GH_NO_HARD,
		    .needs = { LOOKS, RGB, 0.0, true } },
	[PURITY] = { .id = "core.purity_*",
		     .version = 1,
		     .unit = GH_UNIT_ONE,
		     .meaning = "how far from white the look is",
		     .role = GH_ROLE_WATCH,
		     .spread = GH_SPREAD_ABSOLUTE,
		     .min_abs = 0.03,
		     .prior = 0.005,
		     .resolution = 0.001,
		     .hard = GH_NO_HARD,
		     .needs = { LOOKS, RGB, 0.0, true } },
	[WHITE_HUE] = { .id = "core.white_hue",
			.version = 1,
			.unit = GH_UNIT_ONE,
			.meaning = "blue over red in white alone",
			.role = GH_ROLE_WATCH,
			.min_share = 0.05,
			.prior = 0.01,
			.resolution = 0.001,
			.hard = GH_NO_HARD,
			.needs = { ALONE,
				   1u << GH_Q_COLOUR_RED |
					   1u << GH_Q_COLOUR_BLUE,
				   0.0, true } },
	{ 0 }
};

struct view {
	const struct gh_probe_in *in;
	struct gh_darkness dark[EYES];
	struct gh_lit alone[CHANNELS][EYES], look[GH_RIG_LOOKS][EYES];
	bool has_alone[CHANNELS], has_look[GH_RIG_LOOKS];
	double drive_alone[CHANNELS], drive_look[GH_RIG_LOOKS][CHANNELS];
};

static void look_at(const struct view *view, enum gh_exercise exercise, int arg,
		    struct gh_lit seen[EYES])
{
	for (unsigned eye = 0; eye < EYES; eye++)
		seen[eye] = gh_lit_state(view->in, eyes[eye], &view->dark[eye],
					 exercise, arg);
}

static void look_around(const struct gh_probe_in *in, struct view *view)
{
	const struct gh_rig *rig = gh_recording_rig(in->rec);
	struct gh_span spans[GH_LIT_SPANS];
	size_t n;

	view->in = in;
	for (unsigned eye = 0; eye < EYES; eye++)
		gh_lit_darkness(in, eyes[eye], &view->dark[eye]);
	n = gh_probe_spans(in, GH_EX_CHANNEL, spans, GH_LIT_SPANS);
	for (size_t i = 0; i < n; i++) {
		const int c = spans[i].arg;

		if (c < 0 || c >= CHANNELS || view->has_alone[c])
			continue;
		view->has_alone[c] = true;
		view->drive_alone[c] = spans[i].drive[c];
		look_at(view, GH_EX_CHANNEL, c, view->alone[c]);
	}
	n = gh_probe_spans(in, GH_EX_LOOK, spans, GH_LIT_SPANS);
	for (size_t i = 0; i < n; i++) {
		const int k = spans[i].arg;

		if (k < 0 || (unsigned)k >= rig->n_looks || view->has_look[k])
			continue;
		view->has_look[k] = true;
		for (int c = 0; c < CHANNELS; c++)
			view->drive_look[k][c] = spans[i].drive[c];
		look_at(view, GH_EX_LOOK, k, view->look[k]);
	}
}

static void put_levels(const struct view *view, struct gh_probe_out *out)
{
	for (unsigned c = 0; c < CHANNELS; c++) {
		const struct gh_lit *s = &view->alone[c][c];

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

/* Hue and purity of one look, in words that people use of colours. */
static void put_hue(const double xyz[3], const char *look,
		    struct gh_probe_out *out)
{
	struct gh_hue hue;
	double xy[2];

	gh_colour_xy(xyz, xy);
	hue = gh_colour_dominant(xy, gh_colour_d65);
	gh_probe_put_instance(out, PURITY, look,
			      (double[3]){ hue.purity, NAN, NAN });
	if (hue.purity >= PALE && hue.is_sharp)
		gh_probe_put_instance(out, DOMWL, look,
				      (double[3]){ hue.nm, NAN, NAN });
	else
		gh_probe_unknown_instance(out, DOMWL, look,
					  GH_REASON_NOT_COMPUTABLE,
					  "this colour has no clear hue");
}

static void refuse_look(struct gh_probe_out *out, const char *look,
			enum gh_reason reason, const char *note)
{
	static const unsigned of_look[] = { COLOUR, DOMWL, PURITY };

	for (size_t i = 0; i < GH_ARRAY_SIZE(of_look); i++)
		gh_probe_unknown_instance(out, of_look[i], look, reason, "%s",
					  note);
}

static void put_colours(const struct view *view, struct gh_probe_out *out)
{
	const struct gh_rig *rig = gh_recording_rig(view->in->rec);

	for (unsigned k = 0; k < rig->n_looks; k++) {
		const struct gh_lit *s = view->look[k];
		const char *name = rig->looks[k].name;
		const double rgb[3] = { s[EYE_RED].light, s[EYE_GREEN].light,
					s[EYE_BLUE].light };
		double xyz[3];

		if (!view->has_look[k])
			continue;
		gh_colour_xyz(rgb, xyz);
		gh_probe_put_instance(out, COLOUR, name, xyz);
		put_hue(xyz, name, out);
		if (s[EYE_RED].is_clipped || s[EYE_GREEN].is_clipped ||
		    s[EYE_BLUE].is_clipped)
			refuse_look(out, name, GH_REASON_SATURATED,
				    "colour sensor near full scale");
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

static void put_white_hue(const struct gh_lit *white, struct gh_probe_out *out)
{
	if (white[EYE_RED].is_clipped || white[EYE_BLUE].is_clipped)
		gh_probe_unknown(out, WHITE_HUE, GH_REASON_SATURATED,
				 "colour sensor near full scale");
	else if (white[EYE_RED].light > GH_LIT_DIM)
		gh_probe_put(out, WHITE_HUE,
			     white[EYE_BLUE].light / white[EYE_RED].light);
	else
		gh_probe_unknown(out, WHITE_HUE, GH_REASON_NOT_COMPUTABLE,
				 "too little white to see its colour");
}

/*
 * White alone, the same light for both eyes: with other light the ratio would
 * follow the colour, and a lost blue would pass for a broken sensor.
 */
static void put_white(const struct view *view, struct gh_probe_out *out)
{
	const struct gh_lit *white = view->alone[CHANNELS - 1];

	if (!view->has_alone[CHANNELS - 1]) {
		static const unsigned of_white[] = { LIGHT, SENSOR_RATIO,
						     WHITE_HUE };

		for (size_t i = 0; i < GH_ARRAY_SIZE(of_white); i++)
			gh_probe_unknown(out, of_white[i],
					 GH_REASON_NOT_IN_PROFILE,
					 "white was never lit alone");
		return;
	}
	put_white_hue(white, out);
	gh_probe_put(out, LIGHT, white[EYE_LIGHT].light);
	if (white[EYE_LIGHT].is_clipped || white[EYE_CLEAR].is_clipped)
		gh_probe_unknown(out, SENSOR_RATIO, GH_REASON_SATURATED,
				 "one of both sensors near full scale");
	else if (white[EYE_LIGHT].light > GH_LIT_DIM ||
		 white[EYE_CLEAR].light > GH_LIT_DIM)
		gh_probe_put(out, SENSOR_RATIO,
			     white[EYE_CLEAR].light / white[EYE_LIGHT].light);
	else
		gh_probe_unknown(out, SENSOR_RATIO, GH_REASON_NO_SENSOR,
				 "too little white to compare two sensors");
	if (white[EYE_LIGHT].is_clipped)
		gh_probe_unknown(out, LIGHT, GH_REASON_SATURATED,
				 "photodiode near full scale");
}

static bool is_of_looks(unsigned metric)
{
	return metric == COLOUR || metric == DOMWL || metric == PURITY;
}

/* All that rests on the colour sensor, but core.dark. */
static void refuse_colours(const struct view *view, struct gh_probe_out *out,
			   enum gh_reason reason, const char *note)
{
	const struct gh_rig *rig = gh_recording_rig(view->in->rec);

	for (unsigned k = 0; k < rig->n_looks; k++)
		refuse_look(out, rig->looks[k].name, reason, note);
	for (unsigned i = 0; i < ROWS; i++)
		if (!is_of_looks(i) && i != DARK && i != LIGHT)
			gh_probe_unknown(out, i, reason, "%s", note);
}

/* Puts core.dark; true when the room outshines the measurement. */
static bool put_dark(const struct view *view, struct gh_probe_out *out)
{
	double dark = NAN, brightest = 0.0;

	for (unsigned c = 0; c < CHANNELS; c++) {
		const struct gh_lit *s = &view->alone[c][EYE_CLEAR];

		if (!view->has_alone[c] || !(s->light + s->dark > brightest))
			continue;
		brightest = s->light + s->dark;
		dark = s->dark;
	}
	gh_probe_put(out, DARK, dark / brightest);
	return gh_lit_is_drowned(dark, brightest);
}

static enum gh_reason is_colour_suspect(const struct gh_probe_in *in,
					char note[GH_NOTE_CAP])
{
	enum gh_reason reason = GH_REASON_NONE;

	for (unsigned eye = EYE_RED;
	     eye <= EYE_CLEAR && reason == GH_REASON_NONE; eye++)
		reason = gh_probe_is_suspect(in, eyes[eye], note);
	return reason;
}

/* What is put is not believed when an eye, or the room, is not to be. */
static void doubt(const struct view *view, struct gh_probe_out *out,
		  bool is_drowned)
{
	static const char room[] = "room light: dark frames too bright";
	char note[GH_NOTE_CAP];
	enum gh_reason reason;

	if (is_drowned) {
		refuse_colours(view, out, GH_REASON_AMBIENT, room);
		gh_probe_unknown(out, LIGHT, GH_REASON_AMBIENT, room);
	}
	reason = is_colour_suspect(view->in, note);
	if (reason != GH_REASON_NONE) {
		refuse_colours(view, out, reason, note);
		gh_probe_unknown(out, DARK, reason, "%s", note);
	}
	reason = gh_probe_is_suspect(view->in, GH_Q_LIGHT, note);
	if (reason != GH_REASON_NONE) {
		gh_probe_unknown(out, LIGHT, reason, "%s", note);
		gh_probe_unknown(out, SENSOR_RATIO, reason, "%s", note);
	}
}

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	struct view *view = gh_arena_take(in->tmp, 1, sizeof *view);

	(void)err;
	look_around(in, view);
	put_levels(view, out);
	put_colours(view, out);
	put_superposition(view, out);
	put_white(view, out);
	doubt(view, out, put_dark(view, out));
	return GH_OK;
}

const struct gh_probe gh_probe_core_light = {
	.name = "core_light",
	.title = "Light of the core",
	.kind = GH_PART_CORE,
	.metrics = metrics,
	.run = run,
};
