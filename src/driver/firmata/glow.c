/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * glow - lamps on PWM pins. The board knows no ramps, so the host walks them;
 * a duty is sent only when it changed.
 */
#include "driver/firmata/dev.h" /* struct gh_dev */

#include <math.h>

static unsigned full_scale(const struct gh_dev *dev, unsigned pin)
{
	const unsigned bits = dev->pins[pin].bits[FM_MODE_PWM];

	return (1u << (bits >= 1 && bits <= 14 ? bits : 8)) - 1;
}

static void use(struct gh_dev *dev, unsigned lamp)
{
	const struct fm_lamp *l = &dev->board.lamps[lamp];

	for (unsigned c = 0; c < l->n; c++) {
		const uint8_t mode[] = { FM_PIN_MODE, (uint8_t)l->pin[c],
					 FM_MODE_PWM };

		gh_firmata_send(dev, mode, sizeof(mode));
		dev->glows[lamp].sent[c] = 0; /* the mode change darkens it */
	}
	dev->glows[lamp].used = true;
}

static void shine(struct gh_dev *dev, unsigned lamp, double share)
{
	const struct fm_lamp *l = &dev->board.lamps[lamp];
	struct fm_glow *g = &dev->glows[lamp];

	for (unsigned c = 0; c < l->n; c++) {
		const double level =
			g->from[c] + share * (g->to[c] - g->from[c]);
		const unsigned duty =
			(unsigned)lround(level * full_scale(dev, l->pin[c]));

		if (duty == g->sent[c])
			continue;
		g->sent[c] = duty;
		gh_firmata_send_value(dev, l->pin[c], duty);
	}
}

static double share_done(const struct fm_glow *g, gh_us now)
{
	if (now >= g->begun + g->length)
		return 1.0;
	return (double)(now - g->begun) / (double)g->length;
}

enum gh_status gh_firmata_glow(struct gh_dev *dev, unsigned lamp,
			       const double level[4], gh_us ramp_us,
			       struct gh_err *err)
{
	const gh_us now = gh_firmata_now(dev);
	struct fm_glow *g;
	double share;

	if (lamp >= dev->board.n_lamps)
		return gh_fail(err, GH_ARG, "no lamp %u", lamp);
	for (unsigned c = 0; c < dev->board.lamps[lamp].n; c++)
		if (!(level[c] >= 0.0 && level[c] <= 1.0))
			return gh_fail(err, GH_ARG, "%s: level %g",
				       dev->board.lamps[lamp].wire->part,
				       level[c]);
	g = &dev->glows[lamp];
	if (!g->used)
		use(dev, lamp);
	share = g->ramping ? share_done(g, now) : 1.0;
	for (unsigned c = 0; c < 4; c++) {
		g->from[c] += share * (g->to[c] - g->from[c]);
		g->to[c] = c < dev->board.lamps[lamp].n ? level[c] : 0.0;
	}
	g->begun = now;
	g->length = ramp_us > 0 ? ramp_us : 0;
	g->ramping = g->length > 0;
	if (!g->ramping)
		shine(dev, lamp, 1.0);
	return gh_firmata_exchange(dev, err);
}

void gh_firmata_glow_step(struct gh_dev *dev)
{
	const gh_us now = gh_firmata_now(dev);

	for (unsigned i = 0; i < dev->board.n_lamps; i++) {
		struct fm_glow *g = &dev->glows[i];

		if (!g->ramping || dev->out_n > 0)
			continue;
		g->ramping = now < g->begun + g->length;
		shine(dev, i, share_done(g, now));
	}
}

/*
 * Without a look at what was sent: a lamp may burn since another session. The
 * value of a pin that is in no PWM mode is ignored by the board.
 */
void gh_firmata_dark(struct gh_dev *dev)
{
	for (unsigned i = 0; i < dev->board.n_lamps; i++) {
		struct fm_glow *g = &dev->glows[i];

		*g = (struct fm_glow){ .used = g->used };
		for (unsigned c = 0; c < dev->board.lamps[i].n; c++)
			gh_firmata_send_value(dev, dev->board.lamps[i].pin[c],
					      0);
	}
}
