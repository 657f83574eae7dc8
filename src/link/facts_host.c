/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/facts.h" /* what is defined here */

#include "base/text.h"	     /* gh_is_digit */
#include "link/facts_read.h" /* gh_facts_each */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define RULES_NAME "60-ghostlight.rules"
#define USB_DEVICES "/sys/bus/usb/devices"

/* Debian 12's udevadm 252 names the first four; before the /usr merge, /lib. */
const char *const gh_udev_folders[] = {
	"/etc/udev/rules.d",	       "/run/udev/rules.d",
	"/usr/local/lib/udev/rules.d", "/usr/lib/udev/rules.d",
	"/lib/udev/rules.d",	       NULL
};

enum { ANY_PID = -1 };

/* Who drives what usb_names.c knows; the first row that fits. */
static const struct {
	int vid, pid;
	const char *module;
} modules[] = {
	{ 0x0403, ANY_PID, "ftdi_sio" }, { 0x067b, ANY_PID, "pl2303" },
	{ 0x10c4, ANY_PID, "cp210x" },	 { 0x1a86, 0x7523, "ch341" },
	{ 0x1a86, 0x5523, "ch341" },
};

/*
 * Arduinos: what firmata and our own firmware are flashed on, and never a
 * modem. 60-ghostlight.rules has the same ids and a test compares them.
 */
static const int board_vids[] = { 0x2341, 0x2a03 };

const char *gh_adapter_module(int vid, int pid)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(modules); i++)
		if (modules[i].vid == vid &&
		    (modules[i].pid == pid || modules[i].pid == ANY_PID))
			return modules[i].module;
	return "cdc_acm";
}

bool gh_adapter_boots(int vid, int pid)
{
	return strstr(gh_usb_what(vid, pid), "boot loader") != NULL;
}

bool gh_is_board(int vid, int pid)
{
	bool board = false;

	for (size_t i = 0; i < GH_ARRAY_SIZE(board_vids); i++)
		board = board || board_vids[i] == vid;
	return board && gh_usb_what(vid, pid)[0] != '\0' &&
	       !gh_adapter_boots(vid, pid);
}

/* ---- Rules ----------------------------------------------------------------*/

/* An empty file, or a link to /dev/null, hides those in weaker folders. */
static void find_rules(const char *root, struct gh_host_facts *out)
{
	char path[GH_FACTS_PATH];
	struct stat s;

	for (size_t i = 0; gh_udev_folders[i]; i++) {
		snprintf(path, sizeof path, "%s%s/%s", root, gh_udev_folders[i],
			 RULES_NAME);
		if (stat(path, &s) != 0)
			continue;
		if (S_ISREG(s.st_mode) && s.st_size > 0)
			gh_copy_text(out->rules, sizeof out->rules,
				     gh_udev_folders[i]);
		return;
	}
}

struct claim {
	const char *root, *folder;
	char product[16]; /* "1a86/7523/", as brltty writes it */
	struct gh_host_facts *out;
};

static bool names_product(const char *line, const char *product)
{
	const size_t n = strlen(product);

	line += strspn(line, " \t");
	for (; *line && *line != '#'; line++)
		if (strncasecmp(line, product, n) == 0)
			return true;
	return false;
}

static bool is_masked(const char *root, const char *name)
{
	char path[GH_FACTS_PATH];
	struct stat s;

	snprintf(path, sizeof path, "%s%s/%s", root, gh_udev_folders[0], name);
	return stat(path, &s) == 0 && !S_ISREG(s.st_mode);
}

static bool claims(const char *name, void *self)
{
	const struct claim *c = self;
	char path[GH_FACTS_PATH], line[GH_FACTS_LINE];
	bool found = false;
	FILE *f;

	if (!strstr(name, "brltty") || is_masked(c->root, name))
		return false;
	snprintf(path, sizeof path, "%s%s/%s", c->root, c->folder, name);
	f = fopen(path, "re");
	if (!f)
		return false;
	while (!found && fgets(line, sizeof line, f))
		found = names_product(line, c->product);
	fclose(f);
	if (found) {
		snprintf(path, sizeof path, "%s/%s", c->folder, name);
		gh_safe_text(c->out->brltty_rules, sizeof c->out->brltty_rules,
			     path, strlen(path));
	}
	return found;
}

static void find_brltty_rules(const char *root, const struct gh_port *usb,
			      struct gh_host_facts *out)
{
	struct claim c = { .root = root, .out = out };

	if (!usb || usb->usb_vid < 0)
		return;
	/* PRODUCT of a uevent has no leading zeros: "403/6001/600". */
	snprintf(c.product, sizeof c.product, "%x/%x/",
		 (unsigned)usb->usb_vid & 0xffff,
		 (unsigned)usb->usb_pid & 0xffff);
	for (size_t i = 0; gh_udev_folders[i]; i++) {
		c.folder = gh_udev_folders[i];
		if (gh_facts_each(root, c.folder, claims, &c))
			return;
	}
}

/* ---- Programs -------------------------------------------------------------*/

struct programs {
	const char *root;
	struct gh_host_facts *out;
};

static bool note_program(const char *name, void *self)
{
	const struct programs *p = self;
	char folder[64], command[64];

	if (!gh_is_digit(name[0]))
		return false;
	snprintf(folder, sizeof folder, "/proc/%.20s", name);
	if (!gh_facts_line(p->root, folder, "comm", command, sizeof command))
		return false;
	if (strcmp(command, "ModemManager") == 0)
		p->out->modem_manager = true;
	if (strcmp(command, "brltty") == 0)
		p->out->brltty = true;
	return false;
}

void gh_host_facts(const char *root, const struct gh_port *usb,
		   struct gh_host_facts *out)
{
	struct programs p = { root, out };
	char path[GH_FACTS_PATH];

	memset(out, 0, sizeof *out);
	snprintf(path, sizeof path, "%s/run/udev/control", root);
	out->udev_runs = access(path, F_OK) == 0;
	find_rules(root, out);
	find_brltty_rules(root, usb, out);
	(void)gh_facts_each(root, "/proc", note_program, &p);
}

/* ---- An adapter that nobody drives ----------------------------------------*/

struct adapter {
	const char *root;
	struct gh_port *out;
};

static bool starts_with_tty(const char *name, void *self)
{
	(void)self;
	return strncmp(name, "tty", 3) == 0;
}

/* "1-1:1.0" of "1-1"; cdc_acm's tty lies in a folder tty/ of it. */
static bool has_tty(const char *name, void *self)
{
	const struct adapter *a = self;
	const size_t n = strlen(a->out->usb_path);
	char folder[GH_FACTS_PATH];

	if (strncmp(name, a->out->usb_path, n) != 0 || name[n] != ':')
		return false;
	snprintf(folder, sizeof folder, USB_DEVICES "/%.64s", name);
	return gh_facts_each(a->root, folder, starts_with_tty, NULL);
}

static int read_hex(const char *root, const char *folder, const char *name)
{
	char line[16];

	if (!gh_facts_line(root, folder, name, line, sizeof line))
		return -1;
	return (int)strtol(line, NULL, 16);
}

static bool take_lonely(const char *name, void *self)
{
	const struct adapter *a = self;
	struct gh_port *p = a->out;
	char folder[GH_FACTS_PATH];

	snprintf(folder, sizeof folder, USB_DEVICES "/%.64s", name);
	*p = (struct gh_port){ .latency_timer_ms = -1 };
	p->usb_vid = read_hex(a->root, folder, "idVendor");
	p->usb_pid = read_hex(a->root, folder, "idProduct");
	if (gh_usb_what(p->usb_vid, p->usb_pid)[0] == '\0')
		return false;
	gh_safe_text(p->usb_path, sizeof p->usb_path, name, strlen(name));
	gh_facts_safe(a->root, folder, "product", p->product,
		      sizeof p->product);
	gh_facts_safe(a->root, folder, "serial", p->usb_serial,
		      sizeof p->usb_serial);
	return !gh_facts_each(a->root, USB_DEVICES, has_tty, self);
}

bool gh_adapter_without_port(const char *root, struct gh_port *out)
{
	struct adapter a = { root, out };

	return gh_facts_each(root, USB_DEVICES, take_lonely, &a);
}
