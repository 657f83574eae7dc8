/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plain - for screen readers, serial consoles and pipes: one finding a line,
 * the worst first, the verdict last, no layout and no cursor movement.
 */
#include "report/report.h" /* what is defined here */

#include "report/page.h"   /* gh_page_say */
#include "report/phrase.h" /* gh_phrase_part */

#include <math.h>
#include <string.h>

enum { FINDINGS = 8 };

static void cause(const struct gh_run_view *view, unsigned p, FILE *out)
{
	char text[2 * GH_PHRASE_CAP];

	if (view->result->parts[p].diagnosis < 0)
		return;
	gh_phrase_cause(text, sizeof text, view, p);
	gh_page_say(out, "; %s", text);
}

static void finding(const struct gh_finding *f, const char *part, FILE *out)
{
	char metric[GH_PHRASE_CAP], figures[GH_PHRASE_CAP];

	gh_phrase_metric(metric, sizeof metric, f);
	gh_phrase_figures(figures, sizeof figures, f);
	gh_page_say(out, "%s %s %s%s %s", gh_phrase_state(f->state), part,
		    metric, isfinite(f->value) ? "" : ":", figures);
}

static void part_lines(const struct gh_run_view *view, unsigned p, FILE *out)
{
	const struct gh_result *r = view->result;
	const struct gh_finding *found[FINDINGS];
	const unsigned n = gh_phrase_findings(r, p, found, FINDINGS);
	const struct gh_part_result *state = &r->parts[p];
	char part[GH_PHRASE_CAP];

	gh_phrase_part(part, sizeof part, view->parts[p].name);
	for (unsigned i = 0; i < n; i++) {
		finding(found[i], part, out);
		if (i == 0)
			cause(view, p, out);
		fputc('\n', out);
	}
	if (n > 0)
		return;
	gh_page_say(out, "%s %s: %s", gh_verdict_name(state->state), part,
		    gh_reason_text(state->reason));
	cause(view, p, out);
	fputc('\n', out);
}

static void ready_line(const struct gh_run_view *view, FILE *out)
{
	unsigned n = 0;
	char part[GH_PHRASE_CAP];

	for (unsigned p = 0; p < view->n_parts; p++)
		n += view->result->parts[p].state == GH_VERDICT_READY;
	if (n == 0)
		return;
	fprintf(out, "READY %u part%s:", n, n == 1 ? "" : "s");
	n = 0;
	for (unsigned p = 0; p < view->n_parts; p++) {
		if (view->result->parts[p].state != GH_VERDICT_READY)
			continue;
		gh_phrase_part(part, sizeof part, view->parts[p].name);
		gh_page_say(out, "%s %s", n++ ? "," : "", part);
	}
	fputc('\n', out);
}

static bool is_told(const struct gh_finding *f, unsigned part)
{
	return f->part == (int)part && f->state == GH_STATE_PASS &&
	       isfinite(f->notices) &&
	       (!f->metric || f->metric->role == GH_ROLE_GATE);
}

/* What a part's passes are worth; of watched metrics it is in the JSON. */
static void notices_line(const struct gh_run_view *view, unsigned p, FILE *out)
{
	const struct gh_result *r = view->result;
	char text[GH_PHRASE_CAP];
	unsigned n = 0;

	for (size_t i = 0; i < r->n_findings; i++) {
		if (!is_told(&r->findings[i], p))
			continue;
		gh_phrase_part(text, sizeof text, view->parts[p].name);
		if (n++ == 0)
			gh_page_say(out, "would notice %s:", text);
		gh_phrase_notices(text, sizeof text, &r->findings[i]);
		gh_page_say(out, "%s %s", n > 1 ? "," : "", text);
	}
	if (n > 0)
		fputc('\n', out);
}

void gh_report_verdict_line(const struct gh_run_view *view, FILE *out)
{
	char count[GH_PHRASE_CAP], length[32];

	gh_phrase_count(count, sizeof count, view);
	gh_phrase_duration(length, sizeof length, view->duration_s);
	gh_page_say(out, "verdict %s, %s, %s",
		    gh_verdict_name(view->result->verdict), count, length);
	if (view->only[0])
		gh_page_say(out, ", only %s", view->only);
	if (view->run > 0)
		fprintf(out, ", run %lld", (long long)view->run);
	else
		fprintf(out, ", not stored");
	if (view->judged_anew_from > 0)
		fprintf(out, ", judged anew");
	if (view->simulated)
		fprintf(out, ", SIMULATED");
	fputc('\n', out);
}

/* A part that was not run has said why on its own line. */
static bool is_said(const struct gh_run_view *view, const char *part)
{
	for (unsigned p = 0; p < view->n_parts; p++)
		if (strcmp(view->parts[p].name, part) == 0)
			return view->result->parts[p].state ==
			       GH_VERDICT_NOT_RUN;
	return false;
}

void gh_report_plain(const struct gh_run_view *view, FILE *out)
{
	unsigned order[GH_JUDGE_PARTS];
	const unsigned n = gh_phrase_sorted(view, order);
	bool said_ready = false;

	for (unsigned i = 0; i < n; i++) {
		const enum gh_verdict state =
			view->result->parts[order[i]].state;

		if (state != GH_VERDICT_READY) {
			part_lines(view, order[i], out);
		} else if (!said_ready) {
			ready_line(view, out);
			said_ready = true;
		}
	}
	for (unsigned i = 0; i < n; i++)
		notices_line(view, order[i], out);
	for (unsigned i = 0; i < view->n_not_checked; i++)
		if (!is_said(view, view->not_checked[i].part))
			gh_page_say(out, "not checked %s: %s\n",
				    view->not_checked[i].part,
				    view->not_checked[i].reason);
	if (view->error[0])
		gh_page_say(out, "%s: %s\n", view->end, view->error);
	gh_report_verdict_line(view, out);
}
