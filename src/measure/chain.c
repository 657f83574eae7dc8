/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/chain.h"

#include <assert.h>
#include <math.h>

void gh_chain_init(struct gh_chain *chain, const double *length_m,
		   const double *mass_kg, unsigned n, unsigned j)
{
	double outer_kg = 0.0, sum = 0.0;

	assert(n <= GH_CHAIN_LINKS && j < n);
	*chain = (struct gh_chain){ .n = n };
	/* A link turns by its own half and by all that hangs at its end. */
	for (unsigned k = n; k-- > j;) {
		chain->w[k] = length_m[k] * (mass_kg[k] / 2.0 + outer_kg);
		outer_kg += mass_kg[k];
		sum += chain->w[k];
	}
	if (sum <= 0.0) {
		chain->w[j] = 1.0;
		return;
	}
	for (unsigned k = j; k < n; k++)
		chain->w[k] /= sum;
}

void gh_chain_load(const struct gh_chain *chain, const double *q, double *g_s,
		   double *g_c)
{
	double tilt_rad = 0.0;

	*g_s = 0.0;
	*g_c = 0.0;
	for (unsigned k = 0; k < chain->n; k++) {
		tilt_rad += q[k];
		*g_s += chain->w[k] * sin(tilt_rad);
		*g_c += chain->w[k] * cos(tilt_rad);
	}
}
