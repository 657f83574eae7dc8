/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every probe promises, for every probe of the generated table: a new
 * file under probes/ is covered the moment it is there.
 */
#include "base/text.h"
#include "engine/probe.h"
#include "fakes/fake_recording.h"
#include "judge/finding.h" /* gh_metric_is_statistical */
#include "judge/judge.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MEASURES = 1024, METRICS = 256 };

/* The lists hold for the table, not for one probe. */
static size_t all_metrics(const struct gh_metric **out)
{
	size_t n = 0;

	for (const struct gh_probe *const *p = gh_probes; *p; p++)
		for (const struct gh_metric *m = (*p)->metrics; m->id; m++) {
			assert_true(n < METRICS);
			out[n++] = m;
		}
	return n;
}

static bool is_plain(const char *s)
{
	for (; *s; s++)
		if (!(*s >= 'a' && *s <= 'z') && !gh_is_digit(*s) && *s != '_')
			return false;
	return true;
}

static void names_are_plain_and_unique(void **state)
{
	(void)state;
	assert_non_null(gh_probes[0]);
	for (const struct gh_probe *const *p = gh_probes; *p; p++) {
		assert_true(is_plain((*p)->name));
		assert_non_null((*p)->title);
		assert_non_null((*p)->run);
		assert_true((*p)->kind < GH_PART_KIND_COUNT);
		assert_non_null((*p)->metrics[0].id);
		for (const struct gh_probe *const *q = gh_probes; q < p; q++)
			assert_string_not_equal((*p)->name, (*q)->name);
	}
}

/* "joint.coulomb": a family, a dot, a name, perhaps a star for instances. */
static void ids_are_unique_and_well_formed(void **state)
{
	const struct gh_metric *m[METRICS];
	const size_t n = all_metrics(m);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		char id[GH_METRIC_ID_CAP];
		char *dot, *star;

		assert_true(gh_copy_text(id, sizeof id, m[i]->id));
		dot = strchr(id, '.');
		assert_non_null(dot);
		star = strchr(id, '*');
		assert_true(!star || star[1] == '\0');
		if (star)
			*star = '\0';
		*dot = '\0';
		assert_true(is_plain(id) && is_plain(dot + 1));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(m[i]->id, m[k]->id);
	}
}

static void rows_are_complete(void **state)
{
	const struct gh_metric *m[METRICS];
	const size_t n = all_metrics(m);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		assert_true(m[i]->version >= 1);
		assert_true((unsigned)m[i]->unit < GH_UNIT_COUNT);
		assert_non_null(m[i]->meaning);
		assert_in_range(strlen(m[i]->meaning), 1, 40);
		assert_true(m[i]->role <= GH_ROLE_SHOWN);
		assert_true(m[i]->resolution >= 0.0);
		if (m[i]->role == GH_ROLE_SHOWN)
			continue;
		/* A hard limit alone needs no spread, a count is its own. */
		assert_true(m[i]->prior > 0.0 || m[i]->kind == GH_METRIC_RATE ||
			    !gh_metric_is_statistical(m[i]));
		assert_true(m[i]->min_share > 0.0 || m[i]->min_abs > 0.0 ||
			    !gh_metric_is_statistical(m[i]));
		/* Zero is a limit; nobody means that by leaving it out. */
		assert_false(m[i]->hard.lo < 1e-9 && m[i]->hard.lo > -1e-9);
	}
}

static void angles_and_colours_spread_absolutely(void **state)
{
	const struct gh_metric *m[METRICS];
	const size_t n = all_metrics(m);

	(void)state;
	for (size_t i = 0; i < n; i++)
		if (m[i]->kind != GH_METRIC_SCALAR)
			assert_int_equal(m[i]->spread, GH_SPREAD_ABSOLUTE);
}

/* How many measures one part of that kind can have. */
static size_t most_of(enum gh_part_kind kind)
{
	size_t n = 0;

	for (const struct gh_probe *const *p = gh_probes; *p; p++)
		for (const struct gh_metric *m = (*p)->metrics; m->id; m++)
			if ((*p)->kind == kind)
				n += strchr(m->id, '*') ? GH_RIG_LOOKS : 1;
	return n;
}

/* What finds no room in the list would be absent without a word. */
static void the_largest_rig_finds_room(void **state)
{
	size_t rest = 0, all = GH_RIG_JOINTS * most_of(GH_PART_JOINT);

	(void)state;
	for (unsigned k = 0; k < GH_PART_KIND_COUNT; k++)
		if (k != GH_PART_JOINT && most_of((enum gh_part_kind)k) > rest)
			rest = most_of((enum gh_part_kind)k);
	all += (GH_RIG_PARTS - GH_RIG_JOINTS) * rest;
	assert_in_range(all, 1, GH_JUDGE_FINDINGS);
	assert_true((int)GH_RIG_PARTS <= (int)GH_JUDGE_PARTS);
}

static size_t measure(const struct gh_recording *rec, struct gh_measure *out)
{
	/* Rubbish first: what is not written shows. */
	memset(out, 0x5a, MEASURES * sizeof *out);
	return gh_probes_run(gh_probes, rec, gh_fake_wanted(), out, MEASURES);
}

static void check_measures(const struct gh_recording *rec,
			   const struct gh_measure *m, size_t n)
{
	const struct gh_rig *rig = gh_recording_rig(rec);

	assert_in_range(n, 1, MEASURES - 1);
	for (size_t i = 0; i < n; i++) {
		assert_non_null(m[i].metric);
		assert_true((unsigned)m[i].part < rig->n_parts);
		assert_true((unsigned)m[i].reason < GH_REASON_COUNT);
		assert_non_null(memchr(m[i].note, '\0', sizeof m[i].note));
		assert_int_equal(m[i].reason == GH_REASON_NONE,
				 isfinite(m[i].v[0]) != 0);
	}
}

/* Every metric of every part is there: a value or a reason. */
static void check_complete(const struct gh_recording *rec,
			   const struct gh_measure *m, size_t n)
{
	const struct gh_rig *rig = gh_recording_rig(rec);

	for (const struct gh_probe *const *p = gh_probes; *p; p++)
		for (unsigned part = 0; part < rig->n_parts; part++) {
			if (rig->parts[part].kind != (*p)->kind)
				continue;
			for (const struct gh_metric *want = (*p)->metrics;
			     want->id; want++) {
				size_t i = 0;

				while (i < n && (m[i].metric != want ||
						 m[i].part != (int)part))
					i++;
				assert_true(i < n);
			}
		}
}

static void check_recording(const struct gh_fake *fake, bool may_know)
{
	struct gh_measure *a = malloc(MEASURES * sizeof *a);
	struct gh_measure *b = malloc(MEASURES * sizeof *b);
	struct gh_recording *rec = gh_fake_record(fake);
	size_t n;

	assert_true(a && b);
	n = measure(rec, a);
	check_measures(rec, a, n);
	check_complete(rec, a, n);
	assert_int_equal(measure(rec, b), n);
	for (size_t i = 0; i < n; i++) {
		assert_string_equal(a[i].id, b[i].id);
		assert_string_equal(a[i].note, b[i].note);
		assert_memory_equal(a[i].v, b[i].v, sizeof a[i].v);
		assert_memory_equal(a[i].rep, b[i].rep, sizeof a[i].rep);
	}
	for (size_t i = 0; i < n && !may_know; i++)
		if (a[i].metric->needs.exercises != 0)
			assert_int_not_equal(a[i].reason, GH_REASON_NONE);
	gh_recording_destroy(rec);
	free(a);
	free(b);
}

static void a_whole_recording(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 3, 100.0);
	check_recording(&fake, true);
}

/* Cut anywhere: under ASan nothing reads past what is there. */
static void cut_recordings(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 2, 50.0);
	for (gh_us cut = 100000; cut < gh_fake_length(&fake); cut += 1370000) {
		fake.cut = cut;
		check_recording(&fake, true);
	}
}

static void an_empty_recording(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 3, 100.0);
	fake.cut = 1;
	check_recording(&fake, false);
}

static void holes_and_losses(void **state)
{
	struct gh_fake fake;

	(void)state;
	gh_fake_init(&fake, 3, 100.0);
	fake.has_gap = true;
	fake.joint[0].lost_share = 1.0;
	fake.joint[1].lost_share = 0.6;
	fake.is_colour_stuck = true;
	check_recording(&fake, true);
}

static void nothing_planned_is_not_in_profile(void **state)
{
	static struct gh_measure m[MEASURES];
	struct gh_recording *rec;
	struct gh_fake fake;
	size_t n;

	(void)state;
	gh_fake_init(&fake, 3, 100.0);
	fake.lights.core_hz = 4000.0;
	rec = gh_fake_record(&fake);
	n = gh_probes_run(gh_probes, rec, 0, m, MEASURES);
	for (size_t i = 0; i < n; i++)
		if (m[i].metric->needs.exercises != 0)
			assert_int_equal(m[i].reason, GH_REASON_NOT_IN_PROFILE);
	/* A short list is filled and no further. */
	assert_int_equal(gh_probes_run(gh_probes, rec, 0, m, 5), 5);
	gh_recording_destroy(rec);
}

static void what_a_person_looks_at_is_not_measured(void **state)
{
	static struct gh_measure m[MEASURES];
	struct gh_recording *rec;
	struct gh_fake fake;
	size_t n;

	(void)state;
	gh_fake_init(&fake, 1, 100.0);
	fake.rig.parts[GH_FAKE_CORE].look_by_eye = true;
	rec = gh_fake_record(&fake);
	n = gh_probes_run(gh_probes, rec, gh_fake_wanted(), m, MEASURES);
	for (size_t i = 0; i < n; i++)
		assert_int_not_equal(m[i].part, GH_FAKE_CORE);
	gh_recording_destroy(rec);
}

static void reasons_have_names_and_words(void **state)
{
	(void)state;
	assert_string_equal(gh_reason_name(GH_REASON_SENSOR_SUSPECT),
			    "SENSOR_SUSPECT");
	assert_string_equal(gh_reason_text(GH_REASON_SENSOR_SUSPECT),
			    "its sensor is suspect");
	assert_non_null(gh_reason_name((enum gh_reason)999));
	assert_non_null(gh_reason_text((enum gh_reason)999));
	for (unsigned e = 0; e < GH_EX_COUNT; e++)
		assert_true(is_plain(gh_exercise_name((enum gh_exercise)e)));
	assert_non_null(gh_exercise_name((enum gh_exercise)999));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_plain_and_unique),
		cmocka_unit_test(ids_are_unique_and_well_formed),
		cmocka_unit_test(rows_are_complete),
		cmocka_unit_test(angles_and_colours_spread_absolutely),
		cmocka_unit_test(the_largest_rig_finds_room),
		cmocka_unit_test(a_whole_recording),
		cmocka_unit_test(cut_recordings),
		cmocka_unit_test(an_empty_recording),
		cmocka_unit_test(holes_and_losses),
		cmocka_unit_test(nothing_planned_is_not_in_profile),
		cmocka_unit_test(what_a_person_looks_at_is_not_measured),
		cmocka_unit_test(reasons_have_names_and_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
