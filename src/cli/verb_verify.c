/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * verify - is what was stored still there, all of it and in its order? It says
 * as plainly what it cannot see: who may write the file can write a new chain.
 */
#include "cli/options.h" /* gh_cli_text */
#include "cli/people.h"	 /* gh_show_doc */
#include "cli/say.h"	 /* gh_say_failure */
#include "store/chain.h" /* gh_store_verify */

#include <math.h>
#include <stdlib.h>

static const struct gh_option options[] = {
	{ "noted", "HASH", "written down earlier: it must be in the chain",
	  GH_OPT_TEXT },
	{ 0 }
};

static const char *const blind[] = {
	"runs cut off at the end, or the whole file replaced by another: hold a "
	"hash that was noted elsewhere against it, --noted HASH",
	"a chain written anew from some run on by somebody who may write the "
	"file: a hash noted later than that run shows it",
	"what was stored before the chain began, or is still open",
	"a run that was false when it was stored, or stored with a changed "
	"ghostlight",
};

static const struct gh_column blind_columns[] = {
	{ "what", "not seen by this", GH_CELL_TEXT },
};

enum { FAULT, KIND, NUMBER, OTHER, TEXT, COLUMNS };

static const struct gh_column fault_columns[COLUMNS] = {
	[FAULT] = { "fault", "found", GH_CELL_TEXT },
	[KIND] = { "kind", NULL, GH_CELL_TEXT },
	[NUMBER] = { "number", NULL, GH_CELL_COUNT },
	[OTHER] = { "other", NULL, GH_CELL_COUNT },
	[TEXT] = { "text", "what", GH_CELL_TEXT },
};

static void fill_faults(struct gh_table *t, const struct gh_chain_found *found)
{
	for (size_t i = 0; i < found->n_faults; i++) {
		const struct gh_chain_fault *f = &found->faults[i];
		struct gh_cell *c = gh_table_add(t);

		gh_cell_put(&c[FAULT], gh_chain_wrong_name(f->wrong));
		gh_cell_put(&c[KIND], gh_chain_kind_name(f->kind));
		c[NUMBER].number = f->number ? (double)f->number : NAN;
		c[OTHER].number = f->other ? (double)f->other : NAN;
		gh_cell_put(&c[TEXT], f->text);
	}
}

static void fill_blind(struct gh_table *t)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(blind); i++)
		gh_cell_put(gh_table_add(t), blind[i]);
}

/* For each kind: what is in the chain, older than it, and still open. */
static void count_facts(struct gh_doc *doc, const struct gh_chain_found *found)
{
	static const char *const keys[GH_CHAIN_KINDS][3] = {
		{ "runs", "runs_before", "runs_open" },
		{ "remarks", "remarks_before", "remarks_open" },
		{ "baselines", "baselines_before", "baselines_open" },
	};

	for (size_t k = 0; k < GH_CHAIN_KINDS; k++) {
		const struct gh_chain_count *n = &found->of[k];

		gh_doc_fact(doc, keys[k][0], GH_CELL_COUNT, (double)n->linked);
		gh_doc_fact(doc, keys[k][1], GH_CELL_COUNT, (double)n->before);
		gh_doc_fact(doc, keys[k][2], GH_CELL_COUNT, (double)n->open);
	}
}

static void count_line(struct gh_doc *doc, const char *what,
		       const struct gh_chain_found *found,
		       int64_t (*of)(const struct gh_chain_count *n))
{
	const int64_t runs = of(&found->of[GH_CHAIN_RUN]),
		      remarks = of(&found->of[GH_CHAIN_REMARK]),
		      baselines = of(&found->of[GH_CHAIN_BASELINE]);

	if (runs + remarks + baselines > 0)
		gh_doc_above(doc, "%s: %lld runs, %lld remarks, %lld baselines",
			     what, (long long)runs, (long long)remarks,
			     (long long)baselines);
}

static int64_t linked(const struct gh_chain_count *n)
{
	return n->linked;
}

static int64_t before(const struct gh_chain_count *n)
{
	return n->before;
}

static int64_t still_open(const struct gh_chain_count *n)
{
	return n->open;
}

static void lines(struct gh_doc *doc, const struct gh_chain_found *found)
{
	gh_doc_above(doc, "%s", found->n_faults ? "NOT INTACT" : "intact");
	count_line(doc, "in the chain", found, linked);
	count_line(doc, "stored before it began, not covered", found, before);
	count_line(doc, "open, not covered yet", found, still_open);
	gh_doc_above(doc, "head of the chain: %s", found->head);
	if (found->noted)
		gh_doc_above(doc, "the noted hash is link %lld of %lld",
			     (long long)found->noted, (long long)found->links);
}

static void facts(struct gh_doc *doc, const struct gh_chain_found *found)
{
	gh_doc_fact(doc, "intact", GH_CELL_BOOL, found->n_faults == 0);
	gh_doc_text_fact(doc, "head", found->head);
	gh_doc_fact(doc, "links", GH_CELL_COUNT, (double)found->links);
	gh_doc_fact(doc, "noted_link", GH_CELL_COUNT,
		    found->noted ? (double)found->noted : NAN);
	count_facts(doc, found);
}

static bool show(struct gh_cli *cli, const struct gh_chain_found *found)
{
	struct gh_table
		faults = { .name = "faults",
			   .none = "nothing was changed, removed or moved",
			   .columns = fault_columns,
			   .n_columns = COLUMNS },
		unseen = { .name = "cannot_see",
			   .columns = blind_columns,
			   .n_columns = 1 };
	struct gh_doc *doc = calloc(1, sizeof *doc);
	bool ok = doc && gh_table_init(&faults, found->n_faults) &&
		  gh_table_init(&unseen, GH_ARRAY_SIZE(blind));

	if (ok) {
		fill_faults(&faults, found);
		fill_blind(&unseen);
		lines(doc, found);
		facts(doc, found);
		doc->tables[0] = &faults;
		doc->tables[1] = &unseen;
		doc->n_tables = 2;
		ok = gh_show_doc(cli, doc, false);
	}
	gh_table_finish(&unseen);
	gh_table_finish(&faults);
	free(doc);
	return ok;
}

static int run(struct gh_cli *cli)
{
	struct gh_chain_found found = { .faults = NULL };
	struct gh_store *st;
	struct gh_err err = { 0 };
	enum gh_status status = gh_cli_store(cli, GH_STORE_READ, &st, &err);
	int code;

	if (status == GH_OK) {
		status = gh_store_verify(st, gh_cli_text(cli, "noted"), &found,
					 &err);
		gh_store_close(st);
	}
	if (status != GH_OK)
		code = gh_say_failure(cli, &err);
	else if (!show(cli, &found))
		code = gh_say_no_memory(cli);
	else
		code = found.n_faults ? GH_EXIT_HOLD : GH_EXIT_OK;
	gh_chain_found_free(&found);
	return code;
}

const struct gh_verb gh_verb_verify = {
	.name = "verify",
	.summary = "is everything stored still there, unchanged, in its order",
	.usage = "",
	.options = options,
	.run = run,
};
