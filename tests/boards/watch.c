/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "boards/watch.h"

#include <string.h>

enum { PAINT = 0xc5 };

static void on_pending(avr_irq_t *irq, uint32_t value, void *param)
{
	struct gh_watch_vector *v = param;

	(void)irq;
	/* simavr also tells of flags whose interrupt is off; and until the
	 * firmware lets interrupts in, it is no wait. */
	if (value && v->pending == 0 && v->watch->begun &&
	    avr_regbit_get(v->watch->avr, v->vector->enable))
		v->pending = v->watch->avr->cycle;
	if (!value && v->running == 0)
		v->pending = 0;
}

/* The wait ends as the handler begins. */
static void on_running(avr_irq_t *irq, uint32_t value, void *param)
{
	struct gh_watch_vector *v = param;
	struct gh_watch *w = v->watch;
	const avr_cycle_count_t now = w->avr->cycle;

	(void)irq;
	w->begun = true;
	if (value && v->pending && now - v->pending > w->latency) {
		w->latency = (unsigned)(now - v->pending);
		w->latency_vector = v->vector->vector;
	}
	if (!value && v->running && now - v->running > w->handler) {
		w->handler = (unsigned)(now - v->running);
		w->handler_vector = v->vector->vector;
	}
	v->running = value ? now : 0;
	v->pending = 0;
}

/*
 * simavr's hooks have no parameter: the chip carries the watch.
 */
static void on_sleep(avr_t *avr, avr_cycle_count_t how_long)
{
	struct gh_watch *w = avr->custom.data;

	w->slept += how_long + 1;
}

static void on_reset(avr_t *avr)
{
	struct gh_watch *w = avr->custom.data;

	w->was_reset = true;
	if (w->core_reset)
		w->core_reset(avr);
}

void gh_watch_init(struct gh_watch *w, avr_t *avr)
{
	const unsigned first = avr->ioend + 1u;

	memset(w, 0, sizeof *w);
	w->avr = avr;
	memset(avr->data + first, PAINT, avr->ramend + 1u - first);
	avr->custom.data = w;
	avr->sleep = on_sleep;
	w->core_reset = avr->reset;
	avr->reset = on_reset;
	for (unsigned i = 0; i < avr->interrupts.vector_count; i++) {
		avr_int_vector_t *vector = avr->interrupts.vector[i];
		struct gh_watch_vector *v = &w->vectors[i];

		v->watch = w;
		v->vector = vector;
		avr_irq_register_notify(&vector->irq[AVR_INT_IRQ_PENDING],
					on_pending, v);
		avr_irq_register_notify(&vector->irq[AVR_INT_IRQ_RUNNING],
					on_running, v);
	}
}

/* The longest stretch that was never written lies between the two. */
void gh_watch_ram(const struct gh_watch *w, unsigned *static_bytes,
		  unsigned *stack_bytes)
{
	const uint8_t *data = w->avr->data;
	const unsigned first = w->avr->ioend + 1u, end = w->avr->ramend + 1u;
	unsigned from = first, best = first, length = 0;

	for (unsigned i = first; i < end; i++) {
		if (data[i] != PAINT)
			from = i + 1;
		else if (i + 1 - from > length) {
			length = i + 1 - from;
			best = from;
		}
	}
	*static_bytes = best - first;
	*stack_bytes = end - best - length;
}
