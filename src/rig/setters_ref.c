/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * setters_ref - the values that name something else: links, the joints of an
 * arm, kinds of parts, looks, groups of arms, a USB adapter.
 */
#include "rig/setters.h" /* struct gh_rig_key */

#include "rig/nearest.h" /* gh_rig_nearest_hint */
#include "base/text.h"	 /* gh_copy_text */

#include <string.h>

enum gh_status gh_rig_set_link(struct gh_rig_build *b,
			       const struct gh_rig_key *key, const char *value)
{
	struct gh_rig_nearest near = gh_rig_nearest_to(value);
	const int link = gh_rig_find_link(&b->rig, value);
	char hint[GH_RIG_HINT_CAP];

	(void)key;
	for (unsigned i = 0; i < b->rig.n_links; i++)
		gh_rig_nearest_offer(&near, b->rig.links[i].name);
	if (link == GH_RIG_NONE)
		return gh_rig_fail(b, "there is no [link %.48s]%s", value,
				   gh_rig_nearest_hint(&near, hint));
	b->rig.parts[b->part].link = link;
	return GH_OK;
}

/* The value of n hexadecimal digits, -1: they are not. */
static int hex(const char *s, size_t n)
{
	int value = 0;

	for (size_t i = 0; i < n; i++) {
		const char c = s[i];
		const int digit = gh_is_digit(c)	 ? c - '0'
				  : c >= 'a' && c <= 'f' ? c - 'a' + 10
				  : c >= 'A' && c <= 'F' ? c - 'A' + 10
							 : -1;

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

enum gh_status gh_rig_set_usb(struct gh_rig_build *b,
			      const struct gh_rig_key *key, const char *value)
{
	struct gh_rig_link *link = &b->rig.links[b->link];
	const bool shaped = strlen(value) == 9 && value[4] == ':';

	(void)key;
	link->usb_vid = shaped ? hex(value, 4) : -1;
	link->usb_pid = shaped ? hex(value + 5, 4) : -1;
	/* Nobody has the vendor id 0000. */
	if (link->usb_vid > 0 && link->usb_pid >= 0)
		return GH_OK;
	return gh_rig_fail(b,
			   "expected VID:PID like \"2341:0043\" (see "
			   "`ghostlight devices`), found \"%.60s\"",
			   value);
}

/* Joints, cores and supplies have sections of their own; the rest is here. */
enum gh_status gh_rig_set_kind(struct gh_rig_build *b,
			       const struct gh_rig_key *key, const char *value)
{
	static const enum gh_part_kind allowed[] = {
		GH_PART_FIBRE,	   GH_PART_CRYSTAL, GH_PART_CHROME,
		GH_PART_SPOTLIGHT, GH_PART_REMOTE,
	};

	(void)key;
	for (size_t i = 0; i < GH_ARRAY_SIZE(allowed); i++)
		if (strcmp(value, gh_part_kind_name(allowed[i])) == 0) {
			b->rig.parts[b->part].kind = allowed[i];
			return GH_OK;
		}
	return gh_rig_fail(b,
			   "expected fibre, crystal, chrome, spotlight or "
			   "remote, found \"%.60s\"",
			   value);
}

static enum gh_status unknown_joint(const struct gh_rig_build *b,
				    const char *name)
{
	struct gh_rig_nearest near = gh_rig_nearest_to(name);
	char hint[GH_RIG_HINT_CAP];

	for (unsigned i = 0; i < b->rig.n_joints; i++)
		gh_rig_nearest_offer(&near,
				     b->rig.parts[b->rig.joints[i].part].name);
	return gh_rig_fail(b, "there is no [joint %s]%s", name,
			   gh_rig_nearest_hint(&near, hint));
}

enum gh_status gh_rig_set_swept(struct gh_rig_build *b,
				const struct gh_rig_key *key, const char *value)
{
	const int part = gh_rig_find_part(&b->rig, value);

	(void)key;
	if (part == GH_RIG_NONE || b->rig.parts[part].joint == GH_RIG_NONE)
		return unknown_joint(b, value);
	b->rig.parts[b->part].swept_by = b->rig.parts[part].joint;
	return GH_OK;
}

static enum gh_status add_joint(struct gh_rig_build *b, const char *name)
{
	const int part = gh_rig_find_part(&b->rig, name);
	struct gh_rig_arm *arm = &b->rig.arms[b->arm];
	struct gh_rig_joint *joint;

	if (part == GH_RIG_NONE || b->rig.parts[part].joint == GH_RIG_NONE)
		return unknown_joint(b, name);
	joint = &b->rig.joints[b->rig.parts[part].joint];
	if (joint->arm == b->arm)
		return gh_rig_fail(b, "%s is named twice", name);
	if (joint->arm != GH_RIG_NONE)
		return gh_rig_fail(b, "%s already belongs to arm %s (line %d)",
				   name, b->rig.arms[joint->arm].name,
				   b->arm_line[joint->arm]);
	if (arm->n == GH_RIG_CHAIN)
		return gh_rig_fail(b, "more than %d joints in one arm",
				   GH_RIG_CHAIN);
	joint->arm = b->arm;
	joint->order = arm->n;
	arm->joint[arm->n++] = b->rig.parts[part].joint;
	return GH_OK;
}

enum gh_status gh_rig_set_joints(struct gh_rig_build *b,
				 const struct gh_rig_key *key,
				 const char *value)
{
	enum gh_status st = GH_OK;

	(void)key;
	while (*value && st == GH_OK) {
		const size_t n = strcspn(value, " \t");
		char name[GH_RIG_HINT_CAP / 2] = "";

		memcpy(name, value, n < sizeof name - 1 ? n : sizeof name - 1);
		value += n + strspn(value + n, " \t");
		st = add_joint(b, name);
	}
	if (st == GH_OK && b->rig.arms[b->arm].n == 0)
		return gh_rig_fail(b, "expected joints, body outwards");
	return st;
}

/* The next blank-ended word of *s, at most a name. */
static bool take_name(const char **s, char out[GH_NAME_CAP])
{
	const size_t n = strcspn(*s, " \t");

	if (n >= GH_NAME_CAP)
		return false;
	memcpy(out, *s, n);
	out[n] = '\0';
	*s += n + strspn(*s + n, " \t");
	return gh_is_part_name(out);
}

enum gh_status gh_rig_set_breath(struct gh_rig_build *b,
				 const struct gh_rig_key *key,
				 const char *value)
{
	const char *rest = value;

	if (b->breath_line > 0)
		return gh_rig_fail(b,
				   "only one core of a rig breathes; line %d "
				   "says how",
				   b->breath_line);
	b->breath_line = b->line;
	gh_copy_text(b->breath_who, sizeof b->breath_who, b->who);
	if (!take_name(&rest, b->breath[0]) || !take_name(&rest, b->breath[1]))
		return gh_rig_fail(b,
				   "expected two looks and the seconds there "
				   "and back like \"dusk dawn 2 s\", found "
				   "\"%.60s\"",
				   value);
	return gh_rig_set_number(b, key, rest);
}

enum gh_status gh_rig_set_group(struct gh_rig_build *b,
				const struct gh_rig_key *key, const char *value)
{
	int g = 0;

	(void)key;
	if (!gh_is_part_name(value))
		return gh_rig_fail(b,
				   "expected one word of a-z 0-9 _ ., found "
				   "\"%.60s\"",
				   value);
	while (g < b->n_groups && strcmp(b->group[g], value) != 0)
		g++;
	/* One group per arm at most, so the table cannot run over. */
	if (g == b->n_groups)
		gh_copy_text(b->group[b->n_groups++], GH_NAME_CAP, value);
	b->rig.arms[b->arm].group = g;
	return GH_OK;
}
