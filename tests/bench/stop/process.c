/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RLIMIT_RTPRIO and the capabilities are Linux's. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier) */

#include "stop.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

void stop_die(const char *what)
{
	perror(what);
	exit(1);
}

void stop_come_first(int priority)
{
	const struct sched_param p = { .sched_priority = priority };

	(void)sched_setscheduler(0, SCHED_RR, &p);
}

static void be_like_others(bool may_hurry)
{
	const struct sched_param p = { .sched_priority = 0 };
	const struct rlimit none = { 0, 0 };

	(void)sched_setscheduler(0, SCHED_OTHER, &p);
	if (may_hurry)
		return;
	(void)setrlimit(RLIMIT_RTPRIO, &none);
	/* Who is root needs no limit; refused where we are not. */
	(void)prctl(PR_CAPBSET_DROP, CAP_SYS_NICE, 0, 0, 0);
}

static pid_t fork_with_us(void)
{
	const pid_t parent = getpid();
	const pid_t pid = fork();

	if (pid < 0)
		stop_die("fork");
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		if (getppid() != parent)
			_exit(1);
	}
	return pid;
}

pid_t stop_spawn(const char *const argv[], const char *terminal, int out,
		 bool may_hurry)
{
	const pid_t pid = fork_with_us();
	int in;

	if (pid != 0)
		return pid;
	(void)setsid();
	/* The first terminal that a session opens controls it. */
	in = open(terminal ? terminal : "/dev/null", O_RDWR);
	if (in < 0 || dup2(in, 0) < 0 || dup2(out < 0 ? in : out, 1) < 0 ||
	    dup2(out < 0 ? in : out, 2) < 0)
		_exit(1);
	be_like_others(may_hurry);
	/* execv takes strings it does not change. */
	execv(argv[0], (char *const *)(size_t)argv);
	_exit(1);
}

void stop_burn(void)
{
	const pid_t parent = getpid();
	volatile unsigned turns = 0;

	if (fork_with_us() != 0)
		return;
	be_like_others(true);
	/* A look now and then, in case of a death that was not told. */
	while ((++turns & 0xFFFFFFu) != 0 || getppid() == parent)
		;
	_exit(0);
}

bool stop_is_fifo(pid_t pid)
{
	return sched_getscheduler(pid) == SCHED_FIFO;
}

pid_t stop_simulate(const struct stop_options *o, char *name, size_t cap)
{
	int ends[2];
	char line[128] = "";
	pid_t pid;
	FILE *f;

	if (pipe(ends) != 0)
		stop_die("pipe");
	(void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	pid = fork_with_us();
	if (pid == 0) {
		(void)dup2(ends[1], 1);
		(void)execl(o->simulator, o->simulator, "--rig", o->rig,
			    "--seed", "1", (char *)NULL);
		_exit(1);
	}
	close(ends[1]);
	f = fdopen(ends[0], "r");
	if (!f || !fgets(line, sizeof line, f) ||
	    strncmp(line, "port: ", 6) != 0)
		stop_die(o->simulator);
	line[strcspn(line, "\n")] = '\0';
	snprintf(name, cap, "%s", line + 6);
	return pid; /* the pipe stays open: it may say more */
}
