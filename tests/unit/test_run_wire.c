/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole checks over a wire that is ill, in virtual time: what was taken is what
 * was said, a broken arm is never READY, no arm is left moving, it ends in
 * time, and who reads the result reads that it was the wire.
 *
 * timeout: 300
 */
#include "fakes/noisy_link.h" /* struct noisy_link */
#include "fakes/rehearsal.h"
#include "sim/plant.h" /* gh_plant_true_angle */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEG (3.14159265358979 / 180.0)
/* A joint that holds breathes by some hundredths of a degree. */
#define CREPT_RAD (0.1 * DEG)
#define SECONDS(s) ((gh_us)((s)*GH_US_PER_S))
enum { SEED = 77, SESSION = 9 };

static struct gh_rig rig;
static struct gh_rehearsal rehearsal;
static struct noisy_link noisy;
static const struct noisy_fault *fault;
static gh_us from, unplug_at;
static gh_us ended_at;
static double crept_rad;

/* The host is gone: the watchdog's 100 ms and the slowing down are over. */
static void at_end(struct noisy_link *n)
{
	struct gh_plant *plant = gh_sim_device_plant(n->world->device);
	const gh_us rest = n->world->now + SECONDS(1.0);
	double was[GH_RIG_JOINTS] = { 0 };

	ended_at = n->world->now;
	n->ops->advance(n->self, rest);
	for (unsigned j = 0; j < rig.n_joints; j++)
		was[j] = gh_plant_true_angle(plant, j);
	n->ops->advance(n->self, rest + SECONDS(1.0));
	crept_rad = 0.0;
	for (unsigned j = 0; j < rig.n_joints; j++)
		crept_rad = fmax(crept_rad,
				 fabs(gh_plant_true_angle(plant, j) - was[j]));
}

static void open_world(struct gh_rehearsal *r, struct gh_world *w,
		       unsigned session, const char *const *faults,
		       size_t n_faults)
{
	gh_world_open(w, r->rig, r->seed, session, faults, n_faults);
	if (!fault)
		return;
	noisy_link_attach(&noisy, w, fault, SEED);
	noisy.from = from;
	noisy.at_end = at_end;
	w->unplug_at = unplug_at;
}

static int rehearse(void **state)
{
	struct gh_err err = { 0 };

	(void)state;
	if (gh_rig_read(&rig, "schemas/lumina.rig", &err) != GH_OK)
		fail_msg("%s", err.msg);
	gh_rehearsal_open(&rehearsal, &rig, SEED);
	rehearsal.open_world = open_world;
	unplug_at = GH_US_NEVER;
	gh_rehearsal_baseline(&rehearsal, 5, 3);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	gh_rehearsal_close(&rehearsal);
	return 0;
}

static void show(const char *what)
{
	const struct gh_rehearsal *r = &rehearsal;

	printf("# %s, %s: %s, %s; ended after %.1f s, %llu and %llu struck%s%s\n",
	       fault->name, what, gh_verdict_name(r->result->verdict),
	       r->result->why, (double)ended_at / 1e6,
	       (unsigned long long)noisy.up.struck,
	       (unsigned long long)noisy.down.struck,
	       r->ran.err.msg[0] ? ": " : "", r->ran.err.msg);
}

/* What has only been late was there: of that nothing need be said. */
static bool only_late(void)
{
	return fault->kind == NOISY_CLEAN || fault->kind == NOISY_DELAY;
}

static bool names_the_wire(void)
{
	const struct gh_run_outcome *ran = &rehearsal.ran;

	return gh_rehearsal_found(&rehearsal, "link_lossy", "link") ||
	       strncmp(ran->err.msg, "world: ", 7) == 0;
}

static void check(const char *what, const char *const *faults, size_t n)
{
	const struct gh_run_outcome *ran = &rehearsal.ran;

	gh_rehearsal_check(&rehearsal, SESSION, faults, n);
	show(what);
	assert_true(ended_at <= rehearsal.budget_us);
	assert_true(crept_rad < CREPT_RAD);
	assert_true(ran->how == GH_RUN_HOW_COMPLETE || ran->err.msg[0]);
	assert_true(ran->safe_seen || ran->how == GH_RUN_HOW_FAILED);
	assert_int_not_equal(noisy.up.struck > 0, fault->kind == NOISY_CLEAN);
	assert_true(only_late() || names_the_wire());
}

/* In mid motion: the arm whose screw is loose has carried nothing by then. */
static void a_limp_arm_is_never_ready(void **state)
{
	static const char *const limp[] = { "limp@resilience.elbow" };

	(void)state;
	from = SECONDS(20);
	for (size_t i = 0; i < NOISY_FAULTS; i++) {
		fault = &noisy_faults[i];
		check("limp", limp, 1);
		assert_int_not_equal(rehearsal.result->verdict,
				     GH_VERDICT_READY);
		if (rehearsal.ran.how == GH_RUN_HOW_COMPLETE)
			assert_non_null(gh_rehearsal_found(&rehearsal, "limp",
							   "resilience.elbow"));
	}
}

/* What the wire does is the wire's fault, and nobody else's. */
static void assert_not_blamed(gh_us since)
{
	from = since;
	for (size_t i = 0; i < NOISY_FAULTS; i++) {
		fault = &noisy_faults[i];
		check("healthy", NULL, 0);
		assert_int_equal(gh_rehearsal_faults(&rehearsal),
				 gh_rehearsal_found(&rehearsal, "link_lossy",
						    "link") != NULL);
		assert_true(only_late() ||
			    rehearsal.result->verdict != GH_VERDICT_READY);
	}
}

static void a_healthy_sculpture_is_not_blamed(void **state)
{
	(void)state;
	assert_not_blamed(0);
}

/* While crystals pass the spotlight: half a sweep is none. */
static void nor_where_the_wire_fails_in_mid_sweep(void **state)
{
	(void)state;
	assert_not_blamed(SECONDS(20));
}

static void a_cable_pulled_in_mid_motion(void **state)
{
	(void)state;
	fault = &noisy_faults[0];
	unplug_at = SECONDS(20);
	gh_rehearsal_check(&rehearsal, SESSION, NULL, 0);
	show("unplugged");
	unplug_at = GH_US_NEVER;
	assert_int_equal(rehearsal.ran.err.code, GH_GONE);
	assert_non_null(strstr(rehearsal.ran.err.msg, "world: "));
	assert_false(rehearsal.ran.safe_seen);
	assert_int_not_equal(rehearsal.result->verdict, GH_VERDICT_READY);
	assert_true(ended_at < SECONDS(25));
	assert_true(crept_rad < CREPT_RAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_limp_arm_is_never_ready),
		cmocka_unit_test(a_healthy_sculpture_is_not_blamed),
		cmocka_unit_test(nor_where_the_wire_fails_in_mid_sweep),
		cmocka_unit_test(a_cable_pulled_in_mid_motion),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, rehearse, finish);
}
