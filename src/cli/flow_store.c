/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flow_store - a run's way into the store. A database that is full, broken,
 * locked, read-only or not ours keeps nobody from looking at a sculpture: the
 * run goes on, its verdict stands, and all of it goes into a file that
 * `ghostlight import` takes in later.
 */
#include "cli/flow_state.h" /* struct gh_flow */

#include "store/bundle.h" /* gh_store_rescue */
#include "store/chain.h"  /* gh_store_chain_of */

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* ---- The database ---- */

/* Said before anything moves: who wants it in the database can stop now. */
static void tell_refused(const struct gh_flow *f)
{
	char line[sizeof f->refused.msg + 80];

	snprintf(line, sizeof line,
		 "%s: the check goes on, its result goes into a file for "
		 "`ghostlight import`",
		 f->refused.msg);
	flow_tell(f, GH_EV_NOTE, line);
}

/* What can be read of it is the baseline and what people accepted. */
static void read_only(struct gh_flow *f)
{
	struct gh_err err = { 0 };

	gh_store_close(f->store);
	f->store = NULL;
	(void)!gh_store_open(&f->store, f->req.db, GH_STORE_READ, &err);
}

static enum gh_status refuse(struct gh_flow *f, const struct gh_err *err)
{
	if (err->code != GH_STORE || f->req.replay)
		return err->code;
	f->refused = *err;
	tell_refused(f);
	return GH_OK;
}

enum gh_status flow_open_store(struct gh_flow *f, struct gh_err *err)
{
	enum gh_status st = gh_path_make_folder(f->req.db, err);

	if (st == GH_OK)
		st = gh_store_open(&f->store, f->req.db, GH_STORE_WRITE, err);
	if (st == GH_OK)
		return GH_OK;
	st = refuse(f, err);
	if (st == GH_OK)
		read_only(f);
	return st == GH_OK && f->req.baseline && !f->store ? err->code : st;
}

enum gh_status flow_begin(struct gh_flow *f, struct gh_err *err)
{
	struct gh_err unread = { 0 };
	enum gh_status st;

	if (f->store)
		(void)!gh_store_place(f->store, &f->info, &f->place, &unread);
	if (f->refused.code != GH_OK)
		return GH_OK;
	st = gh_store_begin_run(f->store, &f->info, err);
	if (st != GH_OK)
		return refuse(f, err);
	f->place.number = f->info.run;
	f->place.session = f->info.session;
	return GH_OK;
}

/* ---- The file ---- */

/*
 * In this order: where `ghostlight paths` says, where we are, and where
 * everybody may write.
 */
static bool folder_of(unsigned which, char *out, size_t cap)
{
	const char *tmp = getenv("TMPDIR");
	struct gh_path state;

	gh_path_state(&state);
	switch (which) {
	case 0:
		return state.path[0] &&
		       snprintf(out, cap, "%s/", state.path) < (int)cap;
	case 1:
		return snprintf(out, cap, "./") < (int)cap;
	default:
		return snprintf(out, cap, "%s/", tmp ? tmp : "/tmp") < (int)cap;
	}
}

enum { FOLDERS = 3 };

/* "run-20261224T180000Z-7.ghb" */
static bool name_file(const struct gh_flow *f, unsigned which, char *out,
		      size_t cap)
{
	const time_t began = (time_t)f->info.started_s;
	char folder[GH_PATH_CAP], when[24];
	struct tm utc;

	return folder_of(which, folder, sizeof folder) &&
	       gmtime_r(&began, &utc) &&
	       strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", &utc) > 0 &&
	       snprintf(out, cap, "%srun-%s-%lld.ghb", folder, when,
			(long long)f->place.number) < (int)cap;
}

/* Without the samples where there is no room for them. */
static bool write_file(struct gh_flow *f, const struct gh_run_content *all)
{
	struct gh_run_content said = *all;
	struct gh_err err = { 0 };
	const int64_t now_s = gh_wall_s(f->req.clock);

	said.rec = NULL;
	return gh_path_make_folder(f->fallback, &err) == GH_OK &&
	       (gh_store_rescue(f->fallback, &f->place, all, now_s, &err) ==
			GH_OK ||
		(all->rec && gh_store_rescue(f->fallback, &f->place, &said,
					     now_s, &err) == GH_OK));
}

static void rescue(struct gh_flow *f, const struct gh_run_content *all)
{
	for (unsigned i = 0; i < FOLDERS; i++)
		if (name_file(f, i, f->fallback, sizeof f->fallback) &&
		    write_file(f, all))
			return;
	f->fallback[0] = '\0';
}

/* ---- The end of a run ---- */

static enum gh_status put(struct gh_flow *f, const struct gh_run_content *all,
			  struct gh_err *err)
{
	enum gh_status st;

	if (f->refused.code != GH_OK) {
		*err = f->refused;
		return err->code;
	}
	st = gh_store_end_run(f->store, all->info, all->rec, all->parts,
			      all->n_parts, all->measures, all->n_measures,
			      all->result, all->not_checked, all->n_not_checked,
			      err);
	if (st == GH_OK)
		st = gh_store_chain_of(f->store, f->info.run, f->chain, err);
	if (st == GH_OK)
		f->view.chain = f->chain;
	return st;
}

void flow_store(struct gh_flow *f)
{
	struct gh_store_recording rows = { 0 };
	struct gh_run_content all = {
		&f->info,   &rows,	    f->parts,
		f->n_parts, f->measures,    f->n_measures,
		f->result,  f->not_checked, f->n_not_checked,
	};
	struct gh_err err = { 0 };
	enum gh_status st = gh_archive_rows(f->ran.rec, f->rig_text,
					    f->rig_bytes, &f->end, &rows, &err);

	if (st != GH_OK)
		all.rec = NULL;
	else
		st = put(f, &all, &err);
	if (st != GH_OK) {
		f->unstored = err;
		f->view.exit_code = 70;
		f->view.run = 0; /* a number of the database is one in it */
		if (!f->req.replay)
			rescue(f, &all);
	}
	gh_archive_finish(&rows);
}
