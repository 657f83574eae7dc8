/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/verdict.h"

#include "base/status.h" /* GH_ARRAY_SIZE */

enum gh_verdict gh_verdict_of_state(enum gh_state state)
{
	static const enum gh_verdict counts_as[] = {
		[GH_STATE_PASS] = GH_VERDICT_READY,
		[GH_STATE_WATCH] = GH_VERDICT_WATCH,
		[GH_STATE_KNOWN] = GH_VERDICT_WATCH,
		[GH_STATE_FAIL] = GH_VERDICT_HOLD,
		[GH_STATE_UNKNOWN] = GH_VERDICT_UNSURE,
		[GH_STATE_SKIPPED] = GH_VERDICT_NOT_RUN,
	};

	/* A state nobody knows is not known to be well. */
	return (unsigned)state < GH_ARRAY_SIZE(counts_as) ? counts_as[state]
							  : GH_VERDICT_UNSURE;
}

enum gh_verdict gh_verdict_worse(enum gh_verdict a, enum gh_verdict b)
{
	if (a == GH_VERDICT_NOT_RUN)
		return b;
	if (b == GH_VERDICT_NOT_RUN)
		return a;
	return a > b ? a : b;
}

int gh_verdict_exit_code(enum gh_verdict v)
{
	static const int codes[] = {
		[GH_VERDICT_READY] = 0,	  [GH_VERDICT_WATCH] = 1,
		[GH_VERDICT_HOLD] = 2,	  [GH_VERDICT_UNSURE] = 3,
		[GH_VERDICT_NOT_RUN] = 3,
	};

	return (unsigned)v < GH_ARRAY_SIZE(codes) ? codes[v] : 3;
}

const char *gh_verdict_name(enum gh_verdict v)
{
	static const char *const names[] = {
		[GH_VERDICT_READY] = "READY",	  [GH_VERDICT_WATCH] = "WATCH",
		[GH_VERDICT_UNSURE] = "UNSURE",	  [GH_VERDICT_HOLD] = "HOLD",
		[GH_VERDICT_NOT_RUN] = "NOT RUN",
	};

	return (unsigned)v < GH_ARRAY_SIZE(names) ? names[v] : "?";
}

const char *gh_state_name(enum gh_state s)
{
	static const char *const names[] = {
		[GH_STATE_PASS] = "pass",	[GH_STATE_WATCH] = "watch",
		[GH_STATE_KNOWN] = "known",	[GH_STATE_FAIL] = "fail",
		[GH_STATE_UNKNOWN] = "unknown", [GH_STATE_SKIPPED] = "skipped",
	};

	return (unsigned)s < GH_ARRAY_SIZE(names) ? names[s] : "?";
}
