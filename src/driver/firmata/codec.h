/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * codec - Firmata 2.x bytes into messages and back. The protocol has no check
 * and no length: whatever breaks its few rules is dropped and counted, and
 * what a message means is for the reader to doubt.
 */
#ifndef GH_DRIVER_FIRMATA_CODEC_H
#define GH_DRIVER_FIRMATA_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FM_ANALOG = 0xe0,
	FM_DIGITAL = 0x90,
	FM_REPORT_ANALOG = 0xc0,
	FM_PIN_MODE = 0xf4,
	FM_VERSION = 0xf9,
	FM_SYSEX = 0xf0,
	FM_SYSEX_END = 0xf7,

	FM_ANALOG_MAP_QUERY = 0x69,
	FM_ANALOG_MAP = 0x6a,
	FM_CAPABILITY_QUERY = 0x6b,
	FM_CAPABILITY = 0x6c,
	FM_PIN_STATE_QUERY = 0x6d,
	FM_PIN_STATE = 0x6e,
	FM_EXTENDED_ANALOG = 0x6f,
	FM_SERVO_CONFIG = 0x70,
	FM_STRING = 0x71,
	FM_I2C_REQUEST = 0x76,
	FM_I2C_REPLY = 0x77,
	FM_I2C_CONFIG = 0x78,
	FM_FIRMWARE = 0x79,
	FM_SAMPLING_INTERVAL = 0x7a
};

enum {
	FM_MODE_INPUT = 0,
	FM_MODE_ANALOG = 2,
	FM_MODE_PWM = 3,
	FM_MODE_SERVO = 4,
	FM_MODE_I2C = 6,
	FM_MODES = 32
};

/*
 * The longest known message is a Mega's capability reply of 507 bytes; 128 pins
 * with eight modes each would be 2176.
 */
enum { FM_SYSEX_CAP = 2304 };

enum fm_kind { FM_MSG_VERSION, FM_MSG_ANALOG, FM_MSG_SYSEX };

struct fm_message {
	enum fm_kind kind;
	uint8_t id;	     /* analog channel, or sysex id */
	unsigned value;	     /* analog: 14 bits */
	const uint8_t *data; /* sysex: after the id; until the next byte */
	size_t n;
};

struct fm_parser {
	uint8_t command; /* being read, 0 when none */
	bool overflow;
	size_t n;
	uint8_t buf[FM_SYSEX_CAP];
	uint64_t good, bad;
};

/* Takes one byte; true when it completes *out. */
bool gh_firmata_parse(struct fm_parser *p, uint8_t byte,
		      struct fm_message *out);

/* Joins 7-bit pairs into at most cap bytes; returns how many. */
size_t gh_firmata_join(const uint8_t *pairs, size_t n, uint8_t *out,
		       size_t cap);

/* A message being put together, at most 64 bytes: what an AVR can buffer. */
struct fm_frame {
	uint8_t bytes[64];
	size_t n;
};

void gh_firmata_begin(struct fm_frame *f, uint8_t sysex_id);
void gh_firmata_byte(struct fm_frame *f, uint8_t byte);
/* One value as two 7-bit bytes, low half first. */
void gh_firmata_pair(struct fm_frame *f, unsigned value);
void gh_firmata_end(struct fm_frame *f);

#endif
