/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "firmware/avr/lamp.h"

#include "firmware/core/config.h" /* FW_FLASH */

#include <avr/io.h>

struct channel {
	volatile uint8_t *ocr; /* low byte where it has two */
	volatile uint8_t *tccra;
	volatile uint8_t *ddr;
	uint8_t com, pin; /* masks */
};

/* Red, green, blue, white. */
static const FW_FLASH struct channel channels[FW_LAMP_COLOURS] = {
#if defined(__AVR_ATmega328P__)
	{ &OCR2B, &TCCR2A, &DDRD, 1 << COM2B1, 1 << PD3 }, /* 3 */
	{ &OCR0B, &TCCR0A, &DDRD, 1 << COM0B1, 1 << PD5 }, /* 5 */
	{ &OCR0A, &TCCR0A, &DDRD, 1 << COM0A1, 1 << PD6 }, /* 6 */
	{ &OCR2A, &TCCR2A, &DDRB, 1 << COM2A1, 1 << PB3 }, /* 11 */
#else
	{ &OCR3AL, &TCCR3A, &DDRE, 1 << COM3A1, 1 << PE3 }, /* 5 */
	{ &OCR3BL, &TCCR3A, &DDRE, 1 << COM3B1, 1 << PE4 }, /* 2 */
	{ &OCR3CL, &TCCR3A, &DDRE, 1 << COM3C1, 1 << PE5 }, /* 3 */
	{ &OCR0B, &TCCR0A, &DDRG, 1 << COM0B1, 1 << PG5 },  /* 4 */
#endif
};

/* Fast PWM of 8 bits, prescaler 8. */
void fw_lamp_init(void)
{
	TCCR0A = 1 << WGM01 | 1 << WGM00;
	TCCR0B = 1 << CS01;
#if defined(__AVR_ATmega328P__)
	TCCR2A = 1 << WGM21 | 1 << WGM20;
	TCCR2B = 1 << CS21;
#else
	TCCR3A = 1 << WGM30;
	TCCR3B = 1 << WGM32 | 1 << CS31;
	/* The high bytes stay 0; a write of the low one takes them along. */
	OCR3A = 0;
	OCR3B = 0;
	OCR3C = 0;
#endif
	for (uint8_t k = 0; k < FW_LAMP_COLOURS; k++)
		*channels[k].ddr |= channels[k].pin;
}

/* Level 0 would still give a pulse of one count: the pin is let go. */
void fw_lamp_glow(const uint16_t level[FW_LAMP_COLOURS])
{
	for (uint8_t k = 0; k < FW_LAMP_COLOURS; k++) {
		*channels[k].ocr = (uint8_t)level[k];
		if (level[k] != 0)
			*channels[k].tccra |= channels[k].com;
		else
			*channels[k].tccra &= (uint8_t)~channels[k].com;
	}
}
