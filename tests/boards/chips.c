/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "boards/chips.h" /* struct gh_twi */

#include <avr_twi.h>
#include <math.h>
#include <string.h>

static void answer(struct gh_twi *chip, uint8_t msg, uint8_t data)
{
	avr_raise_irq(chip->irq + TWI_IRQ_INPUT,
		      avr_twi_irq_msg(msg, chip->addr, data));
}

/* One event of the bus. A chip that is not meant stays silent: a NACK. */
static void on_bus(avr_irq_t *irq, uint32_t value, void *param)
{
	struct gh_twi *chip = param;
	avr_twi_msg_irq_t m = { .u = { .v = value } };

	(void)irq;
	if (m.u.twi.msg & TWI_COND_STOP)
		chip->selected = false;
	if (m.u.twi.msg & TWI_COND_START) {
		chip->selected = m.u.twi.addr >> 1 == chip->addr;
		chip->index = 0;
		if (chip->selected)
			answer(chip, TWI_COND_ACK, 1);
	}
	if (!chip->selected)
		return;
	if (m.u.twi.msg & TWI_COND_WRITE) {
		answer(chip, TWI_COND_ACK, 1);
		chip->write(chip, (uint8_t)m.u.twi.data, chip->index++);
	}
	if (m.u.twi.msg & TWI_COND_READ)
		answer(chip, TWI_COND_READ, chip->read(chip, chip->index++));
}

void gh_twi_attach(avr_t *avr, struct gh_twi *chip)
{
	static const char *names[TWI_IRQ_COUNT] = { "8<in", "32>out",
						    "8>status" };
	const uint32_t twi = AVR_IOCTL_TWI_GETIRQ(0);

	chip->avr = avr;
	chip->irq = avr_alloc_irq(&avr->irq_pool, 0, TWI_IRQ_COUNT, names);
	avr_irq_register_notify(chip->irq + TWI_IRQ_OUTPUT, on_bus, chip);
	avr_connect_irq(chip->irq + TWI_IRQ_INPUT,
			avr_io_getirq(avr, twi, TWI_IRQ_INPUT));
	avr_connect_irq(avr_io_getirq(avr, twi, TWI_IRQ_OUTPUT),
			chip->irq + TWI_IRQ_OUTPUT);
}

/* ---- INA219: registers of 16 bits, high byte first ----------------------- */

enum { INA_CONFIG, INA_SHUNT, INA_REGS = 6 };

/* Conversion times of the data sheet by the four bits of the converter. */
static int64_t ina_conversion_us(unsigned bits)
{
	static const int32_t us[16] = { 84,   148,   276,   532,  84,	148,
					276,  532,   532,   1060, 2130, 4260,
					8510, 17020, 34050, 68100 };

	return us[bits & 15];
}

static unsigned ina_config(const struct gh_twi *chip)
{
	return (unsigned)chip->regs[0] << 8 | chip->regs[1];
}

/* Of one round: the bus converter takes its turn as well, where it is on. */
static int64_t ina_round_us(const struct gh_twi *chip)
{
	const unsigned config = ina_config(chip);

	return ina_conversion_us(config >> 3) +
	       (config & 2 ? ina_conversion_us(config >> 7) : 0);
}

/* The plant gives the mean since the last look; 10 uV a count. */
static void ina_convert(struct gh_twi *chip)
{
	double counts = chip->sense(chip->self, 0) * chip->shunt_ohm / 10e-6;

	counts = fmax(-32000.0, fmin(32000.0, counts));
	chip->regs[2 * INA_SHUNT] = (uint8_t)((uint16_t)lround(counts) >> 8);
	chip->regs[2 * INA_SHUNT + 1] = (uint8_t)lround(counts);
}

static avr_cycle_count_t ina_triggered_end(avr_t *avr, avr_cycle_count_t when,
					   void *param)
{
	(void)avr;
	(void)when;
	ina_convert(param);
	return 0;
}

/* Modes 1 and 3: the shunt is converted once, from now on. */
static void ina_trigger(struct gh_twi *chip)
{
	const unsigned mode = ina_config(chip) & 7;

	chip->busy_us = 0;
	if (mode != 1 && mode != 3)
		return;
	(void)chip->sense(chip->self, 0);
	avr_cycle_timer_register_usec(chip->avr, (uint32_t)ina_round_us(chip),
				      ina_triggered_end, chip);
}

static void ina_write(struct gh_twi *chip, uint8_t byte, unsigned index)
{
	if (index == 0)
		chip->pointer = byte % INA_REGS;
	else if (index < 3)
		chip->regs[2 * chip->pointer + index - 1] = byte;
	if (index == 2 && chip->pointer == INA_CONFIG)
		ina_trigger(chip);
}

static uint8_t ina_read(struct gh_twi *chip, unsigned index)
{
	return chip->regs[2 * chip->pointer + index % 2];
}

void gh_twi_ina219(struct gh_twi *chip, uint8_t addr, double shunt_ohm)
{
	*chip = (struct gh_twi){ .addr = addr,
				 .write = ina_write,
				 .read = ina_read,
				 .shunt_ohm = shunt_ohm };
	chip->regs[0] = 0x39; /* 12 bit, both converters, always */
	chip->regs[1] = 0x9f;
}

void gh_twi_ina219_step(struct gh_twi *chip, int64_t dt_us)
{
	if ((ina_config(chip) & 5) != 5)
		return; /* the shunt is not measured continuously */
	chip->busy_us += dt_us;
	if (chip->busy_us < ina_round_us(chip))
		return;
	chip->busy_us %= ina_round_us(chip);
	ina_convert(chip);
}

/* ---- TCS34725: command byte, then registers of 8 bits -------------------- */

enum {
	TCS_ENABLE = 0x00,
	TCS_ATIME = 0x01,
	TCS_CONTROL = 0x0f,
	TCS_ID = 0x12,
	TCS_STATUS = 0x13,
	TCS_DATA = 0x14,
	TCS_REGS = 0x1c,
	TCS_ON = 0x03 /* power and converter */
};

static uint8_t *tcs_reg(struct gh_twi *chip)
{
	const uint8_t reg = chip->pointer & 0x1f;

	if (chip->pointer & 0x20) /* auto-increment */
		chip->pointer =
			(uint8_t)((chip->pointer & 0xe0) | ((reg + 1) & 0x1f));
	return &chip->regs[reg < TCS_REGS ? reg : TCS_REGS];
}

static void tcs_write(struct gh_twi *chip, uint8_t byte, unsigned index)
{
	if (index == 0) {
		chip->pointer = byte;
		return;
	}
	if ((chip->pointer & 0x1f) < TCS_ID)
		*tcs_reg(chip) = byte;
	chip->busy_us = 0;
	chip->regs[TCS_STATUS] = 0;
}

static uint8_t tcs_read(struct gh_twi *chip, unsigned index)
{
	(void)index;
	return *tcs_reg(chip);
}

void gh_twi_tcs34725(struct gh_twi *chip, uint8_t addr)
{
	*chip = (struct gh_twi){ .addr = addr,
				 .write = tcs_write,
				 .read = tcs_read };
	chip->regs[TCS_ATIME] = 0xff;
	chip->regs[TCS_ID] = 0x44;
}

void gh_twi_tcs34725_step(struct gh_twi *chip, int64_t dt_us)
{
	static const double gains[4] = { 1.0, 4.0, 16.0, 60.0 };
	const int cycles = 256 - chip->regs[TCS_ATIME];
	const double full = cycles < 64 ? 1024.0 * cycles : 65535.0;

	if ((chip->regs[TCS_ENABLE] & TCS_ON) != TCS_ON)
		return;
	chip->busy_us += dt_us;
	if (chip->busy_us < (cycles + 1) * 2400)
		return;
	chip->busy_us = 0;
	for (unsigned i = 0; i < 4; i++) {
		const double share = chip->sense(chip->self, i) *
				     gains[chip->regs[TCS_CONTROL] & 3];
		const long counts = lround(fmax(0.0, fmin(1.0, share)) * full);

		chip->regs[TCS_DATA + 2 * i] = (uint8_t)counts;
		chip->regs[TCS_DATA + 2 * i + 1] = (uint8_t)(counts >> 8);
	}
	chip->regs[TCS_STATUS] = 0x11; /* valid, and a conversion has ended */
}
