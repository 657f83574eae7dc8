/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/judge.h"

#include "base/status.h"    /* GH_ARRAY_SIZE */
#include "base/text.h"	    /* gh_copy_text */
#include "judge/accept.h"   /* gh_accepts_judge */
#include "judge/diagnose.h" /* gh_diagnose */
#include "judge/finding.h"  /* gh_finding_judge, gh_findings_watch */
#include "judge/sensors.h"  /* gh_sensors_judge */
#include "judge/summary.h"  /* gh_summary_parts, gh_summary_verdict */

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/*
 * False HOLDs by all statistical gates of one run together. The goal is 1 in
 * 1 000; half of that, because a repeat shares the session's error and cannot
 * supply the missing factor (measurement.md section 6).
 */
#define ALPHA_RUN 0.0005

static bool is_baseline(const struct gh_baseline *b)
{
	return b != NULL && b->id != 0;
}

/* Bugs, not weather: a result cut short would look healthier than it is. */
static void check_input(const struct gh_judge_in *in)
{
	const struct gh_baseline *b = in->baseline;

	assert(in->n_parts <= GH_JUDGE_PARTS);
	assert(in->n_measures <= GH_JUDGE_FINDINGS);
	assert(in->n_accepts <= GH_JUDGE_ACCEPTS);
	for (size_t i = 0; i < in->n_measures; i++) {
		assert(in->measures[i].metric != NULL);
		assert(in->measures[i].part >= 0 &&
		       (unsigned)in->measures[i].part < in->n_parts);
	}
	if (!is_baseline(b))
		return;
	assert(in->key != NULL);
	for (size_t i = 1; i < b->n_values; i++) {
		const struct gh_base_value *v = &b->values[i - 1];
		const int by_id = strcmp(v[0].id, v[1].id);

		assert(by_id < 0 ||
		       (by_id == 0 && strcmp(v[0].part, v[1].part) <= 0));
	}
}

static const char *key_value(const struct gh_key *key, const char *name)
{
	for (unsigned i = 0; i < key->n; i++)
		if (strcmp(key->field[i].name, name) == 0)
			return key->field[i].value;
	return NULL;
}

/* 36 characters tell two hashes apart and leave room for both. */
static void differ(struct gh_result *out, const char *name, const char *was,
		   const char *now)
{
	out->comparable = false;
	if (out->n_why_not == GH_ARRAY_SIZE(out->why_not))
		return;
	snprintf(out->why_not[out->n_why_not++], GH_NOTE_CAP,
		 "%.20s: baseline %.34s, now %.34s", name,
		 was == NULL ? "nothing" : was, now == NULL ? "nothing" : now);
}

static void compare_keys(const struct gh_key *was, const struct gh_key *now,
			 struct gh_result *out)
{
	for (unsigned i = 0; i < now->n; i++) {
		const char *name = now->field[i].name;
		const char *old = key_value(was, name);

		if (old == NULL || strcmp(old, now->field[i].value) != 0)
			differ(out, name, old, now->field[i].value);
	}
	for (unsigned i = 0; i < was->n; i++)
		if (key_value(now, was->field[i].name) == NULL)
			differ(out, was->field[i].name, was->field[i].value,
			       NULL);
}

static void begin(const struct gh_judge_in *in, struct gh_result *out)
{
	memset(out, 0, sizeof *out);
	out->n_parts = in->n_parts;
	out->n_findings = in->n_measures;
	out->comparable = is_baseline(in->baseline);
	if (out->comparable)
		compare_keys(&in->baseline->key, in->key, out);
	else
		gh_copy_text(out->why_not[out->n_why_not++], GH_NOTE_CAP,
			     "there is no baseline");
}

static unsigned count_gates(const struct gh_judge_in *in)
{
	unsigned n = 0;

	for (size_t i = 0; i < in->n_measures; i++) {
		const struct gh_measure *m = &in->measures[i];

		n += m->reason == GH_REASON_NONE && isfinite(m->v[0]) &&
		     m->metric->role == GH_ROLE_GATE &&
		     gh_metric_is_statistical(m->metric);
	}
	return n;
}

static void judge_findings(const struct gh_judge_in *in,
			   struct gh_trial trials[GH_JUDGE_FINDINGS],
			   struct gh_result *out)
{
	struct gh_setting setting = { .in = in };
	struct gh_terms terms = { .in = in, .setting = &setting };

	gh_conditions_find(in, &setting.conditions);
	out->n_gates = count_gates(in);
	terms.alpha = ALPHA_RUN / (out->n_gates > 0 ? out->n_gates : 1);
	if (is_baseline(in->baseline) && !out->comparable)
		terms.incomparable = out->why_not[0];
	for (size_t i = 0; i < in->n_measures; i++)
		gh_finding_judge(&terms, &in->measures[i], &out->findings[i],
				 &trials[i]);
	gh_findings_watch(out->findings, trials, in->n_measures);
}

void gh_judge_run(const struct gh_judge_in *in, struct gh_result *out)
{
	struct gh_trial trials[GH_JUDGE_FINDINGS];
	struct gh_explained explained[GH_JUDGE_FINDINGS];

	check_input(in);
	begin(in, out);
	judge_findings(in, trials, out);
	gh_sensors_judge(in, out);
	gh_diagnose(in, out, explained);
	if (gh_accepts_judge(in, trials, out, explained))
		gh_diagnose_more(in, out, explained);
	gh_summary_parts(in, out, explained);
	gh_summary_verdict(in, out);
}
