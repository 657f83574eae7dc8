/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * verb - what a file src/cli/verb_NAME.c is: one verb of the command line. The
 * table gh_verbs[] is written from the file names; parser, `help` and usage
 * texts come from it, so they cannot drift.
 */
#ifndef GH_CLI_VERB_H
#define GH_CLI_VERB_H

#include "base/clock.h" /* struct gh_clock */

#include <stdbool.h>
#include <stdio.h>

/* Beside the verdicts' 0 to 3 (design.md section 5). */
enum gh_exit {
	GH_EXIT_OK = 0,
	GH_EXIT_WATCH = 1,
	GH_EXIT_HOLD = 2,
	GH_EXIT_UNSURE = 3,
	GH_EXIT_USAGE = 64,
	GH_EXIT_INTERNAL = 70,
	GH_EXIT_STOPPED = 130
};

enum gh_option_kind {
	GH_OPT_FLAG,
	GH_OPT_TEXT,
	GH_OPT_COUNT,	/* whole number from 1 */
	GH_OPT_SECONDS, /* "45", "45s", "500ms", "2min", "4h" */
	GH_OPT_CHOICE	/* one of arg's words: "auto|always|never" */
};

/* One row of an options table; {0} ends it. */
struct gh_option {
	const char *name; /* without the two dashes */
	const char *arg;  /* what help calls the value, NULL: a flag */
	const char *help;
	enum gh_option_kind kind;
};

#define GH_FIRST_VERB "*"

struct gh_cli;
struct gh_jsonl;
struct gh_shelf;

struct gh_verb {
	const char *name, *summary;
	const char *usage; /* words after the verb: "RUN", "[PART]", "" */
	const char *first; /* what the first may be: "a|b", GH_FIRST_VERB or
			    * NULL: a file, a run, anything */
	bool moves;	   /* may move the sculpture when it is allowed to */
	bool verdict;	   /* says a run's verdict: gh_verdict_options too */
	bool passes;	   /* its arguments are for another program */
	unsigned max_words;
	const struct gh_option *options; /* of its own, NULL: none */
	int (*run)(struct gh_cli *cli);	 /* the exit code */
};

extern const struct gh_verb *const gh_verbs[]; /* generated, NULL ends */

/* Options that every verb takes. */
extern const struct gh_option gh_common_options[];
/* Options that every verb with a verdict takes. */
extern const struct gh_option gh_verdict_options[];

enum { GH_CLI_WORDS = 4, GH_CLI_GIVEN = 40 };

/* One call of the program. */
struct gh_cli {
	const char *program; /* argv[0] */
	const struct gh_verb *verb;
	const struct gh_clock *clock;
	FILE *out, *err;
	const char *words[GH_CLI_WORDS];
	unsigned n_words;
	struct gh_given {
		const struct gh_option *option;
		const char *text;
		double number;
	} given[GH_CLI_GIVEN];
	unsigned n_given;
	struct gh_jsonl *stream; /* of --jsonl, NULL else */
	struct gh_shelf *shelf; /* of a screen that asked, NULL else */
	const struct gh_ears *ears; /* of that screen, NULL: signals alone */
	char **rest; /* of a verb that passes: NULL-terminated */
};

/* By name, NULL when there is none. */
const struct gh_verb *gh_verb_find(const char *name);

#endif
