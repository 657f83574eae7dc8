/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_firmata - the wiring of schemas/uno.rig and short ways to open, stream
 * and pump the fake board of test_firmata_fake.h.
 */
#ifndef GH_TESTS_UNIT_TEST_FIRMATA_H
#define GH_TESTS_UNIT_TEST_FIRMATA_H

#include "unit/test_firmata_fake.h" /* struct fake */

#define WIRE(p, w, h, l)                                                       \
	{                                                                      \
		.part = p, .what = w, .how = h, .line = l                      \
	}
#define SERVO_LINE(pin)                                                        \
	"servo pin=" pin " min_us=544 max_us=2400 lo_deg=-90 hi_deg=90"
#define POT_LINE(pin)                                                          \
	"analog pin=" pin " vref=5 lo_v=0.5 hi_v=4.5 lo_deg=-90 hi_deg=90"

/* The wiring of schemas/uno.rig; the elbow comes last to be left out. */
static const struct gh_wire fake_wires[] = {
	WIRE("arm.shoulder", GH_Q_COMMAND, SERVO_LINE("9"), 40),
	WIRE("arm.shoulder", GH_Q_POSITION, POT_LINE("0"), 41),
	WIRE("arm.shoulder", GH_Q_CURRENT, "ina219 addr=0x40 shunt_ohm=0.1",
	     42),
	WIRE("core", GH_Q_COMMAND, "pwm red=3 green=5 blue=6 white=11", 43),
	WIRE("core", GH_Q_COLOUR_CLEAR, "tcs34725 addr=0x29", 44),
	WIRE("core", GH_Q_LIGHT, "analog pin=2 vref=5", 45),
	WIRE("arm.elbow", GH_Q_COMMAND, SERVO_LINE("10"), 46),
	WIRE("arm.elbow", GH_Q_POSITION, POT_LINE("1"), 47),
	WIRE("arm.elbow", GH_Q_CURRENT, "ina219 addr=0x41 shunt_ohm=0.1", 48),
};

/* Channels in the order of the wires. */
enum {
	CH_SHOULDER_CMD,
	CH_SHOULDER_POS,
	CH_SHOULDER_AMP,
	CH_RED,
	CH_GREEN,
	CH_BLUE,
	CH_CLEAR,
	CH_LIGHT,
	CH_ELBOW_CMD,
	CH_ELBOW_POS,
	CH_ELBOW_AMP,
	CH_ALL
};

static const struct gh_wiring fake_wiring = {
	"uno.rig", fake_wires, sizeof(fake_wires) / sizeof(fake_wires[0])
};

static inline enum gh_status fake_open(struct fake *f,
				       const struct gh_wiring *wiring)
{
	return gh_driver_firmata.open(&f->dev, &f->link, &f->clock, wiring, 0,
				      &f->err);
}

/* Pumps for that long every 5 ms; keeps each channel's last raw and count. */
struct heard {
	int16_t last[CH_ALL];
	unsigned n[CH_ALL], invalid[CH_ALL];
	gh_us at[CH_ALL];
};

static inline enum gh_status fake_spin(struct fake *f, gh_us length,
				       struct heard *h)
{
	const gh_us until = f->now + length;
	struct gh_sample s[32];
	size_t got;

	while (f->now < until) {
		fake_wait(f, NULL, 0, f->now + 5000);
		do {
			const enum gh_status st = gh_driver_firmata.pump(
				f->dev, s, 32, &got, &f->err);

			for (size_t i = 0; h && i < got; i++) {
				assert_true(s[i].channel < CH_ALL);
				/* time never runs backwards in a channel */
				assert_true(s[i].at >= h->at[s[i].channel]);
				h->at[s[i].channel] = s[i].at;
				h->last[s[i].channel] = s[i].raw;
				h->n[s[i].channel]++;
				h->invalid[s[i].channel] +=
					s[i].raw == GH_RAW_INVALID;
			}
			if (st != GH_OK)
				return st;
		} while (got == 32);
	}
	return GH_OK;
}

static inline void fake_stream_all(struct fake *f)
{
	uint16_t all[CH_ALL];
	double hz = 0.0;

	for (uint16_t i = 0; i < CH_ALL; i++)
		all[i] = i;
	assert_int_equal(gh_driver_firmata.stream(f->dev, 0, all, CH_ALL, 100.0,
						  &hz, &f->err),
			 GH_OK);
	assert_true(hz > 28.0 && hz < 30.0); /* the INA219 is the slowest */
}

#endif
