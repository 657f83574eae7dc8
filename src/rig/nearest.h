/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nearest - "did you mean": offer every known word, then ask for the hint.
 */
#ifndef GH_RIG_NEAREST_H
#define GH_RIG_NEAREST_H

#define GH_RIG_HINT_CAP 80

struct gh_rig_nearest {
	const char *word; /* what was found in the file */
	const char *best; /* nearest so far or NULL; must outlive the struct */
	unsigned distance;
};

struct gh_rig_nearest gh_rig_nearest_to(const char *word);
void gh_rig_nearest_offer(struct gh_rig_nearest *n, const char *known);

/* Fills and returns out: `, did you mean "x"?` or "" when nothing is near. */
const char *gh_rig_nearest_hint(const struct gh_rig_nearest *n,
				char out[GH_RIG_HINT_CAP]);

#endif
