/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hello - who answers, and what its pins can do. Opening a real port raises
 * DTR and resets an Uno, which then reports by itself; before that nothing is
 * sent, because a boot loader may listen. A pty has no DTR: its firmware has
 * long reported and is asked early. The only byte ever sent to a stranger is
 * F9, which every known protocol here survives (protocols, section 8).
 */
#include "driver/firmata/dev.h" /* struct gh_dev */

#include <string.h>

/* firmata.js waits as long; an emulated Uno needed 1.946 s (seen). */
#define BOOT_US ((gh_us)5000000)
#define ASK_AFTER_US ((gh_us)2500000)
#define ASK_PTY_AFTER_US ((gh_us)200000)
#define ASK_EVERY_US ((gh_us)500000)
/* A Mega's 507 bytes take 88 ms on the wire; ten times that. */
#define LEARN_US ((gh_us)900000)
enum { TRIES = 3, MAJOR = 2 };

void gh_firmata_on_version(struct gh_dev *dev, const struct fm_message *m)
{
	dev->version[0] = m->data[0];
	dev->version[1] = m->data[1];
	dev->has_version = true;
}

void gh_firmata_on_name(struct gh_dev *dev, const struct fm_message *m)
{
	uint8_t name[GH_SAFE_CAP];
	size_t n;

	if (m->n < 2)
		return;
	/* Version and name in one go, unasked: that is how a boot sounds. */
	if (dev->ready)
		dev->rebooted = dev->has_version;
	n = gh_firmata_join(m->data + 2, m->n - 2, name, sizeof(name));
	gh_safe_text(dev->info.model, sizeof(dev->info.model), name, n);
	dev->has_name = true;
}

/* One pin: (mode, resolution)* 7F. Returns the bytes used, 0 when broken. */
static size_t one_pin(struct fm_pin *pin, const uint8_t *data, size_t n)
{
	size_t i = 0;

	memset(pin, 0, sizeof(*pin));
	pin->analog = -1;
	while (i < n && data[i] != 0x7f) {
		if (i + 1 == n || data[i + 1] == 0x7f)
			return 0;
		if (data[i] < FM_MODES) {
			pin->modes |= 1u << data[i];
			pin->bits[data[i]] = data[i + 1];
		}
		i += 2;
	}
	return i < n ? i + 1 : 0;
}

void gh_firmata_on_capability(struct gh_dev *dev, const struct fm_message *m)
{
	size_t at = 0;
	unsigned pins = 0;

	if (dev->ready)
		return;
	while (at < m->n && pins < FM_PINS) {
		const size_t used =
			one_pin(&dev->pins[pins], m->data + at, m->n - at);

		if (used == 0)
			break;
		at += used;
		pins++;
	}
	dev->has_capability = pins > 0 && at == m->n;
	dev->n_pins = dev->has_capability ? pins : 0;
	if (!dev->has_capability)
		dev->in.bad++;
}

void gh_firmata_on_map(struct gh_dev *dev, const struct fm_message *m)
{
	if (dev->ready)
		return;
	dev->has_map = m->n == dev->n_pins && m->n > 0;
	if (!dev->has_map)
		dev->in.bad++;
	for (size_t i = 0; dev->has_map && i < m->n; i++)
		dev->pins[i].analog = m->data[i] == 0x7f ? -1 : m->data[i];
}

void gh_firmata_on_state(struct gh_dev *dev, const struct fm_message *m)
{
	struct fm_state *s;

	if (m->n < 2 || m->data[0] >= dev->n_pins)
		return;
	s = &dev->states[m->data[0]];
	s->mode = m->data[1];
	s->value = 0;
	for (size_t i = 2; i < m->n && i < 5; i++)
		s->value |= (unsigned)m->data[i] << 7 * (i - 2);
	s->known = true;
}

static bool knows_version(const struct gh_dev *dev)
{
	return dev->has_version;
}

static bool knows_name(const struct gh_dev *dev)
{
	return dev->has_version && dev->has_name;
}

static bool knows_capability(const struct gh_dev *dev)
{
	return dev->has_capability;
}

static bool knows_map(const struct gh_dev *dev)
{
	return dev->has_map;
}

static gh_us first_question(const struct gh_dev *dev)
{
	if (dev->link->bytes_in > 0)
		return 0; /* it has spoken on this link before */
	return dev->link->is_pty ? ASK_PTY_AFTER_US : ASK_AFTER_US;
}

static enum gh_status silence(const struct gh_dev *dev, struct gh_err *err)
{
	if (dev->in.good + dev->in.bad == 0)
		return gh_fail(err, GH_TIMEOUT,
			       "%s: nothing answers at %d baud",
			       dev->link->port, FM_BAUD);
	return gh_fail(err, GH_UNSUP, "%s: something answers, not in Firmata",
		       dev->link->port);
}

static enum gh_status await_version(struct gh_dev *dev, struct gh_err *err)
{
	static const uint8_t ask[] = { FM_VERSION };
	gh_us wait = first_question(dev), waited = 0;
	enum gh_status st;
	bool done = false;

	while (!done && waited < BOOT_US) {
		st = gh_firmata_await(dev, knows_version, wait, &done, err);
		if (st != GH_OK)
			return st;
		waited += wait;
		wait = ASK_EVERY_US;
		if (!done)
			gh_firmata_send(dev, ask, sizeof(ask));
	}
	return done ? GH_OK : silence(dev, err);
}

/* Asks with `id` and waits for what `done` looks at, TRIES times. */
static enum gh_status ask(struct gh_dev *dev, uint8_t id,
			  bool (*done)(const struct gh_dev *dev), bool *is_done,
			  struct gh_err *err)
{
	struct fm_frame f;
	enum gh_status st = GH_OK;

	*is_done = done(dev);
	gh_firmata_begin(&f, id);
	gh_firmata_end(&f);
	for (unsigned i = 0; i < TRIES && !*is_done && st == GH_OK; i++) {
		const gh_us asked = gh_now(dev->clk);

		gh_firmata_send_frame(dev, &f);
		dev->stats.requests++;
		dev->stats.retries += i > 0;
		st = gh_firmata_await(dev, done, LEARN_US, is_done, err);
		if (*is_done)
			gh_firmata_timed(dev, gh_now(dev->clk) - asked);
		else
			dev->stats.timeouts++;
	}
	return st;
}

enum gh_status gh_firmata_meet(struct gh_dev *dev, struct gh_err *err)
{
	bool done = false;
	enum gh_status st = await_version(dev, err);

	if (st == GH_OK) /* a boot report carries the name as well */
		st = gh_firmata_await(dev, knows_name, (gh_us)50000, &done,
				      err);
	if (st == GH_OK)
		st = ask(dev, FM_FIRMWARE, knows_name, &done, err);
	if (st != GH_OK)
		return st;
	if (!done)
		return silence(dev, err);
	if (dev->version[0] != MAJOR)
		return gh_fail(err, GH_UNSUP,
			       "%s: Firmata %u.%u, this driver speaks 2.x",
			       dev->link->port, dev->version[0],
			       dev->version[1]);
	return GH_OK;
}

enum gh_status gh_firmata_learn(struct gh_dev *dev, struct gh_err *err)
{
	bool done = false;
	enum gh_status st;

	st = ask(dev, FM_CAPABILITY_QUERY, knows_capability, &done, err);
	if (st == GH_OK && done)
		st = ask(dev, FM_ANALOG_MAP_QUERY, knows_map, &done, err);
	if (st != GH_OK)
		return st;
	if (!done)
		return gh_fail(err, GH_PROTO,
			       "%s: no sound list of its pins in %d questions",
			       dev->link->port, TRIES);
	/* What came so far may have been boot noise: count from here. */
	dev->in.bad = 0;
	dev->has_version = false;
	dev->ready = true;
	return GH_OK;
}

static bool states_known(const struct gh_dev *dev)
{
	for (unsigned i = 0; i < dev->n_pins; i++)
		if (!dev->states[i].known)
			return false;
	return true;
}

static void ask_unknown(struct gh_dev *dev, const unsigned *pins, unsigned n,
			bool again)
{
	for (unsigned i = 0; i < n; i++) {
		struct fm_frame f;

		if (dev->states[pins[i]].known)
			continue;
		gh_firmata_begin(&f, FM_PIN_STATE_QUERY);
		gh_firmata_byte(&f, (uint8_t)pins[i]);
		gh_firmata_end(&f);
		gh_firmata_send_frame(dev, &f);
		dev->stats.requests++;
		dev->stats.retries += again;
	}
}

/* So few that questions and answers fit the board's 64 byte buffers. */
static enum gh_status ask_some(struct gh_dev *dev, const unsigned *pins,
			       unsigned n, struct gh_err *err)
{
	const gh_us asked = gh_now(dev->clk);
	enum gh_status st = GH_OK;
	bool done = false;

	for (unsigned i = 0; i < n; i++)
		dev->states[pins[i]].known = false;
	for (unsigned try = 0; try < 2 && !done && st == GH_OK; try++) {
		ask_unknown(dev, pins, n, try > 0);
		st = gh_firmata_await(dev, states_known, FM_REPLY_US, &done,
				      err);
		dev->stats.timeouts += !done;
	}
	if (done)
		gh_firmata_timed(dev, gh_now(dev->clk) - asked);
	return st;
}

enum gh_status gh_firmata_ask_states(struct gh_dev *dev, const unsigned *pins,
				     unsigned n, struct gh_err *err)
{
	enum { GROUP = 8 };
	enum gh_status st = GH_OK;

	for (unsigned i = 0; i < dev->n_pins; i++)
		dev->states[i] = (struct fm_state){ .known = true };
	for (unsigned i = 0; i < n && st == GH_OK; i += GROUP)
		st = ask_some(dev, pins + i, n - i < GROUP ? n - i : GROUP,
			      err);
	return st;
}
