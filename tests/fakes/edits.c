/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fakes/edits.h"

#include <string.h>

enum { RECORD = 4, PASS_MASK = 63 };

void gh_edits_begin(struct gh_edits *e, const uint8_t *data, size_t size)
{
	*e = (struct gh_edits){ data, data + size, 0 };
}

bool gh_edits_due(struct gh_edits *e, struct gh_edit *out)
{
	const uint8_t *record = e->at;

	if (e->end - e->at < RECORD ||
	    e->passed++ < (record[0] & (unsigned)PASS_MASK))
		return false;
	e->at += RECORD;
	e->passed = 0;
	*out = (struct gh_edit){ record[1] % GH_EDIT_KINDS, record[2],
				 record[3] };
	return true;
}

size_t gh_edits_take(struct gh_edits *e, uint8_t *out, size_t n)
{
	const size_t left = (size_t)(e->end - e->at);

	if (n > left)
		n = left;
	memcpy(out, e->at, n);
	e->at += n;
	return n;
}

size_t gh_edit_payload(const struct gh_edit *e, uint8_t *payload, size_t n,
		       size_t cap)
{
	const size_t more = e->at < cap - n ? e->at : cap - n;

	if (e->kind == GH_EDIT_SET && n > 0)
		payload[e->at % n] = e->with;
	if (e->kind == GH_EDIT_CUT && n > 0)
		return e->at % n;
	if (e->kind != GH_EDIT_EXTEND)
		return n;
	memset(payload + n, e->with, more);
	return n + more;
}

void gh_edited_put(struct gh_edited *e, const uint8_t *bytes, size_t n)
{
	if (n > sizeof e->b - e->n)
		return;
	memcpy(e->b + e->n, bytes, n);
	e->n += n;
}

size_t gh_edited_take(struct gh_edited *e, void *out, size_t cap)
{
	const size_t n = e->n < cap ? e->n : cap;

	memcpy(out, e->b, n);
	e->n -= n;
	memmove(e->b, e->b + n, e->n);
	return n;
}
