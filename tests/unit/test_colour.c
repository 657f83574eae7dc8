/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colour differences against the published figures of measurement.md 10. */
#include "judge/colour.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>

#include <cmocka.h>

#define PAIRS_FILE "../shared/data/ciede2000.tsv"

/* D65 from xy (.3127, .3290), Y 1. */
static const double d65[3] = { .3127 / .3290, 1, (1 - .3127 - .3290) / .3290 };

static void check_pair(struct gh_lab p, struct gh_lab q, double expected)
{
	assert_true(fabs(gh_colour_delta_e(p, q) - expected) < 5e-5);
	assert_true(fabs(gh_colour_delta_e(q, p) - expected) < 5e-5);
}

static void three_pairs(void **state)
{
	(void)state;
	check_pair((struct gh_lab){ 50, 2.6772, -79.7751 },
		   (struct gh_lab){ 50, 0, -82.7485 }, 2.0425);
	check_pair((struct gh_lab){ 50, 2.5, 0 },
		   (struct gh_lab){ 73, 25, -18 }, 27.1492);
	check_pair((struct gh_lab){ 2.0776, .0795, -1.1350 },
		   (struct gh_lab){ .9033, -.0636, -.5514 }, .9082);
}

static void all_published_pairs(void **state)
{
	FILE *f = fopen(PAIRS_FILE, "r");
	char line[256];
	int pairs = 0;

	(void)state;
	if (f == NULL)
		skip();
	while (fgets(line, sizeof line, f) != NULL) {
		struct gh_lab p, q;
		double expected;

		if (sscanf(line, "%*d %lf %lf %lf %lf %lf %lf %lf", &p.l, &p.a,
			   &p.b, &q.l, &q.a, &q.b, &expected) != 7)
			continue;
		check_pair(p, q, expected);
		pairs++;
	}
	fclose(f);
	assert_int_equal(pairs, 34);
}

static void lab_of_three_lights(void **state)
{
	static const struct {
		double xyz[3];
		struct gh_lab lab;
	} rows[] = {
		{ { .20654008, .12197225, .05136952 },
		  { 41.52787529, 52.63858304, 26.92317922 } },
		{ { .14222010, .23042768, .10495772 },
		  { 55.11636304, -41.08791787, 30.91825778 } },
		{ { .07818780, .06157201, .28099326 },
		  { 29.80565520, 20.01830466, -48.34913874 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct gh_lab lab = gh_colour_lab(rows[i].xyz, d65);

		assert_true(fabs(lab.l - rows[i].lab.l) < 1e-6);
		assert_true(fabs(lab.a - rows[i].lab.a) < 1e-6);
		assert_true(fabs(lab.b - rows[i].lab.b) < 1e-6);
	}
}

/* Dawn pink with its blue dead: xy (.300, .320) to (.426, .530), .0993. */
static void uv_distance(void **state)
{
	static const double pink[3] = { .300, .320, .380 };
	static const double yellow[3] = { .426, .530, .044 };
	static const double black[3] = { 0, 0, 0 };

	(void)state;
	assert_true(fabs(gh_colour_delta_uv(pink, yellow) - .0993) < .002);
	assert_true(gh_colour_delta_uv(pink, pink) < 1e-12);
	assert_true(isnan(gh_colour_delta_uv(pink, black)));
}

static void scale_does_not_matter(void **state)
{
	static const double light[3] = { .2, .3, .4 };
	static const double brighter[3] = { 2, 3, 4 };
	static const double white[3] = { 9.505, 10, 10.89 };
	static const double unit_white[3] = { .9505, 1, 1.089 };

	(void)state;
	assert_true(gh_colour_delta_e(gh_colour_lab(light, unit_white),
				      gh_colour_lab(brighter, white)) < 1e-6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_pairs),
		cmocka_unit_test(all_published_pairs),
		cmocka_unit_test(lab_of_three_lights),
		cmocka_unit_test(uv_distance),
		cmocka_unit_test(scale_does_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
