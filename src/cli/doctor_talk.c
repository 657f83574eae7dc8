/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * doctor_talk - one opening of the port: who answers, how fast, what is lost,
 * and, when motion was allowed, whether the watchdog trips. Nothing is told to
 * move; arming puts torque on, and that is why it needs consent.
 */
#include "base/text.h"	   /* gh_copy_text */
#include "cli/asking.h"	   /* gh_asking_begin */
#include "cli/doctor.h"	   /* what is defined here */
#include "cli/stranger.h"  /* gh_stranger_ask */
#include "measure/stats.h" /* gh_quantile */

#include <math.h>
#include <string.h>

/*
 * Tries: a computer that was busy for a moment looks like a bad cable, once; a
 * bad cable does it again.
 */
enum { REPLIES = 50, BATCH = 256, TRIES = 3 };

/* measurement.md section 2: 100 Hz is what a check asks for. */
#define STREAM_HZ 100.0
#define STREAM_US ((gh_us)(2 * GH_US_PER_S))
#define PUMP_US ((gh_us)10000) /* driver.h: at least every 10 ms */

struct talk {
	struct gh_asking asking;
	const struct gh_driver *driver;
	struct gh_dev *dev;
	struct gh_wiring wiring;
	long baud;
	struct gh_doctor_facts *f;
	struct gh_stranger who; /* where the rig's driver is no help */
};

static void note(struct gh_doctor_try *try, enum gh_status st,
		 const struct gh_err *err)
{
	try->done = true;
	try->st = st;
	gh_copy_text(try->msg, sizeof try->msg, st == GH_OK ? "" : err->msg);
}

/* ---- Who answers -----------------------------------------------------------*/

/* The rig's driver got no answer: does another one? Only to say which. */
static void ask_others(struct talk *t)
{
	struct gh_stranger *who = &t->who;
	struct gh_err err;

	if (gh_stranger_may_be_asked(t->f->port, &err) != GH_OK ||
	    gh_stranger_ask(&t->asking, t->driver, who, &err) != GH_OK)
		return;
	t->f->info = who->info;
	gh_copy_text(t->f->other, sizeof t->f->other, who->driver->name);
}

/* Without a rig the first driver that is answered is the one. */
static enum gh_status ask_all(struct talk *t, struct gh_err *err)
{
	const enum gh_status st =
		gh_stranger_ask(&t->asking, NULL, &t->who, err);

	t->driver = t->who.driver;
	return st;
}

static void find_missing_joint(const struct gh_rig *rig,
			       struct gh_doctor_facts *f)
{
	for (unsigned j = 0; j < rig->n_joints; j++) {
		const char *name = rig->parts[rig->joints[j].part].name;
		bool found = false;

		for (unsigned i = 0; i < f->info.n_actuators; i++)
			found = found ||
				strcmp(f->info.actuators[i].part, name) == 0;
		if (!found) {
			gh_copy_text(f->missing_joint, sizeof f->missing_joint,
				     name);
			return;
		}
	}
}

static enum gh_status open_device(struct talk *t, const struct gh_rig *rig,
				  struct gh_err *err)
{
	const enum gh_status st =
		t->driver->open(&t->dev, &t->asking.link, &t->asking.clock,
				&t->wiring, t->baud, err);

	if (st != GH_OK)
		return st;
	t->f->info = *t->driver->info(t->dev);
	if (rig)
		find_missing_joint(rig, t->f);
	return GH_OK;
}

static void ask(struct talk *t, const struct gh_rig *rig)
{
	struct gh_doctor_facts *f = t->f;
	struct gh_err err = { 0 };
	enum gh_status st = GH_OK;

	if (!t->driver)
		st = ask_all(t, &err);
	if (st == GH_OK)
		st = open_device(t, rig, &err);
	note(&f->answer, st, &err);
	if (rig && gh_stranger_may_be_other(st))
		ask_others(t);
	if (t->driver)
		gh_copy_text(f->driver, sizeof f->driver, t->driver->name);
	f->simulated = f->simulated || f->info.simulated;
}

/* ---- How fast --------------------------------------------------------------*/

static void time_once(struct talk *t)
{
	const struct gh_clock *clk = &t->asking.clock;
	struct gh_dev_status seen;
	struct gh_err err = { 0 };
	enum gh_status st = GH_OK;
	double ms[REPLIES];
	unsigned n = 0;

	while (st == GH_OK && n < REPLIES) {
		const gh_us begun = gh_now(clk);

		st = t->driver->status(t->dev, &seen, &err);
		if (st == GH_OK)
			ms[n++] = (double)(gh_now(clk) - begun) / GH_US_PER_MS;
	}
	note(&t->f->reply, st, &err);
	t->f->replies = n;
	t->f->reply_p50_ms = gh_quantile(ms, n, 0.5);
	t->f->reply_p99_ms = gh_quantile(ms, n, 0.99);
}

static void time_replies(struct talk *t)
{
	for (unsigned i = 0; i < TRIES; i++) {
		time_once(t);
		if (t->f->reply.st != GH_OK ||
		    t->f->reply_p99_ms <= GH_DOCTOR_REPLY_MS)
			return;
	}
}

/* ---- What is lost ----------------------------------------------------------*/

/* The measured channels, and the rate that all of them and the wire keep. */
static unsigned choose_channels(const struct gh_dev_info *info,
				uint16_t channels[GH_STREAM_CHANNELS],
				double *hz)
{
	unsigned n = 0;

	*hz = STREAM_HZ;
	for (unsigned i = 0; i < info->n_channels; i++) {
		if (!info->channels[i].measured || n == GH_STREAM_CHANNELS)
			continue;
		channels[n++] = (uint16_t)i;
		*hz = fmin(*hz, info->channels[i].max_rate_hz);
	}
	if (n > 0 && info->max_sample_rate > 0.0)
		*hz = fmin(*hz, info->max_sample_rate / n);
	*hz = fmax(1.0, floor(*hz));
	return n;
}

static enum gh_status pump_until(struct talk *t, gh_us until,
				 struct gh_err *err)
{
	const struct gh_clock *clk = &t->asking.clock;
	struct gh_sample samples[BATCH];
	struct pollfd fds[4];
	enum gh_status st = GH_OK;

	while (st == GH_OK && gh_now(clk) < until) {
		size_t got = BATCH;

		while (st == GH_OK && got == BATCH)
			st = t->driver->pump(t->dev, samples, BATCH, &got, err);
		if (st == GH_OK)
			(void)gh_wait(clk, fds,
				      gh_link_fds(&t->asking.link, fds, 4),
				      gh_now(clk) + PUMP_US);
	}
	return st;
}

static void subtract(struct gh_dev_stats *now, const struct gh_dev_stats *then)
{
	now->frames_good -= then->frames_good;
	now->frames_bad -= then->frames_bad;
	now->samples -= then->samples;
	now->samples_lost -= then->samples_lost;
	now->device_bad -= then->device_bad;
	now->device_overruns -= then->device_overruns;
	now->device_dropped -= then->device_dropped;
}

static void listen_once(struct talk *t, const uint16_t *channels, unsigned n,
			double hz)
{
	struct gh_doctor_facts *f = t->f;
	struct gh_dev_stats before;
	struct gh_err err = { 0 }, err_end = { 0 };
	enum gh_status st, end;
	double actual;
	gh_us begun;

	memset(&before, 0, sizeof before);
	t->driver->stats(t->dev, &before);
	st = t->driver->stream(t->dev, 0, channels, n, hz, &actual, &err);
	begun = gh_now(&t->asking.clock);
	if (st == GH_OK)
		st = pump_until(t, begun + STREAM_US, &err);
	f->stream_s = (double)(gh_now(&t->asking.clock) - begun) / GH_US_PER_S;
	t->driver->stats(t->dev, &f->stats);
	subtract(&f->stats, &before);
	end = t->driver->stream(t->dev, 0, NULL, 0, 0.0, &actual, &err_end);
	if (st == GH_OK)
		note(&f->stream, end, &err_end);
	else
		note(&f->stream, st, &err);
}

/* Gone, or another controller by now: no second try will tell more. */
static bool is_final(const struct gh_doctor_facts *f)
{
	if (f->stream.st != GH_OK)
		return f->stream.st != GH_STALE && f->stream.st != GH_TIMEOUT;
	return gh_doctor_loss_ppm(&f->stats) <= GH_DOCTOR_LOSS_PPM;
}

static void listen_to_stream(struct talk *t)
{
	uint16_t channels[GH_STREAM_CHANNELS];
	double hz;
	const unsigned n = choose_channels(&t->f->info, channels, &hz);

	if (n == 0)
		return;
	listen_once(t, channels, n, hz);
	while (!is_final(t->f) && t->f->stream_bad + 1 < TRIES) {
		t->f->stream_bad++;
		listen_once(t, channels, n, hz);
	}
}

/* ---- The watchdog ----------------------------------------------------------*/

static bool is_the_sculpture(const struct gh_doctor_facts *f)
{
	struct gh_steps *steps = &(struct gh_steps){ 0 };

	gh_doctor_judge(f, steps);
	return steps->step[GH_DOCTOR_FIRMWARE].state == GH_STEP_OK;
}

/*
 * Deaf from before the torque is on until the safe state was read back: a link
 * that breaks off in between would leave the controller armed. That is a second
 * or two, nothing moves in it, and a stop is heard right after.
 */
static void prove_watchdog(struct talk *t)
{
	struct gh_doctor_facts *f = t->f;
	const struct gh_ears ears = t->asking.ears;
	struct gh_dev_status seen = { .cause = "" };
	struct gh_err err = { 0 }, err_safe = { 0 };
	enum gh_status st;

	if (!f->allow_motion || f->info.watchdog_ms == 0 || t->asking.stopped ||
	    !is_the_sculpture(f))
		return;
	t->asking.ears = (struct gh_ears){ 0 };
	st = t->driver->arm(t->dev, false, &f->proved_ms, &err);
	f->unsafe = t->driver->safe(t->dev, 0, &seen, &err_safe) != GH_OK;
	t->asking.ears = ears;
	t->asking.stopped = ears.hear(ears.self) == GH_EAR_STOP;
	note(&f->watchdog, st, &err);
	if (f->unsafe)
		note(&f->watchdog, GH_UNSAFE, &err_safe);
}

/* ---- All of it -------------------------------------------------------------*/

void gh_doctor_talk(const struct gh_clock *clk, const struct gh_ears *ears,
		    const struct gh_rig *rig, struct gh_doctor_facts *f)
{
	struct talk t = { .wiring = { "", NULL, 0 }, .f = f };
	struct gh_link *link;
	struct gh_err err = { 0 };
	enum gh_status st;

	if (rig) {
		t.driver = gh_driver_find(rig->links[0].driver);
		t.baud = rig->links[0].baud;
		t.wiring = (struct gh_wiring){ rig->file, rig->wires,
					       rig->n_wires };
	}
	if (!rig && gh_stranger_may_be_asked(f->port, &err) != GH_OK) {
		note(&f->open, GH_UNSUP, &err);
		return;
	}
	st = gh_link_open(&link, f->port,
			  (t.driver ? t.driver : gh_drivers[0])->default_baud,
			  &err);
	note(&f->open, st, &err);
	if (st != GH_OK)
		return;
	f->simulated = link->is_pty;
	gh_asking_begin(&t.asking, link, clk, ears, GH_US_NEVER);
	ask(&t, rig);
	if (t.dev) {
		time_replies(&t);
		listen_to_stream(&t);
		prove_watchdog(&t);
		t.driver->close(t.dev);
	}
	gh_link_close(link);
	f->stopped = t.asking.stopped;
}
