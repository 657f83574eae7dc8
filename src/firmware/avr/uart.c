/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "firmware/avr/uart.h"

#include "firmware/avr/pins.h"	  /* FW_RX_CAP */
#include "firmware/core/core.h"	  /* fw_the_core */
#include "firmware/core/config.h" /* FW_FLASH */

#include <avr/interrupt.h>
#include <util/atomic.h>

#ifdef USART_RX_vect
#define RX_VECT USART_RX_vect
#define UDRE_VECT USART_UDRE_vect
#else
#define RX_VECT USART0_RX_vect
#define UDRE_VECT USART0_UDRE_vect
#endif

/* With U2X 16 MHz / 8 / (n + 1): 117 647, 250 k, 500 k and 1 M. */
static const FW_FLASH uint8_t divider[] = { 16, 7, 3, 1 };

static uint8_t ring[FW_RX_CAP];
static volatile uint8_t head, tail; /* count on, masked when used */
static volatile uint8_t lost;
static bool sent; /* a byte has gone to the transmitter */

ISR(RX_VECT)
{
	bool overrun = UCSR0A & 1 << DOR0;
	uint8_t byte = UDR0;
	uint8_t at = head;

	if (overrun && lost != UINT8_MAX)
		lost++;
	if ((uint8_t)(at - tail) == FW_RX_CAP) {
		if (lost != UINT8_MAX)
			lost++;
		return;
	}
	ring[at & (FW_RX_CAP - 1)] = byte;
	head = at + 1;
}

ISR(UDRE_VECT)
{
	struct fw_tx *tx = &fw_the_core.tx;
	uint16_t at = tx->tail;

	if (at == tx->head) {
		UCSR0B &= (uint8_t) ~(1 << UDRIE0);
		return;
	}
	UDR0 = tx->ring[at & (FW_TX_CAP - 1)];
	/* Cleared by a one, and now: the byte before may just have ended. */
	UCSR0A = 1 << U2X0 | 1 << TXC0;
	tx->tail = at + 1;
}

void fw_uart_rate(uint8_t rate)
{
	UCSR0A = 1 << U2X0;
	UCSR0C = 1 << UCSZ01 | 1 << UCSZ00;
	UBRR0H = 0;
	UBRR0L = divider[rate];
}

void fw_uart_init(void)
{
	fw_uart_rate(0);
	UCSR0B = 1 << RXCIE0 | 1 << RXEN0 | 1 << TXEN0;
}

int16_t fw_uart_get(void)
{
	uint8_t at = tail;
	uint8_t byte;

	if (at == head)
		return -1;
	byte = ring[at & (FW_RX_CAP - 1)];
	tail = at + 1;
	return byte;
}

uint8_t fw_uart_lost(void)
{
	uint8_t n;

	if (lost == 0)
		return 0;
	ATOMIC_BLOCK(ATOMIC_RESTORESTATE)
	{
		n = lost;
		lost = 0;
	}
	return n;
}

void fw_uart_send(void)
{
	if (fw_tx_empty(&fw_the_core.tx))
		return;
	sent = true;
	UCSR0B |= 1 << UDRIE0;
}

bool fw_uart_idle(void)
{
	return !sent || UCSR0A & 1 << TXC0;
}
