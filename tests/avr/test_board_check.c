/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * timeout: 600
 * Whole checks on our firmware on the emulated Uno, in virtual time: a
 * rehearsed individual is well, a limp elbow and a core without blue are named.
 */
#include "boards/session.h" /* gh_board_firmware */
#include "boards/world.h"   /* gh_board_rehearse */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* In the 20 s of the quick recipe arcs are too short to tell where it hangs. */
#define BUDGET_US (40 * (gh_us)GH_US_PER_S)

enum { SEED = 7, RUNS = 5, SESSIONS = 3 };

static struct gh_rig rig;
static struct gh_rehearsal r;
static struct gh_board_setup setup = { .kind = GH_BOARD_UNO };

static int rehearse(void **state)
{
	struct gh_err err = { 0 };

	(void)state;
	if (gh_rig_read(&rig, gh_board_rig(GH_BOARD_UNO), &err) != GH_OK)
		fail_msg("%s", err.msg);
	setup.firmware = gh_board_firmware(GH_BOARD_UNO);
	gh_rehearsal_open(&r, &rig, SEED);
	gh_board_rehearse(&r, &setup, "lumina", BUDGET_US);
	gh_rehearsal_baseline(&r, RUNS, SESSIONS);
	return 0;
}

static int forget(void **state)
{
	(void)state;
	gh_rehearsal_close(&r);
	return 0;
}

static void check(unsigned session, const char *fault)
{
	gh_rehearsal_check(&r, session, &fault, fault != NULL);
	gh_rehearsal_print(&r);
	assert_int_equal(r.ran.how, GH_RUN_HOW_COMPLETE);
	assert_true(r.ran.safe_seen);
}

static void the_healthy_one_is_well(void **state)
{
	(void)state;
	check(7, NULL);
	assert_string_equal(gh_rehearsal_verdict(&r), "READY");
	assert_int_equal(gh_rehearsal_faults(&r), 0);
}

static void held_for(const char *fault, const char *part)
{
	assert_string_equal(gh_rehearsal_verdict(&r), "HOLD");
	assert_non_null(gh_rehearsal_found(&r, fault, part));
	assert_int_equal(gh_rehearsal_faults(&r), 1);
}

static void a_limp_elbow_is_named(void **state)
{
	(void)state;
	check(8, "limp@resilience.elbow");
	held_for("limp", "resilience.elbow");
}

static void a_core_without_blue_is_named(void **state)
{
	(void)state;
	check(9, "blue_lost@core");
	held_for("blue_lost", "core");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_healthy_one_is_well),
		cmocka_unit_test(a_limp_elbow_is_named),
		cmocka_unit_test(a_core_without_blue_is_named),
	};

	return cmocka_run_group_tests(tests, rehearse, forget);
}
