/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rig file from somebody else: refused with its line, or sound. */
#include "fakes/fuzz.h"

#include "rig/rig.h" /* gh_rig_parse */

#include <math.h>
#include <string.h>

const struct gh_fuzz_runs gh_fuzz_runs = { .taste = 20000 };

const char *const gh_fuzz_words[] = { "[rig]\n",
				      "name = ",
				      "serial = ",
				      "schema = 1\n",
				      "[link main]\n",
				      "driver = lumina\n",
				      "driver = firmata",
				      "baud = ",
				      "[arm one]\n",
				      "[joint one.a]\n",
				      "link = main\n",
				      "range = -60 40 deg\n",
				      "speed = ",
				      " deg/s",
				      "accel = 400 deg/s2",
				      "length = 0.25 m",
				      "[core core]\n",
				      "look.x = 1 0 0 0",
				      "[fibre f]\n",
				      "[crystal c]\n",
				      "[supply servo]\n",
				      "nominal = 12 V",
				      "usb = 2341:0043",
				      "1e308",
				      "nan",
				      "-0x1p-1074",
				      "\r\n",
				      "\xEF\xBB\xBF",
				      "#",
				      ";",
				      "[",
				      "]",
				      "=",
				      NULL };

/* What the planner divides by and counts to. */
static void is_sound(const struct gh_rig *rig)
{
	GH_FUZZ_HOLDS(rig->n_joints <= GH_RIG_JOINTS);
	GH_FUZZ_HOLDS(rig->n_links <= GH_RIG_LINKS);
	GH_FUZZ_HOLDS(rig->tip_speed_max_m_s <= GH_TIP_SPEED_MAX_M_S);
	for (unsigned i = 0; i < rig->n_joints; i++) {
		const struct gh_rig_joint *j = &rig->joints[i];

		GH_FUZZ_HOLDS(isfinite(j->lo_rad) && isfinite(j->hi_rad));
		GH_FUZZ_HOLDS(j->lo_rad < j->hi_rad);
		GH_FUZZ_HOLDS(gh_rig_find_part(rig, rig->parts[j->part].name) ==
			      j->part);
		GH_FUZZ_HOLDS(isfinite(gh_rig_reach_m(rig, j->arm, j->order)));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct gh_rig rig;
	struct gh_err err = { 0 };

	if (gh_rig_parse(&rig, "fuzz", (const char *)data, size, &err) == GH_OK)
		is_sound(&rig);
	else
		GH_FUZZ_HOLDS(strncmp(err.msg, "fuzz", 4) == 0);
	return 0;
}
