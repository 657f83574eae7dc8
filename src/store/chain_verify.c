/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chain_verify - everything that was stored against the chain: the file, then
 * link by link, then number by number (chain_numbers.c), then the seals.
 */
#include "store/chain_walk.h" /* struct gh_chain_walk */
#include "store/merge.h"      /* GH_SHA256_HEX_CAP */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const wrong_names[] = {
	[GH_CHAIN_CHANGED] = "changed",	 [GH_CHAIN_MOVED] = "moved",
	[GH_CHAIN_GONE] = "gone",	 [GH_CHAIN_FORGED] = "forged",
	[GH_CHAIN_LINK] = "broken link", [GH_CHAIN_LINKS] = "links gone",
	[GH_CHAIN_NOTED] = "not in it",	 [GH_CHAIN_BASELINES] = "seal",
	[GH_CHAIN_FILE] = "file",
};

const char *gh_chain_wrong_name(enum gh_chain_wrong wrong)
{
	return (size_t)wrong < GH_ARRAY_SIZE(wrong_names) ? wrong_names[wrong]
							  : "?";
}

enum gh_status gh_chain_fault_add(const struct gh_chain_walk *w,
				  const struct gh_chain_fault *fault)
{
	struct gh_chain_found *found = w->found;
	struct gh_chain_fault *more =
		realloc(found->faults, (found->n_faults + 1) * sizeof *more);

	if (!more)
		return gh_fail(w->err, GH_NOMEM, "no memory for what is wrong");
	found->faults = more;
	more[found->n_faults++] = *fault;
	return GH_OK;
}

/* ---- The file --------------------------------------------------------------*/

static enum gh_status add_file(const struct gh_chain_walk *w,
			       enum gh_chain_wrong wrong, const char *text)
{
	struct gh_chain_fault fault = { .wrong = wrong,
					.kind = GH_CHAIN_KINDS };

	gh_copy_text(fault.text, sizeof fault.text, text);
	return gh_chain_fault_add(w, &fault);
}

/* What an index or a view says must be what the tables say. */
static enum gh_status check_file(const struct gh_chain_walk *w)
{
	char said[96], text[128];
	int64_t lost = 0;
	bool ours = true;
	enum gh_status s = gh_pages_check(w->st, "PRAGMA integrity_check(1)",
					  said, sizeof said, w->err);

	if (s == GH_OK && strcmp(said, "ok") != 0) {
		snprintf(text, sizeof text, "damaged: %s", said);
		s = add_file(w, GH_CHAIN_FILE, text);
	}
	if (s == GH_OK)
		s = gh_schema_check(w->st, "main", "", &ours, w->err);
	if (s == GH_OK && !ours)
		s = add_file(w, GH_CHAIN_FILE,
			     "its tables, views or triggers are not those that "
			     "ghostlight makes");
	if (s == GH_OK)
		s = gh_sql_number(w->st,
				  "SELECT count(*) FROM "
				  "pragma_foreign_key_check",
				  0, &lost, w->err);
	if (s == GH_OK && lost > 0) {
		snprintf(text, sizeof text,
			 "%" PRId64 " rows belong to nothing that is there",
			 lost);
		s = add_file(w, GH_CHAIN_FILE, text);
	}
	return s;
}

/* Seals also hold what runs from before the chain measured. */
static enum gh_status check_seals(const struct gh_chain_walk *w)
{
	struct gh_err seal = { 0 };
	const enum gh_status s = gh_baseline_verify(w->st, &seal);

	if (s == GH_NOMEM)
		*w->err = seal;
	if (s == GH_OK || s == GH_NOMEM)
		return s;
	return add_file(w, GH_CHAIN_BASELINES, seal.msg);
}

/* ---- Link by link ----------------------------------------------------------*/

/* Of a kind that there is not: GH_CHAIN_KINDS, which follows nothing. */
static void read_link(sqlite3_stmt *stmt, struct gh_chain_link *l)
{
	char kind[16];

	l->link = sqlite3_column_int64(stmt, 0);
	if (l->link < 0) /* of a hostile file; a link 0 follows nothing */
		l->link = 0;
	gh_column_text(stmt, 1, kind, sizeof kind);
	l->number = sqlite3_column_int64(stmt, 2);
	gh_column_text(stmt, 3, l->content, sizeof l->content);
	gh_column_text(stmt, 4, l->sha256, sizeof l->sha256);
	for (l->kind = GH_CHAIN_RUN; l->kind < GH_CHAIN_KINDS; l->kind++)
		if (strcmp(gh_chain_kind_name(l->kind), kind) == 0)
			return;
}

static enum gh_status add_gap(const struct gh_chain_walk *w, int64_t from,
			      int64_t to)
{
	struct gh_chain_fault fault = { .wrong = GH_CHAIN_LINKS,
					.kind = GH_CHAIN_KINDS,
					.number = from,
					.other = to };

	gh_chain_say_gone(&fault, "chain link");
	return gh_chain_fault_add(w, &fault);
}

/* Whose content is this now? *number 0: nobody's. */
static enum gh_status find_content(const struct gh_chain_walk *w,
				   const struct gh_chain_link *l,
				   const char *now, int64_t *number)
{
	sqlite3_stmt *stmt;
	bool row = false;
	enum gh_status s;

	s = gh_sql_prepare(w->st,
			   "SELECT number FROM chain WHERE kind = ?1 AND "
			   "content = ?2 AND number <> ?3",
			   &stmt, w->err);
	if (s != GH_OK)
		return s;
	sqlite3_bind_text(stmt, 1, gh_chain_kind_name(l->kind), -1,
			  SQLITE_STATIC);
	sqlite3_bind_text(stmt, 2, now, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 3, l->number);
	s = gh_sql_step(w->st, stmt, &row, w->err);
	*number = row ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_finalize(stmt);
	return s;
}

static enum gh_status add_change(const struct gh_chain_walk *w,
				 const struct gh_chain_link *l, const char *now)
{
	const char *kind = gh_chain_kind_name(l->kind);
	struct gh_chain_fault fault = { .kind = l->kind, .number = l->number };
	enum gh_status s = find_content(w, l, now, &fault.other);

	if (s != GH_OK)
		return s;
	fault.wrong = fault.other ? GH_CHAIN_MOVED : GH_CHAIN_CHANGED;
	if (fault.other)
		snprintf(fault.text, sizeof fault.text,
			 "%s %" PRId64 " holds what %s %" PRId64 " was", kind,
			 l->number, kind, fault.other);
	else
		snprintf(fault.text, sizeof fault.text,
			 "%s %" PRId64 " is not what was stored", kind,
			 l->number);
	return gh_chain_fault_add(w, &fault);
}

/* A number that is not there at all is told by chain_numbers.c. */
static enum gh_status is_there(const struct gh_chain_walk *w,
			       enum gh_chain_kind kind, int64_t number,
			       bool *there)
{
	static const char *const sql[GH_CHAIN_KINDS] = {
		[GH_CHAIN_RUN] = "SELECT count(*) FROM run WHERE run = ?",
		[GH_CHAIN_REMARK] = "SELECT count(*) FROM remark "
				    "WHERE remark = ?",
		[GH_CHAIN_BASELINE] = "SELECT count(*) FROM baseline "
				      "WHERE baseline = ?",
	};
	int64_t n = 0;
	const enum gh_status s =
		gh_sql_number(w->st, sql[kind], number, &n, w->err);

	*there = n > 0;
	return s;
}

static enum gh_status check_content(const struct gh_chain_walk *w,
				    const struct gh_chain_link *l)
{
	char now[GH_SHA256_HEX_CAP];
	bool there = false;
	enum gh_status s = is_there(w, l->kind, l->number, &there);

	if (s != GH_OK || !there)
		return s;
	s = gh_chain_content(w->st, l->kind, l->number, now, w->err);
	if (s == GH_OK && strcmp(now, l->content) != 0)
		s = add_change(w, l, now);
	return s;
}

static enum gh_status check_hash(const struct gh_chain_walk *w,
				 const struct gh_chain_link *l,
				 const char *prev)
{
	struct gh_chain_fault fault = { .wrong = GH_CHAIN_LINK,
					.kind = l->kind,
					.number = l->number };
	char is[GH_SHA256_HEX_CAP];

	gh_chain_hash(l, prev, is);
	if (strcmp(is, l->sha256) == 0)
		return GH_OK;
	snprintf(fault.text, sizeof fault.text,
		 "%s %" PRId64 " (link %" PRId64 ") does not follow what is "
		 "before it: removed, put in, moved or rewritten",
		 gh_chain_kind_name(l->kind), l->number, l->link);
	return gh_chain_fault_add(w, &fault);
}

static enum gh_status check_link(const struct gh_chain_walk *w,
				 const struct gh_chain_link *l, char *prev)
{
	struct gh_chain_found *found = w->found;
	enum gh_status s;

	/* After a gap nobody knows what it followed. */
	s = l->link - 1 > found->links
		    ? add_gap(w, found->links + 1, l->link - 1)
		    : check_hash(w, l, prev);
	if (s == GH_OK && l->kind < GH_CHAIN_KINDS) {
		found->of[l->kind].linked++;
		s = check_content(w, l);
	}
	if (w->noted && strncmp(l->sha256, w->noted, strlen(w->noted)) == 0)
		found->noted = l->link;
	found->links = l->link;
	gh_copy_text(prev, GH_SHA256_HEX_CAP, l->sha256);
	return s;
}

static enum gh_status check_links(const struct gh_chain_walk *w)
{
	struct gh_chain_link l;
	sqlite3_stmt *stmt = NULL;
	char *prev = w->found->head;
	bool row = true;
	enum gh_status s = gh_chain_genesis(w->st, prev, w->err);

	if (s == GH_OK)
		s = gh_sql_prepare(w->st,
				   "SELECT link, kind, number, content, sha256 "
				   "FROM chain ORDER BY link",
				   &stmt, w->err);
	while (s == GH_OK) {
		s = gh_sql_step(w->st, stmt, &row, w->err);
		if (s != GH_OK || !row)
			break;
		read_link(stmt, &l);
		s = check_link(w, &l, prev);
	}
	sqlite3_finalize(stmt);
	if (s == GH_OK && w->noted && !w->found->noted)
		s = add_file(w, GH_CHAIN_NOTED,
			     "the noted hash is nowhere in the chain: its end "
			     "was cut off, or all of it rewritten");
	return s;
}

/* ---- All of it -------------------------------------------------------------*/

static enum gh_status check_noted(const char *noted, struct gh_err *err)
{
	const size_t n = noted ? strlen(noted) : GH_CHAIN_NOTED_MIN;

	if (n >= GH_CHAIN_NOTED_MIN && n < GH_SHA256_HEX_CAP &&
	    (!noted || strspn(noted, "0123456789abcdef") == n))
		return GH_OK;
	return gh_fail(err, GH_ARG,
		       "expected %d to 64 hex digits of a hash as a report "
		       "prints it, found \"%.70s\"",
		       GH_CHAIN_NOTED_MIN, noted);
}

static enum gh_status check_all(const struct gh_chain_walk *w)
{
	enum gh_status s = check_file(w);

	if (s == GH_OK)
		s = check_links(w);
	for (unsigned kind = 0; s == GH_OK && kind < GH_CHAIN_KINDS; kind++)
		s = gh_chain_check_numbers(w, (enum gh_chain_kind)kind);
	return s == GH_OK ? check_seals(w) : s;
}

enum gh_status gh_store_verify(struct gh_store *st, const char *noted,
			       struct gh_chain_found *out, struct gh_err *err)
{
	const struct gh_chain_walk w = { st, noted, out, err };
	enum gh_status s = check_noted(noted, err);

	memset(out, 0, sizeof *out);
	if (s == GH_OK)
		s = gh_sql_exec(st, "BEGIN", err); /* one state of it */
	if (s != GH_OK)
		return s;
	return gh_sql_end(st, check_all(&w), err);
}

void gh_chain_found_free(struct gh_chain_found *found)
{
	free(found->faults);
	found->faults = NULL;
	found->n_faults = 0;
}
