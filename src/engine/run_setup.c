/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run_setup - from the rig's parts to the controller's: what is there, what is
 * missing, and the plan that fits.
 */
#include "engine/run_state.h" /* struct run */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two starts and their tails, and an easing home from where the arms hung. */
#define PAUSES_US ((gh_us)(0.9 * GH_US_PER_S))

static int find_actuator(const struct gh_dev_info *info, const char *part)
{
	for (unsigned i = 0; i < info->n_actuators; i++)
		if (strcmp(info->actuators[i].part, part) == 0)
			return (int)i;
	return -1;
}

static int find_lamp(const struct gh_dev_info *info, const char *part)
{
	for (unsigned i = 0; i < info->n_lamps; i++)
		if (strcmp(info->lamps[i].part, part) == 0)
			return (int)i;
	return -1;
}

/* Identity: the rig file's id and joints against what answers. */
static enum gh_status check_identity(struct run *r)
{
	const struct gh_rig *rig = r->cfg->rig;
	const char *want = rig->links[0].id;

	if (want[0] != '\0' && strcmp(want, r->info->id) != 0)
		return gh_fail(&r->err, GH_PROTO,
			       "controller on %s: expected id %s, found %s; is "
			       "this the sculpture of %s?",
			       r->cfg->link->port, want,
			       r->info->id[0] ? r->info->id : "none",
			       rig->file);
	for (unsigned j = 0; j < rig->n_joints; j++) {
		const char *name = rig->parts[rig->joints[j].part].name;

		r->actuator[j] = find_actuator(r->info, name);
		if (r->actuator[j] < 0)
			return gh_fail(
				&r->err, GH_PROTO,
				"controller %s on %s has no joint %s (it "
				"has %u joints); is %s its rig file?",
				r->info->model, r->cfg->link->port, name,
				r->info->n_actuators, rig->file);
	}
	return GH_OK;
}

enum gh_status run_map(struct run *r)
{
	const struct gh_rig *rig = r->cfg->rig;

	for (unsigned i = 0; i < GH_DEV_CHANNELS; i++)
		r->channel_map[i] = -1;
	for (unsigned j = 0; j < GH_RIG_JOINTS; j++) {
		r->actuator[j] = -1;
		r->watch[j].position = -1;
		r->watch[j].current = -1;
	}
	for (unsigned i = 0; i < rig->n_parts; i++)
		r->torch[i].lamp = find_lamp(r->info, rig->parts[i].name);
	return check_identity(r);
}

/* What the controller sees and lights of the rig. */
static void map_lights(const struct run *r, struct gh_plan_request *req)
{
	const struct gh_rig *rig = r->cfg->rig;
	const int core = gh_rig_first_part(rig, GH_PART_CORE);
	uint64_t sensed = 0;

	for (unsigned i = 0; i < r->info->n_channels; i++) {
		const int part =
			gh_rig_find_part(rig, r->info->channels[i].part);

		if (part != GH_RIG_NONE && r->info->channels[i].measured)
			sensed |= (uint64_t)1 << part;
	}
	for (unsigned i = 0; i < rig->n_parts; i++) {
		const uint64_t bit = (uint64_t)1 << i;

		/* What a person looks at is not ours to judge. */
		if (!rig->parts[i].look_by_eye)
			req->seen |= sensed & bit;
		if (r->torch[i].lamp >= 0)
			req->lamps |= bit;
	}
	req->has_core = core != GH_RIG_NONE && (sensed >> core & 1) &&
			(req->lamps >> core & 1);
}

/* The joints whose current is measured, where the controller can guard. */
static uint32_t guardable(const struct run *r)
{
	uint32_t mask = 0;

	for (unsigned i = 0; r->info->guards && i < r->info->n_channels; i++) {
		const struct gh_dev_channel *ch = &r->info->channels[i];
		const int part = gh_rig_find_part(r->cfg->rig, ch->part);

		if (ch->what == GH_Q_CURRENT && ch->measured &&
		    part != GH_RIG_NONE &&
		    r->cfg->rig->parts[part].joint != GH_RIG_NONE)
			mask |= 1u << r->cfg->rig->parts[part].joint;
	}
	return mask;
}

/*
 * Only where every arm may hang, for one that sinks takes others with it, and
 * where none can meet another or a person: without torque all move as they
 * like.
 */
static bool can_rest(const struct run *r)
{
	const struct gh_rig *rig = r->cfg->rig;
	bool all = r->cfg->driver->torque != NULL && !r->cfg->near;

	for (unsigned j = 0; j < rig->n_joints; j++)
		all = all && rig->joints[j].may_drop &&
		      rig->arms[rig->joints[j].arm].group == GH_RIG_NONE;
	return all;
}

/*
 * Each program is started so many wall seconds ahead, however fast the time of
 * a simulated controller runs; the plan counts them in controller time.
 */
static gh_us start_leads(const struct run *r)
{
	gh_us sum = 0;

	for (size_t i = 0; i < r->plan->n; i++)
		if (r->plan->ends_begin > 0 &&
		    r->plan->span[i].begin >= r->plan->ends_begin)
			sum += GH_PROGRAM_LEAD_US;
	return sum - sum / (gh_us)r->info->time_scale;
}

enum gh_status run_make_plan(struct run *r)
{
	const gh_us reserve =
		(gh_us)((GH_SETUP_RESERVE_S + GH_END_RESERVE_S) * GH_US_PER_S);
	const gh_us scale = (gh_us)r->info->time_scale;
	const gh_us end_us = (gh_us)(GH_END_RESERVE_S * GH_US_PER_S);
	struct gh_plan_request req = {
		.rig = r->cfg->rig,
		.joints = (uint32_t)((1ull << r->cfg->rig->n_joints) - 1),
		.move = r->cfg->allow_motion,
		.position_hz = RUN_FAST_HZ,
		/* No watchdog: half the ceiling (protocols.md section 2). */
		.speed_share = r->info->watchdog_ms > 0 ? 1.0 : 0.5,
		.motion_us = r->cfg->budget_us - reserve - PAUSES_US,
		.near = r->cfg->near,
		.house_open = r->cfg->house_open,
		.guided = r->cfg->guided,
		.past = r->cfg->past,
		.ends = guardable(r),
		.can_rest = can_rest(r),
		.program_us = GH_PROGRAM_LEAD_US + GH_PROGRAM_TAIL_US,
	};
	enum gh_status st;

	map_lights(r, &req);
	gh_plan_narrow(&req, r->cfg->only);
	/* A simulated world may run faster; set-up and end do not. */
	r->verdict_at =
		r->cfg->begun + reserve + (req.motion_us + PAUSES_US) / scale;
	r->deadline = r->verdict_at - end_us;
	r->plan = calloc(1, sizeof *r->plan);
	if (!r->plan)
		return gh_fail(&r->err, GH_NOMEM, "no memory for a plan");
	st = r->cfg->single
		     ? gh_plan_single(r->plan, &req, r->cfg->single, &r->err)
		     : gh_plan_make(r->plan, &req, &r->err);
	/* It takes its own time, not what it may take. */
	if (r->cfg->single)
		r->verdict_at = gh_now(r->cfg->clock) + end_us +
				(r->plan->total + PAUSES_US) / scale;
	r->joints = r->plan->joints;
	run_aim_lights(r);
	r->verdict_at += start_leads(r);
	r->deadline += start_leads(r);
	return st;
}

static void copy_identity(struct gh_rec_facts *f, const struct run *r,
			  double proved_ms)
{
	const struct gh_dev_info *info = r->info;

	gh_copy_text(f->driver, sizeof f->driver, r->cfg->driver->name);
	gh_copy_text(f->model, sizeof f->model, info->model);
	gh_copy_text(f->firmware, sizeof f->firmware, info->firmware);
	gh_copy_text(f->id, sizeof f->id, info->id);
	gh_copy_text(f->boot, sizeof f->boot, info->boot);
	gh_copy_text(f->dictionary, sizeof f->dictionary, info->dictionary);
	gh_copy_text(f->reset_cause, sizeof f->reset_cause,
		     info->reset_cause ? info->reset_cause : "unknown");
	f->simulated = info->simulated || r->cfg->link->is_pty;
	f->time_scale = info->time_scale;
	f->watchdog_ms = info->watchdog_ms;
	f->watchdog_proved_ms = proved_ms;
}

void run_copy_facts(struct run *r, double proved_ms)
{
	struct gh_rec_facts *f = gh_recording_facts(r->rec);
	struct gh_dev_stats s;

	memset(&s, 0, sizeof s);
	r->cfg->driver->stats(r->dev, &s);
	copy_identity(f, r, proved_ms);
	f->frames_good = s.frames_good;
	f->frames_bad = s.frames_bad;
	f->samples = s.samples;
	f->samples_lost = s.samples_lost;
	f->device_bad = s.device_bad;
	f->device_overruns = s.device_overruns;
	f->device_dropped = s.device_dropped;
	f->longest_gap_ms = (double)s.longest_gap_us / GH_US_PER_MS;
	f->longest_loop_us = (double)s.longest_loop_us;
	f->rtt_p99_ms = s.rtt_p99_ms;
	f->resets = s.resets;
	f->counts_loss = s.counts_loss;
}
