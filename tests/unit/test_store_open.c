/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every file that is not a database of ours is one clear line that names it,
 * and is left as it was; one of ours is brought up to date. Runs in the root
 * of the checkout, where tests/fixtures is.
 */
#include "unit/test_store_kit.h" /* struct kit */

#include <fcntl.h>

#define NOBODY 65534

static void put_file(const char *path, const void *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* A database made by SQLite alone. */
static void put_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Opening must fail with that line, which names the file. */
static void refuses(struct kit *k, enum gh_store_mode mode, const char *line)
{
	struct gh_store *st = NULL;

	memset(&k->err, 0, sizeof k->err);
	assert_int_equal(gh_store_open(&st, k->path, mode, &k->err), GH_STORE);
	assert_int_equal(k->err.code, GH_STORE);
	assert_null(st);
	if (!strstr(k->err.msg, line) || !strstr(k->err.msg, k->path))
		fail_msg("'%s', expected '%s'", k->err.msg, line);
	assert_null(strchr(k->err.msg, '\n'));
}

static void refuses_both(struct kit *k, const char *line)
{
	refuses(k, GH_STORE_READ, line);
	refuses(k, GH_STORE_WRITE, line);
}

static void a_new_one_is_private(void **state)
{
	const mode_t old = umask(0);
	struct stat is;
	struct kit k;

	(void)state;
	kit_init(&k);
	refuses(&k, GH_STORE_READ, "no such database");
	kit_open(&k);
	kit_run(&k);
	assert_int_equal(stat(k.path, &is), 0);
	assert_int_equal(is.st_mode & 0777, 0600);
	strcat(k.path, "-wal");
	assert_int_equal(stat(k.path, &is), 0);
	assert_int_equal(is.st_mode & 0777, 0600);
	umask(old);
	kit_finish(&k);
}

static void it_is_opened_hostile(void **state)
{
	static const struct {
		const char *sql;
		int64_t is;
	} rules[] = {
		{ "PRAGMA application_id", GH_STORE_APPLICATION_ID },
		{ "PRAGMA synchronous", 2 },
		{ "PRAGMA foreign_keys", 1 },
		{ "PRAGMA trusted_schema", 0 },
		{ "PRAGMA cell_size_check", 1 },
		{ "PRAGMA mmap_size", 0 },
		{ "PRAGMA busy_timeout", 2000 },
		{ "SELECT count(*) FROM pragma_journal_mode "
		  "WHERE journal_mode = 'wal'",
		  1 },
		{ "SELECT count(*) FROM pragma_table_list WHERE type = 'table' "
		  "AND strict = 0 AND name NOT LIKE 'sqlite_%'",
		  0 },
	};
	struct kit k;
	int on = 0;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	for (size_t i = 0; i < GH_ARRAY_SIZE(rules); i++)
		assert_int_equal(kit_count(&k, rules[i].sql), rules[i].is);
	sqlite3_db_config(k.st->db, SQLITE_DBCONFIG_DEFENSIVE, -1, &on);
	assert_int_equal(on, 1);
	kit_finish(&k);
}

static void odd_names_are_file_names(void **state)
{
	static const char *const names[] = { ":memory:", "file:a?mode=memory",
					     "50%25.db", "a b#c.db" };
	char here[200];
	struct kit k;

	(void)state;
	kit_init(&k);
	assert_non_null(getcwd(here, sizeof here));
	assert_int_equal(chdir(k.folder), 0);
	for (size_t i = 0; i < GH_ARRAY_SIZE(names); i++) {
		strcpy(k.path, names[i]);
		kit_open(&k);
		kit_run(&k);
		kit_open(&k);
		assert_int_equal(kit_count(&k, "SELECT count(*) FROM run"), 1);
		assert_int_equal(access(names[i], F_OK), 0);
	}
	assert_int_equal(chdir(here), 0);
	kit_finish(&k);
}

/* ---- Files that are not ours -----------------------------------------------*/

static void garbage_is_not_a_database(void **state)
{
	char junk[4096];
	struct kit k;

	(void)state;
	kit_init(&k);
	memset(junk, 'x', sizeof junk);
	put_file(k.path, junk, sizeof junk);
	refuses_both(&k, "not a database");
	put_file(k.path, "hello", 5);
	refuses_both(&k, "not a database");
	kit_finish(&k);
}

static void an_empty_file_is_only_good_to_write(void **state)
{
	struct kit k;

	(void)state;
	kit_init(&k);
	put_file(k.path, "", 0);
	refuses(&k, GH_STORE_READ, "empty, not a database");
	kit_open(&k);
	kit_run(&k);
	kit_finish(&k);
}

static void a_folder_is_not_a_database(void **state)
{
	struct kit k;

	(void)state;
	kit_init(&k);
	strcpy(k.path, k.folder);
	refuses_both(&k, "a folder, not a database");
	strcpy(k.path, "/dev/null");
	refuses_both(&k, "not a plain file");
	snprintf(k.path, sizeof k.path, "%s/no/such.db", k.folder);
	refuses(&k, GH_STORE_WRITE, "cannot be created");
	refuses(&k, GH_STORE_READ, "no such database");
	kit_finish(&k);
}

static void somebody_elses_is_left_alone(void **state)
{
	char before[8192] = "", after[8192] = "";
	struct kit k;
	FILE *f;

	(void)state;
	kit_init(&k);
	put_sql(k.path, "PRAGMA application_id = 252006674; CREATE TABLE t(a)");
	f = fopen(k.path, "rb");
	assert_true(fread(before, 1, sizeof before, f) > 0);
	fclose(f);
	refuses_both(&k, "somebody else's database (application id "
			 "0x0f055112)");
	f = fopen(k.path, "rb");
	assert_true(fread(after, 1, sizeof after, f) > 0);
	fclose(f);
	assert_memory_equal(before, after, sizeof before);
	unlink(k.path);
	/* without an id, but with tables */
	put_sql(k.path, "CREATE TABLE contacts(name)");
	refuses_both(&k, "somebody else's database");
	kit_finish(&k);
}

static void a_newer_one_is_refused(void **state)
{
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	gh_store_close(k.st);
	k.st = NULL;
	put_sql(k.path, "PRAGMA user_version = 4711");
	refuses_both(&k, "written by a newer ghostlight (schema 4711");
	put_sql(k.path, "PRAGMA user_version = 0");
	refuses(&k, GH_STORE_READ, "written by an older ghostlight");
	kit_finish(&k);
}

static void a_locked_one_says_so(void **state)
{
	struct kit k;
	sqlite3 *db;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	assert_int_equal(sqlite3_open(k.path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", 0, 0, 0), 0);
	sqlite3_busy_timeout(k.st->db, 20); /* the test need not wait 2 s */
	assert_int_equal(gh_store_begin_run(k.st, &k.info, &k.err), GH_STORE);
	assert_non_null(strstr(k.err.msg, "locked by another program"));
	assert_non_null(strstr(k.err.msg, k.path));
	sqlite3_close(db);
	kit_run(&k);
	/* the whole file, as PRAGMA locking_mode = EXCLUSIVE holds it */
	gh_store_close(k.st);
	k.st = NULL;
	assert_int_equal(sqlite3_open(k.path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
				      "PRAGMA locking_mode = EXCLUSIVE;"
				      "BEGIN EXCLUSIVE; CREATE TABLE t(a)",
				      0, 0, 0),
			 0);
	refuses(&k, GH_STORE_READ, "locked by another program");
	sqlite3_close(db);
	kit_finish(&k);
}

/* Overwrites the pages from..to-1 of the database. */
static void spoil(const char *path, int from, int to)
{
	char junk[4096];
	int fd = open(path, O_WRONLY);

	assert_true(fd >= 0);
	memset(junk, 0x5A, sizeof junk);
	for (int p = from; p < to; p++)
		assert_int_equal(pwrite(fd, junk, sizeof junk,
					p * (off_t)sizeof junk),
				 sizeof junk);
	close(fd);
}

static void a_damaged_one_says_so(void **state)
{
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	for (int i = 0; i < 10; i++)
		kit_run(&k);
	gh_store_close(k.st);
	k.st = NULL;
	spoil(k.path, 60, 80);
	kit_open(&k);
	assert_int_equal(gh_store_check(k.st, &k.err), GH_STORE);
	assert_non_null(strstr(k.err.msg, "damaged"));
	assert_non_null(strstr(k.err.msg, k.path));
	gh_store_close(k.st);
	k.st = NULL;
	spoil(k.path, 1, 60);
	refuses_both(&k, "damaged");
	kit_finish(&k);
}

/* ---- Rights: root may do anything, so a child without rights tries ---------*/

/* What a coverage build has counted: _exit() would forget it. */
extern void __gcov_dump(void) __attribute__((weak));

static void as_nobody(struct kit *k, void (*act)(struct kit *k))
{
	int status = 0;
	pid_t pid;

	if (geteuid() == 0)
		assert_int_equal(chown(k->path, NOBODY, NOBODY), 0);
	if (geteuid() == 0)
		assert_int_equal(chown(k->folder, NOBODY, NOBODY), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (geteuid() == 0 && (setgid(NOBODY) || setuid(NOBODY)))
			_exit(99);
		act(k);
		if (__gcov_dump)
			__gcov_dump();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) != 0)
		fail_msg("line %d of this file", WEXITSTATUS(status) + 300);
}

/* In a child an assert of cmocka would run the rest of the tests again. */
#define child_check(condition)                                                 \
	do {                                                                   \
		if (!(condition))                                              \
			_exit(__LINE__ - 300);                                 \
	} while (0)

static bool says(struct kit *k, enum gh_store_mode mode, const char *line)
{
	struct gh_store *st = NULL;

	return gh_store_open(&st, k->path, mode, &k->err) == GH_STORE &&
	       strstr(k->err.msg, line) && strstr(k->err.msg, k->path);
}

static bool reads(struct kit *k)
{
	struct gh_run_info info;
	bool good;

	if (gh_store_open(&k->st, k->path, GH_STORE_READ, &k->err) != GH_OK)
		return false;
	good = gh_store_get_run(k->st, 1, &info, &k->err) == GH_OK;
	gh_store_close(k->st);
	return good;
}

static void try_read_only_file(struct kit *k)
{
	child_check(says(k, GH_STORE_WRITE, "read-only"));
	child_check(reads(k));
	child_check(chmod(k->path, 0) == 0);
	child_check(says(k, GH_STORE_READ, "cannot be read"));
	child_check(chmod(k->path, 0400) == 0);
}

static void try_read_only_folder(struct kit *k)
{
	child_check(chmod(k->path, 0600) == 0);
	child_check(chmod(k->folder, 0500) == 0);
	child_check(says(k, GH_STORE_WRITE, "its folder is read-only"));
	child_check(reads(k));
}

static void try_read_only_with_log(struct kit *k)
{
	char wal[120];

	snprintf(wal, sizeof wal, "%s-wal", k->path);
	child_check(chmod(k->folder, 0700) == 0);
	put_file(wal, "not empty", 9);
	child_check(chmod(wal, 0) == 0);
	child_check(chmod(k->folder, 0500) == 0);
	child_check(says(k, GH_STORE_READ, "a log beside it must be read"));
}

static void read_only_is_said_and_read(void **state)
{
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	gh_store_close(k.st);
	k.st = NULL;
	assert_int_equal(chmod(k.path, 0400), 0);
	as_nobody(&k, try_read_only_file);
	snprintf(k.path, sizeof k.path, "%s/runs.db-shm", k.folder);
	unlink(k.path);
	snprintf(k.path, sizeof k.path, "%s/runs.db-wal", k.folder);
	unlink(k.path);
	snprintf(k.path, sizeof k.path, "%s/runs.db", k.folder);
	as_nobody(&k, try_read_only_folder);
	as_nobody(&k, try_read_only_with_log);
	kit_finish(&k);
}

/* ---- Migrations ------------------------------------------------------------*/

static void copy_fixture(struct kit *k, const char *from)
{
	static char bytes[1 << 20];
	FILE *f = fopen(from, "rb");
	size_t n;

	assert_non_null(f);
	n = fread(bytes, 1, sizeof bytes, f);
	fclose(f);
	assert_true(n > 0 && n < sizeof bytes);
	put_file(k->path, bytes, n);
}

static void come_forward(const char *fixture)
{
	struct gh_run_info info;
	struct kit k;

	kit_init(&k);
	copy_fixture(&k, fixture);
	for (int twice = 0; twice < 2; twice++) {
		kit_open(&k);
		assert_int_equal(kit_count(&k, "PRAGMA user_version"),
				 gh_migrations_count(gh_migrations));
		kit_ok(&k, gh_store_check(k.st, &k.err));
		kit_ok(&k, gh_store_get_run(k.st, 1, &info, &k.err));
		assert_string_equal(info.serial, "LM-0042");
		assert_int_equal(kit_count(&k, "SELECT count(*) FROM measure "
					       "WHERE run = 1"),
				 KIT_MEASURES);
	}
	assert_int_equal(kit_run(&k), 3);
	kit_finish(&k);
}

/* Every old database in tests/fixtures/store, forward, twice. */
static void old_databases_come_forward(void **state)
{
	static const char *const old[] = { "tests/fixtures/store/0001.db",
					   "tests/fixtures/store/0002.db" };

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(old); i++)
		come_forward(old[i]);
}

/* As many as there are, which the database has had, then two more. */
static const struct gh_migration longer_list[] = {
	{ "0001_first", "CREATE TABLE never(a)" },
	{ "0002_people", "CREATE TABLE never(a)" },
	{ "0003_chain", "CREATE TABLE never(a)" },
	{ "0004_good", "CREATE TABLE good(a INTEGER) STRICT" },
	{ "0005_bad", "CREATE TABLE half(a INTEGER) STRICT; CREATE TABEL x" },
	{ NULL, NULL },
};

static void a_failed_migration_leaves_the_last_one(void **state)
{
	struct kit k;

	(void)state;
	kit_init(&k);
	kit_open(&k);
	kit_run(&k);
	for (int twice = 0; twice < 2; twice++) {
		assert_int_equal(gh_store_migrate(k.st, longer_list, &k.err),
				 GH_STORE);
		assert_non_null(strstr(k.err.msg, "0005_bad: "));
		assert_int_equal(kit_count(&k, "PRAGMA user_version"), 4);
		assert_int_equal(kit_count(&k, "SELECT count(*) FROM "
					       "sqlite_schema WHERE name IN "
					       "('good', 'half', 'never')"),
				 1);
	}
	kit_finish(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_one_is_private),
		cmocka_unit_test(it_is_opened_hostile),
		cmocka_unit_test(odd_names_are_file_names),
		cmocka_unit_test(garbage_is_not_a_database),
		cmocka_unit_test(an_empty_file_is_only_good_to_write),
		cmocka_unit_test(a_folder_is_not_a_database),
		cmocka_unit_test(somebody_elses_is_left_alone),
		cmocka_unit_test(a_newer_one_is_refused),
		cmocka_unit_test(a_locked_one_says_so),
		cmocka_unit_test(a_damaged_one_says_so),
		cmocka_unit_test(read_only_is_said_and_read),
		cmocka_unit_test(old_databases_come_forward),
		cmocka_unit_test(a_failed_migration_leaves_the_last_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
