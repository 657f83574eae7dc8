/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "firmware/avr/nvm.h"

#include "firmware/avr/pins.h" /* FW_BOARD */
#include "firmware/core/crc.h" /* fw_crc_step */

#include <avr/eeprom.h>
#include <stddef.h>

void fw_nvm_read(void *to, const void *from, uint8_t n)
{
	eeprom_read_block(to, from, n);
}

uint8_t fw_nvm_u8(const uint8_t *from)
{
	return eeprom_read_byte(from);
}

uint16_t fw_nvm_u16(const uint16_t *from)
{
	return eeprom_read_word(from);
}

uint32_t fw_nvm_u32(const void *from)
{
	return eeprom_read_dword(from);
}

bool fw_nvm_good(void)
{
	const struct fw_setup *s = &fw_nvm.setup;
	const uint8_t *p = &s->version;
	uint32_t crc = FW_CRC_START;

	for (uint16_t n = offsetof(struct fw_setup, crc); n > 0; n--)
		crc = fw_crc_step(crc, eeprom_read_byte(p++));
	return (uint32_t)~crc == fw_nvm_u32(&s->crc) &&
	       fw_nvm_u8(&s->version) == FW_SETUP_VERSION &&
	       fw_nvm_u8(&s->board) == FW_BOARD &&
	       fw_nvm_u8(&s->n_joints) <= FW_ACTUATORS;
}

/*
 * The slot after the highest takes the next number. A write that was cut off
 * leaves a number too high (the counter jumps) or too low (it is written once
 * more); an erased slot counts as 0.
 */
uint32_t fw_nvm_boot(void)
{
	const uint32_t *slots = fw_nvm.boots;
	uint32_t most = 0;
	uint8_t at = FW_BOOT_SLOTS - 1;

	for (uint8_t i = 0; i < FW_BOOT_SLOTS; i++) {
		uint32_t n = fw_nvm_u32(&slots[i]);

		if (n == UINT32_MAX || n <= most)
			continue;
		most = n;
		at = i;
	}
	at = (uint8_t)((at + 1) % FW_BOOT_SLOTS);
	/* The address only: the object itself is not in reach of a pointer. */
	eeprom_update_dword((uint32_t *)(uintptr_t)&slots[at], most + 1);
	eeprom_busy_wait();
	return most + 1;
}
