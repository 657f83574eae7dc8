/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/remarks.h"

#include "report/json.h"   /* gh_json_text */
#include "report/page.h"   /* gh_page_wrap */
#include "report/phrase.h" /* gh_phrase_part */

#include <string.h>

enum { DATE_CHARS = 10, LINE_CAP = 400 };

void gh_remarks_phrase(char *out, size_t cap, const struct gh_remark *r)
{
	char until[24] = "", at[24];

	gh_wall_text(r->at_s, at, sizeof at);
	if (r->kind == GH_REMARK_ACCEPT)
		gh_wall_text(r->until_s, until, sizeof until);
	snprintf(out, cap, "%.*s %s%s%.*s%s%s%s%s%s%s%s%s", DATE_CHARS, at,
		 gh_remark_kind_name(r->kind), until[0] ? " until " : "",
		 DATE_CHARS, until, r->by[0] ? " by " : "", r->by,
		 r->part[0] ? ", " : "", r->part, r->name[0] ? ", " : "",
		 r->name, r->text[0] ? ": " : "", r->text);
}

/* ---- The page --------------------------------------------------------------*/

static void accept_line(const struct gh_run_view *view, unsigned i, FILE *out)
{
	const struct gh_accept *a = &view->accepts[i];
	char line[LINE_CAP], until[24], part[GH_NAME_CAP];

	gh_wall_text(a->until_s, until, sizeof until);
	gh_phrase_part(part, sizeof part, a->part);
	snprintf(line, sizeof line,
		 "%s, %s: %s; %s answers for it until %.*s: %s", part, a->id,
		 gh_accept_fate_name(view->result->fates[i]), a->by, DATE_CHARS,
		 until, a->reason);
	fprintf(out, "   ");
	gh_page_wrap(out, 3, 5, line);
}

void gh_remarks_text(const struct gh_run_view *view, FILE *out)
{
	char line[LINE_CAP];

	if (view->n_accepts > 0) {
		gh_page_rule(out);
		fprintf(out, " accepted\n");
	}
	for (unsigned i = 0; i < view->n_accepts; i++)
		accept_line(view, i, out);
	if (view->n_remarks > 0) {
		gh_page_rule(out);
		fprintf(out, " remarks\n");
	}
	for (unsigned i = 0; i < view->n_remarks; i++) {
		gh_remarks_phrase(line, sizeof line, &view->remarks[i]);
		fprintf(out, "   ");
		gh_page_wrap(out, 3, 5, line);
	}
}

/* ---- JSON ------------------------------------------------------------------*/

static json_t *moment(int64_t wall_s)
{
	char text[24];

	gh_wall_text(wall_s, text, sizeof text);
	return gh_json_text(text);
}

json_t *gh_remarks_accepts(const struct gh_run_view *view)
{
	json_t *list = json_array();

	for (unsigned i = 0; list && i < view->n_accepts; i++) {
		const struct gh_accept *a = &view->accepts[i];

		gh_json_push(
			&list,
			json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s}",
				  "part", gh_json_text(a->part), "metric",
				  gh_json_text(a->id), "fault",
				  gh_json_text(a->fault), "value",
				  gh_json_real(a->value), "by",
				  gh_json_text(a->by), "reason",
				  gh_json_text(a->reason), "until",
				  moment(a->until_s), "fate",
				  gh_accept_fate_name(view->result->fates[i])));
	}
	return list;
}

static json_t *or_null(const char *text)
{
	return text[0] ? gh_json_text(text) : json_null();
}

static json_t *remark(const struct gh_remark *r)
{
	const bool file = r->kind == GH_REMARK_ATTACHMENT;

	return json_pack(
		"{s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
		(json_int_t)r->id, "kind", gh_remark_kind_name(r->kind), "at",
		moment(r->at_s), "part", or_null(r->part), "by",
		gh_json_text(r->by), "text", gh_json_text(r->text), "file",
		or_null(r->name), "media", or_null(r->media), "sha256",
		or_null(r->sha256), "bytes",
		file ? json_integer(r->bytes) : json_null(), "until",
		r->kind == GH_REMARK_ACCEPT ? moment(r->until_s) : json_null());
}

json_t *gh_remarks_json(const struct gh_run_view *view)
{
	json_t *list = json_array();

	for (unsigned i = 0; list && i < view->n_remarks; i++)
		gh_json_push(&list, remark(&view->remarks[i]));
	return list;
}
