/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * firmata - an Arduino with StandardFirmata, or any other that speaks Firmata
 * 2.x and says so in its capability reply. It has no clock, no watchdog and no
 * way to see a lost byte; the rig file's wiring says what hangs on its pins.
 */
#include "driver/firmata/dev.h" /* struct gh_dev */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What the board would do if asked: limits here are the host's, lowered by the
 * rig file. A hobby servo turns about 10 rad/s unloaded; a third of it (guess).
 */
#define SPEED_RAD_S 3.0
#define ACCEL_RAD_S2 30.0
/* Without a shunt or a thermometer there is nothing to limit (guesses). */
#define CURRENT_A 3.0
#define TEMPERATURE_C 80.0
#define STALE_US ((gh_us)100000)
/* Counts as silence between two pumps at most: a host that was held up is no
 * proof of a silent board. */
#define SILENCE_STEP_US ((gh_us)20000)

static void init(struct gh_dev *dev, struct gh_link *link,
		 const struct gh_clock *clk)
{
	memset(dev, 0, sizeof(*dev));
	dev->link = link;
	dev->clk = clk;
	dev->opened = gh_now(clk);
	dev->bus.pending = -1;
	dev->motion.cause = "";
	dev->interval_ms = 10;
	for (unsigned i = 0; i < FM_PINS; i++)
		dev->pins[i].analog = -1;
}

static void fill_info(struct gh_dev *dev)
{
	struct gh_dev_info *info = &dev->info;

	snprintf(info->firmware, sizeof(info->firmware), "%u.%u",
		 dev->version[0], dev->version[1]);
	info->reset_cause = "unknown";
	info->time_scale = 1;
}

static enum gh_status firmata_identify(struct gh_link *link,
				       const struct gh_clock *clk,
				       struct gh_dev_info *out,
				       struct gh_err *err)
{
	struct gh_dev *dev = malloc(sizeof(*dev));
	enum gh_status st;

	if (!dev)
		return gh_fail(err, GH_NOMEM, "no memory for a board");
	init(dev, link, clk);
	st = gh_firmata_meet(dev, err);
	if (st == GH_OK) {
		fill_info(dev);
		*out = dev->info;
	}
	free(dev);
	return st;
}

/* Names the board's pins as one number: a changed sketch is noticed. */
static void fill_dictionary(struct gh_dev *dev)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (unsigned i = 0; i < dev->n_pins; i++) {
		h = (h ^ dev->pins[i].modes) * 16777619u;
		h = (h ^ (uint32_t)dev->pins[i].analog) * 16777619u;
	}
	snprintf(dev->info.dictionary, sizeof(dev->info.dictionary), "%08x",
		 (unsigned)h);
}

static void fill_analogs(struct gh_dev *dev)
{
	const double hz = 1000.0 / gh_firmata_interval_ms(dev, 1000.0);

	for (unsigned i = 0; i < dev->board.n_analogs; i++) {
		const struct fm_analog *a = &dev->board.analogs[i];
		struct gh_dev_channel *ch = &dev->board.channels[a->channel];
		unsigned bits = 10;

		for (unsigned p = 0; p < dev->n_pins; p++)
			if (dev->pins[p].analog == (int)a->input)
				bits = dev->pins[p].bits[FM_MODE_ANALOG];
		ch->max_rate_hz = hz;
		if (a->is_pot)
			continue;
		ch->num = 1;
		ch->den = 1 << bits;
		ch->hi = (int16_t)((1 << bits) - 1);
	}
	for (unsigned i = 0; i < dev->board.n_servos; i++)
		dev->board.channels[dev->board.servos[i].channel].max_rate_hz =
			hz;
}

static void fill_actuators(struct gh_dev *dev)
{
	for (unsigned i = 0; i < dev->board.n_servos; i++) {
		const struct fm_servo *s = &dev->board.servos[i];
		struct gh_dev_actuator *a = &dev->info.actuators[i];
		const struct gh_dev_channel *ch =
			s->shunt < 0
				? NULL
				: &dev->board.channels
					   [dev->board.chips[s->shunt].channel];

		gh_copy_text(a->part, sizeof(a->part), s->wire->part);
		a->lo_rad = fmin(s->at_min_rad, s->at_max_rad);
		a->hi_rad = fmax(s->at_min_rad, s->at_max_rad);
		a->speed_rad_s = SPEED_RAD_S;
		a->accel_rad_s2 = ACCEL_RAD_S2;
		a->current_a =
			ch ? (double)ch->hi * ch->num / ch->den : CURRENT_A;
		a->temperature_c = TEMPERATURE_C;
		dev->motion.joints[i].limits = *a;
	}
	dev->info.n_actuators = dev->board.n_servos;
}

static void fill_parts(struct gh_dev *dev)
{
	struct gh_dev_info *info = &dev->info;

	fill_analogs(dev);
	fill_actuators(dev);
	for (unsigned i = 0; i < dev->board.n_lamps; i++) {
		gh_copy_text(info->lamps[i].part, GH_NAME_CAP,
			     dev->board.lamps[i].wire->part);
		info->lamps[i].channels = dev->board.lamps[i].n;
	}
	info->n_lamps = dev->board.n_lamps;
	info->n_channels = dev->board.n_channels;
	memcpy(info->channels, dev->board.channels, sizeof(info->channels));
	for (unsigned i = 0; i < info->n_channels; i++)
		info->max_sample_rate += info->channels[i].max_rate_hz;
}

/* Analog reporting left on by a session that died would fill the line. */
static void quieten(struct gh_dev *dev)
{
	const struct fm_board *b = &dev->board;

	for (unsigned p = 0; p < dev->n_pins; p++) {
		const int input = dev->pins[p].analog;
		const uint8_t mode[] = { FM_PIN_MODE, (uint8_t)p,
					 FM_MODE_ANALOG };

		if (input < 0 || input >= FM_ANALOGS)
			continue;
		for (unsigned i = 0; i < b->n_analogs; i++)
			if (b->analogs[i].input == (unsigned)input)
				gh_firmata_send(dev, mode, sizeof(mode));
		gh_firmata_report(dev, (unsigned)input, false);
	}
}

static enum gh_status begin(struct gh_dev *dev, const struct gh_wiring *wiring,
			    long baud, struct gh_err *err)
{
	enum gh_status st = gh_firmata_wires(&dev->board, wiring, err);

	if (st == GH_OK)
		st = gh_link_set_baud(dev->link, baud ? baud : FM_BAUD, err);
	if (st == GH_OK)
		st = gh_firmata_meet(dev, err);
	if (st == GH_OK)
		st = gh_firmata_learn(dev, err);
	if (st == GH_OK)
		st = gh_firmata_pins(dev, err);
	if (st != GH_OK)
		return st;
	fill_info(dev);
	fill_dictionary(dev);
	fill_parts(dev);
	quieten(dev);
	return gh_firmata_exchange(dev, err);
}

static enum gh_status firmata_open(struct gh_dev **out, struct gh_link *link,
				   const struct gh_clock *clk,
				   const struct gh_wiring *wiring, long baud,
				   struct gh_err *err)
{
	struct gh_dev *dev = malloc(sizeof(*dev));
	enum gh_status st;

	if (!dev)
		return gh_fail(err, GH_NOMEM, "no memory for a board");
	init(dev, link, clk);
	st = begin(dev, wiring, baud, err);
	if (st != GH_OK) {
		free(dev);
		return st;
	}
	*out = dev;
	return GH_OK;
}

static void firmata_close(struct gh_dev *dev)
{
	free(dev);
}

static const struct gh_dev_info *firmata_info(const struct gh_dev *dev)
{
	return &dev->info;
}

static enum gh_status check_alive(struct gh_dev *dev, struct gh_err *err)
{
	const gh_us now = gh_firmata_host_now(dev);
	const gh_us since = now - dev->pumped_at;

	dev->pumped_at = now;
	if (dev->rebooted) {
		dev->rebooted = false;
		dev->stats.resets++;
		gh_firmata_event(dev, GH_DEV_EV_BOOT, 0, 0.0,
				 "the board started anew");
		return gh_fail(err, GH_RESET, "%s: the board started anew",
			       dev->link->port);
	}
	if (dev->out_full)
		return gh_fail(err, GH_IO, "%s: it takes no more bytes",
			       dev->link->port);
	if (!dev->streaming || dev->heard_at == now)
		return GH_OK;
	dev->silence_us += since < SILENCE_STEP_US ? since : SILENCE_STEP_US;
	if (dev->silence_us > STALE_US)
		return gh_fail(err, GH_STALE, "%s: silent for %lld ms",
			       dev->link->port,
			       (long long)((now - dev->heard_at) / 1000));
	return GH_OK;
}

static enum gh_status firmata_pump(struct gh_dev *dev, struct gh_sample *out,
				   size_t cap, size_t *got, struct gh_err *err)
{
	enum gh_status st = gh_firmata_exchange(dev, err);

	*got = 0;
	if (st == GH_OK) {
		gh_firmata_motion_step(dev);
		gh_firmata_glow_step(dev);
		gh_firmata_feed_step(dev);
		gh_firmata_bus_step(dev);
		st = gh_firmata_exchange(dev, err);
	}
	while (*got < cap && dev->sample_n > 0) {
		out[(*got)++] = dev->samples[dev->sample_head];
		dev->sample_head = (dev->sample_head + 1) % FM_SAMPLES;
		dev->sample_n--;
	}
	return st == GH_OK ? check_alive(dev, err) : st;
}

static bool firmata_event(struct gh_dev *dev, struct gh_dev_event *out)
{
	if (dev->event_n == 0)
		return false;
	*out = dev->events[dev->event_head];
	dev->event_head = (dev->event_head + 1) % FM_EVENTS;
	dev->event_n--;
	return true;
}

static double rtt_p99_ms(const struct gh_dev *dev)
{
	uint64_t seen = 0;

	for (unsigned i = 0; i < FM_RTT_BINS && dev->rtt_n; i++) {
		seen += dev->rtt[i];
		if (seen * 100 >= dev->rtt_n * 99)
			return (i + 1) * 0.5;
	}
	return 0.0;
}

static void firmata_stats(struct gh_dev *dev, struct gh_dev_stats *out)
{
	*out = dev->stats;
	out->frames_good = dev->in.good;
	out->frames_bad = dev->in.bad;
	out->rtt_p99_ms = rtt_p99_ms(dev);
	out->counts_loss = false;
}

const struct gh_driver gh_driver_firmata = {
	.name = "firmata",
	.summary = "Arduino with StandardFirmata, wired by the rig file",
	.default_baud = FM_BAUD,
	.identify = firmata_identify,
	.open = firmata_open,
	.close = firmata_close,
	.info = firmata_info,
	.stream = gh_firmata_stream,
	.glow = gh_firmata_glow,
	.arm = gh_firmata_arm,
	.limit = gh_firmata_limit,
	.room = gh_firmata_room,
	.queue = gh_firmata_queue,
	.run = gh_firmata_run,
	.device_now = gh_firmata_now,
	.pump = firmata_pump,
	.event = firmata_event,
	.status = gh_firmata_status,
	.stats = firmata_stats,
	.stop = gh_firmata_stop,
	.safe = gh_firmata_safe,
};
