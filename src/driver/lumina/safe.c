/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * safe - stop, and the safe state that is seen, not assumed. After a normal end
 * it leaves IDLE without a latch; what has stopped for a reason stays latched.
 * When the controller does not answer, STOP goes out blind, also at the rate a
 * rebooted controller speaks.
 */
#include "driver/lumina/dev.h" /* struct gh_dev */

#include <string.h>

#define SAFE_US GH_US_PER_S /* driver.h: gives up after 1 s wall */
#define POLL_US 5000
#define BOOT_BAUD 115200L

enum gh_status gh_lum_stop(struct gh_dev *dev, struct gh_err *err)
{
	struct gh_lum_call *call;
	uint8_t wire[GH_LUM_WIRE_MAX];
	size_t n;
	enum gh_status st;

	dev->lease = 0;
	call = gh_lum_begin(dev, GH_LUM_STOP, NULL, 0);
	if (call) {
		/* Already on the wire when the next turn looks at it. */
		call->detached = true;
		call->state = GH_LUM_SENT;
		call->sent_at = gh_now(dev->clk);
		call->tries = call->tries_max = 1;
	}
	n = gh_lum_encode(wire, GH_LUM_STOP, call ? call->seq : 0, NULL, 0);
	st = gh_lum_write_now(dev, wire, n, err);
	dev->gone = dev->gone || st == GH_GONE;
	if (st == GH_OK && dev->tx_len > 0)
		return gh_fail(err, GH_IO, "%s takes no bytes: the stop waits",
			       dev->link->port);
	return st;
}

/* The delimiter before it ends what was torn; nobody waits for its reply. */
size_t gh_lum_stop_bytes(uint8_t *out, size_t cap)
{
	uint8_t wire[GH_LUM_WIRE_MAX];
	const size_t n = gh_lum_encode(wire, GH_LUM_STOP, 0, NULL, 0);

	if (n + 1 > cap)
		return 0;
	out[0] = 0;
	memcpy(out + 1, wire, n);
	return n + 1;
}

static bool at_peace(const struct gh_dev *dev)
{
	const enum gh_motion_state s = dev->status.state;

	return dev->status.at_rest &&
	       (s == GH_MOTION_IDLE || s == GH_MOTION_LATCHED);
}

static enum gh_status ask_with_lease(struct gh_dev *dev, uint8_t type,
				     struct gh_err *err)
{
	uint8_t lease[4];

	gh_lum_put32(lease, dev->lease);
	return gh_lum_ask(dev, type, lease, sizeof lease, NULL, err);
}

enum gh_status gh_lum_torque(struct gh_dev *dev, uint32_t mask, bool on,
			     struct gh_err *err)
{
	uint8_t p[9];

	gh_lum_put32(p, dev->lease);
	gh_lum_put32(p + 4, mask);
	p[8] = on;
	return gh_lum_ask(dev, GH_LUM_TORQUE, p, sizeof p, NULL, err);
}

/* One step towards peace, as the state demands. */
static enum gh_status calm_step(struct gh_dev *dev, uint32_t may_drop,
				struct gh_err *err)
{
	enum gh_status st = GH_OK;

	switch (dev->status.state) {
	case GH_MOTION_IDLE:
	case GH_MOTION_LATCHED:
		return GH_OK; /* still decelerating */
	case GH_MOTION_RUNNING:
		if (dev->lease == 0)
			return gh_lum_stop(dev, err);
		return ask_with_lease(dev, GH_LUM_FLUSH, err);
	case GH_MOTION_ARMED:
		break;
	}
	/* Armed by somebody else: their lease is not ours to give back. */
	if (dev->lease == 0)
		return gh_lum_stop(dev, err);
	if (!dev->status.at_rest)
		return GH_OK;
	if (may_drop != 0)
		st = gh_lum_torque(dev, may_drop, false, err);
	return st == GH_OK ? ask_with_lease(dev, GH_LUM_DISARM, err) : st;
}

/* It does not answer: stop it blind, every second time as after a reboot. */
static enum gh_status rescue(struct gh_dev *dev, unsigned attempt, long baud,
			     struct gh_err *err)
{
	const long rate = attempt % 2 != 0 ? BOOT_BAUD : baud;
	enum gh_status st = GH_OK;

	if (rate != dev->baud)
		st = gh_lum_set_rate(dev, rate, err);
	return st == GH_OK ? gh_lum_stop(dev, err) : st;
}

static enum gh_status not_seen(const struct gh_dev *dev, bool heard,
			       struct gh_err *err)
{
	if (!heard)
		return gh_fail(err, GH_TIMEOUT,
			       "%s: the controller does not answer, its safe "
			       "state was not seen",
			       dev->link->port);
	return gh_fail(err, GH_TIMEOUT,
		       "%s: not at rest after 1 s, last seen %s %s",
		       dev->link->port, gh_lum_state_name(dev->status.state),
		       dev->status.cause);
}

static enum gh_status calm(struct gh_dev *dev, uint32_t may_drop,
			   struct gh_err *err)
{
	const long baud = dev->baud;
	unsigned silent = 0;
	bool heard = false;

	while (gh_now(dev->clk) < dev->give_up) {
		enum gh_status st = gh_lum_ask_status(dev, err);

		heard = heard || st == GH_OK;
		if (st == GH_OK && at_peace(dev))
			return GH_OK;
		/* A refused step is no end: the state decides the next one. */
		if (st == GH_OK)
			st = calm_step(dev, may_drop, err);
		else if (st != GH_GONE)
			st = rescue(dev, silent++, baud, err);
		if (st == GH_GONE)
			return st;
		st = gh_lum_pause(dev, gh_now(dev->clk) + POLL_US, err);
		if (st == GH_GONE)
			return st;
	}
	return not_seen(dev, heard, err);
}

static enum gh_status quieten(struct gh_dev *dev, struct gh_err *err)
{
	static const double dark[4];
	enum gh_status st = GH_OK;

	for (unsigned i = 0; i < dev->info.n_lamps && st == GH_OK; i++)
		st = gh_lum_glow(dev, i, dark, 0, err);
	for (unsigned i = 0; i < dev->streams && st == GH_OK; i++)
		st = gh_lum_stream(dev, i, NULL, 0, 0.0, NULL, err);
	return st;
}

static void note_reboot(struct gh_dev *dev)
{
	if (dev->failed == GH_RESET || !gh_lum_rebooted(dev))
		return;
	gh_lum_break(dev, GH_RESET, "the controller rebooted");
}

enum gh_status gh_lum_safe(struct gh_dev *dev, uint32_t may_drop,
			   struct gh_dev_status *out, struct gh_err *err)
{
	const long baud = dev->baud;
	enum gh_status st;

	dev->give_up = gh_now(dev->clk) + SAFE_US;
	st = calm(dev, may_drop, err);
	if (st == GH_OK && dev->baud != baud)
		note_reboot(dev);
	if (st == GH_OK)
		st = quieten(dev, err);
	if (st == GH_OK)
		st = gh_lum_ask_status(dev, err);
	if (st == GH_OK && !at_peace(dev))
		st = not_seen(dev, true, err);
	if (st == GH_OK) {
		gh_lum_post(dev, GH_LUM_LINKSTATS, NULL, 0);
		*out = dev->status;
	}
	dev->give_up = GH_US_NEVER;
	return st;
}
