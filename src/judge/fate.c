/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/status.h" /* GH_ARRAY_SIZE */
#include "judge/judge.h" /* enum gh_accept_fate */

static const char *const names[] = {
	[GH_ACCEPT_UNSEEN] = "unseen",	     [GH_ACCEPT_KNOWN] = "known",
	[GH_ACCEPT_WORSE] = "worse",	     [GH_ACCEPT_EXPIRED] = "expired",
	[GH_ACCEPT_RECOVERED] = "recovered",
};

const char *gh_accept_fate_name(enum gh_accept_fate fate)
{
	return (unsigned)fate < GH_ARRAY_SIZE(names) ? names[fate] : "?";
}
