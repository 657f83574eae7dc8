/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * end - everything a run measured and what was said of it, in one transaction
 * whose last rows are the run's end and its link in the chain. Before it the
 * run has nothing, after it nothing can be added.
 */
#include "store/private.h" /* struct gh_store */

#include <string.h>

static const char *const end_names[] = {
	[GH_RUN_COMPLETE] = "complete",
	[GH_RUN_STOPPED] = "stopped",
	[GH_RUN_FAILED] = "failed",
	[GH_RUN_INTERRUPTED] = "interrupted",
};

const char *gh_run_end_name(enum gh_run_end end)
{
	return (size_t)end < GH_ARRAY_SIZE(end_names) ? end_names[end] : "?";
}

static enum gh_status put_measures(struct gh_store *st,
				   const struct gh_run_content *e,
				   struct gh_err *err)
{
	const struct gh_part_list parts = { e->parts, e->n_parts };
	struct gh_writer w;
	enum gh_status s;

	s = gh_writer_open(&w, st, &gh_table_measure, &parts, err);
	for (size_t i = 0; s == GH_OK && i < e->n_measures; i++) {
		const int64_t keys[] = { e->info->run, (int64_t)i };
		struct gh_measure_row row = { .m = e->measures[i] };

		if (row.m.metric) {
			row.version = row.m.metric->version;
			row.unit = row.m.metric->unit;
		}
		s = gh_writer_put(&w, keys, &row, err);
	}
	gh_writer_close(&w);
	return s;
}

/* Parts, key and what was not checked: plain arrays. */
static enum gh_status put_arrays(struct gh_store *st,
				 const struct gh_run_content *e,
				 struct gh_err *err)
{
	const struct gh_key *key = &e->info->key;
	const struct gh_array arrays[] = {
		{ &gh_table_part, e->parts, sizeof *e->parts, e->n_parts },
		{ &gh_table_run_key, key->field, sizeof key->field[0], key->n },
		{ &gh_table_not_checked, e->not_checked, sizeof *e->not_checked,
		  e->n_not_checked },
	};
	enum gh_status s = GH_OK;

	for (size_t i = 0; s == GH_OK && i < GH_ARRAY_SIZE(arrays); i++)
		s = gh_table_write(st, e->info->run, &arrays[i], NULL, err);
	return s;
}

static enum gh_status put_end(struct gh_store *st,
			      const struct gh_run_info *info,
			      struct gh_err *err)
{
	struct gh_writer w;
	enum gh_status s = gh_writer_open(&w, st, &gh_table_run_end, NULL, err);

	if (s == GH_OK)
		s = gh_writer_put(&w, &info->run, info, err);
	gh_writer_close(&w);
	return s;
}

enum gh_status gh_run_put(struct gh_store *st, const struct gh_run_content *e,
			  struct gh_err *err)
{
	const struct gh_part_list parts = { e->parts, e->n_parts };
	const int64_t run = e->info->run;
	enum gh_status s = put_arrays(st, e, err);

	if (s == GH_OK && e->rec)
		s = gh_recording_write(st, run, e->rec, err);
	if (s == GH_OK)
		s = put_measures(st, e, err);
	if (s == GH_OK && e->result)
		s = gh_result_write(st, run, &parts, e->result, err);
	if (s == GH_OK && e->result)
		s = gh_fates_write(st, e->info, e->result, err);
	if (s == GH_OK)
		s = put_end(st, e->info, err);
	return s == GH_OK ? gh_chain_add(st, GH_CHAIN_RUN, run, err) : s;
}

/* NOLINTNEXTLINE(readability-function-size): one call, one transaction */
enum gh_status gh_store_end_run(
	struct gh_store *st, const struct gh_run_info *info,
	const struct gh_store_recording *rec, const struct gh_judge_part *parts,
	unsigned n_parts, const struct gh_measure *measures, size_t n_measures,
	const struct gh_result *result, const struct gh_not_listed *not_checked,
	size_t n_not_checked, struct gh_err *err)
{
	const struct gh_run_content e = { info,	   rec,		parts,
					  n_parts, measures,	n_measures,
					  result,  not_checked, n_not_checked };
	enum gh_status s = gh_sql_begin(st, err);

	if (s == GH_OK)
		s = gh_sql_end(st, gh_run_put(st, &e, err), err);
	/* A run that could not be stored stays open, and ours. */
	if (s == GH_OK)
		gh_store_unlock(st);
	return s;
}
