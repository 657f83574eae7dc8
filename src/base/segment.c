/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/segment.h"

double gh_segment_at(const struct gh_segment *seg, double from_rad, gh_us t)
{
	double s;

	if (seg->shape == GH_SHAPE_HOLD)
		return from_rad;
	if (t >= seg->duration_us)
		return seg->target_rad;
	s = t <= 0 ? 0.0 : (double)t / (double)seg->duration_us;
	if (seg->shape == GH_SHAPE_EASE)
		s = s * s * (3.0 - 2.0 * s);
	return from_rad + s * (seg->target_rad - from_rad);
}
