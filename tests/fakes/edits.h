/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * edits - how a fuzz input makes a liar of a fake controller: a row of records
 * of four bytes, each with the messages to let pass, what to do to the next
 * one, where, and with what.
 */
#ifndef GH_TESTS_FAKES_EDITS_H
#define GH_TESTS_FAKES_EDITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order of the committed corpora. */
enum gh_edit_kind {
	GH_EDIT_SET,	/* a byte of the payload */
	GH_EDIT_NUMBER, /* a number in it: nothing, the largest, the smallest */
	GH_EDIT_CUT,	/* the payload, there */
	GH_EDIT_EXTEND, /* by so many bytes */
	GH_EDIT_TYPE,
	GH_EDIT_SEQ,
	GH_EDIT_DROP,
	GH_EDIT_TWICE,
	GH_EDIT_DAMAGE, /* a byte on the wire */
	GH_EDIT_BEFORE, /* another message comes first, of bytes of the input */
	GH_EDIT_KINDS
};

struct gh_edit {
	enum gh_edit_kind kind;
	uint8_t at, with;
};

struct gh_edits {
	const uint8_t *at, *end;
	unsigned passed; /* since the last record */
};

void gh_edits_begin(struct gh_edits *e, const uint8_t *data, size_t size);

/* Once for each message. False: it passes as it is. */
bool gh_edits_due(struct gh_edits *e, struct gh_edit *out);

/* The next bytes of the input for a message of one's own; how many. */
size_t gh_edits_take(struct gh_edits *e, uint8_t *out, size_t n);

/* SET, CUT and EXTEND; returns the new length, at most cap. */
size_t gh_edit_payload(const struct gh_edit *e, uint8_t *payload, size_t n,
		       size_t cap);

/* What was made of it, on its way to the driver. */
struct gh_edited {
	uint8_t b[1 << 16];
	size_t n;
};

/* At the end; what has no room is lost. */
void gh_edited_put(struct gh_edited *e, const uint8_t *bytes, size_t n);
/* From the begin, at most cap; how many. */
size_t gh_edited_take(struct gh_edited *e, void *out, size_t cap);

#endif
