/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A controller that lies to the driver, with a good CRC: from HELLO to the safe
 * state nothing crashes or hangs, and who fails says why.
 *
 * The toy controller answers as it should; an input is a row of edits to the
 * frames that it says.
 */
#include "fakes/edits.h" /* struct gh_edits */
#include "fakes/fuzz.h"
#include "fakes/toy_controller.h" /* struct toy */

#include "driver/driver.h"	   /* struct gh_driver */
#include "driver/lumina/message.h" /* GH_LUM_HELLO */

#include <string.h>

extern const struct gh_driver gh_driver_lumina;

/* Whole dialogues of 54 frames, 10000 a second. */
const struct gh_fuzz_runs gh_fuzz_runs = { .taste = 2000 };

const char *const gh_fuzz_words[] = { "\x01\x01\x01\x7F",
				      "\x01\x02\x01\x01",
				      "\x01\x03\x10\x41",
				      "\x01\x04\x01\xFF",
				      "\x02\x05\x01\x05",
				      "\x01\x06\x01\x01",
				      "\x04\x07\x01\x01",
				      "\x01\x09\x20\x40",
				      "\x01\x09\x0A\x41",
				      "\x01\x09\x10\x42",
				      NULL };

/* Every wait is bounded: the sum of all of them is, too. */
#define LONGEST_US (60 * (gh_us)GH_US_PER_S)
enum { PUMPS = 20, DICTIONARY_AT = 16 };

static const struct gh_driver *const drv = &gh_driver_lumina;
static struct toy toy;
static struct gh_link link;
static struct gh_lum_rx rx; /* of what the toy says */
static struct gh_edits edits;
static uint32_t described, dictionary; /* by what was said; as HELLO has it */
static struct gh_edited out;

/* The dictionary is a checksum as well: it is made right, where it is known. */
static void put_frame(struct gh_lum_frame *f)
{
	uint8_t wire[GH_LUM_WIRE_MAX];

	gh_fuzz_frames++;
	if (f->type == (GH_LUM_DESCRIBE | GH_LUM_REPLY))
		described = gh_lum_crc(described, f->payload, f->len);
	if (f->type == (GH_LUM_HELLO | GH_LUM_REPLY) && dictionary != 0 &&
	    f->len >= DICTIONARY_AT + 4)
		gh_lum_put32(f->payload + DICTIONARY_AT, dictionary);
	gh_edited_put(&out, wire,
		      gh_lum_encode(wire, f->type, f->seq, f->payload, f->len));
}

static void put_damaged(const struct gh_lum_frame *f, uint8_t at, uint8_t by)
{
	uint8_t wire[GH_LUM_WIRE_MAX];
	const size_t n =
		gh_lum_encode(wire, f->type, f->seq, f->payload, f->len);

	wire[at % n] ^= by;
	gh_edited_put(&out, wire, n);
}

static void put_unsolicited(uint8_t len, uint8_t type)
{
	struct gh_lum_frame f = { .type = type };

	if (len > GH_LUM_PAYLOAD_MAX)
		len = GH_LUM_PAYLOAD_MAX;
	f.len = gh_edits_take(&edits, f.payload, len);
	put_frame(&f);
}

/* Those that leave one good frame. */
static void change(struct gh_lum_frame *f, const struct gh_edit *e)
{
	static const uint32_t odd[3] = { 0, 0x7FFFFFFF, 0x80000000 };

	f->len = gh_edit_payload(e, f->payload, f->len, GH_LUM_PAYLOAD_MAX);
	if (e->kind == GH_EDIT_NUMBER && f->len >= 4)
		gh_lum_put32(f->payload + e->at % (f->len - 3),
			     odd[e->with % 3]);
	if (e->kind == GH_EDIT_TYPE)
		f->type = e->with;
	if (e->kind == GH_EDIT_SEQ)
		f->seq = e->with;
}

static void edit(struct gh_lum_frame *f)
{
	struct gh_edit e;

	if (!gh_edits_due(&edits, &e)) {
		put_frame(f);
		return;
	}
	change(f, &e);
	if (e.kind == GH_EDIT_DROP)
		return;
	if (e.kind == GH_EDIT_DAMAGE) {
		put_damaged(f, e.at, e.with);
		return;
	}
	if (e.kind == GH_EDIT_BEFORE)
		put_unsolicited(e.at, e.with);
	if (e.kind == GH_EDIT_TWICE)
		put_frame(f);
	put_frame(f);
}

static enum gh_status edited_read(struct gh_link *l, void *buf, size_t cap,
				  size_t *got, struct gh_err *err)
{
	struct gh_lum_frame f;
	uint8_t bytes[256];
	size_t n = 0;
	enum gh_status st;

	(void)l;
	st = gh_link_read(&toy.wire.link, bytes, sizeof bytes, &n, err);
	for (size_t i = 0; i < n; i++)
		if (gh_lum_rx_byte(&rx, bytes[i], &f))
			edit(&f);
	*got = gh_edited_take(&out, buf, cap);
	return st;
}

static enum gh_status pass_write(struct gh_link *l, const void *buf, size_t len,
				 size_t *written, struct gh_err *err)
{
	(void)l;
	return gh_link_write(&toy.wire.link, buf, len, written, err);
}

static enum gh_status pass_baud(struct gh_link *l, long baud,
				struct gh_err *err)
{
	(void)l;
	return gh_link_set_baud(&toy.wire.link, baud, err);
}

static void pass_close(struct gh_link *l)
{
	(void)l;
}

/* One that poll() passes over: without any, every wait is one of many steps. */
static size_t one_fd(const struct gh_link *l, struct pollfd *fds, size_t cap)
{
	(void)l;
	if (cap == 0)
		return 0;
	*fds = (struct pollfd){ .fd = -1, .events = POLLIN };
	return 1;
}

static const struct gh_link_ops ops = { "fuzz",	     pass_close, one_fd,
					edited_read, pass_write, pass_baud };

static void info_is_sound(const struct gh_dev_info *info)
{
	GH_FUZZ_HOLDS(info != NULL);
	for (unsigned i = 0; i < info->n_channels; i++) {
		const struct gh_dev_channel *c = &info->channels[i];

		GH_FUZZ_HOLDS(c->num != 0 && c->den > 0);
		GH_FUZZ_HOLDS(memchr(c->part, 0, sizeof c->part) != NULL);
	}
	for (const char *m = info->model; *m; m++)
		GH_FUZZ_HOLDS(*m >= ' ' && *m <= '~');
}

static enum gh_status pump(struct gh_dev *dev, struct gh_err *err)
{
	struct gh_sample samples[64];
	struct gh_dev_event ev;
	size_t got = 0;
	const enum gh_status st =
		drv->pump(dev, samples, GH_ARRAY_SIZE(samples), &got, err);

	for (size_t i = 0; st == GH_OK && i < got; i++)
		GH_FUZZ_HOLDS(samples[i].channel < drv->info(dev)->n_channels);
	while (drv->event(dev, &ev))
		;
	return st;
}

static enum gh_status session(struct gh_dev *dev, struct gh_err *err)
{
	static const struct gh_segment seg[2] = {
		{ GH_SHAPE_EASE, 500000, 0.25, false, 0.0 },
		{ GH_SHAPE_HOLD, 100000, 0.0, true, 0.0 },
	};
	static const uint16_t channels[] = { 0, 1 };
	double hz = 0.0, proved_ms = 0.0;
	enum gh_status st;

	st = drv->stream(dev, 0, channels, 2, 100.0, &hz, err);
	if (st == GH_OK)
		st = drv->arm(dev, false, &proved_ms, err);
	if (st == GH_OK)
		st = drv->queue(dev, 0, seg, 2, err);
	if (st == GH_OK)
		st = drv->run(dev, drv->device_now(dev) + 100000, err);
	for (uint32_t i = 0; st == GH_OK && i < PUMPS; i++) {
		toy_samples(&toy, i, 1);
		gh_wait(&toy.wire.clock, NULL, 0, toy.wire.now + 5000);
		st = pump(dev, err);
	}
	return st;
}

static enum gh_status open_it(struct gh_dev **dev, const uint8_t *data,
			      size_t size, struct gh_err *err)
{
	toy_init(&toy);
	memset(&rx, 0, sizeof rx);
	rx.synced = true;
	link = (struct gh_link){ .ops = &ops, .port = "fuzz" };
	gh_edits_begin(&edits, data, size);
	out.n = 0;
	described = 0;
	return drv->open(dev, &link, &toy.wire.clock, NULL, 0, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gh_dev_status seen = { .cause = "" };
	struct gh_dev_stats stats;
	struct gh_err err = { 0 };
	struct gh_dev *dev = NULL;
	enum gh_status st;

	dictionary = 0;
	st = open_it(&dev, data, size, &err);
	if (st != GH_OK && described != 0) {
		dictionary = described;
		st = open_it(&dev, data, size, &err);
	}
	GH_FUZZ_HOLDS((st == GH_OK) == (dev != NULL));
	if (st != GH_OK) {
		GH_FUZZ_HOLDS(err.msg[0] != '\0');
		return 0;
	}
	info_is_sound(drv->info(dev));
	if (session(dev, &err) != GH_OK)
		GH_FUZZ_HOLDS(err.msg[0] != '\0');
	(void)drv->safe(dev, 0, &seen, &err);
	drv->stats(dev, &stats);
	drv->close(dev);
	GH_FUZZ_HOLDS(toy.wire.now < LONGEST_US);
	return 0;
}
