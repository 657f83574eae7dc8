/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * acm - a CDC-ACM serial device on the virtual host controller: what an
 * Arduino with native USB looks like. It can also lie in its descriptors, stop
 * reading and be unplugged.
 */
#ifndef GH_USB_ACM_H
#define GH_USB_ACM_H

#include "usb/port.h" /* struct usb_port */

#include <stdint.h>

/* Strings are bytes of Latin-1, each sent as one UTF-16 unit. */
struct acm_identity {
	unsigned vid, pid;
	const char *manufacturer, *product, *serial;
	/* What each string descriptor says its length is; 0: the truth. */
	unsigned claimed_length;
};

/* Its endpoints, the same number for both directions. */
enum { ACM_CONTROL, ACM_NOTIFY, ACM_DATA };

enum { ACM_DESCRIPTOR_MAX = 256 };

/*
 * What it tells of itself for that wValue of GET_DESCRIPTOR, into out
 * [ACM_DESCRIPTOR_MAX]; returns the length, 0: it has no such descriptor.
 */
size_t acm_descriptor(const struct acm_identity *identity, unsigned value,
		      uint8_t *out);

/* NULL: no memory. The texts of the identity are borrowed. Not yet plugged. */
struct usb_port *acm_create(const struct acm_identity *identity);

#endif
