/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flow_judge - from a recording to a result. A run just taken and one read
 * back take this same way, so that they come to the same verdict.
 */
#include "cli/flow_state.h" /* struct gh_flow */

#include "cli/not_checked.h" /* gh_not_checked_list */
#include "cli/archive_facts.h" /* gh_archive_safety */
#include "cli/view.h"	     /* gh_view_of */
#include "engine/probe.h"    /* gh_probes_run */
#include "engine/stage.h"    /* gh_stage_parts */
#include "store/remark.h"    /* gh_store_accepts */

#include <stdlib.h>
#include <string.h>

/* Exercises in which joints move: what a check without consent leaves out. */
#define MOTION                                                                 \
	(1u << GH_EX_IDENTITY | 1u << GH_EX_TRAVEL | 1u << GH_EX_SWEEP |       \
	 1u << GH_EX_DWELL | 1u << GH_EX_REVERSAL | 1u << GH_EX_STEP |         \
	 1u << GH_EX_HOLD | 1u << GH_EX_STILL)

void flow_list_parts(struct gh_flow *f)
{
	f->n_parts = gh_stage_parts(f->rig, f->only, f->parts);
}

/*
 * What was not measured because nobody allowed motion, or because the operator
 * asked for another part, says so.
 */
static void explain(const struct gh_flow *f, struct gh_measure *m)
{
	const bool moves = (m->metric->needs.exercises & MOTION) != 0;

	if (m->reason == GH_REASON_NONE)
		return;
	if (!f->parts[m->part].in_profile)
		m->reason = GH_REASON_NOT_IN_PROFILE;
	else if (m->reason == GH_REASON_NOT_MEASURED && moves &&
		 !f->info.motion_allowed)
		m->reason = GH_REASON_NO_CONSENT;
}

enum gh_status flow_measure(struct gh_flow *f, const struct gh_recording *rec,
			    struct gh_err *err)
{
	uint32_t wanted = f->info.exercises;

	f->n_measures = 0;
	if (!rec)
		return GH_OK;
	/* Without consent the joints were to be checked all the same. */
	if (!f->info.motion_allowed)
		wanted |= MOTION;
	f->n_measures = gh_probes_run(gh_probes, rec, wanted, f->measures,
				      GH_JUDGE_FINDINGS);
	if (f->n_measures == GH_PROBES_STARVED) {
		f->n_measures = 0;
		return gh_fail(err, GH_NOMEM,
			       "no memory to work out what was recorded");
	}
	for (size_t i = 0; i < f->n_measures; i++)
		explain(f, &f->measures[i]);
	return GH_OK;
}

void flow_note_loss(struct gh_flow *f, enum gh_status st,
		    const struct gh_err *err)
{
	if (st == GH_OK)
		return;
	if (f->trouble.code != GH_OK) {
		flow_tell(f, GH_EV_NOTE, err->msg);
		return;
	}
	f->trouble = *err;
	f->info.end = GH_RUN_FAILED;
}

static void add_key(struct gh_key *key, const char *name, const char *value,
		    size_t most)
{
	char *to = key->field[key->n].value;
	const size_t cap = sizeof key->field[key->n].value;

	gh_copy_text(key->field[key->n].name, sizeof key->field[key->n].name,
		     name);
	gh_copy_text(to, most + 1 < cap ? most + 1 : cap, value);
	key->n++;
}

void flow_make_key(struct gh_flow *f)
{
	const struct gh_rec_facts *facts =
		f->ran.rec ? gh_recording_facts_of(f->ran.rec) : NULL;
	const struct gh_plan *plan = f->ran.plan;
	struct gh_key *key = &f->info.key;
	char joints[16];

	/*
	 * measurement.md section 6. Ids, models and gains of the servos, gains
	 * and integration times of the sensors are in the rig's hash and in the
	 * controller's dictionary; the profile is the plan's recipe. Versions
	 * of metrics, temperature and supply are the judge's to compare.
	 * A simulated time scale does not change the physics: left out.
	 */
	key->n = 0;
	/* A board without an id, and its emulation, have all else alike. */
	if (f->info.simulated && !f->replays_real)
		add_key(key, "controller", "simulated", GH_NAME_CAP);
	add_key(key, "rig", f->rig->sha256, 16);
	add_key(key, "driver", f->info.driver, GH_NAME_CAP);
	add_key(key, "model", f->info.model, GH_NAME_CAP);
	add_key(key, "firmware", f->info.firmware, GH_NAME_CAP);
	add_key(key, "device", f->info.device, 40);
	add_key(key, "dictionary", facts ? facts->dictionary : "", 16);
	add_key(key, "plan", plan ? plan->key : "", sizeof plan->key);
	snprintf(joints, sizeof joints, "%06x", plan ? plan->joints : 0u);
	add_key(key, "joints", joints, sizeof joints);
}

enum gh_status flow_find_baseline(struct gh_flow *f, const char *name,
				  struct gh_err *err)
{
	struct gh_run_info *info = &f->info;
	const struct gh_baseline *b = &f->baseline;
	enum gh_status st;

	gh_baseline_free(&f->baseline);
	memset(&f->baseline, 0, sizeof f->baseline);
	if (!f->store)
		return gh_fail(err, GH_NODATA, "no database to read");
	st = gh_store_baseline_get(f->store, name, info->serial, info->run,
				   &f->baseline, err);
	if (st == GH_OK && !b->sealed) {
		gh_baseline_free(&f->baseline);
		st = gh_fail(err, GH_ARG,
			     "baseline \"%.60s\" is not sealed: see "
			     "`ghostlight baseline seal`",
			     name);
	}
	f->has_baseline = st == GH_OK;
	if (st != GH_OK)
		return st;
	info->baseline = b->id;
	gh_copy_text(info->baseline_name, sizeof info->baseline_name, b->name);
	gh_copy_text(info->baseline_sha256, sizeof info->baseline_sha256,
		     b->sha256);
	info->baseline_runs = b->runs;
	info->baseline_sessions = b->sessions;
	return GH_OK;
}

enum gh_status flow_find_accepts(struct gh_flow *f, int64_t run,
				 struct gh_err *err)
{
	struct gh_accepted *list;
	enum gh_status st;

	if (!f->store)
		return gh_fail(err, GH_NODATA, "no database to read");
	list = calloc(GH_JUDGE_ACCEPTS, sizeof *list);
	if (!list)
		return gh_fail(err, GH_NOMEM, "no memory for acceptances");
	st = run > 0 ? gh_store_accepts_of(f->store, run, list,
					   GH_JUDGE_ACCEPTS, &f->n_accepts, err)
		     : gh_store_accepts(f->store, f->info.serial, list,
					GH_JUDGE_ACCEPTS, &f->n_accepts, err);
	for (size_t i = 0; st == GH_OK && i < f->n_accepts; i++) {
		f->accepts[i] = list[i].accept;
		f->accept_ids[i] = list[i].id;
	}
	free(list);
	if (st != GH_OK)
		f->n_accepts = 0;
	f->info.accepts = f->accept_ids;
	f->info.n_accepts = f->n_accepts;
	return st;
}

/* A run that did not reach its end is never READY, whatever it measured. */
static void at_least_unsure(struct gh_flow *f)
{
	struct gh_result *r = f->result;

	if (f->info.end == GH_RUN_COMPLETE || r->verdict == GH_VERDICT_HOLD)
		return;
	r->verdict = GH_VERDICT_UNSURE;
	if (f->info.error[0])
		gh_copy_text(r->why, sizeof r->why, f->info.error);
}

void flow_judge(struct gh_flow *f)
{
	const struct gh_judge_in in = {
		.parts = f->parts,
		.n_parts = f->n_parts,
		.measures = f->measures,
		.n_measures = f->n_measures,
		.key = &f->info.key,
		.baseline = f->has_baseline ? &f->baseline : NULL,
		.interrupted = f->end.interrupted,
		.unsafe_end = f->end.unsafe,
		.accepts = f->accepts,
		.n_accepts = f->n_accepts,
		.now_s = f->info.started_s,
	};

	gh_judge_run(&in, f->result);
	at_least_unsure(f);
	f->info.baseline_comparable = f->has_baseline && f->result->comparable;
	f->n_not_checked = gh_not_checked_list(f->parts, f->n_parts, f->result,
					       f->not_checked, GH_NOT_LISTED);
	gh_view_of(&f->view, &f->info, f->parts, f->n_parts, f->result);
	f->view.accepts = f->accepts;
	f->view.n_accepts = (unsigned)f->n_accepts;
	f->view.not_checked = f->not_checked;
	f->view.n_not_checked = (unsigned)f->n_not_checked;
	if (gh_archive_safety(f->ran.rec ? gh_recording_facts_of(f->ran.rec)
					 : NULL,
			      &f->end, &f->safety))
		f->view.safety = &f->safety;
}
