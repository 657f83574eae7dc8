/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * child - a device that reads no more holds the close of its port for 31 s
 * (bench.md d). The verdict must not wait for that, so a grandchild keeps the
 * descriptor and has the last close. Nothing is flushed: it may be a STOP.
 */
#include "link/kinds.h" /* gh_link_keeper_* */

#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FD_MOST = 1024 /* libserialport's select() allows no more either */ };

/* In the grandchild: waits until the parent has closed its copy, then ends. */
static void keep_until_parent_closed(int fd, int pipe_end)
{
	char byte;

	/* Locks and pipes of the parent must not live on in here. */
	for (int i = 0; i < FD_MOST; i++)
		if (i != fd && i != pipe_end)
			close(i);
	(void)setsid();
	while (read(pipe_end, &byte, 1) > 0)
		;
	close(fd);
	_exit(0);
}

int gh_link_keeper_start(int fd)
{
	int waiting = 0, ends[2];
	pid_t child;

	if (ioctl(fd, TIOCOUTQ, &waiting) != 0 || waiting <= 0)
		return -1;
	if (pipe(ends) != 0)
		return -1;
	child = fork();
	if (child == 0) {
		/* Twice, so that nobody has to collect it in 31 s. */
		if (fork() == 0)
			keep_until_parent_closed(fd, ends[0]);
		_exit(0);
	}
	if (child > 0)
		(void)waitpid(child, NULL, 0);
	close(ends[0]);
	return ends[1];
}

void gh_link_keeper_release(int keeper)
{
	if (keeper >= 0)
		close(keeper);
}
