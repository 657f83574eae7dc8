/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "firmware/avr/servo.h"

#include "firmware/avr/clock.h"	  /* FW_FRAME_US */
#include "firmware/core/config.h" /* FW_ACTUATORS, FW_FLASH */

#include <avr/io.h>

/* All pulses have ended by then. */
#define QUIET_FROM (2 * FW_PULSE_MAX_US)
#define QUIET_UNTIL (2 * (FW_FRAME_US - 1000u))

struct channel {
	volatile uint16_t *ocr;
	volatile uint8_t *tccra;
	volatile uint8_t *ddr;
	uint8_t com, pin; /* masks */
};

static const FW_FLASH struct channel channels[FW_ACTUATORS] = {
#if defined(__AVR_ATmega328P__)
	{ &OCR1A, &TCCR1A, &DDRB, 1 << COM1A1, 1 << PB1 }, /* 9 */
	{ &OCR1B, &TCCR1A, &DDRB, 1 << COM1B1, 1 << PB2 }, /* 10 */
#else
	{ &OCR1A, &TCCR1A, &DDRB, 1 << COM1A1, 1 << PB5 }, /* 11 */
	{ &OCR1B, &TCCR1A, &DDRB, 1 << COM1B1, 1 << PB6 }, /* 12 */
	{ &OCR1C, &TCCR1A, &DDRB, 1 << COM1C1, 1 << PB7 }, /* 13 */
	{ &OCR4A, &TCCR4A, &DDRH, 1 << COM4A1, 1 << PH3 }, /* 6 */
	{ &OCR4B, &TCCR4A, &DDRH, 1 << COM4B1, 1 << PH4 }, /* 7 */
	{ &OCR4C, &TCCR4A, &DDRH, 1 << COM4C1, 1 << PH5 }, /* 8 */
#endif
};

static uint8_t wanted, connected; /* bit per joint */

void fw_servo_init(void)
{
#ifdef TCCR4A
	/* In step with timer 1, so that all pulses begin together. */
	TCCR4A = 1 << WGM41;
	TCCR4B = 1 << WGM43 | 1 << WGM42;
	ICR4 = 2 * FW_FRAME_US - 1;
	TCNT4 = 0;
	TCCR4B |= 1 << CS41;
	TCNT4 = TCNT1;
#endif
	for (uint8_t i = 0; i < FW_ACTUATORS; i++) {
		/* PORT follows DDR; a boot loader may have left the pin high. */
		channels[i].ddr[1] &= (uint8_t)~channels[i].pin;
		*channels[i].ddr |= channels[i].pin;
	}
}

/* Double buffered in this mode: it takes effect at the end of the frame. */
void fw_servo_pulse(uint8_t joint, uint16_t half_us)
{
	*channels[joint].ocr = half_us - 1;
}

void fw_servo_torque(uint8_t joint, bool on)
{
	if (on)
		wanted |= (uint8_t)(1 << joint);
	else
		wanted &= (uint8_t) ~(1 << joint);
}

void fw_servo_poll(void)
{
	uint16_t at = TCNT1;

	if (wanted == connected || at < QUIET_FROM || at > QUIET_UNTIL)
		return;
	connected = wanted;
	for (uint8_t i = 0; i < FW_ACTUATORS; i++) {
		if (connected >> i & 1)
			*channels[i].tccra |= channels[i].com;
		else
			*channels[i].tccra &= (uint8_t)~channels[i].com;
	}
}
