/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * devices - the ports this computer has. Only a port that is named with --ask
 * is opened: a strange device must not be talked to unasked.
 */
#include "cli/options.h"   /* gh_cli_text */
#include "cli/say.h"	   /* gh_say_failure */
#include "cli/show.h"	   /* gh_show_table */
#include "driver/driver.h" /* gh_drivers */

#include <stdlib.h>

enum { PORTS = 64 };

static const struct gh_option options[] = {
	{ "ask", "PORT", "open this port and ask who is there", GH_OPT_TEXT },
	{ 0 }
};

enum { PORT, DESCRIPTION, USB, SERIAL, PORT_COLUMNS };

static const struct gh_column port_columns[PORT_COLUMNS] = {
	[PORT] = { "port", "port", GH_CELL_TEXT },
	[DESCRIPTION] = { "description", "description", GH_CELL_TEXT },
	[USB] = { "usb", "usb id", GH_CELL_TEXT },
	[SERIAL] = { "usb_serial", "usb serial", GH_CELL_TEXT },
};

static void put(struct gh_cell *cell, const char *text)
{
	snprintf(cell->text, sizeof cell->text, "%s", text);
}

static void add_port(struct gh_table *t, const struct gh_port *port)
{
	struct gh_cell *c = gh_table_add(t);

	put(&c[PORT], port->name);
	put(&c[DESCRIPTION], port->description);
	put(&c[SERIAL], port->usb_serial);
	if (port->usb_vid >= 0)
		snprintf(c[USB].text, sizeof c[USB].text, "%04x:%04x",
			 (unsigned)port->usb_vid, (unsigned)port->usb_pid);
}

static int list(struct gh_cli *cli)
{
	struct gh_table t = { .name = "devices",
			      .none = "no ports: is the USB cable in?",
			      .columns = port_columns,
			      .n_columns = PORT_COLUMNS };
	struct gh_port *ports = calloc(PORTS, sizeof *ports);
	struct gh_err err = { 0 };
	size_t n = 0;
	int code = GH_EXIT_INTERNAL;

	if (!ports || !gh_table_init(&t, PORTS))
		goto out;
	if (gh_ports(ports, PORTS, &n, &err) != GH_OK) {
		code = gh_say_failure(cli, &err);
		goto out_table;
	}
	for (size_t i = 0; i < n && i < PORTS; i++)
		add_port(&t, &ports[i]);
	code = gh_show_table(cli, &t) ? GH_EXIT_OK : GH_EXIT_INTERNAL;
out_table:
	gh_table_finish(&t);
out:
	free(ports);
	return code;
}

/* ---- --ask ---- */

enum { ASKED, DRIVER, MODEL, FIRMWARE, ID, JOINTS, SIMULATED, ASK_COLUMNS };

static const struct gh_column ask_columns[ASK_COLUMNS] = {
	[ASKED] = { "port", "port", GH_CELL_TEXT },
	[DRIVER] = { "driver", "driver", GH_CELL_TEXT },
	[MODEL] = { "model", "model", GH_CELL_TEXT },
	[FIRMWARE] = { "firmware", "firmware", GH_CELL_TEXT },
	[ID] = { "id", "id", GH_CELL_TEXT },
	[JOINTS] = { "joints", "joints", GH_CELL_COUNT },
	[SIMULATED] = { "simulated", "simulated", GH_CELL_BOOL },
};

static enum gh_status ask_one(struct gh_cli *cli, const char *port,
			      const struct gh_driver *driver,
			      struct gh_dev_info *info, struct gh_err *err)
{
	struct gh_link *link;
	enum gh_status st =
		gh_link_open(&link, port, driver->default_baud, err);

	if (st != GH_OK)
		return st;
	st = driver->identify(link, cli->clock, info, err);
	info->simulated = info->simulated || link->is_pty;
	gh_link_close(link);
	return st;
}

/* Silence or another language is not the end: the next driver may know it. */
static bool worth_another(enum gh_status st)
{
	return st == GH_UNSUP || st == GH_TIMEOUT || st == GH_PROTO;
}

static bool print_answer(struct gh_cli *cli, const char *port,
			 const struct gh_driver *driver,
			 const struct gh_dev_info *info)
{
	struct gh_table t = { .name = "devices",
			      .none = "",
			      .columns = ask_columns,
			      .n_columns = ASK_COLUMNS };
	struct gh_cell *c;
	bool ok;

	if (!gh_table_init(&t, 1))
		return false;
	c = gh_table_add(&t);
	put(&c[ASKED], port);
	put(&c[DRIVER], driver->name);
	put(&c[MODEL], info->model);
	put(&c[FIRMWARE], info->firmware);
	put(&c[ID], info->id);
	c[JOINTS].number = info->n_actuators;
	c[SIMULATED].number = info->simulated;
	ok = gh_show_table(cli, &t);
	gh_table_finish(&t);
	return ok;
}

static int ask(struct gh_cli *cli, const char *port)
{
	struct gh_dev_info *info = calloc(1, sizeof *info);
	struct gh_err err = { .code = GH_UNSUP, .msg = "no drivers" };
	enum gh_status st = GH_UNSUP;
	size_t i = 0;
	int code = GH_EXIT_INTERNAL;

	for (; info && gh_drivers[i] && worth_another(st); i++)
		st = ask_one(cli, port, gh_drivers[i], info, &err);
	if (info && st != GH_OK)
		code = gh_say_failure(cli, &err);
	else if (info && print_answer(cli, port, gh_drivers[i - 1], info))
		code = GH_EXIT_OK;
	free(info);
	return code;
}

static int run(struct gh_cli *cli)
{
	const char *port = gh_cli_text(cli, "ask");

	return port ? ask(cli, port) : list(cli);
}

const struct gh_verb gh_verb_devices = {
	.name = "devices",
	.summary = "the ports that are there; --ask PORT who answers on one",
	.usage = "",
	.options = options,
	.run = run,
};
