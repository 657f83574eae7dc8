/* SPDX-License-Identifier: GPL-3.0-or-later */
/* remarks - what people answer for and what they added, in a report. */
#ifndef GH_REPORT_REMARKS_H
#define GH_REPORT_REMARKS_H

#include "engine/event.h" /* struct gh_run_view */

#include <jansson.h>
#include <stdio.h>

/* A block of the page; nothing where there is nothing to tell. */
void gh_remarks_text(const struct gh_run_view *view, FILE *out);

/* Arrays of the report's JSON; NULL: no memory. */
json_t *gh_remarks_accepts(const struct gh_run_view *view);
json_t *gh_remarks_json(const struct gh_run_view *view);

/* "accepted by Ada until 2026-12-24: horn screw" and the like, in one line. */
void gh_remarks_phrase(char *out, size_t cap, const struct gh_remark *r);

#endif
