/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The disk is full, or the program is killed in the middle of the end of a
 * run: the run is there whole or not at all, the database is sound, and nothing
 * fails in silence. A run that was cut short is told from one that is going on.
 */
#include "fakes/fault_vfs.h"	  /* gh_fault_vfs_set_up */
#include "fakes/soak.h"		  /* gh_soak_count */
#include "unit/test_store_life.h" /* life_torn */

#include <signal.h>
#include <sys/resource.h>
#include <time.h>

static void check_whole(struct kit *k)
{
	kit_ok(k, gh_store_check(k->st, &k->err));
	assert_int_equal(life_torn(k), 0);
}

/* ---- No room ---------------------------------------------------------------*/

static void a_full_database_says_so(void **state)
{
	struct gh_run_info info;
	char sql[64];
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	snprintf(sql, sizeof sql, "PRAGMA max_page_count = %d",
		 (int)kit_count(&k, "PRAGMA page_count") + 1);
	kit_ok(&k, gh_store_begin_run(k.st, &k.info, &k.err));
	kit_ok(&k, gh_sql_exec(k.st, sql, &k.err));
	assert_int_equal(kit_end(&k), GH_STORE);
	assert_non_null(strstr(k.err.msg, "no room left on its disk"));
	assert_non_null(strstr(k.err.msg, k.path));
	assert_int_equal(gh_store_get_run(k.st, 2, &info, &k.err), GH_NODATA);
	check_whole(&k);
	/* somebody made room: the same run can still be stored */
	kit_ok(&k, gh_sql_exec(k.st, "PRAGMA max_page_count = 100000", &k.err));
	kit_ok(&k, kit_end(&k));
	check_whole(&k);
	kit_finish(&k);
}

static void a_file_at_its_limit_says_so(void **state)
{
	struct rlimit old, small;
	enum gh_status s;
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_ok(&k, gh_store_begin_run(k.st, &k.info, &k.err));
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = 200000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	s = kit_end(&k);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(s, GH_STORE);
	assert_non_null(strstr(k.err.msg, "its disk refuses"));
	check_whole(&k);
	kit_ok(&k, kit_end(&k));
	check_whole(&k);
	kit_finish(&k);
}

/* ---- Killed ----------------------------------------------------------------*/

/* The child: run after run until it is killed; it says when one is stored,
 * and before, when it is ready. */
static void run_for_ever(struct kit *k, int to)
{
	k->info.run = 0;
	/* A child shares no connection with its parent. */
	if (gh_store_open(&k->st, k->path, GH_STORE_WRITE, &k->err) != GH_OK)
		_exit(1);
	if (write(to, &k->info.run, sizeof k->info.run) < 0)
		_exit(3);
	for (;;) {
		if (gh_store_begin_run(k->st, &k->info, &k->err) != GH_OK ||
		    kit_end(k) != GH_OK ||
		    write(to, &k->info.run, sizeof k->info.run) < 0)
			_exit(2);
	}
}

/* Returns the last run the child said was stored, 0: none. */
static int64_t kill_one(struct kit *k, long after_us)
{
	const struct timespec wait = { 0, after_us * 1000 };
	int64_t last = 0, run;
	int pipes[2], status;
	pid_t pid;

	assert_int_equal(pipe(pipes), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		run_for_ever(k, pipes[1]);
	close(pipes[1]);
	assert_int_equal(read(pipes[0], &run, sizeof run), sizeof run);
	nanosleep(&wait, NULL);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	while (read(pipes[0], &run, sizeof run) == sizeof run)
		last = run;
	close(pipes[0]);
	return last;
}

static void killed_at_any_time(void **state)
{
	const unsigned long rounds = gh_soak_count(60, 320, 2000);
	unsigned long stored = 0;
	unsigned seed = 42;
	struct gh_run_info info;
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	for (unsigned long i = 0; i < rounds; i++) {
		int64_t last;

		gh_store_close(k.st);
		k.st = NULL;
		seed = seed * 1103515245u + 12345u;
		last = kill_one(&k, (long)(seed >> 8) % 50000);
		kit_open(&k);
		check_whole(&k);
		if (last == 0)
			continue;
		kit_ok(&k, gh_store_get_run(k.st, last, &info, &k.err));
		assert_int_equal(info.end, GH_RUN_COMPLETE);
		stored++;
	}
	/* the dead hold no lock, and their last runs are interrupted */
	kit_run(&k);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM run WHERE run NOT "
				       "IN (SELECT run FROM run_end)"),
			 0);
	assert_true(kit_count(&k, "SELECT count(*) FROM run_end WHERE state = "
				  "'interrupted'") > 0);
	assert_true(kit_count(&k, "SELECT count(*) FROM run_end WHERE state = "
				  "'complete'") > 1);
	gh_soak_say("kill -9 of a writer",
		    "%lu: after %lu of them a run had been acknowledged, 0 "
		    "lost, 0 torn, 0 corrupt",
		    rounds, stored);
	kit_finish(&k);
}

/* ---- Cut short, and at the same time ---------------------------------------*/

static void a_run_cut_short_is_interrupted(void **state)
{
	struct gh_run_info info;
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_ok(&k, gh_store_begin_run(k.st, &k.info, &k.err));
	kit_open(&k); /* the program died */
	assert_int_equal(gh_store_get_run(k.st, 1, &info, &k.err), GH_NODATA);
	assert_int_equal(kit_run(&k), 2);
	kit_ok(&k, gh_store_get_run(k.st, 1, &info, &k.err));
	assert_int_equal(info.end, GH_RUN_INTERRUPTED);
	assert_string_equal(info.error, "the program ended before the run did");
	assert_string_equal(info.serial, "LM-0042");
	kit_ok(&k, gh_store_get_run(k.st, 2, &info, &k.err));
	assert_int_equal(info.end, GH_RUN_COMPLETE);
	kit_finish(&k);
}

static void two_checks_at_once_are_busy(void **state)
{
	struct gh_run_info info;
	struct gh_store *other = NULL;
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_info(&info);
	kit_ok(&k, gh_store_open(&other, k.path, GH_STORE_WRITE, &k.err));
	kit_ok(&k, gh_store_begin_run(k.st, &k.info, &k.err));
	assert_int_equal(gh_store_begin_run(other, &info, &k.err), GH_BUSY);
	assert_non_null(strstr(k.err.msg, "another ghostlight is running a "
					  "check on this database"));
	assert_int_equal(info.run, 0);
	kit_ok(&k, kit_end(&k));
	kit_ok(&k, gh_store_begin_run(other, &info, &k.err));
	assert_int_equal(info.run, 2);
	gh_store_close(other);
	/* the lock goes with the store; run 2 was cut short */
	assert_int_equal(kit_run(&k), 3);
	assert_int_equal(kit_count(&k, "SELECT count(*) FROM run_end WHERE "
				       "state = 'interrupted' AND run = 2"),
			 1);
	kit_finish(&k);
}

static void a_reader_reads_while_another_writes(void **state)
{
	struct gh_store *reader = NULL;
	struct gh_run_info info;
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	kit_ok(&k, gh_store_open(&reader, k.path, GH_STORE_READ, &k.err));
	kit_ok(&k, gh_store_begin_run(k.st, &k.info, &k.err));
	kit_ok(&k, gh_sql_begin(k.st, &k.err));
	kit_ok(&k, gh_store_get_run(reader, 1, &info, &k.err));
	assert_int_equal(gh_store_get_run(reader, 2, &info, &k.err), GH_NODATA);
	kit_ok(&k, gh_sql_end(k.st, GH_OK, &k.err));
	kit_ok(&k, kit_end(&k));
	kit_ok(&k, gh_store_get_run(reader, 2, &info, &k.err));
	/* and cannot write */
	assert_int_equal(gh_store_begin_run(reader, &info, &k.err), GH_STORE);
	assert_non_null(strstr(k.err.msg, "read-only"));
	gh_store_close(reader);
	kit_finish(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_database_says_so),
		cmocka_unit_test(a_file_at_its_limit_says_so),
		cmocka_unit_test(killed_at_any_time),
		cmocka_unit_test(a_run_cut_short_is_interrupted),
		cmocka_unit_test(two_checks_at_once_are_busy),
		cmocka_unit_test(a_reader_reads_while_another_writes),
	};

	/* No sync reaches the disk: who is killed needs none. */
	return cmocka_run_group_tests(tests, gh_fault_vfs_set_up, NULL);
}
