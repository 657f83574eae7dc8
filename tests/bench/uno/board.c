/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/uno/board.h" /* struct uno_board */

#include <avr_adc.h>
#include <avr_ioport.h>
#include <math.h>
#include <string.h>

#define PI 3.14159265358979323846
/* Pulses of the Arduino servo library, and the half turn they stand for. */
#define PULSE_MIN_US 544.0
#define PULSE_MAX_US 2400.0
/* A servo that got no pulse for three frames lets go. */
#define PULSE_LOST_US 60000
/* Pots: 0.5 to 4.5 V over the half turn; the photodiode's range is 5 V. */
#define POT_LO_MV 500.0
#define POT_SPAN_MV 4000.0
#define FULL_MV 5000.0
#define SHUNT_OHM 0.1

/* Where the ATmega328P's registers are in memory, from its data sheet. */
struct duty_pin {
	uint16_t tccra, ocr, port, ddr;
	uint8_t com_bit, pin_bit;
};

static const struct duty_pin duty_pins[UNO_LIGHTS] = {
	{ 0xb0, 0xb4, 0x2b, 0x2a, 5, 3 }, /* 3: OC2B, PD3, red */
	{ 0x44, 0x48, 0x2b, 0x2a, 5, 5 }, /* 5: OC0B, PD5, green */
	{ 0x44, 0x47, 0x2b, 0x2a, 7, 6 }, /* 6: OC0A, PD6, blue */
	{ 0xb0, 0xb3, 0x25, 0x24, 7, 3 }, /* 11: OC2A, PB3, white */
};

static void on_servo_pin(avr_irq_t *irq, uint32_t value, void *param)
{
	struct uno_board *b = param;
	struct uno_pulse *p = &b->pulses[irq->irq == IOPORT_IRQ_PIN1 ? 0 : 1];
	double width_us;

	if (value) {
		p->rose = b->avr->cycle;
		return;
	}
	width_us = (double)(b->avr->cycle - p->rose) / UNO_MHZ;
	/* What no servo takes for a pulse: a port that was set up. */
	if (p->rose == 0 || width_us < 400.0 || width_us > 2600.0)
		return;
	p->width_us = width_us;
	p->seen = b->avr->cycle;
}

static double sense_current(void *self, unsigned joint)
{
	struct uno_board *b = self;

	return b->current[joint] < 0
		       ? 0.0
		       : gh_plant_sense(b->plant, b->current[joint]);
}

static double sense_current_0(void *self, unsigned value)
{
	(void)value;
	return sense_current(self, 0);
}

static double sense_current_1(void *self, unsigned value)
{
	(void)value;
	return sense_current(self, 1);
}

/* The chip's order: clear, red, green, blue. */
static double sense_colour(void *self, unsigned value)
{
	struct uno_board *b = self;

	return b->colour[value] < 0
		       ? 0.0
		       : gh_plant_sense(b->plant, b->colour[value]);
}

static void find_sensors(struct uno_board *b,
			 const struct gh_plant_config *config)
{
	static const enum gh_quantity colours[UNO_LIGHTS] = {
		GH_Q_COLOUR_CLEAR, GH_Q_COLOUR_RED, GH_Q_COLOUR_GREEN,
		GH_Q_COLOUR_BLUE
	};

	for (unsigned i = 0; i < UNO_JOINTS; i++) {
		const char *joint = config->joints[i].name;

		b->position[i] =
			gh_plant_sensor(b->plant, joint, GH_Q_POSITION);
		b->current[i] = gh_plant_sensor(b->plant, joint, GH_Q_CURRENT);
	}
	b->light = gh_plant_sensor(b->plant, config->core, GH_Q_LIGHT);
	for (unsigned i = 0; i < UNO_LIGHTS; i++)
		b->colour[i] =
			gh_plant_sensor(b->plant, config->core, colours[i]);
}

static void attach_chips(struct uno_board *b)
{
	uno_ina219(&b->shunts[0], 0x40, SHUNT_OHM);
	uno_ina219(&b->shunts[1], 0x41, SHUNT_OHM);
	b->shunts[0].sense = sense_current_0;
	b->shunts[1].sense = sense_current_1;
	uno_tcs34725(&b->eye, 0x29);
	b->eye.sense = sense_colour;
	b->shunts[0].self = b->shunts[1].self = b->eye.self = b;
	uno_chip_attach(b->avr, &b->shunts[0]);
	uno_chip_attach(b->avr, &b->shunts[1]);
	if (b->has_eye)
		uno_chip_attach(b->avr, &b->eye);
}

void uno_board_init(struct uno_board *b, avr_t *avr, struct gh_plant *plant,
		    const struct gh_plant_config *config, bool has_eye)
{
	memset(b, 0, sizeof(*b));
	b->avr = avr;
	b->plant = plant;
	b->has_eye = has_eye;
	find_sensors(b, config);
	attach_chips(b);
	for (int pin = IOPORT_IRQ_PIN1; pin <= IOPORT_IRQ_PIN2; pin++)
		avr_irq_register_notify(
			avr_io_getirq(avr, AVR_IOCTL_IOPORT_GETIRQ('B'), pin),
			on_servo_pin, b);
}

static void drive_servo(struct uno_board *b, unsigned i)
{
	const struct uno_pulse *p = &b->pulses[i];
	const bool on = p->seen != 0 &&
			b->avr->cycle - p->seen < PULSE_LOST_US * UNO_MHZ;
	const double share =
		(p->width_us - PULSE_MIN_US) / (PULSE_MAX_US - PULSE_MIN_US);

	gh_plant_torque(b->plant, i, on);
	if (on)
		gh_plant_servo(b->plant, i, (share - 0.5) * PI);
}

/*
 * analogWrite of 0 and of the full scale writes the pin itself; all between
 * lets the timer drive it.
 */
static double duty(const avr_t *avr, const struct duty_pin *d)
{
	if (!(avr->data[d->ddr] & 1u << d->pin_bit))
		return 0.0;
	if (avr->data[d->tccra] & 1u << d->com_bit)
		return avr->data[d->ocr] / 255.0;
	return avr->data[d->port] & 1u << d->pin_bit ? 1.0 : 0.0;
}

static void volts(struct uno_board *b, int input, double mv)
{
	const double kept = fmax(0.0, fmin(FULL_MV, mv));

	avr_raise_irq(avr_io_getirq(b->avr, AVR_IOCTL_ADC_GETIRQ,
				    ADC_IRQ_ADC0 + input),
		      (uint32_t)lround(kept));
}

void uno_board_step(struct uno_board *b, int64_t dt_us)
{
	double rgbw[UNO_LIGHTS];

	for (unsigned i = 0; i < UNO_LIGHTS; i++)
		rgbw[i] = duty(b->avr, &duty_pins[i]);
	gh_plant_lamp(b->plant, rgbw);
	for (unsigned i = 0; i < UNO_JOINTS; i++)
		drive_servo(b, i);
	gh_plant_step(b->plant, dt_us);
	for (int i = 0; i < UNO_JOINTS; i++) {
		const double rad =
			b->position[i] < 0
				? 0.0
				: gh_plant_sense(b->plant, b->position[i]);

		volts(b, i, POT_LO_MV + (rad / PI + 0.5) * POT_SPAN_MV);
		uno_ina219_step(&b->shunts[i], dt_us);
	}
	if (b->light >= 0)
		volts(b, 2, gh_plant_sense(b->plant, b->light) * FULL_MV);
	uno_tcs34725_step(&b->eye, dt_us);
}
