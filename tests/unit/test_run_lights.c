/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lamps in whole runs: every part with a lamp follows its own spans, those that
 * only look on are recorded, a breath is one glow, and all end dark.
 */
#include "unit/test_run_kit.h" /* struct stage */

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { GLOWS_MAX = 512 };

struct glow {
	unsigned lamp;
	double level[4];
	gh_us ramp_us, at;
};

static struct glow glows[GLOWS_MAX];
static unsigned n_glows;
static struct gh_dev_info changed;
static const char *hidden; /* the controller has no lamp for this part */

static enum gh_status watch_glow(struct gh_dev *dev, unsigned lamp,
				 const double level[4], gh_us ramp_us,
				 struct gh_err *err)
{
	const struct gh_driver *real = gh_driver_find("lumina");
	struct glow *g = &glows[n_glows++ % GLOWS_MAX];

	*g = (struct glow){ .lamp = lamp, .ramp_us = ramp_us };
	memcpy(g->level, level, sizeof g->level);
	g->at = real->device_now(dev);
	return real->glow(dev, lamp, level, ramp_us, err);
}

static const struct gh_dev_info *without_a_lamp(const struct gh_dev *dev)
{
	changed = *gh_driver_find("lumina")->info(dev);
	for (unsigned i = 0; hidden && i < changed.n_lamps; i++)
		if (strcmp(changed.lamps[i].part, hidden) == 0)
			strcpy(changed.lamps[i].part, "nobody");
	return &changed;
}

static int setup(void **state)
{
	struct stage *s;

	if (stage_setup(state) != 0)
		return -1;
	s = *state;
	n_glows = 0;
	hidden = NULL;
	gh_world_open(&s->world, &s->rig, 91, 1, NULL, 0);
	s->driver.glow = watch_glow;
	s->driver.info = without_a_lamp;
	stage_prepare(s, -1, 60.0);
	return 0;
}

static size_t spans(struct stage *s, const char *part, enum gh_exercise what)
{
	return stage_spans(s, gh_rig_find_part(&s->rig, part), what);
}

static int lamp_of(const char *part)
{
	for (unsigned i = 0; i < changed.n_lamps; i++)
		if (strcmp(changed.lamps[i].part, part) == 0)
			return (int)i;
	return -1;
}

/* The glow that was sent to the lamp as the span began, or NULL. */
static const struct glow *glow_at(const char *part, const struct gh_span *s)
{
	const int lamp = lamp_of(part);

	for (unsigned i = 0; i < n_glows; i++)
		if ((int)glows[i].lamp == lamp &&
		    llabs(glows[i].at - s->begin) < 30000)
			return &glows[i];
	return NULL;
}

static void assert_lamp_follows(struct stage *s, const char *part,
				enum gh_exercise what, size_t expected)
{
	const size_t n = spans(s, part, what);

	assert_int_equal(n, expected);
	for (size_t i = 0; i < n; i++) {
		const struct glow *g = glow_at(part, &s->span[i]);

		assert_non_null(g);
		for (unsigned k = 0; k < 4; k++)
			assert_true(fabs(g->level[k] - s->span[i].drive[k]) <
				    1e-9);
	}
}

static void test_every_lamp_follows_its_spans(void **state)
{
	struct stage *s = *state;

	stage_assert_runs(s);
	assert_true(n_glows < GLOWS_MAX);
	assert_lamp_follows(s, "core", GH_EX_CHANNEL, 8);
	assert_lamp_follows(s, "spotlight", GH_EX_SPOT, 2);
	assert_lamp_follows(s, "spotlight", GH_EX_DARK, 2);
	for (unsigned a = 0; a < s->rig.n_arms; a++) {
		char part[2 * GH_NAME_CAP];

		snprintf(part, sizeof part, "chrome.%s", s->rig.arms[a].name);
		assert_lamp_follows(s, part, GH_EX_CHANNEL, 6);
		assert_lamp_follows(s, part, GH_EX_DARK, 4);
	}
}

static void test_onlookers_are_recorded(void **state)
{
	struct stage *s = *state;

	stage_assert_runs(s);
	assert_int_equal(spans(s, "fibre.3", GH_EX_CHANNEL), 8);
	assert_true(spans(s, "fibre.3", GH_EX_DARK) >= 4);
	assert_int_equal(spans(s, "crystal.2", GH_EX_SPOT), 2);
	assert_int_equal(s->span[0].repeat, 0);
	assert_int_equal(s->span[1].repeat, 1);
	assert_int_equal(spans(s, "crystal.2", GH_EX_DARK), 2);
}

/* One glow for each half, and each ends as the next begins. */
static void test_a_breath_is_one_glow_a_half(void **state)
{
	struct stage *s = *state;
	const gh_us half = (gh_us)(s->rig.breath_period_s / 2 * GH_US_PER_S);
	size_t n;

	stage_assert_runs(s);
	n = spans(s, "core", GH_EX_PULSE);
	assert_true(n >= 4);
	for (size_t i = 0; i < n; i++) {
		const struct glow *g = glow_at("core", &s->span[i]);
		const gh_us length = s->span[i].end - s->span[i].begin;

		assert_non_null(g);
		/* It began while its command was on the way. */
		assert_true(g->ramp_us >= length &&
			    g->ramp_us < length + 30000);
		assert_true(length <= half && length > half - 30000);
	}
	/* Nothing else is ramped. */
	for (unsigned i = 0; i < n_glows; i++)
		n -= glows[i].ramp_us > 0;
	assert_int_equal(n, 0);
}

static void test_without_its_lamp_a_part_is_left_out(void **state)
{
	struct stage *s = *state;

	hidden = "chrome.memory";
	stage_assert_runs(s);
	assert_int_equal(spans(s, "chrome.memory", GH_EX_COUNT), 0);
	assert_true(spans(s, "chrome.dawn", GH_EX_COUNT) > 0);
}

/* The crew switches it: what it lights is recorded, no dark is claimed. */
static void test_a_spotlight_of_the_crew(void **state)
{
	struct stage *s = *state;

	hidden = "spotlight";
	stage_assert_runs(s);
	assert_int_equal(spans(s, "crystal.2", GH_EX_SPOT), 2);
	assert_int_equal(spans(s, "crystal.2", GH_EX_DARK), 0);
	assert_int_equal(lamp_of("spotlight"), -1);
}

/* The core's photodiode alone is fast, and loses nothing. */
static void test_the_breath_is_seen_at_2_khz(void **state)
{
	struct stage *s = *state;
	const int core = gh_rig_find_part(&s->rig, "core");
	const int fibre = gh_rig_find_part(&s->rig, "fibre.1");
	const struct gh_rec_channel *ch;
	int c;

	stage_assert_runs(s);
	c = gh_recording_find(s->ran.rec, core, GH_Q_LIGHT);
	assert_true(c >= 0);
	ch = gh_recording_channel(s->ran.rec, (unsigned)c);
	assert_true(fabs(ch->rate_hz - 2000.0) < 1.0);
	assert_true(gh_recording_count(s->ran.rec, (unsigned)c) > 100000);
	c = gh_recording_find(s->ran.rec, fibre, GH_Q_LIGHT);
	assert_true(c >= 0);
	ch = gh_recording_channel(s->ran.rec, (unsigned)c);
	assert_true(fabs(ch->rate_hz - 100.0) < 1.0);
	assert_int_equal(gh_recording_facts_of(s->ran.rec)->samples_lost, 0);
	assert_int_equal(gh_recording_dropped(s->ran.rec), 0);
}

/* A wire that is full already gets it at 1 kHz, or with the others. */
static double rate_at(struct stage *s, long baud)
{
	const int core = gh_rig_find_part(&s->rig, "core");
	double hz;

	s->rig.links[0].baud = baud;
	s->config.allow_motion = false;
	stage_assert_runs(s);
	hz = gh_recording_channel(s->ran.rec,
				  (unsigned)gh_recording_find(s->ran.rec, core,
							      GH_Q_LIGHT))
		     ->rate_hz;
	return hz;
}

static void test_a_slow_wire_gets_less(void **state)
{
	assert_true(fabs(rate_at(*state, 115200) - 100.0) < 1.0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, stage_teardown)
	const struct CMUnitTest tests[] = {
		T(test_every_lamp_follows_its_spans),
		T(test_onlookers_are_recorded),
		T(test_a_breath_is_one_glow_a_half),
		T(test_without_its_lamp_a_part_is_left_out),
		T(test_a_spotlight_of_the_crew),
		T(test_the_breath_is_seen_at_2_khz),
		T(test_a_slow_wire_gets_less),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
