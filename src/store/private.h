/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * private - what the files of src/store share: the open database, the few calls
 * that talk to SQLite, and tables as data. A gh_table says which columns a
 * struct has; one loop writes and one loop reads all of them.
 */
#ifndef GH_STORE_PRIVATE_H
#define GH_STORE_PRIVATE_H

#include "base/remark.h"     /* struct gh_remark */
#include "store/chain.h"     /* enum gh_chain_kind */
#include "store/migration.h" /* struct gh_migration */
#include "store/store.h"     /* struct gh_store */

#include <sqlite3.h>

/* "ghLt": whose file this is. 0001_first.sql writes it. */
#define GH_STORE_APPLICATION_ID 0x67684c74

struct gh_store {
	sqlite3 *db;
	char *path;
	enum gh_store_mode mode;
	int lock_fd;	       /* of PATH.lock while a run is open, else -1 */
	struct gh_text *texts; /* see gh_store_text */
};

/* ---- sql.c ---------------------------------------------------------------*/

/* The name of this database, its 32 hex digits. */
enum gh_status gh_store_name(struct gh_store *st, char out[33],
			     struct gh_err *err) GH_MUST_CHECK;
/* The end of a path, short enough to leave room for the message. */
const char *gh_path_shown(const char *path);
/* The line for what SQLite last said; GH_NOMEM or GH_STORE. */
enum gh_status gh_sql_fail(const struct gh_store *st,
			   struct gh_err *err) GH_MUST_CHECK;
/* The line for a row that no ghostlight can have written. */
enum gh_status gh_sql_damaged(const struct gh_store *st, const char *table,
			      struct gh_err *err) GH_MUST_CHECK;
enum gh_status gh_sql_exec(struct gh_store *st, const char *sql,
			   struct gh_err *err) GH_MUST_CHECK;
/* Free with sqlite3_finalize. */
enum gh_status gh_sql_prepare(struct gh_store *st, const char *sql,
			      sqlite3_stmt **out,
			      struct gh_err *err) GH_MUST_CHECK;
/* *row: there is one; false: done. */
enum gh_status gh_sql_step(struct gh_store *st, sqlite3_stmt *stmt, bool *row,
			   struct gh_err *err) GH_MUST_CHECK;
/* The first column of the only row (0 without one); arg is bound to ?1. */
enum gh_status gh_sql_number(struct gh_store *st, const char *sql, int64_t arg,
			     int64_t *out, struct gh_err *err) GH_MUST_CHECK;
enum gh_status gh_sql_begin(struct gh_store *st,
			    struct gh_err *err) GH_MUST_CHECK;
/* Commits when so_far is GH_OK, rolls back else; nothing stays half done. */
enum gh_status gh_sql_end(struct gh_store *st, enum gh_status so_far,
			  struct gh_err *err) GH_MUST_CHECK;

/* ---- texts.c -------------------------------------------------------------*/

/* A copy that lives until the store is closed, each text once; NULL: memory. */
const char *gh_store_text(struct gh_store *st, const char *text);
void gh_store_texts_free(struct gh_store *st);
/* Copies what a hostile file says, through gh_make_human. */
void gh_column_text(sqlite3_stmt *stmt, int i, char *out, size_t cap);

/* ---- lock.c --------------------------------------------------------------*/

/* GH_BUSY: another process runs a check on this database. */
enum gh_status gh_store_lock(struct gh_store *st,
			     struct gh_err *err) GH_MUST_CHECK;
void gh_store_unlock(struct gh_store *st);

/* ---- begin.c, end.c ------------------------------------------------------*/

/* The run row as info says, numbered by SQLite. */
enum gh_status gh_run_insert(struct gh_store *st,
			     const struct gh_run_info *info,
			     struct gh_err *err) GH_MUST_CHECK;
/* All the rest of that run, its end and its link; inside a transaction. */
enum gh_status gh_run_put(struct gh_store *st, const struct gh_run_content *e,
			  struct gh_err *err) GH_MUST_CHECK;

/* What was measured is a wire log, not a sculpture (GH_PORT_REPLAY). */
bool gh_store_is_replay(const struct gh_run_info *info);

/* ---- migrate.c -----------------------------------------------------------*/

/* How many there are; the user_version of a database that has them all. */
int gh_migrations_count(const struct gh_migration *list);
/* Applies what the database has not had yet, each in its own transaction. */
enum gh_status gh_store_migrate(struct gh_store *st,
				const struct gh_migration *list,
				struct gh_err *err) GH_MUST_CHECK;

/* ---- column.c: structs as rows -------------------------------------------*/

enum gh_column_type {
	GH_COL_TEXT,  /* char[cap] */
	GH_COL_PTR,   /* const char *, NULL is NULL; read: gh_store_text */
	GH_COL_INT,   /* int */
	GH_COL_UINT,  /* unsigned, uint32_t */
	GH_COL_I64,   /* int64_t */
	GH_COL_BOOL,  /* bool */
	GH_COL_REAL,  /* double; NAN is NULL */
	GH_COL_WORD,  /* enum, stored by its name */
	GH_COL_PART,  /* int, index into the parts; -1 is NULL */
	GH_COL_RAW,   /* const int16_t *, cap: offset of its size_t count */
	GH_COL_TIMES, /* const int64_t *, the same count; NULL is NULL */
	GH_COL_TYPES
};

/* An enum's names, 0..n-1. */
struct gh_words {
	const char *(*name)(unsigned value);
	unsigned n;
};

struct gh_column {
	const char *name;
	enum gh_column_type type;
	size_t at;  /* offset in the struct */
	size_t cap; /* see the type */
	const struct gh_words *words;
};

enum { GH_TABLE_KEYS = 3 };

/* The keys come first, are integers and are not in the struct. */
struct gh_table {
	const char *name;
	const char *keys[GH_TABLE_KEYS];
	const struct gh_column *columns;
	int n;
};

/* What GH_COL_PART counts in. */
struct gh_part_list {
	const struct gh_judge_part *parts;
	unsigned n;
};

/* SQL text, put together from the names in our own tables and nothing else. */
struct gh_sql_text {
	char text[2048];
	size_t used;
};
void gh_sql_add(struct gh_sql_text *q, const char *more);
/* "a, b, c" */
void gh_sql_add_columns(struct gh_sql_text *q, const struct gh_table *t);

/* Reads the columns of the current row, the first one at index `first`. */
enum gh_status gh_columns_read(struct gh_store *st, sqlite3_stmt *stmt,
			       int first, const struct gh_table *t,
			       const struct gh_part_list *parts, void *object,
			       struct gh_err *err) GH_MUST_CHECK;
/* Binds them, the first one to parameter `first`; false: out of memory. */
bool gh_columns_bind(sqlite3_stmt *stmt, int first, const struct gh_table *t,
		     const struct gh_part_list *parts, const void *object);

/* ---- table.c: many rows at once ------------------------------------------*/

struct gh_writer {
	struct gh_store *st;
	const struct gh_table *table;
	const struct gh_part_list *parts; /* NULL: no GH_COL_PART in it */
	int n_keys;
	sqlite3_stmt *stmt;
};
enum gh_status gh_writer_open(struct gh_writer *w, struct gh_store *st,
			      const struct gh_table *t,
			      const struct gh_part_list *parts,
			      struct gh_err *err) GH_MUST_CHECK;
/* keys: one per key of the table. */
enum gh_status gh_writer_put(struct gh_writer *w, const int64_t *keys,
			     const void *object,
			     struct gh_err *err) GH_MUST_CHECK;
void gh_writer_close(struct gh_writer *w);

/* n rows of one run, numbered 0.. by the table's second key. */
struct gh_array {
	const struct gh_table *table;
	const void *base;
	size_t stride, n;
};
enum gh_status gh_table_write(struct gh_store *st, int64_t run,
			      const struct gh_array *rows,
			      const struct gh_part_list *parts,
			      struct gh_err *err) GH_MUST_CHECK;

/*
 * Rows into an array of cap places; more than that is a damaged file.
 * gh_rows_read: what a statement of the table's columns gives, finalizing it.
 * gh_table_read: the rows whose first keys are these, in order.
 */
struct gh_place {
	const struct gh_table *table;
	void *base;
	size_t stride, cap;
};
enum gh_status gh_rows_read(struct gh_store *st, sqlite3_stmt *stmt,
			    const struct gh_place *to,
			    const struct gh_part_list *parts, size_t *n,
			    struct gh_err *err) GH_MUST_CHECK;
enum gh_status gh_table_read(struct gh_store *st, const int64_t *keys,
			     int n_keys, const struct gh_place *to,
			     const struct gh_part_list *parts, size_t *n,
			     struct gh_err *err) GH_MUST_CHECK;
/*
 * A new zeroed array for all rows that the run has in to->table, of to->stride;
 * NULL when it has none. The caller frees to->base.
 */
enum gh_status gh_table_room(struct gh_store *st, int64_t run,
			     struct gh_place *to,
			     struct gh_err *err) GH_MUST_CHECK;

/* ---- tables*.c -----------------------------------------------------------*/

struct gh_measure_row {
	struct gh_measure m;
	unsigned version;
	enum gh_unit unit;
};

extern const struct gh_table gh_table_run, gh_table_run_end, gh_table_ended;
extern const struct gh_table gh_table_run_key;
extern const struct gh_table gh_table_channel, gh_table_chunk, gh_table_span;
extern const struct gh_table gh_table_fact, gh_table_part, gh_table_measure;
extern const struct gh_table gh_table_part_result, gh_table_finding;
extern const struct gh_table gh_table_diagnosis, gh_table_evidence;
extern const struct gh_table gh_table_not_checked, gh_table_verdict;
extern const struct gh_table gh_table_why_not, gh_table_said, gh_table_past;
extern const struct gh_table gh_table_base_value, gh_table_baseline_info;
extern const struct gh_table gh_table_remark, gh_table_accepted;
extern const struct gh_table gh_table_fate;

/* ---- hash.c --------------------------------------------------------------*/

struct gh_sha256;
/* The rows of a statement into the hash; arg is bound to ?1 where it has one. */
typedef enum gh_status gh_rows_hash(struct gh_store *st, const char *sql,
				    int64_t arg, struct gh_sha256 *h,
				    struct gh_err *err);
gh_rows_hash gh_hash_rows GH_MUST_CHECK;
/* The same with type and length of every field (schemas/store.md). */
gh_rows_hash gh_hash_exact GH_MUST_CHECK;

/* ---- check.c, schema.c ---------------------------------------------------*/

/* One of SQLite's own checks of the file; *said is "ok" or what is wrong. */
enum gh_status gh_pages_check(struct gh_store *st, const char *pragma,
			      char *said, size_t cap,
			      struct gh_err *err) GH_MUST_CHECK;
/* Are the tables of "main" or "src" ours, and `more` (SQL), to the letter? */
enum gh_status gh_schema_check(struct gh_store *st, const char *db,
			       const char *more, bool *ours,
			       struct gh_err *err) GH_MUST_CHECK;

/* ---- chain.c -------------------------------------------------------------*/

/*
 * The next link of the chain, of what was just stored whole; inside the
 * caller's transaction.
 */
enum gh_status gh_chain_add(struct gh_store *st, enum gh_chain_kind kind,
			    int64_t number, struct gh_err *err) GH_MUST_CHECK;
/* One for each number that the statement gives, in its order. */
enum gh_status gh_chain_add_all(struct gh_store *st, enum gh_chain_kind kind,
				const char *sql,
				struct gh_err *err) GH_MUST_CHECK;
/* What a link is made of: everything stored of that run, remark, baseline. */
enum gh_status gh_chain_content(struct gh_store *st, enum gh_chain_kind kind,
				int64_t number, char *out,
				struct gh_err *err) GH_MUST_CHECK;
/* What the first link follows. */
enum gh_status gh_chain_genesis(struct gh_store *st, char *out,
				struct gh_err *err) GH_MUST_CHECK;
/* A row of the table; one byte more, so that a longer text is another one. */
struct gh_chain_link {
	int64_t link, number;
	enum gh_chain_kind kind;
	char content[66], sha256[66];
};
/* The hash that it must have after that one. */
void gh_chain_hash(const struct gh_chain_link *l, const char *prev, char *out);

/* ---- accept.c ------------------------------------------------------------*/

/* GH_ARG: its words and dates are none that gh_store_accept takes. */
enum gh_status gh_accept_check(const struct gh_remark *r,
			       struct gh_err *err) GH_MUST_CHECK;
/* What became of the acceptances that info lists, as result says. */
enum gh_status gh_fates_write(struct gh_store *st,
			      const struct gh_run_info *info,
			      const struct gh_result *result,
			      struct gh_err *err) GH_MUST_CHECK;

/* ---- remark.c ------------------------------------------------------------*/

/* Checks and inserts the row alone; inside the caller's transaction. */
enum gh_status gh_remark_put(struct gh_store *st, struct gh_remark *r,
			     struct gh_err *err) GH_MUST_CHECK;

/* ---- result.c, recording.c, baseline_seal.c ------------------------------*/

enum gh_status gh_result_write(struct gh_store *st, int64_t run,
			       const struct gh_part_list *parts,
			       const struct gh_result *result,
			       struct gh_err *err) GH_MUST_CHECK;
enum gh_status gh_recording_write(struct gh_store *st, int64_t run,
				  const struct gh_store_recording *rec,
				  struct gh_err *err) GH_MUST_CHECK;

/* As gh_store_last_run; judged: the last one that was. */
enum gh_status gh_last(struct gh_store *st, const char *serial, bool judged,
		       int64_t *run, struct gh_err *err) GH_MUST_CHECK;

/* GH_NODATA: no ended run of that id. */
enum gh_status gh_key_read(struct gh_store *st, int64_t run, struct gh_key *key,
			   struct gh_err *err) GH_MUST_CHECK;

/* The id of a baseline, 0: there is none of that name. */
enum gh_status gh_baseline_find(struct gh_store *st, const char *name,
				int64_t *id, bool *sealed,
				struct gh_err *err) GH_MUST_CHECK;
/* Compares what sealed baselines hold now with what was sealed. */
enum gh_status gh_baseline_verify(struct gh_store *st,
				  struct gh_err *err) GH_MUST_CHECK;

#endif
