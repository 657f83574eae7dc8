/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tables_people - the columns of what people add (schemas/store.md). */
#include "store/private.h"   /* struct gh_table */
#include "store/remark.h"    /* struct gh_accepted */
#include "store/tables_of.h" /* TEXT, INT, ... */

static const char *kind_name(unsigned v)
{
	return gh_remark_kind_name((enum gh_remark_kind)v);
}

static const char *fate_name(unsigned v)
{
	return gh_accept_fate_name((enum gh_accept_fate)v);
}

static const struct gh_words kinds = { kind_name, GH_REMARK_KINDS };
static const struct gh_words fates = { fate_name, GH_ACCEPT_RECOVERED + 1 };

#define OF struct gh_remark

static const struct gh_column remark_columns[] = {
	I64("remark", id),
	TEXT("uid", uid),
	WORD("kind", kind, &kinds),
	I64("at_s", at_s),
	I64("after_run", after_run),
	TEXT("serial", serial),
	I64("run", run),
	TEXT("part", part),
	TEXT("by", by),
	TEXT("text", text),
	TEXT("name", name),
	TEXT("media", media),
	TEXT("sha256", sha256),
	I64("bytes", bytes),
	I64("until_s", until_s),
};
const struct gh_table gh_table_remark = { "remark_list",
					  { "remark" },
					  remark_columns,
					  (int)GH_ARRAY_SIZE(remark_columns) };

#undef OF
#define OF struct gh_accepted

static const struct gh_column accepted_columns[] = {
	I64("accept", id),
	I64("run", run),
	TEXT("part", accept.part),
	TEXT("id", accept.id),
	TEXT("fault", accept.fault),
	REAL("value", accept.value),
	TEXT("by", accept.by),
	TEXT("reason", accept.reason),
	I64("until_s", accept.until_s),
	WORD("fate", fate, &fates),
};
const struct gh_table gh_table_accepted = { "accept",
					    { NULL },
					    accepted_columns,
					    (int)GH_ARRAY_SIZE(
						    accepted_columns) };

static const struct gh_column fate_columns[] = {
	I64("accept", id),
	WORD("fate", fate, &fates),
};
const struct gh_table gh_table_fate = ROWS("accept_seen", fate_columns);
