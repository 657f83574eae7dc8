/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * match - which of the ports is meant. Pure: the identity of the USB adapter
 * decides, a name that the kernel counts up (ttyUSB0) never does; every port
 * gets a reason in words why it is, or is not, the one.
 */
#ifndef GH_LINK_MATCH_H
#define GH_LINK_MATCH_H

#include "link/link.h" /* struct gh_port */

/* What is known of the port that is looked for. */
struct gh_port_want {
	int usb_vid, usb_pid; /* vid 0 or less: not said */
	const char *usb_serial; /* "": not said */
	/* A lasting name's device ("/dev/ttyACM1"), decides among equals; "" */
	const char *device;
};

enum gh_port_fit {
	GH_PORT_OTHER, /* not the one */
	GH_PORT_FITS,  /* all that is said of it is so */
	GH_PORT_BEST   /* ... and the lasting name is its */
};

struct gh_port_candidate {
	const struct gh_port *port;
	enum gh_port_fit fit;
	char why[160];
};

/* Something is said of the adapter itself. */
bool gh_port_want_any(const struct gh_port_want *want);

/* "usb 2341:0043 serial 557", what of it is said. */
void gh_port_want_text(const struct gh_port_want *want, char *out, size_t cap);

/*
 * Fills one candidate per port, best first, else in the order of ports.
 * Returns how many share the first place among those that fit: 1 is the one,
 * 0 none.
 */
size_t gh_port_match(const struct gh_port_want *want,
		     const struct gh_port *ports, size_t n,
		     struct gh_port_candidate *out);

/* The kernel's counting names, which change with the order of plugging:
 * /dev/ttyUSBn and /dev/ttyACMn. */
bool gh_port_is_counted(const char *name);

#endif
