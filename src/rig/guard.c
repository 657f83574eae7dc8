/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * guard - a rig file may come from another laptop, a broken disk or a wrong
 * drag and drop: before anything is read from it every byte is looked at.
 */
#include "rig/scan.h" /* struct gh_rig_text */

#include <stdbool.h>
#include <stdint.h>

/* Lead byte under `mask` equals `lead`: `more` continuation bytes follow. */
static const struct {
	unsigned char mask, lead;
	size_t more;
	uint32_t least; /* below it the form is overlong */
} utf8_forms[] = {
	{ 0x80, 0x00, 0, 0 },
	{ 0xE0, 0xC0, 1, 0x80 },
	{ 0xF0, 0xE0, 2, 0x800 },
	{ 0xF8, 0xF0, 3, 0x10000 },
};

/* The code point at s and its length in *len; UINT32_MAX: not UTF-8. */
static uint32_t utf8_decode(const unsigned char *s, size_t n, size_t *len)
{
	uint32_t code;
	size_t f = 0;

	while (f < GH_ARRAY_SIZE(utf8_forms) &&
	       (s[0] & utf8_forms[f].mask) != utf8_forms[f].lead)
		f++;
	if (f == GH_ARRAY_SIZE(utf8_forms) || utf8_forms[f].more >= n)
		return UINT32_MAX;
	code = s[0] & (unsigned char)~utf8_forms[f].mask;
	for (size_t i = 1; i <= utf8_forms[f].more; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return UINT32_MAX;
		code = code << 6 | (s[i] & 0x3Fu);
	}
	if (code < utf8_forms[f].least || code > 0x10FFFF ||
	    (code >= 0xD800 && code <= 0xDFFF))
		return UINT32_MAX;
	*len = utf8_forms[f].more + 1;
	return code;
}

/* C0 and C1 without tab and line ends: they could steer a terminal. */
static bool is_control(uint32_t code)
{
	return (code < 0x20 && code != '\t' && code != '\n' && code != '\r') ||
	       (code >= 0x7F && code <= 0x9F);
}

enum gh_status gh_rig_scan_guard(const struct gh_rig_text *text,
				 struct gh_err *err)
{
	const unsigned char *s = (const unsigned char *)text->bytes;
	size_t start = 0, len = 1;
	int line = 1;

	if (text->n > GH_RIG_FILE_BYTES)
		return gh_fail(err, GH_ARG,
			       "%s: more than %d bytes: no rig file",
			       text->file, GH_RIG_FILE_BYTES);
	for (size_t i = 0; i < text->n; i += len) {
		const uint32_t code = utf8_decode(s + i, text->n - i, &len);

		if (code == UINT32_MAX)
			return gh_fail(err, GH_ARG,
				       "%s:%d: byte 0x%02X is not UTF-8 text",
				       text->file, line, s[i]);
		if (is_control(code))
			return gh_fail(err, GH_ARG,
				       "%s:%d: control character 0x%02X",
				       text->file, line, (unsigned)code);
		if (code == '\n') {
			start = i + 1;
			line++;
		} else if (i + len - start > GH_RIG_LINE_BYTES) {
			return gh_fail(err, GH_ARG,
				       "%s:%d: line longer than %d bytes",
				       text->file, line, GH_RIG_LINE_BYTES);
		}
	}
	return GH_OK;
}
