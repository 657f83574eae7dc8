/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the reports of both tests are of: a run of Lumina on HOLD, one fault
 * named; and the golden files they are compared with. Every name, date and
 * reading is invented.
 */
#ifndef TEST_REPORT_KIT_H
#define TEST_REPORT_KIT_H

#include "engine/event.h" /* struct gh_run_view */
#include "judge/judge.h"  /* struct gh_result */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOLDEN "tests/golden/report_"

/* Parts in these states, and no finding yet; what is not run is looked at. */
static void say_states(struct gh_result *result, const enum gh_verdict *states,
		       unsigned n)
{
	memset(result, 0, sizeof *result);
	result->n_parts = n;
	for (unsigned p = 0; p < n; p++) {
		result->parts[p] = (struct gh_part_result){ .state = states[p],
							    .diagnosis = -1,
							    .worst = -1 };
		if (states[p] == GH_VERDICT_NOT_RUN)
			result->parts[p].reason = GH_REASON_LOOK_BY_EYE;
	}
}

/* Its figures are the caller's. */
static struct gh_finding *add_finding(struct gh_result *result, int part,
				      const struct gh_metric *m, const char *id,
				      enum gh_state state)
{
	struct gh_finding *f = &result->findings[result->n_findings++];

	*f = (struct gh_finding){ .metric = m,
				  .part = part,
				  .state = state,
				  .value = NAN,
				  .expected = NAN,
				  .limit_lo = NAN,
				  .limit_hi = NAN,
				  .notices = NAN,
				  .unit = m->unit };
	snprintf(f->id, sizeof f->id, "%s", id);
	result->parts[part].worst = (int)result->n_findings - 1;
	return f;
}

/* The fault of one part; parts and findings are the caller's. */
static void say_fault(struct gh_result *result, int part, const char *fault,
		      const char *why)
{
	result->verdict = GH_VERDICT_HOLD;
	result->comparable = true;
	snprintf(result->why, sizeof result->why, "%s", why);
	result->n_diagnoses = 1;
	result->diagnoses[0] = (struct gh_diagnosis){
		.fault = fault,
		.part = part,
		.confidence = 0.75,
		.n_evidence = 1,
		.title = "arm rubs at one place",
		.action = "Power it off, feel for the rub, check again.",
		.severity = GH_VERDICT_HOLD,
	};
	snprintf(result->diagnoses[0].evidence[0], GH_NOTE_CAP, "hold +41 %%");
	result->parts[part].diagnosis = 0;
}

/* Of run 12 with that fault; what is listed beside it is the caller's. */
static struct gh_run_view view_of(struct gh_result *result,
				  const struct gh_judge_part *parts, int part,
				  const char *fault, const char *why)
{
	static const struct gh_run_safety safety = {
		.watchdog_ms = 100,
		.watchdog_proved_ms = 101.75,
		.stop_ms = (double)NAN,
		.rest_ms = 12.5,
		.safe_seen = true,
		.safe_state = "arms hold, lamps dark",
	};

	say_fault(result, part, fault, why);
	return (struct gh_run_view){
		.run = 12,
		.chain = "9f86d081884c7d659a2feaa0c55ad015"
			 "a3bf4f1b2b0b822cd15d6c15b0f00a08",
		.version = "1.0",
		.rig = "Lumina",
		.serial = "LUM-0001",
		.profile = "places",
		.only = "",
		.port = "/dev/pts/1",
		.driver = "lumina",
		.model = "ghostlight",
		.firmware = "1.0.0",
		.simulated = true,
		.time_scale = 8,
		.end = "complete",
		.error = "",
		.advice = "",
		.started_s = 1795373561,
		.duration_s = 58.2,
		.motion_s = 53,
		.deadline_s = 60,
		.safety = &safety,
		.baseline = "studio",
		.baseline_runs = 5,
		.baseline_sessions = 3,
		.parts = parts,
		.n_parts = result->n_parts,
		.result = result,
		.exit_code = 2,
	};
}

static char *draw(void (*form)(const struct gh_run_view *v, FILE *out),
		  const struct gh_run_view *v)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	form(v, out);
	fclose(out);
	return text;
}

static void compare(const char *name, const char *text)
{
	char path[80], want[32768] = "";
	const char *update = getenv("GH_UPDATE_GOLDEN");
	const bool writes = update && update[0];
	FILE *file;

	snprintf(path, sizeof path, GOLDEN "%s", name);
	file = fopen(path, writes ? "w" : "r");
	assert_non_null(file);
	if (writes)
		fputs(text, file);
	else
		want[fread(want, 1, sizeof want - 1, file)] = '\0';
	fclose(file);
	if (!writes)
		assert_string_equal(text, want);
}

#endif
