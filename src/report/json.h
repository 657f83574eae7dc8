/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json - the objects that --json and --jsonl share, so that a finding is the
 * same in both (schemas/report.schema.json). The caller owns what it gets;
 * NULL: no memory.
 */
#ifndef GH_REPORT_JSON_H
#define GH_REPORT_JSON_H

#include "engine/event.h" /* struct gh_run_view */

#include <jansson.h>

json_t *gh_json_real(double v); /* null when it is no number */
json_t *gh_json_text(const char *s); /* NULL is "" */
json_t *gh_json_finding(const struct gh_finding *f);
json_t *gh_json_diagnosis(const struct gh_run_view *view,
			  const struct gh_diagnosis *d);

#endif
