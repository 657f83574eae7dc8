/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * import - takes from a bundle what is not here yet, all or nothing. What was
 * measured here goes before it: `status` and `last` never mean an imported run
 * where there is one of our own. A run of ours that could not be stored is one
 * of our own; the file that says so must lie where only we can write.
 */
#include "cli/options.h"  /* gh_cli_word */
#include "cli/paths.h"	  /* gh_path_make_folder */
#include "cli/people.h"	  /* gh_show_doc */
#include "cli/say.h"	  /* gh_say_failure */
#include "store/bundle.h" /* gh_store_import */

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct gh_option options[] = {
	{ "mine", NULL, "runs in it that say so were measured here",
	  GH_OPT_FLAG },
	{ 0 }
};

/* ---- Who can have written it ---- */

/* The folder a file lies in; false: there is none, or it is anybody's. */
static bool own_folder(const char *file, struct stat *is)
{
	char folder[GH_PATH_CAP];
	char *slash;

	if (snprintf(folder, sizeof folder, "%s%s", file[0] == '/' ? "" : "./",
		     file) >= (int)sizeof folder)
		return false;
	slash = strrchr(folder, '/');
	slash[slash == folder] = '\0';
	return stat(folder, is) == 0 && is->st_uid == geteuid() &&
	       (is->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static bool is_folder_of(const struct stat *is, const char *file)
{
	struct stat other;

	return file[0] && own_folder(file, &other) &&
	       other.st_dev == is->st_dev && other.st_ino == is->st_ino;
}

/* Ours, for us alone, where the database or what it refused lies. */
static bool is_private(const struct gh_cli *cli, const char *file)
{
	struct gh_path state, db;
	struct stat is, folder;
	char beside[GH_PATH_CAP + 4];

	gh_path_db(cli, &db);
	gh_path_state(&state);
	snprintf(beside, sizeof beside, "%s%s", state.path,
		 state.path[0] ? "/x" : "");
	return lstat(file, &is) == 0 && S_ISREG(is.st_mode) &&
	       is.st_uid == geteuid() &&
	       (is.st_mode & (S_IRWXG | S_IRWXO)) == 0 &&
	       own_folder(file, &folder) &&
	       (is_folder_of(&folder, db.path) ||
		is_folder_of(&folder, beside));
}

/* ---- What was taken ---- */

static bool show(struct gh_cli *cli, const struct gh_bundle_count *n)
{
	struct gh_doc *doc = calloc(1, sizeof *doc);
	char made[24];
	bool ok;

	if (!doc)
		return false;
	gh_wall_text(n->made_s, made, sizeof made);
	gh_doc_above(doc,
		     "%u new runs, %u were here already, %u baselines, %u "
		     "remarks; made %s",
		     n->runs, n->known, n->baselines, n->remarks, made);
	gh_doc_above(doc, "sha256 of its manifest: %s", n->sha256);
	gh_doc_fact(doc, "runs", GH_CELL_COUNT, n->runs);
	gh_doc_fact(doc, "known", GH_CELL_COUNT, n->known);
	gh_doc_fact(doc, "baselines", GH_CELL_COUNT, n->baselines);
	gh_doc_fact(doc, "remarks", GH_CELL_COUNT, n->remarks);
	gh_doc_fact(doc, "with_recordings", GH_CELL_BOOL, n->with_recordings);
	gh_doc_text_fact(doc, "store", n->store);
	gh_doc_text_fact(doc, "made", made);
	gh_doc_text_fact(doc, "sha256", n->sha256);
	ok = gh_show_doc(cli, doc, false);
	free(doc);
	return ok;
}

static enum gh_status open_store(struct gh_cli *cli, const char *file,
				 struct gh_store **st, struct gh_err *err)
{
	struct gh_path db;

	/* A wrong file must not leave a new database behind. */
	if (gh_bundle_look(file, err) != GH_OK)
		return err->code;
	gh_path_db(cli, &db);
	if (db.path[0] && gh_path_make_folder(db.path, err) != GH_OK)
		return err->code;
	return gh_cli_store(cli, GH_STORE_WRITE, st, err);
}

static int run(struct gh_cli *cli)
{
	const char *file = gh_cli_word(cli, 0);
	struct gh_bundle_count count;
	struct gh_err err = { 0 };
	struct gh_store *st = NULL;
	enum gh_status status;

	if (!file) {
		(void)!gh_fail(&err, GH_ARG, "import: expected a file");
		return gh_say_failure(cli, &err);
	}
	status = open_store(cli, file, &st, &err);
	if (status == GH_OK) {
		const struct gh_import_ask ask = {
			.now_s = gh_wall_s(cli->clock),
			.mine = gh_cli_on(cli, "mine") || is_private(cli, file),
		};

		status = gh_store_import(st, file, &ask, &count, &err);
		gh_store_close(st);
	}
	if (status != GH_OK)
		return gh_say_failure(cli, &err);
	return show(cli, &count) ? GH_EXIT_OK : gh_say_no_memory(cli);
}

const struct gh_verb gh_verb_import = {
	.name = "import",
	.summary = "take runs from a file that `export` made; all or nothing",
	.usage = "FILE",
	.max_words = 1,
	.options = options,
	.run = run,
};
