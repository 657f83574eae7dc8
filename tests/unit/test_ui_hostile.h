/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One hostile text in place of every text that a screen can show, and what
 * must be true of each cell then. For programs that include cmocka.
 */
#ifndef TEST_UI_HOSTILE_H
#define TEST_UI_HOSTILE_H

#include "base/text.h"	  /* gh_copy_text */
#include "engine/event.h" /* struct gh_run_view */
#include "ui/canvas.h"	  /* struct gh_canvas */
#include "ui/model.h"	  /* struct gh_ui_model */

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

int wcwidth(wchar_t c); /* of XSI */

/* The C library is asked what a glyph is, so that nobody but it decides. */
static int hostile_set_up(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	return setlocale(LC_CTYPE, "C.UTF-8") ? 0 : -1;
}

#define PUT(field, text) gh_copy_text(field, sizeof(field), text)

static void hostile_result(struct gh_result *r, const char *text)
{
	PUT(r->why, text);
	for (size_t i = 0; i < r->n_findings; i++)
		PUT(r->findings[i].note, text);
	for (size_t i = 0; i < r->n_diagnoses; i++) {
		for (unsigned k = 0; k < GH_JUDGE_EVIDENCE; k++)
			PUT(r->diagnoses[i].evidence[k], text);
		r->diagnoses[i].title = r->diagnoses[i].action = text;
		r->diagnoses[i].other = text;
	}
}

/* view is one of fixture_view's, and so are parts and result. */
static void hostile_view(struct gh_run_view *view, const char *text)
{
	const char **const texts[] = {
		&view->chain,	&view->version,	 &view->rig,  &view->serial,
		&view->profile, &view->only,	 &view->port, &view->driver,
		&view->model,	&view->firmware, &view->end,  &view->error,
		&view->advice,	&view->baseline,
	};

	for (size_t i = 0; i < GH_ARRAY_SIZE(texts); i++)
		*texts[i] = text;
	for (unsigned i = 0; i < view->n_parts; i++)
		PUT(fixture_parts[i].name, text);
	for (unsigned i = 0; i < view->n_not_checked; i++) {
		PUT(fixture_not_checked[i].part, text);
		PUT(fixture_not_checked[i].reason, text);
	}
	hostile_result(&fixture_result, text);
}

static void hostile_about(struct gh_ui_about *a, const char *text)
{
	PUT(a->rig, text);
	PUT(a->port, text);
	PUT(a->baseline, text);
	PUT(a->latched, text);
	for (unsigned i = 0; i < GH_UI_PROFILES; i++)
		PUT(a->plan[i].name, text);
}

static inline void hostile_model(struct gh_ui_model *m, const char *text)
{
	hostile_about(&m->about, text);
	PUT(m->message, text);
	PUT(m->note, text);
	PUT(m->error, text);
	PUT(m->current.text, text);
	for (unsigned i = 0; i < m->n_done; i++)
		PUT(m->done[i].text, text);
	for (unsigned i = 0; i < GH_UI_WORDS; i++)
		PUT(m->order.word[i], text);
}

/* Of no letter that is shown: format characters that turn text around. */
static bool turns_around(wchar_t c)
{
	return c == 0x61C || c == 0x200E || c == 0x200F ||
	       (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* One printable character of one column, in its only spelling. */
static bool is_good_glyph(const char *glyph, bool utf8)
{
	const size_t n = strlen(glyph);
	mbstate_t state = { 0 };
	wchar_t c;

	if (n == 0 || n > 4 || mbrtowc(&c, glyph, n, &state) != n)
		return false;
	if (c < 0x20 || (c >= 0x7F && c < 0xA0) || (!utf8 && c > 0x7E))
		return false;
	return wcwidth(c) == 1 && !turns_around(c);
}

static void check_glyphs(const struct gh_canvas *c)
{
	for (int i = 0; i < c->w * c->h; i++) {
		const struct gh_glyph *cell = &c->cells[i];

		if (!is_good_glyph(cell->glyph, c->utf8))
			fail_msg("row %d column %d: %02x %02x %02x %02x",
				 i / c->w, i % c->w,
				 (unsigned char)cell->glyph[0],
				 (unsigned char)cell->glyph[1],
				 (unsigned char)cell->glyph[2],
				 (unsigned char)cell->glyph[3]);
		assert_true(cell->ink < GH_INK_COUNT);
	}
}

#endif
