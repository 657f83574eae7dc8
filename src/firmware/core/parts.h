/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * parts - what the files of the core call of each other. A handler fw_do_X
 * takes the payload (its length is already right) and returns FW_OK after
 * writing its reply, or an error code with c->detail set.
 */
#ifndef FW_CORE_PARTS_H
#define FW_CORE_PARTS_H

#include "firmware/core/core.h" /* struct fw_core */

#include <stddef.h>

/* Section 1.2. */
enum fw_error {
	FW_OK,
	FW_UNKNOWN_TYPE,
	FW_BAD_LENGTH,
	FW_BAD_FIELD,
	FW_NOT_ARMED,
	FW_IS_LATCHED,
	FW_BAD_LEASE,
	FW_LIMIT,
	FW_RING_FULL,
	FW_ORDER,
	FW_IS_BUSY,
	FW_NACK,
	FW_UNSUPPORTED,
	FW_INHIBITED,
	FW_LATE
};

enum {
	FW_LIMIT_RANGE = 1,
	FW_LIMIT_SPEED,
	FW_LIMIT_ACCEL,
	FW_LIMIT_RAISED = 6
};

/* Section 4. */
enum fw_event_code {
	FW_EV_BOOT = 1,
	FW_EV_LATCHED,
	FW_EV_OVER_CURRENT,
	FW_EV_OVER_TEMPERATURE,
	FW_EV_BROWN_OUT,
	FW_EV_ENABLE,
	FW_EV_LEASE_LOST,
	FW_EV_GUARD,
	FW_EV_PROGRAM_END,
	FW_EV_SENSOR
};

enum { FW_TYPE_SAMPLES = 0x40, FW_TYPE_EVENT, FW_TYPE_BURST };

/* request.c: fields of a payload, and answers */
uint16_t fw_u16(const uint8_t *p);
uint32_t fw_u32(const uint8_t *p);
void fw_reply(struct fw_core *c);
uint8_t fw_refuse(struct fw_core *c, enum fw_error code, uint16_t detail);
void fw_put_error(struct fw_core *c, uint8_t type, uint8_t seq, uint8_t code,
		  uint16_t detail);
void fw_request(struct fw_core *c, const uint8_t *frame, uint8_t n);

/* time: `at` has come */
static inline bool fw_reached(uint32_t now_us, uint32_t at_us)
{
	return (int32_t)(now_us - at_us) >= 0;
}

/* Wall milliseconds in controller time. */
static inline uint32_t fw_wall_us(const struct fw_core *c, uint16_t ms)
{
	return (uint32_t)ms * 1000u * c->board->info.time_scale;
}

/* What depends on the lease, and is watched. */
static inline bool fw_is_leased(const struct fw_core *c)
{
	return c->state == FW_ARMED || c->state == FW_RUNNING;
}

/* Wall times of the protocol: sections 1.1, 4 and 6. */
enum {
	FW_PARTIAL_WALL_MS = 50,
	FW_REPEAT_WALL_MS = 100,
	FW_TRIAL_WALL_MS = 500,
	FW_DESERTED_WALL_MS = 5000
};
/* A frame of samples leaves at the latest this long after its first tick. */
#define FW_SAMPLES_US 20000
/*
 * Torque on: an actuator is looked at this often. A little above the 10 ms of
 * a 100 Hz stream, so that such a stream is never disturbed. A guess; two
 * samples then take 24 ms at most.
 */
#define FW_CHECK_US 12000

/* describe.c */
uint32_t fw_dictionary(struct fw_core *c);
uint8_t fw_do_hello(struct fw_core *c, const uint8_t *p);
uint8_t fw_do_describe(struct fw_core *c, const uint8_t *p);
uint8_t fw_do_actuator(struct fw_core *c, const uint8_t *p);
uint8_t fw_do_lower_limits(struct fw_core *c, const uint8_t *p);

/* session.c */
void fw_latch(struct fw_core *c, enum fw_cause cause, int8_t axis);
void fw_session_poll(struct fw_core *c);
void fw_put_status(struct fw_core *c);
uint8_t fw_do_stop(struct fw_core *c, const uint8_t *p);
uint8_t fw_do_arm(struct fw_core *c, const uint8_t *p);
uint8_t fw_do_disarm(struct fw_core *c, const uint8_t *p);
uint8_t fw_do_heartbeat(struct fw_core *c, const uint8_t *p);
uint8_t fw_do_clear(struct fw_core *c, const uint8_t *p);
uint8_t fw_do_torque(struct fw_core *c, const uint8_t *p);

/* curve.c: pure arithmetic of segments and stops */
/* part / whole in units of 2^-30, rounded down; part < whole < 2^31. */
uint32_t fw_share(uint32_t part, uint32_t whole);
/* That share of a, rounded. */
uint32_t fw_times(uint32_t a, uint32_t share);
int32_t fw_curve_at(const struct fw_segment *s, int32_t from_urad,
		    uint32_t t_us);
int32_t fw_curve_speed(const struct fw_segment *s, int32_t from_urad,
		       uint32_t t_us);
int32_t fw_curve_end(const struct fw_segment *s, int32_t from_urad);
/* 0, or the FW_LIMIT_ it would break. */
uint8_t fw_curve_check(const struct fw_segment *s, int32_t from_urad,
		       const struct fw_limits *limits);
/* How far a stop from `speed` has come after t; *rest: it stands. */
int32_t fw_curve_stop(int32_t speed_urad_s, uint32_t accel_urad_s2,
		      uint32_t t_us, bool *rest);

/* motion.c */
void fw_motion_poll(struct fw_core *c);
void fw_motion_stop(struct fw_core *c);	 /* all axes decelerate, rings go */
void fw_motion_reset(struct fw_core *c); /* programs count from 0 again */
/*
 * The commanded angle becomes the measured one, where one is measured. False:
 * one is, but there is no reading, and nobody knows where the axis is.
 */
bool fw_motion_measure(struct fw_core *c, uint8_t axis);
void fw_motion_guard(struct fw_core *c, uint8_t axis);
bool fw_motion_stopping(const struct fw_core *c);

/* program.c */
uint8_t fw_do_segments(struct fw_core *c, const uint8_t *p);
uint8_t fw_do_run(struct fw_core *c, const uint8_t *p);
uint8_t fw_do_flush(struct fw_core *c, const uint8_t *p);

/* sense.c */
void fw_sense_init(struct fw_core *c);
void fw_sense_limits(struct fw_core *c, uint8_t axis); /* limits changed */
int16_t fw_sense(struct fw_core *c, uint8_t channel);
void fw_sense_poll(struct fw_core *c);
/* value * unit_per of the axis' channel as raw, within i16. */
int16_t fw_sense_raw(struct fw_core *c, uint8_t channel, int32_t value,
		     int32_t per_unit);
int32_t fw_sense_value(struct fw_core *c, uint8_t channel, int16_t raw,
		       int32_t per_unit);

/* stream.c, burst.c */
uint8_t fw_do_stream(struct fw_core *c, const uint8_t *p);
void fw_stream_end(struct fw_core *c); /* all of them */
void fw_stream_poll(struct fw_core *c);
uint8_t fw_do_burst(struct fw_core *c, const uint8_t *p);
void fw_burst_poll(struct fw_core *c);
void fw_burst_end(struct fw_core *c);
/* How many whole periods `next` is behind; moves it to the latest tick. */
uint32_t fw_skip(uint32_t now_us, uint32_t *next_us, uint32_t period_us);

/* event.c */
void fw_event_put(struct fw_core *c, enum fw_event_code code, uint8_t arg,
		  int32_t value);
void fw_event_poll(struct fw_core *c);
uint8_t fw_do_event_ack(struct fw_core *c, const uint8_t *p);

/* link.c: what concerns the wire, the lamps and the other bus */
void fw_link_poll(struct fw_core *c);
uint8_t fw_do_status(struct fw_core *c, const uint8_t *p);
uint8_t fw_do_clock(struct fw_core *c, const uint8_t *p);
uint8_t fw_do_set_baud(struct fw_core *c, const uint8_t *p);
uint8_t fw_do_linkstats(struct fw_core *c, const uint8_t *p);
uint8_t fw_do_i2c(struct fw_core *c, const uint8_t *p);

/* lamp.c */
void fw_lamp_poll(struct fw_core *c);
void fw_lamps_dark(struct fw_core *c); /* all, at the next poll */
uint8_t fw_do_lamp(struct fw_core *c, const uint8_t *p);

#endif
