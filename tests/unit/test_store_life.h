/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_store_life - what a program asks the store to keep, step by step, and
 * what it was promised: a step that said GH_OK must be found again whatever
 * the disk did afterwards.
 */
#ifndef GH_TEST_STORE_LIFE_H
#define GH_TEST_STORE_LIFE_H

#include "store/remark.h"	 /* gh_store_remark */
#include "unit/test_store_kit.h" /* struct kit */

enum { LIFE_NOW = 1795373700, LIFE_FILE = 9000, LIFE_PROMISES = 256 };

/* A night begins: one finding of the shoulder fails, for the acceptance. */
KIT void life_init(struct kit *k)
{
	struct gh_finding *f = k->result->findings;

	kit_info(&k->info);
	for (size_t i = 0; i < k->result->n_findings; i++) {
		if (f[i].part == 0)
			f[i].state = i ? GH_STATE_PASS : GH_STATE_FAIL;
	}
}

/* Stores something; *id finds it again. */
typedef enum gh_status life_step(struct kit *k, int64_t *id);

struct life_kind {
	const char *name;
	life_step *step;
	const char *found; /* SQL: is ?1 there, and whole? */
};

static inline enum gh_status life_begin(struct kit *k, int64_t *id)
{
	const enum gh_status s = gh_store_begin_run(k->st, &k->info, &k->err);

	*id = k->info.run;
	return s;
}

static inline enum gh_status life_end(struct kit *k, int64_t *id)
{
	*id = k->info.run;
	return kit_end(k);
}

static inline struct gh_remark life_remark(const struct kit *k,
					   enum gh_remark_kind kind)
{
	struct gh_remark r = { .kind = kind, .at_s = LIFE_NOW };

	r.run = k->info.run;
	strcpy(r.serial, k->info.serial);
	strcpy(r.part, "hope.shoulder");
	strcpy(r.by, "Ada");
	strcpy(r.text, "screw tightened");
	return r;
}

static inline enum gh_status life_note(struct kit *k, int64_t *id)
{
	struct gh_remark r = life_remark(k, GH_REMARK_NOTE);
	const enum gh_status s = gh_store_remark(k->st, &r, NULL, 0, &k->err);

	*id = r.id;
	return s;
}

/* Each file is another one: a content that is there is not stored again. */
static inline enum gh_status life_attach(struct kit *k, int64_t *id)
{
	static unsigned char photo[LIFE_FILE];
	struct gh_remark r = life_remark(k, GH_REMARK_ATTACHMENT);
	enum gh_status s;

	memset(photo, 'p', sizeof photo);
	snprintf((char *)photo, 32, "photo of run %lld",
		 (long long)k->info.run);
	strcpy(r.name, "screw.jpg");
	s = gh_store_remark(k->st, &r, photo, sizeof photo, &k->err);
	*id = r.id;
	return s;
}

static inline enum gh_status life_accept(struct kit *k, int64_t *id)
{
	struct gh_remark r = life_remark(k, GH_REMARK_ACCEPT);
	size_t n = 0;
	enum gh_status s;

	r.until_s = LIFE_NOW + 86400;
	s = gh_store_accept(k->st, &r, &n, &k->err);
	*id = k->info.run;
	return s;
}

/* A baseline of its own for each run, so that it can be sealed. */
static inline void life_baseline(const struct kit *k, char name[24])
{
	snprintf(name, 24, "of run %lld", (long long)k->info.run);
}

static inline enum gh_status life_add(struct kit *k, int64_t *id)
{
	char name[24];

	life_baseline(k, name);
	*id = k->info.run;
	return gh_store_baseline_add(k->st, name, k->info.run, &k->err);
}

static inline enum gh_status life_seal(struct kit *k, int64_t *id)
{
	char name[24];

	life_baseline(k, name);
	*id = k->info.run;
	return gh_store_baseline_seal(k->st, name, "Ada", "spring", LIFE_NOW,
				      &k->err);
}

/* A night, in order. */
static const struct life_kind life_kinds[] = {
	{ "begin", life_begin, "SELECT count(*) FROM run WHERE run = ?1" },
	{ "end", life_end,
	  "SELECT count(*) FROM run_end WHERE run = ?1 AND state = "
	  "'complete'" },
	{ "note", life_note, "SELECT count(*) FROM remark WHERE remark = ?1" },
	{ "attachment", life_attach,
	  "SELECT length(bytes) = 9000 FROM attachment JOIN content "
	  "USING (sha256) WHERE remark = ?1" },
	{ "acceptance", life_accept,
	  "SELECT count(*) > 0 FROM accept JOIN remark USING (remark) "
	  "WHERE run = ?1" },
	{ "baseline", life_add,
	  "SELECT count(*) FROM baseline_member WHERE run = ?1" },
	{ "seal", life_seal,
	  "SELECT count(*) FROM baseline_seal JOIN baseline_member "
	  "USING (baseline) WHERE run = ?1" },
};
enum { LIFE_KINDS = GH_ARRAY_SIZE(life_kinds) };

/* ---- What was promised -----------------------------------------------------*/

struct life {
	struct {
		const struct life_kind *kind;
		int64_t id;
	} promise[LIFE_PROMISES];
	unsigned n;
};

/* One step; the store's word on it is remembered. */
KIT enum gh_status life_do(struct life *l, struct kit *k,
			   const struct life_kind *kind)
{
	int64_t id = 0;
	enum gh_status s;

	memset(&k->err, 0, sizeof k->err);
	s = kind->step(k, &id);
	if (s != GH_OK)
		return s;
	assert_true(l->n < LIFE_PROMISES);
	l->promise[l->n].kind = kind;
	l->promise[l->n++].id = id;
	return GH_OK;
}

/* How many promises are not kept; *first is named. */
KIT unsigned life_lost(const struct life *l, struct kit *k, const char **first)
{
	unsigned lost = 0;

	for (unsigned i = 0; i < l->n; i++) {
		int64_t found = 0;

		kit_ok(k, gh_sql_number(k->st, l->promise[i].kind->found,
					l->promise[i].id, &found, &k->err));
		if (found == 1)
			continue;
		if (lost++ == 0)
			*first = l->promise[i].kind->name;
	}
	return lost;
}

/* ---- Whole or not at all ---------------------------------------------------*/

/* What kit_end gives a run; whoever has not ended has none of it. */
static const struct {
	const char *table;
	int rows;
} life_rows[] = {
	{ "measure", KIT_MEASURES },
	{ "finding", 30 },
	{ "chunk", 3 },
	{ "channel", 2 },
	{ "span", 2 },
	{ "fact", 2 },
	{ "part", 3 },
	{ "part_result", 3 },
	{ "diagnosis", 3 },
	{ "evidence", 6 },
	{ "verdict", 1 },
	{ "recording", 1 },
	{ "run_key", 2 },
	{ "not_checked", 2 },
	{ "why_not", 2 },
};

/* Tables in which a run has too few rows, too many, or rows without an end. */
KIT unsigned life_torn(struct kit *k)
{
	unsigned torn = 0;
	char sql[400];

	for (size_t i = 0; i < GH_ARRAY_SIZE(life_rows); i++) {
		const char *t = life_rows[i].table;

		snprintf(sql, sizeof sql,
			 "WITH whole AS (SELECT run FROM run_end WHERE state = "
			 "'complete'), has AS (SELECT run, count(*) AS n FROM "
			 "%s GROUP BY run) SELECT (SELECT count(*) FROM has "
			 "WHERE n != %d OR run NOT IN whole) + (SELECT "
			 "count(*) FROM whole WHERE run NOT IN (SELECT run "
			 "FROM has))",
			 t, life_rows[i].rows);
		torn += kit_count(k, sql) != 0;
	}
	return torn;
}

/* SQLite's whole check, and the seals. */
KIT bool life_sound(struct kit *k)
{
	int64_t ok = 0;

	return gh_sql_number(k->st,
			     "SELECT integrity_check = 'ok' FROM "
			     "pragma_integrity_check(1)",
			     0, &ok, &k->err) == GH_OK &&
	       ok == 1 && gh_store_check(k->st, &k->err) == GH_OK;
}

#endif
