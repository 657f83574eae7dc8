/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bundle - runs, baselines and remarks as one file that can be carried to
 * another database: SQLite with our tables and a manifest of SHA-256 hashes,
 * nothing beside it (schemas/store.md).
 */
#ifndef GH_STORE_BUNDLE_H
#define GH_STORE_BUNDLE_H

#include "store/store.h" /* struct gh_store */

struct gh_bundle_ask {
	int64_t since_s;      /* runs that began then or later; 0: all */
	const char *serial;   /* of this sculpture, NULL: all */
	bool with_recordings; /* raw samples too: 3 MB a run */
	int64_t now_s;
};

/* What was written or read. */
struct gh_bundle_count {
	unsigned runs, known; /* known: were here already */
	unsigned baselines, remarks;
	bool with_recordings;
	char store[33];	 /* the database it comes from */
	char sha256[65]; /* of the manifest: the same on both sides */
	int64_t made_s;
};

/*
 * Writes a new file, whole or not at all; never over one that is there. Only
 * sealed baselines travel, with their runs, whatever since_s says. GH_NODATA:
 * nothing to write.
 */
enum gh_status gh_store_export(struct gh_store *st, const char *path,
			       const struct gh_bundle_ask *ask,
			       struct gh_bundle_count *out,
			       struct gh_err *err) GH_MUST_CHECK;

/* GH_ARG: that file cannot be read, or is none that export began. */
enum gh_status gh_bundle_look(const char *path,
			      struct gh_err *err) GH_MUST_CHECK;

/*
 * A run that could not be stored, with all that was measured, as a bundle of
 * its own; the file is as gh_store_export's. content->info says what the run
 * row would have said; what became of acceptances stays behind.
 */
enum gh_status gh_store_rescue(const char *path,
			       const struct gh_run_place *place,
			       const struct gh_run_content *content,
			       int64_t now_s, struct gh_err *err) GH_MUST_CHECK;

struct gh_import_ask {
	int64_t now_s;
	bool mine; /* nobody else can have written this file */
};

/*
 * Takes what is not here yet; all or nothing. A run of this very database that
 * it does not have (gh_store_rescue) counts as measured here, and is only
 * taken from a file that is `mine`. The file may come from anybody:
 * its tables must be ours to the letter, every hash must be right, and every
 * value one that we could have written. GH_ARG, one line: not a bundle, of a
 * newer ghostlight, damaged or truncated, changed since it was made.
 */
enum gh_status gh_store_import(struct gh_store *st, const char *path,
			       const struct gh_import_ask *ask,
			       struct gh_bundle_count *out,
			       struct gh_err *err) GH_MUST_CHECK;

#endif
