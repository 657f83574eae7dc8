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

#include <fcntl.h>
#include <limits.h>
#include <linux/serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
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
	char path[PATH_CAP], real[PATH_MAX];
	const char *at;

	snprintf(path, sizeof path, "%.200s/class/tty/%.60s/device", sys, base);
	if (!realpath(path, real))
		return;
	at = interface_of(real);
	if (at)
		gh_safe_text(p->usb_path, sizeof p->usb_path, at, strlen(at));
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
	ssize_t n;
	long value;
	int fd;

	snprintf(path, sizeof path, "%.200s/bus/usb-serial/devices/%.60s/%.30s",
		 sys, base, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = read(fd, text, sizeof text - 1);
	close(fd);
	if (n < 0)
		return -1;
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

/* Ports of the 8250 driver are there whether or not there is a chip. */
static bool has_chip(const char *name)
{
	struct serial_struct about = { 0 };
	char path[PATH_CAP];
	bool has;
	int fd;

	snprintf(path, sizeof path, "/dev/%.60s", name);
	fd = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return false;
	has = ioctl(fd, TIOCGSERIAL, &about) == 0 && about.type != PORT_UNKNOWN;
	close(fd);
	return has;
}

bool gh_port_is_one(const char *sys, const char *name)
{
	static const char *const links[] = { "", "/device" };
	char path[PATH_CAP], target[PATH_CAP];
	ssize_t n = -1;

	for (size_t i = 0; i < GH_ARRAY_SIZE(links) && n <= 0; i++) {
		snprintf(path, sizeof path, "%.200s/class/tty/%.60s%s", sys,
			 name, links[i]);
		n = readlink(path, target, sizeof target - 1);
	}
	if (n <= 0)
		return false;
	target[n] = '\0';
	if (strstr(target, "virtual"))
		return false;
	return !strstr(target, "serial8250") || has_chip(name);
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
