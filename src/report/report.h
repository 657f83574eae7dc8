/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * report - a run as people and machines read it. All forms are drawn from one
 * struct gh_run_view, written to the stream they are given, and say the same:
 * a form that knew more than another would be a second truth.
 */
#ifndef GH_REPORT_REPORT_H
#define GH_REPORT_REPORT_H

#include "engine/event.h" /* struct gh_run_view */

#include <stdbool.h>
#include <stdio.h>

struct gh_report_style {
	bool colour; /* the verdict words only; they keep their signs */
};

/* One page of at most 80 columns, worst part first. */
void gh_report_text(const struct gh_run_view *view,
		    const struct gh_report_style *style, FILE *out);

/* One finding a line, worst first, no layout (interface.md section 4.2.11). */
void gh_report_plain(const struct gh_run_view *view, FILE *out);

/* Only the last line of the plain form: the verdict. */
void gh_report_verdict_line(const struct gh_run_view *view, FILE *out);

/* The verdict with its age and its reason, for `status`. */
void gh_report_status(const struct gh_run_view *view,
		      const struct gh_report_style *style, FILE *out);

/* One JSON object and a newline, design.md section 5; false: no memory. */
bool gh_report_json(const struct gh_run_view *view, FILE *out);

#endif
