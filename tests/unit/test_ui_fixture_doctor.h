/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What `doctor` says of a healthy chain and of one that may not be opened, as
 * the screen gets it.
 */
#ifndef TEST_UI_FIXTURE_DOCTOR_H
#define TEST_UI_FIXTURE_DOCTOR_H

#include "report/steps.h"	  /* gh_steps_doc */
#include "ui/model.h"		  /* struct gh_ui_model */
#include "unit/test_doctor_kit.h" /* healthy, not_in_group */

static void fixture_steps(struct gh_ui_model *m,
			  void (*trouble)(struct gh_doctor_facts *f))
{
	static struct gh_doctor_facts facts;
	static struct gh_steps steps;
	static struct gh_doc doc;
	static struct gh_table table;

	healthy(&facts);
	facts.watchdog.done = facts.allow_motion = false;
	slow_timer(&facts);
	if (trouble)
		trouble(&facts);
	gh_doctor_judge(&facts, &steps);
	steps.version = "test";
	steps.rig = facts.rig_file;
	steps.port = facts.port;
	/* The last one's cells; nobody looks at them any more. */
	gh_table_finish(&table);
	memset(&doc, 0, sizeof doc);
	if (gh_steps_doc(&steps, &table, &doc))
		m->doc = &doc;
}

static void fixture_doctor(struct gh_ui_model *m)
{
	fixture_steps(m, not_in_group);
	m->cursor = GH_DOCTOR_PERMISSION;
}

static void fixture_doctor_ok(struct gh_ui_model *m)
{
	fixture_steps(m, NULL);
	m->cursor = GH_DOCTOR_WATCHDOG;
}

#endif
