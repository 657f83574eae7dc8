/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

#include "base/text.h" /* gh_is_digit */

#include <stdio.h>
#include <string.h>
#include <time.h>

void gh_wall_text(int64_t wall_s, char *out, size_t cap)
{
	const time_t t = (time_t)wall_s;
	struct tm parts;

	if (!gmtime_r(&t, &parts) ||
	    strftime(out, cap, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		snprintf(out, cap, "?");
}

/* Days since 1970; the years of a calendar begin in March, leap days last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	const int64_t y = month > 2 ? year : year - 1;
	const int64_t m = month > 2 ? month - 3 : month + 9;

	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day -
	       1 - 719468;
}

/* The first n characters are those of the pattern, digits for each 0. */
static bool looks_like(const char *text, const char *pattern)
{
	size_t i = 0;

	for (; pattern[i]; i++)
		if (pattern[i] == '0' ? !gh_is_digit(text[i])
				      : text[i] != pattern[i])
			return false;
	return text[i] == '\0';
}

static int64_t digits(const char *text, size_t from, size_t n)
{
	int64_t value = 0;

	for (size_t i = from; i < from + n; i++)
		value = 10 * value + (text[i] - '0');
	return value;
}

bool gh_wall_parse(const char *text, int64_t *out)
{
	const bool whole = looks_like(text, "0000-00-00T00:00:00Z");
	char back[24];
	int64_t wall_s;

	if (!whole && !looks_like(text, "0000-00-00"))
		return false;
	wall_s = 86400 * days_of(digits(text, 0, 4), digits(text, 5, 2),
				 digits(text, 8, 2));
	if (whole)
		wall_s += 3600 * digits(text, 11, 2) +
			  60 * digits(text, 14, 2) + digits(text, 17, 2);
	if (wall_s < 0)
		return false;
	/* The 31st of February comes back as another day. */
	gh_wall_text(wall_s, back, sizeof back);
	if (strncmp(text, back, strlen(text)) != 0)
		return false;
	*out = wall_s;
	return true;
}
