/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "firmware/core/crc.h"

#include "firmware/core/config.h" /* FW_FLASH */

/* The remainders of the 16 nibbles under the reflected 82F63B78. */
static const FW_FLASH uint32_t nibble[16] = {
	0x00000000, 0x105EC76F, 0x20BD8EDE, 0x30E349B1, 0x417B1DBC, 0x5125DAD3,
	0x61C69362, 0x7198540D, 0x82F63B78, 0x92A8FC17, 0xA24BB5A6, 0xB21572C9,
	0xC38D26C4, 0xD3D3E1AB, 0xE330A81A, 0xF36E6F75,
};

uint32_t fw_crc_step(uint32_t crc, uint8_t byte)
{
	crc ^= byte;
	crc = crc >> 4 ^ nibble[crc & 15];
	return crc >> 4 ^ nibble[crc & 15];
}

uint32_t fw_crc_run(uint32_t crc, const uint8_t *p, uint16_t n)
{
	while (n--)
		crc = fw_crc_step(crc, *p++);
	return crc;
}
