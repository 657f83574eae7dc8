/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A run of Lumina as the screens are shown it: one elbow on HOLD, the core on
 * WATCH, crystals not run. Every name, date and reading is invented.
 */
#ifndef TEST_UI_FIXTURE_H
#define TEST_UI_FIXTURE_H

#include "engine/event.h" /* struct gh_run_view */
#include "ui/canvas.h"	  /* struct gh_canvas */
#include "ui/model.h"	  /* struct gh_ui_model */

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WALL_S 1795373561 /* 2026-11-22 18:52:41 UTC */

enum { ELBOW = 4, CORE = 12, CRYSTALS = 14, N_PARTS = 16 };

static const char *const part_names[N_PARTS] = {
	"hope.shoulder",
	"hope.elbow",
	"hope.wrist",
	"resilience.shoulder",
	"resilience.elbow",
	"resilience.wrist",
	"memory.shoulder",
	"memory.elbow",
	"memory.wrist",
	"dawn.shoulder",
	"dawn.elbow",
	"dawn.wrist",
	"core",
	"fibre.1",
	"crystals",
	"supply",
};

static const struct gh_metric metric_hold = {
	.id = "servo.hold",
	.unit = GH_UNIT_AMPERE,
	.meaning = "mean current on loaded hold"
};
static const struct gh_metric metric_colour = { .id = "core.colour",
						.unit = GH_UNIT_DELTA_E,
						.meaning = "colour of a look" };

static struct gh_judge_part fixture_parts[N_PARTS];
static struct gh_result fixture_result;
static struct gh_not_listed fixture_not_checked[1] = { { "crystals",
							 "look by eye" } };

static void fixture_finding(int part, const struct gh_metric *metric,
			    enum gh_state state, double value, double expected)
{
	struct gh_result *r = &fixture_result;
	struct gh_finding *f = &r->findings[r->n_findings];

	*f = (struct gh_finding){ .metric = metric,
				  .part = part,
				  .state = state,
				  .value = value,
				  .expected = expected,
				  .limit_lo = expected * 0.75,
				  .limit_hi = expected * 1.25,
				  .unit = metric->unit,
				  .beyond = 2,
				  .repeats = 2 };
	gh_copy_text(f->id, sizeof f->id, metric->id);
	if (state == GH_STATE_SKIPPED)
		f->reason = GH_REASON_LOOK_BY_EYE;
	if (state == GH_STATE_UNKNOWN)
		f->reason = GH_REASON_SENSOR_SUSPECT;
	if (metric == &metric_colour) {
		f->limit_lo = NAN;
		f->limit_hi = 8.0;
	}
	r->parts[part].worst = (int)r->n_findings++;
}

static void fixture_diagnosis(void)
{
	struct gh_diagnosis *d = fixture_result.diagnoses;

	*d = (struct gh_diagnosis){
		.fault = "joint_friction",
		.part = ELBOW,
		.confidence = 0.9,
		.n_evidence = 1,
		.title = "joint binds",
		.action =
			"power resilience off at its switch and turn the elbow by hand",
		.severity = GH_VERDICT_HOLD,
	};
	snprintf(d->evidence[0], sizeof d->evidence[0],
		 "current +41 %% in both repeats");
	fixture_result.n_diagnoses = 1;
}

static const enum gh_verdict state_verdicts[] = {
	[GH_STATE_PASS] = GH_VERDICT_READY,
	[GH_STATE_WATCH] = GH_VERDICT_WATCH,
	[GH_STATE_KNOWN] = GH_VERDICT_WATCH,
	[GH_STATE_FAIL] = GH_VERDICT_HOLD,
	[GH_STATE_UNKNOWN] = GH_VERDICT_UNSURE,
	[GH_STATE_SKIPPED] = GH_VERDICT_NOT_RUN,
};

/* The state of part i when the run's verdict is this. */
static enum gh_state fixture_state(int i, enum gh_verdict verdict)
{
	if (i == ELBOW && verdict == GH_VERDICT_HOLD)
		return GH_STATE_FAIL;
	if (i == CORE && verdict >= GH_VERDICT_WATCH)
		return GH_STATE_WATCH;
	if (i == CORE + 1 && verdict == GH_VERDICT_UNSURE)
		return GH_STATE_UNKNOWN;
	return i == CRYSTALS ? GH_STATE_SKIPPED : GH_STATE_PASS;
}

static void fixture_part(int i, enum gh_verdict verdict)
{
	const enum gh_state s = fixture_state(i, verdict);
	struct gh_part_result *p = &fixture_result.parts[i];
	const double amps =
		i == ELBOW && s == GH_STATE_FAIL ? 0.871 : 0.540 + 0.003 * i;

	gh_copy_text(fixture_parts[i].name, GH_NAME_CAP, part_names[i]);
	p->state = state_verdicts[s];
	p->diagnosis = -1;
	p->reason = i == CRYSTALS ? GH_REASON_LOOK_BY_EYE : GH_REASON_NONE;
	if (i == CORE)
		fixture_finding(i, &metric_colour, s,
				s == GH_STATE_WATCH ? 14.8 : 2.1, 0);
	else
		fixture_finding(i, &metric_hold, s, amps,
				i == ELBOW ? 0.618 : 0.548);
}

/* What the worst part is in; the others follow from it. */
static struct gh_run_view fixture_view(enum gh_verdict verdict)
{
	static const char *const whys[] = {
		"all 15 checked parts are inside their limits",
		"core: colour of a look dE 14.8 (watch from 8.0)",
		"fibre 1: its sensor is suspect",
		"resilience elbow: current +41 % over baseline (limit +25 %)",
	};
	struct gh_result *r = &fixture_result;

	memset(r, 0, sizeof *r);
	r->verdict = verdict;
	r->n_parts = N_PARTS;
	snprintf(r->why, sizeof r->why, "%s", whys[verdict]);
	for (int i = 0; i < N_PARTS; i++)
		fixture_part(i, verdict);
	if (verdict == GH_VERDICT_HOLD)
		fixture_diagnosis();
	return (struct gh_run_view){
		.run = 117,
		.version = "test",
		.rig = "Lumina",
		.serial = "LUM-0001",
		.profile = "places",
		.only = "",
		.port = "/dev/ghostlight",
		.driver = "lumina",
		.model = "lumina",
		.firmware = "2.3.1",
		.simulated = true,
		.time_scale = 8,
		.end = "complete",
		.error = "",
		.advice = verdict == GH_VERDICT_READY ? "" : "check again",
		.started_s = WALL_S - 240,
		.now_s = WALL_S,
		.duration_s = 58.2,
		.motion_s = 41,
		.deadline_s = 60,
		.baseline = "studio",
		.parts = fixture_parts,
		.n_parts = N_PARTS,
		.result = r,
		.not_checked = fixture_not_checked,
		.n_not_checked = 1,
	};
}

static void fixture_model(struct gh_ui_model *m, const struct gh_run_view *view)
{
	gh_model_init(m);
	m->utf8_able = true;
	m->now = 1000 * (gh_us)GH_US_PER_S;
	m->key_at = m->now;
	m->wall_s = WALL_S;
	m->about = (struct gh_ui_about){ .rig = "Lumina",
					 .port = "/dev/ghostlight",
					 .baseline = "studio",
					 .baseline_s = WALL_S - 12 * 86400,
					 .moved_s = 203,
					 .moved_day_s = WALL_S - 18 * 3600,
					 .simulated = true };
	for (unsigned i = 0; i < GH_UI_PROFILES; i++)
		m->about.plan[i] = (struct gh_ui_plan){ .name = "places",
							.joints = 12,
							.reach_deg = 60,
							.seconds = 60 };
	m->view = view;
}

static void fixture_running(struct gh_ui_model *m)
{
	static const char *const phases[] = { "identity, one joint at a time",
					      "easing to the start",
					      "slow and fast sweeps",
					      "easing home",
					      "slow reversals",
					      "standing still" };
	struct gh_event ev = { .kind = GH_EV_RUN_BEGIN, .text = "places" };

	gh_model_start(m);
	gh_model_event(m, &ev);
	for (unsigned i = 0; i < 5; i++) {
		ev = (struct gh_event){ .kind = GH_EV_PHASE,
					.elapsed_s = 3.5 + 7.0 * i,
					.left_s = 56.5 - 7.0 * i,
					.share = 0.14 * i,
					.phase = i,
					.phases = 8,
					.moving = true,
					.time_scale = 8,
					.text = phases[i],
					.next = phases[i + 1] };
		gh_model_event(m, &ev);
	}
	ev.kind = GH_EV_PROGRESS;
	ev.elapsed_s = 36.6;
	ev.left_s = 22.4;
	gh_model_event(m, &ev);
}

#endif
