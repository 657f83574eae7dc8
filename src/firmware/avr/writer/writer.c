/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * writer - a program that runs once on the board and writes the set-up into
 * its EEPROM. Boot loaders of an Uno cannot do that: they take EEPROM bytes
 * for flash. scripts/flash-board puts it on the board before the firmware.
 *
 * IMAGE is a file with the bytes of struct fw_nvm, sealed. KEEP_ID 1: id and
 * boot counter stay what they are.
 */
#include "firmware/avr/nvm.h"	  /* struct fw_nvm */
#include "firmware/core/config.h" /* FW_FLASH */
#include "firmware/core/crc.h"	  /* fw_crc_run */

#include <avr/eeprom.h>
#include <avr/sleep.h>
#include <stddef.h>

static const FW_FLASH uint8_t image[sizeof(struct fw_nvm)] = {
#include IMAGE
};

static union {
	struct fw_nvm nvm;
	uint8_t bytes[sizeof(struct fw_nvm)];
} all;

static void keep(size_t at, size_t n)
{
	eeprom_read_block(all.bytes + at, (const void *)at, n);
}

static void keep_id(void)
{
	struct fw_setup *s = &all.nvm.setup;

	if (eeprom_read_byte((const uint8_t *)offsetof(struct fw_nvm, setup)) !=
	    FW_SETUP_VERSION)
		return;
	keep(offsetof(struct fw_nvm, boots), sizeof(all.nvm.boots));
	keep(offsetof(struct fw_nvm, setup.device_id), sizeof(s->device_id));
	s->crc = ~fw_crc_run(FW_CRC_START, (const uint8_t *)s,
			     offsetof(struct fw_setup, crc));
}

int main(void)
{
	for (size_t i = 0; i < sizeof(all); i++)
		all.bytes[i] = image[i];
	if (KEEP_ID)
		keep_id();
	eeprom_update_block(all.bytes, (void *)0, sizeof(all));
	for (;;)
		sleep_mode();
}
