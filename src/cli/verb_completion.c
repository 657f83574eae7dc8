/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * completion - what a shell offers after `ghostlight`, written from the verb
 * table: verbs, then the options of the verb, then the words of an option.
 */
#include "base/status.h" /* struct gh_err */
#include "cli/options.h" /* gh_cli_word */
#include "cli/say.h"	 /* gh_say_failure */

#include <string.h>

enum { TABLES = 3 };

static void tables_of(const struct gh_verb *v,
		      const struct gh_option *tables[TABLES])
{
	tables[0] = v->options;
	tables[1] = v->verdict ? gh_verdict_options : NULL;
	tables[2] = gh_common_options;
}

/* An option of the verb's own hides a common one of that name. */
static bool is_hidden(const struct gh_verb *v, const struct gh_option *o)
{
	for (const struct gh_option *own = v->options; own && own->name; own++)
		if (strcmp(own->name, o->name) == 0)
			return true;
	return false;
}

typedef void each_option(FILE *out, const struct gh_verb *v,
			 const struct gh_option *o);

static void for_options(FILE *out, const struct gh_verb *v, each_option *each)
{
	const struct gh_option *tables[TABLES];

	if (v->passes)
		return;
	tables_of(v, tables);
	for (size_t t = 0; t < TABLES; t++)
		for (const struct gh_option *o = tables[t]; o && o->name; o++)
			if (t == 0 || !is_hidden(v, o))
				each(out, v, o);
}

/* A text between single quotes, for any of the three shells. */
static void quoted(FILE *out, const char *text, const char *also)
{
	for (; *text; text++)
		if (*text == '\'')
			fputs("'\\''", out);
		else if (strchr(also, *text))
			fprintf(out, "\\%c", *text);
		else
			fputc(*text, out);
}

/* "a|b" as a shell lists them. */
static void choices(FILE *out, const char *words)
{
	for (; *words; words++)
		fputc(*words == '|' ? ' ' : *words, out);
}

static void all_verbs(FILE *out)
{
	for (size_t i = 0; gh_verbs[i]; i++)
		fprintf(out, "%s%s", i ? " " : "", gh_verbs[i]->name);
}

/* The verb's first words, of a verb that has such. */
static void first_words(FILE *out, const struct gh_verb *v)
{
	if (strcmp(v->first, GH_FIRST_VERB) == 0)
		all_verbs(out);
	else
		choices(out, v->first);
}

/* ---- bash ---- */

static void bash_option(FILE *out, const struct gh_verb *v,
			const struct gh_option *o)
{
	(void)v;
	fprintf(out, " --%s", o->name);
}

static void bash_value(FILE *out, const struct gh_verb *v,
		       const struct gh_option *o)
{
	if (o->kind != GH_OPT_CHOICE)
		return;
	fprintf(out, "\t\t%s:--%s) words='", v->name, o->name);
	choices(out, o->arg);
	fputs("' ;;\n", out);
}

static void bash_files(FILE *out, const struct gh_verb *v,
		       const struct gh_option *o)
{
	if (o->kind != GH_OPT_CHOICE && o->kind != GH_OPT_FLAG)
		fprintf(out,
			"\t\t%s:--%s) COMPREPLY=($(compgen -f -- "
			"\"$cur\")); return ;;\n",
			v->name, o->name);
}

static void bash_first(FILE *out, const struct gh_verb *v)
{
	if (!v->first)
		return;
	fprintf(out, "\t\t%s:%s) COMPREPLY=($(compgen -W '", v->name, v->name);
	first_words(out, v);
	for_options(out, v, bash_option);
	fputs("' -- \"$cur\")); return ;;\n", out);
}

static void bash(FILE *out)
{
	fputs("_ghostlight() {\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} words=\n"
	      "\tlocal prev=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}\n"
	      "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords='",
	      out);
	all_verbs(out);
	fputs("'\n\telse\n\t\tcase $verb:$prev in\n", out);
	for (size_t i = 0; gh_verbs[i]; i++) {
		for_options(out, gh_verbs[i], bash_value);
		for_options(out, gh_verbs[i], bash_files);
	}
	for (size_t i = 0; gh_verbs[i]; i++) {
		bash_first(out, gh_verbs[i]);
		fprintf(out, "\t\t%s:*) words='", gh_verbs[i]->name);
		for_options(out, gh_verbs[i], bash_option);
		fputs("' ;;\n", out);
	}
	fputs("\t\tesac\n\tfi\n"
	      "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	      "\t[ ${#COMPREPLY[@]} -gt 0 ] || [ \"${cur#-}\" != \"$cur\" ] ||\n"
	      "\t\tCOMPREPLY=($(compgen -f -- \"$cur\"))\n"
	      "}\ncomplete -F _ghostlight ghostlight\n",
	      out);
}

/* ---- zsh ---- */

static void zsh_option(FILE *out, const struct gh_verb *v,
		       const struct gh_option *o)
{
	(void)v;
	fprintf(out, "\t\t\t'--%s[", o->name);
	quoted(out, o->help, "[]:\\");
	fputc(']', out);
	if (o->kind == GH_OPT_CHOICE) {
		fprintf(out, ":%s:(", o->name);
		choices(out, o->arg);
		fputc(')', out);
	} else if (o->kind != GH_OPT_FLAG) {
		fprintf(out, ":%s:_files", o->name);
	}
	fputs("' \\\n", out);
}

static void zsh_words(FILE *out, const struct gh_verb *v)
{
	if (!v->first) {
		fputs("\t\t\t'*:word:_files'\n", out);
		return;
	}
	fputs("\t\t\t'1:word:(", out);
	first_words(out, v);
	fputs(")'\n", out);
}

static void zsh(FILE *out)
{
	fputs("#compdef ghostlight\n_ghostlight() {\n"
	      "\tlocal -a verbs\n\tverbs=(\n",
	      out);
	for (size_t i = 0; gh_verbs[i]; i++) {
		fprintf(out, "\t\t'%s:", gh_verbs[i]->name);
		quoted(out, gh_verbs[i]->summary, ":\\");
		fputs("'\n", out);
	}
	fputs("\t)\n\tif (( CURRENT == 2 )); then\n"
	      "\t\t_describe verb verbs\n\t\treturn\n\tfi\n"
	      "\tlocal verb=$words[2]\n"
	      "\tshift words\n\t(( CURRENT-- ))\n\tcase $verb in\n",
	      out);
	for (size_t i = 0; gh_verbs[i]; i++) {
		fprintf(out, "\t%s)\n\t\t_arguments \\\n", gh_verbs[i]->name);
		for_options(out, gh_verbs[i], zsh_option);
		zsh_words(out, gh_verbs[i]);
		fputs("\t\t;;\n", out);
	}
	/* Loaded by compinit or read by hand: either way it is there. */
	fputs("\tesac\n}\n"
	      "if [ \"$funcstack[1]\" = _ghostlight ]; then\n"
	      "\t_ghostlight \"$@\"\nelse\n\tcompdef _ghostlight ghostlight\n"
	      "fi\n",
	      out);
}

/* ---- fish ---- */

static void fish_option(FILE *out, const struct gh_verb *v,
			const struct gh_option *o)
{
	fprintf(out,
		"complete -c ghostlight -n '__fish_seen_subcommand_from %s' "
		"-l %s",
		v->name, o->name);
	if (o->kind == GH_OPT_CHOICE) {
		fputs(" -x -a '", out);
		choices(out, o->arg);
		fputc('\'', out);
	} else if (o->kind != GH_OPT_FLAG) {
		fputs(" -r", out);
	}
	fputs(" -d '", out);
	quoted(out, o->help, "\\");
	fputs("'\n", out);
}

static void fish_first(FILE *out, const struct gh_verb *v)
{
	if (!v->first)
		return;
	fprintf(out,
		"complete -c ghostlight -n '__fish_seen_subcommand_from %s' "
		"-f -a '",
		v->name);
	first_words(out, v);
	fputs("'\n", out);
}

static void fish(FILE *out)
{
	for (size_t i = 0; gh_verbs[i]; i++) {
		fprintf(out,
			"complete -c ghostlight -n __fish_use_subcommand -f "
			"-a %s -d '",
			gh_verbs[i]->name);
		quoted(out, gh_verbs[i]->summary, "\\");
		fputs("'\n", out);
	}
	for (size_t i = 0; gh_verbs[i]; i++) {
		fish_first(out, gh_verbs[i]);
		for_options(out, gh_verbs[i], fish_option);
	}
}

static const struct {
	const char *name;
	void (*write)(FILE *out);
} shells[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };

static int run(struct gh_cli *cli)
{
	const char *word = gh_cli_word(cli, 0);
	struct gh_err err = { 0 };

	for (size_t i = 0; word && i < GH_ARRAY_SIZE(shells); i++) {
		if (strcmp(shells[i].name, word) != 0)
			continue;
		shells[i].write(cli->out);
		return GH_EXIT_OK;
	}
	(void)!gh_fail(&err, GH_ARG,
		       "completion: expected bash, zsh or fish, found "
		       "\"%.40s\"",
		       word ? word : "");
	return gh_say_failure(cli, &err);
}

const struct gh_verb gh_verb_completion = {
	.name = "completion",
	.summary = "what a shell offers after `ghostlight`, for its set-up",
	.usage = "bash|zsh|fish",
	.first = "bash|zsh|fish",
	.max_words = 1,
	.run = run,
};
