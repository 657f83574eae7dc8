/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fault_site - which part a fault's spec means, and what parts there are.
 */
#include "sim/fault_site.h"

#include "sim/plant_internal.h" /* struct gh_plant */

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define COLOUR_SENSOR "colour" /* one chip, four channels */

/* "core.light", "core.colour": what a fault calls the sensor. */
static void sensor_name(const struct gh_plant *p, size_t i, char *out,
			size_t cap)
{
	enum gh_quantity what;
	const char *part;
	const char *name;

	gh_plant_sensor_info(p, i, &part, &what);
	name = gh_quantity_name(what);
	if (strncmp(name, COLOUR_SENSOR, strlen(COLOUR_SENSOR)) == 0)
		name = COLOUR_SENSOR;
	snprintf(out, cap, "%s.%s", part, name);
}

bool gh_fault_is_sensor(const struct gh_plant *p, size_t i, const char *name)
{
	char own[2 * GH_NAME_CAP];

	sensor_name(p, i, own, sizeof own);
	return strcmp(own, name) == 0;
}

static bool is_last(const struct gh_fault_list *l, const char *name)
{
	const size_t n = strlen(name);
	size_t at;

	if (n > l->used)
		return false;
	at = l->used - n;
	return strcmp(name, l->text + at) == 0 &&
	       (at == 0 || l->text[at - 1] == ' ');
}

void gh_fault_list_add(struct gh_fault_list *l, const char *name)
{
	const size_t room = sizeof l->text - l->used;
	const size_t need = strlen(name) + 1;
	char *end = l->text + l->used;

	if (l->used > 0 && l->text[l->used - 1] == '.')
		return;
	if (is_last(l, name))
		return; /* the four channels of one colour sensor */
	if (need + sizeof " ..." > room)
		l->used += (size_t)snprintf(end, room, " ...");
	else
		l->used += (size_t)snprintf(end, room, "%s%s",
					    l->used > 0 ? " " : "", name);
}

static void list_joints(const struct gh_plant *p, struct gh_fault_list *l)
{
	for (unsigned i = 0; i < p->config.n_joints; i++)
		gh_fault_list_add(l, p->config.joints[i].name);
}

static void list_core(const struct gh_plant *p, struct gh_fault_list *l)
{
	if (p->config.has_core)
		gh_fault_list_add(l, p->config.core);
}

static void list_fibres(const struct gh_plant *p, struct gh_fault_list *l)
{
	for (unsigned i = 0; i < p->config.n_fibres; i++)
		gh_fault_list_add(l, p->config.fibres[i]);
}

static void list_crystals(const struct gh_plant *p, struct gh_fault_list *l)
{
	for (unsigned i = 0; i < p->config.n_crystals; i++)
		gh_fault_list_add(l, p->config.crystals[i].name);
}

static void list_chromes(const struct gh_plant *p, struct gh_fault_list *l)
{
	for (unsigned i = 0; i < p->config.n_chromes; i++)
		gh_fault_list_add(l, p->config.chromes[i]);
}

static void list_remote(const struct gh_plant *p, struct gh_fault_list *l)
{
	if (p->config.remote[0] != '\0')
		gh_fault_list_add(l, p->config.remote);
}

static void list_supply(const struct gh_plant *p, struct gh_fault_list *l)
{
	if (p->config.supply[0] != '\0')
		gh_fault_list_add(l, p->config.supply);
}

static void list_link(const struct gh_plant *p, struct gh_fault_list *l)
{
	(void)p;
	gh_fault_list_add(l, "link");
}

static void list_controller(const struct gh_plant *p, struct gh_fault_list *l)
{
	(void)p;
	gh_fault_list_add(l, "controller");
}

static bool sees_light(const struct gh_plant *p, size_t i)
{
	enum gh_quantity what;
	const char *part;

	gh_plant_sensor_info(p, i, &part, &what);
	return what >= GH_Q_LIGHT && what <= GH_Q_COLOUR_CLEAR;
}

static void list_light_sensors(const struct gh_plant *p,
			       struct gh_fault_list *l)
{
	char name[2 * GH_NAME_CAP];

	for (size_t i = 0; i < p->n_sensors; i++) {
		sensor_name(p, i, name, sizeof name);
		if (sees_light(p, i))
			gh_fault_list_add(l, name);
	}
}

static void list_sensors(const struct gh_plant *p, struct gh_fault_list *l)
{
	char name[2 * GH_NAME_CAP];

	for (size_t i = 0; i < p->n_sensors; i++) {
		sensor_name(p, i, name, sizeof name);
		gh_fault_list_add(l, name);
	}
}

/* Each finds the thing whose number is set; NULL: no such part. */
static void *joint_named(struct gh_plant *p, const char *name, size_t n)
{
	for (unsigned i = 0; i < p->config.n_joints; i++) {
		const char *own = p->config.joints[i].name;

		if (strlen(own) == n && memcmp(own, name, n) == 0)
			return &p->joints[i];
	}
	return NULL;
}

static void *find_joint(struct gh_fault_site *at)
{
	return joint_named(at->plant, at->part, strlen(at->part));
}

/* Two different ones. */
static void *find_joints(struct gh_fault_site *at)
{
	const size_t n = strcspn(at->part, ":");
	const char *second = at->part + n + (at->part[n] == ':');
	void *one = joint_named(at->plant, at->part, n);

	at->other = joint_named(at->plant, second, strlen(second));
	return at->other && at->other != one ? one : NULL;
}

static void *find_core(struct gh_fault_site *at)
{
	struct gh_plant *p = at->plant;
	const bool is_it =
		p->config.has_core && strcmp(p->config.core, at->part) == 0;

	return is_it ? &p->core : NULL;
}

static void *find_fibre(struct gh_fault_site *at)
{
	struct gh_plant *p = at->plant;

	for (unsigned i = 0; i < p->config.n_fibres; i++)
		if (strcmp(p->config.fibres[i], at->part) == 0)
			return &p->optics.fibres[i];
	return NULL;
}

static void *find_crystal(struct gh_fault_site *at)
{
	struct gh_plant *p = at->plant;

	for (unsigned i = 0; i < p->config.n_crystals; i++)
		if (strcmp(p->config.crystals[i].name, at->part) == 0)
			return &p->optics.crystals[i];
	return NULL;
}

static void *find_chrome(struct gh_fault_site *at)
{
	struct gh_plant *p = at->plant;

	for (unsigned i = 0; i < p->config.n_chromes; i++)
		if (strcmp(p->config.chromes[i], at->part) == 0)
			return &p->optics.chromes[i];
	return NULL;
}

static void *find_remote(struct gh_fault_site *at)
{
	struct gh_plant *p = at->plant;

	return strcmp(p->config.remote, at->part) == 0 ? &p->optics.remote
						       : NULL;
}

static void *find_supply(struct gh_fault_site *at)
{
	struct gh_plant *p = at->plant;

	/* A plant without one has an empty name, a spec never has. */
	return strcmp(p->config.supply, at->part) == 0 ? &p->supply : NULL;
}

static void *find_link(struct gh_fault_site *at)
{
	return strcmp(at->part, "link") == 0 ? at->wire : NULL;
}

static void *find_controller(struct gh_fault_site *at)
{
	return strcmp(at->part, "controller") == 0 ? at->wire : NULL;
}

static void *find_sensor(struct gh_fault_site *at)
{
	for (size_t i = 0; i < at->plant->n_sensors; i++)
		if (gh_fault_is_sensor(at->plant, i, at->part))
			return &at->plant->sensors[i];
	return NULL;
}

static void *find_light_sensor(struct gh_fault_site *at)
{
	for (size_t i = 0; i < at->plant->n_sensors; i++)
		if (sees_light(at->plant, i) &&
		    gh_fault_is_sensor(at->plant, i, at->part))
			return &at->plant->sensors[i];
	return NULL;
}

static const struct gh_fault_kind kinds[] = {
	{ "joint", find_joint, list_joints },
	{ "joint:joint", find_joints, list_joints },
	{ "core", find_core, list_core },
	{ "fibre", find_fibre, list_fibres },
	{ "crystal", find_crystal, list_crystals },
	{ "chrome", find_chrome, list_chromes },
	{ "remote", find_remote, list_remote },
	{ "supply", find_supply, list_supply },
	{ "link", find_link, list_link },
	{ "sensor", find_sensor, list_sensors },
	{ "light sensor", find_light_sensor, list_light_sensors },
	{ "controller", find_controller, list_controller },
};

const struct gh_fault_kind *gh_fault_kind(const struct gh_fault *f)
{
	size_t k = 0;

	while (strcmp(kinds[k].name, f->part_kind) != 0) {
		k++;
		assert(k < GH_ARRAY_SIZE(kinds));
	}
	return &kinds[k];
}
