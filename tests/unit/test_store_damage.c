/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A database that somebody else wrote into: what the store cannot have written
 * is told by its table, and a word that could reach a terminal is made safe.
 */
#include "unit/test_store_kit.h" /* struct kit */

/* With one run. */
static void open_unguarded(struct kit *k)
{
	kit_init(k);
	kit_open(k);
	kit_run(k);
	kit_drop_guards(k);
}

/* The run 1 with everything it has: the first that is refused. */
static enum gh_status read_all(struct kit *k)
{
	struct gh_judge_part parts[GH_JUDGE_PARTS];
	struct gh_not_listed not_checked[GH_NOT_LISTED];
	struct gh_store_recording rec = { 0 };
	struct gh_run_info info;
	unsigned n_parts;
	size_t n;
	enum gh_status s = gh_store_get_run(k->st, 1, &info, &k->err);

	if (s == GH_OK)
		s = gh_store_get_result(k->st, 1, kit_find, parts, &n_parts,
					k->result, not_checked, &n, &k->err);
	if (s == GH_OK)
		s = gh_store_get_recording(k->st, 1, &rec, &k->err);
	gh_store_recording_free(&rec);
	return s;
}

static void what_is_none_of_ours_is_damage(void **state)
{
	static const struct {
		const char *sql, *table;
	} damage[] = {
		{ "UPDATE run SET session = -1", "ended_run" },
		{ "UPDATE run SET session = 4294967296", "ended_run" },
		{ "UPDATE run_end SET exercises = -1", "ended_run" },
		{ "UPDATE run_end SET state = 'fine'", "ended_run" },
		{ "UPDATE finding SET state = 'fine'", "finding" },
		{ "UPDATE finding SET part = 'nobody' WHERE n = 0", "finding" },
		{ "UPDATE diagnosis SET part = 'nobody' WHERE n = 1",
		  "diagnosis" },
		{ "UPDATE chunk SET raw = x'00' WHERE n = 0", "chunk" },
		{ "UPDATE chunk SET times = x'00' WHERE n = 2", "chunk" },
		{ "UPDATE chunk SET times = zeroblob(4008) WHERE n = 2",
		  "chunk" },
		{ "UPDATE span SET repeat = -4294967296", "span" },
	};
	char told[80];
	struct kit k;

	(void)state;
	open_unguarded(&k);
	kit_ok(&k, read_all(&k));
	for (size_t i = 0; i < GH_ARRAY_SIZE(damage); i++) {
		kit_ok(&k, gh_sql_exec(k.st, "SAVEPOINT whole", &k.err));
		kit_ok(&k, gh_sql_exec(k.st, damage[i].sql, &k.err));
		if (read_all(&k) != GH_STORE)
			fail_msg("believed: %s", damage[i].sql);
		snprintf(told, sizeof told, "unreadable row in '%s'",
			 damage[i].table);
		if (!strstr(k.err.msg, told))
			fail_msg("%s: %s", damage[i].sql, k.err.msg);
		kit_ok(&k, gh_sql_exec(k.st, "ROLLBACK TO whole; RELEASE whole",
				       &k.err));
	}
	kit_ok(&k, read_all(&k));
	kit_finish(&k);
}

static void what_a_terminal_would_obey_is_made_safe(void **state)
{
	struct kit k;

	(void)state;
	open_unguarded(&k);
	kit_ok(&k, gh_sql_exec(k.st,
			       "UPDATE finding SET note = char(27) || '[2J' || "
			       "char(155, 8238) || 'J\xC3\xB6rg' || "
			       "CAST(x'C328' AS TEXT) WHERE n = 0",
			       &k.err));
	kit_ok(&k, read_all(&k));
	assert_string_equal(k.result->findings[0].note,
			    "?[2J?????J\xC3\xB6rg?(");
	kit_finish(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_none_of_ours_is_damage),
		cmocka_unit_test(what_a_terminal_would_obey_is_made_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
