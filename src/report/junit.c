/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * junit - a run as JUnit XML. XML 1.0 has no way at all to write a control
 * character: those, and what is not ASCII, become '?'.
 */
#include "report/formats.h" /* what is defined here */

#include "report/cases.h" /* gh_cases_of */

#include <string.h>

struct junit {
	const struct gh_run_view *view;
	FILE *out;
	unsigned tests, failures, errors, skipped;
	enum gh_state worst;
	const struct gh_accept *accept; /* the first one */
};

static void put(FILE *out, const char *text)
{
	static const struct {
		char plain;
		const char *written;
	} escapes[] = { { '&', "&amp;" },
			{ '<', "&lt;" },
			{ '>', "&gt;" },
			{ '"', "&quot;" },
			{ '\'', "&apos;" } };

	for (; *text; text++) {
		const char *as = NULL;

		for (size_t i = 0; i < GH_ARRAY_SIZE(escapes); i++)
			if (escapes[i].plain == *text)
				as = escapes[i].written;
		if (as)
			fputs(as, out);
		else
			fputc(*text >= 0x20 && *text < 0x7f ? *text : '?', out);
	}
}

/* NAME="text", with a blank before it. */
static void attribute(FILE *out, const char *name, const char *text)
{
	fprintf(out, " %s=\"", name);
	put(out, text);
	fputc('"', out);
}

static void count(void *self, const struct gh_case *c)
{
	/* Worst last; one that somebody answers for is not the worst. */
	static const unsigned char rank[] = {
		[GH_STATE_SKIPPED] = 0, [GH_STATE_PASS] = 1,
		[GH_STATE_KNOWN] = 2,	[GH_STATE_WATCH] = 3,
		[GH_STATE_UNKNOWN] = 4, [GH_STATE_FAIL] = 5,
	};
	struct junit *j = self;

	if (j->tests++ == 0 || rank[c->state] > rank[j->worst])
		j->worst = c->state;
	j->failures += c->state == GH_STATE_FAIL;
	j->errors += c->state == GH_STATE_UNKNOWN;
	j->skipped += c->state == GH_STATE_SKIPPED;
	if (!j->accept)
		j->accept = c->accept;
}

static void trouble(FILE *out, const char *element, const struct gh_case *c)
{
	const struct gh_finding *f = c->finding;
	const char *type = gh_state_name(c->state);

	if (f && f->reason != GH_REASON_NONE)
		type = gh_reason_name(f->reason);
	fprintf(out, "   <%s", element);
	attribute(out, "type", type);
	attribute(out, "message", c->text);
	fputs("/>\n", out);
}

static void test_case(void *self, const struct gh_case *c)
{
	static const char *const elements[] = {
		[GH_STATE_FAIL] = "failure",
		[GH_STATE_UNKNOWN] = "error",
		[GH_STATE_SKIPPED] = "skipped",
	};
	const struct junit *j = self;
	const char *element =
		c->state < GH_ARRAY_SIZE(elements) ? elements[c->state] : NULL;

	fputs("  <testcase", j->out);
	attribute(j->out, "classname", c->suite);
	attribute(j->out, "name", c->name);
	/* What one metric took is not known; all are measured at once. */
	fputs(" time=\"0\"", j->out);
	if (!element) {
		fputs("/>\n", j->out);
		return;
	}
	fputs(">\n", j->out);
	if (c->state == GH_STATE_SKIPPED) {
		fputs("   <skipped>", j->out);
		put(j->out, c->text);
		fputs("</skipped>\n", j->out);
	} else {
		trouble(j->out, element, c);
	}
	fputs("  </testcase>\n", j->out);
}

static void property(FILE *out, const char *name, const char *value)
{
	fputs("   <property", out);
	attribute(out, "name", name);
	attribute(out, "value", value);
	fputs("/>\n", out);
}

static void properties(const struct junit *j)
{
	const struct gh_run_view *view = j->view;
	char text[24];

	fputs("  <properties>\n", j->out);
	property(j->out, "state", gh_state_name(j->worst));
	if (j->accept) {
		gh_wall_text(j->accept->until_s, text, sizeof text);
		property(j->out, "owner", j->accept->by);
		property(j->out, "expiry", text);
	}
	property(j->out, "verdict", gh_verdict_name(view->result->verdict));
	snprintf(text, sizeof text, "%lld", (long long)view->run);
	property(j->out, "run", text);
	property(j->out, "simulated", view->simulated ? "true" : "false");
	fputs("  </properties>\n", j->out);
}

/* Readers show it beside the suite: what passes and is not well. */
static void out_line(void *self, const struct gh_case *c)
{
	const struct junit *j = self;
	char text[2 * GH_PHRASE_CAP];

	if (c->state != GH_STATE_WATCH && c->state != GH_STATE_KNOWN)
		return;
	gh_case_phrase(text, sizeof text, c);
	put(j->out, c->suite);
	fputc(' ', j->out);
	put(j->out, c->name);
	fputc(' ', j->out);
	put(j->out, text);
	fputc('\n', j->out);
}

static void suite_out(struct junit *j, int part)
{
	char text[2 * GH_PHRASE_CAP];

	fputs("  <system-out>", j->out);
	gh_cases_of(j->view, part, out_line, j);
	if (part < 0) {
		put(j->out, j->view->result->why);
	} else if (j->view->result->parts[part].diagnosis >= 0) {
		gh_phrase_cause(text, sizeof text, j->view, (unsigned)part);
		put(j->out, text);
	}
	fputs("</system-out>\n  <system-err>", j->out);
	if (part < 0)
		put(j->out, j->view->error);
	fputs("</system-err>\n", j->out);
}

static void suite(const struct gh_run_view *view, int part, unsigned id,
		  FILE *out)
{
	struct junit j = { .view = view, .out = out };
	const char *name = part < 0 ? GH_CASES_OWN : view->parts[part].name;
	char started[24];

	gh_cases_of(view, part, count, &j);
	if (j.tests == 0)
		return;
	/* Without the zone, which the format does not have. */
	gh_wall_text(view->started_s, started, sizeof started);
	started[strcspn(started, "Z")] = '\0';
	fputs(" <testsuite", out);
	attribute(out, "name", name);
	attribute(out, "package", view->serial[0] ? view->serial : "unknown");
	fprintf(out,
		" id=\"%u\" tests=\"%u\" failures=\"%u\" errors=\"%u\" "
		"skipped=\"%u\" time=\"%.3f\" timestamp=\"%s\" "
		"hostname=\"localhost\">\n",
		id, j.tests, j.failures, j.errors, j.skipped,
		part < 0 ? view->duration_s : 0.0, started);
	properties(&j);
	gh_cases_of(view, part, test_case, &j);
	suite_out(&j, part);
	fputs(" </testsuite>\n", out);
}

void gh_report_junit(const struct gh_run_view *view, FILE *out)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n",
	      out);
	for (unsigned p = 0; p < view->n_parts; p++)
		suite(view, (int)p, p, out);
	suite(view, GH_CASES_RUN, view->n_parts, out);
	fputs("</testsuites>\n", out);
}
