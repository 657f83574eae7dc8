/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * signals - SIGINT, SIGTERM, SIGHUP and SIGTSTP as bytes in a pipe, so that
 * the one poll loop hears them. A stopped process could not beat, so SIGTSTP
 * ends a run as well instead of freezing it.
 */
#ifndef GH_CLI_SIGNALS_H
#define GH_CLI_SIGNALS_H

#include "base/clock.h"	 /* struct pollfd */
#include "base/status.h" /* enum gh_status */

#include <stdbool.h>
#include <stddef.h>

/* Writing to somebody who left, or beyond a limit, must fail, not kill. */
void gh_signals_ignore_pipe(void);

/*
 * Catches them from now on. The last gh_signals_finish of as many starts puts
 * back what was there before (a screen asks a verb that catches them as well);
 * it is harmless without a start.
 */
enum gh_status gh_signals_start(struct gh_err *err) GH_MUST_CHECK;
void gh_signals_finish(void);

/*
 * Should a second signal come before the loop heard the first, its handler
 * writes these bytes to fd by itself: that loop hangs. n 0: no more. fd must
 * not block and must stay open until then.
 */
enum { GH_SIGNALS_STOP = 32 };
void gh_signals_stop_with(int fd, const unsigned char *bytes, size_t n);

/* The pipe's reading end to poll, at most cap. */
size_t gh_signals_fds(struct pollfd *out, size_t cap);
/* Whether one came since the last question. */
bool gh_signals_came(void);

#endif
