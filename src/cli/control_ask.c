/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * control_ask - the caller's side of the stop socket.
 */
#include "base/text.h"	      /* gh_safe_text */
#include "cli/control.h"      /* what is defined here */
#include "cli/control_path.h" /* gh_control_path */

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_US (3 * (gh_us)GH_US_PER_S)

static int reach(const char *kind, const char *name)
{
	struct sockaddr_un at;
	int fd;

	if (!gh_control_path(kind, name, false, &at))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	if (connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
		close(fd);
		return -1;
	}
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

/* Reads until the owner hangs up or the time is over; buf ends in NUL. */
static void read_all(const struct gh_clock *clk, int fd, char *buf, size_t cap)
{
	const gh_us until = gh_now(clk) + ANSWER_US;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t n = 0;
	ssize_t got = 1;

	while (got != 0 && n + 1 < cap && gh_now(clk) < until) {
		if (gh_wait(clk, &p, 1, until) <= 0)
			continue;
		got = read(fd, buf + n, cap - 1 - n);
		if (got > 0)
			n += (size_t)got;
	}
	buf[n] = '\0';
}

/* "stopping\nsafe arms hold\n": the last line, and whether it is safe. */
static bool parse(const char *buf, char text[GH_CONTROL_LINE], bool *safe)
{
	const char *word = strstr(buf, "\nsafe ");
	const char *said;

	*safe = word != NULL;
	if (!word)
		word = strstr(buf, "\nunsafe ");
	if (!word)
		return false;
	said = strchr(word + 1, ' ') + 1;
	gh_safe_text(text, GH_CONTROL_LINE, said, strcspn(said, "\n"));
	return true;
}

enum gh_status gh_control_ask(const struct gh_clock *clk, const char *port,
			      const char *serial, char text[GH_CONTROL_LINE],
			      bool *safe, struct gh_err *err)
{
	char buf[2 * GH_CONTROL_LINE];
	int fd = reach("port", port);
	bool told;

	if (fd < 0)
		fd = reach("serial", serial);
	if (fd < 0)
		return gh_fail(err, GH_NODATA, "no check is running there");
	told = write(fd, "stop\n", 5) == 5;
	if (told)
		read_all(clk, fd, buf, sizeof buf);
	close(fd);
	if (!told || !parse(buf, text, safe))
		return gh_fail(err, GH_TIMEOUT,
			       "the running check was told to stop and did "
			       "not answer within 3 s");
	return GH_OK;
}
