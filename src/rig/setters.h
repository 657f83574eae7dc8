/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * setters - one function per form of value (number with unit, yes or no,
 * name of a link, ...); the table in keys.c says which key takes which form.
 */
#ifndef GH_RIG_SETTERS_H
#define GH_RIG_SETTERS_H

#include "rig/build.h"	 /* struct gh_rig_build */
#include "base/part.h"	 /* enum gh_unit */
#include "base/status.h" /* enum gh_status */

#include <stdbool.h>
#include <stddef.h>

/* The struct that `offset` counts in: the current section's own. */
enum gh_rig_target {
	GH_RIG_IN_BUILD, /* struct gh_rig_build, with its rig */
	GH_RIG_IN_LINK,
	GH_RIG_IN_ARM,
	GH_RIG_IN_JOINT,
	GH_RIG_IN_PART
};

struct gh_rig_key {
	enum gh_rig_section section;
	const char *name;
	enum gh_status (*set)(struct gh_rig_build *b,
			      const struct gh_rig_key *key, const char *value);
	bool required;	/* with `kinds`: of parts that have a sensor */
	unsigned kinds; /* of parts that have it, one bit each; 0: all */
	enum gh_rig_target target;
	size_t offset, offset_hi; /* ranges: of the second number */
	size_t cap;	   /* text: bytes with the NUL */
	enum gh_unit unit; /* numbers: the only unit accepted */
	double lo, hi;	   /* numbers: accepted, in that unit */
};

enum gh_status gh_rig_set_number(struct gh_rig_build *b,
				 const struct gh_rig_key *key,
				 const char *value);
enum gh_status gh_rig_set_range(struct gh_rig_build *b,
				const struct gh_rig_key *key,
				const char *value);
enum gh_status gh_rig_set_long(struct gh_rig_build *b,
			       const struct gh_rig_key *key, const char *value);
enum gh_status gh_rig_set_text(struct gh_rig_build *b,
			       const struct gh_rig_key *key, const char *value);
enum gh_status gh_rig_set_word(struct gh_rig_build *b,
			       const struct gh_rig_key *key, const char *value);
enum gh_status gh_rig_set_yes_no(struct gh_rig_build *b,
				 const struct gh_rig_key *key,
				 const char *value);
/* The link's USB identity, VID:PID of four hexadecimal digits each. */
enum gh_status gh_rig_set_usb(struct gh_rig_build *b,
			      const struct gh_rig_key *key, const char *value);
/* The part's link, by name. */
enum gh_status gh_rig_set_link(struct gh_rig_build *b,
			       const struct gh_rig_key *key, const char *value);
/* The joint that sweeps the part, by name. */
enum gh_status gh_rig_set_swept(struct gh_rig_build *b,
				const struct gh_rig_key *key,
				const char *value);
/* "LOOK LOOK SECONDS"; verify.c finds the looks, which may come later. */
enum gh_status gh_rig_set_breath(struct gh_rig_build *b,
				 const struct gh_rig_key *key,
				 const char *value);
/* The part's kind, one of those a [part NAME] may have. */
enum gh_status gh_rig_set_kind(struct gh_rig_build *b,
			       const struct gh_rig_key *key, const char *value);
/* The arm's joints, body outwards. */
enum gh_status gh_rig_set_joints(struct gh_rig_build *b,
				 const struct gh_rig_key *key,
				 const char *value);
/* The arm's group, a free word. */
enum gh_status gh_rig_set_group(struct gh_rig_build *b,
				const struct gh_rig_key *key,
				const char *value);
/* gh_rig_set_number for the one nominal supply that a rig has. */
enum gh_status gh_rig_set_nominal(struct gh_rig_build *b,
				  const struct gh_rig_key *key,
				  const char *value);

/* "look.NAME = r g b w": the name is free, so it has no row in the table. */
enum gh_status gh_rig_set_look(struct gh_rig_build *b, const char *name,
			       const char *value);

#endif
