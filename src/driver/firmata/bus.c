/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bus - the chips behind the board's I2C, asked one after the other, one
 * request at a time. A Firmata that gets no answer from a chip may reply with
 * the bytes of the chip it read before: a dead colour sensor then looks alive.
 * So a reply counts only when no error string came since the request, it names
 * the chip and register asked for, is as long as asked, and does not begin
 * like the last reply of a chip of another kind; and no chip is believed
 * before its identity register (or its written set-up) was read back.
 */
#include "driver/firmata/dev.h" /* struct gh_dev */

#include <string.h>

/* A sound reply takes about 5 ms; the link is STALE after the same time. */
#define CHIP_REPLY_US ((gh_us)100000)
/* A chip that was lost is asked again that often: a plug may be pushed in. */
#define ASK_AGAIN_US ((gh_us)1000000)
#define RETRY_US ((gh_us)10000)
/* One bad reply may be noise; the third in a row is the chip. */
enum { FAILURES_MAX = 3, I2C_READ_ONCE = 0x08, I2C_WRITE = 0x00 };

bool gh_firmata_chip_wanted(const struct gh_dev *dev, unsigned chip)
{
	const struct fm_chip *c = &dev->board.chips[chip];

	for (unsigned i = 0; i < c->kind->n_values; i++)
		if (dev->streamed[c->channel + i])
			return true;
	return false;
}

void gh_firmata_bus_start(struct gh_dev *dev)
{
	struct fm_frame f;
	bool any = false;

	for (unsigned i = 0; i < dev->board.n_chips; i++)
		any |= gh_firmata_chip_wanted(dev, i);
	if (!any || dev->bus.configured)
		return;
	gh_firmata_begin(&f, FM_I2C_CONFIG);
	gh_firmata_pair(&f, 0); /* no delay between write and read */
	gh_firmata_end(&f);
	gh_firmata_send_frame(dev, &f);
	dev->bus.configured = true;
}

static void emit_invalid(struct gh_dev *dev, unsigned chip)
{
	const struct fm_chip *c = &dev->board.chips[chip];

	for (unsigned i = 0; i < c->kind->n_values; i++)
		gh_firmata_emit(dev, (uint16_t)(c->channel + i),
				gh_firmata_now(dev) - c->plan.age_us,
				GH_RAW_INVALID);
}

static void fail(struct gh_dev *dev, unsigned chip, const char *why,
		 bool at_once)
{
	const struct fm_chip *c = &dev->board.chips[chip];
	struct fm_chip_run *r = &dev->bus.chips[chip];
	const gh_us now = gh_firmata_now(dev);

	if (r->step == FM_CHIP_READ && !r->lost)
		emit_invalid(dev, chip);
	r->failures++;
	if (!at_once && !r->lost && r->failures < FAILURES_MAX) {
		r->due = now + RETRY_US;
		return;
	}
	r->lost = true;
	r->step = FM_CHIP_IDENTIFY;
	r->next_write = 0;
	r->due = now + ASK_AGAIN_US;
	if (!r->told)
		gh_firmata_event(dev, GH_DEV_EV_SENSOR, c->channel, 0.0,
				 "%s at %02x: %s", c->kind->title, c->addr,
				 why);
	r->told = true;
}

static void request(struct gh_dev *dev, unsigned chip, uint8_t reg, uint8_t n)
{
	struct fm_bus *b = &dev->bus;
	struct fm_frame f;

	gh_firmata_begin(&f, FM_I2C_REQUEST);
	gh_firmata_byte(&f, dev->board.chips[chip].addr);
	gh_firmata_byte(&f, I2C_READ_ONCE);
	gh_firmata_pair(&f, reg);
	gh_firmata_pair(&f, n);
	gh_firmata_end(&f);
	gh_firmata_send_frame(dev, &f);
	b->pending = (int)chip;
	b->reg = reg;
	b->n = n;
	b->poisoned = false;
	b->sent_at = gh_firmata_now(dev);
	dev->stats.requests++;
}

static void set_up(struct gh_dev *dev, unsigned chip)
{
	const struct fm_chip *c = &dev->board.chips[chip];
	struct fm_chip_run *r = &dev->bus.chips[chip];
	const struct gh_chip_write *w = &c->plan.writes[r->next_write];
	struct fm_frame f;

	gh_firmata_begin(&f, FM_I2C_REQUEST);
	gh_firmata_byte(&f, c->addr);
	gh_firmata_byte(&f, I2C_WRITE);
	for (unsigned i = 0; i < w->n; i++)
		gh_firmata_pair(&f, w->bytes[i]);
	gh_firmata_end(&f);
	gh_firmata_send_frame(dev, &f);
	r->due = gh_firmata_now(dev) + w->rest_us;
	if (++r->next_write == c->plan.n_writes)
		r->step = c->plan.check_n ? FM_CHIP_VERIFY : FM_CHIP_READ;
}

static void read_values(struct gh_dev *dev, unsigned chip)
{
	const struct gh_chip_plan *p = &dev->board.chips[chip].plan;
	struct fm_chip_run *r = &dev->bus.chips[chip];
	const gh_us now = gh_firmata_now(dev);

	request(dev, chip, p->read_reg, p->read_n);
	r->due = r->due + p->period_us > now ? r->due + p->period_us
					     : now + p->period_us;
}

static void next_step(struct gh_dev *dev, unsigned chip)
{
	const struct gh_chip_plan *p = &dev->board.chips[chip].plan;
	struct fm_chip_run *r = &dev->bus.chips[chip];

	switch (r->step) {
	case FM_CHIP_IDENTIFY:
		if (p->id_n) {
			request(dev, chip, p->id_reg, 1);
			return;
		}
		r->step = FM_CHIP_SET_UP;
		set_up(dev, chip);
		return;
	case FM_CHIP_SET_UP:
		set_up(dev, chip);
		return;
	case FM_CHIP_VERIFY:
		request(dev, chip, p->check_reg, p->check_n);
		return;
	case FM_CHIP_READ:
		read_values(dev, chip);
		return;
	}
}

/* A chip that is lost still gives its beat of invalid samples. */
static void mark_lost(struct gh_dev *dev, unsigned chip, gh_us now)
{
	struct fm_chip_run *r = &dev->bus.chips[chip];

	if (!r->lost || now < r->invalid_due)
		return;
	r->invalid_due = now + dev->board.chips[chip].plan.period_us;
	emit_invalid(dev, chip);
}

void gh_firmata_bus_step(struct gh_dev *dev)
{
	struct fm_bus *b = &dev->bus;
	const gh_us now = gh_firmata_now(dev);
	const unsigned n = dev->board.n_chips;

	if (b->pending >= 0 && now - b->sent_at > CHIP_REPLY_US) {
		const unsigned chip = (unsigned)b->pending;

		b->pending = -1;
		dev->stats.timeouts++;
		fail(dev, chip, "no reply in 100 ms", true);
	}
	for (unsigned i = 0; i < n; i++) {
		const unsigned chip = (b->turn + i) % n;

		if (!gh_firmata_chip_wanted(dev, chip))
			continue;
		mark_lost(dev, chip, now);
		if (b->pending < 0 && b->chips[chip].due <= now) {
			next_step(dev, chip);
			b->turn = (chip + 1) % n;
		}
	}
}

void gh_firmata_on_string(struct gh_dev *dev, const struct fm_message *m)
{
	uint8_t text[4] = { 0 };

	gh_firmata_join(m->data, m->n, text, 3);
	if (memcmp(text, "I2C", 3) == 0)
		dev->bus.poisoned = true;
}

/* Does it begin with what a chip of another kind said last? */
static bool is_echo(const struct gh_dev *dev, unsigned chip,
		    const uint8_t *bytes, size_t n)
{
	const struct fm_bus *b = &dev->bus;
	const size_t same = n < b->last_n ? n : b->last_n;

	return same >= 2 && b->last_chip != (int)chip &&
	       dev->board.chips[b->last_chip].kind !=
		       dev->board.chips[chip].kind &&
	       memcmp(bytes, b->last, same) == 0;
}

static void values(struct gh_dev *dev, unsigned chip, const uint8_t *bytes)
{
	const struct fm_chip *c = &dev->board.chips[chip];
	struct fm_chip_run *r = &dev->bus.chips[chip];
	int16_t raw[GH_CHIP_VALUES];
	gh_us at;

	if (r->told)
		gh_firmata_event(dev, GH_DEV_EV_SENSOR, c->channel, 1.0,
				 "%s at %02x: answers again", c->kind->title,
				 c->addr);
	r->lost = r->told = false;
	if (!c->kind->decode(bytes, &c->plan, raw)) {
		emit_invalid(dev, chip);
		return;
	}
	/* It was read half-way between request and reply. */
	at = (dev->bus.sent_at + gh_firmata_now(dev)) / 2 - c->plan.age_us;
	for (unsigned i = 0; i < c->kind->n_values; i++)
		gh_firmata_emit(dev, (uint16_t)(c->channel + i), at, raw[i]);
}

static void good_reply(struct gh_dev *dev, unsigned chip, const uint8_t *bytes)
{
	const struct gh_chip_plan *p = &dev->board.chips[chip].plan;
	struct fm_chip_run *r = &dev->bus.chips[chip];

	switch (r->step) {
	case FM_CHIP_IDENTIFY:
		if (!memchr(p->id, bytes[0], p->id_n)) {
			fail(dev, chip, "another chip answers", false);
			return;
		}
		r->step = FM_CHIP_SET_UP;
		r->next_write = 0;
		break;
	case FM_CHIP_VERIFY:
		if (memcmp(bytes, p->check, p->check_n) != 0) {
			fail(dev, chip, "does not keep its set-up", false);
			return;
		}
		r->step = FM_CHIP_READ;
		break;
	case FM_CHIP_READ:
		values(dev, chip, bytes);
		break;
	case FM_CHIP_SET_UP:
		break;
	}
	r->failures = 0;
}

void gh_firmata_on_i2c(struct gh_dev *dev, const struct fm_message *m)
{
	/* address, register, then the data asked for */
	uint8_t bytes[2 + GH_CHIP_READ_MAX + 1];
	const size_t n = gh_firmata_join(m->data, m->n, bytes, sizeof(bytes));
	struct fm_bus *b = &dev->bus;
	unsigned chip;

	if (b->pending < 0 || n < 2 ||
	    bytes[0] != dev->board.chips[b->pending].addr ||
	    bytes[1] != b->reg) {
		dev->in.bad++; /* nobody asked that; a time-out may follow */
		return;
	}
	chip = (unsigned)b->pending;
	b->pending = -1;
	gh_firmata_timed(dev, gh_firmata_now(dev) - b->sent_at);
	if (b->poisoned || n - 2 < b->n) {
		fail(dev, chip, "no answer on the bus", false);
	} else if (n - 2 > b->n || m->n % 2) {
		dev->in.bad++;
		fail(dev, chip, "reply of a wrong length", false);
	} else if (is_echo(dev, chip, bytes + 2, b->n)) {
		fail(dev, chip, "repeats another chip's bytes", false);
	} else {
		b->last_chip = (int)chip;
		b->last_n = b->n;
		memcpy(b->last, bytes + 2, b->n);
		good_reply(dev, chip, bytes + 2);
	}
}
