/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * message - the numbers of schemas/protocol.md and their names for people.
 */
#ifndef GH_DRIVER_LUMINA_MESSAGE_H
#define GH_DRIVER_LUMINA_MESSAGE_H

#include "base/status.h"	  /* enum gh_status */
#include "driver/lumina/frame.h" /* struct gh_lum_frame */

enum gh_lum_type {
	GH_LUM_HELLO = 0x01,
	GH_LUM_STOP,
	GH_LUM_STATUS,
	GH_LUM_DESCRIBE,
	GH_LUM_CLOCK,
	GH_LUM_SET_BAUD,
	GH_LUM_LINKSTATS,
	GH_LUM_STREAM,
	GH_LUM_ARM,
	GH_LUM_DISARM,
	GH_LUM_HEARTBEAT,
	GH_LUM_CLEAR,
	GH_LUM_SEGMENTS,
	GH_LUM_RUN,
	GH_LUM_FLUSH,
	GH_LUM_ACTUATOR,
	GH_LUM_LOWER_LIMITS,
	GH_LUM_TORQUE,
	GH_LUM_LAMP,
	GH_LUM_BURST,
	GH_LUM_I2C,
	GH_LUM_EVENT_ACK,

	GH_LUM_SAMPLES = 0x40,
	GH_LUM_EVENT = 0x41,
	GH_LUM_REPLY = 0x80, /* added to the request's type */
	GH_LUM_ERROR = 0xFF
};

enum { GH_LUM_CAUSE_WATCHDOG = 2 };

enum gh_lum_event_code {
	GH_LUM_EV_BOOT = 1,
	GH_LUM_EV_LATCHED,
	GH_LUM_EV_OVER_CURRENT,
	GH_LUM_EV_OVER_TEMPERATURE,
	GH_LUM_EV_BROWN_OUT,
	GH_LUM_EV_ENABLE,
	GH_LUM_EV_LEASE_LOST,
	GH_LUM_EV_GUARD,
	GH_LUM_EV_PROGRAM_END,
	GH_LUM_EV_SENSOR
};

/* "STATUS", "ARM", ...; never NULL. */
const char *gh_lum_type_name(unsigned type);
/* "" for 0, "STOP", "WATCHDOG", ...; "UNKNOWN" beyond the table. */
const char *gh_lum_cause_name(unsigned cause);
/* "IDLE", "ARMED", ... */
const char *gh_lum_state_name(unsigned state);
/* "power-on", "brown-out", ...; "unknown" beyond the table. */
const char *gh_lum_reset_name(unsigned cause);

/* An ERROR frame in plain words; its payload is checked here. */
enum gh_status gh_lum_refusal(const struct gh_lum_frame *error,
			      struct gh_err *err);

#endif
