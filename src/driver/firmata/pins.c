/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pins - does the board have what the wiring asks for? The capability reply is
 * believed, never the name of the sketch; messages carry FILE:LINE.
 */
#include "driver/firmata/dev.h" /* struct gh_dev */

struct claim {
	struct gh_dev *dev;
	const struct gh_wire *user[FM_PINS];
	struct gh_err *err;
};

static enum gh_status claim(struct claim *c, const struct gh_wire *wire,
			    unsigned pin, unsigned mode, const char *use)
{
	const char *file = c->dev->board.file;

	if (pin >= c->dev->n_pins)
		return gh_fail(c->err, GH_ARG,
			       "%s:%d: %s: pin %u; this board "
			       "has 0 to %u",
			       file, wire->line, wire->part, pin,
			       c->dev->n_pins - 1);
	if (!(c->dev->pins[pin].modes & 1u << mode))
		return gh_fail(c->err, GH_ARG,
			       "%s:%d: %s: pin %u of this "
			       "board cannot be %s",
			       file, wire->line, wire->part, pin, use);
	if (c->user[pin])
		return gh_fail(c->err, GH_ARG,
			       "%s:%d: %s: pin %u is taken by "
			       "%s in line %d",
			       file, wire->line, wire->part, pin,
			       c->user[pin]->part, c->user[pin]->line);
	c->user[pin] = wire;
	return GH_OK;
}

static enum gh_status claim_analog(struct claim *c, const struct fm_analog *a)
{
	for (unsigned i = 0; i < c->dev->n_pins; i++)
		if (c->dev->pins[i].analog == (int)a->input) {
			const unsigned bits =
				c->dev->pins[i].bits[FM_MODE_ANALOG];

			if (bits < 1 || bits > 14)
				break;
			return claim(c, a->wire, i, FM_MODE_ANALOG, "analog");
		}
	return gh_fail(c->err, GH_ARG,
		       "%s:%d: %s: this board has no analog input %u",
		       c->dev->board.file, a->wire->line, a->wire->part,
		       a->input);
}

/* The bus takes every pin that can be I2C, once for all chips. */
static enum gh_status claim_bus(struct claim *c, const struct gh_wire *wire)
{
	bool any = false;
	enum gh_status st = GH_OK;

	for (unsigned i = 0; i < c->dev->n_pins && st == GH_OK; i++) {
		if (!(c->dev->pins[i].modes & 1u << FM_MODE_I2C))
			continue;
		any = true;
		st = claim(c, wire, i, FM_MODE_I2C, "I2C");
	}
	if (st == GH_OK && !any)
		return gh_fail(c->err, GH_ARG,
			       "%s:%d: %s: this board has no I2C",
			       c->dev->board.file, wire->line, wire->part);
	return st;
}

enum gh_status gh_firmata_pins(struct gh_dev *dev, struct gh_err *err)
{
	const struct fm_board *b = &dev->board;
	struct claim c = { .dev = dev, .err = err };
	enum gh_status st = GH_OK;

	for (unsigned i = 0; st == GH_OK && i < b->n_servos; i++)
		st = claim(&c, b->servos[i].wire, b->servos[i].pin,
			   FM_MODE_SERVO, "a servo");
	for (unsigned i = 0; st == GH_OK && i < b->n_analogs; i++)
		st = claim_analog(&c, &b->analogs[i]);
	for (unsigned i = 0; i < b->n_lamps; i++)
		for (unsigned k = 0; st == GH_OK && k < b->lamps[i].n; k++)
			st = claim(&c, b->lamps[i].wire, b->lamps[i].pin[k],
				   FM_MODE_PWM, "PWM");
	if (st == GH_OK && b->n_chips > 0)
		st = claim_bus(&c, b->chips[0].wire);
	return st;
}
