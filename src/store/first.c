/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * first - findings are stored by run, so the runs are walked back one by one
 * and the walk ends as soon as every finding that is asked for has passed.
 */
#include "store/first.h"
#include "store/private.h" /* struct gh_store */

#include <string.h>

static const char runs_sql[] =
	"SELECT r.run, r.started_s FROM run t JOIN ended_run r ON r.serial = "
	"t.serial AND r.simulated = t.simulated WHERE t.run = ?1 AND r.run <= "
	"?1 AND (r.run = ?1 OR (r.run NOT IN (SELECT run FROM origin) AND "
	"r.port NOT GLOB '" GH_PORT_REPLAY "*')) ORDER BY r.run DESC LIMIT ?2";

static const char states_sql[] =
	"SELECT id, state FROM finding WHERE run = ?1 AND part = ?2";

struct walk {
	struct gh_first *ids;
	size_t n, left; /* left: that have not passed yet */
	int64_t asked, run, started_s;
};

/* What that run says of it: nothing where it does not speak. */
static bool speaks(const struct walk *w, struct gh_first *f, const char *state)
{
	const bool is_unsure = strcmp(state, "unknown") == 0;

	if (w->run == w->asked)
		f->is_unsure = is_unsure;
	return strcmp(state, "skipped") != 0 && (!is_unsure || f->is_unsure);
}

static void take_state(struct walk *w, const char *id, const char *state)
{
	for (size_t i = 0; i < w->n; i++) {
		struct gh_first *f = &w->ids[i];

		if (!f->is_open || strcmp(f->id, id) != 0 ||
		    !speaks(w, f, state))
			continue;
		if (strcmp(state, "pass") == 0) {
			f->is_open = false;
			w->left--;
			continue;
		}
		f->run = w->run;
		f->started_s = w->started_s;
		f->runs++;
	}
}

static enum gh_status take_run(struct gh_store *st, sqlite3_stmt *stmt,
			       const char *part, struct walk *w,
			       struct gh_err *err)
{
	char id[GH_METRIC_ID_CAP], state[16];
	bool row = true;
	enum gh_status s = GH_OK;

	sqlite3_bind_int64(stmt, 1, w->run);
	sqlite3_bind_text(stmt, 2, part, -1, SQLITE_STATIC);
	while (s == GH_OK) {
		s = gh_sql_step(st, stmt, &row, err);
		if (s != GH_OK || !row)
			break;
		gh_column_text(stmt, 0, id, sizeof id);
		gh_column_text(stmt, 1, state, sizeof state);
		take_state(w, id, state);
	}
	sqlite3_reset(stmt);
	return s;
}

static enum gh_status walk_back(struct gh_store *st, sqlite3_stmt *runs,
				sqlite3_stmt *states, const char *part,
				struct walk *w, struct gh_err *err)
{
	bool row = true;
	enum gh_status s = GH_OK;

	while (s == GH_OK && w->left > 0) {
		s = gh_sql_step(st, runs, &row, err);
		if (s != GH_OK || !row)
			break;
		w->run = sqlite3_column_int64(runs, 0);
		w->started_s = sqlite3_column_int64(runs, 1);
		s = take_run(st, states, part, w, err);
	}
	return s;
}

enum gh_status gh_store_first(struct gh_store *st, int64_t run,
			      const char *part, struct gh_first *ids, size_t n,
			      struct gh_err *err)
{
	struct walk w = { .ids = ids, .n = n, .left = n, .asked = run };
	sqlite3_stmt *runs = NULL, *states = NULL;
	enum gh_status s = gh_sql_prepare(st, runs_sql, &runs, err);

	for (size_t i = 0; i < n; i++)
		ids[i] = (struct gh_first){ .id = ids[i].id, .is_open = true };
	if (s == GH_OK)
		s = gh_sql_prepare(st, states_sql, &states, err);
	if (s == GH_OK) {
		sqlite3_bind_int64(runs, 1, run);
		sqlite3_bind_int(runs, 2, GH_FIRST_RUNS);
		s = walk_back(st, runs, states, part, &w, err);
	}
	sqlite3_finalize(runs);
	sqlite3_finalize(states);
	return s;
}
