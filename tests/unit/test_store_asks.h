/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_store_asks - everything that can be asked of the store or given to it,
 * each as one call with a figure that says whether the answer is whole.
 */
#ifndef GH_TEST_STORE_ASKS_H
#define GH_TEST_STORE_ASKS_H

#include "fakes/script_link.h"	  /* struct script_link: its clock */
#include "store/bundle.h"	  /* gh_store_export */
#include "store/first.h"	  /* gh_store_first */
#include "store/series.h"	  /* gh_store_series */
#include "store/since.h"	  /* gh_store_since */
#include "unit/test_store_life.h" /* life_note */

/* ---- What is asked of the store --------------------------------------------*/

enum { ROOM = 8 };

/* A database with two nights in it, as a file, and a bundle of it. */
static struct scene {
	struct kit k;
	unsigned char *bytes;
	size_t n;
	char bundle[120], out[120];
	struct script_link clock;
} s;

/* *figure is the same whenever nothing failed. */
typedef enum gh_status question(struct kit *k, int64_t *figure);

static enum gh_status ask_last(struct kit *k, int64_t *figure)
{
	return gh_store_last_run(k->st, NULL, figure, &k->err);
}

static enum gh_status ask_judged(struct kit *k, int64_t *figure)
{
	return gh_store_last_judged(k->st, "LM-0042", figure, &k->err);
}

static enum gh_status ask_run(struct kit *k, int64_t *figure)
{
	static struct gh_run_info info;
	const enum gh_status st = gh_store_get_run(k->st, 2, &info, &k->err);

	*figure = info.session + 10 * (int64_t)info.key.n;
	return st;
}

static enum gh_status ask_result(struct kit *k, int64_t *figure)
{
	static struct gh_judge_part parts[GH_JUDGE_PARTS];
	static struct gh_not_listed missing[GH_NOT_LISTED];
	static struct gh_result result;
	unsigned n_parts = 0;
	size_t n = 0;
	enum gh_status st;

	memset(&result, 0, sizeof result);
	st = gh_store_get_result(k->st, 2, kit_find, parts, &n_parts, &result,
				 missing, &n, &k->err);
	*figure = n_parts + 10 * (int64_t)n + 100 * (int64_t)result.n_findings +
		  100000 * (int64_t)result.n_diagnoses;
	return st;
}

static enum gh_status ask_recording(struct kit *k, int64_t *figure)
{
	struct gh_store_recording rec;
	const enum gh_status st =
		gh_store_get_recording(k->st, 2, &rec, &k->err);

	if (st != GH_OK)
		return st;
	*figure = (int64_t)(rec.n_channels + 10 * rec.n_chunks +
			    100 * rec.n_spans + 1000 * rec.n_facts);
	gh_store_recording_free(&rec);
	return GH_OK;
}

static enum gh_status ask_part(struct kit *k, int64_t *figure)
{
	struct gh_store_recording rec;
	const enum gh_status st =
		gh_store_get_part(k->st, 2, "hope.shoulder", &rec, &k->err);

	if (st != GH_OK)
		return st;
	*figure = (int64_t)(rec.n_channels + 10 * rec.n_chunks +
			    100 * rec.n_spans + 1000 * rec.n_facts);
	gh_store_recording_free(&rec);
	return GH_OK;
}

static enum gh_status ask_first(struct kit *k, int64_t *figure)
{
	struct gh_first ids[] = { { .id = "joint.coulomb" },
				  { .id = "core.colour_x" } };
	const enum gh_status st =
		gh_store_first(k->st, 2, "core", ids, 2, &k->err);

	*figure = ids[0].run + 10 * ids[1].run + 100 * ids[0].runs +
		  1000 * ids[1].runs;
	return st;
}

static enum gh_status ask_facts(struct kit *k, int64_t *figure)
{
	struct gh_store_fact *facts = NULL;
	size_t n = 0;
	const enum gh_status st =
		gh_store_get_facts(k->st, 2, &facts, &n, &k->err);

	if (st == GH_OK)
		free(facts);
	*figure = (int64_t)n;
	return st;
}

static enum gh_status ask_history(struct kit *k, int64_t *figure)
{
	const struct gh_history_ask ask = { .part = "core" };
	static struct gh_history_row rows[ROOM];
	size_t n = 0;
	const enum gh_status st =
		gh_store_history(k->st, &ask, rows, ROOM, &n, &k->err);

	*figure = (int64_t)n;
	return st;
}

static enum gh_status ask_past(struct kit *k, int64_t *figure)
{
	static struct gh_past_row rows[ROOM * 8];
	size_t n = 0;
	const enum gh_status st =
		gh_store_past(k->st, 2, 14, rows, ROOM * 8, &n, &k->err);

	*figure = (int64_t)n;
	return st;
}

static enum gh_status ask_before(struct kit *k, int64_t *figure)
{
	return gh_store_before(k->st, 2, figure, &k->err);
}

static enum gh_status ask_limits(struct kit *k, int64_t *figure)
{
	struct gh_worst w;
	const enum gh_status st =
		gh_store_limits(k->st, 2, "core", "core.colour_x", &w, &k->err);

	*figure = w.id[0] != '\0';
	return st;
}

static enum gh_status ask_motion(struct kit *k, int64_t *figure)
{
	double seconds = 0.0;
	const enum gh_status st =
		gh_store_motion_s(k->st, "LM-0042", true, 0, &seconds, &k->err);

	*figure = (int64_t)(seconds * 1000.0);
	return st;
}

static enum gh_status ask_standing(struct kit *k, int64_t *figure)
{
	int64_t times[ROOM];
	bool changed = false;
	size_t n = 0;
	const enum gh_status st =
		gh_store_standing(k->st, 2, times, ROOM, &n, &changed, &k->err);

	*figure = (int64_t)n + 10 * changed;
	return st;
}

static enum gh_status ask_since(struct kit *k, int64_t *figure)
{
	struct gh_since since = { .later = 0 };
	const enum gh_status st = gh_store_since(k->st, 1, &since, &k->err);

	*figure = since.later + 10 * since.marked + 100 * since.rebooted;
	return st;
}

static enum gh_status ask_chain(struct kit *k, int64_t *figure)
{
	char hash[65] = "";
	const enum gh_status st = gh_store_chain_of(k->st, 2, hash, &k->err);

	*figure = (int64_t)strlen(hash);
	return st;
}

static enum gh_status ask_baselines(struct kit *k, int64_t *figure)
{
	static struct gh_baseline_info list[ROOM];
	size_t n = 0;
	const enum gh_status st =
		gh_store_baseline_list(k->st, list, ROOM, &n, &k->err);

	*figure = (int64_t)n;
	return st;
}

static enum gh_status ask_members(struct kit *k, int64_t *figure)
{
	int64_t runs[ROOM];
	size_t n = 0;
	const enum gh_status st = gh_store_baseline_runs(
		k->st, "of run 1", runs, ROOM, &n, &k->err);

	*figure = (int64_t)n;
	return st;
}

static enum gh_status ask_baseline(struct kit *k, int64_t *figure)
{
	struct gh_baseline b;
	const enum gh_status st = gh_store_baseline_get(
		k->st, "of run 1", "LM-0042", 0, &b, &k->err);

	if (st != GH_OK)
		return st;
	*figure = (int64_t)b.n_values;
	gh_baseline_free(&b);
	return GH_OK;
}

static enum gh_status ask_check(struct kit *k, int64_t *figure)
{
	(void)figure;
	return gh_store_check(k->st, &k->err);
}

/* What cannot be read is a fault it found. */
static enum gh_status ask_verify(struct kit *k, int64_t *figure)
{
	struct gh_chain_found found;
	const enum gh_status st = gh_store_verify(k->st, NULL, &found, &k->err);

	*figure = found.links + 1000 * (int64_t)found.n_faults;
	if (found.n_faults > 0)
		gh_copy_text(k->err.msg, sizeof k->err.msg,
			     found.faults[0].text);
	gh_chain_found_free(&found);
	return st;
}

static enum gh_status ask_remarks(struct kit *k, int64_t *figure)
{
	const struct gh_remark_ask ask = { .run = 1 };
	static struct gh_remark list[ROOM];
	size_t n = 0;
	const enum gh_status st =
		gh_store_remarks(k->st, &ask, list, ROOM, &n, &k->err);

	*figure = (int64_t)n;
	return st;
}

static enum gh_status ask_attached(struct kit *k, int64_t *figure)
{
	void *bytes = NULL;
	size_t n = 0;
	const enum gh_status st =
		gh_store_attached(k->st, 2, &bytes, &n, &k->err);

	if (st == GH_OK)
		free(bytes);
	*figure = (int64_t)n;
	return st;
}

static enum gh_status ask_accepts(struct kit *k, int64_t *figure)
{
	static struct gh_accepted list[ROOM];
	size_t n = 0;
	const enum gh_status st =
		gh_store_accepts(k->st, "LM-0042", list, ROOM, &n, &k->err);

	*figure = (int64_t)n;
	return st;
}

static enum gh_status ask_accepts_of(struct kit *k, int64_t *figure)
{
	static struct gh_accepted list[ROOM];
	size_t n = 0;
	const enum gh_status st =
		gh_store_accepts_of(k->st, 2, list, ROOM, &n, &k->err);

	*figure = (int64_t)n;
	return st;
}

static enum gh_status ask_series(struct kit *k, int64_t *figure)
{
	const struct gh_series_query q = { .part = "hope.shoulder",
					   .metric = "joint.m00" };
	static struct gh_series_row rows[ROOM];
	size_t n = 0;
	const enum gh_status st =
		gh_store_series(k->st, &q, rows, ROOM, &n, &k->err);

	*figure = (int64_t)n;
	return st;
}

static enum gh_status ask_measures(struct kit *k, int64_t *figure)
{
	static struct gh_measure rows[KIT_MEASURES];
	static struct gh_judge_part parts[GH_JUDGE_PARTS];
	struct gh_measures_room room = { .parts = parts,
					 .out = rows,
					 .cap = KIT_MEASURES };
	enum gh_status st =
		gh_store_parts(k->st, 2, parts, &room.n_parts, &k->err);

	if (st == GH_OK)
		st = gh_store_measures(k->st, 2, kit_find, &room, &k->err);
	*figure = (int64_t)room.n;
	return st;
}

static enum gh_status ask_place(struct kit *k, int64_t *figure)
{
	struct gh_run_place place = { .number = 0 };
	struct gh_run_info info = k->info;
	enum gh_status st;

	info.run = 0;
	st = gh_store_place(k->st, &info, &place, &k->err);
	*figure = place.number + 100 * (int64_t)place.session;
	return st;
}

static enum gh_status ask_open(struct kit *k, int64_t *figure)
{
	(void)figure;
	gh_store_close(k->st);
	k->st = NULL;
	return gh_store_open(&k->st, k->path, GH_STORE_READ, &k->err);
}

/* ---- What it is given to keep ----------------------------------------------*/

static enum gh_status do_open(struct kit *k, int64_t *figure)
{
	(void)figure;
	gh_store_close(k->st);
	k->st = NULL;
	return gh_store_open(&k->st, k->path, GH_STORE_WRITE, &k->err);
}

static enum gh_status do_begin(struct kit *k, int64_t *figure)
{
	const enum gh_status st = gh_store_begin_run(k->st, &k->info, &k->err);

	*figure = k->info.run;
	return st;
}

/* The third run began when the scene was made. */
static enum gh_status do_end(struct kit *k, int64_t *figure)
{
	static const int64_t given = 1;
	enum gh_status st;

	k->info.run = 3;
	k->info.accepts = &given;
	k->info.n_accepts = 1;
	k->result->fates[0] = GH_ACCEPT_KNOWN;
	st = kit_end(k);
	k->info.n_accepts = 0;
	*figure = 3;
	return st;
}

static enum gh_status do_note(struct kit *k, int64_t *figure)
{
	k->info.run = 1;
	return life_note(k, figure);
}

static enum gh_status do_attach(struct kit *k, int64_t *figure)
{
	k->info.run = 1;
	return life_attach(k, figure);
}

static enum gh_status do_accept(struct kit *k, int64_t *figure)
{
	k->info.run = 2;
	return life_accept(k, figure);
}

static enum gh_status do_add(struct kit *k, int64_t *figure)
{
	*figure = 2;
	return gh_store_baseline_add(k->st, "open", 2, &k->err);
}

static enum gh_status do_seal(struct kit *k, int64_t *figure)
{
	*figure = 1;
	return gh_store_baseline_seal(k->st, "open", "Ada", "spring", LIFE_NOW,
				      &k->err);
}

static enum gh_status do_export(struct kit *k, int64_t *figure)
{
	const struct gh_bundle_ask ask = { .with_recordings = true,
					   .now_s = LIFE_NOW };
	struct gh_bundle_count count = { .runs = 0 };
	enum gh_status st;

	unlink(s.out);
	st = gh_store_export(k->st, s.out, &ask, &count, &k->err);
	assert_int_equal(access(s.out, F_OK) == 0, st == GH_OK);
	*figure = count.runs + 10 * (int64_t)count.remarks;
	return st;
}

static enum gh_status do_rescue(struct kit *k, int64_t *figure)
{
	const struct gh_run_content content = { .info = &k->info,
						.rec = &k->rec,
						.parts = k->parts,
						.n_parts = 3,
						.measures = k->measures,
						.n_measures = KIT_MEASURES,
						.result = k->result };
	struct gh_run_place place = { .number = 9, .session = 1 };
	enum gh_status st;

	strcpy(place.store, "0123456789abcdef0123456789abcdef");
	k->info.run = 9;
	unlink(s.out);
	st = gh_store_rescue(s.out, &place, &content, LIFE_NOW, &k->err);
	assert_int_equal(access(s.out, F_OK) == 0, st == GH_OK);
	*figure = 1;
	return st;
}

/* Into a database that has none of it. */
static enum gh_status do_import(struct kit *k, int64_t *figure)
{
	const struct gh_import_ask ask = { .now_s = LIFE_NOW };
	struct gh_bundle_count count = { .runs = 0 };
	const enum gh_status st =
		gh_store_import(k->st, s.bundle, &ask, &count, &k->err);

	*figure = count.runs + 10 * (int64_t)count.remarks;
	return st;
}

static enum gh_status do_commits(struct kit *k, int64_t *figure)
{
	double ms[2];

	*figure = 2;
	return gh_store_commit_times(k->folder, &s.clock.clock, ms, 2, NULL,
				     NULL, &k->err);
}

#endif
