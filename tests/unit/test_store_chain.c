/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The chain: what is stored becomes a link, whoever stored it and however a run
 * ended, and not one value of one table can be changed without being found.
 */
#include "store/bundle.h"	 /* gh_store_export */
#include "store/remark.h"	 /* gh_store_accept */
#include "unit/test_store_kit.h" /* struct kit */

enum { NOW = 1795400000, COLUMNS_MAX = 400, COLUMNS_MIN = 190 };

static void verify(struct kit *k, struct gh_chain_found *found)
{
	kit_ok(k, gh_store_verify(k->st, NULL, found, &k->err));
}

static void is_intact(struct kit *k, int64_t runs, int64_t remarks,
		      int64_t baselines)
{
	struct gh_chain_found f;

	verify(k, &f);
	if (f.n_faults > 0)
		fail_msg("%zu faults: %s", f.n_faults, f.faults[0].text);
	assert_int_equal(f.of[GH_CHAIN_RUN].linked, runs);
	assert_int_equal(f.of[GH_CHAIN_REMARK].linked, remarks);
	assert_int_equal(f.of[GH_CHAIN_BASELINE].linked, baselines);
	assert_int_equal(f.links, runs + remarks + baselines);
	gh_chain_found_free(&f);
}

/* ---- Something of everything -----------------------------------------------*/

static void add_accept(struct kit *k)
{
	struct gh_remark r = { .kind = GH_REMARK_ACCEPT,
			       .run = k->info.run,
			       .at_s = NOW,
			       .until_s = NOW + 86400 };
	size_t n;

	strcpy(r.part, "hope.shoulder");
	strcpy(r.by, "Ada");
	strcpy(r.text, "the show goes on");
	kit_ok(k, gh_store_accept(k->st, &r, &n, &k->err));
	assert_int_equal(n, 1);
}

static void add_photo(struct kit *k)
{
	struct gh_remark r = { .kind = GH_REMARK_ATTACHMENT, .run = 1 };

	strcpy(r.name, "horn.jpg");
	kit_ok(k, gh_store_remark(k->st, &r, "photo", 5, &k->err));
}

/* Runs, a seal, a photo, an acceptance and what became of it. */
static void fill(struct kit *k)
{
	static const int64_t first = 1;

	for (size_t f = 0; f < k->result->n_findings; f++)
		k->result->findings[f].state = GH_STATE_PASS;
	k->result->findings[0].state = GH_STATE_FAIL;
	kit_run(k);
	kit_ok(k, gh_store_baseline_add(k->st, "winter", 1, &k->err));
	kit_ok(k, gh_store_baseline_seal(k->st, "winter", "Ada", "good", 5,
					 &k->err));
	add_accept(k);
	add_photo(k);
	k->info.accepts = &first;
	k->info.n_accepts = 1;
	k->result->fates[0] = GH_ACCEPT_KNOWN;
	kit_run(k);
	k->info.n_accepts = 0;
}

/* A database that took in all of another one. */
static void take_in(struct kit *to)
{
	const struct gh_bundle_ask ask = { .with_recordings = true,
					   .now_s = NOW };
	struct gh_bundle_count count;
	static struct kit from;
	char file[120];

	kit_init(&from);
	kit_open(&from);
	fill(&from);
	is_intact(&from, 2, 2, 1);
	snprintf(file, sizeof file, "%s/a.bundle", from.folder);
	kit_ok(&from, gh_store_export(from.st, file, &ask, &count, &from.err));
	kit_ok(to, gh_store_import(to->st, file,
				   &(struct gh_import_ask){ .now_s = NOW },
				   &count, &to->err));
	assert_int_equal(count.runs, 2);
	kit_finish(&from);
}

/* ---- Tampering -------------------------------------------------------------*/

struct column {
	char table[32], name[32], type[16];
};

static size_t list_columns(struct kit *k, struct column *out)
{
	size_t n = 0;
	sqlite3_stmt *stmt;

	assert_int_equal(sqlite3_prepare_v2(
				 k->st->db,
				 "SELECT m.name, c.name, c.type FROM "
				 "sqlite_schema m, pragma_table_info(m.name) c "
				 "WHERE m.type = 'table' AND m.name NOT GLOB "
				 "'sqlite_*'",
				 -1, &stmt, NULL),
			 SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW && n < COLUMNS_MAX) {
		gh_column_text(stmt, 0, out[n].table, sizeof out[n].table);
		gh_column_text(stmt, 1, out[n].name, sizeof out[n].name);
		gh_column_text(stmt, 2, out[n].type, sizeof out[n].type);
		n++;
	}
	sqlite3_finalize(stmt);
	return n;
}

/* Another value of the same type in every row. */
static const char *other_value(const char *type)
{
	static const struct {
		const char *type, *value;
	} others[] = {
		{ "INTEGER", "ifnull(c, 0) + 1000" },
		{ "REAL", "iif(c IS 0.125, 0.25, 0.125)" },
		{ "TEXT", "ifnull(c, '') || 'x'" },
		{ "BLOB", "CAST(ifnull(c, x'') || x'5555' AS BLOB)" },
	};

	for (size_t i = 0; i < GH_ARRAY_SIZE(others); i++)
		if (strcmp(others[i].type, type) == 0)
			return others[i].value;
	fail_msg("a column of type %s", type);
	return NULL;
}

/* Not counting that the triggers are gone, and rows that hang in the air. */
static size_t faults_of_content(struct kit *k)
{
	struct gh_chain_found f;
	size_t n = 0;

	verify(k, &f);
	for (size_t i = 0; i < f.n_faults; i++)
		n += f.faults[i].wrong != GH_CHAIN_FILE &&
		     f.faults[i].wrong != GH_CHAIN_BASELINES;
	gh_chain_found_free(&f);
	return n;
}

static void run_sql(struct kit *k, char *sql)
{
	assert_non_null(sql);
	kit_ok(k, gh_sql_exec(k->st, sql, &k->err));
	sqlite3_free(sql);
}

static void change_and_look(struct kit *k, const struct column *c)
{
	run_sql(k, sqlite3_mprintf("CREATE TEMP TABLE saved AS SELECT * FROM "
				   "%w; UPDATE %w SET \"%w\" = (SELECT %s FROM "
				   "(SELECT \"%w\" AS c))",
				   c->table, c->table, c->name,
				   other_value(c->type), c->name));
	if (sqlite3_changes(k->st->db) == 0)
		fail_msg("no row in %s", c->table);
	if (faults_of_content(k) == 0)
		fail_msg("%s.%s changed and nobody saw it", c->table, c->name);
	run_sql(k, sqlite3_mprintf("DELETE FROM %w; INSERT INTO %w SELECT * "
				   "FROM temp.saved; DROP TABLE temp.saved",
				   c->table, c->table));
}

static void every_column_is_covered(void **state)
{
	static struct column columns[COLUMNS_MAX];
	static struct kit k;
	size_t n;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	take_in(&k);
	is_intact(&k, 2, 2, 1);
	kit_drop_guards(&k);
	assert_int_equal(faults_of_content(&k), 0);
	n = list_columns(&k, columns);
	assert_true(n >= COLUMNS_MIN && n < COLUMNS_MAX);
	for (size_t i = 0; i < n; i++)
		change_and_look(&k, &columns[i]);
	assert_int_equal(faults_of_content(&k), 0);
	kit_finish(&k);
}

/* ---- What is not there, and numbers that none of ours has -------------------*/

static bool is_told(const struct gh_chain_found *f, const char *words)
{
	for (size_t i = 0; i < f->n_faults; i++)
		if (strstr(f->faults[i].text, words))
			return true;
	return false;
}

static void take_out_and_look(const char *sql, const char *words)
{
	static struct kit k;
	struct gh_chain_found f;

	kit_init(&k);
	kit_open(&k);
	for (int i = 0; i < 4; i++)
		kit_run(&k);
	is_intact(&k, 4, 0, 0);
	kit_drop_guards(&k);
	kit_ok(&k, gh_sql_exec(k.st, sql, &k.err));
	verify(&k, &f);
	if (!is_told(&f, words))
		fail_msg("%s: %s", sql,
			 f.n_faults ? f.faults[f.n_faults - 1].text
				    : "nothing");
	gh_chain_found_free(&f);
	kit_finish(&k);
}

static void what_was_taken_out_is_told(void **state)
{
	static const struct {
		const char *sql, *words;
	} cut[] = {
		{ "DELETE FROM run WHERE run = 2", "run 2 is not there" },
		{ "DELETE FROM run WHERE run < 4", "runs 1 to 3 are not" },
		{ "DELETE FROM run", "runs 1 to 4 are not there" },
		{ "DELETE FROM chain WHERE link = 2",
		  "chain link 2 is not there" },
		{ "DELETE FROM chain WHERE link IN (2, 3)",
		  "chain links 2 to 3 are not there" },
		{ "UPDATE run SET run = 9223372036854775807 WHERE run = 4",
		  "runs 4 to 9223372036854775806 are not there" },
		{ "UPDATE chain SET link = -1 WHERE link = 1",
		  "chain link 1 is not there" },
	};

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(cut); i++)
		take_out_and_look(cut[i].sql, cut[i].words);
}

/* SQLite calls a page damaged that it had no memory for. */
static void no_memory_is_no_damage(void **state)
{
	enum { STEP = 512 };
	struct gh_chain_found f;
	enum gh_status s = GH_NOMEM;
	unsigned refused = 0;
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	for (sqlite3_int64 more = 0; s == GH_NOMEM; more += STEP) {
		sqlite3_db_release_memory(k.st->db);
		sqlite3_hard_heap_limit64(sqlite3_memory_used() + more);
		memset(&f, 0, sizeof f);
		s = gh_store_verify(k.st, NULL, &f, &k.err);
		sqlite3_hard_heap_limit64(0);
		if (f.n_faults > 0)
			fail_msg("%s", f.faults[0].text);
		gh_chain_found_free(&f);
		refused += s == GH_NOMEM;
		memset(&k.err, 0, sizeof k.err);
	}
	assert_int_equal(s, GH_OK);
	assert_true(refused > 10);
	kit_finish(&k);
}

/* ---- However a run ends ----------------------------------------------------*/

static void a_run_cut_short_is_a_link(void **state)
{
	struct gh_chain_found f;
	static struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	is_intact(&k, 0, 0, 0);
	kit_run(&k);
	kit_ok(&k, gh_store_begin_run(k.st, &k.info, &k.err));
	kit_open(&k); /* it died */
	verify(&k, &f);
	assert_int_equal(f.n_faults, 0);
	assert_int_equal(f.of[GH_CHAIN_RUN].open, 1);
	gh_chain_found_free(&f);
	kit_run(&k);
	is_intact(&k, 3, 0, 0);
	assert_int_equal(kit_count(&k, "SELECT number FROM chain "
				       "WHERE link = 2"),
			 2);
	kit_finish(&k);
}

static void a_run_that_was_not_stored_is_none(void **state)
{
	static struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_ok(&k, gh_store_begin_run(k.st, &k.info, &k.err));
	kit_ok(&k, gh_sql_exec(k.st,
			       "CREATE TEMP TRIGGER no_room BEFORE INSERT ON "
			       "main.chain BEGIN SELECT RAISE(ABORT, 'no'); "
			       "END",
			       &k.err));
	assert_int_equal(kit_end(&k), GH_STORE);
	assert_true(kit_is_empty(&k, "run_end"));
	kit_ok(&k, gh_sql_exec(k.st, "DROP TRIGGER no_room", &k.err));
	kit_ok(&k, kit_end(&k));
	is_intact(&k, 1, 0, 0);
	kit_finish(&k);
}

/* ---- What was noted --------------------------------------------------------*/

static void a_noted_hash_is_held_against_it(void **state)
{
	static const struct {
		const char *noted;
		enum gh_status status;
	} bad[] = { { "", GH_ARG },
		    { "0123456789abcde", GH_ARG },
		    { "0123456789ABCDEF", GH_ARG },
		    { "0123456789abcdef", GH_OK } };
	struct gh_chain_found f;
	char noted[65];
	static struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	kit_ok(&k, gh_store_chain_of(k.st, kit_run(&k), noted, &k.err));
	assert_int_equal(strlen(noted), 64);
	kit_run(&k);
	kit_ok(&k, gh_store_verify(k.st, noted, &f, &k.err));
	assert_int_equal(f.noted, 2);
	assert_int_equal(f.n_faults, 0);
	gh_chain_found_free(&f);
	for (size_t i = 0; i < GH_ARRAY_SIZE(bad); i++) {
		assert_int_equal(gh_store_verify(k.st, bad[i].noted, &f,
						 &k.err),
				 bad[i].status);
		assert_int_equal(f.n_faults, bad[i].status == GH_OK);
		gh_chain_found_free(&f);
	}
	kit_ok(&k, gh_store_chain_of(k.st, 99, noted, &k.err));
	assert_string_equal(noted, "");
	kit_finish(&k);
}

/* A noted hash is what a report prints, or its beginning, and nothing else. */
static void what_is_a_noted_hash(void **state)
{
	static const struct {
		const char *noted;
		enum gh_status said;
	} cases[] = {
		{ "0123456789abcde", GH_ARG },
		{ "0123456789abcdeg", GH_ARG },
		{ "0123456789ABCDEF", GH_ARG },
		{ "0123456789abcdef0123456789abcdef0123456789abcdef0123456789a"
		  "bcdef0",
		  GH_ARG },
		{ "0123456789abcdef", GH_OK },
		{ "0123456789abcdef0123456789abcdef0123456789abcdef0123456789a"
		  "bcdef",
		  GH_OK },
	};
	struct gh_chain_found f;
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	for (size_t i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		assert_int_equal(gh_store_verify(k.st, cases[i].noted, &f,
						 &k.err),
				 cases[i].said);
		/* it is in no link of this chain */
		assert_int_equal(f.n_faults, cases[i].said == GH_OK);
		gh_chain_found_free(&f);
	}
	assert_string_equal(gh_chain_wrong_name(GH_CHAIN_FILE), "file");
	assert_string_equal(gh_chain_wrong_name(GH_CHAIN_WRONGS), "?");
	assert_string_equal(gh_run_end_name(GH_RUN_INTERRUPTED + 1), "?");
	kit_finish(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_a_noted_hash),
		cmocka_unit_test(every_column_is_covered),
		cmocka_unit_test(what_was_taken_out_is_told),
		cmocka_unit_test(no_memory_is_no_damage),
		cmocka_unit_test(a_run_cut_short_is_a_link),
		cmocka_unit_test(a_run_that_was_not_stored_is_none),
		cmocka_unit_test(a_noted_hash_is_held_against_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
