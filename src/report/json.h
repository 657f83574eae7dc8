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

/*
 * Lists and objects that grow: item is used up, and NULL is no memory for it.
 * Then what it was for goes too, and stays NULL: half a list looks whole.
 */
void gh_json_push(json_t **list, json_t *item);
void gh_json_set(json_t **object, const char *key, json_t *item);

json_t *gh_json_real(double v); /* null when it is no number */
json_t *gh_json_text(const char *s); /* NULL is "" */
json_t *gh_json_finding(const struct gh_finding *f);
json_t *gh_json_diagnosis(const struct gh_run_view *view,
			  const struct gh_diagnosis *d);

#endif
