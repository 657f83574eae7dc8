/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/number.h"

#include "base/status.h" /* GH_ARRAY_SIZE */

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

/* Shown in another unit than measured: milliamperes, degrees. */
static const struct {
	enum gh_unit unit;
	double below, factor;
	const char *text;
} scales[] = {
	{ GH_UNIT_AMPERE, 2.0, 1e3, "mA" },
	{ GH_UNIT_RAD, HUGE_VAL, 180.0 / 3.14159265358979323846, "deg" },
	{ GH_UNIT_SECOND, 1.0, 1e3, "ms" },
	{ GH_UNIT_DEG_C, HUGE_VAL, 1.0, "C" },
	{ GH_UNIT_DELTA_E, HUGE_VAL, 1.0, "dE" },
	{ GH_UNIT_TALLY, HUGE_VAL, 1.0, "" },
	{ GH_UNIT_ONE, HUGE_VAL, 1.0, "" },
};

/* A share of the baseline says nothing about these. */
static bool is_absolute(enum gh_unit unit)
{
	static const enum gh_unit list[] = { GH_UNIT_DEG_C,  GH_UNIT_DEG,
					     GH_UNIT_RAD,    GH_UNIT_DELTA_E,
					     GH_UNIT_TALLY,  GH_UNIT_PPM,
					     GH_UNIT_KELVIN, GH_UNIT_PERCENT };

	for (size_t i = 0; i < GH_ARRAY_SIZE(list); i++)
		if (list[i] == unit)
			return true;
	return false;
}

static int decimals_of(double v, enum gh_unit unit)
{
	const double size = fabs(v);

	return unit == GH_UNIT_TALLY ? 0
	       : size >= 100.0	     ? 0
	       : size >= 10.0	     ? 1
	       : size >= 1.0	     ? 2
	       : size >= 0.01	     ? 3
	       : size > 0.00005	     ? 5
				     : 0;
}

static void scaled(double value, double size, enum gh_unit unit, bool sign,
		   char *out, size_t cap)
{
	const char *text = gh_unit_text(unit);

	for (size_t i = 0; i < GH_ARRAY_SIZE(scales); i++) {
		if (scales[i].unit != unit || size >= scales[i].below)
			continue;
		value *= scales[i].factor;
		text = scales[i].text;
		break;
	}
	/* What is shown as 0 has no sign of its own. */
	if (decimals_of(value, unit) == 0 && fabs(value) < 0.5)
		value = 0.0;
	if (fabs(value) >= 1e9)
		snprintf(out, cap, "too large");
	else
		snprintf(out, cap, sign ? "%+.*f%s%s" : "%.*f%s%s",
			 decimals_of(value, unit), value, text[0] ? " " : "",
			 text);
}

void gh_number_text(double value, enum gh_unit unit, char *out, size_t cap)
{
	if (!isfinite(value))
		snprintf(out, cap, "-");
	else
		scaled(value, fabs(value), unit, false, out, cap);
}

void gh_number_change(double value, double expected, enum gh_unit unit,
		      char *out, size_t cap)
{
	const double delta = value - expected;

	out[0] = '\0';
	if (!isfinite(delta))
		return;
	/* Ten times the baseline or more: its share is no news any more. */
	if (is_absolute(unit) || fabs(delta) > 10.0 * fabs(expected))
		scaled(delta, fabs(delta), unit, true, out, cap);
	else if (fabs(delta) < 0.005 * fabs(expected))
		snprintf(out, cap, "0 %%");
	else if (fabs(delta) > 0)
		snprintf(out, cap, "%+.0f %%", 100.0 * delta / fabs(expected));
	else
		snprintf(out, cap, "0");
}
