/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ui_print - the run on the screen as the page that `ghostlight report` shows,
 * in a file beside the database: what a printer or a mail can take.
 */
#include "cli/ui_screen.h" /* what is defined here */

#include "cli/write_file.h" /* gh_write_file */
#include "report/report.h"  /* gh_report_text */

#include <stdlib.h>
#include <string.h>

static bool draw(const void *view, FILE *out)
{
	const struct gh_report_style style = { .colour = false };

	gh_report_text(view, &style, out);
	return true;
}

/* "ghostlight-run-117.txt" beside ghostlight.db; false: no such place. */
static bool name_file(const struct gh_ui_screen *s,
		      const struct gh_run_view *view, char *out, size_t cap)
{
	const char *db = s->db.path, *slash = strrchr(db, '/');
	const char *dot = strrchr(slash ? slash : db, '.');
	const int stem = (int)(dot ? (size_t)(dot - db) : strlen(db));
	char run[24] = "not-stored";
	int n;

	if (view->run > 0)
		snprintf(run, sizeof run, "run-%lld", (long long)view->run);
	n = snprintf(out, cap, "%.*s-%s.txt", stem, db, run);
	return stem > 0 && n > 0 && (size_t)n < cap;
}

/* As it was said then, which the screen need not say any more. */
static enum gh_status find_view(const struct gh_ui_screen *s,
				struct gh_stored **stored,
				struct gh_run_view *out, struct gh_err *err)
{
	enum gh_status st;

	if (s->shown.flow) {
		*out = *gh_flow_view(s->shown.flow);
		return GH_OK;
	}
	st = gh_stored_get(s->shown.store, s->shown.stored->info.run, stored,
			   err);
	if (st == GH_OK)
		*out = (*stored)->view;
	return st;
}

static enum gh_status print(const struct gh_ui_screen *s, char *path,
			    size_t cap, struct gh_err *err)
{
	struct gh_stored *stored = NULL;
	struct gh_run_view view;
	enum gh_status st = find_view(s, &stored, &view, err);

	if (st != GH_OK)
		return st;
	view.now_s = gh_wall_s(s->cli->clock);
	st = name_file(s, &view, path, cap)
		     ? gh_write_file(path, 0666, draw, &view, err)
		     : gh_fail(err, GH_ARG, "no place for a file: give --db");
	free(stored);
	return st;
}

void gh_ui_print(struct gh_ui_screen *s)
{
	char path[GH_PATH_CAP + 32], text[GH_PATH_CAP + 64];
	struct gh_err err = { 0 };

	if (!gh_ui_shown_view(&s->shown))
		return;
	if (print(s, path, sizeof path, &err) != GH_OK) {
		gh_ui_say_failure(s, &err);
		return;
	}
	snprintf(text, sizeof text, "Written, for a printer: %s", path);
	gh_make_human(text);
	gh_ui_say(s->ui, text);
}
