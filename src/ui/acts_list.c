/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/acts_list.h"

#include "ui/list.h" /* gh_list_text, gh_list_cell */

#include <string.h>

enum gh_ui_action gh_act_notes(struct gh_ui_model *m)
{
	return gh_act_open(m, GH_PAGE_NOTES, NULL, NULL, NULL);
}

enum gh_ui_action gh_act_baselines(struct gh_ui_model *m)
{
	return gh_act_open(m, GH_PAGE_BASELINES, NULL, NULL, NULL);
}

enum gh_ui_action gh_act_baseline(struct gh_ui_model *m)
{
	char name[GH_UI_NAME];

	if (!gh_list_text(m, "name", name, sizeof name))
		return gh_act_say(m, "No baseline in this list.");
	return gh_act_open(m, GH_PAGE_BASELINE, name, NULL, NULL);
}

/*
 * What the selected baseline is laid beside: the one sealed last, else the
 * newest. NULL: there is no other.
 */
static const char *other(const struct gh_ui_model *m, const char *name)
{
	const struct gh_table *t =
		m->doc && m->doc->n_tables > 0 ? m->doc->tables[0] : NULL;
	const char *best = NULL, *sealed = "";

	for (size_t r = 0; t && r < t->n_rows; r++) {
		const char *at = gh_list_cell(t, r, "sealed_at");

		if (strcmp(gh_list_cell(t, r, "name"), name) == 0 ||
		    strcmp(at, sealed) < 0)
			continue;
		best = gh_list_cell(t, r, "name");
		sealed = at;
	}
	return best;
}

const char *gh_no_diff(const struct gh_ui_model *m)
{
	char name[GH_UI_NAME];

	gh_list_text(m, "name", name, sizeof name);
	return other(m, name) ? NULL
			      : "There is no other baseline to compare with.";
}

enum gh_ui_action gh_act_diff(struct gh_ui_model *m)
{
	char name[GH_UI_NAME];

	gh_list_text(m, "name", name, sizeof name);
	return gh_act_open(m, GH_PAGE_DIFF, other(m, name), name, NULL);
}
