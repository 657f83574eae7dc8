/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flow_single_seen - what the recording of one part shows beside the metrics of
 * the probes: who answered, and the current over the angle.
 */
#include "cli/flow_state.h" /* struct gh_flow */

#include "base/arena.h"	   /* struct gh_arena */
#include "cli/curve.h"	   /* gh_curve_current */
#include "measure/angle.h" /* gh_deg */

#include <math.h>
#include <stdio.h>

/* A lamp that is switched has settled: measurement.md section 4.1. */
#define LIT_SETTLE_US 150000
/* Light that a lamp must add, of the sensor's full scale: guess, five times
 * the noise of one reading of a healthy photodiode in the simulator. */
#define LIT_LEAST 0.01

enum { SPANS = 1024 };
_Static_assert((int)GH_CURVE_BINS <= (int)GH_SINGLE_BINS, "all bins are shown");

/* ---- The current over the angle ------------------------------------------ */

static void say_curve(const struct gh_flow *f, struct gh_arena *tmp,
		      struct gh_single_view *view)
{
	struct gh_curve *c = gh_arena_take(tmp, 1, sizeof *c);

	gh_curve_current(f->ran.rec, f->single.part, tmp, c);
	for (unsigned b = 0; b < GH_CURVE_BINS; b++)
		if (!isnan(c->y[0][b]) || !isnan(c->y[1][b]))
			view->curve[view->n_curve++] = (struct gh_single_bin){
				c->x0 + b * c->step, c->y[0][b], c->y[1][b]
			};
}

/* ---- Who answered -------------------------------------------------------- */

static double travel_deg(const struct gh_flow *f, int part, gh_us begin,
			 gh_us end, struct gh_arena *tmp)
{
	const struct gh_recording *rec = f->ran.rec;
	const struct gh_series s =
		gh_recording_series(rec,
				    gh_recording_find(rec, part, GH_Q_POSITION),
				    begin, end, tmp);
	double lo = INFINITY, hi = -INFINITY;

	for (size_t i = 0; i < s.n; i++) {
		lo = fmin(lo, s.v[i]);
		hi = fmax(hi, s.v[i]);
	}
	return s.n > 0 ? gh_deg(hi - lo) : NAN;
}

/* The joint that moved in its place, NULL: none. */
static const char *moved_instead(const struct gh_flow *f)
{
	const struct gh_rig *rig = f->rig;
	const int own = rig->parts[f->single.part].joint;

	for (int j = 0; j < (int)rig->n_joints; j++)
		if (j != own && (f->ran.silent >> j & 1))
			return rig->parts[rig->joints[j].part].name;
	return NULL;
}

static void say_joint(const struct gh_flow *f, const struct gh_span *spans,
		      size_t n, struct gh_arena *tmp,
		      struct gh_single_view *view)
{
	const char *name = f->rig->parts[f->single.part].name;
	const int own = f->rig->parts[f->single.part].joint;
	const char *other = moved_instead(f);
	const double deg = travel_deg(f, f->single.part, spans[0].begin,
				      spans[n - 1].end, tmp);

	view->answer = GH_ANSWER_UNSEEN;
	if (f->ran.silent >> own & 1)
		view->answer = GH_ANSWER_NO;
	else if (isfinite(deg))
		view->answer = GH_ANSWER_YES;
	if (view->answer == GH_ANSWER_UNSEEN)
		snprintf(view->said, sizeof view->said,
			 "nothing measures the angle of %s: look whether it "
			 "moved",
			 name);
	else if (other)
		snprintf(view->said, sizeof view->said,
			 "%s was asked to move and %s moved: swapped?", name,
			 other);
	else
		snprintf(view->said, sizeof view->said,
			 "%s %s: it moved %.1f deg", name,
			 view->answer == GH_ANSWER_YES ? "answers"
						       : "does not answer",
			 isfinite(deg) ? deg : 0.0);
}

/* Mean light over all spans of an exercise, NAN: none seen. */
static double mean_light(const struct gh_flow *f, enum gh_exercise exercise,
			 struct gh_arena *tmp)
{
	const struct gh_recording *rec = f->ran.rec;
	const int light = gh_recording_find(rec, f->single.part, GH_Q_LIGHT);
	const int clear =
		gh_recording_find(rec, f->single.part, GH_Q_COLOUR_CLEAR);
	struct gh_span *spans = gh_arena_take(tmp, SPANS, sizeof *spans);
	const size_t n = gh_recording_spans(rec, f->single.part, exercise,
					    GH_REPEAT_ALL, spans, SPANS);
	double sum = 0.0;
	size_t seen = 0;

	for (size_t i = 0; i < n; i++) {
		const struct gh_series s =
			gh_recording_series(rec, light >= 0 ? light : clear,
					    spans[i].begin + LIT_SETTLE_US,
					    spans[i].end, tmp);

		for (size_t k = 0; k < s.n; k++)
			sum += s.v[k];
		seen += s.n;
	}
	return seen > 0 ? sum / (double)seen : NAN;
}

static void say_lamp(const struct gh_flow *f, struct gh_arena *tmp,
		     struct gh_single_view *view)
{
	const char *name = f->rig->parts[f->single.part].name;
	const double lit = mean_light(f, GH_EX_SPOT, tmp);
	const double dark = mean_light(f, GH_EX_DARK, tmp);

	view->answer = GH_ANSWER_UNSEEN;
	if (!isfinite(lit - dark)) {
		snprintf(view->said, sizeof view->said,
			 "nothing measures the light of %s: look whether it "
			 "blinked",
			 name);
		return;
	}
	view->answer = lit - dark > LIT_LEAST ? GH_ANSWER_YES : GH_ANSWER_NO;
	snprintf(view->said, sizeof view->said,
		 "%s %s: its sensor sees %.1f %% dark, %.1f %% lit", name,
		 view->answer == GH_ANSWER_YES ? "answers" : "does not answer",
		 100.0 * dark, 100.0 * lit);
}

static void say_answer(const struct gh_flow *f, struct gh_arena *tmp,
		       struct gh_single_view *view)
{
	struct gh_span *spans = gh_arena_take(tmp, SPANS, sizeof *spans);
	const size_t n =
		gh_recording_spans(f->ran.rec, f->single.part, GH_EX_IDENTITY,
				   GH_REPEAT_ALL, spans, SPANS);

	if (n > 0)
		say_joint(f, spans, n, tmp, view);
	else if (f->single.kind == GH_SINGLE_IDENTIFY)
		say_lamp(f, tmp, view);
}

struct look {
	const struct gh_flow *f;
	struct gh_single_view *view;
	struct gh_arena tmp;
};

static void look(void *self)
{
	struct look *l = self;

	say_answer(l->f, &l->tmp, l->view);
	if (l->f->single.kind == GH_SINGLE_SWEEP && l->f->req.single->curve)
		say_curve(l->f, &l->tmp, l->view);
}

enum gh_status flow_single_look(const struct gh_flow *f,
				struct gh_single_view *view, struct gh_err *err)
{
	struct look l = { .f = f, .view = view };
	const bool seen = gh_arena_try(&l.tmp, look, &l);

	gh_arena_finish(&l.tmp);
	if (seen)
		return GH_OK;
	return gh_fail(err, GH_NOMEM,
		       "no memory to work out what was recorded");
}
