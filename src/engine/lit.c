/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/lit.h"

#include "measure/bins.h"  /* gh_interpolate: the dark between two frames */
#include "measure/stats.h" /* gh_mean */

/* Room light beyond this share of the lamp's own: section 4.3, core.dark. */
#define ROOM_SHARE 0.2
/* ... of full scale: assumed. */
#define ROOM_FLOOR 0.05

struct gh_probe_in gh_lit_of(const struct gh_probe_in *in, int part)
{
	struct gh_probe_in other = *in;

	other.part = part;
	return other;
}

struct gh_series gh_lit_frame(const struct gh_probe_in *in,
			      enum gh_quantity what, const struct gh_span *span)
{
	return gh_probe_series(in, what, span->begin + GH_LIT_SETTLE_US,
			       span->end - GH_LIT_LEAVE_US);
}

static gh_us middle(const struct gh_span *span)
{
	return span->begin + (span->end - span->begin) / 2;
}

static double seconds(gh_us at)
{
	return (double)at / GH_US_PER_S;
}

void gh_lit_darkness(const struct gh_probe_in *in, enum gh_quantity what,
		     struct gh_darkness *dark)
{
	struct gh_span spans[GH_LIT_SPANS];
	const size_t n = gh_recording_spans(in->rec, in->part, GH_EX_DARK,
					    GH_REPEAT_ALL, spans, GH_LIT_SPANS);

	dark->n = 0;
	for (size_t i = 0; i < n; i++) {
		const struct gh_series s = gh_lit_frame(in, what, &spans[i]);

		if (s.n == 0)
			continue;
		dark->t[dark->n] = seconds(middle(&spans[i]));
		dark->v[dark->n++] = gh_mean(s.v, s.n);
	}
}

double gh_lit_dark_at(const struct gh_darkness *dark, gh_us at)
{
	return gh_interpolate(dark->t, dark->v, dark->n, seconds(at));
}

struct gh_lit gh_lit_state(const struct gh_probe_in *in, enum gh_quantity what,
			   const struct gh_darkness *dark,
			   enum gh_exercise exercise, int arg)
{
	struct gh_span spans[GH_LIT_SPANS];
	const size_t n = gh_probe_spans(in, exercise, spans, GH_LIT_SPANS);
	struct gh_lit lit = { 0.0, 0.0, false };
	double seen = 0.0;

	for (size_t i = 0; i < n; i++) {
		struct gh_series s;
		double room;

		if (arg != GH_LIT_ANY && spans[i].arg != arg)
			continue;
		s = gh_lit_frame(in, what, &spans[i]);
		if (s.n == 0)
			continue;
		room = gh_lit_dark_at(dark, middle(&spans[i]));
		lit.light += gh_mean(s.v, s.n) - room;
		lit.dark += room;
		lit.is_clipped = lit.is_clipped || s.clipped > 0;
		seen += 1.0;
	}
	lit.light /= seen; /* 0 / 0 is NAN */
	lit.dark /= seen;
	return lit;
}

bool gh_lit_is_drowned(double dark, double brightest)
{
	return dark > ROOM_FLOOR && dark > ROOM_SHARE * brightest;
}

void gh_lit_doubt(const struct gh_probe_in *in, struct gh_probe_out *out,
		  bool is_drowned, bool is_clipped)
{
	char note[GH_NOTE_CAP];
	enum gh_reason reason;

	if (is_drowned)
		gh_probe_refuse_all(out, GH_REASON_AMBIENT,
				    "room light: dark frames too bright");
	if (is_clipped)
		gh_probe_refuse_all(out, GH_REASON_SATURATED,
				    "photodiode near full scale");
	reason = gh_probe_is_suspect(in, GH_Q_LIGHT, note);
	if (reason != GH_REASON_NONE)
		gh_probe_refuse_all(out, reason, note);
}
