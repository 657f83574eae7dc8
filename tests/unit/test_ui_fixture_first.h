/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Home before anything is stored. */
#ifndef TEST_UI_FIXTURE_FIRST_H
#define TEST_UI_FIXTURE_FIRST_H

#include "base/text.h" /* gh_copy_text */
#include "ui/model.h"  /* struct gh_ui_model */

#include <string.h>

/* Nothing is there but the port of something else. */
static void fixture_first(struct gh_ui_model *m)
{
	static const struct gh_ui_first first[GH_UI_FIRST] = {
		{ "rig file", false, "no --rig, no default.rig",
		  "describe the sculpture (schemas/rig.md), then start with "
		  "--rig FILE; `ghostlight paths` says where it is found "
		  "unasked" },
		{ "port", false, "not looked for: a rig file names it", "" },
		{ "check", false, "none is stored",
		  "press 1: it asks before anything moves" },
		{ "baseline", false, "none is sealed",
		  "five checks over three power-ups, added and sealed with b; "
		  "until then only hard limits count" },
	};

	memcpy(m->about.first, first, sizeof first);
	m->about.rig[0] = m->about.port[0] = m->about.baseline[0] = '\0';
	m->about.simulated = false;
}

/* The rig file is there, its cable is not. */
static void fixture_unplugged(struct gh_ui_model *m)
{
	fixture_first(m);
	gh_copy_text(m->about.rig, sizeof m->about.rig, "Lumina");
	m->about.first[0] = (struct gh_ui_first){
		"rig file", true, "Lumina, in /etc/ghostlight/default.rig", ""
	};
	m->about.first[1] = (struct gh_ui_first){
		"port", false, "1 port here, none is the rig file's",
		"plug in its cable and press r; x says what is wrong with it"
	};
	m->about.simulated = true;
}

#endif
