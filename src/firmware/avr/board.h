/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * board - the core's view of this board: parts and limits from the EEPROM,
 * readings from the converter and the chips.
 */
#ifndef FW_AVR_BOARD_H
#define FW_AVR_BOARD_H

#include "firmware/core/board.h" /* struct fw_board */

/* The only board; in RAM once, so that it is filled in where it stands. */
extern struct fw_board fw_board;

/* Fills in what the EEPROM knows; without a good one there are no parts. */
void fw_board_init(void);

#endif
