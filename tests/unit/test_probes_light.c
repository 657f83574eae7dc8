/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Probes of breath, fibres, crystals, chrome, spotlight, remote. */
#include "engine/probe.h"
#include "fakes/fake_recording.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/test_probes_kit.h"

#define DEG 57.2957795

enum {
	CORE = GH_FAKE_CORE,
	FIBRE = GH_FAKE_FIBRE,
	CRYSTAL = GH_FAKE_CRYSTAL,
	CHROME = GH_FAKE_CHROME,
	SPOTLIGHT = GH_FAKE_SPOTLIGHT,
	REMOTE = GH_FAKE_REMOTE
};

/* ---- hue of the core --------------------------------------------------------- */

static void hue_in_words(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	measure(&fake);
	assert_in_range((int)value(CORE, "core.domwl_twilight_blue"), 470, 482);
	assert_true(value(CORE, "core.purity_twilight_blue") > 0.5);
	/* pale: no wavelength, and nobody is the worse for it */
	assert_true(value(CORE, "core.purity_dawn_pink") < 0.05);
	unknown(CORE, "core.domwl_dawn_pink", GH_REASON_NOT_COMPUTABLE);
	near(CORE, "core.white_hue", 0.30 / 0.80, 0.002);
	fake.lamp[2] *= 0.4;
	measure(&fake);
	near(CORE, "core.white_hue", 0.30 / 0.80, 0.002);
	assert_true(value(CORE, "core.domwl_twilight_blue") > 483.0);
}

/* ---- breath ------------------------------------------------------------------- */

static void it_breathes_as_told(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	measure(&fake);
	near(CORE, "pulse.gain", 1.0, 0.002);
	near(CORE, "pulse.delay", 20.0, 0.5);
	near(CORE, "pulse.resid", 0.0, 0.1);
	near(CORE, "pulse.sputter_rate", 0.0, 0.0);
	near(CORE, "pulse.sputter_dark", 0.0, 0.0);
	near(CORE, "pulse.pf", 0.0, 0.3);
	near(CORE, "pulse.fi", 0.0, 0.001);
	unknown(CORE, "pulse.svm", GH_REASON_TOO_SLOW);
	fake.lights.breath = 0.7;
	fake.lights.late_s = 0.11;
	measure(&fake);
	near(CORE, "pulse.gain", 0.7, 0.01);
	near(CORE, "pulse.delay", 110.0, 2.0);
	near(CORE, "pulse.sputter_rate", 0.0, 0.0);
}

/* The half of one ramp only: the look before it is its corner. */
static void one_ramp_is_enough(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	fake.rig.breath_period_s = 3.0;
	fake.lights.late_s = 0.06;
	measure(&fake);
	near(CORE, "pulse.delay", 60.0, 1.0);
	for (int r = 0; r < 2; r++)
		assert_true(fabs(find(CORE, "pulse.delay")->rep[r][0] - 60.0) <
			    2.0);
}

static void it_sputters(void **state)
{
	const struct gh_measure *m;
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	fake.lights.sputter_hz = 5.0;
	measure(&fake);
	near(CORE, "pulse.sputter_rate", 5.0, 0.15);
	near(CORE, "pulse.sputter_dark", 0.1, 0.005);
	near(CORE, "pulse.sputter_gap", 20.0, 1.5);
	near(CORE, "pulse.gain", 1.0, 0.02);
	near(CORE, "pulse.resid", 22.0, 3.0);
	m = find(CORE, "pulse.sputter_rate");
	assert_true(m->rep[0][0] > 4.5 && m->rep[1][0] > 4.5);
	fake.lights.sputter_hz = 0.2;
	measure(&fake);
	near(CORE, "pulse.sputter_rate", 0.2, 0.11);
	/* 500 Hz cannot show a millisecond */
	fake.lights.core_hz = 500.0;
	measure(&fake);
	unknown(CORE, "pulse.sputter_rate", GH_REASON_TOO_SLOW);
	unknown(CORE, "pulse.pf", GH_REASON_TOO_SLOW);
	near(CORE, "pulse.gain", 1.0, 0.05);
}

static void it_flickers(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	fake.lights.core_hz = 4000.0;
	fake.lights.flicker = 0.2;
	fake.lights.flicker_hz = 100.0;
	measure(&fake);
	near(CORE, "pulse.pf", 20.0, 0.3);
	near(CORE, "pulse.fi", 0.2 / 3.14159265, 0.001);
	near(CORE, "pulse.svm", 0.2 * 3.847, 0.002);
	near(CORE, "pulse.sputter_rate", 0.0, 0.0);
}

static void a_breath_that_cannot_be_read(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	fake.lights.breath = 0.0;
	measure(&fake);
	near(CORE, "pulse.gain", 0.0, 0.05);
	unknown(CORE, "pulse.sputter_rate", GH_REASON_NOT_COMPUTABLE);
	gh_fake_init(&fake, 1, 100.0);
	memset(fake.lamp, 0, sizeof fake.lamp);
	measure(&fake);
	unknown(CORE, "pulse.gain", GH_REASON_NOT_COMPUTABLE);
	unknown(CORE, "pulse.pf", GH_REASON_NOT_COMPUTABLE);
	gh_fake_init(&fake, 1, 100.0);
	fake.is_light_stuck = true;
	measure(&fake);
	unknown(CORE, "pulse.gain", GH_REASON_SENSOR_SUSPECT);
	gh_fake_init(&fake, 1, 100.0);
	fake.light_gain = 8.0;
	measure(&fake);
	unknown(CORE, "pulse.sputter_dark", GH_REASON_SATURATED);
	gh_fake_init(&fake, 1, 100.0);
	fake.room = 0.2;
	measure(&fake);
	unknown(CORE, "pulse.gain", GH_REASON_AMBIENT);
}

/* ---- fibres -------------------------------------------------------------------- */

static void fibres_against_their_siblings(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	measure(&fake);
	near(FIBRE, "fibre.rel", 0.50 / 0.55, 0.002);
	near(FIBRE + 1, "fibre.rel", 1.0, 0.002);
	near(FIBRE + 2, "fibre.rel", 0.60 / 0.55, 0.002);
	near(FIBRE + 2, "fibre.hue", (0.48 / 0.6) / (0.60 / 0.9), 0.002);
	near(FIBRE, "fibre.dark", 0.002 / 0.0634, 0.002);
	near(CORE, "fibre.min_mean", 0.50 / 0.55, 0.002);
	near(CORE, "fibre.cv", 0.05 / 0.55, 0.002);
	/* a lamp that fades, and loses blue, shows in none of them */
	for (int c = 0; c < 4; c++)
		fake.lamp[c] *= c == 2 ? 0.3 : 0.8;
	measure(&fake);
	near(FIBRE, "fibre.rel", 0.50 / 0.55, 0.004);
	near(FIBRE + 2, "fibre.hue", (0.48 / 0.6) / (0.60 / 0.9), 0.005);
	near(CORE, "fibre.cv", 0.05 / 0.55, 0.004);
	fake.lamp[2] = 0.0;
	measure(&fake);
	unknown(FIBRE, "fibre.hue", GH_REASON_NOT_COMPUTABLE);
	near(FIBRE, "fibre.rel", 0.50 / 0.55, 0.004);
}

static void fibres_that_ail(void **state)
{
	struct gh_fake fake;

	(void)state;
	/* one that is quite unlike the others is no measure for them */
	gh_fake_init(&fake, 1, 100.0);
	fake.lights.fibre[2].red *= 0.4;
	fake.lights.fibre[2].blue *= 0.4;
	measure(&fake);
	near(FIBRE + 2, "fibre.rel", 0.4 * 0.60 / 0.525, 0.02);
	near(FIBRE, "fibre.rel", 0.50 / 0.525, 0.003);
	gh_fake_init(&fake, 1, 100.0);
	fake.lights.fibre[1].blue *= 0.75;
	measure(&fake);
	near(FIBRE + 1, "fibre.hue", 1.2 * 0.75, 0.003);
	near(FIBRE, "fibre.hue", 1.2, 0.003);
	/* broken, and no light gets in; unplugged, and some does */
	fake.lights.fibre[1].red = fake.lights.fibre[1].blue = 0.0;
	measure(&fake);
	near(FIBRE + 1, "fibre.rel", 0.0, 0.001);
	unknown(FIBRE + 1, "fibre.hue", GH_REASON_NOT_COMPUTABLE);
	near(FIBRE + 1, "fibre.dark", 0.035, 0.01);
	/* what is gone is no measure for the others */
	near(FIBRE, "fibre.rel", 0.50 / 0.55, 0.003);
	near(CORE, "fibre.min_mean", 0.0, 0.001);
	fake.lights.fibre[1].leak = 0.03;
	measure(&fake);
	near(FIBRE + 1, "fibre.rel", 0.0, 0.002);
	assert_true(value(FIBRE + 1, "fibre.dark") > 0.4);
	/* into one end it is that end; into all it is the room */
	for (int i = 0; i < GH_FAKE_FIBRES; i++)
		fake.lights.fibre[i].leak = 0.1;
	measure(&fake);
	for (int i = 0; i < GH_FAKE_FIBRES; i++)
		unknown(FIBRE + i, "fibre.rel", GH_REASON_AMBIENT);
}

static void eyes_of_fibres_that_lie(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	fake.lights.fibre[0].is_stuck = true;
	measure(&fake);
	unknown(FIBRE, "fibre.rel", GH_REASON_SENSOR_SUSPECT);
	unknown(FIBRE, "fibre.dark", GH_REASON_SENSOR_SUSPECT);
	assert_non_null(strstr(find(FIBRE, "fibre.rel")->note, "fibre.1"));
	near(FIBRE + 1, "fibre.hue", 1.2, 0.003);
	/* fresh once in a second, once for all, and often enough */
	gh_fake_init(&fake, 1, 100.0);
	fake.lights.fibre[0].stale_s = 1.1;
	fake.lights.fibre[1].stale_s = 1e6;
	fake.lights.fibre[2].stale_s = 0.05;
	measure(&fake);
	unknown(FIBRE, "fibre.rel", GH_REASON_SENSOR_STALE);
	unknown(FIBRE + 1, "fibre.rel", GH_REASON_SENSOR_STALE);
	assert_int_equal(find(FIBRE + 2, "fibre.rel")->reason, GH_REASON_NONE);
	/* in step with the states, so that it misses every other one */
	gh_fake_init(&fake, 1, 100.0);
	fake.lights.fibre[0].stale_s = 1.0;
	measure(&fake);
	unknown(FIBRE, "fibre.rel", GH_REASON_SENSOR_STALE);
	/* a dark core: bundles show nothing, and their eyes are well */
	gh_fake_init(&fake, 1, 100.0);
	memset(fake.lamp, 0, sizeof fake.lamp);
	measure(&fake);
	unknown(FIBRE, "fibre.rel", GH_REASON_NOT_COMPUTABLE);
	gh_fake_init(&fake, 1, 100.0);
	fake.lights.fibre[2].red = fake.lights.fibre[2].blue = 11.0;
	measure(&fake);
	unknown(FIBRE + 2, "fibre.rel", GH_REASON_SATURATED);
}

/* ---- crystals -------------------------------------------------------------------- */

static void crystals_flash(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 3, 100.0);
	measure(&fake);
	near(CRYSTAL, "crystal.sparkle", 3.0, 0.05);
	near(CRYSTAL, "crystal.peak_at", 0.1 * DEG, 0.1);
	near(CRYSTAL + 1, "crystal.peak_at", 0.2 * DEG, 0.1);
	near(CRYSTAL, "crystal.mean", 0.25, 0.003);
	/* a late angle is late both ways */
	fake.lights.angle_late_s = 0.08;
	measure(&fake);
	near(CRYSTAL, "crystal.peak_at", 0.1 * DEG, 0.1);
	/* a dim spotlight is the spotlight's */
	fake.lights.spotlight = 0.2;
	measure(&fake);
	near(CRYSTAL, "crystal.sparkle", 3.0, 0.05);
	near(CRYSTAL, "crystal.mean", 0.25, 0.003);
	near(SPOTLIGHT, "spotlight.level", 0.2, 0.001);
	near(SPOTLIGHT, "spotlight.dark", 0.01 / 0.21, 0.001);
	/* dull, and turned in its mount */
	gh_fake_init(&fake, 3, 100.0);
	fake.lights.crystal[0].flash *= 0.6;
	fake.lights.crystal[1].at_rad += 6.0 / DEG;
	measure(&fake);
	near(CRYSTAL, "crystal.sparkle", 1.8, 0.05);
	near(CRYSTAL + 1, "crystal.peak_at", 0.2 * DEG + 6.0, 0.15);
	near(CRYSTAL + 1, "crystal.sparkle", 3.0, 0.05);
	/* just at the edge of its window */
	fake.rig.parts[CRYSTAL].window_lo_rad = -0.10;
	fake.rig.parts[CRYSTAL].window_hi_rad = 0.20;
	fake.rig.parts[CRYSTAL + 1].window_lo_rad = 0.25;
	fake.rig.parts[CRYSTAL + 1].window_hi_rad = 0.45;
	for (int k = -1; k <= 1; k++) {
		const double at_rad = 0.45 + 0.01 * k;

		fake.lights.crystal[1].at_rad = at_rad;
		measure(&fake);
		near(CRYSTAL + 1, "crystal.peak_at", at_rad * DEG, 0.5);
		assert_true(value(CRYSTAL + 1, "crystal.sparkle") > 0.3);
	}
	/* out of its window, and of its neighbour's; so far out it is seen
	 * one way only, and the late angle shows */
	gh_fake_init(&fake, 3, 100.0);
	fake.lights.crystal[1].at_rad = 0.60;
	measure(&fake);
	near(CRYSTAL + 1, "crystal.peak_at", 0.60 * DEG, 1.0);
	assert_true(value(CRYSTAL + 1, "crystal.sparkle") > 0.3);
	/* beyond where the arm turns: at least as far as it was looked at */
	fake.rig.parts[CRYSTAL + 1].window_hi_rad = 0.75;
	fake.lights.crystal[1].at_rad = 0.71;
	measure(&fake);
	assert_true(value(CRYSTAL + 1, "crystal.peak_at") > 0.60 * DEG);
	assert_true(value(CRYSTAL + 1, "crystal.peak_at") < 0.70 * DEG);
}

static void crystals_that_cannot_be_seen(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 3, 100.0);
	fake.lights.spotlight = 0.002;
	measure(&fake);
	unknown(CRYSTAL, "crystal.sparkle", GH_REASON_NOT_COMPUTABLE);
	near(SPOTLIGHT, "spotlight.level", 0.002, 0.001);
	/* no flash at all has no angle, in no window */
	gh_fake_init(&fake, 3, 100.0);
	fake.lights.crystal[0].flash = 0.0;
	measure(&fake);
	near(CRYSTAL, "crystal.sparkle", 0.0, 0.01);
	unknown(CRYSTAL, "crystal.peak_at", GH_REASON_NOT_COMPUTABLE);
	fake.joint[0].is_commanded_only = true;
	measure(&fake);
	unknown(CRYSTAL + 1, "crystal.peak_at", GH_REASON_COMMANDED_ONLY);
	near(CRYSTAL + 1, "crystal.sparkle", 3.0, 0.05);
	gh_fake_init(&fake, 3, 100.0);
	fake.lights.crystal_dark = 0.2;
	measure(&fake);
	unknown(CRYSTAL, "crystal.sparkle", GH_REASON_AMBIENT);
	unknown(SPOTLIGHT, "spotlight.level", GH_REASON_AMBIENT);
	gh_fake_init(&fake, 3, 100.0);
	fake.lights.crystal[0].flash = 1.2;
	measure(&fake);
	unknown(CRYSTAL, "crystal.sparkle", GH_REASON_SATURATED);
	gh_fake_init(&fake, 3, 100.0);
	fake.lights.crystal[0].stale_s = 0.2;
	fake.lights.crystal[1].stale_s = 1e6;
	measure(&fake);
	unknown(CRYSTAL, "crystal.sparkle", GH_REASON_SENSOR_STALE);
	unknown(CRYSTAL + 1, "crystal.sparkle", GH_REASON_SENSOR_STALE);
}

/* ---- chrome and remote --------------------------------------------------------------- */

static void chrome_mirrors(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	measure(&fake);
	near(CHROME, "chrome.reflect", 0.175, 0.001);
	near(CHROME, "chrome.tint", 0.75, 0.002);
	fake.lights.chrome_red *= 0.6;
	fake.lights.chrome_blue *= 0.4;
	measure(&fake);
	near(CHROME, "chrome.reflect", 0.09, 0.001);
	near(CHROME, "chrome.tint", 0.5, 0.002);
	fake.lights.chrome_red = fake.lights.chrome_blue = 0.0;
	measure(&fake);
	near(CHROME, "chrome.reflect", 0.0, 0.001);
	unknown(CHROME, "chrome.tint", GH_REASON_NOT_COMPUTABLE);
	gh_fake_init(&fake, 1, 100.0);
	fake.lights.chrome_dark = 0.1;
	measure(&fake);
	unknown(CHROME, "chrome.reflect", GH_REASON_AMBIENT);
}

static void the_remote(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	measure(&fake);
	near(REMOTE, "remote.presses", 1.0, 0.0);
	near(REMOTE, "remote.battery", 2.985, 0.01);
	near(REMOTE, "remote.signal", -60.0, 0.6);
	near(REMOTE, "remote.margin", 25.0, 0.6);
	/* the finger slipped: five presses are no fault */
	fake.lights.presses = 5.0;
	measure(&fake);
	near(REMOTE, "remote.presses", 1.0, 0.0);
	assert_string_equal(find(REMOTE, "remote.presses")->note,
			    "4 asked, 5 seen");
	fake.lights.presses = 2.0;
	fake.lights.battery_v = 2.4;
	fake.lights.signal_db = -90.0;
	measure(&fake);
	near(REMOTE, "remote.presses", 0.5, 0.0);
	near(REMOTE, "remote.battery", 2.385, 0.01);
	near(REMOTE, "remote.margin", -5.0, 0.6);
	fake.rig.parts[REMOTE].floor_db = 0.0;
	measure(&fake);
	near(REMOTE, "remote.signal", -90.0, 0.6);
	unknown(REMOTE, "remote.margin", GH_REASON_NOT_IN_PROFILE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hue_in_words),
		cmocka_unit_test(it_breathes_as_told),
		cmocka_unit_test(one_ramp_is_enough),
		cmocka_unit_test(it_sputters),
		cmocka_unit_test(it_flickers),
		cmocka_unit_test(a_breath_that_cannot_be_read),
		cmocka_unit_test(fibres_against_their_siblings),
		cmocka_unit_test(fibres_that_ail),
		cmocka_unit_test(eyes_of_fibres_that_lie),
		cmocka_unit_test(crystals_flash),
		cmocka_unit_test(crystals_that_cannot_be_seen),
		cmocka_unit_test(chrome_mirrors),
		cmocka_unit_test(the_remote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
