/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/phrase.h"

#include "base/number.h"	   /* gh_number_text */
#include "base/status.h"   /* GH_ARRAY_SIZE, GH_PRINTF */
#include "judge/finding.h" /* gh_finding_limit */

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const signs[] = {
	[GH_VERDICT_READY] = " o ",   [GH_VERDICT_WATCH] = "/!\\",
	[GH_VERDICT_UNSURE] = " ? ",  [GH_VERDICT_HOLD] = "[#]",
	[GH_VERDICT_NOT_RUN] = " ? ",
};

static const char *const state_words[] = {
	[GH_STATE_PASS] = "READY",     [GH_STATE_WATCH] = "WATCH",
	[GH_STATE_KNOWN] = "KNOWN",    [GH_STATE_FAIL] = "HOLD",
	[GH_STATE_UNKNOWN] = "UNSURE", [GH_STATE_SKIPPED] = "NOT RUN",
};

/* Worst first, as the pages list them. */
static const unsigned char verdict_rank[] = {
	[GH_VERDICT_HOLD] = 0,	  [GH_VERDICT_UNSURE] = 1,
	[GH_VERDICT_WATCH] = 2,	  [GH_VERDICT_READY] = 3,
	[GH_VERDICT_NOT_RUN] = 4,
};

static const unsigned char state_rank[] = {
	[GH_STATE_FAIL] = 0,  [GH_STATE_UNKNOWN] = 1, [GH_STATE_WATCH] = 2,
	[GH_STATE_KNOWN] = 3, [GH_STATE_PASS] = 4,    [GH_STATE_SKIPPED] = 5,
};

const char *gh_phrase_sign(enum gh_verdict v)
{
	return (unsigned)v < GH_ARRAY_SIZE(signs) ? signs[v] : " ? ";
}

const char *gh_phrase_state(enum gh_state state)
{
	return state_words[state];
}

static void append(char *out, size_t cap, const char *fmt, ...) GH_PRINTF(3, 4);

static void append(char *out, size_t cap, const char *fmt, ...)
{
	const size_t used = strlen(out);
	va_list args;

	va_start(args, fmt);
	vsnprintf(out + used, cap - used, fmt, args);
	va_end(args);
}

static void append_words(char *out, size_t cap, const char *name, size_t n)
{
	size_t used = strlen(out);

	for (size_t i = 0; i < n && used + 1 < cap; i++, used++) {
		const bool gap = name[i] == '.' || name[i] == '_';

		out[used] = name[i];
		if (gap)
			out[used] = ' ';
	}
	out[used] = '\0';
}

void gh_phrase_part(char *out, size_t cap, const char *name)
{
	out[0] = '\0';
	append_words(out, cap, name, strlen(name));
}

void gh_phrase_metric(char *out, size_t cap, const struct gh_finding *f)
{
	const char *star = f->metric ? strchr(f->metric->id, '*') : NULL;
	const size_t n = strlen(f->id);
	size_t head, tail;

	snprintf(out, cap, "%s", f->metric ? f->metric->meaning : f->id);
	if (!star)
		return;
	head = (size_t)(star - f->metric->id);
	tail = strlen(star + 1);
	if (n <= head + tail)
		return;
	append(out, cap, " (");
	append_words(out, cap, f->id + head, n - head - tail);
	append(out, cap, ")");
}

/* ---- Figures ---- */

static void append_number(char *out, size_t cap, double v, enum gh_unit unit)
{
	char text[GH_NUMBER_CAP];

	gh_number_text(v, unit, text, sizeof text);
	append(out, cap, "%s", text);
}

static void append_change(char *out, size_t cap, double v,
			  const struct gh_finding *f)
{
	char text[GH_NUMBER_CAP];

	gh_number_change(v, f->expected, f->unit, text, sizeof text);
	append(out, cap, "%s", text);
}

/* As a change where the value is told as one. */
static void append_limit(char *out, size_t cap, const struct gh_finding *f)
{
	const double limit = gh_finding_limit(f);

	if (isnan(limit))
		return;
	append(out, cap, ", limit ");
	if (gh_number_has_share(f->value, f->expected, f->unit))
		append_change(out, cap, limit, f);
	else
		append_number(out, cap, limit, f->unit);
}

static void append_reason(char *out, size_t cap, const struct gh_finding *f)
{
	if (f->reason == GH_REASON_NONE)
		return;
	append(out, cap, "%s%s", out[0] ? "; " : "", gh_reason_text(f->reason));
}

void gh_phrase_figures(char *out, size_t cap, const struct gh_finding *f)
{
	out[0] = '\0';
	if (isfinite(f->value)) {
		append_number(out, cap, f->value, f->unit);
		if (isfinite(f->expected)) {
			append(out, cap, ", baseline ");
			append_number(out, cap, f->expected, f->unit);
			append(out, cap, ", ");
			append_change(out, cap, f->value, f);
		}
		append_limit(out, cap, f);
		if (f->repeats > 0 && f->state != GH_STATE_PASS)
			append(out, cap, ", %u of %u", f->beyond, f->repeats);
	}
	append_reason(out, cap, f);
	if (f->note[0])
		append(out, cap, "%s%s", out[0] ? "; " : "", f->note);
}

void gh_phrase_notices(char *out, size_t cap, const struct gh_finding *f)
{
	gh_phrase_metric(out, cap, f);
	append(out, cap, " ");
	append_number(out, cap, f->notices, f->unit);
	if (gh_number_has_share(f->value, f->expected, f->unit))
		append(out, cap, " (%.0f %%)",
		       100.0 * f->notices / fabs(f->expected));
}

void gh_phrase_cause(char *out, size_t cap, const struct gh_run_view *view,
		     unsigned part)
{
	const struct gh_diagnosis *d =
		&view->result->diagnoses[view->result->parts[part].diagnosis];

	if (d->part == (int)part || d->part < 0 ||
	    (unsigned)d->part >= view->n_parts) {
		snprintf(out, cap, "%s: %s", d->title, d->action);
		return;
	}
	snprintf(out, cap, "see ");
	append_words(out, cap, view->parts[d->part].name,
		     strlen(view->parts[d->part].name));
}

#define LONGEST_S 1e12 /* 30 000 years */

void gh_phrase_duration(char *out, size_t cap, double seconds)
{
	static const struct {
		double below, unit;
		const char *text;
	} steps[] = { { 120, 1, "s" },
		      { 7200, 60, "min" },
		      { 172800, 3600, "h" },
		      { INFINITY, 86400, "days" } };
	size_t i = 0;

	/* A hostile clock or database must not fill a line with digits. */
	seconds = fmin(fmax(seconds, 0.0), LONGEST_S);
	while (i + 1 < GH_ARRAY_SIZE(steps) && seconds >= steps[i].below)
		i++;
	snprintf(out, cap, "%.0f %s", floor(seconds / steps[i].unit),
		 steps[i].text);
}

void gh_phrase_count(char *out, size_t cap, const struct gh_run_view *view)
{
	static const struct {
		enum gh_verdict state;
		const char *word;
	} words[] = { { GH_VERDICT_HOLD, "hold" },
		      { GH_VERDICT_UNSURE, "unsure" },
		      { GH_VERDICT_WATCH, "watch" },
		      { GH_VERDICT_READY, "ready" },
		      { GH_VERDICT_NOT_RUN, "not run" } };

	out[0] = '\0';
	for (size_t i = 0; i < GH_ARRAY_SIZE(words); i++) {
		unsigned n = 0;

		for (unsigned p = 0; p < view->n_parts; p++)
			n += view->result->parts[p].state == words[i].state;
		if (n > 0)
			append(out, cap, "%s%u %s", out[0] ? ", " : "", n,
			       words[i].word);
	}
	if (!out[0])
		append(out, cap, "no parts");
}

unsigned gh_phrase_sorted(const struct gh_run_view *view,
			  unsigned order[GH_JUDGE_PARTS])
{
	unsigned n = 0;

	for (unsigned rank = 0; rank < GH_ARRAY_SIZE(verdict_rank); rank++)
		for (unsigned p = 0; p < view->n_parts; p++)
			if (verdict_rank[view->result->parts[p].state] == rank)
				order[n++] = p;
	return n;
}

unsigned gh_phrase_findings(const struct gh_result *r, unsigned part,
			    const struct gh_finding **out, unsigned cap)
{
	unsigned n = 0;

	for (unsigned rank = 0; rank < state_rank[GH_STATE_PASS]; rank++)
		for (size_t i = 0; i < r->n_findings && n < cap; i++)
			if (r->findings[i].part == (int)part &&
			    state_rank[r->findings[i].state] == rank)
				out[n++] = &r->findings[i];
	return n;
}
