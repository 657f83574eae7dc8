/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * open - from a path to a database that is ours, or to one line that says why
 * not. The file may come from anybody, so SQLite is told to trust nothing in
 * it; nothing is written before it is known to be ours.
 */
#include "store/merge.h"   /* gh_store_uri, gh_store_create */
#include "store/private.h" /* struct gh_store */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_MS 2000 /* a commit takes milliseconds (reliability.md 2) */

/* How far a database is; read before anything is changed. */
struct identity {
	int64_t application, version, tables;
};

/* ---- The file, before SQLite sees it ---------------------------------------*/

/* Made by us, so that nobody else can read it whatever the umask is. */
static enum gh_status create_file(const char *path, struct gh_err *err)
{
	const int fd = open(
		path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return gh_fail_sys(err, GH_STORE, errno,
				   "%s: cannot be created",
				   gh_path_shown(path));
	if (fchmod(fd, 0600) != 0) {
		gh_fail_sys(err, GH_STORE, errno, "%s", gh_path_shown(path));
		close(fd);
		return GH_STORE;
	}
	close(fd);
	return GH_OK;
}

/* Another ghostlight that made it in the meantime did just as well. */
static enum gh_status create_ours(const char *path, struct gh_err *err)
{
	struct stat is;
	const enum gh_status s = create_file(path, err);

	return s != GH_OK && lstat(path, &is) == 0 && S_ISREG(is.st_mode)
		       ? GH_OK
		       : s;
}

/* WAL needs to make two files beside the database. */
static bool folder_is_writable(const char *path)
{
	const char *slash = strrchr(path, '/');
	const size_t n = slash ? (size_t)(slash - path) + 1 : 0;
	char *folder = malloc(n + 2);
	bool writable;

	if (!folder)
		return true;
	memcpy(folder, path, n);
	memcpy(folder + n, ".", 2);
	writable = access(folder, W_OK) == 0;
	free(folder);
	return writable;
}

static enum gh_status check_rights(const char *path, enum gh_store_mode mode,
				   struct gh_err *err)
{
	const char *shown = gh_path_shown(path);

	if (access(path, R_OK) != 0)
		return gh_fail_sys(err, GH_STORE, errno, "%s: cannot be read",
				   shown);
	if (mode == GH_STORE_READ)
		return GH_OK;
	if (access(path, W_OK) != 0)
		return gh_fail(err, GH_STORE, "%s: read-only", shown);
	if (!folder_is_writable(path))
		return gh_fail(err, GH_STORE, "%s: its folder is read-only",
			       shown);
	return GH_OK;
}

static enum gh_status check_file(const char *path, enum gh_store_mode mode,
				 struct gh_err *err)
{
	const char *shown = gh_path_shown(path);
	struct stat is;

	if (stat(path, &is) != 0) {
		if (errno == ENOENT && mode == GH_STORE_WRITE)
			return create_ours(path, err);
		if (errno == ENOENT)
			return gh_fail(err, GH_STORE, "%s: no such database",
				       shown);
		return gh_fail_sys(err, GH_STORE, errno, "%s", shown);
	}
	if (!S_ISREG(is.st_mode))
		return gh_fail(err, GH_STORE, "%s: %s, not a database", shown,
			       S_ISDIR(is.st_mode) ? "a folder"
						   : "not a plain file");
	return check_rights(path, mode, err);
}

/* ---- SQLite ----------------------------------------------------------------*/

/* A path as SQLite takes it for a file name whatever it looks like. */
static char *plain_path(const char *path)
{
	const size_t n = strlen(path) + 3;
	char *plain = malloc(n);

	if (plain)
		snprintf(plain, n, "%s%s", path[0] == '/' ? "" : "./", path);
	return plain;
}

/* file:PATH?query, with what a URI would misread escaped. */
char *gh_store_uri(const char *path, const char *query)
{
	const size_t cap = 3 * strlen(path) + strlen(query) + 8;
	char *uri = malloc(cap);
	size_t used;

	if (!uri)
		return NULL;
	used = (size_t)snprintf(uri, cap, "file:");
	for (const char *c = path; *c; c++) {
		const bool odd = *c == '%' || *c == '?' || *c == '#';

		used += (size_t)snprintf(uri + used, cap - used,
					 odd ? "%%%02X" : "%c", *c);
	}
	snprintf(uri + used, cap - used, "?%s", query);
	return uri;
}

static enum gh_status harden(struct gh_store *st, struct gh_err *err)
{
	static const struct {
		int option, value;
	} configs[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 1 },
		{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
	};

	for (size_t i = 0; i < GH_ARRAY_SIZE(configs); i++) {
		if (sqlite3_db_config(st->db, configs[i].option,
				      configs[i].value, NULL) != SQLITE_OK)
			return gh_sql_fail(st, err);
	}
	sqlite3_busy_timeout(st->db, BUSY_MS);
	/* recursive_triggers: REPLACE then asks the triggers on DELETE. */
	return gh_sql_exec(st,
			   "PRAGMA trusted_schema = OFF;"
			   "PRAGMA cell_size_check = ON;"
			   "PRAGMA mmap_size = 0;"
			   "PRAGMA foreign_keys = ON;"
			   "PRAGMA recursive_triggers = ON;"
			   "PRAGMA temp_store = MEMORY;"
			   "PRAGMA synchronous = FULL",
			   err);
}

/* The first read: here a file that is no database is found out. */
static enum gh_status identify(struct gh_store *st, struct identity *is,
			       struct gh_err *err)
{
	enum gh_status s;

	s = gh_sql_number(st, "SELECT count(*) FROM sqlite_schema", 0,
			  &is->tables, err);
	if (s == GH_OK)
		s = gh_sql_number(st, "PRAGMA application_id", 0,
				  &is->application, err);
	if (s == GH_OK)
		s = gh_sql_number(st, "PRAGMA user_version", 0, &is->version,
				  err);
	return s;
}

static enum gh_status connect(struct gh_store *st, const char *name, int flags,
			      struct identity *is, struct gh_err *err)
{
	enum gh_status s;

	sqlite3_close(st->db);
	/* A plain path never begins like a URI; what is attached may be one. */
	if (sqlite3_open_v2(name, &st->db,
			    flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI,
			    NULL) != SQLITE_OK) {
		if (st->db)
			return gh_sql_fail(st, err);
		return gh_fail(err, GH_NOMEM, "%s: out of memory",
			       gh_path_shown(st->path));
	}
	s = harden(st, err);
	return s == GH_OK ? identify(st, is, err) : s;
}

/* Is there a log of commits that are not in the database itself yet? */
static bool has_wal(const char *path)
{
	const size_t n = strlen(path) + sizeof "-wal";
	char *name = malloc(n);
	struct stat is;
	bool has = true;

	if (!name)
		return true;
	snprintf(name, n, "%s-wal", path);
	has = stat(name, &is) == 0 && is.st_size > 0;
	free(name);
	return has;
}

/*
 * Where nothing can be written, or no more, WAL cannot be used, and need not be
 * when nobody left a log: nobody can write there while we read.
 */
static enum gh_status open_frozen(struct gh_store *st, struct identity *is,
				  struct gh_err *err)
{
	char *uri;
	enum gh_status s;

	if (has_wal(st->path))
		return gh_fail(err, GH_STORE,
			       "%s: its folder is read-only or full, and a log "
			       "beside it must be read: copy both elsewhere",
			       gh_path_shown(st->path));
	uri = gh_store_uri(st->path, "immutable=1");
	if (!uri)
		return gh_fail(err, GH_NOMEM, "%s: out of memory",
			       gh_path_shown(st->path));
	s = connect(st, uri, SQLITE_OPEN_READONLY, is, err);
	free(uri);
	return s;
}

static enum gh_status open_sqlite(struct gh_store *st, struct identity *is,
				  struct gh_err *err)
{
	const bool reads = st->mode == GH_STORE_READ;
	enum gh_status s;

	s = connect(st, st->path,
		    reads ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE, is,
		    err);
	if (s != GH_OK && reads &&
	    (!folder_is_writable(st->path) ||
	     sqlite3_extended_errcode(st->db) == SQLITE_IOERR_SHMSIZE))
		s = open_frozen(st, is, err);
	return s;
}

/* ---- Whose is it, and how old ----------------------------------------------*/

static enum gh_status judge_identity(const struct gh_store *st,
				     const struct identity *is,
				     struct gh_err *err)
{
	const char *path = gh_path_shown(st->path);
	const int known = gh_migrations_count(gh_migrations);
	const bool blank = is->application == 0 && is->tables == 0;

	if (blank && st->mode == GH_STORE_WRITE)
		return GH_OK;
	if (blank)
		return gh_fail(err, GH_STORE, "%s: empty, not a database",
			       path);
	if (is->application != GH_STORE_APPLICATION_ID)
		return gh_fail(err, GH_STORE,
			       "%s: somebody else's database (application id "
			       "0x%08x)",
			       path, (unsigned)is->application);
	if (is->version > known)
		return gh_fail(err, GH_STORE,
			       "%s: written by a newer ghostlight (schema %d, "
			       "this one knows %d)",
			       path, (int)is->version, known);
	if (is->version < known && st->mode == GH_STORE_READ)
		return gh_fail(err, GH_STORE,
			       "%s: written by an older ghostlight (schema %d, "
			       "this one reads %d): run a check on it first",
			       path, (int)is->version, known);
	return GH_OK;
}

static enum gh_status use_wal(struct gh_store *st, struct gh_err *err)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s;

	s = gh_sql_prepare(st, "PRAGMA journal_mode = WAL", &stmt, err);
	if (s != GH_OK)
		return s;
	s = gh_sql_step(st, stmt, &row, err);
	if (s == GH_OK &&
	    (!row ||
	     strcmp((const char *)sqlite3_column_text(stmt, 0), "wal") != 0))
		s = gh_fail(err, GH_STORE,
			    "%s: its disk cannot keep a write-ahead log",
			    gh_path_shown(st->path));
	sqlite3_finalize(stmt);
	return s;
}

static enum gh_status open_all(struct gh_store *st, struct gh_err *err)
{
	struct identity is = { 0, 0, 0 };
	enum gh_status s = open_sqlite(st, &is, err);

	if (s == GH_OK)
		s = judge_identity(st, &is, err);
	if (s != GH_OK || st->mode == GH_STORE_READ)
		return s;
	s = use_wal(st, err);
	return s == GH_OK ? gh_store_migrate(st, gh_migrations, err) : s;
}

static struct gh_store *new_store(const char *path, enum gh_store_mode mode)
{
	struct gh_store *st = calloc(1, sizeof *st);

	if (!st)
		return NULL;
	st->path = plain_path(path);
	st->mode = mode;
	st->lock_fd = -1;
	if (!st->path) {
		free(st);
		return NULL;
	}
	return st;
}

enum gh_status gh_store_open(struct gh_store **out, const char *path,
			     enum gh_store_mode mode, struct gh_err *err)
{
	struct gh_store *st;
	enum gh_status s = check_file(path, mode, err);

	if (s != GH_OK)
		return s;
	st = new_store(path, mode);
	if (!st)
		return gh_fail(err, GH_NOMEM, "%s: out of memory",
			       gh_path_shown(path));
	s = open_all(st, err);
	if (s != GH_OK) {
		gh_store_close(st);
		return s;
	}
	*out = st;
	return GH_OK;
}

enum gh_status gh_store_create(struct gh_store **out, const char *path,
			       struct gh_err *err)
{
	struct identity is = { 0, 0, 0 };
	struct gh_store *st = new_store(path, GH_STORE_WRITE);
	enum gh_status s;

	if (!st)
		return gh_fail(err, GH_NOMEM, "%s: out of memory",
			       gh_path_shown(path));
	s = strcmp(path, ":memory:") == 0
		    ? connect(st, path, SQLITE_OPEN_READWRITE, &is, err)
		    : create_file(path, err);
	if (s == GH_OK && !st->db)
		s = connect(st, st->path, SQLITE_OPEN_READWRITE, &is, err);
	if (s == GH_OK)
		s = gh_store_migrate(st, gh_migrations, err);
	if (s != GH_OK) {
		gh_store_close(st);
		return s;
	}
	*out = st;
	return GH_OK;
}

void gh_store_close(struct gh_store *st)
{
	if (!st)
		return;
	sqlite3_close(st->db);
	gh_store_unlock(st);
	gh_store_texts_free(st);
	free(st->path);
	free(st);
}
