/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fakes/rehearsal.h"

#include "base/sha256.h"
#include "engine/probe.h"
#include "engine/stage.h"
#include "report/report.h"
#include "sim/plant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RUNS_MAX 24
#define BUDGET_US (60 * (gh_us)GH_US_PER_S)

static void open_sim(struct gh_rehearsal *r, struct gh_world *w,
		     unsigned session, const char *const *faults,
		     size_t n_faults)
{
	const struct gh_sim_setup setup = { .rig = r->rig,
					    .seed = r->seed,
					    .session = session,
					    .time_scale = 1,
					    .faults = faults,
					    .n_faults = n_faults,
					    .stagehand = r->guided };

	gh_world_open_sim(w, &setup);
	if (r->run > 0)
		gh_plant_another_run(gh_sim_device_plant(w->device),
				     r->seed ^ (uint64_t)session << 40 ^
					     (uint64_t)r->run << 32);
}

void gh_rehearsal_open(struct gh_rehearsal *r, const struct gh_rig *rig,
		       uint64_t seed)
{
	memset(r, 0, sizeof *r);
	r->rig = rig;
	r->seed = seed;
	r->driver = gh_driver_find("lumina");
	r->budget_us = BUDGET_US;
	r->open_world = open_sim;
	r->n_parts = gh_stage_parts(rig, -1, r->parts);
	r->measures = calloc(GH_JUDGE_FINDINGS, sizeof *r->measures);
	r->values =
		calloc(RUNS_MAX * (size_t)GH_JUDGE_FINDINGS, sizeof *r->values);
	r->result = calloc(1, sizeof *r->result);
	assert_non_null(r->driver);
	assert_true(r->measures && r->values && r->result);
}

void gh_rehearsal_close(struct gh_rehearsal *r)
{
	free(r->measures);
	free(r->values);
	free(r->result);
	json_decref(r->json);
}

/* What was recorded, as one number: the same seed must give the same. */
static void fingerprint(const struct gh_recording *rec, char out[65])
{
	struct gh_sha256 h;

	gh_sha256_init(&h);
	for (unsigned c = 0; c < gh_recording_channels(rec); c++) {
		for (size_t i = 0; i < gh_recording_count(rec, c); i++) {
			gh_us at;
			int16_t raw;

			gh_recording_raw(rec, c, i, &at, &raw);
			gh_sha256_update(&h, &at, sizeof at);
			gh_sha256_update(&h, &raw, sizeof raw);
		}
	}
	gh_sha256_finish(&h, out);
}

static void measure(struct gh_rehearsal *r, unsigned session,
		    const char *const *faults, size_t n_faults)
{
	struct gh_world w;
	struct gh_run_config config = { .rig = r->rig,
					.driver = r->driver,
					.budget_us = r->budget_us,
					.allow_motion = true,
					.guided = r->guided,
					.only = -1 };

	r->open_world(r, &w, session, faults, n_faults);
	config.link = &w.link;
	config.clock = &w.clock;
	config.begun = gh_now(&w.clock);
	gh_run(&config, &r->ran);
	r->n_measures = 0;
	if (r->ran.rec && r->ran.plan) {
		r->n_measures = gh_probes_run(gh_probes, r->ran.rec,
					      r->ran.plan->exercises,
					      r->measures, GH_JUDGE_FINDINGS);
		fingerprint(r->ran.rec, r->recording);
	}
	gh_run_finish(&r->ran);
	gh_world_close(&w);
}

static void remember(struct gh_rehearsal *r, unsigned run, unsigned session)
{
	for (size_t i = 0; i < r->n_measures; i++) {
		const struct gh_measure *m = &r->measures[i];
		struct gh_base_value *v = &r->values[r->n_values];

		if (m->reason != GH_REASON_NONE)
			continue;
		strcpy(v->part, r->parts[m->part].name);
		strcpy(v->id, m->id);
		v->version = m->metric->version;
		v->run = run;
		v->session = session;
		memcpy(v->v, m->v, sizeof v->v);
		memcpy(v->rep, m->rep, sizeof v->rep);
		r->n_values++;
	}
}

static int by_id_and_part(const void *a, const void *b)
{
	const struct gh_base_value *x = a, *y = b;
	const int id = strcmp(x->id, y->id);

	return id ? id : strcmp(x->part, y->part);
}

void gh_rehearsal_baseline(struct gh_rehearsal *r, unsigned runs,
			   unsigned sessions)
{
	unsigned last = sessions;

	r->n_values = 0;
	for (unsigned i = 0; i < runs; i++) {
		const unsigned session = i * sessions / runs;

		r->run = session == last ? r->run + 1 : 0;
		last = session;
		measure(r, session + 1, NULL, 0);
		if (r->ran.how != GH_RUN_HOW_COMPLETE)
			fail_msg("baseline run %u: %s", i, r->ran.err.msg);
		remember(r, i, session);
	}
	r->run = 0;
	qsort(r->values, r->n_values, sizeof *r->values, by_id_and_part);
	r->baseline = (struct gh_baseline){ .id = 1,
					    .name = "rehearsal",
					    .sealed = true,
					    .runs = runs,
					    .sessions = sessions,
					    .values = r->values,
					    .n_values = r->n_values };
}

/* What a machine would read of the check. */
static void read_json(struct gh_rehearsal *r)
{
	const struct gh_run_view view = {
		.version = "test",
		.rig = r->rig->name,
		.serial = r->rig->serial,
		.profile = "places",
		.only = "",
		.port = "world",
		.driver = r->driver->name,
		.model = "",
		.firmware = "",
		.simulated = true,
		.time_scale = 1,
		.end = "complete",
		.error = "",
		.advice = "",
		.duration_s = r->ran.duration_s,
		.baseline = r->baseline.name,
		.baseline_runs = r->baseline.runs,
		.baseline_sessions = r->baseline.sessions,
		.parts = r->parts,
		.n_parts = r->n_parts,
		.result = r->result,
		.exit_code = gh_verdict_exit_code(r->result->verdict),
	};
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_true(gh_report_json(&view, out));
	assert_int_equal(fclose(out), 0);
	json_decref(r->json);
	r->json = json_loads(text, 0, NULL);
	free(text);
	assert_non_null(r->json);
}

void gh_rehearsal_check(struct gh_rehearsal *r, unsigned session,
			const char *const *faults, size_t n_faults)
{
	static const struct gh_key same;
	struct gh_judge_in in = { .parts = r->parts,
				  .n_parts = r->n_parts,
				  .measures = r->measures,
				  .key = &same };

	measure(r, session, faults, n_faults);
	in.n_measures = r->n_measures;
	in.baseline = r->baseline.runs ? &r->baseline : NULL;
	in.interrupted = r->ran.how != GH_RUN_HOW_COMPLETE;
	in.unsafe_end = !r->ran.safe_seen;
	gh_judge_run(&in, r->result);
	read_json(r);
}

json_t *gh_rehearsal_found(const struct gh_rehearsal *r, const char *fault,
			   const char *part)
{
	json_t *d;
	size_t i;

	json_array_foreach(json_object_get(r->json, "diagnosis"), i, d)
	{
		const char *f = json_string_value(json_object_get(d, "fault"));
		const char *p = json_string_value(json_object_get(d, "part"));

		if (f && p && strcmp(f, fault) == 0 && strcmp(p, part) == 0)
			return d;
	}
	return NULL;
}

const char *gh_rehearsal_verdict(const struct gh_rehearsal *r)
{
	const char *word =
		json_string_value(json_object_get(r->json, "verdict"));

	return word ? word : "";
}

size_t gh_rehearsal_faults(const struct gh_rehearsal *r)
{
	return json_array_size(json_object_get(r->json, "diagnosis"));
}

void gh_rehearsal_print(const struct gh_rehearsal *r)
{
	const struct gh_result *res = r->result;

	printf("# seed %llu: %s, %s\n", (unsigned long long)r->seed,
	       gh_verdict_name(res->verdict), res->why);
	if (r->ran.err.msg[0])
		printf("# run: %s\n", r->ran.err.msg);
	for (size_t i = 0; i < res->n_diagnoses; i++)
		printf("# diagnosis %s at %s, %.2f\n", res->diagnoses[i].fault,
		       r->parts[res->diagnoses[i].part].name,
		       res->diagnoses[i].confidence);
	for (size_t i = 0; i < res->n_findings; i++) {
		const struct gh_finding *f = &res->findings[i];

		if (f->state == GH_STATE_PASS || f->state == GH_STATE_SKIPPED)
			continue;
		printf("# %-7s %-20s %-24s %.5g expected %.5g "
		       "[%.5g, %.5g] %u/%u %s %s\n",
		       gh_state_name(f->state), r->parts[f->part].name, f->id,
		       f->value, f->expected, f->limit_lo, f->limit_hi,
		       f->beyond, f->repeats, gh_reason_name(f->reason),
		       f->note);
	}
}
