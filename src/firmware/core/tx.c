/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "firmware/core/tx.h"

#include "firmware/core/crc.h" /* fw_crc_step */

#include <string.h>

#define MASK (FW_TX_CAP - 1)

_Static_assert((FW_TX_CAP & MASK) == 0, "positions are masked");

static void push(struct fw_tx *tx, uint8_t byte)
{
	if ((uint16_t)(tx->end - fw_load(&tx->tail)) >= FW_TX_CAP) {
		tx->full = true;
		return;
	}
	tx->ring[tx->end++ & MASK] = byte;
}

static void open_block(struct fw_tx *tx)
{
	tx->code_at = tx->end;
	tx->code = 1;
	push(tx, 0);
}

static void close_block(struct fw_tx *tx)
{
	if (!tx->full)
		tx->ring[tx->code_at & MASK] = tx->code;
	tx->code = 0;
}

void fw_tx_open(struct fw_tx *tx)
{
	tx->end = tx->head;
	tx->full = false;
	open_block(tx);
}

void fw_tx_raw(struct fw_tx *tx, uint8_t byte)
{
	if (tx->code == 0)
		open_block(tx);
	if (byte == 0) {
		close_block(tx);
		open_block(tx);
		return;
	}
	push(tx, byte);
	/* A full block is followed by a new one only if more comes. */
	if (++tx->code == 0xFF)
		close_block(tx);
}

bool fw_tx_close(struct fw_tx *tx)
{
	if (tx->code != 0)
		close_block(tx);
	push(tx, 0);
	if (!tx->full)
		fw_store(&tx->head, tx->end);
	return !tx->full;
}

void fw_tx_begin(struct fw_tx *tx, uint8_t type, uint8_t seq)
{
	fw_tx_open(tx);
	tx->crc = FW_CRC_START;
	fw_tx_u8(tx, type);
	fw_tx_u8(tx, seq);
}

void fw_tx_u8(struct fw_tx *tx, uint8_t v)
{
	tx->crc = fw_crc_step(tx->crc, v);
	if (!tx->dry)
		fw_tx_raw(tx, v);
}

void fw_tx_u16(struct fw_tx *tx, uint16_t v)
{
	fw_tx_u8(tx, (uint8_t)v);
	fw_tx_u8(tx, (uint8_t)(v >> 8));
}

void fw_tx_u32(struct fw_tx *tx, uint32_t v)
{
	fw_tx_u16(tx, (uint16_t)v);
	fw_tx_u16(tx, (uint16_t)(v >> 16));
}

void fw_tx_bytes(struct fw_tx *tx, const uint8_t *p, uint8_t n)
{
	while (n--)
		fw_tx_u8(tx, *p++);
}

void fw_tx_text(struct fw_tx *tx, const char *s)
{
	uint8_t n = (uint8_t)strlen(s);

	fw_tx_u8(tx, n);
	while (n--)
		fw_tx_u8(tx, (uint8_t)*s++);
}

bool fw_tx_end(struct fw_tx *tx)
{
	fw_tx_u32(tx, ~tx->crc);
	return fw_tx_close(tx);
}

void fw_tx_delimiter(struct fw_tx *tx)
{
	tx->end = tx->head;
	tx->full = false;
	tx->code = 0;
	fw_tx_close(tx);
}

uint16_t fw_tx_room(const struct fw_tx *tx)
{
	return (uint16_t)(FW_TX_CAP -
			  (uint16_t)(tx->head - fw_load(&tx->tail)));
}

bool fw_tx_empty(const struct fw_tx *tx)
{
	return tx->head == fw_load(&tx->tail);
}

int16_t fw_tx_take(struct fw_tx *tx)
{
	if (fw_tx_empty(tx))
		return -1;
	return tx->ring[tx->tail++ & MASK];
}
