/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tables - the columns of a run and its recording (schemas/store.md). */
#include "store/private.h"   /* struct gh_table */
#include "store/tables_of.h" /* TEXT, INT, ... */

static const char *end_name(unsigned v)
{
	return gh_run_end_name((enum gh_run_end)v);
}

static const char *quantity_name(unsigned v)
{
	return gh_quantity_name((enum gh_quantity)v);
}

static const struct gh_words ends = { end_name, GH_RUN_INTERRUPTED + 1 };
static const struct gh_words quantities = { quantity_name, GH_Q_COUNT };

#define OF struct gh_run_info

/* The id, what the run row has, what the run_end row has. */
static const struct gh_column info[] = {
	I64("run", run),
#define RUN_FIRST 1
	UINT("session", session),
	TEXT("rig", rig),
	TEXT("serial", serial),
	TEXT("rig_sha256", rig_sha256),
	TEXT("profile", profile),
	TEXT("only_part", only),
	TEXT("version", version),
	TEXT("port", port),
	I64("started_s", started_s),
	REAL("deadline_s", deadline_s),
	TEXT("driver", driver),
	TEXT("model", model),
	TEXT("firmware", firmware),
	TEXT("device", device),
	TEXT("boot", boot),
	BOOL("simulated", simulated),
	UINT("time_scale", time_scale),
	BOOL("motion_allowed", motion_allowed),
#define END_FIRST 19
	WORD("state", end, &ends),
	REAL("duration_s", duration_s),
	REAL("motion_s", motion_s),
	TEXT("error", error),
	TEXT("advice", advice),
	UINT("exercises", exercises),
	I64("baseline", baseline),
	TEXT("baseline_name", baseline_name),
	TEXT("baseline_sha256", baseline_sha256),
	UINT("baseline_runs", baseline_runs),
	UINT("baseline_sessions", baseline_sessions),
	BOOL("baseline_comparable", baseline_comparable),
};

const struct gh_table gh_table_run = {
	"run", { NULL }, info + RUN_FIRST, END_FIRST - RUN_FIRST
};
const struct gh_table gh_table_run_end = { "run_end",
					   { "run" },
					   info + END_FIRST,
					   (int)GH_ARRAY_SIZE(info) -
						   END_FIRST };
const struct gh_table gh_table_ended = {
	"ended_run", { "run" }, info, (int)GH_ARRAY_SIZE(info)
};

#undef OF
#define OF struct gh_key

static const struct gh_column key_columns[] = {
	TEXT("name", field[0].name),
	TEXT("value", field[0].value),
};
const struct gh_table gh_table_run_key = ROWS("run_key", key_columns);

#undef OF
#define OF struct gh_store_channel

static const struct gh_column channel_columns[] = {
	UINT("channel", channel),
	TEXT("part", part),
	WORD("quantity", what, &quantities),
	BOOL("measured", measured),
	REAL("scale", scale),
	REAL("rate_hz", rate_hz),
	I64("step_us", step_us),
	INT("lo", lo),
	INT("hi", hi),
	UINT("link", link),
};
const struct gh_table gh_table_channel = ROWS("channel", channel_columns);

#undef OF
#define OF struct gh_store_chunk

static const struct gh_column chunk_columns[] = {
	UINT("channel", channel),
	I64("t0_us", t0_us),
	I64("step_us", step_us),
	{ "raw", GH_COL_RAW, offsetof(OF, raw), offsetof(OF, n), NULL },
	{ "times", GH_COL_TIMES, offsetof(OF, times_us), offsetof(OF, n),
	  NULL },
};
const struct gh_table gh_table_chunk = ROWS("chunk", chunk_columns);

#undef OF
#define OF struct gh_store_span

static const struct gh_column span_columns[] = {
	TEXT("part", part),	  INT("exercise", exercise),
	INT("repeat", repeat),	  INT("arg", arg),
	INT("shape", shape),	  I64("begin_us", begin_us),
	I64("end_us", end_us),	  REAL("from_rad", from_rad),
	REAL("to_rad", to_rad),	  REAL("drive0", drive[0]),
	REAL("drive1", drive[1]), REAL("drive2", drive[2]),
	REAL("drive3", drive[3]),
};
const struct gh_table gh_table_span = ROWS("span", span_columns);

#undef OF
#define OF struct gh_store_fact

static const struct gh_column fact_columns[] = {
	TEXT("name", name),
	TEXT("value", value),
};
const struct gh_table gh_table_fact = ROWS("fact", fact_columns);

#undef OF
#define OF struct gh_baseline_info

static const struct gh_column baseline_columns[] = {
	I64("baseline", id),	TEXT("name", name),
	TEXT("by", by),		TEXT("why", why),
	TEXT("sha256", sha256), TEXT("serial", serial),
	BOOL("sealed", sealed), I64("sealed_s", sealed_s),
	UINT("runs", runs),	UINT("sessions", sessions),
};
const struct gh_table gh_table_baseline_info = { "baseline_list",
						 { NULL },
						 baseline_columns,
						 (int)GH_ARRAY_SIZE(
							 baseline_columns) };
