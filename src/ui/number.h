/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * number - a value as people read it: three figures, always with its unit,
 * never an exponent, always a decimal point.
 */
#ifndef GH_UI_NUMBER_H
#define GH_UI_NUMBER_H

#include "base/part.h" /* enum gh_unit */

#include <stddef.h>

/* "871 mA"; "-" for what is not finite. */
void gh_number_text(double value, enum gh_unit unit, char *out, size_t cap);

/*
 * "+41 %", or with the unit where shares mislead (temperatures, colour
 * differences, a baseline of about 0); "" without a baseline.
 */
void gh_number_change(double value, double expected, enum gh_unit unit,
		      char *out, size_t cap);

#endif
