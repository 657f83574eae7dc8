/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * part - all that a stored run knows of one part: what it was called and since
 * when, every number with its limits, and the curves of its recording.
 */
#include "cli/options.h"   /* gh_cli_text */
#include "cli/part.h"	   /* struct gh_part_page */
#include "cli/people.h"	   /* gh_show_doc */
#include "cli/say.h"	   /* gh_say_failure */
#include "report/phrase.h" /* gh_phrase_part */
#include "rig/nearest.h"   /* gh_rig_nearest_to */

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct gh_option options[] = {
	{ "run", "RUN", "in this run: its number or last (last)", GH_OPT_TEXT },
	{ 0 }
};

struct gh_plot *gh_part_plot(struct gh_part_page *p, const char *key,
			     size_t points)
{
	struct gh_plot *plot = &p->plots[p->doc->n_plots];

	gh_plot_init(plot, key);
	if (!gh_plot_room(plot, points))
		return NULL;
	p->doc->plots[p->doc->n_plots++] = plot;
	return plot;
}

const struct gh_finding *gh_part_finding(const struct gh_part_page *p,
					 unsigned part, const char *id)
{
	const struct gh_result *r = &p->run->result;

	for (size_t i = 0; i < r->n_findings; i++)
		if (r->findings[i].part == (int)part &&
		    strcmp(r->findings[i].id, id) == 0)
			return &r->findings[i];
	return NULL;
}

/* ---- What it was called -------------------------------------------------------*/

static void put_facts(struct gh_part_page *p)
{
	const struct gh_run_info *info = &p->run->info;
	const struct gh_part_result *part = &p->run->result.parts[p->part];
	struct gh_doc *doc = p->doc;
	char when[24];

	gh_wall_text(info->started_s, when, sizeof when);
	gh_doc_text_fact(doc, "part", p->run->parts[p->part].name);
	gh_doc_text_fact(doc, "kind",
			 gh_part_kind_name(p->run->parts[p->part].kind));
	gh_doc_text_fact(doc, "state", gh_verdict_name(part->state));
	gh_doc_fact(doc, "run", GH_CELL_COUNT, (double)info->run);
	gh_doc_text_fact(doc, "started", when);
	gh_doc_text_fact(doc, "profile", info->profile);
	gh_doc_text_fact(doc, "end", gh_run_end_name(info->end));
	gh_doc_text_fact(doc, "serial", info->serial);
	gh_doc_fact(doc, "simulated", GH_CELL_BOOL, info->simulated);
	gh_doc_text_fact(doc, "baseline", info->baseline_name);
	gh_doc_fact(doc, "baseline_runs", GH_CELL_COUNT, info->baseline_runs);
	gh_doc_fact(doc, "baseline_sessions", GH_CELL_COUNT,
		    info->baseline_sessions);
}

static void say_head(struct gh_part_page *p)
{
	const struct gh_run_info *info = &p->run->info;
	const struct gh_part_result *part = &p->run->result.parts[p->part];
	char name[GH_NAME_CAP], when[24], figures[GH_PHRASE_CAP];

	gh_phrase_part(name, sizeof name, p->run->parts[p->part].name);
	gh_wall_text(info->started_s, when, sizeof when);
	gh_doc_above(p->doc, "%s %s  %s   run %lld, %s, %s%s",
		     gh_phrase_sign(part->state), gh_verdict_name(part->state),
		     name, (long long)info->run, when, info->profile,
		     info->simulated ? ", SIMULATED" : "");
	if (part->worst >= 0 && part->state != GH_VERDICT_READY) {
		const struct gh_finding *f =
			&p->run->result.findings[part->worst];

		gh_phrase_figures(figures, sizeof figures, f);
		gh_doc_above(p->doc, "worst: %s %s",
			     f->metric ? f->metric->meaning : f->id, figures);
	} else if (part->reason != GH_REASON_NONE) {
		gh_doc_above(p->doc, "%s", gh_reason_text(part->reason));
	}
}

/* Somebody has answered for it since; the run stays what it was. */
static void say_accepted(struct gh_part_page *p)
{
	const struct gh_run_view *view = &p->run->view;
	char text[GH_PHRASE_CAP] = "";

	if (p->run->result.parts[p->part].state == GH_VERDICT_HOLD &&
	    gh_remark_say_accepted(view->remarks, view->n_remarks, view->run,
				   p->run->parts[p->part].name,
				   gh_wall_s(p->cli->clock), text, sizeof text))
		gh_doc_above(p->doc, "%s", text);
	gh_doc_text_fact(p->doc, "accepted", text);
}

static void say_baseline(struct gh_part_page *p)
{
	const struct gh_run_info *info = &p->run->info;

	if (info->baseline_name[0])
		gh_doc_above(p->doc,
			     "baseline: %.40s, %u runs over %u "
			     "power-ups%s",
			     info->baseline_name, info->baseline_runs,
			     info->baseline_sessions,
			     info->baseline_comparable
				     ? ""
				     : "; this run does not compare with it");
	else
		gh_doc_above(p->doc, "baseline: there was none");
}

/* ---- Why, and what to do ------------------------------------------------------*/

static void say_cause(struct gh_part_page *p)
{
	const int which = p->run->result.parts[p->part].diagnosis;
	const struct gh_diagnosis *d =
		which >= 0 ? &p->run->result.diagnoses[which] : NULL;
	char other[GH_NAME_CAP];

	gh_doc_text_fact(p->doc, "fault", d && d->fault ? d->fault : "");
	gh_doc_text_fact(p->doc, "cause", d && d->title ? d->title : "");
	gh_doc_text_fact(p->doc, "action", d && d->action ? d->action : "");
	if (!d)
		return;
	if (d->part >= 0 && d->part != (int)p->part &&
	    (unsigned)d->part < p->run->n_parts) {
		gh_phrase_part(other, sizeof other,
			       p->run->parts[d->part].name);
		gh_doc_below(p->doc, "because of %s: see there", other);
	}
	gh_doc_below(p->doc, "looks like: %s (%.0f %%)",
		     d->title ? d->title : d->fault, 100.0 * d->confidence);
	if (d->action)
		gh_doc_below(p->doc, "do: %s", d->action);
}

static void say_evidence(struct gh_part_page *p)
{
	const int which = p->run->result.parts[p->part].diagnosis;
	const struct gh_diagnosis *d =
		which >= 0 ? &p->run->result.diagnoses[which] : NULL;

	for (unsigned i = 0; d && i < d->n_evidence; i++)
		gh_doc_below(p->doc, "seen: %s", d->evidence[i]);
	if (d && d->other)
		gh_doc_below(p->doc, "or: %s", d->other);
}

/* ---- All of it ----------------------------------------------------------------*/

static enum gh_status find_part(struct gh_part_page *p, const char *name,
				struct gh_err *err)
{
	struct gh_rig_nearest near = gh_rig_nearest_to(name);
	char hint[GH_RIG_HINT_CAP];

	for (unsigned i = 0; i < p->run->n_parts; i++) {
		p->part = i;
		if (strcmp(p->run->parts[i].name, name) == 0)
			return GH_OK;
		gh_rig_nearest_offer(&near, p->run->parts[i].name);
	}
	return gh_fail(err, GH_ARG, "run %lld has no part \"%.40s\"%s",
		       (long long)p->run->info.run, name,
		       gh_rig_nearest_hint(&near, hint));
}

static enum gh_status fill(struct gh_part_page *p, struct gh_err *err)
{
	enum gh_status st;

	put_facts(p);
	say_head(p);
	say_accepted(p);
	st = gh_part_metrics(p, err);
	if (st != GH_OK)
		return st;
	say_baseline(p);
	say_cause(p);
	st = gh_part_curves(p, err);
	if (st == GH_OK)
		st = gh_part_light(p, err);
	say_evidence(p);
	return st;
}

static enum gh_status show(struct gh_part_page *p, const char *name,
			   struct gh_err *err)
{
	enum gh_status st = find_part(p, name, err);

	if (st != GH_OK)
		return st;
	p->doc = calloc(1, sizeof *p->doc);
	if (!p->doc)
		return gh_fail(err, GH_NOMEM, "no memory for this part");
	st = fill(p, err);
	if (st == GH_OK && !gh_show_doc(p->cli, p->doc, false))
		st = gh_fail(err, GH_NOMEM, "no memory for this part");
	gh_table_finish(&p->metrics);
	gh_table_finish(&p->looks);
	for (size_t i = 0; i < GH_ARRAY_SIZE(p->plots); i++)
		gh_plot_finish(&p->plots[i]);
	free(p->doc);
	return st;
}

static enum gh_status look(struct gh_cli *cli, struct gh_store *store,
			   const struct gh_rig *rig, const char *name,
			   struct gh_err *err)
{
	const char *word = gh_cli_text(cli, "run");
	struct gh_part_page *p = calloc(1, sizeof *p);
	struct gh_stored *stored = NULL;
	enum gh_status st = GH_OK;
	int64_t run = 0;

	if (!p)
		return gh_fail(err, GH_NOMEM, "no memory for this part");
	st = gh_stored_find(store, word ? word : "last",
			    rig ? rig->serial : NULL, &run, err);
	if (st == GH_OK)
		st = gh_stored_get(store, run, &stored, err);
	if (st == GH_OK) {
		*p = (struct gh_part_page){ .cli = cli,
					    .store = store,
					    .run = stored };
		st = show(p, name, err);
	}
	free(stored);
	free(p);
	return st;
}

static int run(struct gh_cli *cli)
{
	const char *name = gh_cli_word(cli, 0);
	struct gh_store *store = NULL;
	struct gh_rig *rig = NULL;
	struct gh_err err = { 0 };
	enum gh_status st = GH_OK;

	if (!name)
		st = gh_fail(&err, GH_ARG, "part: which one?");
	if (st == GH_OK)
		st = gh_cli_rig(cli, &rig, &err);
	if (st == GH_OK)
		st = gh_cli_store(cli, GH_STORE_READ, &store, &err);
	if (st == GH_OK)
		st = look(cli, store, rig, name, &err);
	gh_store_close(store);
	free(rig);
	return st == GH_OK ? GH_EXIT_OK : gh_say_failure(cli, &err);
}

const struct gh_verb gh_verb_part = {
	.name = "part",
	.summary = "one part in a stored run: numbers, limits, causes, curves",
	.usage = "PART",
	.max_words = 1,
	.options = options,
	.run = run,
};
