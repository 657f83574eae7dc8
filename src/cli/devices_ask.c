/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * devices_ask - who is on a port that nobody knows, in the order that harms
 * nobody: first only listen, then the one byte F9 at 57600, and when all is
 * silent the HELLO of lumina at 115200, which the others ignore. Whoever keeps
 * talking in no language known here is sent nothing more: a byte at the wrong
 * rate is another byte to him.
 */
#include "cli/devices.h" /* what is defined here */

#include "cli/asking.h"	   /* gh_asking_identify */
#include "cli/checking.h"  /* gh_signal_ears */
#include "cli/find_port.h" /* gh_port_find */
#include "cli/say.h"	   /* gh_say_failure */
#include "cli/show.h"	   /* gh_show_table */
#include "cli/signals.h"   /* gh_signals_start */

#include <assert.h>
#include <stdlib.h>

/* Its FF moves servos and its other bytes are commands: it is never asked. */
#define POLOLU 0x1ffb
/* After the last question: a board's boot text is over by then. */
#define QUIET_US ((gh_us)1000000)

enum { PORT, STEP, DRIVER, MODEL, FIRMWARE, ID, JOINTS, SIMULATED, COLUMNS };

static const struct gh_column columns[COLUMNS] = {
	[PORT] = { "port", "port", GH_CELL_TEXT },
	[STEP] = { "answered_to", "answered to", GH_CELL_TEXT },
	[DRIVER] = { "driver", "driver", GH_CELL_TEXT },
	[MODEL] = { "model", "model", GH_CELL_TEXT },
	[FIRMWARE] = { "firmware", "firmware", GH_CELL_TEXT },
	[ID] = { "id", "id", GH_CELL_TEXT },
	[JOINTS] = { "joints", "joints", GH_CELL_COUNT },
	[SIMULATED] = { "simulated", "simulated", GH_CELL_BOOL },
};

/* In this order; a driver that is not here is never tried on a stranger. */
static const struct {
	const char *driver, *question;
} steps[] = {
	{ "firmata", "F9" },
	{ "lumina", "HELLO" },
};

struct answer {
	const struct gh_driver *driver;
	const char *step;
	struct gh_dev_info info;
};

/* Bytes that come within QUIET_US although nothing was asked. */
static enum gh_status count_babble(struct gh_asking *a, size_t *bytes,
				   struct gh_err *err)
{
	const gh_us until = gh_now(&a->clock) + QUIET_US;
	enum gh_status st = GH_OK;
	struct pollfd fds[4];
	char buf[256];
	size_t got;

	*bytes = 0;
	while (st == GH_OK && gh_now(&a->clock) < until) {
		const size_t n = gh_link_fds(&a->link, fds, GH_ARRAY_SIZE(fds));

		(void)gh_wait(&a->clock, fds, n, until);
		st = gh_link_read(&a->link, buf, sizeof buf, &got, err);
		*bytes += st == GH_OK ? got : 0;
	}
	return st;
}

/* GH_UNSUP: it goes on talking. */
static enum gh_status must_be_silent(struct gh_asking *a, struct gh_err *err)
{
	size_t bytes;
	const enum gh_status st = count_babble(a, &bytes, err);

	if (st != GH_OK || bytes == 0)
		return st;
	return gh_fail(err, GH_UNSUP,
		       "%s: something keeps talking (%zu bytes a second), in "
		       "no language known here: it was asked no more",
		       a->link.port, bytes);
}

/* Silence or another language is not the end: the next driver may know it. */
static bool worth_another(enum gh_status st)
{
	return st == GH_UNSUP || st == GH_TIMEOUT || st == GH_PROTO;
}

static enum gh_status ask_in_order(struct gh_asking *a, struct answer *out,
				   struct gh_err *err)
{
	enum gh_status st = gh_fail(err, GH_UNSUP, "no driver may ask");

	for (size_t i = 0; i < GH_ARRAY_SIZE(steps) && worth_another(st); i++) {
		const size_t sent = a->link.bytes_out;

		out->driver = gh_driver_find(steps[i].driver);
		if (!out->driver)
			continue;
		if (i > 0 && a->link.bytes_in > 0) {
			st = must_be_silent(a, err);
			if (st != GH_OK)
				return st;
		}
		st = out->driver->identify(&a->link, &a->clock, &out->info,
					   err);
		out->step = a->link.bytes_out == sent ? "listening"
						      : steps[i].question;
	}
	return st;
}

static enum gh_status ask(struct gh_cli *cli, const char *port,
			  struct answer *out, struct gh_err *err)
{
	const struct gh_ears ears = gh_checking_ears();
	const struct gh_driver *first = gh_driver_find(steps[0].driver);
	struct gh_port listed;
	struct gh_asking a;
	struct gh_link *link;
	enum gh_status st;

	if (gh_port_find(port, &listed) && listed.usb_vid == POLOLU)
		return gh_fail(err, GH_UNSUP,
			       "%s: a %s is not asked: what others ignore is "
			       "a command to it",
			       port, gh_devices_what(&listed));
	st = gh_link_open(&link, port, first ? first->default_baud : 57600,
			  err);
	if (st != GH_OK)
		return st;
	gh_asking_begin(&a, link, cli->clock, &ears, GH_US_NEVER);
	st = gh_asking_end(&a, ask_in_order(&a, out, err), err);
	out->info.simulated = out->info.simulated || link->is_pty;
	gh_link_close(link);
	return st;
}

static void put(struct gh_cell *cell, const char *text)
{
	snprintf(cell->text, sizeof cell->text, "%s", text);
}

static bool print_answer(struct gh_cli *cli, const char *port,
			 const struct answer *answer)
{
	struct gh_table t = { .name = "devices",
			      .none = "",
			      .columns = columns,
			      .n_columns = COLUMNS };
	struct gh_cell *c;
	bool ok;

	assert(answer->driver && answer->step);
	if (!gh_table_init(&t, 1))
		return false;
	c = gh_table_add(&t);
	put(&c[PORT], port);
	put(&c[STEP], answer->step);
	put(&c[DRIVER], answer->driver->name);
	put(&c[MODEL], answer->info.model);
	put(&c[FIRMWARE], answer->info.firmware);
	put(&c[ID], answer->info.id);
	c[JOINTS].number = answer->info.n_actuators;
	c[SIMULATED].number = answer->info.simulated;
	ok = gh_show_table(cli, &t);
	gh_table_finish(&t);
	return ok;
}

int gh_devices_ask(struct gh_cli *cli, const char *port)
{
	struct answer *answer = calloc(1, sizeof *answer);
	struct gh_err err = { 0 };
	enum gh_status st;
	int code = GH_EXIT_INTERNAL;

	if (!answer)
		return code;
	st = gh_signals_start(&err);
	if (st == GH_OK)
		st = ask(cli, port, answer, &err);
	gh_signals_finish();
	if (st != GH_OK)
		code = gh_say_failure(cli, &err);
	else if (print_answer(cli, port, answer))
		code = GH_EXIT_OK;
	free(answer);
	return code;
}
