/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store gives back what it was given, to the last NaN, and never changes a
 * row. Those that it cannot have written: test_store_damage.
 */
#include "unit/test_store_kit.h" /* struct kit */

static void same_double(double a, double b)
{
	if (isnan(a) && isnan(b))
		return;
	assert_memory_equal(&a, &b, sizeof a);
}

#define SAME_TEXT(f) assert_string_equal(a->f, b->f)
#define SAME(f) assert_int_equal(a->f, b->f)
#define SAME_REAL(f) same_double(a->f, b->f)

static void same_info(const struct gh_run_info *a, const struct gh_run_info *b)
{
	SAME(run);
	SAME(session);
	SAME_TEXT(rig);
	SAME_TEXT(serial);
	SAME_TEXT(rig_sha256);
	SAME_TEXT(profile);
	SAME_TEXT(only);
	SAME_TEXT(version);
	SAME_TEXT(port);
	SAME(started_s);
	SAME_REAL(deadline_s);
	SAME_TEXT(driver);
	SAME_TEXT(model);
	SAME_TEXT(firmware);
	SAME_TEXT(device);
	SAME_TEXT(boot);
	SAME(simulated);
	SAME(time_scale);
	SAME(motion_allowed);
	SAME(end);
	SAME_REAL(duration_s);
	SAME_REAL(motion_s);
	SAME_TEXT(error);
	SAME_TEXT(advice);
	SAME(exercises);
	SAME(baseline);
	SAME_TEXT(baseline_name);
	SAME_TEXT(baseline_sha256);
	SAME(baseline_runs);
	SAME(baseline_sessions);
	SAME(baseline_comparable);
	SAME(key.n);
	for (unsigned i = 0; i < a->key.n; i++) {
		SAME_TEXT(key.field[i].name);
		SAME_TEXT(key.field[i].value);
	}
}

static void same_finding(const struct gh_finding *a, const struct gh_finding *b)
{
	assert_ptr_equal(a->metric, b->metric);
	SAME_TEXT(id);
	SAME(part);
	SAME(state);
	SAME(reason);
	SAME_REAL(value);
	SAME_REAL(expected);
	SAME_REAL(limit_lo);
	SAME_REAL(limit_hi);
	SAME_REAL(notices);
	SAME(hard);
	SAME(beyond);
	SAME(repeats);
	SAME(unit);
	for (int i = 0; i < 3; i++) {
		SAME_REAL(v[i]);
		SAME_REAL(base[i]);
	}
	SAME_TEXT(note);
}

static void same_or_null(const char *a, const char *b)
{
	if (a && b)
		assert_string_equal(a, b);
	else
		assert_ptr_equal(a, b);
}

static void same_diagnosis(const struct gh_diagnosis *a,
			   const struct gh_diagnosis *b)
{
	same_or_null(a->fault, b->fault);
	SAME(part);
	SAME_REAL(confidence);
	SAME(n_evidence);
	for (unsigned i = 0; i < a->n_evidence; i++)
		SAME_TEXT(evidence[i]);
	same_or_null(a->title, b->title);
	same_or_null(a->action, b->action);
	same_or_null(a->other, b->other);
	SAME(severity);
}

static void same_result(const struct gh_result *a, const struct gh_result *b)
{
	SAME(verdict);
	SAME(n_findings);
	SAME(n_diagnoses);
	SAME(n_parts);
	SAME(n_gates);
	SAME(comparable);
	SAME(n_why_not);
	SAME_TEXT(why);
	for (size_t i = 0; i < a->n_findings; i++)
		same_finding(&a->findings[i], &b->findings[i]);
	for (size_t i = 0; i < a->n_diagnoses; i++)
		same_diagnosis(&a->diagnoses[i], &b->diagnoses[i]);
	for (size_t i = 0; i < a->n_parts; i++)
		assert_memory_equal(&a->parts[i], &b->parts[i],
				    sizeof a->parts[i]);
	for (size_t i = 0; i < a->n_why_not; i++)
		SAME_TEXT(why_not[i]);
}

static void same_recording(const struct gh_store_recording *a,
			   const struct gh_store_recording *b)
{
	SAME(rig_bytes);
	assert_memory_equal(a->rig_text, b->rig_text, a->rig_bytes);
	SAME(n_channels);
	SAME(n_chunks);
	SAME(n_spans);
	SAME(n_facts);
	for (size_t i = 0; i < a->n_chunks; i++) {
		SAME(chunks[i].channel);
		SAME(chunks[i].t0_us);
		SAME(chunks[i].step_us);
		SAME(chunks[i].n);
		assert_memory_equal(a->chunks[i].raw, b->chunks[i].raw,
				    a->chunks[i].n * 2);
		assert_int_equal(!a->chunks[i].times_us,
				 !b->chunks[i].times_us);
		if (a->chunks[i].times_us)
			assert_memory_equal(a->chunks[i].times_us,
					    b->chunks[i].times_us,
					    a->chunks[i].n * 8);
	}
}

static void same_pieces(const struct gh_store_recording *a,
			const struct gh_store_recording *b)
{
	for (size_t i = 0; i < a->n_channels; i++) {
		SAME(channels[i].channel);
		SAME_TEXT(channels[i].part);
		SAME(channels[i].what);
		SAME(channels[i].measured);
		SAME_REAL(channels[i].scale);
		SAME_REAL(channels[i].rate_hz);
		SAME(channels[i].step_us);
		SAME(channels[i].lo);
		SAME(channels[i].hi);
		SAME(channels[i].link);
	}
	for (size_t i = 0; i < a->n_spans; i++) {
		SAME_TEXT(spans[i].part);
		SAME(spans[i].exercise);
		SAME(spans[i].repeat);
		SAME(spans[i].arg);
		SAME(spans[i].shape);
		SAME(spans[i].begin_us);
		SAME(spans[i].end_us);
		SAME_REAL(spans[i].from_rad);
		SAME_REAL(spans[i].to_rad);
		for (int d = 0; d < 4; d++)
			SAME_REAL(spans[i].drive[d]);
	}
	for (size_t i = 0; i < a->n_facts; i++) {
		SAME_TEXT(facts[i].name);
		SAME_TEXT(facts[i].value);
	}
}

/* ---- Round trips -----------------------------------------------------------*/

static void check_run(struct kit *k, int64_t run)
{
	struct gh_run_info info;
	struct gh_store_recording rec;

	kit_ok(k, gh_store_get_run(k->st, run, &info, &k->err));
	same_info(&k->info, &info);
	kit_ok(k, gh_store_get_recording(k->st, run, &rec, &k->err));
	same_recording(&k->rec, &rec);
	same_pieces(&k->rec, &rec);
	gh_store_recording_free(&rec);
}

static void check_said(struct kit *k, int64_t run)
{
	struct gh_result *said = malloc(sizeof *said);
	struct gh_judge_part parts[GH_JUDGE_PARTS];
	struct gh_not_listed not [GH_NOT_LISTED];
	unsigned n_parts = 0;
	size_t n_not = 0;

	memset(said, 0xAA, sizeof *said);
	memset(parts, 0, sizeof parts);
	kit_ok(k, gh_store_get_result(k->st, run, kit_find, parts, &n_parts,
				      said, not, &n_not, &k->err));
	same_result(k->result, said);
	assert_int_equal(n_parts, 3);
	for (int i = 0; i < 3; i++) {
		assert_string_equal(parts[i].name, k->parts[i].name);
		assert_int_equal(parts[i].kind, k->parts[i].kind);
		assert_int_equal(parts[i].chain, k->parts[i].chain);
		assert_int_equal(parts[i].order, k->parts[i].order);
		assert_int_equal(parts[i].look_by_eye, k->parts[i].look_by_eye);
		assert_int_equal(parts[i].in_profile, k->parts[i].in_profile);
	}
	assert_int_equal(n_not, 2);
	assert_string_equal(not [1].part, "remote");
	assert_string_equal(not [1].reason, "not in this profile");
	free(said);
}

static void everything_comes_back(void **state)
{
	struct kit k;
	int64_t run;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	run = kit_run(&k);
	assert_int_equal(run, 1);
	check_run(&k, run);
	check_said(&k, run);
	/* and again from the file */
	kit_open(&k);
	check_run(&k, run);
	check_said(&k, run);
	kit_ok(&k, gh_store_check(k.st, &k.err));
	kit_finish(&k);
}

static void measures_keep_their_reasons(void **state)
{
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM measure"),
			 KIT_MEASURES);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM measure WHERE "
				       "reason = 'SATURATED' AND v0 IS NULL "
				       "AND note <> ''"),
			 KIT_MEASURES / 4);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM measure WHERE "
				       "version = 3 AND unit = 'A' AND part = "
				       "'core' AND rep10 IS NULL AND v1 IS "
				       "NULL"),
			 13);
	kit_finish(&k);
}

static void a_rig_file_is_stored_once(void **state)
{
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	kit_run(&k);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM stage"), 1);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM recording"), 2);
	kit_finish(&k);
}

static void a_run_may_end_with_nothing(void **state)
{
	struct gh_judge_part parts[GH_JUDGE_PARTS];
	struct gh_not_listed not [GH_NOT_LISTED];
	struct gh_store_recording rec;
	struct gh_run_info info;
	unsigned n_parts;
	size_t n_not;
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_ok(&k, gh_store_begin_run(k.st, &k.info, &k.err));
	k.info.end = GH_RUN_FAILED;
	k.info.deadline_s = 60;
	k.info.duration_s = NAN;
	kit_ok(&k, gh_store_end_run(k.st, &k.info, NULL, NULL, 0, NULL, 0, NULL,
				    NULL, 0, &k.err));
	kit_ok(&k, gh_store_get_run(k.st, 1, &info, &k.err));
	same_info(&k.info, &info);
	assert_int_equal(gh_store_get_result(k.st, 1, NULL, parts, &n_parts,
					     k.result, not, &n_not, &k.err),
			 GH_NODATA);
	assert_int_equal(gh_store_get_recording(k.st, 1, &rec, &k.err),
			 GH_NODATA);
	kit_finish(&k);
}

static void an_unknown_run_is_no_data(void **state)
{
	struct gh_run_info info;
	int64_t run = 77;
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	assert_int_equal(gh_store_last_run(k.st, NULL, &run, &k.err),
			 GH_NODATA);
	assert_int_equal(run, 77);
	assert_int_equal(gh_store_get_run(k.st, 4, &info, &k.err), GH_NODATA);
	assert_non_null(strstr(k.err.msg, "there is no run 4"));
	/* a run that has not ended is none yet */
	kit_ok(&k, gh_store_begin_run(k.st, &k.info, &k.err));
	assert_int_equal(gh_store_get_run(k.st, 1, &info, &k.err), GH_NODATA);
	kit_ok(&k, kit_end(&k));
	kit_ok(&k, gh_store_last_run(k.st, "LM-0042", &run, &k.err));
	assert_int_equal(run, 1);
	assert_int_equal(gh_store_last_run(k.st, "LM-7", &run, &k.err),
			 GH_NODATA);
	kit_finish(&k);
}

/* ---- Never changed ---------------------------------------------------------*/

static void refused(struct kit *k, const char *verb, const char *table,
		    const char *rest)
{
	char sql[200];

	snprintf(sql, sizeof sql, "%s %s %s", verb, table, rest);
	if (gh_sql_exec(k->st, sql, &k->err) == GH_OK)
		fail_msg("allowed: %s", sql);
}

static void no_row_is_ever_changed(void **state)
{
	static const char *const tables[] = {
		"run",
		"run_end",
		"run_key",
		"stage",
		"recording",
		"channel",
		"chunk",
		"span",
		"fact",
		"part",
		"measure",
		"part_result",
		"finding",
		"diagnosis",
		"evidence",
		"not_checked",
		"verdict",
		"why_not",
		"baseline",
		"baseline_member",
		"baseline_seal",
		"self",
		"remark",
		"content",
		"attachment",
		"accept",
		"accept_seen",
		"origin",
		"baseline_origin",
		"chain",
		"chain_start",
	};
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	kit_ok(&k, gh_store_baseline_add(k.st, "w", 1, &k.err));
	kit_ok(&k, gh_store_baseline_seal(k.st, "w", "me", "why", 5, &k.err));
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM sqlite_schema "
				       "WHERE type = 'table' AND name NOT "
				       "LIKE 'sqlite_%'"),
			 GH_ARRAY_SIZE(tables));
	/* UPDATE, DELETE, and a late INSERT */
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM sqlite_schema "
				       "WHERE type = 'trigger' AND sql LIKE "
				       "'%RAISE(ABORT%'"),
			 3 * GH_ARRAY_SIZE(tables));
	for (size_t i = 0; i < GH_ARRAY_SIZE(tables); i++) {
		if (kit_is_empty(&k, tables[i]))
			continue; /* test_store_people fills those */
		refused(&k, "DELETE FROM", tables[i], "");
		assert_non_null(strstr(k.err.msg, "never changed"));
	}
	kit_finish(&k);
}

static void replace_does_not_get_past_it(void **state)
{
	static const char *const all[] = {
		"INSERT OR REPLACE INTO run SELECT * FROM run",
		"INSERT OR REPLACE INTO run_end SELECT * FROM run_end",
		"INSERT OR REPLACE INTO stage SELECT * FROM stage",
		"INSERT OR REPLACE INTO measure SELECT * FROM measure",
		"INSERT OR REPLACE INTO verdict SELECT * FROM verdict",
		"INSERT INTO fact VALUES (1, 99, 'late', 'fact')",
		"UPDATE verdict SET verdict = 'READY'",
		"UPDATE measure SET v0 = 0",
		"PRAGMA writable_schema = ON; DELETE FROM sqlite_schema",
	};
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	for (size_t i = 0; i < GH_ARRAY_SIZE(all); i++) {
		if (gh_sql_exec(k.st, all[i], &k.err) == GH_OK)
			fail_msg("allowed: %s", all[i]);
	}
	check_run(&k, 1);
	check_said(&k, 1);
	kit_finish(&k);
}

static void a_run_ends_once(void **state)
{
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	assert_int_equal(kit_end(&k), GH_STORE);
	assert_non_null(strstr(k.err.msg, "has ended"));
	k.info.run = 99;
	assert_int_equal(kit_end(&k), GH_STORE);
	kit_finish(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_comes_back),
		cmocka_unit_test(measures_keep_their_reasons),
		cmocka_unit_test(a_rig_file_is_stored_once),
		cmocka_unit_test(a_run_may_end_with_nothing),
		cmocka_unit_test(an_unknown_run_is_no_data),
		cmocka_unit_test(no_row_is_ever_changed),
		cmocka_unit_test(replace_does_not_get_past_it),
		cmocka_unit_test(a_run_ends_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
