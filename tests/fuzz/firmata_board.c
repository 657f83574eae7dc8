/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An Arduino that lies to the driver: from its version to the safe state
 * nothing crashes or hangs, who fails says why, and whatever the board claims,
 * no servo is sent beyond its range or moves on after the safe state.
 *
 * The fake board answers as a real one does; an input is a row of edits to the
 * messages that it says.
 */
#include "fakes/edits.h" /* struct gh_edits */
#include "fakes/fuzz.h"
#include "unit/test_firmata.h" /* struct fake */

#include "driver/firmata/codec.h" /* FM_SYSEX */

/* Whole dialogues, 16000 a second. */
const struct gh_fuzz_runs gh_fuzz_runs = { .taste = 3000 };

const char *const gh_fuzz_words[] = { "\x01\x01\x01\x01", /* a number */
				      "\x02\x02\x05\x01", /* cut short */
				      "\x03\x05\xFF\x01", /* far too long */
				      "\x01\x06\x01\x01", /* lost */
				      "\x01\x07\x01\x01", /* twice */
				      "\x08\x04\x01\x77",
				      "\x10\x09\x08\x77",
				      "\x10\x09\x08\x6E",
				      "\x10\x09\x20\x71",
				      "\x20\x09\x02\xE0",
				      "\x05\x09\x02\xF9",
				      NULL };

/* Every wait is bounded: the sum of all of them is, too. */
#define LONGEST_US (60 * (gh_us)GH_US_PER_S)
#define AWHILE_US ((gh_us)100000)
enum { MESSAGE_CAP = 8192, RUN_PART = 16 };
/* What fake_wires says of both servos. */
enum { LO_US = 544, HI_US = 2400, SHOULDER_PIN = 9, ELBOW_PIN = 10 };

/* What the board says, as it arrives. */
struct message {
	uint8_t b[MESSAGE_CAP];
	size_t n;
};

static const struct gh_driver *const drv = &gh_driver_firmata;
static struct fake *board;
static struct gh_link link;
static struct gh_edits edits;
static struct message said;
static struct gh_edited out;

/* ---- The lie -------------------------------------------------------------- */

/* A sysex message of the input's own bytes, or a short one. */
static void put_unsolicited(uint8_t len, uint8_t id)
{
	uint8_t bytes[260] = { FM_SYSEX, id };
	const bool is_short = id >= 0x80;
	size_t n = gh_edits_take(&edits, bytes + 2, len);

	if (!is_short)
		bytes[2 + n++] = FM_SYSEX_END;
	gh_edited_put(&out, bytes + is_short, 2 + n - is_short);
}

/* Where the payload begins, and how much of it there is. */
static size_t payload_of(const struct message *m, size_t *n)
{
	const bool sysex = m->b[0] == FM_SYSEX;
	const size_t at = sysex ? 2 : 1;

	GH_FUZZ_HOLDS(m->n >= 3);
	*n = m->n - at - sysex;
	return at;
}

static void change(struct message *m, const struct gh_edit *e)
{
	static const unsigned odd[3] = { 0, 0x3FFF, 0x2000 };
	const bool sysex = m->b[0] == FM_SYSEX;
	size_t n;
	uint8_t *payload = m->b + payload_of(m, &n);
	const size_t room = MESSAGE_CAP - 3;

	n = gh_edit_payload(e, payload, n, room);
	if (e->kind == GH_EDIT_NUMBER && n >= 2) {
		payload[e->at % (n - 1)] = odd[e->with % 3] & 0x7F;
		payload[e->at % (n - 1) + 1] = odd[e->with % 3] >> 7 & 0x7F;
	}
	if (e->kind == GH_EDIT_TYPE)
		m->b[sysex] = sysex ? e->with : e->with | 0x80;
	/* Nothing is numbered here: it is as long as nobody expects. */
	for (unsigned i = 0; e->kind == GH_EDIT_SEQ && i < RUN_PART; i++) {
		const size_t more = e->at < room - n ? e->at : room - n;

		memset(payload + n, e->with & 0x7F, more);
		n += more;
	}
	if (sysex)
		payload[n] = FM_SYSEX_END;
	m->n = (size_t)(payload - m->b) + n + sysex;
}

static void edit(struct message *m)
{
	struct gh_edit e;

	gh_fuzz_frames++;
	if (!gh_edits_due(&edits, &e)) {
		gh_edited_put(&out, m->b, m->n);
		return;
	}
	change(m, &e);
	if (e.kind == GH_EDIT_DROP)
		return;
	if (e.kind == GH_EDIT_DAMAGE)
		m->b[e.at % m->n] ^= e.with;
	if (e.kind == GH_EDIT_BEFORE)
		put_unsolicited(e.at, e.with);
	if (e.kind == GH_EDIT_TWICE)
		gh_edited_put(&out, m->b, m->n);
	gh_edited_put(&out, m->b, m->n);
}

static void hear(uint8_t byte)
{
	if (byte >= 0x80 && byte != FM_SYSEX_END)
		said.n = 0;
	GH_FUZZ_HOLDS(said.n < sizeof said.b);
	said.b[said.n++] = byte;
	if (said.b[0] == FM_SYSEX ? byte == FM_SYSEX_END : said.n == 3) {
		edit(&said);
		said.n = 0;
	}
}

/* ---- The link ------------------------------------------------------------- */

static enum gh_status edited_read(struct gh_link *l, void *buf, size_t cap,
				  size_t *got, struct gh_err *err)
{
	uint8_t bytes[256];
	size_t n = 0;
	enum gh_status st;

	(void)l;
	do {
		st = gh_link_read(&board->link, bytes, sizeof bytes, &n, err);
		for (size_t i = 0; st == GH_OK && i < n; i++)
			hear(bytes[i]);
	} while (st == GH_OK && n == sizeof bytes);
	*got = gh_edited_take(&out, buf, cap);
	return st;
}

static enum gh_status pass_write(struct gh_link *l, const void *buf, size_t len,
				 size_t *written, struct gh_err *err)
{
	(void)l;
	return gh_link_write(&board->link, buf, len, written, err);
}

static const struct gh_link_ops ops = { .scheme = "fuzz",
					.fds = fake_fds,
					.read = edited_read,
					.write = pass_write,
					.set_baud = fake_baud };

/* ---- What must hold ------------------------------------------------------- */

static void info_is_sound(const struct gh_dev_info *info)
{
	GH_FUZZ_HOLDS(info != NULL && info->n_channels == CH_ALL);
	for (unsigned i = 0; i < info->n_channels; i++)
		GH_FUZZ_HOLDS(info->channels[i].num != 0 &&
			      info->channels[i].den > 0);
	for (const char *m = info->model; *m; m++)
		GH_FUZZ_HOLDS(*m >= ' ' && *m <= '~');
	for (const char *m = info->firmware; *m; m++)
		GH_FUZZ_HOLDS(*m >= ' ' && *m <= '~');
}

static unsigned pulse(unsigned pin)
{
	return board->mode[pin] == FM_MODE_SERVO ? board->value[pin] : 0;
}

static void is_in_range(void)
{
	static const unsigned pins[] = { SHOULDER_PIN, ELBOW_PIN };

	for (unsigned i = 0; i < GH_ARRAY_SIZE(pins); i++)
		GH_FUZZ_HOLDS(pulse(pins[i]) == 0 || (pulse(pins[i]) >= LO_US &&
						      pulse(pins[i]) <= HI_US));
}

static enum gh_status pump(struct gh_err *err)
{
	struct gh_sample samples[64];
	struct gh_dev_event ev;
	size_t got = 0;
	enum gh_status st;

	fake_wait(board, NULL, 0, board->now + 10000);
	st = drv->pump(board->dev, samples, GH_ARRAY_SIZE(samples), &got, err);
	for (size_t i = 0; st == GH_OK && i < got; i++)
		GH_FUZZ_HOLDS(samples[i].channel < CH_ALL);
	while (drv->event(board->dev, &ev))
		;
	is_in_range();
	return st;
}

static enum gh_status spin(gh_us length, struct gh_err *err)
{
	const gh_us until = board->now + length;
	enum gh_status st = GH_OK;

	while (st == GH_OK && board->now < until)
		st = pump(err);
	return st;
}

static enum gh_status session(struct gh_err *err)
{
	static const struct gh_segment seg[2] = {
		{ GH_SHAPE_EASE, 500000, 0.25, false, 0.0 },
		{ GH_SHAPE_HOLD, 100000, 0.0, true, 0.0 },
	};
	uint16_t all[CH_ALL];
	double hz = 0.0, proved_ms = 0.0;
	enum gh_status st;

	for (uint16_t i = 0; i < CH_ALL; i++)
		all[i] = i;
	st = drv->stream(board->dev, 0, all, CH_ALL, 100.0, &hz, err);
	if (st == GH_OK)
		st = spin(AWHILE_US, err);
	if (st == GH_OK)
		st = drv->arm(board->dev, false, &proved_ms, err);
	is_in_range();
	if (st == GH_OK)
		st = drv->queue(board->dev, 0, seg, 2, err);
	if (st == GH_OK)
		st = drv->run(board->dev, drv->device_now(board->dev) + 20000,
			      err);
	/* In the middle of the first segment. */
	return st == GH_OK ? spin(3 * AWHILE_US, err) : st;
}

/* Safe, it stays where it is, whatever is said then. */
static void stays_safe(struct gh_err *err)
{
	struct gh_dev_status seen = { .cause = "" };
	unsigned shoulder, elbow;

	if (drv->safe(board->dev, 0, &seen, err) != GH_OK) {
		GH_FUZZ_HOLDS(err->msg[0] != '\0');
		return;
	}
	shoulder = pulse(SHOULDER_PIN);
	elbow = pulse(ELBOW_PIN);
	(void)!spin(AWHILE_US, err);
	GH_FUZZ_HOLDS(pulse(SHOULDER_PIN) == shoulder);
	GH_FUZZ_HOLDS(pulse(ELBOW_PIN) == elbow);
}

static void meet(const uint8_t *data, size_t size)
{
	board = fake_create();
	board->pots_follow = true;
	link = (struct gh_link){ .ops = &ops, .port = "fuzz", .is_pty = true };
	gh_edits_begin(&edits, data, size);
	said.n = out.n = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gh_err err = { 0 };
	gh_us begun;
	enum gh_status st;

	meet(data, size);
	begun = board->now;
	st = drv->open(&board->dev, &link, &board->clock, &fake_wiring, 0,
		       &err);
	GH_FUZZ_HOLDS((st == GH_OK) == (board->dev != NULL));
	if (st == GH_OK) {
		info_is_sound(drv->info(board->dev));
		st = session(&err);
	}
	GH_FUZZ_HOLDS(st == GH_OK || err.msg[0] != '\0');
	if (board->dev)
		stays_safe(&err);
	GH_FUZZ_HOLDS(board->now - begun < LONGEST_US);
	GH_FUZZ_HOLDS(!memchr(board->tx, 0xFF, board->tx_n));
	fake_destroy(board);
	return 0;
}
