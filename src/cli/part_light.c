/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * part_light - the core's looks side by side with the baseline's, what it drops
 * out, and all bundles of fibres as bars. Out of what was judged; no recording
 * is needed.
 */
#include "cli/part.h" /* struct gh_part_page */

#include "base/number.h"   /* gh_number_text */
#include "report/phrase.h" /* gh_phrase_state */

#include <math.h>
#include <string.h>

enum {
	LOOK,
	NOW,
	WAS,
	LIGHT,
	DISTANCE,
	LIMIT,
	STATE,
	X,
	Y,
	X_WAS,
	Y_WAS,
	DELTA_E,
	LIMIT_E,
	COLUMNS
};

static const struct gh_column columns[COLUMNS] = {
	[LOOK] = { "look", "look", GH_CELL_TEXT },
	[NOW] = { "now", "measured", GH_CELL_TEXT },
	[WAS] = { "was", "baseline", GH_CELL_TEXT },
	[LIGHT] = { "light", "light", GH_CELL_TEXT },
	[DISTANCE] = { "change", "change", GH_CELL_TEXT },
	[LIMIT] = { "limit", "limit", GH_CELL_TEXT },
	[STATE] = { "state", "verdict", GH_CELL_TEXT },
	[X] = { "x", NULL, GH_CELL_NUMBER },
	[Y] = { "y", NULL, GH_CELL_NUMBER },
	[X_WAS] = { "x_baseline", NULL, GH_CELL_NUMBER },
	[Y_WAS] = { "y_baseline", NULL, GH_CELL_NUMBER },
	[DELTA_E] = { "delta_e00", NULL, GH_CELL_NUMBER },
	[LIMIT_E] = { "limit_e00", NULL, GH_CELL_NUMBER },
};

/* ---- Looks --------------------------------------------------------------------*/

static bool is_look(const struct gh_part_page *p, const struct gh_finding *f)
{
	return f->part == (int)p->part && f->metric &&
	       f->metric->kind == GH_METRIC_COLOUR &&
	       f->state != GH_STATE_SKIPPED;
}

/* Chromaticity, which does not hang on how bright the lamp is. */
static void put_colour(const double xyz[3], struct gh_cell *text,
		       struct gh_cell *x, struct gh_cell *y)
{
	const double sum = xyz[0] + xyz[1] + xyz[2];

	x->number = sum > 0 ? xyz[0] / sum : (double)NAN;
	y->number = sum > 0 ? xyz[1] / sum : (double)NAN;
	if (sum > 0)
		snprintf(text->text, sizeof text->text, "x %.3f y %.3f",
			 x->number, y->number);
}

static void put_look(struct gh_cell *c, const struct gh_finding *f)
{
	const char *star = strchr(f->metric->id, '*');
	const char *name = star ? f->id + (star - f->metric->id) : f->id;

	gh_cell_put(&c[LOOK], name);
	put_colour(f->v, &c[NOW], &c[X], &c[Y]);
	put_colour(f->base, &c[WAS], &c[X_WAS], &c[Y_WAS]);
	if (f->base[1] > 0 && isfinite(f->v[1]))
		gh_number_change(f->v[1], f->base[1], GH_UNIT_ONE,
				 c[LIGHT].text, sizeof c->text);
	c[DELTA_E].number = f->value;
	c[LIMIT_E].number = f->limit_hi;
	if (isfinite(f->value))
		gh_number_text(f->value, f->unit, c[DISTANCE].text,
			       sizeof c->text);
	if (isfinite(f->limit_hi))
		gh_number_text(f->limit_hi, f->unit, c[LIMIT].text,
			       sizeof c->text);
	gh_cell_put(&c[STATE], gh_phrase_state(f->state));
}

static bool put_looks(struct gh_part_page *p)
{
	const struct gh_result *r = &p->run->result;
	struct gh_table *t = &p->looks;
	size_t n = 0;

	for (size_t i = 0; i < r->n_findings; i++)
		n += is_look(p, &r->findings[i]);
	*t = (struct gh_table){ .name = "looks",
				.none = "no look was measured",
				.columns = columns,
				.n_columns = COLUMNS };
	if (!gh_table_init(t, n))
		return false;
	for (size_t i = 0; i < r->n_findings; i++)
		if (is_look(p, &r->findings[i]))
			put_look(gh_table_add(t), &r->findings[i]);
	p->doc->tables[p->doc->n_tables++] = t;
	return true;
}

static void say_dropouts(struct gh_part_page *p)
{
	const struct gh_finding *rate =
		gh_part_finding(p, p->part, "pulse.sputter_rate");
	const struct gh_finding *gap =
		gh_part_finding(p, p->part, "pulse.sputter_gap");
	const double now = rate ? rate->value : (double)NAN;
	const double was = rate ? rate->expected : (double)NAN;
	char base[40] = "";

	gh_doc_fact(p->doc, "dropouts_per_s", GH_CELL_NUMBER, now);
	gh_doc_fact(p->doc, "dropouts_per_s_baseline", GH_CELL_NUMBER, was);
	gh_doc_fact(p->doc, "longest_dropout_ms", GH_CELL_NUMBER,
		    gap ? gap->value : (double)NAN);
	if (isfinite(was))
		snprintf(base, sizeof base, "; baseline %.3g a second", was);
	if (!isfinite(now))
		gh_doc_below(p->doc, "dropouts: not measured");
	else if (gap && gap->value > 0)
		gh_doc_below(p->doc,
			     "dropouts: %.3g a second, longest %.0f ms%s", now,
			     gap->value, base);
	else
		gh_doc_below(p->doc, "dropouts: %.3g a second%s", now, base);
}

/* ---- Fibres -------------------------------------------------------------------*/

struct bars {
	double x[GH_PLOT_MARKS], now[GH_PLOT_MARKS], was[GH_PLOT_MARKS],
		limit[GH_PLOT_MARKS];
	unsigned part[GH_PLOT_MARKS];
	size_t n;
	bool has_was;
};

static void gather(const struct gh_part_page *p, struct bars *b)
{
	for (unsigned i = 0; i < p->run->n_parts && b->n < GH_PLOT_MARKS; i++) {
		const struct gh_finding *f = gh_part_finding(p, i, "fibre.rel");

		if (!f)
			continue;
		b->x[b->n] = (double)b->n + 1;
		b->now[b->n] = f->value;
		b->was[b->n] = f->expected;
		b->limit[b->n] = f->limit_lo;
		b->has_was = b->has_was || isfinite(f->expected);
		b->part[b->n++] = i;
	}
}

static bool put_fibres(struct gh_part_page *p)
{
	struct bars b = { .n = 0 };
	char text[GH_PLOT_NAME];
	struct gh_plot *plot;

	gather(p, &b);
	if (b.n == 0)
		return true;
	plot = gh_part_plot(p, "fibres", 3 * b.n);
	if (!plot)
		return false;
	plot->bars = true;
	snprintf(plot->title, sizeof plot->title,
		 "light through each fibre, against its siblings");
	snprintf(text, sizeof text, "run %lld", (long long)p->run->info.run);
	gh_plot_add(plot, text, GH_PLOT_NOW, b.x, b.now, b.n);
	if (b.has_was) {
		snprintf(text, sizeof text, "%.32s",
			 p->run->info.baseline_name);
		gh_plot_add(plot, text, GH_PLOT_BASELINE, b.x, b.was, b.n);
		gh_plot_add(plot, "limit", GH_PLOT_LIMIT, b.x, b.limit, b.n);
	}
	for (size_t i = 0; i < b.n; i++) {
		gh_phrase_part(text, sizeof text,
			       p->run->parts[b.part[i]].name);
		gh_plot_mark(plot, b.x[i], text);
	}
	return true;
}

enum gh_status gh_part_light(struct gh_part_page *p, struct gh_err *err)
{
	const enum gh_part_kind kind = p->run->parts[p->part].kind;
	bool ok = true;

	if (kind == GH_PART_CORE) {
		ok = put_looks(p);
		say_dropouts(p);
	}
	if (ok && (kind == GH_PART_CORE || kind == GH_PART_FIBRE))
		ok = put_fibres(p);
	return ok ? GH_OK
		  : gh_fail(err, GH_NOMEM, "no memory for what was seen of it");
}
