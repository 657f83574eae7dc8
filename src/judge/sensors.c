/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/sensors.h"

#include "judge/fault_table.h" /* gh_suspicions */
#include "judge/signs.h"       /* gh_sign_look, gh_evidence_add */

#include <math.h>
#include <stdio.h>
#include <string.h>

/*
 * Load and frictions count as shrunk alike within 25 %: half-widths on
 * friction are 19-22 % (measurement.md section 6); an unloaded joint loses load
 * but keeps its grease.
 */
#define ALIKE 1.25

/* One per part and fault: two sensors of a part may ail in two ways. */
static struct gh_diagnosis *sensor_diagnosis(struct gh_result *res, int part,
					     const struct gh_sensor_fault *what)
{
	struct gh_diagnosis *d;

	for (size_t i = 0; i < res->n_diagnoses; i++)
		if (res->diagnoses[i].part == part &&
		    strcmp(res->diagnoses[i].fault, what->fault) == 0)
			return &res->diagnoses[i];
	if (res->n_diagnoses == GH_JUDGE_DIAGNOSES)
		return NULL;
	d = &res->diagnoses[res->n_diagnoses++];
	*d = (struct gh_diagnosis){
		.fault = what->fault,
		.part = part,
		.confidence = 1,
		.title = what->title,
		.action = what->action,
		.severity = GH_VERDICT_UNSURE,
	};
	return d;
}

/* What a probe itself found wrong with a sensor. */
static void adopt_suspect(struct gh_result *res, const struct gh_finding *f)
{
	const struct gh_sensor_fault *what = gh_sensor_fault_of(f->reason);
	struct gh_diagnosis *d = sensor_diagnosis(res, f->part, what);
	char text[GH_NOTE_CAP];

	if (d == NULL)
		return;
	gh_finding_say(f, text, sizeof text);
	gh_evidence_add(d, f->note[0] != '\0' ? f->note : text);
}

static const struct gh_finding *find(const struct gh_result *res, int part,
				     const char *id)
{
	for (size_t i = 0; i < res->n_findings; i++)
		if (res->findings[i].part == part &&
		    gh_id_matches(id, res->findings[i].id))
			return &res->findings[i];
	return NULL;
}

static bool changed_alike(const struct gh_suspicion *s,
			  const struct gh_result *res, int part)
{
	double low = INFINITY, high = 0;

	for (int i = 0; i < 4 && s->alike[i] != NULL; i++) {
		const struct gh_finding *f = find(res, part, s->alike[i]);
		double factor;

		if (f == NULL)
			return false;
		factor = f->value / f->expected;
		if (!(factor >= 0) || !isfinite(factor))
			return false;
		low = fmin(low, factor);
		high = fmax(high, factor);
	}
	return s->alike[0] == NULL || high <= low * ALIKE;
}

static bool applies(const struct gh_suspicion *s, const struct gh_judge_in *in,
		    const struct gh_result *res, int part)
{
	if (in->parts[part].kind != s->kind)
		return false;
	for (int i = 0; i < GH_SIGNS && s->signs[i].id != NULL; i++) {
		const enum gh_presence seen =
			gh_sign_look(in, res, part, &s->signs[i]);

		if (!gh_sign_allows(&s->signs[i], seen))
			return false;
	}
	return changed_alike(s, res, part);
}

static bool rests_on(const struct gh_suspicion *s, const struct gh_finding *f)
{
	for (int i = 0; s->suspects[i] != NULL; i++)
		if (gh_id_matches(s->suspects[i], f->id))
			return true;
	return false;
}

/* Numbers stay for people to see; they no longer decide anything. */
static void disbelieve(struct gh_finding *f, const struct gh_suspicion *s)
{
	if (f->state == GH_STATE_SKIPPED || f->metric->role == GH_ROLE_SHOWN)
		return;
	f->state = GH_STATE_UNKNOWN;
	f->reason = GH_REASON_SENSOR_SUSPECT;
	f->hard = false;
	f->notices = NAN;
	snprintf(f->note, sizeof f->note, "%s suspect: %s", s->sensor,
		 s->because);
}

static void suspect(const struct gh_suspicion *s, struct gh_result *res,
		    int part)
{
	struct gh_diagnosis *d =
		sensor_diagnosis(res, part, gh_sensor_fault_find(s->fault));
	char text[GH_NOTE_CAP];

	snprintf(text, sizeof text, "%s: %s", s->sensor, s->because);
	if (d != NULL) {
		gh_evidence_add(d, text);
		gh_evidence_of_signs(d, res, s->signs);
	}
	for (size_t i = 0; i < res->n_findings; i++)
		if (res->findings[i].part == part &&
		    rests_on(s, &res->findings[i]))
			disbelieve(&res->findings[i], s);
}

/* Room light that outshines a part drives its sensors over as well. */
static bool is_drowned(const struct gh_result *res, int part)
{
	for (size_t i = 0; i < res->n_findings; i++)
		if (res->findings[i].part == part &&
		    res->findings[i].reason == GH_REASON_AMBIENT)
			return true;
	return false;
}

static bool accuses(const struct gh_result *res, const struct gh_finding *f)
{
	return f->state == GH_STATE_UNKNOWN && gh_sensor_fault_of(f->reason) &&
	       !(f->reason == GH_REASON_SATURATED && is_drowned(res, f->part));
}

void gh_sensors_judge(const struct gh_judge_in *in, struct gh_result *res)
{
	for (size_t i = 0; i < res->n_findings; i++)
		if (accuses(res, &res->findings[i]))
			adopt_suspect(res, &res->findings[i]);
	for (int part = 0; part < (int)in->n_parts; part++)
		for (const struct gh_suspicion *s = gh_suspicions;
		     s->sensor != NULL; s++)
			if (applies(s, in, res, part))
				suspect(s, res, part);
}
