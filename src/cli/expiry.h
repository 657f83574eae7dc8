/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * expiry - a pass wears out (interface.md section 2, rule 3): by age, by a
 * power cycle, another port or firmware, and when somebody moved or mended the
 * piece. A HOLD stays and says that it is old.
 */
#ifndef GH_CLI_EXPIRY_H
#define GH_CLI_EXPIRY_H

#include "cli/view.h"	 /* struct gh_stored */
#include "store/since.h" /* struct gh_since */

/*
 * Changes verdict and why of s->result. An acceptance whose day has come makes
 * HOLD of the WATCH that rested on it.
 */
void gh_expiry_apply(struct gh_stored *s, const struct gh_since *since,
		     int64_t now_s, double max_age_s);

#endif
