/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * setters - the plain forms of value: numbers with their unit, ranges, words.
 * A number without its unit is refused: 80 may be degrees or the end of a
 * sculpture that takes them for radians.
 */
#include "rig/setters.h"

#include "base/text.h" /* gh_parse_double */

#include <stdio.h>
#include <string.h>

#define RAD_PER_DEG (3.14159265358979323846 / 180.0)

static char *target(struct gh_rig_build *b, const struct gh_rig_key *key)
{
	char *base = (char *)b;

	switch (key->target) {
	case GH_RIG_IN_BUILD:
		break;
	case GH_RIG_IN_LINK:
		base = (char *)&b->rig.links[b->link];
		break;
	case GH_RIG_IN_ARM:
		base = (char *)&b->rig.arms[b->arm];
		break;
	case GH_RIG_IN_JOINT:
		base = (char *)&b->rig.joints[b->joint];
		break;
	case GH_RIG_IN_PART:
		base = (char *)&b->rig.parts[b->part];
		break;
	}
	return base;
}

static double to_si(enum gh_unit unit, double value)
{
	const bool is_angle = unit == GH_UNIT_DEG || unit == GH_UNIT_DEG_S ||
			      unit == GH_UNIT_DEG_S2;

	return is_angle ? value * RAD_PER_DEG : value;
}

/* Reads one blank-ended number at *s and steps behind it and its blanks. */
static bool take_number(const char **s, double *out)
{
	const size_t n = strcspn(*s, " \t");
	char word[32];

	if (n >= sizeof word)
		return false;
	memcpy(word, *s, n);
	word[n] = '\0';
	*s += n + strspn(*s + n, " \t");
	return gh_parse_double(word, out);
}

enum gh_status gh_rig_set_number(struct gh_rig_build *b,
				 const struct gh_rig_key *key,
				 const char *value)
{
	const char *rest = value, *unit = gh_unit_text(key->unit);
	double x;

	if (!take_number(&rest, &x) || strcmp(rest, unit) != 0)
		return gh_rig_fail(b,
				   "expected a number in %s, found \"%.60s\"",
				   unit, value);
	if (x < key->lo || x > key->hi)
		return gh_rig_fail(b, "expected %g to %g %s, found \"%.60s\"",
				   key->lo, key->hi, unit, value);
	x = to_si(key->unit, x);
	memcpy(target(b, key) + key->offset, &x, sizeof x);
	return GH_OK;
}

enum gh_status gh_rig_set_range(struct gh_rig_build *b,
				const struct gh_rig_key *key, const char *value)
{
	const char *rest = value, *unit = gh_unit_text(key->unit);
	char *base = target(b, key);
	double lo, hi;

	if (!take_number(&rest, &lo) || !take_number(&rest, &hi) ||
	    strcmp(rest, unit) != 0)
		return gh_rig_fail(b,
				   "expected two numbers in %s like "
				   "\"-80 80 %s\", found \"%.60s\"",
				   unit, unit, value);
	if (lo >= hi)
		return gh_rig_fail(b,
				   "the first number must be below the "
				   "second, found \"%.60s\"",
				   value);
	if (lo < key->lo || hi > key->hi)
		return gh_rig_fail(b, "expected %g to %g %s, found \"%.60s\"",
				   key->lo, key->hi, unit, value);
	lo = to_si(key->unit, lo);
	hi = to_si(key->unit, hi);
	memcpy(base + key->offset, &lo, sizeof lo);
	memcpy(base + key->offset_hi, &hi, sizeof hi);
	return GH_OK;
}

enum gh_status gh_rig_set_long(struct gh_rig_build *b,
			       const struct gh_rig_key *key, const char *value)
{
	long x;

	if (!gh_parse_long(value, &x) || (double)x < key->lo ||
	    (double)x > key->hi)
		return gh_rig_fail(b,
				   "expected a whole number from %.0f to "
				   "%.0f, found \"%.60s\"",
				   key->lo, key->hi, value);
	memcpy(target(b, key) + key->offset, &x, sizeof x);
	return GH_OK;
}

enum gh_status gh_rig_set_text(struct gh_rig_build *b,
			       const struct gh_rig_key *key, const char *value)
{
	const size_t n = strlen(value);

	if (n == 0 || n >= key->cap)
		return gh_rig_fail(b,
				   "expected 1 to %zu characters, found "
				   "\"%.60s\"",
				   key->cap - 1, value);
	gh_copy_text(target(b, key) + key->offset, key->cap, value);
	return GH_OK;
}

enum gh_status gh_rig_set_word(struct gh_rig_build *b,
			       const struct gh_rig_key *key, const char *value)
{
	if (!gh_is_part_name(value))
		return gh_rig_fail(b,
				   "expected one word of a-z 0-9 _ ., found "
				   "\"%.60s\"",
				   value);
	return gh_rig_set_text(b, key, value);
}

enum gh_status gh_rig_set_yes_no(struct gh_rig_build *b,
				 const struct gh_rig_key *key,
				 const char *value)
{
	const bool yes = strcmp(value, "yes") == 0;

	if (!yes && strcmp(value, "no") != 0)
		return gh_rig_fail(b, "expected yes or no, found \"%.60s\"",
				   value);
	memcpy(target(b, key) + key->offset, &yes, sizeof yes);
	return GH_OK;
}

enum gh_status gh_rig_set_nominal(struct gh_rig_build *b,
				  const struct gh_rig_key *key,
				  const char *value)
{
	if (b->nominal_line > 0)
		return gh_rig_fail(b,
				   "only one supply of a rig has a nominal "
				   "voltage; line %d gave it",
				   b->nominal_line);
	b->nominal_line = b->line;
	return gh_rig_set_number(b, key, value);
}

enum gh_status gh_rig_set_look(struct gh_rig_build *b, const char *name,
			       const char *value)
{
	struct gh_rig_look *look = &b->rig.looks[b->rig.n_looks];
	const char *rest = value;
	bool good = true;

	if (!gh_is_part_name(name))
		return gh_rig_fail(b,
				   "expected look.NAME, NAME of 1 to %d "
				   "characters a-z 0-9 _ .",
				   GH_NAME_CAP - 1);
	for (unsigned i = 0; i < b->rig.n_looks; i++)
		if (strcmp(b->rig.looks[i].name, name) == 0)
			return gh_rig_fail(b, "this look is given twice");
	if (b->rig.n_looks == GH_RIG_LOOKS)
		return gh_rig_fail(b, "more than %d looks in one rig",
				   GH_RIG_LOOKS);
	for (int i = 0; i < 4 && good; i++)
		good = take_number(&rest, &look->rgbw[i]) &&
		       look->rgbw[i] >= 0.0 && look->rgbw[i] <= 1.0;
	if (!good || *rest != '\0')
		return gh_rig_fail(b,
				   "expected four drives from 0 to 1 (red "
				   "green blue white), found \"%.60s\"",
				   value);
	gh_copy_text(look->name, sizeof look->name, name);
	b->rig.n_looks++;
	return GH_OK;
}
