/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * migrate - brings a database to the newest schema, one file of schemas/store
 * after the other. user_version counts them; each is one transaction together
 * with its count, so that a database is always between two of them.
 */
#include "store/private.h" /* struct gh_store */

#include <stdio.h>

int gh_migrations_count(const struct gh_migration *list)
{
	int n = 0;

	while (list[n].name)
		n++;
	return n;
}

static enum gh_status apply(struct gh_store *st, const struct gh_migration *m,
			    int version, struct gh_err *err)
{
	char done[48];
	enum gh_status s = gh_sql_exec(st, m->sql, err);

	/* A pragma takes no parameter. */
	snprintf(done, sizeof done, "PRAGMA user_version = %d", version);
	if (s == GH_OK)
		s = gh_sql_exec(st, done, err);
	return s == GH_OK ? s : gh_fail_prefix(err, m->name);
}

/* *version: how many the database has had; counted under the write lock. */
static enum gh_status one_more(struct gh_store *st,
			       const struct gh_migration *list,
			       int64_t *version, struct gh_err *err)
{
	enum gh_status s = gh_sql_begin(st, err);

	if (s != GH_OK)
		return s;
	s = gh_sql_number(st, "PRAGMA user_version", 0, version, err);
	if (s == GH_OK && *version < gh_migrations_count(list)) {
		s = apply(st, &list[*version], (int)*version + 1, err);
		*version += 1;
	}
	return gh_sql_end(st, s, err);
}

enum gh_status gh_store_migrate(struct gh_store *st,
				const struct gh_migration *list,
				struct gh_err *err)
{
	int64_t version = 0;
	enum gh_status s;

	s = gh_sql_number(st, "PRAGMA user_version", 0, &version, err);
	while (s == GH_OK && version < gh_migrations_count(list))
		s = one_more(st, list, &version, err);
	return s;
}
