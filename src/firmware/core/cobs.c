/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "firmware/core/cobs.h"

static enum fw_cobs take_code(struct fw_cobs_state *s, uint8_t code,
			      uint8_t *out)
{
	bool zero = s->zero;

	s->left = (uint8_t)(code - 1);
	s->zero = code != 0xFF;
	*out = 0;
	return zero ? FW_COBS_BYTE : FW_COBS_NONE;
}

enum fw_cobs fw_cobs_take(struct fw_cobs_state *s, uint8_t in, uint8_t *out)
{
	bool whole = s->left == 0;

	if (in == 0) {
		s->left = 0;
		s->zero = false;
		return whole ? FW_COBS_END : FW_COBS_BROKEN;
	}
	if (whole)
		return take_code(s, in, out);
	s->left--;
	*out = in;
	return FW_COBS_BYTE;
}
