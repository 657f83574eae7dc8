/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bundle from somebody else: it is taken whole and sound or refused in one
 * line, and then the database is what it was.
 *
 * An input is what was done to a good bundle. The first byte says how the rest
 * is meant: even, rows of five bytes that change its pages (SQLite's reader);
 * odd, rows of four that change values in it as only its writer could, with
 * every hash made right again (what is believed after that).
 */
#include "fakes/fault_vfs.h" /* gh_fault_vfs_set_up: no sync is waited for */
#include "fakes/fuzz.h"
#include "store/merge.h"	 /* gh_run_hash */
#include "store/remark.h"	 /* gh_store_remark */
#include "unit/test_store_kit.h" /* struct kit */

/*
 * Thirty a second: each opens a database, makes another one in memory to
 * compare the tables with, and checks everything in it. The longer forms are
 * half a minute and an hour of one processor.
 */
const struct gh_fuzz_runs gh_fuzz_runs = { .taste = 6,
					   .shorter = 1000,
					   .whole = 100000 };

const char *const gh_fuzz_words[] = {
	"\x01\x01\x10\x01\x01", "\x01\x02\x20\x02\x02",
	"\x02\x01\x01\x03\xFF", "\x03\x01\x10\x04\x01",
	"\x05\x05\x05\x07",	"\x11\x03\x02\x0B",
	"\x21\x02\x01\x05",	NULL
};

enum { NOW = 1795374000, FILE_CAP = 1 << 20, TABLES = 64, PAGE = 4096 };
enum { PAGE_ROW = 5, VALUE_ROW = 4, ROWS_MOST = 64, ROW_CHOICE = 4 };

static struct {
	struct kit kit; /* the database that imports */
	char file[120];
	unsigned char good[FILE_CAP], blank[FILE_CAP], now[FILE_CAP];
	size_t good_n, blank_n, now_n;
	char table[TABLES][48];
	unsigned tables, runs;
} all;

/* ---- A good one ----------------------------------------------------------- */

static size_t read_file(const char *path, unsigned char *out)
{
	FILE *f = fopen(path, "rbe");
	size_t n;

	GH_FUZZ_HOLDS(f != NULL);
	n = fread(out, 1, FILE_CAP, f);
	fclose(f);
	GH_FUZZ_HOLDS(n >= PAGE && n < FILE_CAP);
	return n;
}

static void write_file(const char *path, const unsigned char *bytes, size_t n)
{
	FILE *f = fopen(path, "wbe");

	if (!f || fwrite(bytes, 1, n, f) != n || fclose(f) != 0)
		abort();
}

/* Two runs, a sealed baseline, a photo and an acceptance. */
static void live(struct kit *k)
{
	struct gh_remark photo = { .kind = GH_REMARK_ATTACHMENT, .run = 1 };
	struct gh_remark accept = { .kind = GH_REMARK_ACCEPT,
				    .run = 2,
				    .at_s = NOW - 700,
				    .until_s = NOW + 86400 };
	size_t n;

	kit_run(k);
	kit_ok(k, gh_store_baseline_add(k->st, "winter", 1, &k->err));
	kit_ok(k, gh_store_baseline_seal(k->st, "winter", "Ada", "good", 5,
					 &k->err));
	for (size_t f = 0; f < k->result->n_findings; f++)
		k->result->findings[f].state =
			f ? GH_STATE_PASS : GH_STATE_FAIL;
	kit_run(k);
	strcpy(photo.name, "horn.jpg");
	strcpy(photo.part, "core");
	kit_ok(k, gh_store_remark(k->st, &photo, "photo", 5, &k->err));
	strcpy(accept.part, "hope.shoulder");
	strcpy(accept.by, "Ada");
	strcpy(accept.text, "the show goes on");
	kit_ok(k, gh_store_accept(k->st, &accept, &n, &k->err));
}

static void make_good(void)
{
	const struct gh_bundle_ask ask = { .with_recordings = true,
					   .now_s = NOW };
	struct gh_bundle_count count;
	static struct kit from;

	kit_init(&from);
	kit_open(&from);
	live(&from);
	kit_ok(&from,
	       gh_store_export(from.st, all.file, &ask, &count, &from.err));
	all.runs = count.runs;
	all.good_n = read_file(all.file, all.good);
	kit_finish(&from);
}

static void find_tables(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;

	GH_FUZZ_HOLDS(sqlite3_prepare_v2(db,
					 "SELECT name FROM sqlite_schema WHERE "
					 "type = 'table' ORDER BY name",
					 -1, &stmt, NULL) == SQLITE_OK);
	while (sqlite3_step(stmt) == SQLITE_ROW && all.tables < TABLES)
		snprintf(all.table[all.tables++], sizeof all.table[0], "%s",
			 (const char *)sqlite3_column_text(stmt, 0));
	sqlite3_finalize(stmt);
	GH_FUZZ_HOLDS(all.tables > 10);
}

static void open_blank(void)
{
	struct kit *k = &all.kit;

	gh_store_close(k->st);
	k->st = NULL;
	kit_empty_folder(k->folder);
	if (all.blank_n > 0)
		write_file(k->path, all.blank, all.blank_n);
	kit_open(k);
}

static void tidy_up(void)
{
	kit_finish(&all.kit);
}

static void begin(void)
{
	struct kit *k = &all.kit;
	sqlite3 *db;

	GH_FUZZ_HOLDS(gh_fault_vfs_set_up(NULL) == 0);
	kit_init(k);
	GH_FUZZ_HOLDS(atexit(tidy_up) == 0);
	snprintf(all.file, sizeof all.file, "%s/a.bundle", k->folder);
	kit_open(k);
	gh_store_close(k->st);
	k->st = NULL;
	all.blank_n = read_file(k->path, all.blank);
	make_good();
	GH_FUZZ_HOLDS(sqlite3_open(all.file, &db) == SQLITE_OK);
	find_tables(db);
	sqlite3_close(db);
	open_blank();
}

/* ---- Pages ---------------------------------------------------------------- */

static void set_number(size_t at, unsigned which)
{
	static const uint32_t odd[] = { 0, 1, 0x7FFFFFFF, 0x80000000,
					0xFFFFFFFF };
	const uint32_t v = odd[which % GH_ARRAY_SIZE(odd)];

	for (size_t i = 0; i < 4 && at + i < all.now_n; i++)
		all.now[at + i] = (unsigned char)(v >> (24 - 8 * i));
}

static void copy_page(size_t page, size_t from)
{
	const size_t pages = all.now_n / PAGE;

	if (pages > 0)
		memmove(all.now + page % pages * PAGE,
			all.now + from % pages * PAGE, PAGE);
}

/* Page, offset in it (two bytes), what, with what. */
static void change_page(const uint8_t *row)
{
	const size_t offset = (row[1] * 256u + row[2]) % PAGE;
	const size_t at =
		all.now_n ? (row[0] * (size_t)PAGE + offset) % all.now_n : 0;

	switch (row[3] % 8) {
	case 0:
	case 1:
	case 2:
		all.now[at] = row[4];
		break;
	case 3:
		all.now[at] ^= (unsigned char)(1u << row[4] % 8);
		break;
	case 4:
		set_number(at, row[4]);
		break;
	case 5:
		copy_page(row[0], row[4]);
		break;
	case 6: /* the header's own bytes */
		all.now[at % 100] = row[4];
		break;
	default:
		all.now_n = row[4] % 4 ? all.now_n : at;
	}
}

/* ---- Values --------------------------------------------------------------- */

static const char *const values[] = {
	"NULL",
	"''",
	"0",
	"1",
	"-1",
	"2147483648",
	"9223372036854775807",
	"-9223372036854775808",
	"1e308",
	"-1e-320",
	"9e999",
	"'nobody'",
	"hex(zeroblob(20))",
	"hex(zeroblob(300))",
	"x''",
	"x'00ff1b5b324a'",
	"zeroblob(70000)",
	"char(27, 93, 48, 59, 7)",
	"char(0, 65)",
	"char(8238, 10, 44, 61)",
	"'../../etc/passwd'",
	"253402214400",
};

/* The name of its n-th column. */
static bool column_of(sqlite3 *db, const char *table, unsigned n, char *out,
		      size_t cap)
{
	sqlite3_stmt *stmt = NULL;
	char sql[120];
	bool found;

	snprintf(sql, sizeof sql, "SELECT * FROM \"%s\"", table);
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return false;
	found = sqlite3_column_count(stmt) > 0;
	if (found)
		snprintf(out, cap, "%s",
			 sqlite3_column_name(
				 stmt, (int)n % sqlite3_column_count(stmt)));
	sqlite3_finalize(stmt);
	return found;
}

/* Table, column, row of it, value: or the row goes, or comes twice. */
static void change_value(sqlite3 *db, const uint8_t *row)
{
	const char *table = all.table[row[0] % all.tables];
	const char *value = values[row[3] % GH_ARRAY_SIZE(values)];
	char column[64], sql[400];

	if (!column_of(db, table, row[1], column, sizeof column))
		return;
	if (row[3] >= 0xF0)
		snprintf(sql, sizeof sql, "DELETE FROM \"%s\" WHERE rowid = %d",
			 table, 1 + row[2] % ROW_CHOICE);
	else if (row[2] & 0x80)
		snprintf(sql, sizeof sql, "UPDATE \"%s\" SET \"%s\" = %s",
			 table, column, value);
	else
		snprintf(
			sql, sizeof sql,
			"UPDATE \"%s\" SET \"%s\" = %s WHERE \"%s\" IN (SELECT "
			"\"%s\" FROM \"%s\" LIMIT 1 OFFSET %d)",
			table, column, value, column, column, table,
			row[2] % ROW_CHOICE);
	sqlite3_exec(db, sql, NULL, NULL, NULL); /* it may not be possible */
}

static void put_hash(sqlite3 *db, const char *what, unsigned run,
		     const char *sha256)
{
	char sql[200];

	snprintf(sql, sizeof sql,
		 "UPDATE manifest SET sha256 = '%s' WHERE what = '%s' AND run "
		 "= %u",
		 sha256, what, run);
	sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static const char origin_hash[] =
	"UPDATE origin SET sha256 = (SELECT m.sha256 FROM manifest m WHERE "
	"m.what = 'run' AND m.run = origin.run)";

/* Its writer knows how: runs and recordings, whose it is, then people. */
static void make_right(sqlite3 *db)
{
	struct gh_store st = { .db = db, .path = all.file, .lock_fd = -1 };
	char sha256[GH_SHA256_HEX_CAP];
	struct gh_err err;

	for (unsigned run = 1; run <= all.runs; run++) {
		if (gh_run_hash(&st, "main", run, false, sha256, &err) == GH_OK)
			put_hash(db, "run", run, sha256);
		if (gh_run_hash(&st, "main", run, true, sha256, &err) == GH_OK)
			put_hash(db, "recording", run, sha256);
	}
	sqlite3_exec(db, origin_hash, NULL, NULL, NULL);
	if (gh_people_hash(&st, "main", sha256, &err) == GH_OK)
		put_hash(db, "people", 0, sha256);
	gh_store_texts_free(&st);
}

static void change_values(const uint8_t *rows, size_t size)
{
	sqlite3 *db = NULL;

	GH_FUZZ_HOLDS(sqlite3_open(all.file, &db) == SQLITE_OK);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_exec(db,
		     "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; "
		     "PRAGMA ignore_check_constraints = ON; BEGIN",
		     NULL, NULL, NULL);
	for (size_t i = 0; i + VALUE_ROW <= size; i += VALUE_ROW)
		change_value(db, rows + i);
	make_right(db);
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	GH_FUZZ_HOLDS(sqlite3_close(db) == SQLITE_OK);
}

static void change(const uint8_t *data, size_t size)
{
	const bool pages = size == 0 || !(data[0] & 1);

	if (size > 1 + ROWS_MOST * PAGE_ROW)
		size = 1 + ROWS_MOST * PAGE_ROW;
	memcpy(all.now, all.good, all.good_n);
	all.now_n = all.good_n;
	for (size_t i = 1; pages && i + PAGE_ROW <= size; i += PAGE_ROW)
		change_page(data + i);
	write_file(all.file, all.now, all.now_n);
	if (!pages)
		change_values(data + 1, size - 1);
}

/* ---- What must hold ------------------------------------------------------- */

static void nothing_came(struct kit *k)
{
	static const char *const tables[] = { "run",	  "run_end", "remark",
					      "baseline", "content", "origin" };

	for (size_t i = 0; i < GH_ARRAY_SIZE(tables); i++)
		GH_FUZZ_HOLDS(kit_is_empty(k, tables[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct gh_import_ask ask = { .now_s = NOW };
	struct kit *k = &all.kit;
	struct gh_bundle_count count;
	enum gh_status s;

	if (!k->st)
		begin();
	change(data, size);
	memset(&k->err, 0, sizeof k->err);
	s = gh_store_import(k->st, all.file, &ask, &count, &k->err);
	if (s != GH_OK) {
		GH_FUZZ_HOLDS(k->err.msg[0] && !strchr(k->err.msg, '\n'));
		nothing_came(k);
		return 0;
	}
	GH_FUZZ_HOLDS(gh_store_check(k->st, &k->err) == GH_OK);
	GH_FUZZ_HOLDS(kit_count(k, "SELECT count(*) FROM run") == count.runs);
	open_blank();
	return 0;
}
