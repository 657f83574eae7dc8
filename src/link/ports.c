/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ports - which serial ports there are and whose they are. libserialport reads
 * that from /sys; what it lacks, libusb takes from the device descriptors. No
 * USB port is opened, no interface claimed (that would tear the tty down).
 * Ports of the 8250 driver without hardware are left out.
 */
#include "link/kinds.h" /* gh_port_look */
#include "link/link.h"	/* gh_ports */

#include "base/text.h" /* gh_safe_text */

#include <dirent.h>
#include <errno.h>
#include <libserialport.h>
#include <libusb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SYS "/sys"

static void safe_text(char *dst, size_t cap, const char *src)
{
	if (src)
		gh_safe_text(dst, cap, src, strlen(src));
}

static void copy(struct gh_port *out, const struct sp_port *port)
{
	*out = (struct gh_port){ .usb_vid = -1,
				 .usb_pid = -1,
				 .latency_timer_ms = -1 };
	safe_text(out->name, sizeof out->name, sp_get_port_name(port));
	safe_text(out->description, sizeof out->description,
		  sp_get_port_description(port));
	gh_port_look(SYS, out);
	if (sp_get_port_transport(port) != SP_TRANSPORT_USB)
		return;
	safe_text(out->usb_serial, sizeof out->usb_serial,
		  sp_get_port_usb_serial(port));
	safe_text(out->manufacturer, sizeof out->manufacturer,
		  sp_get_port_usb_manufacturer(port));
	safe_text(out->product, sizeof out->product,
		  sp_get_port_usb_product(port));
	if (sp_get_port_usb_vid_pid(port, &out->usb_vid, &out->usb_pid) !=
	    SP_OK)
		out->usb_vid = out->usb_pid = -1;
	if (sp_get_port_usb_bus_address(port, &out->usb_bus,
					&out->usb_address) != SP_OK)
		out->usb_bus = out->usb_address = 0;
}

/*
 * libserialport's own list of ports crashes where memory runs out (0.1.1), so
 * each is asked for by name. GH_GONE: it was unplugged meanwhile.
 */
static enum gh_status describe(struct gh_port *out, const char *name,
			       struct gh_err *err)
{
	char path[sizeof out->name];
	struct sp_port *port;
	enum sp_return rc;

	snprintf(path, sizeof path, "/dev/%.50s", name);
	rc = sp_get_port_by_name(path, &port);
	if (rc == SP_ERR_MEM)
		return gh_fail(err, GH_NOMEM, "no memory to list the ports");
	if (rc != SP_OK)
		return GH_GONE;
	copy(out, port);
	/* It looks at no strdup. */
	if (out->description[0] == '\0')
		safe_text(out->description, sizeof out->description, name);
	sp_free_port(port);
	return GH_OK;
}

/* The ports of an open SYS/class/tty; those beyond cap are only counted. */
static enum gh_status list(DIR *dir, struct gh_port *out, size_t cap, size_t *n,
			   struct gh_err *err)
{
	const struct dirent *entry;
	enum gh_status st = GH_OK;
	struct gh_port beyond;

	*n = 0;
	/* cppcheck-suppress readdirCalled ; there is one thread */
	while (st != GH_NOMEM && (entry = readdir(dir)) != NULL) {
		if (!gh_port_is_one(SYS, entry->d_name))
			continue;
		st = describe(*n < cap ? &out[*n] : &beyond, entry->d_name,
			      err);
		*n += st == GH_OK;
	}
	return st == GH_NOMEM ? st : GH_OK;
}

static bool is_incomplete(const struct gh_port *p)
{
	return p->usb_address > 0 &&
	       (p->usb_vid < 0 || p->usb_serial[0] == '\0');
}

/*
 * libusb's own reader of strings waits 2 s for a device that does not answer,
 * and this list is made ten times a second while a cable is looked for.
 */
enum { STRING_MS = 100, STRING_BYTES = 255, ENGLISH = 0x0409 };

/* A string descriptor is UTF-16 after its length and type. */
static size_t low_bytes(const unsigned char *raw, int n, unsigned char *out)
{
	const int whole = n > 1 && raw[0] < n ? raw[0] : n;
	size_t used = 0;

	if (n < 2 || raw[1] != LIBUSB_DT_STRING)
		return 0;
	for (int i = 2; i + 1 < whole; i += 2)
		out[used++] = raw[i + 1] == 0 && raw[i] < 0x80 ? raw[i] : '?';
	return used;
}

/* The serial number as the device itself tells it; needs rights, may fail. */
static void read_serial(struct gh_port *p, libusb_device *dev, uint8_t index)
{
	unsigned char raw[STRING_BYTES], text[STRING_BYTES];
	libusb_device_handle *handle;
	int n;

	if (index == 0 || libusb_open(dev, &handle) != 0)
		return;
	n = libusb_control_transfer(handle, LIBUSB_ENDPOINT_IN,
				    LIBUSB_REQUEST_GET_DESCRIPTOR,
				    (uint16_t)(LIBUSB_DT_STRING << 8 | index),
				    ENGLISH, raw, sizeof raw, STRING_MS);
	gh_safe_text(p->usb_serial, sizeof p->usb_serial, text,
		     low_bytes(raw, n, text));
	libusb_close(handle);
}

static void complete(struct gh_port *p, libusb_device **devices, ssize_t n)
{
	struct libusb_device_descriptor d;

	for (ssize_t i = 0; i < n; i++) {
		if (libusb_get_bus_number(devices[i]) != p->usb_bus ||
		    libusb_get_device_address(devices[i]) != p->usb_address ||
		    libusb_get_device_descriptor(devices[i], &d) != 0)
			continue;
		p->usb_vid = d.idVendor;
		p->usb_pid = d.idProduct;
		if (p->usb_serial[0] == '\0')
			read_serial(p, devices[i], d.iSerialNumber);
	}
}

/* Where there is no USB at all, what is known stays as it is. */
static void complete_all(struct gh_port *ports, size_t n)
{
	libusb_context *ctx;
	libusb_device **devices;
	ssize_t count;

	if (libusb_init(&ctx) != 0)
		return;
	count = libusb_get_device_list(ctx, &devices);
	for (size_t i = 0; count > 0 && i < n; i++)
		if (is_incomplete(&ports[i]))
			complete(&ports[i], devices, count);
	if (count >= 0)
		libusb_free_device_list(devices, 1);
	libusb_exit(ctx);
}

static bool any_incomplete(const struct gh_port *ports, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_incomplete(&ports[i]))
			return true;
	return false;
}

/* The digits at the end of a name, and how long it is before them. */
static long number_of(const char *name, size_t *stem)
{
	size_t n = strlen(name);

	while (n > 0 && gh_is_digit(name[n - 1]))
		n--;
	*stem = n;
	return strtol(name + n, NULL, 10);
}

int gh_port_order(const void *left, const void *right)
{
	const struct gh_port *a = left, *b = right;
	size_t stem_a, stem_b;
	const long number_a = number_of(a->name, &stem_a);
	const long number_b = number_of(b->name, &stem_b);

	if ((a->usb_vid >= 0) != (b->usb_vid >= 0))
		return a->usb_vid >= 0 ? -1 : 1;
	if (stem_a == stem_b && number_a != number_b &&
	    strncmp(a->name, b->name, stem_a) == 0)
		return number_a < number_b ? -1 : 1;
	return strcmp(a->name, b->name);
}

enum gh_status gh_ports(struct gh_port *out, size_t cap, size_t *n,
			struct gh_err *err)
{
	DIR *dir = opendir(SYS "/class/tty");
	size_t count = 0, filled;
	enum gh_status st = GH_OK;

	/* A machine without /sys/class/tty has no port: nothing is wrong. */
	if (!dir && errno == ENOMEM)
		return gh_fail(err, GH_NOMEM, "no memory to list the ports");
	if (dir) {
		st = list(dir, out, cap, &count, err);
		closedir(dir);
	}
	if (st != GH_OK)
		return st;
	filled = count < cap ? count : cap;
	if (any_incomplete(out, filled))
		complete_all(out, filled);
	if (filled > 0)
		qsort(out, filled, sizeof *out, gh_port_order);
	*n = count;
	return GH_OK;
}
