/* SPDX-License-Identifier: GPL-3.0-or-later */
/* migration - the generated list of schemas/store/NNNN_name.sql, in order. */
#ifndef GH_STORE_MIGRATION_H
#define GH_STORE_MIGRATION_H

struct gh_migration {
	const char *name; /* "0001_first" */
	const char *sql;
};

extern const struct gh_migration gh_migrations[]; /* {NULL, NULL} ends */

#endif
