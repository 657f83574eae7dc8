/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * history_events - firmware and rig file that changed between two runs,
 * baselines that were sealed, and what people said.
 */
#include "cli/history.h" /* struct gh_history */

#include "report/remarks.h" /* gh_remarks_phrase */

#include <stdlib.h>
#include <string.h>

enum { REMARKS = 500, BASELINES = 256, EVENTS = 1500 };

struct list {
	struct gh_history_event *at;
	size_t n;
};

static void add(struct list *l, const char *kind, int64_t at_s, int64_t run,
		const char *text)
{
	struct gh_history_event *e;

	if (l->n == EVENTS)
		return;
	e = &l->at[l->n++];
	e->kind = kind;
	e->at_s = at_s;
	e->run = run;
	gh_copy_text(e->text, sizeof e->text, text);
}

/* The first run of the series that began since then, 0: none. */
static int64_t run_since(const struct gh_history *h, int64_t at_s,
			 int64_t after)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->rows[i].started_s >= at_s && h->rows[i].run > after)
			return h->rows[i].run;
	return 0;
}

static void add_changes(const struct gh_history *h, struct list *l)
{
	char text[160];

	for (size_t i = 1; i < h->n; i++) {
		const struct gh_series_row *was = &h->rows[i - 1];
		const struct gh_series_row *is = &h->rows[i];

		if (strcmp(was->firmware, is->firmware) != 0) {
			snprintf(text, sizeof text, "%s to %s", was->firmware,
				 is->firmware);
			add(l, "firmware", is->started_s, is->run, text);
		}
		if (strcmp(was->rig_sha256, is->rig_sha256) != 0)
			add(l, "rig file", is->started_s, is->run, "changed");
		if (was->version != is->version) {
			snprintf(text, sizeof text, "%u to %u", was->version,
				 is->version);
			add(l, "formula", is->started_s, is->run, text);
		}
	}
}

static enum gh_status add_seals(struct gh_store *st, const struct gh_history *h,
				struct list *l, struct gh_err *err)
{
	struct gh_baseline_info *b = calloc(BASELINES, sizeof *b);
	enum gh_status status;
	char text[160];
	size_t n = 0;

	if (!b)
		return gh_fail(err, GH_NOMEM, "no memory for the events");
	status = gh_store_baseline_list(st, b, BASELINES, &n, err);
	for (size_t i = 0; status == GH_OK && i < n; i++) {
		if (!b[i].sealed ||
		    strcmp(b[i].serial, h->rows[h->n - 1].serial) != 0)
			continue;
		snprintf(text, sizeof text, "\"%.40s\" by %.40s: %.60s",
			 b[i].name, b[i].by, b[i].why);
		add(l, "baseline", b[i].sealed_s,
		    run_since(h, b[i].sealed_s, 0), text);
	}
	free(b);
	return status;
}

static enum gh_status add_remarks(struct gh_store *st,
				  const struct gh_history *h, struct list *l,
				  struct gh_err *err)
{
	const struct gh_remark_ask ask = { .serial = h->rows[h->n - 1].serial,
					   .part = h->part };
	struct gh_remark *r = calloc(REMARKS, sizeof *r);
	enum gh_status status;
	char text[400];
	size_t n = 0;

	if (!r)
		return gh_fail(err, GH_NOMEM, "no memory for the events");
	status = gh_store_remarks(st, &ask, r, REMARKS, &n, err);
	for (size_t i = 0; status == GH_OK && i < n; i++) {
		gh_remarks_phrase(text, sizeof text, &r[i]);
		add(l, gh_remark_kind_name(r[i].kind), r[i].at_s,
		    run_since(h, r[i].at_s, r[i].after_run), text);
	}
	free(r);
	return status;
}

static int in_time(const void *x, const void *y)
{
	const struct gh_history_event *a = x, *b = y;

	if (a->at_s != b->at_s)
		return a->at_s < b->at_s ? -1 : 1;
	return a->run < b->run ? -1 : a->run > b->run;
}

enum gh_status gh_history_events(struct gh_store *st,
				 const struct gh_history *h,
				 struct gh_history_event **out, size_t *n,
				 struct gh_err *err)
{
	struct list l = { calloc(EVENTS, sizeof *l.at), 0 };
	enum gh_status status;

	if (!l.at)
		return gh_fail(err, GH_NOMEM, "no memory for the events");
	add_changes(h, &l);
	status = add_seals(st, h, &l, err);
	if (status == GH_OK)
		status = add_remarks(st, h, &l, err);
	if (status != GH_OK) {
		free(l.at);
		return status;
	}
	qsort(l.at, l.n, sizeof *l.at, in_time);
	*out = l.at;
	*n = l.n;
	return GH_OK;
}
