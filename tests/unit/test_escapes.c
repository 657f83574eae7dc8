/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every text that is shown, with every byte at its start, in it and at its
 * end, through every form: no control byte reaches a terminal, no formula a
 * spreadsheet, nothing breaks out of JSON, XML, TAP or a line. The forms are
 * asked by themselves: that a text was made safe where it came in (base/text.h)
 * is not relied on here, and asked for at the end.
 */
#include "fakes/soak.h"		     /* gh_soak_say */
#include "unit/test_escapes_forms.h" /* put_all */

enum { PLACES = 3 };

static const struct form {
	const char *name;
	void (*draw)(FILE *out);
	const char *(*check)(const char *text);
	bool by_line; /* a text never makes or takes a line */
	bool is_json; /* an ASCII text arrives as it was */
} forms[] = {
	{ "page", as_page, reads_on_terminal, false, false },
	{ "colour page", as_colour_page, reads_in_colour, false, false },
	{ "status", as_status, reads_on_terminal, false, false },
	{ "plain", as_plain, reads_on_terminal, true, false },
	{ "JSON", as_json, reads_as_json, true, true },
	{ "JSON Lines", as_jsonl, reads_as_jsonl, true, true },
	{ "TAP", as_tap, reads_as_tap, true, false },
	{ "JUnit", as_junit, reads_as_xml, false, false },
	{ "Nagios", as_nagios, reads_as_nagios, true, false },
	{ "Nagios, failed", as_nagios_failed, reads_as_nagios, true, false },
	{ "OpenMetrics", as_openmetrics, reads_as_metrics, true, false },
	{ "single", as_single, reads_on_terminal, true, false },
	{ "single, JSON", as_single_json, reads_as_json, true, true },
	{ "steps", as_steps, reads_on_terminal, false, false },
	{ "steps, plain", as_steps_plain, reads_on_terminal, true, false },
	{ "steps, JSON", as_steps_json, reads_as_json, true, true },
	{ "document", as_doc, reads_on_terminal, true, false },
	{ "document, plain", as_doc_plain, reads_on_terminal, true, false },
	{ "document, JSON", as_doc_json, reads_as_json, true, true },
	{ "CSV", as_csv, reads_as_csv, true, false },
	{ "row, JSON", as_table_line, reads_as_jsonl, true, true },
	{ "screen", as_screen, reads_on_terminal, true, false },
};

enum { FORMS = GH_ARRAY_SIZE(forms) };

/* ---- One byte in one place of one field ------------------------------------*/

static char *drawn(const struct form *form)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	assert_non_null(out);
	form->draw(out);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(strlen(text), n);
	return text;
}

static unsigned lines_of(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void place(int field, int where, int byte)
{
	static const char *const around[PLACES][2] = { { "", "Qzs" },
						       { "Qz", "m" },
						       { "Qze", "" } };

	snprintf(text_of[field], TEXT_CAP, "%s%c%s", around[where][0], byte,
		 around[where][1]);
	put_all();
}

/* How each form looks with nothing special in that place. */
struct usual {
	unsigned lines[FORMS];
	bool is_shown[FORMS];
};

static void look(struct usual *u, int field, int where)
{
	place(field, where, 'a');
	for (size_t f = 0; f < FORMS; f++) {
		char *text = drawn(&forms[f]);

		u->lines[f] = lines_of(text);
		u->is_shown[f] = strstr(text, text_of[field]) != NULL;
		free(text);
	}
}

static const char *wrong_with(const struct form *form, const char *text,
			      int field, int byte, unsigned lines)
{
	const char *wrong = form->check(text);

	/* An empty text may leave out its line. */
	if (!wrong && form->by_line && byte > 0 && lines != lines_of(text))
		wrong = "other lines than with an 'a'";
	if (!wrong && form->is_json && byte >= 0x20 && byte < 0x7f &&
	    !json_has(text, text_of[field]))
		wrong = "the text did not arrive";
	return wrong;
}

/* Through all forms that show the field; how many. */
static unsigned try(const struct usual *u, int field, int where, int byte)
{
	unsigned n = 0;

	place(field, where, byte);
	for (size_t f = 0; f < FORMS; f++) {
		const char *wrong;
		char *text;

		if (!u->is_shown[f])
			continue;
		text = drawn(&forms[f]);
		wrong = wrong_with(&forms[f], text, field, byte, u->lines[f]);
		if (wrong)
			fail_msg("%s, field %d, byte 0x%02x, place %d: %s\n%s",
				 forms[f].name, field, (unsigned)byte, where,
				 wrong, text);
		free(text);
		n++;
	}
	return n;
}

static void harmless(int field)
{
	snprintf(text_of[field], TEXT_CAP, "f%d", field);
}

/*
 * In a taste each byte is in one of the places by turns, and what is no letter
 * also at the start, where it does the most harm.
 */
static bool is_wanted(int byte, int where)
{
	const bool is_letter = (byte >= 'a' && byte <= 'z') ||
			       (byte >= 'A' && byte <= 'Z') ||
			       (byte >= '0' && byte <= '9') || byte > 0x80;

	return gh_soak() != GH_SOAK_TASTE || byte % PLACES == where ||
	       (where == 0 && !is_letter);
}

static void every_byte_in_every_field(void **state)
{
	bool is_anywhere[FIELDS] = { false };
	unsigned long tried = 0;

	(void)state;
	for (int field = 0; field < FIELDS; field++)
		harmless(field);
	for (int field = 0; field < FIELDS; field++) {
		for (int where = 0; where < PLACES; where++) {
			struct usual u;

			look(&u, field, where);
			for (size_t f = 0; f < FORMS; f++)
				is_anywhere[field] |= u.is_shown[f];
			for (int byte = 0; byte < 256; byte++)
				if (is_wanted(byte, where))
					tried += try(&u, field, where, byte);
		}
		harmless(field);
		/* A field that no form shows tests nothing. */
		if (!is_anywhere[field])
			fail_msg("field %d is shown nowhere", field);
	}
	gh_soak_say("escapes",
		    "%d fields x 256 bytes x %zu forms: 0 unescaped in %lu "
		    "texts",
		    (int)FIELDS, (size_t)FORMS, tried);
}

/* ---- Where texts come in ---------------------------------------------------*/

static void every_byte_at_the_boundary(void **state)
{
	char raw[8], out[GH_SAFE_CAP];
	struct gh_err err;

	(void)state;
	for (int byte = 1; byte < 256; byte++) {
		snprintf(raw, sizeof raw, "a%cb", byte);
		gh_safe_text(out, sizeof out, raw, 3);
		for (const char *c = out; *c; c++)
			assert_true(*c >= 0x20 && *c < 0x7f);
		assert_int_equal(strlen(out),
				 byte >= 0x20 && byte < 0x7f ? 3 : 6);
		(void)!gh_fail(&err, GH_ARG, "found \"%s\"", raw);
		assert_null(reads_on_terminal(err.msg));
		gh_make_human(raw);
		assert_null(reads_on_terminal(raw));
		assert_null(strchr(raw, '\n'));
	}
}

static int setup(void **state)
{
	(void)state;
	result = calloc(1, sizeof *result);
	table = (struct gh_table){ .name = "rows",
				   .none = "none",
				   .columns = columns,
				   .n_columns = 2 };
	if (!result || !gh_table_init(&table, 1))
		return -1;
	gh_table_add(&table);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	gh_table_finish(&table);
	free(result);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_in_every_field),
		cmocka_unit_test(every_byte_at_the_boundary),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
