/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * crc - CRC-32C a byte at a time, from two tables of 16 entries: 128 bytes of
 * flash, one step a byte.
 */
#ifndef FW_CORE_CRC_H
#define FW_CORE_CRC_H

#include <stdint.h>

#define FW_CRC_START 0xFFFFFFFFu

/* The value to send is the complement of what comes out last. */
uint32_t fw_crc_step(uint32_t crc, uint8_t byte);
uint32_t fw_crc_run(uint32_t crc, const uint8_t *p, uint16_t n);

#endif
