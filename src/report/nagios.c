/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nagios - the one line of a monitoring plug-in. Performance data are the
 * measured gates, in the rig's order and in a unit that never changes with the
 * size of a value, so that a graph of them stays one graph.
 */
#include "report/formats.h" /* what is defined here */

#include <math.h>
#include <string.h>

/* Nagios reads 8 KiB (MAX_PLUGIN_OUTPUT_LENGTH); whole values only. */
enum { LINE_MOST = 8000, DATUM_CAP = 320 };

/* Units as people graph them; others as they are, if a reader takes them. */
static const struct {
	enum gh_unit unit;
	double factor;
	const char *text;
} scales[] = {
	{ GH_UNIT_AMPERE, 1e3, "mA" },
	{ GH_UNIT_RAD, 57.29577951308232, "deg" },
	{ GH_UNIT_SHARE, 100, "%" },
	{ GH_UNIT_ONE, 1, "" },
	{ GH_UNIT_TALLY, 1, "" },
};

struct scale {
	double factor;
	const char *text;
};

/* "deg/s" is no unit to parsers that take letters and '%' only: none then. */
static bool is_taken(const char *unit)
{
	for (; *unit; unit++)
		if (!(*unit >= 'a' && *unit <= 'z') &&
		    !(*unit >= 'A' && *unit <= 'Z') && *unit != '%')
			return false;
	return true;
}

static struct scale scale_of(enum gh_unit unit)
{
	const char *text = gh_unit_text(unit);

	for (size_t i = 0; i < GH_ARRAY_SIZE(scales); i++)
		if (scales[i].unit == unit)
			return (struct scale){ scales[i].factor,
					       scales[i].text };
	return (struct scale){ 1, is_taken(text) ? text : "" };
}

/* One line, and no '|' before the one that begins the data. */
static void put(FILE *out, const char *text)
{
	for (; *text; text++) {
		const bool plain = *text >= 0x20 && *text < 0x7f;

		fputc(!plain ? '?' : *text == '|' ? '/' : *text, out);
	}
}

/* "lo:hi"; open below "~:hi", above "lo:"; nothing when there is no limit. */
static void range(char *out, size_t cap, const struct gh_finding *f,
		  double factor)
{
	char lo[32] = "~", hi[32] = "";

	out[0] = '\0';
	if (!isfinite(f->limit_lo) && !isfinite(f->limit_hi))
		return;
	if (isfinite(f->limit_lo))
		snprintf(lo, sizeof lo, "%.6g", f->limit_lo * factor);
	if (isfinite(f->limit_hi))
		snprintf(hi, sizeof hi, "%.6g", f->limit_hi * factor);
	snprintf(out, cap, "%s:%s", lo, hi);
}

static bool is_datum(const struct gh_run_view *view, const struct gh_finding *f)
{
	return isfinite(f->value) && f->part >= 0 &&
	       (unsigned)f->part < view->n_parts && f->metric &&
	       f->metric->role == GH_ROLE_GATE;
}

static size_t datum(char *out, size_t cap, const struct gh_run_view *view,
		    const struct gh_finding *f)
{
	const struct scale scale = scale_of(f->unit);
	char label[GH_NAME_CAP + GH_METRIC_ID_CAP + 1], limits[80];
	int n;

	snprintf(label, sizeof label, "%s %s", view->parts[f->part].name,
		 f->id);
	/* A quote may be doubled, and many readers do not know that. */
	for (char *s = label; *s; s++)
		if (*s < 0x20 || *s >= 0x7f || strchr("'=|", *s))
			*s = '_';
	range(limits, sizeof limits, f, scale.factor);
	n = snprintf(out, cap, " '%s'=%.6g%s;;%s;;", label,
		     f->value * scale.factor, scale.text, limits);
	return n > 0 && (size_t)n < cap ? (size_t)n : 0;
}

static void data(const struct gh_run_view *view, size_t used, FILE *out)
{
	const struct gh_result *r = view->result;
	char text[DATUM_CAP];
	bool begun = false;

	for (size_t i = 0; i < r->n_findings; i++) {
		size_t n;

		if (!is_datum(view, &r->findings[i]))
			continue;
		n = datum(text, sizeof text, view, &r->findings[i]);
		if (n == 0 || used + n > LINE_MOST)
			continue;
		fprintf(out, "%s%s", begun ? "" : " |", text);
		begun = true;
		used += n;
	}
}

void gh_report_nagios(const struct gh_run_view *view, FILE *out)
{
	const struct gh_result *r = view->result;

	fprintf(out, "GHOSTLIGHT %s - %s", gh_verdict_name(r->verdict),
		view->simulated ? "SIMULATED: " : "");
	put(out, r->why[0] ? r->why : "every measured part is as it was");
	data(view, sizeof r->why + 64, out);
	fputc('\n', out);
}

void gh_report_nagios_failed(const char *why, FILE *out)
{
	fputs("GHOSTLIGHT UNSURE - ", out);
	put(out, why);
	fputc('\n', out);
}
