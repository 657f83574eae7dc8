/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/firmata/codec.h" /* fm_parser */

#include <assert.h>

static bool is_pair_command(uint8_t byte)
{
	return byte == FM_VERSION || (byte & 0xf0) == FM_ANALOG ||
	       (byte & 0xf0) == FM_DIGITAL;
}

static void start(struct fm_parser *p, uint8_t byte)
{
	const bool known = byte == FM_SYSEX || is_pair_command(byte);

	if (!known)
		p->bad++;
	p->command = known ? byte : 0;
	p->overflow = false;
	p->n = 0;
}

static bool end_of_sysex(struct fm_parser *p, struct fm_message *out)
{
	p->command = 0;
	if (p->overflow || p->n == 0) {
		p->bad++;
		return false;
	}
	p->good++;
	*out = (struct fm_message){ .kind = FM_MSG_SYSEX,
				    .id = p->buf[0],
				    .data = p->buf + 1,
				    .n = p->n - 1 };
	return true;
}

static bool command_byte(struct fm_parser *p, uint8_t byte,
			 struct fm_message *out)
{
	if (p->command == FM_SYSEX && byte == FM_SYSEX_END)
		return end_of_sysex(p, out);
	if (p->command != 0)
		p->bad++; /* it was cut off */
	start(p, byte);
	return false;
}

static bool end_of_pair(struct fm_parser *p, struct fm_message *out)
{
	const uint8_t command = p->command;

	p->command = 0;
	p->good++;
	if ((command & 0xf0) == FM_DIGITAL)
		return false; /* nothing here reads switches */
	*out = (struct fm_message){ .kind = FM_MSG_ANALOG,
				    .id = command & 0x0f,
				    .value = p->buf[0] | (unsigned)p->buf[1]
								 << 7,
				    .data = p->buf,
				    .n = 2 };
	if (command == FM_VERSION)
		out->kind = FM_MSG_VERSION;
	return true;
}

bool gh_firmata_parse(struct fm_parser *p, uint8_t byte, struct fm_message *out)
{
	if (byte & 0x80)
		return command_byte(p, byte, out);
	if (p->command == 0) {
		p->bad++;
		return false;
	}
	if (p->n == sizeof(p->buf)) {
		p->overflow = true;
		return false;
	}
	p->buf[p->n++] = byte;
	return p->command != FM_SYSEX && p->n == 2 && end_of_pair(p, out);
}

size_t gh_firmata_join(const uint8_t *pairs, size_t n, uint8_t *out, size_t cap)
{
	size_t i;

	for (i = 0; i < n / 2 && i < cap; i++)
		out[i] = (uint8_t)(pairs[2 * i] | pairs[2 * i + 1] << 7);
	return i;
}

void gh_firmata_byte(struct fm_frame *f, uint8_t byte)
{
	assert(f->n < sizeof(f->bytes));
	f->bytes[f->n++] = byte;
}

void gh_firmata_pair(struct fm_frame *f, unsigned value)
{
	gh_firmata_byte(f, value & 0x7f);
	gh_firmata_byte(f, value >> 7 & 0x7f);
}

void gh_firmata_begin(struct fm_frame *f, uint8_t sysex_id)
{
	f->n = 0;
	gh_firmata_byte(f, FM_SYSEX);
	gh_firmata_byte(f, sysex_id);
}

void gh_firmata_end(struct fm_frame *f)
{
	gh_firmata_byte(f, FM_SYSEX_END);
}
