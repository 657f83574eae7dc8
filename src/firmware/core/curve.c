/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * curve - where a segment or a stop is at a given time, in integers. Positions
 * are good to 1 urad: shares of a duration carry 30 bits, products 64.
 */
#include "firmware/core/parts.h" /* struct fw_core, fw_refuse */

#define ONE ((uint64_t)1 << 30)
#define US_PER_S 1000000
/* A stop takes at most a minute, however low the host set the limit. */
#define STOP_MAX_S 60

static int64_t travel(const struct fw_segment *s, int32_t from_urad)
{
	return (int64_t)s->target_urad - from_urad;
}

static int64_t divide_round(int64_t a, int64_t b)
{
	return (a >= 0 ? a + b / 2 : a - b / 2) / b;
}

static uint64_t share(const struct fw_segment *s, uint32_t t_us)
{
	return ((uint64_t)t_us << 30) / s->duration_us;
}

int32_t fw_curve_end(const struct fw_segment *s, int32_t from_urad)
{
	return s->shape == FW_HOLD ? from_urad : s->target_urad;
}

int32_t fw_curve_at(const struct fw_segment *s, int32_t from_urad,
		    uint32_t t_us)
{
	int64_t whole = travel(s, from_urad);
	uint64_t x, ease;

	if (s->shape == FW_HOLD)
		return from_urad;
	if (t_us >= s->duration_us)
		return s->target_urad;
	if (s->shape == FW_LINEAR)
		return (int32_t)(from_urad +
				 divide_round(whole * t_us, s->duration_us));
	x = share(s, t_us);
	ease = (x * x >> 30) * (3 * ONE - 2 * x) >> 30;
	return (int32_t)(from_urad +
			 divide_round(whole * (int64_t)ease, (int64_t)ONE));
}

int32_t fw_curve_speed(const struct fw_segment *s, int32_t from_urad,
		       uint32_t t_us)
{
	int64_t mean;
	uint64_t x;

	if (s->shape == FW_HOLD)
		return 0;
	mean = travel(s, from_urad) * US_PER_S / s->duration_us;
	if (s->shape == FW_LINEAR)
		return (int32_t)mean;
	if (t_us >= s->duration_us)
		return 0;
	x = share(s, t_us);
	x = x * (ONE - x) >> 30;
	return (int32_t)(mean * 6 * (int64_t)x / (int64_t)ONE);
}

/*
 * 6 d / T^2 <= a with T in us is 6e6 d / T <= a T / 1e6; quotient and
 * remainder keep it exact where the plain product would not fit 64 bits.
 */
static bool accel_holds(uint64_t d, uint32_t duration_us, uint32_t accel)
{
	uint64_t q = 6 * d * US_PER_S / duration_us;
	uint64_t r = 6 * d * US_PER_S % duration_us;
	uint64_t rest = (r * US_PER_S + duration_us - 1) / duration_us;

	return q < ((uint64_t)1 << 43) &&
	       q * US_PER_S + rest <= (uint64_t)accel * duration_us;
}

uint8_t fw_curve_check(const struct fw_segment *s, int32_t from_urad,
		       const struct fw_limits *limits)
{
	int64_t way = travel(s, from_urad);
	uint64_t d = (uint64_t)(way < 0 ? -way : way);
	uint64_t most = (uint64_t)limits->speed_urad_s * s->duration_us;

	if (s->shape == FW_HOLD)
		return 0;
	if (s->target_urad < limits->lo_urad ||
	    s->target_urad > limits->hi_urad)
		return FW_LIMIT_RANGE;
	if (s->shape == FW_LINEAR)
		return d * US_PER_S <= most ? 0 : FW_LIMIT_SPEED;
	if (3 * d * US_PER_S > 2 * most)
		return FW_LIMIT_SPEED;
	return accel_holds(d, s->duration_us, limits->accel_urad_s2)
		       ? 0
		       : FW_LIMIT_ACCEL;
}

/* By speeds: (v0^2 - v^2) / 2a needs no square of the time. */
int32_t fw_curve_stop(int32_t speed_urad_s, uint32_t accel_urad_s2,
		      uint32_t t_us, bool *rest)
{
	uint64_t v0 = (uint64_t)(speed_urad_s < 0 ? -(int64_t)speed_urad_s
						  : speed_urad_s);
	uint64_t least = v0 / STOP_MAX_S + 1;
	uint64_t a = accel_urad_s2 > least ? accel_urad_s2 : least;
	uint64_t lost = a * t_us / US_PER_S;
	uint64_t v = lost < v0 ? v0 - lost : 0;
	int64_t way = (int64_t)((v0 * v0 - v * v) / (2 * a));

	*rest = v == 0;
	return (int32_t)(speed_urad_s < 0 ? -way : way);
}
