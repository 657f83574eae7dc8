/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * acts_past - what keys do about earlier runs: two of them side by side, a part
 * or a metric over time, and back to the last one.
 */
#ifndef GH_UI_ACTS_PAST_H
#define GH_UI_ACTS_PAST_H

#include "ui/acts.h" /* gh_ui_act, gh_ui_reason */

/* The shown run against its baseline; without one, the run before. */
gh_ui_act gh_act_compare;
/* In the history: the first time A is marked, then compared with. */
gh_ui_act gh_act_mark;
/* In a comparison: every metric, or what differs. */
gh_ui_act gh_act_all;

/* The part under the cursor of home, or of its own screen, in all runs. */
gh_ui_act gh_act_part_history;
/*
 * A metric over time: of the finding under the cursor, of the row of a
 * comparison, of a part's own screen, and in its history what its state came
 * from.
 */
gh_ui_act gh_act_finding_trend, gh_act_trend, gh_act_part_trend;

gh_ui_act gh_act_last;

gh_ui_reason gh_no_stored_run, gh_no_part, gh_no_past;

#endif
