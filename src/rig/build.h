/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * build - the rig while it is being read. The text is walked three times:
 * sections first (so that a name may be used above its description), then
 * their keys, then the wiring, which needs to know every part's kind.
 */
#ifndef GH_RIG_BUILD_H
#define GH_RIG_BUILD_H

#include "rig/rig.h"	 /* struct gh_rig */
#include "base/status.h" /* enum gh_status */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum gh_rig_section {
	GH_RIG_SEC_RIG,
	GH_RIG_SEC_LINK,
	GH_RIG_SEC_ARM,
	GH_RIG_SEC_JOINT,
	GH_RIG_SEC_CORE,
	GH_RIG_SEC_SUPPLY,
	GH_RIG_SEC_PART,
	GH_RIG_SEC_WIRING,
	GH_RIG_SEC_COUNT
};

enum gh_rig_pass { GH_RIG_PASS_NAMES, GH_RIG_PASS_KEYS, GH_RIG_PASS_WIRES };

struct gh_rig_build {
	struct gh_rig rig;
	struct gh_err *err;
	const char *file; /* as messages show it */
	enum gh_rig_pass pass;

	/* Where the walk stands, and what messages start with. */
	int line;
	enum gh_rig_section section; /* COUNT: before the first one */
	int section_line;
	char who[64];	    /* "joint hope.shoulder" */
	const char *key;    /* NULL: the message is about the section */
	uint64_t keys_seen; /* bit i: row i of the section's keys */
	/* The object of this section, index or GH_RIG_NONE. */
	int part, joint, arm, link;

	/* Facts that checks need and the rig does not. */
	int rig_line, nominal_line, breath_line;
	char breath_who[64], breath[2][GH_NAME_CAP]; /* names of looks */
	int link_line[GH_RIG_LINKS], arm_line[GH_RIG_ARMS];
	long schema;
	char group[GH_RIG_ARMS][GH_NAME_CAP];
	int n_groups;
};

/* "file:line: who: key: message" as GH_ARG; returns GH_ARG. */
enum gh_status gh_rig_fail(const struct gh_rig_build *b, const char *fmt, ...)
	GH_PRINTF(2, 3);

/* As gh_rig_fail, but about another line than the one being read. */
enum gh_status gh_rig_fail_at(struct gh_rig_build *b, int line, const char *who,
			      const char *fmt, ...) GH_PRINTF(4, 5);

/* ---- section.c: what may stand in brackets ---- */

/* The walk entered "[section]": declares or selects its object. */
enum gh_status gh_rig_section_open(struct gh_rig_build *b,
				   const char *section) GH_MUST_CHECK;

/* Adds the parts that every rig has; after the names, before the keys. */
enum gh_status gh_rig_section_finish(struct gh_rig_build *b) GH_MUST_CHECK;

int gh_rig_find_link(const struct gh_rig *rig, const char *name);

/* ---- keys.c: what may stand in a section ---- */

enum gh_status gh_rig_key_set(struct gh_rig_build *b, const char *key,
			      const char *value) GH_MUST_CHECK;

/* The section ends: is every key there that it must have? */
enum gh_status gh_rig_keys_complete(struct gh_rig_build *b) GH_MUST_CHECK;

/* ---- wires.c ---- */

/* One "PART.QUANTITY = how" line of the current [wiring LINK]. */
enum gh_status gh_rig_wire_set(struct gh_rig_build *b, const char *key,
			       const char *how) GH_MUST_CHECK;

/* ---- verify.c: what no single line can tell ---- */

enum gh_status gh_rig_verify(struct gh_rig_build *b) GH_MUST_CHECK;

#endif
