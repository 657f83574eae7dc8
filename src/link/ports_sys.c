/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ports_sys - what only /sys tells of a port: where it is plugged in, which of
 * the kernel's drivers has it, how long an FTDI chip holds short replies back.
 * Links and files are read; no device is touched.
 */
/* realpath is POSIX; glibc shows it only with this switch of its own. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier) */
#define _XOPEN_SOURCE 700

#include "link/kinds.h" /* gh_port_look */

#include "base/text.h" /* gh_safe_text */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_CAP = 512 };

/* The last component that is a USB interface: "2-1.4:1.0". */
static const char *interface_of(char *path)
{
	char *at = strrchr(path, '/');

	while (at) {
		const size_t bus = strspn(at + 1, "0123456789");
		const size_t all = strspn(at + 1, "0123456789.:-");

		if (bus > 0 && at[1 + bus] == '-' && at[1 + all] == '\0' &&
		    strchr(at + 1, ':'))
			return at + 1;
		*at = '\0';
		at = strrchr(path, '/');
	}
	return NULL;
}

static void note_path(const char *sys, const char *base, struct gh_port *p)
{
	char path[PATH_CAP];
	const char *at;
	char *real;

	snprintf(path, sizeof path, "%.200s/class/tty/%.60s/device", sys, base);
	real = realpath(path, NULL);
	if (!real)
		return;
	at = interface_of(real);
	if (at)
		gh_safe_text(p->usb_path, sizeof p->usb_path, at, strlen(at));
	free(real);
}

static void note_driver(const char *sys, const char *base, struct gh_port *p)
{
	char path[PATH_CAP], target[PATH_CAP];
	const char *name;
	ssize_t n;

	snprintf(path, sizeof path, "%.200s/class/tty/%.60s/device/driver", sys,
		 base);
	n = readlink(path, target, sizeof target - 1);
	if (n <= 0)
		return;
	target[n] = '\0';
	name = strrchr(target, '/');
	name = name ? name + 1 : target;
	gh_safe_text(p->kernel_driver, sizeof p->kernel_driver, name,
		     strlen(name));
}

/* A number in a file of the usb-serial port, -1: it has none. */
static int read_number(const char *sys, const char *base, const char *file)
{
	char path[PATH_CAP], text[16];
	size_t n;
	long value;
	FILE *f;

	snprintf(path, sizeof path, "%.200s/bus/usb-serial/devices/%.60s/%.30s",
		 sys, base, file);
	f = fopen(path, "re");
	if (!f)
		return -1;
	n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (!gh_parse_long(text, &value) || value < 0 || value > 0xffff)
		return -1;
	return (int)value;
}

/* Some adapters have all their ports on one interface: the number tells. */
static void note_port_number(const char *sys, const char *base,
			     struct gh_port *p)
{
	const int number = read_number(sys, base, "port_number");
	const size_t n = strlen(p->usb_path);

	if (number > 0 && n > 0)
		snprintf(p->usb_path + n, sizeof p->usb_path - n, "/%d",
			 number);
}

void gh_port_look(const char *sys, struct gh_port *p)
{
	const char *slash = strrchr(p->name, '/');
	const char *base = slash ? slash + 1 : p->name;

	note_path(sys, base, p);
	note_driver(sys, base, p);
	note_port_number(sys, base, p);
	p->latency_timer_ms = read_number(sys, base, "latency_timer");
}
