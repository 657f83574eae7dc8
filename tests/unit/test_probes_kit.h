/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_probes_kit - all probes over one fake recording, and how the tests of
 * probes ask what came out. Included after cmocka.h.
 */
#ifndef GH_TESTS_UNIT_TEST_PROBES_KIT_H
#define GH_TESTS_UNIT_TEST_PROBES_KIT_H

#include "engine/probe.h"
#include "fakes/fake_recording.h"

#include <math.h>
#include <string.h>

enum { MEASURES = 1024 };

static struct gh_measure measures[MEASURES];
static size_t n_measures;

/* Destroys it. */
static void measure_recording(struct gh_recording *rec)
{
	n_measures = gh_probes_run(gh_probes, rec, gh_fake_wanted(), measures,
				   MEASURES);
	gh_recording_destroy(rec);
}

static void measure(const struct gh_fake *fake)
{
	measure_recording(gh_fake_record(fake));
}

static const struct gh_measure *find(int part, const char *id)
{
	for (size_t i = 0; i < n_measures; i++)
		if (measures[i].part == part && strcmp(measures[i].id, id) == 0)
			return &measures[i];
	fail_msg("no measure %s of part %d", id, part);
	return NULL;
}

static double value(int part, const char *id)
{
	const struct gh_measure *m = find(part, id);

	if (m->reason != GH_REASON_NONE)
		fail_msg("%s of part %d: %s (%s)", id, part,
			 gh_reason_name(m->reason), m->note);
	return m->v[0];
}

static void near(int part, const char *id, double want, double within)
{
	const double got = value(part, id);

	if (!(fabs(got - want) <= within))
		fail_msg("%s of part %d is %.6f, not %.6f +- %g", id, part, got,
			 want, within);
}

static void unknown(int part, const char *id, enum gh_reason reason)
{
	const struct gh_measure *m = find(part, id);

	if (m->reason != reason)
		fail_msg("%s of part %d: %s, not %s", id, part,
			 gh_reason_name(m->reason), gh_reason_name(reason));
}

#endif
