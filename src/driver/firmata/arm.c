/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arm - taking servos up. Attaching drives a servo to 1500 us at once. So
 * nothing is attached before arm(), and the goal that follows in the same write
 * is where the joint is: the board's own last value where it drives the servo
 * already, else the pot. What remains is that a servo frame may begin in the
 * 1.0 ms between the two messages: one pulse of 1500 us, in about 5 % of the
 * attachments (calc). A servo whose place nothing tells is not attached at all.
 */
#include "driver/firmata/dev.h" /* struct gh_dev */

/* A pot is reported every 10 to 20 ms; fifteen times that. */
#define POT_US ((gh_us)300000)

static bool pots_read(const struct gh_dev *dev)
{
	for (unsigned i = 0; i < dev->board.n_servos; i++) {
		const int pot = dev->board.servos[i].pot;

		if (pot >= 0 && !dev->readings[pot].known)
			return false;
	}
	return true;
}

/* Fresh pot readings, also when no stream asks for them. */
static enum gh_status read_pots(struct gh_dev *dev, struct gh_err *err)
{
	bool done = false;
	enum gh_status st;

	for (unsigned i = 0; i < dev->board.n_servos; i++) {
		const int pot = dev->board.servos[i].pot;

		if (pot < 0)
			continue;
		dev->readings[pot].known = false;
		gh_firmata_report(dev, dev->board.analogs[pot].input, true);
	}
	st = gh_firmata_await(dev, pots_read, POT_US, &done, err);
	for (unsigned i = 0; i < dev->board.n_analogs; i++) {
		const struct fm_analog *a = &dev->board.analogs[i];

		if (!dev->streamed[a->channel])
			gh_firmata_report(dev, a->input, false);
	}
	return st;
}

static enum gh_status ask_servos(struct gh_dev *dev, struct gh_err *err)
{
	unsigned pins[GH_DEV_ACTUATORS];

	for (unsigned i = 0; i < dev->board.n_servos; i++)
		pins[i] = dev->board.servos[i].pin;
	return gh_firmata_ask_states(dev, pins, dev->board.n_servos, err);
}

/* Does the board drive this servo, at a pulse we can tell? */
static bool is_driven(const struct gh_dev *dev, const struct fm_servo *s)
{
	const struct fm_state *state = &dev->states[s->pin];

	return state->known && state->mode == FM_MODE_SERVO &&
	       (int)state->value >= s->min_us && (int)state->value <= s->max_us;
}

static enum gh_status place_of(const struct gh_dev *dev, unsigned i,
			       double *rad, struct gh_err *err)
{
	const struct fm_servo *s = &dev->board.servos[i];
	const struct fm_reading *r = s->pot < 0 ? NULL : &dev->readings[s->pot];

	if (is_driven(dev, s))
		*rad = gh_firmata_angle_rad(s, (int)dev->states[s->pin].value);
	else if (r && r->known && r->valid)
		*rad = r->value;
	else if (r)
		return gh_fail(err, GH_UNSAFE,
			       "%s: its position sensor gives no reading, so "
			       "it cannot be taken up where it is",
			       s->wire->part);
	else if (s->has_park)
		*rad = s->park_rad;
	else
		return gh_fail(err, GH_UNSAFE,
			       "%s: nothing measures its position; its wiring "
			       "line %d needs park_deg=, where it rests",
			       s->wire->part, s->wire->line);
	return GH_OK;
}

static void attach(struct gh_dev *dev, unsigned i, double rad)
{
	const struct fm_servo *s = &dev->board.servos[i];
	struct fm_joint *j = &dev->motion.joints[i];
	const uint8_t mode[] = { FM_PIN_MODE, (uint8_t)s->pin, FM_MODE_SERVO };
	struct fm_frame f;

	j->sent_us = gh_firmata_pulse_us(s, rad);
	j->end_rad = gh_firmata_angle_rad(s, j->sent_us);
	j->attached = true;
	if (is_driven(dev, s))
		return;
	gh_firmata_begin(&f, FM_SERVO_CONFIG);
	gh_firmata_byte(&f, (uint8_t)s->pin);
	gh_firmata_pair(&f, (unsigned)s->min_us);
	gh_firmata_pair(&f, (unsigned)s->max_us);
	gh_firmata_end(&f);
	gh_firmata_send_frame(dev, &f);
	gh_firmata_send(dev, mode, sizeof(mode));
	gh_firmata_send_value(dev, s->pin, (unsigned)j->sent_us);
}

enum gh_status gh_firmata_arm(struct gh_dev *dev, bool clear, double *proved_ms,
			      struct gh_err *err)
{
	struct fm_motion *mo = &dev->motion;
	double rad[GH_DEV_ACTUATORS] = { 0 };
	enum gh_status st;

	if (mo->state == GH_MOTION_LATCHED && !clear)
		return gh_fail(err, GH_UNSAFE, "%s: %s is latched",
			       dev->link->port, mo->cause);
	if (mo->state == GH_MOTION_RUNNING)
		return gh_fail(err, GH_BUSY, "%s: a program runs",
			       dev->link->port);
	st = ask_servos(dev, err);
	if (st == GH_OK)
		st = read_pots(dev, err);
	for (unsigned i = 0; st == GH_OK && i < dev->board.n_servos; i++)
		st = place_of(dev, i, &rad[i], err);
	if (st != GH_OK)
		return st;
	for (unsigned i = 0; i < dev->board.n_servos; i++)
		attach(dev, i, rad[i]);
	mo->state = GH_MOTION_ARMED;
	mo->cause = "";
	if (proved_ms)
		*proved_ms = 0.0; /* there is no watchdog to prove */
	return gh_firmata_exchange(dev, err);
}
