/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"

#include "base/text.h"	 /* gh_parse_double */
#include "rig/nearest.h" /* gh_rig_nearest_to */

#include <assert.h>
#include <string.h>

const struct gh_option gh_common_options[] = {
	{ "port", "P", "the controller's port (see `devices`)", GH_OPT_TEXT },
	{ "rig", "FILE", "the rig file of the sculpture", GH_OPT_TEXT },
	{ "db", "FILE", "the database (see `paths`)", GH_OPT_TEXT },
	{ "json", NULL, "one JSON object instead of text", GH_OPT_FLAG },
	{ "plain", NULL, "one finding a line, worst first", GH_OPT_FLAG },
	{ "quiet", NULL, "only the verdict line, no progress", GH_OPT_FLAG },
	{ "color", "auto|always|never", "colour of the verdict words",
	  GH_OPT_CHOICE },
	{ "ascii", NULL, "screens in ASCII; reports always are", GH_OPT_FLAG },
	{ "no-input", NULL, "ask nothing: `status` instead of screens",
	  GH_OPT_FLAG },
	{ "help", NULL, "this text", GH_OPT_FLAG },
	{ 0 }
};

const struct gh_option gh_verdict_options[] = {
	{ "jsonl", NULL, "events as they happen, one JSON object a line",
	  GH_OPT_FLAG },
	{ "tap", NULL, "Test Anything Protocol", GH_OPT_FLAG },
	{ "junit", "FILE", "JUnit XML there, beside any other form",
	  GH_OPT_TEXT },
	{ "nagios", NULL, "the one line of a monitoring plug-in", GH_OPT_FLAG },
	{ "fail-on", "watch|new|hold", "which WATCH is a failure (watch)",
	  GH_OPT_CHOICE },
	{ 0 }
};

/* More than one of them would mix two streams. */
static const char *const whole_forms[] = { "json", "jsonl", "tap", "nagios" };

static const struct {
	const char *suffix;
	double seconds;
} time_units[] = { { "", 1 },	  { "s", 1 },  { "ms", 1e-3 },
		   { "min", 60 }, { "m", 60 }, { "h", 3600 } };

/* A week: beyond it somebody mistyped. */
#define SECONDS_MAX (7.0 * 24 * 3600)

bool gh_parse_seconds(const char *text, double *out)
{
	const size_t n = strspn(text, "0123456789.");
	char digits[24];
	double value;

	if (n == 0 || n >= sizeof digits)
		return false;
	memcpy(digits, text, n);
	digits[n] = '\0';
	if (!gh_parse_double(digits, &value))
		return false;
	for (size_t i = 0; i < GH_ARRAY_SIZE(time_units); i++) {
		if (strcmp(text + n, time_units[i].suffix) != 0)
			continue;
		value *= time_units[i].seconds;
		if (value <= 0.0 || value > SECONDS_MAX)
			return false;
		*out = value;
		return true;
	}
	return false;
}

const struct gh_verb *gh_verb_find(const char *name)
{
	for (size_t i = 0; gh_verbs[i]; i++)
		if (strcmp(gh_verbs[i]->name, name) == 0)
			return gh_verbs[i];
	return NULL;
}

enum gh_status gh_verb_unknown(const char *word, struct gh_err *err)
{
	char shown[GH_SAFE_CAP], hint[GH_RIG_HINT_CAP];
	struct gh_rig_nearest near = gh_rig_nearest_to(word);

	for (size_t i = 0; gh_verbs[i]; i++)
		gh_rig_nearest_offer(&near, gh_verbs[i]->name);
	gh_safe_text(shown, sizeof shown, word, strlen(word));
	return gh_fail(err, GH_ARG, "no verb is called \"%s\"%s", shown,
		       gh_rig_nearest_hint(&near, hint));
}

static const struct gh_option *find_in(const struct gh_option *table,
				       const char *name, size_t n)
{
	for (; table && table->name; table++)
		if (strncmp(table->name, name, n) == 0 &&
		    table->name[n] == '\0')
			return table;
	return NULL;
}

static const struct gh_option *find_option(const struct gh_cli *cli,
					   const char *name, size_t n)
{
	const struct gh_option *found = find_in(cli->verb->options, name, n);

	if (!found && cli->verb->verdict)
		found = find_in(gh_verdict_options, name, n);
	return found ? found : find_in(gh_common_options, name, n);
}

static void offer_all(struct gh_rig_nearest *near,
		      const struct gh_option *table)
{
	for (; table && table->name; table++)
		gh_rig_nearest_offer(near, table->name);
}

static enum gh_status unknown_option(const struct gh_cli *cli, const char *name,
				     size_t n, struct gh_err *err)
{
	char word[GH_SAFE_CAP], hint[GH_RIG_HINT_CAP];
	struct gh_rig_nearest near;

	gh_safe_text(word, sizeof word, name, n);
	near = gh_rig_nearest_to(word);
	offer_all(&near, cli->verb->options);
	if (cli->verb->verdict)
		offer_all(&near, gh_verdict_options);
	offer_all(&near, gh_common_options);
	return gh_fail(err, GH_ARG, "%s has no option --%s%s", cli->verb->name,
		       word, gh_rig_nearest_hint(&near, hint));
}

static bool is_choice(const char *choices, const char *text)
{
	const size_t n = strlen(text);

	while (choices) {
		if (n > 0 && strncmp(choices, text, n) == 0 &&
		    (choices[n] == '|' || choices[n] == '\0'))
			return true;
		choices = strchr(choices, '|');
		if (choices)
			choices++;
	}
	return false;
}

static bool convert(struct gh_given *g)
{
	long count = 0;

	switch (g->option->kind) {
	case GH_OPT_COUNT:
		if (!gh_parse_long(g->text, &count) || count < 1 ||
		    count > 1000000000)
			return false;
		g->number = (double)count;
		return true;
	case GH_OPT_SECONDS:
		return gh_parse_seconds(g->text, &g->number);
	case GH_OPT_CHOICE:
		return is_choice(g->option->arg, g->text);
	case GH_OPT_TEXT:
		return g->text[0] != '\0';
	case GH_OPT_FLAG:
		break;
	}
	return true;
}

static const char *wanted(const struct gh_option *o)
{
	switch (o->kind) {
	case GH_OPT_COUNT:
		return "a whole number from 1";
	case GH_OPT_SECONDS:
		return "a time such as 45s, 500ms, 2min or 4h";
	case GH_OPT_CHOICE:
		return o->arg;
	case GH_OPT_TEXT:
	case GH_OPT_FLAG:
		break;
	}
	return "a text that is not empty";
}

static enum gh_status keep(struct gh_cli *cli, const struct gh_option *option,
			   const char *text, struct gh_err *err)
{
	struct gh_given g = { option, text, 0.0 };
	char shown[GH_SAFE_CAP];

	if (!convert(&g)) {
		gh_safe_text(shown, sizeof shown, text, strlen(text));
		return gh_fail(err, GH_ARG, "--%s: expected %s, found \"%s\"",
			       option->name, wanted(option), shown);
	}
	if (cli->n_given == GH_CLI_GIVEN)
		return gh_fail(err, GH_ARG, "too many options");
	cli->given[cli->n_given++] = g;
	return GH_OK;
}

/* One "--name", "--name value" or "--name=value"; *at moves past it. */
static enum gh_status take_option(struct gh_cli *cli, char ***at,
				  struct gh_err *err)
{
	const char *name = **at + 2;
	const size_t n = strcspn(name, "=");
	const struct gh_option *option = find_option(cli, name, n);
	const char *value = name[n] == '=' ? name + n + 1 : NULL;

	if (!option)
		return unknown_option(cli, name, n, err);
	++*at;
	if (option->kind == GH_OPT_FLAG) {
		if (value)
			return gh_fail(err, GH_ARG, "--%s takes no value",
				       option->name);
		return keep(cli, option, "", err);
	}
	if (!value && **at)
		value = *(*at)++;
	if (!value)
		return gh_fail(err, GH_ARG, "--%s: its %s is missing",
			       option->name, option->arg);
	return keep(cli, option, value, err);
}

static enum gh_status take_word(struct gh_cli *cli, const char *word,
				struct gh_err *err)
{
	char shown[GH_SAFE_CAP];

	assert(cli->verb->max_words <= GH_CLI_WORDS);
	if (cli->n_words < cli->verb->max_words) {
		cli->words[cli->n_words++] = word;
		return GH_OK;
	}
	gh_safe_text(shown, sizeof shown, word, strlen(word));
	return gh_fail(err, GH_ARG, "%s: \"%s\" is a word too many",
		       cli->verb->name, shown);
}

/* "-x" by itself is no option of ours; "-" is a word. */
static enum gh_status take(struct gh_cli *cli, char ***at, struct gh_err *err)
{
	const char *arg = **at;

	if (strncmp(arg, "--", 2) == 0)
		return take_option(cli, at, err);
	if (arg[0] == '-' && arg[1] != '\0')
		return unknown_option(cli, arg + 1, strlen(arg + 1), err);
	++*at;
	return take_word(cli, arg, err);
}

static enum gh_status check_forms(const struct gh_cli *cli, struct gh_err *err)
{
	const char *first = NULL;

	for (size_t i = 0; i < GH_ARRAY_SIZE(whole_forms); i++) {
		const char *form = whole_forms[i];

		if (!find_option(cli, form, strlen(form)) ||
		    !gh_cli_on(cli, form))
			continue;
		if (first)
			return gh_fail(err, GH_ARG,
				       "--%s and --%s: choose one of them",
				       first, form);
		first = form;
	}
	return GH_OK;
}

enum gh_status gh_cli_parse(struct gh_cli *cli, char **argv, struct gh_err *err)
{
	enum gh_status st = GH_OK;

	cli->rest = argv;
	if (cli->verb->passes)
		return GH_OK;
	while (st == GH_OK && *argv && strcmp(*argv, "--") != 0)
		st = take(cli, &argv, err);
	if (st == GH_OK && *argv)
		argv++;
	while (st == GH_OK && *argv)
		st = take_word(cli, *argv++, err);
	return st == GH_OK ? check_forms(cli, err) : st;
}

/* The last one given counts. */
static const struct gh_given *find_given(const struct gh_cli *cli,
					 const char *option)
{
	const struct gh_option *row = find_option(cli, option, strlen(option));

	assert(row);
	for (unsigned i = cli->n_given; i > 0; i--)
		if (cli->given[i - 1].option == row)
			return &cli->given[i - 1];
	return NULL;
}

bool gh_cli_give(struct gh_cli *cli, const char *option, const char *text)
{
	struct gh_given g = { find_option(cli, option, strlen(option)), text,
			      0.0 };

	assert(g.option);
	if (cli->n_given == GH_CLI_GIVEN || !convert(&g))
		return false;
	cli->given[cli->n_given++] = g;
	return true;
}

bool gh_cli_on(const struct gh_cli *cli, const char *option)
{
	return find_given(cli, option) != NULL;
}

const char *gh_cli_text(const struct gh_cli *cli, const char *option)
{
	const struct gh_given *g = find_given(cli, option);

	return g ? g->text : NULL;
}

double gh_cli_number(const struct gh_cli *cli, const char *option,
		     double otherwise)
{
	const struct gh_given *g = find_given(cli, option);

	return g ? g->number : otherwise;
}

const char *gh_cli_word(const struct gh_cli *cli, unsigned i)
{
	return i < cli->n_words ? cli->words[i] : NULL;
}
