/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * talk - bytes out, bytes in, and who takes which message. Every byte this
 * driver ever sends passes gh_firmata_send, which refuses the system reset.
 */
#include "driver/firmata/dev.h" /* struct gh_dev */

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Looks at the link that often while it waits for a reply. */
#define LOOK_US ((gh_us)5000)
/* With a descriptor that wakes: 200 looks a second cost 1.2 ms of CPU. */
#define IDLE_US ((gh_us)100000)
/* Bytes taken in one go at most: a flood must not hold up the steps. */
enum { READ_BYTES = 512, READ_TURNS = 8 };

static const struct {
	uint8_t id;
	void (*take)(struct gh_dev *dev, const struct fm_message *m);
} sysex[] = {
	{ FM_I2C_REPLY, gh_firmata_on_i2c },
	{ FM_STRING, gh_firmata_on_string },
	{ FM_PIN_STATE, gh_firmata_on_state },
	{ FM_FIRMWARE, gh_firmata_on_name },
	{ FM_CAPABILITY, gh_firmata_on_capability },
	{ FM_ANALOG_MAP, gh_firmata_on_map },
};

gh_us gh_firmata_host_now(const struct gh_dev *dev)
{
	return gh_now(dev->clk) - dev->opened;
}

gh_us gh_firmata_now(const struct gh_dev *dev)
{
	const struct fm_motion *mo = &dev->motion;
	const gh_us now = gh_firmata_host_now(dev) - mo->held_up_us;
	const gh_us next = mo->walked_at + FM_STEP_US;

	return mo->state == GH_MOTION_RUNNING && now > next ? next : now;
}

void gh_firmata_send(struct gh_dev *dev, const uint8_t *bytes, size_t n)
{
	/* FF resets all pins and lets the servos go: no code may say it. */
	for (size_t i = 0; i < n; i++)
		assert(bytes[i] != 0xff);
	if (n > sizeof(dev->out) - dev->out_n) {
		dev->out_full = true;
		return;
	}
	memcpy(dev->out + dev->out_n, bytes, n);
	dev->out_n += n;
}

void gh_firmata_send_frame(struct gh_dev *dev, const struct fm_frame *f)
{
	gh_firmata_send(dev, f->bytes, f->n);
}

void gh_firmata_send_value(struct gh_dev *dev, unsigned pin, unsigned value)
{
	struct fm_frame f = { .n = 0 };

	if (pin < 16) {
		gh_firmata_byte(&f, (uint8_t)(FM_ANALOG | pin));
		gh_firmata_pair(&f, value);
	} else {
		gh_firmata_begin(&f, FM_EXTENDED_ANALOG);
		gh_firmata_byte(&f, (uint8_t)pin);
		gh_firmata_pair(&f, value);
		gh_firmata_end(&f);
	}
	gh_firmata_send_frame(dev, &f);
}

static void take(struct gh_dev *dev, const struct fm_message *m)
{
	if (m->kind == FM_MSG_VERSION) {
		gh_firmata_on_version(dev, m);
	} else if (m->kind == FM_MSG_ANALOG) {
		gh_firmata_on_analog(dev, m);
	} else {
		for (size_t i = 0; i < GH_ARRAY_SIZE(sysex); i++)
			if (sysex[i].id == m->id)
				sysex[i].take(dev, m);
	}
}

static void heard(struct gh_dev *dev, const uint8_t *bytes, size_t n)
{
	struct fm_message m;

	if (dev->streaming) {
		const gh_us gap = gh_firmata_host_now(dev) - dev->heard_at;

		if (gap > dev->stats.longest_gap_us)
			dev->stats.longest_gap_us = gap;
	}
	dev->heard_at = gh_firmata_host_now(dev);
	dev->silence_us = 0;
	for (size_t i = 0; i < n; i++)
		if (gh_firmata_parse(&dev->in, bytes[i], &m))
			take(dev, &m);
}

static enum gh_status flush(struct gh_dev *dev, struct gh_err *err)
{
	size_t put = 0;
	enum gh_status st;

	if (dev->out_n == 0)
		return GH_OK;
	st = gh_link_write(dev->link, dev->out, dev->out_n, &put, err);
	if (st != GH_OK)
		return st;
	dev->out_n -= put;
	memmove(dev->out, dev->out + put, dev->out_n);
	return GH_OK;
}

enum gh_status gh_firmata_exchange(struct gh_dev *dev, struct gh_err *err)
{
	uint8_t buf[READ_BYTES];
	enum gh_status st = GH_OK;
	size_t got = 0;

	st = flush(dev, err);
	if (st != GH_OK)
		return st;
	for (unsigned i = 0; i < READ_TURNS; i++) {
		st = gh_link_read(dev->link, buf, sizeof(buf), &got, err);
		if (st != GH_OK)
			return st;
		if (got == 0)
			break;
		heard(dev, buf, got);
	}
	return flush(dev, err);
}

enum gh_status gh_firmata_await(struct gh_dev *dev,
				bool (*done)(const struct gh_dev *dev),
				gh_us limit_us, bool *is_done,
				struct gh_err *err)
{
	const gh_us until = gh_now(dev->clk) + limit_us;
	struct pollfd fds[4];
	enum gh_status st;

	for (;;) {
		const gh_us now = gh_now(dev->clk);
		gh_us look;
		size_t n;

		st = gh_firmata_exchange(dev, err);
		if (st != GH_OK)
			return st;
		*is_done = done(dev);
		if (*is_done || now >= until)
			return GH_OK;
		n = gh_link_fds(dev->link, fds, GH_ARRAY_SIZE(fds));
		look = now + (n > 0 && dev->out_n == 0 ? IDLE_US : LOOK_US);
		gh_wait(dev->clk, fds, n < 4 ? n : 4,
			look < until ? look : until);
	}
}

void gh_firmata_timed(struct gh_dev *dev, gh_us rtt_us)
{
	gh_us bin = rtt_us / 500;

	if (bin < 0)
		bin = 0;
	dev->rtt[bin < FM_RTT_BINS ? bin : FM_RTT_BINS - 1]++;
	dev->rtt_n++;
}

void gh_firmata_event(struct gh_dev *dev, enum gh_dev_event_kind kind, int arg,
		      double value, const char *fmt, ...)
{
	struct gh_dev_event *ev;
	va_list ap;

	if (dev->event_n == FM_EVENTS)
		return; /* the oldest ones say how it began */
	ev = &dev->events[(dev->event_head + dev->event_n++) % FM_EVENTS];
	ev->kind = kind;
	ev->at = gh_firmata_now(dev);
	ev->arg = arg;
	ev->value = value;
	va_start(ap, fmt);
	vsnprintf(ev->text, sizeof(ev->text), fmt, ap);
	va_end(ap);
}
