/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * acts_motion - the keys that lead to motion and out of it. Each of the first
 * kind only asks; `y` in the dialog starts, and what somebody may stand beside
 * moves only while a key is held (interface.md section 4.4).
 */
#ifndef GH_UI_ACTS_MOTION_H
#define GH_UI_ACTS_MOTION_H

#include "ui/acts.h" /* gh_ui_act, gh_ui_reason */

gh_ui_act gh_act_stop, gh_act_quit;
gh_ui_act gh_act_places, gh_act_five, gh_act_fifteen, gh_act_half;
gh_ui_act gh_act_sweep, gh_act_identify, gh_act_show_look, gh_act_next_look,
	gh_act_jog_down, gh_act_jog_up, gh_act_live;

/* In the dialog. */
gh_ui_act gh_act_confirm, gh_act_cancel;

/* While something moves by a held key: that key goes on, any other stops. */
enum gh_ui_action gh_act_hold(struct gh_ui_model *m, int key);

gh_ui_reason gh_no_check, gh_no_aim;

#endif
