/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the reports of both tests are of: a run of Lumina on HOLD, one fault
 * named. Every name, date and reading is invented.
 */
#ifndef TEST_REPORT_KIT_H
#define TEST_REPORT_KIT_H

#include "engine/event.h" /* struct gh_run_view */
#include "judge/judge.h"  /* struct gh_result */

#include <stdio.h>

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

/* Of run 12; what is listed beside it is the caller's. */
static struct gh_run_view view_of(const struct gh_result *result,
				  const struct gh_judge_part *parts)
{
	return (struct gh_run_view){
		.run = 12,
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
		.baseline = "studio",
		.baseline_runs = 5,
		.baseline_sessions = 3,
		.parts = parts,
		.n_parts = result->n_parts,
		.result = result,
		.exit_code = 2,
	};
}

#endif
