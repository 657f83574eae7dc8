/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/usage.h"

#include "base/status.h" /* GH_ARRAY_SIZE */

static void print_options(FILE *out, const struct gh_option *table)
{
	char left[64];

	for (; table && table->name; table++) {
		snprintf(left, sizeof left, "--%s%s%s", table->name,
			 table->arg ? " " : "", table->arg ? table->arg : "");
		fprintf(out, "  %-27s %s\n", left, table->help);
	}
}

void gh_usage_verb(FILE *out, const struct gh_verb *verb)
{
	fprintf(out, "usage: ghostlight %s%s%s [options]\n\n%s%s\n", verb->name,
		verb->usage[0] ? " " : "", verb->usage, verb->summary,
		verb->moves ? "; nothing moves without --allow-motion" : "");
	if (verb->passes)
		return;
	if (verb->options) {
		fprintf(out, "\n");
		print_options(out, verb->options);
	}
	if (verb->verdict) {
		fprintf(out, "\nforms of the verdict\n");
		print_options(out, gh_verdict_options);
	}
	fprintf(out, "\ncommon options\n");
	print_options(out, gh_common_options);
}

void gh_usage_all(FILE *out)
{
	fprintf(out, "usage: ghostlight [VERB] [options]\n\n"
		     "The pre-show health check for kinetic sculptures.\n\n");
	for (size_t i = 0; gh_verbs[i]; i++)
		fprintf(out, "  %-10s %s\n", gh_verbs[i]->name,
			gh_verbs[i]->summary);
	fprintf(out,
		"\n`ghostlight help VERB` has the options of a verb.\n\n"
		"exit codes: 0 READY, 1 WATCH, 2 HOLD, 3 UNSURE, 64 usage,\n"
		"70 internal, 130 stopped. New codes may be added; treat an\n"
		"unknown code as failure.\n");
}

/* ---- The manual page ---- */

/* A dot or quote at the start of a line is a request, '\' begins an escape. */
static void mdoc_text(FILE *out, const char *text)
{
	static const struct {
		char plain;
		const char *written;
	} escapes[] = { { '\\', "\\e" }, { '`', "\\(oq" }, { '-', "\\-" } };

	if (text[0] == '.' || text[0] == '\'')
		fputs("\\&", out);
	for (; *text; text++) {
		const char *as = NULL;

		for (size_t i = 0; i < GH_ARRAY_SIZE(escapes); i++)
			if (escapes[i].plain == *text)
				as = escapes[i].written;
		if (as)
			fputs(as, out);
		else
			fputc(*text, out);
	}
}

static void mdoc_line(FILE *out, const char *text)
{
	mdoc_text(out, text);
	fputc('\n', out);
}

/* The verb and its words. */
static void mdoc_call(FILE *out, const struct gh_verb *verb)
{
	fprintf(out, ".Cm %s\n", verb->name);
	if (verb->usage[0])
		mdoc_line(out, verb->usage);
}

static void mdoc_options(FILE *out, const struct gh_option *o)
{
	if (!o || !o->name)
		return;
	fputs(".Bl -tag -width Ds -compact\n", out);
	for (; o->name; o++) {
		fprintf(out, ".It Fl \\&-%s", o->name);
		if (o->arg)
			fprintf(out, " Ar \\&%s\\&", o->arg);
		fputc('\n', out);
		mdoc_line(out, o->help);
	}
	fputs(".El\n", out);
}

static void mdoc_verb(FILE *out, const struct gh_verb *verb)
{
	fputs(".It Xo\n", out);
	mdoc_call(out, verb);
	fputs(".Xc\n", out);
	mdoc_text(out, verb->summary);
	fputs(verb->moves ? ";\nnothing moves without\n"
			    ".Fl \\&-allow-motion\n"
			  : "\n",
	      out);
	mdoc_options(out, verb->options);
}

void gh_usage_mdoc(FILE *out)
{
	fputs(".Sh SYNOPSIS\n.Nm\n", out);
	for (size_t i = 0; gh_verbs[i]; i++) {
		fputs(".Nm\n", out);
		mdoc_call(out, gh_verbs[i]);
		fputs(".Op Ar options\n", out);
	}
	fputs(".Sh VERBS\n.Bl -tag -width Ds\n", out);
	for (size_t i = 0; gh_verbs[i]; i++)
		mdoc_verb(out, gh_verbs[i]);
	fputs(".El\n.Sh OPTIONS\nEvery verb takes these:\n.Pp\n", out);
	mdoc_options(out, gh_common_options);
	fputs(".Pp\nThese verbs say a verdict:\n", out);
	for (size_t i = 0; gh_verbs[i]; i++)
		if (gh_verbs[i]->verdict)
			fprintf(out, ".Cm %s\n", gh_verbs[i]->name);
	fputs(".Pp\nThey also take:\n.Pp\n", out);
	mdoc_options(out, gh_verdict_options);
}
