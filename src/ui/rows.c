/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/rows.h"

#include "ui/words.h" /* gh_words_parts, gh_words_has */

static bool matches(const struct gh_ui_model *m, int part,
		    const struct gh_row *row)
{
	const char *const texts[] = { row->part, row->metric,
				      gh_verdict_name(row->state),
				      row->known ? "KNOWN" : "",
				      gh_words_part_name(m->view, part) };

	for (size_t i = 0; i < GH_ARRAY_SIZE(texts); i++)
		if (gh_words_has(texts[i], m->filter))
			return true;
	return false;
}

size_t gh_rows_parts(const struct gh_ui_model *m, uint16_t *order)
{
	const size_t all = gh_words_parts(m->view, order);
	size_t n = 0;

	for (size_t i = 0; i < all; i++) {
		struct gh_row row;

		gh_words_part_row(m->view, order[i], &row);
		if (matches(m, order[i], &row))
			order[n++] = order[i];
	}
	return n;
}

size_t gh_rows_findings(const struct gh_ui_model *m, uint16_t *order)
{
	const size_t all = gh_words_findings(m->view, m->part, order);
	size_t n = 0;

	for (size_t i = 0; i < all; i++) {
		struct gh_row row;

		gh_words_finding_row(m->view, order[i], &row);
		if (matches(m, m->view->result->findings[order[i]].part, &row))
			order[n++] = order[i];
	}
	return n;
}

void gh_rows_filter(const struct gh_ui_model *m, struct gh_canvas *c, int x,
		    int y, size_t shown, size_t all)
{
	if (m->filtering || m->filter[0])
		gh_canvas_text(c, x, y, GH_INK_TITLE,
			       "/ %s%s   %zu of %zu rows ", m->filter,
			       m->filtering ? "_" : "", shown, all);
}
