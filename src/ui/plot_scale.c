/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot_scale.h"

#include <math.h>
#include <stdio.h>

/* Beyond these a number is shorter with an exponent. */
#define LARGEST 1e6
#define SMALLEST 1e-4
/* No reading is there; and sums of two stay inside a double. */
#define BEYOND 1e300

void gh_scale_see(struct gh_scale *s, double v)
{
	if (!(fabs(v) < BEYOND))
		return;
	s->lo = fmin(s->lo, v);
	s->hi = fmax(s->hi, v);
}

static double round_step(double least)
{
	const double power = pow(10.0, floor(log10(least)));
	const double steps[] = { 1, 2, 5, 10 };
	size_t i = 0;

	while (i < 3 && steps[i] * power < least * (1 - 1e-9))
		i++;
	return steps[i] * power;
}

void gh_scale_finish(struct gh_scale *s, int numbers)
{
	if (!(s->lo <= s->hi))
		*s = (struct gh_scale){ 0, 1, 1 };
	/* Less than the last digits can hold is no range. */
	if (s->hi - s->lo <=
	    fmax(1e-12 * fmax(fabs(s->lo), fabs(s->hi)), 1 / BEYOND)) {
		const double room = fabs(s->lo) > 0.0 ? 0.1 * fabs(s->lo) : 1.0;

		s->lo -= room;
		s->hi += room;
	}
	s->step = round_step((s->hi - s->lo) / (numbers > 2 ? numbers : 2));
}

int gh_scale_place(const struct gh_scale *s, double v, int n)
{
	return gh_scale_half(s, v, n) / 2;
}

int gh_scale_half(const struct gh_scale *s, double v, int n)
{
	return (int)floor((v - s->lo) / (s->hi - s->lo) * (n - 1) * 2 + 1);
}

bool gh_scale_has(const struct gh_scale *s, double v)
{
	return v >= s->lo && v <= s->hi;
}

bool gh_scale_number(const struct gh_scale *s, int i, double *v)
{
	const double slack = s->step * 1e-9;

	*v = (ceil((s->lo - slack) / s->step) + i) * s->step;
	/* No "-0". */
	if (fabs(*v) < slack)
		*v = 0.0;
	return *v <= s->hi + slack;
}

void gh_scale_text(const struct gh_scale *s, double v, char *out, size_t cap)
{
	const double most = fmax(fabs(s->lo), fabs(s->hi));
	int decimals = 0;

	if (most >= LARGEST || s->step < SMALLEST) {
		snprintf(out, cap, "%.3g", v);
		return;
	}
	while (decimals < 4 && s->step * pow(10.0, decimals) < 1 - 1e-9)
		decimals++;
	snprintf(out, cap, "%.*f", decimals, v);
}
