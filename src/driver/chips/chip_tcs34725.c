/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chip_tcs34725 - red, green, blue and clear light, integrated over a time of
 * our choice. It has an identity register, which is read before anything is
 * written: at its address anything else may live.
 */
#include "driver/chips/chip.h" /* struct gh_chip */

#include <math.h>

enum {
	COMMAND = 0x80,
	AUTO_INCREMENT = 0x20,
	REG_ENABLE = 0x00,
	REG_ATIME = 0x01,
	REG_CONTROL = 0x0f,
	REG_ID = 0x12,
	REG_STATUS = 0x13, /* followed by clear, red, green, blue, LSB first */
	ENABLE_POWER = 0x01,
	ENABLE_CONVERT = 0x02,
	STATUS_VALID = 0x01
};

/* One integration cycle, and what it can count (protocols, section 6). */
#define CYCLE_US 2400
#define COUNTS_PER_CYCLE 1024
/* After power-on the chip must be left alone for 2.4 ms. */
#define WAKE_US 3000

static uint8_t gain_code(double gain)
{
	static const double gains[] = { 1.0, 4.0, 16.0, 60.0 };
	uint8_t best = 0;

	for (uint8_t i = 1; i < 4; i++)
		if (fabs(gains[i] - gain) < fabs(gains[best] - gain))
			best = i;
	return best;
}

static void plan(struct gh_chip_plan *out, uint8_t addr,
		 const double options[GH_CHIP_OPTIONS])
{
	const long cycles = lround(options[0] * 1000.0 / CYCLE_US);
	const gh_us fill_us = (gh_us)cycles * CYCLE_US;
	/* One more cycle passes between two integrations. */
	const gh_us period_us = fill_us + (gh_us)CYCLE_US * 2;
	const long full = cycles * COUNTS_PER_CYCLE;

	(void)addr;
	*out = (struct gh_chip_plan){
		.id_reg = COMMAND | REG_ID,
		.id_n = 3,
		.id = { 0x44, 0x4d, 0x10 },
		.writes = {
			{ { COMMAND | REG_ENABLE, ENABLE_POWER }, 2, WAKE_US },
			{ { COMMAND | REG_ATIME, (uint8_t)(256 - cycles) }, 2, 0 },
			{ { COMMAND | REG_CONTROL, gain_code(options[1]) }, 2, 0 },
			{ { COMMAND | REG_ENABLE, ENABLE_POWER | ENABLE_CONVERT },
			  2, WAKE_US + period_us },
		},
		.n_writes = 4,
		.read_reg = COMMAND | AUTO_INCREMENT | REG_STATUS,
		.read_n = 9,
		.period_us = period_us,
		.age_us = fill_us / 2 + period_us / 2,
		/* raw is counts, halved where they need 16 bits. */
		.num = full > INT16_MAX ? 2 : 1,
		.den = (int32_t)(full > UINT16_MAX ? UINT16_MAX : full),
		.hi = (int16_t)(full > INT16_MAX ? INT16_MAX : full),
	};
}

static bool decode(const uint8_t *bytes, const struct gh_chip_plan *p,
		   int16_t raw[GH_CHIP_VALUES])
{
	/* Which 16-bit word holds red, green, blue, clear. */
	static const unsigned word[GH_CHIP_VALUES] = { 1, 2, 3, 0 };

	if (!(bytes[0] & STATUS_VALID))
		return false;
	for (unsigned i = 0; i < GH_CHIP_VALUES; i++) {
		const uint8_t *w = &bytes[1 + 2 * word[i]];
		const int32_t counts = w[0] | w[1] << 8;

		if (counts > p->den)
			return false;
		raw[i] = (int16_t)(counts / p->num);
	}
	return true;
}

const struct gh_chip gh_chip_tcs34725 = {
	.name = "tcs34725",
	.title = "TCS34725",
	.options = { { "integration_ms", 2.4, 614.4, 24.0 },
		     { "gain", 1.0, 60.0, 1.0 } },
	.wired = GH_Q_COLOUR_CLEAR,
	.values = { GH_Q_COLOUR_RED, GH_Q_COLOUR_GREEN, GH_Q_COLOUR_BLUE,
		    GH_Q_COLOUR_CLEAR },
	.n_values = 4,
	.plan = plan,
	.decode = decode,
};
