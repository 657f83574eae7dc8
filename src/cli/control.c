/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/control.h"

#include "base/text.h"	      /* gh_copy_text */
#include "cli/control_path.h" /* gh_control_path */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int new_socket(void)
{
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd >= 0) {
		fcntl(fd, F_SETFD, FD_CLOEXEC);
		fcntl(fd, F_SETFL, O_NONBLOCK);
	}
	return fd;
}

static bool is_alive(const struct sockaddr_un *at)
{
	const int fd = new_socket();
	bool alive;

	if (fd < 0)
		return true; /* cannot tell: leave it alone */
	alive = connect(fd, (const struct sockaddr *)at, sizeof *at) == 0 ||
		errno == EAGAIN;
	close(fd);
	return alive;
}

/* Also in the place of a socket whose owner died. */
static bool listen_at(struct gh_control *c, const struct sockaddr_un *at)
{
	struct gh_listener *l = &c->listeners[c->n_listeners];

	if (is_alive(at))
		return false;
	unlink(at->sun_path);
	l->fd = new_socket();
	if (l->fd < 0)
		return false;
	if (bind(l->fd, (const struct sockaddr *)at, sizeof *at) != 0 ||
	    listen(l->fd, GH_CONTROL_CLIENTS) != 0) {
		close(l->fd);
		return false;
	}
	gh_copy_text(l->path, sizeof l->path, at->sun_path);
	c->n_listeners++;
	return true;
}

enum gh_status gh_control_start(struct gh_control *c, const char *port,
				const char *serial, struct gh_err *err)
{
	struct sockaddr_un at;

	c->started = true;
	if (gh_control_path("port", port, true, &at))
		listen_at(c, &at);
	if (gh_control_path("serial", serial, true, &at))
		listen_at(c, &at);
	if (c->n_listeners == 0)
		return gh_fail(err, GH_IO,
			       "`ghostlight stop` cannot reach this run: no "
			       "socket (see `ghostlight paths`)");
	return GH_OK;
}

size_t gh_control_fds(const struct gh_control *c, struct pollfd *out,
		      size_t cap)
{
	size_t n = 0;

	for (unsigned i = 0; i < c->n_listeners && n < cap; i++)
		out[n++] = (struct pollfd){ .fd = c->listeners[i].fd,
					    .events = POLLIN };
	for (unsigned i = 0; i < c->n_clients && n < cap; i++)
		out[n++] = (struct pollfd){ .fd = c->clients[i],
					    .events = POLLIN };
	return n;
}

static void say(int fd, const char *line)
{
	/* SIGPIPE is ignored; who left does not need the answer. */
	const ssize_t put = write(fd, line, strlen(line));

	(void)put;
}

static void drop_client(struct gh_control *c, unsigned i)
{
	close(c->clients[i]);
	c->clients[i] = c->clients[--c->n_clients];
}

static void welcome(struct gh_control *c, const struct gh_listener *l)
{
	int fd = accept(l->fd, NULL, NULL);

	while (fd >= 0) {
		fcntl(fd, F_SETFD, FD_CLOEXEC);
		fcntl(fd, F_SETFL, O_NONBLOCK);
		if (c->n_clients < GH_CONTROL_CLIENTS)
			c->clients[c->n_clients++] = fd;
		else
			close(fd);
		fd = accept(l->fd, NULL, NULL);
	}
}

/* False when that client is to be dropped. */
static bool listen_to(struct gh_control *c, int fd)
{
	char line[16];
	const ssize_t got = read(fd, line, sizeof line);

	if (got < 0)
		return errno == EAGAIN || errno == EINTR;
	if (got == 0)
		return false;
	if (got < 5 || memcmp(line, "stop\n", 5) != 0) {
		say(fd, "unknown word, only: stop\n");
		return false;
	}
	c->asked = true;
	say(fd, "stopping\n");
	return true;
}

/*
 * An accept() makes a socket before it finds that nobody calls: it was 15 % of
 * what the live screen costs. No clock of a run: a replay has no callers, and
 * would miss their waits.
 */
static bool is_called(const struct gh_control *c)
{
	const struct gh_clock *clk = gh_clock_real();
	struct pollfd fds[GH_CONTROL_NAMES + GH_CONTROL_CLIENTS];
	const size_t n = gh_control_fds(c, fds, GH_ARRAY_SIZE(fds));

	return n > 0 && gh_wait(clk, fds, n, gh_now(clk)) != 0;
}

bool gh_control_hear(struct gh_control *c)
{
	if (!is_called(c))
		return c->asked;
	for (unsigned i = 0; i < c->n_listeners; i++)
		welcome(c, &c->listeners[i]);
	for (unsigned i = c->n_clients; i > 0; i--)
		if (!listen_to(c, c->clients[i - 1]))
			drop_client(c, i - 1);
	return c->asked;
}

void gh_control_finish(struct gh_control *c, bool safe_seen,
		       const char *safe_text)
{
	char line[GH_CONTROL_LINE];

	if (!c->started)
		return;
	/* Who asked in the very last moment still gets the answer. */
	gh_control_hear(c);
	snprintf(line, sizeof line, "%s %s\n", safe_seen ? "safe" : "unsafe",
		 safe_text);
	while (c->n_clients > 0) {
		say(c->clients[c->n_clients - 1], line);
		drop_client(c, c->n_clients - 1);
	}
	for (unsigned i = 0; i < c->n_listeners; i++) {
		unlink(c->listeners[i].path);
		close(c->listeners[i].fd);
	}
	memset(c, 0, sizeof *c);
}
