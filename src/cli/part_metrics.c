/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * part_metrics - every number of a part with its limits, worst first, as the
 * run was judged then; and since which run those that do not pass have not.
 */
#include "cli/part.h" /* struct gh_part_page */

#include "base/number.h"   /* gh_number_text */
#include "judge/gate.h"	   /* gh_gate_room */
#include "report/phrase.h" /* gh_phrase_state */
#include "store/first.h"   /* gh_store_first */
#include "ui/words.h"	   /* gh_words_findings */

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	STATE,
	WHAT,
	NOW,
	WAS,
	CHANGE,
	LIMIT,
	FLAGS,
	NOTICES,
	SEEN,
	SINCE,
	WHY,
	/* Numbers in the unit, for machines. */
	METRIC,
	UNIT,
	VALUE,
	BASELINE,
	DIFFERENCE,
	LIMIT_LO,
	LIMIT_HI,
	HALF_BAND,
	SMALLEST,
	BEYOND,
	REPEATS,
	REASON,
	COLUMNS
};

static const struct gh_column columns[COLUMNS] = {
	[STATE] = { "state", "state", GH_CELL_TEXT },
	[WHAT] = { "what", "what", GH_CELL_TEXT },
	[NOW] = { "now", "now", GH_CELL_TEXT },
	[WAS] = { "was", "baseline", GH_CELL_TEXT },
	[CHANGE] = { "change", "change", GH_CELL_TEXT },
	[LIMIT] = { "limit", "limit", GH_CELL_TEXT },
	[FLAGS] = { "flags", "flags from", GH_CELL_TEXT },
	[NOTICES] = { "notices", "would notice", GH_CELL_TEXT },
	[SEEN] = { "seen", "seen", GH_CELL_TEXT },
	[SINCE] = { "since_run", "since run", GH_CELL_COUNT },
	[WHY] = { "why", "why", GH_CELL_TEXT },
	[METRIC] = { "metric", NULL, GH_CELL_TEXT },
	[UNIT] = { "unit", NULL, GH_CELL_TEXT },
	[VALUE] = { "value", NULL, GH_CELL_NUMBER },
	[BASELINE] = { "baseline", NULL, GH_CELL_NUMBER },
	[DIFFERENCE] = { "difference", NULL, GH_CELL_NUMBER },
	[LIMIT_LO] = { "limit_lo", NULL, GH_CELL_NUMBER },
	[LIMIT_HI] = { "limit_hi", NULL, GH_CELL_NUMBER },
	[HALF_BAND] = { "half_band", NULL, GH_CELL_NUMBER },
	[SMALLEST] = { "notices_from", NULL, GH_CELL_NUMBER },
	[BEYOND] = { "beyond", NULL, GH_CELL_COUNT },
	[REPEATS] = { "repeats", NULL, GH_CELL_COUNT },
	[REASON] = { "reason", NULL, GH_CELL_TEXT },
};

static bool is_off(const struct gh_finding *f)
{
	return f->state != GH_STATE_PASS && f->state != GH_STATE_SKIPPED;
}

static void number_text(double v, const struct gh_finding *f,
			struct gh_cell *out)
{
	if (isfinite(v))
		gh_number_text(v, f->unit, out->text, sizeof out->text);
}

static void put_texts(struct gh_cell *c, const struct gh_finding *f,
		      const struct gh_row *row)
{
	gh_cell_put(&c[STATE], gh_phrase_state(f->state));
	gh_phrase_metric(c[WHAT].text, sizeof c->text, f);
	gh_cell_put(&c[NOW], row->now);
	gh_cell_put(&c[WAS], row->base);
	gh_cell_put(&c[CHANGE], row->change);
	gh_cell_put(&c[LIMIT], row->limit);
	gh_cell_put(&c[WHY], row->why);
	number_text(gh_gate_room(f), f, &c[FLAGS]);
	number_text(f->notices, f, &c[NOTICES]);
	if (f->repeats > 0 && is_off(f))
		snprintf(c[SEEN].text, sizeof c->text, "%u of %u", f->beyond,
			 f->repeats);
}

static void put_numbers(struct gh_cell *c, const struct gh_finding *f)
{
	const double room = gh_gate_room(f);

	gh_cell_put(&c[METRIC], f->id);
	gh_cell_put(&c[UNIT], gh_unit_text(f->unit));
	gh_cell_put(&c[REASON], gh_reason_name(f->reason));
	c[VALUE].number = f->value;
	c[BASELINE].number = f->expected;
	c[DIFFERENCE].number = f->value - f->expected;
	c[LIMIT_LO].number = f->limit_lo;
	c[LIMIT_HI].number = f->limit_hi;
	c[HALF_BAND].number = isfinite(room) ? room : (double)NAN;
	c[SMALLEST].number = f->notices;
	c[BEYOND].number = f->beyond;
	c[REPEATS].number = f->repeats;
}

/* ---- Since when ---------------------------------------------------------------*/

static const struct gh_first *first_of(const struct gh_first *list, size_t n,
				       const struct gh_finding *f)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].id, f->id) == 0 && list[i].run > 0)
			return &list[i];
	return NULL;
}

static void say_first(struct gh_part_page *p, const struct gh_first *f)
{
	const struct gh_run_info *info = &p->run->info;
	char when[24] = "";

	if (f)
		gh_wall_text(f->started_s, when, sizeof when);
	gh_doc_fact(p->doc, "first_run", GH_CELL_COUNT,
		    f ? (double)f->run : (double)NAN);
	gh_doc_text_fact(p->doc, "first_at", when);
	gh_doc_fact(p->doc, "runs_not_pass", GH_CELL_COUNT, f ? f->runs : 0);
	if (!f)
		return;
	if (f->run == info->run)
		gh_doc_above(p->doc, "first seen: in this run%s",
			     f->is_open ? "; nothing is known of before" : "");
	else
		gh_doc_above(p->doc, "first seen: run %lld, %s; %u runs%s",
			     (long long)f->run, when, f->runs,
			     f->is_open ? "; nothing is known of before" : "");
}

/* ---- All of it ----------------------------------------------------------------*/

struct rows {
	uint16_t order[GH_JUDGE_FINDINGS];
	struct gh_first first[GH_JUDGE_FINDINGS];
	size_t n, n_first;
};

static bool fill(struct gh_part_page *p, const struct rows *r)
{
	struct gh_table *t = &p->metrics;

	*t = (struct gh_table){ .name = "metrics",
				.none = "nothing is known of it",
				.columns = columns,
				.n_columns = COLUMNS };
	if (!gh_table_init(t, r->n))
		return false;
	for (size_t i = 0; i < r->n; i++) {
		const struct gh_finding *f =
			&p->run->result.findings[r->order[i]];
		const struct gh_first *first =
			first_of(r->first, r->n_first, f);
		struct gh_cell *c = gh_table_add(t);
		struct gh_row row;

		gh_words_finding_row(&p->run->view, r->order[i], &row);
		put_texts(c, f, &row);
		put_numbers(c, f);
		c[SINCE].number = first ? (double)first->run : (double)NAN;
	}
	p->doc->tables[p->doc->n_tables++] = t;
	return true;
}

static enum gh_status find_first(const struct gh_part_page *p, struct rows *r,
				 struct gh_err *err)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct gh_finding *f =
			&p->run->result.findings[r->order[i]];

		if (is_off(f))
			r->first[r->n_first++].id = f->id;
	}
	return gh_store_first(p->store, p->run->info.run,
			      p->run->parts[p->part].name, r->first, r->n_first,
			      err);
}

enum gh_status gh_part_metrics(struct gh_part_page *p, struct gh_err *err)
{
	struct rows *r = calloc(1, sizeof *r);
	enum gh_status st = GH_OK;

	if (!r)
		return gh_fail(err, GH_NOMEM, "no memory for this part");
	r->n = gh_words_findings(&p->run->view, (int)p->part, r->order);
	st = find_first(p, r, err);
	if (st == GH_OK)
		say_first(p, r->n_first > 0 && r->first[0].run > 0
				     ? &r->first[0]
				     : NULL);
	if (st == GH_OK && !fill(p, r))
		st = gh_fail(err, GH_NOMEM, "no memory for this part");
	free(r);
	return st;
}
