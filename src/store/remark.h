/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * remark - what people add to runs and sculptures. Like everything in the
 * store it is only ever added: a run that was remarked on stays what it was.
 */
#ifndef GH_STORE_REMARK_H
#define GH_STORE_REMARK_H

#include "base/remark.h" /* struct gh_remark */
#include "store/store.h" /* struct gh_store */

#define GH_ATTACHMENT_MAX (16u << 20) /* bytes; a photo is 3 to 8 MB */

/*
 * Adds a note, a mark or, with bytes, a file. id, uid, after_run, sha256 and
 * bytes of *r are set. GH_ARG, one line: a text or name that is empty, too long
 * or not plain text; no such run; no such part in it; a file too large.
 */
enum gh_status gh_store_remark(struct gh_store *st, struct gh_remark *r,
			       const void *bytes, size_t n,
			       struct gh_err *err) GH_MUST_CHECK;

/* Which remarks; all that is set must fit. */
struct gh_remark_ask {
	int64_t run; /* about it, or made between it and the next; 0: all */
	const char *serial; /* NULL: any */
	const char *part;   /* about it or about no part; NULL: any */
};

/* At most cap, the oldest first; of more the newest. */
enum gh_status gh_store_remarks(struct gh_store *st,
				const struct gh_remark_ask *ask,
				struct gh_remark *out, size_t cap, size_t *n,
				struct gh_err *err) GH_MUST_CHECK;

/* A new copy of an attachment's bytes, free() it. GH_NODATA: no such file. */
enum gh_status gh_store_attached(struct gh_store *st, int64_t remark,
				 void **bytes, size_t *n,
				 struct gh_err *err) GH_MUST_CHECK;

/*
 * Somebody answers for the failed findings of r->part in r->run: one
 * acceptance for each finding that is fail or known there, in one transaction.
 * *n says how many. GH_ARG, one line: no such run or part, nothing of it
 * failed, a word missing, a date that is not after now_s or more than
 * GH_ACCEPT_DAYS away.
 */
#define GH_ACCEPT_DAYS 366 /* assumed: a year later nobody remembers why */
enum gh_status gh_store_accept(struct gh_store *st, struct gh_remark *r,
			       size_t *n, struct gh_err *err) GH_MUST_CHECK;

/* An acceptance as the store knows it. */
struct gh_accepted {
	int64_t id, run; /* run: where the part failed */
	struct gh_accept accept;
	enum gh_accept_fate fate; /* of gh_store_accepts_of */
};

/* Those in force for this sculpture, the newest first; at most cap. */
enum gh_status gh_store_accepts(struct gh_store *st, const char *serial,
				struct gh_accepted *out, size_t cap, size_t *n,
				struct gh_err *err) GH_MUST_CHECK;

/* Those the judge was given in that run, and what became of each. */
enum gh_status gh_store_accepts_of(struct gh_store *st, int64_t run,
				   struct gh_accepted *out, size_t cap,
				   size_t *n, struct gh_err *err) GH_MUST_CHECK;

#endif
