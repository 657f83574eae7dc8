/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compare_load - one side of a comparison out of the store. */
#include "cli/compare.h" /* what is defined here */

#include "base/text.h" /* gh_parse_long */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *x, const void *y)
{
	const struct gh_compare_value *a = x, *b = y;
	const int part = strcmp(a->part, b->part);

	return part ? part : strcmp(a->id, b->id);
}

/* ---- A run -----------------------------------------------------------------*/

/* The larger side: a hard limit may cut the other one short. */
static double half_of(const struct gh_finding *f)
{
	double lo = f->expected - f->limit_lo, hi = f->limit_hi - f->expected;

	if (!isfinite(lo))
		lo = hi;
	if (!isfinite(hi))
		hi = lo;
	return isfinite(lo) ? fmax(lo, hi) : NAN;
}

/* Findings come in the order of the measures, unless a judge changes that. */
static const struct gh_finding *finding_of(const struct gh_result *r,
					   const struct gh_measure *m, size_t i)
{
	for (size_t k = 0; k < r->n_findings; k++) {
		const struct gh_finding *f =
			&r->findings[(i + k) % r->n_findings];

		if (f->part == m->part && strcmp(f->id, m->id) == 0)
			return f;
	}
	return NULL;
}

static void fill_value(struct gh_compare_value *v, const struct gh_stored *s,
		       const struct gh_measure *m, size_t i)
{
	const struct gh_finding *f = finding_of(&s->result, m, i);

	gh_copy_text(v->part, sizeof v->part,
		     m->part >= 0 ? s->parts[m->part].name : "");
	gh_copy_text(v->id, sizeof v->id, m->id);
	v->metric = m->metric;
	v->reason = m->reason;
	memcpy(v->v, m->v, sizeof v->v);
	v->half = f ? half_of(f) : NAN;
}

static enum gh_status load_values(struct gh_store *st,
				  const struct gh_stored *s,
				  struct gh_compare_side *out,
				  struct gh_err *err)
{
	const size_t cap = GH_JUDGE_FINDINGS;
	struct gh_measure *m = calloc(cap, sizeof *m);
	unsigned *versions = calloc(cap, sizeof *versions);
	struct gh_measures_room room = { s->parts, s->n_parts, m,
					 versions, cap,	       0 };
	enum gh_status status;

	out->values = calloc(cap, sizeof *out->values);
	if (!m || !versions || !out->values) {
		status = gh_fail(err, GH_NOMEM, "no memory for %s", out->name);
		goto end;
	}
	status = gh_store_measures(st, s->info.run, gh_view_metric, &room, err);
	if (status != GH_OK)
		goto end;
	out->n = room.n;
	for (size_t i = 0; i < out->n; i++) {
		fill_value(&out->values[i], s, &m[i], i);
		out->values[i].version = versions[i];
	}
	qsort(out->values, out->n, sizeof *out->values, by_name);
end:
	free(m);
	free(versions);
	return status;
}

static enum gh_status load_run(struct gh_store *st, int64_t run,
			       struct gh_compare_side *out, struct gh_err *err)
{
	struct gh_stored *s;
	enum gh_status status = gh_stored_get(st, run, &s, err);

	if (status != GH_OK)
		return status;
	snprintf(out->name, sizeof out->name, "run %lld", (long long)run);
	gh_copy_text(out->serial, sizeof out->serial, s->info.serial);
	out->started_s = s->info.started_s;
	out->simulated = s->info.simulated;
	out->sessions = s->info.baseline_sessions;
	out->key = s->info.key;
	status = load_values(st, s, out, err);
	free(s);
	return status;
}

/* ---- A baseline ------------------------------------------------------------*/

/* The mean of the rows from `from` on that are of one metric and part. */
static size_t take_mean(const struct gh_baseline *b, size_t from,
			struct gh_compare_value *v)
{
	const struct gh_base_value *first = &b->values[from];
	const double rad = 3.14159265358979323846 / 180;
	double sum[3] = { 0, 0, 0 }, sine = 0, cosine = 0, n = 0;
	size_t at = from;

	for (; at < b->n_values && strcmp(b->values[at].id, first->id) == 0 &&
	       strcmp(b->values[at].part, first->part) == 0;
	     at++) {
		for (int c = 0; c < 3; c++)
			sum[c] += b->values[at].v[c];
		sine += sin(b->values[at].v[0] * rad);
		cosine += cos(b->values[at].v[0] * rad);
		n++;
	}
	gh_copy_text(v->part, sizeof v->part, first->part);
	gh_copy_text(v->id, sizeof v->id, first->id);
	v->metric = gh_view_metric(v->id);
	v->version = first->version;
	v->half = NAN;
	for (int c = 0; c < 3; c++)
		v->v[c] = sum[c] / n;
	if (v->metric && v->metric->kind == GH_METRIC_CIRCULAR)
		v->v[0] = atan2(sine, cosine) / rad;
	return at;
}

enum gh_status gh_compare_baseline(struct gh_store *st, const char *name,
				   struct gh_compare_side *out,
				   struct gh_err *err)
{
	struct gh_baseline b = { 0 };
	enum gh_status status =
		gh_store_baseline_get(st, name, NULL, 0, &b, err);

	memset(out, 0, sizeof *out);
	if (status != GH_OK)
		return status;
	snprintf(out->name, sizeof out->name, "baseline %.50s", name);
	out->is_baseline = true;
	out->sessions = b.sessions;
	out->key = b.key;
	out->values = calloc(b.n_values + 1, sizeof *out->values);
	if (!out->values)
		status = gh_fail(err, GH_NOMEM, "no memory for %s", out->name);
	for (size_t i = 0; out->values && i < b.n_values;)
		i = take_mean(&b, i, &out->values[out->n++]);
	if (out->values)
		qsort(out->values, out->n, sizeof *out->values, by_name);
	gh_baseline_free(&b);
	return status;
}

/* ---- The sides -------------------------------------------------------------*/

static bool is_run(const char *word)
{
	long number = 0;

	return strcmp(word, "last") == 0 || gh_parse_long(word, &number);
}

enum gh_status gh_compare_previous(struct gh_store *st, const char *words[2],
				   const char *serial, char text[24],
				   struct gh_err *err)
{
	const int side = strcmp(words[0], "previous") == 0 ? 0 : 1;
	int64_t run = 0, before = 0;
	enum gh_status status;

	if (strcmp(words[side], "previous") != 0)
		return GH_OK;
	if (!is_run(words[!side]))
		return gh_fail(err, GH_ARG,
			       "previous: of which run? Expected a run number "
			       "or `last` beside it, found \"%.40s\"",
			       words[!side]);
	status = gh_stored_find(st, words[!side], serial, &run, err);
	if (status == GH_OK)
		status = gh_store_before(st, run, &before, err);
	if (status != GH_OK)
		return status;
	snprintf(text, 24, "%lld", (long long)before);
	words[side] = text;
	return GH_OK;
}

enum gh_status gh_compare_load(struct gh_store *st, const char *word,
			       const char *serial, struct gh_compare_side *out,
			       struct gh_err *err)
{
	int64_t run = 0;
	enum gh_status status;

	memset(out, 0, sizeof *out);
	if (!is_run(word)) {
		status = gh_compare_baseline(st, word, out, err);
		if (status == GH_NODATA)
			status = gh_fail(err, GH_ARG,
					 "expected a run number, `last` or the "
					 "name of a baseline, found \"%.40s\"",
					 word);
		return status;
	}
	status = gh_stored_find(st, word, serial, &run, err);
	return status == GH_OK ? load_run(st, run, out, err) : status;
}

void gh_compare_free(struct gh_compare_side *side)
{
	free(side->values);
	side->values = NULL;
	side->n = 0;
}
