/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * devices_watch - what is plugged and unplugged, a line each, until a signal.
 */
#include "cli/devices.h" /* what is defined here */

#include "cli/options.h"  /* gh_cli_on */
#include "cli/say.h"	  /* gh_say_failure */
#include "cli/signals.h"  /* gh_signals_start */
#include "link/watch.h"	  /* gh_watch_open */
#include "report/table.h" /* gh_table_json_line */

enum { FDS = 16 };

enum { TIME, EVENT, PORT, WHAT, USB, SERIAL, PATH, COLUMNS };

static const struct gh_column columns[COLUMNS] = {
	[TIME] = { "t_s", "", GH_CELL_NUMBER },
	[EVENT] = { "event", "", GH_CELL_TEXT },
	[PORT] = { "port", "", GH_CELL_TEXT },
	[WHAT] = { "what", "", GH_CELL_TEXT },
	[USB] = { "usb", "", GH_CELL_TEXT },
	[SERIAL] = { "usb_serial", "", GH_CELL_TEXT },
	[PATH] = { "usb_path", "", GH_CELL_TEXT },
};

struct watching {
	struct gh_cli *cli;
	struct gh_watch *watch;
	gh_us begun;
	bool json;
};

static bool print_text(FILE *out, const struct gh_cell *c)
{
	return fprintf(out, "%8.1f s  %-8s %s  %s%s%s%s%s%s\n", c[TIME].number,
		       c[EVENT].text, c[PORT].text, c[WHAT].text,
		       c[USB].text[0] ? "  " : "", c[USB].text,
		       c[SERIAL].text[0] ? "  serial " : "", c[SERIAL].text,
		       "") > 0 &&
	       fflush(out) == 0;
}

/* False: nobody reads any more. */
static bool tell(const struct watching *w, const char *event,
		 const struct gh_port *port)
{
	struct gh_cell cells[COLUMNS] = { 0 };
	const struct gh_table t = {
		.columns = columns,
		.n_columns = COLUMNS,
		.cells = cells,
		.n_rows = 1,
	};

	cells[TIME].number =
		(double)(gh_now(w->cli->clock) - w->begun) / GH_US_PER_S;
	gh_cell_put(&cells[EVENT], event);
	gh_cell_put(&cells[PORT], port->name);
	gh_cell_put(&cells[WHAT], gh_devices_what(port));
	gh_devices_usb(port, cells[USB].text, sizeof cells[USB].text);
	gh_cell_put(&cells[SERIAL], port->usb_serial);
	gh_cell_put(&cells[PATH], port->usb_path);
	return w->json ? gh_table_json_line(&t, 0, w->cli->out)
		       : print_text(w->cli->out, cells);
}

static bool tell_present(const struct watching *w)
{
	size_t n;
	const struct gh_port *ports = gh_watch_ports(w->watch, &n);
	bool read = true;

	for (size_t i = 0; i < n && read; i++)
		read = tell(w, "present", &ports[i]);
	return read;
}

static bool tell_changes(const struct watching *w)
{
	struct gh_port port;
	bool arrived, read = true;

	while (read && gh_watch_next(w->watch, &port, &arrived))
		read = tell(w, arrived ? "arrived" : "left", &port);
	return read;
}

static enum gh_status attend(const struct watching *w, struct gh_err *err)
{
	const struct gh_clock *clk = w->cli->clock;
	enum gh_status st = GH_OK;
	struct pollfd fds[FDS];
	bool read = tell_present(w);

	while (st == GH_OK && read) {
		size_t n = gh_signals_fds(fds, FDS);

		n += gh_watch_fds(w->watch, fds + n, FDS - n);
		(void)gh_wait(clk, fds, n, gh_watch_due(w->watch));
		if (gh_signals_came())
			break;
		st = gh_watch_look(w->watch, gh_now(clk), err);
		if (st == GH_OK)
			read = tell_changes(w);
	}
	return st;
}

int gh_devices_watch(struct gh_cli *cli)
{
	struct watching w = { .cli = cli,
			      .begun = gh_now(cli->clock),
			      .json = gh_cli_on(cli, "json") };
	struct gh_err err = { 0 };
	enum gh_status st = gh_signals_start(&err);

	if (st == GH_OK)
		st = gh_watch_open(&w.watch, w.begun, &err);
	if (st == GH_OK) {
		if (!gh_cli_on(cli, "quiet"))
			fprintf(cli->err,
				"watching the ports by %s; Ctrl-C "
				"ends\n",
				gh_watch_how(w.watch));
		st = attend(&w, &err);
	}
	gh_watch_close(w.watch);
	gh_signals_finish();
	/* The signal is how it is meant to end. */
	return st == GH_OK ? GH_EXIT_OK : gh_say_failure(cli, &err);
}
