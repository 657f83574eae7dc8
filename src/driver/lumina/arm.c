/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arm - the way to motion. A latch is cleared only when asked for; the watchdog
 * is proved once per session by arming and keeping silent; only then a lease is
 * taken and beats begin. A watchdog that nobody saw trip counts as none.
 */
#include "driver/lumina/dev.h" /* struct gh_dev */

/* Guess: v/a of the slowest joint is well below, the enable input may bounce. */
#define UNLATCH_US GH_US_PER_S
#define POLL_US 5000
/* 20 % over the announced time, reliability.md section 3 and driver.h. */
#define PROOF_MARGIN 1.2
/*
 * A host that was late in looking could not time the latch: once more. Three
 * were too few beside two compilers on two cores (address sanitizer, measured).
 */
#define PROOF_TRIES 5
#define BITS_PER_BYTE 10 /* 8N1 */

static enum gh_status refuse_latched(const struct gh_dev *dev,
				     struct gh_err *err)
{
	return gh_fail(err, GH_UNSAFE,
		       "a stop is latched (%s): look at the sculpture, then "
		       "clear it",
		       dev->status.cause);
}

/* CLEAR is refused while something still decelerates: that is no failure. */
static enum gh_status clear_latch(struct gh_dev *dev, struct gh_err *err)
{
	enum gh_status st;

	if (!dev->status.at_rest)
		return GH_OK;
	st = gh_lum_ask(dev, GH_LUM_CLEAR, NULL, 0, NULL, err);
	return st == GH_BUSY ? GH_OK : st;
}

static bool is_ready(const struct gh_dev *dev)
{
	return dev->status.state == GH_MOTION_IDLE && dev->status.at_rest;
}

/*
 * Until IDLE and at rest. A controller that somebody else left armed gets no
 * beats any more and so latches by itself.
 */
static enum gh_status unlatch(struct gh_dev *dev, bool clear,
			      struct gh_err *err)
{
	const gh_us until = gh_now(dev->clk) + UNLATCH_US;
	enum gh_status st = gh_lum_ask_status(dev, err);

	while (st == GH_OK && !is_ready(dev)) {
		if (dev->status.state == GH_MOTION_LATCHED && !clear)
			return refuse_latched(dev, err);
		if (gh_now(dev->clk) > until)
			return gh_fail(err, GH_UNSAFE,
				       "the controller stays %s (%s)",
				       gh_lum_state_name(dev->status.state),
				       dev->status.cause);
		if (dev->status.state == GH_MOTION_LATCHED)
			st = clear_latch(dev, err);
		if (st == GH_OK && !is_ready(dev))
			st = gh_lum_pause(dev, gh_now(dev->clk) + POLL_US, err);
		if (st == GH_OK)
			st = gh_lum_ask_status(dev, err);
	}
	if (st == GH_OK && !dev->status.enabled)
		return gh_fail(err, GH_UNSAFE,
			       "the enable input of the controller is off");
	return st;
}

/* A program starts from nothing at every ARM, section 3.6. */
static void reset_programs(struct gh_dev *dev)
{
	for (unsigned i = 0; i < dev->info.n_actuators; i++)
		dev->program[i] =
			(struct gh_lum_program){ .free = dev->ring_size };
}

/* *at: when the reply came, so that the watchdog runs since before that. */
static enum gh_status take_lease(struct gh_dev *dev, bool beats, gh_us *at,
				 struct gh_err *err)
{
	struct gh_lum_frame reply;
	uint8_t nonce[4];
	enum gh_status st;

	dev->nonce = dev->nonce + 1 == 0 ? 1 : dev->nonce + 1;
	gh_lum_put32(nonce, dev->nonce);
	st = gh_lum_ask(dev, GH_LUM_ARM, nonce, sizeof nonce, &reply, err);
	if (st != GH_OK)
		return st;
	dev->status.state = GH_MOTION_ARMED;
	if (gh_lum_u32(reply.payload) == 0 ||
	    gh_lum_u16(reply.payload + 4) != dev->info.watchdog_ms)
		return gh_fail(err, GH_PROTO,
			       "ARM: lease 0 or another watchdog time than "
			       "HELLO said (%u ms)",
			       gh_lum_u16(reply.payload + 4));
	*at = gh_now(dev->clk);
	reset_programs(dev);
	dev->withhold = !beats;
	dev->lease = gh_lum_u32(reply.payload);
	dev->beat_at = *at;
	dev->ask_at = *at;
	return GH_OK;
}

static gh_us proof_limit_us(const struct gh_dev *dev)
{
	const double frame_us =
		1e6 * GH_LUM_WIRE_MAX * BITS_PER_BYTE / (double)dev->baud;

	return (gh_us)(dev->info.watchdog_ms * 1e3 * PROOF_MARGIN + frame_us);
}

/*
 * Silent since `armed_at`: asks until the latch is seen. *took_us is how long
 * that was; beyond the limit only when we looked too late to tell.
 */
static enum gh_status watch_latch(struct gh_dev *dev, gh_us armed_at,
				  gh_us *took_us, struct gh_err *err)
{
	const gh_us limit = proof_limit_us(dev);

	for (;;) {
		const gh_us asked_at = gh_now(dev->clk);
		enum gh_status st = gh_lum_ask_status(dev, err);

		if (st != GH_OK)
			return st;
		*took_us = dev->status_at - armed_at;
		if (dev->status.state == GH_MOTION_LATCHED)
			break;
		if (asked_at - armed_at > limit)
			return gh_fail(err, GH_UNSAFE,
				       "the watchdog did not trip: %lld ms "
				       "without a beat, %u ms announced",
				       (long long)(*took_us / GH_US_PER_MS),
				       dev->info.watchdog_ms);
		st = gh_lum_pause(dev, asked_at + POLL_US, err);
		if (st != GH_OK)
			return st;
	}
	if (dev->cause != GH_LUM_CAUSE_WATCHDOG)
		return gh_fail(err, GH_UNSAFE,
			       "while the watchdog was proved the controller "
			       "stopped for another reason: %s",
			       dev->status.cause);
	return GH_OK;
}

static enum gh_status prove_once(struct gh_dev *dev, gh_us *took_us,
				 struct gh_err *err)
{
	gh_us armed_at = 0;
	enum gh_status st;

	/* Our own latch is no event for the engine, whenever it is told. */
	dev->forget_until = GH_US_NEVER;
	st = take_lease(dev, false, &armed_at, err);
	if (st == GH_OK)
		st = watch_latch(dev, armed_at, took_us, err);
	dev->withhold = false;
	dev->lease = 0;
	dev->forget_until = gh_lum_device_now(dev);
	if (st == GH_OK)
		st = unlatch(dev, true, err);
	return st;
}

static enum gh_status prove(struct gh_dev *dev, struct gh_err *err)
{
	gh_us took_us = 0;

	for (unsigned i = 0; i < PROOF_TRIES; i++) {
		const enum gh_status st = prove_once(dev, &took_us, err);

		if (st != GH_OK)
			return st;
		if (took_us <= proof_limit_us(dev)) {
			dev->proved_ms = (double)took_us / GH_US_PER_MS;
			return GH_OK;
		}
	}
	return gh_fail(err, GH_UNSAFE,
		       "this host is too slow to prove the watchdog (looked "
		       "after %lld ms)",
		       (long long)(took_us / GH_US_PER_MS));
}

/* Armed, or perhaps armed, without a proof: nothing may move then. */
static void stop_if_armed(struct gh_dev *dev, enum gh_status why)
{
	if (dev->gone)
		return;
	if (dev->status.state == GH_MOTION_ARMED || why == GH_TIMEOUT)
		(void)gh_lum_stop(dev, NULL);
}

enum gh_status gh_lum_arm(struct gh_dev *dev, bool clear, double *proved_ms,
			  struct gh_err *err)
{
	enum gh_status st = GH_OK;
	gh_us at;

	if (dev->lease == 0) {
		st = unlatch(dev, clear, err);
		if (st == GH_OK && !(dev->proved_ms > 0.0))
			st = prove(dev, err);
		if (st == GH_OK)
			st = take_lease(dev, true, &at, err);
	}
	if (st != GH_OK) {
		stop_if_armed(dev, st);
		return st;
	}
	if (proved_ms)
		*proved_ms = dev->proved_ms;
	return GH_OK;
}
