/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * part_curves - what the stored recording of a run shows of a part, beside
 * those of the runs that its baseline is made of: the current and the loop of a
 * joint, the breath of the core.
 */
#include "cli/part.h" /* struct gh_part_page */

#include "base/number.h" /* gh_number_text */
#include "cli/archive.h" /* gh_archive_recording */
#include "cli/curve.h"	 /* struct gh_curve */

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Runs of the baseline, the newest: what a screen waits for. */
enum { RUNS = 12, MEMBERS = 4096, CURVES = 2 };

/* One picture: how it is read, and what stands beside it. */
struct picture {
	const char *key, *title;
	gh_curve_read *read;
	const char *ways[2]; /* names of both */
	const char *x, *x_unit, *y, *y_unit;
	double factor;	      /* from y to y_unit */
	bool has_base_of_two; /* else the first way alone */
};

static const struct picture joint_pictures[] = {
	{ "current",
	  "current over position",
	  gh_curve_current,
	  { "there", "back" },
	  "angle",
	  "deg",
	  "current",
	  "mA",
	  1e3,
	  true },
	{ "loop",
	  "angle off its command, in slow reversals",
	  gh_curve_loop,
	  { "there", "back" },
	  "command",
	  "deg",
	  "off",
	  "deg",
	  1.0,
	  true },
	{ 0 }
};
static const struct picture core_pictures[] = { { "breath",
						  "light of one breath",
						  gh_curve_breath,
						  { "mean", "lowest" },
						  "time",
						  "s",
						  "light",
						  "%",
						  100.0,
						  false },
						{ 0 } };

static const struct picture *const pictures[GH_PART_KIND_COUNT] = {
	[GH_PART_JOINT] = joint_pictures,
	[GH_PART_CORE] = core_pictures,
};

struct work {
	struct gh_part_page *page;
	const struct picture *pictures;
	struct gh_recording *rec; /* of the run that is read */
	int part;
	struct gh_arena tmp;
	struct gh_curve now[CURVES], one[CURVES];
	struct gh_curves base[CURVES];
	unsigned base_runs; /* whose recordings are there */
};

/* ---- Reading ------------------------------------------------------------------*/

static void read_pictures(void *self)
{
	struct work *w = self;

	for (unsigned i = 0; w->pictures[i].key; i++)
		w->pictures[i].read(w->rec, w->part, &w->tmp, &w->one[i]);
}

static enum gh_status read_rows(struct work *w, int64_t run,
				const struct gh_store_recording *rows,
				struct gh_rig *rig, struct gh_err *err)
{
	struct gh_archive_end end;
	char name[48];
	enum gh_status st;

	snprintf(name, sizeof name, "rig of run %lld", (long long)run);
	st = gh_rig_parse(rig, name, rows->rig_text, rows->rig_bytes, err);
	if (st != GH_OK)
		return gh_fail_prefix(err, "stored run");
	w->part =
		gh_rig_find_part(rig, w->page->run->parts[w->page->part].name);
	if (w->part == GH_RIG_NONE)
		return gh_fail(err, GH_NODATA, "that run has no such part");
	st = gh_archive_recording(rows, rig, &w->rec, &end, err);
	if (st != GH_OK)
		return st;
	if (!gh_arena_try(&w->tmp, read_pictures, w))
		st = gh_fail(err, GH_NOMEM, "no memory for a recording");
	gh_arena_reset(&w->tmp);
	gh_recording_destroy(w->rec);
	w->rec = NULL;
	return st;
}

/* Into one[]. GH_NODATA: that run has no recording of it. */
static enum gh_status read_run(struct work *w, int64_t run, struct gh_err *err)
{
	struct gh_store_recording rows = { 0 };
	struct gh_rig *rig = calloc(1, sizeof *rig);
	enum gh_status st;

	if (!rig)
		return gh_fail(err, GH_NOMEM, "no memory for a rig");
	st = gh_store_get_part(w->page->store, run,
			       w->page->run->parts[w->page->part].name, &rows,
			       err);
	if (st == GH_OK)
		st = read_rows(w, run, &rows, rig, err);
	gh_store_recording_free(&rows);
	free(rig);
	return st;
}

static enum gh_status read_member(struct work *w, int64_t run,
				  struct gh_err *err)
{
	const enum gh_status st = read_run(w, run, err);

	if (st == GH_NODATA)
		return GH_OK;
	if (st != GH_OK)
		return st;
	w->base_runs++;
	for (unsigned i = 0; w->pictures[i].key; i++)
		gh_curves_add(&w->base[i], &w->one[i]);
	return GH_OK;
}

/*
 * That very baseline is here: a run that was imported was judged by one of
 * another database, and this one may have another of the same name.
 */
static enum gh_status has_baseline(const struct work *w, bool *has,
				   struct gh_err *err)
{
	const struct gh_run_info *info = &w->page->run->info;
	struct gh_baseline_info here;
	const enum gh_status st = gh_store_baseline_find(
		w->page->store, info->baseline_name, NULL, &here, err);

	*has = st == GH_OK && strcmp(here.sha256, info->baseline_sha256) == 0;
	return st == GH_NODATA ? GH_OK : st;
}

/* A run that is itself in the baseline is not held against itself. */
static enum gh_status read_baseline(struct work *w, struct gh_err *err)
{
	const struct gh_run_info *info = &w->page->run->info;
	int64_t *runs = calloc(MEMBERS, sizeof *runs);
	enum gh_status st;
	bool has = false;
	size_t n = 0;

	if (!runs)
		return gh_fail(err, GH_NOMEM, "no memory for a baseline");
	st = has_baseline(w, &has, err);
	if (st == GH_OK && has)
		st = gh_store_baseline_runs(w->page->store, info->baseline_name,
					    runs, MEMBERS, &n, err);
	for (size_t i = n > RUNS ? n - RUNS : 0; st == GH_OK && i < n; i++)
		if (runs[i] != info->run)
			st = read_member(w, runs[i], err);
	free(runs);
	return st;
}

/* ---- Drawing ------------------------------------------------------------------*/

/* The bins that anybody has seen. */
static bool seen_bins(const struct work *w, unsigned i, unsigned *first,
		      unsigned *n)
{
	unsigned last = 0;

	*first = GH_CURVE_BINS;
	for (unsigned b = 0; b < GH_CURVE_BINS; b++)
		for (unsigned way = 0; way < 2; way++) {
			if (isnan(w->now[i].y[way][b]) &&
			    w->base[i].n[way][b] == 0)
				continue;
			*first = b < *first ? b : *first;
			last = b;
		}
	*n = *first < GH_CURVE_BINS ? last - *first + 1 : 0;
	return *n > 0;
}

/* From bins to points of one series. */
struct points {
	double x[GH_CURVE_BINS], y[GH_CURVE_BINS];
	unsigned first, n;
};

static void add_now(struct gh_plot *plot, const struct work *w, unsigned i,
		    struct points *at)
{
	const struct picture *pic = &w->pictures[i];
	char name[GH_PLOT_NAME];

	for (unsigned way = 0; way < 2; way++) {
		for (unsigned b = 0; b < at->n; b++)
			at->y[b] =
				pic->factor * w->now[i].y[way][at->first + b];
		if (way == 0)
			snprintf(name, sizeof name, "run %lld %s",
				 (long long)w->page->run->info.run,
				 pic->ways[0]);
		else
			gh_copy_text(name, sizeof name, pic->ways[1]);
		gh_plot_add(plot, name, GH_PLOT_NOW, at->x, at->y, at->n);
	}
}

enum edge { MEAN, LOWEST, HIGHEST };

static double edge_of(const struct gh_curves *c, enum edge edge, unsigned way,
		      unsigned b)
{
	if (edge == MEAN || c->n[way][b] == 0)
		return gh_curves_mean(c, way, b);
	return edge == LOWEST ? c->lo[way][b] : c->hi[way][b];
}

static void add_base(struct gh_plot *plot, const struct work *w, unsigned i,
		     struct points *at, unsigned way, enum edge edge)
{
	static const enum gh_plot_role roles[] = { GH_PLOT_BASELINE,
						   GH_PLOT_BAND_LO,
						   GH_PLOT_BAND_HI };
	char name[GH_PLOT_NAME] = "their range";

	for (unsigned b = 0; b < at->n; b++)
		at->y[b] = w->pictures[i].factor *
			   edge_of(&w->base[i], edge, way, at->first + b);
	if (edge == MEAN)
		snprintf(name, sizeof name, "%.24s, %u run%s",
			 w->page->run->info.baseline_name, w->base_runs,
			 w->base_runs == 1 ? "" : "s");
	gh_plot_add(plot, name, roles[edge], at->x, at->y, at->n);
}

static bool put_plot(struct work *w, unsigned i)
{
	const struct picture *pic = &w->pictures[i];
	const unsigned ways = pic->has_base_of_two ? 2 : 1;
	struct points at;
	struct gh_plot *plot;

	if (!seen_bins(w, i, &at.first, &at.n))
		return true;
	plot = gh_part_plot(w->page, pic->key, (size_t)GH_PLOT_SERIES * at.n);
	if (!plot)
		return false;
	gh_copy_text(plot->title, sizeof plot->title, pic->title);
	plot->x = (struct gh_plot_axis){ "", "" };
	gh_copy_text(plot->x.label, sizeof plot->x.label, pic->x);
	gh_copy_text(plot->x.unit, sizeof plot->x.unit, pic->x_unit);
	gh_copy_text(plot->y.label, sizeof plot->y.label, pic->y);
	gh_copy_text(plot->y.unit, sizeof plot->y.unit, pic->y_unit);
	for (unsigned b = 0; b < at.n; b++)
		at.x[b] = w->now[i].x0 + (at.first + b) * w->now[i].step;
	add_now(plot, w, i, &at);
	for (unsigned way = 0; w->base_runs > 0 && way < ways; way++)
		add_base(plot, w, i, &at, way, MEAN);
	for (unsigned way = 0; w->base_runs > 1 && way < ways; way++) {
		add_base(plot, w, i, &at, way, LOWEST);
		add_base(plot, w, i, &at, way, HIGHEST);
	}
	return true;
}

/* ---- What is told of it -------------------------------------------------------*/

struct peak {
	double value, at; /* NAN: none */
	unsigned way;
};

/* Where |value| is largest; which 0: now, 1: the baseline, 2: their distance. */
static struct peak peak_of(const struct work *w, unsigned which)
{
	const struct gh_curve *now = &w->now[0];
	struct peak best = { NAN, NAN, 0 };

	for (unsigned way = 0; way < 2; way++)
		for (unsigned b = 0; b < GH_CURVE_BINS; b++) {
			const double was = gh_curves_mean(&w->base[0], way, b);
			const double v = which == 0   ? now->y[way][b]
					 : which == 1 ? was
						      : now->y[way][b] - was;

			if (isnan(v) || fabs(v) <= fabs(best.value))
				continue;
			best = (struct peak){ v, now->x0 + b * now->step, way };
		}
	return best;
}

static void put_peak(struct gh_doc *doc, const char *value, const char *at,
		     const struct peak *p)
{
	gh_doc_fact(doc, value, GH_CELL_NUMBER, p->value * 1e3);
	gh_doc_fact(doc, at, GH_CELL_NUMBER, p->at);
}

/* Of a joint's current; the numbers are those of the plot. */
static void say_peaks(const struct work *w)
{
	const char *const *ways = w->pictures[0].ways;
	const struct peak now = peak_of(w, 0), was = peak_of(w, 1),
			  off = peak_of(w, 2);
	struct gh_doc *doc = w->page->doc;
	char base[80] = "", number[GH_NUMBER_CAP];

	put_peak(doc, "peak_ma", "peak_deg", &now);
	put_peak(doc, "peak_baseline_ma", "peak_baseline_deg", &was);
	put_peak(doc, "furthest_ma", "furthest_deg", &off);
	if (isnan(now.value))
		return;
	gh_number_text(was.value, GH_UNIT_AMPERE, number, sizeof number);
	if (isfinite(was.value))
		snprintf(base, sizeof base, "; baseline %s at %.0f deg %s",
			 number, was.at, ways[was.way]);
	gh_number_text(now.value, GH_UNIT_AMPERE, number, sizeof number);
	gh_doc_below(doc, "peak %s at %.0f deg %s%s", number, now.at,
		     ways[now.way], base);
	gh_number_signed(off.value, GH_UNIT_AMPERE, number, sizeof number);
	if (isfinite(off.value))
		gh_doc_below(doc,
			     "furthest from the baseline: %s at %.0f deg %s",
			     number, off.at, ways[off.way]);
}

static enum gh_status put_all(struct work *w, struct gh_err *err)
{
	unsigned drawn = 0;

	gh_doc_fact(w->page->doc, "curve_runs", GH_CELL_COUNT, w->base_runs);
	for (unsigned i = 0; w->pictures[i].key; i++) {
		const unsigned had = w->page->doc->n_plots;

		if (w->now[i].n > 0 && !put_plot(w, i))
			return gh_fail(err, GH_NOMEM, "no memory for a plot");
		drawn += w->page->doc->n_plots - had;
	}
	if (drawn == 0)
		gh_doc_below(w->page->doc,
			     "no curve: nothing of it was recorded in run %lld",
			     (long long)w->page->run->info.run);
	else if (w->base_runs == 0)
		gh_doc_below(w->page->doc,
			     "no recording of a baseline to lay beside it");
	if (w->pictures == joint_pictures)
		say_peaks(w);
	return GH_OK;
}

static enum gh_status work(struct work *w, struct gh_err *err)
{
	enum gh_status st = read_run(w, w->page->run->info.run, err);

	if (st == GH_NODATA) {
		gh_doc_below(w->page->doc,
			     "no curve: run %lld has no recording (it was "
			     "imported without)",
			     (long long)w->page->run->info.run);
		return GH_OK;
	}
	if (st != GH_OK)
		return st;
	memcpy(w->now, w->one, sizeof w->now);
	st = read_baseline(w, err);
	return st == GH_OK ? put_all(w, err) : st;
}

enum gh_status gh_part_curves(struct gh_part_page *p, struct gh_err *err)
{
	struct work *w;
	enum gh_status st;

	if (!pictures[p->run->parts[p->part].kind])
		return GH_OK;
	w = calloc(1, sizeof *w);
	if (!w)
		return gh_fail(err, GH_NOMEM, "no memory for the curves");
	w->page = p;
	w->pictures = pictures[p->run->parts[p->part].kind];
	st = work(w, err);
	gh_arena_finish(&w->tmp);
	free(w);
	return st;
}
