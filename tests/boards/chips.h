/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chips - the sensor chips on the emulated board's I2C: two INA219 and one
 * TCS34725, register by register as far as a driver can tell.
 */
#ifndef GH_TESTS_BOARDS_CHIPS_H
#define GH_TESTS_BOARDS_CHIPS_H

#include <sim_avr.h>
#include <stdbool.h>
#include <stdint.h>

struct gh_twi {
	uint8_t addr;
	/* Master's view: what a write and a read of one byte do. */
	void (*write)(struct gh_twi *chip, uint8_t byte, unsigned index);
	uint8_t (*read)(struct gh_twi *chip, unsigned index);
	/* Asks the plant, when a conversion is over. */
	double (*sense)(void *self, unsigned value);
	void *self;
	avr_t *avr;
	avr_irq_t *irq;
	bool selected;
	unsigned index; /* bytes since START */
	uint8_t pointer;
	uint8_t regs[64];
	double shunt_ohm;
	int64_t busy_us; /* since the conversion began */
};

/* Puts the chip on the bus. */
void gh_twi_attach(avr_t *avr, struct gh_twi *chip);

/* Fill in address and behaviour; sense and self are the caller's. */
void gh_twi_ina219(struct gh_twi *chip, uint8_t addr, double shunt_ohm);
void gh_twi_tcs34725(struct gh_twi *chip, uint8_t addr);

/* Time passes: conversions end. */
void gh_twi_ina219_step(struct gh_twi *chip, int64_t dt_us);
void gh_twi_tcs34725_step(struct gh_twi *chip, int64_t dt_us);

#endif
