/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups and users of a file that is named; glibc has it behind this switch. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier) */
#define _DEFAULT_SOURCE

#include "link/facts.h" /* what is defined here */

#include "base/text.h"	     /* gh_copy_text */
#include "link/facts_read.h" /* gh_facts_each */
#include "link/kinds.h"	     /* gh_link_find_holder */

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* GROUP_TEXT: a group with all its members. */
enum {
	GROUPS_MOST = 64,
	GROUP_TEXT = 16384,
	USB_MAJOR = 189,
	USB_PER_BUS = 128
};

/* One question, asked of every name in a folder. */
struct asked {
	const char *root, *folder;
	dev_t device;
	struct gh_port_facts *out;
};

/* ---- Names ----------------------------------------------------------------*/

static bool is_same_device(const char *root, const char *folder,
			   const char *name, dev_t device)
{
	char path[GH_FACTS_PATH];
	struct stat s;

	snprintf(path, sizeof path, "%s%s/%s", root, folder, name);
	return stat(path, &s) == 0 && S_ISCHR(s.st_mode) && s.st_rdev == device;
}

static bool take_link(const char *name, void *self)
{
	const struct asked *a = self;
	char path[GH_FACTS_PATH];

	if (!is_same_device(a->root, a->folder, name, a->device))
		return false;
	snprintf(path, sizeof path, "%s/%s", a->folder, name);
	gh_safe_text(a->out->link, sizeof a->out->link, path, strlen(path));
	return true;
}

static bool take_ours(const char *name, void *self)
{
	return strncmp(name, "ghostlight", 10) == 0 && take_link(name, self);
}

/* Our own link is the better name; by-id is there without our rule. */
static void find_link(struct asked *a)
{
	a->folder = "/dev";
	if (gh_facts_each(a->root, a->folder, take_ours, a))
		return;
	a->folder = "/dev/serial/by-id";
	(void)gh_facts_each(a->root, a->folder, take_link, a);
}

/* The kernel's own name for the device number; ptys have none. */
static void find_node(const char *root, dev_t device, struct gh_port_facts *out)
{
	char path[GH_FACTS_PATH], to[GH_FACTS_PATH];
	const char *base;
	ssize_t n;

	snprintf(path, sizeof path, "%s/sys/dev/char/%u:%u", root,
		 major(device), minor(device));
	n = readlink(path, to, sizeof to - 1);
	if (n <= 0)
		return;
	to[n] = '\0';
	base = strrchr(to, '/') ? strrchr(to, '/') + 1 : to;
	snprintf(path, sizeof path, "%s/sys/class/tty/%.64s", root, base);
	out->listed = access(path, F_OK) == 0;
	if (!out->listed)
		return;
	snprintf(path, sizeof path, "/dev/%.64s", base);
	gh_safe_text(out->node, sizeof out->node, path, strlen(path));
}

/* ---- Rights ---------------------------------------------------------------*/

/*
 * The two files themselves: glibc's getgrgid() and getpwuid() crash where
 * memory runs out in them (2.36, nss_database.c). Who is in neither comes from
 * a directory of the house, and is told by the groups of the session.
 */
static FILE *open_list(const char *root, const char *name)
{
	char path[GH_FACTS_PATH];

	snprintf(path, sizeof path, "%s/etc/%s", root, name);
	return fopen(path, "re");
}

static bool find_group(const char *root, gid_t gid, struct group *out,
		       char *text, size_t cap)
{
	FILE *f = open_list(root, "group");
	struct group *g = NULL;

	while (f && fgetgrent_r(f, out, text, cap, &g) == 0 && g->gr_gid != gid)
		g = NULL;
	if (f)
		fclose(f);
	return g != NULL;
}

static bool find_user(const char *root, uid_t uid, struct passwd *out,
		      char *text, size_t cap)
{
	FILE *f = open_list(root, "passwd");
	struct passwd *user = NULL;

	while (f && fgetpwent_r(f, out, text, cap, &user) == 0 &&
	       user->pw_uid != uid)
		user = NULL;
	if (f)
		fclose(f);
	return user != NULL;
}

static bool is_member(const char *root, const struct group *g)
{
	char text[GH_FACTS_LINE];
	struct passwd user;

	if (!find_user(root, getuid(), &user, text, sizeof text))
		return false;
	if (user.pw_gid == g->gr_gid)
		return true;
	for (char **name = g->gr_mem; *name; name++)
		if (strcmp(*name, user.pw_name) == 0)
			return true;
	return false;
}

static bool has_group_now(gid_t group)
{
	gid_t mine[GROUPS_MOST];
	const int n = getgroups(GROUPS_MOST, mine);

	for (int i = 0; i < n; i++)
		if (mine[i] == group)
			return true;
	return getegid() == group;
}

static void find_rights(const char *root, const char *path,
			const struct stat *s, struct gh_port_facts *out)
{
	char text[GROUP_TEXT];
	struct group g;

	out->may_open = access(path, R_OK | W_OK) == 0;
	out->group_may = (s->st_mode & 060) == 060;
	out->in_session = has_group_now(s->st_gid);
	if (!find_group(root, s->st_gid, &g, text, sizeof text)) {
		snprintf(out->group, sizeof out->group, "%u",
			 (unsigned)s->st_gid);
		return;
	}
	gh_safe_text(out->group, sizeof out->group, g.gr_name,
		     strlen(g.gr_name));
	out->in_login = is_member(root, &g);
}

/* ---- Others ---------------------------------------------------------------*/

/* What udev noted of a device: UNKNOWN without a record. */
static enum gh_known udev_says(const char *root, dev_t device, const char *key)
{
	char path[GH_FACTS_PATH], line[GH_FACTS_LINE];
	const size_t n = strlen(key);
	enum gh_known says = GH_KNOWN_NO;
	FILE *f;

	snprintf(path, sizeof path, "%s/run/udev/data/c%u:%u", root,
		 major(device), minor(device));
	f = fopen(path, "re");
	if (!f)
		return GH_UNKNOWN;
	while (fgets(line, sizeof line, f))
		if (strncmp(line, "E:", 2) == 0 &&
		    strncmp(line + 2, key, n) == 0 &&
		    strncmp(line + 2 + n, "=1", 2) == 0)
			says = GH_KNOWN_YES;
	fclose(f);
	return says;
}

/* The mark may sit on the port or on the whole USB device. */
static enum gh_known mm_ignores(const char *root, dev_t device,
				const struct gh_port *usb)
{
	enum gh_known says = udev_says(root, device, "ID_MM_DEVICE_IGNORE");

	if (says != GH_KNOWN_YES &&
	    udev_says(root, device, "ID_MM_PORT_IGNORE") == GH_KNOWN_YES)
		says = GH_KNOWN_YES;
	if (says == GH_KNOWN_YES || !usb || usb->usb_address <= 0)
		return says;
	device =
		makedev(USB_MAJOR, (unsigned)((usb->usb_bus - 1) * USB_PER_BUS +
					      usb->usb_address - 1));
	return udev_says(root, device, "ID_MM_DEVICE_IGNORE") == GH_KNOWN_YES
		       ? GH_KNOWN_YES
		       : says;
}

/* "tty0 ttyS0": where the kernel's messages go. */
static bool is_console(const char *root, dev_t device)
{
	char line[GH_FACTS_LINE], folder[GH_FACTS_PATH], want[32], dev[32];

	snprintf(want, sizeof want, "%u:%u", major(device), minor(device));
	if (!gh_facts_line(root, "/sys/class/tty/console", "active", line,
			   sizeof line))
		return false;
	for (char *rest = line, *tty; (tty = strtok_r(rest, " ", &rest));) {
		snprintf(folder, sizeof folder, "/sys/class/tty/%.32s", tty);
		if (gh_facts_line(root, folder, "dev", dev, sizeof dev) &&
		    strcmp(dev, want) == 0)
			return true;
	}
	return false;
}

void gh_port_facts(const char *root, const char *port,
		   const struct gh_port *usb, struct gh_port_facts *out)
{
	struct asked a = { .root = root, .out = out };
	char path[GH_FACTS_PATH];
	struct stat s;

	memset(out, 0, sizeof *out);
	snprintf(path, sizeof path, "%s%s", root, port);
	if (stat(path, &s) != 0)
		return;
	out->exists = true;
	out->is_device = S_ISCHR(s.st_mode);
	find_rights(root, path, &s, out);
	gh_safe_text(out->node, sizeof out->node, port, strlen(port));
	if (!out->is_device)
		return;
	a.device = s.st_rdev;
	find_node(root, s.st_rdev, out);
	find_link(&a);
	out->our_rule = udev_says(root, s.st_rdev, "ID_GHOSTLIGHT");
	out->mm_ignores = mm_ignores(root, s.st_rdev, usb);
	out->is_console = is_console(root, s.st_rdev);
	if (out->listed)
		out->is_held = gh_link_find_holder(s.st_rdev, out->holder,
						   sizeof out->holder);
}
