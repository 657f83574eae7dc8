/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fault table and its specs: every row applies, a wrong spec is refused
 * and told what would have been right. What faults do: test_plant_fault.c.
 */
#include "sim/fault.h"

#include "unit/plant_lumina.h" /* lumina, single */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void apply(struct gh_plant *p, const char *spec)
{
	struct gh_wire_fault wire = { 0 };
	struct gh_err err = { .code = GH_OK };

	if (spec && gh_fault_apply(p, &wire, spec, &err) != GH_OK)
		fail_msg("%s: %s", spec, err.msg);
}

static struct gh_plant *make(const char *spec)
{
	struct gh_plant_config c = lumina_whole();
	struct gh_plant *p = gh_plant_create(&c, 31, 1);

	apply(p, spec);
	return p;
}

static void wire_faults_go_to_the_wire(void **state)
{
	struct gh_plant *p = make(NULL);
	struct gh_wire_fault wire = { 0 };
	struct gh_err err;

	(void)state;
	assert_int_equal(gh_fault_apply(p, &wire, "link_lossy@link", &err),
			 GH_OK);
	assert_true(fabs(wire.lost_ppm - 50000) < 1e-9);
	assert_true(fabs(wire.resets_per_min) < 1e-9);
	assert_int_equal(gh_fault_apply(p, &wire,
					"controller_reset@controller=barely",
					&err),
			 GH_OK);
	assert_true(fabs(wire.resets_per_min - 0.5) < 1e-9);
	assert_true(fabs(wire.lost_ppm - 50000) < 1e-9);
	assert_int_equal(gh_fault_apply(p, NULL, "link_lossy@link", &err),
			 GH_ARG);
	assert_non_null(strstr(err.msg, "no link"));
	gh_plant_destroy(p);
}

/* A part that suits each kind of fault. */
static const char *part_for(const char *kind)
{
	static const char *const parts[][2] = {
		{ "joint:joint", "resilience.elbow:hope.wrist" },
		{ "joint", "resilience.elbow" },
		{ "core", "core" },
		{ "fibre", "fibre.3" },
		{ "crystal", "crystal.2" },
		{ "chrome", "chrome.hope" },
		{ "remote", "remote" },
		{ "light sensor", "fibre.3.light" },
		{ "supply", "supply.servo" },
		{ "link", "link" },
		{ "sensor", "core.light" },
		{ "controller", "controller" },
	};

	for (unsigned i = 0; i < GH_ARRAY_SIZE(parts); i++)
		if (strcmp(parts[i][0], kind) == 0)
			return parts[i][1];
	fail_msg("unknown kind \"%s\"", kind);
	return NULL;
}

static void every_row_applies_and_grows(void **state)
{
	static const char *const words[] = { "barely", "noticeable", "gross" };

	(void)state;
	for (const struct gh_fault *f = gh_faults; f->name; f++) {
		/* a cable is swapped or it is not */
		if (strcmp(f->name, "swapped_cable") != 0)
			assert_true(f->barely < f->noticeable &&
				    f->noticeable < f->gross);
		for (unsigned w = 0; w < GH_ARRAY_SIZE(words); w++) {
			char spec[96];

			snprintf(spec, sizeof spec, "%s@%s=%s", f->name,
				 part_for(f->part_kind), words[w]);
			gh_plant_destroy(make(spec));
		}
	}
}

static void wrong_specs_are_told_what_is_right(void **state)
{
	static const struct {
		const char *spec, *says;
	} cases[] = {
		{ "gremlins@core", "no fault \"gremlins\"; ghostlight-sim "
				   "--list-faults names them all" },
		{ "fibre_frayed@core", "no fibre \"core\"; there are: fibre.1 "
				       "fibre.2" },
		{ "crystal_dull@crystal.7", "crystal.6" },
		{ "chrome_dirty@chrome", "chrome.hope" },
		{ "chrome_tarnished@chrome.hope=0.7", "from 0 to 0.66" },
		{ "remote_weak_signal@core", "there are: remote" },
		{ "sensor_saturated@remote.voltage", "no light sensor" },
		{ "sensor_saturated@core", "there are: core.colour core.light "
					   "fibre.1.light" },
		{ "ambient_leak@fibre.1", "there are: core" },
		{ "limp@resilience.elbw", "resilience.elbow" },
		{ "limp@resilience.elbw", "dawn.wrist" },
		{ "limp@core", "no joint \"core\"" },
		{ "blue_lost@resilience.elbow", "there are: core" },
		{ "supply_sag@core", "there are: supply.servo" },
		{ "no_power@core", "resilience.elbow" },
		{ "sensor_dead@core", "core.colour core.light" },
		{ "sensor_dead@core.colour_red", "core.colour" },
		{ "link_lossy@core", "there are: link" },
		{ "controller_reset@link", "there are: controller" },
		{ "limp@resilience.elbow=some", "barely (0.15), noticeable" },
		{ "limp@resilience.elbow=1.01", "a number from 0 to 1" },
		{ "limp@resilience.elbow=-0.1", "a number from 0 to 1" },
		{ "limp@resilience.elbow=nan", "a number from 0 to 1" },
		{ "dry_joint@resilience.elbow=0.5", "from 1 to 10 (factor)" },
		{ "backlash@resilience.elbow=1deg", "(deg)" },
		{ "limp@resilience.elbow=", "no size after" },
		{ "limp", "expected NAME@PART[=SIZE]" },
		{ "limp@", "expected NAME@PART[=SIZE]" },
		{ "@core", "expected NAME@PART[=SIZE]" },
		{ "", "expected NAME@PART[=SIZE]" },
		{ "limp\033[2J@core", "limp\\x1B[2J" },
	};
	struct gh_plant *p = make(NULL);
	struct gh_wire_fault wire = { 0 };

	(void)state;
	for (unsigned i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		struct gh_err err = { .code = GH_OK };
		const enum gh_status status =
			gh_fault_apply(p, &wire, cases[i].spec, &err);

		if (status != GH_ARG || !strstr(err.msg, cases[i].says) ||
		    strchr(err.msg, '\n'))
			fail_msg("\"%s\": %s", cases[i].spec, err.msg);
	}
	gh_plant_destroy(p);
}

static void a_refused_fault_changes_nothing(void **state)
{
	struct gh_plant *a = make(NULL), *b = make(NULL);
	struct gh_err err;

	(void)state;
	assert_int_equal(gh_fault_apply(a, NULL, "limp@dawn.elbow=7", &err),
			 GH_ARG);
	gh_plant_step(a, 100000);
	gh_plant_step(b, 100000);
	for (size_t s = 0; s < gh_plant_sensors(a); s++)
		assert_true(fabs(gh_plant_sense(a, (int)s) -
				 gh_plant_sense(b, (int)s)) < 1e-15);
	gh_plant_destroy(a);
	gh_plant_destroy(b);
}

static void parts_that_are_not_there_are_refused(void **state)
{
	struct gh_plant_config c = single(0.2, 0.1);
	struct gh_plant *p;
	struct gh_err err;

	(void)state;
	c.supply[0] = '\0';
	p = gh_plant_create(&c, 1, 1);
	assert_int_equal(gh_fault_apply(p, NULL, "core_dim@core", &err),
			 GH_ARG);
	assert_int_equal(gh_fault_apply(p, NULL, "supply_sag@supply", &err),
			 GH_ARG);
	assert_non_null(strstr(err.msg, "none"));
	gh_plant_destroy(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wire_faults_go_to_the_wire),
		cmocka_unit_test(every_row_applies_and_grows),
		cmocka_unit_test(wrong_specs_are_told_what_is_right),
		cmocka_unit_test(a_refused_fault_changes_nothing),
		cmocka_unit_test(parts_that_are_not_there_are_refused),
	};

	return cmocka_run_group_tests_name("fault", tests, NULL, NULL);
}
