/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stream - the controller at the far end of a tty (a gadget's) or of a socket
 * (the machine emulator's): bytes as they come.
 */
#include "usb/port.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

struct stream {
	struct usb_port port;
	const char *path;
	int listener; /* -1: a tty */
	bool reads;
	unsigned long lost;
};

static struct stream *stream_of(struct usb_port *port)
{
	return (struct stream *)port;
}

static bool open_tty(struct stream *s)
{
	struct termios t;

	s->port.fd = open(s->path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (s->port.fd < 0 || tcgetattr(s->port.fd, &t) != 0)
		return false;
	t.c_iflag = t.c_oflag = t.c_lflag = 0;
	t.c_cflag = CS8 | CREAD | CLOCAL;
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	return tcsetattr(s->port.fd, TCSANOW, &t) == 0;
}

/* Waits for the emulator: it comes once, and at once. */
static bool open_socket(struct stream *s)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };

	if (strlen(s->path) >= sizeof name.sun_path)
		return false;
	memcpy(name.sun_path, s->path, strlen(s->path) + 1);
	s->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->listener < 0 ||
	    bind(s->listener, (const struct sockaddr *)&name, sizeof name) !=
		    0 ||
	    listen(s->listener, 1) != 0)
		return false;
	usb_say("listening");
	s->port.fd = accept(s->listener, NULL, NULL);
	return s->port.fd >= 0 && fcntl(s->port.fd, F_SETFL, O_NONBLOCK) == 0;
}

static bool tty_plug(struct usb_port *port, unsigned place)
{
	(void)place;
	return open_tty(stream_of(port));
}

static bool socket_plug(struct usb_port *port, unsigned place)
{
	(void)place;
	return open_socket(stream_of(port));
}

static void stream_unplug(struct usb_port *port)
{
	/* What nobody reads would hold the close of a tty for 30 s. */
	if (port->fd >= 0 && stream_of(port)->listener < 0)
		(void)tcflush(port->fd, TCIOFLUSH);
	if (port->fd >= 0)
		close(port->fd);
	port->fd = -1;
}

static bool stream_serve(struct usb_port *port)
{
	struct pollfd p = { port->fd, POLLIN, 0 };

	return poll(&p, 1, 0) <= 0 || !(p.revents & (POLLHUP | POLLERR));
}

static size_t stream_take(struct usb_port *port, void *buf, size_t cap)
{
	const ssize_t n = stream_of(port)->reads ? read(port->fd, buf, cap) : 0;

	return n > 0 ? (size_t)n : 0;
}

static void stream_give(struct usb_port *port, const void *buf, size_t len)
{
	const ssize_t n = write(port->fd, buf, len);

	stream_of(port)->lost += len - (n > 0 ? (size_t)n : 0);
}

static void stream_read_on(struct usb_port *port, bool reads)
{
	stream_of(port)->reads = reads;
}

static void stream_destroy(struct usb_port *port)
{
	const struct stream *s = stream_of(port);

	if (s->lost > 0)
		usb_say("%lu bytes were read by nobody", s->lost);
	stream_unplug(port);
	if (s->listener >= 0) {
		close(s->listener);
		unlink(s->path);
	}
	free(port);
}

static const struct usb_port_ops tty_ops = { tty_plug,	    stream_unplug,
					     stream_serve,  stream_take,
					     stream_give,   stream_read_on,
					     stream_destroy };
static const struct usb_port_ops socket_ops = { socket_plug,   stream_unplug,
						stream_serve,  stream_take,
						stream_give,   stream_read_on,
						stream_destroy };

static struct usb_port *create(const struct usb_port_ops *ops, const char *path)
{
	struct stream *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	*s = (struct stream){ { ops, -1 }, path, -1, true, 0 };
	return &s->port;
}

struct usb_port *usb_tty_create(const char *path)
{
	return create(&tty_ops, path);
}

struct usb_port *usb_socket_create(const char *path)
{
	return create(&socket_ops, path);
}
