/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_store_kit - a folder of one's own, and a run with something of
 * everything in it, for the tests of src/store.
 */
#ifndef GH_TEST_STORE_KIT_H
#define GH_TEST_STORE_KIT_H

#include "store/private.h" /* struct gh_store */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define KIT static inline __attribute__((unused))

enum { KIT_MEASURES = 40, KIT_SAMPLES = 500 };

struct kit {
	char folder[64], path[96];
	struct gh_store *st;
	struct gh_err err;
	/* a run */
	struct gh_run_info info;
	struct gh_judge_part parts[3];
	struct gh_measure measures[KIT_MEASURES];
	struct gh_result *result;
	struct gh_not_listed not_checked[2];
	struct gh_store_recording rec;
	struct gh_store_channel channels[2];
	struct gh_store_chunk chunks[3];
	struct gh_store_span spans[2];
	struct gh_store_fact facts[2];
	int16_t raw[KIT_SAMPLES];
	int64_t times[KIT_SAMPLES];
};

static const struct gh_metric kit_metric = {
	.id = "joint.coulomb",
	.version = 3,
	.unit = GH_UNIT_AMPERE,
	.meaning = "friction",
};

KIT const struct gh_metric *kit_find(const char *id)
{
	return strcmp(id, "joint.coulomb") == 0 ? &kit_metric : NULL;
}

KIT void kit_info(struct gh_run_info *info)
{
	memset(info, 0, sizeof *info);
	strcpy(info->rig, "lumina");
	strcpy(info->serial, "LM-0042");
	strcpy(info->rig_sha256, "00ff");
	strcpy(info->profile, "preshow");
	strcpy(info->version, "0.1.0");
	strcpy(info->port, "/dev/pts/3");
	info->started_s = 1795373561;
	info->deadline_s = 60;
	strcpy(info->driver, "lumina");
	strcpy(info->model, "M1");
	strcpy(info->firmware, "1.2.3");
	strcpy(info->device, "0123");
	strcpy(info->boot, "boot-1");
	info->simulated = true;
	info->time_scale = 8;
	info->motion_allowed = true;
	info->end = GH_RUN_COMPLETE;
	info->duration_s = 51.25;
	info->motion_s = 33.5;
	strcpy(info->error, "it's \"quoted\"; DROP TABLE run");
	strcpy(info->advice, "replug");
	info->exercises = 0xFFFFFFFFu;
	info->baseline = 7;
	strcpy(info->baseline_name, "winter");
	strcpy(info->baseline_sha256, "abcd");
	info->baseline_runs = 8;
	info->baseline_sessions = 3;
	info->baseline_comparable = true;
	info->key.n = 2;
	strcpy(info->key.field[0].name, "firmware");
	strcpy(info->key.field[0].value, "1.2.3");
	strcpy(info->key.field[1].name, "profile");
	strcpy(info->key.field[1].value, "preshow");
}

KIT void kit_parts(struct kit *k)
{
	const struct gh_judge_part parts[] = {
		{ "hope.shoulder", GH_PART_JOINT, 0, 0, false, true },
		{ "core", GH_PART_CORE, -1, 2, true, false },
		{ "link", GH_PART_LINK, -1, 0, false, true },
	};

	memcpy(k->parts, parts, sizeof parts);
}

KIT void kit_measures(struct kit *k)
{
	for (int i = 0; i < KIT_MEASURES; i++) {
		struct gh_measure *m = &k->measures[i];

		memset(m, 0, sizeof *m);
		m->metric = &kit_metric;
		snprintf(m->id, sizeof m->id, "joint.m%02d", i);
		m->part = i % 3;
		for (int c = 0; c < 3; c++) {
			m->v[c] = c ? NAN : 0.1 * i;
			m->rep[0][c] = c ? NAN : 0.1 * i - 0.01;
			m->rep[1][c] = NAN;
		}
		if (i % 4 == 3) {
			m->reason = GH_REASON_SATURATED;
			m->v[0] = NAN;
			strcpy(m->note, "too bright, 100 % of the time");
		}
	}
}

KIT void kit_findings(struct gh_result *r)
{
	for (size_t i = 0; i < 30; i++) {
		struct gh_finding *f = &r->findings[i];

		strcpy(f->id, i % 2 ? "core.colour_x" : "joint.coulomb");
		f->metric = kit_find(f->id);
		f->part = (int)(i % 3) - (i == 29 ? 3 : 0);
		f->state = (enum gh_state)(i % (GH_STATE_SKIPPED + 1));
		f->reason = (enum gh_reason)(i % GH_REASON_COUNT);
		f->value = 0.1 * (double)i;
		f->expected = i % 2 ? NAN : 1e-300;
		f->limit_lo = NAN;
		f->limit_hi = INFINITY;
		f->notices = 3.3;
		f->hard = i % 5 == 0;
		f->beyond = 2;
		f->repeats = 3;
		f->unit = (enum gh_unit)(i % GH_UNIT_COUNT);
		f->v[0] = f->base[2] = 95.047;
		f->v[2] = f->base[0] = NAN;
		strcpy(f->note, "seen twice");
	}
	r->n_findings = 30;
}

KIT void kit_result(struct kit *k)
{
	static const char *const faults[] = { "limp", "dim_core", NULL };
	struct gh_result *r = k->result;

	memset(r, 0, sizeof *r);
	r->verdict = GH_VERDICT_WATCH;
	kit_findings(r);
	for (size_t i = 0; i < 3; i++) {
		struct gh_diagnosis *d = &r->diagnoses[i];

		d->fault = faults[i];
		d->part = (int)i - 1;
		d->confidence = 0.75;
		d->n_evidence = (unsigned)i + 1;
		for (unsigned e = 0; e < d->n_evidence; e++)
			snprintf(d->evidence[e], GH_NOTE_CAP, "because %u", e);
		d->title = "arm hangs limp";
		d->action = i ? "check the plug" : NULL;
		d->other = i ? NULL : "a dry joint: warm it up";
		d->severity = i ? GH_VERDICT_HOLD : GH_VERDICT_UNSURE;
	}
	r->n_diagnoses = 3;
	for (unsigned i = 0; i < 3; i++)
		r->parts[i] = (struct gh_part_result){ i ? GH_VERDICT_READY
							 : GH_VERDICT_NOT_RUN,
						       GH_REASON_NO_SENSOR,
						       (int)i - 1,
						       5,
						       1,
						       2,
						       3,
						       4,
						       5 };
	r->n_parts = 3;
	r->n_gates = 150;
	r->comparable = true;
	strcpy(r->why_not[0], "firmware 1.2 against 1.3");
	strcpy(r->why_not[1], "another profile");
	r->n_why_not = 2;
	strcpy(r->why, "one metric to watch");
}

KIT void kit_recording(struct kit *k)
{
	static const char rig[] = "[rig]\nname = lumina\n";

	for (int i = 0; i < KIT_SAMPLES; i++) {
		k->raw[i] = (int16_t)(i * 131 - 32768);
		k->times[i] = 1000000007LL * i;
	}
	k->channels[0] = (struct gh_store_channel){
		0,    "hope.shoulder", GH_Q_POSITION, true, 1e-4, 1000,
		1000, -32768,	       32767,	      0
	};
	k->channels[1] =
		(struct gh_store_channel){ 1, "core", GH_Q_LIGHT, false, 1e-3,
					   0, 0,      0,	  1023,	 1 };
	k->chunks[0] = (struct gh_store_chunk){ 0, 5, 1000, 300, k->raw, NULL };
	k->chunks[1] = (struct gh_store_chunk){ 0,   900000,	   1000,
						200, k->raw + 300, NULL };
	k->chunks[2] = (struct gh_store_chunk){ 1,	     0,	     0,
						KIT_SAMPLES, k->raw, k->times };
	k->spans[0] = (struct gh_store_span){
		"hope.shoulder", 2, 1, 0, 2, 10, 9999999999LL, -0.5, 0.5,
		{ 0, 0, 0, 0 }
	};
	k->spans[1] = (struct gh_store_span){
		"core", 9, 0, 3, 0, 10, 20, NAN, NAN, { 1, 0.5, 0.25, 0 }
	};
	k->facts[0] = (struct gh_store_fact){ "frames_good", "123456" };
	k->facts[1] = (struct gh_store_fact){ "reset_cause", "power" };
	k->rec = (struct gh_store_recording){
		rig, sizeof rig - 1, k->channels, 2,	    k->chunks,
		3,   k->spans,	     2,		  k->facts, 2
	};
}

/* Everything afresh; the database is not opened. */
KIT void kit_init(struct kit *k)
{
	memset(k, 0, sizeof *k);
	strcpy(k->folder, "/tmp/ghostlight-store-XXXXXX");
	assert_non_null(mkdtemp(k->folder));
	snprintf(k->path, sizeof k->path, "%s/runs.db", k->folder);
	k->result = calloc(1, sizeof *k->result);
	assert_non_null(k->result);
	kit_info(&k->info);
	kit_parts(k);
	kit_measures(k);
	kit_result(k);
	kit_recording(k);
	strcpy(k->not_checked[0].part, "chrome.hope");
	strcpy(k->not_checked[0].reason, "look by eye");
	strcpy(k->not_checked[1].part, "remote");
	strcpy(k->not_checked[1].reason, "not in this profile");
}

/* With "." and "..". */
KIT int kit_count_files(const char *folder)
{
	DIR *dir = opendir(folder);
	int n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

KIT void kit_empty_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *e;
	char name[400];

	assert_non_null(dir);
	while ((e = readdir(dir))) {
		snprintf(name, sizeof name, "%s/%s", folder, e->d_name);
		if (e->d_name[0] != '.' && unlink(name) != 0)
			rmdir(name);
	}
	closedir(dir);
}

KIT void kit_finish(struct kit *k)
{
	gh_store_close(k->st);
	chmod(k->folder, 0700);
	kit_empty_folder(k->folder);
	rmdir(k->folder);
	free(k->result);
}

/* Fails the test with the message of the store. */
#define kit_ok(k, call)                                                        \
	do {                                                                   \
		if ((call) != GH_OK)                                           \
			fail_msg("%s: %s", #call, (k)->err.msg);               \
	} while (0)

KIT void kit_open(struct kit *k)
{
	gh_store_close(k->st);
	k->st = NULL;
	kit_ok(k, gh_store_open(&k->st, k->path, GH_STORE_WRITE, &k->err));
}

KIT enum gh_status kit_end(struct kit *k)
{
	return gh_store_end_run(k->st, &k->info, &k->rec, k->parts, 3,
				k->measures, KIT_MEASURES, k->result,
				k->not_checked, 2, &k->err);
}

/* A whole run; returns its id. */
KIT int64_t kit_run(struct kit *k)
{
	kit_ok(k, gh_store_begin_run(k->st, &k->info, &k->err));
	kit_ok(k, kit_end(k));
	return k->info.run;
}

KIT int64_t kit_count(struct kit *k, const char *sql)
{
	int64_t n = -1;

	kit_ok(k, gh_sql_number(k->st, sql, 0, &n, &k->err));
	return n;
}

KIT bool kit_is_empty(struct kit *k, const char *table)
{
	char sql[80];

	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
	return kit_count(k, sql) == 0;
}

/* Nothing keeps the rows of this one from being changed any more. */
KIT void kit_drop_guards(struct kit *k)
{
	char sql[120];
	sqlite3_stmt *stmt;

	do {
		sql[0] = '\0';
		assert_int_equal(
			sqlite3_prepare_v2(
				k->st->db,
				"SELECT 'DROP TRIGGER ' || name FROM "
				"sqlite_schema WHERE type = 'trigger' LIMIT 1",
				-1, &stmt, NULL),
			SQLITE_OK);
		if (sqlite3_step(stmt) == SQLITE_ROW)
			gh_copy_text(sql, sizeof sql,
				     (const char *)sqlite3_column_text(stmt,
								       0));
		sqlite3_finalize(stmt);
		kit_ok(k, gh_sql_exec(k->st, sql, &k->err));
	} while (sql[0]);
	kit_ok(k, gh_sql_exec(k->st,
			      "PRAGMA foreign_keys = OFF; "
			      "PRAGMA ignore_check_constraints = ON",
			      &k->err));
}

#endif
