/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flow_anew - a stored run judged again, from its own recording and its own
 * rig file. What was said before stays as it is.
 */
#include "cli/flow_state.h" /* struct gh_flow */

#include <stdlib.h>
#include <string.h>

static enum gh_status take_rig(struct gh_flow *f,
			       const struct gh_store_recording *rows,
			       struct gh_err *err)
{
	char name[48];

	if (!rows->rig_text)
		return gh_fail(err, GH_NODATA,
			       "run %lld has no recording to judge",
			       (long long)f->info.run);
	f->rig = calloc(1, sizeof *f->rig);
	if (!f->rig)
		return gh_fail(err, GH_NOMEM, "no memory for a rig");
	snprintf(name, sizeof name, "rig of run %lld", (long long)f->info.run);
	if (gh_rig_parse(f->rig, name, rows->rig_text, rows->rig_bytes, err) !=
	    GH_OK)
		return gh_fail_prefix(err, "stored run");
	f->only = f->info.only[0] ? gh_rig_find_part(f->rig, f->info.only) : -1;
	return GH_OK;
}

/* By name, else the run's own one; a run that had none still has none. */
static enum gh_status take_baseline(struct gh_flow *f, const char *name,
				    struct gh_err *err)
{
	enum gh_status st;

	if (!name && !f->info.baseline_name[0])
		return GH_OK;
	st = flow_find_baseline(f, name ? name : f->info.baseline_name, err);
	if (st == GH_NODATA)
		return gh_fail(err, GH_ARG, "no baseline is called \"%.60s\"",
			       name ? name : f->info.baseline_name);
	return st;
}

static enum gh_status judge(struct gh_flow *f, int64_t run,
			    const char *baseline,
			    const struct gh_store_recording *rows,
			    struct gh_err *err)
{
	enum gh_status st = take_rig(f, rows, err);

	if (st == GH_OK)
		st = gh_archive_recording(rows, f->rig, &f->ran.rec, &f->end,
					  err);
	if (st == GH_OK)
		st = take_baseline(f, baseline, err);
	if (st == GH_OK)
		st = flow_find_accepts(f, run, err);
	if (st != GH_OK)
		return st;
	flow_list_parts(f);
	st = flow_measure(f, f->ran.rec, err);
	if (st != GH_OK)
		return st;
	flow_judge(f);
	f->view.judged_anew_from = run;
	f->view.exit_code = gh_verdict_exit_code(f->result->verdict);
	return GH_OK;
}

static enum gh_status read_and_judge(struct gh_flow *f, int64_t run,
				     const char *baseline, struct gh_err *err)
{
	struct gh_store_recording rows = { 0 };
	enum gh_status st =
		gh_store_open(&f->store, f->req.db, GH_STORE_READ, err);

	if (st == GH_OK)
		st = gh_store_get_run(f->store, run, &f->info, err);
	if (st != GH_OK)
		return st;
	st = gh_store_get_recording(f->store, run, &rows, err);
	if (st != GH_OK)
		return st;
	st = judge(f, run, baseline, &rows, err);
	gh_store_recording_free(&rows);
	return st;
}

enum gh_status gh_flow_anew(const char *db, int64_t run, const char *baseline,
			    const struct gh_clock *clock, struct gh_flow **out,
			    struct gh_err *err)
{
	struct gh_flow *f = calloc(1, sizeof *f);
	enum gh_status st;

	if (!f)
		return gh_fail(err, GH_NOMEM, "no memory for a check");
	f->req.db = db;
	f->req.clock = clock;
	f->measures = calloc(GH_JUDGE_FINDINGS, sizeof *f->measures);
	f->result = calloc(1, sizeof *f->result);
	st = f->measures && f->result
		     ? read_and_judge(f, run, baseline, err)
		     : gh_fail(err, GH_NOMEM, "no memory for a check");
	if (st != GH_OK) {
		gh_flow_destroy(f);
		return st;
	}
	*out = f;
	return GH_OK;
}
