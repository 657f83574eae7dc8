/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A disk that fails at every call there is, once or for good: nothing is lost
 * in silence, nothing is half there, nothing leaks, and the next start works.
 * timeout: 900
 */
#include "unit/test_store_stage.h" /* struct stage */

static int open_files(void)
{
	return kit_count_files("/proc/self/fd");
}

/* The line says whose disk it is, and what is wrong with it. */
static void check_line(const struct stage *s, enum gh_status said)
{
	static const char *const words[] = {
		"its disk refuses to read or write", "no room left on its disk",
		"cannot be opened"
	};
	const char *line = s->kit.err.msg;

	if (said != GH_STORE)
		fail_msg(AT "status %d: %s", SAY(s), said, line);
	if (!strstr(line, s->kit.path))
		fail_msg(AT "does not name the file: %s", SAY(s), line);
	for (size_t i = 0; i < GH_ARRAY_SIZE(words); i++) {
		if (strstr(line, words[i]))
			return;
	}
	fail_msg(AT "does not name the cause: %s", SAY(s), line);
}

static enum gh_status open_store(struct stage *s)
{
	gh_store_close(s->kit.st);
	s->kit.st = NULL;
	memset(&s->kit.err, 0, sizeof s->kit.err);
	return gh_store_open(&s->kit.st, s->kit.path, GH_STORE_WRITE,
			     &s->kit.err);
}

/* What failed once is done when it is asked for again. */
static bool is_once(const struct stage *s)
{
	return s->mode == GH_FAULT_IO_ONCE || s->mode == GH_FAULT_FULL_ONCE;
}

/* NULL: to open it. */
static enum gh_status attempt(struct stage *s, const struct life_kind *kind)
{
	return kind ? life_do(&s->life, &s->kit, kind) : open_store(s);
}

static bool do_or_say(struct stage *s, const struct life_kind *kind,
		      struct tally *t)
{
	enum gh_status said = attempt(s, kind);

	if (said == GH_OK)
		return true;
	check_line(s, said);
	t->refused++;
	if (!is_once(s))
		return false;
	said = attempt(s, kind);
	if (said != GH_OK)
		fail_msg(AT "%s cannot be done again: %s", SAY(s),
			 kind ? kind->name : "opening", s->kit.err.msg);
	t->again++;
	return true;
}

/* The machine is well again: is everything there that was promised? */
static void check_after(struct stage *s, struct tally *t)
{
	static const char ends[] = "SELECT count(*) FROM run_end";
	struct kit *k = &s->kit;
	const char *first = "";
	unsigned lost;

	if (open_store(s) != GH_OK)
		fail_msg(AT "does not open: %s", SAY(s), k->err.msg);
	if (!life_sound(k))
		fail_msg(AT "damaged: %s", SAY(s), k->err.msg);
	lost = life_lost(&s->life, k, &first);
	if (lost > 0)
		fail_msg(AT "%u lost, the first: %s", SAY(s), lost, first);
	if (life_torn(k) != 0)
		fail_msg(AT "a run is half there", SAY(s));
	/* A sync that failed for good: what it was for may be there. */
	if (s->life.n < 2 && kit_count(k, ends) > 0)
		t->nonetheless++;
	kit_run(k);
	assert_int_equal(kit_count(k, "SELECT count(*) FROM run WHERE run NOT "
				      "IN (SELECT run FROM run_end)"),
			 0);
}

/* What SQLite and the store had before this fault, and nothing more. */
static void check_leaks(struct stage *s)
{
	gh_store_close(s->kit.st);
	s->kit.st = NULL;
	if (sqlite3_memory_used() != s->memory)
		fail_msg(AT "%lld bytes leaked", SAY(s),
			 (long long)(sqlite3_memory_used() - s->memory));
	if (open_files() != s->files)
		fail_msg(AT "a file stays open", SAY(s));
}

/* ---- Fault by fault --------------------------------------------------------*/

/* False: no call failed, there are not that many. */
static bool one_fault(struct stage *s, unsigned kinds, struct tally *t)
{
	bool going, hit;

	memset(&s->life, 0, sizeof s->life);
	life_init(&s->kit);
	gh_fault_vfs_arm(s->mode, s->nth);
	going = do_or_say(s, NULL, t);
	for (unsigned i = 0; going && i < kinds; i++)
		going = do_or_say(s, &life_kinds[i], t);
	gh_store_close(s->kit.st); /* the log goes into the database, or not */
	s->kit.st = NULL;
	hit = gh_fault_vfs_disarm();
	check_after(s, t);
	check_leaks(s);
	t->calls += hit;
	return hit;
}

/* Calls of opening and `kinds` steps, until there is none. */
static void every_call(const char *name, bool is_blank, unsigned kinds,
		       long step)
{
	struct tally t = { 0 };
	static struct stage s;

	memset(&s, 0, sizeof s);
	kit_init(&s.kit);
	keep_blank(&s.kit);
	s.memory = sqlite3_memory_used();
	s.files = open_files();
	for (unsigned m = 0; m < GH_FAULT_MODES; m++) {
		const unsigned long before = t.refused;
		bool hit = true;

		s.mode = (enum gh_fault_mode)m;
		for (s.nth = (long)m % step; hit; s.nth += step) {
			kit_empty_folder(s.kit.folder);
			if (is_blank)
				put_blank(&s.kit);
			hit = one_fault(&s, kinds, &t);
		}
		assert_true(s.nth > 100); /* it writes that many pages */
		assert_true(t.refused > before);
	}
	gh_soak_say(name,
		    "%s call in 4 modes: %lu failed, %lu steps refused, %lu "
		    "of them done again, %lu found nonetheless; 0 lost, 0 "
		    "torn, 0 corrupt, 0 leaked",
		    stage_share(step), t.calls, t.refused, t.again,
		    t.nonetheless);
	kit_finish(&s.kit);
}

static void every_call_of_a_night_may_fail(void **state)
{
	(void)state;
	every_call("disk calls of a night", true, LIFE_KINDS,
		   stage_step(GH_FAULT_MODES));
}

/* Making a new database is long and the same again and again. */
static void every_call_of_the_first_start_may_fail(void **state)
{
	(void)state;
	every_call("disk calls of the first start", false, 1,
		   stage_step(3L * GH_FAULT_MODES));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_of_a_night_may_fail),
		cmocka_unit_test(every_call_of_the_first_start_may_fail),
	};

	return cmocka_run_group_tests(tests, gh_fault_vfs_set_up, NULL);
}
