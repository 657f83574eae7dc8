/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * doc - an answer of one or more tables with some facts about them: lines for
 * people, keys for machines. One struct, so that all forms say the same.
 */
#ifndef GH_REPORT_DOC_H
#define GH_REPORT_DOC_H

#include "base/status.h"  /* GH_PRINTF */
#include "report/plot.h"  /* struct gh_plot */
#include "report/table.h" /* struct gh_table */

enum {
	GH_DOC_FACTS = 32,
	GH_DOC_LINES = 16,
	GH_DOC_LINE = 160,
	GH_DOC_TABLES = 4,
	GH_DOC_PLOTS = 4
};

struct gh_doc {
	struct gh_doc_fact {
		const char *key;
		enum gh_cell_kind kind;
		struct gh_cell cell;
	} facts[GH_DOC_FACTS]; /* JSON alone */
	unsigned n_facts;
	char above[GH_DOC_LINES][GH_DOC_LINE],
		below[GH_DOC_LINES][GH_DOC_LINE]; /* text alone */
	unsigned n_above, n_below;
	/* The first is the answer: CSV and plain have no other. */
	const struct gh_table *tables[GH_DOC_TABLES];
	unsigned n_tables;
	const struct gh_plot *plots[GH_DOC_PLOTS]; /* screens and JSON */
	unsigned n_plots;
};

/*
 * A copy on the heap with tables and plots of its own, which outlives what the
 * original points to but for static keys and titles. NULL: no memory.
 */
struct gh_doc *gh_doc_copy(const struct gh_doc *from);
/* Of a copy; NULL is fine. */
void gh_doc_free(struct gh_doc *d);

/* The text of a fact, or of a cell of the first table; NULL: there is none. */
const struct gh_cell *gh_doc_find(const struct gh_doc *d, const char *key,
				  enum gh_cell_kind *kind);
const struct gh_cell *gh_table_find(const struct gh_table *t, size_t row,
				    const char *key, enum gh_cell_kind *kind);

/* Texts go through gh_make_human. */
void gh_doc_text_fact(struct gh_doc *d, const char *key, const char *text);
/* kind: NUMBER, COUNT or BOOL; NAN is null. */
void gh_doc_fact(struct gh_doc *d, const char *key, enum gh_cell_kind kind,
		 double number);
/* A line before or after the tables. */
void gh_doc_above(struct gh_doc *d, const char *fmt, ...) GH_PRINTF(2, 3);
void gh_doc_below(struct gh_doc *d, const char *fmt, ...) GH_PRINTF(2, 3);

/* Lines, the tables that have rows, lines. */
void gh_doc_text(const struct gh_doc *d, FILE *out);
/* One line a row of the first table, no titles, no layout. */
void gh_doc_plain(const struct gh_doc *d, FILE *out);
/* {"schema":1,"tool":"ghostlight",FACTS,TABLES,PLOTS}; false: no memory. */
bool gh_doc_json(const struct gh_doc *d, FILE *out);
/*
 * The first table, RFC 4180 with a line of keys. A text that a spreadsheet
 * would take for a formula gets a ' before it (reliability.md section 5).
 */
void gh_doc_csv(const struct gh_doc *d, FILE *out);

#endif
