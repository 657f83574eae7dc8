/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/fibres.h"

#include "measure/stats.h" /* gh_mean, gh_median */

#include <math.h>

/* Broken: measurement.md section 4.3, fibre.rel. */
#define GONE 0.1
/*
 * Bundles within this factor of the median are a measure for each other. A
 * median alone jumps by half a gap between neighbours when one bundle breaks,
 * which is 7 % of 8 bundles that differ by 12 %; their mean moves by a seventh
 * of how far the lost one was from it. Assumed.
 */
#define LIKE 2.0

enum { RED = 0, BLUE = 2, CHANNELS = 4 };

/* What one eye saw of the core's channels, each alone. */
struct sight {
	double light[CHANNELS];
	double dark;
	bool is_clipped, is_in_doubt;
};

static struct sight look(const struct gh_probe_in *in, enum gh_quantity what)
{
	struct gh_darkness dark;
	struct sight s = { { 0 }, 0.0, false, false };

	gh_lit_darkness(in, what, &dark);
	for (int c = 0; c < CHANNELS; c++) {
		const struct gh_lit lit =
			gh_lit_state(in, what, &dark, GH_EX_CHANNEL, c);

		s.light[c] = lit.light;
		s.is_clipped = s.is_clipped || lit.is_clipped;
	}
	s.dark = gh_lit_state(in, what, &dark, GH_EX_CHANNEL, GH_LIT_ANY).dark;
	return s;
}

/* The core by its own eyes. */
static struct sight look_at_core(const struct gh_probe_in *in)
{
	static const enum gh_quantity eyes[] = { GH_Q_LIGHT,
						 GH_Q_COLOUR_CLEAR };
	const int core =
		gh_rig_first_part(gh_recording_rig(in->rec), GH_PART_CORE);
	char note[GH_NOTE_CAP];
	bool is_in_doubt = false;

	for (size_t i = 0; core != GH_RIG_NONE && i < GH_ARRAY_SIZE(eyes);
	     i++) {
		const struct gh_probe_in of_core = gh_lit_of(in, core);
		struct sight seen;

		if (gh_recording_find(in->rec, core, eyes[i]) < 0)
			continue;
		if (gh_probe_is_suspect(&of_core, eyes[i], note) !=
		    GH_REASON_NONE) {
			is_in_doubt = true;
			continue;
		}
		seen = look(&of_core, eyes[i]);
		/* Another eye sees colours otherwise than the usual one. */
		seen.is_in_doubt = is_in_doubt || seen.is_clipped;
		return seen;
	}
	return (struct sight){
		{ 1.0, 1.0, 1.0, 1.0 }, 0.0, false, is_in_doubt
	};
}

static struct gh_fibre compare(int part, const struct sight *end,
			       const struct sight *core)
{
	double light = 0.0, ref = 0.0;
	unsigned n = 0;

	for (int c = 0; c < CHANNELS; c++) {
		if (isnan(end->light[c] + core->light[c]))
			continue;
		light += end->light[c];
		ref += core->light[c];
		n++;
	}
	return (struct gh_fibre){
		.part = part,
		.lit = light / n,
		.passes = ref > GH_LIT_DIM ? light / ref : NAN,
		.red = core->light[RED] > GH_LIT_DIM
			       ? end->light[RED] / core->light[RED]
			       : NAN,
		.blue = core->light[BLUE] > GH_LIT_DIM
				? end->light[BLUE] / core->light[BLUE]
				: NAN,
		.dark = end->dark,
		.is_clipped = end->is_clipped,
		.is_ref_in_doubt = core->is_in_doubt,
	};
}

size_t gh_fibres_read(const struct gh_probe_in *in, struct gh_fibre *out,
		      size_t cap)
{
	const struct gh_rig *rig = gh_recording_rig(in->rec);
	const struct sight core = look_at_core(in);
	char note[GH_NOTE_CAP];
	size_t n = 0;

	for (unsigned i = 0; i < rig->n_parts && n < cap; i++) {
		const struct gh_probe_in of_end = gh_lit_of(in, (int)i);
		struct sight end;

		if (rig->parts[i].kind != GH_PART_FIBRE ||
		    gh_recording_find(in->rec, (int)i, GH_Q_LIGHT) < 0)
			continue;
		end = look(&of_end, GH_Q_LIGHT);
		out[n] = compare((int)i, &end, &core);
		out[n++].is_suspect =
			gh_probe_is_suspect(&of_end, GH_Q_LIGHT, note) !=
			GH_REASON_NONE;
	}
	return n;
}

/* What others are measured by: bundles that show light at all. */
static size_t living(const struct gh_fibre *fibres, size_t n, double *passes,
		     double *lit)
{
	double most = 0.0;
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		most = fibres[i].is_suspect ? most : fmax(most, fibres[i].lit);
	for (size_t i = 0; i < n; i++) {
		if (fibres[i].is_suspect || !(fibres[i].lit > GONE * most))
			continue;
		passes[kept] = fibres[i].passes;
		lit[kept++] = fibres[i].lit;
	}
	return kept;
}

/* Mean of what is like most of them, NAN where there is none; sorts them. */
static double typical(double *x, size_t n)
{
	double like[GH_RIG_PARTS];
	const double middle = gh_median(x, n);
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (x[i] < LIKE * middle && x[i] * LIKE > middle)
			like[kept++] = x[i];
	return gh_mean(like, kept);
}

void gh_fibres_typical(const struct gh_fibre *fibres, size_t n, double *passes,
		       double *lit)
{
	double all_pass[GH_RIG_PARTS], all_lit[GH_RIG_PARTS];
	const size_t kept = living(fibres, n, all_pass, all_lit);

	*passes = typical(all_pass, kept);
	*lit = typical(all_lit, kept);
}
