/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * chain_numbers - what is gone, and what has no link. Numbers have no gap by
 * themselves: SQLite counts them up and takes back those of what was not stored
 * in the end.
 */
#include "store/chain_walk.h" /* what is defined here */

#include <inttypes.h>
#include <stdio.h>

/*
 * Every number that is there in order, is it whole (ended, sealed), and has it
 * a link? Then how many there were, and when the chain began.
 */
static const struct {
	const char *there, *last, *start;
} numbers[GH_CHAIN_KINDS] = {
#define LAST(kind)                                                              \
	"SELECT max(ifnull((SELECT max(seq) FROM sqlite_sequence WHERE name = " \
	"'" kind "'), 0), ifnull((SELECT max(number) FROM chain WHERE kind = "  \
	"'" kind "'), 0), (SELECT max(" kind ") FROM chain_start))"
#define LINKED(kind)                                                           \
	"EXISTS (SELECT 1 FROM chain c WHERE c.kind = '" kind                  \
	"' AND c.number = " kind "." kind ") FROM " kind " ORDER BY 1"
#define START(kind) "SELECT " kind " FROM chain_start"
	[GH_CHAIN_RUN] = { "SELECT run, run IN (SELECT run FROM run_end), " LINKED(
				   "run"),
			   LAST("run"), START("run") },
	[GH_CHAIN_REMARK] = { "SELECT remark, 1, " LINKED("remark"),
			      LAST("remark"), START("remark") },
	[GH_CHAIN_BASELINE] = { "SELECT baseline, baseline IN (SELECT baseline "
				"FROM baseline_seal), " LINKED("baseline"),
				LAST("baseline"), START("baseline") },
};

void gh_chain_say_gone(struct gh_chain_fault *fault, const char *name)
{
	if (fault->number == fault->other)
		snprintf(fault->text, sizeof fault->text,
			 "%s %" PRId64 " is not there any more", name,
			 fault->number);
	else
		snprintf(fault->text, sizeof fault->text,
			 "%ss %" PRId64 " to %" PRId64
			 " are not there any more",
			 name, fault->number, fault->other);
}

static enum gh_status add_numbers(const struct gh_chain_walk *w,
				  enum gh_chain_kind kind,
				  enum gh_chain_wrong wrong, int64_t from,
				  int64_t to)
{
	const char *name = gh_chain_kind_name(kind);
	struct gh_chain_fault fault = {
		.wrong = wrong, .kind = kind, .number = from, .other = to
	};

	if (wrong == GH_CHAIN_FORGED)
		snprintf(fault.text, sizeof fault.text,
			 "%s %" PRId64 " has no link in the chain: it was not "
			 "stored by ghostlight",
			 name, from);
	else
		gh_chain_say_gone(&fault, name);
	return gh_chain_fault_add(w, &fault);
}

static enum gh_status check_number(const struct gh_chain_walk *w,
				   enum gh_chain_kind kind, sqlite3_stmt *stmt,
				   int64_t start)
{
	struct gh_chain_count *count = &w->found->of[kind];
	const int64_t number = sqlite3_column_int64(stmt, 0);
	const bool whole = sqlite3_column_int(stmt, 1) != 0;

	if (sqlite3_column_int(stmt, 2)) /* looked at by its link */
		return GH_OK;
	if (whole && number > start)
		return add_numbers(w, kind, GH_CHAIN_FORGED, number, 0);
	count->open += !whole;
	count->before += whole;
	return GH_OK;
}

enum gh_status gh_chain_check_numbers(const struct gh_chain_walk *w,
				      enum gh_chain_kind kind)
{
	sqlite3_stmt *stmt = NULL;
	int64_t next = 1, last = 0, start = 0;
	bool row = true;
	enum gh_status s =
		gh_sql_number(w->st, numbers[kind].last, 0, &last, w->err);

	if (s == GH_OK)
		s = gh_sql_number(w->st, numbers[kind].start, 0, &start,
				  w->err);
	if (s == GH_OK)
		s = gh_sql_prepare(w->st, numbers[kind].there, &stmt, w->err);
	while (s == GH_OK) {
		int64_t number;

		s = gh_sql_step(w->st, stmt, &row, w->err);
		if (s != GH_OK || !row)
			break;
		number = sqlite3_column_int64(stmt, 0);
		if (number > next)
			s = add_numbers(w, kind, GH_CHAIN_GONE, next,
					number - 1);
		if (s == GH_OK)
			s = check_number(w, kind, stmt, start);
		/* of a hostile file: the last number there can be */
		next = number < INT64_MAX ? number + 1 : number;
	}
	sqlite3_finalize(stmt);
	if (s == GH_OK && next <= last)
		s = add_numbers(w, kind, GH_CHAIN_GONE, next, last);
	return s;
}
