/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/wirelog.h"

#include "base/sha256.h" /* gh_sha256_hex */

#include <stdlib.h>
#include <string.h>

/* A host that slept for longer than an hour in a check has no check. */
#define LATER_MOST ((gh_us)3600 * GH_US_PER_S)
#define DIGITS_MOST 18 /* fits 64 bits */

static int hex_digit(char c)
{
	if (gh_is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

unsigned char gh_wirelog_byte(const char *hex)
{
	return (unsigned char)(hex_digit(hex[0]) * 16 + hex_digit(hex[1]));
}

static bool is_hex(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (hex_digit(p[i]) < 0)
			return false;
	return n % 2 == 0;
}

/* A text that is being read: what is left of it. */
struct rest {
	const char *p;
	size_t n;
};

static bool take_number(struct rest *r, int64_t *out)
{
	size_t i = 0;

	*out = 0;
	for (; i < r->n && gh_is_digit(r->p[i]) && i < DIGITS_MOST; i++)
		*out = *out * 10 + (r->p[i] - '0');
	r->p += i;
	r->n -= i;
	return i > 0;
}

static bool take_char(struct rest *r, char c)
{
	if (r->n == 0 || *r->p != c)
		return false;
	r->p++;
	r->n--;
	return true;
}

/* The word up to a blank or the end. */
static bool take_word(struct rest *r, char *out, size_t cap)
{
	size_t n = 0;

	while (n < r->n && r->p[n] != ' ')
		n++;
	if (n == 0 || n >= cap)
		return false;
	memcpy(out, r->p, n);
	out[n] = '\0';
	r->p += n;
	r->n -= n;
	return true;
}

static bool read_hex(struct rest *r, struct gh_wirelog_line *out)
{
	if (r->n > 0 && !take_char(r, ' '))
		return false;
	out->hex = r->p;
	out->bytes = r->n / 2;
	return is_hex(r->p, r->n) && out->bytes <= GH_WIRELOG_BURST;
}

static bool read_baud(struct rest *r, struct gh_wirelog_line *out)
{
	int64_t baud;

	if (!take_char(r, ' ') || !take_number(r, &baud) || r->n > 0)
		return false;
	out->baud = (long)baud;
	return true;
}

static bool read_open(struct rest *r, struct gh_wirelog_line *out)
{
	char kind[8];

	if (!take_char(r, ' ') || !take_word(r, kind, sizeof kind) ||
	    !take_char(r, ' '))
		return false;
	out->is_pty = strcmp(kind, "pty") == 0;
	gh_safe_text(out->text, sizeof out->text, r->p, r->n);
	return out->is_pty || strcmp(kind, "wire") == 0;
}

/* gh_safe_text stops at a name's length; a message is longer. */
static void read_message(const struct rest *r, char *out, size_t cap)
{
	size_t n = 0;

	for (; n < r->n && n + 1 < cap; n++) {
		out[n] = '?';
		if (r->p[n] >= 0x20 && r->p[n] < 0x7f)
			out[n] = r->p[n];
	}
	out[n] = '\0';
}

static bool read_failed(struct rest *r, struct gh_wirelog_line *out)
{
	char name[16];

	if (r->n < 2 || !strchr("<>bo", *r->p))
		return false;
	out->op = *r->p;
	r->p++;
	r->n--;
	if (!take_char(r, ' ') || !take_word(r, name, sizeof name))
		return false;
	out->status = GH_OK;
	for (unsigned i = 1; i < GH_STATUS_COUNT; i++)
		if (strcmp(name, gh_status_name((enum gh_status)i)) == 0)
			out->status = (enum gh_status)i;
	(void)take_char(r, ' ');
	read_message(r, out->text, sizeof out->text);
	return out->status != GH_OK;
}

static bool read_nothing(struct rest *r, struct gh_wirelog_line *out)
{
	(void)out;
	return r->n == 0;
}

static bool read_asked(struct rest *r, struct gh_wirelog_line *out)
{
	int64_t asked;

	if (!take_char(r, ' ') || !take_number(r, &asked) || r->n > 0)
		return false;
	out->asked = (unsigned long)asked;
	return true;
}

static const struct {
	enum gh_wirelog_mark mark;
	bool timed;
	bool (*read)(struct rest *r, struct gh_wirelog_line *out);
} marks[] = {
	{ GH_WIRE_TIME_UP, true, read_nothing },
	{ GH_WIRE_READY, true, read_nothing },
	{ GH_WIRE_EAR, true, read_nothing },
	{ GH_WIRE_INTR, true, read_nothing },
	{ GH_WIRE_NOW, true, read_asked },
	{ GH_WIRE_READ, false, read_hex },
	{ GH_WIRE_WROTE, false, read_hex },
	{ GH_WIRE_PART, false, read_hex },
	{ GH_WIRE_BAUD, false, read_baud },
	{ GH_WIRE_OPEN, false, read_open },
	{ GH_WIRE_FAILED, false, read_failed },
	{ GH_WIRE_STOP, false, read_nothing },
	{ GH_WIRE_END, false, read_nothing },
};

bool gh_wirelog_line(const char *line, size_t n, struct gh_wirelog_line *out)
{
	struct rest r = { line, n };
	int64_t later = 0;
	const bool timed = take_number(&r, &later);

	if (n > GH_WIRELOG_LINE || later > LATER_MOST)
		return false;
	if (timed && !take_char(&r, ' '))
		return false;
	*out = (struct gh_wirelog_line){ .later = later };
	for (size_t i = 0; i < GH_ARRAY_SIZE(marks); i++) {
		if (!take_char(&r, (char)marks[i].mark))
			continue;
		out->mark = marks[i].mark;
		return timed == marks[i].timed && marks[i].read(&r, out);
	}
	return false;
}

bool gh_wirelog_next(const char *text, size_t n, size_t at, const char **line,
		     size_t *len)
{
	const char *end = at < n ? memchr(text + at, '\n', n - at) : NULL;

	if (!end)
		return false;
	*line = text + at;
	*len = (size_t)(end - *line);
	return true;
}

/* ---- The head ------------------------------------------------------------ */

/* The rig file while its lines come in. */
struct rig_text {
	char *text;
	size_t n, announced;
	char sha256[GH_SHA256_HEX_CAP];
};

struct head_reader {
	struct gh_wirelog_head *head;
	struct rig_text rig;
	bool has_clock, has_wall;
	bool no_memory; /* that is why the last line was not taken */
};

static bool head_version(struct head_reader *h, struct rest *r)
{
	gh_safe_text(h->head->version, sizeof h->head->version, r->p, r->n);
	return true;
}

static bool head_wall(struct head_reader *h, struct rest *r)
{
	h->has_wall = take_number(r, &h->head->wall_s) && r->n == 0;
	/* Year 9999: what a date in a report has room for. */
	return h->has_wall && h->head->wall_s < 253402300800;
}

static bool head_clock(struct head_reader *h, struct rest *r)
{
	h->has_clock = take_number(r, &h->head->clock) && r->n == 0;
	return h->has_clock;
}

/* A message may repeat both names, so they are names indeed. */
static bool head_profile(struct head_reader *h, struct rest *r)
{
	return take_word(r, h->head->profile, sizeof h->head->profile) &&
	       r->n == 0 && gh_is_part_name(h->head->profile);
}

static bool head_only(struct head_reader *h, struct rest *r)
{
	return take_word(r, h->head->only, sizeof h->head->only) && r->n == 0 &&
	       gh_is_part_name(h->head->only);
}

static bool head_budget(struct head_reader *h, struct rest *r)
{
	char word[40];

	return take_word(r, word, sizeof word) && r->n == 0 &&
	       gh_parse_double(word, &h->head->budget_s) &&
	       h->head->budget_s > 0.0;
}

static bool head_motion(struct head_reader *h, struct rest *r)
{
	h->head->allow_motion = true;
	return r->n == 0;
}

static bool head_clear(struct head_reader *h, struct rest *r)
{
	h->head->clear_latch = true;
	return r->n == 0;
}

static bool head_house(struct head_reader *h, struct rest *r)
{
	h->head->house_open = true;
	return r->n == 0;
}

static bool head_near(struct head_reader *h, struct rest *r)
{
	h->head->near = true;
	return r->n == 0;
}

static bool head_guided(struct head_reader *h, struct rest *r)
{
	h->head->guided = true;
	return r->n == 0;
}

static bool head_rig(struct head_reader *h, struct rest *r)
{
	struct rig_text *rig = &h->rig;
	int64_t bytes;

	if (rig->text || !take_word(r, rig->sha256, sizeof rig->sha256) ||
	    !is_hex(rig->sha256, strlen(rig->sha256)) || !take_char(r, ' ') ||
	    !take_number(r, &bytes) || r->n > 0 || bytes > GH_WIRELOG_RIG)
		return false;
	rig->announced = (size_t)bytes;
	rig->text = malloc(rig->announced + 1);
	h->no_memory = !rig->text;
	return rig->text != NULL;
}

static bool head_rig_line(struct head_reader *h, struct rest *r)
{
	struct rig_text *rig = &h->rig;

	if (!rig->text || !is_hex(r->p, r->n) ||
	    r->n / 2 > rig->announced - rig->n)
		return false;
	for (size_t i = 0; i < r->n; i += 2)
		rig->text[rig->n++] = (char)gh_wirelog_byte(r->p + i);
	return true;
}

static const struct {
	const char *key; /* up to the blank */
	bool (*read)(struct head_reader *h, struct rest *r);
} keys[] = {
	{ "version", head_version },	 { "wall", head_wall },
	{ "clock", head_clock },	 { "profile", head_profile },
	{ "budget", head_budget },	 { "only", head_only },
	{ "allow-motion", head_motion }, { "clear", head_clear },
	{ "house-open", head_house },	 { "near", head_near },
	{ "guided", head_guided },	 { "rig", head_rig },
	{ "=", head_rig_line },
};

static bool read_head_line(struct head_reader *h, const char *line, size_t n)
{
	struct rest r = { line, n };
	char key[16];

	if (!take_word(&r, key, sizeof key))
		return false;
	(void)take_char(&r, ' ');
	for (size_t i = 0; i < GH_ARRAY_SIZE(keys); i++)
		if (strcmp(key, keys[i].key) == 0)
			return keys[i].read(h, &r);
	return false;
}

static enum gh_status head_whole(const struct head_reader *h, const char *name,
				 struct gh_err *err)
{
	char sha[GH_SHA256_HEX_CAP];

	if (!h->has_clock || !h->has_wall || !h->rig.text)
		return gh_fail(err, GH_ARG,
			       "%.80s: the head of the wire log lacks clock, "
			       "wall or rig",
			       name);
	gh_sha256_hex(h->rig.text, h->rig.n, sha);
	if (h->rig.n != h->rig.announced || strcmp(sha, h->rig.sha256) != 0)
		return gh_fail(err, GH_ARG,
			       "%.80s: its rig file is damaged: expected %zu "
			       "bytes with sha256 %.12s, found %zu with %.12s",
			       name, h->rig.announced, h->rig.sha256, h->rig.n,
			       sha);
	return GH_OK;
}

static enum gh_status not_taken(const struct head_reader *h, const char *name,
				unsigned number, struct gh_err *err)
{
	if (h->no_memory)
		return gh_fail(err, GH_NOMEM, "%.80s:%u: no memory", name,
			       number);
	return gh_fail(err, GH_ARG, "%.80s:%u: no line of a wire log's head",
		       name, number);
}

static enum gh_status read_lines(struct head_reader *h, const char *text,
				 size_t n, const char *name, size_t *at,
				 unsigned *number, struct gh_err *err)
{
	const char *line;
	size_t len;

	while (gh_wirelog_next(text, n, *at, &line, &len)) {
		++*number;
		*at += len + 1;
		if (*number == 1 && (len != sizeof GH_WIRELOG_FIRST - 1 ||
				     memcmp(line, GH_WIRELOG_FIRST, len) != 0))
			return gh_fail(err, GH_ARG,
				       "%.80s:1: no wire log: expected \"%s\"",
				       name, GH_WIRELOG_FIRST);
		if (len == 4 && memcmp(line, "wire", 4) == 0)
			return head_whole(h, name, err);
		if (*number > 1 && len > 0 && *line != '#' &&
		    !read_head_line(h, line, len))
			return not_taken(h, name, *number, err);
	}
	return gh_fail(err, GH_ARG,
		       "%.80s: no wire log, or it ends inside its head", name);
}

enum gh_status gh_wirelog_head_read(const char *text, size_t n,
				    const char *name,
				    struct gh_wirelog_head *head, size_t *at,
				    unsigned *number, struct gh_err *err)
{
	struct head_reader h = { .head = head };
	enum gh_status st;

	memset(head, 0, sizeof *head);
	*at = 0;
	*number = 0;
	st = read_lines(&h, text, n, name, at, number, err);
	if (st != GH_OK) {
		free(h.rig.text);
		return st;
	}
	head->rig_text = h.rig.text;
	head->rig_bytes = h.rig.n;
	return GH_OK;
}
