/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * result - what was said of a run. It is read back as it was said: the judge
 * may have learned since, a report of last year has not.
 */
#include "store/private.h" /* struct gh_store */

#include <string.h>

/* ---- Writing ---------------------------------------------------------------*/

static enum gh_status put_verdict(struct gh_store *st, int64_t run,
				  const struct gh_result *result,
				  struct gh_err *err)
{
	struct gh_writer w;
	enum gh_status s = gh_writer_open(&w, st, &gh_table_verdict, NULL, err);

	if (s == GH_OK)
		s = gh_writer_put(&w, &run, result, err);
	gh_writer_close(&w);
	return s;
}

static enum gh_status put_evidence(struct gh_store *st, int64_t run,
				   const struct gh_result *result,
				   struct gh_err *err)
{
	struct gh_writer w;
	enum gh_status s;

	s = gh_writer_open(&w, st, &gh_table_evidence, NULL, err);
	for (size_t d = 0; d < result->n_diagnoses; d++) {
		const struct gh_diagnosis *dg = &result->diagnoses[d];

		for (unsigned i = 0; s == GH_OK && i < dg->n_evidence; i++) {
			const int64_t keys[] = { run, (int64_t)d, i };

			s = gh_writer_put(&w, keys, dg->evidence[i], err);
		}
	}
	gh_writer_close(&w);
	return s;
}

enum gh_status gh_result_write(struct gh_store *st, int64_t run,
			       const struct gh_part_list *parts,
			       const struct gh_result *result,
			       struct gh_err *err)
{
	const struct gh_array arrays[] = {
		{ &gh_table_part_result, result->parts, sizeof result->parts[0],
		  result->n_parts },
		{ &gh_table_finding, result->findings,
		  sizeof result->findings[0], result->n_findings },
		{ &gh_table_diagnosis, result->diagnoses,
		  sizeof result->diagnoses[0], result->n_diagnoses },
		{ &gh_table_why_not, result->why_not, sizeof result->why_not[0],
		  result->n_why_not },
	};
	enum gh_status s = put_verdict(st, run, result, err);

	for (size_t i = 0; s == GH_OK && i < GH_ARRAY_SIZE(arrays); i++)
		s = gh_table_write(st, run, &arrays[i], parts, err);
	return s == GH_OK ? put_evidence(st, run, result, err) : s;
}

/* ---- Reading ---------------------------------------------------------------*/

static enum gh_status get_verdict(struct gh_store *st, int64_t run,
				  struct gh_result *out, struct gh_err *err)
{
	const struct gh_place to = { &gh_table_verdict, out, sizeof *out, 1 };
	size_t n;
	int64_t ended;
	enum gh_status s;

	s = gh_sql_number(st, "SELECT count(*) FROM run_end WHERE run = ?", run,
			  &ended, err);
	if (s == GH_OK)
		s = gh_table_read(st, &run, 1, &to, NULL, &n, err);
	if (s == GH_OK && (ended == 0 || n == 0))
		return gh_fail(err, GH_NODATA, "%s: %s run %lld",
			       gh_path_shown(st->path),
			       ended ? "nothing was said of" : "there is no",
			       (long long)run);
	return s;
}

/* A diagnosis or a finding that a part points at, or -1. */
static bool points_well(int at, size_t n)
{
	return at >= -1 && (at < 0 || (size_t)at < n);
}

static enum gh_status check_parts(struct gh_store *st,
				  const struct gh_result *out,
				  struct gh_err *err)
{
	for (unsigned i = 0; i < out->n_parts; i++) {
		const struct gh_part_result *p = &out->parts[i];

		if (!points_well(p->diagnosis, out->n_diagnoses) ||
		    !points_well(p->worst, out->n_findings))
			return gh_sql_damaged(st, "part_result", err);
	}
	return GH_OK;
}

static enum gh_status get_arrays(struct gh_store *st, int64_t run,
				 const struct gh_part_list *parts,
				 struct gh_result *out, struct gh_err *err)
{
	size_t n_parts = 0, n_why = 0;
	const struct {
		struct gh_place to;
		size_t *n;
	} arrays[] = {
		{ { &gh_table_part_result, out->parts, sizeof out->parts[0],
		    GH_JUDGE_PARTS },
		  &n_parts },
		{ { &gh_table_finding, out->findings, sizeof out->findings[0],
		    GH_JUDGE_FINDINGS },
		  &out->n_findings },
		{ { &gh_table_diagnosis, out->diagnoses,
		    sizeof out->diagnoses[0], GH_JUDGE_DIAGNOSES },
		  &out->n_diagnoses },
		{ { &gh_table_why_not, out->why_not, sizeof out->why_not[0],
		    GH_ARRAY_SIZE(out->why_not) },
		  &n_why },
	};
	enum gh_status s = GH_OK;

	for (size_t i = 0; s == GH_OK && i < GH_ARRAY_SIZE(arrays); i++)
		s = gh_table_read(st, &run, 1, &arrays[i].to, parts,
				  arrays[i].n, err);
	out->n_parts = (unsigned)n_parts;
	out->n_why_not = (unsigned)n_why;
	return s == GH_OK ? check_parts(st, out, err) : s;
}

static enum gh_status get_evidence(struct gh_store *st, int64_t run,
				   struct gh_result *out, struct gh_err *err)
{
	enum gh_status s = GH_OK;

	for (size_t d = 0; s == GH_OK && d < out->n_diagnoses; d++) {
		struct gh_diagnosis *dg = &out->diagnoses[d];
		const int64_t keys[] = { run, (int64_t)d };
		const struct gh_place to = { &gh_table_evidence, dg->evidence,
					     sizeof dg->evidence[0],
					     GH_JUDGE_EVIDENCE };
		size_t n;

		s = gh_table_read(st, keys, 2, &to, NULL, &n, err);
		dg->n_evidence = (unsigned)n;
	}
	return s;
}

static enum gh_status get_said(struct gh_store *st, int64_t run,
			       const struct gh_part_list *parts,
			       gh_metric_find *find, struct gh_result *out,
			       struct gh_err *err)
{
	enum gh_status s = get_verdict(st, run, out, err);

	if (s == GH_OK)
		s = get_arrays(st, run, parts, out, err);
	if (s == GH_OK)
		s = get_evidence(st, run, out, err);
	for (size_t i = 0; s == GH_OK && find && i < out->n_findings; i++)
		out->findings[i].metric = find(out->findings[i].id);
	return s;
}

/* NOLINTNEXTLINE(readability-function-size): what end_run was given */
enum gh_status gh_store_get_result(struct gh_store *st, int64_t run,
				   gh_metric_find *find,
				   struct gh_judge_part *parts,
				   unsigned *n_parts, struct gh_result *out,
				   struct gh_not_listed *not_checked,
				   size_t *n_not_checked, struct gh_err *err)
{
	const struct gh_place to_parts = { &gh_table_part, parts, sizeof *parts,
					   GH_JUDGE_PARTS };
	const struct gh_place to_not = { &gh_table_not_checked, not_checked,
					 sizeof *not_checked, GH_NOT_LISTED };
	struct gh_part_list list = { parts, 0 };
	size_t n;
	enum gh_status s;

	memset(out, 0, sizeof *out);
	s = gh_table_read(st, &run, 1, &to_parts, NULL, &n, err);
	if (s != GH_OK)
		return s;
	list.n = *n_parts = (unsigned)n;
	s = gh_table_read(st, &run, 1, &to_not, NULL, n_not_checked, err);
	return s == GH_OK ? get_said(st, run, &list, find, out, err) : s;
}
