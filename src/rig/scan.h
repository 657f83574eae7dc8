/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * scan - walks the text of a rig file and hands each section's start and each
 * key with its line to a visitor. inih splits the lines; everything a hostile
 * or damaged file could do to it is refused before inih sees the line.
 */
#ifndef GH_RIG_SCAN_H
#define GH_RIG_SCAN_H

#include "base/status.h" /* enum gh_status */

#include <stddef.h>

enum {
	GH_RIG_FILE_BYTES = 1 << 20,
	GH_RIG_LINE_BYTES = 400,
	/*
	 * inih cuts section names at 49 characters without a word; ours end
	 * one earlier so that a cut is never mistaken for a name.
	 */
	GH_RIG_SECTION_CHARS = 48
};

struct gh_rig_text {
	const char *file; /* for messages */
	const char *bytes;
	size_t n;
};

struct gh_rig_visitor {
	/* "[section]" stands on this line; called for empty sections too. */
	enum gh_status (*open)(void *self, const char *section, int line);
	enum gh_status (*key)(void *self, const char *key, const char *value,
			      int line);
	void *self;
};

/* Size, line length, NUL, control characters and UTF-8 of the whole text. */
enum gh_status gh_rig_scan_guard(const struct gh_rig_text *text,
				 struct gh_err *err) GH_MUST_CHECK;

/*
 * Walks a text that passed the guard; stops at the first failure, the scan's
 * own (into err) or the visitor's (the visitor has reported it).
 */
enum gh_status gh_rig_scan_walk(const struct gh_rig_text *text,
				const struct gh_rig_visitor *visit,
				struct gh_err *err) GH_MUST_CHECK;

#endif
