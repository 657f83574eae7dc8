/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fake - boards without a sculpture: a joint is where it was last sent, its
 * current depends on the torque alone. QEMU has no pins to bind to a plant, so
 * this proves the protocol, not the sensing.
 */
#ifndef CORTEX_FAKE_H
#define CORTEX_FAKE_H

#include "firmware/core/board.h" /* struct fw_board */

enum fake_piece {
	FAKE_ARM,     /* two joints and a supply */
	FAKE_DIALOGUE /* protocol.md section 7: one joint that reads 0 */
};

/* Lives as long as the program; the caller adds the wire and boot_id. */
void fake_board(struct fw_board *out, enum fake_piece piece);

#endif
