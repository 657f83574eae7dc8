/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cases.h"

#include "judge/verdict.h" /* gh_verdict_worse */

#include <stdio.h>
#include <string.h>

enum { DATE_CHARS = 10 /* of 2026-11-22T18:52:41Z */ };

struct walk {
	const struct gh_run_view *view;
	gh_case_each *each;
	void *self;
	unsigned n;
	enum gh_verdict worst; /* of what was told so far */
};

static const enum gh_state state_of[] = {
	[GH_VERDICT_READY] = GH_STATE_PASS,
	[GH_VERDICT_WATCH] = GH_STATE_WATCH,
	[GH_VERDICT_UNSURE] = GH_STATE_UNKNOWN,
	[GH_VERDICT_HOLD] = GH_STATE_FAIL,
	[GH_VERDICT_NOT_RUN] = GH_STATE_SKIPPED,
};

static const struct gh_accept *accept_of(const struct gh_run_view *view,
					 const struct gh_finding *f)
{
	if (f->state != GH_STATE_KNOWN || f->part < 0)
		return NULL;
	for (unsigned i = 0; i < view->n_accepts; i++)
		if (strcmp(view->accepts[i].id, f->id) == 0 &&
		    strcmp(view->accepts[i].part, view->parts[f->part].name) ==
			    0)
			return &view->accepts[i];
	return NULL;
}

static void tell(struct walk *w, struct gh_case *c)
{
	c->suite = c->part < 0 ? GH_CASES_OWN : w->view->parts[c->part].name;
	w->n++;
	w->worst = gh_verdict_worse(w->worst, gh_verdict_of_state(c->state));
	if (w->each)
		w->each(w->self, c);
}

static void findings(struct walk *w, int part)
{
	const struct gh_result *r = w->view->result;
	struct gh_finding figures;

	for (size_t i = 0; i < r->n_findings; i++) {
		const struct gh_finding *f = &r->findings[i];
		struct gh_case c = { .part = part,
				     .name = f->id,
				     .state = f->state,
				     .finding = f };

		if (f->part != part)
			continue;
		c.accept = accept_of(w->view, f);
		figures = *f;
		/* Its note is who accepted it, which gh_case_phrase says. */
		if (c.accept)
			figures.note[0] = '\0';
		gh_phrase_figures(c.text, sizeof c.text, &figures);
		tell(w, &c);
	}
}

static bool is_worse(enum gh_verdict a, enum gh_verdict than)
{
	return gh_verdict_worse(a, than) != than;
}

/* What the findings do not account for is a case of its own. */
static void extra(struct walk *w, int part, const char *name,
		  enum gh_verdict verdict, const char *why)
{
	struct gh_case c = { .part = part,
			     .name = name,
			     .state = state_of[verdict] };

	snprintf(c.text, sizeof c.text, "%s", why);
	tell(w, &c);
}

unsigned gh_cases_of(const struct gh_run_view *view, int part,
		     gh_case_each *each, void *self)
{
	struct walk w = { view, each, self, 0, GH_VERDICT_NOT_RUN };
	const struct gh_result *r = view->result;

	findings(&w, part);
	if (part >= 0) {
		if (w.n == 0 || is_worse(r->parts[part].state, w.worst))
			extra(&w, part, "part", r->parts[part].state,
			      gh_reason_text(r->parts[part].reason));
		return w.n;
	}
	/* The parts count for the run. */
	for (unsigned p = 0; p < view->n_parts; p++) {
		struct walk of = { view, NULL, NULL, 0, GH_VERDICT_NOT_RUN };

		findings(&of, (int)p);
		w.worst = gh_verdict_worse(w.worst, of.worst);
		w.worst = gh_verdict_worse(w.worst, r->parts[p].state);
	}
	if (is_worse(r->verdict, w.worst))
		extra(&w, part, "verdict", r->verdict, r->why);
	return w.n;
}

unsigned gh_cases(const struct gh_run_view *view, gh_case_each *each,
		  void *self)
{
	unsigned n = 0;

	for (unsigned p = 0; p < view->n_parts; p++)
		n += gh_cases_of(view, (int)p, each, self);
	return n + gh_cases_of(view, GH_CASES_RUN, each, self);
}

void gh_case_phrase(char *out, size_t cap, const struct gh_case *c)
{
	char until[24];

	if (!c->accept) {
		snprintf(out, cap, "%s%s%s", gh_phrase_state(c->state),
			 c->text[0] ? " " : "", c->text);
		return;
	}
	gh_wall_text(c->accept->until_s, until, sizeof until);
	snprintf(out, cap, "known until %.*s, %s: %s; %s", DATE_CHARS, until,
		 c->accept->by, c->accept->reason, c->text);
}
