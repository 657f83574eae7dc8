/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/not_checked.h"

#include "base/status.h"     /* GH_PRINTF */
#include "engine/exercise.h" /* gh_exercise_hides */

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What would make it known; NULL: nothing the crew can do about it here. */
static const char *const remedies[GH_REASON_COUNT] = {
	[GH_REASON_NO_BASELINE] = "seal a baseline",
	[GH_REASON_TOO_FEW_RUNS] = "add runs to the baseline",
	[GH_REASON_ONE_SESSION] = "add runs of other days",
	[GH_REASON_TOO_SLOW] = "needs a faster channel",
	[GH_REASON_COMMANDED_ONLY] = "needs a measured position",
	[GH_REASON_NO_CONSENT] = "needs --allow-motion",
	[GH_REASON_NOT_IN_PROFILE] = "needs a longer profile or another scope",
	[GH_REASON_GUARD_BAND] = "check again",
	[GH_REASON_NOT_CONFIRMED] = "check again",
	[GH_REASON_OUTSIDE_TEMPERATURE] = "needs a baseline of such a room",
	[GH_REASON_OUTSIDE_SUPPLY] = "needs the baseline's supply",
	[GH_REASON_TOO_NOISY] = "add runs of other days",
	[GH_REASON_INTERRUPTED] = "check again",
	[GH_REASON_NOT_MEASURED] = "check again",
};

/* What a person looks for where there is no sensor. */
static const char *const by_eye[GH_PART_KIND_COUNT] = {
	[GH_PART_JOINT] = "moves when asked, nothing loose, no noise",
	[GH_PART_CORE] = "every colour lights, the breath is even",
	[GH_PART_FIBRE] = "every strand lit to its end, none frayed",
	[GH_PART_CRYSTAL] = "faces clean, flashes as its arm passes",
	[GH_PART_CHROME] = "no brown, no dust, no scratch",
	[GH_PART_SPOTLIGHT] = "lit, aimed, lens clean",
	[GH_PART_SUPPLY] = "its lamp lit, plugs cold",
	[GH_PART_LINK] = "plugged in, not bent",
	[GH_PART_CONTROLLER] = "its lamp lit",
	[GH_PART_REMOTE] = "press it: the piece answers",
};

struct list {
	const struct gh_judge_part *parts;
	const struct gh_result *result;
	struct gh_not_listed *out;
	size_t n, cap;
};

/* All findings of one part that share a reason. */
struct group {
	unsigned n, of; /* how many of how many */
	uint32_t exercises; /* that they need, */
	uint32_t done;	    /* and that others of the part were measured by */
	char names[GH_NOTE_CAP];
};

static void add(struct list *l, unsigned part, const char *fmt, ...)
	GH_PRINTF(3, 4);

static void add(struct list *l, unsigned part, const char *fmt, ...)
{
	struct gh_not_listed *row;
	va_list args;

	if (l->n == l->cap)
		return;
	row = &l->out[l->n++];
	snprintf(row->part, sizeof row->part, "%s", l->parts[part].name);
	va_start(args, fmt);
	vsnprintf(row->reason, sizeof row->reason, fmt, args);
	va_end(args);
}

static bool is_open(const struct gh_finding *f)
{
	return f->state == GH_STATE_UNKNOWN || f->state == GH_STATE_SKIPPED;
}

/* "pulse depth, flicker"; what finds no room is left out. */
static void add_name(struct group *g, const struct gh_finding *f, size_t room)
{
	const char *name = f->metric ? f->metric->meaning : f->id;
	const size_t used = strlen(g->names);

	g->n++;
	if (f->metric)
		g->exercises |= f->metric->needs.exercises;
	if (used + strlen(name) + 2 < room)
		snprintf(g->names + used, sizeof g->names - used, "%s%s",
			 used ? ", " : "", name);
}

static struct group collect(const struct list *l, unsigned part,
			    enum gh_reason reason)
{
	struct group g = { 0 };

	for (size_t i = 0; i < l->result->n_findings; i++) {
		const struct gh_finding *f = &l->result->findings[i];

		if (f->part != (int)part)
			continue;
		g.of++;
		if (f->reason != reason && f->metric)
			g.done |= f->metric->needs.exercises;
		/* Half of the line for names, half for the reason. */
		if (is_open(f) && f->reason == reason)
			add_name(&g, f, GH_NOTE_CAP / 2);
	}
	return g;
}

/* Faults that only what was left out would have shown; "" where none may. */
static const char *hidden_by(const struct list *l, unsigned part,
			     enum gh_reason reason, const struct group *g)
{
	if (reason != GH_REASON_NOT_IN_PROFILE)
		return "";
	for (unsigned e = 0; e < GH_EX_COUNT; e++) {
		const char *hides = gh_exercise_hides((enum gh_exercise)e,
						      l->parts[part].kind);

		if (((g->exercises & ~g->done) >> e & 1) && hides[0])
			return hides;
	}
	return "";
}

static void add_group(struct list *l, unsigned part, enum gh_reason reason)
{
	const struct group g = collect(l, part, reason);
	const char *remedy = remedies[reason];
	const char *sep = remedy ? "; " : "";
	const char *hides = hidden_by(l, part, reason, &g);

	if (g.n == 0)
		return;
	if (hides[0]) {
		add(l, part, "%s; %s could hide", gh_reason_text(reason),
		    hides);
		return;
	}
	if (g.n == g.of)
		add(l, part, "%s%s%s", gh_reason_text(reason), sep,
		    remedy ? remedy : "");
	else
		add(l, part, "%s: %s%s%s", g.names, gh_reason_text(reason), sep,
		    remedy ? remedy : "");
}

static bool has_finding(const struct gh_result *r, unsigned part)
{
	for (size_t i = 0; i < r->n_findings; i++)
		if (r->findings[i].part == (int)part)
			return true;
	return false;
}

static void add_part(struct list *l, unsigned part)
{
	const struct gh_part_result *r = &l->result->parts[part];

	if (l->parts[part].look_by_eye) {
		add(l, part, "%s: %s; `note --part %s` keeps it",
		    gh_reason_text(GH_REASON_LOOK_BY_EYE),
		    by_eye[l->parts[part].kind], l->parts[part].name);
		return;
	}
	if (!has_finding(l->result, part)) {
		const enum gh_reason why = r->reason != GH_REASON_NONE
						   ? r->reason
						   : GH_REASON_NOT_MEASURED;

		add(l, part, "%s", gh_reason_text(why));
		return;
	}
	for (unsigned i = GH_REASON_NONE + 1; i < GH_REASON_COUNT; i++)
		add_group(l, part, (enum gh_reason)i);
}

size_t gh_not_checked_list(const struct gh_judge_part *parts, unsigned n_parts,
			   const struct gh_result *result,
			   struct gh_not_listed *out, size_t cap)
{
	struct list l = { parts, result, out, 0, cap };

	for (unsigned i = 0; i < n_parts && i < result->n_parts; i++)
		add_part(&l, i);
	return l.n;
}
