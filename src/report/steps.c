/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/steps.h"

#include "base/text.h"	   /* gh_copy_text */
#include "report/json.h"   /* gh_json_text */
#include "report/page.h"   /* gh_page_wrap */
#include "report/phrase.h" /* gh_phrase_sign */

#include <jansson.h>
#include <math.h>

#define SCHEMA 1

enum { TITLE_COLUMNS = 27, FOUND_AT = 6 + TITLE_COLUMNS, HEAD_COLUMNS = 52 };

static const struct {
	const char *name;
	enum gh_verdict sign;
} states[GH_STEP_STATES] = {
	[GH_STEP_OK] = { "ok", GH_VERDICT_READY },
	[GH_STEP_ADVICE] = { "advice", GH_VERDICT_WATCH },
	[GH_STEP_BROKEN] = { "broken", GH_VERDICT_HOLD },
	[GH_STEP_UNCHECKED] = { "not checked yet", GH_VERDICT_UNSURE },
};

const char *gh_step_state_name(enum gh_step_state state)
{
	return (unsigned)state < GH_STEP_STATES ? states[state].name : "?";
}

unsigned gh_steps_count(const struct gh_steps *s, enum gh_step_state state)
{
	unsigned n = 0;

	for (unsigned i = 0; i < s->n; i++)
		n += s->step[i].state == state;
	return n;
}

/* ---- For people ---- */

static const char *outcome(const struct gh_steps *s)
{
	return s->answers ? "the sculpture answers"
			  : "can't reach the sculpture";
}

static void say_tried(const struct gh_steps *s, char *out, size_t cap)
{
	snprintf(out, cap, "tried %u of %u port%s", s->ports_tried,
		 s->ports_seen, s->ports_seen == 1 ? "" : "s");
}

static void head(const struct gh_steps *s, FILE *out)
{
	char tried[40];

	say_tried(s, tried, sizeof tried);
	fprintf(out, " %-*s%*s\n", HEAD_COLUMNS, outcome(s),
		GH_PAGE_COLUMNS - HEAD_COLUMNS - 3, tried);
	gh_page_rule(out);
}

static void step_text(const struct gh_step *step, FILE *out)
{
	gh_page_say(out, "  %s %-*s", gh_phrase_sign(states[step->state].sign),
		    TITLE_COLUMNS, step->title);
	gh_page_wrap(out, FOUND_AT, FOUND_AT, step->found);
	if (step->mend[0])
		gh_page_say(out, "          %s   %s\n",
			    step->state == GH_STEP_BROKEN ? "fix now:" : "try:",
			    step->mend);
}

/* What a healthy chain does not say, people must not read into it. */
static const char *no_verdict(const struct gh_steps *s)
{
	return s->answers ? "This is not a verdict about the sculpture."
			  : "This is not a verdict about the sculpture. The "
			    "verdict is UNSURE.";
}

static void foot(const struct gh_steps *s, FILE *out)
{
	fprintf(out, "  %s\n", no_verdict(s));
	if (s->simulated)
		fprintf(out, "  SIMULATED\n");
}

void gh_steps_text(const struct gh_steps *s, FILE *out)
{
	head(s, out);
	for (unsigned i = 0; i < s->n; i++)
		step_text(&s->step[i], out);
	gh_page_rule(out);
	foot(s, out);
}

/* ---- For a screen ---- */

static bool fill_table(const struct gh_steps *s, struct gh_table *t)
{
	enum { STEP, TITLE, STATE, FOUND, MEND, COLUMNS };
	static const struct gh_column columns[COLUMNS] = {
		[STEP] = { "step", NULL, GH_CELL_TEXT },
		[TITLE] = { "title", "step", GH_CELL_TEXT },
		[STATE] = { "state", "state", GH_CELL_TEXT },
		[FOUND] = { "found", "found", GH_CELL_TEXT },
		[MEND] = { "mend", "fix now", GH_CELL_TEXT },
	};

	*t = (struct gh_table){ .name = "steps",
				.none = "nothing was looked at",
				.columns = columns,
				.n_columns = COLUMNS };
	if (!gh_table_init(t, s->n))
		return false;
	for (unsigned i = 0; i < s->n; i++) {
		const struct gh_step *step = &s->step[i];
		struct gh_cell *c = gh_table_add(t);

		gh_cell_put(&c[STEP], step->id);
		gh_cell_put(&c[TITLE], step->title);
		gh_cell_put(&c[STATE], gh_step_state_name(step->state));
		gh_cell_put(&c[FOUND], step->found);
		gh_cell_put(&c[MEND], step->mend);
	}
	return true;
}

bool gh_steps_doc(const struct gh_steps *s, struct gh_table *table,
		  struct gh_doc *doc)
{
	char tried[40];

	if (!fill_table(s, table))
		return false;
	say_tried(s, tried, sizeof tried);
	gh_doc_text_fact(doc, "port", s->port);
	gh_doc_fact(doc, "answers", GH_CELL_BOOL, s->answers);
	gh_doc_fact(doc, "simulated", GH_CELL_BOOL, s->simulated);
	gh_doc_fact(doc, "exit_code", GH_CELL_COUNT, s->exit_code);
	gh_doc_above(doc, "%s", outcome(s));
	gh_doc_above(doc, "%s", tried);
	gh_doc_below(doc, "%s", no_verdict(s));
	doc->tables[doc->n_tables++] = table;
	return true;
}

/* ---- One step a line ---- */

void gh_steps_last_line(const struct gh_steps *s, FILE *out)
{
	gh_page_say(
		out,
		"doctor: %s%s; %u ok, %u advice, %u broken, %u not checked%s\n",
		s->port[0] ? s->port : "no port",
		s->answers ? " answers" : ": the sculpture is not reached",
		gh_steps_count(s, GH_STEP_OK),
		gh_steps_count(s, GH_STEP_ADVICE),
		gh_steps_count(s, GH_STEP_BROKEN),
		gh_steps_count(s, GH_STEP_UNCHECKED),
		s->simulated ? ", SIMULATED" : "");
}

void gh_steps_plain(const struct gh_steps *s, FILE *out)
{
	for (unsigned i = 0; i < s->n; i++) {
		const struct gh_step *step = &s->step[i];

		gh_page_say(out, "%s %s, %s: %s%s%s\n",
			    gh_step_state_name(step->state), step->id,
			    step->title, step->found,
			    step->mend[0] ? "; try: " : "", step->mend);
	}
	gh_steps_last_line(s, out);
}

/* ---- For machines ---- */

static json_t *text_or_null(const char *s)
{
	return s && s[0] ? gh_json_text(s) : json_null();
}

static json_t *figures(const struct gh_step *step)
{
	json_t *object = json_object();

	for (unsigned i = 0; object && i < step->n_figures; i++) {
		const double v = step->figures[i].value;

		gh_json_set(&object, step->figures[i].name, gh_json_real(v));
	}
	return object;
}

static json_t *steps_of(const struct gh_steps *s)
{
	json_t *list = json_array();

	for (unsigned i = 0; list && i < s->n; i++) {
		const struct gh_step *step = &s->step[i];

		gh_json_push(
			&list,
			json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "step",
				  gh_json_text(step->id), "title",
				  gh_json_text(step->title), "state",
				  gh_json_text(gh_step_state_name(step->state)),
				  "found", gh_json_text(step->found), "mend",
				  text_or_null(step->mend), "figures",
				  figures(step)));
	}
	return list;
}

bool gh_steps_json(const struct gh_steps *s, FILE *out)
{
	json_t *root = json_pack(
		"{s:i, s:s, s:o, s:o, s:o, s:b, s:b, s:i, s:i, s:i, s:o}",
		"schema", SCHEMA, "tool", "ghostlight", "version",
		gh_json_text(s->version), "rig", text_or_null(s->rig), "port",
		text_or_null(s->port), "simulated", (int)s->simulated,
		"answers", (int)s->answers, "exit_code", s->exit_code,
		"ports_tried", (int)s->ports_tried, "ports_seen",
		(int)s->ports_seen, "steps", steps_of(s));
	const bool ok = root && json_dumpf(root, out, JSON_INDENT(1)) == 0 &&
			fputc('\n', out) != EOF;

	json_decref(root);
	return ok;
}
