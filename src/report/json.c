/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json - a run for machines: design.md section 5, schemas/report.schema.json.
 * What is not a number is null, never NaN and never zero.
 */
#include "report/json.h"    /* gh_json_finding */

#include "base/text.h"	    /* gh_make_human */
#include "report/remarks.h" /* gh_remarks_json */
#include "report/report.h"  /* what is defined here */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA 1

json_t *gh_json_real(double v)
{
	return isfinite(v) ? json_real(v) : json_null();
}

static bool is_ascii(const char *s)
{
	while (*s && (unsigned char)*s < 0x7f)
		s++;
	return *s == '\0';
}

/*
 * jansson escapes what is below a blank, and refuses what is not UTF-8; DEL and
 * the controls beyond it would reach a terminal as they are.
 */
json_t *gh_json_text(const char *s)
{
	json_t *j;
	char *human;

	if (!s || is_ascii(s))
		return json_string_nocheck(s ? s : "");
	human = strdup(s);
	if (!human)
		return NULL;
	gh_make_human(human);
	j = json_string(human);
	free(human);
	return j;
}

void gh_json_push(json_t **list, json_t *item)
{
	if (json_array_append_new(*list, item) == 0)
		return;
	json_decref(*list);
	*list = NULL;
}

void gh_json_set(json_t **object, const char *key, json_t *item)
{
	if (json_object_set_new(*object, key, item) == 0)
		return;
	json_decref(*object);
	*object = NULL;
}

static json_t *notices(const struct gh_finding *f)
{
	return json_pack("{s:o, s:o}", "size", gh_json_real(f->notices), "unit",
			 gh_json_text(gh_unit_text(f->unit)));
}

json_t *gh_json_finding(const struct gh_finding *f)
{
	return json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i}",
		"metric", gh_json_text(f->id), "value", gh_json_real(f->value),
		"unit", gh_json_text(gh_unit_text(f->unit)), "expected",
		gh_json_real(f->expected), "limit_lo",
		gh_json_real(f->limit_lo), "limit_hi",
		gh_json_real(f->limit_hi), "state",
		gh_json_text(gh_state_name(f->state)), "notices", notices(f),
		"reason", gh_json_text(gh_reason_name(f->reason)), "note",
		gh_json_text(f->note), "beyond", (int)f->beyond, "repeats",
		(int)f->repeats);
}

static json_t *findings_of(const struct gh_result *r, unsigned part)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < r->n_findings; i++)
		if (r->findings[i].part == (int)part)
			gh_json_push(&list, gh_json_finding(&r->findings[i]));
	return list;
}

/* In one line: the diagnosis, or what the worst finding says of itself. */
static const char *why_part(const struct gh_result *r, unsigned part)
{
	const struct gh_part_result *p = &r->parts[part];

	if (p->diagnosis >= 0)
		return r->diagnoses[p->diagnosis].title;
	if (p->worst >= 0 && p->state != GH_VERDICT_READY &&
	    r->findings[p->worst].note[0])
		return r->findings[p->worst].note;
	return gh_reason_text(p->reason);
}

static json_t *part(const struct gh_run_view *view, unsigned i)
{
	const struct gh_result *r = view->result;
	const int d = r->parts[i].diagnosis;

	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "part",
			 gh_json_text(view->parts[i].name), "state",
			 gh_json_text(gh_verdict_name(r->parts[i].state)),
			 "why", gh_json_text(why_part(r, i)), "action",
			 gh_json_text(d >= 0 ? r->diagnoses[d].action : ""),
			 "findings", findings_of(r, i));
}

static json_t *parts(const struct gh_run_view *view)
{
	json_t *list = json_array();

	for (unsigned i = 0; list && i < view->n_parts; i++)
		gh_json_push(&list, part(view, i));
	return list;
}

static json_t *evidence(const struct gh_diagnosis *d)
{
	json_t *list = json_array();

	for (unsigned i = 0; list && i < d->n_evidence; i++)
		gh_json_push(&list, gh_json_text(d->evidence[i]));
	return list;
}

json_t *gh_json_diagnosis(const struct gh_run_view *view,
			  const struct gh_diagnosis *d)
{
	const bool known = d->part >= 0 && (unsigned)d->part < view->n_parts;

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "part",
			 known ? gh_json_text(view->parts[d->part].name)
			       : json_null(),
			 "fault", gh_json_text(d->fault), "confidence",
			 gh_json_real(d->confidence), "evidence", evidence(d),
			 "action", gh_json_text(d->action), "other",
			 d->other ? gh_json_text(d->other) : json_null());
}

static json_t *diagnoses(const struct gh_run_view *view)
{
	const struct gh_result *r = view->result;
	json_t *list = json_array();

	for (size_t i = 0; list && i < r->n_diagnoses; i++)
		gh_json_push(&list, gh_json_diagnosis(view, &r->diagnoses[i]));
	return list;
}

static json_t *not_checked(const struct gh_run_view *view)
{
	json_t *list = json_array();

	for (unsigned i = 0; list && i < view->n_not_checked; i++)
		gh_json_push(
			&list,
			json_pack("{s:o, s:o}", "part",
				  gh_json_text(view->not_checked[i].part),
				  "reason",
				  gh_json_text(view->not_checked[i].reason)));
	return list;
}

static json_t *baseline(const struct gh_run_view *view)
{
	const struct gh_result *r = view->result;
	const bool there = view->baseline[0] != '\0';
	json_t *why_not = json_array();

	for (unsigned i = 0; why_not && i < r->n_why_not; i++)
		gh_json_push(&why_not, gh_json_text(r->why_not[i]));
	return json_pack("{s:o, s:i, s:i, s:b, s:o}", "name",
			 there ? gh_json_text(view->baseline) : json_null(),
			 "runs", (int)view->baseline_runs, "sessions",
			 (int)view->baseline_sessions, "comparable",
			 there && r->comparable, "why_not", why_not);
}

/* The run itself: what it was, before what it found. */
static json_t *head(const struct gh_run_view *view)
{
	char started[32];

	gh_wall_text(view->started_s, started, sizeof started);
	return json_pack(
		"{s:i, s:s, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:i, s:o, "
		"s:o, s:o, s:o}",
		"schema", SCHEMA, "tool", "ghostlight", "version",
		gh_json_text(view->version), "run",
		view->run > 0 ? json_integer(view->run) : json_null(), "rig",
		gh_json_text(view->rig), "serial", gh_json_text(view->serial),
		"simulated", view->simulated, "profile",
		gh_json_text(view->profile), "verdict",
		gh_json_text(gh_verdict_name(view->result->verdict)), "why",
		gh_json_text(view->result->why), "exit_code", view->exit_code,
		"started",
		view->started_s > 0 ? gh_json_text(started) : json_null(),
		"duration_s", gh_json_real(view->duration_s), "motion_s",
		gh_json_real(view->motion_s), "deadline_s",
		gh_json_real(view->deadline_s));
}

/* What kept it safe; what did not happen is null. */
static json_t *safety(const struct gh_run_safety *s)
{
	if (!s)
		return json_null();
	return json_pack("{s:o, s:o, s:o, s:o, s:b, s:o}", "watchdog_ms",
			 s->watchdog_ms > 0 ? json_integer(s->watchdog_ms)
					    : json_null(),
			 "watchdog_proved_ms",
			 s->watchdog_proved_ms > 0.0
				 ? gh_json_real(s->watchdog_proved_ms)
				 : json_null(),
			 "stop_ms", gh_json_real(s->stop_ms), "rest_ms",
			 gh_json_real(s->rest_ms), "safe_seen", s->safe_seen,
			 "safe_state", gh_json_text(s->safe_state));
}

/* How it ended, on what; beyond the fixed shape, for people who dig. */
static json_t *circumstances(const struct gh_run_view *view)
{
	const double age_s = (double)(view->now_s - view->started_s);

	return json_pack(
		"{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:o, s:o}",
		"chain",
		view->chain && view->chain[0] ? gh_json_text(view->chain)
					      : json_null(),
		"only", view->only[0] ? gh_json_text(view->only) : json_null(),
		"end", gh_json_text(view->end), "error",
		view->error[0] ? gh_json_text(view->error) : json_null(),
		"advice",
		view->advice[0] ? gh_json_text(view->advice) : json_null(),
		"port", gh_json_text(view->port), "driver",
		gh_json_text(view->driver), "model", gh_json_text(view->model),
		"firmware", gh_json_text(view->firmware), "time_scale",
		(int)view->time_scale, "judged_anew_from",
		view->judged_anew_from > 0
			? json_integer(view->judged_anew_from)
			: json_null(),
		"age_s", view->now_s > 0 ? gh_json_real(age_s) : json_null());
}

/* jansson's own says nothing of a key that it had no memory for. */
static bool add_all(json_t *object, json_t *more)
{
	const size_t all = json_object_size(object) + json_object_size(more);

	return json_object_update_missing_new(object, more) == 0 &&
	       json_object_size(object) == all;
}

bool gh_report_json(const struct gh_run_view *view, FILE *out)
{
	json_t *root = head(view);
	bool ok;

	ok = root &&
	     json_object_set_new(root, "baseline", baseline(view)) == 0 &&
	     json_object_set_new(root, "safety", safety(view->safety)) == 0 &&
	     json_object_set_new(root, "parts", parts(view)) == 0 &&
	     json_object_set_new(root, "diagnosis", diagnoses(view)) == 0 &&
	     json_object_set_new(root, "not_checked", not_checked(view)) == 0 &&
	     add_all(root, circumstances(view)) &&
	     json_object_set_new(root, "accepts", gh_remarks_accepts(view)) ==
		     0 &&
	     json_object_set_new(root, "remarks", gh_remarks_json(view)) == 0 &&
	     json_dumpf(root, out, JSON_INDENT(1) | JSON_REAL_PRECISION(12)) ==
		     0 &&
	     fputc('\n', out) != EOF;
	json_decref(root);
	return ok;
}
