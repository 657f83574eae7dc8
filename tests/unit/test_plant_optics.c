/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fibres, crystals, chrome and the spotlight: levels, spreads, what each fault
 * takes away and what it must leave alone.
 */
#include "unit/plant_whole.h" /* make, look, lit */

#include <stdlib.h>

/* ---- fibres ---- */

static void fibres_carry_every_colour(void **state)
{
	double sum = 0, square = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= MANY; seed++) {
		struct gh_plant *p = make_of(seed, 1, NULL);
		double level = 0;

		for (unsigned c = 0; c < CHANNELS; c++) {
			const double one = lit(p, "fibre.3", c);

			assert_true(one > 0.03 && one < 0.4);
			level += one;
		}
		level /= lit(p, "core", RED); /* LEDs cancel, nearly */
		sum += level / MANY;
		square += level * level / MANY;
		gh_plant_destroy(p);
	}
	/* Unit spread 10 %, of the LEDs' ratio some more. */
	about(sqrt(square - sum * sum) / sum, 0.13, 0.05);
}

static void fibres_are_seated_anew_each_session(void **state)
{
	double sum = 0, square = 0;

	(void)state;
	for (unsigned session = 1; session <= MANY; session++) {
		struct gh_plant *p = make_of(PLAIN, session, NULL);
		const double t =
			lit(p, "fibre.3", RED) / lit(p, "fibre.4", RED);

		sum += t / MANY;
		square += t * t / MANY;
		gh_plant_destroy(p);
	}
	/* Two seats of 1.5 %. */
	about(sqrt(square - sum * sum) / sum, 0.0212, 0.008);
}

static void another_run_wanders_a_third_as_far(void **state)
{
	double sum = 0, square = 0;

	(void)state;
	for (uint64_t run = 1; run <= MANY; run++) {
		struct gh_plant *p = make(NULL);
		double t;

		gh_plant_another_run(p, run);
		t = lit(p, "fibre.3", RED) / lit(p, "fibre.4", RED);
		sum += t / MANY;
		square += t * t / MANY;
		gh_plant_destroy(p);
	}
	about(sqrt(square - sum * sum) / sum, 0.0071, 0.003);
}

static void fibre_faults_take_their_share(void **state)
{
	static const struct {
		const char *fault;
		double red, blue;
	} cases[] = {
		{ "fibre_frayed@fibre.3=barely", 0.9, 0.9 },
		{ "fibre_frayed@fibre.3=gross", 0.4, 0.4 },
		{ "fibre_yellowed@fibre.3=barely", 1, 0.9 },
		{ "fibre_yellowed@fibre.3=gross", 1, 0.4 },
		{ "fibre_broken@fibre.3=noticeable", 0.05, 0.05 },
		{ "fibre_broken@fibre.3", 0, 0 },
		{ "fibre_unplugged@fibre.3=barely", 0, 0 },
	};

	(void)state;
	for (unsigned i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		const char *fault = cases[i].fault;

		about(left_of(fault, "fibre.3", RED), cases[i].red, 0.005);
		about(left_of(fault, "fibre.3", BLUE), cases[i].blue, 0.01);
		about(left_of(fault, "fibre.4", RED), 1, 0.005);
		about(left_of(fault, "core", BLUE), 1, 0.005);
	}
}

static void an_unplugged_fibre_lets_the_stage_in(void **state)
{
	struct gh_plant *well = make(NULL);
	struct gh_plant *open = make("fibre_unplugged@fibre.3=noticeable");
	struct gh_plant *broken = make("fibre_broken@fibre.3");
	double level;

	(void)state;
	gh_plant_lamp(well, full);
	level = look(well, "fibre.3");
	gh_plant_lamp(well, dark);
	level -= look(well, "fibre.3");
	about((look(open, "fibre.3") - look(well, "fibre.3")) / level, 0.1,
	      0.002);
	about(look(open, "fibre.4"), look(well, "fibre.4"), 1e-4);
	about(look(broken, "fibre.3"), look(well, "fibre.3"), 1e-4);
	gh_plant_destroy(well);
	gh_plant_destroy(open);
	gh_plant_destroy(broken);
}

/* ---- crystals ---- */

struct flash {
	double sparkle, at_deg, rest; /* contrast; arm angle; median */
};

enum { SAMPLES = 600 };

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sweeps hope.shoulder by its servo's angle and watches crystal.2. */
static struct flash sweep_crystal(struct gh_plant *p)
{
	static double seen[SAMPLES];
	struct flash f = { 0 };
	double most = 0;
	unsigned n = 0;

	gh_plant_spotlight(p, 1);
	sweep_ready(p, 1);
	for (unsigned i = 0; i < SAMPLES; i++) {
		double at_rad;

		gh_plant_servo(p, 0, 1.4 * i / SAMPLES - SWEEP_RAD);
		gh_plant_step(p, SWEEP_TICK_US);
		at_rad = sense(p, "hope.shoulder", GH_Q_POSITION);
		if (fabs(at_rad) > 6 * GH_PLANT_DEG)
			continue;
		seen[n++] = sense(p, "crystal.2", GH_Q_LIGHT);
		if (seen[n - 1] > most) {
			most = seen[n - 1];
			f.at_deg = at_rad / GH_PLANT_DEG;
		}
	}
	assert_true(n > 70);
	qsort(seen, n, sizeof *seen, by_size);
	f.rest = seen[n / 2];
	f.sparkle = (seen[n * 99 / 100] - f.rest) / f.rest;
	return f;
}

static struct flash flash_of(const char *fault)
{
	struct gh_plant *p = make(fault);
	const struct flash f = sweep_crystal(p);

	gh_plant_destroy(p);
	return f;
}

static void crystals_sparkle_about_three(void **state)
{
	double sum = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 10; seed++) {
		struct gh_plant *p = make_of(seed, 1, NULL);
		const struct flash f = sweep_crystal(p);

		assert_true(f.sparkle > 1.8 && f.sparkle < 4.2);
		assert_true(fabs(f.at_deg) < 5);
		sum += f.sparkle / 10;
		gh_plant_destroy(p);
	}
	about(sum, 2.85, 0.35);
}

static void crystal_faults_show_in_their_own_number(void **state)
{
	const struct flash well = flash_of(NULL);
	const struct flash dull = flash_of("crystal_dull@crystal.2");
	const struct flash other = flash_of("crystal_dull@crystal.1");
	const struct flash moved =
		flash_of("crystal_shifted@crystal.2=noticeable");
	const struct flash horn = flash_of("horn_slipped@hope.shoulder=3.6");

	(void)state;
	about(dull.sparkle / well.sparkle, 0.2, 0.02);
	about(dull.rest / well.rest, 1, 0.04);
	about(other.sparkle / well.sparkle, 1, 0.02);
	about(moved.at_deg - well.at_deg, 6, 0.5);
	about(fabs(horn.at_deg - well.at_deg), 3.6, 0.5);
	about(horn.sparkle / well.sparkle, 1, 0.1);
}

/* Gross: 20 deg, where no window is. */
static void a_shifted_crystal_does_not_enter_the_next_window(void **state)
{
	struct gh_plant *well = make(NULL);
	struct gh_plant *moved = make("crystal_shifted@crystal.1");
	const struct flash a = sweep_crystal(well), b = sweep_crystal(moved);

	(void)state;
	about(b.sparkle / a.sparkle, 1, 0.03);
	about(b.at_deg, a.at_deg, 0.3);
	gh_plant_destroy(well);
	gh_plant_destroy(moved);
}

static void crystals_follow_the_spotlight(void **state)
{
	double worst = 0, seen = 0;

	(void)state;
	for (unsigned session = 1; session <= MANY; session++) {
		struct gh_plant *p = make_of(PLAIN, session, NULL);
		double black, ref, light;

		black = look(p, "spotlight");
		gh_plant_spotlight(p, 1);
		ref = look(p, "spotlight") - black;
		light = look(p, "crystal.2") - black;
		worst = fmax(worst, fabs(ref / 0.5 - 1));
		seen += light / ref / MANY;
		/* half of it: the lamp is dimmed, the ratio is not */
		gh_plant_spotlight(p, 0.5);
		about((look(p, "crystal.2") - black) /
			      (look(p, "spotlight") - black),
		      light / ref, 0.02);
		gh_plant_destroy(p);
	}
	assert_true(worst > 0.05); /* sessions differ */
	assert_true(seen > 0.2);
}

/* ---- chrome ---- */

static double chrome(struct gh_plant *p, double red, double blue)
{
	double level;

	gh_plant_chrome(p, 0, red, blue);
	level = look(p, "chrome.hope");
	gh_plant_chrome(p, 0, 0, 0);
	return level - look(p, "chrome.hope");
}

static void chrome_faults_take_their_share(void **state)
{
	static const struct {
		const char *fault;
		double red, blue;
	} cases[] = {
		{ "chrome_tarnished@chrome.hope=noticeable", 0.85, 0.775 },
		{ "chrome_tarnished@chrome.hope", 0.6, 0.4 },
		{ "chrome_dirty@chrome.hope=noticeable", 0.85, 0.85 },
		{ "chrome_dirty@chrome.hope", 0.6, 0.6 },
		{ "chrome_tarnished@chrome.dawn", 1, 1 },
		{ "core_yellow@core", 1, 1 },
	};

	(void)state;
	for (unsigned i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		struct gh_plant *well = make(NULL);
		struct gh_plant *ill = make(cases[i].fault);

		about(chrome(ill, 1, 0) / chrome(well, 1, 0), cases[i].red,
		      0.005);
		about(chrome(ill, 0, 1) / chrome(well, 0, 1), cases[i].blue,
		      0.005);
		gh_plant_destroy(well);
		gh_plant_destroy(ill);
	}
}

static void the_spotlight_leaks_into_chrome_and_cancels(void **state)
{
	struct gh_plant *p = make(NULL);
	const double red = chrome(p, 1, 0), black = look(p, "chrome.hope");

	(void)state;
	gh_plant_spotlight(p, 1);
	assert_true(look(p, "chrome.hope") > black + 0.01);
	about(chrome(p, 1, 0), red, 0.003);
	about(chrome(p, 0.5, 0), red / 2, 0.003);
	gh_plant_destroy(p);
}

/* ---- all of it ---- */

static void old_parts_do_not_notice_the_new_ones(void **state)
{
	struct gh_plant_config bare = lumina(), whole = lumina_whole();
	struct gh_plant *a = gh_plant_create(&bare, 5, 2);
	struct gh_plant *b = gh_plant_create(&whole, 5, 2);

	(void)state;
	gh_plant_lamp(a, full);
	gh_plant_lamp(b, full);
	gh_plant_spotlight(b, 1);
	torque_all(a);
	torque_all(b);
	for (unsigned i = 0; i < 50; i++) {
		gh_plant_servo(a, 4, 0.01 * i);
		gh_plant_servo(b, 4, 0.01 * i);
		gh_plant_step(a, 10000);
		gh_plant_step(b, 10000);
		for (size_t s = 0; s < gh_plant_sensors(a); s++)
			about(gh_plant_sense(a, (int)s),
			      gh_plant_sense(b, (int)s), 1e-12);
	}
	gh_plant_destroy(a);
	gh_plant_destroy(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fibres_carry_every_colour),
		cmocka_unit_test(fibres_are_seated_anew_each_session),
		cmocka_unit_test(another_run_wanders_a_third_as_far),
		cmocka_unit_test(fibre_faults_take_their_share),
		cmocka_unit_test(an_unplugged_fibre_lets_the_stage_in),
		cmocka_unit_test(crystals_sparkle_about_three),
		cmocka_unit_test(crystal_faults_show_in_their_own_number),
		cmocka_unit_test(
			a_shifted_crystal_does_not_enter_the_next_window),
		cmocka_unit_test(crystals_follow_the_spotlight),
		cmocka_unit_test(chrome_faults_take_their_share),
		cmocka_unit_test(the_spotlight_leaks_into_chrome_and_cancels),
		cmocka_unit_test(old_parts_do_not_notice_the_new_ones),
	};

	return cmocka_run_group_tests_name("plant_optics", tests, NULL, NULL);
}
