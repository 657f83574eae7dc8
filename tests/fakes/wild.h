/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wild - what no screen must trip over: texts as a damaged or malicious
 * controller or database would give them, and answers of verbs made of them.
 */
#ifndef GH_TESTS_FAKES_WILD_H
#define GH_TESTS_FAKES_WILD_H

#include "report/doc.h" /* struct gh_doc */

#include <stdint.h>

enum { GH_WILD_KEYS = 512, GH_WILD_KEY = 32 };

struct gh_wild {
	uint32_t state; /* of the dice */
	char keys[GH_WILD_KEYS][GH_WILD_KEY];
	unsigned n_keys;
};

/*
 * The seed is fixed by the caller, so that a failure comes back. Keys of facts
 * and columns are all that src/ui/ *.c has in quotes and that could be one:
 * runs in the root of the checkout. False: nothing was found there.
 */
bool gh_wild_init(struct gh_wild *w, uint32_t seed);

/* 0 to sides - 1. */
uint32_t gh_wild_dice(struct gh_wild *w, uint32_t sides);

/* Hostile, harmless or empty, up to 10 kB; static. */
const char *gh_wild_text(struct gh_wild *w);
/* The nth of the hostile ones; NULL: there are no more. */
const char *gh_wild_hostile(size_t n);

/* Zero, tiny, huge, negative, NAN, or a count. */
double gh_wild_number(struct gh_wild *w);

/*
 * An answer with tables, lines, facts and plots, for gh_doc_free; NULL: no
 * memory. Its columns are good until the one after the next.
 */
struct gh_doc *gh_wild_doc(struct gh_wild *w);

/* Puts that text wherever a copy of gh_doc_copy has one; numbers stay. */
void gh_wild_spoil(struct gh_doc *d, const char *text);

#endif
