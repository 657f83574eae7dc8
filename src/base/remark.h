/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * remark - what a person adds to the record of a sculpture: a note, a file,
 * an acceptance, or that it travelled or was repaired. Plain values; the store
 * keeps them, reports show them.
 */
#ifndef GH_BASE_REMARK_H
#define GH_BASE_REMARK_H

#include "base/text.h" /* GH_NAME_CAP */

#include <stdint.h>

enum gh_remark_kind {
	GH_REMARK_NOTE,
	GH_REMARK_ATTACHMENT,
	GH_REMARK_ACCEPT,
	GH_REMARK_TRANSPORT, /* from then on earlier verdicts are UNSURE */
	GH_REMARK_REPAIR,
	GH_REMARK_KINDS
};

const char *gh_remark_kind_name(enum gh_remark_kind kind); /* "note" */

struct gh_remark {
	int64_t id;
	char uid[33]; /* the same in every database it travels to */
	enum gh_remark_kind kind;
	int64_t at_s;	   /* wall */
	int64_t after_run; /* the last run when it was made, 0: none */
	char serial[GH_NAME_CAP];
	int64_t run;		/* it is about, 0: none */
	char part[GH_NAME_CAP]; /* it is about, "": none */
	char by[GH_NAME_CAP];
	char text[160];
	/* of a file */
	char name[64], media[32], sha256[65];
	int64_t bytes;
	int64_t until_s; /* of an acceptance */
};

/*
 * "KNOWN from the next check until 2026-12-06, by Ada: new horn": somebody has
 * answered since for what failed of that part in that run, still at now_s. The
 * list is oldest first. False: nobody has, and out is not touched.
 */
bool gh_remark_say_accepted(const struct gh_remark *list, unsigned n,
			    int64_t run, const char *part, int64_t now_s,
			    char *out, size_t cap);

#endif
