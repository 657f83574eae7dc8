/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * export - runs, sealed baselines and remarks into one file with the hash of
 * everything in it. Compare the last line with what `import` says.
 */
#include "cli/options.h"  /* gh_cli_word */
#include "cli/people.h"	  /* gh_show_doc */
#include "cli/say.h"	  /* gh_say_failure */
#include "store/bundle.h" /* gh_store_export */

#include <stdlib.h>
#include <string.h>

static const struct gh_option options[] = {
	{ "since", "DATE", "from that day on; sealed baselines' runs always",
	  GH_OPT_TEXT },
	{ "with-recordings", NULL, "raw samples too, about 3 MB a run",
	  GH_OPT_FLAG },
	{ 0 }
};

static bool show(struct gh_cli *cli, const char *path,
		 const struct gh_bundle_count *n)
{
	struct gh_doc *doc = calloc(1, sizeof *doc);
	bool ok;

	if (!doc)
		return false;
	gh_doc_above(doc, "%u runs%s, %u baselines, %u remarks in %.80s",
		     n->runs, n->with_recordings ? " with recordings" : "",
		     n->baselines, n->remarks, path);
	gh_doc_above(doc, "sha256 of its manifest: %s", n->sha256);
	gh_doc_text_fact(doc, "file", path);
	gh_doc_fact(doc, "runs", GH_CELL_COUNT, n->runs);
	gh_doc_fact(doc, "baselines", GH_CELL_COUNT, n->baselines);
	gh_doc_fact(doc, "remarks", GH_CELL_COUNT, n->remarks);
	gh_doc_fact(doc, "with_recordings", GH_CELL_BOOL, n->with_recordings);
	gh_doc_text_fact(doc, "sha256", n->sha256);
	ok = gh_show_doc(cli, doc, false);
	free(doc);
	return ok;
}

static enum gh_status write_out(struct gh_cli *cli, struct gh_bundle_ask *ask,
				struct gh_bundle_count *count,
				struct gh_err *err)
{
	struct gh_rig *rig;
	struct gh_store *st;
	enum gh_status status = gh_cli_rig(cli, &rig, err);

	if (status != GH_OK)
		return status;
	if (rig)
		ask->serial = rig->serial;
	status = gh_cli_store(cli, GH_STORE_READ, &st, err);
	if (status == GH_OK) {
		status = gh_store_export(st, gh_cli_word(cli, 0), ask, count,
					 err);
		gh_store_close(st);
	}
	free(rig);
	return status;
}

static int run(struct gh_cli *cli)
{
	const char *since = gh_cli_text(cli, "since");
	struct gh_bundle_ask ask = {
		.with_recordings = gh_cli_on(cli, "with-recordings"),
		.now_s = gh_wall_s(cli->clock),
	};
	struct gh_bundle_count count;
	struct gh_err err = { 0 };
	enum gh_status status = GH_OK;

	if (!gh_cli_word(cli, 0))
		status = gh_fail(&err, GH_ARG, "export: expected a file");
	else if (since && !gh_wall_parse(since, &ask.since_s))
		status = gh_fail(&err, GH_ARG,
				 "--since: expected a date such as 2026-12-24, "
				 "found \"%.40s\"",
				 since);
	if (status == GH_OK)
		status = write_out(cli, &ask, &count, &err);
	if (status != GH_OK)
		return gh_say_failure(cli, &err);
	return show(cli, gh_cli_word(cli, 0), &count) ? GH_EXIT_OK
						      : gh_say_no_memory(cli);
}

const struct gh_verb gh_verb_export = {
	.name = "export",
	.summary = "runs, baselines and remarks into one file with hashes",
	.usage = "FILE",
	.max_words = 1,
	.options = options,
	.run = run,
};
