/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * port - where the simulated controller is connected: a device on the virtual
 * USB bus, or the far end of somebody else's (a gadget's tty, a serial port).
 */
#ifndef GH_USB_PORT_H
#define GH_USB_PORT_H

#include <stdbool.h>
#include <stddef.h>

struct usb_port;

struct usb_port_ops {
	/* False with errno set. `place` is the hub's port, where it has one. */
	bool (*plug)(struct usb_port *port, unsigned place);
	void (*unplug)(struct usb_port *port);
	/* Looks after everything that is waiting on fd; false: unplugged. */
	bool (*serve)(struct usb_port *port);
	/* Bytes that the host sent since then, at most cap. */
	size_t (*take)(struct usb_port *port, void *buf, size_t cap);
	/* Bytes for the host; those it has no room for are lost. */
	void (*give)(struct usb_port *port, const void *buf, size_t len);
	/* False: nothing that the host sends is taken from it any more. */
	void (*read_on)(struct usb_port *port, bool reads);
	void (*destroy)(struct usb_port *port);
};

/* First member of each kind's own struct. */
struct usb_port {
	const struct usb_port_ops *ops;
	int fd;	      /* -1: unplugged */
	short events; /* to poll fd for; 0: none while nothing is taken */
};

/* A tty; its settings become raw. NULL: no memory. */
struct usb_port *usb_tty_create(const char *path);

/* A line on stdout with the kernel's time in front. */
void usb_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
