/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/ols.h"

#include "measure/stats.h" /* gh_lag1 */

#include <assert.h>
#include <gsl/gsl_multifit.h>
#include <math.h>

/*
 * Smallest singular value over the largest at which columns still count as
 * different: a sweep at two speeds has 0.1, at one speed 1e-16. Assumed.
 */
#define RANK_TOLERANCE 1e-6
/* Beyond it the widening would be more than 40-fold: assumed. */
#define RHO_MAX 0.95

/* Residuals, their SD and lag-1. */
static void look_back(const double *rows, const double *y, size_t n,
		      size_t terms, struct gh_fit *fit, double *residual)
{
	double sum = 0.0;

	for (size_t i = 0; i < n; i++) {
		residual[i] = y[i];
		for (size_t k = 0; k < terms; k++)
			residual[i] -= fit->b[k] * rows[i * terms + k];
		sum += residual[i] * residual[i];
	}
	fit->s_e = sqrt(sum / (double)(n - terms));
	fit->rho = gh_lag1(residual, n);
}

static bool solve(gsl_multifit_linear_workspace *work, const double *rows,
		  const double *y, size_t n, size_t terms, struct gh_fit *fit,
		  double *residual)
{
	gsl_matrix_const_view x = gsl_matrix_const_view_array(rows, n, terms);
	gsl_vector_const_view want = gsl_vector_const_view_array(y, n);
	gsl_vector_view b = gsl_vector_view_array(fit->b, terms);
	double cov_data[GH_OLS_TERMS * GH_OLS_TERMS];
	gsl_matrix_view cov = gsl_matrix_view_array(cov_data, terms, terms);
	double chisq, rho, widen;

	if (gsl_multifit_linear(&x.matrix, &want.vector, &b.vector, &cov.matrix,
				&chisq, work) != 0)
		return false;
	if (gsl_multifit_linear_rank(RANK_TOLERANCE, work) < terms)
		return false;
	look_back(rows, y, n, terms, fit, residual);
	rho = fmin(fmax(fit->rho, 0.0), RHO_MAX);
	widen = sqrt((1.0 + rho) / (1.0 - rho));
	for (size_t k = 0; k < terms; k++)
		fit->se[k] = widen * sqrt(fmax(cov_data[k * terms + k], 0.0));
	return true;
}

bool gh_ols(const double *rows, const double *y, size_t n, size_t terms,
	    struct gh_fit *out, double *residual)
{
	gsl_multifit_linear_workspace *work;
	struct gh_fit fit = { .s_e = NAN };
	bool is_solved;

	assert(terms > 0 && terms <= GH_OLS_TERMS);
	if (n <= terms)
		return false;
	work = gsl_multifit_linear_alloc(n, terms);
	is_solved = solve(work, rows, y, n, terms, &fit, residual);
	gsl_multifit_linear_free(work);
	if (is_solved)
		*out = fit;
	return is_solved;
}
