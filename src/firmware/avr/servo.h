/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * servo - pulses made by the timers alone: software only writes how long the
 * next one is. An actuator without torque gets no pulse.
 */
#ifndef FW_AVR_SERVO_H
#define FW_AVR_SERVO_H

#include <stdbool.h>
#include <stdint.h>

/* No pulse of a set-up is longer. */
#define FW_PULSE_MAX_US 3000u

/* After fw_clock_init. */
void fw_servo_init(void);

/* The pulse from the next frame on. */
void fw_servo_pulse(uint8_t joint, uint16_t half_us);
void fw_servo_torque(uint8_t joint, bool on);

/* Connects and disconnects pins while no pulse is out: from the main loop. */
void fw_servo_poll(void);

#endif
