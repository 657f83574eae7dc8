/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of board that ghostlight-sim can have: what their servos hear. */
#include "rig/rig.h"	     /* gh_rig_read */
#include "sim/device.h"	     /* struct gh_sim_device */
#include "sim/electronics.h" /* struct gh_sim_electronics */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FRAME_US 20000
#define TARGET_RAD 0.5

struct bench {
	struct gh_sim_electronics e;
	unsigned pot;
};

static const struct gh_plant_config config = {
	.joints = { { .name = "arm.joint",
		      .length_m = 0.2,
		      .mass_kg = 0.1,
		      .lo_rad = -1,
		      .hi_rad = 1 } },
	.n_joints = 1,
	.supply_v = 12,
};

static int open_bench(void **state)
{
	struct bench *b = calloc(1, sizeof *b);
	const struct gh_sim_board_kind *uno = gh_sim_board_kind("uno");
	struct gh_plant *plant = gh_plant_create(&config, 1, 1);

	assert_true(b && uno && plant);
	gh_sim_electronics_init(&b->e, uno, plant, 1);
	b->pot = gh_sim_electronics_add(
		&b->e, gh_sim_kind_sensor(uno, GH_Q_POSITION, true),
		gh_plant_sensor(plant, "arm.joint", GH_Q_POSITION), 0);
	*state = b;
	return 0;
}

static int close_bench(void **state)
{
	struct bench *b = *state;

	gh_plant_destroy(b->e.plant);
	free(b);
	return 0;
}

/* Asked for at 1 ms: the frame at 20 ms takes it, its pulse ends at 21.8. */
static void a_servo_hears_at_the_end_of_its_pulse(void **state)
{
	struct bench *b = *state;

	gh_sim_electronics_step(&b->e, 0, 5000);
	gh_sim_electronics_torque(&b->e, 0, true);
	gh_sim_electronics_drive(&b->e, 0, 5000, TARGET_RAD);
	gh_sim_electronics_step(&b->e, 5000, FRAME_US + 1500);
	assert_true(fabs(gh_plant_true_angle(b->e.plant, 0)) < 0.01);
	gh_sim_electronics_step(&b->e, FRAME_US + 1500, 60 * FRAME_US);
	assert_true(fabs(gh_plant_true_angle(b->e.plant, 0) - TARGET_RAD) <
		    0.05);
}

static void a_servo_without_pulses_lets_go(void **state)
{
	struct bench *b = *state;

	gh_sim_electronics_torque(&b->e, 0, true);
	gh_sim_electronics_drive(&b->e, 0, 5000, TARGET_RAD);
	gh_sim_electronics_step(&b->e, 0, 60 * FRAME_US);
	gh_sim_electronics_torque(&b->e, 0, false);
	gh_sim_electronics_drive(&b->e, 0, 60 * FRAME_US, -TARGET_RAD);
	gh_sim_electronics_step(&b->e, 60 * FRAME_US, 120 * FRAME_US);
	/* Its gears hold a light arm where it is. */
	assert_true(gh_plant_true_angle(b->e.plant, 0) > 0.9 * TARGET_RAD);
}

/* At rest every conversion is the same, so their mean has the same steps. */
static void a_pot_has_the_steps_of_its_converter(void **state)
{
	struct bench *b = *state;
	const double step = b->e.inputs[b->pot].about->step;
	double angle, counts;

	gh_sim_electronics_step(&b->e, 0, 400);
	angle = gh_sim_electronics_read(&b->e, b->pot);
	counts = (angle - b->e.inputs[b->pot].about->from) / step - 0.5;
	assert_true(fabs(angle) < 2 * step);
	assert_true(fabs(counts - round(counts)) < 1e-9);
}

static void kinds_have_names(void **state)
{
	static struct gh_rig rig;
	struct gh_sim_setup setup = { .rig = &rig,
				      .time_scale = 1,
				      .board = "duo" };
	struct gh_sim_device *d = NULL;
	struct gh_err err = { 0 };

	(void)state;
	assert_string_equal(gh_sim_board_kind(NULL)->name, "lumina");
	assert_int_equal(gh_rig_read(&rig, "schemas/board_uno.rig", &err),
			 GH_OK);
	assert_int_equal(gh_sim_device_create(&d, &setup, &err), GH_ARG);
	assert_non_null(strstr(err.msg, "duo"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_servo_hears_at_the_end_of_its_pulse, open_bench,
			close_bench),
		cmocka_unit_test_setup_teardown(a_servo_without_pulses_lets_go,
						open_bench, close_bench),
		cmocka_unit_test_setup_teardown(
			a_pot_has_the_steps_of_its_converter, open_bench,
			close_bench),
		cmocka_unit_test(kinds_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
