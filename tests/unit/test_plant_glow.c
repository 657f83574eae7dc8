/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What goes wrong with the core's light and with those who look at it, as its
 * own sensors and the fibres see it.
 */
#include "unit/plant_whole.h" /* make, look, lit */

static void a_yellow_window_takes_blue_light_everywhere(void **state)
{
	static const char *const parts[] = { "core", "fibre.3", "fibre.8" };
	const char *fault = "core_yellow@core=noticeable";

	(void)state;
	for (unsigned i = 0; i < GH_ARRAY_SIZE(parts); i++) {
		about(left_of(fault, parts[i], RED), 1, 0.005);
		about(left_of(fault, parts[i], GREEN), 1, 0.005);
		about(left_of(fault, parts[i], BLUE), 0.75, 0.01);
		/* the blue pump of a white LED */
		assert_true(left_of(fault, parts[i], WHITE) < 0.99);
		assert_true(left_of(fault, parts[i], WHITE) > 0.9);
	}
	/* unlike an LED that dies */
	about(left_of("blue_lost@core=noticeable", "fibre.3", WHITE), 1, 0.005);
}

struct drops {
	unsigned n;
	double dark_s;
};

static struct drops watch_drops(struct gh_plant *p, const char *part,
				unsigned seconds)
{
	struct drops d = { 0 };
	bool was_down = false;
	double lit_level;

	gh_plant_lamp(p, full);
	lit_level = gh_plant_full_drive(&p->core);
	for (unsigned ms = 0; ms < 1000 * seconds; ms++) {
		bool is_down;

		gh_plant_step(p, 1000);
		is_down = sense(p, part, GH_Q_LIGHT) < 0.5 * lit_level;
		d.n += is_down && !was_down;
		d.dark_s += is_down ? 1e-3 : 0;
		was_down = is_down;
	}
	return d;
}

static void sputter_drops_as_often_as_said(void **state)
{
	struct gh_plant *ill = make("core_sputter@core");
	struct gh_plant *well = make(NULL);
	const struct drops d = watch_drops(ill, "core", 60);

	(void)state;
	assert_true(d.n > 230 && d.n < 370); /* 300, 4 sigma */
	about(d.dark_s / d.n, 0.020, 0.002);
	assert_int_equal(watch_drops(well, "core", 10).n, 0);
	gh_plant_destroy(ill);
	gh_plant_destroy(well);
}

static void sputter_is_seeded(void **state)
{
	struct gh_plant *a = make("core_sputter@core=noticeable");
	struct gh_plant *b = make("core_sputter@core=noticeable");
	struct gh_plant *c = make("core_sputter@core=noticeable");
	unsigned differ = 0;

	(void)state;
	gh_plant_another_run(c, 2);
	gh_plant_lamp(a, full);
	gh_plant_lamp(b, full);
	gh_plant_lamp(c, full);
	for (unsigned ms = 0; ms < 20000; ms++) {
		gh_plant_step(a, 1000);
		gh_plant_step(b, 1000);
		gh_plant_step(c, 1000);
		about(a->core.glow[0], b->core.glow[0], 1e-15);
		differ += fabs(a->core.glow[0] - c->core.glow[0]) > 0.1;
	}
	assert_true(differ > 100);
	about(a->core.sputter.per_s, 1, 1e-12);
	gh_plant_destroy(a);
	gh_plant_destroy(b);
	gh_plant_destroy(c);
}

/* Mean and lowest and highest of what a photodiode sees over 100 ms. */
static void watch_ripple(struct gh_plant *p, double *mean, double *depth)
{
	double lo = 1, hi = 0, sum = 0;

	for (unsigned i = 0; i < 200; i++) {
		double x;

		gh_plant_step(p, 500);
		x = sense(p, "core", GH_Q_LIGHT);
		sum += x / 200;
		lo = fmin(lo, x);
		hi = fmax(hi, x);
	}
	*mean = sum;
	*depth = (hi - lo) / (hi + lo);
}

static void a_leak_is_seen_by_the_core_s_sensors_only(void **state)
{
	struct gh_plant *well = make(NULL);
	struct gh_plant *leaky = make("ambient_leak@core=noticeable");
	double quiet, mean, depth;

	(void)state;
	watch_ripple(well, &quiet, &depth);
	watch_ripple(leaky, &mean, &depth);
	about(mean - quiet, 0.2 * GH_PLANT_FULL_WHITE_SHARE, 0.01);
	assert_true(depth > 0.3);
	about(sense(leaky, "core", GH_Q_COLOUR_CLEAR),
	      sense(well, "core", GH_Q_COLOUR_CLEAR) +
		      0.2 * GH_PLANT_FULL_WHITE_SHARE,
	      0.02);
	about(look(leaky, "fibre.3"), look(well, "fibre.3"), 1e-4);
	about(lit(leaky, "fibre.3", BLUE), lit(well, "fibre.3", BLUE), 1e-4);
	gh_plant_destroy(well);
	gh_plant_destroy(leaky);
}

static void a_saturated_sensor_clips(void **state)
{
	struct gh_plant *well = make(NULL);
	struct gh_plant *half = make("sensor_saturated@fibre.3.light=barely");
	struct gh_plant *ill = make("sensor_saturated@fibre.3.light");

	(void)state;
	about(lit(half, "fibre.3", RED) / lit(well, "fibre.3", RED), 1.3, 0.01);
	about(lit(half, "fibre.4", RED) / lit(well, "fibre.4", RED), 1, 0.01);
	gh_plant_lamp(ill, full);
	gh_plant_step(ill, 1000);
	about(sense(ill, "fibre.3", GH_Q_LIGHT), 1, 1e-9);
	gh_plant_destroy(well);
	gh_plant_destroy(half);
	gh_plant_destroy(ill);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_yellow_window_takes_blue_light_everywhere),
		cmocka_unit_test(sputter_drops_as_often_as_said),
		cmocka_unit_test(sputter_is_seeded),
		cmocka_unit_test(a_leak_is_seen_by_the_core_s_sensors_only),
		cmocka_unit_test(a_saturated_sensor_clips),
	};

	return cmocka_run_group_tests_name("plant_glow", tests, NULL, NULL);
}
