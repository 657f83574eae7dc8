/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/people.h"

#include "cli/options.h"    /* gh_cli_text */
#include "cli/shelf.h"	    /* gh_shelf_put */
#include "cli/view.h"	    /* gh_stored_find */
#include "report/remarks.h" /* gh_remarks_phrase */

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum gh_status gh_people_text(char *out, size_t cap, const char *what,
			      const char *text, struct gh_err *err)
{
	if (text && !gh_copy_text(out, cap, text))
		return gh_fail(err, GH_ARG, "%s: at most %zu bytes, found %zu",
			       what, cap - 1, strlen(text));
	return GH_OK;
}

static enum gh_status find_serial(struct gh_cli *cli, struct gh_store *st,
				  struct gh_remark *out, struct gh_err *err)
{
	struct gh_rig *rig;
	struct gh_run_info *info;
	int64_t run = 0;
	enum gh_status status = gh_cli_rig(cli, &rig, err);

	if (status == GH_OK && rig)
		gh_copy_text(out->serial, sizeof out->serial, rig->serial);
	if (status != GH_OK || rig) {
		free(rig);
		return status;
	}
	status = gh_store_last_run(st, NULL, &run, err);
	if (status == GH_NODATA)
		return GH_OK;
	info = calloc(1, sizeof *info);
	if (status == GH_OK && !info)
		status = gh_fail(err, GH_NOMEM, "no memory for a run");
	if (status == GH_OK)
		status = gh_store_get_run(st, run, info, err);
	if (status == GH_OK)
		gh_copy_text(out->serial, sizeof out->serial, info->serial);
	free(info);
	return status;
}

enum gh_status gh_people_remark(struct gh_cli *cli, struct gh_store *st,
				struct gh_remark *out, struct gh_err *err)
{
	const char *run = gh_cli_text(cli, "run");
	enum gh_status status;

	memset(out, 0, sizeof *out);
	out->at_s = gh_wall_s(cli->clock);
	status = find_serial(cli, st, out, err);
	if (status == GH_OK && run)
		status = gh_stored_find(
			st, run, gh_cli_text(cli, "rig") ? out->serial : NULL,
			&out->run, err);
	if (status == GH_OK)
		status = gh_people_text(out->part, sizeof out->part, "--part",
					gh_cli_text(cli, "part"), err);
	if (status == GH_OK)
		status = gh_people_text(out->by, sizeof out->by, "--by",
					gh_cli_text(cli, "by"), err);
	return status;
}

bool gh_show_doc(const struct gh_cli *cli, const struct gh_doc *doc,
		 bool has_csv)
{
	if (cli->shelf)
		return gh_shelf_put(cli->shelf, doc);
	if (gh_cli_on(cli, "json"))
		return gh_shown(cli, gh_doc_json(doc, cli->out));
	if (has_csv && gh_cli_on(cli, "csv"))
		gh_doc_csv(doc, cli->out);
	else if (gh_cli_on(cli, "plain"))
		gh_doc_plain(doc, cli->out);
	else
		gh_doc_text(doc, cli->out);
	return true;
}

bool gh_people_show(const struct gh_cli *cli, const struct gh_remark *r)
{
	struct gh_doc *doc = calloc(1, sizeof *doc);
	char at[24], line[400];
	bool ok;

	if (!doc)
		return false;
	gh_wall_text(r->at_s, at, sizeof at);
	gh_remarks_phrase(line, sizeof line, r);
	gh_doc_above(doc, "%lld: %.140s", (long long)r->id, line);
	gh_doc_fact(doc, "id", GH_CELL_COUNT, (double)r->id);
	gh_doc_text_fact(doc, "kind", gh_remark_kind_name(r->kind));
	gh_doc_text_fact(doc, "at", at);
	gh_doc_text_fact(doc, "serial", r->serial);
	gh_doc_fact(doc, "run", GH_CELL_COUNT,
		    r->run > 0 ? (double)r->run : (double)NAN);
	gh_doc_text_fact(doc, "part", r->part);
	gh_doc_text_fact(doc, "by", r->by);
	gh_doc_text_fact(doc, "text", r->text);
	if (r->kind == GH_REMARK_ATTACHMENT) {
		gh_doc_text_fact(doc, "file", r->name);
		gh_doc_text_fact(doc, "media", r->media);
		gh_doc_text_fact(doc, "sha256", r->sha256);
		gh_doc_fact(doc, "bytes", GH_CELL_COUNT, (double)r->bytes);
	}
	ok = gh_show_doc(cli, doc, false);
	free(doc);
	return ok;
}
