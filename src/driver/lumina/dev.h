/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dev - what the parts of the lumina driver share: the device and the calls
 * between them. Order of the parts, each using those before it: talk (bytes,
 * requests), time, hello, describe, event, stream, state, arm, motion, safe.
 */
#ifndef GH_DRIVER_LUMINA_DEV_H
#define GH_DRIVER_LUMINA_DEV_H

#include "driver/driver.h"	   /* struct gh_dev_info, gh_sample, ... */
#include "driver/lumina/frame.h"   /* struct gh_lum_rx, gh_lum_frame */
#include "driver/lumina/message.h" /* request numbers */

enum {
	GH_LUM_CALLS = 10,   /* requests that can be under way or waiting */
	GH_LUM_RING = 32768, /* samples: half a second at 60 000/s */
	GH_LUM_EVENTS = 32,
	GH_LUM_TICKS = 32, /* clock readings kept, one per second */
	GH_LUM_RTTS = 512
};

/* Wall times; those with a section number stand in schemas/protocol.md. */
#define GH_LUM_REPLY_US 60000 /* 3 x the 20 ms of 1.2: a loaded host */
/* 360 ms. With one frame in twenty lost each way a request fails 1e-6 of the
 * time: such a cable is to be named, not a reason to give up. */
#define GH_LUM_TRIES 6
#define GH_LUM_BEAT_US 24000	/* 2: 40 Hz: three turns of the engine's 8 ms */
#define GH_LUM_SILENCE_US 50000 /* 1.1: a partial frame is forgotten */
#define GH_LUM_STALE_US 100000	/* reliability.md section 3 rule 5 */
#define GH_LUM_PING_US 40000	/* guess: leaves a reply 60 ms of the above */
#define GH_LUM_STEP_US 1000	/* a link without descriptors: look again */

enum gh_lum_call_state {
	GH_LUM_FREE,
	GH_LUM_QUEUED, /* not yet (or not again) on the wire */
	GH_LUM_SENT,
	GH_LUM_DONE,  /* the reply is in `reply` */
	GH_LUM_FAILED /* no reply, or a wrong one: see `why` */
};

/* One request and, later, its reply. */
struct gh_lum_call {
	enum gh_lum_call_state state;
	uint8_t type, seq;
	bool detached; /* nobody waits; freed when answered or late */
	bool urgent;   /* goes before the others: beats */
	unsigned tries, tries_max;
	gh_us try_us, answered_at;
	gh_us sent_at; /* last; before the first: when it was queued */
	enum gh_status why;
	uint8_t wire[GH_LUM_WIRE_MAX];
	size_t wire_len;
	struct gh_lum_frame reply;
};

struct gh_lum_stream {
	bool on;
	unsigned n; /* channels */
	uint16_t channel[GH_STREAM_CHANNELS];
	unsigned wanted; /* the request under way */
	uint16_t asked[GH_STREAM_CHANNELS];
	uint32_t next;	    /* tick expected */
	uint32_t period_us; /* controller time */
	bool may_restart;   /* the request was repeated: 0 may come again */
};

/* One actuator's program as the controller acknowledged it. */
struct gh_lum_program {
	uint16_t next; /* index of the next segment */
	uint32_t crc;
	unsigned free;
};

/* One clock reading: controller time at a host time. */
struct gh_lum_tick {
	gh_us host, device, rtt;
};

struct gh_lum_time {
	bool set;
	uint32_t uptime_s;
	struct gh_lum_tick tick[GH_LUM_TICKS];
	size_t n;
	gh_us host, device; /* the line goes through here ... */
	double rate;	    /* ... with so many controller us per host us */
};

struct gh_dev {
	struct gh_link *link;
	const struct gh_clock *clk;
	struct gh_dev_info info;

	/* talk */
	struct gh_lum_rx rx;
	struct gh_lum_call call[GH_LUM_CALLS];
	uint8_t tx[GH_LUM_WIRE_MAX + 2]; /* rest of a frame half written */
	size_t tx_len;
	uint8_t seq;
	size_t window_bytes;
	unsigned window_requests;
	gh_us give_up;	/* ends every wait, GH_US_NEVER: none */
	gh_us heard_at; /* last whole frame */
	gh_us byte_at;	/* last byte */
	bool gone;
	enum gh_status failed; /* sticky: what pump() returns from now on */
	char why[96];
	long baud;

	/* what HELLO told and info has no place for */
	uint32_t boot_id, dictionary;
	uint8_t rates;
	unsigned streams, ring_size;
	bool native_usb;
	uint16_t level_max[GH_DEV_LAMPS];
	struct gh_lum_limits {
		int32_t lo, hi;
		uint32_t speed, accel;
		uint16_t current_ma, temperature;
	} limits[GH_DEV_ACTUATORS];

	struct gh_lum_time time;

	/* state, arm, motion */
	struct gh_dev_status status;
	unsigned cause;
	gh_us status_at; /* host time when that was received */
	uint32_t lease;	 /* 0: none */
	bool withhold;	 /* prove the watchdog: no beats */
	gh_us beat_at;	 /* when the next one is due */
	gh_us ask_at;	 /* when pump() asks STATUS again */
	gh_us clock_at;	 /* when pump() asks CLOCK again */
	double proved_ms;
	uint32_t nonce;
	struct gh_lum_program program[GH_DEV_ACTUATORS];

	/* event */
	struct gh_dev_event event[GH_LUM_EVENTS];
	size_t event_head, event_n;
	bool event_seen;
	uint16_t event_number;
	gh_us forget_until; /* latches up to here were made by us */
	gh_us opened_at;    /* controller time; older events are history */

	/* stream */
	struct gh_lum_stream stream[GH_STREAMS];
	struct gh_sample *ring; /* GH_LUM_RING of them */
	size_t ring_head, ring_n;
	gh_us pumped_at, quiet_from;

	/* stats */
	struct gh_dev_stats stats;
	bool link_based;
	uint32_t link_base[3]; /* bad, overruns, dropped when opened */
	gh_us rtt[GH_LUM_RTTS];
	size_t rtt_n; /* counted on, the ring is modulo */
};

/* ---- talk.c ------------------------------------------------------------- */

/* NULL when every place is taken: turn and try again. */
struct gh_lum_call *gh_lum_begin(struct gh_dev *dev, uint8_t type,
				 const void *payload, size_t len);
/* Nobody waits for this one; dropped when there is no place. */
void gh_lum_post(struct gh_dev *dev, uint8_t type, const void *payload,
		 size_t len);
/* One turn: waits at most until `until`, then serves the link. */
enum gh_status gh_lum_turn(struct gh_dev *dev, gh_us until, struct gh_err *err);
/* Serves the link without waiting. */
enum gh_status gh_lum_serve(struct gh_dev *dev, struct gh_err *err);
/* No reading of the clock is under way. */
bool gh_lum_patient(const struct gh_dev *dev);
/* Turns until the call has ended, and frees it; *reply may be NULL. */
enum gh_status gh_lum_finish(struct gh_dev *dev, struct gh_lum_call *call,
			     struct gh_lum_frame *reply, struct gh_err *err);
/* begin and finish: one request, its reply or the reason why not. */
enum gh_status gh_lum_ask(struct gh_dev *dev, uint8_t type, const void *payload,
			  size_t len, struct gh_lum_frame *reply,
			  struct gh_err *err);
/* Turns until that moment. */
enum gh_status gh_lum_pause(struct gh_dev *dev, gh_us until,
			    struct gh_err *err);
/* Writes now, ahead of all that waits; the rest of a frame is given up. */
enum gh_status gh_lum_write_now(struct gh_dev *dev, const uint8_t *bytes,
				size_t n, struct gh_err *err);
void gh_lum_cancel_calls(struct gh_dev *dev);
/* From now on pump() fails with this; the first reason stays. */
void gh_lum_break(struct gh_dev *dev, enum gh_status code, const char *why);
enum gh_status gh_lum_set_rate(struct gh_dev *dev, long baud,
			       struct gh_err *err);

/* ---- reply.c: what every frame means, whoever waits for it --------------- */

/* False: the frame contradicts the protocol. */
bool gh_lum_on_reply(struct gh_dev *dev, const struct gh_lum_call *call);
void gh_lum_on_unsolicited(struct gh_dev *dev, const struct gh_lum_frame *f);

/* ---- time.c -------------------------------------------------------------- */

void gh_lum_time_add(struct gh_dev *dev, gh_us sent, gh_us received,
		     uint32_t t);
gh_us gh_lum_unwrap(const struct gh_dev *dev, uint32_t t);
gh_us gh_lum_device_now(const struct gh_dev *dev);
bool gh_lum_on_clock(struct gh_dev *dev, const struct gh_lum_call *call);

/* ---- hello.c ------------------------------------------------------------- */

enum gh_status gh_lum_hello(struct gh_dev *dev, bool any_rate,
			    struct gh_err *err);
/* Has the boot id changed? Asks once; true only when it certainly has. */
bool gh_lum_rebooted(struct gh_dev *dev);
enum gh_status gh_lum_best_rate(struct gh_dev *dev, long wanted,
				struct gh_err *err);

/* ---- describe.c ---------------------------------------------------------- */

enum gh_status gh_lum_describe(struct gh_dev *dev, struct gh_err *err);
/* The limits now in force, into info: they may have been lowered before. */
enum gh_status gh_lum_read_limits(struct gh_dev *dev, struct gh_err *err);
enum gh_status gh_lum_limit(struct gh_dev *dev, unsigned actuator,
			    const struct gh_dev_actuator *limits,
			    struct gh_err *err);

/* ---- event.c ------------------------------------------------------------- */

void gh_lum_on_event(struct gh_dev *dev, const struct gh_lum_frame *f);
void gh_lum_event_put(struct gh_dev *dev, const struct gh_dev_event *event);
bool gh_lum_event(struct gh_dev *dev, struct gh_dev_event *out);

/* ---- stream.c ------------------------------------------------------------ */

bool gh_lum_on_stream(struct gh_dev *dev, const struct gh_lum_call *call);
void gh_lum_on_samples(struct gh_dev *dev, const struct gh_lum_frame *f);
enum gh_status gh_lum_stream(struct gh_dev *dev, unsigned stream,
			     const uint16_t *channels, unsigned n,
			     double rate_hz, double *actual_hz,
			     struct gh_err *err);
size_t gh_lum_take(struct gh_dev *dev, struct gh_sample *out, size_t cap);
bool gh_lum_streaming(const struct gh_dev *dev);
enum gh_status gh_lum_pump(struct gh_dev *dev, struct gh_sample *out,
			   size_t cap, size_t *got, struct gh_err *err);

/* ---- state.c ------------------------------------------------------------- */

bool gh_lum_on_status(struct gh_dev *dev, const struct gh_lum_call *call);
bool gh_lum_on_beat(struct gh_dev *dev, const struct gh_lum_call *call);
bool gh_lum_on_linkstats(struct gh_dev *dev, const struct gh_lum_call *call);
enum gh_status gh_lum_ask_status(struct gh_dev *dev, struct gh_err *err);
enum gh_status gh_lum_status(struct gh_dev *dev, struct gh_dev_status *out,
			     struct gh_err *err);
void gh_lum_stats(struct gh_dev *dev, struct gh_dev_stats *out);

/* ---- arm.c --------------------------------------------------------------- */

enum gh_status gh_lum_arm(struct gh_dev *dev, bool clear, double *proved_ms,
			  struct gh_err *err);

/* ---- motion.c ------------------------------------------------------------ */

enum gh_status gh_lum_glow(struct gh_dev *dev, unsigned lamp,
			   const double level[4], gh_us ramp_us,
			   struct gh_err *err);
unsigned gh_lum_room(const struct gh_dev *dev, unsigned actuator);
enum gh_status gh_lum_queue(struct gh_dev *dev, unsigned actuator,
			    const struct gh_segment *seg, unsigned n,
			    struct gh_err *err);
enum gh_status gh_lum_run(struct gh_dev *dev, gh_us start, struct gh_err *err);

/* ---- safe.c -------------------------------------------------------------- */

enum gh_status gh_lum_stop(struct gh_dev *dev, struct gh_err *err);
size_t gh_lum_stop_bytes(uint8_t *out, size_t cap);
/* In ARMED only: the controller refuses it while anything runs. */
enum gh_status gh_lum_torque(struct gh_dev *dev, uint32_t mask, bool on,
			     struct gh_err *err);
enum gh_status gh_lum_safe(struct gh_dev *dev, uint32_t may_drop,
			   struct gh_dev_status *out, struct gh_err *err);

#endif
