/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/words.h"

#include "judge/verdict.h" /* gh_verdict_of_state */
#include "ui/number.h"	   /* gh_number_* */

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

const char *gh_words_sign(enum gh_verdict v)
{
	static const char *const signs[] = {
		[GH_VERDICT_READY] = " o ",   [GH_VERDICT_WATCH] = "/!\\",
		[GH_VERDICT_UNSURE] = " ? ",  [GH_VERDICT_HOLD] = "[#]",
		[GH_VERDICT_NOT_RUN] = " ? ",
	};

	return (unsigned)v < GH_ARRAY_SIZE(signs) ? signs[v] : " ? ";
}

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

void gh_words_part(const char *name, char *out, size_t cap)
{
	gh_copy_text(out, cap, name);
	for (char *s = out; *s != '\0'; s++)
		if (*s == '.' || *s == '_')
			*s = ' ';
}

void gh_words_age(int64_t seconds, char *out, size_t cap)
{
	static const struct {
		int64_t below, unit;
		const char *name;
	} steps[] = { { 120, 1, "s" },
		      { 7200, 60, "min" },
		      { 172800, 3600, "h" },
		      { INT64_MAX, 86400, "days" } };
	size_t i = 0;

	if (seconds < 0)
		seconds = 0;
	while (seconds >= steps[i].below)
		i++;
	snprintf(out, cap, "%lld %s", (long long)(seconds / steps[i].unit),
		 steps[i].name);
}

void gh_words_when(int64_t wall_s, bool clock_only, char *out, size_t cap)
{
	const time_t t = (time_t)wall_s;
	struct tm parts;

	if (!localtime_r(&t, &parts) ||
	    (clock_only ? strftime(out, cap, "%H:%M:%S", &parts)
			: strftime(out, cap, "%Y-%m-%d %H:%M", &parts)) == 0)
		snprintf(out, cap, "?");
}

void gh_words_countdown(double seconds, char *out, size_t cap)
{
	const int s = seconds > 0 && seconds < 86400 ? (int)ceil(seconds) : 0;

	snprintf(out, cap, "%d:%02d", s / 60, s % 60);
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

const char *gh_words_part_name(const struct gh_run_view *view, int part)
{
	if (part < 0 || (unsigned)part >= view->n_parts)
		return "?";
	return view->parts[part].name;
}

/* The limit that was crossed, or the nearer one. */
static double limit_of(const struct gh_finding *f)
{
	if (!isfinite(f->limit_lo))
		return f->limit_hi;
	if (!isfinite(f->limit_hi))
		return f->limit_lo;
	return f->value - f->limit_lo < f->limit_hi - f->value ? f->limit_lo
							       : f->limit_hi;
}

static void fill_values(const struct gh_finding *f, struct gh_row *out)
{
	gh_number_text(f->value, f->unit, out->now, sizeof out->now);
	gh_number_text(f->expected, f->unit, out->base, sizeof out->base);
	gh_number_text(limit_of(f), f->unit, out->limit, sizeof out->limit);
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
	gh_words_part(gh_words_part_name(view, f->part), out->part,
		      sizeof out->part);
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
	gh_words_part(gh_words_part_name(view, (int)part), out->part,
		      sizeof out->part);
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
const struct gh_diagnosis *gh_words_worst_cause(const struct gh_run_view *view)
{
	const struct gh_result *r = view->result;
	const struct gh_diagnosis *worst = NULL;

	for (size_t i = 0; r && i < r->n_diagnoses; i++) {
		const struct gh_diagnosis *d = &r->diagnoses[i];

		if (!worst || d->severity > worst->severity ||
		    (d->severity == worst->severity &&
		     d->confidence > worst->confidence))
			worst = d;
	}
	return worst;
}
