/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * scan - inih as Debian builds it gives its handler no line numbers, does not
 * tell when a section starts, joins indented lines to the one before and cuts
 * lines at 200 bytes. All four are settled in the reader that feeds it: it
 * counts lines, follows each section line with a marker line, takes off
 * indentation and comments, and refuses what would still be cut.
 */
#include "rig/scan.h"

#include <ini.h>
#include <stdbool.h>
#include <string.h>

struct scan {
	const struct gh_rig_text *text;
	const struct gh_rig_visitor *visit;
	struct gh_err *err;
	size_t pos;
	int line;
	bool marker_due; /* the line just given to inih was "[section]" */
	bool at_marker;	 /* the line just given to inih was the marker */
	bool answer_due; /* that line must make inih call the handler */
	enum gh_status status;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* '#' and ';' start a comment line, ';' after a blank ends any line. */
static size_t comment_start(const char *s, size_t n)
{
	if (n > 0 && s[0] == '#')
		return 0;
	for (size_t i = 0; i < n; i++)
		if (s[i] == ';' && (i == 0 || is_blank(s[i - 1])))
			return i;
	return n;
}

/* The next line without comment, indentation and trailing blanks. */
static const char *take_line(struct scan *s, size_t *len)
{
	const char *from = s->text->bytes + s->pos;
	const char *end = s->text->bytes + s->text->n;
	const char *eol = memchr(from, '\n', (size_t)(end - from));

	if (!eol)
		eol = end;
	s->pos = (size_t)(eol - s->text->bytes) + (eol < end);
	s->line++;
	while (from < eol && is_blank(*from))
		from++;
	*len = comment_start(from, (size_t)(eol - from));
	while (*len > 0 && is_blank(from[*len - 1]))
		(*len)--;
	return from;
}

static bool is_ascii(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] != '\t' && (s[i] < 0x20 || s[i] > 0x7E))
			return false;
	return true;
}

/* The only ']' is the last character and inih keeps the name whole. */
static bool is_section(const char *s, size_t n)
{
	return n > 2 && n - 2 <= GH_RIG_SECTION_CHARS &&
	       memchr(s, ']', n) == s + n - 1;
}

static const char *line_problem(const char *s, size_t n, size_t cap)
{
	if (n + 3 > cap)
		return "too long even without its comment";
	if (!is_ascii(s, n))
		return "outside comments only plain ASCII is allowed";
	if (n > 0 && s[0] == '[' && !is_section(s, n))
		return "expected [section] or [kind name] alone on the line";
	return NULL;
}

static char *refuse(struct scan *s, const char *problem)
{
	s->status = gh_fail(s->err, GH_ARG, "%s:%d: %s", s->text->file, s->line,
			    problem);
	return NULL;
}

/* inih's reader: NULL ends the walk, by the end of the text or by failure. */
static char *next_line(char *buf, int cap, void *self)
{
	struct scan *s = self;
	const char *line, *problem;
	size_t len;

	if (s->status != GH_OK)
		return NULL;
	if (s->answer_due)
		return refuse(s, "expected KEY = VALUE");
	s->at_marker = s->marker_due;
	s->marker_due = false;
	if (s->at_marker) {
		s->answer_due = true;
		return memcpy(buf, "x=x", sizeof "x=x");
	}
	if (s->pos >= s->text->n)
		return NULL;
	line = take_line(s, &len);
	problem = line_problem(line, len, (size_t)cap);
	if (problem)
		return refuse(s, problem);
	memcpy(buf, line, len);
	buf[len] = '\0';
	s->marker_due = len > 0 && line[0] == '[';
	s->answer_due = len > 0 && line[0] != '[';
	return buf;
}

/* inih's handler; 0 would only make it remember the line, so say 1. */
static int on_pair(void *self, const char *section, const char *key,
		   const char *value)
{
	struct scan *s = self;

	s->answer_due = false;
	if (s->status != GH_OK)
		return 1;
	if (s->at_marker)
		s->status = s->visit->open(s->visit->self, section, s->line);
	else
		s->status = s->visit->key(s->visit->self, key, value, s->line);
	return 1;
}

enum gh_status gh_rig_scan_walk(const struct gh_rig_text *text,
				const struct gh_rig_visitor *visit,
				struct gh_err *err)
{
	static const char bom[] = "\xEF\xBB\xBF";
	struct scan s = { .text = text, .visit = visit, .err = err };

	if (text->n >= 3 && memcmp(text->bytes, bom, 3) == 0)
		s.pos = 3;
	if (ini_parse_stream(next_line, &s, on_pair, &s) < 0)
		return gh_fail(err, GH_NOMEM, "%s: out of memory", text->file);
	return s.status;
}
