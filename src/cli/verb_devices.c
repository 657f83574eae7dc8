/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * devices - the ports this computer has, and with --rig which of them a check
 * would take. Only a port that is named with --ask is opened: a strange device
 * must not be talked to unasked.
 */
#include "cli/devices.h"   /* gh_devices_ask */
#include "cli/find_port.h" /* gh_port_list */
#include "cli/options.h"   /* gh_cli_text */
#include "cli/say.h"	   /* gh_say_failure */
#include "cli/show.h"	   /* gh_show_table */

#include <stdlib.h>

static const struct gh_option options[] = {
	{ "ask", "PORT", "open this port and ask who is there", GH_OPT_TEXT },
	{ "watch", NULL, "tell what is plugged and unplugged, until Ctrl-C",
	  GH_OPT_FLAG },
	{ 0 }
};

enum {
	PORT,
	WHAT,
	USB,
	SERIAL,
	PATH,
	DRIVER,
	LATENCY,
	MAKER,
	PRODUCT,
	NOTE,
	TAKEN, /* these two only with --rig */
	WHY,
	COLUMNS
};

static const struct gh_column columns[COLUMNS] = {
	[PORT] = { "port", "port", GH_CELL_TEXT },
	[WHAT] = { "what", "what", GH_CELL_TEXT },
	[USB] = { "usb", "usb id", GH_CELL_TEXT },
	[SERIAL] = { "usb_serial", "usb serial", GH_CELL_TEXT },
	[PATH] = { "usb_path", "path", GH_CELL_TEXT },
	[DRIVER] = { "kernel_driver", "driver", GH_CELL_TEXT },
	[LATENCY] = { "latency_timer_ms", NULL, GH_CELL_COUNT },
	[MAKER] = { "manufacturer", NULL, GH_CELL_TEXT },
	[PRODUCT] = { "product", NULL, GH_CELL_TEXT },
	[NOTE] = { "note", "note", GH_CELL_TEXT },
	[TAKEN] = { "taken", "taken", GH_CELL_BOOL },
	[WHY] = { "why", "why", GH_CELL_TEXT },
};

/* A reply at the end of a USB packet waits for the timer; 1 ms is the best. */
#define LATENCY_GOOD_MS 1

const char *gh_devices_what(const struct gh_port *port)
{
	const char *known = gh_usb_what(port->usb_vid, port->usb_pid);

	if (known[0])
		return known;
	return port->product[0] ? port->product : port->description;
}

void gh_devices_usb(const struct gh_port *port, char *out, size_t cap)
{
	out[0] = '\0';
	if (port->usb_vid >= 0)
		snprintf(out, cap, "%04x:%04x", (unsigned)port->usb_vid,
			 (unsigned)port->usb_pid);
}

static void add_port(struct gh_table *t, const struct gh_port_candidate *c,
		     bool taken)
{
	struct gh_cell *row = gh_table_add(t);
	const struct gh_port *port = c->port;

	gh_cell_put(&row[PORT], port->name);
	gh_cell_put(&row[WHAT], gh_devices_what(port));
	gh_devices_usb(port, row[USB].text, sizeof row[USB].text);
	gh_cell_put(&row[SERIAL], port->usb_serial);
	gh_cell_put(&row[PATH], port->usb_path);
	gh_cell_put(&row[DRIVER], port->kernel_driver);
	gh_cell_put(&row[MAKER], port->manufacturer);
	gh_cell_put(&row[PRODUCT], port->product);
	if (port->latency_timer_ms >= 0)
		row[LATENCY].number = port->latency_timer_ms;
	if (port->latency_timer_ms > LATENCY_GOOD_MS)
		snprintf(row[NOTE].text, sizeof row[NOTE].text,
			 "short replies wait up to %d ms: see doctor",
			 port->latency_timer_ms);
	if (t->n_columns <= TAKEN)
		return;
	row[TAKEN].number = taken;
	gh_cell_put(&row[WHY], c->why);
}

/* What the rig file means and no port is. */
static void add_missing(struct gh_table *t, const struct gh_rig *rig,
			size_t best)
{
	char wanted[128];
	struct gh_cell *row;

	gh_find_port_shown(rig, wanted, sizeof wanted);
	if (best > 0 || !wanted[0])
		return;
	row = gh_table_add(t);
	row[TAKEN].number = false;
	snprintf(row[WHY].text, sizeof row[WHY].text,
		 "expected and not in this list: %.110s", wanted);
}

static bool fill(struct gh_table *t, const struct gh_port_list *list,
		 const struct gh_rig *rig)
{
	/* One more for what is missing. */
	if (!gh_table_init(t, list->n + 1))
		return false;
	for (size_t i = 0; i < list->n; i++)
		add_port(t, &list->candidates[i], list->best == 1 && i == 0);
	if (rig)
		add_missing(t, rig, list->best);
	return true;
}

static int list_ports(struct gh_cli *cli, const struct gh_rig *rig)
{
	/* Without a rig file nothing is looked for. */
	static const struct gh_rig nothing;
	struct gh_table t = { .name = "devices",
			      .none = "no ports: is the USB cable in?",
			      .columns = columns,
			      .n_columns = rig ? COLUMNS : TAKEN };
	struct gh_port_list ports;
	struct gh_err err = { 0 };
	int code = GH_EXIT_OK;

	if (gh_port_list(rig ? rig : &nothing, &ports, &err) != GH_OK)
		return gh_say_failure(cli, &err);
	if (!fill(&t, &ports, rig) || !gh_show_table(cli, &t))
		code = gh_say_no_memory(cli);
	gh_table_finish(&t);
	gh_port_list_free(&ports);
	return code;
}

static int run(struct gh_cli *cli)
{
	const char *port = gh_cli_text(cli, "ask");
	struct gh_rig *rig;
	struct gh_err err = { 0 };
	int code;

	if (port)
		return gh_devices_ask(cli, port);
	if (gh_cli_on(cli, "watch"))
		return gh_devices_watch(cli);
	if (gh_cli_rig(cli, &rig, &err) != GH_OK)
		return gh_say_failure(cli, &err);
	code = list_ports(cli, rig);
	free(rig);
	return code;
}

const struct gh_verb gh_verb_devices = {
	.name = "devices",
	.summary = "the ports that are there; --ask PORT who answers on one",
	.usage = "",
	.options = options,
	.run = run,
};
