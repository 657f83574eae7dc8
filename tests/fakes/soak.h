/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * soak - how long a test runs, and the line that says how far it got. The
 * same test is in `make test` (a taste), `make soak-short` (GH_SOAK=short:
 * all of them within ten minutes) and `make soak` (GH_SOAK=1: whole).
 */
#ifndef GH_TESTS_FAKES_SOAK_H
#define GH_TESTS_FAKES_SOAK_H

enum gh_soak { GH_SOAK_TASTE, GH_SOAK_SHORT, GH_SOAK_WHOLE };

/* What GH_SOAK asks for; anything but `short` that is set means whole. */
enum gh_soak gh_soak(void);

/* The count of the three that is asked for. */
unsigned long gh_soak_count(unsigned long taste, unsigned long shorter,
			    unsigned long whole);

/*
 * Prints `soak: NAME: FIGURE`, which tests/soak/soak.py turns into a TAP
 * line. To be said after the assertions: the figure of what held.
 */
__attribute__((format(printf, 2, 3))) void gh_soak_say(const char *name,
						       const char *figure, ...);

#endif
