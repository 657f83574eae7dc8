/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * steps - a chain of steps (doctor's: from the cable to the answer), each with
 * its state, what was found and the command that mends it; as text for people,
 * one step a line, or JSON (schemas/doctor.schema.json).
 */
#ifndef GH_REPORT_STEPS_H
#define GH_REPORT_STEPS_H

#include "report/doc.h" /* struct gh_doc */

#include <stdbool.h>
#include <stdio.h>

enum gh_step_state {
	GH_STEP_OK,
	GH_STEP_ADVICE, /* works, and could be better */
	GH_STEP_BROKEN,
	GH_STEP_UNCHECKED, /* something before it is broken, or not asked for */
	GH_STEP_STATES
};

enum { GH_STEPS_MOST = 24, GH_STEP_FIGURES = 4 };

struct gh_step {
	const char *id;	   /* for machines, never changes: "permission" */
	const char *title; /* for people: "you may open it" */
	enum gh_step_state state;
	char found[240]; /* what was found, or why it was not looked at */
	char mend[240];	 /* ONE command or deed; "" when there is none */
	struct gh_step_figure {
		const char *name; /* unit in the name: "p99_ms" */
		double value;
	} figures[GH_STEP_FIGURES];
	unsigned n_figures;
};

struct gh_steps {
	const char *version; /* of ghostlight */
	const char *rig;     /* file, "" without one */
	const char *port;    /* "" when none was chosen */
	bool simulated;	     /* a pty or a simulated controller */
	bool answers;	     /* the chain to the controller is whole */
	unsigned ports_tried, ports_seen;
	int exit_code;
	struct gh_step step[GH_STEPS_MOST];
	unsigned n;
};

/* "ok", "advice", "broken", "not checked yet"; never NULL. */
const char *gh_step_state_name(enum gh_step_state state);
unsigned gh_steps_count(const struct gh_steps *s, enum gh_step_state state);

/* A page of 80 columns; commands are never broken. */
void gh_steps_text(const struct gh_steps *s, FILE *out);
/* One step a line in their order, then the last line. */
void gh_steps_plain(const struct gh_steps *s, FILE *out);
/* That last line: "doctor: 1 broken, 0 advice, ...". */
void gh_steps_last_line(const struct gh_steps *s, FILE *out);
/*
 * The same for a screen: what the page's head says as facts and lines, the
 * steps as a table "steps" with the keys of the JSON. It is on the heap: end
 * it with gh_table_finish when the doc is done with. false: no memory.
 */
bool gh_steps_doc(const struct gh_steps *s, struct gh_table *table,
		  struct gh_doc *doc);
/* One object and a newline; false: no memory. */
bool gh_steps_json(const struct gh_steps *s, FILE *out);

#endif
