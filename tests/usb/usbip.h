/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * usbip - the wire between the kernel's virtual host controller (vhci_hcd) and
 * a device in user space, over a socketpair: no daemon, no network. Described
 * in the kernel's Documentation/usb/usbip_protocol.rst.
 */
#ifndef GH_USB_USBIP_H
#define GH_USB_USBIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { USBIP_DATA_MAX = 65536, USBIP_STALL = -32 /* EPIPE */ };

enum usbip_kind { USBIP_NOTHING, USBIP_SUBMIT, USBIP_UNLINK, USBIP_GONE };

/* One transfer that the host asks for, or wants no more. */
struct usbip_request {
	enum usbip_kind kind;
	uint32_t seq, unlinked; /* the second: which one to forget */
	bool in;
	unsigned endpoint;
	size_t len; /* OUT: bytes in data; IN: at most so many */
	uint8_t setup[8];
	uint8_t data[USBIP_DATA_MAX];
};

/*
 * Plugs a full-speed device into that port of the virtual hub. Returns the
 * descriptor to poll, -1 with errno set when there is no such hub; closing it
 * is pulling the plug.
 */
int usbip_plug(unsigned port);

/* The next request; USBIP_NOTHING: none is waiting. */
void usbip_next(int fd, struct usbip_request *out);

/* Ends a transfer: status 0 or a negative errno; data for IN, else NULL. */
void usbip_reply(int fd, uint32_t seq, int status, const void *data,
		 size_t len);
/* Answers an unlink; was_pending: the transfer will get no reply. */
void usbip_reply_unlink(int fd, uint32_t seq, bool was_pending);

#endif
