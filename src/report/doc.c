/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/doc.h"

#include "base/text.h"	       /* gh_make_human */
#include "report/table_json.h" /* gh_cell_json */

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

static struct gh_doc_fact *new_fact(struct gh_doc *d, const char *key,
				    enum gh_cell_kind kind)
{
	struct gh_doc_fact *f = &d->facts[d->n_facts++];

	assert(d->n_facts <= GH_DOC_FACTS);
	*f = (struct gh_doc_fact){ .key = key, .kind = kind };
	return f;
}

void gh_doc_text_fact(struct gh_doc *d, const char *key, const char *text)
{
	struct gh_doc_fact *f = new_fact(d, key, GH_CELL_TEXT);

	snprintf(f->cell.text, sizeof f->cell.text, "%s", text);
	gh_make_human(f->cell.text);
}

void gh_doc_fact(struct gh_doc *d, const char *key, enum gh_cell_kind kind,
		 double number)
{
	assert(kind != GH_CELL_TEXT);
	new_fact(d, key, kind)->cell.number = number;
}

/* File names and names of parts are as they were given. */
static void put_line(char line[GH_DOC_LINE], const char *fmt, va_list args)
{
	vsnprintf(line, GH_DOC_LINE, fmt, args);
	gh_make_human(line);
}

void gh_doc_above(struct gh_doc *d, const char *fmt, ...)
{
	va_list args;

	assert(d->n_above < GH_DOC_LINES);
	va_start(args, fmt);
	put_line(d->above[d->n_above++], fmt, args);
	va_end(args);
}

void gh_doc_below(struct gh_doc *d, const char *fmt, ...)
{
	va_list args;

	assert(d->n_below < GH_DOC_LINES);
	va_start(args, fmt);
	put_line(d->below[d->n_below++], fmt, args);
	va_end(args);
}

void gh_doc_text(const struct gh_doc *d, FILE *out)
{
	for (unsigned i = 0; i < d->n_above; i++)
		fprintf(out, "%s\n", d->above[i]);
	for (unsigned i = 0; i < d->n_tables; i++)
		if (i == 0 || d->tables[i]->n_rows > 0)
			gh_table_text(d->tables[i], out);
	for (unsigned i = 0; i < d->n_below; i++)
		fprintf(out, "%s\n", d->below[i]);
}

void gh_doc_plain(const struct gh_doc *d, FILE *out)
{
	const struct gh_table *t = d->n_tables ? d->tables[0] : NULL;
	char text[sizeof t->cells->text];

	for (size_t r = 0; t && r < t->n_rows; r++) {
		const char *space = "";

		for (unsigned c = 0; c < t->n_columns; c++) {
			if (!t->columns[c].title)
				continue;
			gh_cell_text(gh_table_cell(t, r, c), t->columns[c].kind,
				     text, sizeof text);
			fprintf(out, "%s%s", space, text);
			space = " ";
		}
		fputc('\n', out);
	}
	for (unsigned i = 0; !t && i < d->n_above; i++)
		fprintf(out, "%s\n", d->above[i]);
}

bool gh_doc_json(const struct gh_doc *d, FILE *out)
{
	json_t *root =
		json_pack("{s:i, s:s}", "schema", 1, "tool", "ghostlight");
	bool ok = root != NULL;

	for (unsigned i = 0; ok && i < d->n_facts; i++)
		ok = json_object_set_new(root, d->facts[i].key,
					 gh_cell_json(&d->facts[i].cell,
						      d->facts[i].kind)) == 0;
	for (unsigned i = 0; ok && i < d->n_tables; i++)
		ok = json_object_set_new(root, d->tables[i]->name,
					 gh_table_rows_json(d->tables[i])) == 0;
	for (unsigned i = 0; ok && i < d->n_plots; i++)
		ok = json_object_set_new(root, d->plots[i]->key,
					 gh_plot_json(d->plots[i])) == 0;
	ok = ok &&
	     json_dumpf(root, out, JSON_INDENT(1) | JSON_REAL_PRECISION(12)) ==
		     0 &&
	     fputc('\n', out) != EOF;
	json_decref(root);
	return ok;
}

/* ---- CSV -------------------------------------------------------------------*/

static void csv_text(const char *text, FILE *out)
{
	const bool formula = text[0] && strchr("=+-@\t\r", text[0]);
	const bool quoted = formula || strpbrk(text, ",\"\r\n") != NULL;

	if (quoted)
		fputc('"', out);
	if (formula)
		fputc('\'', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	if (quoted)
		fputc('"', out);
}

static bool is_real(enum gh_cell_kind kind)
{
	return kind == GH_CELL_NUMBER || kind == GH_CELL_VALUE;
}

/* A number stays one, whatever its sign; none at all is an empty field. */
static void csv_cell(const struct gh_cell *cell, enum gh_cell_kind kind,
		     FILE *out)
{
	char text[sizeof cell->text];

	if (kind == GH_CELL_TEXT) {
		gh_cell_text(cell, kind, text, sizeof text);
		csv_text(text, out);
	} else if (is_real(kind) && isfinite(cell->number)) {
		fprintf(out, "%.9g", cell->number);
	} else if (isfinite(cell->number)) {
		gh_cell_text(cell, kind, text, sizeof text);
		fputs(text, out);
	}
}

void gh_doc_csv(const struct gh_doc *d, FILE *out)
{
	const struct gh_table *t;

	if (d->n_tables == 0)
		return;
	t = d->tables[0];
	for (unsigned c = 0; c < t->n_columns; c++) {
		fprintf(out, "%s%s", c ? "," : "", t->columns[c].key);
	}
	fputc('\n', out);
	for (size_t r = 0; r < t->n_rows; r++) {
		for (unsigned c = 0; c < t->n_columns; c++) {
			if (c)
				fputc(',', out);
			csv_cell(gh_table_cell(t, r, c), t->columns[c].kind,
				 out);
		}
		fputc('\n', out);
	}
}
