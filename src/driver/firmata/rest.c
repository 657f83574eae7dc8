/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rest - stopping, and proof of it. There is no safe state on this board but
 * the one the host leaves behind: goals held, lamps dark, reports off. It is
 * read back pin by pin.
 */
#include "driver/firmata/dev.h" /* struct gh_dev */

#include <math.h>
#include <string.h>

/* safe() gives up after 1 s; the questions afterwards need up to 0.4 s. */
#define COME_TO_REST_US ((gh_us)500000)
/* A pot that stayed within two counts that long stands. */
#define STANDS_US ((gh_us)100000)

static bool joints_stand(const struct gh_dev *dev)
{
	const gh_us now = gh_firmata_now(dev);

	for (unsigned i = 0; i < dev->board.n_servos; i++) {
		const int pot = dev->board.servos[i].pot;
		const struct fm_reading *r =
			pot < 0 ? NULL : &dev->readings[pot];

		if (!dev->motion.joints[i].attached || !r || !r->valid)
			continue;
		if (!r->known || now - r->settled_since < STANDS_US)
			return false;
	}
	return dev->motion.state != GH_MOTION_RUNNING;
}

static unsigned servo_pins(const struct gh_dev *dev, unsigned *pins)
{
	for (unsigned i = 0; i < dev->board.n_servos; i++)
		pins[i] = dev->board.servos[i].pin;
	return dev->board.n_servos;
}

static double place(const struct gh_dev *dev, unsigned i)
{
	const struct fm_servo *s = &dev->board.servos[i];
	const struct fm_state *state = &dev->states[s->pin];

	if (state->known && state->mode == FM_MODE_SERVO)
		return gh_firmata_angle_rad(s, (int)state->value);
	if (s->pot >= 0 && dev->readings[s->pot].valid)
		return dev->readings[s->pot].value;
	return s->has_park ? s->park_rad : 0.0;
}

static void report(const struct gh_dev *dev, struct gh_dev_status *out)
{
	memset(out, 0, sizeof(*out));
	out->state = dev->motion.state;
	out->cause = dev->motion.cause;
	out->enabled = true;
	out->at_rest = joints_stand(dev);
	for (unsigned i = 0; i < dev->board.n_servos; i++)
		out->position_rad[i] = place(dev, i);
}

enum gh_status gh_firmata_status(struct gh_dev *dev, struct gh_dev_status *out,
				 struct gh_err *err)
{
	unsigned pins[GH_DEV_ACTUATORS] = { 0 };
	const unsigned n = servo_pins(dev, pins);
	enum gh_status st = gh_firmata_ask_states(dev, pins, n, err);

	if (st != GH_OK)
		return st;
	for (unsigned i = 0; i < n; i++)
		if (!dev->states[pins[i]].known)
			return gh_fail(err, GH_TIMEOUT,
				       "%s: no state of pin %u",
				       dev->link->port, pins[i]);
	report(dev, out);
	return GH_OK;
}

enum gh_status gh_firmata_stop(struct gh_dev *dev, struct gh_err *err)
{
	gh_firmata_hold(dev);
	if (dev->motion.state != GH_MOTION_LATCHED) {
		dev->motion.state = GH_MOTION_LATCHED;
		dev->motion.cause = "STOP";
	}
	return gh_firmata_exchange(dev, err);
}

static void drop(struct gh_dev *dev, uint32_t may_drop)
{
	for (unsigned i = 0; i < dev->board.n_servos; i++) {
		const uint8_t mode[] = { FM_PIN_MODE,
					 (uint8_t)dev->board.servos[i].pin,
					 FM_MODE_INPUT };

		if (!(may_drop & 1u << i) || !dev->motion.joints[i].attached)
			continue;
		gh_firmata_send(dev, mode, sizeof(mode));
		dev->motion.joints[i].attached = false;
	}
}

static void silence_streams(struct gh_dev *dev)
{
	for (unsigned s = 0; s < GH_STREAMS; s++)
		dev->streams[s].n = 0;
	memset(dev->streamed, 0, sizeof(dev->streamed));
	dev->streaming = false;
	for (unsigned i = 0; i < dev->board.n_analogs; i++)
		gh_firmata_report(dev, dev->board.analogs[i].input, false);
}

static enum gh_status seen_servo(const struct gh_dev *dev, unsigned i,
				 struct gh_err *err)
{
	const struct fm_servo *s = &dev->board.servos[i];
	const struct fm_joint *j = &dev->motion.joints[i];
	const struct fm_state *state = &dev->states[s->pin];

	if (!state->known)
		return gh_fail(err, GH_TIMEOUT,
			       "%s: pin %u does not tell its "
			       "state",
			       s->wire->part, s->pin);
	if (j->attached &&
	    (state->mode != FM_MODE_SERVO || (int)state->value != j->sent_us))
		return gh_fail(err, GH_UNSAFE,
			       "%s: pin %u has mode %u and %u us, not servo "
			       "and %d us",
			       s->wire->part, s->pin, state->mode, state->value,
			       j->sent_us);
	return GH_OK;
}

static enum gh_status seen_lamp(const struct gh_dev *dev,
				const struct fm_lamp *l, unsigned pin,
				struct gh_err *err)
{
	const struct fm_state *state = &dev->states[pin];

	if (!state->known)
		return gh_fail(err, GH_TIMEOUT,
			       "%s: pin %u does not tell its "
			       "state",
			       l->wire->part, pin);
	if (state->mode == FM_MODE_PWM && state->value != 0)
		return gh_fail(err, GH_UNSAFE, "%s: pin %u is still lit (%u)",
			       l->wire->part, pin, state->value);
	return GH_OK;
}

static enum gh_status see(struct gh_dev *dev, struct gh_err *err)
{
	unsigned pins[GH_DEV_ACTUATORS + 4 * GH_DEV_LAMPS];
	unsigned n = servo_pins(dev, pins);
	enum gh_status st;

	for (unsigned i = 0; i < dev->board.n_lamps; i++)
		for (unsigned c = 0; c < dev->board.lamps[i].n; c++)
			pins[n++] = dev->board.lamps[i].pin[c];
	st = gh_firmata_ask_states(dev, pins, n, err);
	for (unsigned i = 0; st == GH_OK && i < dev->board.n_servos; i++)
		st = seen_servo(dev, i, err);
	for (unsigned i = 0; i < dev->board.n_lamps; i++)
		for (unsigned c = 0; st == GH_OK && c < dev->board.lamps[i].n;
		     c++)
			st = seen_lamp(dev, &dev->board.lamps[i],
				       dev->board.lamps[i].pin[c], err);
	return st;
}

enum gh_status gh_firmata_safe(struct gh_dev *dev, uint32_t may_drop,
			       struct gh_dev_status *out, struct gh_err *err)
{
	bool stands = false;
	enum gh_status st;

	gh_firmata_hold(dev);
	gh_firmata_dark(dev);
	/* Only the pots of driven joints still talk: they show the rest. */
	silence_streams(dev);
	for (unsigned i = 0; i < dev->board.n_servos; i++)
		if (dev->motion.joints[i].attached &&
		    dev->board.servos[i].pot >= 0)
			gh_firmata_report(
				dev,
				dev->board.analogs[dev->board.servos[i].pot]
					.input,
				true);
	if (dev->motion.state != GH_MOTION_LATCHED) {
		dev->motion.state = GH_MOTION_IDLE;
		dev->motion.cause = "";
	}
	st = gh_firmata_await(dev, joints_stand, COME_TO_REST_US, &stands, err);
	if (st != GH_OK)
		return st;
	drop(dev, may_drop);
	silence_streams(dev);
	st = see(dev, err);
	if (out)
		report(dev, out);
	if (st == GH_OK && !stands)
		return gh_fail(err, GH_UNSAFE,
			       "%s: a joint does not come to "
			       "rest",
			       dev->link->port);
	return st;
}
