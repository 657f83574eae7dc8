/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

void gh_wall_text(int64_t wall_s, char *out, size_t cap)
{
	const time_t t = (time_t)wall_s;
	struct tm parts;

	if (!gmtime_r(&t, &parts) ||
	    strftime(out, cap, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		snprintf(out, cap, "?");
}
