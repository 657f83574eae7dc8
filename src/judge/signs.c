/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/signs.h"

#include "base/number.h" /* gh_number_text */
#include "base/text.h"	 /* gh_copy_text */

#include <math.h>
#include <stdio.h>
#include <string.h>

bool gh_id_matches(const char *pattern, const char *id)
{
	const size_t fixed = strcspn(pattern, "*");

	return strncmp(pattern, id, fixed) == 0 &&
	       (pattern[fixed] == '*' || id[fixed] == '\0');
}

static bool is_changed(const struct gh_finding *f)
{
	return f->state == GH_STATE_FAIL || f->state == GH_STATE_WATCH ||
	       f->state == GH_STATE_KNOWN ||
	       (f->state == GH_STATE_UNKNOWN &&
		f->reason == GH_REASON_NOT_CONFIRMED);
}

/* +1, -1, or 0 when it did not change or nobody knows which way. */
static int direction(const struct gh_finding *f)
{
	if (!is_changed(f) || f->metric->kind == GH_METRIC_CIRCULAR ||
	    f->metric->kind == GH_METRIC_COLOUR)
		return 0;
	if (f->value > f->expected || f->value > f->limit_hi)
		return 1;
	return f->value < f->expected || f->value < f->limit_lo ? -1 : 0;
}

/* Share of the way to the limit on that side; NAN where there is none. */
static double lean(const struct gh_finding *f)
{
	const double off = f->value - f->expected;

	return off > 0 ? off / (f->limit_hi - f->expected)
		       : off / (f->expected - f->limit_lo);
}

/* Assumed: the current of one servo of twelve that is off is half of the way,
 * a healthy supply stays within a tenth (20 simulated individuals). */
#define LEANS 0.3
/* Assumed: a healthy lamp is up to a third of the way from its baseline, one
 * just beyond its limit in one colour is nine tenths of it in the others. */
#define NEARLY 0.6
/* Between a frayed fibre (0.4 left) and a broken one (0.1): 5.2's sizes. */
#define GONE 0.2

static bool is_silent(const struct gh_finding *f)
{
	return f->state == GH_STATE_UNKNOWN &&
	       (f->reason == GH_REASON_NOT_MEASURED ||
		f->reason == GH_REASON_NOT_COMPUTABLE);
}

bool gh_finding_changed(const struct gh_finding *f, enum gh_change change)
{
	switch (change) {
	case GH_CHANGE_UP:
		return direction(f) > 0;
	case GH_CHANGE_DOWN:
		return direction(f) < 0;
	case GH_CHANGE_ANY:
		return is_changed(f);
	case GH_CHANGE_SAME:
		return f->state == GH_STATE_PASS;
	case GH_CHANGE_NOT_UP:
		return direction(f) <= 0;
	case GH_CHANGE_NOT_DOWN:
		return direction(f) >= 0;
	case GH_CHANGE_NONE:
		return !is_changed(f);
	case GH_CHANGE_SILENT:
		return is_silent(f);
	case GH_CHANGE_GONE:
		return direction(f) < 0 && f->value < GONE * f->expected;
	case GH_CHANGE_LEANS_UP:
		return direction(f) > 0 || lean(f) > LEANS;
	case GH_CHANGE_LEANS_DOWN:
		return direction(f) < 0 || lean(f) < -LEANS;
	case GH_CHANGE_NEARLY_DOWN:
		return direction(f) < 0 || lean(f) < -NEARLY;
	case GH_CHANGE_NOT_NEARLY_DOWN:
		return !gh_finding_changed(f, GH_CHANGE_NEARLY_DOWN);
	case GH_CHANGE_STEADY:
		return f->state == GH_STATE_PASS && fabs(lean(f)) <= LEANS;
	}
	return false;
}

/* Does a finding exist that a sign could be read from? */
static bool is_there(const struct gh_finding *f, int part, const char *id)
{
	return f->part == part && f->state != GH_STATE_SKIPPED &&
	       gh_id_matches(id, f->id);
}

static bool is_negative(const struct gh_sign *sign)
{
	return sign->change == GH_CHANGE_NOT_UP ||
	       sign->change == GH_CHANGE_NOT_DOWN ||
	       sign->change == GH_CHANGE_NOT_NEARLY_DOWN ||
	       sign->change == GH_CHANGE_NONE;
}

bool gh_sign_is_positive(const struct gh_sign *sign)
{
	return sign->change != GH_CHANGE_SAME &&
	       sign->change != GH_CHANGE_STEADY && !is_negative(sign);
}

/* One that changed is enough for "changed", all must agree for "did not". */
static enum gh_presence look_at_part(const struct gh_result *res, int part,
				     const struct gh_sign *sign)
{
	unsigned there = 0, met = 0;

	for (size_t i = 0; i < res->n_findings; i++) {
		const struct gh_finding *f = &res->findings[i];

		if (!is_there(f, part, sign->id))
			continue;
		there++;
		met += gh_finding_changed(f, sign->change);
	}
	if (there == 0)
		return GH_SIGN_ABSENT;
	if (gh_sign_is_positive(sign))
		return met > 0 ? GH_SIGN_THERE : GH_SIGN_MISSING;
	return met == there ? GH_SIGN_THERE : GH_SIGN_MISSING;
}

static enum gh_presence look_at_joints(const struct gh_judge_in *in,
				       const struct gh_result *res,
				       const struct gh_sign *sign)
{
	enum gh_presence all = GH_SIGN_ABSENT;

	for (unsigned i = 0; i < in->n_parts; i++) {
		enum gh_presence one;

		if (in->parts[i].kind != GH_PART_JOINT)
			continue;
		one = look_at_part(res, (int)i, sign);
		if (one == GH_SIGN_MISSING)
			return GH_SIGN_MISSING;
		if (one == GH_SIGN_THERE)
			all = GH_SIGN_THERE;
	}
	return all;
}

static enum gh_presence look_at_any(const struct gh_judge_in *in,
				    const struct gh_result *res,
				    const struct gh_sign *sign)
{
	enum gh_presence any = GH_SIGN_ABSENT;

	for (unsigned i = 0; i < in->n_parts && any != GH_SIGN_THERE; i++) {
		const enum gh_presence one = look_at_part(res, (int)i, sign);

		if (one != GH_SIGN_ABSENT)
			any = one;
	}
	return any;
}

enum gh_presence gh_sign_look(const struct gh_judge_in *in,
			      const struct gh_result *res, int part,
			      const struct gh_sign *sign)
{
	if (sign->scope == GH_SCOPE_JOINTS)
		return look_at_joints(in, res, sign);
	if (sign->scope == GH_SCOPE_RIG)
		return look_at_any(in, res, sign);
	return look_at_part(res, part, sign);
}

bool gh_sign_allows(const struct gh_sign *sign, enum gh_presence presence)
{
	return presence == GH_SIGN_THERE ||
	       (presence == GH_SIGN_ABSENT && is_negative(sign));
}

int gh_sign_finding(const struct gh_result *res, int part,
		    const struct gh_sign *sign)
{
	int best = -1;

	if (sign->scope != GH_SCOPE_OWN || !gh_sign_is_positive(sign))
		return -1;
	for (size_t i = 0; i < res->n_findings; i++) {
		const struct gh_finding *f = &res->findings[i];

		if (!is_there(f, part, sign->id) ||
		    !gh_finding_changed(f, sign->change))
			continue;
		if (best < 0 || strcmp(f->id, res->findings[best].id) < 0)
			best = (int)i;
	}
	return best;
}

/* What a star of the metric's id stands for here, with a blank before it. */
static void instance_text(const struct gh_finding *f,
			  char out[GH_METRIC_ID_CAP])
{
	const size_t fixed = strcspn(f->metric->id, "*");

	out[0] = '\0';
	if (strchr(f->metric->id, '*') != NULL && fixed < strlen(f->id))
		snprintf(out, GH_METRIC_ID_CAP, " %.40s", f->id + fixed);
}

/* ", baseline 618 mA", "" where nothing is to compare with. */
static void against_text(const struct gh_finding *f, char *out, size_t cap)
{
	char number[GH_NUMBER_CAP];
	const bool has_baseline = isfinite(f->expected);
	const double limit = f->value > f->limit_hi ? f->limit_hi : f->limit_lo;

	out[0] = '\0';
	gh_number_text(has_baseline ? f->expected : limit, f->unit, number,
		       sizeof number);
	if (f->metric->kind == GH_METRIC_COLOUR)
		snprintf(out, cap, " from the baseline");
	else if (has_baseline)
		snprintf(out, cap, ", baseline %s", number);
	else if (f->hard)
		snprintf(out, cap, ", limit %s", number);
}

void gh_finding_say(const struct gh_finding *f, char *out, size_t cap)
{
	char instance[GH_METRIC_ID_CAP], number[GH_NUMBER_CAP],
		against[GH_NUMBER_CAP + 12];
	const bool has_value = isfinite(f->value);

	instance_text(f, instance);
	if (f->reason != GH_REASON_NONE &&
	    f->reason != GH_REASON_NOT_CONFIRMED) {
		snprintf(out, cap, "%.40s%s: %.44s", f->metric->meaning,
			 instance, gh_reason_text(f->reason));
		return;
	}
	gh_number_text(f->value, f->unit, number, sizeof number);
	against_text(f, against, sizeof against);
	snprintf(out, cap, "%.40s%s%s%s%s", f->metric->meaning, instance,
		 has_value ? " " : "", has_value ? number : "", against);
}

void gh_evidence_add(struct gh_diagnosis *d, const char *text)
{
	for (unsigned i = 0; i < d->n_evidence; i++)
		if (strcmp(d->evidence[i], text) == 0)
			return;
	if (d->n_evidence < GH_JUDGE_EVIDENCE)
		gh_copy_text(d->evidence[d->n_evidence++], GH_NOTE_CAP, text);
}

void gh_evidence_of_signs(struct gh_diagnosis *d, const struct gh_result *res,
			  const struct gh_sign signs[GH_SIGNS])
{
	char text[GH_NOTE_CAP];

	for (int i = 0; i < GH_SIGNS && signs[i].id != NULL; i++) {
		const int at = gh_sign_finding(res, d->part, &signs[i]);

		if (at < 0)
			continue;
		gh_finding_say(&res->findings[at], text, sizeof text);
		gh_evidence_add(d, text);
	}
}
