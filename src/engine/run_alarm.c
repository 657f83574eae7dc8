/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * run_alarm - what ends a run beside the joints' own envelope: what the
 * controller reports, a supply that sags, a joint that gets hot, a wire that
 * carries more damage than frames (reliability.md section 3 rule 5).
 */
#include "engine/run_state.h" /* struct run */

#include <math.h>
#include <stdio.h>
#include <string.h>

/*
 * Servos of 12 V give up their torque below 9 V (data sheets); a board that
 * measures its supply stops there by itself. A dip is a finding, not a danger:
 * it must last as long as a joint may be unseen.
 */
#define SAG_SHARE 0.7
#define SAG_US 500000
/* Two readings in a row, as with currents: one may be damaged. */
#define HOT_SAMPLES 2
/*
 * More damaged frames than whole ones, over as long as telemetry may be old.
 * The least that counts is a guess: the tail of one burst of noise of a few ms.
 * A cable that loses one frame in twenty is named, not stopped.
 */
#define BURST_US 100000
#define BURST_BAD 8

/* A beat goes out four times in a watchdog's time: who misses one is slow. */
#define SLOW_SHARE 0.25

/* ---- What the controller reports ----------------------------------------- */

static const char *actuator_name(const struct run *r, int actuator)
{
	if (actuator < 0 || (unsigned)actuator >= r->info->n_actuators)
		return "the controller";
	return r->info->actuators[actuator].part;
}

static void note_guard(struct run *r, const struct gh_dev_event *ev)
{
	for (unsigned j = 0; j < r->cfg->rig->n_joints; j++)
		if (r->actuator[j] == ev->arg)
			r->watch[j].guard_at = ev->at;
}

/* No beat came in time: whose fault that was can be told from this side. */
static enum gh_status watchdog_tripped(struct run *r,
				       const struct gh_dev_event *ev)
{
	const double away_ms = (double)r->away_us / GH_US_PER_MS;

	if (away_ms >= SLOW_SHARE * r->info->watchdog_ms)
		return gh_fail(&r->err, GH_UNSAFE,
			       "the controller stopped by itself: %s: this "
			       "host was too slow, it was away for %.0f ms",
			       ev->text, away_ms);
	return gh_fail(&r->err, GH_UNSAFE,
		       "the controller stopped by itself: %s: no beat of "
		       "this host reached it for %u ms; check the cable",
		       ev->text, r->info->watchdog_ms);
}

enum gh_status run_dev_event(struct run *r, const struct gh_dev_event *ev)
{
	switch (ev->kind) {
	case GH_DEV_EV_LATCHED:
		if (strstr(ev->text, "WATCHDOG"))
			return watchdog_tripped(r, ev);
		return gh_fail(&r->err, GH_UNSAFE,
			       "the controller stopped by itself: %s (%s)",
			       ev->text, actuator_name(r, (int)ev->value));
	case GH_DEV_EV_OVER_CURRENT:
		run_note_stop(r, actuator_name(r, ev->arg), "current");
		return gh_fail(&r->err, GH_UNSAFE,
			       "%s draws %.2f A: the controller stopped",
			       actuator_name(r, ev->arg), ev->value);
	case GH_DEV_EV_OVER_TEMPERATURE:
		run_note_stop(r, actuator_name(r, ev->arg), "heat");
		return gh_fail(&r->err, GH_UNSAFE,
			       "%s is at %.1f degC: the controller stopped",
			       actuator_name(r, ev->arg), ev->value);
	case GH_DEV_EV_BOOT:
		return gh_fail(&r->err, GH_RESET,
			       "the controller rebooted in mid run (%s): check "
			       "its supply",
			       ev->text);
	case GH_DEV_EV_ENABLE:
		if (ev->arg == 0 && r->on_guard)
			return gh_fail(&r->err, GH_UNSAFE,
				       "the enable input went off: stopped");
		return GH_OK;
	case GH_DEV_EV_BROWN_OUT:
	case GH_DEV_EV_SENSOR:
		run_tell(r, GH_EV_NOTE, ev->text);
		return GH_OK;
	case GH_DEV_EV_GUARD:
		note_guard(r, ev);
		return GH_OK;
	case GH_DEV_EV_PROGRAM_END:
		return GH_OK;
	}
	return GH_OK;
}

/* ---- What the samples say ------------------------------------------------ */

/* A supply that was never there, or whose sensor is dead, does not sag. */
static enum gh_status check_volts(struct run *r, int part, gh_us at,
				  double volts)
{
	struct run_alarm *a = &r->alarm;

	if (volts >= SAG_SHARE * r->cfg->rig->supply_nominal_v) {
		a->fed[part] = true;
		a->sags_since[part] = 0;
		return GH_OK;
	}
	if (a->sags_since[part] == 0)
		a->sags_since[part] = at;
	if (!a->fed[part] || at - a->sags_since[part] < SAG_US)
		return GH_OK;
	return gh_fail(&r->err, GH_UNSAFE,
		       "%s is at %.1f V of %.1f V while the arms hang on it: "
		       "stopped; check the supply and its plug",
		       r->cfg->rig->parts[part].name, volts,
		       r->cfg->rig->supply_nominal_v);
}

static enum gh_status check_heat(struct run *r, int part, double celsius)
{
	const int joint = r->cfg->rig->parts[part].joint;
	const double most =
		r->info->actuators[r->actuator[joint]].temperature_c;
	unsigned *hot = &r->alarm.hot[part];

	*hot = most > 0.0 && celsius > most ? *hot + 1 : 0;
	if (*hot < HOT_SAMPLES)
		return GH_OK;
	run_note_stop(r, r->cfg->rig->parts[part].name, "heat");
	return gh_fail(&r->err, GH_UNSAFE,
		       "%s is at %.1f degC (limit %.1f degC): stopped; let it "
		       "cool down and look what makes it warm",
		       r->cfg->rig->parts[part].name, celsius, most);
}

enum gh_status run_alarm_sample(struct run *r, unsigned channel, gh_us at,
				int16_t raw)
{
	const struct gh_rec_channel *ch = gh_recording_channel(r->rec, channel);
	const struct gh_rig_part *part = &r->cfg->rig->parts[ch->part];

	if (!r->on_guard || !ch->measured || raw == GH_REC_INVALID)
		return GH_OK;
	if (part->kind == GH_PART_SUPPLY && ch->what == GH_Q_VOLTAGE)
		return check_volts(r, ch->part, at, raw * ch->scale);
	if (part->kind == GH_PART_JOINT && ch->what == GH_Q_TEMPERATURE)
		return check_heat(r, ch->part, raw * ch->scale);
	return GH_OK;
}

/* ---- The wire ------------------------------------------------------------ */

enum gh_status run_alarm_link(struct run *r)
{
	struct run_alarm *a = &r->alarm;
	const gh_us now = gh_now(r->cfg->clock);
	const uint64_t good = a->good, bad = a->bad;
	const bool fresh = a->look_at != 0 && now - a->look_at < BURST_US;
	struct gh_dev_stats s;

	if (now < a->look_at)
		return GH_OK;
	a->look_at = now + BURST_US;
	memset(&s, 0, sizeof s);
	r->cfg->driver->stats(r->dev, &s);
	a->good = s.frames_good;
	a->bad = s.frames_bad;
	if (!fresh || !r->on_guard || a->bad - bad < BURST_BAD ||
	    a->bad - bad <= a->good - good)
		return GH_OK;
	return gh_fail(&r->err, GH_PROTO,
		       "%llu of the last %llu frames came damaged: stopped; "
		       "check the cable and what runs beside it",
		       (unsigned long long)(a->bad - bad),
		       (unsigned long long)(a->bad - bad + a->good - good));
}
