/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which power-up of a sculpture a run belongs to.
 */
#include "unit/test_store_kit.h" /* struct kit */

#include "store/remark.h" /* gh_store_remark */

static void kit_start(struct kit *k)
{
	kit_init(k);
	kit_open(k);
}

/* A run of the next session. */
static int64_t next_session(struct kit *k)
{
	static int boots;

	snprintf(k->info.boot, sizeof k->info.boot, "next-%d", boots++);
	return kit_run(k);
}

struct visit {
	const char *boot, *port;
	int after_s;
	bool simulated;
	unsigned session;
};

static void visits(const struct visit *v, size_t n)
{
	struct kit k;

	kit_start(&k);
	for (size_t i = 0; i < n; i++) {
		strcpy(k.info.boot, v[i].boot);
		strcpy(k.info.port, v[i].port);
		k.info.started_s += v[i].after_s;
		k.info.simulated = v[i].simulated;
		kit_run(&k);
		if (k.info.session != v[i].session)
			fail_msg("visit %zu: session %u, expected %u", i,
				 k.info.session, v[i].session);
	}
	kit_finish(&k);
}

static void a_simulated_boot_is_a_session(void **state)
{
	static const struct visit v[] = {
		{ "a", "p", 0, true, 1 },  { "a", "p", 60, true, 1 },
		{ "b", "p", 60, true, 2 }, { "b", "q", 90000, true, 2 },
		{ "c", "p", 0, true, 3 },  { "", "p", 1, true, 3 },
	};

	(void)state;
	visits(v, GH_ARRAY_SIZE(v));
}

static void a_real_boot_needs_half_an_hour(void **state)
{
	static const struct visit v[] = {
		{ "a", "p", 0, false, 1 },	{ "b", "p", 1799, false, 1 },
		{ "c", "p", 1800, false, 2 },	{ "c", "p", 90000, false, 2 },
		{ "d", "p", -90000, false, 2 }, { "e", "p", 1800, false, 3 },
	};

	(void)state;
	visits(v, GH_ARRAY_SIZE(v));
}

/* The Uno bench: three boots on three ptys; and a board that stays plugged. */
static void without_a_boot_id_time_and_port_count(void **state)
{
	static const struct visit v[] = {
		{ "", "/dev/pts/1", 0, true, 1 },
		{ "", "/dev/pts/1", 60, true, 1 },
		{ "", "/dev/pts/2", 1, true, 2 },
		{ "", "/dev/pts/3", 1, true, 3 },
		{ "", "/dev/pts/3", 1799, false, 3 },
		{ "", "/dev/pts/3", 1800, false, 4 },
	};

	(void)state;
	visits(v, GH_ARRAY_SIZE(v));
}

/* Carried or repaired, it is seated anew, whatever its controller says. */
static void an_operators_mark_is_a_session(void **state)
{
	static const struct {
		enum gh_remark_kind kind;
		bool simulated;
		unsigned session;
	} rows[] = { { GH_REMARK_NOTE, false, 1 },
		     { GH_REMARK_TRANSPORT, false, 2 },
		     { GH_REMARK_REPAIR, false, 3 },
		     { GH_REMARK_REPAIR, true, 3 } };
	struct kit k;

	(void)state;
	kit_start(&k);
	kit_run(&k);
	for (size_t i = 0; i < GH_ARRAY_SIZE(rows); i++) {
		struct gh_remark r = { .kind = rows[i].kind,
				       .at_s = k.info.started_s,
				       .by = "Maria",
				       .text = "so it was" };

		strcpy(r.serial, k.info.serial);
		kit_ok(&k, gh_store_remark(k.st, &r, NULL, 0, &k.err));
		k.info.simulated = rows[i].simulated;
		kit_run(&k);
		assert_int_equal(k.info.session, rows[i].session);
		/* One mark, one session. */
		kit_run(&k);
		assert_int_equal(k.info.session, rows[i].session);
	}
	kit_finish(&k);
}

/* A replay between two checks of one power-up does not make it two. */
static void a_replay_is_no_session_of_the_sculpture(void **state)
{
	static const struct visit v[] = {
		{ "a", "p", 0, false, 1 },
		{ "old", "replay:a.wire", -9000, true, 2 },
		{ "a", "p", 9060, false, 1 },
		{ "old", "replay:a.wire", -9060, true, 2 },
		{ "b", "p", 9120, false, 1 },
		{ "new", "replay:b.wire", 0, true, 3 },
		{ "c", "p", 1800, false, 4 },
	};

	(void)state;
	visits(v, GH_ARRAY_SIZE(v));
}

static void each_sculpture_counts_its_own(void **state)
{
	struct kit k;

	(void)state;
	kit_start(&k);
	next_session(&k);
	next_session(&k);
	assert_int_equal(k.info.session, 2);
	strcpy(k.info.serial, "LM-0043");
	next_session(&k);
	assert_int_equal(k.info.session, 1);
	strcpy(k.info.serial, "LM-0042");
	next_session(&k);
	assert_int_equal(k.info.session, 3);
	kit_finish(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_simulated_boot_is_a_session),
		cmocka_unit_test(a_real_boot_needs_half_an_hour),
		cmocka_unit_test(without_a_boot_id_time_and_port_count),
		cmocka_unit_test(an_operators_mark_is_a_session),
		cmocka_unit_test(a_replay_is_no_session_of_the_sculpture),
		cmocka_unit_test(each_sculpture_counts_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
