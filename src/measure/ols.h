/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ols - least squares with honest standard errors. Samples of a moving joint
 * are not independent: what rubs now still rubs 10 ms later. The usual error
 * formula believes every sample, so it is widened by (1 + rho) / (1 - rho) in
 * the variance, rho being the lag-1 autocorrelation of what the fit left over
 * (measurement.md section 3).
 */
#ifndef GH_MEASURE_OLS_H
#define GH_MEASURE_OLS_H

#include <stdbool.h>
#include <stddef.h>

enum { GH_OLS_TERMS = 8 };

struct gh_fit {
	double b[GH_OLS_TERMS];	 /* coefficients */
	double se[GH_OLS_TERMS]; /* their standard errors, widened */
	double s_e;		 /* residual SD, n - terms in the divisor */
	double rho;
};

/*
 * y = rows b + e. rows: n rows of `terms` numbers, one after another.
 * residual, n numbers, gets e. False when there are not more rows than terms
 * or the columns do not tell the terms apart; outputs are then untouched.
 */
bool gh_ols(const double *rows, const double *y, size_t n, size_t terms,
	    struct gh_fit *out, double *residual);

#endif
