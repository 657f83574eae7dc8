/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "firmware/avr/twi.h"

#include "firmware/avr/pins.h" /* TWI_PORT */

#include <avr/interrupt.h>
#include <string.h>
#include <util/delay.h>
#include <util/twi.h>

/* 100 kHz: 16 MHz / (16 + 2 * 72). Workshop cables are long. */
#define BIT_RATE 72
/* 66 bytes of 9 bits take 6 ms; a chip that stretches the clock gets as much. */
#define TIME_OUT_US 12000

enum { GO = 1 << TWINT | 1 << TWEN | 1 << TWIE };

static struct {
	volatile uint8_t state; /* enum fw_i2c */
	uint8_t address, n_out, n_in, at;
	bool reading, timed;
	uint32_t since_us;
	uint8_t bytes[FW_TWI_MAX]; /* out, then in */
} bus;

static void end(enum fw_i2c state)
{
	TWCR = 1 << TWINT | 1 << TWEN | 1 << TWSTO;
	bus.state = (uint8_t)state;
}

static void next_out(void)
{
	if (bus.at < bus.n_out) {
		TWDR = bus.bytes[bus.at++];
		TWCR = GO;
	} else if (bus.n_in == 0) {
		end(FW_I2C_DONE);
	} else {
		bus.reading = true;
		TWCR = GO | 1 << TWSTA;
	}
}

/* The last byte wanted is not acknowledged. */
static void next_in(void)
{
	TWCR = bus.at + 1 < bus.n_in ? GO | 1 << TWEA : GO;
}

ISR(TWI_vect)
{
	switch (TW_STATUS) {
	case TW_START:
	case TW_REP_START:
		TWDR = (uint8_t)(bus.address << 1 | bus.reading);
		TWCR = GO;
		return;
	case TW_MT_SLA_ACK:
	case TW_MT_DATA_ACK:
		next_out();
		return;
	case TW_MR_SLA_ACK:
		bus.at = 0;
		next_in();
		return;
	case TW_MR_DATA_ACK:
		bus.bytes[bus.at++] = TWDR;
		next_in();
		return;
	case TW_MR_DATA_NACK:
		bus.bytes[bus.at++] = TWDR;
		end(FW_I2C_DONE);
		return;
	default: /* nobody there, or the bus is disturbed */
		end(FW_I2C_FAILED);
	}
}

void fw_twi_init(void)
{
	TWI_PORT |= 1 << TWI_SDA | 1 << TWI_SCL;
	TWBR = BIT_RATE;
	TWSR = 0;
	TWCR = 1 << TWEN;
}

bool fw_twi_begin(uint8_t address, const uint8_t *out, uint8_t n_out,
		  uint8_t n_in)
{
	uint8_t stop = UINT8_MAX;

	if (bus.state != FW_I2C_NONE)
		return false;
	/* The STOP of the last transfer, 10 us; a stuck bus never makes it. */
	while (TWCR & 1 << TWSTO && --stop != 0)
		;
	bus.address = address;
	bus.n_out = n_out;
	bus.n_in = n_in;
	bus.at = 0;
	bus.reading = n_out == 0 && n_in != 0;
	bus.timed = false;
	memcpy(bus.bytes, out, n_out);
	/* The interrupt looks at all this: it is to be there, not in registers. */
	__asm__ volatile("" ::: "memory");
	bus.state = FW_I2C_BUSY;
	TWCR = GO | 1 << TWSTA;
	return true;
}

enum fw_i2c fw_twi_take(void)
{
	enum fw_i2c state = (enum fw_i2c)bus.state;

	__asm__ volatile("" ::: "memory");
	if (state != FW_I2C_BUSY)
		bus.state = FW_I2C_NONE;
	return state;
}

const uint8_t *fw_twi_bytes(void)
{
	return bus.bytes;
}

static void pull(uint8_t line, bool low)
{
	if (low) {
		TWI_PORT &= (uint8_t) ~(1 << line);
		TWI_DDR |= (uint8_t)(1 << line);
	} else {
		TWI_DDR &= (uint8_t) ~(1 << line);
		TWI_PORT |= (uint8_t)(1 << line);
	}
	_delay_us(5);
}

/* A chip in the middle of a byte lets go after at most nine clocks. */
static void free_bus(void)
{
	TWCR = 0;
	pull(TWI_SDA, false);
	for (uint8_t i = 0; i < 9 && !(TWI_PIN & 1 << TWI_SDA); i++) {
		pull(TWI_SCL, true);
		pull(TWI_SCL, false);
	}
	pull(TWI_SDA, true);
	pull(TWI_SDA, false);
	fw_twi_init();
}

void fw_twi_poll(uint32_t now_us)
{
	if (bus.state != FW_I2C_BUSY)
		return;
	if (!bus.timed) {
		bus.timed = true;
		bus.since_us = now_us;
	}
	if (now_us - bus.since_us < TIME_OUT_US)
		return;
	free_bus();
	bus.state = FW_I2C_FAILED;
}
