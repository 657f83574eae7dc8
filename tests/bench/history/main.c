/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history FILE [RUNS [METRICS]] - ten years of nights in one database: 3650
 * runs of 300 metrics on 12 joints, written by the store itself, without
 * recordings. What is in it follows from a fixed sequence of numbers.
 */
#include "engine/probe.h" /* gh_probes */
#include "store/remark.h" /* gh_store_remark */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JOINTS = 12, RUNS = 3650, METRICS = 300, MEMBERS = 8, DAY_S = 86400 };
#define FIRST_NIGHT_S 1500000000

struct night {
	struct gh_store *st;
	struct gh_run_info info;
	struct gh_judge_part parts[JOINTS];
	struct gh_measure measures[GH_JUDGE_FINDINGS];
	struct gh_result result;
	size_t n;
	uint32_t random;
};

/* xorshift32; 0..1 */
static double draw(struct night *x)
{
	x->random ^= x->random << 13;
	x->random ^= x->random >> 17;
	x->random ^= x->random << 5;
	return x->random / 4294967296.0;
}

static void name_parts(struct night *x)
{
	for (unsigned j = 0; j < JOINTS; j++) {
		struct gh_judge_part *p = &x->parts[j];

		*p = (struct gh_judge_part){ .kind = GH_PART_JOINT,
					     .chain = (int)(j / 3),
					     .order = j % 3,
					     .in_profile = true };
		snprintf(p->name, sizeof p->name, "arm%u.joint%u", j / 3,
			 j % 3);
	}
}

/* The k-th scalar metric of the program; its names come round again. */
static const struct gh_metric *metric_of(size_t k)
{
	size_t n = 0;

	for (;;)
		for (size_t p = 0; gh_probes[p]; p++)
			for (const struct gh_metric *m = gh_probes[p]->metrics;
			     m->id; m++)
				if (!strchr(m->id, '*') && n++ == k)
					return m;
}

static void measure(struct night *x, int run)
{
	for (size_t i = 0; i < x->n; i++) {
		struct gh_measure *m = &x->measures[i];
		struct gh_finding *f = &x->result.findings[i];

		memset(m, 0, sizeof *m);
		memset(f, 0, sizeof *f);
		m->metric = f->metric = metric_of(i / JOINTS);
		snprintf(m->id, sizeof m->id, "%s", m->metric->id);
		snprintf(f->id, sizeof f->id, "%s", m->metric->id);
		m->part = f->part = (int)(i % JOINTS);
		/* One joint gets slowly worse. */
		m->v[0] =
			1 + 0.05 * draw(x) + (i == 0 ? 0.2 * run / RUNS : 0.0);
		m->rep[0][0] = m->rep[1][0] = m->v[0];
		f->value = f->v[0] = m->v[0];
		f->expected = 1.025;
		f->limit_lo = 0.8;
		f->limit_hi = 1.25;
		f->notices = 0.3;
		f->unit = m->metric->unit;
	}
	x->result.n_findings = x->n;
	x->result.n_parts = JOINTS;
	for (unsigned j = 0; j < JOINTS; j++)
		x->result.parts[j] = (struct gh_part_result){ .diagnosis = -1,
							      .worst = (int)j,
							      .n_pass = 25 };
	x->result.comparable = true;
	strcpy(x->result.why, "everything is inside its limits");
}

static enum gh_status add_run(struct night *x, int run, struct gh_err *err)
{
	struct gh_run_info *info = &x->info;
	enum gh_status st;

	info->started_s = FIRST_NIGHT_S + (int64_t)run * DAY_S;
	snprintf(info->boot, sizeof info->boot, "boot-%d", run / 7);
	snprintf(info->firmware, sizeof info->firmware, "1.%d.0", run / 500);
	st = gh_store_begin_run(x->st, info, err);
	measure(x, run);
	if (st == GH_OK)
		st = gh_store_end_run(x->st, info, NULL, x->parts, JOINTS,
				      x->measures, x->n, &x->result, NULL, 0,
				      err);
	return st;
}

static void describe(struct gh_run_info *info)
{
	strcpy(info->rig, "bench");
	strcpy(info->serial, "LM-3650");
	strcpy(info->profile, "nightly");
	strcpy(info->version, "bench");
	strcpy(info->port, "/dev/ttyACM0");
	strcpy(info->driver, "lumina");
	strcpy(info->model, "bench");
	info->motion_allowed = true;
	info->duration_s = info->deadline_s = 60;
	info->baseline_sessions = 3;
	info->key.n = 1;
	strcpy(info->key.field[0].name, "driver");
	strcpy(info->key.field[0].value, "lumina");
}

static enum gh_status build(struct night *x, int runs, struct gh_err *err)
{
	struct gh_remark r = { .kind = GH_REMARK_NOTE, .text = "greased" };
	enum gh_status st = GH_OK;

	strcpy(r.serial, "LM-3650");
	for (int run = 0; st == GH_OK && run < runs; run++) {
		st = add_run(x, run, err);
		if (st == GH_OK && run < MEMBERS)
			st = gh_store_baseline_add(x->st, "first", x->info.run,
						   err);
		r.at_s = x->info.started_s;
		if (st == GH_OK && run % 100 == 99)
			st = gh_store_remark(x->st, &r, NULL, 0, err);
	}
	return st == GH_OK
		       ? gh_store_baseline_seal(x->st, "first", "bench",
						"a bench", FIRST_NIGHT_S, err)
		       : st;
}

int main(int argc, char **argv)
{
	struct night *x = calloc(1, sizeof *x);
	struct gh_err err = { 0 };
	int code = 1;

	if (argc < 2 || !x) {
		fprintf(stderr, "usage: history FILE [RUNS [METRICS]]\n");
		free(x);
		return 64;
	}
	x->random = 1;
	x->n = argc > 3 ? (size_t)atoi(argv[3]) : METRICS;
	name_parts(x);
	describe(&x->info);
	if (x->n <= GH_JUDGE_FINDINGS &&
	    gh_store_open(&x->st, argv[1], GH_STORE_WRITE, &err) == GH_OK &&
	    build(x, argc > 2 ? atoi(argv[2]) : RUNS, &err) == GH_OK)
		code = 0;
	else
		fprintf(stderr, "history: %s\n", err.msg);
	gh_store_close(x->st);
	free(x);
	return code;
}
