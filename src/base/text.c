/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ESCAPE_CHARS 4 /* "\xNN" */

void gh_safe_text(char *dst, size_t cap, const void *src, size_t n)
{
	const unsigned char *in = src;
	const size_t max = cap < GH_SAFE_CAP ? cap : GH_SAFE_CAP;
	size_t used = 0;

	if (max == 0)
		return;
	for (size_t i = 0; i < n; i++) {
		const bool plain = in[i] >= 0x20 && in[i] <= 0x7E;
		const size_t need = plain ? 1 : ESCAPE_CHARS;

		if (used + need >= max)
			break;
		if (plain)
			dst[used] = (char)in[i];
		else
			snprintf(dst + used, max - used, "\\x%02X", in[i]);
		used += need;
	}
	dst[used] = '\0';
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || gh_is_digit(c) || c == '_' || c == '.';
}

bool gh_is_part_name(const char *s)
{
	size_t n = 0;

	while (n < GH_NAME_CAP && is_name_char(s[n]))
		n++;
	return n > 0 && n < GH_NAME_CAP && s[n] == '\0';
}

bool gh_parse_double(const char *s, double *out)
{
	char *end;
	double value;

	if (*s == '\0' || *s == ' ')
		return false;
	errno = 0;
	value = strtod(s, &end);
	if (*end != '\0' || errno != 0 || !isfinite(value))
		return false;
	*out = value;
	return true;
}

bool gh_parse_long(const char *s, long *out)
{
	const bool hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
	char *end;
	long value;

	if (*s == '\0' || *s == ' ')
		return false;
	errno = 0;
	value = strtol(s, &end, hex ? 16 : 10);
	if (*end != '\0' || errno != 0)
		return false;
	*out = value;
	return true;
}

bool gh_copy_text(char *dst, size_t cap, const char *src)
{
	const size_t n = strlen(src);
	const size_t keep = n < cap ? n : cap - 1;

	memcpy(dst, src, keep);
	dst[keep] = '\0';
	return keep == n;
}
