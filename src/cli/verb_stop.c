/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stop - asks whoever runs a check there to stop, else opens the port and
 * sends the stop itself. What is printed was read back from the controller.
 * This is not a safety device: the one that is has a switch.
 */
#include "cli/control.h"   /* gh_control_ask */
#include "cli/find_port.h" /* gh_find_port */
#include "cli/flow.h"	   /* gh_flow_port */
#include "cli/options.h"   /* gh_cli_text */
#include "cli/say.h"	   /* gh_say_failure */
#include "cli/show.h"	   /* gh_cli_rig */
#include "driver/driver.h" /* struct gh_driver */

#include <stdlib.h>

static int say(struct gh_cli *cli, bool safe, const char *text)
{
	fprintf(cli->out, "%s: %s\n", safe ? "stopped" : "NOT SAFE", text);
	if (!safe)
		fprintf(cli->err, "ghostlight: the safe state was not read "
				  "back: switch the sculpture off at its own "
				  "switch\n");
	return safe ? GH_EXIT_OK : GH_EXIT_HOLD;
}

static int send_stop(struct gh_cli *cli, const struct gh_driver *driver,
		     struct gh_dev *dev)
{
	struct gh_dev_status seen = { .cause = "" };
	struct gh_err err = { 0 };
	char text[GH_CONTROL_LINE];

	(void)!driver->stop(dev, &err);
	/* No joint loses its torque here: a limp arm falls. */
	if (driver->safe(dev, 0, &seen, &err) != GH_OK)
		return say(cli, false, err.msg);
	snprintf(text, sizeof text, "%s, %s%s%s",
		 seen.at_rest ? "at rest" : "slowing down",
		 seen.state == GH_MOTION_LATCHED ? "stop latched" : "disarmed",
		 seen.cause && seen.cause[0] ? ": " : "",
		 seen.cause ? seen.cause : "");
	return say(cli, true, text);
}

static int stop_on(struct gh_cli *cli, const struct gh_rig *rig,
		   const struct gh_driver *driver, struct gh_link *link)
{
	struct gh_wiring wiring = { "", NULL, 0 };
	struct gh_dev *dev;
	struct gh_err err = { 0 };
	int code;

	if (rig)
		wiring = (struct gh_wiring){ rig->file, rig->wires,
					     rig->n_wires };
	if (driver->open(&dev, link, cli->clock, &wiring, 0, &err) != GH_OK) {
		gh_say_error(cli, &err);
		return say(cli, false, "the controller did not answer");
	}
	code = send_stop(cli, driver, dev);
	driver->close(dev);
	return code;
}

static int stop_port(struct gh_cli *cli, const struct gh_rig *rig,
		     const char *port)
{
	const struct gh_driver *driver =
		gh_driver_find(rig ? rig->links[0].driver : "lumina");
	struct gh_link *link;
	struct gh_err err = { 0 };
	int code;

	if (!driver) {
		(void)!gh_fail(&err, GH_ARG, "no driver is called \"%s\"",
			       rig->links[0].driver);
		return gh_say_failure(cli, &err);
	}
	if (gh_link_open(&link, port, driver->default_baud, &err) != GH_OK) {
		gh_say_error(cli, &err);
		return say(cli, false, "the port could not be opened");
	}
	code = stop_on(cli, rig, driver, link);
	gh_link_close(link);
	return code;
}

static int not_found(struct gh_cli *cli, const struct gh_err *err)
{
	gh_say_error(cli, err);
	return say(cli, false, "its port was not found");
}

static void say_line(void *self, const char *line)
{
	const struct gh_cli *cli = self;

	fprintf(cli->err, "ghostlight: %s\n", line);
}

/* Nobody there owns a check: the port that the rig file means. */
static enum gh_status find_port(struct gh_cli *cli, const struct gh_rig *rig,
				char *port, size_t cap, struct gh_err *err)
{
	const struct gh_find_port how = {
		.rig = rig,
		.clock = cli->clock,
		.say = gh_cli_on(cli, "quiet") ? NULL : say_line,
		.self = cli,
	};

	if (!rig)
		return gh_fail(err, GH_ARG,
			       "no port: give --port P or a --rig FILE with "
			       "one");
	if (!gh_driver_find(rig->links[0].driver))
		return gh_fail(err, GH_ARG, "no driver is called \"%s\"",
			       rig->links[0].driver);
	return gh_find_port(&how, port, cap, err);
}

static int stop(struct gh_cli *cli, const struct gh_rig *rig)
{
	const char *given = gh_cli_text(cli, "port");
	const char *serial = rig ? rig->serial : NULL;
	char text[GH_CONTROL_LINE], port[128] = "";
	struct gh_err err = { 0 };
	bool safe = false;
	enum gh_status st;

	if (given)
		gh_copy_text(port, sizeof port,
			     rig ? gh_flow_port(rig, given) : given);
	st = gh_control_ask(cli->clock, port, serial, text, &safe, &err);
	if (st == GH_NODATA && !port[0]) {
		st = find_port(cli, rig, port, sizeof port, &err);
		if (st != GH_OK)
			return st == GH_ARG ? gh_say_failure(cli, &err)
					    : not_found(cli, &err);
		/* A check of a piece without a serial is known by its port. */
		st = gh_control_ask(cli->clock, port, NULL, text, &safe, &err);
	}
	if (st == GH_NODATA)
		return stop_port(cli, rig, port);
	if (st == GH_OK)
		return say(cli, safe, text);
	gh_say_error(cli, &err);
	return GH_EXIT_HOLD;
}

static int run(struct gh_cli *cli)
{
	struct gh_rig *rig;
	struct gh_err err = { 0 };
	int code;

	if (gh_cli_rig(cli, &rig, &err) != GH_OK)
		return gh_say_failure(cli, &err);
	code = stop(cli, rig);
	free(rig);
	return code;
}

const struct gh_verb gh_verb_stop = {
	.name = "stop",
	.summary = "stop all motion and hold; says what was read back",
	.usage = "",
	.run = run,
};
