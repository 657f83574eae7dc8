/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/words.h"

#include "base/number.h"   /* gh_number_* */
#include "judge/finding.h" /* gh_finding_limit */
#include "judge/verdict.h" /* gh_verdict_of_state */
#include "report/phrase.h" /* gh_phrase_part */

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum gh_ink gh_words_ink(enum gh_verdict v)
{
	static const enum gh_ink inks[] = {
		[GH_VERDICT_READY] = GH_INK_READY,
		[GH_VERDICT_WATCH] = GH_INK_WATCH,
		[GH_VERDICT_UNSURE] = GH_INK_UNSURE,
		[GH_VERDICT_HOLD] = GH_INK_HOLD,
		[GH_VERDICT_NOT_RUN] = GH_INK_DIM,
	};

	return (unsigned)v < GH_ARRAY_SIZE(inks) ? inks[v] : GH_INK_UNSURE;
}

int gh_words_verdict(const char *text)
{
	for (int v = GH_VERDICT_READY; v <= GH_VERDICT_NOT_RUN; v++)
		if (strcmp(gh_verdict_name((enum gh_verdict)v), text) == 0)
			return v;
	return -1;
}

void gh_words_when(int64_t wall_s, char *out, size_t cap)
{
	const time_t t = (time_t)wall_s;
	struct tm parts;

	if (!localtime_r(&t, &parts) ||
	    strftime(out, cap, "%Y-%m-%d %H:%M", &parts) == 0)
		snprintf(out, cap, "?");
}

void gh_words_countdown(double seconds, char *out, size_t cap)
{
	const int s = seconds > 0 && seconds < 86400 ? (int)ceil(seconds) : 0;

	snprintf(out, cap, "%d:%02d", s / 60, s % 60);
}

static char small(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool gh_words_has(const char *text, const char *word)
{
	for (; *text; text++) {
		size_t i = 0;

		while (word[i] && small(text[i]) == small(word[i]))
			i++;
		if (!word[i])
			return true;
	}
	return word[0] == '\0';
}

/* Not run is listed last: it does not lower the verdict. */
static int rank_of(enum gh_verdict v)
{
	return v == GH_VERDICT_NOT_RUN ? -1 : (int)v;
}

static enum gh_verdict part_state(const struct gh_run_view *view, size_t i)
{
	return view->result->parts[i].state;
}

static enum gh_verdict finding_state(const struct gh_run_view *view, size_t i)
{
	return gh_verdict_of_state(view->result->findings[i].state);
}

static size_t part_count(const struct gh_run_view *view)
{
	const unsigned n = view->result ? view->result->n_parts : 0;

	return n < view->n_parts ? n : view->n_parts;
}

size_t gh_words_parts(const struct gh_run_view *view, uint16_t *order)
{
	const size_t n_parts = part_count(view);
	size_t n = 0;

	for (int rank = GH_VERDICT_HOLD; rank >= -1; rank--)
		for (size_t i = 0; i < n_parts; i++)
			if (rank_of(part_state(view, i)) == rank)
				order[n++] = (uint16_t)i;
	return n;
}

size_t gh_words_findings(const struct gh_run_view *view, int part,
			 uint16_t *order)
{
	const struct gh_result *r = view->result;
	size_t n = 0;

	for (int rank = GH_VERDICT_HOLD; r && rank >= -1; rank--)
		for (size_t i = 0; i < r->n_findings; i++)
			if (rank_of(finding_state(view, i)) == rank &&
			    (part < 0 || r->findings[i].part == part))
				order[n++] = (uint16_t)i;
	return n;
}

bool gh_words_accepted(const struct gh_run_view *view, int part, int64_t now_s,
		       char *out, size_t cap)
{
	return gh_remark_say_accepted(view->remarks, view->n_remarks, view->run,
				      gh_words_part_name(view, part), now_s,
				      out, cap);
}

int gh_words_find_part(const struct gh_run_view *view, const char *name)
{
	for (unsigned i = 0; i < view->n_parts; i++)
		if (strcmp(view->parts[i].name, name) == 0)
			return (int)i;
	return -1;
}

const char *gh_words_part_name(const struct gh_run_view *view, int part)
{
	if (part < 0 || (unsigned)part >= view->n_parts)
		return "?";
	return view->parts[part].name;
}

static void fill_values(const struct gh_finding *f, struct gh_row *out)
{
	gh_number_text(f->value, f->unit, out->now, sizeof out->now);
	gh_number_text(f->expected, f->unit, out->base, sizeof out->base);
	gh_number_text(gh_finding_limit(f), f->unit, out->limit,
		       sizeof out->limit);
	gh_number_change(f->value, f->expected, f->unit, out->change,
			 sizeof out->change);
}

void gh_words_finding_row(const struct gh_run_view *view, size_t finding,
			  struct gh_row *out)
{
	const struct gh_finding *f = &view->result->findings[finding];
	const char *why = f->note[0] ? f->note : gh_reason_text(f->reason);

	*out = (struct gh_row){ .metric = "",
				.state = gh_verdict_of_state(f->state),
				.known = f->state == GH_STATE_KNOWN };
	gh_phrase_part(out->part, sizeof out->part,
		       gh_words_part_name(view, f->part));
	if (f->metric)
		out->metric = f->metric->meaning;
	out->has_values = isfinite(f->value) && f->state != GH_STATE_SKIPPED;
	if (out->has_values)
		fill_values(f, out);
	gh_copy_text(out->why, sizeof out->why, why);
}

void gh_words_part_row(const struct gh_run_view *view, size_t part,
		       struct gh_row *out)
{
	const struct gh_part_result *p = &view->result->parts[part];
	const bool counted = p->state != GH_VERDICT_NOT_RUN && p->worst >= 0 &&
			     (size_t)p->worst < view->result->n_findings;

	if (counted) {
		gh_words_finding_row(view, (size_t)p->worst, out);
	} else {
		*out = (struct gh_row){ .metric = "" };
		gh_copy_text(out->why, sizeof out->why,
			     gh_reason_text(p->reason));
	}
	out->state = p->state;
	gh_phrase_part(out->part, sizeof out->part,
		       gh_words_part_name(view, (int)part));
}

int gh_words_worst_part(const struct gh_run_view *view)
{
	uint16_t order[GH_JUDGE_PARTS];

	if (gh_words_parts(view, order) == 0 ||
	    rank_of(part_state(view, order[0])) <= GH_VERDICT_READY)
		return -1;
	return order[0];
}

/* The one that makes the verdict; of several the surest. */
const struct gh_diagnosis *gh_words_worst_cause(const struct gh_run_view *view,
						int part)
{
	const struct gh_result *r = view->result;
	const struct gh_diagnosis *worst = NULL;

	for (size_t i = 0; r && i < r->n_diagnoses; i++) {
		const struct gh_diagnosis *d = &r->diagnoses[i];

		if (part >= 0 && d->part != part)
			continue;
		if (!worst || d->severity > worst->severity ||
		    (d->severity == worst->severity &&
		     d->confidence > worst->confidence))
			worst = d;
	}
	return worst;
}
