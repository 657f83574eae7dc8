/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run_arm - who may move, and for how long: the permission that is used up with
 * this run and grows old before it, the controller's limits, the watchdog that
 * was seen to trip. What is armed is told by name.
 */
#include "engine/run_state.h" /* struct run */

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Told one by one; more are told by their arms. */
#define JOINTS_BY_NAME 3
#define MINUTE_US (60 * (gh_us)GH_US_PER_S)

/*
 * A computer that slept between question and arms, or that waited for a
 * database, asks again: the stage is not what it was. The monotonic clock may
 * have slept too, so the calendar counts as well.
 */
static enum gh_status is_permitted(struct run *r)
{
	const struct gh_run_config *c = r->cfg;
	const gh_us age = gh_now(c->clock) - c->begun;
	const gh_us slept =
		c->begun_s == 0
			? 0
			: (gh_wall_s(c->clock) - c->begun_s) * GH_US_PER_S;
	const gh_us old = age > slept ? age : slept;

	if (c->boot && strcmp(c->boot, r->info->boot) != 0)
		return gh_fail(&r->err, GH_RESET,
			       "the controller started anew since it was "
			       "permitted to move: look at the arms and give "
			       "the permission again");
	if (old <= GH_PERMIT_US)
		return GH_OK;
	return gh_fail(&r->err, GH_UNSAFE,
		       "the permission to move is %lld min old (at most %lld): "
		       "look at the stage and give it again",
		       (long long)(old / MINUTE_US),
		       (long long)(GH_PERMIT_US / MINUTE_US));
}

static enum gh_status lower_limits(struct run *r)
{
	const struct gh_rig *rig = r->cfg->rig;
	enum gh_status st = GH_OK;

	for (unsigned j = 0; st == GH_OK && j < rig->n_joints; j++) {
		const struct gh_rig_joint *joint = &rig->joints[j];
		struct gh_dev_actuator lim = r->info->actuators[r->actuator[j]];

		lim.lo_rad = fmax(lim.lo_rad, joint->lo_rad);
		lim.hi_rad = fmin(lim.hi_rad, joint->hi_rad);
		lim.speed_rad_s = fmin(lim.speed_rad_s, joint->speed_max_rad_s);
		lim.accel_rad_s2 =
			fmin(lim.accel_rad_s2, joint->accel_max_rad_s2);
		lim.current_a = r->watch[j].limit_a;
		st = r->cfg->driver->limit(r->dev, (unsigned)r->actuator[j],
					   &lim, &r->err);
	}
	return st;
}

/* Whatever a driver says of its arming: without the proof nothing moves. */
static enum gh_status is_proved(struct run *r, double proved_ms)
{
	if (r->info->watchdog_ms == 0 || proved_ms > 0.0)
		return GH_OK;
	return gh_fail(&r->err, GH_UNSAFE,
		       "%s: the watchdog of %u ms was not seen to trip: "
		       "nothing moves",
		       r->cfg->link->port, r->info->watchdog_ms);
}

static unsigned count(uint32_t bits)
{
	unsigned n = 0;

	for (; bits; bits &= bits - 1)
		n++;
	return n;
}

/* "hope.elbow, dawn.wrist" or "all of hope, memory". */
static void name_joints(const struct run *r, char *out, size_t cap)
{
	const struct gh_rig *rig = r->cfg->rig;
	const bool by_name = count(r->joints) <= JOINTS_BY_NAME;
	size_t used = 0;
	int arm = GH_RIG_NONE;

	out[0] = '\0';
	for (unsigned j = 0; j < rig->n_joints && used < cap; j++) {
		const struct gh_rig_joint *joint = &rig->joints[j];

		if (!(r->joints >> j & 1) || (!by_name && joint->arm == arm))
			continue;
		arm = joint->arm;
		used += (size_t)snprintf(out + used, cap - used, "%s%s",
					 used > 0 ? ", " : "",
					 by_name ? rig->parts[joint->part].name
						 : rig->arms[arm].name);
	}
}

static void tell_armed(struct run *r, double proved_ms)
{
	const unsigned n = count(r->joints);
	char how[64] = "no watchdog: steps of 20 ms, half speed";
	char names[80], text[200];

	name_joints(r, names, sizeof names);
	if (r->info->watchdog_ms > 0)
		snprintf(how, sizeof how,
			 "watchdog %u ms, tripped after %.0f ms when tried",
			 r->info->watchdog_ms, proved_ms);
	snprintf(text, sizeof text,
		 "armed until this run ends: %s (%u joint%s); %s", names, n,
		 n == 1 ? "" : "s", how);
	run_tell(r, GH_EV_NOTE, text);
}

enum gh_status run_arm(struct run *r, double *proved_ms)
{
	struct gh_dev_status seen;
	enum gh_status st = is_permitted(r);

	if (st == GH_OK)
		st = lower_limits(r);
	if (st == GH_OK)
		st = r->cfg->driver->arm(r->dev, r->cfg->clear_latch, proved_ms,
					 &r->err);
	if (st == GH_OK)
		st = is_proved(r, *proved_ms);
	if (st == GH_OK)
		st = r->cfg->driver->status(r->dev, &seen, &r->err);
	if (st != GH_OK)
		return st;
	for (unsigned j = 0; j < r->cfg->rig->n_joints; j++)
		r->cursor[j].offset_rad = seen.position_rad[r->actuator[j]];
	run_forget_places(r);
	r->on_guard = true;
	tell_armed(r, *proved_ms);
	return GH_OK;
}
