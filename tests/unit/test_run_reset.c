/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole runs in virtual time on controllers that brown out whenever they like:
 * the run ends, says why, and its facts count the reboot.
 */
#include "engine/run.h"
#include "fakes/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SEEDS = 24 };

static void run_with(struct gh_world *w, const struct gh_rig *rig,
		     uint64_t seed, struct gh_run_outcome *ran)
{
	static const char *const fault[] = { "controller_reset@controller" };
	struct gh_run_config config = { .rig = rig,
					.driver = gh_driver_find("lumina"),
					.budget_us = 60 * GH_US_PER_S,
					.allow_motion = true,
					.only = -1 };

	gh_world_open(w, rig, seed, 1, fault, 1);
	config.link = &w->link;
	config.clock = &w->clock;
	gh_run(&config, ran);
}

static void every_reset_ends_the_run_and_is_counted(void **state)
{
	static struct gh_world w;
	static struct gh_run_outcome ran;
	struct gh_rig *rig = calloc(1, sizeof *rig);
	struct gh_err err = { 0 };

	(void)state;
	assert_non_null(rig);
	assert_int_equal(gh_rig_read(rig, "schemas/lumina.rig", &err), GH_OK);
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		run_with(&w, rig, seed, &ran);
		if (ran.how != GH_RUN_HOW_FAILED || ran.err.code != GH_RESET)
			fail_msg("seed %u, %.1f s: %s", (unsigned)seed,
				 (double)w.now / 1e6, ran.err.msg);
		assert_int_equal(gh_recording_facts_of(ran.rec)->resets, 1);
		/* soon: nothing moves that has no command */
		assert_true(w.now < 60 * GH_US_PER_S);
		gh_run_finish(&ran);
		gh_world_close(&w);
	}
	free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_reset_ends_the_run_and_is_counted),
	};

	return cmocka_run_group_tests_name("run reset", tests, NULL, NULL);
}
