/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "firmware/avr/board.h"

#include "firmware/avr/adc.h"	/* fw_adc_mean */
#include "firmware/avr/chips.h" /* fw_chips_colour */
#include "firmware/avr/clock.h" /* fw_clock_us */
#include "firmware/avr/lamp.h"	/* fw_lamp_glow */
#include "firmware/avr/nvm.h"	/* fw_nvm */
#include "firmware/avr/pins.h"	/* AIN_POT */
#include "firmware/avr/servo.h" /* fw_servo_pulse */
#include "firmware/avr/twi.h"	/* fw_twi_take */
#include "firmware/avr/uart.h"	/* fw_uart_rate */

#include <stddef.h>

/* Channels of one joint, and those after the joints. */
enum { POSITION, CURRENT, PER_JOINT };
enum { COLOURS = 4, LIGHT = 4, SUPPLY, REST = SUPPLY + (FW_BOARD - 1) };

/* No faster than the converter goes round, or a chip converts. */
#define MAX_HZ 200
#define LIGHT_MAX_HZ 7800 /* 1 s / FW_ADC_SLOT_US */

/* Values per second: all channels at 100 Hz, and as much again. */
#define SAMPLES_PER_S (100u * 2 * (FW_ACTUATORS * PER_JOINT + REST))

#define SETUP (&fw_nvm.setup)

/*
 * What divisions once gave: angle = lo + (share of vref - from) * gain / 2^15,
 * in 0.1 mrad; pulse = lo_half_us + (way from lo) / 2^7 * rise / 2^18.
 */
struct servo {
	int16_t lo;
	uint16_t from, gain;
	uint16_t span; /* urad / 2^7 */
	uint16_t lo_half_us, rise;
};

static struct servo servos[FW_ACTUATORS];
#if FW_BOARD == 2
/* share * gain / 2^16 is in 0.2 mA, and in mV. No current is half of vref. */
static uint16_t amps[FW_ACTUATORS];
static uint16_t supply_full_mv, supply_low_mv;
#define AMPERE_DEN 5000
#define NO_AMPERE 32768
#endif

static uint8_t n_joints;

/* ---- What there is -------------------------------------------------------- */

struct kind {
	uint8_t quantity, unit;
	int16_t lo, hi;
	int32_t num, den;
	uint16_t max_rate_hz;
};

#define COLOUR(q)                                                              \
	{                                                                      \
		q, 7, 0, FW_COLOUR_FULL, 1, FW_COLOUR_FULL, MAX_HZ             \
	}

static const FW_FLASH struct kind kinds[] = {
	{ FW_Q_POSITION, 1, -INT16_MAX, INT16_MAX, 1, 10000, MAX_HZ },
#if FW_BOARD == 1
	/* 10 uV over a shunt; den is the shunt in uohm. */
	{ FW_Q_CURRENT, 4, -FW_SHUNT_MAX, FW_SHUNT_MAX, 10, 0, MAX_HZ },
#else
	{ FW_Q_CURRENT, 4, 0, 0, 1, AMPERE_DEN, MAX_HZ },
#endif
	COLOUR(6),
	COLOUR(7),
	COLOUR(8),
	COLOUR(9),
	{ 5, 7, 0, INT16_MAX, 1, INT16_MAX, LIGHT_MAX_HZ },
	{ 3, 5, 0, INT16_MAX, 1, 1000, MAX_HZ },
};

static uint8_t joint_of(uint8_t channel)
{
	return channel / PER_JOINT;
}

/* Which row of kinds[]. */
static uint8_t kind_of(uint8_t channel)
{
	uint8_t joints = n_joints * PER_JOINT;

	return channel < joints ? channel % PER_JOINT
				: channel - joints + PER_JOINT;
}

static const char *part_of(uint8_t channel)
{
	uint8_t kind = kind_of(channel);

	if (kind < PER_JOINT)
		return SETUP->joint[joint_of(channel)].part;
	return kind == PER_JOINT + SUPPLY ? SETUP->supply : SETUP->core;
}

static void describe_channel(void *self, uint8_t i, struct fw_channel *out)
{
	const FW_FLASH struct kind *k = &kinds[kind_of(i)];

	(void)self;
	out->quantity = k->quantity;
	out->unit = k->unit;
	out->measured = 1;
	out->num = k->num;
	out->den = k->den;
	if (out->den == 0)
		out->den = (int32_t)fw_nvm_u32(
			&SETUP->joint[joint_of(i)].shunt_uohm);
	out->lo = k->lo;
	out->hi = k->hi;
#if FW_BOARD == 2
	/* All but the converter's last count either way. */
	if (out->quantity == FW_Q_CURRENT) {
		out->hi = (int16_t)((amps[joint_of(i)] >> 1) -
				    (amps[joint_of(i)] >> 9));
		out->lo = -out->hi;
	}
#endif
	out->max_rate_hz = k->max_rate_hz;
	fw_nvm_read(out->part, part_of(i), FW_PART_CAP);
}

static void describe_actuator(void *self, uint8_t i, struct fw_actuator *out)
{
	const struct fw_joint_setup *j = &SETUP->joint[i];

	(void)self;
	fw_nvm_read(&out->limits, &j->limits, sizeof(out->limits));
	fw_nvm_read(out->part, j->part, FW_PART_CAP);
}

static void describe_lamp(void *self, uint8_t i, struct fw_lamp *out)
{
	(void)self;
	(void)i;
	out->channels = FW_LAMP_COLOURS;
	out->level_max = FW_LAMP_MAX;
	fw_nvm_read(out->part, SETUP->core, FW_PART_CAP);
}

/* ---- What is measured ----------------------------------------------------- */

/* Half a count is added: a converter rounds down. */
static int16_t read_pot(uint8_t joint)
{
	const struct servo *p = &servos[joint];
	uint16_t mean = fw_adc_mean(AIN_POT + joint);
	int32_t share = (int32_t)mean + 32 - p->from;

	/* At 0 V or at vref, nearly: a wire is off. */
	if ((uint8_t)((mean >> 8) - FW_POT_DEAD) >= 256 - 2 * FW_POT_DEAD)
		return FW_RAW_INVALID;
	return (int16_t)(p->lo + (share * p->gain >> 15));
}

static int16_t read_current(uint8_t joint)
{
#if FW_BOARD == 1
	return fw_chips_shunt(joint);
#else
	int32_t share = (int32_t)fw_adc_mean(AIN_CURRENT + joint) + 32;

	return (int16_t)((share - NO_AMPERE) * amps[joint] >> 16);
#endif
}

static int16_t read_channel(void *self, uint8_t i)
{
	uint8_t kind = kind_of(i);

	(void)self;
	if (kind == POSITION)
		return read_pot(joint_of(i));
	if (kind == CURRENT)
		return read_current(joint_of(i));
	kind -= PER_JOINT;
	if (kind < COLOURS)
		return fw_chips_colour(kind);
#if FW_BOARD == 2
	if (kind == SUPPLY)
		return (int16_t)((uint32_t)fw_adc_mean(AIN_SUPPLY) *
					 supply_full_mv >>
				 16);
#endif
	return (int16_t)(fw_adc_mean(AIN_LIGHT) >> 1);
}

#if FW_BOARD == 2
static uint16_t low_supply(void *self)
{
	uint16_t mv =
		(uint16_t)((uint32_t)fw_adc_smooth() * supply_full_mv >> 16);

	(void)self;
	return mv < supply_low_mv ? mv + 1 : 0;
}
#endif

static uint32_t begin_burst(void *self, uint8_t channel, uint32_t period_us)
{
	uint8_t n = (uint8_t)(period_us / FW_ADC_SLOT_US);

	(void)self;
	(void)channel; /* no other has such a rate */
	fw_adc_burst(AIN_LIGHT, n);
	return n * FW_ADC_SLOT_US;
}

static bool take_burst(void *self, int16_t *raw, uint16_t *number)
{
	uint16_t value;

	(void)self;
	if (!fw_adc_take(&value, number))
		return false;
	*raw = (int16_t)(value << 5);
	return true;
}

/* ---- What is done --------------------------------------------------------- */

/* Beyond what the pulses were given for it stays at their ends. */
static void drive(void *self, uint8_t joint, int32_t urad)
{
	const struct servo *s = &servos[joint];
	int32_t way = (urad - (int32_t)s->lo * 100) >> 7;
	uint16_t at = way < 0 ? 0 : way > s->span ? s->span : (uint16_t)way;
	uint32_t rise = ((uint32_t)at * s->rise >> 16) + 2;

	(void)self;
	fw_servo_pulse(joint, (uint16_t)(s->lo_half_us + (rise >> 2)));
}

static void torque(void *self, uint8_t joint, bool on)
{
	(void)self;
	fw_servo_torque(joint, on);
}

static void glow(void *self, uint8_t lamp, const uint16_t level[4])
{
	(void)self;
	(void)lamp;
	fw_lamp_glow(level);
}

static bool tx_idle(void *self)
{
	(void)self;
	return fw_uart_idle();
}

static void set_rate(void *self, uint8_t rate)
{
	(void)self;
	fw_uart_rate(rate);
}

/*
 * A quarter into a frame: a tick of 100 Hz takes the loop a millisecond, and
 * shunts and pulses are busy as a frame begins. So each run also has the same
 * delay between what a shunt chip saw and the tick that tells it.
 */
static uint32_t stream_from(void *self, uint32_t now_us)
{
	uint16_t at_us = TCNT1 / 2;

	(void)self;
	now_us = fw_clock_us();
	if (at_us >= FW_FRAME_US / 4)
		now_us += FW_FRAME_US;
	return now_us + FW_FRAME_US / 4 - at_us;
}

static bool begin_i2c(void *self, uint8_t address, const uint8_t *out,
		      uint8_t n_out, uint8_t n_in)
{
	(void)self;
	return fw_chips_guest(address, out, n_out, n_in);
}

static enum fw_i2c take_i2c(void *self, const uint8_t **in)
{
	(void)self;
	*in = fw_twi_bytes();
	return fw_twi_take();
}

static bool enabled(void *self)
{
	(void)self;
	return !(ENABLE_PIN & 1 << ENABLE_BIT);
}

/* ---- Set-up --------------------------------------------------------------- */

static uint16_t share_of(uint16_t mv, uint16_t vref_mv)
{
	return (uint16_t)(((uint32_t)mv << 16) / vref_mv);
}

/* False: ends the wrong way round, or too steep for 16 bits. */
static bool load_joint(uint8_t i, uint16_t vref_mv)
{
	struct servo *p = &servos[i];
	struct fw_joint_setup j;
	uint32_t gain, rise;
	uint16_t whole;

	fw_nvm_read(&j, &SETUP->joint[i], sizeof(j));
	if (j.lo_urad >= j.hi_urad || j.lo_us >= j.hi_us ||
	    j.hi_us >= FW_PULSE_MAX_US || j.lo_mv >= j.hi_mv ||
	    j.hi_mv > vref_mv)
		return false;
	p->lo = (int16_t)(j.lo_urad / 100);
	p->from = share_of(j.lo_mv, vref_mv);
	whole = (uint16_t)((j.hi_urad - j.lo_urad) / 100);
	gain = ((uint32_t)whole << 15) /
	       (uint16_t)(share_of(j.hi_mv, vref_mv) - p->from);
	p->gain = (uint16_t)gain;
	p->span = (uint16_t)((j.hi_urad - j.lo_urad) >> 7);
	p->lo_half_us = 2 * j.lo_us;
	rise = ((uint32_t)(2 * (j.hi_us - j.lo_us)) << 18) / p->span;
	p->rise = (uint16_t)rise;
#if FW_BOARD == 2
	amps[i] = (uint16_t)((uint32_t)vref_mv * AMPERE_DEN / j.mv_per_a);
#endif
	return gain <= UINT16_MAX && rise <= UINT16_MAX;
}

/* A set-up that makes no sense has no parts. */
static void load_parts(struct fw_info *info)
{
	uint16_t vref_mv = fw_nvm_u16(&SETUP->vref_mv);

	fw_nvm_read(info->device_id, SETUP->device_id, sizeof(info->device_id));
	n_joints = fw_nvm_u8(&SETUP->n_joints);
	for (uint8_t i = 0; i < n_joints; i++)
		if (!load_joint(i, vref_mv))
			return;
#if FW_BOARD == 2
	supply_full_mv = fw_nvm_u16(&SETUP->supply_full_mv);
	supply_low_mv = fw_nvm_u16(&SETUP->supply_low_mv);
#endif
	info->n_actuators = n_joints;
	info->n_channels = (uint8_t)(n_joints * PER_JOINT + REST);
	info->n_lamps = 1;
	info->n_streams = FW_STREAMS;
}

struct fw_board fw_board = {
	.info = { .time_scale = 1,
		  .rates = FW_UART_RATES,
		  .ring = FW_RING,
		  .window_bytes = FW_WINDOW_BYTES,
		  .window_requests = 4,
		  .max_sample_rate = SAMPLES_PER_S },
	.channel = describe_channel,
	.actuator = describe_actuator,
	.lamp = describe_lamp,
	.read = read_channel,
	.drive = drive,
	.torque = torque,
	.glow = glow,
	.tx_idle = tx_idle,
	.set_rate = set_rate,
	.stream_from = stream_from,
	.i2c = begin_i2c,
	.i2c_take = take_i2c,
	.burst = begin_burst,
	.burst_take = take_burst,
#if FW_BOARD == 2
	.low_supply_mv = low_supply,
#endif
};

void fw_board_init(void)
{
	struct fw_board *b = &fw_board;

	if (!fw_nvm_good())
		return;
	load_parts(&b->info);
	if (fw_nvm_u8(&SETUP->flags) & FW_SETUP_ENABLE) {
		ENABLE_PORT |= 1 << ENABLE_BIT;
		b->enabled = enabled;
		b->info.flags |= FW_HAS_ENABLE;
	}
}
