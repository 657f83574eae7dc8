/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * config - how large the core is. A port says how many actuators and channels
 * its board has; the smallest board (2 KiB of RAM) gets short buffers, all
 * others what one frame can carry.
 */
#ifndef FW_CORE_CONFIG_H
#define FW_CORE_CONFIG_H

#include <stdint.h>

#ifndef FW_ACTUATORS
#define FW_ACTUATORS 24
#endif
#ifndef FW_CHANNELS
#define FW_CHANNELS 128
#endif

/* protocol.md section 1.1: type, seq, payload and crc. */
#define FW_FRAME_MAX 250
#define FW_PAYLOAD_MAX 244

#if FW_ACTUATORS <= 2
#define FW_LAMPS 1
#define FW_STREAMS 2
#define FW_RING 4	 /* the least the protocol allows */
#define FW_TX_CAP 256	 /* power of two; the longest reply has 71 bytes */
#define FW_SAMPLES_MAX 96 /* bytes of values in one SAMPLES frame */
#define FW_BURST_MAX 32	 /* values in one burst frame */
#define FW_EVENTS 8	 /* the least the protocol allows */
#else
#define FW_LAMPS 4
#define FW_STREAMS 4
#define FW_RING 16
#define FW_TX_CAP 1024
#define FW_SAMPLES_MAX 234
#define FW_BURST_MAX 120
#define FW_EVENTS 16
#endif

/* Channels in one stream: section 3.5 allows 48. */
#if FW_CHANNELS < 48
#define FW_STREAM_CHANNELS FW_CHANNELS
#else
#define FW_STREAM_CHANNELS 48
#endif

/* Commands go out this often: ten times what a hobby servo listens to. */
#ifndef FW_MOTION_US
#define FW_MOTION_US 1000
#endif

/* Tables stay in flash where data would be copied to RAM (gcc, AVR). */
#ifdef __FLASH
#define FW_FLASH __flash
#else
#define FW_FLASH
#endif

#endif
