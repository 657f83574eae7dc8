/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/summary.h"

#include "base/text.h"	   /* gh_copy_text */
#include "judge/finding.h" /* gh_limit_ratio */
#include "judge/members.h" /* gh_members_find */
#include "judge/signs.h"   /* gh_finding_say */
#include "judge/verdict.h" /* gh_verdict_of_state, gh_verdict_worse */

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool is_counted(const struct gh_finding *f)
{
	return f->metric->role != GH_ROLE_SHOWN;
}

static void tally(struct gh_part_result *part, enum gh_state state)
{
	switch (state) {
	case GH_STATE_PASS:
		part->n_pass++;
		break;
	case GH_STATE_WATCH:
	case GH_STATE_KNOWN:
		part->n_watch++;
		break;
	case GH_STATE_FAIL:
		part->n_fail++;
		break;
	case GH_STATE_UNKNOWN:
		part->n_unknown++;
		break;
	case GH_STATE_SKIPPED:
		part->n_skipped++;
		break;
	}
}

/* How far past its limit, in units of the limit's distance. */
static double excess(const struct gh_finding *f)
{
	const double ratio =
		gh_limit_ratio(f->value, f->expected, f->limit_lo, f->limit_hi);

	return isfinite(ratio) ? ratio : 0;
}

/* -1 for skipped, then as the verdicts rank. */
static int severity(const struct gh_finding *f)
{
	const enum gh_verdict v = gh_verdict_of_state(f->state);

	return v == GH_VERDICT_NOT_RUN ? -1 : (int)v;
}

static bool is_worse(const struct gh_finding *a, const struct gh_finding *b)
{
	if (severity(a) != severity(b))
		return severity(a) > severity(b);
	if (a->hard != b->hard)
		return a->hard;
	if (excess(a) > excess(b) || excess(a) < excess(b))
		return excess(a) > excess(b);
	return strcmp(a->id, b->id) < 0;
}

static void add_finding(struct gh_result *res, size_t i, int by)
{
	const struct gh_finding *f = &res->findings[i];
	struct gh_part_result *part = &res->parts[f->part];

	tally(part, f->state);
	part->state =
		gh_verdict_worse(part->state, gh_verdict_of_state(f->state));
	if (part->worst < 0 || is_worse(f, &res->findings[part->worst]))
		part->worst = (int)i;
	/* A fault of its own is found below and takes precedence. */
	if (part->diagnosis < 0 || (by >= 0 && by < part->diagnosis))
		part->diagnosis = by;
}

/* What the part gave in the baseline and no longer gives; -1: nothing. */
static int find_missed(const struct gh_judge_in *in,
		       const struct gh_result *res, unsigned part)
{
	for (size_t i = 0; i < res->n_findings && in->baseline != NULL; i++) {
		const struct gh_finding *f = &res->findings[i];

		if (f->part == (int)part && is_counted(f) &&
		    f->reason == GH_REASON_NOT_COMPUTABLE &&
		    gh_members_find(in->baseline, f->id, in->parts[part].name,
				    f->metric)
				    .n > 0)
			return (int)i;
	}
	return -1;
}

/* Nothing of the part counted: is that a gap, or as it should be? */
static void settle_uncounted(const struct gh_judge_in *in,
			     struct gh_result *res, unsigned i)
{
	const struct gh_judge_part *p = &in->parts[i];
	struct gh_part_result *part = &res->parts[i];
	const int missed = find_missed(in, res, i);
	const struct gh_finding *worst;

	if (missed >= 0)
		part->worst = missed;
	worst = part->worst < 0 ? NULL : &res->findings[part->worst];
	if (p->look_by_eye)
		part->reason = GH_REASON_LOOK_BY_EYE;
	else if (p->in_profile && in->interrupted)
		part->reason = GH_REASON_INTERRUPTED;
	else if (worst != NULL)
		part->reason = worst->reason;
	else
		part->reason = p->in_profile ? GH_REASON_NOT_MEASURED
					     : GH_REASON_NOT_IN_PROFILE;
	if (part->reason == GH_REASON_INTERRUPTED ||
	    part->reason == GH_REASON_NOT_MEASURED ||
	    (missed >= 0 && p->in_profile && !p->look_by_eye))
		part->state = GH_VERDICT_UNSURE;
}

static void settle_part(const struct gh_judge_in *in, struct gh_result *res,
			unsigned i)
{
	struct gh_part_result *part = &res->parts[i];
	const struct gh_finding *worst =
		part->worst < 0 ? NULL : &res->findings[part->worst];

	if (part->state == GH_VERDICT_NOT_RUN)
		settle_uncounted(in, res, i);
	else if (part->state == GH_VERDICT_UNSURE && worst != NULL)
		part->reason = worst->reason;
}

/* HOLD before UNSURE, the earlier named before the later. */
static void prefer_own_diagnoses(struct gh_result *res)
{
	for (size_t i = res->n_diagnoses; i-- > 0;) {
		const struct gh_diagnosis *d = &res->diagnoses[i];
		struct gh_part_result *part = &res->parts[d->part];
		const bool own =
			part->diagnosis >= 0 &&
			res->diagnoses[part->diagnosis].part == d->part;

		if (!own ||
		    d->severity >= res->diagnoses[part->diagnosis].severity)
			part->diagnosis = (int)i;
	}
}

void gh_summary_parts(const struct gh_judge_in *in, struct gh_result *res,
		      const struct gh_explained to[GH_JUDGE_FINDINGS])
{
	for (unsigned i = 0; i < in->n_parts; i++)
		res->parts[i] = (struct gh_part_result){
			.state = GH_VERDICT_NOT_RUN,
			.diagnosis = -1,
			.worst = -1,
		};
	for (size_t i = 0; i < res->n_findings; i++)
		if (is_counted(&res->findings[i]))
			add_finding(res, i, to[i].by);
	prefer_own_diagnoses(res);
	for (unsigned i = 0; i < in->n_parts; i++)
		settle_part(in, res, i);
}

/* The first of the texts that fits into a line; the last one is cut. */
static void say_first_that_fits(char out[GH_NOTE_CAP], const char *who,
				const char *const texts[], size_t n)
{
	char line[2 * GH_NOTE_CAP];

	for (size_t i = 0; i < n; i++) {
		snprintf(line, sizeof line, "%.31s: %.150s", who, texts[i]);
		if (strlen(line) <= GH_WHY_COLUMNS)
			break;
	}
	gh_copy_text(out, GH_WHY_COLUMNS + 1, line);
}

static void say_diagnosis(const struct gh_judge_in *in,
			  const struct gh_diagnosis *d, char out[GH_NOTE_CAP])
{
	char with_number[2 * GH_NOTE_CAP];
	const char *texts[] = { with_number, d->title };

	snprintf(with_number, sizeof with_number, "%s, %s", d->title,
		 d->n_evidence > 0 ? d->evidence[0] : "");
	say_first_that_fits(out, in->parts[d->part].name,
			    d->n_evidence > 0 ? texts : texts + 1,
			    d->n_evidence > 0 ? 2 : 1);
}

static void say_part(const struct gh_judge_in *in, const struct gh_result *res,
		     unsigned i, char out[GH_NOTE_CAP])
{
	const struct gh_part_result *part = &res->parts[i];
	const struct gh_finding *worst =
		part->worst < 0 ? NULL : &res->findings[part->worst];
	char text[GH_NOTE_CAP], known[GH_NOTE_CAP + 8];
	const char *texts[] = { text, gh_reason_text(part->reason) };

	if (worst == NULL) {
		texts[0] = texts[1];
	} else {
		gh_finding_say(worst, text, sizeof text);
		if (part->reason == GH_REASON_NONE)
			texts[1] = worst->metric->meaning;
		if (worst->state == GH_STATE_KNOWN) {
			snprintf(known, sizeof known, "known: %s", text);
			texts[0] = known;
		}
	}
	say_first_that_fits(out, in->parts[i].name, texts, 2);
}

/* A part of this verdict, one with a fault of its own before the others. */
static int spokesman(const struct gh_result *res, enum gh_verdict v)
{
	int first = -1;

	for (unsigned i = 0; i < res->n_parts; i++) {
		const int d = res->parts[i].diagnosis;

		if (res->parts[i].state != v)
			continue;
		if (d >= 0 && res->diagnoses[d].part == (int)i)
			return (int)i;
		if (first < 0)
			first = (int)i;
	}
	return first;
}

/* The most important cause was named first. */
static const struct gh_diagnosis *leading_diagnosis(const struct gh_result *res)
{
	for (size_t i = 0; i < res->n_diagnoses; i++)
		if (res->diagnoses[i].severity == res->verdict &&
		    res->parts[res->diagnoses[i].part].state == res->verdict)
			return &res->diagnoses[i];
	return NULL;
}

static void say_ready(struct gh_result *res)
{
	unsigned not_run = 0;

	for (unsigned i = 0; i < res->n_parts; i++)
		not_run += res->parts[i].state == GH_VERDICT_NOT_RUN;
	snprintf(res->why, sizeof res->why,
		 "%u of %u parts checked and well, %u not run",
		 res->n_parts - not_run, res->n_parts, not_run);
}

static void say_why(const struct gh_judge_in *in, struct gh_result *res,
		    enum gh_verdict of_parts)
{
	const struct gh_diagnosis *d = leading_diagnosis(res);
	const int part = spokesman(res, res->verdict);

	if (in->unsafe_end)
		gh_copy_text(res->why, sizeof res->why,
			     "controller's safe state could not be read back");
	else if (res->verdict == GH_VERDICT_READY)
		say_ready(res);
	else if (d != NULL)
		say_diagnosis(in, d, res->why);
	else if (part >= 0)
		say_part(in, res, (unsigned)part, res->why);
	else if (of_parts == GH_VERDICT_NOT_RUN)
		gh_copy_text(res->why, sizeof res->why, "nothing was measured");
	else
		gh_copy_text(res->why, sizeof res->why,
			     gh_reason_text(GH_REASON_INTERRUPTED));
}

void gh_summary_verdict(const struct gh_judge_in *in, struct gh_result *res)
{
	enum gh_verdict worst = GH_VERDICT_NOT_RUN;

	for (unsigned i = 0; i < res->n_parts; i++)
		worst = gh_verdict_worse(worst, res->parts[i].state);
	res->verdict = worst == GH_VERDICT_NOT_RUN ? GH_VERDICT_UNSURE : worst;
	if (in->interrupted)
		res->verdict =
			gh_verdict_worse(res->verdict, GH_VERDICT_UNSURE);
	if (in->unsafe_end)
		res->verdict = GH_VERDICT_HOLD;
	say_why(in, res, worst);
}
