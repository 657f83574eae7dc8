/* SPDX-License-Identifier: GPL-3.0-or-later */
/* single_doc - one part by itself as a screen shows it: the same values. */
#include "base/text.h"	   /* gh_copy_text */
#include "report/phrase.h" /* gh_phrase_metric */
#include "report/single.h" /* what is defined here */

#include <math.h>
#include <stdio.h>

enum { METRIC, WORDS, VALUE, UNIT, BASELINE, CHANGE, REASON, NOTE, COLUMNS };

static const struct gh_column columns[COLUMNS] = {
	[METRIC] = { "metric", NULL, GH_CELL_TEXT },
	[WORDS] = { "words", "what", GH_CELL_TEXT },
	[VALUE] = { "value", "value", GH_CELL_VALUE },
	[UNIT] = { "unit", NULL, GH_CELL_TEXT },
	[BASELINE] = { "baseline", "baseline", GH_CELL_VALUE },
	[CHANGE] = { "change", "change", GH_CELL_VALUE },
	[REASON] = { "reason", NULL, GH_CELL_TEXT },
	[NOTE] = { "note", "note", GH_CELL_TEXT },
};

static void put_finding(struct gh_table *t, const struct gh_finding *f)
{
	struct gh_cell *row = gh_table_add(t);
	char words[GH_PHRASE_CAP];

	gh_phrase_metric(words, sizeof words, f);
	gh_cell_put(&row[METRIC], f->id);
	gh_cell_put(&row[WORDS], words);
	gh_cell_value(&row[VALUE], f->value, f->unit);
	gh_cell_put(&row[UNIT], gh_unit_text(f->unit));
	gh_cell_value(&row[BASELINE], f->expected, f->unit);
	gh_cell_value(&row[CHANGE], f->value - f->expected, f->unit);
	gh_cell_put(&row[REASON], gh_reason_name(f->reason));
	gh_cell_put(&row[NOTE], f->note);
}

/* False: no memory. */
static bool put_curve(const struct gh_single_view *view, struct gh_plot *p)
{
	double deg[GH_SINGLE_BINS], there[GH_SINGLE_BINS], back[GH_SINGLE_BINS];
	const size_t n = view->n_curve;

	gh_plot_init(p, "curve");
	snprintf(p->title, sizeof p->title, "current over the angle");
	snprintf(p->x.label, sizeof p->x.label, "angle");
	snprintf(p->x.unit, sizeof p->x.unit, "deg");
	snprintf(p->y.label, sizeof p->y.label, "current");
	snprintf(p->y.unit, sizeof p->y.unit, "A");
	if (!gh_plot_room(p, 4 * n))
		return false;
	for (size_t i = 0; i < n; i++) {
		deg[i] = view->curve[i].deg;
		there[i] = view->curve[i].there_a;
		back[i] = view->curve[i].back_a;
	}
	gh_plot_add(p, "there", GH_PLOT_NOW, deg, there, n);
	gh_plot_add(p, "back", GH_PLOT_NOW, deg, back, n);
	return true;
}

static void put_facts(const struct gh_single_view *view, struct gh_doc *d)
{
	gh_doc_text_fact(d, "probe", view->probe);
	gh_doc_text_fact(d, "part", view->part);
	gh_doc_fact(d, "simulated", GH_CELL_BOOL, view->simulated);
	gh_doc_text_fact(d, "end", view->end);
	gh_doc_fact(d, "motion_s", GH_CELL_NUMBER, view->motion_s);
	gh_doc_text_fact(d, "said", view->said);
	gh_doc_text_fact(d, "against", view->against);
	if (view->said[0])
		gh_doc_above(d, "%s", view->said);
	if (view->against[0])
		gh_doc_above(d, "%s", view->against);
}

struct gh_doc *gh_single_doc(const struct gh_single_view *view)
{
	struct gh_table t = { .name = "metrics",
			      .none = "",
			      .columns = columns,
			      .n_columns = COLUMNS };
	struct gh_plot curve;
	struct gh_doc d = { .tables = { &t }, .n_tables = 1 };
	struct gh_doc *out = NULL;

	gh_plot_init(&curve, "curve");
	put_facts(view, &d);
	if (!gh_table_init(&t, view->n_findings))
		return NULL;
	for (size_t i = 0; i < view->n_findings; i++)
		put_finding(&t, &view->findings[i]);
	if (view->n_curve > 0 && put_curve(view, &curve))
		d.plots[d.n_plots++] = &curve;
	if (view->n_curve == 0 || d.n_plots > 0)
		out = gh_doc_copy(&d);
	gh_plot_finish(&curve);
	gh_table_finish(&t);
	return out;
}
