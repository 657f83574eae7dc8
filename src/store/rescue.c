/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rescue - a run that its database would not take, as a bundle that `import`
 * takes later. It says whose run it is and which, so that a database which has
 * it all the same (the commit did reach the disk) takes it no second time.
 */
#include "store/merge.h" /* gh_bundle_new */

#include <string.h>

struct rescue {
	struct gh_run_place place;
	struct gh_run_info info; /* as it goes into the bundle, as run 1 */
	struct gh_run_content content;
	int64_t now_s;
};

static enum gh_status put_origin(struct gh_store *st, const struct rescue *r,
				 const char *sha256, struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row;
	enum gh_status s;

	s = gh_sql_prepare(st,
			   "INSERT INTO origin (run, store, number, session, "
			   "sha256, imported_s) VALUES (1, ?, ?, ?, ?, ?)",
			   &stmt, err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_text(stmt, 1, r->place.store, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, r->place.number);
	sqlite3_bind_int64(stmt, 3, r->place.session);
	sqlite3_bind_text(stmt, 4, sha256, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 5, r->now_s);
	s = gh_sql_step(st, stmt, &row, err);
	sqlite3_finalize(stmt);
	return s;
}

/*
 * Where a run comes from is said before its end, and is told by the hash of
 * all of it: so the hash comes from a first turn that is taken back.
 */
static enum gh_status find_hash(struct gh_store *st, const struct rescue *r,
				char sha256[GH_SHA256_HEX_CAP],
				struct gh_err *err)
{
	enum gh_status s = gh_sql_exec(st, "SAVEPOINT turn", err);

	if (s == GH_OK)
		s = gh_run_insert(st, &r->info, err);
	if (s == GH_OK)
		s = gh_run_put(st, &r->content, err);
	if (s == GH_OK)
		s = gh_run_hash(st, "main", 1, false, sha256, err);
	return s == GH_OK
		       ? gh_sql_exec(st, "ROLLBACK TO turn; RELEASE turn", err)
		       : s;
}

static enum gh_status put_run(struct gh_store *st, const struct rescue *r,
			      struct gh_err *err)
{
	const struct gh_bundle_ask ask = {
		.with_recordings = r->content.rec != NULL,
		.now_s = r->now_s,
	};
	char sha256[GH_SHA256_HEX_CAP];
	enum gh_status s = find_hash(st, r, sha256, err);

	if (s == GH_OK)
		s = gh_run_insert(st, &r->info, err);
	if (s == GH_OK)
		s = put_origin(st, r, sha256, err);
	if (s == GH_OK)
		s = gh_run_put(st, &r->content, err);
	return s == GH_OK ? gh_bundle_seal(st, r->place.store, &ask, 1, err)
			  : s;
}

static enum gh_status fill(struct gh_store *st, void *with,
			   struct gh_bundle_count *out, struct gh_err *err)
{
	struct rescue *r = with;
	enum gh_status s = GH_OK;

	/* No database could be read: then the bundle is where it comes from. */
	if (!r->place.store[0]) {
		s = gh_store_name(st, r->place.store, err);
		r->place.number = 1;
		r->place.session = 1;
	}
	r->info.session = r->place.session;
	if (s == GH_OK)
		s = gh_sql_begin(st, err);
	if (s == GH_OK)
		s = gh_sql_end(st, put_run(st, r, err), err);
	out->runs = 1;
	return s;
}

enum gh_status gh_store_rescue(const char *path,
			       const struct gh_run_place *place,
			       const struct gh_run_content *content,
			       int64_t now_s, struct gh_err *err)
{
	struct rescue r = { *place, *content->info, *content, now_s };
	struct gh_bundle_count count;

	r.info.run = 1;
	r.info.accepts = NULL;
	r.info.n_accepts = 0;
	r.content.info = &r.info;
	return gh_bundle_new(path, fill, &r, &count, err);
}
