/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/last.h"

#include "base/text.h"	 /* gh_copy_text */
#include "cli/paths.h"	 /* gh_path_db */
#include "cli/show.h"	 /* gh_cli_store */
#include "cli/version.h" /* gh_version */
#include "store/since.h" /* gh_store_last_judged */

#include <stdlib.h>
#include <unistd.h>

static enum gh_status none(struct gh_last *out, const char *why,
			   struct gh_err *err)
{
	struct gh_stored *s = calloc(1, sizeof *s);

	if (!s)
		return gh_fail(err, GH_NOMEM, "no memory for a verdict");
	gh_copy_text(s->info.version, sizeof s->info.version, gh_version());
	s->result.verdict = GH_VERDICT_UNSURE;
	gh_copy_text(s->result.why, sizeof s->result.why, why);
	gh_view_of(&s->view, &s->info, s->parts, 0, &s->result);
	out->stored = s;
	return GH_OK;
}

static enum gh_status find(struct gh_last *out, const char *serial,
			   struct gh_err *err)
{
	int64_t run = 0;
	enum gh_status st = gh_store_last_judged(out->store, serial, &run, err);

	if (st == GH_NODATA)
		return none(out, "no check has been made yet", err);
	if (st == GH_OK)
		st = gh_stored_get(out->store, run, &out->stored, err);
	out->found = st == GH_OK;
	return st;
}

enum gh_status gh_last_open(const struct gh_cli *cli, struct gh_last *out,
			    struct gh_err *err)
{
	struct gh_path db;
	struct gh_rig *rig;
	enum gh_status st = gh_cli_rig(cli, &rig, err);

	*out = (struct gh_last){ 0 };
	if (st != GH_OK)
		return st;
	gh_path_db(cli, &db);
	if (db.path[0] && access(db.path, F_OK) != 0)
		st = none(out, "no check has been made yet: no database", err);
	else
		st = gh_cli_store(cli, GH_STORE_READ, &out->store, err);
	if (st == GH_OK && out->store)
		st = find(out, rig ? rig->serial : NULL, err);
	free(rig);
	if (st != GH_OK)
		gh_last_close(out);
	return st;
}

void gh_last_close(struct gh_last *last)
{
	free(last->stored);
	gh_store_close(last->store);
	*last = (struct gh_last){ 0 };
}
