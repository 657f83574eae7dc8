/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/watching.h"

#include "cli/find_port.h" /* gh_find_port */
#include "cli/flow.h"	   /* gh_flow_port */
#include "cli/options.h"   /* gh_cli_text */
#include "cli/paths.h"	   /* gh_path_rig */

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A driver calls a stream stale that is silent for 100 ms: well above that. */
#define RATE_HZ 50.0
#define SLOW_HZ 20.0 /* warmth, volts of servos, the remote */
/* driver.h: nothing is armed. 8 ms made live 1.3 % of a processor, this 0.7. */
#define PUMP_US ((gh_us)40000)
#define HEAR_US ((gh_us)20000) /* where every frame wakes it */

enum { BATCH = 256, FDS = 16 };

/* As a run has them: what is sampled alike goes together. */
enum { STREAM_JOINTS, STREAM_LIGHT, STREAM_SLOW, STREAMS };

/* ---- Ears: the owner's, and `ghostlight stop` ---------------------------- */

static size_t fds(void *self, struct pollfd *out, size_t cap)
{
	struct gh_watching *w = self;
	const size_t n = gh_control_fds(&w->control, out, cap);

	if (w->ears.fds)
		return n + w->ears.fds(w->ears.self, out + n, cap - n);
	return n;
}

static enum gh_ear_word hear(void *self)
{
	struct gh_watching *w = self;
	const bool asked = gh_control_hear(&w->control);

	return w->ears.hear(w->ears.self) == GH_EAR_STOP || asked
		       ? GH_EAR_STOP
		       : GH_EAR_NOTHING;
}

/* ---- Who is watched ------------------------------------------------------ */

static enum gh_status read_rig(struct gh_watching *w, struct gh_err *err)
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

static enum gh_status choose_port(struct gh_watching *w, struct gh_err *err)
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

static enum gh_status open_device(struct gh_watching *w, struct gh_err *err)
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
	/* The same one that was lent to a run: what was added up stays. */
	if (w->block.n_rows > 0 && strcmp(w->boot, info->boot) == 0)
		return GH_OK;
	gh_copy_text(w->boot, sizeof w->boot, info->boot);
	if (gh_watch_choose(&w->block, info) > 0)
		return GH_OK;
	return gh_fail(err, GH_PROTO,
		       "controller %s on %s measures nothing that could be "
		       "watched; is %s its rig file?",
		       info->model, w->port, rig->file);
}

/* ---- Listening ----------------------------------------------------------- */

static unsigned stream_of(const struct gh_watching *w,
			  const struct gh_watch_row *row)
{
	const enum gh_part_kind kind = w->rig->parts[row->part].kind;
	const bool is_slow =
		row->what == GH_Q_TEMPERATURE ||
		(kind == GH_PART_JOINT && row->what == GH_Q_VOLTAGE);

	if (kind == GH_PART_REMOTE || is_slow)
		return STREAM_SLOW;
	return kind == GH_PART_JOINT ? STREAM_JOINTS : STREAM_LIGHT;
}

static enum gh_status start_stream(struct gh_watching *w, unsigned stream,
				   struct gh_err *err)
{
	const struct gh_dev_info *info = w->driver->info(w->dev);
	uint16_t channels[GH_STREAM_CHANNELS];
	double hz = stream == STREAM_SLOW ? SLOW_HZ : RATE_HZ, actual;
	unsigned n = 0;

	for (unsigned i = 0; i < w->block.n_rows; i++) {
		const struct gh_watch_row *row = &w->block.rows[i];

		if (stream_of(w, row) != stream || n == GH_STREAM_CHANNELS)
			continue;
		channels[n++] = row->channel;
		hz = fmin(hz, info->channels[row->channel].max_rate_hz);
	}
	return n == 0 ? GH_OK
		      : w->driver->stream(w->dev, stream, channels, n, hz,
					  &actual, err);
}

static enum gh_status take_samples(struct gh_watching *w, struct gh_err *err)
{
	struct gh_sample samples[BATCH];
	struct gh_dev_event ignored;
	enum gh_status st = GH_OK;
	size_t got = BATCH;

	while (st == GH_OK && got == BATCH) {
		st = w->driver->pump(w->dev, samples, BATCH, &got, err);
		for (size_t i = 0; st == GH_OK && i < got; i++)
			gh_watch_add(&w->block, &samples[i],
				     gh_now(w->cli->clock));
	}
	while (w->driver->event(w->dev, &ignored))
		;
	return st;
}

/* The ears when they have something to say, and every so often. */
static enum gh_status hear_due(struct gh_watching *w, bool spoken,
			       struct gh_err *err)
{
	const gh_us now = gh_now(w->cli->clock);

	if (!spoken && now < w->hear_at)
		return GH_OK;
	w->hear_at = now + HEAR_US;
	return hear(w) == GH_EAR_STOP
		       ? gh_fail(err, GH_CANCELLED, "%s: no longer watched",
				 w->port)
		       : GH_OK;
}

/*
 * For the ears at once; for the link only where it matters when it is read: a
 * wake for every frame would cost more than what is done with it.
 */
static enum gh_status wait_and_hear(struct gh_watching *w, struct gh_err *err)
{
	const struct gh_clock *clk = w->cli->clock;
	const bool patient = w->driver->patient && w->driver->patient(w->dev);
	struct pollfd ready[FDS];
	const size_t links = patient ? 0 : gh_link_fds(w->link, ready, FDS);
	const size_t n = links + fds(w, ready + links, FDS - links);
	/* Interrupted by a signal (-1): its descriptor is ready now. */
	bool spoken = gh_wait(clk, ready, n, gh_now(clk) + PUMP_US) < 0;

	for (size_t i = links; i < n; i++)
		spoken = spoken || ready[i].revents != 0;
	return hear_due(w, spoken, err);
}

enum gh_status gh_watching_until(struct gh_watching *w, gh_us until,
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

/* ---- From open to close -------------------------------------------------- */

enum gh_status gh_watching_open(struct gh_watching *w, struct gh_err *err)
{
	enum gh_status st = read_rig(w, err);

	if (st == GH_OK)
		st = choose_port(w, err);
	if (st == GH_OK)
		st = gh_link_open(&w->link, w->port, w->driver->default_baud,
				  err);
	return st;
}

enum gh_status gh_watching_begin(struct gh_watching *w, struct gh_err *err)
{
	const struct gh_ears ears = { fds, hear, w };
	struct gh_err deaf = { 0 };
	enum gh_status st;

	/* Without it the owner's ears still end the watch. */
	(void)!gh_control_start(&w->control, w->port, w->rig->serial, &deaf);
	gh_asking_begin(&w->asking, w->link, w->cli->clock, &ears, GH_US_NEVER);
	st = gh_asking_end(&w->asking, open_device(w, err), err);
	/* From here on the driver is not broken off: it takes the leave. */
	w->asking.ears = (struct gh_ears){ 0 };
	for (unsigned s = 0; st == GH_OK && s < STREAMS; s++)
		st = start_stream(w, s, err);
	if (st != GH_OK)
		return st;
	w->driver->stats(w->dev, &w->block.then);
	if (w->block.begun == 0)
		w->block.begun = gh_now(w->cli->clock);
	return GH_OK;
}

void gh_watching_rows(struct gh_watching *w, struct gh_table *out)
{
	struct gh_dev_stats now;

	w->driver->stats(w->dev, &now);
	gh_watch_rows(&w->block, &now, gh_now(w->cli->clock), out);
}

/*
 * The streams end. Whoever asked for a stop gets one, though nothing moves: it
 * was asked of this port, and only its owner can send it.
 */
static void leave(struct gh_watching *w)
{
	struct gh_dev_status seen = { .cause = "" };
	struct gh_err err = { 0 };
	double actual;
	bool safe = true;

	for (unsigned s = 0; s < STREAMS; s++)
		(void)!w->driver->stream(w->dev, s, NULL, 0, 0.0, &actual,
					 &err);
	if (w->control.asked) {
		(void)!w->driver->stop(w->dev, &err);
		safe = w->driver->safe(w->dev, 0, &seen, &err) == GH_OK;
	}
	gh_control_finish(&w->control, safe,
			  safe ? "nothing was moving" : err.msg);
	w->driver->close(w->dev);
	w->dev = NULL;
}

void gh_watching_end(struct gh_watching *w)
{
	if (w->dev)
		leave(w);
	gh_control_finish(&w->control, true, "nothing was moving");
	w->control = (struct gh_control){ 0 };
}

void gh_watching_close(struct gh_watching *w)
{
	gh_link_close(w->link);
	free(w->rig);
	w->link = NULL;
	w->rig = NULL;
}
