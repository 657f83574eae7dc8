/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * openmetrics - the last run as gauges. No timestamps: node_exporter's textfile
 * collector refuses them. What is not a number is left out, never 0 or NaN.
 */
#include "report/formats.h" /* what is defined here */

#include "judge/finding.h" /* gh_limit_ratio */

#include <math.h>
#include <string.h>

struct om {
	const struct gh_run_view *view;
	double motion_s;
	FILE *out;
};

static void label(FILE *out, const char *name, const char *value)
{
	fprintf(out, "%s=\"", name);
	for (; *value; value++) {
		const bool plain = *value >= 0x20 && *value < 0x7f;

		if (*value == '"' || *value == '\\')
			fputc('\\', out);
		fputc(plain ? *value : '?', out);
	}
	fputc('"', out);
}

/* part, metric NULL: that label is not there. */
static void sample(const struct om *m, const char *name, const char *part,
		   const char *metric, double value)
{
	const struct {
		const char *name, *value;
	} labels[] = { { "part", part },
		       { "metric", metric },
		       { "simulated", m->view->simulated ? "1" : NULL } };
	const char *before = "{";

	if (!isfinite(value))
		return;
	fputs(name, m->out);
	for (size_t i = 0; i < GH_ARRAY_SIZE(labels); i++) {
		if (!labels[i].value)
			continue;
		fputs(before, m->out);
		label(m->out, labels[i].name, labels[i].value);
		before = ",";
	}
	fprintf(m->out, "%s %.12g\n", before[0] == ',' ? "}" : "", value);
}

static void verdict(const struct om *m, const char *name)
{
	sample(m, name, NULL, NULL,
	       gh_verdict_exit_code(m->view->result->verdict));
}

static void timestamp(const struct om *m, const char *name)
{
	if (m->view->started_s > 0)
		sample(m, name, NULL, NULL, (double)m->view->started_s);
}

static void duration(const struct om *m, const char *name)
{
	if (m->view->started_s > 0)
		sample(m, name, NULL, NULL, m->view->duration_s);
}

static void motion(const struct om *m, const char *name)
{
	char total[64];

	snprintf(total, sizeof total, "%s_total", name);
	sample(m, total, NULL, NULL, m->motion_s);
}

static void states(const struct om *m, const char *name)
{
	const struct gh_run_view *view = m->view;

	for (unsigned p = 0; p < view->n_parts; p++)
		if (view->result->parts[p].state != GH_VERDICT_NOT_RUN)
			sample(m, name, view->parts[p].name, NULL,
			       gh_verdict_exit_code(
				       view->result->parts[p].state));
}

static void deviations(const struct om *m, const char *name)
{
	const struct gh_run_view *view = m->view;
	const struct gh_result *r = view->result;

	for (size_t i = 0; i < r->n_findings; i++) {
		const struct gh_finding *f = &r->findings[i];

		if (f->part >= 0 && (unsigned)f->part < view->n_parts)
			sample(m, name, view->parts[f->part].name, f->id,
			       gh_limit_ratio(f->value, f->expected,
					      f->limit_lo, f->limit_hi));
	}
}

static const struct {
	const char *name, *type, *unit, *help;
	void (*samples)(const struct om *m, const char *name);
} families[] = {
	{ "ghostlight_verdict", "gauge", NULL,
	  "0 READY, 1 WATCH, 2 HOLD, 3 UNSURE.", verdict },
	{ "ghostlight_last_run_timestamp_seconds", "gauge", "seconds",
	  "When the last run began; its age is the dead-man switch.",
	  timestamp },
	{ "ghostlight_run_duration_seconds", "gauge", "seconds",
	  "How long the last run took.", duration },
	{ "ghostlight_part_state", "gauge", NULL,
	  "0 READY, 1 WATCH or known, 2 HOLD, 3 UNSURE; absent: not run.",
	  states },
	{ "ghostlight_part_deviation_ratio", "gauge", "ratio",
	  "Change over limit of a metric; 1 is at the limit.", deviations },
	{ "ghostlight_motion_seconds", "counter", "seconds",
	  "Seconds of motion in all stored runs.", motion },
};

void gh_report_openmetrics(const struct gh_run_view *view, double motion_s,
			   FILE *out)
{
	const struct om m = { view, motion_s, out };

	for (size_t i = 0; i < GH_ARRAY_SIZE(families); i++) {
		fprintf(out, "# TYPE %s %s\n", families[i].name,
			families[i].type);
		if (families[i].unit)
			fprintf(out, "# UNIT %s %s\n", families[i].name,
				families[i].unit);
		fprintf(out, "# HELP %s %s\n", families[i].name,
			families[i].help);
		families[i].samples(&m, families[i].name);
	}
	fputs("# EOF\n", out);
}
