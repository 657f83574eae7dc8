/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "firmware/core/crc.h"

#include "firmware/core/config.h" /* FW_FLASH */

/* The remainders of the 16 nibbles under the reflected 82F63B78. */
static const FW_FLASH uint32_t nibble[16] = {
	0x00000000, 0x105EC76F, 0x20BD8EDE, 0x30E349B1, 0x417B1DBC, 0x5125DAD3,
	0x61C69362, 0x7198540D, 0x82F63B78, 0x92A8FC17, 0xA24BB5A6, 0xB21572C9,
	0xC38D26C4, 0xD3D3E1AB, 0xE330A81A, 0xF36E6F75,
};

/* The same when four more bits have gone by: the lower half of a byte. */
static const FW_FLASH uint32_t low_nibble[16] = {
	0x00000000, 0xF26B8303, 0xE13B70F7, 0x1350F3F4, 0xC79A971F, 0x35F1141C,
	0x26A1E7E8, 0xD4CA64EB, 0x8AD958CF, 0x78B2DBCC, 0x6BE22838, 0x9989AB3B,
	0x4D43CFD0, 0xBF284CD3, 0xAC78BF27, 0x5E133C24,
};

uint32_t fw_crc_step(uint32_t crc, uint8_t byte)
{
	uint8_t i = (uint8_t)crc ^ byte;

	return crc >> 8 ^ nibble[i >> 4] ^ low_nibble[i & 15];
}

uint32_t fw_crc_run(uint32_t crc, const uint8_t *p, uint16_t n)
{
	while (n--)
		crc = fw_crc_step(crc, *p++);
	return crc;
}
