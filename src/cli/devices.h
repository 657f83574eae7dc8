/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * devices - the three things the verb does: verb_devices.c lists, devices_ask.c
 * asks one port, devices_watch.c tells what comes and goes.
 */
#ifndef GH_CLI_DEVICES_H
#define GH_CLI_DEVICES_H

#include "cli/verb.h"  /* struct gh_cli */
#include "link/link.h" /* struct gh_port */

/* Each returns the exit code. */
int gh_devices_ask(struct gh_cli *cli, const char *port);
int gh_devices_watch(struct gh_cli *cli);

/* What it is: by its USB id, else as it calls itself. Never NULL. */
const char *gh_devices_what(const struct gh_port *port);
/* "2341:0043", "" where it is no USB port. */
void gh_devices_usb(const struct gh_port *port, char *out, size_t cap);

#endif
