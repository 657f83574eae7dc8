/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * acm_descriptors - what a CDC-ACM device tells the host of itself (USB 2.0
 * section 9.6, CDC 1.2 section 5.2), with the lies it was asked for.
 */
#include "usb/acm.h"

#include <string.h>

enum { STRING_LANGUAGES, STRING_MANUFACTURER, STRING_PRODUCT, STRING_SERIAL };
enum { DEVICE = 1, CONFIG, STRING, INTERFACE, ENDPOINT, CLASS_SPECIFIC = 0x24 };
enum { STRING_MAX = 255, CONFIG_LENGTH = 67, PACKET = 64, IN = 0x80 };
enum { BULK = 2, INTERRUPT = 3 };

static const uint8_t config[] = {
	9, CONFIG, CONFIG_LENGTH, 0, 2, 1, 0, 0x80, 50
};
static const uint8_t communication[] = { 9, INTERFACE, 0, 0, 1, 2, 2, 1, 0 };
static const uint8_t header[] = { 5, CLASS_SPECIFIC, 0, 0x10, 1 };
static const uint8_t call_management[] = { 5, CLASS_SPECIFIC, 1, 0, 1 };
static const uint8_t line_coding[] = { 4, CLASS_SPECIFIC, 2, 2 };
static const uint8_t both_interfaces[] = { 5, CLASS_SPECIFIC, 6, 0, 1 };
static const uint8_t notify[] = { 7, ENDPOINT, IN | ACM_NOTIFY, INTERRUPT, 16,
				  0, 10 };
static const uint8_t data[] = { 9, INTERFACE, 1, 0, 2, 10, 0, 0, 0 };
static const uint8_t data_out[] = { 7, ENDPOINT, ACM_DATA, BULK, PACKET, 0, 0 };
static const uint8_t data_in[] = { 7, ENDPOINT, IN | ACM_DATA, BULK, PACKET,
				   0, 0 };

/* The first byte of each is its length. */
static const uint8_t *const configuration[] = {
	config,		 communication, header, call_management, line_coding,
	both_interfaces, notify,	data,	data_out,	 data_in
};

static size_t tell_config(uint8_t *out)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof configuration / sizeof configuration[0];
	     i++) {
		memcpy(out + n, configuration[i], configuration[i][0]);
		n += configuration[i][0];
	}
	return n;
}

static size_t tell_device(const struct acm_identity *it, uint8_t *out)
{
	const uint8_t d[] = { 18,
			      DEVICE,
			      0,
			      2,
			      2 /* CDC */,
			      0,
			      0,
			      PACKET,
			      (uint8_t)it->vid,
			      (uint8_t)(it->vid >> 8),
			      (uint8_t)it->pid,
			      (uint8_t)(it->pid >> 8),
			      0,
			      1,
			      STRING_MANUFACTURER,
			      STRING_PRODUCT,
			      STRING_SERIAL,
			      1 };

	memcpy(out, d, sizeof d);
	return sizeof d;
}

static size_t tell_string(const struct acm_identity *it, unsigned index,
			  uint8_t *out)
{
	static const uint8_t english[] = { 4, STRING, 9, 4 };
	const char *const texts[] = {
		[STRING_MANUFACTURER] = it->manufacturer,
		[STRING_PRODUCT] = it->product,
		[STRING_SERIAL] = it->serial,
	};
	size_t n = 2;

	if (index == STRING_LANGUAGES) {
		memcpy(out, english, sizeof english);
		return sizeof english;
	}
	if (index > STRING_SERIAL)
		return 0;
	for (const char *c = texts[index]; *c && n + 2 <= STRING_MAX; c++) {
		out[n++] = (uint8_t)*c;
		out[n++] = 0;
	}
	out[0] = (uint8_t)(it->claimed_length ? it->claimed_length : n);
	out[1] = STRING;
	return n;
}

size_t acm_descriptor(const struct acm_identity *identity, unsigned value,
		      uint8_t *out)
{
	switch (value >> 8) {
	case DEVICE:
		return tell_device(identity, out);
	case CONFIG:
		return tell_config(out);
	case STRING:
		return tell_string(identity, value & 0xff, out);
	default:
		return 0;
	}
}
