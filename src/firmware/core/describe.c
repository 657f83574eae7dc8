/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * describe - who this controller is, what it has, and which limits are in
 * force. The dictionary hash is the CRC of the very bytes DESCRIBE sends: the
 * same functions write both, the hash with a queue that swallows them.
 */
#include "firmware/core/parts.h" /* struct fw_core, fw_refuse */

#include "firmware/core/crc.h" /* FW_CRC_START */

enum { CHANNEL, ACTUATOR, LAMP };
#define KINDS 3u

static uint8_t count_of(const struct fw_info *info, uint8_t kind)
{
	const uint8_t counts[KINDS] = { info->n_channels, info->n_actuators,
					info->n_lamps };

	return counts[kind];
}

static void put_limits(struct fw_tx *tx, const struct fw_limits *l)
{
	fw_tx_u32(tx, (uint32_t)l->lo_urad);
	fw_tx_u32(tx, (uint32_t)l->hi_urad);
	fw_tx_u32(tx, l->speed_urad_s);
	fw_tx_u32(tx, l->accel_urad_s2);
	fw_tx_u16(tx, l->current_ma);
	fw_tx_u16(tx, l->temperature_ddegc);
}

static void put_channel(struct fw_core *c, uint8_t i)
{
	struct fw_channel ch;

	c->board->channel(c->board->self, i, &ch);
	fw_tx_u8(&c->tx, ch.quantity);
	fw_tx_u8(&c->tx, ch.unit);
	fw_tx_u8(&c->tx, ch.measured);
	fw_tx_u32(&c->tx, (uint32_t)ch.num);
	fw_tx_u32(&c->tx, (uint32_t)ch.den);
	fw_tx_u16(&c->tx, (uint16_t)ch.lo);
	fw_tx_u16(&c->tx, (uint16_t)ch.hi);
	fw_tx_u16(&c->tx, ch.max_rate_hz);
	fw_tx_text(&c->tx, ch.part);
}

static void put_actuator(struct fw_core *c, uint8_t i)
{
	struct fw_actuator a;

	c->board->actuator(c->board->self, i, &a);
	put_limits(&c->tx, &a.limits);
	fw_tx_text(&c->tx, a.part);
}

static void put_lamp(struct fw_core *c, uint8_t i)
{
	struct fw_lamp l;

	c->board->lamp(c->board->self, i, &l);
	fw_tx_u8(&c->tx, l.channels);
	fw_tx_u16(&c->tx, l.level_max);
	fw_tx_text(&c->tx, l.part);
}

static void put_description(struct fw_core *c, uint8_t kind, uint8_t i)
{
	fw_tx_u8(&c->tx, kind);
	fw_tx_u8(&c->tx, i);
	fw_tx_u8(&c->tx, count_of(&c->board->info, kind));
	if (kind == CHANNEL)
		put_channel(c, i);
	else if (kind == ACTUATOR)
		put_actuator(c, i);
	else
		put_lamp(c, i);
}

uint32_t fw_dictionary(struct fw_core *c)
{
	c->tx.dry = true;
	c->tx.crc = FW_CRC_START;
	for (uint8_t kind = 0; kind < KINDS; kind++)
		for (uint8_t i = 0; i < count_of(&c->board->info, kind); i++)
			put_description(c, kind, i);
	c->tx.dry = false;
	return ~c->tx.crc;
}

uint8_t fw_do_describe(struct fw_core *c, const uint8_t *p)
{
	if (p[0] >= KINDS)
		return fw_refuse(c, FW_BAD_FIELD, 0);
	if (p[1] >= count_of(&c->board->info, p[0]))
		return fw_refuse(c, FW_BAD_FIELD, 1);
	fw_reply(c);
	put_description(c, p[0], p[1]);
	fw_tx_end(&c->tx);
	return FW_OK;
}

/* A host of another major version is answered all the same: it compares. */
uint8_t fw_do_hello(struct fw_core *c, const uint8_t *p)
{
	const struct fw_info *info = &c->board->info;
	struct fw_tx *tx = &c->tx;

	if (fw_u32(p) != 0x544C4847) /* "GHLT" */
		return fw_refuse(c, FW_BAD_FIELD, 0);
	fw_reply(c);
	fw_tx_u16(tx, 1); /* protocol 1.0 */
	fw_tx_u8(tx, info->flags);
	fw_tx_u8(tx, info->time_scale);
	fw_tx_u32(tx, info->boot_id);
	fw_tx_bytes(tx, info->device_id, sizeof(info->device_id));
	fw_tx_u32(tx, c->dictionary);
	fw_tx_u8(tx, info->n_channels);
	fw_tx_u8(tx, info->n_actuators);
	fw_tx_u8(tx, info->n_lamps);
	fw_tx_u8(tx, info->n_streams);
	fw_tx_u8(tx, info->ring);
	fw_tx_u8(tx, info->reset_cause);
	fw_tx_u16(tx, info->window_bytes);
	fw_tx_u8(tx, info->window_requests);
	fw_tx_u8(tx, info->rates);
	fw_tx_u16(tx, FW_WATCHDOG_MS);
	fw_tx_u32(tx, info->max_sample_rate);
	fw_tx_u8(tx, FW_VERSION_MAJOR);
	fw_tx_u8(tx, FW_VERSION_MINOR);
	fw_tx_u8(tx, FW_VERSION_PATCH);
	fw_tx_text(tx, "ghostlight");
	fw_tx_end(tx);
	return FW_OK;
}

uint8_t fw_do_actuator(struct fw_core *c, const uint8_t *p)
{
	if (p[0] >= c->board->info.n_actuators)
		return fw_refuse(c, FW_BAD_FIELD, 0);
	fw_reply(c);
	fw_tx_u8(&c->tx, p[0]);
	put_limits(&c->tx, &c->axis[p[0]].limits);
	fw_tx_end(&c->tx);
	return FW_OK;
}

static bool is_lower(const struct fw_limits *a, const struct fw_limits *than)
{
	return a->lo_urad >= than->lo_urad && a->hi_urad <= than->hi_urad &&
	       a->speed_urad_s <= than->speed_urad_s &&
	       a->accel_urad_s2 <= than->accel_urad_s2 &&
	       a->current_ma <= than->current_ma &&
	       a->temperature_ddegc <= than->temperature_ddegc;
}

/*
 * Not while RUNNING: what was accepted into a ring keeps the limits under
 * which it was accepted. RUN looks at waiting segments once more. Nor during a
 * stop, which a lower acceleration would lengthen.
 */
uint8_t fw_do_lower_limits(struct fw_core *c, const uint8_t *p)
{
	struct fw_limits l = {
		.lo_urad = (int32_t)fw_u32(p + 1),
		.hi_urad = (int32_t)fw_u32(p + 5),
		.speed_urad_s = fw_u32(p + 9),
		.accel_urad_s2 = fw_u32(p + 13),
		.current_ma = fw_u16(p + 17),
		.temperature_ddegc = fw_u16(p + 19),
	};

	if (c->state == FW_RUNNING || fw_motion_stopping(c))
		return fw_refuse(c, FW_IS_BUSY, c->state);
	if (p[0] >= c->board->info.n_actuators)
		return fw_refuse(c, FW_BAD_FIELD, 0);
	if (l.lo_urad > l.hi_urad)
		return fw_refuse(c, FW_BAD_FIELD, 1);
	if (l.accel_urad_s2 == 0)
		return fw_refuse(c, FW_BAD_FIELD, 13);
	if (!is_lower(&l, &c->axis[p[0]].limits))
		return fw_refuse(c, FW_LIMIT, FW_LIMIT_RAISED);
	c->axis[p[0]].limits = l;
	c->axis[p[0]].recheck = true;
	fw_sense_limits(c, p[0]);
	return fw_do_actuator(c, p);
}
