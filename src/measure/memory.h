/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * memory - whether it ran out while something was computed. What these
 * functions then return is what they return where there is nothing to compute
 * (false, NAN), and GSL would end the program: so whoever calls them watches.
 */
#ifndef GH_MEASURE_MEMORY_H
#define GH_MEASURE_MEMORY_H

#include <stdbool.h>

/* From here on; GSL's errors are no longer the end of the program. */
void gh_memory_watch(void);
/* Since then. */
bool gh_memory_ran_out(void);
/* Says that it did: an allocation of our own. */
void gh_memory_note(void);

#endif
