/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * driver - one controller family: turns intentions (follow this segment,
 * glow so, send me these channels) into bytes, and bytes into samples. The
 * engine knows only this header; lumina and firmata stand behind it.
 *
 * Time. Samples and motion carry controller time: microseconds on the
 * controller's own clock, unwrapped to 64 bits. A controller without a clock
 * of its own uses the host's. Host deadlines always use gh_clock.
 */
#ifndef GH_DRIVER_DRIVER_H
#define GH_DRIVER_DRIVER_H

#include "base/clock.h"	  /* struct gh_clock, gh_us */
#include "base/part.h"	  /* enum gh_quantity, enum gh_unit */
#include "base/segment.h" /* struct gh_segment */
#include "base/status.h"  /* enum gh_status */
#include "base/text.h"	  /* GH_NAME_CAP */
#include "base/wiring.h"  /* struct gh_wiring */
#include "link/link.h"	  /* struct gh_link */

#include <stdbool.h>
#include <stdint.h>

enum {
	GH_DEV_CHANNELS = 112,
	GH_DEV_ACTUATORS = 24,
	GH_DEV_LAMPS = 8,
	GH_STREAM_CHANNELS = 48, /* channels of one request */
	GH_STREAMS = 4,		 /* what a controller may offer */
	GH_STOP_BYTES = 32	 /* room for stop_bytes() of any driver */
};

/* A sample's raw value that means "no valid reading". */
#define GH_RAW_INVALID INT16_MIN

/* value = raw * num / den, in the unit gh_quantity_unit(what). */
struct gh_dev_channel {
	char part[GH_NAME_CAP]; /* already checked by gh_is_part_name */
	enum gh_quantity what;
	bool measured; /* false: it echoes the command */
	int32_t num, den;
	int16_t lo, hi;	    /* raw range: beyond 95 % of hi light saturates */
	double max_rate_hz; /* fastest the controller offers */
};

struct gh_dev_actuator {
	char part[GH_NAME_CAP];
	double lo_rad, hi_rad, speed_rad_s, accel_rad_s2;
	double current_a, temperature_c;
};

struct gh_dev_lamp {
	char part[GH_NAME_CAP];
	unsigned channels; /* 1..4: red, green, blue, white */
};

/* Who answers, and what it can do. Texts are through gh_safe_text. */
struct gh_dev_info {
	char model[32];	   /* "ghostlight", "StandardFirmata.ino" */
	char firmware[24]; /* "1.0.0", "2.4" */
	char id[40];	   /* unique device id, "" when it has none */
	char boot[24];	   /* boot id, "" when it has none */
	char dictionary[16];
	const char *reset_cause; /* "power-on", "unknown", ... */
	bool simulated;
	unsigned time_scale;  /* 1 on anything real */
	unsigned watchdog_ms; /* 0: none, so it is moved by host steps only */
	bool has_enable; /* an input without which nothing may move */
	bool has_clock;
	double max_sample_rate; /* samples per second, all channels */
	double wire_sample_rate; /* that the wire carries; 0: no such limit */
	unsigned streams;	 /* of GH_STREAMS, how many it can keep */
	bool guards; /* segments with guard_a, where the current is measured */
	struct gh_dev_channel channels[GH_DEV_CHANNELS];
	unsigned n_channels;
	struct gh_dev_actuator actuators[GH_DEV_ACTUATORS];
	unsigned n_actuators;
	struct gh_dev_lamp lamps[GH_DEV_LAMPS];
	unsigned n_lamps;
};

struct gh_sample {
	gh_us at; /* controller time */
	uint16_t channel;
	int16_t raw;
};

enum gh_motion_state {
	GH_MOTION_IDLE,
	GH_MOTION_ARMED,
	GH_MOTION_RUNNING,
	GH_MOTION_LATCHED
};

/* Read back from the controller, never assumed. */
struct gh_dev_status {
	enum gh_motion_state state;
	const char
		*cause; /* why it is latched: "STOP", "WATCHDOG", ... or "" */
	bool at_rest;	/* nothing is being moved or slowed down */
	bool enabled;	/* the enable input, true where there is none */
	double position_rad[GH_DEV_ACTUATORS]; /* commanded */
};

enum gh_dev_event_kind {
	GH_DEV_EV_LATCHED,	    /* value: actuator or -1 */
	GH_DEV_EV_OVER_CURRENT,	    /* arg actuator, value A */
	GH_DEV_EV_OVER_TEMPERATURE, /* arg actuator, value degC */
	GH_DEV_EV_BROWN_OUT,	    /* value V */
	GH_DEV_EV_ENABLE,	    /* arg 1 on, 0 off */
	GH_DEV_EV_GUARD, /* arg actuator, value rad: where it was then */
	GH_DEV_EV_PROGRAM_END,
	GH_DEV_EV_SENSOR, /* arg channel, value 0 lost, 1 back */
	GH_DEV_EV_BOOT	  /* it rebooted under us */
};

struct gh_dev_event {
	enum gh_dev_event_kind kind;
	gh_us at;
	int arg;
	double value;
	char text[64]; /* for people, already safe */
};

/* Counted since open; a controller without counters leaves its part 0. */
struct gh_dev_stats {
	uint64_t frames_good, frames_bad; /* seen by the host */
	uint64_t samples, samples_lost;	  /* by the streams' own numbers */
	uint64_t device_bad, device_overruns, device_dropped;
	gh_us longest_gap_us;  /* longest silence while streams ran */
	gh_us longest_loop_us; /* the controller's own worst turn */
	unsigned requests, timeouts, retries;
	unsigned resets;   /* reboots noticed */
	double rtt_p99_ms; /* request to reply, 0 when none was timed */
	bool counts_loss;  /* false: this protocol cannot see a loss */
};

struct gh_dev; /* opaque */

struct gh_driver {
	const char *name, *summary; /* name: [a-z0-9_]+, equals the file name */
	long default_baud;
	/*
	 * Asks who is there, moves nothing, leaves the port as found. Returns
	 * GH_UNSUP when something answers that this driver does not speak,
	 * GH_TIMEOUT when nothing answers.
	 */
	enum gh_status (*identify)(struct gh_link *link,
				   const struct gh_clock *clk,
				   struct gh_dev_info *out, struct gh_err *err);
	/*
	 * Whether what a port says unasked, at default_baud, is this protocol:
	 * a controller whose host died goes on reporting, and may be asked.
	 * NULL: its bytes cannot be told from noise.
	 */
	bool (*is_own)(const uint8_t *bytes, size_t n);
	/*
	 * Takes the link into use (the caller still closes it), learns the
	 * dictionary, starts nothing. `wiring` may be empty; wrong wiring is
	 * GH_ARG with FILE:LINE. baud: best rate to go to, 0 the default.
	 */
	enum gh_status (*open)(struct gh_dev **out, struct gh_link *link,
			       const struct gh_clock *clk,
			       const struct gh_wiring *wiring, long baud,
			       struct gh_err *err);
	/* NULL is fine. Sends nothing: call safe() before. */
	void (*close)(struct gh_dev *dev);
	const struct gh_dev_info *(*info)(const struct gh_dev *dev);

	/* Streams n channels at rate_hz into pump(); n 0 ends the stream.
	 * *actual_hz is what the controller really does. */
	enum gh_status (*stream)(struct gh_dev *dev, unsigned stream,
				 const uint16_t *channels, unsigned n,
				 double rate_hz, double *actual_hz,
				 struct gh_err *err);
	/* level 0..1 per lamp channel, ramp in controller time. */
	enum gh_status (*glow)(struct gh_dev *dev, unsigned lamp,
			       const double level[4], gh_us ramp_us,
			       struct gh_err *err);

	/*
	 * Arms. Where there is a watchdog it is first proved: beats are
	 * withheld and the latch must come within its time (one extra frame
	 * allowed); *proved_ms is what was measured (0: there is none by
	 * nature, see info->watchdog_ms). GH_UNSAFE: the proof failed, the
	 * enable input is off, or a stop is latched and clear is false.
	 */
	enum gh_status (*arm)(struct gh_dev *dev, bool clear, double *proved_ms,
			      struct gh_err *err);
	/* Lowers the limits of one actuator for this session, never raises. */
	enum gh_status (*limit)(struct gh_dev *dev, unsigned actuator,
				const struct gh_dev_actuator *limits,
				struct gh_err *err);
	/* Free places for segments of that actuator, as far as known. */
	unsigned (*room)(const struct gh_dev *dev, unsigned actuator);
	/*
	 * Appends n segments; GH_BUSY when there is no room for all, GH_UNSUP
	 * for a guard that the controller cannot watch.
	 */
	enum gh_status (*queue)(struct gh_dev *dev, unsigned actuator,
				const struct gh_segment *seg, unsigned n,
				struct gh_err *err);
	/* All actuators with segments start at `start`, controller time. */
	enum gh_status (*run)(struct gh_dev *dev, gh_us start,
			      struct gh_err *err);
	/*
	 * Switches the torque of the actuators in mask while nothing moves;
	 * on: they hold where they are then. NULL: it cannot.
	 */
	enum gh_status (*torque)(struct gh_dev *dev, uint32_t mask, bool on,
				 struct gh_err *err);
	/* Best knowledge of controller time now. */
	gh_us (*device_now)(const struct gh_dev *dev);

	/*
	 * Reads what arrived, does what is due (beats, host steps, retries) and
	 * hands out at most cap samples. Never waits. Call it at least every 10
	 * ms while armed, every 40 ms else, and, unless patient(), whenever the
	 * link is ready; until it returns fewer than cap. Failure: GH_GONE,
	 * GH_STALE (nothing heard for 100 ms wall while streams run), GH_RESET
	 * (the boot id changed), GH_PROTO.
	 */
	enum gh_status (*pump)(struct gh_dev *dev, struct gh_sample *out,
			       size_t cap, size_t *got, struct gh_err *err);
	/*
	 * True: nothing that may arrive now is timed by when it is read, so
	 * waking for every byte would only cost. NULL: never.
	 */
	bool (*patient)(const struct gh_dev *dev);
	/* Takes the oldest event; false when there is none. */
	bool (*event)(struct gh_dev *dev, struct gh_dev_event *out);
	/* Asks the controller; waits at most its reply time. */
	enum gh_status (*status)(struct gh_dev *dev, struct gh_dev_status *out,
				 struct gh_err *err);
	void (*stats)(struct gh_dev *dev, struct gh_dev_stats *out);

	/*
	 * Sends the stop at once (one frame, no waiting). Works in any state.
	 */
	enum gh_status (*stop)(struct gh_dev *dev, struct gh_err *err);
	/*
	 * Bytes that stop it whenever they are written to its port, also in
	 * the middle of a frame: for a signal handler. Returns how many, at
	 * most cap; 0: a host that writes nothing moves nothing. NULL: 0.
	 */
	size_t (*stop_bytes)(uint8_t *out, size_t cap);
	/*
	 * The controller's safe state: slow down, hold, disarm, lamps dark,
	 * streams off, and reads it back into *out. Torque is cut only for
	 * actuators whose bit is in may_drop. Idempotent, works in any state;
	 * gives up after 1 s wall. GH_OK only when the safe state was SEEN.
	 */
	enum gh_status (*safe)(struct gh_dev *dev, uint32_t may_drop,
			       struct gh_dev_status *out, struct gh_err *err);
};

extern const struct gh_driver *const gh_drivers[]; /* generated, NULL ends */

/* By name, NULL when there is none. */
const struct gh_driver *gh_driver_find(const char *name);

#endif
