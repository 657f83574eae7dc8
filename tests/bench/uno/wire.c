/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/uno/wire.h" /* struct uno_wire */

#include <avr_uart.h>
#include <fcntl.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

static void on_output(avr_irq_t *irq, uint32_t value, void *param)
{
	struct uno_wire *w = param;
	const unsigned char byte = (unsigned char)value;

	(void)irq;
	w->has_spoken = true;
	/* Nobody reads and the queue is full: lost, as on a real wire. */
	if (write(w->master, &byte, 1) != 1)
		return;
}

static void on_xon(avr_irq_t *irq, uint32_t value, void *param)
{
	(void)irq;
	(void)value;
	((struct uno_wire *)param)->is_full = false;
}

static void on_xoff(avr_irq_t *irq, uint32_t value, void *param)
{
	(void)irq;
	if (value)
		((struct uno_wire *)param)->is_full = true;
}

static bool open_pty(struct uno_wire *w)
{
	struct termios raw;
	int flags;

	if (openpty(&w->master, &w->slave, w->name, NULL, NULL) != 0)
		return false;
	if (tcgetattr(w->slave, &raw) != 0)
		return false;
	raw.c_iflag = 0;
	raw.c_oflag = 0;
	raw.c_lflag = 0;
	raw.c_cflag = CS8 | CREAD | CLOCAL;
	if (tcsetattr(w->slave, TCSANOW, &raw) != 0)
		return false;
	flags = fcntl(w->master, F_GETFL);
	return fcntl(w->master, F_SETFL, flags | O_NONBLOCK) == 0;
}

bool uno_wire_open(struct uno_wire *w, avr_t *avr)
{
	const uint32_t uart = AVR_IOCTL_UART_GETIRQ('0');
	uint32_t flags = 0;

	w->master = w->slave = -1;
	w->is_full = w->has_spoken = false;
	if (!open_pty(w))
		return false;
	avr_ioctl(avr, AVR_IOCTL_UART_GET_FLAGS('0'), &flags);
	flags &= ~(uint32_t)(AVR_UART_FLAG_STDIO | AVR_UART_FLAG_POLL_SLEEP);
	avr_ioctl(avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
	w->input = avr_io_getirq(avr, uart, UART_IRQ_INPUT);
	avr_irq_register_notify(avr_io_getirq(avr, uart, UART_IRQ_OUTPUT),
				on_output, w);
	avr_irq_register_notify(avr_io_getirq(avr, uart, UART_IRQ_OUT_XON),
				on_xon, w);
	avr_irq_register_notify(avr_io_getirq(avr, uart, UART_IRQ_OUT_XOFF),
				on_xoff, w);
	return true;
}

void uno_wire_close(struct uno_wire *w)
{
	if (w->master >= 0)
		close(w->master);
	if (w->slave >= 0)
		close(w->slave);
}

void uno_wire_step(struct uno_wire *w)
{
	unsigned char byte;

	while (!w->is_full && read(w->master, &byte, 1) == 1)
		avr_raise_irq(w->input, byte);
}
