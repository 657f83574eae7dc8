/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text - the few string helpers that hostile input needs. ctype.h is banned:
 * its functions are undefined for negative char and follow the locale.
 */
#ifndef GH_BASE_TEXT_H
#define GH_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GH_NAME_CAP 32 /* part and channel names, with the NUL */
#define GH_SAFE_CAP 65 /* device text after gh_safe_text, with the NUL */

/*
 * Copies device text so that no terminal, log or file can be hurt by it: bytes
 * 0x20..0x7E stay, all others become \xNN, at most cap-1 characters (and at
 * most GH_SAFE_CAP-1). dst is always terminated.
 */
void gh_safe_text(char *dst, size_t cap, const void *src, size_t n);

/* Bytes of a character of UTF-8 by its first one; 0: none begins so. */
size_t gh_utf8_length(unsigned char first);

/* Bytes of the character at s; 0: damaged, overlong or beyond Unicode. */
size_t gh_utf8_decode(const char *s, uint32_t *code);

/*
 * What people write: valid UTF-8 of 1..cap-1 bytes without control characters
 * and without those that reorder or hide what a terminal shows.
 */
bool gh_is_human_text(const char *s, size_t cap);

/* Each byte of what those may not be becomes '?', in place. */
void gh_make_human(char *s);

/* True for 1..GH_NAME_CAP-1 characters of [a-z0-9_.]. */
bool gh_is_part_name(const char *s);

static inline bool gh_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * Whole-string conversions in the C locale: false on empty, trailing
 * characters, overflow or (double) non-finite. *out untouched on false.
 * gh_parse_long accepts decimal and 0x hexadecimal.
 */
bool gh_parse_double(const char *s, double *out);
bool gh_parse_long(const char *s, long *out);

/* strcpy with a bound: truncates, always terminates; returns false if cut. */
bool gh_copy_text(char *dst, size_t cap, const char *src);

#endif
