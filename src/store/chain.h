/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chain - tamper evidence. Every run at its end, every remark and every sealed
 * baseline is a link: the SHA-256 of all that was stored of it and of the link
 * before (schemas/store.md). Who may write the file can write a new chain, or
 * cut off its end: only a hash that was noted elsewhere shows that.
 */
#ifndef GH_STORE_CHAIN_H
#define GH_STORE_CHAIN_H

#include "store/store.h" /* struct gh_store */

enum gh_chain_kind {
	GH_CHAIN_RUN,
	GH_CHAIN_REMARK,
	GH_CHAIN_BASELINE,
	GH_CHAIN_KINDS
};
const char *gh_chain_kind_name(enum gh_chain_kind kind); /* "run" */

/* The hash of a run's link; "" when it has none. */
enum gh_status gh_store_chain_of(struct gh_store *st, int64_t run, char out[65],
				 struct gh_err *err) GH_MUST_CHECK;

enum gh_chain_wrong {
	GH_CHAIN_CHANGED,   /* holds something else than it did */
	GH_CHAIN_MOVED,	    /* holds what another number held: see other */
	GH_CHAIN_GONE,	    /* number to other are not there any more */
	GH_CHAIN_FORGED,    /* is there, and ghostlight did not store it */
	GH_CHAIN_LINK,	    /* its link does not follow the one before */
	GH_CHAIN_LINKS,	    /* links number to other are gone; kind is none */
	GH_CHAIN_NOTED,	    /* the noted hash is in no link; kind is none */
	GH_CHAIN_BASELINES, /* a seal is broken; kind is none */
	GH_CHAIN_FILE,	    /* pages or tables; kind is none */
	GH_CHAIN_WRONGS
};
const char *gh_chain_wrong_name(enum gh_chain_wrong wrong); /* "changed" */

struct gh_chain_fault {
	enum gh_chain_wrong wrong;
	enum gh_chain_kind kind; /* GH_CHAIN_KINDS: of none */
	int64_t number, other;	 /* 0: none */
	char text[128];		 /* a sentence, plain text */
};

/* What gh_store_verify found. */
struct gh_chain_found {
	int64_t links;
	struct gh_chain_count {
		int64_t linked; /* in the chain */
		int64_t before; /* stored before it began: not covered */
		int64_t open;	/* without an end or a seal: not covered yet */
	} of[GH_CHAIN_KINDS];
	char head[65]; /* of the last link; what the first follows */
	int64_t noted; /* the link whose hash was noted, 0: none */
	struct gh_chain_fault *faults; /* owned */
	size_t n_faults;
};

enum { GH_CHAIN_NOTED_MIN = 16 }; /* hex digits: 64 bits cannot be searched */

/*
 * Recomputes everything, on one state of the database. noted: a hash that was
 * written down, or its first GH_CHAIN_NOTED_MIN digits or more; NULL: none.
 * Faults are found, not failures: GH_OK with n_faults > 0. GH_ARG: noted is no
 * hash. GH_STORE: the file cannot be read to its end. *out is always set: free
 * it with gh_chain_found_free.
 */
enum gh_status gh_store_verify(struct gh_store *st, const char *noted,
			       struct gh_chain_found *out,
			       struct gh_err *err) GH_MUST_CHECK;
void gh_chain_found_free(struct gh_chain_found *found);

#endif
