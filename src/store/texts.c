/* SPDX-License-Identifier: GPL-3.0-or-later */
/* texts - strings that come out of a database, which anybody may have made. */
#include "store/private.h" /* struct gh_store */

#include <stdlib.h>
#include <string.h>

struct gh_text {
	struct gh_text *next;
	char text[];
};

const char *gh_store_text(struct gh_store *st, const char *text)
{
	const size_t n = strlen(text) + 1;
	struct gh_text *t;

	for (t = st->texts; t; t = t->next) {
		if (strcmp(t->text, text) == 0)
			return t->text;
	}
	t = malloc(sizeof *t + n);
	if (!t)
		return NULL;
	memcpy(t->text, text, n);
	t->next = st->texts;
	st->texts = t;
	return t->text;
}

void gh_store_texts_free(struct gh_store *st)
{
	while (st->texts) {
		struct gh_text *next = st->texts->next;

		free(st->texts);
		st->texts = next;
	}
}

void gh_column_text(sqlite3_stmt *stmt, int i, char *out, size_t cap)
{
	const char *text = (const char *)sqlite3_column_text(stmt, i);

	gh_copy_text(out, cap, text ? text : "");
	gh_make_human(out);
}
