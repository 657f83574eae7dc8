/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The promise of the tool, in virtual time on individuals that nobody tuned
 * anything for: their seeds are drawn when the test runs and printed; GH_SEED
 * repeats a run. A healthy sculpture is never HOLD; every fault of the
 * simulator at `gross` is found, named and placed, and a dead sensor is never
 * taken for a broken part.
 *
 * timeout: 500
 */
#include "fakes/rehearsal.h"
#include "sim/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { INDIVIDUALS = 3, HEALTHY_RUNS = 20 };
enum { BASELINE_RUNS = 5, BASELINE_SESSIONS = 3, FIRST_SESSION = 10 };

static struct gh_rig rig;
static struct gh_rehearsal rehearsals[INDIVIDUALS];
/* What a healthy one records in FIRST_SESSION: a fault must change it. */
static char healthy[INDIVIDUALS][65];

static uint64_t draw_seed(void)
{
	const char *given = getenv("GH_SEED");
	uint64_t seed = 0;
	FILE *f;

	if (given)
		return strtoull(given, NULL, 0);
	f = fopen("/dev/urandom", "rb");
	assert_non_null(f);
	assert_int_equal(fread(&seed, sizeof seed, 1, f), 1);
	fclose(f);
	return seed;
}

static int rehearse(void **state)
{
	const uint64_t seed = draw_seed();
	struct gh_err err = { 0 };

	(void)state;
	printf("# GH_SEED=%llu\n", (unsigned long long)seed);
	if (gh_rig_read(&rig, "schemas/lumina.rig", &err) != GH_OK)
		fail_msg("%s", err.msg);
	for (unsigned i = 0; i < INDIVIDUALS; i++) {
		gh_rehearsal_open(&rehearsals[i], &rig, seed + i);
		gh_rehearsal_baseline(&rehearsals[i], BASELINE_RUNS,
				      BASELINE_SESSIONS);
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
	return 0;
}

static void test_healthy_is_never_hold(void **state)
{
	unsigned verdicts[GH_VERDICT_NOT_RUN] = { 0 };

	(void)state;
	for (unsigned i = 0; i < INDIVIDUALS * HEALTHY_RUNS; i++) {
		struct gh_rehearsal *r = &rehearsals[i % INDIVIDUALS];

		gh_rehearsal_check(r, FIRST_SESSION + i / INDIVIDUALS / 2, NULL,
				   0);
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

static bool is_kind(const struct gh_judge_part *part, const char *kind)
{
	return strcmp(gh_part_kind_name(part->kind), kind) == 0;
}

/* Some part of the kind; which one depends on the individual and the turn. */
static const char *pick_part(const struct gh_rehearsal *r, const char *kind,
			     unsigned turn)
{
	unsigned n = 0, wanted;

	for (unsigned i = 0; i < r->n_parts; i++)
		n += is_kind(&r->parts[i], kind);
	assert_true(n > 0);
	wanted = (unsigned)((r->seed + turn * 7) % n);
	for (unsigned i = 0; i < r->n_parts; i++)
		if (is_kind(&r->parts[i], kind) && wanted-- == 0)
			return r->parts[i].name;
	return "";
}

static void assert_found(struct gh_rehearsal *r, const char *spec,
			 const char *fault, const char *part,
			 const char *verdict)
{
	const char *const faults[] = { spec };

	gh_rehearsal_check(r, FIRST_SESSION, faults, 1);
	if (strcmp(healthy[r - rehearsals], r->recording) == 0)
		fail_msg("%s changes nothing in the recording", spec);
	if (strcmp(gh_rehearsal_verdict(r), verdict) == 0 &&
	    gh_rehearsal_found(r, fault, part) && gh_rehearsal_faults(r) == 1)
		return;
	gh_rehearsal_print(r);
	fail_msg("%s: expected %s and %s at %s alone", spec, verdict, fault,
		 part);
}

static void test_every_gross_fault_is_named_and_placed(void **state)
{
	char spec[128];

	(void)state;
	for (unsigned i = 0; i < INDIVIDUALS; i++) {
		struct gh_rehearsal *r = &rehearsals[i];

		for (unsigned f = 0; gh_faults[f].name; f++) {
			const struct gh_fault *fault = &gh_faults[f];
			const char *part;

			if (strcmp(fault->part_kind, "sensor") == 0)
				continue;
			part = pick_part(r, fault->part_kind, f);
			snprintf(spec, sizeof spec, "%s@%s=gross", fault->name,
				 part);
			assert_found(r, spec, fault->name, part, "HOLD");
		}
	}
}

/* Which parts have that sensor, so that each is killed once. */
static const struct {
	const char *sensor, *kind;
} deaths[] = {
	{ "colour", "core" },	 { "light", "core" },
	{ "current", "joint" },	 { "position", "joint" },
	{ "voltage", "joint" },	 { "temperature", "joint" },
	{ "voltage", "supply" }, { "current", "supply" },
};

static void test_a_dead_sensor_is_unsure_and_named(void **state)
{
	char spec[128];

	(void)state;
	for (unsigned i = 0; i < INDIVIDUALS; i++) {
		struct gh_rehearsal *r = &rehearsals[i];

		for (size_t d = 0; d < GH_ARRAY_SIZE(deaths); d++) {
			const char *part =
				pick_part(r, deaths[d].kind, (unsigned)d);
			json_t *evidence;

			snprintf(spec, sizeof spec, "sensor_dead@%s.%s", part,
				 deaths[d].sensor);
			assert_found(r, spec, "sensor_dead", part, "UNSURE");
			evidence = json_object_get(
				gh_rehearsal_found(r, "sensor_dead", part),
				"evidence");
			assert_non_null(strstr(
				json_string_value(json_array_get(evidence, 0)),
				deaths[d].sensor));
		}
	}
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
		cmocka_unit_test(test_a_dead_sensor_is_unsure_and_named),
		cmocka_unit_test(test_both_sides_know_the_same_faults),
	};

	return cmocka_run_group_tests(tests, rehearse, finish);
}
