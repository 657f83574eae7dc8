/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The order of runs, held against one that is worked out here over all of
 * them: nights of two sculptures under a clock that is set back now and then,
 * some imported, some simulated, some replayed.
 */
#include "unit/test_store_kit.h" /* struct kit */

enum { NIGHTS = 24, DATABASES = 3 };

#define HOUR_S ((int64_t)3600)

static const char *const serials[] = { "LM-1", "LM-2" };
static const char *const profiles[] = { "preshow", "half" };

struct night {
	const char *serial, *profile;
	bool simulated, replayed, imported, has_core;
	int64_t started_s;
};

struct world {
	struct kit k;
	uint32_t random;
	int64_t clock_s;
	struct night nights[NIGHTS + 1]; /* by run, from 1 */
	int64_t n;
};

/* What is asked for; the order of it is worked out. */
struct order {
	bool asked[NIGHTS + 1];
	int64_t place[NIGHTS + 1];
	int64_t runs[NIGHTS];
	size_t n;
};

static uint32_t draw(struct world *w, uint32_t below)
{
	w->random = w->random * 1664525u + 1013904223u;
	return (w->random >> 16) % below;
}

static void add_night(struct world *w)
{
	static const int64_t hours[] = { 24, 24, 24, 0, -60, 1 };
	struct night *night = &w->nights[w->n + 1];
	struct gh_run_info *info = &w->k.info;
	char sql[120];

	w->clock_s += hours[draw(w, 6)] * HOUR_S;
	*night = (struct night){ .serial = serials[draw(w, 4) == 0],
				 .profile = profiles[draw(w, 3) == 0],
				 .simulated = draw(w, 6) == 0,
				 .replayed = draw(w, 6) == 0,
				 .imported = draw(w, 4) == 0,
				 .has_core = draw(w, 3) > 0,
				 .started_s = w->clock_s };
	if (night->imported)
		night->started_s -= draw(w, 200) * HOUR_S;
	gh_copy_text(info->serial, sizeof info->serial, night->serial);
	gh_copy_text(info->profile, sizeof info->profile, night->profile);
	gh_copy_text(info->port, sizeof info->port,
		     night->replayed ? GH_PORT_REPLAY "a" : "/dev/x");
	info->simulated = night->simulated;
	info->started_s = night->started_s;
	kit_ok(&w->k, gh_store_begin_run(w->k.st, info, &w->k.err));
	assert_int_equal(info->run, ++w->n);
	snprintf(sql, sizeof sql,
		 "INSERT INTO origin VALUES (%lld, 'elsewhere', 1, 1, '', 0)",
		 (long long)info->run);
	if (night->imported)
		kit_ok(&w->k, gh_sql_exec(w->k.st, sql, &w->k.err));
	kit_ok(&w->k, gh_store_end_run(w->k.st, info, NULL, w->k.parts,
				       night->has_core ? 2 : 1, w->k.measures,
				       0, NULL, NULL, 0, &w->k.err));
}

/* Is run a before run b? */
static bool is_before(const struct order *o, int64_t a, int64_t b)
{
	return o->place[a] != o->place[b] ? o->place[a] < o->place[b] : a < b;
}

/* Runs of here where the latest clock before them stands, others at theirs. */
static void put_in_order(const struct world *w, struct order *o)
{
	int64_t latest = INT64_MIN;

	o->n = 0;
	for (int64_t run = 1; run <= w->n; run++) {
		const struct night *night = &w->nights[run];
		size_t at = o->n;

		if (!o->asked[run])
			continue;
		if (!night->imported && night->started_s > latest)
			latest = night->started_s;
		o->place[run] = night->imported ? night->started_s : latest;
		while (at > 0 && is_before(o, o->runs[at - 1], run)) {
			o->runs[at] = o->runs[at - 1];
			at--;
		}
		o->runs[at] = run;
		o->n++;
	}
}

/* ---- history -----------------------------------------------------------------*/

static void look_at_history(struct world *w, const struct gh_history_ask *ask,
			    size_t cap)
{
	static struct gh_history_row rows[NIGHTS];
	struct order o = { .n = 0 };
	size_t n = 0;

	for (int64_t run = 1; run <= w->n; run++) {
		const struct night *night = &w->nights[run];

		o.asked[run] = (!ask->serial ||
				strcmp(ask->serial, night->serial) == 0) &&
			       night->started_s >= ask->since_s &&
			       (!ask->part || night->has_core);
	}
	put_in_order(w, &o);
	kit_ok(&w->k, gh_store_history(w->k.st, ask, rows, cap, &n, &w->k.err));
	assert_int_equal(n, o.n < cap ? o.n : cap);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(rows[i].info.run, o.runs[i]);
}

/* ---- What led to a run -------------------------------------------------------*/

static void look_at_past(struct world *w, const struct order *o, size_t from,
			 unsigned runs)
{
	static struct gh_past_row rows[2 * NIGHTS];
	size_t n = 0, told = 0;

	kit_ok(&w->k, gh_store_past(w->k.st, o->runs[from], runs, rows,
				    GH_ARRAY_SIZE(rows), &n, &w->k.err));
	for (size_t i = 0; i < n; i++) {
		if (strcmp(rows[i].part, w->k.parts[0].name) != 0)
			continue;
		assert_int_equal(rows[i].back, told);
		assert_int_equal(rows[i].run, o->runs[from + told++]);
	}
	assert_int_equal(told, o->n - from < runs ? o->n - from : runs);
}

static void look_before(struct world *w, const struct order *o, size_t from)
{
	const char *profile = w->nights[o->runs[from]].profile;
	size_t at = from + 1;
	int64_t before = 0;

	while (at < o->n && w->nights[o->runs[at]].profile != profile)
		at++;
	if (at == o->n) {
		assert_int_equal(gh_store_before(w->k.st, o->runs[from],
						 &before, &w->k.err),
				 GH_NODATA);
		return;
	}
	kit_ok(&w->k,
	       gh_store_before(w->k.st, o->runs[from], &before, &w->k.err));
	assert_int_equal(before, o->runs[at]);
}

static void look_back(struct world *w, const char *serial, bool simulated)
{
	struct order o = { .n = 0 };

	for (int64_t run = 1; run <= w->n; run++) {
		const struct night *night = &w->nights[run];

		o.asked[run] = night->serial == serial &&
			       night->simulated == simulated &&
			       !night->replayed;
	}
	put_in_order(w, &o);
	for (size_t i = 0; i < o.n; i++) {
		look_at_past(w, &o, i, 1);
		look_at_past(w, &o, i, 3);
		look_at_past(w, &o, i, NIGHTS);
		look_before(w, &o, i);
	}
}

/* ---- All of it ---------------------------------------------------------------*/

static void look(struct world *w)
{
	for (unsigned i = 0; i < 8; i++) {
		const struct gh_history_ask ask = {
			.serial = i & 1 ? serials[0] : NULL,
			.part = i & 2 ? "core" : NULL,
			.since_s = i & 4 ? w->clock_s - 100 * HOUR_S : 0
		};

		look_at_history(w, &ask, 1);
		look_at_history(w, &ask, 4);
		look_at_history(w, &ask, NIGHTS);
	}
	for (unsigned i = 0; i < 4; i++)
		look_back(w, serials[i & 1], i & 2);
}

static void as_when_all_are_placed(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= DATABASES; seed++) {
		struct world *w = calloc(1, sizeof *w);

		assert_non_null(w);
		w->random = seed;
		w->clock_s = 1500000000;
		kit_init(&w->k);
		kit_open(&w->k);
		for (int i = 0; i < NIGHTS; i++) {
			add_night(w);
			look(w);
		}
		kit_finish(&w->k);
		free(w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_when_all_are_placed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
