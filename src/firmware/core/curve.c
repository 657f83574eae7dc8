/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * curve - where a segment or a stop is at a given time, in integers and
 * without a division of 64 bits, which costs an AVR 0.2 ms. Positions are good
 * to 1 urad: shares of a duration carry 30 bits.
 */
#include "firmware/core/parts.h" /* struct fw_core, fw_refuse */

#define ONE ((uint32_t)1 << 30)
#define US_PER_S 1000000u
/* A stop takes at most a minute, however low the host set the limit. */
#define STOP_MAX_S 60

FW_APART uint32_t fw_share(uint32_t part, uint32_t whole)
{
	uint32_t share = 0;

	for (uint8_t i = 0; i < 30; i++) {
		part <<= 1;
		share <<= 1;
		if (part < whole)
			continue;
		part -= whole;
		share |= 1;
	}
	return share;
}

/* a * b / 2^30, rounded down. */
static FW_APART uint32_t times(uint32_t a, uint32_t b)
{
	uint64_t p = (uint64_t)a * b;

	return (uint32_t)(p >> 32) << 2 | (uint32_t)p >> 30;
}

FW_APART uint32_t fw_times(uint32_t a, uint32_t share)
{
	uint64_t p = (uint64_t)a * share + ONE / 2;

	return (uint32_t)(p >> 32) << 2 | (uint32_t)p >> 30;
}

static uint32_t distance(int32_t from, int32_t to)
{
	return to < from ? (uint32_t)from - (uint32_t)to
			 : (uint32_t)to - (uint32_t)from;
}

static int32_t signed_as(uint32_t v, bool negative)
{
	return (int32_t)(negative ? -v : v);
}

int32_t fw_curve_end(const struct fw_segment *s, int32_t from_urad)
{
	return s->shape == FW_HOLD ? from_urad : s->target_urad;
}

int32_t fw_curve_at(const struct fw_segment *s, int32_t from_urad,
		    uint32_t t_us)
{
	uint32_t x, way;

	if (s->shape == FW_HOLD)
		return from_urad;
	if (t_us >= s->duration_us)
		return s->target_urad;
	x = fw_share(t_us, s->duration_us);
	if (s->shape == FW_EASE)
		x = times(times(x, x), 3 * ONE - 2 * x);
	way = fw_times(distance(from_urad, s->target_urad), x);
	return (int32_t)((uint32_t)from_urad +
			 (uint32_t)signed_as(way, s->target_urad < from_urad));
}

int32_t fw_curve_speed(const struct fw_segment *s, int32_t from_urad,
		       uint32_t t_us)
{
	uint32_t way = distance(from_urad, s->target_urad);
	uint32_t speed, x;

	if (s->shape == FW_HOLD)
		return 0;
	if (s->shape == FW_EASE && t_us >= s->duration_us)
		return 0;
	speed = way / s->duration_us * US_PER_S +
		fw_times(US_PER_S,
			 fw_share(way % s->duration_us, s->duration_us));
	if (s->shape == FW_EASE) {
		x = fw_share(t_us, s->duration_us);
		speed = fw_times(speed, 6 * times(x, ONE - x));
	}
	return signed_as(speed, s->target_urad < from_urad);
}

/* a * x <= b * y, in 96 bits. */
static bool is_within(uint64_t a, uint32_t x, uint64_t b, uint32_t y)
{
	uint64_t a_low = (uint64_t)(uint32_t)a * x;
	uint64_t b_low = (uint64_t)(uint32_t)b * y;
	uint64_t a_high = (uint64_t)(uint32_t)(a >> 32) * x + (a_low >> 32);
	uint64_t b_high = (uint64_t)(uint32_t)(b >> 32) * y + (b_low >> 32);

	if (a_high != b_high)
		return a_high < b_high;
	return (uint32_t)a_low <= (uint32_t)b_low;
}

uint8_t fw_curve_check(const struct fw_segment *s, int32_t from_urad,
		       const struct fw_limits *limits)
{
	uint32_t way = distance(from_urad, s->target_urad);
	uint64_t per_s = (uint64_t)way * US_PER_S;
	uint64_t most = (uint64_t)limits->speed_urad_s * s->duration_us;

	if (s->shape == FW_HOLD)
		return 0;
	if (s->target_urad < limits->lo_urad ||
	    s->target_urad > limits->hi_urad)
		return FW_LIMIT_RANGE;
	if (s->shape == FW_LINEAR)
		return per_s <= most ? 0 : FW_LIMIT_SPEED;
	if (per_s + per_s + per_s > most + most)
		return FW_LIMIT_SPEED;
	/* 6 way / T^2 <= a with T in us. */
	return is_within((uint64_t)way * (6ul * US_PER_S), US_PER_S,
			 (uint64_t)limits->accel_urad_s2 * s->duration_us,
			 s->duration_us)
		       ? 0
		       : FW_LIMIT_ACCEL;
}

/*
 * a * b in millions, rounded down, for products below 2^51: a guess, then what
 * it leaves. 2^19 / 1e6 is 2251799814 / 2^32.
 */
static FW_APART uint32_t per_million(uint32_t a, uint32_t b)
{
	uint64_t p = (uint64_t)a * b;
	uint32_t high = (uint32_t)(p >> 32) << 13 | (uint32_t)p >> 19;
	uint32_t q = (uint32_t)((uint64_t)high * 2251799814u >> 32);
	int32_t left = (int32_t)((uint32_t)p - q * US_PER_S);

	for (; left >= (int32_t)US_PER_S; left -= (int32_t)US_PER_S)
		q++;
	return q;
}

int32_t fw_curve_stop(int32_t speed_urad_s, uint32_t accel_urad_s2,
		      uint32_t t_us, bool *rest)
{
	uint32_t v0 = distance(0, speed_urad_s);
	uint32_t least = v0 / STOP_MAX_S + 1;
	uint32_t a = accel_urad_s2 > least ? accel_urad_s2 : least;
	uint32_t way, lost;

	*rest = (uint64_t)a * t_us >= (uint64_t)v0 * US_PER_S;
	if (*rest) {
		way = (uint32_t)((uint64_t)v0 * v0 / a / 2);
	} else {
		lost = per_million(a, t_us);
		way = per_million(v0 - lost / 2, t_us);
	}
	return signed_as(way, speed_urad_s < 0);
}
