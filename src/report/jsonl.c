/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * jsonl - a run as a stream of events, one JSON object a line. Whoever reads
 * "run_end" has read everything; a stream without it was cut short.
 */
#include "report/formats.h" /* what is defined here */

#include "report/cases.h" /* gh_cases */
#include "report/json.h"  /* gh_json_finding */

/* Takes more over; NULL stands for no memory there. */
static bool line(struct gh_jsonl *s, const char *event, double t, json_t *more)
{
	json_t *root = json_pack("{s:I, s:o, s:s}", "seq", (json_int_t)s->seq++,
				 "t", gh_json_real(t), "event", event);
	const bool ok =
		root && more && json_object_update(root, more) == 0 &&
		json_dumpf(root, s->out,
			   JSON_COMPACT | JSON_REAL_PRECISION(12)) == 0 &&
		fputc('\n', s->out) != EOF && fflush(s->out) == 0;

	json_decref(more);
	json_decref(root);
	return ok;
}

static json_t *progress(const struct gh_event *ev)
{
	return json_pack("{s:o, s:o, s:i, s:i, s:b, s:o}", "share",
			 gh_json_real(ev->share), "left_s",
			 gh_json_real(ev->left_s), "phase", (int)ev->phase,
			 "phases", (int)ev->phases, "moving", ev->moving,
			 "text", gh_json_text(ev->text));
}

static json_t *begin(const char *what)
{
	return json_pack("{s:i, s:s, s:o}", "schema", 1, "tool", "ghostlight",
			 "text", gh_json_text(what));
}

void gh_jsonl_skip(struct gh_jsonl *s)
{
	s->seq++;
}

void gh_jsonl_event(struct gh_jsonl *s, const struct gh_event *ev)
{
	static const char *const names[] = {
		[GH_EV_RUN_BEGIN] = "run_begin", [GH_EV_PHASE] = "phase",
		[GH_EV_PROGRESS] = "progress",	 [GH_EV_NOTE] = "note",
		[GH_EV_ERROR] = "error",	 [GH_EV_RUN_END] = NULL,
	};
	const bool told = ev->kind == GH_EV_PROGRESS || ev->kind == GH_EV_PHASE;

	if (!names[ev->kind])
		return;
	/* Whatever is told first, the stream begins with its beginning. */
	if (!s->begun && ev->kind != GH_EV_RUN_BEGIN)
		(void)line(s, "run_begin", 0.0, begin(""));
	s->begun = true;
	if (ev->kind == GH_EV_RUN_BEGIN)
		(void)line(s, "run_begin", ev->elapsed_s, begin(ev->text));
	else if (told)
		(void)line(s, names[ev->kind], ev->elapsed_s, progress(ev));
	else
		(void)line(s, names[ev->kind], ev->elapsed_s,
			   json_pack("{s:o}", "text", gh_json_text(ev->text)));
}

struct telling {
	struct gh_jsonl *s;
	const struct gh_run_view *view;
	unsigned n;
	bool ok;
};

/* A case without a finding says its reason in a note. */
static json_t *finding_of(const struct gh_case *c)
{
	if (c->finding)
		return gh_json_finding(c->finding);
	return json_pack("{s:o, s:n, s:s, s:n, s:n, s:n, s:o, s:{s:n, s:s}, "
			 "s:o}",
			 "metric", gh_json_text(c->name), "value", "unit", "",
			 "expected", "limit_lo", "limit_hi", "state",
			 gh_json_text(gh_state_name(c->state)), "notices",
			 "size", "unit", "", "note", gh_json_text(c->text));
}

static void finding(void *self, const struct gh_case *c)
{
	struct telling *t = self;

	t->n++;
	t->ok = line(t->s, "finding", t->view->duration_s,
		     json_pack("{s:o, s:o}", "part",
			       c->part < 0 ? json_null()
					   : gh_json_text(c->suite),
			       "finding", finding_of(c))) &&
		t->ok;
}

static bool diagnoses(struct gh_jsonl *s, const struct gh_run_view *view)
{
	const struct gh_result *r = view->result;
	bool ok = true;

	for (size_t i = 0; i < r->n_diagnoses; i++)
		ok = line(s, "diagnosis", view->duration_s,
			  json_pack("{s:o}", "diagnosis",
				    gh_json_diagnosis(view,
						      &r->diagnoses[i]))) &&
		     ok;
	return ok;
}

static json_t *end(const struct gh_run_view *view, unsigned findings)
{
	char started[24];

	gh_wall_text(view->started_s, started, sizeof started);
	return json_pack(
		"{s:o, s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:i, "
		"s:i}",
		"verdict", gh_json_text(gh_verdict_name(view->result->verdict)),
		"why", gh_json_text(view->result->why), "exit_code",
		view->exit_code, "run",
		view->run > 0 ? json_integer(view->run) : json_null(), "rig",
		gh_json_text(view->rig), "serial", gh_json_text(view->serial),
		"started",
		view->started_s > 0 ? gh_json_text(started) : json_null(),
		"end", gh_json_text(view->end), "simulated", view->simulated,
		"duration_s", gh_json_real(view->duration_s), "motion_s",
		gh_json_real(view->motion_s), "findings", (int)findings,
		"diagnoses", (int)view->result->n_diagnoses);
}

bool gh_jsonl_run(struct gh_jsonl *s, const struct gh_run_view *view)
{
	struct telling t = { s, view, 0, true };

	if (!s->begun)
		t.ok = line(s, "run_begin", 0.0, begin("a stored run"));
	s->begun = true;
	gh_cases(view, finding, &t);
	t.ok = diagnoses(s, view) && t.ok;
	s->ended = true;
	return line(s, "run_end", view->duration_s, end(view, t.n)) && t.ok;
}
