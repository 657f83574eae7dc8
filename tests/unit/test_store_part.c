/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the store knows of one part: its share of a recording, and since when
 * a finding of it has not passed.
 */
#include "store/first.h"	 /* gh_store_first */
#include "unit/test_store_kit.h" /* struct kit */

enum { DAY_S = 86400 };

/* ---- Its recording -------------------------------------------------------------*/

static void samples_of_one_part_alone(void **state)
{
	struct gh_store_recording all = { 0 }, one = { 0 };
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	kit_ok(&k, gh_store_get_recording(k.st, 1, &all, &k.err));
	kit_ok(&k, gh_store_get_part(k.st, 1, "hope.shoulder", &one, &k.err));
	/* Channels keep their numbers. */
	assert_int_equal(one.n_channels, all.n_channels);
	assert_int_equal(one.n_chunks, 2);
	assert_int_equal(all.n_chunks, 3);
	for (size_t i = 0; i < one.n_chunks; i++) {
		assert_int_equal(one.chunks[i].channel, 0);
		assert_int_equal(one.chunks[i].n, all.chunks[i].n);
		assert_memory_equal(one.chunks[i].raw, all.chunks[i].raw,
				    one.chunks[i].n * sizeof *one.chunks->raw);
	}
	assert_int_equal(one.n_spans, 1);
	assert_string_equal(one.spans[0].part, "hope.shoulder");
	assert_int_equal(one.n_facts, all.n_facts);
	assert_int_equal(one.rig_bytes, all.rig_bytes);
	gh_store_recording_free(&one);
	kit_ok(&k, gh_store_get_part(k.st, 1, "nobody", &one, &k.err));
	assert_true(one.n_chunks == 0 && one.n_spans == 0);
	gh_store_recording_free(&one);
	assert_int_equal(gh_store_get_part(k.st, 99, "core", &one, &k.err),
			 GH_NODATA);
	gh_store_recording_free(&all);
	kit_finish(&k);
}

/* ---- Since when ------------------------------------------------------------------*/

/* One run a day with one finding of "core"; returns its number. */
static int64_t night(struct kit *k, enum gh_state state)
{
	struct gh_finding *f = &k->result->findings[0];

	k->info.started_s += DAY_S;
	k->result->n_findings = 1;
	strcpy(f->id, "joint.coulomb");
	f->part = 1;
	f->state = state;
	return kit_run(k);
}

static struct gh_first first(struct kit *k, int64_t run)
{
	struct gh_first ids[2] = { { .id = "joint.coulomb" },
				   { .id = "joint.nobody" } };

	kit_ok(k, gh_store_first(k->st, run, "core", ids, 2, &k->err));
	/* Nothing is known of what was never measured. */
	assert_true(ids[1].run == 0 && ids[1].runs == 0 && ids[1].is_open);
	return ids[0];
}

static void it_began_after_the_last_pass(void **state)
{
	struct gh_first f;
	int64_t began, passed;
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	night(&k, GH_STATE_UNKNOWN);
	f = first(&k, night(&k, GH_STATE_FAIL));
	assert_true(f.run == 2 && f.runs == 1 && f.is_open);
	passed = night(&k, GH_STATE_PASS);
	f = first(&k, passed);
	assert_true(f.run == 0 && f.runs == 0 && !f.is_open);
	began = night(&k, GH_STATE_WATCH);
	night(&k, GH_STATE_SKIPPED);
	/* One that cannot be told asks since when it is not well either. */
	f = first(&k, night(&k, GH_STATE_UNKNOWN));
	assert_true(f.run == began && f.runs == 2 && f.is_unsure);
	f = first(&k, night(&k, GH_STATE_KNOWN));
	assert_int_equal(f.run, began);
	assert_int_equal(f.started_s, k.info.started_s - INT64_C(3) * DAY_S);
	/* Of the night between nothing could be told. */
	assert_int_equal(f.runs, 2);
	assert_false(f.is_open);
	/* What came later says nothing of an earlier run. */
	assert_int_equal(first(&k, passed).run, 0);
	kit_finish(&k);
}

static void others_do_not_count(void **state)
{
	struct gh_run_info mine;
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	night(&k, GH_STATE_FAIL);
	mine = k.info;
	strcpy(k.info.serial, "LM-0043");
	night(&k, GH_STATE_PASS);
	k.info = mine;
	k.info.simulated = !mine.simulated;
	night(&k, GH_STATE_PASS);
	k.info = mine;
	strcpy(k.info.port, GH_PORT_REPLAY "a.wire");
	night(&k, GH_STATE_PASS);
	k.info = mine;
	assert_int_equal(first(&k, night(&k, GH_STATE_FAIL)).run, 1);
	kit_finish(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_of_one_part_alone),
		cmocka_unit_test(it_began_after_the_last_pass),
		cmocka_unit_test(others_do_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
