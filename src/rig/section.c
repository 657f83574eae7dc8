/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * section - "[kind name]": the first walk declares what each section stands
 * for, the later walks only select it again.
 */
#include "rig/build.h" /* struct gh_rig_build */

#include "rig/nearest.h" /* gh_rig_nearest_hint */
#include "base/part.h"	 /* enum gh_part_kind */
#include "base/text.h"	 /* gh_is_part_name */

#include <stdio.h>
#include <string.h>

struct kind {
	const char *word;
	bool named;
	enum gh_part_kind part; /* of sections that are parts */
	enum gh_status (*declare)(struct gh_rig_build *b, const char *name,
				  enum gh_part_kind part);
	/* Points b->part, joint, arm, link at the object; NULL: has none. */
	enum gh_status (*select)(struct gh_rig_build *b, const char *name);
};

/* Two parts that no section describes, because every rig has them. */
static const struct {
	const char *name;
	enum gh_part_kind kind;
} own_parts[] = {
	{ "link", GH_PART_LINK },
	{ "controller", GH_PART_CONTROLLER },
};

static int find_arm(const struct gh_rig *rig, const char *name)
{
	for (unsigned i = 0; i < rig->n_arms; i++)
		if (strcmp(rig->arms[i].name, name) == 0)
			return (int)i;
	return GH_RIG_NONE;
}

int gh_rig_find_link(const struct gh_rig *rig, const char *name)
{
	for (unsigned i = 0; i < rig->n_links; i++)
		if (strcmp(rig->links[i].name, name) == 0)
			return (int)i;
	return GH_RIG_NONE;
}

static enum gh_status too_many(const struct gh_rig_build *b, const char *what,
			       int most)
{
	return gh_rig_fail(b, "more than %d %s in one rig", most, what);
}

static enum gh_status taken(const struct gh_rig_build *b, int line)
{
	return gh_rig_fail(b, "this name is already used on line %d", line);
}

static enum gh_status declare_rig(struct gh_rig_build *b, const char *name,
				  enum gh_part_kind part)
{
	(void)name;
	(void)part;
	if (b->rig_line > 0)
		return taken(b, b->rig_line);
	b->rig_line = b->line;
	return GH_OK;
}

static enum gh_status declare_link(struct gh_rig_build *b, const char *name,
				   enum gh_part_kind part)
{
	const int old = gh_rig_find_link(&b->rig, name);
	struct gh_rig *rig = &b->rig;

	(void)part;
	if (old != GH_RIG_NONE)
		return taken(b, b->link_line[old]);
	if (rig->n_links == GH_RIG_LINKS)
		return too_many(b, "links", GH_RIG_LINKS);
	b->link_line[rig->n_links] = b->line;
	gh_copy_text(rig->links[rig->n_links++].name, GH_NAME_CAP, name);
	return GH_OK;
}

static enum gh_status declare_arm(struct gh_rig_build *b, const char *name,
				  enum gh_part_kind part)
{
	const int old = find_arm(&b->rig, name);
	struct gh_rig *rig = &b->rig;

	(void)part;
	if (old != GH_RIG_NONE)
		return taken(b, b->arm_line[old]);
	if (rig->n_arms == GH_RIG_ARMS)
		return too_many(b, "arms", GH_RIG_ARMS);
	b->arm_line[rig->n_arms] = b->line;
	rig->arms[rig->n_arms].group = GH_RIG_NONE;
	gh_copy_text(rig->arms[rig->n_arms++].name, GH_NAME_CAP, name);
	return GH_OK;
}

static enum gh_status declare_part(struct gh_rig_build *b, const char *name,
				   enum gh_part_kind kind)
{
	const int old = gh_rig_find_part(&b->rig, name);
	const int most = GH_RIG_PARTS - (int)GH_ARRAY_SIZE(own_parts);
	struct gh_rig_part *part = &b->rig.parts[b->rig.n_parts];

	for (size_t i = 0; i < GH_ARRAY_SIZE(own_parts); i++)
		if (strcmp(name, own_parts[i].name) == 0)
			return gh_rig_fail(b, "every rig has this part by "
					      "itself: use another name");
	if (old != GH_RIG_NONE)
		return taken(b, b->rig.parts[old].line);
	if ((int)b->rig.n_parts >= most)
		return too_many(b, "parts", most);
	gh_copy_text(part->name, GH_NAME_CAP, name);
	part->kind = kind;
	part->joint = GH_RIG_NONE;
	part->link = GH_RIG_NONE;
	part->swept_by = GH_RIG_NONE;
	part->line = b->line;
	b->rig.n_parts++;
	return GH_OK;
}

/* 12 degrees: six times the lash of a worn gear (2 deg), well below a blow. */
#define TRACK_ABORT_RAD (12.0 * 3.14159265358979323846 / 180.0)

static enum gh_status declare_joint(struct gh_rig_build *b, const char *name,
				    enum gh_part_kind kind)
{
	struct gh_rig *rig = &b->rig;
	enum gh_status st;

	if (rig->n_joints == GH_RIG_JOINTS)
		return too_many(b, "joints", GH_RIG_JOINTS);
	st = declare_part(b, name, kind);
	if (st != GH_OK)
		return st;
	rig->parts[rig->n_parts - 1].joint = (int)rig->n_joints;
	rig->joints[rig->n_joints].part = (int)rig->n_parts - 1;
	rig->joints[rig->n_joints].arm = GH_RIG_NONE;
	rig->joints[rig->n_joints++].track_abort_rad = TRACK_ABORT_RAD;
	return GH_OK;
}

static enum gh_status declare_nothing(struct gh_rig_build *b, const char *name,
				      enum gh_part_kind part)
{
	(void)b;
	(void)name;
	(void)part;
	return GH_OK;
}

static enum gh_status select_none(struct gh_rig_build *b, const char *name)
{
	(void)b;
	(void)name;
	return GH_OK;
}

static enum gh_status select_link(struct gh_rig_build *b, const char *name)
{
	struct gh_rig_nearest near = gh_rig_nearest_to(name);
	char hint[GH_RIG_HINT_CAP];

	b->link = gh_rig_find_link(&b->rig, name);
	if (b->link != GH_RIG_NONE)
		return GH_OK;
	for (unsigned i = 0; i < b->rig.n_links; i++)
		gh_rig_nearest_offer(&near, b->rig.links[i].name);
	return gh_rig_fail(b, "there is no [link %s]%s", name,
			   gh_rig_nearest_hint(&near, hint));
}

static enum gh_status select_arm(struct gh_rig_build *b, const char *name)
{
	b->arm = find_arm(&b->rig, name);
	return GH_OK;
}

static enum gh_status select_part(struct gh_rig_build *b, const char *name)
{
	b->part = gh_rig_find_part(&b->rig, name);
	b->joint = b->rig.parts[b->part].joint;
	return GH_OK;
}

/* A [part NAME] gets its kind from its key; COUNT until then. */
static const struct kind kinds[GH_RIG_SEC_COUNT] = {
	[GH_RIG_SEC_RIG] = { "rig", false, GH_PART_KIND_COUNT, declare_rig,
			     select_none },
	[GH_RIG_SEC_LINK] = { "link", true, GH_PART_KIND_COUNT, declare_link,
			      select_link },
	[GH_RIG_SEC_ARM] = { "arm", true, GH_PART_KIND_COUNT, declare_arm,
			     select_arm },
	[GH_RIG_SEC_JOINT] = { "joint", true, GH_PART_JOINT, declare_joint,
			       select_part },
	[GH_RIG_SEC_CORE] = { "core", true, GH_PART_CORE, declare_part,
			      select_part },
	[GH_RIG_SEC_SUPPLY] = { "supply", true, GH_PART_SUPPLY, declare_part,
				select_part },
	[GH_RIG_SEC_PART] = { "part", true, GH_PART_KIND_COUNT, declare_part,
			      select_part },
	[GH_RIG_SEC_WIRING] = { "wiring", true, GH_PART_KIND_COUNT,
				declare_nothing, select_link },
};

static enum gh_status unknown_kind(struct gh_rig_build *b, const char *word)
{
	struct gh_rig_nearest near = gh_rig_nearest_to(word);
	char hint[GH_RIG_HINT_CAP];

	for (size_t i = 0; i < GH_ARRAY_SIZE(kinds); i++)
		gh_rig_nearest_offer(&near, kinds[i].word);
	b->who[0] = '\0';
	return gh_rig_fail(b, "unknown section [%s]%s", word,
			   gh_rig_nearest_hint(&near, hint));
}

/* Splits "joint  hope.shoulder" at the first blank; word holds the kind. */
static const char *split(const char *section, char *word, size_t cap)
{
	const size_t n = strcspn(section, " \t");
	const size_t keep = n < cap ? n : cap - 1;

	memcpy(word, section, keep);
	word[keep] = '\0';
	return section + n + strspn(section + n, " \t");
}

enum gh_status gh_rig_section_open(struct gh_rig_build *b, const char *section)
{
	char word[GH_RIG_HINT_CAP / 2];
	const char *name = split(section, word, sizeof word);
	size_t i = 0;

	b->key = NULL;
	b->keys_seen = 0;
	b->section_line = b->line;
	b->part = b->joint = b->arm = b->link = GH_RIG_NONE;
	while (i < GH_ARRAY_SIZE(kinds) && strcmp(kinds[i].word, word) != 0)
		i++;
	if (i == GH_ARRAY_SIZE(kinds))
		return unknown_kind(b, word);
	b->section = (enum gh_rig_section)i;
	snprintf(b->who, sizeof b->who, "%s%s%s", word, *name ? " " : "", name);
	if (!kinds[i].named && *name)
		return gh_rig_fail(b, "expected [%s] without a name", word);
	if (kinds[i].named && !gh_is_part_name(name))
		return gh_rig_fail(b,
				   "expected [%s NAME], NAME of 1 to %d "
				   "characters a-z 0-9 _ .",
				   word, GH_NAME_CAP - 1);
	if (b->pass == GH_RIG_PASS_NAMES)
		return kinds[i].declare(b, name, kinds[i].part);
	return kinds[i].select(b, name);
}

enum gh_status gh_rig_section_finish(struct gh_rig_build *b)
{
	if (b->rig_line == 0)
		return gh_rig_fail_at(b, 1, NULL, "missing section [rig]");
	if (b->rig.n_links == 0)
		return gh_rig_fail_at(b, 1, NULL,
				      "missing section [link NAME]");
	for (size_t i = 0; i < GH_ARRAY_SIZE(own_parts); i++) {
		struct gh_rig_part *part = &b->rig.parts[b->rig.n_parts++];

		gh_copy_text(part->name, GH_NAME_CAP, own_parts[i].name);
		part->kind = own_parts[i].kind;
		part->joint = GH_RIG_NONE;
		part->swept_by = GH_RIG_NONE;
		part->link = 0;
		part->line = b->link_line[0];
	}
	return GH_OK;
}
