/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ask - the ways a person has to say stop.
 */
#ifndef GH_BENCH_STOP_ASK_H
#define GH_BENCH_STOP_ASK_H

#include "stop.h"

/* Says it, asks the control at the same instant, and notes when that was. */
void stop_ask(struct stop_session *s);
/* Lets go of what that took. */
void stop_ask_end(struct stop_session *s);

#endif
