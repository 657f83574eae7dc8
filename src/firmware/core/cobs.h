/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cobs - takes a frame apart while its bytes come in: one state of three
 * bytes, no buffer. (Putting one together is tx.c's work, in its own queue.)
 */
#ifndef FW_CORE_COBS_H
#define FW_CORE_COBS_H

#include <stdbool.h>
#include <stdint.h>

enum fw_cobs { FW_COBS_NONE, FW_COBS_BYTE, FW_COBS_END, FW_COBS_BROKEN };

/* All zero: at the start of a frame. */
struct fw_cobs_state {
	uint8_t left; /* data bytes to come before the next code byte */
	bool zero;    /* a zero stands before the next block */
};

/*
 * BYTE: *out holds the next byte of the frame. END: it was the delimiter of a
 * whole frame. BROKEN: the delimiter came inside a block. Both start anew.
 */
enum fw_cobs fw_cobs_take(struct fw_cobs_state *s, uint8_t in, uint8_t *out);

#endif
