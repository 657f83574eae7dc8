/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/fault.h"

#include "base/text.h"		/* gh_parse_double, gh_safe_text */
#include "sim/fault_site.h"	/* struct gh_fault_site */
#include "sim/plant_internal.h" /* the dials a fault turns */

#include <assert.h>
#include <stddef.h>
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

/* Names after one another; the end is "..." where they do not all fit. */
struct list {
	char text[176];
	size_t used;
};

static bool is_last(const struct list *l, const char *name)
{
	const size_t n = strlen(name);
	size_t at;

	if (n > l->used)
		return false;
	at = l->used - n;
	return strcmp(name, l->text + at) == 0 &&
	       (at == 0 || l->text[at - 1] == ' ');
}

static void list_add(struct list *l, const char *name)
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

static void list_joints(const struct gh_plant *p, struct list *l)
{
	for (unsigned i = 0; i < p->config.n_joints; i++)
		list_add(l, p->config.joints[i].name);
}

static void list_core(const struct gh_plant *p, struct list *l)
{
	if (p->config.has_core)
		list_add(l, p->config.core);
}

static void list_supply(const struct gh_plant *p, struct list *l)
{
	if (p->config.supply[0] != '\0')
		list_add(l, p->config.supply);
}

static void list_link(const struct gh_plant *p, struct list *l)
{
	(void)p;
	list_add(l, "link");
}

static void list_controller(const struct gh_plant *p, struct list *l)
{
	(void)p;
	list_add(l, "controller");
}

static void list_sensors(const struct gh_plant *p, struct list *l)
{
	char name[2 * GH_NAME_CAP];

	for (size_t i = 0; i < p->n_sensors; i++) {
		sensor_name(p, i, name, sizeof name);
		list_add(l, name);
	}
}

/* Each finds the thing whose number is set; NULL: no such part. */
static void *find_joint(const struct gh_fault_site *at)
{
	struct gh_plant *p = at->plant;

	for (unsigned i = 0; i < p->config.n_joints; i++)
		if (strcmp(p->config.joints[i].name, at->part) == 0)
			return &p->joints[i];
	return NULL;
}

static void *find_core(const struct gh_fault_site *at)
{
	struct gh_plant *p = at->plant;
	const bool is_it =
		p->config.has_core && strcmp(p->config.core, at->part) == 0;

	return is_it ? &p->core : NULL;
}

static void *find_supply(const struct gh_fault_site *at)
{
	struct gh_plant *p = at->plant;

	/* A plant without one has an empty name, a spec never has. */
	return strcmp(p->config.supply, at->part) == 0 ? &p->supply : NULL;
}

static void *find_link(const struct gh_fault_site *at)
{
	return strcmp(at->part, "link") == 0 ? at->wire : NULL;
}

static void *find_controller(const struct gh_fault_site *at)
{
	return strcmp(at->part, "controller") == 0 ? at->wire : NULL;
}

static void *find_sensor(const struct gh_fault_site *at)
{
	for (size_t i = 0; i < at->plant->n_sensors; i++)
		if (gh_fault_is_sensor(at->plant, i, at->part))
			return &at->plant->sensors[i];
	return NULL;
}

static const struct kind {
	const char *name;
	void *(*find)(const struct gh_fault_site *at);
	void (*list)(const struct gh_plant *p, struct list *l);
} kinds[] = {
	{ "joint", find_joint, list_joints },
	{ "core", find_core, list_core },
	{ "supply", find_supply, list_supply },
	{ "link", find_link, list_link },
	{ "sensor", find_sensor, list_sensors },
	{ "controller", find_controller, list_controller },
};

static const struct kind *kind_of(const struct gh_fault *f)
{
	size_t k = 0;

	while (strcmp(kinds[k].name, f->part_kind) != 0) {
		k++;
		assert(k < GH_ARRAY_SIZE(kinds));
	}
	return &kinds[k];
}

/* NAME@PART[=SIZE] in pieces; size is "" when left out. */
struct spec {
	char name[GH_NAME_CAP];
	char part[2 * GH_NAME_CAP];
	char size[GH_NAME_CAP];
};

static enum gh_status split(const char *text, struct spec *out,
			    struct gh_err *err)
{
	const size_t name = strcspn(text, "@");
	const char *part = text + name + (text[name] == '@');
	const size_t part_n = strcspn(part, "=");
	const char *size = part + part_n + (part[part_n] == '=');

	gh_safe_text(out->name, sizeof out->name, text, name);
	gh_safe_text(out->part, sizeof out->part, part, part_n);
	gh_safe_text(out->size, sizeof out->size, size, strlen(size));
	if (text[name] != '@' || name == 0 || part_n == 0)
		return gh_fail(err, GH_ARG,
			       "fault \"%s\": expected NAME@PART[=SIZE], such "
			       "as limp@resilience.elbow=gross",
			       out->name);
	if (part[part_n] == '=' && size[0] == '\0')
		return gh_fail(err, GH_ARG,
			       "fault \"%s\": no size after \"=\": barely, "
			       "noticeable, gross or a number",
			       out->name);
	return GH_OK;
}

static enum gh_status unknown_name(const struct spec *s, struct gh_err *err)
{
	struct list l = { "", 0 };

	for (size_t i = 0; gh_faults[i].name; i++)
		list_add(&l, gh_faults[i].name);
	return gh_fail(err, GH_ARG, "no fault \"%s\"; there are: %s", s->name,
		       l.text);
}

/* Every row of that name is tried: no_power fits joints and supplies. */
static enum gh_status find_row(struct gh_fault_site *at, const struct spec *s,
			       size_t *row, struct gh_err *err)
{
	struct list l = { "", 0 };
	const char *wants = NULL;

	for (size_t i = 0; gh_faults[i].name; i++) {
		if (strcmp(gh_faults[i].name, s->name) != 0)
			continue;
		*row = i;
		at->thing = kind_of(&gh_faults[i])->find(at);
		if (at->thing)
			return GH_OK;
		wants = wants ? "part" : gh_faults[i].part_kind;
		kind_of(&gh_faults[i])->list(at->plant, &l);
	}
	if (!wants)
		return unknown_name(s, err);
	if (gh_faults[*row].is_of_wire && !at->wire)
		return gh_fail(err, GH_ARG, "%s: there is no %s here to damage",
			       s->name, wants);
	return gh_fail(err, GH_ARG, "%s: no %s \"%.32s\"; there are: %s",
		       s->name, wants, s->part, l.used ? l.text : "none");
}

static enum gh_status read_size(size_t row, const struct spec *s, double *size,
				struct gh_err *err)
{
	const struct gh_fault *f = &gh_faults[row];
	const struct {
		const char *word;
		double size;
	} words[] = {
		{ "barely", f->barely },
		{ "noticeable", f->noticeable },
		{ "gross", f->gross },
		{ "", f->gross },
	};

	for (size_t i = 0; i < GH_ARRAY_SIZE(words); i++) {
		if (strcmp(words[i].word, s->size) != 0)
			continue;
		*size = words[i].size;
		return GH_OK;
	}
	if (gh_parse_double(s->size, size) && *size >= f->lo && *size <= f->hi)
		return GH_OK;
	return gh_fail(err, GH_ARG,
		       "%s: size \"%s\" is not barely (%g), noticeable (%g), "
		       "gross (%g) or a number from %g to %g (%s)",
		       f->name, s->size, f->barely, f->noticeable, f->gross,
		       f->lo, f->hi, f->unit);
}

static void turn(const struct gh_fault_site *at, const struct gh_fault *f,
		 double size)
{
	const double value = size * f->plant_unit;

	if (f->turn)
		f->turn(at, value);
	else
		memcpy((char *)at->thing + f->field, &value, sizeof value);
}

enum gh_status gh_fault_apply(struct gh_plant *p, struct gh_wire_fault *wire,
			      const char *spec, struct gh_err *err)
{
	struct gh_fault_site at = { .plant = p, .wire = wire };
	enum gh_status status;
	struct spec s;
	size_t row = 0;
	double size = 0;

	status = split(spec, &s, err);
	if (status != GH_OK)
		return status;
	at.part = s.part;
	status = find_row(&at, &s, &row, err);
	if (status != GH_OK)
		return status;
	status = read_size(row, &s, &size, err);
	if (status != GH_OK)
		return status;
	turn(&at, &gh_faults[row], size);
	return GH_OK;
}
