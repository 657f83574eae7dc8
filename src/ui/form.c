/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/form.h"

#include "ui/keys.h" /* GH_KEY_RUBOUT */

#include <assert.h>
#include <string.h>

/* Caps are those of struct gh_remark, gh_accept and gh_baseline_info. */
static const struct gh_ui_form_row rows[GH_UI_FORM_COUNT] = {
	[GH_UI_FORM_NOTE] = { "note",
			      "A line that is kept with it and can never be taken "
			      "out again.",
			      { { "text", GH_UI_FIELD, false },
				{ "by", GH_NAME_CAP, true } },
			      2,
			      "Store it",
			      false },
	[GH_UI_FORM_ACCEPT] = { "accept as KNOWN",
				"From the next check until that day what "
				"failed here counts as WATCH. Worse than now, or past that "
				"day, it holds again.",
				{ { "reason", 64, false },
				  { "by", GH_NAME_CAP, false },
				  { "until", 21, false } },
				3,
				"Accept it",
				false },
	[GH_UI_FORM_ADD] = { "add to a baseline",
			     "The run becomes one of those that "
			     "checks are compared with, once the baseline is sealed.",
			     { { "name", GH_UI_NAME, false } },
			     1,
			     "Add it",
			     false },
	[GH_UI_FORM_SEAL] = { "seal the baseline",
			      "Checks are compared with it from then "
			      "on. A sealed baseline never changes: no run comes in, none "
			      "is taken out.",
			      { { "by", GH_UI_NAME, false },
				{ "why", 128, false } },
			      2,
			      "Seal it",
			      true },
};

const struct gh_ui_form_row *gh_ui_form_row(enum gh_ui_form_kind kind)
{
	assert((unsigned)kind < GH_UI_FORM_COUNT);
	return &rows[kind];
}

static bool is_blank(const char *text)
{
	return text[strspn(text, " ")] == '\0';
}

unsigned gh_ui_form_missing(const struct gh_ui_form *f)
{
	const struct gh_ui_form_row *row = gh_ui_form_row(f->kind);
	unsigned i = 0;

	while (i < row->n_fields &&
	       (row->fields[i].optional || !is_blank(f->field[i])))
		i++;
	return i;
}

/* ---- Typing ---------------------------------------------------------------*/

bool gh_ui_is_text(int key)
{
	return key == GH_KEY_RUBOUT || (key >= ' ' && key <= '~') ||
	       (key >= 0x80 && key <= 0xFF);
}

static bool is_tail(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* Where the last character begins. */
static size_t last_of(const char *text, size_t n)
{
	size_t at = n;

	while (at > 0 && is_tail(text[at - 1]))
		at--;
	return at > 0 ? at - 1 : 0;
}

void gh_ui_type_end(char *text)
{
	const size_t n = strlen(text), at = last_of(text, n);

	if (n > 0 && gh_utf8_length((unsigned char)text[at]) != n - at)
		text[at] = '\0';
}

/* The next byte of the character at the end; what it makes must be text. */
static bool type_tail(char *text, size_t n, char byte)
{
	const size_t at = last_of(text, n);
	const size_t want = n > 0 ? gh_utf8_length((unsigned char)text[at]) : 0;

	if (want <= n - at)
		return false;
	text[n] = byte;
	text[n + 1] = '\0';
	if (want > n + 1 - at || gh_is_human_text(text + at, want + 1))
		return true;
	text[at] = '\0';
	return false;
}

bool gh_ui_type(char *text, size_t cap, int key)
{
	const unsigned char byte = (unsigned char)key;
	size_t n, room;

	if (!gh_ui_is_text(key))
		return false;
	if (key != GH_KEY_RUBOUT && is_tail((char)byte))
		return type_tail(text, strlen(text), (char)byte);
	gh_ui_type_end(text);
	n = strlen(text);
	if (key == GH_KEY_RUBOUT) {
		text[last_of(text, n)] = '\0';
		return true;
	}
	/* Room for all of it, so that none is cut in the middle. */
	room = gh_utf8_length(byte);
	if (room == 0 || n + room >= cap)
		return false;
	text[n] = (char)byte;
	text[n + 1] = '\0';
	return true;
}
