/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * note - a person's line about a sculpture, a part or a run; or that it
 * travelled or was repaired, after which an earlier pass counts no more.
 */
#include "cli/options.h" /* gh_cli_word */
#include "cli/people.h"	 /* gh_people_remark */
#include "cli/say.h"	 /* gh_say_failure */

#include <stdlib.h>
#include <string.h>

enum { LISTED = 200 };

static const struct gh_option options[] = {
	GH_PEOPLE_OPTIONS,
	{ "mark", "transport|repair",
	  "moved or mended: earlier passes count no more", GH_OPT_CHOICE },
	{ 0 }
};

enum { ID, AT, KIND, RUN, PART, BY, TEXT, FILE_NAME, SHA256, UNTIL, COLUMNS };

static const struct gh_column columns[COLUMNS] = {
	[ID] = { "id", "id", GH_CELL_COUNT },
	[AT] = { "at", "when", GH_CELL_TEXT },
	[KIND] = { "kind", "kind", GH_CELL_TEXT },
	[RUN] = { "run", "run", GH_CELL_COUNT },
	[PART] = { "part", "part", GH_CELL_TEXT },
	[BY] = { "by", "by", GH_CELL_TEXT },
	[TEXT] = { "text", "text", GH_CELL_TEXT },
	[FILE_NAME] = { "file", "file", GH_CELL_TEXT },
	[SHA256] = { "sha256", NULL, GH_CELL_TEXT },
	[UNTIL] = { "until", NULL, GH_CELL_TEXT },
};

static bool show_list(struct gh_cli *cli, const struct gh_remark *list,
		      size_t n)
{
	struct gh_table t = { .name = "remarks",
			      .none = "no remarks yet",
			      .columns = columns,
			      .n_columns = COLUMNS };
	bool ok = gh_table_init(&t, n);

	for (size_t i = 0; ok && i < n; i++) {
		struct gh_cell *c = gh_table_add(&t);

		c[ID].number = (double)list[i].id;
		gh_wall_text(list[i].at_s, c[AT].text, sizeof c[AT].text);
		gh_cell_put(&c[KIND], gh_remark_kind_name(list[i].kind));
		if (list[i].run > 0)
			c[RUN].number = (double)list[i].run;
		gh_cell_put(&c[PART], list[i].part);
		gh_cell_put(&c[BY], list[i].by);
		gh_cell_put(&c[TEXT], list[i].text);
		gh_cell_put(&c[FILE_NAME], list[i].name);
		gh_cell_put(&c[SHA256], list[i].sha256);
		if (list[i].kind == GH_REMARK_ACCEPT)
			gh_wall_text(list[i].until_s, c[UNTIL].text,
				     sizeof c[UNTIL].text);
	}
	ok = ok && gh_show_table(cli, &t);
	gh_table_finish(&t);
	return ok;
}

static enum gh_status list(struct gh_cli *cli, struct gh_store *st,
			   const struct gh_remark *like, struct gh_err *err)
{
	const struct gh_remark_ask ask = {
		.run = like->run,
		.serial = gh_cli_text(cli, "rig") ? like->serial : NULL,
		.part = like->part[0] ? like->part : NULL,
	};
	struct gh_remark *found = calloc(LISTED, sizeof *found);
	enum gh_status status;
	size_t n = 0;

	if (!found)
		return gh_fail(err, GH_NOMEM, "no memory for the list");
	status = gh_store_remarks(st, &ask, found, LISTED, &n, err);
	if (status == GH_OK && !show_list(cli, found, n))
		status = gh_fail(err, GH_NOMEM, "no memory for the list");
	free(found);
	return status;
}

static enum gh_status add(struct gh_cli *cli, struct gh_store *st,
			  struct gh_remark *r, struct gh_err *err)
{
	const char *mark = gh_cli_text(cli, "mark");
	enum gh_status status = gh_people_text(r->text, sizeof r->text, "text",
					       gh_cli_word(cli, 0), err);

	if (mark)
		r->kind = strcmp(mark, "repair") == 0 ? GH_REMARK_REPAIR
						      : GH_REMARK_TRANSPORT;
	if (status == GH_OK)
		status = gh_store_remark(st, r, NULL, 0, err);
	if (status == GH_OK && !gh_people_show(cli, r))
		status = gh_fail(err, GH_NOMEM, "no memory for the answer");
	return status;
}

static int run(struct gh_cli *cli)
{
	const bool adds = gh_cli_word(cli, 0) || gh_cli_on(cli, "mark");
	struct gh_err err = { 0 };
	struct gh_remark r;
	struct gh_store *st;
	enum gh_status status = gh_cli_store(
		cli, adds ? GH_STORE_WRITE : GH_STORE_READ, &st, &err);

	if (status != GH_OK)
		return gh_say_failure(cli, &err);
	status = gh_people_remark(cli, st, &r, &err);
	if (status == GH_OK)
		status =
			adds ? add(cli, st, &r, &err) : list(cli, st, &r, &err);
	gh_store_close(st);
	return status == GH_OK ? GH_EXIT_OK : gh_say_failure(cli, &err);
}

const struct gh_verb gh_verb_note = {
	.name = "note",
	.summary =
		"write a line about a run or part; without TEXT: all remarks",
	.usage = "[\"TEXT\"]",
	.max_words = 1,
	.options = options,
	.run = run,
};
