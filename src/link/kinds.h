/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kinds - the link backends and what they share: the lock, and closing a port
 * without ever waiting for it.
 */
#ifndef GH_LINK_KINDS_H
#define GH_LINK_KINDS_H

#include "link/link.h" /* struct gh_link */

#include <sys/types.h>

/* Each opens `port`; `name` is what messages call it. */
enum gh_status gh_link_tty_open(struct gh_link **out, const char *port,
				const char *name, long baud,
				struct gh_err *err) GH_MUST_CHECK;
enum gh_status gh_link_serial_open(struct gh_link **out, const char *port,
				   const char *name, long baud,
				   struct gh_err *err) GH_MUST_CHECK;

/* A failed open of a device file in plain words; sys is its errno. */
enum gh_status gh_link_open_failed(const char *name, int sys,
				   struct gh_err *err);

/*
 * Takes the port for us alone, for as long as fd is open: flock, then the
 * exclusive mode. GH_BUSY names the holder where /proc shows it. A pty keeps
 * its mode while its other end lives, so there only the flock is taken.
 */
enum gh_status gh_link_lock(int fd, const char *name, bool is_pty,
			    struct gh_err *err) GH_MUST_CHECK;
/* "held by minicom (1234)" for who has the file of that device number open,
 * "held by another program" where that cannot be seen. */
void gh_link_holder(dev_t device, char *out, size_t cap);
/* The same; false, and *out as it was, when nobody can be seen there. */
bool gh_link_find_holder(dev_t device, char *out, size_t cap);

/*
 * Adds what only /sys (`sys`, another folder in tests) tells of p->name:
 * usb_path, kernel_driver, latency_timer_ms. What is not there stays as it is,
 * -1 for the timer.
 */
void gh_port_look(const char *sys, struct gh_port *p);
/*
 * Whether that entry of SYS/class/tty is a port one can speak to; one of the
 * 8250 driver is asked by opening it, since it may lack the chip.
 */
bool gh_port_is_one(const char *sys, const char *name);
/* For qsort: USB ports first, then by name, ttyUSB2 before ttyUSB10. */
int gh_port_order(const void *left, const void *right);

/*
 * When bytes are still waiting to go out, closing may take 31 s (bench.md d):
 * a child then keeps the descriptor until that is over. Start it, close the
 * descriptor (which returns at once), release it.
 */
int gh_link_keeper_start(int fd);
void gh_link_keeper_release(int keeper);

#endif
