/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/view.h"

#include "cli/archive_facts.h" /* gh_archive_safety */
#include "engine/probe.h" /* gh_probes */
#include "store/chain.h"  /* gh_store_chain_of */
#include "store/remark.h" /* gh_store_remarks */

#include <stdlib.h>
#include <string.h>

int gh_view_exit_code(enum gh_run_end end, enum gh_verdict verdict)
{
	return end == GH_RUN_STOPPED ? 130 : gh_verdict_exit_code(verdict);
}

void gh_view_of(struct gh_run_view *out, const struct gh_run_info *info,
		const struct gh_judge_part *parts, unsigned n_parts,
		const struct gh_result *result)
{
	*out = (struct gh_run_view){
		.run = info->run,
		.version = info->version,
		.rig = info->rig,
		.serial = info->serial,
		.profile = info->profile,
		.only = info->only,
		.port = info->port,
		.driver = info->driver,
		.model = info->model,
		.firmware = info->firmware,
		.simulated = info->simulated,
		.time_scale = info->time_scale,
		.end = gh_run_end_name(info->end),
		.error = info->error,
		.advice = info->advice,
		.started_s = info->started_s,
		.duration_s = info->duration_s,
		.motion_s = info->motion_s,
		.deadline_s = info->deadline_s,
		.baseline = info->baseline_name,
		.baseline_runs = info->baseline_runs,
		.baseline_sessions = info->baseline_sessions,
		.parts = parts,
		.n_parts = n_parts,
		.result = result,
		.exit_code = gh_view_exit_code(info->end, result->verdict),
	};
}

/* "core.colour_*" against "core.colour_dawn_pink". */
static bool fits(const char *pattern, const char *id)
{
	const char *star = strchr(pattern, '*');
	size_t head, tail, n;

	if (!star)
		return strcmp(pattern, id) == 0;
	head = (size_t)(star - pattern);
	tail = strlen(star + 1);
	n = strlen(id);
	return n > head + tail && strncmp(pattern, id, head) == 0 &&
	       strcmp(id + n - tail, star + 1) == 0;
}

/* A metric with that very name goes before a pattern that fits it too. */
static const struct gh_metric *find(const char *id, bool pattern)
{
	for (size_t p = 0; gh_probes[p]; p++)
		for (const struct gh_metric *m = gh_probes[p]->metrics; m->id;
		     m++)
			if ((strchr(m->id, '*') != NULL) == pattern &&
			    fits(m->id, id))
				return m;
	return NULL;
}

const struct gh_metric *gh_view_metric(const char *id)
{
	const struct gh_metric *m = find(id, false);

	return m ? m : find(id, true);
}

enum gh_status gh_stored_find(struct gh_store *st, const char *text,
			      const char *serial, int64_t *run,
			      struct gh_err *err)
{
	enum gh_status status;
	long id = 0;

	if (gh_parse_long(text, &id) && id > 0) {
		*run = id;
		return GH_OK;
	}
	if (strcmp(text, "last") != 0)
		return gh_fail(err, GH_ARG,
			       "expected a run number or `last`, found "
			       "\"%.40s\"",
			       text);
	status = gh_store_last_run(st, serial, run, err);
	if (status == GH_NODATA && !serial)
		return gh_fail(err, GH_NODATA, "there is no run yet");
	return status;
}

/* Who answers for what, and what became of it in this run. */
static enum gh_status get_accepts(struct gh_store *st, int64_t run,
				  struct gh_stored *s, struct gh_err *err)
{
	struct gh_accepted *list = calloc(GH_JUDGE_ACCEPTS, sizeof *list);
	enum gh_status status;
	size_t n = 0;

	if (!list)
		return gh_fail(err, GH_NOMEM, "no memory for run %lld",
			       (long long)run);
	status = gh_store_accepts_of(st, run, list, GH_JUDGE_ACCEPTS, &n, err);
	for (size_t i = 0; status == GH_OK && i < n; i++) {
		s->accepts[i] = list[i].accept;
		s->result.fates[i] = list[i].fate;
	}
	free(list);
	s->view.accepts = s->accepts;
	s->view.n_accepts = (unsigned)n;
	return status;
}

static enum gh_status get_remarks(struct gh_store *st, int64_t run,
				  struct gh_stored *s, struct gh_err *err)
{
	const struct gh_remark_ask ask = { .run = run,
					   .serial = s->info.serial };
	size_t n = 0;
	const enum gh_status status = gh_store_remarks(
		st, &ask, s->remarks, GH_STORED_REMARKS, &n, err);

	s->view.remarks = s->remarks;
	s->view.n_remarks = (unsigned)n;
	return status;
}

/* How it was kept safe; old runs do not say. */
static enum gh_status get_safety(struct gh_store *st, int64_t run,
				 struct gh_stored *s, struct gh_err *err)
{
	struct gh_store_fact *rows = NULL;
	struct gh_archive_end end = { 0 };
	struct gh_rec_facts facts;
	size_t n = 0;
	const enum gh_status status =
		gh_store_get_facts(st, run, &rows, &n, err);

	if (status != GH_OK)
		return status;
	memset(&facts, 0, sizeof facts);
	gh_archive_facts_in(rows, n, &facts, &end);
	free(rows);
	if (gh_archive_safety(&facts, &end, &s->safety))
		s->view.safety = &s->safety;
	return GH_OK;
}

enum gh_status gh_stored_get(struct gh_store *st, int64_t run,
			     struct gh_stored **out, struct gh_err *err)
{
	struct gh_stored *s = calloc(1, sizeof *s);
	enum gh_status status;

	if (!s)
		return gh_fail(err, GH_NOMEM, "no memory for run %lld",
			       (long long)run);
	status = gh_store_get_run(st, run, &s->info, err);
	if (status == GH_OK)
		status = gh_store_get_result(st, run, gh_view_metric, s->parts,
					     &s->n_parts, &s->result,
					     s->not_checked, &s->n_not_checked,
					     err);
	gh_view_of(&s->view, &s->info, s->parts, s->n_parts, &s->result);
	if (status == GH_OK)
		status = get_accepts(st, run, s, err);
	if (status == GH_OK)
		status = get_remarks(st, run, s, err);
	if (status == GH_OK)
		status = get_safety(st, run, s, err);
	if (status == GH_OK)
		status = gh_store_chain_of(st, run, s->chain, err);
	s->view.chain = s->chain;
	if (status != GH_OK) {
		free(s);
		return status;
	}
	s->view.not_checked = s->not_checked;
	s->view.n_not_checked = (unsigned)s->n_not_checked;
	*out = s;
	return GH_OK;
}
