/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * core - a controller that speaks the lumina protocol (schemas/protocol.md),
 * without heap, operating system or floating point. A port hands in a board,
 * received bytes and the time; it takes bytes to send with fw_tx_take.
 *
 * Time is the controller's u32 microseconds and wraps; differences are taken
 * modulo 2^32. Wall time is that divided by the board's time_scale.
 */
#ifndef FW_CORE_CORE_H
#define FW_CORE_CORE_H

#include "firmware/core/board.h"  /* struct fw_board */
#include "firmware/core/cobs.h"	  /* struct fw_cobs_state */
#include "firmware/core/config.h" /* sizes */
#include "firmware/core/tx.h"	  /* struct fw_tx */

#include <stdbool.h>
#include <stdint.h>

enum { FW_VERSION_MAJOR = 1, FW_VERSION_MINOR = 0, FW_VERSION_PATCH = 0 };
enum { FW_WATCHDOG_MS = 100 };
/* fw_due: nothing to do before the next byte comes in. */
#define FW_NEVER UINT32_MAX

enum fw_state { FW_IDLE, FW_ARMED, FW_RUNNING, FW_LATCHED };

enum fw_cause {
	FW_CAUSE_NONE,
	FW_CAUSE_STOP,
	FW_CAUSE_WATCHDOG,
	FW_CAUSE_OVER_CURRENT,
	FW_CAUSE_OVER_TEMPERATURE,
	FW_CAUSE_UNDERRUN,
	FW_CAUSE_INHIBIT,
	FW_CAUSE_BROWN_OUT
};

enum fw_shape { FW_HOLD, FW_LINEAR, FW_EASE };
enum { FW_LAST = 1, FW_GUARDED = 2 };

struct fw_segment {
	uint32_t duration_us;
	int32_t target_urad;
	int16_t guard_raw; /* guard_ma in the unit of the current channel */
	uint8_t shape, flags;
};

enum fw_mode {
	FW_HOLDING,
	FW_WAITING, /* RUN accepted, its start not come */
	FW_MOVING,
	FW_STOPPING /* decelerating */
};

/* What of an actuator is measured, and against what it is watched. */
enum fw_role { FW_CURRENT, FW_TEMPERATURE, FW_POSITION, FW_ROLES };

struct fw_axis {
	struct fw_limits limits;
	struct fw_segment ring[FW_RING];
	uint8_t head, count; /* ring[head] is the one that runs */
	uint8_t mode;	     /* enum fw_mode */
	bool draining;	     /* guard tripped: drop all up to LAST */
	bool recheck;	     /* what the ring holds was checked otherwise */
	uint16_t next;	     /* index of the next segment expected */
	uint32_t crc;	     /* over the records accepted, not complemented */
	int32_t at_urad;     /* commanded now */
	int32_t from_urad;   /* where the segment or the stop began */
	int32_t plan_urad;   /* where the last accepted segment ends */
	int32_t speed_urad_s; /* when the stop began */
	uint32_t since_us;   /* when the segment or the stop began */
	uint32_t sensed_us;  /* last reading of current or temperature */
	int16_t limit_raw[2]; /* by FW_CURRENT, FW_TEMPERATURE */
	uint8_t channel[FW_ROLES]; /* NO_CHANNEL: not measured */
	uint8_t over[2], guard_over; /* consecutive samples above the limit */
};

enum { FW_NO_CHANNEL = 0xFF };

struct fw_stream {
	uint32_t period_us; /* 0: off */
	uint32_t next_us;   /* time of the next tick */
	uint32_t tick;	    /* its number */
	uint32_t first_us;  /* of the frame being filled */
	uint32_t first;
	uint16_t rate_hz;
	uint8_t n, ticks;
	uint8_t channel[FW_STREAM_CHANNELS];
	int16_t raw[FW_SAMPLES_MAX / 2];
};

struct fw_burst {
	uint32_t period_us, next_us;
	uint16_t count, next, first; /* sample numbers */
	uint16_t rate_hz;
	uint8_t channel, seq, n;
	bool active;
	int16_t raw[FW_BURST_MAX];
};

struct fw_event {
	uint16_t number;
	uint8_t code, arg;
	uint32_t t_us;
	int32_t value;
};

struct fw_glow {
	uint16_t from[4], to[4], now[4];
	uint32_t since_us, ramp_us; /* 0: at rest */
};

struct fw_stats {
	uint32_t good, bad, overruns, dropped, longest_gap_us, longest_loop_us;
};

struct fw_rx {
	struct fw_cobs_state cobs;
	uint8_t frame[FW_FRAME_MAX];
	uint8_t n;
	bool synced; /* a delimiter has been seen */
	bool dirty;  /* bytes since the last delimiter */
	bool broken; /* too long */
	uint32_t last_us;
};

struct fw_core {
	const struct fw_board *board;
	uint32_t now_us;
	uint32_t uptime_s, second_us; /* the last whole second */
	uint32_t dictionary;
	struct fw_rx rx;
	struct fw_tx tx;
	struct fw_stats stats;
	bool heard;	    /* a valid frame since boot */
	uint32_t heard_us; /* the last one */
	bool attended;	    /* that is not long ago, or its end is awaited */
	/* the request being answered */
	uint8_t type, seq;
	uint16_t detail;
	/* session */
	uint8_t state, cause;
	bool inhibited;
	uint32_t nonce, lease, lease_last, beat_us, torque;
	/* motion */
	struct fw_axis axis[FW_ACTUATORS];
	uint32_t start_us;
	bool started; /* start_us is of a RUN since ARM or FLUSH */
	uint32_t motion_us;
	uint8_t motion_axis; /* the next one to be moved */
	uint8_t role[FW_CHANNELS]; /* axis * FW_ROLES + role, or NO_CHANNEL */
	uint8_t silent[(FW_CHANNELS + 7) / 8]; /* channels without a reading */
	/* the rest */
	struct fw_glow lamp[FW_LAMPS];
	struct fw_stream stream[FW_STREAMS];
	struct fw_burst burst;
	uint8_t samples_seq, burst_seq, event_seq;
	struct fw_event event[FW_EVENTS];
	uint8_t event_head, event_count;
	bool event_sent; /* the oldest, at least once */
	uint16_t event_number;
	uint32_t event_us;
	bool i2c_pending; /* a transfer whose reply is to come */
	uint8_t i2c_seq, i2c_address, i2c_n;
	uint8_t rate, rate_wanted;
	bool rate_trial; /* goes back unless a frame comes */
	uint32_t rate_us;
};

/* As after power-up at time now; the board outlives the core. */
void fw_init(struct fw_core *c, const struct fw_board *board, uint32_t now_us);

/* A received byte. Requests are answered from inside the last one's call. */
void fw_rx(struct fw_core *c, uint8_t byte, uint32_t now_us);

/* Bytes that the port's receiver lost. */
void fw_overrun(struct fw_core *c, uint32_t n);

/* Everything that has come due; often, at best when fw_due says so. */
void fw_poll(struct fw_core *c, uint32_t now_us);

/* Microseconds until the next fw_poll has something to do; FW_NEVER: none. */
uint32_t fw_due(const struct fw_core *c, uint32_t now_us);

/* Something moves, streams or is armed: the main loop must turn quickly. */
bool fw_busy(const struct fw_core *c);

#ifdef __AVR__
extern struct fw_core fw_the_core; /* the only one there is room for */
#endif

#endif
