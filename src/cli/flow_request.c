/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * flow_request - what was asked for, held against the rig file before anything
 * is opened.
 */
#include "cli/flow_state.h" /* struct gh_flow */

#include "base/sha256.h" /* gh_sha256_hex */
#include "cli/version.h" /* gh_version */
#include "rig/nearest.h" /* gh_rig_nearest_to */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The calls of a house are lengths (interface.md section 1). What runs while
 * nobody waits is a long one too; more than it has to do is not done.
 */
const struct gh_profile gh_profiles[] = {
	{ "places", 60.0, NULL, false },
	{ "five", 300.0, NULL, false },
	{ "fifteen", 900.0, NULL, false },
	{ "half", 1800.0, NULL, false },
	{ "nightly", 900.0, NULL, true },
	{ "transport", 300.0, NULL, false },
	{ "beginners", 60.0, "places", false },
	{ NULL, 0.0, NULL, false }
};

/* Half an hour is the longest call; a longer check is a typing error. */
#define BUDGET_MAX_S 1800.0

static enum gh_status find_profile(const char *name,
				   const struct gh_profile **out,
				   struct gh_err *err)
{
	char hint[GH_RIG_HINT_CAP];
	struct gh_rig_nearest near = gh_rig_nearest_to(name);
	const struct gh_profile *p = gh_profiles;

	for (; p->name && strcmp(p->name, name) != 0; p++)
		gh_rig_nearest_offer(&near, p->name);
	*out = p;
	if (p->name)
		return GH_OK;
	return gh_fail(err, GH_ARG,
		       "no profile is called \"%.40s\": expected places, "
		       "five, fifteen, half, nightly or transport%s",
		       name, gh_rig_nearest_hint(&near, hint));
}

bool flow_is_unattended(const struct gh_flow_request *req)
{
	const struct gh_profile *p = gh_profiles;

	while (req->profile && p->name && strcmp(p->name, req->profile) != 0)
		p++;
	return p->unattended && !req->single;
}

enum gh_status flow_budget(const struct gh_flow_request *req, double *seconds,
			   struct gh_err *err)
{
	const struct gh_profile *profile;
	enum gh_status st =
		find_profile(req->profile ? req->profile : gh_profiles[0].name,
			     &profile, err);

	*seconds = req->single ? GH_SINGLE_MAX_S : 0.0;
	if (st != GH_OK || req->single)
		return st;
	*seconds = req->budget_s > 0.0 ? req->budget_s : profile->seconds;
	if (*seconds > BUDGET_MAX_S)
		return gh_fail(err, GH_ARG,
			       "--budget: at most %.0f s, found %.0f s",
			       BUDGET_MAX_S, *seconds);
	return GH_OK;
}

/* As it is stored: what it stands for. */
static const char *profile_name(const struct gh_flow_request *req)
{
	const struct gh_profile *profile = NULL;
	struct gh_err none = { 0 };

	if (!req->profile || find_profile(req->profile, &profile, &none))
		return gh_profiles[0].name;
	return profile->stands_for ? profile->stands_for : profile->name;
}

static enum gh_status find_only(const struct gh_rig *rig, const char *name,
				int *only, struct gh_err *err)
{
	char hint[GH_RIG_HINT_CAP];
	struct gh_rig_nearest near;

	*only = -1;
	if (!name)
		return GH_OK;
	*only = gh_rig_find_part(rig, name);
	if (*only != GH_RIG_NONE)
		return GH_OK;
	near = gh_rig_nearest_to(name);
	for (unsigned i = 0; i < rig->n_parts; i++)
		gh_rig_nearest_offer(&near, rig->parts[i].name);
	return gh_fail(err, GH_ARG, "%.60s has no part \"%.40s\"%s", rig->file,
		       name, gh_rig_nearest_hint(&near, hint));
}

/* The bytes that gh_rig_read understood, for the store. */
static enum gh_status read_text(const char *path, const struct gh_rig *rig,
				char **out, size_t *bytes, struct gh_err *err)
{
	const size_t cap = 1u << 20; /* the reader's own limit is lower */
	char sha[GH_SHA256_HEX_CAP] = "";
	char *text = malloc(cap);
	FILE *file = text ? fopen(path, "rb") : NULL;

	if (file) {
		*bytes = fread(text, 1, cap, file);
		gh_sha256_hex(text, *bytes, sha);
		fclose(file);
	}
	if (!text || (!file && errno == ENOMEM)) {
		free(text);
		return gh_fail(err, GH_NOMEM, "no memory for a rig");
	}
	if (!file || strcmp(sha, rig->sha256) != 0) {
		free(text);
		return gh_fail(err, GH_IO, "%.120s changed while it was read",
			       path);
	}
	*out = text;
	return GH_OK;
}

/* The rig file as it was recorded. */
static enum gh_status copy_text(const struct gh_wirelog_head *head, char **out,
				size_t *bytes, struct gh_err *err)
{
	*out = malloc(head->rig_bytes + 1);
	if (!*out)
		return gh_fail(err, GH_NOMEM, "no memory for a rig");
	memcpy(*out, head->rig_text, head->rig_bytes);
	*bytes = head->rig_bytes;
	return GH_OK;
}

/* What a controller as the rig file has it sees and lights. */
static void expect_lights(const struct gh_rig *rig,
			  struct gh_plan_request *want)
{
	const uint32_t shining = 1u << GH_PART_CORE | 1u << GH_PART_CHROME |
				 1u << GH_PART_SPOTLIGHT;

	for (unsigned i = 0; i < rig->n_parts; i++) {
		if (rig->parts[i].look_by_eye)
			continue;
		want->seen |= (uint64_t)1 << i;
		if (shining >> rig->parts[i].kind & 1)
			want->lamps |= (uint64_t)1 << i;
	}
}

static enum gh_status check_plan(const struct gh_flow_request *req,
				 const struct gh_single *single,
				 const struct gh_rig *rig, int only,
				 double seconds, struct gh_plan **out,
				 struct gh_err *err)
{
	const double reserve_s = GH_SETUP_RESERVE_S + GH_END_RESERVE_S;
	const int core = gh_rig_first_part(rig, GH_PART_CORE);
	struct gh_plan_request want = {
		.rig = rig,
		.joints = (uint32_t)((1ull << rig->n_joints) - 1),
		.move = req->allow_motion,
		.has_core =
			core != GH_RIG_NONE && !rig->parts[core].look_by_eye,
		.position_hz = 100.0,
		.speed_share = 1.0,
		.motion_us = (gh_us)((seconds - reserve_s) * GH_US_PER_S),
		.near = req->near,
		.house_open = req->house_open,
		.guided = req->guided,
		.ends = ~0u,
		.program_us = GH_PROGRAM_LEAD_US + GH_PROGRAM_TAIL_US,
	};
	struct gh_plan *plan;
	enum gh_status st;

	expect_lights(rig, &want);
	/* Also what a person looks at: who answers says what it has. */
	if (single)
		want.lamps = ~(uint64_t)0;
	gh_plan_narrow(&want, only);
	if (want.motion_us <= 0)
		return gh_fail(err, GH_ARG,
			       "--budget %.1f s: opening and ending alone take "
			       "%.1f s",
			       seconds, reserve_s);
	plan = calloc(1, sizeof *plan);
	if (!plan)
		return gh_fail(err, GH_NOMEM, "no memory for a plan");
	st = single ? gh_plan_single(plan, &want, single, err)
		    : gh_plan_make(plan, &want, err);
	if (st == GH_OK)
		*out = plan;
	else
		free(plan);
	return st;
}

/* A rig file that cannot be read is a wrong command, not a wrong sculpture. */
static enum gh_status read_rig(struct gh_rig *rig,
			       const struct gh_flow_request *req,
			       struct gh_err *err)
{
	const char *path = req->rig_file;
	const struct gh_wirelog_head *head =
		req->replay ? gh_replay_head(req->replay) : NULL;
	enum gh_status st = head ? gh_rig_parse(rig, path, head->rig_text,
						head->rig_bytes, err)
				 : gh_rig_read(rig, path, err);

	if (st == GH_OK && rig->n_links != 1)
		return gh_fail(err, GH_ARG,
			       "%.80s: expected one [link], found %u: this "
			       "version checks one controller at a time",
			       path, rig->n_links);
	if (st == GH_IO)
		st = err->code = GH_ARG;
	return st;
}

enum gh_status gh_flow_plan(const struct gh_flow_request *req,
			    struct gh_rig **rig, struct gh_plan **plan,
			    struct gh_err *err)
{
	struct gh_rig *read;
	struct gh_single single;
	double seconds;
	int only;
	enum gh_status st = flow_budget(req, &seconds, err);

	if (st != GH_OK)
		return st;
	if (!req->rig_file || !req->rig_file[0])
		return gh_fail(err, GH_ARG,
			       "no rig file: give --rig FILE, or put one at "
			       "the place that `ghostlight paths` shows");
	read = calloc(1, sizeof *read);
	if (!read)
		return gh_fail(err, GH_NOMEM, "no memory for a rig");
	st = read_rig(read, req, err);
	if (st == GH_OK)
		st = find_only(read, req->only, &only, err);
	if (st == GH_OK && req->single) {
		st = flow_single_aim(req, read, only, &single, err);
		only = single.part;
	}
	if (st == GH_OK)
		st = check_plan(req, req->single ? &single : NULL, read, only,
				seconds, plan, err);
	if (st != GH_OK) {
		free(read);
		return st;
	}
	*rig = read;
	return GH_OK;
}

static void describe(struct gh_flow *f, double seconds)
{
	struct gh_run_info *info = &f->info;

	gh_copy_text(info->version, sizeof info->version, gh_version());
	gh_copy_text(info->rig, sizeof info->rig, f->rig->name);
	gh_copy_text(info->serial, sizeof info->serial, f->rig->serial);
	gh_copy_text(info->rig_sha256, sizeof info->rig_sha256, f->rig->sha256);
	if (f->req.only)
		gh_copy_text(info->only, sizeof info->only, f->req.only);
	if (f->req.budget_s > 0.0)
		snprintf(info->profile, sizeof info->profile, "%.4g s",
			 seconds);
	else
		gh_copy_text(info->profile, sizeof info->profile,
			     profile_name(&f->req));
	info->deadline_s = seconds;
	info->motion_allowed = f->req.allow_motion;
	info->started_s = gh_wall_s(f->req.clock);
}

enum gh_status flow_prepare(struct gh_flow *f, struct gh_err *err)
{
	struct gh_plan *plan = NULL;
	double seconds = 0.0;
	enum gh_status st = gh_flow_plan(&f->req, &f->rig, &plan, err);

	free(plan);
	if (st == GH_OK && f->req.replay)
		st = copy_text(gh_replay_head(f->req.replay), &f->rig_text,
			       &f->rig_bytes, err);
	else if (st == GH_OK)
		st = read_text(f->req.rig_file, f->rig, &f->rig_text,
			       &f->rig_bytes, err);
	if (st == GH_OK)
		st = flow_budget(&f->req, &seconds, err);
	if (st == GH_OK)
		st = find_only(f->rig, f->req.only, &f->only, err);
	if (st == GH_OK && f->req.single) {
		st = flow_single_aim(&f->req, f->rig, f->only, &f->single, err);
		f->only = f->single.part;
	}
	if (st == GH_OK)
		describe(f, seconds);
	return st;
}
