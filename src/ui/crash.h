/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * crash - a program that ends by a signal nobody else catches leaves the
 * terminal as it was: a text made beforehand is written, the modes are put
 * back, and the signal does what it does by default.
 */
#ifndef GH_UI_CRASH_H
#define GH_UI_CRASH_H

#include <termios.h>

enum { GH_CRASH_TEXTS = 6 };

struct gh_crash_terminal {
	int out_fd, tty_fd;
	const char *texts[GH_CRASH_TEXTS]; /* in this order; NULL: nothing */
	const struct termios *before;	   /* NULL: no modes to put back */
};

/* One terminal at a time; all it points to is copied. */
void gh_crash_catch(const struct gh_crash_terminal *t);
/* What was there before gh_crash_catch is there again. */
void gh_crash_uncatch(void);

#endif
