/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * request - one row per request: who answers it, how long its payload is, and
 * whether it needs a lease. Everything common to requests is done here, so a
 * handler only sees payloads of the right length.
 */
#include "firmware/core/parts.h" /* struct fw_core, fw_refuse */

#include <stddef.h>

enum { TYPE_ERROR = 0xFF, TYPE_REPLY = 0x80, TYPE_REQUESTS_END = 0x40 };

/* LEASED: the payload starts with the lease. AS_STATUS: so is the reply. */
enum { LEASED = 1, AS_STATUS = 2 };

struct row {
	uint8_t (*handle)(struct fw_core *c, const uint8_t *p);
	uint8_t flags;
	uint8_t length;
	uint8_t count_at, each; /* plus payload[count_at] * each */
};

static const FW_FLASH struct row rows[] = {
	[0x01] = { fw_do_hello, 0, 8, 0, 0 },
	[0x02] = { fw_do_stop, AS_STATUS, 0, 0, 0 },
	[0x03] = { fw_do_status, AS_STATUS, 0, 0, 0 },
	[0x04] = { fw_do_describe, 0, 2, 0, 0 },
	[0x05] = { fw_do_clock, 0, 0, 0, 0 },
	[0x06] = { fw_do_set_baud, 0, 1, 0, 0 },
	[0x07] = { fw_do_linkstats, 0, 0, 0, 0 },
	[0x08] = { fw_do_stream, 0, 4, 3, 1 },
	[0x09] = { fw_do_arm, 0, 4, 0, 0 },
	[0x0A] = { fw_do_disarm, LEASED | AS_STATUS, 4, 0, 0 },
	[0x0B] = { fw_do_heartbeat, LEASED, 4, 0, 0 },
	[0x0C] = { fw_do_clear, AS_STATUS, 0, 0, 0 },
	[0x0D] = { fw_do_segments, LEASED, 8, 5, 12 },
	[0x0E] = { fw_do_run, LEASED | AS_STATUS, 8, 0, 0 },
	[0x0F] = { fw_do_flush, LEASED | AS_STATUS, 4, 0, 0 },
	[0x10] = { fw_do_actuator, 0, 1, 0, 0 },
	[0x11] = { fw_do_lower_limits, 0, 21, 0, 0 },
	[0x12] = { fw_do_torque, LEASED | AS_STATUS, 9, 0, 0 },
	[0x13] = { fw_do_lamp, 0, 11, 0, 0 },
	[0x14] = { fw_do_burst, 0, 5, 0, 0 },
	[0x15] = { fw_do_i2c, 0, 3, 1, 1 },
	[0x16] = { fw_do_event_ack, 0, 2, 0, 0 },
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

uint16_t fw_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] | (uint16_t)p[1] << 8);
}

uint32_t fw_u32(const uint8_t *p)
{
	return fw_u16(p) | (uint32_t)fw_u16(p + 2) << 16;
}

void fw_reply(struct fw_core *c)
{
	fw_tx_begin(&c->tx, c->type | TYPE_REPLY, c->seq);
}

uint8_t fw_refuse(struct fw_core *c, enum fw_error code, uint16_t detail)
{
	c->detail = detail;
	return (uint8_t)code;
}

static uint8_t check_length(struct fw_core *c, const struct row *r,
			    const uint8_t *p, uint8_t n)
{
	uint16_t want = r->length;

	if (r->each != 0 && n >= r->length)
		want = (uint16_t)(want + p[r->count_at] * r->each);
	return n == want ? FW_OK : fw_refuse(c, FW_BAD_LENGTH, n);
}

static uint8_t check_lease(struct fw_core *c, const uint8_t *p)
{
	if (c->state == FW_IDLE)
		return fw_refuse(c, FW_NOT_ARMED, c->state);
	if (c->state == FW_LATCHED)
		return fw_refuse(c, FW_IS_LATCHED, c->cause);
	return fw_u32(p) == c->lease ? FW_OK : fw_refuse(c, FW_BAD_LEASE, 0);
}

static uint8_t answer(struct fw_core *c, const struct row *r, const uint8_t *p,
		      uint8_t n)
{
	uint8_t code = check_length(c, r, p, n);

	if (code == FW_OK && (r->flags & LEASED))
		code = check_lease(c, p);
	if (code == FW_OK)
		code = r->handle(c, p);
	if (code == FW_OK && (r->flags & AS_STATUS)) {
		fw_reply(c);
		fw_put_status(c);
		fw_tx_end(&c->tx);
	}
	return code;
}

void fw_put_error(struct fw_core *c, uint8_t type, uint8_t seq, uint8_t code,
		  uint16_t detail)
{
	fw_tx_begin(&c->tx, TYPE_ERROR, seq);
	fw_tx_u8(&c->tx, type);
	fw_tx_u8(&c->tx, code);
	fw_tx_u16(&c->tx, detail);
	fw_tx_end(&c->tx);
}

/* frame: type, seq, payload; its CRC was right. */
void fw_request(struct fw_core *c, const uint8_t *frame, uint8_t n)
{
	struct row r = { NULL, 0, 0, 0, 0 };
	uint8_t code;

	c->type = frame[0];
	c->seq = frame[1];
	if (c->type >= TYPE_REQUESTS_END)
		return;
	if (c->type < N_ROWS)
		r = rows[c->type];
	if (r.handle == NULL)
		code = fw_refuse(c, FW_UNKNOWN_TYPE, 0);
	else
		code = answer(c, &r, frame + 2, (uint8_t)(n - 2));
	if (code != FW_OK)
		fw_put_error(c, c->type, c->seq, code, c->detail);
}
