/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A metric over time as a picture: epochs, units of time, limits, marks. */
#include "cli/history.h" /* what is tested */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LEFT = 2, ROWS = 2 * (GH_PLOT_SERIES + LEFT), DAY_S = 86400 };

static struct gh_series_row rows[ROWS];
static struct gh_metric metric;
static struct gh_history h;
static struct gh_plot plot;

/* n runs, `step_s` apart, of one baseline; run i has the value i. */
static void set_runs(size_t n, int64_t step_s)
{
	memset(rows, 0, sizeof rows);
	for (size_t i = 0; i < n; i++) {
		rows[i] = (struct gh_series_row){
			.run = (int64_t)i + 1,
			.started_s = 1795373561 + (int64_t)i * step_s,
			.version = 1,
			.v = { (double)i, 100.0 + (double)i, NAN },
			.baseline = "studio",
		};
	}
	metric = (struct gh_metric){ .id = "joint.coulomb",
				     .kind = GH_METRIC_SCALAR,
				     .unit = GH_UNIT_AMPERE,
				     .meaning = "friction" };
	h = (struct gh_history){ .part = "arm",
				 .id = metric.id,
				 .metric = &metric,
				 .rows = rows,
				 .n = n,
				 .limits = { "", 0, 0, -1.5, 7.5 } };
}

static void draw(const struct gh_history_event *events, size_t n, size_t change)
{
	gh_plot_finish(&plot);
	gh_plot_init(&plot, "trend");
	assert_true(gh_history_plot(&plot, &h, events, n, change));
}

static void check_series(unsigned s, const char *name, size_t n)
{
	assert_string_equal(plot.series[s].name, name);
	assert_int_equal(plot.series[s].n, n);
}

static void one_baseline_is_one_series(void **state)
{
	(void)state;
	set_runs(4, DAY_S);
	draw(NULL, 0, h.n);
	assert_int_equal(plot.n_series, 1);
	check_series(0, "studio", 4);
	for (size_t i = 0; i < 4; i++) {
		assert_float_equal(plot.series[0].x[i], (double)i - 3, 1e-9);
		assert_float_equal(plot.series[0].y[i], (double)i, 1e-9);
	}
	assert_string_equal(plot.x.unit, "d");
	assert_string_equal(plot.y.unit, "A");
	assert_float_equal(plot.limit_lo, -1.5, 1e-9);
	assert_float_equal(plot.limit_hi, 7.5, 1e-9);
	assert_int_equal(plot.n_marks, 0);
}

/* The newest is the first; a formula that changed begins one too. */
static void epochs_are_not_joined(void **state)
{
	(void)state;
	set_runs(6, DAY_S);
	rows[0].baseline[0] = rows[1].baseline[0] = '\0';
	rows[4].version = rows[5].version = 2;
	draw(NULL, 0, h.n);
	assert_int_equal(plot.n_series, 3);
	check_series(0, "studio", 2);
	check_series(1, "studio", 2);
	check_series(2, "no baseline", 2);
	assert_float_equal(plot.series[0].y[0], 4, 1e-9);
	assert_float_equal(plot.series[2].y[1], 1, 1e-9);
}

/* More of them than a picture has: the oldest share one, with gaps. */
static void the_oldest_epochs_share_a_series(void **state)
{
	const struct gh_plot_series *last;
	size_t gaps = 0;

	(void)state;
	set_runs(ROWS, DAY_S);
	for (size_t i = 0; i < ROWS; i++)
		snprintf(rows[i].baseline, sizeof rows[i].baseline, "b%zu",
			 i / 2);
	draw(NULL, 0, h.n);
	assert_int_equal(plot.n_series, GH_PLOT_SERIES);
	check_series(0, rows[ROWS - 1].baseline, 2);
	check_series(GH_PLOT_SERIES - 2, rows[2 * (LEFT + 1)].baseline, 2);
	last = &plot.series[GH_PLOT_SERIES - 1];
	assert_string_equal(last->name, "earlier");
	for (size_t i = 0; i < last->n; i++)
		gaps += isnan(last->y[i]) ? 1 : 0;
	assert_int_equal(gaps, LEFT);
	assert_int_equal(last->n, 2 * (LEFT + 1) + gaps);
	assert_float_equal(last->y[last->n - 1], 2 * LEFT + 1, 1e-9);
}

static void time_has_the_unit_that_fits(void **state)
{
	static const struct {
		int64_t step_s;
		const char *unit;
	} cases[] = { { 60, "min" }, { 3 * 3600, "h" }, { 2 * DAY_S, "d" } };

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		set_runs(3, cases[i].step_s);
		draw(NULL, 0, h.n);
		assert_string_equal(plot.x.unit, cases[i].unit);
		assert_true(plot.series[0].x[0] < -1.9);
	}
	/* A single run is at 0 of anything. */
	set_runs(1, 1);
	draw(NULL, 0, h.n);
	assert_float_equal(plot.series[0].x[0], 0, 1e-9);
}

/* An angle has no other side of the circle, and a colour is its Y. */
static void kinds_have_their_own_numbers(void **state)
{
	(void)state;
	set_runs(3, DAY_S);
	metric.kind = GH_METRIC_CIRCULAR;
	rows[0].v[0] = 350;
	rows[1].v[0] = 5;
	rows[2].v[0] = 359;
	h.limits.limit_lo = 340;
	h.limits.limit_hi = 20;
	draw(NULL, 0, h.n);
	assert_float_equal(plot.series[0].y[1], 365, 1e-9);
	assert_float_equal(plot.limit_lo, 340, 1e-9);
	assert_float_equal(plot.limit_hi, 380, 1e-9);
	set_runs(3, DAY_S);
	metric.kind = GH_METRIC_COLOUR;
	draw(NULL, 0, h.n);
	assert_float_equal(plot.series[0].y[1], 101, 1e-9);
	assert_true(isnan(plot.limit_lo) && isnan(plot.limit_hi));
}

static void what_happened_is_marked(void **state)
{
	static struct gh_history_event e[GH_PLOT_MARKS + 4];

	(void)state;
	set_runs(8, DAY_S);
	for (size_t i = 0; i < GH_ARRAY_SIZE(e); i++) {
		e[i] = (struct gh_history_event){
			rows[0].started_s + (int64_t)i * 3600, 1, "firmware", ""
		};
		snprintf(e[i].text, sizeof e[i].text, "1.%zu to 2", i);
	}
	draw(e, 2, 5);
	assert_int_equal(plot.n_marks, 3);
	assert_string_equal(plot.marks[0].text, "change");
	assert_float_equal(plot.marks[0].x, -2, 1e-9);
	assert_string_equal(plot.marks[1].text, "firmware: 1.0 to 2");
	assert_float_equal(plot.marks[1].x, -7, 1e-9);
	/* The newest have their place. */
	draw(e, GH_ARRAY_SIZE(e), h.n);
	assert_int_equal(plot.n_marks, GH_PLOT_MARKS);
	assert_string_equal(plot.marks[0].text, "firmware: 1.4 to 2");
}

static int clear(void **state)
{
	(void)state;
	gh_plot_finish(&plot);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_baseline_is_one_series),
		cmocka_unit_test(epochs_are_not_joined),
		cmocka_unit_test(the_oldest_epochs_share_a_series),
		cmocka_unit_test(time_has_the_unit_that_fits),
		cmocka_unit_test(kinds_have_their_own_numbers),
		cmocka_unit_test(what_happened_is_marked),
	};

	return cmocka_run_group_tests(tests, NULL, clear);
}
