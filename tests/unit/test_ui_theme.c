/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every ink of every theme can be read, with 256 colours, eight, or none. */
#include "ui/theme.h" /* what is tested */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

/* Of 256 colours those from 16 on are the same on every terminal. */
static void rgb256(int index, double rgb[3])
{
	static const int steps[] = { 0, 95, 135, 175, 215, 255 };
	const int i = index - 16;

	for (int k = 0; k < 3; k++)
		rgb[k] = index >= 232 ? 8 + 10 * (index - 232)
				      : steps[i /
					      (k == 0	? 36
					       : k == 1 ? 6
							: 1) %
					      6];
}

/* The eight of the Linux console, the darkest there are. */
static void rgb8(int index, double rgb[3])
{
	static const int console[8][3] = { { 0, 0, 0 },	    { 170, 0, 0 },
					   { 0, 170, 0 },   { 170, 85, 0 },
					   { 0, 0, 170 },   { 170, 0, 170 },
					   { 0, 170, 170 }, { 170, 170, 170 } };

	for (int k = 0; k < 3; k++)
		rgb[k] = console[index][k];
}

/* Relative luminance and contrast as WCAG 2.1 defines them. */
static double luminance(const double rgb[3])
{
	static const double share[] = { 0.2126, 0.7152, 0.0722 };
	double sum = 0;

	for (int k = 0; k < 3; k++) {
		const double v = rgb[k] / 255;

		sum += share[k] * (v <= 0.03928
					   ? v / 12.92
					   : pow((v + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double contrast(const double a[3], const double b[3])
{
	const double la = luminance(a), lb = luminance(b);

	return la > lb ? (la + 0.05) / (lb + 0.05) : (lb + 0.05) / (la + 0.05);
}

/* The terminal's own colours are taken as white on black. */
static double contrast_of(const struct gh_look *l, bool all)
{
	const double white[3] = { 255, 255, 255 }, black[3] = { 0, 0, 0 };
	double fg[3], bg[3];

	memcpy(fg, white, sizeof fg);
	memcpy(bg, black, sizeof bg);
	if (all && l->fg256 >= 0)
		rgb256(l->fg256, fg);
	if (all && l->bg256 >= 0)
		rgb256(l->bg256, bg);
	if (!all && l->fg8 >= 0)
		rgb8(l->fg8, fg);
	if (!all && l->bg8 >= 0)
		rgb8(l->bg8, bg);
	return contrast(fg, bg);
}

/* Those that interface.md section 4.3 and theme.c give, on black and white. */
static void the_figures_are_true(void **state)
{
	static const struct {
		int index;
		double on_black, on_white;
	} rows[] = { { 196, 5.25, 0 }, { 160, 3.89, 0 }, { 124, 2.82, 7.44 },
		     { 88, 2.03, 0 },  { 208, 8.72, 0 }, { 172, 7.36, 0 },
		     { 33, 5.91, 0 },  { 34, 7.13, 0 },	 { 24, 0, 7.03 },
		     { 130, 0, 4.71 }, { 241, 0, 6.10 } };
	const double white[3] = { 255, 255, 255 }, black[3] = { 0, 0, 0 };

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(rows); i++) {
		double rgb[3];

		rgb256(rows[i].index, rgb);
		if (rows[i].on_black > 0)
			assert_float_equal(contrast(rgb, black),
					   rows[i].on_black, 0.006);
		if (rows[i].on_white > 0)
			assert_float_equal(contrast(rgb, white),
					   rows[i].on_white, 0.006);
	}
}

/* Why theme.c has no red where there are eight colours. */
static void the_eight_have_no_red_that_is_read(void **state)
{
	static const struct {
		int index;
		double on_black;
	} rows[] = { { 1, 2.71 }, { 3, 4.01 }, { 5, 3.29 } };
	const double black[3] = { 0, 0, 0 };

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(rows); i++) {
		double rgb[3];

		rgb8(rows[i].index, rgb);
		assert_float_equal(contrast(rgb, black), rows[i].on_black,
				   0.006);
	}
}

static bool is_verdict(int ink)
{
	return ink >= GH_INK_READY && ink <= GH_INK_UNSURE;
}

/*
 * WCAG: 3 for large text, 4.5 for small. A verdict is never small alone: its
 * sign and word are there large. Of eight colours the only amber has 4.01.
 */
static double least_of(int ink, bool all)
{
	if (is_verdict(ink))
		return 3.0;
	return all ? 4.5 : 4.0;
}

static void every_ink_can_be_read(void **state)
{
	(void)state;
	for (int theme = 0; theme < GH_THEME_COUNT; theme++)
		for (int ink = 0; ink < GH_INK_COUNT; ink++) {
			const struct gh_look *l = gh_theme_look(
				(enum gh_theme)theme, (enum gh_ink)ink);
			const double all = contrast_of(l, true);
			const double eight = contrast_of(l, false);

			print_message("# %s ink %d: %.2f, of eight %.2f\n",
				      gh_theme_name((enum gh_theme)theme), ink,
				      all, eight);
			assert_true(all >= least_of(ink, true));
			assert_true(eight >= least_of(ink, false));
		}
}

/* Selection, STOP and pixels are reverse, so they need no colour at all. */
static void what_must_stand_out_is_reverse(void **state)
{
	(void)state;
	for (int theme = 0; theme < GH_THEME_COUNT; theme++)
		for (int ink = 0; ink < GH_INK_COUNT; ink++)
			assert_int_equal(gh_theme_look((enum gh_theme)theme,
						       (enum gh_ink)ink)
						 ->reverse,
					 ink == GH_INK_SELECT ||
						 ink == GH_INK_STOP);
	for (int ink = 0; ink < GH_INK_COUNT; ink++) {
		const struct gh_look *l =
			gh_theme_look(GH_THEME_MONO, (enum gh_ink)ink);

		assert_int_equal(l->fg256, -1);
		assert_int_equal(l->bg256, -1);
		assert_int_equal(l->fg8, -1);
		assert_int_equal(l->bg8, -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_figures_are_true),
		cmocka_unit_test(the_eight_have_no_red_that_is_read),
		cmocka_unit_test(every_ink_can_be_read),
		cmocka_unit_test(what_must_stand_out_is_reverse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
