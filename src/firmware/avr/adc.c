/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "firmware/avr/adc.h"

#include "firmware/avr/pins.h" /* AIN_COUNT */

#include <avr/interrupt.h>
#include <util/atomic.h>

/* Burst values wait here while the main loop turns: 2 ms, 8 on a Mega. */
enum { WAITING = FW_BOARD == 1 ? 16 : 64, BITS = 6 };
/* More are not counted one by one: mean * 2^BITS has to fit 32 bits. */
#define COUNT_MAX 32767u
/*
 * Of a pot the last 50 ms count, more or less: a servo that gets torque goes
 * to the angle read then, not to where the arm was on average for a minute.
 */
#define POT_COUNT_MAX (50000u / FW_ADC_SLOT_US / AIN_COUNT)
#define NO_INPUT 0xFF

struct input {
	uint32_t sum;
	uint16_t n, last;
};

struct burst {
	uint8_t input, every, left;
	uint8_t head, tail; /* of value[]: count on, masked when used */
	uint16_t number;    /* of the next value that is converted */
	uint16_t first;	    /* of value[tail] */
	uint16_t value[WAITING];
};

static struct input inputs[AIN_COUNT];
static volatile struct burst burst = { .input = NO_INPUT };
static volatile uint16_t smooth; /* of the last input: value * 2^BITS */
static uint8_t turn;		 /* input whose turn it is */
static volatile uint8_t now;	 /* input being converted */
static volatile bool first;	 /* it is for the burst */
static volatile bool owed;	 /* the next slot began meanwhile */

static void start(uint8_t input)
{
	now = input;
#ifdef MUX5
	ADCSRB = input & 8 ? 1 << MUX5 : 0;
#endif
	ADMUX = 1 << REFS0 | (input & 7);
	ADCSRA |= 1 << ADSC;
}

static uint8_t next_turn(void)
{
	turn = turn + 1 == AIN_COUNT ? 0 : turn + 1;
	return turn;
}

static void start_slot(void)
{
	owed = false;
	first = burst.input != NO_INPUT;
	start(burst.input != NO_INPUT ? burst.input : next_turn());
}

/*
 * A conversion has 13 of its clocks, 52 us: two fit into a slot, narrowly. The
 * one of a slot that came too soon is made right after, not left out. One that
 * has ended and waits for its interrupt is under way, too: its input is `now`.
 */
ISR(TIMER0_OVF_vect)
{
	if (ADCSRA & (1 << ADSC | 1 << ADIF))
		owed = true;
	else
		start_slot();
}

/* Full: the value is lost, and its number shows that. */
static void keep(uint16_t value)
{
	uint8_t at = burst.head;

	if (burst.left-- != 0)
		return;
	burst.left = burst.every - 1;
	if ((uint8_t)(at - burst.tail) == WAITING)
		burst.tail++, burst.first++;
	burst.value[at & (WAITING - 1)] = value;
	burst.head = at + 1;
	burst.number++;
}

ISR(ADC_vect)
{
	uint16_t value = ADC;
	struct input *in = &inputs[now];

	in->sum += value;
	if (++in->n > (now < AIN_POT_END ? POT_COUNT_MAX : COUNT_MAX)) {
		in->sum >>= 1;
		in->n >>= 1;
	}
	if (now == AIN_COUNT - 1)
		smooth = smooth ? smooth + value - (smooth >> BITS)
				: value << BITS;
	if (first && burst.input != NO_INPUT) {
		keep(value);
		first = false;
		start(next_turn());
	} else if (owed) {
		start_slot();
	}
}

void fw_adc_init(void)
{
	/* 250 kHz: a little above what the data sheet gives ten bits for. */
	ADCSRA = 1 << ADEN | 1 << ADIE | 1 << ADPS2 | 1 << ADPS1;
	TIMSK0 = 1 << TOIE0;
}

uint16_t fw_adc_mean(uint8_t input)
{
	struct input *in = &inputs[input];
	uint32_t sum;
	uint16_t n;

	ATOMIC_BLOCK(ATOMIC_RESTORESTATE)
	{
		sum = in->sum;
		n = in->n;
		in->sum = 0;
		in->n = 0;
	}
	if (n != 0)
		in->last = (uint16_t)((sum << BITS) / n);
	return in->last;
}

uint16_t fw_adc_smooth(void)
{
	uint16_t v;

	ATOMIC_BLOCK(ATOMIC_RESTORESTATE)
	{
		v = smooth;
	}
	return v;
}

void fw_adc_burst(uint8_t input, uint8_t n)
{
	ATOMIC_BLOCK(ATOMIC_RESTORESTATE)
	{
		burst.input = n ? input : NO_INPUT;
		burst.every = n;
		burst.left = 0;
		burst.tail = burst.head;
		burst.number = 0;
		burst.first = 0;
	}
}

bool fw_adc_take(uint16_t *value, uint16_t *number)
{
	bool got = false;

	ATOMIC_BLOCK(ATOMIC_RESTORESTATE)
	{
		got = burst.tail != burst.head;
		if (got) {
			*value = burst.value[burst.tail++ & (WAITING - 1)];
			*number = burst.first++;
		}
	}
	return got;
}
