/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history_metric - a number over all runs: does it creep, did it jump, is it
 * still where it was, and what happened meanwhile.
 */
#include "cli/history.h" /* struct gh_history */

#include "base/number.h"    /* gh_number_text */
#include "cli/options.h"    /* gh_cli_text */
#include "cli/say.h"	    /* gh_say_failure */
#include "cli/view.h"	    /* gh_view_metric */
#include "measure/memory.h" /* gh_memory_watch */
#include "measure/series.h" /* gh_series_trend */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAY_S 86400.0
#define TOLD_P 0.01 /* below it a line says so; assumed, nothing is judged */

enum { SHOWN = 20 };

enum { RUN, WHEN, VALUE, VERDICT, SESSION, FIRMWARE, VERSION, COLUMNS };

static const struct gh_column columns[COLUMNS] = {
	[RUN] = { "run", "run", GH_CELL_COUNT },
	[WHEN] = { "started", "when", GH_CELL_TEXT },
	[VALUE] = { "value", "value", GH_CELL_VALUE },
	[VERDICT] = { "verdict", "verdict", GH_CELL_TEXT },
	[SESSION] = { "session", "session", GH_CELL_COUNT },
	[FIRMWARE] = { "firmware", "firmware", GH_CELL_TEXT },
	[VERSION] = { "version", NULL, GH_CELL_COUNT },
};

static const struct gh_column event_columns[] = {
	{ "run", "before run", GH_CELL_COUNT },
	{ "at", "when", GH_CELL_TEXT },
	{ "kind", "what", GH_CELL_TEXT },
	{ "text", "", GH_CELL_TEXT },
};

static bool is_kind(const struct gh_history *h, enum gh_metric_kind kind)
{
	return h->metric && h->metric->kind == kind;
}

/* Another formula is another number: only the newest one has a trend. */
static bool take_numbers(struct gh_history *h)
{
	h->first = h->n - 1;
	while (h->first > 0 &&
	       h->rows[h->first - 1].version == h->rows[h->n - 1].version)
		h->first--;
	h->days = calloc(h->n, sizeof *h->days);
	h->y = calloc(h->n, sizeof *h->y);
	if (!h->days || !h->y)
		return false;
	for (size_t i = h->first; i < h->n; i++) {
		h->days[i - h->first] = (double)h->rows[i].started_s / DAY_S;
		h->y[i - h->first] = gh_history_value(h, i);
	}
	return true;
}

/* ---- What the numbers say --------------------------------------------------*/

static void say_trend(struct gh_doc *doc, const struct gh_history *h,
		      struct gh_trend *t)
{
	const bool there = gh_series_trend(h->days, h->y, h->n - h->first, t);
	char per_day[GH_NUMBER_CAP], lo[GH_NUMBER_CAP], hi[GH_NUMBER_CAP];

	if (!there)
		*t = (struct gh_trend){ NAN, NAN, NAN, NAN, NAN };
	gh_doc_fact(doc, "trend_per_day", GH_CELL_NUMBER, t->per_day);
	gh_doc_fact(doc, "trend_lo", GH_CELL_NUMBER, t->lo);
	gh_doc_fact(doc, "trend_hi", GH_CELL_NUMBER, t->hi);
	gh_doc_fact(doc, "trend_p", GH_CELL_NUMBER, t->p);
	if (!there) {
		gh_doc_below(doc, "trend: too few runs, or all on one day");
		return;
	}
	gh_number_signed(t->per_day, gh_history_unit(h), per_day,
			 sizeof per_day);
	gh_number_signed(t->lo, gh_history_unit(h), lo, sizeof lo);
	gh_number_signed(t->hi, gh_history_unit(h), hi, sizeof hi);
	gh_doc_below(doc, "trend: %s a day (95 %%: %s to %s)%s", per_day, lo,
		     hi, t->p < TOLD_P ? "" : ", not told from none");
}

static void say_change(struct gh_doc *doc, const struct gh_history *h,
		       struct gh_change *c)
{
	const bool there = gh_series_change(h->y, h->n - h->first, c);
	const struct gh_series_row *row =
		there ? &h->rows[h->first + c->at] : NULL;
	char at[24] = "", before[GH_NUMBER_CAP], after[GH_NUMBER_CAP];

	if (!there)
		*c = (struct gh_change){ 0, NAN, NAN, NAN, NAN };
	else
		gh_wall_text(row->started_s, at, sizeof at);
	gh_doc_fact(doc, "change_run", GH_CELL_COUNT,
		    row ? (double)row->run : (double)NAN);
	gh_doc_text_fact(doc, "change_at", at);
	gh_doc_fact(doc, "change_before", GH_CELL_NUMBER, c->before);
	gh_doc_fact(doc, "change_after", GH_CELL_NUMBER, c->after);
	gh_doc_fact(doc, "change_p", GH_CELL_NUMBER, c->p);
	if (!there || !(c->p < TOLD_P)) {
		gh_doc_below(doc, "change: none that stands out");
		return;
	}
	gh_number_text(c->before, gh_history_unit(h), before, sizeof before);
	gh_number_text(c->after, gh_history_unit(h), after, sizeof after);
	gh_doc_below(doc,
		     "change: from %s to %s at run %lld, %s (p %.1g, all "
		     "places counted)",
		     before, after, (long long)row->run, at, c->p);
}

static void say_ewma(struct gh_doc *doc, const struct gh_history *h)
{
	struct gh_ewma e = { .z = NAN, .lo = NAN, .hi = NAN, .mean = NAN };
	const bool there = gh_series_ewma(h->y, h->n - h->first, &e);
	const long long since =
		e.ever ? (long long)h->rows[h->first + e.first].run : 0;
	char now[GH_NUMBER_CAP], lo[GH_NUMBER_CAP], hi[GH_NUMBER_CAP];
	char first[64] = "";

	gh_doc_fact(doc, "ewma", GH_CELL_NUMBER, e.z);
	gh_doc_fact(doc, "ewma_lo", GH_CELL_NUMBER, e.lo);
	gh_doc_fact(doc, "ewma_hi", GH_CELL_NUMBER, e.hi);
	gh_doc_fact(doc, "ewma_out", GH_CELL_BOOL, e.out);
	gh_doc_fact(doc, "ewma_first_out_run", GH_CELL_COUNT,
		    e.ever ? (double)since : (double)NAN);
	if (!there) {
		gh_doc_below(doc, "average: it takes more than %d runs",
			     GH_SERIES_START);
		return;
	}
	gh_number_text(e.z, gh_history_unit(h), now, sizeof now);
	gh_number_text(e.lo, gh_history_unit(h), lo, sizeof lo);
	gh_number_text(e.hi, gh_history_unit(h), hi, sizeof hi);
	if (e.ever)
		snprintf(first, sizeof first, "; first outside at run %lld%s",
			 since, e.out ? "" : ", inside now");
	gh_doc_below(doc, "average: now %s, usual %s to %s%s", now, lo, hi,
		     first);
}

/* Returns where the level jumped, h->n: that does not stand out. */
static size_t say_all(struct gh_doc *doc, const struct gh_history *h)
{
	const struct gh_series_row *last = &h->rows[h->n - 1];
	struct gh_trend t;
	struct gh_change c;

	gh_doc_above(doc, "%s of %s%s, %zu runs%s",
		     h->metric ? h->metric->meaning : h->id, h->part,
		     is_kind(h, GH_METRIC_COLOUR) ? ", its Y" : "", h->n,
		     last->simulated ? ", SIMULATED" : "");
	gh_doc_text_fact(doc, "part", h->part);
	gh_doc_text_fact(doc, "metric", h->id);
	gh_doc_text_fact(doc, "unit",
			 h->metric ? gh_unit_text(gh_history_unit(h)) : "");
	gh_doc_text_fact(doc, "serial", last->serial);
	gh_doc_fact(doc, "simulated", GH_CELL_BOOL, last->simulated);
	gh_doc_fact(doc, "runs", GH_CELL_COUNT, (double)h->n);
	if (h->first > 0)
		gh_doc_below(doc,
			     "figures: of the last %zu runs, before them "
			     "it was computed in another way",
			     h->n - h->first);
	say_trend(doc, h, &t);
	say_change(doc, h, &c);
	if (t.p < TOLD_P && c.p < TOLD_P)
		gh_doc_below(doc, "a %s fits better",
			     c.explains > t.explains ? "jump" : "slope");
	say_ewma(doc, h);
	return c.p < TOLD_P ? h->first + c.at : h->n;
}

/* ---- Showing it ------------------------------------------------------------*/

static bool fill_rows(struct gh_table *t, const struct gh_history *h,
		      size_t shown)
{
	if (!gh_table_init(t, shown))
		return false;
	for (size_t k = 0; k < shown; k++) {
		const struct gh_series_row *row = &h->rows[h->n - 1 - k];
		struct gh_cell *c = gh_table_add(t);

		c[RUN].number = (double)row->run;
		gh_wall_text(row->started_s, c[WHEN].text, sizeof c->text);
		gh_cell_value(&c[VALUE],
			      row->v[is_kind(h, GH_METRIC_COLOUR) ? 1 : 0],
			      gh_history_unit(h));
		gh_cell_put(&c[VERDICT], gh_verdict_name(row->verdict));
		c[SESSION].number = row->session;
		gh_cell_put(&c[FIRMWARE], row->firmware);
		c[VERSION].number = row->version;
	}
	return true;
}

static bool fill_events(struct gh_table *t, const struct gh_history_event *e,
			size_t n)
{
	if (!gh_table_init(t, n))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct gh_cell *c = gh_table_add(t);

		if (e[i].run > 0)
			c[0].number = (double)e[i].run;
		gh_wall_text(e[i].at_s, c[1].text, sizeof c->text);
		gh_cell_put(&c[2], e[i].kind);
		gh_cell_put(&c[3], e[i].text);
	}
	return true;
}

static enum gh_status show(struct gh_cli *cli, struct gh_store *st,
			   struct gh_history *h, struct gh_err *err)
{
	const bool machine = gh_cli_on(cli, "json") || gh_cli_on(cli, "csv");
	const size_t limit = (size_t)gh_cli_number(
		cli, "limit", machine ? GH_HISTORY_RUNS : SHOWN);
	struct gh_table t = { .name = "history",
			      .columns = columns,
			      .n_columns = COLUMNS };
	struct gh_table events = { .name = "events",
				   .none = "nothing is known to have happened",
				   .columns = event_columns,
				   .n_columns = 4 };
	struct gh_history_event *list = NULL;
	struct gh_doc *doc = calloc(1, sizeof *doc);
	size_t n = 0, jumped;
	enum gh_status status = gh_history_events(st, h, &list, &n, err);
	struct gh_plot plot;
	bool ok;

	gh_plot_init(&plot, "trend");
	if (status == GH_OK)
		status = gh_store_limits(st, h->rows[h->n - 1].run, h->part,
					 h->id, &h->limits, err);
	ok = status == GH_OK && doc && take_numbers(h) &&
	     fill_rows(&t, h, h->n < limit ? h->n : limit) &&
	     fill_events(&events, list, n);

	if (ok) {
		gh_memory_watch();
		jumped = say_all(doc, h);
		doc->tables[0] = &t;
		doc->tables[1] = &events;
		doc->n_tables = 2;
		doc->plots[doc->n_plots++] = &plot;
		ok = !gh_memory_ran_out() &&
		     gh_history_plot(&plot, h, list, n, jumped) &&
		     gh_show_doc(cli, doc, true);
	}
	if (!ok && status == GH_OK)
		status = gh_fail(err, GH_NOMEM, "no memory for the history");
	gh_table_finish(&t);
	gh_table_finish(&events);
	gh_plot_finish(&plot);
	free(list);
	free(doc);
	return status;
}

static enum gh_status read(struct gh_cli *cli, struct gh_store *st,
			   const struct gh_history_ask *ask,
			   struct gh_history *h, struct gh_err *err)
{
	const struct gh_series_query q = { ask->serial, h->part, h->id,
					   ask->since_s };
	const enum gh_status status =
		gh_store_series(st, &q, h->rows, GH_HISTORY_RUNS, &h->n, err);

	if (status != GH_OK || h->n > 0)
		return status;
	if (!h->metric)
		return gh_fail(err, GH_ARG, "no metric is called \"%.47s\"",
			       h->id);
	return gh_fail(err, GH_NODATA, "no run has a value of %.47s of %.31s%s",
		       h->id, h->part,
		       gh_cli_on(cli, "since") ? " since then" : "");
}

int gh_history_metric(struct gh_cli *cli, struct gh_store *st,
		      const struct gh_history_ask *ask)
{
	struct gh_history h = { .part = ask->part,
				.id = gh_cli_text(cli, "metric") };
	struct gh_err err = { 0 };
	enum gh_status status;

	h.metric = gh_view_metric(h.id);
	h.rows = calloc(GH_HISTORY_RUNS, sizeof *h.rows);
	if (!h.rows) {
		(void)!gh_fail(&err, GH_NOMEM, "no memory for the history");
		return gh_say_failure(cli, &err);
	}
	status = read(cli, st, ask, &h, &err);
	if (status == GH_OK)
		status = show(cli, st, &h, &err);
	free(h.rows);
	free(h.days);
	free(h.y);
	return status == GH_OK ? GH_EXIT_OK : gh_say_failure(cli, &err);
}
