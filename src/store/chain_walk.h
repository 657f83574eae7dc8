/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chain_walk - what the files of gh_store_verify share. */
#ifndef GH_STORE_CHAIN_WALK_H
#define GH_STORE_CHAIN_WALK_H

#include "store/private.h" /* struct gh_store */

/* What goes through the whole verification. */
struct gh_chain_walk {
	struct gh_store *st;
	const char *noted; /* NULL: none */
	struct gh_chain_found *found;
	struct gh_err *err;
};

/* One more fault that was found. */
enum gh_status gh_chain_fault_add(const struct gh_chain_walk *w,
				  const struct gh_chain_fault *fault)
	GH_MUST_CHECK;

/* Its text: from its number to the other, each a `name`, none is there. */
void gh_chain_say_gone(struct gh_chain_fault *fault, const char *name);

/* Runs, remarks or baselines that are gone, forged, older than the chain. */
enum gh_status gh_chain_check_numbers(const struct gh_chain_walk *w,
				      enum gh_chain_kind kind) GH_MUST_CHECK;

#endif
