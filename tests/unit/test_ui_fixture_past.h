/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What `history` and `compare` say, as the screens get it, and the strips of
 * home. Every date and reading is invented.
 */
#ifndef TEST_UI_FIXTURE_PAST_H
#define TEST_UI_FIXTURE_PAST_H

#include "ui/model.h"			/* struct gh_ui_model */
#include "unit/test_ui_fixture.h"	/* ELBOW, CORE */
#include "unit/test_ui_fixture_units.h" /* fixture_units */

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PAST_COLUMNS = 9, PAST_ROWS = 4, PAST_CELLS = 36, PAST_POINTS = 12 };

/* Rows as texts; a cell of a number column is read as one, "" is none. */
struct past_table {
	struct gh_table table;
	struct gh_cell cells[PAST_CELLS];
};

static void past_fill(struct past_table *t, const char *const *texts)
{
	const unsigned columns = t->table.n_columns;

	t->table.cells = t->cells;
	t->table.n_rows = 0;
	for (size_t i = 0; texts[i]; i++) {
		struct gh_cell *cell = &t->cells[i];

		gh_copy_text(cell->text, sizeof cell->text, texts[i]);
		cell->number =
			texts[i][0] ? strtod(texts[i], NULL) : (double)NAN;
		t->table.n_rows = i / columns + 1;
	}
	fixture_units(&t->table);
}

static struct gh_doc past_doc;

static void past_show(struct gh_ui_model *m, struct past_table *t,
		      const char *const words[3])
{
	memset(&past_doc, 0, sizeof past_doc);
	past_doc.tables[past_doc.n_tables++] = &t->table;
	for (int i = 0; i < 3; i++)
		gh_copy_text(m->order.word[i], GH_UI_WORD, words[i]);
	m->order.page = m->page;
	m->doc = &past_doc;
}

static const struct gh_column past_run_columns[] = {
	{ "run", "run", GH_CELL_COUNT },
	{ "started", "when", GH_CELL_TEXT },
	{ "profile", "profile", GH_CELL_TEXT },
	{ "end", "end", GH_CELL_TEXT },
	{ "verdict", "verdict", GH_CELL_TEXT },
	{ "simulated", "simulated", GH_CELL_BOOL },
	{ "why", NULL, GH_CELL_TEXT },
};

/* Run 116 is marked to be compared with. */
static inline void fixture_history(struct gh_ui_model *m)
{
	static const char *const texts[] = {
		"117",
		"2026-11-22T18:48:41Z",
		"places",
		"complete",
		"HOLD",
		"1",
		"resilience elbow: current +41 % over baseline",
		"116",
		"2026-11-22T03:00:00Z",
		"half",
		"complete",
		"WATCH",
		"1",
		"resilience elbow: current +9 % over baseline",
		"115",
		"2026-11-21T18:47:10Z",
		"places",
		"stopped",
		"UNSURE",
		"1",
		"stopped by the operator",
		NULL
	};
	static const char *const words[3] = { "", "", "" };
	static struct past_table t = { .table = { .name = "history",
						  .columns = past_run_columns,
						  .n_columns = GH_ARRAY_SIZE(
							  past_run_columns) } };

	past_fill(&t, texts);
	past_show(m, &t, words);
	m->cursor = 1;
	gh_copy_text(m->marked, sizeof m->marked, "116");
}

static const struct gh_column past_part_columns[] = {
	{ "run", "run", GH_CELL_COUNT },
	{ "started", "when", GH_CELL_TEXT },
	{ "profile", "profile", GH_CELL_TEXT },
	{ "state", "part", GH_CELL_TEXT },
	{ "metric", NULL, GH_CELL_TEXT },
	{ "ratio", NULL, GH_CELL_NUMBER },
};

static inline void fixture_part_history(struct gh_ui_model *m)
{
	static const char *const texts[] = { "117",
					     "2026-11-22T18:48:41Z",
					     "places",
					     "HOLD",
					     "servo.hold",
					     "1.64",
					     "116",
					     "2026-11-22T03:00:00Z",
					     "half",
					     "WATCH",
					     "servo.hold",
					     "0.36",
					     "115",
					     "2026-11-21T18:47:10Z",
					     "places",
					     "NOT RUN",
					     "",
					     "",
					     "114",
					     "2026-11-21T03:00:00Z",
					     "half",
					     "READY",
					     "joint.coulomb",
					     "0.2113",
					     NULL };
	static const char *const words[3] = { "resilience.elbow", "", "" };
	static struct past_table t = {
		.table = { .name = "history",
			   .columns = past_part_columns,
			   .n_columns = GH_ARRAY_SIZE(past_part_columns) }
	};

	past_fill(&t, texts);
	past_show(m, &t, words);
}

static const struct gh_column past_compare_columns[] = {
	{ "part", "part", GH_CELL_TEXT },
	{ "metric", "metric", GH_CELL_TEXT },
	{ "a", "A", GH_CELL_VALUE },
	{ "b", "B", GH_CELL_VALUE },
	{ "change", "change", GH_CELL_VALUE },
	{ "unit", "unit", GH_CELL_TEXT },
	{ "noise", "noise", GH_CELL_VALUE },
	{ "finding", NULL, GH_CELL_TEXT },
	{ "why_not", "why not", GH_CELL_TEXT },
};

static inline void fixture_compare(struct gh_ui_model *m)
{
	static const char *const texts[] = { "resilience.elbow",
					     "servo.hold",
					     "0.618",
					     "0.871",
					     "0.253",
					     "A",
					     "0.1545",
					     "CHANGED",
					     "",
					     "core",
					     "core.colour_dawn_pink",
					     "",
					     "",
					     "14.8",
					     "dE00",
					     "3.1",
					     "CHANGED",
					     "",
					     "hope.shoulder",
					     "servo.hold",
					     "0.548",
					     "0.54",
					     "-0.008",
					     "A",
					     "0.137",
					     "same",
					     "",
					     "fibre.1",
					     "fibre.rel",
					     "0.98",
					     "",
					     "",
					     "1",
					     "",
					     "not told",
					     "B: its sensor is suspect",
					     NULL };
	static const char *const words[3] = { "studio", "117", "" };
	static struct past_table t = {
		.table = { .name = "metrics",
			   .columns = past_compare_columns,
			   .n_columns = GH_ARRAY_SIZE(past_compare_columns) }
	};

	past_fill(&t, texts);
	past_show(m, &t, words);
	gh_doc_above(&past_doc, "A: baseline studio");
	gh_doc_above(&past_doc,
		     "B: run 117, LUM-0001, 2026-11-22T18:48:41Z, SIMULATED");
	gh_doc_below(&past_doc, "2 of 62 metrics differ beyond noise");
}

static const struct gh_column past_event_columns[] = {
	{ "run", "before run", GH_CELL_COUNT },
	{ "at", "when", GH_CELL_TEXT },
	{ "kind", "what", GH_CELL_TEXT },
	{ "text", "", GH_CELL_TEXT },
};

/* Two epochs that no line joins, a seal between them and a jump at the end. */
static void past_plot(struct gh_plot *p)
{
	static const double y[PAST_POINTS] = { 0.60, 0.61, 0.60, 0.62,
					       0.61, 0.55, 0.54, 0.55,
					       0.56, 0.55, 0.78, 0.80 };
	double x[PAST_POINTS];

	for (int i = 0; i < PAST_POINTS; i++)
		x[i] = 2.0 * (i + 1 - PAST_POINTS);
	gh_plot_finish(p);
	gh_plot_init(p, "trend");
	if (!gh_plot_room(p, PAST_POINTS))
		return;
	gh_copy_text(p->title, sizeof p->title,
		     "resilience.elbow: mean current on loaded hold");
	gh_copy_text(p->x.label, sizeof p->x.label, "days to the newest run");
	gh_copy_text(p->x.unit, sizeof p->x.unit, "d");
	gh_copy_text(p->y.unit, sizeof p->y.unit, "A");
	gh_plot_add(p, "studio", GH_PLOT_NOW, x + 5, y + 5, PAST_POINTS - 5);
	gh_plot_add(p, "workshop", GH_PLOT_NOW, x, y, 5);
	p->limit_lo = 0.45;
	p->limit_hi = 0.7;
	gh_plot_mark(p, x[10], "change");
	gh_plot_mark(p, x[5], "baseline: \"studio\" by technician");
}

static inline void fixture_trend(struct gh_ui_model *m)
{
	static const char *const texts[] = {
		"112",	    "2026-11-12T10:00:00Z",
		"baseline", "\"studio\" by technician: new horn screws",
		"117",	    "2026-11-20T10:00:00Z",
		"note",	    "2026-11-20 note: crate dropped at the dock",
		NULL
	};
	static const char *const words[3] = { "resilience.elbow", "servo.hold",
					      "" };
	static struct past_table values, events = {
		.table = { .name = "events",
			   .columns = past_event_columns,
			   .n_columns = GH_ARRAY_SIZE(past_event_columns) }
	};
	static struct gh_plot plot;

	past_fill(&events, texts);
	past_show(m, &values, words);
	past_doc.tables[past_doc.n_tables++] = &events.table;
	past_plot(&plot);
	past_doc.plots[past_doc.n_plots++] = &plot;
	gh_doc_below(&past_doc,
		     "trend: +8.00 mA a day (95 %%: +2.00 mA to +14.0 mA)");
	gh_doc_below(&past_doc, "change: from 550 mA to 790 mA at run 116");
	gh_doc_below(&past_doc, "average: now 700 mA, usual 520 mA to 610 mA");
}

/* All that a strip can show, once each and then the last six nights. */
static inline void fixture_strips(struct gh_ui_model *m)
{
	static struct gh_ui_strips strips;
	static const struct gh_ui_past elbow[GH_UI_STRIP] = {
		{ false, GH_VERDICT_NOT_RUN, NAN },
		{ true, GH_VERDICT_NOT_RUN, NAN },
		{ true, GH_VERDICT_UNSURE, NAN },
		{ true, GH_VERDICT_READY, NAN },
		{ true, GH_VERDICT_READY, 0.33 },
		{ true, GH_VERDICT_READY, 0.34 },
		{ true, GH_VERDICT_READY, 0.66 },
		{ true, GH_VERDICT_READY, 0.67 },
		{ true, GH_VERDICT_READY, 0.99 },
		{ true, GH_VERDICT_WATCH, 0.8 },
		{ true, GH_VERDICT_WATCH, 0.9 },
		{ true, GH_VERDICT_HOLD, 1.1 },
		{ true, GH_VERDICT_HOLD, 1.4 },
		{ true, GH_VERDICT_HOLD, 1.64 },
	};

	for (int i = 0; i < GH_UI_STRIP; i++) {
		strips.of[ELBOW][i] = elbow[i];
		strips.of[CORE][i] = (struct gh_ui_past){
			i > 3, i > 11 ? GH_VERDICT_WATCH : GH_VERDICT_READY, 0.4
		};
	}
	m->strips = &strips;
}

/* A run that was opened from the history. */
static inline void fixture_past(struct gh_ui_model *m)
{
	m->is_past = true;
	fixture_strips(m);
}

#endif
