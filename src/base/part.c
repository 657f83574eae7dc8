/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/part.h"

#include "base/status.h" /* GH_ARRAY_SIZE */

#include <stddef.h>
#include <string.h>

static const char *const kinds[GH_PART_KIND_COUNT] = {
	"joint",     "core",   "fibre", "crystal",    "chrome",
	"spotlight", "supply", "link",	"controller", "remote",
};

static const struct {
	const char *name;
	enum gh_unit unit;
} quantities[GH_Q_COUNT] = {
	[GH_Q_COMMAND] = { "command", GH_UNIT_RAD },
	[GH_Q_POSITION] = { "position", GH_UNIT_RAD },
	[GH_Q_CURRENT] = { "current", GH_UNIT_AMPERE },
	[GH_Q_VOLTAGE] = { "voltage", GH_UNIT_VOLT },
	[GH_Q_TEMPERATURE] = { "temperature", GH_UNIT_DEG_C },
	[GH_Q_LIGHT] = { "light", GH_UNIT_SHARE },
	[GH_Q_COLOUR_RED] = { "colour_red", GH_UNIT_SHARE },
	[GH_Q_COLOUR_GREEN] = { "colour_green", GH_UNIT_SHARE },
	[GH_Q_COLOUR_BLUE] = { "colour_blue", GH_UNIT_SHARE },
	[GH_Q_COLOUR_CLEAR] = { "colour_clear", GH_UNIT_SHARE },
	[GH_Q_FLAGS] = { "flags", GH_UNIT_ONE },
	[GH_Q_SIGNAL] = { "signal", GH_UNIT_DECIBEL },
	[GH_Q_PRESSES] = { "presses", GH_UNIT_TALLY },
};

#define X(id, text) text,
static const char *const units[GH_UNIT_COUNT] = { GH_UNIT_TABLE(X) };
#undef X

const char *gh_part_kind_name(enum gh_part_kind kind)
{
	return kind < GH_PART_KIND_COUNT ? kinds[kind] : "?";
}

const char *gh_quantity_name(enum gh_quantity what)
{
	return what < GH_Q_COUNT ? quantities[what].name : "?";
}

const char *gh_unit_text(enum gh_unit unit)
{
	return unit < GH_UNIT_COUNT ? units[unit] : "?";
}

enum gh_unit gh_quantity_unit(enum gh_quantity what)
{
	return what < GH_Q_COUNT ? quantities[what].unit : GH_UNIT_ONE;
}

int gh_part_kind_find(const char *name)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(kinds); i++)
		if (strcmp(kinds[i], name) == 0)
			return (int)i;
	return -1;
}

int gh_quantity_find(const char *name)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(quantities); i++)
		if (strcmp(quantities[i].name, name) == 0)
			return (int)i;
	return -1;
}
