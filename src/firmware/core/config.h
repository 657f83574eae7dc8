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

#if FW_ACTUATORS <= 2
#define FW_FRAME_MAX 110 /* no request of a window of 112 bytes is longer */
#define FW_LAMPS 1
#define FW_STREAMS 2
#define FW_RING 4	 /* the least the protocol allows */
#define FW_TX_CAP 256	 /* power of two; the longest reply has 71 bytes */
#define FW_SAMPLES_MAX 60 /* bytes of values: three ticks of 9 channels */
#define FW_BURST_MAX 32	 /* values in one burst frame */
#define FW_EVENTS 8	 /* the least the protocol allows */
#else
#define FW_FRAME_MAX 250 /* protocol.md section 1.1 */
#define FW_LAMPS 8
#define FW_STREAMS 4
#define FW_RING 16
#define FW_TX_CAP 1024
#define FW_SAMPLES_MAX 234
#ifdef __AVR__
#define FW_BURST_MAX 32
#else
#define FW_BURST_MAX 120
#endif
#define FW_EVENTS 16
#endif

/* Type, sequence number and CRC are the rest of a frame. */
#define FW_PAYLOAD_MAX (FW_FRAME_MAX - 6)

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
/* To so many axes: a curve takes an AVR 0.2 ms, so they take turns there. */
#ifdef __AVR__
#define FW_MOTION_AXES 1
#else
#define FW_MOTION_AXES FW_ACTUATORS
#endif

/*
 * avr-gcc copies what has many callers into each of them: in curve.c alone that
 * took 650 bytes of flash.
 */
#ifdef __AVR__
#define FW_APART __attribute__((noinline))
#else
#define FW_APART
#endif

/* Tables stay in flash where data would be copied to RAM (gcc, AVR). */
#ifdef __FLASH
#define FW_FLASH __flash
#else
#define FW_FLASH
#endif

#endif
