/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words and helpers that every folder stands on. Runs in the root of the
 * checkout, where schemas/units.txt is.
 */
#include "base/arena.h"
#include "base/clock.h"	 /* what is tested */
#include "base/number.h" /* what is tested */
#include "base/part.h"	 /* what is tested */
#include "base/sha256.h" /* what is tested */
#include "base/status.h" /* what is tested */
#include "base/text.h"	 /* what is tested */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void fail_fills_and_returns_the_code(void **state)
{
	struct gh_err err = { .sys = 5 };

	(void)state;
	assert_int_equal(gh_fail(&err, GH_ARG, "joint %d", 3), GH_ARG);
	assert_int_equal(err.code, GH_ARG);
	assert_int_equal(err.sys, 0);
	assert_string_equal(err.msg, "joint 3");
	assert_int_equal(gh_fail(NULL, GH_IO, "x"), GH_IO);
	assert_int_equal(gh_fail_sys(&err, GH_IO, ENOENT, "open %s", "p"),
			 GH_IO);
	assert_int_equal(err.sys, ENOENT);
	assert_string_equal(err.msg, "open p: No such file or directory");
	assert_int_equal(gh_fail_prefix(&err, "lumina"), GH_IO);
	assert_string_equal(err.msg,
			    "lumina: open p: No such file or directory");
}

static void long_messages_are_cut_not_spilt(void **state)
{
	struct {
		struct gh_err err;
		char guard[8];
	} box = { .guard = "guarded" };
	char big[600];

	(void)state;
	memset(big, 'm', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	(void)gh_fail_sys(&box.err, GH_IO, EIO, "%s", big);
	assert_int_equal(strlen(box.err.msg), sizeof box.err.msg - 1);
	(void)gh_fail_prefix(&box.err, big);
	assert_int_equal(strlen(box.err.msg), sizeof box.err.msg - 1);
	assert_string_equal(box.guard, "guarded");
}

static void every_status_has_name_and_advice(void **state)
{
	(void)state;
	assert_int_equal(GH_OK, 0);
	for (int i = 0; i < GH_STATUS_COUNT; i++) {
		assert_true(strlen(gh_status_name((enum gh_status)i)) > 1);
		assert_true(strlen(gh_status_advice((enum gh_status)i)) > 9);
	}
	assert_string_equal(gh_status_name(GH_STALE), "STALE");
	assert_string_equal(gh_status_name((enum gh_status)999), "?");
	assert_string_equal(gh_status_advice((enum gh_status)999),
			    "report a bug");
}

static void safe_text_tames_all_bytes(void **state)
{
	(void)state;
	for (int i = 0; i < 256; i++) {
		const unsigned char byte = (unsigned char)i;
		char out[GH_SAFE_CAP], want[8];

		gh_safe_text(out, sizeof out, &byte, 1);
		if (i >= 0x20 && i <= 0x7E)
			snprintf(want, sizeof want, "%c", i);
		else
			snprintf(want, sizeof want, "\\x%02X", (unsigned)i);
		assert_string_equal(out, want);
	}
}

static void safe_text_stays_inside(void **state)
{
	char in[300], out[200];

	(void)state;
	memset(in, 'a', sizeof in);
	memset(out, '!', sizeof out);
	gh_safe_text(out, sizeof out, in, sizeof in);
	assert_int_equal(strlen(out), GH_SAFE_CAP - 1);
	gh_safe_text(out, 4, in, sizeof in);
	assert_string_equal(out, "aaa");
	gh_safe_text(out, 6, "a\n\n", 3); /* no half escape at the end */
	assert_string_equal(out, "a\\x0A");
	gh_safe_text(out, 5, "a\n", 2);
	assert_string_equal(out, "a");
	gh_safe_text(out, 1, in, 3);
	assert_string_equal(out, "");
	out[0] = '!';
	gh_safe_text(out, 0, in, 3);
	assert_int_equal(out[0], '!');
}

static void part_names(void **state)
{
	static const char *const good[] = { "a", "resilience.elbow", "fibre.3",
					    "supply_2",
					    "abcdefghijklmnopqrstuvwxyz01234" };
	static const char *const bad[] = {
		"",    "A",   "a b",
		"a-b", "a/b", "\xC3\xA9",
		"a\n", "a=b", "abcdefghijklmnopqrstuvwxyz012345"
	};

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(good); i++)
		assert_true(gh_is_part_name(good[i]));
	for (size_t i = 0; i < GH_ARRAY_SIZE(bad); i++)
		assert_false(gh_is_part_name(bad[i]));
}

static void digits_are_ascii_digits(void **state)
{
	(void)state;
	for (int i = -128; i < 128; i++)
		assert_int_equal(gh_is_digit((char)i), i >= '0' && i <= '9');
}

static void parse_double_takes_whole_numbers_only(void **state)
{
	static const struct {
		const char *text;
		double want;
	} good[] = { { "0", 0 }, { "-1.5", -1.5 }, { "2e3", 2000 } };
	static const char *const bad[] = { "",	   " 1",  "1 ",	   "1x",
					   "nan",  "inf", "x",	   "1e999",
					   "-inf", "1,5", "1e-400" };
	double out = 7;

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(bad); i++)
		assert_false(gh_parse_double(bad[i], &out));
	assert_true(out > 6.9 && out < 7.1);
	for (size_t i = 0; i < GH_ARRAY_SIZE(good); i++) {
		assert_true(gh_parse_double(good[i].text, &out));
		assert_true(out > good[i].want - 1e-12 &&
			    out < good[i].want + 1e-12);
	}
}

static void parse_long_takes_decimal_and_hex(void **state)
{
	static const struct {
		const char *text;
		long want;
	} good[] = { { "0", 0 },
		     { "-12", -12 },
		     { "0x40", 64 },
		     { "0XfF", 255 },
		     { "010", 10 } };
	static const char *const bad[] = {
		"", " 1", "1 ", "1.0", "0x", "abc", "99999999999999999999"
	};
	long out = 7;

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(bad); i++)
		assert_false(gh_parse_long(bad[i], &out));
	assert_int_equal(out, 7);
	for (size_t i = 0; i < GH_ARRAY_SIZE(good); i++) {
		assert_true(gh_parse_long(good[i].text, &out));
		assert_int_equal(out, good[i].want);
	}
}

static void copy_text_says_when_it_cut(void **state)
{
	char out[4];

	(void)state;
	assert_true(gh_copy_text(out, sizeof out, "abc"));
	assert_string_equal(out, "abc");
	assert_false(gh_copy_text(out, sizeof out, "abcd"));
	assert_string_equal(out, "abc");
}

static void arena_is_aligned_and_zeroed(void **state)
{
	struct gh_arena a = { 0 };

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t n = 1; n < 200; n++) {
			unsigned char *p = gh_arena_take(&a, n, 1);

			assert_int_equal((uintptr_t)p % _Alignof(max_align_t),
					 0);
			for (size_t i = 0; i < n; i++)
				assert_int_equal(p[i], 0);
			memset(p, 0xFF, n);
		}
		gh_arena_reset(&a);
	}
	gh_arena_finish(&a);
	assert_null(a.head);
	gh_arena_finish(&a);
	gh_arena_reset(&a);
}

static void arena_grows_past_a_block(void **state)
{
	const size_t n = 100000;
	struct gh_arena a = { 0 };
	double *first = gh_arena_take(&a, n, sizeof *first);
	double *second = gh_arena_take(&a, n, sizeof *second);
	const char *empty = gh_arena_take(&a, 0, 8);

	(void)state;
	first[n - 1] = 1;
	second[0] = 2;
	assert_true(first[n - 1] < 1.5 && second[n - 1] < 0.5);
	assert_non_null(empty);
	gh_arena_finish(&a);
}

static void units_text_is_the_table(void **state)
{
	FILE *f = fopen("schemas/units.txt", "r");
	char line[80];
	int n = 0;

	(void)state;
	assert_non_null(f);
	for (; fgets(line, sizeof line, f); n++) {
		line[strcspn(line, "\n")] = '\0';
		assert_true(n < GH_UNIT_COUNT);
		assert_string_equal(line, gh_unit_text((enum gh_unit)n));
	}
	fclose(f);
	assert_int_equal(n, GH_UNIT_COUNT);
}

static void names_find_their_way_back(void **state)
{
	(void)state;
	for (int i = 0; i < GH_PART_KIND_COUNT; i++) {
		const char *name = gh_part_kind_name((enum gh_part_kind)i);

		assert_true(gh_is_part_name(name));
		assert_int_equal(gh_part_kind_find(name), i);
	}
	for (int i = 0; i < GH_Q_COUNT; i++) {
		const char *name = gh_quantity_name((enum gh_quantity)i);

		assert_true(gh_is_part_name(name));
		assert_int_equal(gh_quantity_find(name), i);
	}
	assert_int_equal(gh_part_kind_find("jonit"), -1);
	assert_int_equal(gh_quantity_find(""), -1);
	assert_string_equal(gh_part_kind_name((enum gh_part_kind)999), "?");
	assert_string_equal(gh_quantity_name((enum gh_quantity)999), "?");
	assert_string_equal(gh_unit_text((enum gh_unit)999), "?");
	assert_int_equal(gh_quantity_unit((enum gh_quantity)999), GH_UNIT_ONE);
	assert_int_equal(gh_quantity_unit(GH_Q_CURRENT), GH_UNIT_AMPERE);
}

/* FIPS 180-4 example "abc", the empty message, and the two-block message. */
static void sha256_agrees_with_fips(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "abc", "ba7816bf8f01cfea414140de5dae2223"
			 "b00361a396177a9cb410ff61f20015ad" },
		{ "", "e3b0c44298fc1c149afbf4c8996fb924"
		      "27ae41e4649b934ca495991b7852b855" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039"
		  "a33ce45964ff2167f6ecedd419db06c1" },
	};
	char out[GH_SHA256_HEX_CAP];

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		struct gh_sha256 h;

		gh_sha256_hex(cases[i].text, strlen(cases[i].text), out);
		assert_string_equal(out, cases[i].want);
		gh_sha256_init(&h);
		for (const char *c = cases[i].text; *c; c++)
			gh_sha256_update(&h, c, 1);
		gh_sha256_update(&h, NULL, 0);
		gh_sha256_finish(&h, out);
		assert_string_equal(out, cases[i].want);
	}
}

static void human_text_is_one_line_of_utf8(void **state)
{
	static const char *const good[] = { "a", "J\xC3\xB6rg, 3 \xE2\x82\xAC",
					    "\xF0\x9F\x94\xA7", "-1 = x" };
	static const char *const bad[] = {
		"",
		"a\nb",
		"\x1B[2J",
		"\x7F",
		"\xC3",
		"\xC0\xAF",
		"\xED\xA0\x80",
		"\xFF",
		"\xC2\x9B"
		"2J",
		"\xE2\x80\xAE",
		"\xEF\xBB\xBF",
		"\xF4\x90\x80\x80",
	};
	struct gh_err err;

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(good); i++)
		assert_true(gh_is_human_text(good[i], 40));
	for (size_t i = 0; i < GH_ARRAY_SIZE(bad); i++)
		assert_false(gh_is_human_text(bad[i], 40));
	assert_true(gh_is_human_text("abc", 4));
	assert_false(gh_is_human_text("abcd", 4));
	for (size_t i = 1; i < GH_ARRAY_SIZE(bad); i++) {
		char text[40];

		snprintf(text, sizeof text, "%s\xC3\xB6", bad[i]);
		gh_make_human(text);
		assert_true(gh_is_human_text(text, 40));
		assert_non_null(strstr(text, "\xC3\xB6"));
	}
	(void)!gh_fail(&err, GH_ARG, "\x1B[31m%s", "name");
	assert_string_equal(err.msg, "?[31mname");
}

static void dates_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t wall_s;
	} good[] = { { "1970-01-01", 0 },
		     { "2000-02-29", 951782400 },
		     { "2026-12-24", 1798070400 },
		     { "2026-11-22T18:52:41Z", 1795373561 } };
	static const char *const bad[] = { "",		 "2026-02-29",
					   "2026-13-01", "2026-1-1",
					   "1969-12-31", "2026-12-24 ",
					   "24.12.2026", "2026-11-22T24:00:00Z",
					   "monday" };
	int64_t wall_s = 7;

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(good); i++) {
		assert_true(gh_wall_parse(good[i].text, &wall_s));
		assert_int_equal(wall_s, good[i].wall_s);
	}
	wall_s = 7;
	for (size_t i = 0; i < GH_ARRAY_SIZE(bad); i++)
		assert_false(gh_wall_parse(bad[i], &wall_s));
	assert_int_equal(wall_s, 7);
}

static void numbers_are_readable(void **state)
{
	static const struct {
		double value, expected;
		enum gh_unit unit;
		const char *text, *change;
	} rows[] = {
		{ 0.871, 0.618, GH_UNIT_AMPERE, "871 mA", "+41 %" },
		{ 6.69e-05, 0.163, GH_UNIT_AMPERE, "0.067 mA", "-100 %" },
		{ 2.31, 0.163, GH_UNIT_AMPERE, "2.31 A", "+2.15 A" },
		{ 0, 0, GH_UNIT_AMPERE, "0 mA", "0 mA" },
		{ 0.6181, 0.618, GH_UNIT_AMPERE, "618 mA", "0 %" },
		{ -1e-9, 1, GH_UNIT_AMPERE, "0 mA", "-100 %" },
		{ 11.9, 12.0, GH_UNIT_VOLT, "11.9 V", "-1 %" },
		{ 0.45, 0.38, GH_UNIT_VOLT, "450 mV", "+18 %" },
		{ 41, 38.5, GH_UNIT_DEG_C, "41.0 C", "+2.50 C" },
		{ 0.94, 1.21, GH_UNIT_SHARE, "94.0 %", "-22 %" },
		{ 14.8, 0, GH_UNIT_DELTA_E, "14.8 dE", "+14.8 dE" },
		{ 3, 3, GH_UNIT_DELTA_E, "3.00 dE", "0 dE" },
		{ 0.5, 0.25, GH_UNIT_RAD, "28.6 deg", "+14.3 deg" },
		{ 0.021, 0.02, GH_UNIT_VISCOUS, "21.0 mA s/rad", "+5 %" },
		{ -62, -58, GH_UNIT_DECIBEL, "-62.0 dB", "-4.00 dB" },
		{ 2, 0, GH_UNIT_TALLY, "2", "+2" },
		{ 0, 2.5, GH_UNIT_TALLY, "0", "-2.50" },
		{ 0.0084, NAN, GH_UNIT_ONE, "0.00840", "" },
		{ 3, NAN, GH_UNIT_HERTZ, "3.00 Hz", "" },
		{ NAN, 1, GH_UNIT_VOLT, "-", "" },
		{ 1e30, 1, GH_UNIT_VOLT, "too large", "too large" },
	};
	char text[GH_NUMBER_CAP];

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(rows); i++) {
		gh_number_text(rows[i].value, rows[i].unit, text, sizeof text);
		assert_string_equal(text, rows[i].text);
		gh_number_change(rows[i].value, rows[i].expected, rows[i].unit,
				 text, sizeof text);
		assert_string_equal(text, rows[i].change);
	}
	gh_number_signed(0.253, GH_UNIT_AMPERE, text, sizeof text);
	assert_string_equal(text, "+253 mA");
	gh_number_signed(NAN, GH_UNIT_AMPERE, text, sizeof text);
	assert_string_equal(text, "-");
}

/* None is longer than its room, whatever comes out of a hostile database. */
static void numbers_have_room(void **state)
{
	static const double values[] = { -999999999.4, -1e308, -0.0123456,
					 99999999.5,   1e9,    INFINITY };
	char text[64];

	(void)state;
	for (unsigned u = 0; u < GH_UNIT_COUNT; u++)
		for (size_t i = 0; i < GH_ARRAY_SIZE(values); i++) {
			gh_number_text(values[i], (enum gh_unit)u, text,
				       sizeof text);
			assert_true(strlen(text) < GH_NUMBER_CAP);
			gh_number_change(values[i], 1, (enum gh_unit)u, text,
					 sizeof text);
			assert_true(strlen(text) < GH_NUMBER_CAP);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fail_fills_and_returns_the_code),
		cmocka_unit_test(long_messages_are_cut_not_spilt),
		cmocka_unit_test(every_status_has_name_and_advice),
		cmocka_unit_test(safe_text_tames_all_bytes),
		cmocka_unit_test(safe_text_stays_inside),
		cmocka_unit_test(part_names),
		cmocka_unit_test(digits_are_ascii_digits),
		cmocka_unit_test(parse_double_takes_whole_numbers_only),
		cmocka_unit_test(parse_long_takes_decimal_and_hex),
		cmocka_unit_test(copy_text_says_when_it_cut),
		cmocka_unit_test(arena_is_aligned_and_zeroed),
		cmocka_unit_test(arena_grows_past_a_block),
		cmocka_unit_test(units_text_is_the_table),
		cmocka_unit_test(names_find_their_way_back),
		cmocka_unit_test(sha256_agrees_with_fips),
		cmocka_unit_test(human_text_is_one_line_of_utf8),
		cmocka_unit_test(dates_are_read),
		cmocka_unit_test(numbers_are_readable),
		cmocka_unit_test(numbers_have_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
