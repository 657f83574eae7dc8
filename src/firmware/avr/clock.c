/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "firmware/avr/clock.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

static volatile uint32_t frames_us;

ISR(TIMER1_OVF_vect)
{
	frames_us += FW_FRAME_US;
}

/* Mode 14, TOP in ICR1, prescaler 8. */
void fw_clock_init(void)
{
	TCCR1A = 1 << WGM11;
	TCCR1B = 1 << WGM13 | 1 << WGM12;
	ICR1 = 2 * FW_FRAME_US - 1;
	TCNT1 = 0;
	TIFR1 = 1 << TOV1;
	TIMSK1 = 1 << TOIE1;
	TCCR1B |= 1 << CS11;
}

uint32_t fw_clock_us(void)
{
	uint32_t us;
	uint16_t half;

	ATOMIC_BLOCK(ATOMIC_RESTORESTATE)
	{
		half = TCNT1;
		us = frames_us;
		/* Turned over, and its interrupt has not come yet. */
		if (TIFR1 & 1 << TOV1 && half < FW_FRAME_US)
			us += FW_FRAME_US;
	}
	return us + half / 2;
}
