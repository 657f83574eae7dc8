/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * watch - follows what the sculpture says while it stands still, until a
 * signal. It never arms, moves nothing and lights nothing.
 */
#include "cli/asking.h"	   /* gh_asking_begin */
#include "cli/checking.h"  /* gh_checking_ears */
#include "cli/control.h"   /* struct gh_control */
#include "cli/find_port.h" /* gh_find_port */
#include "cli/flow.h"	   /* gh_flow_port */
#include "cli/options.h"   /* gh_cli_number */
#include "cli/paths.h"	   /* gh_path_rig */
#include "cli/say.h"	   /* gh_say_failure */
#include "cli/signals.h"   /* gh_signals_start */
#include "cli/watch.h"	   /* gh_watch_tell */

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A driver calls a stream stale that is silent for 100 ms: well above that. */
#define RATE_HZ 50.0
#define EVERY_S 1.0
#define PUMP_US ((gh_us)10000) /* driver.h: at least every 10 ms */

enum { BATCH = 256, FDS = 16 };

static const struct gh_option options[] = {
	{ "every", "TIME", "a block of rows so often; 1s when not given",
	  GH_OPT_SECONDS },
	{ "jsonl", NULL, "a JSON object a line, as --json", GH_OPT_FLAG },
	{ 0 }
};

struct watching {
	struct gh_cli *cli;
	struct gh_rig *rig;
	char port[128];
	const struct gh_driver *driver;
	struct gh_link *link;
	struct gh_asking asking;
	struct gh_control control;
	struct gh_dev *dev;
	struct gh_watch_block block;
	bool closed; /* nobody reads what is written */
};

/* ---- Ears: signals, and `ghostlight stop` -------------------------------- */

static size_t fds(void *self, struct pollfd *out, size_t cap)
{
	struct watching *w = self;
	const size_t n = gh_control_fds(&w->control, out, cap);

	return n + gh_signals_fds(out + n, cap - n);
}

static enum gh_ear_word hear(void *self)
{
	struct watching *w = self;
	const bool asked = gh_control_hear(&w->control);

	return gh_signals_came() || asked ? GH_EAR_STOP : GH_EAR_NOTHING;
}

/* ---- Who is watched ------------------------------------------------------ */

static enum gh_status read_rig(struct watching *w, struct gh_err *err)
{
	struct gh_path path;
	enum gh_status st;

	gh_path_rig(w->cli, &path);
	if (!path.path[0])
		return gh_fail(err, GH_ARG, "no rig file: give --rig FILE");
	w->rig = calloc(1, sizeof *w->rig);
	if (!w->rig)
		return gh_fail(err, GH_NOMEM, "no memory for a rig");
	st = gh_rig_read(w->rig, path.path, err);
	if (st == GH_IO)
		st = err->code = GH_ARG;
	w->block.rig = w->rig;
	if (st != GH_OK)
		return st;
	w->driver = gh_driver_find(w->rig->links[0].driver);
	return w->driver ? GH_OK
			 : gh_fail(err, GH_ARG, "no driver is called \"%s\"",
				   w->rig->links[0].driver);
}

static enum gh_status choose_port(struct watching *w, struct gh_err *err)
{
	const char *given = gh_cli_text(w->cli, "port");
	const struct gh_find_port how = {
		.rig = w->rig,
		.clock = w->cli->clock,
		.ears = { fds, hear, w },
		.self = w,
	};

	if (!given)
		return gh_find_port(&how, w->port, sizeof w->port, err);
	if (gh_copy_text(w->port, sizeof w->port, gh_flow_port(w->rig, given)))
		return GH_OK;
	return gh_fail(err, GH_ARG, "--port: at most %zu characters",
		       sizeof w->port - 1);
}

static enum gh_status open_device(struct watching *w, struct gh_err *err)
{
	const struct gh_rig *rig = w->rig;
	const struct gh_wiring wiring = { rig->file, rig->wires, rig->n_wires };
	const char *want = rig->links[0].id;
	const struct gh_dev_info *info;
	enum gh_status st =
		w->driver->open(&w->dev, &w->asking.link, &w->asking.clock,
				&wiring, rig->links[0].baud, err);

	if (st != GH_OK)
		return st;
	info = w->driver->info(w->dev);
	w->block.simulated = info->simulated || w->link->is_pty;
	if (want[0] && strcmp(want, info->id) != 0)
		return gh_fail(err, GH_PROTO,
			       "controller on %s: expected id %s, found %s",
			       w->port, want, info->id[0] ? info->id : "none");
	if (gh_watch_choose(&w->block, info) > 0)
		return GH_OK;
	return gh_fail(err, GH_PROTO,
		       "controller %s on %s measures nothing that could be "
		       "watched; is %s its rig file?",
		       info->model, w->port, rig->file);
}

/* ---- Listening ----------------------------------------------------------- */

/* The rows of the remote, or all others, as one stream. */
static enum gh_status start_stream(struct watching *w, unsigned stream,
				   bool remote, struct gh_err *err)
{
	const struct gh_dev_info *info = w->driver->info(w->dev);
	uint16_t channels[GH_STREAM_CHANNELS];
	double hz = RATE_HZ, actual;
	unsigned n = 0;

	for (unsigned i = 0; i < w->block.n_rows; i++) {
		const struct gh_watch_row *row = &w->block.rows[i];
		const bool is_remote =
			w->rig->parts[row->part].kind == GH_PART_REMOTE;

		if (is_remote != remote || n == GH_STREAM_CHANNELS)
			continue;
		channels[n++] = row->channel;
		hz = fmin(hz, info->channels[row->channel].max_rate_hz);
	}
	return n == 0 ? GH_OK
		      : w->driver->stream(w->dev, stream, channels, n, hz,
					  &actual, err);
}

static enum gh_status take_samples(struct watching *w, struct gh_err *err)
{
	struct gh_sample samples[BATCH];
	struct gh_dev_event ignored;
	enum gh_status st = GH_OK;
	size_t got = BATCH;

	while (st == GH_OK && got == BATCH) {
		st = w->driver->pump(w->dev, samples, BATCH, &got, err);
		for (size_t i = 0; st == GH_OK && i < got; i++)
			gh_watch_add(&w->block, &samples[i]);
	}
	while (w->driver->event(w->dev, &ignored))
		;
	return st;
}

/* For the link and for the ears. */
static enum gh_status wait_and_hear(struct watching *w, struct gh_err *err)
{
	const struct gh_clock *clk = w->cli->clock;
	struct pollfd ready[FDS];
	size_t n = gh_link_fds(w->link, ready, FDS);

	n += fds(w, ready + n, FDS - n);
	(void)gh_wait(clk, ready, n, gh_now(clk) + PUMP_US);
	return hear(w) == GH_EAR_STOP
		       ? gh_fail(err, GH_CANCELLED, "%s: no longer watched",
				 w->port)
		       : GH_OK;
}

static enum gh_status listen_until(struct watching *w, gh_us until,
				   struct gh_err *err)
{
	enum gh_status st = GH_OK;

	while (st == GH_OK && gh_now(w->cli->clock) < until) {
		st = take_samples(w, err);
		if (st == GH_OK)
			st = wait_and_hear(w, err);
	}
	return st;
}

static enum gh_status follow(struct watching *w, struct gh_err *err)
{
	const gh_us every =
		(gh_us)(gh_cli_number(w->cli, "every", EVERY_S) * GH_US_PER_S);
	struct gh_dev_stats now;
	enum gh_status st;
	gh_us due;

	/* From here on the driver is not broken off: it takes the leave. */
	w->asking.ears = (struct gh_ears){ 0 };
	st = start_stream(w, 0, false, err);
	if (st == GH_OK)
		st = start_stream(w, 1, true, err);
	w->driver->stats(w->dev, &w->block.then);
	w->block.begun = due = gh_now(w->cli->clock);
	while (st == GH_OK && !w->closed) {
		due += every > PUMP_US ? every : PUMP_US;
		st = listen_until(w, due, err);
		if (st != GH_OK)
			break;
		w->driver->stats(w->dev, &now);
		w->closed = !gh_watch_tell(&w->block, &now);
	}
	return st;
}

/* ---- The end ------------------------------------------------------------- */

/*
 * The streams end. Whoever asked for a stop gets one, though nothing moves: it
 * was asked of this port, and only its owner can send it.
 */
static void leave(struct watching *w)
{
	struct gh_dev_status seen = { .cause = "" };
	struct gh_err err = { 0 };
	double actual;
	bool safe = true;

	for (unsigned s = 0; s < 2; s++)
		(void)!w->driver->stream(w->dev, s, NULL, 0, 0.0, &actual,
					 &err);
	if (w->control.asked) {
		(void)!w->driver->stop(w->dev, &err);
		safe = w->driver->safe(w->dev, 0, &seen, &err) == GH_OK;
	}
	gh_control_finish(&w->control, safe,
			  safe ? "nothing was moving" : err.msg);
	w->driver->close(w->dev);
}

static enum gh_status watch(struct watching *w, struct gh_err *err)
{
	const struct gh_ears ears = { fds, hear, w };
	struct gh_err deaf = { 0 };
	enum gh_status st = read_rig(w, err);

	if (st == GH_OK)
		st = choose_port(w, err);
	if (st == GH_OK)
		st = gh_link_open(&w->link, w->port, w->driver->default_baud,
				  err);
	if (st != GH_OK)
		return st;
	/* Without it a signal still ends the watch. */
	(void)!gh_control_start(&w->control, w->port, w->rig->serial, &deaf);
	gh_asking_begin(&w->asking, w->link, w->cli->clock, &ears, GH_US_NEVER);
	st = open_device(w, err);
	if (st == GH_OK)
		st = follow(w, err);
	st = gh_asking_end(&w->asking, st, err);
	if (w->dev)
		leave(w);
	gh_control_finish(&w->control, true, "nothing was moving");
	return st;
}

static int run(struct gh_cli *cli)
{
	struct watching *w = calloc(1, sizeof *w);
	struct gh_err err = { 0 };
	enum gh_status st;
	int code = GH_EXIT_OK;

	if (!w)
		return gh_say_no_memory(cli);
	w->cli = cli;
	st = gh_signals_start(&err);
	if (st == GH_OK) {
		w->block.cli = cli;
		w->block.json =
			gh_cli_on(cli, "json") || gh_cli_on(cli, "jsonl");
		w->block.over = !w->block.json && !gh_cli_on(cli, "plain") &&
				isatty(fileno(cli->out));
		st = watch(w, &err);
	}
	gh_signals_finish();
	/* Ctrl-C is how a watch ends. */
	if (st != GH_OK && st != GH_CANCELLED)
		code = gh_say_failure(cli, &err);
	gh_link_close(w->link);
	free(w->rig);
	free(w);
	return code;
}

const struct gh_verb gh_verb_watch = {
	.name = "watch",
	.summary = "follow supply, currents, light and remote; nothing moves",
	.usage = "",
	.options = options,
	.run = run,
};
