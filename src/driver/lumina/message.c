/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/lumina/message.h"

#include <stdio.h>

static const char *name_of(const char *const *names, size_t n, unsigned i,
			   const char *otherwise)
{
	return i < n && names[i] ? names[i] : otherwise;
}

const char *gh_lum_type_name(unsigned type)
{
	static const char *const names[] = {
		NULL,	  "HELLO",     "STOP",	       "STATUS",   "DESCRIBE",
		"CLOCK",  "SET_BAUD",  "LINKSTATS",    "STREAM",   "ARM",
		"DISARM", "HEARTBEAT", "CLEAR",	       "SEGMENTS", "RUN",
		"FLUSH",  "ACTUATOR",  "LOWER_LIMITS", "TORQUE",   "LAMP",
		"BURST",  "I2C",       "EVENT_ACK",
	};

	return name_of(names, GH_ARRAY_SIZE(names), type, "a request");
}

const char *gh_lum_cause_name(unsigned cause)
{
	static const char *const names[] = {
		"",
		"STOP",
		"WATCHDOG",
		"OVER_CURRENT",
		"OVER_TEMPERATURE",
		"UNDERRUN",
		"INHIBIT",
		"BROWN_OUT",
		"FOLLOWING",
	};

	return name_of(names, GH_ARRAY_SIZE(names), cause, "UNKNOWN");
}

const char *gh_lum_state_name(unsigned state)
{
	static const char *const names[] = { "IDLE", "ARMED", "RUNNING",
					     "LATCHED" };

	return name_of(names, GH_ARRAY_SIZE(names), state, "unknown state");
}

const char *gh_lum_reset_name(unsigned cause)
{
	static const char *const names[] = {
		"unknown",	  "power-on",  "external",
		"watchdog timer", "brown-out", "software",
	};

	return name_of(names, GH_ARRAY_SIZE(names), cause, "unknown");
}

static const char *limit_name(unsigned limit)
{
	static const char *const names[] = {
		NULL,
		"range",
		"speed",
		"acceleration",
		"current",
		"temperature",
		"it would be raised",
	};

	return name_of(names, GH_ARRAY_SIZE(names), limit, "unknown");
}

/* How the detail of an ERROR reads. */
enum detail { D_NONE, D_NUMBER, D_STATE, D_CAUSE, D_LIMIT };

static const struct refusal {
	enum gh_status status;
	const char *text;
	enum detail detail;
} refusals[] = {
	[1] = { GH_UNSUP, "the controller does not know this request", D_NONE },
	[2] = { GH_PROTO, "the controller expects another length than",
		D_NUMBER },
	[3] = { GH_PROTO, "a field is out of range, at offset", D_NUMBER },
	[4] = { GH_UNSAFE, "not armed, state is", D_STATE },
	[5] = { GH_UNSAFE, "a stop is latched, cause", D_CAUSE },
	[6] = { GH_UNSAFE, "the arm lease is not valid any more", D_NONE },
	[7] = { GH_UNSAFE,
		"a limit of the actuator would be broken:", D_LIMIT },
	[8] = { GH_BUSY, "the segment ring is full, free places", D_NUMBER },
	[9] = { GH_PROTO, "segments out of order, expected number", D_NUMBER },
	[10] = { GH_BUSY, "not possible now, state is", D_STATE },
	[11] = { GH_IO, "the I2C chip does not answer at address", D_NUMBER },
	[12] = { GH_UNSUP, "this controller has no such thing", D_NONE },
	[13] = { GH_UNSAFE, "the enable input is off", D_NONE },
	[14] = { GH_UNSAFE,
		 "the start has already passed, ms late:", D_NUMBER },
};

static void detail_text(char out[24], enum detail how, unsigned value)
{
	char number[8];
	const char *text = "";

	snprintf(number, sizeof number, "%u", value & 0xFFFFu);
	switch (how) {
	case D_NONE:
		break;
	case D_NUMBER:
		text = number;
		break;
	case D_STATE:
		text = gh_lum_state_name(value);
		break;
	case D_CAUSE:
		text = gh_lum_cause_name(value);
		break;
	case D_LIMIT:
		text = limit_name(value);
		break;
	}
	snprintf(out, 24, "%s%s", *text ? " " : "", text);
}

enum gh_status gh_lum_refusal(const struct gh_lum_frame *error,
			      struct gh_err *err)
{
	const struct refusal *r;
	unsigned code;
	char detail[24];

	if (error->len != 4)
		return gh_fail(err, GH_PROTO,
			       "ERROR frame with %zu bytes instead of 4",
			       error->len);
	code = error->payload[1];
	if (code == 0 || code >= GH_ARRAY_SIZE(refusals))
		return gh_fail(err, GH_PROTO, "%s refused with unknown code %u",
			       gh_lum_type_name(error->payload[0]), code);
	r = &refusals[code];
	detail_text(detail, r->detail, gh_lum_u16(error->payload + 2));
	return gh_fail(err, r->status, "%s refused: %s%s",
		       gh_lum_type_name(error->payload[0]), r->text, detail);
}
