/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * form - one to three texts that a person types, and what they are about. Open
 * at rest alone: while it is, SPACE is a space and nothing can start.
 */
#ifndef GH_UI_FORM_H
#define GH_UI_FORM_H

#include "base/clock.h" /* gh_us */
#include "base/text.h"	/* GH_NAME_CAP */

enum { GH_UI_FIELDS = 3, GH_UI_FIELD = 160, GH_UI_NAME = 64 };

enum gh_ui_form_kind {
	GH_UI_FORM_NONE,
	GH_UI_FORM_NOTE,
	GH_UI_FORM_ACCEPT,
	GH_UI_FORM_ADD, /* a run to a baseline */
	GH_UI_FORM_SEAL,
	GH_UI_FORM_COUNT
};

struct gh_ui_form {
	enum gh_ui_form_kind kind;
	/* What it is about, as words for the verb; "": nothing such. */
	char run[24], part[GH_NAME_CAP], name[GH_UI_NAME];
	char field[GH_UI_FIELDS][GH_UI_FIELD];
	unsigned at;	/* field with the cursor; after the last: the question */
	bool is_touched; /* something was typed */
	bool is_leaving; /* Esc was pressed once */
	gh_us key_at;	/* of the last key; a paste has none far apart */
};

struct gh_ui_form_field {
	const char *label;
	unsigned cap; /* bytes with the NUL, as the verb takes them */
	bool optional;
};

struct gh_ui_form_row {
	const char *title, *tells; /* what it does, before it is done */
	struct gh_ui_form_field fields[GH_UI_FIELDS];
	unsigned n_fields;
	const char *does; /* "Store" */
	bool is_final;	  /* cannot be taken back: Enter cancels, y does it */
};

const struct gh_ui_form_row *gh_ui_form_row(enum gh_ui_form_kind kind);

/* The field that must not be empty and is; n_fields: none. */
unsigned gh_ui_form_missing(const struct gh_ui_form *f);

/*
 * A key at the end of a text: printable ASCII, UTF-8 byte by byte, backspace
 * for a whole character. Bytes that are no text never stay. False: not taken,
 * the text is full or the key is none of these.
 */
bool gh_ui_type(char *text, size_t cap, int key);

/* Drops the bytes of a character whose end never came. */
void gh_ui_type_end(char *text);

/* Keys that gh_ui_type looks at. */
bool gh_ui_is_text(int key);

#endif
