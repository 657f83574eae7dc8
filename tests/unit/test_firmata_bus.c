/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * I2C through Firmata: values and scales, and the trap that a dead chip looks
 * alive because the board repeats another chip's bytes.
 */
#include "unit/test_firmata.h" /* struct fake */

#include <math.h>

static double value(struct fake *f, const struct heard *h, unsigned ch)
{
	const struct gh_dev_channel *c =
		&gh_driver_firmata.info(f->dev)->channels[ch];

	return (double)h->last[ch] * c->num / c->den;
}

static void near(double found, double expected, double within)
{
	if (!(fabs(found - expected) <= within))
		fail_msg("%g, not %g", found, expected);
}

static unsigned sensor_events(struct fake *f, int *arg, double *last,
			      char text[64])
{
	struct gh_dev_event ev;
	unsigned n = 0;

	while (gh_driver_firmata.event(f->dev, &ev))
		if (ev.kind == GH_DEV_EV_SENSOR) {
			*arg = ev.arg;
			*last = ev.value;
			memcpy(text, ev.text, 64);
			n++;
		}
	return n;
}

/* Between open and the readings: the shunt reads what the test wants. */
static void put_shunt(struct fake *f, unsigned chip, int counts)
{
	f->chips[chip].regs[1] = (uint8_t)((unsigned)counts >> 8);
	f->chips[chip].regs[2] = (uint8_t)counts;
}

/*
 * The fake's registers are bytes: an INA219's configuration write of two bytes
 * at 0 covers register 1's high byte, so the shunt is put in afterwards.
 */
static void begin(struct fake *f, struct heard *h)
{
	memset(h, 0, sizeof(*h));
	assert_int_equal(fake_open(f, &fake_wiring), GH_OK);
	fake_stream_all(f);
	assert_int_equal(fake_spin(f, 400000, NULL), GH_OK);
}

static void values_and_scales(void **state)
{
	struct fake *f = fake_create();
	struct heard h;

	(void)state;
	f->counts[0] = 921; /* 4.497 V: 89.9 deg */
	f->counts[2] = 256;
	begin(f, &h);
	assert_int_equal(f->interval_ms, 10);
	put_shunt(f, 0, 1234); /* 12.34 mV over 0.1 ohm */
	put_shunt(f, 1, -250);
	memcpy(f->chips[2].regs + 0xb4,
	       ((const uint8_t[]){ 0x00, 0x0a, 0x00, 0x05, 0x00, 0x04, 0x00,
				   0x14 }),
	       8);
	assert_int_equal(fake_spin(f, 500000, &h), GH_OK);
	near(value(f, &h, CH_SHOULDER_AMP), 0.1234, 1e-6);
	near(value(f, &h, CH_ELBOW_AMP), -0.025, 1e-6);
	near(value(f, &h, CH_SHOULDER_POS), 1.5687, 1e-3);
	near(value(f, &h, CH_ELBOW_POS), 0.0, 1e-3);
	near(value(f, &h, CH_LIGHT), 0.25, 1e-6);
	/* 24 ms are 10 cycles of 1024 counts */
	near(value(f, &h, CH_CLEAR), 2560.0 / 10240.0, 1e-6);
	near(value(f, &h, CH_RED), 1280.0 / 10240.0, 1e-6);
	near(value(f, &h, CH_GREEN), 1024.0 / 10240.0, 1e-6);
	near(value(f, &h, CH_BLUE), 5120.0 / 10240.0, 1e-6);
	assert_in_range(h.n[CH_SHOULDER_POS], 48, 52);
	assert_in_range(h.n[CH_SHOULDER_AMP], 12, 16);
	assert_in_range(h.n[CH_CLEAR], 14, 18);
	assert_int_equal(h.n[CH_SHOULDER_CMD], 0); /* nothing is driven */
	fake_destroy(f);
}

static void set_up_of_the_chips(void **state)
{
	struct fake *f = fake_create();
	struct heard h;

	(void)state;
	begin(f, &h);
	/* 32 V, /8, 64 samples, shunt only; address in the free bits */
	assert_int_equal(f->chips[0].regs[0], 0x38);
	assert_int_equal(f->chips[1].regs[0], 0x38);
	assert_int_equal(f->chips[2].regs[0x80], 0x03);
	assert_int_equal(f->chips[2].regs[0x81], 256 - 10);
	assert_int_equal(f->chips[2].regs[0x8f], 0);
	fake_destroy(f);
}

static void absent(enum fake_absent how)
{
	struct fake *f = fake_create();
	struct heard h;
	double last = 1.0;
	char text[64];
	int arg = -1;

	f->absent = how;
	f->chips[2].present = false;
	/* the trap's teeth: the stale bytes are a healthy identity */
	f->chips[0].regs[0] = 0x44;
	begin(f, &h);
	put_shunt(f, 0, 0x4411);
	assert_int_equal(fake_spin(f, 3000000, &h), GH_OK);
	for (unsigned ch = CH_RED; ch <= CH_CLEAR; ch++) {
		assert_true(h.n[ch] > 50);
		assert_int_equal(h.invalid[ch], h.n[ch]);
	}
	assert_int_equal(h.invalid[CH_SHOULDER_AMP], 0);
	assert_int_equal(h.invalid[CH_ELBOW_AMP], 0);
	assert_true(h.n[CH_SHOULDER_AMP] > 50);
	/* told once, with its name and address */
	assert_int_equal(sensor_events(f, &arg, &last, text), 1);
	assert_int_equal(arg, CH_RED);
	near(last, 0.0, 1e-9);
	assert_non_null(strstr(text, "TCS34725 at 29"));
	fake_destroy(f);
}

static void absent_stale(void **state)
{
	(void)state;
	absent(FAKE_STALE);
}

static void absent_stale_other(void **state)
{
	(void)state;
	absent(FAKE_STALE_OTHER);
}

static void absent_empty(void **state)
{
	(void)state;
	absent(FAKE_EMPTY);
}

static void absent_silent(void **state)
{
	(void)state;
	absent(FAKE_SILENT);
}

/* Stale bytes without any string: the neighbour's set-up is not ours. */
static void absent_neighbour(void **state)
{
	struct fake *f = fake_create();
	struct heard h;
	double last = 1.0;
	char text[64];
	int arg = -1;

	(void)state;
	f->absent = FAKE_STALE_MUTE;
	f->chips[1].present = false;
	begin(f, &h);
	assert_int_equal(fake_spin(f, 3000000, &h), GH_OK);
	assert_int_equal(h.invalid[CH_ELBOW_AMP], h.n[CH_ELBOW_AMP]);
	assert_int_equal(h.invalid[CH_SHOULDER_AMP], 0);
	assert_int_equal(sensor_events(f, &arg, &last, text), 1);
	assert_non_null(strstr(text, "INA219 at 41"));
	fake_destroy(f);
}

static void wrong_identity(void **state)
{
	struct fake *f = fake_create();
	struct heard h;
	double last = 1.0;
	char text[64];
	int arg = -1;

	(void)state;
	f->chips[2].regs[0x92] = 0xb4;
	begin(f, &h);
	assert_int_equal(fake_spin(f, 500000, &h), GH_OK);
	assert_int_equal(h.invalid[CH_RED], h.n[CH_RED]);
	assert_int_equal(sensor_events(f, &arg, &last, text), 1);
	assert_non_null(strstr(text, "another chip"));
	/* and nothing was written to the stranger */
	assert_int_equal(f->chips[2].regs[0x80], 0);
	fake_destroy(f);
}

static void a_plug_falls_out_and_is_put_back(void **state)
{
	struct fake *f = fake_create();
	struct heard h, later = { 0 };
	double last = 1.0;
	char text[64];
	int arg = -1;

	(void)state;
	begin(f, &h);
	f->chips[2].present = false;
	assert_int_equal(fake_spin(f, 1000000, &h), GH_OK);
	assert_true(h.invalid[CH_BLUE] > 20);
	assert_int_equal(sensor_events(f, &arg, &last, text), 1);
	f->chips[2].present = true;
	assert_int_equal(fake_spin(f, 1500000, NULL), GH_OK);
	assert_int_equal(fake_spin(f, 500000, &later), GH_OK);
	assert_int_equal(later.invalid[CH_BLUE], 0);
	assert_int_equal(sensor_events(f, &arg, &last, text), 1);
	near(last, 1.0, 1e-9);
	fake_destroy(f);
}

static void a_pot_out_of_its_band(void **state)
{
	struct fake *f = fake_create();
	struct heard h;
	double last = 1.0;
	char text[64];
	int arg = -1;

	(void)state;
	begin(f, &h);
	f->counts[1] = 3;
	assert_int_equal(fake_spin(f, 200000, &h), GH_OK);
	assert_true(h.invalid[CH_ELBOW_POS] > 10);
	assert_int_equal(h.invalid[CH_SHOULDER_POS], 0);
	assert_int_equal(sensor_events(f, &arg, &last, text), 1);
	assert_int_equal(arg, CH_ELBOW_POS);
	fake_destroy(f);
}

static void silence_is_stale_and_a_boot_is_a_reset(void **state)
{
	struct fake *f = fake_create();
	struct gh_dev_stats stats;
	struct heard h;

	(void)state;
	begin(f, &h);
	fake_version(f);
	fake_text(f, 0x79, "StandardFirmata.ino");
	assert_int_equal(fake_spin(f, 20000, &h), GH_RESET);
	f->mute = true;
	assert_int_equal(fake_spin(f, 80000, &h), GH_OK);
	assert_int_equal(fake_spin(f, 80000, &h), GH_STALE);
	gh_driver_firmata.stats(f->dev, &stats);
	assert_false(stats.counts_loss);
	assert_int_equal(stats.resets, 1);
	f->mute = false;
	f->gone = true;
	assert_int_equal(fake_spin(f, 20000, &h), GH_GONE);
	fake_destroy(f);
}

/* A host that was held up for 2 s finds a live board: not stale. */
static void a_late_host_is_no_silent_board(void **state)
{
	struct fake *f = fake_create();
	struct heard h;

	(void)state;
	begin(f, &h);
	f->now += 2000000;
	f->report_due = f->now + 3000;
	assert_int_equal(fake_spin(f, 200000, &h), GH_OK);
	fake_destroy(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_and_scales),
		cmocka_unit_test(set_up_of_the_chips),
		cmocka_unit_test(absent_stale),
		cmocka_unit_test(absent_stale_other),
		cmocka_unit_test(absent_empty),
		cmocka_unit_test(absent_silent),
		cmocka_unit_test(absent_neighbour),
		cmocka_unit_test(wrong_identity),
		cmocka_unit_test(a_plug_falls_out_and_is_put_back),
		cmocka_unit_test(a_pot_out_of_its_band),
		cmocka_unit_test(silence_is_stale_and_a_boot_is_a_reset),
		cmocka_unit_test(a_late_host_is_no_silent_board),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
