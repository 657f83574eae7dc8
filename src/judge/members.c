/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/members.h"

#include <math.h>
#include <string.h>

static int row_order(const struct gh_base_value *row, const char *id,
		     const char *part)
{
	const int by_id = strcmp(row->id, id);

	return by_id != 0 ? by_id : strcmp(row->part, part);
}

/* The first row that is not before (id, part). */
static size_t first_row(const struct gh_baseline *b, const char *id,
			const char *part)
{
	size_t low = 0, high = b->n_values;

	while (low < high) {
		const size_t mid = low + (high - low) / 2;

		if (row_order(&b->values[mid], id, part) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

struct gh_members gh_members_find(const struct gh_baseline *b, const char *id,
				  const char *part,
				  const struct gh_metric *metric)
{
	static const int widths[] = {
		[GH_METRIC_SCALAR] = 1,
		[GH_METRIC_CIRCULAR] = 1,
		[GH_METRIC_RATE] = 2,
		[GH_METRIC_COLOUR] = 3,
	};
	struct gh_members m = {
		.version = metric->version,
		.width = widths[metric->kind],
	};
	size_t at = first_row(b, id, part);

	if (at < b->n_values)
		m.row = &b->values[at];
	while (at < b->n_values && row_order(&b->values[at], id, part) == 0) {
		m.n++;
		at++;
	}
	return m;
}

bool gh_member_counts(const struct gh_members *m, size_t i)
{
	for (int c = 0; c < m->width; c++)
		if (!isfinite(m->row[i].v[c]))
			return false;
	return m->row[i].version == m->version;
}

unsigned gh_members_count(const struct gh_members *m)
{
	unsigned n = 0;

	for (size_t i = 0; i < m->n; i++)
		n += gh_member_counts(m, i);
	return n;
}

/* A session counts with its first member. */
unsigned gh_members_sessions(const struct gh_members *m)
{
	unsigned k = 0;

	for (size_t i = 0; i < m->n; i++) {
		bool seen = !gh_member_counts(m, i);

		for (size_t j = 0; j < i && !seen; j++)
			seen = gh_member_counts(m, j) &&
			       m->row[j].session == m->row[i].session;
		k += !seen;
	}
	return k;
}

double gh_members_mean(const struct gh_members *m, enum gh_metric_kind kind,
		       int c)
{
	const double rad = 3.14159265358979323846 / 180;
	double n = 0, sum = 0, sine = 0, cosine = 0;

	for (size_t i = 0; i < m->n; i++) {
		const double v = m->row[i].v[c];

		if (!gh_member_counts(m, i))
			continue;
		n++;
		sum += v;
		sine += sin(v * rad);
		cosine += cos(v * rad);
	}
	if (!(n > 0))
		return NAN;
	return kind == GH_METRIC_CIRCULAR ? atan2(sine, cosine) / rad : sum / n;
}

/* A circular mean has no share: zero degrees is a direction like any other. */
bool gh_members_relative(const struct gh_metric *metric)
{
	return metric->spread == GH_SPREAD_RELATIVE &&
	       metric->kind == GH_METRIC_SCALAR;
}
