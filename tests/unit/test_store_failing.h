/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_store_failing - one statement of SQLite's that fails when it is read or
 * while it runs, or one piece of memory that the store does not get. Included
 * once in a program, which then has a malloc of its own.
 */
#ifndef GH_TEST_STORE_FAILING_H
#define GH_TEST_STORE_FAILING_H

#include "driver/lumina/frame.h" /* gh_lum_crc */
#include "unit/test_store_kit.h" /* GH_ARRAY_SIZE, sqlite3 */

/* ---- What SQLite is made to do ---------------------------------------------*/

/* OUR_MEMORY: that the store asks for itself; THEIR_MEMORY: SQLite and libc. */
enum fault { NONE, REFUSED, STOPPED, OUR_MEMORY, THEIR_MEMORY, FAULTS };

static const char *const fault_names[FAULTS] = { "none", "refused", "stopped",
						 "without memory",
						 "without memory of SQLite's" };

enum { TEXTS_MAX = 2000, PICKS_MAX = 600, CREATES = 3 };

static struct {
	enum fault fault;
	long nth, count[FAULTS]; /* from 0: things asked for, statements */
	bool armed, hit, now;	 /* now: the one that runs is to be stopped */
} sql;

/* Of one task: where each of its different statements is read, and run. */
static struct {
	bool on;
	size_t texts, creates, n;
	uint32_t text[TEXTS_MAX];
	long nth[PICKS_MAX][FAULTS];
} picked;

static bool is_nth(enum fault fault)
{
	if (sql.count[fault]++ != sql.nth || sql.fault != fault)
		return false;
	sql.hit = true;
	return true;
}

/* The same again is the same; a new database is a hundred CREATEs. */
static bool is_new(const char *text)
{
	const uint32_t sum = gh_lum_crc(0, text, strlen(text));

	for (size_t i = 0; i < picked.texts; i++)
		if (picked.text[i] == sum)
			return false;
	assert_true(picked.texts < TEXTS_MAX);
	picked.text[picked.texts++] = sum;
	return strncmp(text, "CREATE", 6) != 0 || picked.creates++ < CREATES;
}

static void pick(const char *text)
{
	if (!picked.on || !is_new(text))
		return;
	assert_true(picked.n < PICKS_MAX);
	picked.nth[picked.n][REFUSED] = sql.count[REFUSED] - 1;
	picked.nth[picked.n++][STOPPED] = sql.count[STOPPED];
}

/* ---- Memory that the store asks for itself ---------------------------------*/

/* A sanitizer has a malloc of its own, which must not be in the way of ours. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
enum { HAS_MALLOC = true };

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t n);
extern const char __executable_start[], etext[];

/* Ours, not SQLite's: this program is linked with the store's objects. */
static bool is_ours(const void *caller)
{
	return (const char *)caller >= __executable_start &&
	       (const char *)caller < etext;
}

static bool is_out_of_memory(const void *caller)
{
	return sql.armed && is_nth(is_ours(caller) ? OUR_MEMORY : THEIR_MEMORY);
}

void *malloc(size_t n)
{
	if (is_out_of_memory(__builtin_return_address(0)))
		return NULL;
	return __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	if (is_out_of_memory(__builtin_return_address(0)))
		return NULL;
	return __libc_calloc(n, size);
}

void *realloc(void *old, size_t n)
{
	if (is_out_of_memory(__builtin_return_address(0)))
		return NULL;
	return __libc_realloc(old, n);
}
#else
enum { HAS_MALLOC = false };
#endif

/* ---- What SQLite calls -----------------------------------------------------*/

/* Called for each thing that a statement wants to do, while it is read. */
static int allow(void *self, int what, const char *a, const char *b,
		 const char *c, const char *d)
{
	static const int counted[] = { SQLITE_SELECT, SQLITE_INSERT,
				       SQLITE_UPDATE, SQLITE_DELETE,
				       SQLITE_PRAGMA, SQLITE_TRANSACTION,
				       SQLITE_ATTACH };

	(void)self;
	(void)a;
	(void)b;
	(void)c;
	(void)d;
	for (size_t i = 0; i < GH_ARRAY_SIZE(counted); i++)
		if (counted[i] == what && is_nth(REFUSED))
			return SQLITE_DENY;
	return SQLITE_OK;
}

static int begin_statement(unsigned what, void *self, void *stmt, void *text)
{
	(void)what;
	(void)self;
	(void)stmt;
	pick(text);
	sql.now = is_nth(STOPPED);
	return 0;
}

static int go_on(void *self)
{
	(void)self;
	return sql.now;
}

/* For every connection there will be. */
static int watch(sqlite3 *db, char **said, const void *api)
{
	(void)said;
	(void)api;
	sqlite3_set_authorizer(db, allow, NULL);
	sqlite3_trace_v2(db, SQLITE_TRACE_STMT, begin_statement, NULL);
	sqlite3_progress_handler(db, 1, go_on, NULL);
	return SQLITE_OK;
}

static void arm(enum fault fault, long nth)
{
	memset(&sql, 0, sizeof sql);
	sql.fault = fault;
	sql.nth = nth;
	sql.armed = true;
}

static bool disarm(void)
{
	const bool hit = sql.hit;

	memset(&sql, 0, sizeof sql);
	return hit;
}

#endif
