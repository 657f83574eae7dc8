/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * build - how messages about a rig file look, and the three walks.
 */
#include "rig/build.h"

#include "base/sha256.h" /* gh_sha256_hex */
#include "base/text.h"	 /* gh_copy_text */
#include "rig/scan.h"	 /* gh_rig_scan_walk */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longer paths are shown by their end, so that the message fits. */
#define SHOWN_CHARS 72

enum gh_status gh_rig_fail(const struct gh_rig_build *b, const char *fmt, ...)
{
	char what[sizeof b->err->msg];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof what, fmt, args);
	va_end(args);
	return gh_fail(b->err, GH_ARG, "%s:%d: %s%s%s%s%s", b->file, b->line,
		       b->who, *b->who ? ": " : "", b->key ? b->key : "",
		       b->key ? ": " : "", what);
}

enum gh_status gh_rig_fail_at(struct gh_rig_build *b, int line, const char *who,
			      const char *fmt, ...)
{
	char what[sizeof b->err->msg];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof what, fmt, args);
	va_end(args);
	return gh_fail(b->err, GH_ARG, "%s:%d: %s%s%s", b->file, line,
		       who ? who : "", who ? ": " : "", what);
}

/* Before the next section opens and at the end of the text. */
static enum gh_status close_section(struct gh_rig_build *b)
{
	if (b->pass != GH_RIG_PASS_KEYS)
		return GH_OK;
	return gh_rig_keys_complete(b);
}

static enum gh_status on_open(void *self, const char *section, int line)
{
	struct gh_rig_build *b = self;
	const enum gh_status st = close_section(b);

	b->line = line;
	return st == GH_OK ? gh_rig_section_open(b, section) : st;
}

static enum gh_status on_key(void *self, const char *key, const char *value,
			     int line)
{
	struct gh_rig_build *b = self;
	const bool is_wire = b->section == GH_RIG_SEC_WIRING;

	b->line = line;
	if (b->section == GH_RIG_SEC_COUNT)
		return gh_rig_fail(b,
				   "\"%.40s\" stands before the first "
				   "[section]",
				   key);
	if (b->pass == GH_RIG_PASS_KEYS && !is_wire)
		return gh_rig_key_set(b, key, value);
	if (b->pass == GH_RIG_PASS_WIRES && is_wire)
		return gh_rig_wire_set(b, key, value);
	return GH_OK;
}

static enum gh_status walk(struct gh_rig_build *b, enum gh_rig_pass pass,
			   const struct gh_rig_text *text)
{
	const struct gh_rig_visitor visitor = { on_open, on_key, b };
	enum gh_status st;

	b->pass = pass;
	b->section = GH_RIG_SEC_COUNT;
	b->who[0] = '\0';
	b->key = NULL;
	st = gh_rig_scan_walk(text, &visitor, b->err);
	return st == GH_OK ? close_section(b) : st;
}

static enum gh_status build(struct gh_rig_build *b,
			    const struct gh_rig_text *text)
{
	enum gh_status st = gh_rig_scan_guard(text, b->err);

	if (st == GH_OK)
		st = walk(b, GH_RIG_PASS_NAMES, text);
	if (st == GH_OK)
		st = gh_rig_section_finish(b);
	if (st == GH_OK)
		st = walk(b, GH_RIG_PASS_KEYS, text);
	if (st == GH_OK)
		st = walk(b, GH_RIG_PASS_WIRES, text);
	return st == GH_OK ? gh_rig_verify(b) : st;
}

/* The end of a long path tells more than its beginning. */
static const char *tail(const char *s, size_t most)
{
	const size_t n = strlen(s);

	return n > most ? s + n - most : s;
}

enum gh_status gh_rig_parse(struct gh_rig *out, const char *name,
			    const char *text, size_t n, struct gh_err *err)
{
	const struct gh_rig_text in = { tail(name, SHOWN_CHARS), text, n };
	struct gh_rig_build *b = calloc(1, sizeof *b);
	enum gh_status st;

	if (!b)
		return gh_fail(err, GH_NOMEM, "%s: out of memory", in.file);
	b->err = err;
	b->file = in.file;
	/* A file that does not say how fast gets the careful speed. */
	b->rig.tip_speed_max_m_s = GH_PROXIMITY_SPEED_M_S;
	gh_copy_text(b->rig.file, sizeof b->rig.file,
		     tail(name, sizeof b->rig.file - 1));
	gh_sha256_hex(text, n, b->rig.sha256);
	st = build(b, &in);
	if (st == GH_OK)
		*out = b->rig;
	free(b);
	return st;
}
