/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text - the page for people: the verdict first, then the parts from the worst
 * to the best, what was not checked, and what kind of run it was.
 */
#include "report/report.h" /* what is defined here */

#include "report/page.h"     /* gh_page_wrap */
#include "base/status.h"     /* GH_ARRAY_SIZE */
#include "judge/reference.h" /* GH_MIN_RUNS_FULL */
#include "report/phrase.h"   /* gh_phrase_part */
#include "report/remarks.h"  /* gh_remarks_text */

#include <math.h>
#include <string.h>

enum {
	FINDINGS = 4, /* of a part on the page; the others are in the JSON */
	SIGN_COLUMNS = 5,
	OLD_S = 300, /* from then on a page says how old its run is */
	INDENT = 13  /* " [#] NOT RUN " */
};

/* Bold alone: colours of a terminal's theme are not ours to choose. */
static void head(FILE *out, const struct gh_report_style *style,
		 enum gh_verdict v)
{
	const bool bold = style && style->colour;

	fprintf(out, " %s %s%-7s%s ", gh_phrase_sign(v), bold ? "\033[1m" : "",
		gh_verdict_name(v), bold ? "\033[0m" : "");
}

static void title(const struct gh_run_view *view, FILE *out)
{
	char when[32];

	gh_wall_text(view->started_s, when, sizeof when);
	gh_page_say(out, " %.31s%s%.31s   %s   %s%s\n", view->rig,
		    view->serial[0] ? " " : "", view->serial, view->profile,
		    when, view->simulated ? "   SIMULATED" : "");
	gh_page_rule(out);
}

static void verdict(const struct gh_run_view *view,
		    const struct gh_report_style *style, FILE *out)
{
	const char *why = view->result->why;
	/* The why may be the error, cut to a line: then that in full. */
	const bool said = strncmp(view->error, why, strlen(why)) == 0;
	char line[GH_PHRASE_CAP];

	head(out, style, view->result->verdict);
	gh_page_wrap(out, INDENT, INDENT, said ? view->error : why);
	if (view->only[0]) {
		snprintf(line, sizeof line,
			 "This is about %s alone, not about the whole piece.",
			 view->only);
		fprintf(out, "%*s", INDENT, "");
		gh_page_wrap(out, INDENT, INDENT, line);
	}
	if (view->error[0] && !said) {
		snprintf(line, sizeof line, "%s: %s", view->end, view->error);
		fprintf(out, "%*s", INDENT, "");
		gh_page_wrap(out, INDENT, INDENT, line);
	}
}

static void indented(FILE *out, const char *text)
{
	fprintf(out, "%*s", INDENT, "");
	gh_page_wrap(out, INDENT, INDENT + 2, text);
}

/* The cause and what to do; a neighbour only points at its cause. */
static void diagnosis(const struct gh_run_view *view, unsigned p, FILE *out)
{
	const int index = view->result->parts[p].diagnosis;
	const struct gh_diagnosis *d;
	char line[2 * GH_PHRASE_CAP];

	if (index < 0)
		return;
	d = &view->result->diagnoses[index];
	gh_phrase_cause(line, sizeof line, view, p);
	indented(out, line);
	if (d->part != (int)p || !d->other)
		return;
	snprintf(line, sizeof line, "or %s", d->other);
	indented(out, line);
}

/* Whether the part is unknown for one reason alone: then no figures. */
static bool is_one_reason(const struct gh_finding *const *found, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (found[i]->state != GH_STATE_UNKNOWN ||
		    found[i]->reason != found[0]->reason || found[i]->note[0])
			return false;
	return true;
}

static void bad_findings(const struct gh_finding *const *found, unsigned n,
			 FILE *out)
{
	char metric[GH_PHRASE_CAP], figures[GH_PHRASE_CAP];
	char line[2 * GH_PHRASE_CAP + 8];

	for (unsigned i = 0; i < n && i < FINDINGS; i++) {
		gh_phrase_metric(metric, sizeof metric, found[i]);
		gh_phrase_figures(figures, sizeof figures, found[i]);
		snprintf(line, sizeof line, "%s%s %s", metric,
			 isfinite(found[i]->value) ? "" : ":", figures);
		indented(out, line);
	}
	if (n > FINDINGS) {
		snprintf(line, sizeof line, "and %u more", n - FINDINGS);
		indented(out, line);
	}
}

/* What is told of a part that does not pass. */
struct told {
	const struct gh_finding *found[GH_JUDGE_PARTS];
	unsigned n;
};

static void tell(const struct gh_run_view *view, unsigned p, struct told *out)
{
	out->n = gh_phrase_findings(view->result, p, out->found,
				    GH_ARRAY_SIZE(out->found));
}

/* Eight fibres that cannot be told because the core has no blue: said once. */
static bool is_told_alike(const struct gh_run_view *view, unsigned a,
			  unsigned b)
{
	const struct gh_part_result *parts = view->result->parts;
	struct told one, other;

	if (parts[a].state != parts[b].state ||
	    parts[a].diagnosis != parts[b].diagnosis)
		return false;
	tell(view, a, &one);
	tell(view, b, &other);
	if (one.n == 0 && other.n == 0)
		return parts[a].reason == parts[b].reason;
	return one.n == 1 && other.n == 1 && !isfinite(one.found[0]->value) &&
	       !isfinite(other.found[0]->value) &&
	       one.found[0]->reason == other.found[0]->reason &&
	       strcmp(one.found[0]->id, other.found[0]->id) == 0 &&
	       strcmp(one.found[0]->note, other.found[0]->note) == 0;
}

/* order[0] and those after it that are told alike; returns how many. */
static unsigned alike_names(const struct gh_run_view *view,
			    const unsigned *order, unsigned n, char *out,
			    size_t cap)
{
	unsigned k;

	gh_phrase_part(out, cap, view->parts[order[0]].name);
	for (k = 1; k < n && is_told_alike(view, order[0], order[k]); k++) {
		const size_t used = strlen(out);

		snprintf(out + used, cap - used, ", ");
		gh_phrase_part(out + used + 2, cap - used - 2,
			       view->parts[order[k]].name);
	}
	return k;
}

/* Returns how many parts that said all of. */
static unsigned bad_parts(const struct gh_run_view *view,
			  const struct gh_report_style *style,
			  const unsigned *order, unsigned n, FILE *out)
{
	const struct gh_part_result *state = &view->result->parts[order[0]];
	char names[GH_JUDGE_PARTS * (GH_NAME_CAP + 2) + 1];
	char line[sizeof names + GH_PHRASE_CAP];
	struct told t;
	unsigned said;
	bool brief;

	tell(view, order[0], &t);
	brief = is_one_reason(t.found, t.n);
	said = alike_names(view, order, n, names, sizeof names);
	head(out, style, state->state);
	snprintf(line, sizeof line, "%s: %s", names,
		 gh_reason_text(t.n > 0 ? t.found[0]->reason : state->reason));
	gh_page_wrap(out, INDENT, INDENT, brief ? line : names);
	if (!brief)
		bad_findings(t.found, t.n, out);
	diagnosis(view, order[0], out);
	return said;
}

/* All parts of one state on one line: "READY hope shoulder, hope elbow". */
static void names(const struct gh_run_view *view,
		  const struct gh_report_style *style, enum gh_verdict state,
		  FILE *out)
{
	char line[GH_JUDGE_PARTS * (GH_NAME_CAP + 2) + 1] = "";
	size_t used = 0;

	for (unsigned p = 0; p < view->n_parts; p++) {
		if (view->result->parts[p].state != state)
			continue;
		if (used > 0)
			used += (size_t)snprintf(line + used,
						 sizeof line - used, ", ");
		gh_phrase_part(line + used, sizeof line - used,
			       view->parts[p].name);
		used += strlen(line + used);
	}
	if (used == 0)
		return;
	head(out, style, state);
	gh_page_wrap(out, INDENT, INDENT, line);
}

static void parts(const struct gh_run_view *view,
		  const struct gh_report_style *style, FILE *out)
{
	unsigned order[GH_JUDGE_PARTS];
	const unsigned n = gh_phrase_sorted(view, order);

	for (unsigned i = 0; i < n;) {
		const enum gh_verdict s = view->result->parts[order[i]].state;

		if (s == GH_VERDICT_READY || s == GH_VERDICT_NOT_RUN)
			i++;
		else
			i += bad_parts(view, style, order + i, n - i, out);
	}
	names(view, style, GH_VERDICT_READY, out);
	names(view, style, GH_VERDICT_NOT_RUN, out);
}

static bool said_before(const struct gh_run_view *view, unsigned i)
{
	for (unsigned k = 0; k < i; k++)
		if (strcmp(view->not_checked[k].reason,
			   view->not_checked[i].reason) == 0)
			return true;
	return false;
}

/* Parts that share a reason are named together. */
static void not_checked_row(const struct gh_run_view *view, unsigned i,
			    FILE *out)
{
	const char *reason = view->not_checked[i].reason;
	char line[GH_JUDGE_PARTS * (GH_NAME_CAP + 2) + GH_NOTE_CAP] = "";
	size_t used = 0;

	for (unsigned k = i; k < view->n_not_checked; k++) {
		if (strcmp(view->not_checked[k].reason, reason) != 0 ||
		    used + GH_NAME_CAP + GH_NOTE_CAP > sizeof line)
			continue;
		used += (size_t)snprintf(line + used, sizeof line - used,
					 "%s%s", used ? ", " : "",
					 view->not_checked[k].part);
	}
	snprintf(line + used, sizeof line - used, ": %s", reason);
	fprintf(out, "   ");
	gh_page_wrap(out, 3, SIGN_COLUMNS, line);
}

static void not_checked(const struct gh_run_view *view, FILE *out)
{
	if (view->n_not_checked == 0)
		return;
	gh_page_rule(out);
	fprintf(out, " not checked\n");
	for (unsigned i = 0; i < view->n_not_checked; i++)
		if (!said_before(view, i))
			not_checked_row(view, i, out);
}

static void baseline(const struct gh_run_view *view, char *line, size_t cap)
{
	if (!view->baseline[0]) {
		snprintf(line, cap, "no baseline");
		return;
	}
	snprintf(line, cap, "baseline \"%s\" (%u runs, %u sessions%s)%s%s",
		 view->baseline, view->baseline_runs, view->baseline_sessions,
		 view->baseline_runs < GH_MIN_RUNS_FULL ? ", wide limits" : "",
		 view->result->comparable ? "" : ", not comparable: ",
		 view->result->n_why_not > 0 ? view->result->why_not[0] : "");
}

static void run_line(const struct gh_run_view *view, FILE *out)
{
	char line[3 * GH_PHRASE_CAP], base[GH_PHRASE_CAP + 80], took[32];
	char count[GH_PHRASE_CAP], id[48] = "not stored";
	const char *chain = view->chain ? view->chain : "";

	gh_phrase_count(count, sizeof count, view);
	gh_phrase_duration(took, sizeof took, view->duration_s);
	baseline(view, base, sizeof base);
	if (view->run > 0)
		snprintf(id, sizeof id, "run %lld", (long long)view->run);
	snprintf(line, sizeof line,
		 "%s; %s in %s, moved %.0f s; %s%s%s %s%s%s%s%.16s", count, id,
		 took, view->motion_s, base,
		 view->model[0] ? "; controller " : "", view->model,
		 view->firmware, view->simulated ? ", SIMULATED" : "",
		 view->judged_anew_from > 0 ? "; judged anew just now" : "",
		 chain[0] ? "; chain " : "", chain);
	gh_page_rule(out);
	fputc(' ', out);
	gh_page_wrap(out, 1, 1, line);
}

static void age(const struct gh_run_view *view, FILE *out)
{
	char text[32];

	if (view->now_s - view->started_s < OLD_S)
		return;
	gh_phrase_duration(text, sizeof text,
			   (double)(view->now_s - view->started_s));
	fprintf(out, " taken %s before this page was made\n", text);
}

void gh_report_text(const struct gh_run_view *view,
		    const struct gh_report_style *style, FILE *out)
{
	title(view, out);
	verdict(view, style, out);
	gh_page_rule(out);
	parts(view, style, out);
	not_checked(view, out);
	gh_remarks_text(view, out);
	run_line(view, out);
	age(view, out);
}

void gh_report_status(const struct gh_run_view *view,
		      const struct gh_report_style *style, FILE *out)
{
	char ago[32] = "", line[GH_PHRASE_CAP];

	head(out, style, view->result->verdict);
	gh_page_wrap(out, INDENT, INDENT, view->result->why);
	if (view->run == 0)
		return;
	gh_phrase_duration(ago, sizeof ago,
			   (double)(view->now_s - view->started_s));
	snprintf(line, sizeof line, "%s %s, %s ago, %s, run %lld%s%s%s",
		 view->rig, view->serial, ago, view->profile,
		 (long long)view->run, view->only[0] ? ", only " : "",
		 view->only, view->simulated ? ", SIMULATED" : "");
	fprintf(out, "%*s", INDENT, "");
	gh_page_wrap(out, INDENT, INDENT, line);
}
