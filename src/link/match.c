/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/match.h"

#include <stdio.h>
#include <string.h>

bool gh_port_want_any(const struct gh_port_want *want)
{
	return want->usb_vid > 0 || want->usb_serial[0] != '\0';
}

void gh_port_want_text(const struct gh_port_want *want, char *out, size_t cap)
{
	const bool has_serial = want->usb_serial[0] != '\0';
	int n = 0;

	out[0] = '\0';
	if (want->usb_vid > 0)
		n = snprintf(out, cap, "usb %04x:%04x%s",
			     (unsigned)want->usb_vid, (unsigned)want->usb_pid,
			     has_serial ? " " : "");
	if (has_serial && n >= 0 && (size_t)n < cap)
		snprintf(out + n, cap - (size_t)n, "serial %s",
			 want->usb_serial);
}

/* Why it is not the one, "" when it may be. */
static void find_objection(const struct gh_port_want *want,
			   const struct gh_port *p, char *out, size_t cap)
{
	out[0] = '\0';
	if (p->usb_vid < 0)
		snprintf(out, cap, "no USB port");
	else if (want->usb_vid > 0 &&
		 (want->usb_vid != p->usb_vid || want->usb_pid != p->usb_pid))
		snprintf(out, cap, "usb %04x:%04x, expected %04x:%04x",
			 (unsigned)p->usb_vid, (unsigned)p->usb_pid,
			 (unsigned)want->usb_vid, (unsigned)want->usb_pid);
	else if (want->usb_serial[0] && !p->usb_serial[0])
		snprintf(out, cap, "no serial number, expected %s",
			 want->usb_serial);
	else if (want->usb_serial[0] &&
		 strcmp(want->usb_serial, p->usb_serial) != 0)
		snprintf(out, cap, "serial %s, expected %s", p->usb_serial,
			 want->usb_serial);
}

static void judge(const struct gh_port_want *want, const struct gh_port *p,
		  struct gh_port_candidate *out)
{
	char said[96];

	out->port = p;
	out->fit = GH_PORT_OTHER;
	if (!gh_port_want_any(want)) {
		snprintf(out->why, sizeof out->why, "nothing names it");
		return;
	}
	find_objection(want, p, out->why, sizeof out->why);
	if (out->why[0])
		return;
	gh_port_want_text(want, said, sizeof said);
	out->fit = want->device[0] && strcmp(want->device, p->name) == 0
			   ? GH_PORT_BEST
			   : GH_PORT_FITS;
	snprintf(out->why, sizeof out->why, "%s%s", said,
		 out->fit == GH_PORT_BEST ? " and the place in `port`" : "");
}

size_t gh_port_match(const struct gh_port_want *want,
		     const struct gh_port *ports, size_t n,
		     struct gh_port_candidate *out)
{
	static const enum gh_port_fit order[] = { GH_PORT_BEST, GH_PORT_FITS,
						  GH_PORT_OTHER };
	struct gh_port_candidate c;
	size_t used = 0, first = 0;

	for (size_t k = 0; k < GH_ARRAY_SIZE(order); k++)
		for (size_t i = 0; i < n; i++) {
			judge(want, &ports[i], &c);
			if (c.fit == order[k])
				out[used++] = c;
		}
	while (first < used && out[first].fit != GH_PORT_OTHER &&
	       out[first].fit == out[0].fit)
		first++;
	return first;
}

bool gh_port_is_counted(const char *name)
{
	static const char *const stems[] = { "/dev/ttyUSB", "/dev/ttyACM" };

	for (size_t i = 0; i < GH_ARRAY_SIZE(stems); i++)
		if (strncmp(name, stems[i], strlen(stems[i])) == 0)
			return true;
	return false;
}
