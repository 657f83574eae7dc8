/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * keys - what a key does on each page, and the key bar and the help that say
 * so: one table. SPACE means stop on every one; only `y`
 * in the dialog starts a motion, and no key leads there by accident.
 */
#ifndef GH_UI_KEYS_H
#define GH_UI_KEYS_H

#include "ui/canvas.h" /* struct gh_canvas */
#include "ui/model.h"  /* struct gh_ui_model, enum gh_ui_action */

/* Printable keys are their character, others of UTF-8 byte by byte. */
enum gh_ui_code {
	GH_KEY_NONE = -1,
	GH_KEY_TAB = 0x09,
	GH_KEY_SUSPEND = 0x1A, /* Ctrl-Z, taken as stop */
	GH_KEY_ENTER = 0x0D,
	GH_KEY_ESC = 0x1B,
	GH_KEY_UP = 0x100,
	GH_KEY_DOWN,
	GH_KEY_LEFT,
	GH_KEY_RIGHT,
	GH_KEY_RUBOUT, /* backspace */
	GH_KEY_BACKTAB,
	GH_KEY_MOUSE, /* gh_term_click says where */
	GH_KEY_OTHER,
	GH_KEY_RESIZED
};

/*
 * The dialog hears no key before this: what was typed ahead or repeats by
 * itself must not confirm (interface.md section 4.4).
 */
#define GH_UI_DEAD_US (300 * (gh_us)GH_US_PER_MS)

/* Consent to motion ends after this. */
#define GH_UI_CONSENT_US (600 * (gh_us)GH_US_PER_S)

/* Pure but for *m; m->now must be current. */
enum gh_ui_action gh_ui_key(struct gh_ui_model *m, int key);

/*
 * A click on that row of a list, from 0: selects it; again is Enter. Nothing
 * else hears a mouse, so none can start a motion or answer a question.
 */
enum gh_ui_action gh_ui_click(struct gh_ui_model *m, unsigned row);

/*
 * Lets time act, before keys are taken: a dialog nobody answered is cancelled,
 * what moves by a key that is not held any more is stopped.
 */
enum gh_ui_action gh_ui_tick(struct gh_ui_model *m);

/*
 * The last row: the keys of this page that do something, as many as fit; one
 * that does nothing now is dim.
 */
void gh_keys_bar(const struct gh_ui_model *m, struct gh_canvas *c);

/* A line of help: what a key does. */
struct gh_key_line {
	char key[8]; /* "SPACE", "x" */
	char text[64];
	bool here; /* on that page; else on another one */
};

/* Lines of help in all; *of_page of them, the first, are of that page. */
unsigned gh_keys_count(enum gh_page page, unsigned *of_page);

/* The i-th of all, those of that page first; false: there are no more. */
bool gh_keys_help(enum gh_page page, size_t i, struct gh_key_line *out);

#endif
