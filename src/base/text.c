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

size_t gh_utf8_length(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xC2 || first > 0xF4)
		return 0;
	return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

size_t gh_utf8_decode(const char *s, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *in = (const unsigned char *)s;
	const size_t n = gh_utf8_length(in[0]);
	uint32_t c = n == 1 ? in[0] : in[0] & (0x7Fu >> n);

	for (size_t i = 1; i < n; i++) {
		if ((in[i] & 0xC0) != 0x80)
			return 0;
		c = c << 6 | (in[i] & 0x3Fu);
	}
	if (n == 0 || c < least[n] || c > 0x10FFFF)
		return 0;
	*code = c;
	return n;
}

/* Bytes of the character at s, 0: no terminal should see what is there. */
static size_t human_step(const char *s)
{
	static const struct {
		uint32_t first, last;
	} banned[] = { { 0x00, 0x1F },	   /* control */
		       { 0x7F, 0x9F },	   /* more of them */
		       { 0x200B, 0x200F }, /* no width, direction */
		       { 0x2028, 0x202E }, /* line ends, direction */
		       { 0x2060, 0x206F }, /* the same */
		       { 0xD800, 0xDFFF }, /* halves of characters */
		       { 0xFEFF, 0xFEFF } };
	uint32_t c = 0;
	const size_t step = gh_utf8_decode(s, &c);

	for (size_t i = 0; i < sizeof banned / sizeof *banned; i++)
		if (c >= banned[i].first && c <= banned[i].last)
			return 0;
	return step;
}

bool gh_is_human_text(const char *s, size_t cap)
{
	const size_t n = strlen(s);
	size_t step;

	for (size_t at = 0; at < n; at += step) {
		step = human_step(s + at);
		if (step == 0)
			return false;
	}
	return n > 0 && n < cap;
}

void gh_make_human(char *s)
{
	while (*s) {
		const size_t step = human_step(s);

		if (step == 0)
			*s = '?';
		s += step ? step : 1;
	}
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
