/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stream - the controller at the far end of a tty (a gadget's, an adapter's):
 * bytes as they come.
 */
#include "usb/port.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

struct stream {
	struct usb_port port;
	const char *path;
	bool reads;
	unsigned long lost;
};

static struct stream *stream_of(struct usb_port *port)
{
	return (struct stream *)port;
}

static bool stream_plug(struct usb_port *port, unsigned place)
{
	struct termios t;

	(void)place;
	port->fd = open(stream_of(port)->path,
			O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (port->fd < 0 || tcgetattr(port->fd, &t) != 0)
		return false;
	t.c_iflag = t.c_oflag = t.c_lflag = 0;
	t.c_cflag = CS8 | CREAD | CLOCAL;
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	return tcsetattr(port->fd, TCSANOW, &t) == 0;
}

static void stream_unplug(struct usb_port *port)
{
	if (port->fd < 0)
		return;
	/* What nobody reads would hold the close of a tty for 30 s. */
	(void)tcflush(port->fd, TCIOFLUSH);
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
	/* What is left unread would end every wait at once. */
	port->events = reads ? POLLIN : 0;
}

static void stream_destroy(struct usb_port *port)
{
	const struct stream *s = stream_of(port);

	if (s->lost > 0)
		usb_say("%lu bytes were read by nobody", s->lost);
	stream_unplug(port);
	free(port);
}

static const struct usb_port_ops stream_ops = {
	.plug = stream_plug,
	.unplug = stream_unplug,
	.serve = stream_serve,
	.take = stream_take,
	.give = stream_give,
	.read_on = stream_read_on,
	.destroy = stream_destroy,
};

struct usb_port *usb_tty_create(const char *path)
{
	struct stream *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	*s = (struct stream){ .port = { &stream_ops, -1, POLLIN },
			      .path = path,
			      .reads = true };
	return &s->port;
}
