/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The stage of a whole run in virtual time: the rig file of Lumina, a world to
 * open, a driver to change, and what the run left.
 */
#ifndef GH_TESTS_UNIT_TEST_RUN_KIT_H
#define GH_TESTS_UNIT_TEST_RUN_KIT_H

#include "engine/run.h"	 /* struct gh_run_config */
#include "fakes/world.h" /* struct gh_world */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define DEG (3.14159265358979 / 180.0)

struct stage {
	struct gh_rig rig;
	struct gh_world world;
	struct gh_driver driver;
	struct gh_run_config config;
	struct gh_run_outcome ran;
	struct gh_span span[GH_PLAN_SPANS]; /* of stage_spans */
	gh_us stop_at;			    /* the operator's SPACE */
	gh_us stopped_at;		    /* when the run heard it */
};

static inline int stage_setup(void **state)
{
	const struct gh_driver *lumina = gh_driver_find("lumina");
	struct stage *s = calloc(1, sizeof *s);
	struct gh_err err = { 0 };

	assert_non_null(lumina);
	if (!s || gh_rig_read(&s->rig, "schemas/lumina.rig", &err) != GH_OK)
		return -1;
	s->driver = *lumina;
	s->stop_at = GH_US_NEVER;
	*state = s;
	return 0;
}

/* The run and its world; another one may be opened then. */
static inline void stage_close(struct stage *s)
{
	gh_run_finish(&s->ran);
	gh_world_close(&s->world);
}

static inline int stage_teardown(void **state)
{
	stage_close(*state);
	free(*state);
	return 0;
}

/* A run that may move, in the world that is open; only -1: of all parts. */
static inline void stage_prepare(struct stage *s, int only, double budget_s)
{
	s->config = (struct gh_run_config){
		.rig = &s->rig,
		.driver = &s->driver,
		.link = &s->world.link,
		.clock = &s->world.clock,
		.budget_us = (gh_us)(budget_s * GH_US_PER_S),
		.allow_motion = true,
		.only = only,
	};
}

static inline enum gh_ear_word stage_hear(void *self)
{
	struct stage *s = self;

	if (s->world.now < s->stop_at)
		return GH_EAR_NOTHING;
	if (s->stopped_at == 0)
		s->stopped_at = s->world.now;
	return GH_EAR_STOP;
}

/* What was prepared runs to its end, and ends safe. */
static inline void stage_assert_runs(struct stage *s)
{
	gh_run(&s->config, &s->ran);
	assert_string_equal(s->ran.err.msg, "");
	assert_int_equal(s->ran.how, GH_RUN_HOW_COMPLETE);
	assert_true(s->ran.safe_seen);
}

static inline size_t stage_spans(struct stage *s, int part,
				 enum gh_exercise what)
{
	return gh_recording_spans(s->ran.rec, part, what, GH_REPEAT_ALL,
				  s->span, GH_PLAN_SPANS);
}

#endif
