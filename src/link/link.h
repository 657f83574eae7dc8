/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * link - a byte pipe to a controller: a real port, a pty, or a file being
 * replayed. Nothing here waits: the one poll loop does, through gh_clock.
 */
#ifndef GH_LINK_LINK_H
#define GH_LINK_LINK_H

#include "base/clock.h"	 /* struct pollfd */
#include "base/status.h" /* enum gh_status */

#include <stdbool.h>
#include <stddef.h>

struct gh_link;

struct gh_link_ops {
	const char *scheme; /* "serial" "tty" "record" "replay" */
	/* NULL is fine. Never blocks: a wedged port is closed in a child. */
	void (*close)(struct gh_link *link);
	/* Fills at most cap descriptors to poll for reading; 0 is possible. */
	size_t (*fds)(const struct gh_link *link, struct pollfd *out,
		      size_t cap);
	/*
	 * What has arrived, at most cap bytes; *got 0 with GH_OK: nothing now.
	 * GH_GONE: hung up (POLLHUP, POLLERR, or ready and yet empty).
	 */
	enum gh_status (*read)(struct gh_link *link, void *buf, size_t cap,
			       size_t *got, struct gh_err *err);
	/* *put may be less than len, 0 when the queue is full. */
	enum gh_status (*write)(struct gh_link *link, const void *buf,
				size_t len, size_t *put, struct gh_err *err);
	/* Changes the rate; a pipe without one answers GH_OK. */
	enum gh_status (*set_baud)(struct gh_link *link, long baud,
				   struct gh_err *err);
};

/* First member of each kind's own struct. */
struct gh_link {
	const struct gh_link_ops *ops;
	char port[128];	   /* as given, for messages */
	bool is_pty;	   /* then every run over it is SIMULATED */
	size_t bytes_in, bytes_out;
};

/*
 * Opens `port`: "/dev/pts/N" and other ttys outside /sys/class/tty by the raw
 * tty backend, all else by libserialport (record.h and replay.h have links of
 * their own). The port is ours alone afterwards (flock, TIOCGEXCL, TIOCEXCL);
 * GH_BUSY names the holder where it can be seen. GH_IO: no such port, or not
 * permitted (says which).
 */
enum gh_status gh_link_open(struct gh_link **out, const char *port, long baud,
			    struct gh_err *err) GH_MUST_CHECK;

/* NULL is fine. */
void gh_link_close(struct gh_link *link);

enum gh_status gh_link_read(struct gh_link *link, void *buf, size_t cap,
			    size_t *got, struct gh_err *err) GH_MUST_CHECK;
enum gh_status gh_link_write(struct gh_link *link, const void *buf, size_t len,
			     size_t *put, struct gh_err *err) GH_MUST_CHECK;
enum gh_status gh_link_set_baud(struct gh_link *link, long baud,
				struct gh_err *err) GH_MUST_CHECK;
size_t gh_link_fds(const struct gh_link *link, struct pollfd *out, size_t cap);

/*
 * One serial port the machine knows (libserialport, libusb and /sys together).
 * All texts are through gh_safe_text; "" is not known.
 */
struct gh_port {
	char name[64]; /* "/dev/ttyUSB0" */
	char description[65];
	char manufacturer[65], product[65], usb_serial[65];
	int usb_vid, usb_pid; /* -1 where it is no USB port */
	int usb_bus, usb_address;
	char usb_path[32];	/* where it is plugged in, "2-1.4:1.0" */
	char kernel_driver[24]; /* "ftdi_sio", "cdc_acm" */
	int latency_timer_ms;	/* FTDI's; -1 where there is none */
};

/*
 * Fills at most cap ports, *n how many there are: USB ports first, then by
 * name. No USB port is opened; libserialport asks an old 8250 port by its
 * number whether there is hardware behind it.
 */
enum gh_status gh_ports(struct gh_port *out, size_t cap, size_t *n,
			struct gh_err *err) GH_MUST_CHECK;

/* What that USB id is sold as ("Arduino Uno"), "" when not known; it never
 * tells which protocol is spoken. */
const char *gh_usb_what(int vid, int pid);

#endif
