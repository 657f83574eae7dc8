/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * event - things the host must not miss: a queue whose oldest entry is sent
 * again and again until the host says it has it.
 */
#include "firmware/core/parts.h" /* struct fw_core, fw_refuse */

/* When the queue is full the newest is lost, and its number with it. */
void fw_event_put(struct fw_core *c, enum fw_event_code code, uint8_t arg,
		  int32_t value)
{
	uint16_t number = ++c->event_number;
	struct fw_event *e;

	if (c->event_count == FW_EVENTS)
		return;
	e = &c->event[(c->event_head + c->event_count) % FW_EVENTS];
	*e = (struct fw_event){ number, (uint8_t)code, arg, c->now_us, value };
	c->event_count++;
}

static bool is_due(const struct fw_core *c)
{
	if (c->event_count == 0)
		return false;
	/* Until a host was heard that is the boot event, and only that. */
	if (!c->event_sent)
		return true;
	return c->heard &&
	       c->now_us - c->event_us >= fw_wall_us(c, FW_REPEAT_WALL_MS);
}

void fw_event_poll(struct fw_core *c)
{
	const struct fw_event *e = &c->event[c->event_head];

	if (!is_due(c))
		return;
	fw_tx_begin(&c->tx, FW_TYPE_EVENT, c->event_seq);
	fw_tx_u16(&c->tx, e->number);
	fw_tx_u8(&c->tx, e->code);
	fw_tx_u8(&c->tx, e->arg);
	fw_tx_u32(&c->tx, e->t_us);
	fw_tx_u32(&c->tx, (uint32_t)e->value);
	if (!fw_tx_end(&c->tx))
		return;
	c->event_seq++;
	c->event_sent = true;
	c->event_us = c->now_us;
}

uint8_t fw_do_event_ack(struct fw_core *c, const uint8_t *p)
{
	uint16_t number = fw_u16(p);

	if (c->event_count && c->event[c->event_head].number == number) {
		c->event_head = (uint8_t)((c->event_head + 1) % FW_EVENTS);
		c->event_count--;
		c->event_sent = false;
	}
	fw_reply(c);
	fw_tx_u16(&c->tx, number);
	fw_tx_end(&c->tx);
	return FW_OK;
}
