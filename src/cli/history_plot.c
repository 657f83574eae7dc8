/* SPDX-License-Identifier: GPL-3.0-or-later */
/* history_plot - a metric over time as a picture. */
#include "cli/history.h" /* struct gh_history */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FULL_TURN_DEG 360.0

/* One of the series is for all that came before the others. */
enum { EPOCHS = GH_PLOT_SERIES - 1 };

static bool is_kind(const struct gh_history *h, enum gh_metric_kind kind)
{
	return h->metric && h->metric->kind == kind;
}

double gh_history_value(const struct gh_history *h, size_t i)
{
	const double v = h->rows[i].v[is_kind(h, GH_METRIC_COLOUR) ? 1 : 0];
	const double from = h->rows[h->first].v[0];

	if (!is_kind(h, GH_METRIC_CIRCULAR))
		return v;
	return from + remainder(v - from, FULL_TURN_DEG);
}

enum gh_unit gh_history_unit(const struct gh_history *h)
{
	return h->metric && !is_kind(h, GH_METRIC_COLOUR) ? h->metric->unit
							  : GH_UNIT_ONE;
}

/* The axis is in days unless all that is less than two of them. */
static const struct unit {
	double seconds;
	const char *label, *unit;
} units[] = {
	{ 86400, "days to the newest run", "d" },
	{ 3600, "hours to the newest run", "h" },
	{ 60, "minutes to the newest run", "min" },
};

static const struct unit *unit_of(const struct gh_history *h)
{
	const double span =
		(double)(h->rows[h->n - 1].started_s - h->rows[0].started_s);
	size_t i = 0;

	while (i + 1 < GH_ARRAY_SIZE(units) && span < 2 * units[i].seconds)
		i++;
	return &units[i];
}

/* Before the newest run it is negative. */
static double time_of(const struct gh_history *h, int64_t at_s)
{
	return (double)(at_s - h->rows[h->n - 1].started_s) /
	       unit_of(h)->seconds;
}

/* ---- Epochs ----------------------------------------------------------------*/

/* Row i is judged by another baseline or formula than the one before it. */
static bool begins(const struct gh_history *h, size_t i)
{
	return i == 0 || h->rows[i].version != h->rows[i - 1].version ||
	       strcmp(h->rows[i].baseline, h->rows[i - 1].baseline) != 0;
}

/* Where the last EPOCHS of them begin. */
static size_t first_told(const struct gh_history *h)
{
	size_t left = EPOCHS, i = h->n;

	while (i > 0 && left > 0)
		left -= begins(h, --i);
	return i;
}

struct points {
	double *x, *y;
	size_t n;
};

static void put(struct points *p, double x, double y)
{
	p->x[p->n] = x;
	p->y[p->n++] = y;
}

/* Rows from .. end - 1, with a gap where an epoch begins. */
static void add_series(struct gh_plot *plot, const struct gh_history *h,
		       size_t from, size_t end, struct points *p)
{
	const bool earlier = from == 0 && end == first_told(h);
	const char *name = h->rows[from].baseline;

	p->n = 0;
	for (size_t i = from; i < end; i++) {
		const double at = time_of(h, h->rows[i].started_s);

		if (i > from && begins(h, i))
			put(p, at, NAN);
		put(p, at, gh_history_value(h, i));
	}
	gh_plot_add(plot,
		    earlier   ? "earlier"
		    : name[0] ? name
			      : "no baseline",
		    GH_PLOT_NOW, p->x, p->y, p->n);
}

/* The newest first: its glyph is the plainest. */
static void add_epochs(struct gh_plot *plot, const struct gh_history *h,
		       struct points *p)
{
	const size_t told = first_told(h);
	size_t end = h->n;

	for (size_t i = h->n; i-- > told;) {
		if (!begins(h, i))
			continue;
		add_series(plot, h, i, end, p);
		end = i;
	}
	if (told > 0)
		add_series(plot, h, 0, told, p);
}

/* ---- Limits and events -----------------------------------------------------*/

/* Of an angle on the same turn as the newest value. */
static double limit_of(const struct gh_history *h, double limit)
{
	const double last = gh_history_value(h, h->n - 1);

	if (is_kind(h, GH_METRIC_COLOUR))
		return NAN;
	return is_kind(h, GH_METRIC_CIRCULAR)
		       ? last + remainder(limit - last, FULL_TURN_DEG)
		       : limit;
}

/* The newest of them, oldest first. */
static void add_marks(struct gh_plot *plot, const struct gh_history *h,
		      const struct gh_history_event *e, size_t n, size_t change)
{
	size_t room = GH_PLOT_MARKS;
	char text[sizeof e->text + 32];

	if (change < h->n) {
		gh_plot_mark(plot, time_of(h, h->rows[change].started_s),
			     "change");
		room--;
	}
	for (size_t i = n > room ? n - room : 0; i < n; i++) {
		const bool said = strstr(e[i].text, e[i].kind) != NULL;

		snprintf(text, sizeof text, "%s%s%s", said ? "" : e[i].kind,
			 said ? "" : ": ", e[i].text);
		gh_plot_mark(plot, time_of(h, e[i].at_s), text);
	}
}

static void name_axes(struct gh_plot *p, const struct gh_history *h)
{
	const char *meaning = h->metric ? h->metric->meaning : h->id;
	const char *unit = h->metric ? gh_unit_text(gh_history_unit(h)) : "";

	snprintf(p->title, sizeof p->title, "%s: %s", h->part, meaning);
	gh_copy_text(p->x.label, sizeof p->x.label, unit_of(h)->label);
	gh_copy_text(p->x.unit, sizeof p->x.unit, unit_of(h)->unit);
	gh_copy_text(p->y.label, sizeof p->y.label,
		     is_kind(h, GH_METRIC_COLOUR) ? "Y" : meaning);
	gh_copy_text(p->y.unit, sizeof p->y.unit, unit);
	p->limit_lo = limit_of(h, h->limits.limit_lo);
	p->limit_hi = limit_of(h, h->limits.limit_hi);
}

bool gh_history_plot(struct gh_plot *p, const struct gh_history *h,
		     const struct gh_history_event *events, size_t n_events,
		     size_t change)
{
	/* A gap at most before each run. */
	struct points all = { calloc(2 * h->n, sizeof *all.x),
			      calloc(2 * h->n, sizeof *all.y), 0 };
	const bool ok = all.x && all.y && gh_plot_room(p, 2 * h->n);

	if (ok) {
		name_axes(p, h);
		add_epochs(p, h, &all);
		add_marks(p, h, events, n_events, change);
	}
	free(all.x);
	free(all.y);
	return ok;
}
