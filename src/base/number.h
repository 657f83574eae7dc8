/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * number - a value as people read it, on screens, in reports and in what a
 * verdict says: three figures, always with its unit, never an exponent, always
 * a decimal point. Machines get the raw number and gh_unit_text.
 */
#ifndef GH_BASE_NUMBER_H
#define GH_BASE_NUMBER_H

#include "base/part.h" /* enum gh_unit */

#include <stdbool.h>
#include <stddef.h>

enum { GH_NUMBER_CAP = 24 }; /* room for any of these */

/* "871 mA"; "-" for what is not finite. */
void gh_number_text(double value, enum gh_unit unit, char *out, size_t cap);

/* "+253 mA": a difference. */
void gh_number_signed(double value, enum gh_unit unit, char *out, size_t cap);

/*
 * "+41 %", or with the unit where shares mislead (gh_number_has_share); ""
 * without a baseline.
 */
void gh_number_change(double value, double expected, enum gh_unit unit,
		      char *out, size_t cap);

/*
 * A change is told as a share of the baseline: not of temperatures, angles,
 * colour differences, counts and what is itself a ratio (dB, ppm, per cent),
 * and not beyond ten times the baseline or of one of about 0.
 */
bool gh_number_has_share(double value, double expected, enum gh_unit unit);

#endif
