/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bundle - export and import are the same copy in two directions: into a new
 * file that gets a manifest, and out of a file whose manifest was checked.
 */
#include "store/bundle.h" /* what is defined here */
#include "store/merge.h"  /* gh_merge_copy */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Of a SQLite file: its header, and where the application_id is in it. */
enum { HEAD_BYTES = 100, APPLICATION_AT = 68 };

/* ---- Export ----------------------------------------------------------------*/

struct export
{
	const struct gh_store *from;
	const struct gh_bundle_ask *ask;
	char store[33]; /* the name of from */
};

static enum gh_status copy(struct gh_store *st, const struct export *e,
			   struct gh_bundle_count *out, struct gh_err *err)
{
	const struct gh_bundle_ask *ask = e->ask;
	enum gh_status s = gh_sql_begin(st, err);

	if (s != GH_OK)
		return s;
	s = gh_merge_pick(st, ask, out, err);
	if (s == GH_OK && out->runs == 0)
		s = gh_fail(err, GH_NODATA, "no run to export%s",
			    ask->since_s > 0 ? " since then" : "");
	if (s == GH_OK)
		s = gh_merge_copy(st, ask, out, err);
	if (s == GH_OK)
		s = gh_baseline_verify(st, err);
	if (s == GH_OK)
		s = gh_bundle_seal(st, e->store, ask, out->runs, err);
	return gh_sql_end(st, s, err);
}

static enum gh_status fill(struct gh_store *st, void *with,
			   struct gh_bundle_count *out, struct gh_err *err)
{
	const struct export *e = with;
	enum gh_status s = gh_bundle_attach(st, e->from->path, "mode=ro", err);

	if (s == GH_OK)
		s = copy(st, e, out, err);
	return s == GH_OK ? gh_sql_exec(st, "DETACH src", err) : s;
}

enum gh_status gh_store_export(struct gh_store *st, const char *path,
			       const struct gh_bundle_ask *ask,
			       struct gh_bundle_count *out, struct gh_err *err)
{
	struct export e = { st, ask, "" };
	enum gh_status s;

	memset(out, 0, sizeof *out);
	s = gh_store_name(st, e.store, err);
	return s == GH_OK ? gh_bundle_new(path, fill, &e, out, err) : s;
}

/* ---- Import ----------------------------------------------------------------*/

/* What is new here becomes a part of our chain, whatever theirs was. */
static const struct {
	enum gh_chain_kind kind;
	const char *sql;
} taken[] = {
	{ GH_CHAIN_RUN, "SELECT new FROM temp.pick WHERE is_new ORDER BY new" },
	{ GH_CHAIN_REMARK, "SELECT m.remark FROM main.remark m JOIN temp.said "
			   "USING (uid) ORDER BY m.remark" },
	{ GH_CHAIN_BASELINE, "SELECT new FROM temp.sealed ORDER BY new" },
};

/*
 * A run of this very database counts as measured here: `status` may mean it.
 * Anybody who saw a bundle of ours can write that into a file of their own.
 */
static enum gh_status check_claims(struct gh_store *st, const char *path,
				   bool mine, struct gh_err *err)
{
	int64_t claimed = 0;
	enum gh_status s;

	s = gh_sql_number(st,
			  "SELECT count(*) FROM temp.pick WHERE is_new AND "
			  "store = (SELECT store FROM main.self)",
			  0, &claimed, err);
	if (s == GH_OK && claimed > 0 && !mine)
		return gh_fail(err, GH_ARG,
			       "%s: says that %lld of its runs were measured "
			       "here, and does not lie where only you can "
			       "write: --mine if that is so",
			       gh_path_shown(path), (long long)claimed);
	return s;
}

static enum gh_status take(struct gh_store *st, const char *path,
			   const struct gh_import_ask *in,
			   struct gh_bundle_count *out, struct gh_err *err)
{
	const struct gh_bundle_ask ask = { .with_recordings =
						   out->with_recordings,
					   .now_s = in->now_s };
	enum gh_status s = gh_sql_begin(st, err);

	if (s != GH_OK)
		return s;
	s = gh_merge_pick(st, &ask, out, err);
	if (s == GH_OK)
		s = check_claims(st, path, in->mine, err);
	if (s == GH_OK)
		s = gh_merge_copy(st, &ask, out, err);
	if (s == GH_OK)
		s = gh_bundle_believe(st, out, in->now_s, err);
	for (size_t i = 0; s == GH_OK && i < GH_ARRAY_SIZE(taken); i++)
		s = gh_chain_add_all(st, taken[i].kind, taken[i].sql, err);
	return gh_sql_end(st, s, err);
}

/* The first bytes of a SQLite file, and where its application_id is. */
static bool is_headed(const unsigned char head[HEAD_BYTES])
{
	uint32_t id = 0;

	for (size_t i = 0; i < 4; i++)
		id = id << 8 | head[APPLICATION_AT + i];
	return memcmp(head, "SQLite format 3", 16) == 0 &&
	       id == GH_BUNDLE_APPLICATION_ID;
}

/* A log beside it would be read as a part of it: a bundle has none. */
enum gh_status gh_bundle_look(const char *path, struct gh_err *err)
{
	unsigned char head[HEAD_BYTES] = { 0 };
	struct stat is;
	FILE *file;
	size_t n;

	if (stat(path, &is) != 0)
		return gh_fail_sys(err, GH_ARG, errno, "%s",
				   gh_path_shown(path));
	if (!S_ISREG(is.st_mode))
		return gh_fail(err, GH_ARG, "%s: not a plain file",
			       gh_path_shown(path));
	file = fopen(path, "rbe");
	if (!file)
		return gh_fail_sys(err, errno == ENOMEM ? GH_NOMEM : GH_ARG,
				   errno, "%s", gh_path_shown(path));
	setvbuf(file, NULL, _IONBF, 0); /* no memory for it would be no bytes */
	n = fread(head, 1, sizeof head, file);
	fclose(file);
	if (n == sizeof head && is_headed(head))
		return GH_OK;
	return gh_fail(err, GH_ARG,
		       "%s: not a bundle of ghostlight; nothing was imported",
		       gh_path_shown(path));
}

/* Also before: a disk that failed last time may have kept us from it. */
static void tidy(struct gh_store *st)
{
	sqlite3_exec(st->db,
		     "DROP TABLE IF EXISTS temp.pick; DROP TABLE IF EXISTS "
		     "temp.said; DROP TABLE IF EXISTS temp.sealed",
		     NULL, NULL, NULL);
	sqlite3_exec(st->db, "DETACH src", NULL, NULL, NULL);
}

/* Of a check that export shares. */
static enum gh_status say_nothing(struct gh_err *err, enum gh_status s)
{
	static const char words[] = "; nothing was imported";
	const size_t n = strlen(err->msg);

	if (s == GH_ARG && n + sizeof words <= sizeof err->msg)
		memcpy(err->msg + n, words, sizeof words);
	return s;
}

enum gh_status gh_store_import(struct gh_store *st, const char *path,
			       const struct gh_import_ask *ask,
			       struct gh_bundle_count *out, struct gh_err *err)
{
	enum gh_status s = gh_bundle_look(path, err);

	memset(out, 0, sizeof *out);
	if (s != GH_OK)
		return s;
	tidy(st);
	s = gh_bundle_attach(st, path, "immutable=1", err);
	if (s != GH_OK && s != GH_NOMEM)
		s = gh_fail(err, GH_ARG, "%s: %s", gh_path_shown(path),
			    gh_bundle_unread(st));
	if (s == GH_OK)
		s = gh_bundle_check(st, path, out, err);
	if (s == GH_OK)
		s = take(st, path, ask, out, err);
	tidy(st);
	return say_nothing(err, s);
}
