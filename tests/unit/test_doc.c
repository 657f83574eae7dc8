/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An answer that is kept outlives what it was made of, and its plots are in
 * its JSON as the numbers they were given.
 */
#include "report/doc.h" /* what is tested */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct gh_column columns[] = {
	{ "part", "part", GH_CELL_TEXT },
	{ "value", "value", GH_CELL_NUMBER },
};

static void make_table(struct gh_table *t)
{
	struct gh_cell *c;

	*t = (struct gh_table){ .name = "rows",
				.none = "none",
				.columns = columns,
				.n_columns = GH_ARRAY_SIZE(columns) };
	assert_true(gh_table_init(t, 2));
	c = gh_table_add(t);
	strcpy(c[0].text, "elbow");
	c[1].number = 0.25;
	c = gh_table_add(t);
	strcpy(c[0].text, "core\x1b");
}

static void make_plot(struct gh_plot *p)
{
	const double x[] = { 0, 1, 2 }, up[] = { 5, NAN, 7 }, base[] = { 4, 4 };

	gh_plot_init(p, "curve");
	strcpy(p->title, "current over angle");
	strcpy(p->x.unit, "deg");
	p->limit_hi = 9;
	assert_true(gh_plot_room(p, 5));
	gh_plot_add(p, "up", GH_PLOT_NOW, x, up, 3);
	gh_plot_add(p, "baseline", GH_PLOT_BASELINE, x, base, 2);
	for (unsigned i = 0; i < GH_PLOT_MARKS + 3; i++)
		gh_plot_mark(p, i, "fw\n2");
}

static struct gh_doc *kept(void)
{
	struct gh_doc *made = calloc(1, sizeof *made), *copy;
	struct gh_table table;
	struct gh_plot plot;

	assert_non_null(made);
	make_table(&table);
	make_plot(&plot);
	made->tables[made->n_tables++] = &table;
	made->plots[made->n_plots++] = &plot;
	gh_doc_above(made, "two rows");
	gh_doc_text_fact(made, "run", "12");
	copy = gh_doc_copy(made);
	gh_table_finish(&table);
	gh_plot_finish(&plot);
	free(made);
	assert_non_null(copy);
	return copy;
}

static void a_copy_stands_alone(void **state)
{
	struct gh_doc *d = kept();
	enum gh_cell_kind kind;
	const struct gh_plot_series *s = d->plots[0]->series;

	(void)state;
	assert_string_equal(d->above[0], "two rows");
	assert_string_equal(gh_doc_find(d, "run", &kind)->text, "12");
	assert_null(gh_doc_find(d, "walk", &kind));
	assert_string_equal(gh_table_find(d->tables[0], 0, "part", &kind)->text,
			    "elbow");
	assert_int_equal(kind, GH_CELL_TEXT);
	assert_float_equal(
		gh_table_find(d->tables[0], 0, "value", &kind)->number, 0.25,
		1e-6);
	assert_int_equal(kind, GH_CELL_NUMBER);
	assert_null(gh_table_find(d->tables[0], 2, "value", &kind));
	assert_null(gh_table_find(d->tables[0], 0, "valu", &kind));
	assert_int_equal(d->plots[0]->n_series, 2);
	assert_float_equal(s[0].y[0], 5, 1e-6);
	assert_true(isnan(s[0].y[1]));
	assert_float_equal(s[0].y[2], 7, 1e-6);
	assert_int_equal(s[1].n, 2);
	assert_float_equal(s[1].x[1], 1, 1e-6);
	assert_float_equal(s[1].y[1], 4, 1e-6);
	gh_doc_free(d);
	gh_doc_free(NULL);
}

static void json_has_the_plots(void **state)
{
	struct gh_doc *d = kept();
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	const json_t *plot, *up;
	json_t *root;

	(void)state;
	assert_non_null(out);
	assert_true(gh_doc_json(d, out));
	fclose(out);
	root = json_loads(text, 0, NULL);
	plot = json_object_get(root, "curve");
	assert_int_equal(json_array_size(json_object_get(root, "rows")), 2);
	assert_string_equal(json_string_value(json_object_get(plot, "title")),
			    "current over angle");
	assert_true(json_is_null(json_object_get(plot, "limit_lo")));
	assert_float_equal(json_number_value(json_object_get(plot, "limit_hi")),
			   9, 1e-6);
	assert_int_equal(json_array_size(json_object_get(plot, "marks")),
			 GH_PLOT_MARKS);
	up = json_array_get(json_object_get(plot, "series"), 0);
	assert_string_equal(json_string_value(json_object_get(up, "role")),
			    "now");
	assert_true(json_is_null(json_array_get(json_object_get(up, "y"), 1)));
	assert_float_equal(
		json_number_value(json_array_get(json_object_get(up, "y"), 2)),
		7, 1e-6);
	json_decref(root);
	free(text);
	gh_doc_free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_copy_stands_alone),
		cmocka_unit_test(json_has_the_plots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
