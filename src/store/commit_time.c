/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * commit_time - how long this disk needs to make one row safe. A scratch
 * database with the store's own settings in the same folder tells it; the real
 * one is not touched.
 */
#include "store/private.h" /* struct gh_store */

#include <stdio.h>
#include <unistd.h>

enum { PATH_CAP = 600 };

static void remove_scratch(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal",
					    ".lock" };
	char name[PATH_CAP + 16];

	for (size_t i = 0; i < GH_ARRAY_SIZE(ends); i++) {
		snprintf(name, sizeof name, "%s%s", path, ends[i]);
		(void)unlink(name);
	}
}

static enum gh_status time_one(struct gh_store *st, const struct gh_clock *clk,
			       double *ms, struct gh_err *err)
{
	const gh_us begun = gh_now(clk);
	const enum gh_status s = gh_sql_exec(
		st, "INSERT INTO scratch (text) VALUES ('a row')", err);

	*ms = (double)(gh_now(clk) - begun) / GH_US_PER_MS;
	return s;
}

enum gh_status gh_store_commit_times(const char *folder,
				     const struct gh_clock *clk, double *ms,
				     unsigned n, bool (*is_enough)(void *self),
				     void *self, struct gh_err *err)
{
	char path[PATH_CAP];
	struct gh_store *st;
	enum gh_status s;

	if (snprintf(path, sizeof path, "%s/.ghostlight-doctor-%ld.db", folder,
		     (long)getpid()) >= (int)sizeof path)
		return gh_fail(err, GH_ARG, "path too long: %.60s...", folder);
	s = gh_store_open(&st, path, GH_STORE_WRITE, err);
	if (s != GH_OK)
		goto out_remove;
	s = gh_sql_exec(
		st, "CREATE TABLE scratch (n INTEGER PRIMARY KEY, text TEXT)",
		err);
	for (unsigned i = 0; s == GH_OK && i < n; i++) {
		s = time_one(st, clk, &ms[i], err);
		if (s == GH_OK && is_enough && is_enough(self))
			s = gh_fail(err, GH_CANCELLED, "%s: stopped", folder);
	}
	gh_store_close(st);
out_remove:
	remove_scratch(path);
	return s;
}
