/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_firmata_fake - a StandardFirmata of a few dozen lines behind a link made
 * of memory, on a virtual clock: it answers as the real 2.4 image was seen to
 * answer, lies when told to, and keeps every byte it was sent. No byte of FF
 * may ever be among them: fake_destroy() looks.
 */
#ifndef GH_TESTS_UNIT_TEST_FIRMATA_FAKE_H
#define GH_TESTS_UNIT_TEST_FIRMATA_FAKE_H

#include "driver/driver.h" /* struct gh_driver */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

extern const struct gh_driver gh_driver_firmata;

enum { FAKE_PINS = 20, FAKE_CHIPS = 3, FAKE_BYTES = 1 << 16 };

enum fake_absent {
	FAKE_STALE,	  /* 2.4: an error string, then old bytes */
	FAKE_STALE_OTHER, /* 2.3 Mega: the other chip's address as well */
	FAKE_STALE_MUTE,  /* old bytes without the string */
	FAKE_EMPTY,	  /* newer: a reply without data */
	FAKE_SILENT
};

struct fake_chip {
	uint8_t addr;
	bool present;
	uint8_t pointer, regs[256];
};

struct fake {
	struct gh_link link; /* first member */
	struct gh_clock clock;
	gh_us now;
	size_t rx_at, rx_n, tx_n; /* of those below */
	uint8_t msg[64]; /* message being received */
	size_t msg_n;
	uint8_t mode[FAKE_PINS];
	unsigned value[FAKE_PINS];
	unsigned counts[6]; /* analog */
	bool report[6];
	unsigned interval_ms;
	gh_us report_due;
	struct fake_chip chips[FAKE_CHIPS];
	enum fake_absent absent;
	uint8_t last[32];
	uint8_t last_addr, last_reg;
	/* switches */
	bool mute, no_name, no_servo, broken_map, gone;
	unsigned calls, fail_at; /* the Nth call of the link fails, 0 none */
	bool pots_follow;	 /* a pot shows the pulse of its servo */
	unsigned attaches;
	gh_us boots_at; /* 0: it booted long ago */
	struct gh_dev *dev;
	struct gh_err err;
	/* Not cleared, which is most of the time of a short dialogue. */
	uint8_t rx[FAKE_BYTES]; /* to the host */
	uint8_t tx[FAKE_BYTES]; /* all the host ever sent */
};

static inline void fake_say(struct fake *f, const uint8_t *bytes, size_t n)
{
	assert_true(f->rx_n + n <= sizeof(f->rx));
	memcpy(f->rx + f->rx_n, bytes, n);
	f->rx_n += n;
}

static inline void fake_byte(struct fake *f, unsigned byte)
{
	const uint8_t b = (uint8_t)byte;

	fake_say(f, &b, 1);
}

static inline void fake_pair(struct fake *f, unsigned value)
{
	fake_byte(f, value & 0x7f);
	fake_byte(f, value >> 7 & 0x7f);
}

static inline void fake_text(struct fake *f, uint8_t id, const char *text)
{
	fake_byte(f, 0xf0);
	fake_byte(f, id);
	if (id == 0x79) {
		fake_byte(f, 2);
		fake_byte(f, 4);
	}
	for (; *text; text++)
		fake_pair(f, (unsigned char)*text);
	fake_byte(f, 0xf7);
}

static inline void fake_version(struct fake *f)
{
	fake_say(f, (const uint8_t[]){ 0xf9, 2, 4 }, 3);
}

/* As seen: pins 0 and 1 none, PWM on 3 5 6 9 10 11, I2C on 18 and 19. */
static inline void fake_capability(struct fake *f)
{
	static const char pwm[] = "\3\5\6\11\12\13";

	fake_say(f, (const uint8_t[]){ 0xf0, 0x6c, 0x7f, 0x7f }, 4);
	for (unsigned p = 2; p < FAKE_PINS; p++) {
		fake_say(f, (const uint8_t[]){ 0, 1, 1, 1 }, 4);
		if (p >= 14)
			fake_say(f, (const uint8_t[]){ 2, 10 }, 2);
		if (strchr(pwm, (int)p))
			fake_say(f, (const uint8_t[]){ 3, 8 }, 2);
		if (!f->no_servo)
			fake_say(f, (const uint8_t[]){ 4, 14 }, 2);
		if (p >= 18)
			fake_say(f, (const uint8_t[]){ 6, 1 }, 2);
		fake_byte(f, 0x7f);
	}
	fake_byte(f, 0xf7);
}

static inline void fake_map(struct fake *f)
{
	fake_say(f, (const uint8_t[]){ 0xf0, 0x6a }, 2);
	for (unsigned p = f->broken_map; p < FAKE_PINS; p++)
		fake_byte(f, p < 14 ? 0x7f : p - 14);
	fake_byte(f, 0xf7);
}

static inline void fake_state(struct fake *f, unsigned pin)
{
	if (pin >= FAKE_PINS)
		return;
	fake_say(f, (const uint8_t[]){ 0xf0, 0x6e, (uint8_t)pin, f->mode[pin] },
		 4);
	fake_byte(f, f->value[pin] & 0x7f);
	if (f->value[pin] > 0x7f)
		fake_byte(f, f->value[pin] >> 7);
	fake_byte(f, 0xf7);
}

static inline void fake_reply(struct fake *f, uint8_t addr, uint8_t reg,
			      unsigned n)
{
	fake_say(f, (const uint8_t[]){ 0xf0, 0x77 }, 2);
	fake_pair(f, addr);
	fake_pair(f, reg);
	for (unsigned i = 0; i < n; i++)
		fake_pair(f, f->last[i]);
	fake_byte(f, 0xf7);
}

static inline void fake_absent_reply(struct fake *f, uint8_t addr, uint8_t reg,
				     unsigned n)
{
	const bool other = f->absent == FAKE_STALE_OTHER;

	if (f->absent == FAKE_SILENT)
		return;
	if (f->absent == FAKE_STALE)
		fake_text(f, 0x71, "I2C: Too few bytes received");
	if (other)
		fake_text(f, 0x71, "I2C Read Error: Too many bytes received");
	fake_reply(f, other ? f->last_addr : addr, other ? f->last_reg : reg,
		   f->absent == FAKE_EMPTY ? 0 : n);
}

static inline void fake_i2c(struct fake *f)
{
	const uint8_t addr = f->msg[2], kind = f->msg[3] & 0x18;
	const uint8_t reg = (uint8_t)(f->msg[4] | f->msg[5] << 7);
	const unsigned n = f->msg[6] | (unsigned)f->msg[7] << 7;
	struct fake_chip *chip = NULL;

	for (unsigned i = 0; i < FAKE_CHIPS; i++)
		if (f->chips[i].addr == addr && f->chips[i].present)
			chip = &f->chips[i];
	if (kind == 0) {
		for (size_t i = 6; chip && i + 1 < f->msg_n; i += 2)
			chip->regs[(uint8_t)(reg + (i - 6) / 2)] =
				(uint8_t)(f->msg[i] | f->msg[i + 1] << 7);
		return;
	}
	if (!chip) {
		fake_absent_reply(f, addr, reg, n);
		return;
	}
	for (unsigned i = 0; i < n && i < sizeof(f->last); i++)
		f->last[i] = chip->regs[(uint8_t)(reg + i)];
	f->last_addr = addr;
	f->last_reg = reg;
	fake_reply(f, addr, reg, n);
}

static inline void fake_write_pin(struct fake *f, unsigned pin, unsigned value)
{
	if (pin >= FAKE_PINS || (f->mode[pin] != 3 && f->mode[pin] != 4))
		return;
	f->value[pin] = value;
	if (f->pots_follow && f->mode[pin] == 4 && (pin == 9 || pin == 10))
		f->counts[pin - 9] =
			(unsigned)((0.5 + (value - 544.0) / 1856.0 * 4.0) /
					   5.0 * 1024.0 +
				   0.5);
}

static inline void fake_mode(struct fake *f, unsigned pin, uint8_t mode)
{
	if (pin >= FAKE_PINS)
		return;
	if (mode == 4 && f->mode[pin] != 4)
		f->attaches++;
	if (f->mode[pin] != mode)
		f->value[pin] = 0;
	f->mode[pin] = mode;
}

static inline void fake_sysex(struct fake *f)
{
	switch (f->msg[1]) {
	case 0x79:
		if (!f->no_name)
			fake_text(f, 0x79, "StandardFirmata.ino");
		break;
	case 0x6b:
		fake_capability(f);
		break;
	case 0x69:
		fake_map(f);
		break;
	case 0x6d:
		fake_state(f, f->msg[2]);
		break;
	case 0x6f:
		fake_write_pin(f, f->msg[2],
			       f->msg[3] | (unsigned)f->msg[4] << 7);
		break;
	case 0x70:
		fake_mode(f, f->msg[2], 4);
		break;
	case 0x76:
		fake_i2c(f);
		break;
	case 0x7a:
		f->interval_ms = f->msg[2] | (unsigned)f->msg[3] << 7;
		break;
	default:
		break;
	}
}

/* One byte from the host; a message is acted on when it is whole. */
static inline void fake_take(struct fake *f, uint8_t byte)
{
	if (byte & 0x80 && byte != 0xf7)
		f->msg_n = 0;
	if (f->msg_n == sizeof(f->msg))
		fail_msg("a message of more than 64 bytes");
	f->msg[f->msg_n++] = byte;
	if (f->msg[0] == 0xf9 && f->msg_n == 1)
		fake_version(f);
	else if (f->msg[0] == 0xf0 && byte == 0xf7)
		fake_sysex(f);
	else if ((f->msg[0] & 0xf0) == 0xe0 && f->msg_n == 3)
		fake_write_pin(f, f->msg[0] & 15,
			       f->msg[1] | (unsigned)f->msg[2] << 7);
	else if (f->msg[0] == 0xf4 && f->msg_n == 3)
		fake_mode(f, f->msg[1], f->msg[2]);
	else if ((f->msg[0] & 0xf0) == 0xc0 && f->msg_n == 2 &&
		 (f->msg[0] & 15) < 6)
		f->report[f->msg[0] & 15] = f->msg[1] != 0;
}

static inline void fake_tick(struct fake *f)
{
	if (f->boots_at && f->now >= f->boots_at) {
		f->boots_at = 0;
		f->mute = false;
		fake_version(f);
		fake_text(f, 0x79, "StandardFirmata.ino");
	}
	while (f->report_due <= f->now) {
		f->report_due += (gh_us)f->interval_ms * 1000;
		for (unsigned i = 0; i < 6 && !f->mute; i++)
			if (f->report[i]) {
				fake_byte(f, 0xe0 + i);
				fake_pair(f, f->counts[i]);
			}
	}
}

static inline gh_us fake_now(void *self)
{
	return ((struct fake *)self)->now;
}

/* Time passes a millisecond at a time, so that the board does its reports. */
static inline int fake_wait(void *self, struct pollfd *fds, size_t n,
			    gh_us until)
{
	struct fake *f = self;

	(void)fds;
	(void)n;
	do {
		f->now += 1000;
		fake_tick(f);
	} while (f->now < until && f->rx_at == f->rx_n);
	return f->rx_at < f->rx_n;
}

static inline int64_t fake_wall(void *self)
{
	(void)self;
	return 0;
}

static inline enum gh_status fake_read(struct gh_link *link, void *buf,
				       size_t cap, size_t *got,
				       struct gh_err *err)
{
	struct fake *f = (struct fake *)link;
	size_t n = f->rx_n - f->rx_at;

	*got = 0;
	if (f->gone || ++f->calls == f->fail_at)
		return gh_fail(err, GH_GONE, "gone");
	if (n > cap)
		n = cap;
	memcpy(buf, f->rx + f->rx_at, n);
	f->rx_at += n;
	if (f->rx_at == f->rx_n)
		f->rx_at = f->rx_n = 0;
	*got = n;
	return GH_OK;
}

static inline enum gh_status fake_write(struct gh_link *link, const void *buf,
					size_t len, size_t *put,
					struct gh_err *err)
{
	struct fake *f = (struct fake *)link;
	const uint8_t *bytes = buf;

	if (f->gone || ++f->calls == f->fail_at)
		return gh_fail(err, GH_GONE, "gone");
	for (size_t i = 0; i < len; i++) {
		assert_true(f->tx_n < sizeof(f->tx));
		f->tx[f->tx_n++] = bytes[i];
		if (!f->mute)
			fake_take(f, bytes[i]);
	}
	*put = len;
	return GH_OK;
}

static inline enum gh_status fake_baud(struct gh_link *link, long baud,
				       struct gh_err *err)
{
	(void)link;
	(void)baud;
	(void)err;
	return GH_OK;
}

static inline size_t fake_fds(const struct gh_link *link, struct pollfd *out,
			      size_t cap)
{
	(void)link;
	(void)out;
	(void)cap;
	return 0;
}

static const struct gh_link_ops fake_ops = { .scheme = "fake",
					     .fds = fake_fds,
					     .read = fake_read,
					     .write = fake_write,
					     .set_baud = fake_baud };

static inline struct fake *fake_create(void)
{
	struct fake *f = malloc(sizeof(*f));

	assert_non_null(f);
	memset(f, 0, offsetof(struct fake, rx));
	f->link.ops = &fake_ops;
	f->link.is_pty = true;
	strcpy(f->link.port, "fake");
	f->clock = (struct gh_clock){ fake_now, fake_wait, fake_wall, f };
	f->now = 5000000;
	f->report_due = f->now;
	f->interval_ms = 19;
	f->counts[0] = f->counts[1] = 512;
	for (unsigned i = 14; i < FAKE_PINS; i++)
		f->mode[i] = 2;
	f->chips[0] = (struct fake_chip){ .addr = 0x40, .present = true };
	f->chips[1] = (struct fake_chip){ .addr = 0x41, .present = true };
	f->chips[2] = (struct fake_chip){ .addr = 0x29, .present = true };
	f->chips[2].regs[0x92] = 0x44; /* command bit and register 12 */
	f->chips[2].regs[0xb3] = 0x11; /* with auto-increment: status */
	return f;
}

static inline void fake_destroy(struct fake *f)
{
	gh_driver_firmata.close(f->dev);
	assert_null(memchr(f->tx, 0xff, f->tx_n));
	free(f);
}

#endif
