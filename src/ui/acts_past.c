/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/acts_past.h"

#include "ui/list.h"  /* gh_list_text */
#include "ui/rows.h"  /* gh_rows_findings */
#include "ui/words.h" /* gh_words_part_name */

#include <stdio.h>
#include <string.h>

/* ---- Two runs --------------------------------------------------------------*/

const char *gh_no_stored_run(const struct gh_ui_model *m)
{
	if (gh_no_verdict(m))
		return gh_no_verdict(m);
	return m->view->run > 0 ? NULL : "This run is not in the database.";
}

enum gh_ui_action gh_act_compare(struct gh_ui_model *m)
{
	const char *base = m->view->baseline;
	char run[24];

	snprintf(run, sizeof run, "%lld", (long long)m->view->run);
	return gh_act_open(m, GH_PAGE_COMPARE,
			   base && base[0] ? base : "previous", run, NULL);
}

enum gh_ui_action gh_act_mark(struct gh_ui_model *m)
{
	char run[GH_UI_WORD], a[GH_UI_WORD];

	if (!gh_list_text(m, "run", run, sizeof run))
		return gh_act_say(m, "No run in this list.");
	memcpy(a, m->marked, sizeof a);
	m->marked[0] = '\0';
	if (strcmp(a, run) == 0)
		return gh_act_say(m, "A is no longer marked.");
	if (a[0])
		return gh_act_open(m, GH_PAGE_COMPARE, a, run, NULL);
	memcpy(m->marked, run, sizeof run);
	return GH_UI_REDRAW;
}

enum gh_ui_action gh_act_all(struct gh_ui_model *m)
{
	const struct gh_ui_order *o = &m->order;

	return gh_act_open(m, GH_PAGE_COMPARE, o->word[0], o->word[1],
			   o->word[2][0] ? NULL : "--all");
}

/* ---- Over time -------------------------------------------------------------*/

enum gh_ui_action gh_act_part_history(struct gh_ui_model *m)
{
	const int part = gh_model_part_at(m, m->cursor);

	if (m->page == GH_PAGE_PART)
		return gh_act_open(m, GH_PAGE_HISTORY, m->order.word[0], NULL,
				   NULL);
	if (part < 0)
		return gh_act_say(m, "No part in this list.");
	return gh_act_open(m, GH_PAGE_HISTORY,
			   gh_words_part_name(m->view, part), NULL, NULL);
}

static enum gh_ui_action open_trend(struct gh_ui_model *m, const char *part,
				    const char *metric)
{
	if (!part[0] || !metric[0])
		return gh_act_say(m, "There is no metric of a part here.");
	return gh_act_open(m, GH_PAGE_TREND, part, metric, NULL);
}

enum gh_ui_action gh_act_finding_trend(struct gh_ui_model *m)
{
	uint16_t order[GH_JUDGE_FINDINGS];
	const struct gh_finding *f;

	if (m->cursor >= gh_rows_findings(m, order))
		return gh_act_say(m, "No finding in this list.");
	f = &m->view->result->findings[order[m->cursor]];
	return open_trend(
		m, f->part < 0 ? "" : gh_words_part_name(m->view, f->part),
		f->id);
}

enum gh_ui_action gh_act_trend(struct gh_ui_model *m)
{
	char part[GH_UI_WORD], metric[GH_UI_WORD];

	gh_list_text(m, "part", part, sizeof part);
	gh_list_text(m, "metric", metric, sizeof metric);
	return open_trend(m, part, metric);
}

const char *gh_no_part(const struct gh_ui_model *m)
{
	return m->order.word[0][0]
		       ? NULL
		       : "These are all parts: e on a row of home is for one.";
}

enum gh_ui_action gh_act_part_trend(struct gh_ui_model *m)
{
	char part[GH_UI_WORD], metric[GH_UI_WORD];

	memcpy(part, m->order.word[0], sizeof part);
	gh_list_text(m, "metric", metric, sizeof metric);
	return open_trend(m, part, metric);
}

/* ---- Back ------------------------------------------------------------------*/

const char *gh_no_past(const struct gh_ui_model *m)
{
	return m->is_past ? NULL : "This is the last verdict.";
}

enum gh_ui_action gh_act_last(struct gh_ui_model *m)
{
	return gh_act_open(m, GH_PAGE_HOME, NULL, NULL, NULL);
}
