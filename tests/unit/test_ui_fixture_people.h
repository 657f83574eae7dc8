/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Forms half filled in, notes and baselines as the screens are shown them. The
 * tables have the columns of the verbs; every name and date is invented.
 */
#ifndef TEST_UI_FIXTURE_PEOPLE_H
#define TEST_UI_FIXTURE_PEOPLE_H

#include "report/doc.h"		  /* struct gh_doc */
#include "ui/acts_form.h"	  /* gh_act_note */
#include "ui/keys.h"		  /* gh_ui_key */
#include "unit/test_ui_fixture.h" /* WALL_S */
#include "unit/test_ui_fixture_units.h" /* fixture_units */

enum { PEOPLE_ROWS = 6, PEOPLE_COLUMNS = 9 };

/* Rows of text; a number is what its text says. */
struct people_table {
	const char *scene;
	enum gh_page page;
	const char *above, *words[2];
	struct gh_column columns[PEOPLE_COLUMNS];
	const char *cells[PEOPLE_ROWS][PEOPLE_COLUMNS];
};

static const struct people_table people_tables[] = {
	{ "notes",
	  GH_PAGE_NOTES,
	  NULL,
	  { NULL },
	  { { "at", "when", GH_CELL_TEXT },
	    { "kind", "kind", GH_CELL_TEXT },
	    { "run", "run", GH_CELL_COUNT },
	    { "part", "part", GH_CELL_TEXT },
	    { "by", "by", GH_CELL_TEXT },
	    { "text", "text", GH_CELL_TEXT },
	    { "file", "file", GH_CELL_TEXT },
	    { "until", NULL, GH_CELL_TEXT } },
	  { { "2026-11-19T16:20:00Z", "transport", "", "", "Ada",
	      "crate 2 of 2, foam intact", "", "" },
	    { "2026-11-21T11:05:00Z", "attachment", "116", "crystals", "",
	      "chrome marks", "photo7.jpg", "" },
	    { "2026-11-22T18:50:00Z", "accept", "117", "resilience.elbow",
	      "J\xc3\xbcrgen", "a new horn is on order", "",
	      "2026-12-06T00:00:00Z" },
	    { "2026-11-22T18:51:00Z", "note", "117", "resilience.elbow",
	      "J\xc3\xbcrgen",
	      "ticks near the top when it is cold, not once it has been moved "
	      "for ten minutes; heard by two of us at the same place",
	      "", "" } } },
	{ "baselines",
	  GH_PAGE_BASELINES,
	  NULL,
	  { NULL },
	  { { "name", "name", GH_CELL_TEXT },
	    { "sealed", "sealed", GH_CELL_BOOL },
	    { "runs", "runs", GH_CELL_COUNT },
	    { "sessions", "sessions", GH_CELL_COUNT },
	    { "by", "by", GH_CELL_TEXT },
	    { "why", "why", GH_CELL_TEXT },
	    { "sealed_at", NULL, GH_CELL_TEXT } },
	  { { "studio", "1", "5", "3", "Ada", "after the rebuild",
	      "2026-11-10T09:00:00Z" },
	    { "theatre", "1", "6", "3", "J\xc3\xbcrgen",
	      "as it was let in, before the first night",
	      "2026-11-21T12:00:00Z" },
	    { "next", "0", "2", "1", "", "", "" } } },
	{ "baseline",
	  GH_PAGE_BASELINE,
	  "\"studio\", sealed 2026-11-10 by Ada: after the rebuild",
	  { "studio" },
	  { { "run", "run", GH_CELL_COUNT },
	    { "started", "when", GH_CELL_TEXT },
	    { "session", "session", GH_CELL_COUNT },
	    { "simulated", "simulated", GH_CELL_BOOL },
	    { "firmware", "firmware", GH_CELL_TEXT } },
	  { { "3", "2026-11-09T08:00:00Z", "1", "0", "2.3.1" },
	    { "4", "2026-11-09T08:05:00Z", "1", "0", "2.3.1" },
	    { "7", "2026-11-09T19:40:00Z", "2", "0", "2.3.1" },
	    { "8", "2026-11-09T19:45:00Z", "2", "0", "2.3.1" },
	    { "9", "2026-11-10T08:55:00Z", "3", "0", "2.3.1" } } },
	{ "diff",
	  GH_PAGE_DIFF,
	  NULL,
	  { "theatre", "studio" },
	  { { "part", "part", GH_CELL_TEXT },
	    { "metric", "metric", GH_CELL_TEXT },
	    { "a", "A", GH_CELL_VALUE },
	    { "b", "B", GH_CELL_VALUE },
	    { "change", "change", GH_CELL_VALUE },
	    { "change_percent", "%", GH_CELL_VALUE },
	    { "unit", NULL, GH_CELL_TEXT } },
	  { { "core", "core.colour_dawn_pink", "nan", "nan", "14.8", "nan",
	      "dE00" },
	    { "hope.shoulder", "joint.gravity", "0.548", "0.541", "-0.007",
	      "-1.277", "A" },
	    { "resilience.elbow", "joint.gravity", "0.618", "0.871", "0.253",
	      "40.94", "A" } } },
	{ "baselines-none",
	  GH_PAGE_BASELINES,
	  NULL,
	  { NULL },
	  { { "name", "name", GH_CELL_TEXT } },
	  { { NULL } } },
};

static struct gh_cell people_cells[PEOPLE_ROWS * PEOPLE_COLUMNS];
static struct gh_table people_rows;
static struct gh_doc people_doc;

static void people_cell(struct gh_cell *cell, enum gh_cell_kind kind,
			const char *text)
{
	*cell = (struct gh_cell){ .number = NAN };
	if (kind == GH_CELL_TEXT)
		gh_copy_text(cell->text, sizeof cell->text, text);
	else if (text[0])
		sscanf(text, "%lf", &cell->number);
}

/* The table as an answer; it lives until the next call. */
static const struct gh_doc *people_answer(const struct people_table *from)
{
	struct gh_table *t = &people_rows;

	*t = (struct gh_table){ .name = from->scene,
				.none = "none yet",
				.columns = from->columns,
				.cells = people_cells };
	while (from->columns[t->n_columns].key)
		t->n_columns++;
	for (; from->cells[t->n_rows][0]; t->n_rows++)
		for (unsigned i = 0; i < t->n_columns; i++)
			people_cell(&people_cells[t->n_rows * t->n_columns + i],
				    from->columns[i].kind,
				    from->cells[t->n_rows][i]);
	fixture_units(t);
	memset(&people_doc, 0, sizeof people_doc);
	people_doc.tables[people_doc.n_tables++] = t;
	if (from->above)
		gh_doc_above(&people_doc, "%s", from->above);
	return &people_doc;
}

/* The answer to what the model wants; NULL: of another page. */
static const struct gh_doc *people_answer_to(const struct gh_ui_order *order)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(people_tables); i++)
		if (people_tables[i].page == order->page)
			return people_answer(&people_tables[i]);
	return NULL;
}

/* Answers what the last key asked for. */
static void people_open(struct gh_ui_model *m)
{
	gh_model_doc(m, people_answer_to(&m->wanted));
}

static void people_type(struct gh_ui_model *m, const char *text)
{
	for (; *text; text++)
		gh_ui_key(m, (unsigned char)*text);
}

/* Somebody answers for the elbow since. */
static void people_accept(struct gh_run_view *view)
{
	static struct gh_remark r;

	r = (struct gh_remark){ .kind = GH_REMARK_ACCEPT,
				.run = view->run,
				.part = "resilience.elbow",
				.by = "J\xc3\xbcrgen",
				.text = "a new horn is on order",
				.until_s = WALL_S + 14 * 86400 };
	view->remarks = &r;
	view->n_remarks = 1;
}

static void people_forms(struct gh_ui_model *m, const char *scene)
{
	if (strcmp(scene, "form-note") == 0) {
		gh_ui_key(m, 'n');
		people_type(m, "heard by J\xc3\xbcrgen: it ticks near the top "
			       "when it is cold, and it does not once it has "
			       "been moved for ten minutes");
	} else if (strcmp(scene, "form-accept") == 0) {
		gh_ui_key(m, 'w');
		people_type(m, "a new horn is on order");
		gh_ui_key(m, GH_KEY_ENTER);
	} else if (strcmp(scene, "form-seal") == 0) {
		gh_ui_key(m, 'b');
		people_open(m);
		m->cursor = 2;
		gh_ui_key(m, 's');
		people_type(m, "Ada\tas it was let in\t");
	}
}

/* What a scene of these shows; does nothing in others. */
static inline void people_scene(struct gh_ui_model *m, struct gh_run_view *view,
				const char *scene)
{
	if (strncmp(scene, "accepted", 8) == 0)
		people_accept(view);
	for (size_t i = 0; i < GH_ARRAY_SIZE(people_tables); i++) {
		const struct people_table *t = &people_tables[i];

		if (strcmp(t->scene, scene) != 0)
			continue;
		m->doc = people_answer(t);
		for (size_t w = 0; w < 2 && t->words[w]; w++)
			gh_copy_text(m->order.word[w], GH_UI_WORD, t->words[w]);
	}
	if (strcmp(scene, "notes") == 0)
		m->cursor = 3;
	if (strncmp(scene, "form-", 5) == 0) {
		m->page = GH_PAGE_HOME;
		people_forms(m, scene);
	}
}

#endif
