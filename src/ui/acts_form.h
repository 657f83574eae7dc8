/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * acts_form - keys that open a form, and what keys do while one is open. It
 * opens at rest and takes the keyboard until it is stored or cancelled.
 */
#ifndef GH_UI_ACTS_FORM_H
#define GH_UI_ACTS_FORM_H

#include "ui/acts.h" /* gh_ui_act, gh_ui_reason */

/* Forms about what the cursor is on. */
gh_ui_act gh_act_note, gh_act_accept, gh_act_add, gh_act_seal;
gh_ui_reason gh_no_form, gh_no_accept, gh_no_add, gh_no_seal;

/* In an open form. */
gh_ui_act gh_act_field_next, gh_act_field_back, gh_act_field_enter,
	gh_act_form_cancel;

/* A form is on the screen and takes the keys. */
bool gh_form_is_open(const struct gh_ui_model *m);

/* The key is text for the form that is open. */
bool gh_form_takes(const struct gh_ui_model *m, int key);

/* A key that it takes; GH_UI_SUBMIT: `y` at a final question. */
enum gh_ui_action gh_form_type(struct gh_ui_model *m, int key);

/*
 * It was stored: back to the page below. GH_UI_OPEN: that one wants a fresh
 * answer.
 */
enum gh_ui_action gh_form_done(struct gh_ui_model *m);

#endif
