/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fakes/victim.h"

#include <stdio.h>
#include <string.h>

/*
 * What each kind of part is seen by, in the words of a fault. A servo tells its
 * volts and its warmth in steps so coarse that they may well stand still in a
 * healthy one: stale they show nothing.
 */
static const struct {
	enum gh_part_kind kind;
	const char *sensor;
	bool is_light, may_stand_still;
} sensors[GH_VICTIM_SENSORS] = {
	{ GH_PART_CORE, "colour", true, false },
	{ GH_PART_CORE, "light", true, false },
	{ GH_PART_JOINT, "current", false, false },
	{ GH_PART_JOINT, "position", false, false },
	{ GH_PART_JOINT, "voltage", false, true },
	{ GH_PART_JOINT, "temperature", false, true },
	{ GH_PART_FIBRE, "light", true, false },
	{ GH_PART_CRYSTAL, "light", true, false },
	{ GH_PART_SUPPLY, "voltage", false, false },
	{ GH_PART_SUPPLY, "current", false, false },
	{ GH_PART_CHROME, "light", true, false },
};

/*
 * What the last joint of an arm carries (0.06 N m on the Lumina) is so little
 * that a horn loose by 8 deg changes its current by 3 %: nothing there sees it.
 */
static bool is_too_light(const struct gh_rehearsal *r, unsigned part)
{
	for (unsigned i = 0; i < r->n_parts; i++)
		if (r->parts[i].kind == GH_PART_JOINT &&
		    r->parts[i].chain == r->parts[part].chain &&
		    r->parts[i].order > r->parts[part].order)
			return false;
	return true;
}

static const char *part_of(const struct gh_rehearsal *r, enum gh_part_kind kind,
			   bool is_heavy, unsigned turn)
{
	const char *fits[GH_JUDGE_PARTS];
	unsigned n = 0;

	for (unsigned i = 0; i < r->n_parts; i++)
		if (r->parts[i].kind == kind && !r->parts[i].look_by_eye &&
		    !(is_heavy && is_too_light(r, i)))
			fits[n++] = r->parts[i].name;
	return n ? fits[turn % n] : "";
}

static bool can_have(const struct gh_fault *f, unsigned sensor)
{
	if (strcmp(f->name, "sensor_saturated") == 0)
		return sensors[sensor].is_light;
	return !sensors[sensor].may_stand_still ||
	       strcmp(f->name, "sensor_stale") != 0;
}

static bool pick_sensor(const struct gh_rehearsal *r, const struct gh_fault *f,
			unsigned turn, struct gh_victim *v)
{
	unsigned i = turn % GH_VICTIM_SENSORS;

	while (!can_have(f, i))
		i = (i + 1) % GH_VICTIM_SENSORS;
	v->part = part_of(r, sensors[i].kind, false, turn);
	snprintf(v->spec, sizeof v->spec, "%s.%s", v->part, sensors[i].sensor);
	return v->part[0] != '\0';
}

bool gh_victim_pick(const struct gh_rehearsal *r, const struct gh_fault *f,
		    unsigned turn, struct gh_victim *v)
{
	const bool is_pair = strchr(f->part_kind, ':') != NULL;
	const int kind =
		is_pair ? GH_PART_JOINT : gh_part_kind_find(f->part_kind);

	*v = (struct gh_victim){ .part = "" };
	if (strstr(f->part_kind, "sensor"))
		return pick_sensor(r, f, turn, v);
	if (kind < 0)
		return false;
	v->part = part_of(r, (enum gh_part_kind)kind,
			  strcmp(f->name, "loose_horn") == 0, turn);
	v->other = is_pair ? part_of(r, GH_PART_JOINT, false, turn + 4) : NULL;
	if (is_pair)
		snprintf(v->spec, sizeof v->spec, "%s:%s", v->part, v->other);
	else
		snprintf(v->spec, sizeof v->spec, "%s", v->part);
	return v->part[0] != '\0';
}

const char *gh_victim_expected(const struct gh_fault *f)
{
	static const char *const unsure[] = { "sensor_dead", "sensor_stale",
					      "sensor_saturated",
					      "ambient_leak", "encoder_fault" };

	for (size_t i = 0; i < GH_ARRAY_SIZE(unsure); i++)
		if (strcmp(f->name, unsure[i]) == 0)
			return "UNSURE";
	return "HOLD";
}

bool gh_victim_is_named(const struct gh_rehearsal *r, const struct gh_fault *f,
			const struct gh_victim *v)
{
	return gh_rehearsal_found(r, f->name, gh_victim_named(r, f, v)) ||
	       (strcmp(f->name, "sensor_stale") == 0 &&
		gh_rehearsal_found(r, "sensor_dead", v->part));
}

const char *gh_victim_named(const struct gh_rehearsal *r,
			    const struct gh_fault *f, const struct gh_victim *v)
{
	return v->other && gh_rehearsal_found(r, f->name, v->other) ? v->other
								    : v->part;
}
