/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rig/nearest.h"

#include <stdio.h>
#include <string.h>

#define WORD_MAX ((size_t)48) /* as long as a section may be */

static size_t clipped(const char *s)
{
	const size_t n = strlen(s);

	return n < WORD_MAX ? n : WORD_MAX;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Edits from a to b where swapping two neighbours, the commonest slip, counts
 * as one (optimal string alignment). cost[i][j]: from i letters of a to j of b.
 */
static unsigned distance(const char *a, const char *b)
{
	const size_t na = clipped(a), nb = clipped(b);
	unsigned cost[WORD_MAX + 1][WORD_MAX + 1];

	for (size_t i = 0; i <= na; i++)
		cost[i][0] = (unsigned)i;
	for (size_t j = 0; j <= nb; j++)
		cost[0][j] = (unsigned)j;
	for (size_t k = 0; k < na * nb; k++) {
		const size_t i = k / nb + 1, j = k % nb + 1;
		const unsigned change = a[i - 1] != b[j - 1];

		cost[i][j] = least(cost[i - 1][j - 1] + change,
				   least(cost[i - 1][j], cost[i][j - 1]) + 1);
		if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
		    a[i - 2] == b[j - 1])
			cost[i][j] = least(cost[i][j], cost[i - 2][j - 2] + 1);
	}
	return cost[na][nb];
}

struct gh_rig_nearest gh_rig_nearest_to(const char *word)
{
	/* One slip in a short word, one more for every four letters: guess. */
	const struct gh_rig_nearest n = {
		.word = word, .distance = 2 + (unsigned)(clipped(word) / 4)
	};

	return n;
}

void gh_rig_nearest_offer(struct gh_rig_nearest *n, const char *known)
{
	const unsigned d = distance(n->word, known);

	/* A word of which nothing is left is not near. */
	if (d < n->distance && d < clipped(known)) {
		n->best = known;
		n->distance = d;
	}
}

const char *gh_rig_nearest_hint(const struct gh_rig_nearest *n,
				char out[GH_RIG_HINT_CAP])
{
	out[0] = '\0';
	if (n->best)
		snprintf(out, GH_RIG_HINT_CAP, ", did you mean \"%s\"?",
			 n->best);
	return out;
}
