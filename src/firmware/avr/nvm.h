/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nvm - what the EEPROM holds: who this board is, what hangs on it, how far
 * and how fast that may move. Nothing of it can be changed over the wire. A
 * board whose EEPROM is erased or damaged has no parts and moves nothing.
 *
 * scripts/seal-eeprom writes device_id and crc into an image of this layout:
 * SETUP_AT and ID_AT there are the offsets of `setup` and `device_id` here.
 */
#ifndef FW_AVR_NVM_H
#define FW_AVR_NVM_H

#include "firmware/core/board.h"  /* struct fw_limits */
#include "firmware/core/config.h" /* FW_ACTUATORS */

#include <stdbool.h>
#include <stdint.h>

enum { FW_SETUP_VERSION = 1, FW_POT_DEAD = 8 };
/* setup.flags */
enum { FW_SETUP_ENABLE = 1 }; /* the enable input is wired */

struct fw_joint_setup {
	char part[FW_PART_CAP];
	struct fw_limits limits;
	/*
	 * Two angles, and the pulse and the pot's voltage that belong to them,
	 * each rising. A voltage of FW_POT_DEAD / 256 of vref and less, or so
	 * near to vref, is no reading.
	 */
	int32_t lo_urad, hi_urad;
	uint16_t lo_us, hi_us;
	uint16_t lo_mv, hi_mv;
	/* Shunt of an INA219, or what an amplifier gives per ampere to half vref. */
	uint32_t shunt_uohm;
	uint16_t mv_per_a;
};

struct fw_setup {
	uint8_t version, board;
	uint8_t device_id[8];
	uint8_t flags, n_joints;
	uint16_t vref_mv;
	struct fw_joint_setup joint[FW_ACTUATORS];
	char core[FW_PART_CAP];
	char supply[FW_PART_CAP]; /* Mega only */
	uint16_t supply_full_mv;  /* of the supply, when its pin has vref */
	uint16_t supply_low_mv;	  /* below this it is a brown-out; 0: never */
	uint32_t crc; /* CRC-32C over all before it, low byte first */
};

#define FW_BOOT_SLOTS 16

struct fw_nvm {
	/* A supply that fails during a write damages address 0 first. */
	uint8_t spare[4];
	/*
	 * The boot counter goes round these, so a cell is written every 16th
	 * boot: 1.6 million boots at the 100 000 writes of the data sheet.
	 */
	uint32_t boots[FW_BOOT_SLOTS];
	struct fw_setup setup;
};

/* The image for the EEPROM; to be read with the functions below only. */
extern const struct fw_nvm fw_nvm;

/* Whole, of this version, and for this board? */
bool fw_nvm_good(void);

/* Copies n bytes of the EEPROM that stand at `from`, an address in fw_nvm. */
void fw_nvm_read(void *to, const void *from, uint8_t n);
uint8_t fw_nvm_u8(const uint8_t *from);
uint16_t fw_nvm_u16(const uint16_t *from);
uint32_t fw_nvm_u32(const void *from);

/* Counts this boot and says which it is; takes 14 ms. */
uint32_t fw_nvm_boot(void);

#endif
