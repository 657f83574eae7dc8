/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Help: the keys of the screen that asked, all of it in any window, and the
 * README's table of the same. Runs in the root of the checkout.
 */
#include "ui/help.h" /* what is tested */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include "unit/test_ui_stage.h" /* set_up */

/* The keys of the screen that help was asked on come first, none twice. */
static void help_is_about_that_screen(void **state)
{
	struct gh_key_line line, before = { .here = true };
	unsigned here = 0, n = 0;

	(void)state;
	for (; gh_keys_help(GH_PAGE_DOCTOR, n, &line); n++) {
		assert_true(before.here || !line.here);
		assert_true(line.key[0] != '\0' && line.text[0] != '\0');
		here += line.here;
		before = line;
	}
	assert_true(here > 5 && here < n);
	gh_keys_help(GH_PAGE_DOCTOR, 1, &line);
	assert_string_equal(line.key, "r");
}

/* A key of the README's table, as it is written there. */
static bool readme_names(const char *key)
{
	char line[1024], want[16];
	bool found = false, inside = false;
	FILE *f = fopen("README.md", "r");

	assert_non_null(f);
	snprintf(want, sizeof want, key[1] ? "%s" : "`%s`", key);
	while (fgets(line, sizeof line, f)) {
		inside = (inside || strncmp(line, "| key |", 7) == 0) &&
			 line[0] == '|';
		found = found || (inside && strstr(line, want));
	}
	fclose(f);
	return found;
}

static void the_readme_has_the_keys_of_home(void **state)
{
	struct gh_key_line line;

	(void)state;
	assert_false(readme_names("%"));
	for (size_t i = 0; gh_keys_help(GH_PAGE_HOME, i, &line); i++)
		if (line.here && !readme_names(line.key))
			fail_msg("README.md does not tell of %s: %s", line.key,
				 line.text);
}

/* By Enter or by row, all of it comes up, and then the first again. */
static void help_has_an_end(void **state)
{
	struct gh_help_line line;
	unsigned pages = 1;

	(void)state;
	gh_model_resize(&m, 40, 12);
	gh_ui_key(&m, '?');
	assert_true(gh_help_rows(&m) > 1);
	for (; gh_ui_key(&m, GH_KEY_ENTER), m.cursor > 0; pages++)
		assert_in_range(pages, 1, 20);
	assert_true(pages > 3);
	for (unsigned i = 0; i < 200; i++)
		gh_ui_key(&m, 'j');
	assert_int_equal(m.cursor, gh_help_rows(&m) - 1);
	assert_true(gh_help_line(&m, m.cursor, &line));
	gh_model_resize(&m, 240, 80);
	assert_int_equal(m.cursor, 0);
	gh_ui_key(&m, GH_KEY_ENTER);
	assert_string_equal(m.message, "This is all of it.");
}

/* And back to it: help keeps nobody from a run. */
static void a_run_has_its_help(void **state)
{
	struct gh_help_line line;

	(void)state;
	fixture_running(&m);
	gh_ui_key(&m, '?');
	assert_int_equal(m.page, GH_PAGE_HELP);
	assert_true(gh_help_line(&m, 1, &line));
	assert_string_equal(line.key, "SPACE");
	gh_ui_key(&m, 'a');
	assert_string_equal(m.message, "A check is running.");
	assert_int_equal(gh_ui_key(&m, ' '), GH_UI_STOP);
	gh_ui_key(&m, GH_KEY_ESC);
	assert_int_equal(m.page, GH_PAGE_RUNNING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(help_is_about_that_screen),
		cmocka_unit_test(the_readme_has_the_keys_of_home),
		cmocka_unit_test_setup(help_has_an_end, set_up),
		cmocka_unit_test_setup(a_run_has_its_help, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
