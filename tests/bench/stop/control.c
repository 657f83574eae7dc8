/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * control - a process that polls a pty and sends back every byte: what the
 * host itself makes a stop wait, measured where and when the program is.
 */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier) */

#include "stop.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

static _Noreturn void echo(int fd, int policy)
{
	const struct sched_param p = { .sched_priority = policy == SCHED_FIFO };
	struct pollfd in = { .fd = fd, .events = POLLIN };
	char byte;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	(void)sched_setscheduler(0, policy, &p);
	while (poll(&in, 1, -1) > 0 && read(fd, &byte, 1) == 1)
		if (write(fd, &byte, 1) != 1)
			break;
	_exit(0);
}

void stop_control_start(struct stop_control *c, bool fifo)
{
	if (gh_sim_pty_open(&c->pty, NULL, NULL) != GH_OK)
		stop_die("the control's pty");
	c->pid = fork();
	if (c->pid < 0)
		stop_die("fork");
	if (c->pid == 0)
		echo(c->pty.slave, fifo ? SCHED_FIFO : SCHED_OTHER);
}

unsigned stop_control_ask(struct stop_control *c)
{
	if (write(c->pty.master, "?", 1) != 1)
		stop_die("the control's pty");
	return ++c->asked;
}

void stop_control_hear(struct stop_control *c)
{
	char bytes[16];
	ssize_t n;

	while ((n = read(c->pty.master, bytes, sizeof bytes)) > 0) {
		c->answered += (unsigned)n;
		c->answered_at = stop_now();
	}
}
