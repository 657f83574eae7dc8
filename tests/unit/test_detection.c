/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The promise of the tool, in virtual time: a healthy sculpture is never HOLD;
 * every fault of the simulator at `gross` is found, named and placed, and a
 * dead sensor is never taken for a broken part.
 *
 * timeout: 500
 */
#include "fakes/rehearsal.h"
#include "fakes/victim.h" /* gh_victim_pick */
#include "judge/judge.h"  /* gh_diagnosis_faults */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { INDIVIDUALS = 2, HEALTHY_RUNS = 20 };
enum { FIRST_SESSION = 10 };
/* Others: GH_SEED=N. make bench-faults draws them, and tries many more. */
#define SEED 2026

/* The second has the least that can be sealed. */
static const struct {
	unsigned runs, sessions;
} rehearsed[INDIVIDUALS] = { { 8, 4 }, { 5, 3 } };

static struct gh_rig rig;
static struct gh_rehearsal rehearsals[INDIVIDUALS];
static struct gh_rehearsal longer; /* the profile five */
/* What a healthy one records in FIRST_SESSION: a fault must change it. */
static char healthy[INDIVIDUALS][65];

static int rehearse(void **state)
{
	const char *given = getenv("GH_SEED");
	const uint64_t seed = given ? strtoull(given, NULL, 0) : SEED;
	struct gh_err err = { 0 };

	(void)state;
	printf("# GH_SEED=%llu\n", (unsigned long long)seed);
	if (gh_rig_read(&rig, "schemas/lumina.rig", &err) != GH_OK)
		fail_msg("%s", err.msg);
	gh_rehearsal_open(&longer, &rig, seed + INDIVIDUALS);
	for (unsigned i = 0; i < INDIVIDUALS; i++) {
		gh_rehearsal_open(&rehearsals[i], &rig, seed + i);
		gh_rehearsal_baseline(&rehearsals[i], rehearsed[i].runs,
				      rehearsed[i].sessions);
		gh_rehearsal_check(&rehearsals[i], FIRST_SESSION, NULL, 0);
		memcpy(healthy[i], rehearsals[i].recording, sizeof healthy[i]);
	}
	return 0;
}

static int finish(void **state)
{
	(void)state;
	for (unsigned i = 0; i < INDIVIDUALS; i++)
		gh_rehearsal_close(&rehearsals[i]);
	gh_rehearsal_close(&longer);
	return 0;
}

static void test_healthy_is_never_hold(void **state)
{
	unsigned verdicts[GH_VERDICT_NOT_RUN] = { 0 };

	(void)state;
	for (unsigned i = 0; i < INDIVIDUALS * HEALTHY_RUNS; i++) {
		struct gh_rehearsal *r = &rehearsals[i % INDIVIDUALS];
		const unsigned turn = i / INDIVIDUALS;

		r->run = turn % 2;
		gh_rehearsal_check(r, FIRST_SESSION + turn / 2, NULL, 0);
		r->run = 0;
		verdicts[r->result->verdict]++;
		if (strcmp(gh_rehearsal_verdict(r), "HOLD") == 0) {
			gh_rehearsal_print(r);
			fail_msg("a healthy sculpture is HOLD");
		}
	}
	printf("# healthy: %u READY, %u WATCH, %u UNSURE, %u HOLD\n",
	       verdicts[GH_VERDICT_READY], verdicts[GH_VERDICT_WATCH],
	       verdicts[GH_VERDICT_UNSURE], verdicts[GH_VERDICT_HOLD]);
	/* Silence would be no HOLD either. */
	assert_true(verdicts[GH_VERDICT_READY] >
		    INDIVIDUALS * HEALTHY_RUNS / 2);
}

static void test_same_seed_same_recording(void **state)
{
	struct gh_rehearsal *r = &rehearsals[0];

	(void)state;
	gh_rehearsal_check(r, FIRST_SESSION, NULL, 0);
	assert_string_equal(healthy[0], r->recording);
	gh_rehearsal_check(r, FIRST_SESSION + 1, NULL, 0);
	assert_string_not_equal(healthy[0], r->recording);
}

/* A check of one that has it. */
static struct gh_victim suffer(struct gh_rehearsal *r, const struct gh_fault *f,
			       unsigned turn)
{
	struct gh_victim v;
	char spec[160];
	const char *const specs[] = { spec };

	if (!gh_victim_pick(r, f, turn, &v))
		fail_msg("nothing here can have %s", f->name);
	snprintf(spec, sizeof spec, "%s@%s=gross", f->name, v.spec);
	gh_rehearsal_check(r, FIRST_SESSION, specs, 1);
	return v;
}

/* Of all that is named, nothing may be wrong but this. */
static struct gh_victim assert_found(struct gh_rehearsal *r,
				     const struct gh_fault *f, unsigned turn)
{
	const char *want = gh_victim_expected(f);
	struct gh_victim v;

	r->guided = strcmp(f->part_kind, "remote") == 0;
	v = suffer(r, f, turn);
	r->guided = false;
	if (r != &longer && strcmp(healthy[r - rehearsals], r->recording) == 0)
		fail_msg("%s@%s changes nothing in the recording", f->name,
			 v.spec);
	if (strcmp(gh_rehearsal_verdict(r), want) == 0 &&
	    gh_victim_is_named(r, f, &v) && gh_rehearsal_faults(r) == 1)
		return v;
	gh_rehearsal_print(r);
	fail_msg("%s@%s: expected %s and %s at %s alone", f->name, v.spec, want,
		 f->name, v.part);
	return v;
}

/* The ends of the travel show these, or a hand: a minute has no time. */
static bool needs_five(const struct gh_fault *f)
{
	return strcmp(f->name, "zero_shifted") == 0 ||
	       strcmp(f->name, "short_travel") == 0 ||
	       strcmp(f->name, "wrong_limits") == 0 ||
	       strcmp(f->name, "remote_button_dead") == 0;
}

static void test_every_gross_fault_is_named_and_placed(void **state)
{
	(void)state;
	for (unsigned i = 0; i < INDIVIDUALS; i++)
		for (unsigned f = 0; gh_faults[f].name; f++)
			if (!needs_five(&gh_faults[f]))
				assert_found(&rehearsals[i], &gh_faults[f],
					     7 * f + i);
}

static void test_what_only_the_ends_show_is_found_in_five(void **state)
{
	(void)state;
	longer.budget_us = 300 * (gh_us)GH_US_PER_S;
	gh_rehearsal_baseline(&longer, rehearsed[0].runs,
			      rehearsed[0].sessions);
	for (unsigned f = 0; gh_faults[f].name; f++)
		if (needs_five(&gh_faults[f]))
			assert_found(&longer, &gh_faults[f], 7 * f);
}

/* Its own name, or one whose text says that it is easily taken for it. */
static bool may_be_named(const json_t *d, const struct gh_fault *f,
			 const struct gh_victim *v)
{
	const char *fault = json_string_value(json_object_get(d, "fault"));
	const char *part = json_string_value(json_object_get(d, "part"));
	const char *other = json_string_value(json_object_get(d, "other"));

	if (!fault || !part || strcmp(part, v->part) != 0)
		return false;
	return strcmp(fault, f->name) == 0 || (other && strstr(other, f->name));
}

/* A minute may miss them; it may not send anybody to another screw. */
static void test_what_only_the_ends_show_is_not_misnamed(void **state)
{
	struct gh_rehearsal *r = &rehearsals[0];

	(void)state;
	for (unsigned f = 0; gh_faults[f].name; f++) {
		struct gh_victim v;
		json_t *d;
		size_t i;

		if (!needs_five(&gh_faults[f]))
			continue;
		v = suffer(r, &gh_faults[f], 7 * f);
		printf("# %s@%s in a minute: %s\n", gh_faults[f].name, v.spec,
		       gh_rehearsal_verdict(r));
		json_array_foreach(json_object_get(r->json, "diagnosis"), i, d)
		{
			if (may_be_named(d, &gh_faults[f], &v))
				continue;
			gh_rehearsal_print(r);
			fail_msg("%s@%s is taken for another fault",
				 gh_faults[f].name, v.spec);
		}
	}
}

static const struct gh_fault *fault_named(const char *name)
{
	const struct gh_fault *f = gh_faults;

	while (f->name && strcmp(f->name, name) != 0)
		f++;
	assert_non_null(f->name);
	return f;
}

/* Each of the sensors is broken once, whatever a fault's turn came to. */
static void assert_every_sensor_is_named(const char *name)
{
	const struct gh_fault *broken = fault_named(name);

	for (unsigned turn = 0; turn < GH_VICTIM_SENSORS; turn++) {
		struct gh_rehearsal *r = &rehearsals[turn % INDIVIDUALS];
		const struct gh_victim v = assert_found(r, broken, turn);
		const json_t *first = json_array_get(
			json_object_get(r->json, "diagnosis"), 0);
		const char *said = json_string_value(
			json_array_get(json_object_get(first, "evidence"), 0));

		if (!said ||
		    !strstr(said, strchr(v.spec + strlen(v.part), '.') + 1))
			fail_msg("%s: %s, and what is said is: %s", v.spec,
				 name, said ? said : "nothing");
	}
}

static void test_a_dead_sensor_is_unsure_and_named(void **state)
{
	(void)state;
	assert_every_sensor_is_named("sensor_dead");
}

static void test_a_stale_sensor_is_unsure_and_named(void **state)
{
	(void)state;
	assert_every_sensor_is_named("sensor_stale");
}

static bool is_listed(const char *name)
{
	for (unsigned i = 0; gh_diagnosis_faults[i]; i++)
		if (strcmp(gh_diagnosis_faults[i], name) == 0)
			return true;
	return false;
}

static bool is_simulated(const char *name)
{
	for (unsigned i = 0; gh_faults[i].name; i++)
		if (strcmp(gh_faults[i].name, name) == 0)
			return true;
	return false;
}

static void test_both_sides_know_the_same_faults(void **state)
{
	(void)state;
	for (unsigned i = 0; gh_faults[i].name; i++)
		if (!is_listed(gh_faults[i].name))
			fail_msg("no diagnosis names %s", gh_faults[i].name);
	for (unsigned i = 0; gh_diagnosis_faults[i]; i++)
		if (!is_simulated(gh_diagnosis_faults[i]))
			fail_msg("no simulated fault is called %s",
				 gh_diagnosis_faults[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_healthy_is_never_hold),
		cmocka_unit_test(test_same_seed_same_recording),
		cmocka_unit_test(test_every_gross_fault_is_named_and_placed),
		cmocka_unit_test(test_what_only_the_ends_show_is_not_misnamed),
		cmocka_unit_test(test_what_only_the_ends_show_is_found_in_five),
		cmocka_unit_test(test_a_dead_sensor_is_unsure_and_named),
		cmocka_unit_test(test_a_stale_sensor_is_unsure_and_named),
		cmocka_unit_test(test_both_sides_know_the_same_faults),
	};

	return cmocka_run_group_tests(tests, rehearse, finish);
}
