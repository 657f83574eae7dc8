/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/ols.h"

#include "measure/memory.h" /* gh_memory_note */
#include "measure/stats.h"  /* gh_lag1 */

#include <assert.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>

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

/* What one fit works with, all of it in one room. */
struct work {
	double *room;
	gsl_matrix_view qr, v;
	gsl_vector_view tau, size, left;
};

static bool make_work(struct work *w, size_t n, size_t terms)
{
	double *at = malloc((n * terms + terms * terms + 2 * terms + n) *
			    sizeof *at);

	w->room = at;
	if (!at) {
		gh_memory_note();
		return false;
	}
	w->qr = gsl_matrix_view_array(at, n, terms);
	at += n * terms;
	w->v = gsl_matrix_view_array(at, terms, terms);
	at += terms * terms;
	w->tau = gsl_vector_view_array(at, terms);
	w->size = gsl_vector_view_array(at + terms, terms);
	w->left = gsl_vector_view_array(at + 2 * terms, n);
	return true;
}

/*
 * Diagonal of (X'X)^-1. X = QR has the singular values of its small R, so the
 * decomposition that tells whether the terms can be told apart costs nothing:
 * R = U S V' gives (X'X)^-1 = V S^-2 V'. False: they cannot. By Jacobi, which
 * asks for no memory; GSL's other one does not look whether it got it.
 */
static bool spread_of(struct work *w, size_t terms, double *spread)
{
	double r_data[GH_OLS_TERMS * GH_OLS_TERMS] = { 0.0 };
	gsl_matrix_view r = gsl_matrix_view_array(r_data, terms, terms);

	for (size_t i = 0; i < terms; i++)
		for (size_t k = i; k < terms; k++)
			r_data[i * terms + k] =
				gsl_matrix_get(&w->qr.matrix, i, k);
	if (gsl_linalg_SV_decomp_jacobi(&r.matrix, &w->v.matrix,
					&w->size.vector) != 0 ||
	    !(gsl_vector_get(&w->size.vector, terms - 1) >
	      RANK_TOLERANCE * gsl_vector_get(&w->size.vector, 0)))
		return false;
	for (size_t i = 0; i < terms; i++) {
		spread[i] = 0.0;
		for (size_t k = 0; k < terms; k++)
			spread[i] +=
				pow(gsl_matrix_get(&w->v.matrix, i, k) /
					    gsl_vector_get(&w->size.vector, k),
				    2);
	}
	return true;
}

static bool solve(struct work *w, const double *rows, const double *y, size_t n,
		  size_t terms, struct gh_fit *fit, double *residual)
{
	gsl_matrix_const_view x = gsl_matrix_const_view_array(rows, n, terms);
	gsl_vector_const_view want = gsl_vector_const_view_array(y, n);
	gsl_vector_view b = gsl_vector_view_array(fit->b, terms);
	double spread[GH_OLS_TERMS], rho, widen;

	if (gsl_matrix_memcpy(&w->qr.matrix, &x.matrix) != 0 ||
	    gsl_linalg_QR_decomp(&w->qr.matrix, &w->tau.vector) != 0 ||
	    !spread_of(w, terms, spread) ||
	    gsl_linalg_QR_lssolve(&w->qr.matrix, &w->tau.vector, &want.vector,
				  &b.vector, &w->left.vector) != 0)
		return false;
	look_back(rows, y, n, terms, fit, residual);
	rho = fmin(fmax(fit->rho, 0.0), RHO_MAX);
	widen = sqrt((1.0 + rho) / (1.0 - rho));
	for (size_t k = 0; k < terms; k++)
		fit->se[k] = widen * fit->s_e * sqrt(spread[k]);
	return true;
}

bool gh_ols(const double *rows, const double *y, size_t n, size_t terms,
	    struct gh_fit *out, double *residual)
{
	struct gh_fit fit = { .s_e = NAN };
	struct work work;
	bool is_solved;

	assert(terms > 0 && terms <= GH_OLS_TERMS);
	if (n <= terms)
		return false;
	is_solved = make_work(&work, n, terms) &&
		    solve(&work, rows, y, n, terms, &fit, residual);
	free(work.room);
	if (is_solved)
		*out = fit;
	return is_solved;
}
