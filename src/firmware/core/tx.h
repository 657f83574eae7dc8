/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tx - the queue of bytes on their way to the host. A frame is encoded right
 * here, field by field: the code byte of each COBS block is left open and
 * filled in when the block ends, so no frame exists twice. A frame that does
 * not fit is taken back whole. The port takes bytes with fw_tx_take; on an AVR
 * an interrupt may do so at any time, which is why the two ends of the queue
 * are read and written there in one go.
 */
#ifndef FW_CORE_TX_H
#define FW_CORE_TX_H

#include "firmware/core/config.h" /* FW_TX_CAP */

#include <stdbool.h>
#include <stdint.h>

/* All zero: empty. Positions count on and are masked when used. */
struct fw_tx {
	uint8_t ring[FW_TX_CAP];
	uint16_t tail; /* next byte to leave */
	uint16_t head; /* end of the last whole frame */
	uint16_t end;  /* end of the frame being written */
	uint16_t code_at;
	uint8_t code; /* bytes in the open block + 1; 0: none is open */
	bool full;    /* the frame being written did not fit */
	bool dry;     /* nothing is written, only the CRC runs */
	uint32_t crc;
};

/* Two bytes in one go, where an interrupt could come in between. */
static inline uint8_t fw_lock(void)
{
	uint8_t was = 0;

#ifdef __AVR__
	__asm__ volatile("in %0, __SREG__\n\tcli" : "=r"(was) : : "memory");
#endif
	return was;
}

static inline void fw_unlock(uint8_t was)
{
	(void)was;
#ifdef __AVR__
	__asm__ volatile("out __SREG__, %0" : : "r"(was) : "memory");
#endif
}

static inline uint16_t fw_load(const uint16_t *position)
{
	uint8_t was = fw_lock();
	uint16_t v = *position;

	fw_unlock(was);
	return v;
}

static inline void fw_store(uint16_t *position, uint16_t v)
{
	uint8_t was = fw_lock();

	*position = v;
	fw_unlock(was);
}

/* The raw frame: open, bytes, close. For tests; begin and end use them. */
void fw_tx_open(struct fw_tx *tx);
void fw_tx_raw(struct fw_tx *tx, uint8_t byte);
bool fw_tx_close(struct fw_tx *tx); /* false: did not fit, taken back */

/* A frame with its CRC; the fields between begin and end. */
void fw_tx_begin(struct fw_tx *tx, uint8_t type, uint8_t seq);
void fw_tx_u8(struct fw_tx *tx, uint8_t v);
void fw_tx_u16(struct fw_tx *tx, uint16_t v);
void fw_tx_u32(struct fw_tx *tx, uint32_t v);
void fw_tx_bytes(struct fw_tx *tx, const uint8_t *p, uint8_t n);
void fw_tx_text(struct fw_tx *tx, const char *s); /* length u8, characters */
bool fw_tx_end(struct fw_tx *tx);

/* A lone delimiter: what came before it is noise. */
void fw_tx_delimiter(struct fw_tx *tx);

uint16_t fw_tx_room(const struct fw_tx *tx);
bool fw_tx_empty(const struct fw_tx *tx);
/* The next byte for the wire, or -1. */
int16_t fw_tx_take(struct fw_tx *tx);

#endif
