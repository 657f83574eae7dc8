/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * acts - what keys do, for the table in keys.c. An act changes the model and
 * says what the caller must do about it; a reason tells why a key does nothing
 * now, NULL: it does.
 */
#ifndef GH_UI_ACTS_H
#define GH_UI_ACTS_H

#include "ui/model.h" /* struct gh_ui_model, enum gh_ui_action */

typedef enum gh_ui_action gh_ui_act(struct gh_ui_model *m);
typedef const char *gh_ui_reason(const struct gh_ui_model *m);

/* Puts a line above the keys. */
enum gh_ui_action gh_act_say(struct gh_ui_model *m, const char *text);

/*
 * Asks for a page that shows a verb's answer; the words that are NULL are not
 * given.
 */
enum gh_ui_action gh_act_open(struct gh_ui_model *m, enum gh_page page,
			      const char *word0, const char *word1,
			      const char *word2);

gh_ui_act gh_act_back, gh_act_help, gh_act_verdict, gh_act_details, gh_act_part,
	gh_act_up, gh_act_down, gh_act_theme, gh_act_charset, gh_act_filter;
gh_ui_act gh_act_history, gh_act_run, gh_act_doctor, gh_act_more, gh_act_look,
	gh_act_simulate, gh_act_print, gh_act_lamps, gh_act_mouse;

gh_ui_reason gh_no_verdict, gh_no_more, gh_no_simulator, gh_no_lamps;

/* The part that the cursor or the page is about, -1: none. */
int gh_act_part_here(const struct gh_ui_model *m);

#endif
