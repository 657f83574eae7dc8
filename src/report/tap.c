/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tap - a run for TAP readers. A test point's text may hold no bare '#', which
 * would begin a directive, and nothing may break a line.
 */
#include "report/formats.h" /* what is defined here */

#include "report/cases.h" /* gh_cases */

#include <string.h>

struct tap {
	const struct gh_run_view *view;
	FILE *out;
	unsigned n;
};

static void put(FILE *out, const char *text, const char *escaped)
{
	for (; *text; text++) {
		const bool plain = *text >= 0x20 && *text < 0x7f;

		if (strchr(escaped, *text))
			fputc('\\', out);
		fputc(plain ? *text : '?', out);
	}
}

static void comment(FILE *out, const char *text)
{
	fputs("# ", out);
	put(out, text, "");
	fputc('\n', out);
}

/* On the same line what TAP knows, below it what only people read. */
static void directive(const struct tap *t, const struct gh_case *c)
{
	char text[2 * GH_PHRASE_CAP];

	gh_case_phrase(text, sizeof text, c);
	if (c->state == GH_STATE_SKIPPED || c->state == GH_STATE_KNOWN) {
		fputs(c->state == GH_STATE_KNOWN ? " # TODO " : " # SKIP ",
		      t->out);
		put(t->out, c->state == GH_STATE_KNOWN ? text : c->text, "#");
	}
	fputc('\n', t->out);
	if (c->state == GH_STATE_WATCH || c->state == GH_STATE_FAIL ||
	    c->state == GH_STATE_UNKNOWN)
		comment(t->out, text);
}

static void cause(const struct tap *t, const struct gh_case *c)
{
	char text[2 * GH_PHRASE_CAP];

	if (c->state != GH_STATE_FAIL || c->part < 0 ||
	    t->view->result->parts[c->part].diagnosis < 0)
		return;
	gh_phrase_cause(text, sizeof text, t->view, (unsigned)c->part);
	comment(t->out, text);
}

static void point(void *self, const struct gh_case *c)
{
	static const bool is_ok[] = {
		[GH_STATE_PASS] = true,	    [GH_STATE_WATCH] = true,
		[GH_STATE_KNOWN] = false,   [GH_STATE_FAIL] = false,
		[GH_STATE_UNKNOWN] = false, [GH_STATE_SKIPPED] = true,
	};
	struct tap *t = self;

	fprintf(t->out, "%sok %u - ", is_ok[c->state] ? "" : "not ", ++t->n);
	put(t->out, c->suite, "\\#");
	fputc(' ', t->out);
	put(t->out, c->name, "\\#");
	directive(t, c);
	cause(t, c);
}

/* A run that lost its controller says nothing about what comes after. */
static bool is_lost(const struct gh_run_view *view)
{
	return view->error[0] && (strcmp(view->end, "failed") == 0 ||
				  strcmp(view->end, "interrupted") == 0);
}

void gh_report_tap(const struct gh_run_view *view, FILE *out)
{
	struct tap t = { view, out, 0 };

	fprintf(out, "TAP version 13\n1..%u\n", gh_cases(view, NULL, NULL));
	gh_cases(view, point, &t);
	fprintf(out, "# %s ", gh_verdict_name(view->result->verdict));
	put(out, view->result->why, "");
	fprintf(out, "\n# run %lld%s\n", (long long)view->run,
		view->simulated ? ", SIMULATED" : "");
	if (!is_lost(view))
		return;
	fputs("Bail out! ", out);
	put(out, view->error, "");
	fputc('\n', out);
}
