/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * keys - what a key does on each page. SPACE means stop on every one; only `y`
 * in the dialog starts a motion, and no key leads there by accident.
 */
#ifndef GH_UI_KEYS_H
#define GH_UI_KEYS_H

#include "ui/model.h" /* struct gh_ui_model, enum gh_ui_action */

/* Printable keys are their character. */
enum gh_ui_code {
	GH_KEY_NONE = -1,
	GH_KEY_SUSPEND = 0x1A, /* Ctrl-Z, taken as stop */
	GH_KEY_ENTER = 0x0D,
	GH_KEY_ESC = 0x1B,
	GH_KEY_UP = 0x100,
	GH_KEY_DOWN,
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

/* Lets time act: a dialog nobody answered is cancelled. */
enum gh_ui_action gh_ui_tick(struct gh_ui_model *m);

#endif
