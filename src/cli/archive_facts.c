/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/archive_facts.h"

#include "base/text.h" /* gh_parse_double */

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { TEXT, BOOL, UINT, U64, REAL };

struct row {
	const char *name;
	enum kind kind;
	size_t at, size;
};

#define ROW(type, field, kind)                                                 \
	{                                                                      \
#field, kind, offsetof(struct type, field),                    \
			sizeof(((struct type *)NULL)->field)                   \
	}

static const struct row fact_rows[] = {
	ROW(gh_rec_facts, driver, TEXT),
	ROW(gh_rec_facts, model, TEXT),
	ROW(gh_rec_facts, firmware, TEXT),
	ROW(gh_rec_facts, id, TEXT),
	ROW(gh_rec_facts, boot, TEXT),
	ROW(gh_rec_facts, dictionary, TEXT),
	ROW(gh_rec_facts, reset_cause, TEXT),
	ROW(gh_rec_facts, simulated, BOOL),
	ROW(gh_rec_facts, time_scale, UINT),
	ROW(gh_rec_facts, watchdog_ms, UINT),
	ROW(gh_rec_facts, watchdog_proved_ms, REAL),
	ROW(gh_rec_facts, frames_good, U64),
	ROW(gh_rec_facts, frames_bad, U64),
	ROW(gh_rec_facts, samples, U64),
	ROW(gh_rec_facts, samples_lost, U64),
	ROW(gh_rec_facts, device_bad, U64),
	ROW(gh_rec_facts, device_overruns, U64),
	ROW(gh_rec_facts, device_dropped, U64),
	ROW(gh_rec_facts, longest_gap_ms, REAL),
	ROW(gh_rec_facts, longest_loop_us, REAL),
	ROW(gh_rec_facts, rtt_p99_ms, REAL),
	ROW(gh_rec_facts, resets, UINT),
	ROW(gh_rec_facts, counts_loss, BOOL),
	ROW(gh_rec_facts, stopped_part, TEXT),
	ROW(gh_rec_facts, stopped_by, TEXT),
	ROW(gh_rec_facts, cut_us, U64),
};

static const struct row end_rows[] = {
	ROW(gh_archive_end, interrupted, BOOL),
	ROW(gh_archive_end, unsafe, BOOL),
	ROW(gh_archive_end, safe_seen, BOOL),
	ROW(gh_archive_end, stop_ms, REAL),
	ROW(gh_archive_end, rest_ms, REAL),
	ROW(gh_archive_end, safe_state, TEXT),
};

_Static_assert(GH_ARRAY_SIZE(fact_rows) + GH_ARRAY_SIZE(end_rows) <=
		       GH_ARCHIVE_FACTS,
	       "facts must fit");

static void print(const struct row *row, const void *base, char *out,
		  size_t cap)
{
	const char *at = (const char *)base + row->at;
	unsigned u;
	uint64_t u64;
	double real;
	bool flag;

	switch (row->kind) {
	case TEXT:
		gh_copy_text(out, cap, at);
		break;
	case BOOL:
		memcpy(&flag, at, sizeof flag);
		snprintf(out, cap, "%d", flag);
		break;
	case UINT:
		memcpy(&u, at, sizeof u);
		snprintf(out, cap, "%u", u);
		break;
	case U64:
		memcpy(&u64, at, sizeof u64);
		snprintf(out, cap, "%" PRIu64, u64);
		break;
	case REAL: /* 17 digits come back as the same double */
		memcpy(&real, at, sizeof real);
		snprintf(out, cap, "%.17g", real);
		break;
	}
}

static void scan(const struct row *row, void *base, const char *text)
{
	char *at = (char *)base + row->at;
	const uint64_t u64 = strtoull(text, NULL, 10);
	const unsigned u = (unsigned)u64;
	const bool flag = u64 != 0;
	double real = 0.0;

	switch (row->kind) {
	case TEXT:
		gh_copy_text(at, row->size, text);
		break;
	case BOOL:
		memcpy(at, &flag, sizeof flag);
		break;
	case UINT:
		memcpy(at, &u, sizeof u);
		break;
	case U64:
		memcpy(at, &u64, sizeof u64);
		break;
	case REAL:
		if (gh_parse_double(text, &real))
			memcpy(at, &real, sizeof real);
		break;
	}
}

static size_t put(const struct row *rows, size_t n, const void *base,
		  struct gh_store_fact *out)
{
	for (size_t i = 0; i < n; i++) {
		gh_copy_text(out[i].name, sizeof out[i].name, rows[i].name);
		print(&rows[i], base, out[i].value, sizeof out[i].value);
	}
	return n;
}

size_t gh_archive_facts_out(const struct gh_rec_facts *facts,
			    const struct gh_archive_end *end,
			    struct gh_store_fact *out)
{
	size_t n = put(end_rows, GH_ARRAY_SIZE(end_rows), end, out);

	if (facts)
		n += put(fact_rows, GH_ARRAY_SIZE(fact_rows), facts, out + n);
	return n;
}

static void get(const struct row *rows, size_t n, void *base,
		const struct gh_store_fact *fact)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].name, fact->name) == 0)
			scan(&rows[i], base, fact->value);
}

void gh_archive_facts_in(const struct gh_store_fact *rows, size_t n,
			 struct gh_rec_facts *facts, struct gh_archive_end *end)
{
	for (size_t i = 0; i < n; i++) {
		get(fact_rows, GH_ARRAY_SIZE(fact_rows), facts, &rows[i]);
		get(end_rows, GH_ARRAY_SIZE(end_rows), end, &rows[i]);
	}
}

void gh_archive_end_of(const struct gh_run_outcome *ran,
		       struct gh_archive_end *end)
{
	end->safe_seen = ran->safe_seen;
	end->stop_ms = isnan(ran->stop_ms) ? -1.0 : ran->stop_ms;
	end->rest_ms = isnan(ran->rest_ms) ? -1.0 : ran->rest_ms;
	gh_copy_text(end->safe_state, sizeof end->safe_state, ran->safe_text);
}

bool gh_archive_safety(const struct gh_rec_facts *facts,
		       const struct gh_archive_end *end,
		       struct gh_run_safety *out)
{
	*out = (struct gh_run_safety){
		.watchdog_ms = facts ? facts->watchdog_ms : 0,
		.watchdog_proved_ms = facts ? facts->watchdog_proved_ms : 0.0,
		.stop_ms = end->stop_ms < 0.0 ? (double)NAN : end->stop_ms,
		.rest_ms = end->rest_ms < 0.0 ? (double)NAN : end->rest_ms,
		.safe_seen = end->safe_seen,
	};
	gh_copy_text(out->safe_state, sizeof out->safe_state, end->safe_state);
	return end->safe_state[0] != '\0';
}
