/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "firmware/avr/chips.h"

#include "firmware/avr/clock.h"	  /* fw_clock_us */
#include "firmware/avr/pins.h"	  /* FW_BOARD */
#include "firmware/avr/twi.h"	  /* fw_twi_begin */
#include "firmware/core/config.h" /* FW_FLASH */

#include <avr/io.h>
#include <string.h>

/* Missed in a row: then there is no reading. A silent chip is asked seldom. */
enum { MISSES = 3, AGAIN_MS = 5, RETRY_MS = 100 };
/* Others wait so long for the bus: the loop stands still meanwhile. */
#define GUEST_WAIT_US 2000u
/* The shunts come first: the bus is free for them as a frame begins. */
#define QUIET_US (FW_FRAME_US - 2000)

/* What to write, what to read then, and how long to leave the chip alone. */
enum kind {
	WRITE,
	IDENTIFY, /* the byte must be one of the chip's identities */
	COLOURS,
	TRIGGER, /* as a servo frame begins */
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

/*
 * A servo draws its current in a surge after each pulse, so a mean counts only
 * when it takes the same part of every frame, nearly all of it: 32 V, gain / 8,
 * 32 samples of 532 us of the shunt, begun by writing this as a frame begins.
 * What the chip found in the frame before can be read until it is through.
 */
static const FW_FLASH struct step shunt_steps[] = {
	{ TRIGGER, { 0x00, 0x38, 0x69 }, 3, 0, 4 },
	{ SHUNT, { 0x01 }, 1, 2, 0 },
};

enum { COLOUR, FIRST_SHUNT };
#if FW_BOARD == 1
enum { CHIPS = FIRST_SHUNT + FW_ACTUATORS };
#else
enum { CHIPS = FIRST_SHUNT };
#endif
static const FW_FLASH uint8_t addresses[] = { 0x29, 0x40, 0x41 };

struct chip {
	uint8_t step, misses;
	bool silent;  /* no reading */
	bool is_late; /* second half of the frame was seen */
	uint16_t due_ms;
};

static struct chip chips[CHIPS] = {
	[0 ... CHIPS - 1] = { .silent = true },
};
static int16_t colours[4]; /* red, green, blue, clear */
static int16_t shunts[CHIPS - COLOUR];
static uint8_t asked; /* chip whose transfer is under way */
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
	wait(c, now_ms, c->silent ? RETRY_MS : AGAIN_MS);
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
	if (kind != COLOURS && kind != SHUNT) {
		c->step++;
		return true;
	}
	c->misses = 0;
	c->silent = false;
	if (kind == SHUNT)
		c->step = 0;
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

static bool is_due(uint8_t i, uint16_t now_ms)
{
	struct chip *c = &chips[i];
	uint16_t half_us = TCNT1;
	bool was_late = c->is_late;

	if (i == COLOUR && half_us >= 2 * QUIET_US)
		return false;
	c->is_late = half_us >= FW_FRAME_US;
	if (step_of(i)->kind == TRIGGER && (c->is_late || !was_late))
		return false;
	return (int16_t)(now_ms - c->due_ms) >= 0;
}

static void ask(uint8_t i)
{
	const FW_FLASH struct step *s = step_of(i);
	uint8_t out[3] = { s->out[0], s->out[1], s->out[2] };

	asked = i;
	asking = fw_twi_begin(addresses[i], out, s->n_out, s->n_in);
}

void fw_chips_poll(uint32_t now_us)
{
	uint16_t now_ms = (uint16_t)(now_us >> 10); /* of 1.024 ms */

	fw_twi_poll(now_us);
	if (asking)
		finish(now_ms);
	for (uint8_t i = CHIPS; !asking && i-- > 0;)
		if (is_due(i, now_ms))
			ask(i);
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

/* A transfer of the chips is over in 1.2 ms; a stuck bus is busy. */
bool fw_chips_guest(uint8_t address, const uint8_t *out, uint8_t n_out,
		    uint8_t n_in)
{
	uint32_t since_us = fw_clock_us();

	while (asking && fw_clock_us() - since_us < GUEST_WAIT_US)
		fw_chips_poll(fw_clock_us());
	return fw_twi_begin(address, out, n_out, n_in);
}
