/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "boards/pins.h"

#include "base/status.h" /* GH_ARRAY_SIZE */

#include <avr_adc.h>
#include <avr_ioport.h>
#include <avr_timer.h>
#include <math.h>
#include <string.h>

#define PI 3.14159265358979323846
/* Pulses of the Arduino servo library, and the half turn they stand for. */
#define PULSE_MIN_US 544.0
#define PULSE_MAX_US 2400.0
/* What no servo takes for a pulse: a port that was set up. */
#define PULSE_LEAST_US 400.0
#define PULSE_MOST_US 2600.0
/* A servo that got no pulse for three frames lets go. */
#define PULSE_LOST_US 60000
/* Pots: 0.5 to 4.5 V over the half turn; all else fills the reference. */
#define POT_LO_MV 500.0
#define POT_SPAN_MV 4000.0
#define FULL_MV 5000.0
#define MV_PER_A 1000.0
#define NO_AMPERE_MV 2500.0
#define SUPPLY_DIVIDER 4.0
#define SHUNT_OHM 0.1

/* Where both chips have these, from their data sheets. */
enum { OCRA = 8 /* from TCCRA, of a timer of 16 bits */, TOLD = 2 };
enum { ADCSRB = 0x7b, ADMUX = 0x7c, MUX_LOW = 0x1f, MUX5 = 0x08 };

struct servo_pin {
	unsigned char port;
	uint8_t pin;
	/* Of the timer that may drive it: its mode, its name and output. */
	uint8_t tccra, com_bit;
	char timer;
	uint8_t output;
};

/* One PWM output: its timer's registers and its own port. */
struct light_pin {
	uint8_t tccra, com_bit, ocr, icr; /* icr 0: a timer of eight bits */
	uint8_t port, ddr, pin;
};

enum source { NOTHING, POT, AMPERES, LIGHT, SUPPLY };

struct mcu {
	const char *name;
	unsigned joints, shunts;
	struct servo_pin servos[GH_PINS_JOINTS];
	struct light_pin lights[GH_PINS_LIGHTS]; /* red, green, blue, white */
	/* Inputs in their order: n of one source after the other. */
	struct {
		enum source source;
		unsigned n;
	} inputs[5];
	struct servo_pin enable;
	uint8_t frame_vector; /* timer 1 turns over */
};

static const struct mcu mcus[] = {
	[GH_BOARD_UNO] = { "atmega328p",
			   2,
			   2,
			   { { 'B', 1, 0x80, 7, '1', 0 },
			     { 'B', 2, 0x80, 5, '1', 1 } },
			   { { 0xb0, 5, 0xb4, 0, 0x2b, 0x2a, 3 },
			     { 0x44, 5, 0x48, 0, 0x2b, 0x2a, 5 },
			     { 0x44, 7, 0x47, 0, 0x2b, 0x2a, 6 },
			     { 0xb0, 7, 0xb3, 0, 0x25, 0x24, 3 } },
			   { { POT, 2 }, { LIGHT, 1 } },
			   { 'D', 7, 0, 0, 0, 0 },
			   13 },
	[GH_BOARD_MEGA] = { "atmega2560",
			    6,
			    0,
			    { { 'B', 5, 0x80, 7, '1', 0 },
			      { 'B', 6, 0x80, 5, '1', 1 },
			      { 'B', 7, 0x80, 3, '1', 2 },
			      { 'H', 3, 0xa0, 7, '4', 0 },
			      { 'H', 4, 0xa0, 5, '4', 1 },
			      { 'H', 5, 0xa0, 3, '4', 2 } },
			    { { 0x90, 7, 0x98, 0x96, 0x2e, 0x2d, 3 },
			      { 0x90, 5, 0x9a, 0x96, 0x2e, 0x2d, 4 },
			      { 0x90, 3, 0x9c, 0x96, 0x2e, 0x2d, 5 },
			      { 0x44, 5, 0x48, 0, 0x34, 0x33, 5 } },
			    { { POT, 6 },
			      { AMPERES, 6 },
			      { LIGHT, 1 },
			      { SUPPLY, 1 } },
			    { 'A', 0, 0, 0, 0, 0 },
			    20 },
};

const char *gh_pins_mcu(enum gh_board_kind kind)
{
	return mcus[kind].name;
}

unsigned gh_pins_joints(enum gh_board_kind kind)
{
	return mcus[kind].joints;
}

static double now_us(const struct gh_pins *p)
{
	return (double)p->avr->cycle / GH_PINS_MHZ;
}

void gh_pins_catch_up(struct gh_pins *p)
{
	const avr_cycle_count_t us =
		(p->avr->cycle - p->plant_at) / GH_PINS_MHZ;

	if (us == 0)
		return;
	gh_plant_step(p->plant, (int64_t)us);
	p->plant_at += us * GH_PINS_MHZ;
}

static void on_pulse_end(struct gh_pins_pulse *pulse, double width_us)
{
	struct gh_pins *p = pulse->pins;
	const double share =
		(width_us - PULSE_MIN_US) / (PULSE_MAX_US - PULSE_MIN_US);

	if (p->ears.pulse)
		p->ears.pulse(p->ears.self, pulse->joint, now_us(p), width_us);
	pulse->seen = p->avr->cycle;
	if (pulse->joint >= p->n_joints)
		return;
	gh_pins_catch_up(p);
	gh_plant_torque(p->plant, pulse->joint, true);
	gh_plant_servo(p->plant, pulse->joint, (share - 0.5) * PI);
}

static bool is_timed(const struct gh_pins_pulse *pulse)
{
	const struct gh_pins *p = pulse->pins;
	const struct servo_pin *s = &mcus[p->kind].servos[pulse->joint];

	return p->avr->data[s->tccra] >> s->com_bit & 1;
}

static avr_cycle_count_t on_latched_end(avr_t *avr, avr_cycle_count_t when,
					void *param)
{
	struct gh_pins_pulse *pulse = param;

	(void)avr;
	(void)when;
	on_pulse_end(pulse, pulse->latched_us);
	return 0;
}

/*
 * Both bytes of the compare register are there: a frame may begin between the
 * chip's two writes, and half a value is a pulse of another angle.
 */
static void on_compare(avr_irq_t *irq, uint32_t value, void *param)
{
	(void)irq;
	((struct gh_pins_pulse *)param)->counts = value & 0xffff;
}

/* simavr tells of two outputs of a timer; a third is read as it is. */
static unsigned compare_of(const struct gh_pins_pulse *pulse)
{
	const struct servo_pin *s =
		&mcus[pulse->pins->kind].servos[pulse->joint];
	const uint8_t *ocr =
		&pulse->pins->avr->data[s->tccra + OCRA + 2 * s->output];

	return s->output < TOLD ? pulse->counts
				: ocr[0] | (unsigned)ocr[1] << 8;
}

/* A frame of timer 1 begins (the Mega's timer 4 keeps step). */
static void on_frame(avr_irq_t *irq, uint32_t value, void *param)
{
	struct gh_pins *p = param;

	(void)irq;
	for (unsigned i = 0; value && i < mcus[p->kind].joints; i++) {
		struct gh_pins_pulse *pulse = &p->pulses[i];
		unsigned counts;

		if (!is_timed(pulse))
			continue;
		/* Half microseconds, and the output falls after the match. */
		counts = compare_of(pulse);
		pulse->latched_us = (counts + 1) / 2.0;
		avr_cycle_timer_register(p->avr,
					 (counts + 1) * (GH_PINS_MHZ / 2),
					 on_latched_end, pulse);
	}
}

static void on_servo_pin(avr_irq_t *irq, uint32_t value, void *param)
{
	struct gh_pins_pulse *pulse = param;
	const avr_cycle_count_t now = pulse->pins->avr->cycle;
	double width_us;

	(void)irq;
	if (is_timed(pulse))
		return;
	if (value & 1) {
		pulse->rose = now;
		return;
	}
	width_us = (double)(now - pulse->rose) / GH_PINS_MHZ;
	if (pulse->rose == 0 || width_us < PULSE_LEAST_US ||
	    width_us > PULSE_MOST_US)
		return;
	on_pulse_end(pulse, width_us);
}

static double sense(struct gh_pins *p, int sensor)
{
	return sensor < 0 ? 0.0 : gh_plant_sense(p->plant, sensor);
}

static double input_mv(struct gh_pins *p, enum source source, unsigned i)
{
	switch (source) {
	case POT:
		return POT_LO_MV +
		       (sense(p, p->position[i]) / PI + 0.5) * POT_SPAN_MV;
	case AMPERES:
		return NO_AMPERE_MV + sense(p, p->current[i]) * MV_PER_A;
	case LIGHT:
		return sense(p, p->light) * FULL_MV;
	case SUPPLY:
		return sense(p, p->supply) * 1000.0 / SUPPLY_DIVIDER;
	case NOTHING:
		break;
	}
	return 0.0;
}

/* Which of the inputs the multiplexer is on, -1: something inside. */
static int selected(const struct gh_pins *p)
{
	const unsigned mux = p->avr->data[ADMUX] & MUX_LOW;

	if (mux > 7)
		return -1;
	if (p->kind == GH_BOARD_MEGA && p->avr->data[ADCSRB] & MUX5)
		return (int)mux + 8;
	return (int)mux;
}

/*
 * The chip divides the reference by 1024, simavr by 1023: it is told what it
 * makes the chip's counts of.
 */
static uint32_t told_mv(double mv)
{
	const double counts = fmin(1023.0, floor(mv * 1024.0 / FULL_MV));

	return (uint32_t)ceil(counts * FULL_MV / 1023.0);
}

/* A conversion begins: the input has now what the world has now. */
static void on_convert(avr_irq_t *irq, uint32_t value, void *param)
{
	struct gh_pins *p = param;
	const struct mcu *mcu = &mcus[p->kind];
	const int input = selected(p);
	unsigned i = input < 0 ? 0 : (unsigned)input, k = 0;
	double mv;

	(void)irq;
	(void)value;
	if (input < 0)
		return;
	if (p->ears.convert)
		p->ears.convert(p->ears.self, i, now_us(p));
	while (k < GH_ARRAY_SIZE(mcu->inputs) && i >= mcu->inputs[k].n)
		i -= mcu->inputs[k++].n;
	if (k == GH_ARRAY_SIZE(mcu->inputs))
		return;
	gh_pins_catch_up(p);
	mv = fmax(0.0, fmin(FULL_MV, input_mv(p, mcu->inputs[k].source, i)));
	avr_raise_irq(avr_io_getirq(p->avr, AVR_IOCTL_ADC_GETIRQ,
				    ADC_IRQ_ADC0 + input % 8),
		      told_mv(mv));
}

static double sense_current_0(void *self, unsigned value)
{
	struct gh_pins *p = self;

	(void)value;
	gh_pins_catch_up(p);
	return sense(p, p->current[0]);
}

static double sense_current_1(void *self, unsigned value)
{
	struct gh_pins *p = self;

	(void)value;
	gh_pins_catch_up(p);
	return sense(p, p->current[1]);
}

/* The chip's order: clear, red, green, blue. */
static double sense_colour(void *self, unsigned value)
{
	struct gh_pins *p = self;

	return sense(p, p->colour[value]);
}

static void find_sensors(struct gh_pins *p, const struct gh_plant_config *c)
{
	static const enum gh_quantity colours[GH_PINS_LIGHTS] = {
		GH_Q_COLOUR_CLEAR, GH_Q_COLOUR_RED, GH_Q_COLOUR_GREEN,
		GH_Q_COLOUR_BLUE
	};

	for (unsigned i = 0; i < GH_PINS_JOINTS; i++)
		p->position[i] = p->current[i] = -1;
	for (unsigned i = 0; i < p->n_joints; i++) {
		const char *joint = c->joints[i].name;

		p->position[i] =
			gh_plant_sensor(p->plant, joint, GH_Q_POSITION);
		p->current[i] = gh_plant_sensor(p->plant, joint, GH_Q_CURRENT);
	}
	p->light = gh_plant_sensor(p->plant, c->core, GH_Q_LIGHT);
	p->supply = gh_plant_sensor(p->plant, c->supply, GH_Q_VOLTAGE);
	for (unsigned i = 0; i < GH_PINS_LIGHTS; i++)
		p->colour[i] = gh_plant_sensor(p->plant, c->core, colours[i]);
}

static void attach_chips(struct gh_pins *p, bool has_eye)
{
	static double (*const senses[])(void *, unsigned) = { sense_current_0,
							      sense_current_1 };

	for (unsigned i = 0; i < mcus[p->kind].shunts; i++) {
		gh_twi_ina219(&p->shunts[i], (uint8_t)(0x40 + i), SHUNT_OHM);
		p->shunts[i].sense = senses[i];
		p->shunts[i].self = p;
		gh_twi_attach(p->avr, &p->shunts[i]);
	}
	gh_twi_tcs34725(&p->eye, 0x29);
	p->eye.sense = sense_colour;
	p->eye.self = p;
	if (has_eye)
		gh_twi_attach(p->avr, &p->eye);
}

static void watch_servos(struct gh_pins *p)
{
	for (unsigned i = 0; i < mcus[p->kind].joints; i++) {
		const struct servo_pin *s = &mcus[p->kind].servos[i];
		const uint32_t port = AVR_IOCTL_IOPORT_GETIRQ(s->port);
		const uint32_t timer =
			(uint32_t)AVR_IOCTL_TIMER_GETIRQ(s->timer);

		p->pulses[i].pins = p;
		p->pulses[i].joint = i;
		avr_irq_register_notify(avr_io_getirq(p->avr, port, s->pin),
					on_servo_pin, &p->pulses[i]);
		if (s->output >= TOLD)
			continue;
		avr_irq_register_notify(
			avr_io_getirq(p->avr, timer,
				      (int)(TIMER_IRQ_OUT_PWM0 + s->output)),
			on_compare, &p->pulses[i]);
	}
}

void gh_pins_enable(struct gh_pins *p)
{
	const struct servo_pin *s = &mcus[p->kind].enable;
	avr_ioport_external_t pull = { .name = s->port & 0x7fu,
				       .mask = (uint8_t)(1u << s->pin),
				       .value = 0 };

	avr_ioctl(p->avr, AVR_IOCTL_IOPORT_SET_EXTERNAL(s->port), &pull);
	avr_raise_irq(avr_io_getirq(p->avr, AVR_IOCTL_IOPORT_GETIRQ(s->port),
				    s->pin),
		      0);
}

void gh_pins_init(struct gh_pins *p, avr_t *avr, enum gh_board_kind kind,
		  struct gh_plant *plant, const struct gh_plant_config *config,
		  bool has_eye, const struct gh_pins_ears *ears)
{
	memset(p, 0, sizeof *p);
	p->avr = avr;
	p->kind = kind;
	p->plant = plant;
	p->n_joints = config->n_joints;
	if (ears)
		p->ears = *ears;
	find_sensors(p, config);
	attach_chips(p, has_eye);
	watch_servos(p);
	avr_irq_register_notify(avr_get_interrupt_irq(avr,
						      mcus[kind].frame_vector) +
					AVR_INT_IRQ_PENDING,
				on_frame, p);
	avr_irq_register_notify(avr_io_getirq(avr, AVR_IOCTL_ADC_GETIRQ,
					      ADC_IRQ_OUT_TRIGGER),
				on_convert, p);
	gh_pins_enable(p);
}

/* Where a timer of sixteen bits turns round, by its mode. */
static double top_of(const uint8_t *data, const struct light_pin *l)
{
	static const uint16_t tops[4] = { 0xffff, 0xff, 0x1ff, 0x3ff };
	const unsigned mode =
		(data[l->tccra] & 3u) | (data[l->tccra + 1] >> 1 & 0x0cu);

	if (l->icr == 0)
		return 0xff;
	if (mode < 8)
		return tops[mode & 3];
	return data[l->icr] | data[l->icr + 1] << 8;
}

/*
 * analogWrite of 0 and of the full scale writes the pin itself; all between
 * lets the timer drive it.
 */
static double duty(const uint8_t *data, const struct light_pin *l)
{
	const double top = top_of(data, l);
	unsigned ocr = data[l->ocr];

	if (!(data[l->ddr] & 1u << l->pin))
		return 0.0;
	if (!(data[l->tccra] & 1u << l->com_bit))
		return data[l->port] & 1u << l->pin ? 1.0 : 0.0;
	if (l->icr)
		ocr |= (unsigned)data[l->ocr + 1] << 8;
	return top > 0 ? fmin(1.0, ocr / top) : 0.0;
}

void gh_pins_step(struct gh_pins *p, gh_us dt_us)
{
	const struct mcu *mcu = &mcus[p->kind];
	double rgbw[GH_PINS_LIGHTS];

	gh_pins_catch_up(p);
	for (unsigned i = 0; i < GH_PINS_LIGHTS; i++)
		rgbw[i] = duty(p->avr->data, &mcu->lights[i]);
	gh_plant_lamp(p->plant, rgbw);
	for (unsigned i = 0; i < p->n_joints; i++)
		if (p->avr->cycle - p->pulses[i].seen >
		    PULSE_LOST_US * GH_PINS_MHZ)
			gh_plant_torque(p->plant, i, false);
	for (unsigned i = 0; i < mcu->shunts; i++)
		gh_twi_ina219_step(&p->shunts[i], dt_us);
	gh_twi_tcs34725_step(&p->eye, dt_us);
}
