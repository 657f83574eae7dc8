/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wires - "PART.QUANTITY = how" lines. Part and quantity are checked here;
 * how the wire is read is the business of the link's driver.
 */
#include "rig/build.h" /* struct gh_rig_build */

#include "rig/nearest.h" /* gh_rig_nearest_hint */
#include "base/text.h"	 /* gh_copy_text */

#include <string.h>

#define ON(kind) (1u << GH_PART_##kind)
#define ANY (~0u)

/* One colour sensor or lamp is one wire, though it has several channels. */
static const struct quantity {
	const char *word;
	enum gh_quantity what;
	unsigned kinds; /* parts that can have it, one bit each */
} quantities[] = {
	{ "command", GH_Q_COMMAND, ON(JOINT) },
	{ "lamp", GH_Q_COMMAND, ON(CORE) | ON(SPOTLIGHT) | ON(CHROME) },
	{ "position", GH_Q_POSITION, ON(JOINT) },
	{ "current", GH_Q_CURRENT, ANY },
	{ "voltage", GH_Q_VOLTAGE, ANY },
	{ "temperature", GH_Q_TEMPERATURE, ANY },
	{ "light", GH_Q_LIGHT, ANY & ~ON(JOINT) },
	{ "colour", GH_Q_COLOUR_CLEAR, ANY & ~ON(JOINT) },
	{ "flags", GH_Q_FLAGS, ANY },
	{ "signal", GH_Q_SIGNAL, ON(REMOTE) },
	{ "presses", GH_Q_PRESSES, ON(REMOTE) },
};

static const struct quantity *find_quantity(const char *word)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(quantities); i++)
		if (strcmp(quantities[i].word, word) == 0)
			return &quantities[i];
	return NULL;
}

static enum gh_status unknown_part(const struct gh_rig_build *b,
				   const char *name)
{
	struct gh_rig_nearest near = gh_rig_nearest_to(name);
	char hint[GH_RIG_HINT_CAP];

	for (unsigned i = 0; i < b->rig.n_parts; i++)
		gh_rig_nearest_offer(&near, b->rig.parts[i].name);
	return gh_rig_fail(b, "there is no part \"%s\"%s", name,
			   gh_rig_nearest_hint(&near, hint));
}

static enum gh_status unknown_quantity(const struct gh_rig_build *b,
				       const char *word)
{
	struct gh_rig_nearest near = gh_rig_nearest_to(word);
	char hint[GH_RIG_HINT_CAP];

	for (size_t i = 0; i < GH_ARRAY_SIZE(quantities); i++)
		gh_rig_nearest_offer(&near, quantities[i].word);
	return gh_rig_fail(b, "unknown quantity \"%.40s\"%s", word,
			   gh_rig_nearest_hint(&near, hint));
}

static enum gh_status add_wire(struct gh_rig_build *b, const char *part,
			       enum gh_quantity what, const char *how)
{
	struct gh_wire *wire = &b->rig.wires[b->rig.n_wires];

	for (unsigned i = 0; i < b->rig.n_wires; i++)
		if (b->rig.wires[i].what == what &&
		    strcmp(b->rig.wires[i].part, part) == 0)
			return gh_rig_fail(b, "already wired on line %d",
					   b->rig.wires[i].line);
	if (b->rig.n_wires == GH_RIG_WIRES)
		return gh_rig_fail(b, "more than %d wires in one rig",
				   GH_RIG_WIRES);
	if (*how == '\0' || strlen(how) >= sizeof wire->how)
		return gh_rig_fail(b, "expected 1 to %zu characters",
				   sizeof wire->how - 1);
	gh_copy_text(wire->part, sizeof wire->part, part);
	gh_copy_text(wire->how, sizeof wire->how, how);
	wire->what = what;
	wire->line = b->line;
	b->rig.wire_link[b->rig.n_wires++] = b->link;
	return GH_OK;
}

enum gh_status gh_rig_wire_set(struct gh_rig_build *b, const char *key,
			       const char *how)
{
	const char *dot = strrchr(key, '.');
	const size_t n = dot ? (size_t)(dot - key) : 0;
	const struct quantity *q;
	char name[GH_NAME_CAP];
	int part;

	b->key = NULL;
	if (n == 0 || n >= sizeof name)
		return gh_rig_fail(b, "expected PART.QUANTITY, found \"%.60s\"",
				   key);
	memcpy(name, key, n);
	name[n] = '\0';
	part = gh_rig_find_part(&b->rig, name);
	if (part == GH_RIG_NONE)
		return unknown_part(b, name);
	q = find_quantity(dot + 1);
	if (!q)
		return unknown_quantity(b, dot + 1);
	if (!(q->kinds >> b->rig.parts[part].kind & 1))
		return gh_rig_fail(b, "a %s has no %s",
				   gh_part_kind_name(b->rig.parts[part].kind),
				   q->word);
	b->key = key;
	return add_wire(b, name, q->what, how);
}
