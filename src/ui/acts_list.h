/* SPDX-License-Identifier: GPL-3.0-or-later */
/* acts_list - keys that lead to notes and baselines, and from one to another.
 */
#ifndef GH_UI_ACTS_LIST_H
#define GH_UI_ACTS_LIST_H

#include "ui/acts.h" /* gh_ui_act, gh_ui_reason */

gh_ui_act gh_act_notes, gh_act_baselines, gh_act_baseline, gh_act_diff;
gh_ui_reason gh_no_diff;

#endif
