/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * session - who may move the actuators, and what ends that: the lease, the
 * watchdog, STOP, the enable input. A latch holds until CLEAR.
 */
#include "firmware/core/parts.h" /* struct fw_core, fw_refuse */

/*
 * The first cause stays. A stop takes effect on the commanded curve at this
 * very moment; lamps stay as they are.
 */
void fw_latch(struct fw_core *c, enum fw_cause cause, int8_t axis)
{
	if (c->state == FW_LATCHED)
		return;
	c->state = FW_LATCHED;
	c->cause = (uint8_t)cause;
	c->lease = 0;
	fw_motion_stop(c);
	fw_event_put(c, FW_EV_LATCHED, (uint8_t)cause, axis);
}

_Static_assert(FW_ACTUATORS < 32, "a bit of a mask for each, and one over");

static void watch_heartbeat(struct fw_core *c)
{
	uint32_t silent_us = c->now_us - c->beat_us;

	if (!fw_is_leased(c) || silent_us < fw_wall_us(c, FW_WATCHDOG_MS))
		return;
	fw_event_put(c, FW_EV_LEASE_LOST, 0,
		     (int32_t)(silent_us / fw_wall_us(c, 1)));
	fw_latch(c, FW_CAUSE_WATCHDOG, -1);
}

static void watch_enable(struct fw_core *c)
{
	const struct fw_board *b = c->board;
	bool off = b->enabled != NULL && !b->enabled(b->self);

	if (off != c->inhibited) {
		c->inhibited = off;
		fw_event_put(c, FW_EV_ENABLE, !off, 0);
	}
	if (off && fw_is_leased(c))
		fw_latch(c, FW_CAUSE_INHIBIT, -1);
}

void fw_session_poll(struct fw_core *c)
{
	watch_heartbeat(c);
	watch_enable(c);
}

static int16_t tenth_mrad(int32_t urad)
{
	int32_t v = (urad + (urad < 0 ? -50 : 50)) / 100;

	if (v > INT16_MAX)
		v = INT16_MAX;
	if (v < -INT16_MAX)
		v = -INT16_MAX;
	return (int16_t)v;
}

void fw_put_status(struct fw_core *c)
{
	struct fw_tx *tx = &c->tx;

	fw_tx_u8(tx, c->state);
	fw_tx_u8(tx, c->cause);
	fw_tx_u8(tx, c->inhibited);
	fw_tx_u8(tx, c->board->info.n_actuators);
	fw_tx_u32(tx, c->now_us);
	fw_tx_u32(tx, c->torque);
	for (uint8_t i = 0; i < c->board->info.n_actuators; i++) {
		const struct fw_axis *a = &c->axis[i];

		fw_tx_u16(tx, a->next);
		fw_tx_u8(tx, (uint8_t)(c->board->info.ring - a->count));
		fw_tx_u8(tx, (uint8_t)((a->mode == FW_MOVING) |
				       (a->mode == FW_STOPPING) << 1));
		fw_tx_u16(tx, (uint16_t)tenth_mrad(a->at_urad));
	}
}

uint8_t fw_do_stop(struct fw_core *c, const uint8_t *p)
{
	(void)p;
	fw_burst_end(c);
	fw_latch(c, FW_CAUSE_STOP, -1);
	return FW_OK;
}

static void set_torque(struct fw_core *c, uint8_t axis, bool on)
{
	uint32_t bit = (uint32_t)1 << axis;

	/*
	 * What was limp begins where it hangs, not where it once was. It would
	 * jump if that is not known: it stays limp.
	 */
	if (on && !fw_motion_measure(c, axis) && !(c->torque & bit))
		return;
	c->torque = on ? c->torque | bit : c->torque & ~bit;
	c->board->torque(c->board->self, axis, on);
}

static void arm(struct fw_core *c, uint32_t nonce)
{
	for (uint8_t i = 0; i < c->board->info.n_actuators; i++)
		set_torque(c, i, true);
	fw_motion_reset(c);
	c->nonce = nonce;
	if (++c->lease_last == 0)
		c->lease_last = 1;
	c->lease = c->lease_last;
	c->beat_us = c->now_us;
	c->state = FW_ARMED;
}

uint8_t fw_do_arm(struct fw_core *c, const uint8_t *p)
{
	uint32_t nonce = fw_u32(p);

	if (c->state == FW_LATCHED)
		return fw_refuse(c, FW_IS_LATCHED, c->cause);
	if (c->inhibited)
		return fw_refuse(c, FW_INHIBITED, 0);
	if (fw_is_leased(c) ? nonce != c->nonce : fw_motion_stopping(c))
		return fw_refuse(c, FW_IS_BUSY, c->state);
	if (nonce == 0)
		return fw_refuse(c, FW_BAD_FIELD, 0);
	if (!fw_is_leased(c))
		arm(c, nonce);
	fw_reply(c);
	fw_tx_u32(&c->tx, c->lease);
	fw_tx_u16(&c->tx, FW_WATCHDOG_MS);
	fw_tx_end(&c->tx);
	return FW_OK;
}

uint8_t fw_do_disarm(struct fw_core *c, const uint8_t *p)
{
	(void)p;
	fw_motion_stop(c);
	c->state = FW_IDLE;
	c->lease = 0;
	return FW_OK;
}

uint8_t fw_do_heartbeat(struct fw_core *c, const uint8_t *p)
{
	(void)p;
	c->beat_us = c->now_us;
	fw_reply(c);
	fw_tx_u8(&c->tx, c->state);
	fw_tx_u8(&c->tx, c->cause);
	fw_tx_u32(&c->tx, c->now_us);
	fw_tx_end(&c->tx);
	return FW_OK;
}

uint8_t fw_do_clear(struct fw_core *c, const uint8_t *p)
{
	(void)p;
	if (c->state != FW_LATCHED)
		return FW_OK;
	if (fw_motion_stopping(c))
		return fw_refuse(c, FW_IS_BUSY, c->state);
	c->state = FW_IDLE;
	c->cause = FW_CAUSE_NONE;
	return FW_OK;
}

uint8_t fw_do_torque(struct fw_core *c, const uint8_t *p)
{
	uint32_t mask = fw_u32(p + 4);
	uint8_t n = c->board->info.n_actuators;

	if (c->state == FW_RUNNING || fw_motion_stopping(c))
		return fw_refuse(c, FW_IS_BUSY, c->state);
	if (mask >> n != 0)
		return fw_refuse(c, FW_BAD_FIELD, 4);
	if (p[8] > 1)
		return fw_refuse(c, FW_BAD_FIELD, 8);
	for (uint8_t i = 0; i < n; i++)
		if (mask >> i & 1 && (c->torque >> i & 1) != p[8])
			set_torque(c, i, p[8]);
	return FW_OK;
}
