/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/usage.h"

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
