/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/single.h"

#include "report/json.h"   /* gh_json_real */
#include "report/page.h"   /* gh_page_say */
#include "report/phrase.h" /* gh_phrase_figures */

#include <math.h>

#define SCHEMA 1

static const char *const answers[] = {
	[GH_ANSWER_NOT_ASKED] = "not asked",
	[GH_ANSWER_YES] = "yes",
	[GH_ANSWER_NO] = "no",
	[GH_ANSWER_UNSEEN] = "unseen",
};

/* ---- For people ---------------------------------------------------------- */

static void finding_text(const struct gh_finding *f, FILE *out)
{
	char name[GH_PHRASE_CAP], figures[GH_PHRASE_CAP];

	gh_phrase_metric(name, sizeof name, f);
	if (isnan(f->value) && isfinite(f->v[1]))
		snprintf(figures, sizeof figures, "XYZ %.4f %.4f %.4f", f->v[0],
			 f->v[1], f->v[2]);
	else
		gh_phrase_figures(figures, sizeof figures, f);
	gh_page_say(out, "  %-34s %s\n", name, figures);
}

static void bin_text(double amps, FILE *out)
{
	if (isfinite(amps))
		fprintf(out, " %8.1f", amps * 1e3);
	else
		fprintf(out, " %8s", "-");
}

static void curve_text(const struct gh_single_view *view, FILE *out)
{
	fprintf(out, "\n  %8s %8s %8s\n", "deg", "there mA", "back mA");
	for (size_t i = 0; i < view->n_curve; i++) {
		fprintf(out, "  %8.1f", view->curve[i].deg);
		bin_text(view->curve[i].there_a, out);
		bin_text(view->curve[i].back_a, out);
		fputc('\n', out);
	}
}

void gh_single_text(const struct gh_single_view *view, FILE *out)
{
	char part[GH_NAME_CAP];

	gh_phrase_part(part, sizeof part, view->part);
	gh_page_say(out, "%s %s of %s %s on %s%s\n", view->probe, part,
		    view->rig, view->serial, view->port,
		    view->simulated ? ", SIMULATED" : "");
	if (view->said[0])
		gh_page_say(out, "%s\n", view->said);
	if (view->against[0])
		gh_page_say(out, "%s\n", view->against);
	for (size_t i = 0; i < view->n_findings; i++)
		finding_text(&view->findings[i], out);
	if (view->n_curve > 0)
		curve_text(view, out);
}

/* ---- For machines -------------------------------------------------------- */

static json_t *three(const double v[3])
{
	return json_pack("[o, o, o]", gh_json_real(v[0]), gh_json_real(v[1]),
			 gh_json_real(v[2]));
}

static json_t *finding_json(const struct gh_finding *f)
{
	json_t *j =
		json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "metric",
			  gh_json_text(f->id), "value", gh_json_real(f->value),
			  "unit", gh_json_text(gh_unit_text(f->unit)),
			  "baseline", gh_json_real(f->expected), "change",
			  gh_json_real(f->value - f->expected), "reason",
			  gh_json_text(gh_reason_name(f->reason)), "note",
			  gh_json_text(f->note));

	if (j && f->metric->kind == GH_METRIC_COLOUR)
		gh_json_set(&j, "xyz", three(f->v));
	return j;
}

static json_t *findings_json(const struct gh_single_view *view)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < view->n_findings; i++)
		gh_json_push(&list, finding_json(&view->findings[i]));
	return list;
}

static json_t *curve_json(const struct gh_single_view *view)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < view->n_curve; i++) {
		const struct gh_single_bin *b = &view->curve[i];

		gh_json_push(&list,
			     json_pack("{s:o, s:o, s:o}", "deg",
				       gh_json_real(b->deg), "there_a",
				       gh_json_real(b->there_a), "back_a",
				       gh_json_real(b->back_a)));
	}
	return list;
}

bool gh_single_json(const struct gh_single_view *view, FILE *out)
{
	json_t *root = json_pack(
		"{s:i, s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, "
		"s:o, s:o, s:o, s:o, s:o, s:o, s:b}",
		"schema", SCHEMA, "tool", "ghostlight", "probe",
		gh_json_text(view->probe), "part", gh_json_text(view->part),
		"rig", gh_json_text(view->rig), "serial",
		gh_json_text(view->serial), "port", gh_json_text(view->port),
		"simulated", view->simulated, "end", gh_json_text(view->end),
		"duration_s", gh_json_real(view->duration_s), "motion_s",
		gh_json_real(view->motion_s), "answered",
		gh_json_text(answers[view->answer]), "said",
		gh_json_text(view->said), "baseline",
		gh_json_text(view->baseline), "against",
		gh_json_text(view->against), "metrics", findings_json(view),
		"curve", curve_json(view), "error", gh_json_text(view->error),
		"unsafe_end", view->unsafe_end);
	const bool ok = root && json_dumpf(root, out, JSON_INDENT(1)) == 0 &&
			fputc('\n', out) != EOF;

	json_decref(root);
	return ok;
}
