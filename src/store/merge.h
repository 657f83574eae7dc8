/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * merge - private to the bundle: what is copied from the attached database
 * "src" into ours, how it is hashed, and what is believed of it.
 */
#ifndef GH_STORE_MERGE_H
#define GH_STORE_MERGE_H

#include "base/sha256.h"   /* GH_SHA256_HEX_CAP */
#include "store/bundle.h"  /* struct gh_bundle_ask */
#include "store/private.h" /* struct gh_store */

/* The tables of a run; the raw ones are only in bundles with recordings. */
struct gh_run_table {
	const struct gh_table *table;
	bool raw;
};
extern const struct gh_run_table gh_run_tables[]; /* table NULL ends */

/* ---- bundle_hash.c -------------------------------------------------------*/

/*
 * The content of a run of that database ("main", "src"), whatever its number
 * is there: said, and its recording ("" when there is none). Its session is
 * the one of its origin.
 */
enum gh_status gh_run_hash(struct gh_store *st, const char *db, int64_t run,
			   bool raw, char out[GH_SHA256_HEX_CAP],
			   struct gh_err *err) GH_MUST_CHECK;
/* Its rows into a hash, in that form: gh_run_hash has the plain one. */
enum gh_status gh_run_rows(struct gh_store *st, const char *db, int64_t run,
			   bool raw, gh_rows_hash *rows, struct gh_sha256 *h,
			   struct gh_err *err) GH_MUST_CHECK;
/* Remarks, files, acceptances and baselines of that database. */
enum gh_status gh_people_hash(struct gh_store *st, const char *db,
			      char out[GH_SHA256_HEX_CAP],
			      struct gh_err *err) GH_MUST_CHECK;

/* ---- merge.c -------------------------------------------------------------*/

/*
 * Copies from "src" what main does not have; inside a transaction. The runs
 * are those of the temporary table pick, as gh_merge_pick fills it.
 */
enum gh_status gh_merge_pick(struct gh_store *st,
			     const struct gh_bundle_ask *ask,
			     struct gh_bundle_count *out,
			     struct gh_err *err) GH_MUST_CHECK;
enum gh_status gh_merge_copy(struct gh_store *st,
			     const struct gh_bundle_ask *ask,
			     struct gh_bundle_count *out,
			     struct gh_err *err) GH_MUST_CHECK;

/* ---- bundle_new.c --------------------------------------------------------*/

/* Attaches that file as "src". */
enum gh_status gh_bundle_attach(struct gh_store *st, const char *path,
				const char *query,
				struct gh_err *err) GH_MUST_CHECK;
/*
 * Head and manifest for the runs 1..runs of main, which come from the database
 * of that name; inside the transaction that put them there.
 */
enum gh_status gh_bundle_seal(struct gh_store *st, const char *store,
			      const struct gh_bundle_ask *ask, unsigned runs,
			      struct gh_err *err) GH_MUST_CHECK;
/* Fills and seals the empty bundle st; sets out->runs, leaves no "src". */
typedef enum gh_status gh_bundle_fill(struct gh_store *st, void *with,
				      struct gh_bundle_count *out,
				      struct gh_err *err);
/* A new file, whole or not at all; never over one that is there. */
enum gh_status gh_bundle_new(const char *path, gh_bundle_fill *fill, void *with,
			     struct gh_bundle_count *out,
			     struct gh_err *err) GH_MUST_CHECK;

/* ---- bundle_check.c ------------------------------------------------------*/

/* The SQL that makes a bundle of a new database of ours. */
extern const char gh_bundle_sql[];
#define GH_BUNDLE_APPLICATION_ID 0x67684c62 /* "ghLb" */

/* Why the first look at "src" failed, in words; a failing disk is no fake. */
const char *gh_bundle_unread(const struct gh_store *st);
/* Before anything is copied: is "src" a bundle, whole and as it was made? */
enum gh_status gh_bundle_check(struct gh_store *st, const char *path,
			       struct gh_bundle_count *out,
			       struct gh_err *err) GH_MUST_CHECK;
/* After: is every new row one that we could have written? */
enum gh_status gh_bundle_believe(struct gh_store *st,
				 const struct gh_bundle_count *count,
				 int64_t now_s,
				 struct gh_err *err) GH_MUST_CHECK;

/* ---- open.c --------------------------------------------------------------*/

/* file:PATH?immutable=1 or ?mode=ro, to ATTACH; free() it. NULL: memory. */
char *gh_store_uri(const char *path, const char *query);
/* A new database of ours, for us alone; no log beside it. Also ":memory:". */
enum gh_status gh_store_create(struct gh_store **out, const char *path,
			       struct gh_err *err) GH_MUST_CHECK;

#endif
