/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/metric.h"

#include <stddef.h>

static const struct {
	const char *name, *text;
} reasons[] = {
#define X(id, text) [GH_REASON_##id] = { #id, text },
	GH_REASON_TABLE(X)
#undef X
};

static bool is_known(enum gh_reason reason)
{
	return (size_t)reason < sizeof reasons / sizeof reasons[0];
}

const char *gh_reason_name(enum gh_reason reason)
{
	return is_known(reason) ? reasons[reason].name : "?";
}

const char *gh_reason_text(enum gh_reason reason)
{
	return is_known(reason) ? reasons[reason].text : "?";
}
