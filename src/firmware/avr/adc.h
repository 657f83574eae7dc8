/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * adc - all analog inputs in turn, each read as the mean since it was read
 * last; and one of them at an exact rate, for a burst.
 *
 * Timer 0, which also dims a lamp, starts a conversion every 128 us. During a
 * burst that one is always the burst's input, and a second one in between
 * serves the others: they are never without a fresh value.
 */
#ifndef FW_AVR_ADC_H
#define FW_AVR_ADC_H

#include <stdbool.h>
#include <stdint.h>

/* 8 bits of timer 0 at 16 MHz / 8. */
#define FW_ADC_SLOT_US 128u

void fw_adc_init(void);

/*
 * Share of Vref, 65536 being all of it: the mean since the last call, of a pot
 * over the last 50 ms at most.
 */
uint16_t fw_adc_mean(uint8_t input);

/* The same, smoothed over a tenth of a second: the last input only. */
uint16_t fw_adc_smooth(void);

/* Every n-th slot of that input goes to the burst; n = 0 ends it. */
void fw_adc_burst(uint8_t input, uint8_t n);
/* The next value of the burst, 0..1023, and its number; false: none yet. */
bool fw_adc_take(uint16_t *value, uint16_t *number);

#endif
