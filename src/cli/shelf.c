/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/shelf.h"

#include "base/text.h"	 /* gh_copy_text */
#include "cli/options.h" /* gh_cli_parse */
#include "cli/say.h"	 /* gh_say_failure */

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* What the screens were started with counts for what they show. */
static const char *const handed_on[] = { "rig", "db", "port", "baseline" };
enum { ARGV = 24 };

bool gh_shelf_put(struct gh_shelf *s, const struct gh_doc *doc)
{
	gh_doc_free(s->doc);
	s->doc = gh_doc_copy(doc);
	return s->doc != NULL;
}

void gh_shelf_clear(struct gh_shelf *s)
{
	gh_doc_free(s->doc);
	*s = (struct gh_shelf){ 0 };
}

static bool takes(const struct gh_verb *verb, const char *name)
{
	const struct gh_option *const tables[] = { gh_common_options,
						   verb->options };

	for (size_t i = 0; i < GH_ARRAY_SIZE(tables); i++)
		for (const struct gh_option *o = tables[i]; o && o->name; o++)
			if (strcmp(o->name, name) == 0)
				return true;
	return false;
}

static const char *given(const struct gh_cli *cli, const char *name)
{
	for (unsigned i = cli->n_given; i > 0; i--)
		if (strcmp(cli->given[i - 1].option->name, name) == 0)
			return cli->given[i - 1].text;
	return NULL;
}

/* The parser takes argv as main() has it: texts that may be written to. */
struct args {
	char *argv[ARGV + 1];
	size_t n, used;
	char text[8192]; /* two paths and what a form holds */
	bool is_full;
};

static void put(struct args *a, const char *prefix, const char *text)
{
	const size_t room = sizeof a->text - a->used;
	char *at = a->text + a->used;
	const int n = snprintf(at, room, "%s%s", prefix, text);

	assert(a->n < ARGV);
	if (n < 0 || (size_t)n >= room) {
		a->is_full = true;
		return;
	}
	a->argv[a->n++] = at;
	a->used += (size_t)n + 1;
}

static void fill(const struct gh_cli *cli, const struct gh_verb *verb,
		 const char *const *argv, struct args *a)
{
	for (size_t i = 0; i < GH_ARRAY_SIZE(handed_on); i++) {
		const char *text = given(cli, handed_on[i]);

		if (!text || !takes(verb, handed_on[i]))
			continue;
		put(a, "--", handed_on[i]);
		put(a, "", text);
	}
	for (; *argv; argv++)
		put(a, "", *argv);
}

static int run(const struct gh_cli *cli, struct gh_cli *sub,
	       const char *const *argv)
{
	struct args args = { .n = 0 };
	struct gh_err err = { 0 };

	fill(cli, sub->verb, argv, &args);
	if (args.is_full)
		(void)!gh_fail(&err, GH_ARG, "%s: these texts are too long",
			       sub->verb->name);
	else
		(void)!gh_cli_parse(sub, args.argv, &err);
	if (err.code != GH_OK)
		return gh_say_failure(sub, &err);
	return sub->verb->run(sub);
}

/* One line for the screen: without the program's name and line ends. */
static void take_line(char *out, size_t cap, const char *text)
{
	static const char name[] = "ghostlight: ";

	if (strncmp(text, name, sizeof name - 1) == 0)
		text += sizeof name - 1;
	gh_copy_text(out, cap, text);
	for (char *p = out; *p; p++)
		if (*p == '\n')
			*p = p[1] ? ' ' : '\0';
}

int gh_shelf_run(const struct gh_cli *cli, const char *verb,
		 const char *const *argv, struct gh_shelf *out)
{
	struct gh_cli sub = { .program = cli->program,
			      .verb = gh_verb_find(verb),
			      .clock = cli->clock,
			      .ears = cli->ears,
			      .shelf = out };
	char *said = NULL, *shown = NULL;
	size_t n_said = 0, n_shown = 0;
	int code = GH_EXIT_INTERNAL;

	assert(sub.verb);
	gh_copy_text(out->said, sizeof out->said, "no memory for this screen");
	sub.err = open_memstream(&said, &n_said);
	sub.out = open_memstream(&shown, &n_shown);
	if (!sub.err || !sub.out)
		goto out_close;
	code = run(cli, &sub, argv);
	if (fflush(sub.err) == 0 && fflush(sub.out) == 0)
		take_line(out->said, sizeof out->said,
			  n_said > 0 ? said : shown);
out_close:
	if (sub.err)
		fclose(sub.err);
	if (sub.out)
		fclose(sub.out);
	free(said);
	free(shown);
	return code;
}
