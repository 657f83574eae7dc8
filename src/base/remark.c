/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/remark.h"

#include "base/clock.h"	 /* gh_wall_text */
#include "base/status.h" /* GH_ARRAY_SIZE */

#include <stdio.h>
#include <string.h>

static const char *const names[GH_REMARK_KINDS] = {
	[GH_REMARK_NOTE] = "note",     [GH_REMARK_ATTACHMENT] = "attachment",
	[GH_REMARK_ACCEPT] = "accept", [GH_REMARK_TRANSPORT] = "transport",
	[GH_REMARK_REPAIR] = "repair",
};

const char *gh_remark_kind_name(enum gh_remark_kind kind)
{
	return (unsigned)kind < GH_ARRAY_SIZE(names) ? names[kind] : "?";
}

/* The newest word counts. */
static const struct gh_remark *find_accept(const struct gh_remark *list,
					   unsigned n, int64_t run,
					   const char *part)
{
	for (unsigned i = n; i > 0; i--) {
		const struct gh_remark *r = &list[i - 1];

		if (r->kind == GH_REMARK_ACCEPT && r->run == run &&
		    strcmp(r->part, part) == 0)
			return r;
	}
	return NULL;
}

bool gh_remark_say_accepted(const struct gh_remark *list, unsigned n,
			    int64_t run, const char *part, int64_t now_s,
			    char *out, size_t cap)
{
	const struct gh_remark *r = find_accept(list, n, run, part);
	char until[24];

	if (!r || r->until_s <= now_s)
		return false;
	gh_wall_text(r->until_s, until, sizeof until);
	snprintf(out, cap,
		 "KNOWN from the next check until %.10s, by %s: %.63s", until,
		 r->by, r->text);
	return true;
}
