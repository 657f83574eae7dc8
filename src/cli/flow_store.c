/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flow_store - the end of a run into the store. A verdict that cannot be
 * stored still stands: it is written beside the database as JSON instead.
 */
#include "cli/flow_state.h" /* struct gh_flow */

#include "cli/write_file.h" /* gh_write_file */
#include "report/report.h"  /* gh_report_json */
#include "store/chain.h"    /* gh_store_chain_of */

#include <stdio.h>
#include <string.h>

static bool draw_json(const void *view, FILE *out)
{
	return gh_report_json(view, out);
}

static bool write_json(const struct gh_flow *f, const char *path)
{
	struct gh_err err;

	return gh_write_file(path, 0600, draw_json, &f->view, &err) == GH_OK;
}

static void write_beside(struct gh_flow *f)
{
	const size_t cap = sizeof f->fallback;
	struct gh_path state;
	struct gh_err err;

	if (snprintf(f->fallback, cap, "%s.run-%lld.json", f->req.db,
		     (long long)f->info.run) < (int)cap &&
	    write_json(f, f->fallback))
		return;
	gh_path_state(&state);
	if (state.path[0] &&
	    snprintf(f->fallback, cap, "%.400s/run-%lld-%lld.json", state.path,
		     (long long)f->info.started_s,
		     (long long)f->info.run) > 0 &&
	    gh_path_make_folder(f->fallback, &err) == GH_OK &&
	    write_json(f, f->fallback))
		return;
	f->fallback[0] = '\0';
}

void flow_store(struct gh_flow *f)
{
	struct gh_store_recording rows = { 0 };
	enum gh_status st =
		gh_archive_rows(f->ran.rec, f->rig_text, f->rig_bytes, &f->end,
				&rows, &f->unstored);

	if (st == GH_OK)
		st = gh_store_end_run(f->store, &f->info, &rows, f->parts,
				      f->n_parts, f->measures, f->n_measures,
				      f->result, f->not_checked,
				      f->n_not_checked, &f->unstored);
	gh_archive_finish(&rows);
	if (st == GH_OK) {
		st = gh_store_chain_of(f->store, f->info.run, f->chain,
				       &f->unstored);
		f->view.chain = f->chain;
	}
	if (st == GH_OK) {
		f->unstored.code = GH_OK;
		return;
	}
	f->unstored.code = st;
	f->view.exit_code = 70;
	write_beside(f);
}
