/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every statement of everything that is asked of the store fails once, when
 * SQLite reads it or while it runs, and so does every piece of memory that the
 * store asks for: what comes is a line that says so, never half an answer;
 * nothing is half stored, and asked again it is done.
 * timeout: 900
 */
#include "fakes/soak.h"		     /* gh_soak_count */
#include "unit/test_store_asks.h"    /* ask_*, do_* */
#include "unit/test_store_failing.h" /* arm */

/* What the store then has one more of. */
static const struct task {
	const char *name;
	question *ask;
	const char *done; /* NULL: it only asks */
	bool blank;	  /* begins with a database that has no run */
} tasks[] = {
	{ "last run", ask_last, NULL, false },
	{ "last judged", ask_judged, NULL, false },
	{ "run", ask_run, NULL, false },
	{ "result", ask_result, NULL, false },
	{ "recording", ask_recording, NULL, false },
	{ "recording of a part", ask_part, NULL, false },
	{ "first", ask_first, NULL, false },
	{ "facts", ask_facts, NULL, false },
	{ "history", ask_history, NULL, false },
	{ "past", ask_past, NULL, false },
	{ "before", ask_before, NULL, false },
	{ "limits", ask_limits, NULL, false },
	{ "motion", ask_motion, NULL, false },
	{ "standing", ask_standing, NULL, false },
	{ "since", ask_since, NULL, false },
	{ "chain", ask_chain, NULL, false },
	{ "baselines", ask_baselines, NULL, false },
	{ "members", ask_members, NULL, false },
	{ "baseline", ask_baseline, NULL, false },
	{ "check", ask_check, NULL, false },
	{ "verify", ask_verify, NULL, false },
	{ "remarks", ask_remarks, NULL, false },
	{ "attached", ask_attached, NULL, false },
	{ "accepts", ask_accepts, NULL, false },
	{ "accepts of", ask_accepts_of, NULL, false },
	{ "series", ask_series, NULL, false },
	{ "measures", ask_measures, NULL, false },
	{ "place", ask_place, NULL, false },
	{ "open to read", ask_open, NULL, false },
	{ "open", do_open, NULL, false },
	{ "commit times", do_commits, NULL, false },
	{ "export", do_export, NULL, false },
	{ "rescue", do_rescue, NULL, false },
	{ "begin", do_begin, "SELECT count(*) FROM run WHERE run = 4", false },
	{ "end", do_end, "SELECT count(*) FROM run_end WHERE run = 3", false },
	{ "note", do_note, "SELECT count(*) FROM remark", false },
	{ "attach", do_attach, "SELECT count(*) FROM attachment", false },
	{ "accept", do_accept, "SELECT count(*) FROM accept", false },
	{ "add", do_add, "SELECT count(*) FROM baseline_member", false },
	{ "seal", do_seal, "SELECT count(*) FROM baseline_seal", false },
	{ "import", do_import, "SELECT min(1, count(*)) FROM run_end", true },
};

/* ---- Making the scene ------------------------------------------------------*/

static void put_bytes(const char *path, const unsigned char *bytes, size_t n)
{
	FILE *f = fopen(path, "wbe");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void fill(struct kit *k)
{
	struct gh_remark moved = { .kind = GH_REMARK_TRANSPORT,
				   .at_s = LIFE_NOW };
	int64_t id;

	for (int night = 0; night < 2; night++) {
		life_init(k);
		strcpy(k->info.boot, night ? "boot-2" : "boot-1");
		k->info.started_s += 7200 * night;
		for (size_t i = 0; i < LIFE_KINDS; i++)
			kit_ok(k, life_kinds[i].step(k, &id));
	}
	strcpy(moved.serial, k->info.serial);
	strcpy(moved.text, "to the foyer");
	kit_ok(k, gh_store_remark(k->st, &moved, NULL, 0, &k->err));
	kit_ok(k, gh_store_baseline_add(k->st, "open", 1, &k->err));
	kit_ok(k, do_export(k, &id));
	assert_int_equal(rename(s.out, s.bundle), 0);
	life_init(k);
	kit_ok(k, gh_store_begin_run(k->st, &k->info, &k->err));
}

static void make_scene(void)
{
	FILE *f;

	memset(&s, 0, sizeof s);
	kit_init(&s.k);
	script_link_init(&s.clock, NULL);
	snprintf(s.bundle, sizeof s.bundle, "%s/in.bundle", s.k.folder);
	snprintf(s.out, sizeof s.out, "%s/out.bundle", s.k.folder);
	kit_open(&s.k);
	fill(&s.k);
	gh_store_close(s.k.st);
	s.k.st = NULL;
	f = fopen(s.k.path, "rbe");
	assert_non_null(f);
	s.bytes = malloc(4 << 20);
	assert_non_null(s.bytes);
	s.n = fread(s.bytes, 1, 4 << 20, f);
	fclose(f);
	assert_in_range(s.n, 4096, (4 << 20) - 1);
}

/* As it was, whatever the last one did; the run that began stays open. */
static void put_scene(const struct task *t)
{
	static const char *const ends[] = { "", "-wal", "-shm", ".lock" };
	char name[120];

	gh_store_close(s.k.st);
	s.k.st = NULL;
	for (size_t i = 0; i < GH_ARRAY_SIZE(ends); i++) {
		snprintf(name, sizeof name, "%s%s", s.k.path, ends[i]);
		unlink(name);
	}
	if (!t->blank)
		put_bytes(s.k.path, s.bytes, s.n);
	life_init(&s.k);
	kit_ok(&s.k, gh_store_open(&s.k.st, s.k.path,
				   t->blank ? GH_STORE_WRITE : GH_STORE_READ,
				   &s.k.err));
	if (!t->blank && t->done)
		kit_open(&s.k);
}

static unsigned long tried; /* statements that failed */

/* ---- Statement by statement ------------------------------------------------*/

static int64_t now_has(const struct task *t)
{
	int64_t n = -1;

	if (!t->done)
		return 0;
	kit_ok(&s.k, gh_sql_number(s.k.st, t->done, 0, &n, &s.k.err));
	return n;
}

#define AT "%s, statement %ld %s: "

static void check_outcome(const struct task *t, enum fault fault, long nth,
			  enum gh_status said, int64_t figure, int64_t good)
{
	if (said == GH_OK && figure != good && !s.k.err.msg[0])
		fail_msg(AT "answers %lld, not %lld, and says nothing", t->name,
			 nth, fault_names[fault], (long long)figure,
			 (long long)good);
	if (said != GH_OK && !s.k.err.msg[0])
		fail_msg(AT "says nothing", t->name, nth, fault_names[fault]);
	if (strchr(s.k.err.msg, '\n'))
		fail_msg(AT "more than a line", t->name, nth,
			 fault_names[fault]);
}

/* False: there are not that many. */
static bool one_failure(const struct task *t, enum fault fault, long nth,
			int64_t good)
{
	int64_t before, figure = 0;
	enum gh_status said;
	bool hit;

	if (t->done || !s.k.st)
		put_scene(t);
	before = now_has(t);
	memset(&s.k.err, 0, sizeof s.k.err);
	arm(fault, nth);
	said = t->ask(&s.k, &figure);
	hit = disarm();
	tried += hit;
	check_outcome(t, fault, nth, said, figure, good);
	if (!s.k.st)
		kit_ok(&s.k, gh_store_open(&s.k.st, s.k.path, GH_STORE_READ,
					   &s.k.err));
	if (t->done && said != GH_OK && now_has(t) != before)
		fail_msg(AT "half stored", t->name, nth, fault_names[fault]);
	if (said != GH_OK) {
		memset(&s.k.err, 0, sizeof s.k.err);
		said = t->ask(&s.k, &figure);
		if (said != GH_OK)
			fail_msg(AT "cannot be asked again: %s", t->name, nth,
				 fault_names[fault], s.k.err.msg);
		assert_int_equal(figure, good);
	}
	if (t->done && now_has(t) != before + 1)
		fail_msg(AT "said it is done, has %lld, had %lld", t->name, nth,
			 fault_names[fault], (long long)now_has(t),
			 (long long)before);
	return hit;
}

/* Of long ones a quarter where it is only a taste. */
static void every_statement(const struct task *t)
{
	const long points = (long)gh_soak_count(3, 15, 200);
	int64_t good = 0;
	long wants; /* of memory */
	size_t step;

	put_scene(t);
	memset(&s.k.err, 0, sizeof s.k.err);
	memset(&picked, 0, sizeof picked);
	arm(NONE, -1);
	picked.on = true;
	if (t->ask(&s.k, &good) != GH_OK)
		fail_msg("%s: %s", t->name, s.k.err.msg);
	picked.on = false;
	wants = sql.count[THEIR_MEMORY];
	assert_true(picked.n > 0);
	step = picked.n > 40 ? gh_soak_count(4, 1, 1) : 1;
	for (enum fault f = REFUSED; f <= STOPPED; f++)
		for (size_t i = (size_t)(t - tasks) % step; i < picked.n;
		     i += step)
			one_failure(t, f, picked.nth[i][f], good);
	for (long nth = 0; HAS_MALLOC && one_failure(t, OUR_MEMORY, nth, good);)
		nth++;
	for (long i = 0; HAS_MALLOC && i < points; i++)
		one_failure(t, THEIR_MEMORY, wants * i / points, good);
}

static void questions_fail_in_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(tasks); i++)
		if (!tasks[i].done)
			every_statement(&tasks[i]);
}

static void what_is_stored_is_whole_or_not_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(tasks); i++)
		if (tasks[i].done)
			every_statement(&tasks[i]);
	gh_soak_say("statements",
		    "%lu failures in %zu tasks; 0 silent, 0 "
		    "half stored",
		    tried, GH_ARRAY_SIZE(tasks));
}

static int make(void **state)
{
	(void)state;
	sqlite3_auto_extension((void (*)(void))watch);
	make_scene();
	return 0;
}

static int drop(void **state)
{
	(void)state;
	kit_finish(&s.k);
	free(s.bytes);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(questions_fail_in_words),
		cmocka_unit_test(what_is_stored_is_whole_or_not_there),
	};

	return cmocka_run_group_tests(tests, make, drop);
}
