/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/remark.h"

#include "base/status.h" /* GH_ARRAY_SIZE */

static const char *const names[GH_REMARK_KINDS] = {
	[GH_REMARK_NOTE] = "note",     [GH_REMARK_ATTACHMENT] = "attachment",
	[GH_REMARK_ACCEPT] = "accept", [GH_REMARK_TRANSPORT] = "transport",
	[GH_REMARK_REPAIR] = "repair",
};

const char *gh_remark_kind_name(enum gh_remark_kind kind)
{
	return (unsigned)kind < GH_ARRAY_SIZE(names) ? names[kind] : "?";
}
