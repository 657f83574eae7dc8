/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/phrase.h"

#include "base/status.h" /* GH_ARRAY_SIZE, GH_PRINTF */

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
	return signs[v];
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

/* How a unit is written, and how when all values are small. */
struct scale {
	enum gh_unit unit;
	double below; /* 0: at any size */
	double factor;
	const char *text;
};

static const struct scale scales[] = {
	{ GH_UNIT_ONE, 0, 1, "" },
	{ GH_UNIT_TALLY, 0, 1, "" },
	{ GH_UNIT_RAD, 0, 57.29577951308232, "deg" },
	{ GH_UNIT_RAD_S, 0, 57.29577951308232, "deg/s" },
	{ GH_UNIT_AMPERE, 1, 1e3, "mA" },
	{ GH_UNIT_VOLT, 1, 1e3, "mV" },
	{ GH_UNIT_SECOND, 1, 1e3, "ms" },
	{ GH_UNIT_VISCOUS, 1, 1e3, "mA s/rad" },
	{ GH_UNIT_SHARE, 0, 100, "%" },
	{ GH_UNIT_DELTA_E, 0, 1, "dE" },
};

static struct scale scale_of(enum gh_unit unit, double largest)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(scales); i++)
		if (scales[i].unit == unit &&
		    (scales[i].below <= 0.0 || largest < scales[i].below))
			return scales[i];
	return (struct scale){ unit, 0, 1, gh_unit_text(unit) };
}

static double largest_of(const struct gh_finding *f)
{
	const double all[] = { f->value, f->expected, f->limit_lo,
			       f->limit_hi };
	double most = 0.0;

	for (size_t i = 0; i < GH_ARRAY_SIZE(all); i++)
		if (isfinite(all[i]))
			most = fmax(most, fabs(all[i]));
	return most;
}

/* Three figures, never an exponent. */
static int decimals(double largest)
{
	return largest >= 100.0	 ? 0
	       : largest >= 10.0 ? 1
	       : largest >= 1.0	 ? 2
				 : 3;
}

struct figures {
	struct scale scale;
	int decimals;
};

static void number(char *out, size_t cap, const struct figures *g, double v,
		   bool with_sign)
{
	v *= g->scale.factor;
	/* No "-0". */
	if (fabs(v) < 0.5 * pow(10.0, -g->decimals))
		v = 0.0;
	if (g->scale.unit == GH_UNIT_TALLY)
		append(out, cap, with_sign ? "%+.6g" : "%.6g", v);
	else
		append(out, cap, with_sign ? "%+.*f" : "%.*f", g->decimals, v);
	if (g->scale.text[0])
		append(out, cap, " %s", g->scale.text);
}

/* The limit that was crossed, or the nearer one. */
static double limit_of(const struct gh_finding *f)
{
	if (isnan(f->limit_lo))
		return f->limit_hi;
	if (isnan(f->limit_hi))
		return f->limit_lo;
	return fabs(f->value - f->limit_lo) < fabs(f->value - f->limit_hi)
		       ? f->limit_lo
		       : f->limit_hi;
}

/* A change in per cent says nothing near zero, of an angle or of a colour. */
static bool has_share(const struct gh_finding *f)
{
	return isfinite(f->expected) && fabs(f->expected) > 1e-9 &&
	       f->unit != GH_UNIT_DELTA_E && f->unit != GH_UNIT_DEG &&
	       f->unit != GH_UNIT_RAD &&
	       fabs(f->value - f->expected) < 10.0 * fabs(f->expected);
}

static void append_change(char *out, size_t cap, const struct gh_finding *f,
			  const struct figures *g)
{
	append(out, cap, ", baseline ");
	number(out, cap, g, f->expected, false);
	append(out, cap, ", ");
	if (has_share(f))
		append(out, cap, "%+.0f %%",
		       100.0 * (f->value - f->expected) / fabs(f->expected));
	else
		number(out, cap, g, f->value - f->expected, true);
}

static void append_limit(char *out, size_t cap, const struct gh_finding *f,
			 const struct figures *g)
{
	const double limit = limit_of(f);

	if (isnan(limit))
		return;
	append(out, cap, ", limit ");
	if (has_share(f))
		append(out, cap, "%+.0f %%",
		       100.0 * (limit - f->expected) / fabs(f->expected));
	else
		number(out, cap, g, limit, false);
}

static void append_reason(char *out, size_t cap, const struct gh_finding *f)
{
	if (f->reason == GH_REASON_NONE)
		return;
	append(out, cap, "%s%s", out[0] ? "; " : "", gh_reason_text(f->reason));
}

void gh_phrase_figures(char *out, size_t cap, const struct gh_finding *f)
{
	struct figures g;

	out[0] = '\0';
	if (isfinite(f->value)) {
		const double most = largest_of(f);

		g.scale = scale_of(f->unit, most);
		g.decimals = decimals(most * g.scale.factor);
		number(out, cap, &g, f->value, false);
		if (isfinite(f->expected))
			append_change(out, cap, f, &g);
		append_limit(out, cap, f, &g);
		if (f->repeats > 0 && f->state != GH_STATE_PASS)
			append(out, cap, ", %u of %u", f->beyond, f->repeats);
	}
	append_reason(out, cap, f);
	if (f->note[0])
		append(out, cap, "%s%s", out[0] ? "; " : "", f->note);
}

void gh_phrase_notices(char *out, size_t cap, const struct gh_finding *f)
{
	const double most = largest_of(f);
	struct figures g = { .scale = scale_of(f->unit, most) };

	gh_phrase_metric(out, cap, f);
	g.decimals = decimals(fmax(most, f->notices) * g.scale.factor);
	append(out, cap, " ");
	number(out, cap, &g, f->notices, false);
	if (has_share(f))
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
