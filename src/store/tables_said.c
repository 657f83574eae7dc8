/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tables_said - the columns of what was measured and what was said of it. */
#include "store/private.h"   /* struct gh_table */
#include "store/tables_of.h" /* TEXT, INT, ... */

static const char *kind_name(unsigned v)
{
	return gh_part_kind_name((enum gh_part_kind)v);
}

static const char *unit_name(unsigned v)
{
	return gh_unit_text((enum gh_unit)v);
}

static const char *reason_name(unsigned v)
{
	return gh_reason_name((enum gh_reason)v);
}

static const char *state_name(unsigned v)
{
	return gh_state_name((enum gh_state)v);
}

static const char *verdict_name(unsigned v)
{
	return gh_verdict_name((enum gh_verdict)v);
}

static const struct gh_words kinds = { kind_name, GH_PART_KIND_COUNT };
static const struct gh_words units = { unit_name, GH_UNIT_COUNT };
static const struct gh_words reasons = { reason_name, GH_REASON_COUNT };
static const struct gh_words states = { state_name, GH_STATE_SKIPPED + 1 };
static const struct gh_words verdicts = { verdict_name,
					  GH_VERDICT_NOT_RUN + 1 };

#define OF struct gh_judge_part

static const struct gh_column part_columns[] = {
	TEXT("name", name),
	WORD("kind", kind, &kinds),
	INT("chain", chain),
	UINT("place", order),
	BOOL("look_by_eye", look_by_eye),
	BOOL("in_profile", in_profile),
};
const struct gh_table gh_table_part = ROWS("part", part_columns);

#undef OF
#define OF struct gh_measure_row

static const struct gh_column measure_columns[] = {
	PART("part", m.part),
	TEXT("id", m.id),
	UINT("version", version),
	WORD("unit", unit, &units),
	WORD("reason", m.reason, &reasons),
	REAL("v0", m.v[0]),
	REAL("v1", m.v[1]),
	REAL("v2", m.v[2]),
	REAL("rep00", m.rep[0][0]),
	REAL("rep01", m.rep[0][1]),
	REAL("rep02", m.rep[0][2]),
	REAL("rep10", m.rep[1][0]),
	REAL("rep11", m.rep[1][1]),
	REAL("rep12", m.rep[1][2]),
	TEXT("note", m.note),
};
const struct gh_table gh_table_measure = ROWS("measure", measure_columns);

#undef OF
#define OF struct gh_part_result

static const struct gh_column part_result_columns[] = {
	WORD("state", state, &verdicts), WORD("reason", reason, &reasons),
	INT("diagnosis", diagnosis),	 INT("worst", worst),
	UINT("n_pass", n_pass),		 UINT("n_watch", n_watch),
	UINT("n_fail", n_fail),		 UINT("n_unknown", n_unknown),
	UINT("n_skipped", n_skipped),
};
const struct gh_table gh_table_part_result =
	ROWS("part_result", part_result_columns);

#undef OF
#define OF struct gh_finding

static const struct gh_column finding_columns[] = {
	PART("part", part),
	TEXT("id", id),
	WORD("state", state, &states),
	WORD("reason", reason, &reasons),
	WORD("unit", unit, &units),
	REAL("value", value),
	REAL("expected", expected),
	REAL("limit_lo", limit_lo),
	REAL("limit_hi", limit_hi),
	REAL("notices", notices),
	BOOL("hard", hard),
	UINT("beyond", beyond),
	UINT("repeats", repeats),
	REAL("v0", v[0]),
	REAL("v1", v[1]),
	REAL("v2", v[2]),
	REAL("base0", base[0]),
	REAL("base1", base[1]),
	REAL("base2", base[2]),
	TEXT("note", note),
};
const struct gh_table gh_table_finding = ROWS("finding", finding_columns);

#undef OF
#define OF struct gh_diagnosis

static const struct gh_column diagnosis_columns[] = {
	PART("part", part),
	PTR("fault", fault),
	REAL("confidence", confidence),
	PTR("title", title),
	PTR("action", action),
	WORD("severity", severity, &verdicts),
	PTR("other", other),
};
const struct gh_table gh_table_diagnosis = ROWS("diagnosis", diagnosis_columns);

static const struct gh_column evidence_columns[] = {
	{ "note", GH_COL_TEXT, 0, GH_NOTE_CAP, NULL },
};
const struct gh_table gh_table_evidence = {
	"evidence", { "run", "diagnosis", "n" }, evidence_columns, 1
};
const struct gh_table gh_table_why_not = ROWS("why_not", evidence_columns);

#undef OF
#define OF struct gh_not_listed

static const struct gh_column not_checked_columns[] = {
	TEXT("part", part),
	TEXT("reason", reason),
};
const struct gh_table gh_table_not_checked =
	ROWS("not_checked", not_checked_columns);

#undef OF
#define OF struct gh_result

static const struct gh_column verdict_columns[] = {
	WORD("verdict", verdict, &verdicts),
	TEXT("why", why),
	UINT("n_gates", n_gates),
	BOOL("comparable", comparable),
};
const struct gh_table gh_table_verdict = { "verdict",
					   { "run" },
					   verdict_columns,
					   (int)GH_ARRAY_SIZE(
						   verdict_columns) };

#undef OF
#define OF struct gh_history_row

static const struct gh_column said_columns[] = {
	WORD("verdict", verdict, &verdicts), TEXT("why", why),
	WORD("state", state, &verdicts),     TEXT("id", worst.id),
	REAL("value", worst.value),	     REAL("expected", worst.expected),
	REAL("limit_lo", worst.limit_lo),    REAL("limit_hi", worst.limit_hi),
};
const struct gh_table gh_table_said = {
	"verdict", { NULL }, said_columns, (int)GH_ARRAY_SIZE(said_columns)
};

#undef OF
#define OF struct gh_past_row

static const struct gh_column past_columns[] = {
	UINT("back", back),
	I64("run", run),
	TEXT("name", part),
	WORD("state", state, &verdicts),
	TEXT("id", worst.id),
	REAL("value", worst.value),
	REAL("expected", worst.expected),
	REAL("limit_lo", worst.limit_lo),
	REAL("limit_hi", worst.limit_hi),
};
const struct gh_table gh_table_past = {
	"part_result", { NULL }, past_columns, (int)GH_ARRAY_SIZE(past_columns)
};

#undef OF
#define OF struct gh_base_value

static const struct gh_column base_value_columns[] = {
	TEXT("part", part),	  TEXT("id", id),
	UINT("version", version), UINT("run", run),
	UINT("session", session), REAL("v0", v[0]),
	REAL("v1", v[1]),	  REAL("v2", v[2]),
	REAL("rep00", rep[0][0]), REAL("rep01", rep[0][1]),
	REAL("rep02", rep[0][2]), REAL("rep10", rep[1][0]),
	REAL("rep11", rep[1][1]), REAL("rep12", rep[1][2]),
};
const struct gh_table gh_table_base_value = { "measure",
					      { NULL },
					      base_value_columns,
					      (int)GH_ARRAY_SIZE(
						      base_value_columns) };
