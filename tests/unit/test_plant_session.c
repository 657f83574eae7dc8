/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a power-up and a warm servo do to a healthy joint, against what they
 * did to a real actuator (measurement.md, fact 3): re-assembly moved its mean
 * current by 3.7 times the SD of runs, ten runs in a row drifted by -3.7 %.
 */
#include "unit/plant_lumina.h" /* single, sweep_joint */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define REAL_MOVE_SD 3.7
#define REAL_DRIFT 0.037

enum { POWER_UPS = 40, RUNS = 4, IN_A_ROW = 10 };

/* What a check calls friction: half the current between up and down. */
static double friction_of_run(struct gh_plant *p)
{
	struct sweep s;

	sweep_ready(p, 1);
	s = sweep_joint(p, 1, 0, 0.8, 2, sin_of_chain);
	return (s.up_a - s.down_a) / 2;
}

static void power_ups_move_more_than_runs(void **state)
{
	const struct gh_plant_config c = single(0.2, 0.1);
	double within = 0, moved = 0, last = 0;

	(void)state;
	for (unsigned session = 0; session < POWER_UPS; session++) {
		double sum = 0, squares = 0, mean;

		for (unsigned run = 0; run < RUNS; run++) {
			struct gh_plant *p = gh_plant_create(&c, 12, session);
			double a;

			gh_plant_another_run(p, 100 * session + run);
			a = friction_of_run(p);
			sum += a;
			squares += a * a;
			gh_plant_destroy(p);
		}
		mean = sum / RUNS;
		within += (squares - RUNS * mean * mean) / (RUNS - 1);
		if (session > 0)
			moved += (mean - last) * (mean - last);
		last = mean;
	}
	within = sqrt(within / POWER_UPS);
	moved = sqrt(moved / (POWER_UPS - 1));
	if (!(moved >= REAL_MOVE_SD * within))
		fail_msg("a power-up moves friction by %.2f SD of runs, "
			 "expected %.1f or more",
			 moved / within, REAL_MOVE_SD);
}

/* Relative change of friction from the first to the last run in a row. */
static double drift(bool grease_warms)
{
	struct gh_plant_config c = single(0.4, 0.6);
	double first = 0, last = 0;

	c.grease_warms = grease_warms;
	for (unsigned session = 0; session < 3; session++) {
		struct gh_plant *p = gh_plant_create(&c, 12, session);

		for (unsigned run = 0; run < IN_A_ROW; run++) {
			const double a = friction_of_run(p);

			first += run == 0 ? a : 0;
			last += run == IN_A_ROW - 1 ? a : 0;
			gh_plant_step(p, 40000000);
		}
		gh_plant_destroy(p);
	}
	return last / first - 1;
}

static void warm_grease_drifts_as_a_real_actuator(void **state)
{
	/* Both wander alike: what is left is the warmth. */
	const double warms = drift(true) - drift(false);

	(void)state;
	if (!(warms <= -REAL_DRIFT && warms > -2 * REAL_DRIFT))
		fail_msg("drift %.2f %%, expected -3.7 to -7.4 %%",
			 warms * 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(power_ups_move_more_than_runs),
		cmocka_unit_test(warm_grease_drifts_as_a_real_actuator),
	};

	return cmocka_run_group_tests_name("plant_session", tests, NULL, NULL);
}
