/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/number.h"

#include "base/status.h" /* GH_ARRAY_SIZE */

#include <math.h>
#include <stdio.h>

#define DEG_PER_RAD (180.0 / 3.14159265358979323846)
/* Times the baseline: beyond, its share is no news any more. */
#define MOST_SHARE 10.0

/* Shown in another unit than measured, or in shorter words. */
static const struct {
	enum gh_unit unit;
	double below, factor;
	const char *text;
} scales[] = {
	{ GH_UNIT_AMPERE, 2.0, 1e3, "mA" },
	{ GH_UNIT_VOLT, 1.0, 1e3, "mV" },
	{ GH_UNIT_SECOND, 1.0, 1e3, "ms" },
	{ GH_UNIT_VISCOUS, 1.0, 1e3, "mA s/rad" },
	{ GH_UNIT_RAD, HUGE_VAL, DEG_PER_RAD, "deg" },
	{ GH_UNIT_RAD_S, HUGE_VAL, DEG_PER_RAD, "deg/s" },
	{ GH_UNIT_SHARE, HUGE_VAL, 100.0, "%" },
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
					     GH_UNIT_KELVIN, GH_UNIT_PERCENT,
					     GH_UNIT_DECIBEL };

	for (size_t i = 0; i < GH_ARRAY_SIZE(list); i++)
		if (list[i] == unit)
			return true;
	return false;
}

static bool is_whole(double v)
{
	return fabs(v - round(v)) < 1e-9;
}

static int decimals_of(double v, enum gh_unit unit)
{
	const double size = fabs(v);

	return unit == GH_UNIT_TALLY && is_whole(v) ? 0
	       : size >= 100.0			    ? 0
	       : size >= 10.0			    ? 1
	       : size >= 1.0			    ? 2
	       : size >= 0.01			    ? 3
	       : size > 0.00005			    ? 5
						    : 0;
}

static void scaled(double value, enum gh_unit unit, bool sign, char *out,
		   size_t cap)
{
	const double size = fabs(value);
	const char *text = gh_unit_text(unit);

	for (size_t i = 0; i < GH_ARRAY_SIZE(scales); i++) {
		if (scales[i].unit != unit || size >= scales[i].below)
			continue;
		value *= scales[i].factor;
		text = scales[i].text;
		break;
	}
	/* What is shown as 0 has no sign. */
	if (decimals_of(value, unit) == 0 && fabs(value) < 0.5)
		value = 0.0;
	sign = sign && fabs(value) > 0.0;
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
		scaled(value, unit, false, out, cap);
}

void gh_number_signed(double value, enum gh_unit unit, char *out, size_t cap)
{
	if (!isfinite(value))
		snprintf(out, cap, "-");
	else
		scaled(value, unit, true, out, cap);
}

bool gh_number_has_share(double value, double expected, enum gh_unit unit)
{
	return !is_absolute(unit) && fabs(expected) > 0.0 &&
	       fabs(value - expected) <= MOST_SHARE * fabs(expected);
}

void gh_number_change(double value, double expected, enum gh_unit unit,
		      char *out, size_t cap)
{
	const double delta = value - expected;

	out[0] = '\0';
	if (!isfinite(delta))
		return;
	if (!gh_number_has_share(value, expected, unit))
		gh_number_signed(delta, unit, out, cap);
	else if (fabs(delta) < 0.005 * fabs(expected))
		snprintf(out, cap, "0 %%");
	else
		snprintf(out, cap, "%+.0f %%", 100.0 * delta / fabs(expected));
}
