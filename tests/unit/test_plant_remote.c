/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The remote: presses, battery, signal, and its faults.
 */
#include "unit/plant_whole.h" /* make, look, lit */

static void presses_are_counted(void **state)
{
	struct gh_plant *p = make(NULL);

	(void)state;
	about(sense(p, "remote", GH_Q_PRESSES), 0, 0);
	for (unsigned i = 0; i < 3; i++)
		gh_plant_press(p);
	about(sense(p, "remote", GH_Q_PRESSES), 3, 0);
	for (unsigned i = 3; i < 32768; i++)
		gh_plant_press(p);
	about(sense(p, "remote", GH_Q_PRESSES), 0, 0);
	gh_plant_press(p);
	gh_plant_forget_presses(p);
	about(sense(p, "remote", GH_Q_PRESSES), 0, 0);
	gh_plant_destroy(p);
}

static void a_bad_button_misses_presses(void **state)
{
	static const struct {
		const char *fault;
		double heard, within;
	} cases[] = {
		{ "remote_button_dead@remote=barely", 900, 40 },
		{ "remote_button_dead@remote=noticeable", 500, 65 },
		{ "remote_button_dead@remote", 0, 0 },
		{ "remote_weak_signal@remote", 1000, 0 },
	};

	(void)state;
	for (unsigned i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		struct gh_plant *p = make(cases[i].fault);

		for (unsigned k = 0; k < 1000; k++)
			gh_plant_press(p);
		about(sense(p, "remote", GH_Q_PRESSES), cases[i].heard,
		      cases[i].within);
		gh_plant_destroy(p);
	}
}

struct told {
	double volts, db;
};

static struct told hear(const char *fault)
{
	struct gh_plant *p = make(fault);
	struct told t = { 0 };

	for (unsigned i = 0; i < 50; i++) {
		gh_plant_step(p, 1000000);
		t.volts += sense(p, "remote", GH_Q_VOLTAGE) / 50;
		t.db += sense(p, "remote", GH_Q_SIGNAL) / 50;
	}
	gh_plant_destroy(p);
	return t;
}

static void remote_faults_lose_volts_or_signal(void **state)
{
	const struct told well = hear(NULL);
	const struct told flat = hear("remote_battery_low@remote=noticeable");
	const struct told far = hear("remote_weak_signal@remote");

	(void)state;
	about(well.volts, 2.92, 0.1);
	about(well.db, -58, 8);
	about(well.volts - flat.volts, 0.6, 0.005);
	about(flat.db, well.db, 1e-9);
	about(well.db - far.db, 40, 0.5);
	about(far.volts, well.volts, 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(presses_are_counted),
		cmocka_unit_test(a_bad_button_misses_presses),
		cmocka_unit_test(remote_faults_lose_volts_or_signal),
	};

	return cmocka_run_group_tests_name("plant_remote", tests, NULL, NULL);
}
