/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * order - what repeats with the angle: a damaged tooth comes round with every
 * tooth, an eccentric wheel once a turn, however fast the joint goes.
 */
#ifndef GH_MEASURE_ORDER_H
#define GH_MEASURE_ORDER_H

#include <stddef.h>

/*
 * Amplitude of what swings `cycles` times per turn of q (rad) in the drag r
 * (measurement.md section 3, joint.order_k), the mean of way > 0 and way < 0
 * apart: a tooth that pushes instead of braking turns its sign with the motion
 * and would vanish from the sum. NAN when a way has fewer than 8 samples.
 */
double gh_order(const double *q, const double *r, const double *way, size_t n,
		double cycles);

#endif
