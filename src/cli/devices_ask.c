/* SPDX-License-Identifier: GPL-3.0-or-later */
/* devices_ask - one port is opened and a table says who is there. */
#include "cli/devices.h" /* what is defined here */

#include "cli/asking.h"   /* gh_asking_begin */
#include "cli/checking.h" /* gh_checking_ears */
#include "cli/say.h"	  /* gh_say_failure */
#include "cli/show.h"	  /* gh_show_table */
#include "cli/signals.h"  /* gh_signals_start */
#include "cli/stranger.h" /* gh_stranger_ask */

#include <assert.h>
#include <stdlib.h>

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

static enum gh_status ask(struct gh_cli *cli, const char *port,
			  struct gh_stranger *out, struct gh_err *err)
{
	const struct gh_ears ears = gh_checking_ears(cli);
	struct gh_asking a;
	struct gh_link *link;
	enum gh_status st = gh_stranger_may_be_asked(port, err);

	if (st != GH_OK)
		return st;
	st = gh_link_open(&link, port, gh_drivers[0]->default_baud, err);
	if (st != GH_OK)
		return st;
	gh_asking_begin(&a, link, cli->clock, &ears, GH_US_NEVER);
	st = gh_asking_end(&a, gh_stranger_ask(&a, NULL, out, err), err);
	out->info.simulated = out->info.simulated || link->is_pty;
	gh_link_close(link);
	return st;
}

static bool print_answer(struct gh_cli *cli, const char *port,
			 const struct gh_stranger *answer)
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
	gh_cell_put(&c[PORT], port);
	gh_cell_put(&c[STEP], answer->step);
	gh_cell_put(&c[DRIVER], answer->driver->name);
	gh_cell_put(&c[MODEL], answer->info.model);
	gh_cell_put(&c[FIRMWARE], answer->info.firmware);
	gh_cell_put(&c[ID], answer->info.id);
	c[JOINTS].number = answer->info.n_actuators;
	c[SIMULATED].number = answer->info.simulated;
	ok = gh_show_table(cli, &t);
	gh_table_finish(&t);
	return ok;
}

int gh_devices_ask(struct gh_cli *cli, const char *port)
{
	struct gh_stranger *answer = calloc(1, sizeof *answer);
	struct gh_err err = { 0 };
	enum gh_status st;
	int code = GH_EXIT_OK;

	if (!answer)
		return gh_say_no_memory(cli);
	st = gh_signals_start(&err);
	if (st == GH_OK)
		st = ask(cli, port, answer, &err);
	gh_signals_finish();
	if (st != GH_OK)
		code = gh_say_failure(cli, &err);
	else if (!print_answer(cli, port, answer))
		code = gh_say_no_memory(cli);
	free(answer);
	return code;
}
