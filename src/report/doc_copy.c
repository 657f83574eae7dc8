/* SPDX-License-Identifier: GPL-3.0-or-later */
/* doc_copy - an answer that is kept, and what is looked up in it. */
#include "report/doc.h" /* what is defined here */

#include <stdlib.h>
#include <string.h>

/* doc comes first: a copy is known by it. */
struct kept {
	struct gh_doc doc;
	struct gh_table tables[GH_DOC_TABLES];
	struct gh_plot plots[GH_DOC_PLOTS];
};

static bool copy_table(struct gh_table *t, const struct gh_table *from)
{
	*t = *from;
	if (!gh_table_init(t, from->n_rows))
		return false;
	t->n_rows = from->n_rows;
	memcpy(t->cells, from->cells,
	       from->n_rows * from->n_columns * sizeof *t->cells);
	return true;
}

static bool copy_plot(struct gh_plot *p, const struct gh_plot *from)
{
	size_t points = 0;

	*p = *from;
	p->room = NULL;
	p->n_series = 0;
	for (unsigned i = 0; i < from->n_series; i++)
		points += from->series[i].n;
	if (!gh_plot_room(p, points))
		return false;
	for (unsigned i = 0; i < from->n_series; i++)
		gh_plot_add(p, from->series[i].name, from->series[i].role,
			    from->series[i].x, from->series[i].y,
			    from->series[i].n);
	return true;
}

static void free_kept(struct kept *k)
{
	for (unsigned i = 0; i < GH_DOC_TABLES; i++)
		gh_table_finish(&k->tables[i]);
	for (unsigned i = 0; i < GH_DOC_PLOTS; i++)
		gh_plot_finish(&k->plots[i]);
	free(k);
}

struct gh_doc *gh_doc_copy(const struct gh_doc *from)
{
	struct kept *k = calloc(1, sizeof *k);
	bool ok = true;

	if (!k)
		return NULL;
	k->doc = *from;
	for (unsigned i = 0; ok && i < from->n_tables; i++) {
		ok = copy_table(&k->tables[i], from->tables[i]);
		k->doc.tables[i] = &k->tables[i];
	}
	for (unsigned i = 0; ok && i < from->n_plots; i++) {
		ok = copy_plot(&k->plots[i], from->plots[i]);
		k->doc.plots[i] = &k->plots[i];
	}
	if (ok)
		return &k->doc;
	free_kept(k);
	return NULL;
}

void gh_doc_free(struct gh_doc *d)
{
	if (d)
		free_kept((struct kept *)d);
}

const struct gh_cell *gh_doc_find(const struct gh_doc *d, const char *key,
				  enum gh_cell_kind *kind)
{
	for (unsigned i = 0; i < d->n_facts; i++) {
		if (strcmp(d->facts[i].key, key) != 0)
			continue;
		*kind = d->facts[i].kind;
		return &d->facts[i].cell;
	}
	return NULL;
}

const struct gh_cell *gh_table_find(const struct gh_table *t, size_t row,
				    const char *key, enum gh_cell_kind *kind)
{
	for (unsigned c = 0; row < t->n_rows && c < t->n_columns; c++) {
		if (strcmp(t->columns[c].key, key) != 0)
			continue;
		*kind = t->columns[c].kind;
		return gh_table_cell(t, row, c);
	}
	return NULL;
}
