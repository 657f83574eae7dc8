/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flow_single - one part by itself: what may be asked of it, and what is shown
 * of the recording. Nothing of it is stored and no verdict comes of it.
 */
#include "cli/flow_state.h" /* struct gh_flow */

#include "measure/angle.h" /* GH_DEG_PER_RAD */
#include "rig/nearest.h"   /* gh_rig_nearest_to */

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const probe_names[] = {
	[GH_SINGLE_SWEEP] = "sweep", [GH_SINGLE_IDENTIFY] = "identify",
	[GH_SINGLE_LIGHTS] = "core", [GH_SINGLE_LOOK] = "core",
	[GH_SINGLE_JOG] = "jog",
};

/* In a recording; none is the name of a profile. */
static const char *const words[] = {
	[GH_SINGLE_SWEEP] = "sweep", [GH_SINGLE_IDENTIFY] = "identify",
	[GH_SINGLE_LIGHTS] = "core", [GH_SINGLE_LOOK] = "look",
	[GH_SINGLE_JOG] = "jog",
};

/* ---- What may be asked --------------------------------------------------- */

static enum gh_status find_look(const struct gh_rig *rig, const char *name,
				int *look, struct gh_err *err)
{
	struct gh_rig_nearest near = gh_rig_nearest_to(name);
	char hint[GH_RIG_HINT_CAP];

	for (unsigned i = 0; i < rig->n_looks; i++) {
		*look = (int)i;
		if (strcmp(rig->looks[i].name, name) == 0)
			return GH_OK;
		gh_rig_nearest_offer(&near, rig->looks[i].name);
	}
	return gh_fail(err, GH_ARG, "%.60s has no look \"%.40s\"%s", rig->file,
		       name, gh_rig_nearest_hint(&near, hint));
}

enum gh_status flow_single_aim(const struct gh_flow_request *req,
			       const struct gh_rig *rig, int only,
			       struct gh_single *out, struct gh_err *err)
{
	const struct gh_single_ask *ask = req->single;

	*out = (struct gh_single){ .kind = ask->kind,
				   .part = only,
				   .repeats = ask->repeats,
				   .speed_rad_s =
					   ask->speed_deg_s / GH_DEG_PER_RAD,
				   .look = ask->look_at,
				   .up = ask->up };
	if (out->part < 0)
		out->part = gh_rig_first_part(rig, GH_PART_CORE);
	if (out->part == GH_RIG_NONE)
		return gh_fail(err, GH_ARG, "%.60s has no core", rig->file);
	if (ask->kind == GH_SINGLE_LOOK && ask->look)
		return find_look(rig, ask->look, &out->look, err);
	return out->look < (int)rig->n_looks || ask->kind != GH_SINGLE_LOOK
		       ? GH_OK
		       : gh_fail(err, GH_ARG, "%.60s has no look %d", rig->file,
				 out->look);
}

/* ---- In a recording ------------------------------------------------------ */

void flow_single_profile(const struct gh_flow *f, char *out, size_t cap)
{
	const struct gh_single_ask *ask = f->req.single;

	if (ask->kind == GH_SINGLE_LOOK)
		snprintf(out, cap, "%s.%d", words[ask->kind], f->single.look);
	else if (ask->kind == GH_SINGLE_JOG)
		snprintf(out, cap, "%s.%d", words[ask->kind], ask->up);
	else
		snprintf(out, cap, "%s.%u.%u", words[ask->kind], ask->repeats,
			 ask->speed_deg_s);
}

/* A number after a dot; *text moves past it. */
static long take_number(const char **text)
{
	char digits[12];
	const size_t n = **text == '.' ? strcspn(*text + 1, ".") : 0;
	long v = 0;

	if (n == 0 || n >= sizeof digits)
		return 0;
	memcpy(digits, *text + 1, n);
	digits[n] = '\0';
	*text += 1 + n;
	return gh_parse_long(digits, &v) && v > 0 && v < 1000000 ? v : 0;
}

bool gh_flow_single_ask(const char *profile, struct gh_single_ask *out)
{
	const size_t n = strcspn(profile, ".");

	for (size_t k = 0; k < GH_ARRAY_SIZE(words); k++) {
		const char *rest = profile + n;

		if (n != strlen(words[k]) || strncmp(profile, words[k], n) != 0)
			continue;
		*out = (struct gh_single_ask){ .kind = (enum gh_single_kind)k };
		if (k == GH_SINGLE_LOOK) {
			out->look_at = (int)take_number(&rest);
			return true;
		}
		if (k == GH_SINGLE_JOG) {
			out->up = take_number(&rest) > 0;
			return true;
		}
		out->repeats = (unsigned)take_number(&rest);
		out->speed_deg_s = (unsigned)take_number(&rest);
		return true;
	}
	return false;
}

/* A database that is not there or cannot be read has no baseline. */
void flow_single_store(struct gh_flow *f)
{
	struct gh_err err = { 0 };

	if (gh_store_open(&f->store, f->req.db, GH_STORE_READ, &err) != GH_OK)
		f->store = NULL;
}

/* ---- Against the baseline ------------------------------------------------ */

static const char *field_of(const struct gh_key *key, const char *name)
{
	for (unsigned i = 0; i < key->n; i++)
		if (strcmp(key->field[i].name, name) == 0)
			return key->field[i].value;
	return NULL;
}

/*
 * Slower, alone, another plan: that is why there is no verdict. All else must
 * be as it was for the numbers to be put beside each other.
 */
static void excuse_plan(struct gh_key *key, const struct gh_key *was)
{
	static const char *const names[] = { "plan", "joints" };

	for (unsigned i = 0; i < key->n; i++)
		for (size_t k = 0; k < GH_ARRAY_SIZE(names); k++) {
			const char *old = field_of(was, names[k]);

			if (old && strcmp(key->field[i].name, names[k]) == 0)
				gh_copy_text(key->field[i].value,
					     sizeof key->field[i].value, old);
		}
}

static void say_against(struct gh_flow *f, struct gh_single_view *view)
{
	view->baseline = "";
	if (!f->has_baseline)
		gh_copy_text(view->against, sizeof view->against,
			     "no sealed baseline to put beside it");
	else if (!f->result->comparable)
		snprintf(view->against, sizeof view->against,
			 "not comparable with baseline %.24s: %.55s",
			 f->baseline.name, f->result->why_not[0]);
	else {
		view->baseline = f->baseline.name;
		snprintf(view->against, sizeof view->against,
			 "beside baseline %.24s, taken with another plan: for "
			 "information, no verdict",
			 f->baseline.name);
	}
}

/* Of the reasons for no value, those that lie in this sculpture. */
static bool is_worth_saying(enum gh_reason r)
{
	return r == GH_REASON_SENSOR_SUSPECT || r == GH_REASON_SATURATED ||
	       r == GH_REASON_SENSOR_STALE || r == GH_REASON_AMBIENT ||
	       r == GH_REASON_NOT_COMPUTABLE;
}

static bool is_colour(const struct gh_finding *f)
{
	return f->metric->kind == GH_METRIC_COLOUR;
}

static bool has_value(const struct gh_finding *f)
{
	return isfinite(f->value) || (is_colour(f) && isfinite(f->v[1]));
}

/* The judge's numbers without what it thinks of them. */
static void keep_finding(const struct gh_flow *f, const struct gh_finding *from,
			 struct gh_single_view *view)
{
	struct gh_finding *to;

	if (from->part != f->single.part ||
	    view->n_findings == GH_SINGLE_FINDINGS ||
	    (!has_value(from) && !is_worth_saying(from->reason)))
		return;
	to = &view->findings[view->n_findings++];
	*to = *from;
	to->state = GH_STATE_SKIPPED;
	to->limit_lo = to->limit_hi = NAN;
	to->repeats = 0;
	if (!view->baseline[0])
		to->expected = NAN;
	/* A distance of colours from nothing. */
	if (!view->baseline[0] && is_colour(to))
		to->value = NAN;
	if (has_value(to)) {
		to->reason = GH_REASON_NONE;
		to->note[0] = '\0';
	}
}

static void compare(struct gh_flow *f, struct gh_single_view *view)
{
	struct gh_err err = { 0 };
	enum gh_status st = flow_measure(f, f->ran.rec, &err);

	flow_note_loss(f, st, &err);
	flow_make_key(f);
	if (f->store)
		st = flow_find_baseline(f, f->req.baseline, &err);
	if (st == GH_NOMEM)
		flow_note_loss(f, st, &err);
	if (f->has_baseline)
		excuse_plan(&f->info.key, &f->baseline.key);
	flow_judge(f);
	say_against(f, view);
	for (size_t i = 0; i < f->result->n_findings; i++)
		keep_finding(f, &f->result->findings[i], view);
}

/* ---- All of it ----------------------------------------------------------- */

static void fill(struct gh_flow *f, struct gh_single_view *view)
{
	struct gh_err err = { 0 };

	*view = (struct gh_single_view){
		.probe = probe_names[f->single.kind],
		.part = f->rig->parts[f->single.part].name,
		.rig = f->info.rig,
		.serial = f->info.serial,
		.port = f->info.port,
		.simulated = f->info.simulated,
		.end = gh_run_end_name(f->info.end),
		.error = f->trouble.msg,
		.unsafe_end = f->end.unsafe,
		.duration_s = f->info.duration_s,
		.motion_s = f->info.motion_s,
		.baseline = "",
	};
	/* Half a sweep says half the truth, and that is none. */
	if (!f->ran.rec || f->end.interrupted)
		return;
	flow_note_loss(f, flow_single_look(f, view, &err), &err);
	if (view->answer != GH_ANSWER_NO &&
	    f->single.kind != GH_SINGLE_IDENTIFY &&
	    f->single.kind != GH_SINGLE_LOOK && f->single.kind != GH_SINGLE_JOG)
		compare(f, view);
	view->end = gh_run_end_name(f->info.end);
}

enum gh_status flow_single_conclude(struct gh_flow *f, struct gh_err *err)
{
	f->single_view = calloc(1, sizeof *f->single_view);
	if (!f->single_view)
		return gh_fail(err, GH_NOMEM, "no memory for what was seen");
	fill(f, f->single_view);
	flow_tell(f, GH_EV_RUN_END, "");
	return GH_OK;
}

const struct gh_single_view *gh_flow_single_view(const struct gh_flow *f)
{
	return f->single_view;
}
