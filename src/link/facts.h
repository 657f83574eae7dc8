/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * facts - what this computer knows about a port without opening it: rights,
 * udev's rules and records, who else may want it. Everything is read below
 * `root` ("" on the machine itself, a folder with a copy of /dev, /sys, /proc,
 * /run, /etc and /usr in tests). All texts are through gh_safe_text.
 */
#ifndef GH_LINK_FACTS_H
#define GH_LINK_FACTS_H

#include "link/link.h" /* struct gh_port */

#include <sys/types.h>

/* Unknown is neither: nobody could be asked. */
enum gh_known { GH_UNKNOWN, GH_KNOWN_NO, GH_KNOWN_YES };

struct gh_port_facts {
	bool exists;	/* some file has that name */
	bool is_device; /* a character device, as a port must be */
	bool listed;	/* the kernel's own list of ttys has it: no pty */
	char node[64];	/* the kernel's name, "/dev/ttyUSB0" */
	char link[128]; /* a name that stays: /dev/ghostlight..., by-id; "" */
	bool may_open;	/* for reading and writing */
	char group[33]; /* that owns it */
	bool group_may; /* the group may read and write */
	bool in_login, in_session; /* is the user in it: by /etc, right now */
	bool is_held;		   /* seen open in another program */
	char holder[96];	   /* "held by minicom (process 1234)" */
	bool is_console;	   /* the kernel prints its messages there */
	enum gh_known our_rule;	   /* udev's record says ID_GHOSTLIGHT */
	enum gh_known mm_ignores;  /* ... that ModemManager leaves it alone */
};

struct gh_host_facts {
	bool udev_runs;
	char rules[96]; /* folder with the 60-ghostlight.rules in use, "" */
	bool modem_manager, brltty; /* are running */
	char brltty_rules[96];	    /* a rule file of brltty's with this id */
};

/*
 * About `port` as it was given; usb (may be NULL) is its row of gh_ports. Looks
 * for a holder among the processes we may look at, ptys excepted: their other
 * end is always somebody's.
 */
void gh_port_facts(const char *root, const char *port,
		   const struct gh_port *usb, struct gh_port_facts *out);

/* About the machine; usb (may be NULL): whose ids brltty might claim. */
void gh_host_facts(const char *root, const struct gh_port *usb,
		   struct gh_host_facts *out);

/*
 * The first USB adapter that gh_usb_what knows and that has no tty: nobody
 * drives it. False: there is none. Only the usb_* fields, product
 * and kernel_driver are filled.
 */
bool gh_adapter_without_port(const char *root, struct gh_port *out);

/* Where udev looks for rules, the strongest first (udev(7)); NULL ends. */
extern const char *const gh_udev_folders[];

/* The kernel module for an id that gh_usb_what knows. */
const char *gh_adapter_module(int vid, int pid);
/* It waits for a new firmware and has no port. */
bool gh_adapter_boots(int vid, int pid);
/* The id of a controller board, not of a cable that anything may hang on. */
bool gh_is_board(int vid, int pid);

#endif
