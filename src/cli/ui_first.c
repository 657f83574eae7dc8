/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ui_first - what a first verdict needs, and which of it is there: rig file,
 * port, check, baseline. Looked at while nothing is stored; no port is opened.
 */
#include "cli/find_port.h" /* gh_port_list */
#include "cli/ui_screen.h" /* what is defined here */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RIG, PORT, CHECK, BASELINE };

static void found(struct gh_ui_first *f, bool there, const char *text)
{
	f->there = there;
	gh_copy_text(f->found, sizeof f->found, text);
	gh_make_human(f->found);
}

static void first_rig(struct gh_ui_screen *s, struct gh_ui_first *f)
{
	char text[sizeof f->found];

	f->title = "rig file";
	if (s->serial[0]) {
		snprintf(text, sizeof text, "%.60s, in %.90s", s->about.rig,
			 s->rig.path);
		found(f, true, text);
		return;
	}
	found(f, false, s->rig.path[0] ? s->about.plan[0].refusal : s->rig.why);
	snprintf(
		f->todo, sizeof f->todo,
		"describe the sculpture (schemas/rig.md), then start with "
		"--rig FILE; `ghostlight paths` says where it is found unasked");
}

/* The only one that the rig file can mean, or how many there are. */
static void look_for_port(const struct gh_rig *rig, struct gh_ui_first *f)
{
	struct gh_port_list list;
	struct gh_err err = { 0 };
	char text[sizeof f->found];

	if (gh_port_list(rig, &list, &err) != GH_OK) {
		found(f, false, err.msg);
		return;
	}
	if (list.best == 1)
		snprintf(text, sizeof text, "%s  %.60s",
			 list.candidates[0].port->name,
			 list.candidates[0].port->description);
	else
		snprintf(text, sizeof text,
			 "%zu port%s here, %s the rig file's", list.n,
			 list.n == 1 ? "" : "s",
			 list.best == 0 ? "none is" : "several can be");
	found(f, list.best == 1, text);
	gh_port_list_free(&list);
}

static void first_port(struct gh_ui_screen *s, const struct gh_rig *rig,
		       struct gh_ui_first *f)
{
	const char *port = s->request.port;
	const char *after = port ? strchr(port, '=') : NULL;
	char text[sizeof f->found];

	f->title = "port";
	snprintf(f->todo, sizeof f->todo,
		 "plug in its cable and press r; x says what is wrong with it");
	if (port) {
		const bool there = access(after ? after + 1 : port, F_OK) == 0;

		snprintf(text, sizeof text, "%.60s%s", port,
			 there ? "" : " is not there");
		found(f, there, text);
	} else if (rig) {
		look_for_port(rig, f);
	} else {
		found(f, false, "not looked for: a rig file names it");
		f->todo[0] = '\0';
	}
}

static void first_baseline(const struct gh_ui_screen *s, struct gh_ui_first *f)
{
	f->title = "baseline";
	found(f, s->about.baseline[0] != '\0',
	      s->about.baseline[0] ? s->about.baseline : "none is sealed");
	snprintf(f->todo, sizeof f->todo,
		 "five checks over three power-ups, added and sealed with b; "
		 "until then only hard limits count");
}

static void first_check(struct gh_ui_first *f)
{
	f->title = "check";
	found(f, false, "none is stored");
	snprintf(f->todo, sizeof f->todo,
		 "press 1: it asks before anything moves");
}

void gh_ui_describe_first(struct gh_ui_screen *s)
{
	struct gh_ui_first *first = s->about.first;
	struct gh_rig *rig = calloc(1, sizeof *rig);
	struct gh_err err = { 0 };

	memset(first, 0, sizeof s->about.first);
	if (rig &&
	    (!s->serial[0] || gh_rig_read(rig, s->rig.path, &err) != GH_OK)) {
		free(rig);
		rig = NULL;
	}
	first_rig(s, &first[RIG]);
	first_port(s, rig, &first[PORT]);
	first_check(&first[CHECK]);
	first_baseline(s, &first[BASELINE]);
	free(rig);
}
