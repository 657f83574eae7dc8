/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plots in cells against pictures that were checked by hand: every value can be
 * read off its row and column. And what no screen should die of.
 */
#include "ui/plot.h"	   /* what is tested */
#include "ui/plot_scale.h" /* gh_scale_number */

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { W = 60, H = 20, POINTS = 64 };

static struct gh_glyph cells[GH_CANVAS_W * GH_CANVAS_H];
static char drawn[GH_CANVAS_H * (GH_CANVAS_W * 4 + 1)];

static void start(struct gh_plot *p, const char *title, const char *unit)
{
	gh_plot_init(p, "test");
	assert_true(gh_plot_room(p, (size_t)GH_PLOT_SERIES * POINTS));
	snprintf(p->title, sizeof p->title, "%s", title);
	snprintf(p->y.unit, sizeof p->y.unit, "%s", unit);
	snprintf(p->x.label, sizeof p->x.label, "angle");
	snprintf(p->x.unit, sizeof p->x.unit, "deg");
}

/* The area alone, at (2, 1) of a canvas that is larger all around. */
static const char *draw(struct gh_plot *p, int w, int h, bool utf8)
{
	const struct gh_plot_area area = { 2, 1, w, h };
	struct gh_canvas c;
	size_t used = 0;

	gh_canvas_init(&c, cells, w + 5, h + 3, utf8);
	for (int i = 0; i < c.w * c.h; i++)
		strcpy(cells[i].glyph, "~");
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++)
			gh_canvas_put(&c, 2 + x, 1 + y, GH_INK_PLAIN, " ");
	gh_plot_draw(p, &c, &area);
	for (int i = 0; i < c.w * c.h; i++) {
		const int x = i % c.w - 2, y = i / c.w - 1;

		if (x >= 0 && x < w && y >= 0 && y < h)
			continue;
		if (strcmp(cells[i].glyph, "~") != 0)
			fail_msg("drew outside, at %d, %d of %dx%d", x, y, w,
				 h);
		strcpy(cells[i].glyph, " ");
	}
	for (int y = 1; y <= h; y++) {
		char row[GH_CANVAS_W * 4 + 1];

		gh_canvas_row_text(&c, y, row, sizeof row);
		used += (size_t)snprintf(drawn + used, sizeof drawn - used,
					 "%s\n",
					 strlen(row) > 2 ? row + 2 : "");
	}
	return drawn;
}

static void is_drawn(struct gh_plot *p, int w, int h, bool utf8,
		     const char *expected)
{
	if (strcmp(draw(p, w, h, utf8), expected) != 0)
		fail_msg("drawn:\n%sexpected:\n%s", drawn, expected);
}

/* ---- Pictures ----------------------------------------------------------------*/

static const double ramp_x[] = { 0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100 };

/* 0 at the lower left, 100 at the upper right, nothing between 40 and 60. */
static void a_line_with_a_gap(void **state)
{
	const double y[] = { 0, 10, 20, 30, 40, NAN, 60, 70, 80, 90, 100 };
	struct gh_plot p;

	(void)state;
	start(&p, "a ramp", "mA");
	gh_plot_add(&p, "run 7", GH_PLOT_NOW, ramp_x, y, 11);
	is_drawn(&p, 35, 10, false,
		 "a ramp, mA\n"
		 "# run 7\n"
		 "100|                          #####\n"
		 "   |                    ######\n"
		 " 50|                  ##\n"
		 "   |        #####\n"
		 "   |  ######\n"
		 "  0|##\n"
		 "   ++--------------+--------------+\n"
		 "    0             50     angle, deg\n");
	is_drawn(&p, 35, 10, true,
		 "a ramp, mA\n"
		 "█ run 7\n"
		 "100|                          ▄▄▄▀▀\n"
		 "   |                    ▄▄▄▀▀▀\n"
		 " 50|                  ▀▀\n"
		 "   |        ▄▄▄▀▀\n"
		 "   |  ▄▄▄▀▀▀\n"
		 "  0|▀▀\n"
		 "   ++--------------+--------------+\n"
		 "    0             50     angle, deg\n");
	gh_plot_finish(&p);
}

static void band_baseline_and_limit(void **state)
{
	const double now[] = { 5, 5, 5, 5, 5, 9, 9, 9, 9, 9, 9 };
	const double base[] = { 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5 };
	const double lo[] = { 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4 };
	const double hi[] = { 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6 };
	struct gh_plot p;

	(void)state;
	start(&p, "a step", "mA");
	gh_plot_add(&p, "run 7", GH_PLOT_NOW, ramp_x, now, 11);
	gh_plot_add(&p, "studio", GH_PLOT_BASELINE, ramp_x, base, 11);
	gh_plot_add(&p, "of 5 runs", GH_PLOT_BAND_LO, ramp_x, lo, 11);
	gh_plot_add(&p, "of 5 runs", GH_PLOT_BAND_HI, ramp_x, hi, 11);
	p.limit_hi = 8;
	gh_plot_mark(&p, 50, "rub");
	is_drawn(&p, 50, 13, false,
		 "a step, mA\n"
		 "# run 7   . studio   : of 5 runs   = limit 8 mA\n"
		 " |                        ########################\n"
		 " |                       #|\n"
		 "8|======================#=========================\n"
		 " |                      # |\n"
		 " |                     #  |\n"
		 "6|::::::::::::::::::::#:::::::::::::::::::::::::::\n"
		 " |####################............................\n"
		 " |::::::::::::::::::::::::::::::::::::::::::::::::\n"
		 "4|::::::::::::::::::::::::::::::::::::::::::::::::\n"
		 " ++-----------------------+----------------------+\n"
		 "  0                      50             angle, deg\n");
	is_drawn(&p, 50, 13, true,
		 "a step, mA\n"
		 "█ run 7   · studio   ░ of 5 runs   ═ limit 8 mA\n"
		 " |                        █▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀\n"
		 " |                       █|\n"
		 "8|══════════════════════█═════════════════════════\n"
		 " |                     ▄▀ |\n"
		 " |                     █  |\n"
		 "6|░░░░░░░░░░░░░░░░░░░░█░░░░░░░░░░░░░░░░░░░░░░░░░░░\n"
		 " |▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄█····························\n"
		 " |░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░\n"
		 "4|░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░\n"
		 " ++-----------------------+----------------------+\n"
		 "  0                      50             angle, deg\n");
	gh_plot_finish(&p);
}

static void bars_are_rows(void **state)
{
	const double x[] = { 1, 2, 3 };
	const double y[] = { 1, 0.5, NAN }, base[] = { 1, 1, 0.75 };
	struct gh_plot p;

	(void)state;
	start(&p, "light through each fibre", "");
	p.bars = true;
	gh_plot_add(&p, "run 7", GH_PLOT_NOW, x, y, 3);
	gh_plot_add(&p, "studio", GH_PLOT_BASELINE, x, base, 3);
	gh_plot_mark(&p, 1, "fibre 1");
	gh_plot_mark(&p, 2, "fibre 2");
	gh_plot_mark(&p, 3, "fibre 3");
	is_drawn(&p, 50, 7, false,
		 "light through each fibre\n"
		 "# run 7   . studio\n"
		 "fibre 1 |##############################. 1\n"
		 "fibre 2 |################              . 0.5\n"
		 "fibre 3 |                       .        -\n"
		 "        ++--------------+--------------+\n"
		 "        0.0            0.5            1.0\n");
	/* The numbers are worth more than the axis. */
	is_drawn(&p, 50, 6, false,
		 "light through each fibre\n"
		 "# run 7   . studio\n"
		 "fibre 1 |##############################. 1\n"
		 "fibre 2 |################              . 0.5\n"
		 "fibre 3 |                       .        -\n"
		 "\n");
	gh_plot_finish(&p);
}

static void too_many_bars_are_counted(void **state)
{
	const double x[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	struct gh_plot p;

	(void)state;
	start(&p, "many", "");
	p.bars = true;
	gh_plot_add(&p, "run 7", GH_PLOT_NOW, x, x, 9);
	is_drawn(&p, 30, 6, false,
		 "many\n"
		 "# run 7\n"
		 " |###                1\n"
		 " |#####              2\n"
		 " |#######            3\n"
		 "  and 6 more\n");
	gh_plot_finish(&p);
}

/* ---- What no plot should die of -----------------------------------------------*/

static const char *text_of(const double *y, size_t n, int w, int h, bool utf8)
{
	double x[POINTS];
	struct gh_plot p;
	const char *text;

	for (size_t i = 0; i < n; i++)
		x[i] = (double)i;
	start(&p, "hard", "mA");
	gh_plot_add(&p, "now", GH_PLOT_NOW, x, y, n);
	text = draw(&p, w, h, utf8);
	gh_plot_finish(&p);
	return text;
}

static unsigned count(const char *text, char c)
{
	unsigned n = 0;

	for (; *text; text++)
		n += *text == c;
	return n;
}

static void values_that_are_no_curve(void **state)
{
	const double one[] = { 4.2 }, same[] = { 3, 3, 3 };
	const double none[] = { NAN, NAN, NAN };
	const double odd[] = { INFINITY, 1, -INFINITY, 2, NAN, 3 };

	(void)state;
	/* Both times the legend's glyph is one of them. */
	assert_int_equal(count(text_of(one, 1, 40, 10, false), '#'), 2);
	assert_non_null(strstr(drawn, "4.5|"));
	assert_int_equal(count(text_of(same, 3, 40, 10, false), '#'), 36 + 1);
	assert_non_null(strstr(text_of(none, 3, 40, 10, false), "no values"));
	assert_non_null(strstr(text_of(none, 0, 40, 10, false), "no values"));
	/* Nothing is joined over what is not a number. */
	assert_int_equal(count(text_of(odd, 6, 40, 10, false), '#'), 3 + 1);
}

static void ranges_that_break_sums(void **state)
{
	const double sets[][3] = { { -DBL_MAX, 0, DBL_MAX },
				   { 1e299, -1e299, 5 },
				   { 1e-320, 2e-320, 0 },
				   { 1, 1 + DBL_EPSILON, 1 },
				   { -1e-12, 0, 1e15 } };

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(sets); i++)
		for (int h = 0; h < 12; h++) {
			text_of(sets[i], 3, 40, h, false);
			text_of(sets[i], 3, 40, h, true);
		}
	assert_non_null(strstr(text_of(sets[1], 3, 40, 10, false), "e+299|"));
}

static void every_size_stays_inside(void **state)
{
	const double y[] = { 1, 5, 2, 8, NAN, 3 };
	const double x[] = { 1, 2, 3, 4, 5, 6 };

	(void)state;
	for (int w = 0; w < W; w++)
		for (int h = 0; h < H; h++)
			for (int kind = 0; kind < 4; kind++) {
				struct gh_plot p;

				start(&p, "sizes", "mA");
				p.bars = kind & 1;
				gh_plot_add(&p, "now", GH_PLOT_NOW, x, y, 6);
				gh_plot_add(&p, "then", GH_PLOT_BASELINE, x, y,
					    6);
				gh_plot_mark(&p, 4, "a place with a name");
				p.limit_hi = 9;
				draw(&p, w, h, kind & 2);
				gh_plot_finish(&p);
			}
	assert_string_equal(text_of(y, 6, 3, 3, false), "h..\n\n\n");
}

static void a_far_limit_does_not_flatten(void **state)
{
	const double y[] = { 1, 2 }, x[] = { 0, 1 };
	struct gh_plot p;

	(void)state;
	start(&p, "far", "mA");
	gh_plot_add(&p, "now", GH_PLOT_NOW, x, y, 2);
	p.limit_lo = -900;
	p.limit_hi = 2.5;
	draw(&p, 50, 12, false);
	assert_non_null(strstr(drawn, "limit -900 to 2.5 mA"));
	assert_null(strstr(drawn, "|0"));
	assert_int_equal(count(drawn, '='), 1 + 46);
	gh_plot_finish(&p);
}

static void names_are_harmless(void **state)
{
	static const char hostile[] = "\x1b[2J\r\n\xff\xe2\x80\xae%s%n";
	const double y[] = { 1, 2 }, x[] = { 0, 1 };
	struct gh_plot p;

	(void)state;
	start(&p, hostile, hostile);
	snprintf(p.x.label, sizeof p.x.label, "%s", hostile);
	gh_plot_add(&p, hostile, GH_PLOT_NOW, x, y, 2);
	gh_plot_mark(&p, 0.2, hostile);
	p.limit_hi = 2;
	for (int utf8 = 0; utf8 < 2; utf8++) {
		draw(&p, 60, 12, utf8);
		for (const char *c = drawn; *c; c++)
			assert_true(*c == '\n' || (unsigned char)*c >= 0x20);
		assert_null(strstr(drawn, "\xe2\x80\xae"));
		assert_null(strchr(drawn, '\xff'));
		assert_non_null(strstr(drawn, "%s%n"));
	}
	gh_plot_finish(&p);
}

static void round_numbers_lie_inside(void **state)
{
	(void)state;
	for (int k = -40; k < 40; k++) {
		struct gh_scale s = { -3.7 * pow(10, k), 8.1 * pow(10, k), 0 };
		int n = 0;
		double v;

		gh_scale_finish(&s, 5);
		while (gh_scale_number(&s, n, &v)) {
			assert_true(v >= s.lo && v <= s.hi);
			n++;
		}
		assert_in_range(n, 2, 6);
		assert_int_equal(gh_scale_place(&s, s.lo, 9), 0);
		assert_int_equal(gh_scale_place(&s, s.hi, 9), 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_with_a_gap),
		cmocka_unit_test(band_baseline_and_limit),
		cmocka_unit_test(bars_are_rows),
		cmocka_unit_test(too_many_bars_are_counted),
		cmocka_unit_test(values_that_are_no_curve),
		cmocka_unit_test(ranges_that_break_sums),
		cmocka_unit_test(every_size_stays_inside),
		cmocka_unit_test(a_far_limit_does_not_flatten),
		cmocka_unit_test(names_are_harmless),
		cmocka_unit_test(round_numbers_lie_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
