/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The screens at home over a stored HOLD, and keys for them. The last of the
 * includes: `m` and `view` are the whole file's.
 */
#ifndef TEST_UI_STAGE_H
#define TEST_UI_STAGE_H

#include "ui/keys.h"		  /* gh_ui_key */
#include "unit/test_ui_fixture.h" /* fixture_view, fixture_model */

static struct gh_run_view view;
static struct gh_ui_model m;

static int set_up(void **state)
{
	(void)state;
	view = fixture_view(GH_VERDICT_HOLD);
	fixture_model(&m, &view);
	return 0;
}

/* A key so long after the last one. */
static inline enum gh_ui_action after(gh_us us, int key)
{
	m.now += us;
	return gh_ui_key(&m, key);
}

#endif
