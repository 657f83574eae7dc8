/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chip_ina219 - current through a shunt resistor. A servo draws its current in
 * pulses of the 20 ms servo frame; a short conversion read every 20 ms beats
 * with them, so the chip averages over more than one frame by itself.
 *
 * The chip has no identity register: it is written to only because the rig
 * file names it at that address. Registers are MSB first (protocols, section
 * 6, which took them from TI).
 */
#include "driver/chips/chip.h" /* struct gh_chip */

#include <math.h>

enum {
	REG_CONFIG = 0x00,
	REG_SHUNT = 0x01,
	/* 32 V range, gain /8 (320 mV), shunt averaged, shunt only, always. */
	CONFIG_RANGE_32V = 0x2000,
	CONFIG_GAIN_8 = 0x1800,
	CONFIG_SHUNT_64_SAMPLES = 0x0070,
	CONFIG_SHUNT_CONTINUOUS = 0x0005
};

/* 64 samples of 532 us (data sheet): 1.7 servo frames. */
#define CONVERSION_US 34050
/* A little slower than the chip, so that no conversion is read twice. */
#define PERIOD_US 35000

/*
 * In shunt-only mode the bits of the bus converter (7..10) have no effect. They
 * carry the low half of the address: the configuration read back then differs
 * for every INA219 on the bus, and stale bytes of a neighbour cannot pass for
 * a chip that is absent.
 */
static uint16_t config_of(uint8_t addr)
{
	return (uint16_t)(CONFIG_RANGE_32V | CONFIG_GAIN_8 |
			  CONFIG_SHUNT_64_SAMPLES | CONFIG_SHUNT_CONTINUOUS |
			  (addr & 0x0f) << 7);
}

static void plan(struct gh_chip_plan *out, uint8_t addr,
		 const double options[GH_CHIP_OPTIONS])
{
	const uint16_t config = config_of(addr);
	const uint8_t hi = (uint8_t)(config >> 8), lo = (uint8_t)config;

	*out = (struct gh_chip_plan){
		.writes = { { { REG_CONFIG, hi, lo }, 3, CONVERSION_US } },
		.n_writes = 1,
		.check_reg = REG_CONFIG,
		.check_n = 2,
		.check = { hi, lo },
		.read_reg = REG_SHUNT,
		.read_n = 2,
		.period_us = PERIOD_US,
		/* Half the averaging, and half a period until it is read. */
		.age_us = CONVERSION_US / 2 + PERIOD_US / 2,
		/* One count is 10 uV across the shunt. */
		.num = 10,
		.den = (int32_t)lround(options[0] * 1e6),
		.hi = 32000, /* 320 mV, the gain's range */
		.is_signed = true,
	};
}

static bool decode(const uint8_t *bytes, const struct gh_chip_plan *p,
		   int16_t raw[GH_CHIP_VALUES])
{
	const unsigned u = (unsigned)bytes[0] << 8 | bytes[1];

	(void)p;
	raw[0] = (int16_t)(u < 0x8000 ? (int)u : (int)u - 0x10000);
	return raw[0] != INT16_MIN;
}

const struct gh_chip gh_chip_ina219 = {
	.name = "ina219",
	.title = "INA219",
	.options = { { "shunt_ohm", 1e-4, 100.0, NAN } },
	.wired = GH_Q_CURRENT,
	.values = { GH_Q_CURRENT },
	.n_values = 1,
	.plan = plan,
	.decode = decode,
};
