/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dev - the open Firmata board: what its files share. codec.c knows bytes,
 * wires.c the rig file, pins.c holds the two together, talk.c sends and sorts
 * what arrives, hello.c asks who is there, feed.c turns reports into samples,
 * bus.c polls I2C chips, arm.c takes servos up, motion.c walks them by host
 * steps, glow.c drives lamps, rest.c brings all to rest.
 */
#ifndef GH_DRIVER_FIRMATA_DEV_H
#define GH_DRIVER_FIRMATA_DEV_H

#include "driver/driver.h"	  /* struct gh_sample, gh_dev_* */
#include "driver/firmata/codec.h" /* struct fm_parser */
#include "driver/firmata/wires.h" /* struct fm_board */

enum {
	FM_BAUD = 57600,
	FM_SEGMENTS = 64,
	FM_SAMPLES = 1024,
	FM_EVENTS = 32,
	FM_OUT_BYTES = 2048,
	FM_RTT_BINS = 256 /* of 0.5 ms */
};

/* A reply that takes longer is not coming (capability took 45 ms, seen). */
#define FM_REPLY_US ((gh_us)200000)

struct fm_pin {
	uint32_t modes; /* bits 1u << mode */
	uint8_t bits[FM_MODES];
	int analog; /* channel, -1 none */
};

struct fm_state { /* what a pin state reply said */
	bool known;
	uint8_t mode;
	unsigned value;
};

struct fm_tick { /* one analog channel's even beat, see feed.c */
	bool running;
	gh_us at;
};

struct fm_reading { /* newest report of one analog input */
	bool known, valid;
	gh_us at;
	double value;	    /* rad for a pot, V else */
	double settled_rad; /* where it has stayed since ... */
	gh_us settled_since;
};

struct fm_stream {
	uint16_t channels[GH_STREAM_CHANNELS];
	unsigned n;
	double rate_hz;
};

enum fm_chip_step {
	FM_CHIP_IDENTIFY,
	FM_CHIP_SET_UP,
	FM_CHIP_VERIFY,
	FM_CHIP_READ
};

struct fm_chip_run {
	enum fm_chip_step step;
	unsigned next_write;
	bool lost, told;
	unsigned failures; /* in a row */
	gh_us due, invalid_due;
};

struct fm_bus {
	bool configured;
	int pending; /* chip whose reply is awaited, -1 none */
	uint8_t reg, n;
	bool poisoned; /* an error string came since the request */
	gh_us sent_at;
	unsigned turn; /* chip that goes next */
	/* The last good reply, to see another chip's bytes come again. */
	int last_chip;
	uint8_t last[GH_CHIP_READ_MAX];
	size_t last_n;
	struct fm_chip_run chips[FM_CHIPS];
};

struct fm_joint {
	bool attached;
	int sent_us;	 /* pulse the board was last told */
	double from_rad; /* where the segment at the head began */
	double end_rad;	 /* where everything queued ends */
	struct gh_segment ring[FM_SEGMENTS];
	unsigned head, n;
	gh_us into_us; /* time since the head segment began */
	bool active;
	struct gh_dev_actuator limits;
};

/* A goal is never further ahead of the last one than this much travel. */
#define FM_STEP_US ((gh_us)20000)

struct fm_motion {
	enum gh_motion_state state;
	const char *cause;
	gh_us start, walked_at;
	gh_us held_up_us; /* what the program waited for the host, in all */
	struct fm_joint joints[GH_DEV_ACTUATORS];
};

struct fm_glow {
	bool used; /* its pins are in PWM mode */
	unsigned sent[4];
	double from[4], to[4];
	gh_us begun, length;
	bool ramping;
};

struct gh_dev {
	struct gh_link *link;
	const struct gh_clock *clk;
	gh_us opened;

	struct fm_parser in;
	uint8_t out[FM_OUT_BYTES];
	size_t out_n;
	bool out_full; /* something could not be queued */
	gh_us heard_at, pumped_at, silence_us;

	/* who is there */
	bool has_version, has_name, has_capability, has_map, ready;
	bool rebooted;
	unsigned version[2];
	struct fm_pin pins[FM_PINS];
	unsigned n_pins;
	struct fm_state states[FM_PINS];
	struct fm_board board;
	struct gh_dev_info info;

	/* samples */
	struct fm_stream streams[GH_STREAMS];
	bool streamed[GH_DEV_CHANNELS];
	gh_us emitted_at[GH_DEV_CHANNELS];
	bool streaming;
	unsigned interval_ms;
	double rate_hz; /* fastest asked for */
	gh_us command_due;
	struct fm_tick ticks[FM_ANALOGS];
	struct fm_reading readings[FM_ANALOGS];
	struct gh_sample samples[FM_SAMPLES];
	size_t sample_head, sample_n;
	struct gh_dev_event events[FM_EVENTS];
	size_t event_head, event_n;

	struct fm_bus bus;
	struct fm_motion motion;
	struct fm_glow glows[GH_DEV_LAMPS];

	struct gh_dev_stats stats;
	uint64_t rtt[FM_RTT_BINS], rtt_n;
};

/* talk.c */
gh_us gh_firmata_host_now(const struct gh_dev *dev);
/*
 * The device's time, since open: the host's, less what it was held up while a
 * program ran. Samples and programs are stamped with it.
 */
gh_us gh_firmata_now(const struct gh_dev *dev);
void gh_firmata_send(struct gh_dev *dev, const uint8_t *bytes, size_t n);
void gh_firmata_send_frame(struct gh_dev *dev, const struct fm_frame *f);
/* Writes `value` to a pin: E0+pin, or the extended form where it must be. */
void gh_firmata_send_value(struct gh_dev *dev, unsigned pin, unsigned value);
/* Sends what is queued and takes in what has come; never waits. */
enum gh_status gh_firmata_exchange(struct gh_dev *dev, struct gh_err *err);
/* Exchanges until done(dev) or `limit_us` has passed; false: it passed. */
enum gh_status gh_firmata_await(struct gh_dev *dev,
				bool (*done)(const struct gh_dev *dev),
				gh_us limit_us, bool *is_done,
				struct gh_err *err);
void gh_firmata_timed(struct gh_dev *dev, gh_us rtt_us);
GH_PRINTF(5, 6)
void gh_firmata_event(struct gh_dev *dev, enum gh_dev_event_kind kind, int arg,
		      double value, const char *fmt, ...);

/* hello.c */
enum gh_status gh_firmata_meet(struct gh_dev *dev, struct gh_err *err);
enum gh_status gh_firmata_learn(struct gh_dev *dev, struct gh_err *err);
void gh_firmata_on_version(struct gh_dev *dev, const struct fm_message *m);
void gh_firmata_on_name(struct gh_dev *dev, const struct fm_message *m);
void gh_firmata_on_capability(struct gh_dev *dev, const struct fm_message *m);
void gh_firmata_on_map(struct gh_dev *dev, const struct fm_message *m);
void gh_firmata_on_state(struct gh_dev *dev, const struct fm_message *m);
/* Asks for the state of the pins whose bit is set; unknown ones stay so. */
enum gh_status gh_firmata_ask_states(struct gh_dev *dev, const unsigned *pins,
				     unsigned n, struct gh_err *err);

/* pins.c */
/* Holds the wiring against the capability reply. */
enum gh_status gh_firmata_pins(struct gh_dev *dev, struct gh_err *err);

/* feed.c */
void gh_firmata_on_analog(struct gh_dev *dev, const struct fm_message *m);
void gh_firmata_emit(struct gh_dev *dev, uint16_t channel, gh_us at,
		     int16_t raw);
enum gh_status gh_firmata_stream(struct gh_dev *dev, unsigned stream,
				 const uint16_t *channels, unsigned n,
				 double rate_hz, double *actual_hz,
				 struct gh_err *err);
void gh_firmata_feed_step(struct gh_dev *dev);
void gh_firmata_report(struct gh_dev *dev, unsigned input, bool on);
/* Fastest that the analog inputs of this board can report together. */
unsigned gh_firmata_interval_ms(const struct gh_dev *dev, double rate_hz);

/* bus.c */
void gh_firmata_bus_start(struct gh_dev *dev);
void gh_firmata_bus_step(struct gh_dev *dev);
bool gh_firmata_chip_wanted(const struct gh_dev *dev, unsigned chip);
void gh_firmata_on_i2c(struct gh_dev *dev, const struct fm_message *m);
void gh_firmata_on_string(struct gh_dev *dev, const struct fm_message *m);

/* arm.c, motion.c */
int gh_firmata_pulse_us(const struct fm_servo *s, double rad);
double gh_firmata_angle_rad(const struct fm_servo *s, int us);
enum gh_status gh_firmata_arm(struct gh_dev *dev, bool clear, double *proved_ms,
			      struct gh_err *err);
enum gh_status gh_firmata_limit(struct gh_dev *dev, unsigned actuator,
				const struct gh_dev_actuator *limits,
				struct gh_err *err);
unsigned gh_firmata_room(const struct gh_dev *dev, unsigned actuator);
enum gh_status gh_firmata_queue(struct gh_dev *dev, unsigned actuator,
				const struct gh_segment *seg, unsigned n,
				struct gh_err *err);
enum gh_status gh_firmata_run(struct gh_dev *dev, gh_us start,
			      struct gh_err *err);
void gh_firmata_motion_step(struct gh_dev *dev);
/* Holds where the goals are now; nothing queued is left. */
void gh_firmata_hold(struct gh_dev *dev);

/* glow.c */
enum gh_status gh_firmata_glow(struct gh_dev *dev, unsigned lamp,
			       const double level[4], gh_us ramp_us,
			       struct gh_err *err);
void gh_firmata_glow_step(struct gh_dev *dev);
void gh_firmata_dark(struct gh_dev *dev);

/* rest.c */
enum gh_status gh_firmata_status(struct gh_dev *dev, struct gh_dev_status *out,
				 struct gh_err *err);
enum gh_status gh_firmata_stop(struct gh_dev *dev, struct gh_err *err);
enum gh_status gh_firmata_safe(struct gh_dev *dev, uint32_t may_drop,
			       struct gh_dev_status *out, struct gh_err *err);

#endif
