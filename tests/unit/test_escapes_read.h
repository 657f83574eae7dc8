/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_escapes_read - what reads the forms on the other side, as strict as the
 * strictest: each says what is wrong with a text, NULL: nothing.
 */
#ifndef GH_TEST_ESCAPES_READ_H
#define GH_TEST_ESCAPES_READ_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* ---- Terminals -------------------------------------------------------------*/

/* The code point at s, *n its bytes; 0: no UTF-8. */
static uint32_t code_at(const char *s, int *n)
{
	const unsigned char *u = (const unsigned char *)s;
	const int len = u[0] < 0x80 ? 1 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	uint32_t code = len == 1 ? u[0] : u[0] & (0x7fu >> len);

	*n = len;
	if (u[0] >= 0x80 && (u[0] < 0xc2 || u[0] > 0xf4))
		return 0;
	for (int i = 1; i < len; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (u[i] & 0x3f);
	}
	return code;
}

/* Turns the direction, joins or hides: never in a text of ours. */
static bool misleads(uint32_t code)
{
	return (code >= 0x80 && code < 0xa0) || code == 0xad ||
	       (code >= 0x200b && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || code == 0xfeff;
}

static const char *reads_on_terminal(const char *text)
{
	int n;

	for (; *text; text += n) {
		const uint32_t code = code_at(text, &n);

		if (code == 0)
			return "no UTF-8";
		if (code != '\n' && (code < 0x20 || code == 0x7f))
			return "a control byte";
		if (misleads(code))
			return "a character that misleads";
	}
	return NULL;
}

/* Bold on and off are ours, and nothing else is. */
static const char *reads_in_colour(const char *text)
{
	static const char *const ours[] = { "\033[1m", "\033[0m" };
	char bare[16384];
	size_t n = 0;

	while (*text && n < sizeof bare - 1) {
		if (strncmp(text, ours[0], 4) == 0 ||
		    strncmp(text, ours[1], 4) == 0)
			text += 4;
		else
			bare[n++] = *text++;
	}
	bare[n] = '\0';
	return reads_on_terminal(bare);
}

/* ---- JSON ------------------------------------------------------------------*/

static bool value_has(const json_t *value, const char *text)
{
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_string(value))
		return strstr(json_string_value(value), text) != NULL;
	json_array_foreach(value, i,
			   item) if (value_has(item, text)) return true;
	json_object_foreach((json_t *)(uintptr_t)value, key,
			    item) if (value_has(item, text)) return true;
	return false;
}

/* Is that text a part of a value in one of its lines, or in all of it? */
static bool json_has(const char *text, const char *part)
{
	json_t *root;
	bool has = false;

	while (!has && *text) {
		json_error_t err;

		root = json_loads(text, JSON_DISABLE_EOF_CHECK, &err);
		if (!root)
			return false;
		has = value_has(root, part);
		text += err.position;
		json_decref(root);
		text += strspn(text, " \n");
	}
	return has;
}

static const char *reads_as_json(const char *text)
{
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	if (!root)
		return "no JSON";
	json_decref(root);
	return reads_on_terminal(text);
}

static const char *reads_as_jsonl(const char *text)
{
	while (*text) {
		const size_t n = strcspn(text, "\n");
		json_t *root =
			json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
		const bool is_object = json_is_object(root);

		json_decref(root);
		if (!is_object || text[n] != '\n')
			return "a line that is no object";
		text += n + 1;
	}
	return NULL;
}

/* ---- Lines -----------------------------------------------------------------*/

static bool begins(const char *line, const char *with)
{
	return strncmp(line, with, strlen(with)) == 0;
}

/* In a test point's text a bare '#' is a directive: ours are these two. */
static const char *check_point(const char *line, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (line[i] == '\\') {
			i++;
			continue;
		}
		if (line[i] != '#')
			continue;
		if (!begins(line + i, "# SKIP ") &&
		    !begins(line + i, "# TODO "))
			return "a directive that is not ours";
		return NULL;
	}
	return NULL;
}

static const char *reads_as_tap(const char *text)
{
	static const char *const all[] = {
		"ok ", "not ok ", "# ", "1..", "TAP version 13\n", "Bail out! "
	};
	const char *wrong = reads_on_terminal(text);

	while (!wrong && *text) {
		const size_t n = strcspn(text, "\n");
		bool known = false;

		for (size_t i = 0; i < sizeof all / sizeof *all; i++)
			known |= begins(text, all[i]);
		if (!known)
			return "a line that is no TAP";
		if (begins(text, "ok ") || begins(text, "not ok "))
			wrong = check_point(text, n);
		text += n + (text[n] == '\n');
	}
	return wrong;
}

static const char *reads_as_nagios(const char *text)
{
	const char *line = strchr(text, '\n');
	const char *data = strchr(text, '|');

	if (!line || line[1])
		return "not one line";
	if (data && strchr(data + 1, '|'))
		return "a second '|'";
	return reads_on_terminal(text);
}

/* After name{: key="value", ... with \\ \" \n alone escaped. */
static const char *skip_labels(const char *s)
{
	while (*s != '}') {
		s += strcspn(s, "=\n");
		if (*s++ != '=' || *s++ != '"')
			return NULL;
		for (; *s != '"'; s++) {
			if (*s == '\\' && !strchr("\\\"n", *++s))
				return NULL;
			if (!*s || *s == '\n')
				return NULL;
		}
		s++;
		s += *s == ',';
	}
	return s + 1;
}

static const char *reads_as_metrics(const char *text)
{
	const char *wrong = reads_on_terminal(text);
	const size_t all = strlen(text);

	if (all < 6 || strcmp(text + all - 6, "# EOF\n") != 0)
		return "its end is missing";
	for (; !wrong && *text; text += strcspn(text, "\n") + 1) {
		const char *s = text + strcspn(text, "{ \n");

		if (*text == '#')
			continue;
		s = *s == '{' ? skip_labels(s + 1) : s;
		if (!s || *s != ' ' ||
		    strspn(s + 1, "0123456789.eE+-") != strcspn(s + 1, "\n"))
			wrong = "a line that is no sample";
	}
	return wrong;
}

/* ---- CSV -------------------------------------------------------------------*/

/* One field of RFC 4180; NULL: it breaks the rules or is a formula. */
static const char *skip_field(const char *s)
{
	const bool quoted = *s == '"';

	s += quoted;
	if (strchr("=+-@\t\r", *s) && *s)
		return NULL;
	if (!quoted)
		return strpbrk(s, ",\n") && !memchr(s, '"', strcspn(s, ",\n"))
			       ? s + strcspn(s, ",\n")
			       : NULL;
	for (; *s != '"' || s[1] == '"'; s++) {
		if (!*s)
			return NULL;
		s += *s == '"';
	}
	return s + 1;
}

static const char *reads_as_csv(const char *text)
{
	const char *s = text;
	unsigned fields = 0;

	while (*s) {
		s = skip_field(s);
		if (!s || (*s != ',' && *s != '\n'))
			return "a field that is a formula or breaks out";
		fields++;
		s++;
	}
	return fields == 4 ? reads_on_terminal(text) : "other fields";
}

/* ---- XML -------------------------------------------------------------------*/

static const char *skip_entity(const char *s)
{
	static const char *const known[] = { "&lt;", "&gt;", "&amp;", "&quot;",
					     "&apos;" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (begins(s, known[i]))
			return s + strlen(known[i]);
	return NULL;
}

static const char *skip_text(const char *s, const char *until)
{
	while (s && *s && !strchr(until, *s))
		s = *s == '&' ? skip_entity(s)
		    : *s == '<' || (*s == '>' && begins(s - 2, "]]")) ? NULL
								      : s + 1;
	return s;
}

/* <name a="..." ...>, </name> or <name .../>; *depth goes along. */
static const char *skip_tag(const char *s, int *depth)
{
	const bool closes = s[1] == '/';

	s += 1 + closes;
	s += strspn(s, "abcdefghijklmnopqrstuvwxyz-");
	while (*s == ' ') {
		s += 1 + strspn(s + 1, "abcdefghijklmnopqrstuvwxyz-");
		if (!begins(s, "=\""))
			return NULL;
		s = skip_text(s + 2, "\"");
		if (!s || *s++ != '"')
			return NULL;
	}
	if (*s == '/')
		s++;
	else
		*depth += closes ? -1 : 1;
	return *s == '>' && *depth >= 0 ? s + 1 : NULL;
}

static const char *reads_as_xml(const char *text)
{
	const char *s = strstr(text, "?>");
	int depth = 0;

	if (!begins(text, "<?xml ") || !s)
		return "no XML";
	for (s += 2; s && *s;)
		s = *s == '<' ? skip_tag(s, &depth) : skip_text(s, "<");
	if (!s || depth != 0)
		return "tags or entities that do not fit";
	return reads_on_terminal(text);
}

#endif
