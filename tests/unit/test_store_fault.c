/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The disk fails at every call there is, is full, or the program is killed in
 * the middle of the end of a run: the run is there whole or not at all, the
 * database is sound, and nothing fails in silence. A run that was cut short is
 * told from one that is going on.
 */
#include "unit/test_store_kit.h" /* struct kit */

#include <signal.h>
#include <sys/resource.h>
#include <time.h>

/* ---- A disk that fails -----------------------------------------------------*/

/* The n-th write, sync or truncation from now fails, and all after if `for_good`. */
static struct {
	long left; /* negative: never */
	bool for_good, hit;
	int code;
	sqlite3_vfs *real;
} fault = { .left = -1 };

struct faulty_file {
	sqlite3_file base;
	sqlite3_file *real; /* behind this struct */
};

static bool fails(void)
{
	if (fault.left < 0)
		return false;
	if (fault.left > 0) {
		fault.left--;
		return false;
	}
	fault.hit = true;
	if (!fault.for_good)
		fault.left = -1;
	return true;
}

#define REAL(f) (((struct faulty_file *)(void *)(f))->real)
#define PASS(name, params, args)                                               \
	static int x##name params                                              \
	{                                                                      \
		return REAL(f)->pMethods->x##name args;                        \
	}
#define FAIL(name, params, args)                                               \
	static int x##name params                                              \
	{                                                                      \
		return fails() ? fault.code : REAL(f)->pMethods->x##name args; \
	}

PASS(Close, (sqlite3_file * f), (REAL(f)))
PASS(Read, (sqlite3_file * f, void *p, int n, sqlite3_int64 at),
     (REAL(f), p, n, at))
FAIL(Write, (sqlite3_file * f, const void *p, int n, sqlite3_int64 at),
     (REAL(f), p, n, at))
FAIL(Truncate, (sqlite3_file * f, sqlite3_int64 n), (REAL(f), n))
FAIL(Sync, (sqlite3_file * f, int flags), (REAL(f), flags))
PASS(FileSize, (sqlite3_file * f, sqlite3_int64 *n), (REAL(f), n))
PASS(Lock, (sqlite3_file * f, int level), (REAL(f), level))
PASS(Unlock, (sqlite3_file * f, int level), (REAL(f), level))
PASS(CheckReservedLock, (sqlite3_file * f, int *out), (REAL(f), out))
PASS(FileControl, (sqlite3_file * f, int op, void *arg), (REAL(f), op, arg))
PASS(SectorSize, (sqlite3_file * f), (REAL(f)))
PASS(DeviceCharacteristics, (sqlite3_file * f), (REAL(f)))
PASS(ShmMap,
     (sqlite3_file * f, int page, int size, int more, void volatile **out),
     (REAL(f), page, size, more, out))
PASS(ShmLock, (sqlite3_file * f, int at, int n, int flags),
     (REAL(f), at, n, flags))
PASS(ShmUnmap, (sqlite3_file * f, int erase), (REAL(f), erase))

static void xShmBarrier(sqlite3_file *f)
{
	REAL(f)->pMethods->xShmBarrier(REAL(f));
}

static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = xClose,
	.xRead = xRead,
	.xWrite = xWrite,
	.xTruncate = xTruncate,
	.xSync = xSync,
	.xFileSize = xFileSize,
	.xLock = xLock,
	.xUnlock = xUnlock,
	.xCheckReservedLock = xCheckReservedLock,
	.xFileControl = xFileControl,
	.xSectorSize = xSectorSize,
	.xDeviceCharacteristics = xDeviceCharacteristics,
	.xShmMap = xShmMap,
	.xShmLock = xShmLock,
	.xShmBarrier = xShmBarrier,
	.xShmUnmap = xShmUnmap,
};

static int open_faulty(sqlite3_vfs *vfs, const char *name, sqlite3_file *f,
		       int flags, int *out)
{
	struct faulty_file *mine = (void *)f;
	int rc;

	(void)vfs;
	mine->base.pMethods = NULL;
	if (fails())
		return fault.code == SQLITE_FULL ? SQLITE_CANTOPEN : fault.code;
	mine->real = (void *)(mine + 1);
	rc = fault.real->xOpen(fault.real, name, mine->real, flags, out);
	if (mine->real->pMethods)
		mine->base.pMethods = &methods;
	return rc;
}

/* Every database of this program lies on the disk that may fail. */
static int install(void **state)
{
	static sqlite3_vfs vfs;

	(void)state;
	fault.real = sqlite3_vfs_find(NULL);
	vfs = *fault.real;
	vfs.zName = "faulty";
	vfs.pNext = NULL;
	vfs.szOsFile += (int)sizeof(struct faulty_file);
	vfs.xOpen = open_faulty;
	return sqlite3_vfs_register(&vfs, 1) == SQLITE_OK ? 0 : -1;
}

/* ---- Whole or not at all ---------------------------------------------------*/

/* Every ended run that is not `interrupted` has all its rows, others none. */
static void check_whole(struct kit *k)
{
	static const struct {
		const char *table;
		int64_t rows;
	} sums[] = {
		{ "measure", KIT_MEASURES },
		{ "finding", 30 },
		{ "chunk", 3 },
		{ "span", 2 },
		{ "part", 3 },
		{ "evidence", 6 },
		{ "verdict", 1 },
		{ "recording", 1 },
		{ "run_key", 2 },
		{ "not_checked", 2 },
	};
	const int64_t whole = kit_count(k, "SELECT count(*) FROM run_end WHERE "
					   "state = 'complete'");
	char sql[100];

	kit_ok(k, gh_store_check(k->st, &k->err));
	for (size_t i = 0; i < GH_ARRAY_SIZE(sums); i++) {
		snprintf(sql, sizeof sql, "SELECT count(*) FROM %s",
			 sums[i].table);
		assert_int_equal(kit_count(k, sql), whole * sums[i].rows);
	}
}

static const struct mode {
	int code;
	bool for_good;
} modes[] = {
	{ SQLITE_IOERR_WRITE, false },
	{ SQLITE_FULL, false },
	{ SQLITE_IOERR_WRITE, true },
	{ SQLITE_FULL, true },
};

static void break_at(const struct mode *m, long nth)
{
	fault.left = nth;
	fault.for_good = m->for_good;
	fault.code = m->code;
	fault.hit = false;
}

/* Ends one run with a fault at the n-th call; false when it was not reached. */
static bool end_with_fault(struct kit *k, const struct mode *m, long nth)
{
	struct gh_run_info info;
	enum gh_status s;
	bool hit;

	kit_ok(k, gh_store_begin_run(k->st, &k->info, &k->err));
	memset(&k->err, 0, sizeof k->err);
	break_at(m, nth);
	s = kit_end(k);
	hit = fault.hit;
	fault.left = -1;
	if (s == GH_OK) {
		kit_ok(k, gh_store_get_run(k->st, k->info.run, &info, &k->err));
	} else {
		assert_int_equal(s, GH_STORE);
		assert_non_null(strstr(k->err.msg, k->path));
		assert_int_equal(gh_store_get_run(k->st, k->info.run, &info,
						  &k->err),
				 GH_NODATA);
	}
	check_whole(k);
	return hit;
}

static void every_call_of_the_end_may_fail(void **state)
{
	struct kit k;

	(void)state;
	kit_init(&k);
	for (size_t m = 0; m < GH_ARRAY_SIZE(modes); m++) {
		long n = 0;

		kit_open(&k);
		while (end_with_fault(&k, &modes[m], n))
			n++;
		assert_true(n > 20); /* it writes that many pages */
		kit_open(&k);
		check_whole(&k);
	}
	kit_finish(&k);
}

/* Opening a new one, beginning a run and closing: refused aloud or done. */
static void every_call_of_the_start_may_fail(void **state)
{
	struct kit k;

	(void)state;
	kit_init(&k);
	for (size_t m = 0; m < GH_ARRAY_SIZE(modes); m++) {
		bool hit = true;

		for (long n = 0; hit; n++) {
			enum gh_status s;

			gh_store_close(k.st);
			k.st = NULL;
			kit_empty_folder(k.folder);
			break_at(&modes[m], n);
			s = gh_store_open(&k.st, k.path, GH_STORE_WRITE,
					  &k.err);
			if (s == GH_OK)
				s = gh_store_begin_run(k.st, &k.info, &k.err);
			hit = fault.hit;
			fault.left = -1;
			if (s != GH_OK)
				assert_int_equal(s, GH_STORE);
			kit_open(&k);
			kit_run(&k);
			check_whole(&k);
		}
	}
	kit_finish(&k);
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
	const int rounds = getenv("GH_SOAK") ? 2000 : 60;
	unsigned seed = 42;
	struct gh_run_info info;
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	for (int i = 0; i < rounds; i++) {
		int64_t last;

		gh_store_close(k.st);
		k.st = NULL;
		seed = seed * 1103515245u + 12345u;
		last = kill_one(&k, (long)(seed >> 8) % 30000);
		kit_open(&k);
		check_whole(&k);
		if (last == 0)
			continue;
		kit_ok(&k, gh_store_get_run(k.st, last, &info, &k.err));
		assert_int_equal(info.end, GH_RUN_COMPLETE);
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
		cmocka_unit_test(every_call_of_the_end_may_fail),
		cmocka_unit_test(every_call_of_the_start_may_fail),
		cmocka_unit_test(a_full_database_says_so),
		cmocka_unit_test(a_file_at_its_limit_says_so),
		cmocka_unit_test(killed_at_any_time),
		cmocka_unit_test(a_run_cut_short_is_interrupted),
		cmocka_unit_test(two_checks_at_once_are_busy),
		cmocka_unit_test(a_reader_reads_while_another_writes),
	};

	return cmocka_run_group_tests(tests, install, NULL);
}
