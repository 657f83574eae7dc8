/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/fault.h"

#include "base/text.h"		/* gh_parse_double, gh_safe_text */
#include "sim/fault_site.h"	/* struct gh_fault_site */
#include "sim/plant_internal.h" /* the dials a fault turns */

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

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
	return gh_fail(err, GH_ARG,
		       "no fault \"%s\"; ghostlight-sim --list-faults names "
		       "them all",
		       s->name);
}

/* Every row of that name is tried: no_power fits joints and supplies. */
static enum gh_status find_row(struct gh_fault_site *at, const struct spec *s,
			       size_t *row, struct gh_err *err)
{
	struct gh_fault_list l = { "", 0 };
	const char *wants = NULL;

	for (size_t i = 0; gh_faults[i].name; i++) {
		if (strcmp(gh_faults[i].name, s->name) != 0)
			continue;
		*row = i;
		at->thing = gh_fault_kind(&gh_faults[i])->find(at);
		if (at->thing)
			return GH_OK;
		wants = wants ? "part" : gh_faults[i].part_kind;
		gh_fault_kind(&gh_faults[i])->list(at->plant, &l);
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

	assert(at->thing);
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
