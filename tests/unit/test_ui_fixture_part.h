/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What `part` says of an elbow that binds at 38 to 52 degrees, and of a core
 * that leans to yellow, as the screens get it. Every reading is invented.
 */
#ifndef TEST_UI_FIXTURE_PART_H
#define TEST_UI_FIXTURE_PART_H

#include "report/doc.h" /* struct gh_doc */
#include "ui/model.h"	/* struct gh_ui_model */

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PART_POINTS = 64, PART_ROWS = 12, PART_CELLS = 10, LOOK_CELLS = 7 };

static const struct gh_column fixture_metric_columns[PART_CELLS] = {
	{ "state", "state", GH_CELL_TEXT },
	{ "what", "what", GH_CELL_TEXT },
	{ "now", "now", GH_CELL_TEXT },
	{ "was", "baseline", GH_CELL_TEXT },
	{ "change", "change", GH_CELL_TEXT },
	{ "limit", "limit", GH_CELL_TEXT },
	{ "flags", "flags from", GH_CELL_TEXT },
	{ "notices", "would notice", GH_CELL_TEXT },
	{ "seen", "seen", GH_CELL_TEXT },
	{ "since_run", "since run", GH_CELL_TEXT },
};
static const struct gh_column fixture_look_columns[LOOK_CELLS] = {
	{ "look", "look", GH_CELL_TEXT },
	{ "now", "measured", GH_CELL_TEXT },
	{ "was", "baseline", GH_CELL_TEXT },
	{ "light", "light", GH_CELL_TEXT },
	{ "change", "change", GH_CELL_TEXT },
	{ "limit", "limit", GH_CELL_TEXT },
	{ "state", "verdict", GH_CELL_TEXT },
};

static const char *const elbow_rows[][PART_CELLS] = {
	{ "HOLD", "local rub", "310 mA", "9.14 mA", "+301 mA", "29.1 mA",
	  "20.0 mA", "", "2 of 2", "114" },
	{ "KNOWN", "dry friction", "98.3 mA", "70.7 mA", "+39 %", "87.2 mA",
	  "16.5 mA", "", "2 of 2", "112" },
	{ "WATCH", "how late it follows", "84.0 ms", "31.0 ms", "+171 %",
	  "41.0 ms", "10.0 ms", "", "1 of 2", "117" },
	{ "READY", "load carried", "161 mA", "163 mA", "-1 %", "40.7 mA",
	  "122 mA", "131 mA", "", "" },
	{ "NOT RUN", "end reached on the low side", "", "", "", "", "", "", "",
	  "" },
};
static const char *const core_rows[][PART_CELLS] = {
	{ "WATCH", "the look the audience sees (dawn pink)", "14.8 dE", "0 dE",
	  "+14.8 dE", "3.17 dE", "3.17 dE", "", "1 of 2", "116" },
	{ "READY", "blue light alone", "0.071 rel", "0.072 rel", "-1 %",
	  "0.021 rel", "0.050 rel", "0.054 rel", "", "" },
};
static const char *const look_rows[][LOOK_CELLS] = {
	{ "twilight blue", "x 0.190 y 0.130", "x 0.180 y 0.120", "-7 %",
	  "2.10 dE", "3.20 dE", "READY" },
	{ "dawn pink", "x 0.390 y 0.370", "x 0.360 y 0.270", "-8 %", "14.8 dE",
	  "3.20 dE", "WATCH" },
};

static struct gh_cell part_cells[PART_ROWS * PART_CELLS],
	look_cells[PART_ROWS * LOOK_CELLS];
static struct gh_table part_table, look_table;
static struct gh_plot part_plots[2];
static struct gh_doc part_doc;

static void part_add(struct gh_table *t, const char *const *texts)
{
	struct gh_cell *row = &t->cells[t->n_rows++ * t->n_columns];

	for (unsigned i = 0; i < t->n_columns; i++)
		snprintf(row[i].text, sizeof row[i].text, "%s", texts[i]);
}

static void part_start(struct gh_ui_model *m, const char *name,
		       const char *state)
{
	part_doc = (struct gh_doc){ .n_tables = 1 };
	part_table = (struct gh_table){ .name = "metrics",
					.none = "nothing is known of it",
					.columns = fixture_metric_columns,
					.n_columns = PART_CELLS,
					.cells = part_cells };
	part_doc.tables[0] = &part_table;
	gh_doc_text_fact(&part_doc, "state", state);
	gh_doc_fact(&part_doc, "run", GH_CELL_COUNT, 117);
	gh_doc_text_fact(&part_doc, "started", "2026-11-22T18:52:41Z");
	gh_doc_text_fact(&part_doc, "profile", "places");
	gh_doc_above(&part_doc, "[#] %s", name);
	gh_copy_text(m->order.word[0], GH_UI_WORD, name);
	gh_copy_text(m->order.word[1], GH_UI_WORD, "117");
	m->doc = &part_doc;
}

static struct gh_plot *part_plot(unsigned i, const char *key, const char *title,
				 const char *unit)
{
	struct gh_plot *p = &part_plots[i];

	gh_plot_finish(p);
	gh_plot_init(p, key);
	if (!gh_plot_room(p, (size_t)GH_PLOT_SERIES * PART_POINTS))
		abort();
	gh_copy_text(p->title, sizeof p->title, title);
	gh_copy_text(p->y.unit, sizeof p->y.unit, unit);
	part_doc.plots[i] = p;
	part_doc.n_plots = i + 1;
	return p;
}

/* A curve from `from` on in steps: level, slope, and a bump in the middle. */
struct part_curve {
	double level, slope, bump;
};

static void part_series(struct gh_plot *p, const char *name,
			enum gh_plot_role role, const struct part_curve *c,
			double width)
{
	double x[PART_POINTS], y[PART_POINTS];

	for (int i = 0; i < PART_POINTS; i++) {
		const double share = (double)i / (PART_POINTS - 1);
		const double off = (share - 0.5) * 8;

		x[i] = width * share;
		y[i] = c->level + c->slope * share + c->bump * exp(-off * off);
	}
	/* A place that nobody passed. */
	y[9] = NAN;
	gh_plot_add(p, name, role, x, y, PART_POINTS);
}

static void fixture_elbow(struct gh_ui_model *m)
{
	struct gh_plot *p;

	part_start(m, "resilience.elbow", "HOLD");
	gh_doc_fact(&part_doc, "first_run", GH_CELL_COUNT, 114);
	gh_doc_fact(&part_doc, "peak_ma", GH_CELL_NUMBER, 962.3);
	gh_doc_fact(&part_doc, "peak_deg", GH_CELL_NUMBER, 45.1);
	gh_doc_fact(&part_doc, "peak_baseline_ma", GH_CELL_NUMBER, 655.2);
	gh_doc_above(&part_doc, "worst: local rub 310 mA, baseline 9.14 mA, "
				"limit 29.1 mA, 2 of 2");
	gh_doc_above(&part_doc, "first seen: run 114, 2026-11-20T18:50:02Z; 3 "
				"runs");
	gh_doc_above(&part_doc, "baseline: studio, 5 runs over 3 power-ups");
	gh_doc_below(&part_doc, "looks like: it binds at one place (88 %%)");
	gh_doc_below(&part_doc, "do: Power resilience off at its switch, turn "
				"the elbow by hand.");
	gh_doc_below(&part_doc, "peak 962 mA at 45 deg there; baseline 655 mA "
				"at 88 deg there");
	for (size_t i = 0; i < GH_ARRAY_SIZE(elbow_rows); i++)
		part_add(&part_table, elbow_rows[i]);
	p = part_plot(0, "current", "current over position", "mA");
	gh_copy_text(p->x.label, sizeof p->x.label, "angle");
	gh_copy_text(p->x.unit, sizeof p->x.unit, "deg");
	part_series(p, "run 117 there", GH_PLOT_NOW,
		    &(struct part_curve){ 512, 140, 380 }, 90);
	part_series(p, "back", GH_PLOT_NOW,
		    &(struct part_curve){ 380, 130, 350 }, 90);
	part_series(p, "studio, 5 runs", GH_PLOT_BASELINE,
		    &(struct part_curve){ 505, 150, 0 }, 90);
	part_series(p, "studio, 5 runs", GH_PLOT_BASELINE,
		    &(struct part_curve){ 370, 140, 0 }, 90);
	part_series(p, "their range", GH_PLOT_BAND_LO,
		    &(struct part_curve){ 470, 150, 0 }, 90);
	part_series(p, "their range", GH_PLOT_BAND_HI,
		    &(struct part_curve){ 540, 150, 0 }, 90);
	p = part_plot(1, "loop", "angle off its command, in slow reversals",
		      "deg");
	part_series(p, "run 117 there", GH_PLOT_NOW,
		    &(struct part_curve){ -0.3, 0.02, 0 }, 6.8);
	part_series(p, "back", GH_PLOT_NOW,
		    &(struct part_curve){ 0.3, 0.02, 0 }, 6.8);
}

static void fixture_part_core(struct gh_ui_model *m)
{
	static const double x[] = { 1, 2, 3, 4 };
	static const double now[] = { 0.96, 1.09, 0.61, 1.02 };
	static const double was[] = { 0.96, 1.10, 0.96, 1.02 };
	static const char *const names[] = { "fibre 1", "fibre 2", "fibre 3",
					     "fibre 4" };
	struct gh_plot *p;

	part_start(m, "core", "WATCH");
	gh_doc_above(&part_doc, "worst: the look the audience sees 14.8 dE, "
				"limit 3.17 dE, 1 of 2");
	gh_doc_above(&part_doc, "first seen: run 116, 2026-11-21T18:49:30Z; 2 "
				"runs");
	gh_doc_below(&part_doc, "dropouts: 0.25 a second, longest 40 ms; "
				"baseline 0 a second");
	look_table = (struct gh_table){ .name = "looks",
					.none = "no look was measured",
					.columns = fixture_look_columns,
					.n_columns = LOOK_CELLS,
					.cells = look_cells };
	part_doc.tables[part_doc.n_tables++] = &look_table;
	for (size_t i = 0; i < GH_ARRAY_SIZE(core_rows); i++)
		part_add(&part_table, core_rows[i]);
	for (size_t i = 0; i < GH_ARRAY_SIZE(look_rows); i++)
		part_add(&look_table, look_rows[i]);
	p = part_plot(0, "breath", "light of one breath", "%");
	gh_copy_text(p->x.label, sizeof p->x.label, "time");
	gh_copy_text(p->x.unit, sizeof p->x.unit, "s");
	part_series(p, "run 117 mean", GH_PLOT_NOW,
		    &(struct part_curve){ 5, 0, 11 }, 4);
	part_series(p, "lowest", GH_PLOT_NOW, &(struct part_curve){ 4, 0, 10 },
		    4);
	part_series(p, "studio, 5 runs", GH_PLOT_BASELINE,
		    &(struct part_curve){ 8, 0, 13 }, 4);
	p = part_plot(1, "fibres",
		      "light through each fibre, against its siblings", "");
	p->bars = true;
	gh_plot_add(p, "run 117", GH_PLOT_NOW, x, now, 4);
	gh_plot_add(p, "studio", GH_PLOT_BASELINE, x, was, 4);
	for (size_t i = 0; i < GH_ARRAY_SIZE(names); i++)
		gh_plot_mark(p, x[i], names[i]);
}

/* Nothing was recorded of a run that was imported without. */
static void fixture_part_bare(struct gh_ui_model *m)
{
	fixture_elbow(m);
	part_doc.n_plots = 0;
	gh_doc_below(&part_doc, "no curve: run 117 has no recording (it was "
				"imported without)");
}

#endif
