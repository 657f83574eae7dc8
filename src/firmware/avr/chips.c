/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "firmware/avr/chips.h"

#include "firmware/avr/clock.h"	  /* fw_clock_us */
#include "firmware/avr/pins.h"	  /* FW_BOARD */
#include "firmware/avr/twi.h"	  /* fw_twi_begin */
#include "firmware/core/config.h" /* FW_FLASH */

#include <string.h>

/* Missed in a row: then there is no reading. A chip is asked again after. */
enum { MISSES = 3, RETRY_MS = 100 };
/* A shunt chip that lost its supply forgets its set-up: looked at so often. */
enum { READS_BETWEEN = 32 };

/* What to write, what to read then, and how long to leave the chip alone. */
enum kind {
	WRITE,
	IDENTIFY, /* the byte must be one of the chip's identities */
	COMPARE, /* both bytes must be 38 75; if so the next step is left out */
	COLOURS,
	SHUNT
};

struct step {
	uint8_t kind;
	uint8_t out[3], n_out, n_in, wait_ms;
};

/*
 * Command bit 80, auto-increment 20. 256 - 10 cycles of 2.4 ms, gain 1; a new
 * conversion every 26.4 ms.
 */
static const FW_FLASH struct step colour_steps[] = {
	{ IDENTIFY, { 0x92 }, 1, 1, 0 },     { WRITE, { 0x80, 0x01 }, 2, 0, 3 },
	{ WRITE, { 0x81, 0xF6 }, 2, 0, 0 },  { WRITE, { 0x8F, 0x00 }, 2, 0, 0 },
	{ WRITE, { 0x80, 0x03 }, 2, 0, 32 }, { COLOURS, { 0xB3 }, 1, 9, 27 },
};

/* 32 V, gain / 8, 64 samples of 532 us: 1.7 servo frames; shunt only. */
static const FW_FLASH struct step shunt_steps[] = {
	{ COMPARE, { 0x00 }, 1, 2, 0 },
	{ WRITE, { 0x00, 0x38, 0x75 }, 3, 0, 35 },
	{ SHUNT, { 0x01 }, 1, 2, 35 },
};

enum { COLOUR, FIRST_SHUNT };
#if FW_BOARD == 1
enum { CHIPS = FIRST_SHUNT + FW_ACTUATORS };
#else
enum { CHIPS = FIRST_SHUNT };
#endif
static const FW_FLASH uint8_t addresses[] = { 0x29, 0x40, 0x41 };

struct chip {
	uint8_t step, misses, reads;
	bool silent; /* no reading */
	uint16_t due_ms;
};

static struct chip chips[CHIPS] = {
	[0 ... CHIPS - 1] = { .silent = true },
};
static int16_t colours[4]; /* red, green, blue, clear */
static int16_t shunts[CHIPS - COLOUR];
static uint8_t asked; /* chip whose transfer is under way, or CHIPS */
static bool asking;

static const FW_FLASH struct step *step_of(uint8_t i)
{
	return (i == COLOUR ? colour_steps : shunt_steps) + chips[i].step;
}

static void wait(struct chip *c, uint16_t now_ms, uint8_t ms)
{
	c->due_ms = now_ms + ms;
}

static void miss(struct chip *c, uint16_t now_ms)
{
	c->step = 0;
	if (++c->misses >= MISSES) {
		c->misses = MISSES;
		c->silent = true;
	}
	wait(c, now_ms, RETRY_MS);
}

static void take_colours(const uint8_t *p)
{
	static const FW_FLASH uint8_t word[] = { 1, 2, 3, 0 };

	for (uint8_t k = 0; k < 4; k++) {
		const uint8_t *w = p + 1 + 2 * word[k];
		uint16_t counts = w[0] | (uint16_t)w[1] << 8;

		colours[k] = counts > FW_COLOUR_FULL ? FW_COLOUR_FULL
						     : (int16_t)counts;
	}
}

/* False: the answer is not this chip's, or not valid yet. */
static bool take(uint8_t i, uint8_t kind, const uint8_t *p)
{
	struct chip *c = &chips[i];

	if (kind == IDENTIFY && p[0] != 0x44 && p[0] != 0x4D && p[0] != 0x10)
		return false;
	if (kind == COLOURS && !(p[0] & 1))
		return false;
	if (kind == COLOURS)
		take_colours(p);
	if (kind == SHUNT)
		shunts[i - COLOUR] = (int16_t)((uint16_t)p[0] << 8 | p[1]);
	if (kind == COMPARE && p[0] == 0x38 && p[1] == 0x75)
		c->step++;
	if (kind != COLOURS && kind != SHUNT) {
		c->step++;
		return true;
	}
	c->misses = 0;
	c->silent = false;
	if (kind == SHUNT && ++c->reads == READS_BETWEEN)
		c->step = c->reads = 0;
	return true;
}

static void finish(uint16_t now_ms)
{
	struct chip *c = &chips[asked];
	uint8_t kind = step_of(asked)->kind;
	uint8_t wait_ms = step_of(asked)->wait_ms;
	enum fw_i2c state = fw_twi_take();

	if (state == FW_I2C_BUSY)
		return;
	asking = false;
	if (state == FW_I2C_DONE && take(asked, kind, fw_twi_bytes()))
		wait(c, now_ms, wait_ms);
	else
		miss(c, now_ms);
}

static void ask(uint8_t i)
{
	const FW_FLASH struct step *s = step_of(i);
	uint8_t out[3] = { s->out[0], s->out[1], s->out[2] };

	asking = fw_twi_begin(addresses[i], out, s->n_out, s->n_in);
}

void fw_chips_poll(uint32_t now_us)
{
	uint16_t now_ms = (uint16_t)(now_us >> 10); /* of 1.024 ms */

	fw_twi_poll(now_us);
	if (asking) {
		finish(now_ms);
		return;
	}
	asked = asked + 1 < CHIPS ? asked + 1 : 0;
	if ((int16_t)(now_ms - chips[asked].due_ms) >= 0)
		ask(asked);
}

int16_t fw_chips_colour(uint8_t colour)
{
	return chips[COLOUR].silent ? FW_RAW_INVALID : colours[colour];
}

int16_t fw_chips_shunt(uint8_t joint)
{
	if (chips[FIRST_SHUNT + joint].silent)
		return FW_RAW_INVALID;
	return shunts[FIRST_SHUNT + joint - COLOUR];
}

/* A chip's own transfer is over in 1.2 ms, or after its time-out. */
bool fw_chips_guest(uint8_t address, const uint8_t *out, uint8_t n_out,
		    uint8_t n_in)
{
	while (asking)
		fw_chips_poll(fw_clock_us());
	return fw_twi_begin(address, out, n_out, n_in);
}
