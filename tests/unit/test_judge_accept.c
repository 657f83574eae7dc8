/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fails that somebody answers for: known, worse, expired, recovered. */
#include "base/status.h"      /* GH_ARRAY_SIZE */
#include "unit/judge_night.h" /* struct night */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define GREASE "joint.viscous"
#define FOUND 0.09 /* A s/rad when it was accepted; healthy is 0.05 */
#define TONIGHT 1700000000
#define DAY_S 86400

struct desk {
	struct night *n;
	struct gh_accept accepts[2];
};

static int make(void **state)
{
	struct desk *d = calloc(1, sizeof *d);

	assert_non_null(d);
	d->n = night_make();
	for (int i = 0; i < 2; i++)
		d->accepts[i] = (struct gh_accept){
			.part = "hope.shoulder",
			.id = GREASE,
			.fault = "dry_joint",
			.value = FOUND,
			.by = "Maria",
			.reason = "new grease is on its way",
			.until_s = TONIGHT + DAY_S,
		};
	d->n->in.accepts = d->accepts;
	d->n->in.n_accepts = 1;
	d->n->in.now_s = TONIGHT;
	*state = d;
	return 0;
}

static int drop(void **state)
{
	struct desk *d = *state;

	free(d->n);
	free(d);
	return 0;
}

static const struct gh_finding *judge(struct desk *d, double value)
{
	night_set(d->n, 0, GREASE, value);
	night_judge(d->n);
	return night_finding(d->n, 0, GREASE);
}

static void expect(const struct desk *d, const struct gh_finding *f,
		   enum gh_state state, enum gh_accept_fate fate,
		   enum gh_verdict verdict, const char *note)
{
	const struct gh_result *res = &d->n->res;

	if (f->state != state || res->fates[0] != fate)
		fail_msg("%.4g: %s, %s", f->value, gh_state_name(f->state),
			 gh_accept_fate_name(res->fates[0]));
	assert_int_equal(res->verdict, verdict);
	if (strstr(f->note, note) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", note, f->note);
}

static void known_is_a_watch_with_an_owner(void **state)
{
	struct desk *d = *state;

	expect(d, judge(d, FOUND), GH_STATE_KNOWN, GH_ACCEPT_KNOWN,
	       GH_VERDICT_WATCH,
	       "Maria until 2023-11-15: new grease is on its way");
	assert_non_null(strstr(d->n->res.why, "known: "));
	assert_int_equal(d->n->res.parts[0].n_watch, 1);
	assert_int_equal(d->n->res.parts[0].n_fail, 0);
	/* A little more and a little less is the same fault. */
	expect(d, judge(d, FOUND + 0.006), GH_STATE_KNOWN, GH_ACCEPT_KNOWN,
	       GH_VERDICT_WATCH, "Maria");
	expect(d, judge(d, FOUND - 0.006), GH_STATE_KNOWN, GH_ACCEPT_KNOWN,
	       GH_VERDICT_WATCH, "Maria");
}

static void worse_fails_again(void **state)
{
	struct desk *d = *state;

	expect(d, judge(d, 0.14), GH_STATE_FAIL, GH_ACCEPT_WORSE,
	       GH_VERDICT_HOLD, "worse than the 90.0 mA that Maria accepted");
	/* Too little grease was accepted; too much was not. */
	expect(d, judge(d, 0.01), GH_STATE_FAIL, GH_ACCEPT_WORSE,
	       GH_VERDICT_HOLD, "worse");
}

static void past_its_day_it_fails_again(void **state)
{
	struct desk *d = *state;

	d->n->in.now_s = TONIGHT + DAY_S;
	expect(d, judge(d, FOUND), GH_STATE_FAIL, GH_ACCEPT_EXPIRED,
	       GH_VERDICT_HOLD,
	       "accepted by Maria until 2023-11-15, which is over");
	/* Another one that is in force is enough. */
	d->n->in.n_accepts = 2;
	d->accepts[0].until_s = TONIGHT - DAY_S;
	d->accepts[1].until_s = TONIGHT + 2 * DAY_S;
	d->accepts[1].reason[0] = '\0';
	expect(d, judge(d, FOUND), GH_STATE_KNOWN, GH_ACCEPT_EXPIRED,
	       GH_VERDICT_WATCH, "Maria until 2023-11-16");
	assert_int_equal(d->n->res.fates[1], GH_ACCEPT_KNOWN);
}

static void recovered_says_so(void **state)
{
	struct desk *d = *state;

	expect(d, judge(d, 0.05), GH_STATE_PASS, GH_ACCEPT_RECOVERED,
	       GH_VERDICT_READY, "recovered: was 90.0 mA, accepted by Maria");
	/* Without the acceptance, which is spent, nothing is said. */
	d->n->in.n_accepts = 0;
	assert_string_equal(judge(d, 0.05)->note, "");
}

static void unseen_stays_in_force(void **state)
{
	struct desk *d = *state;

	night_measure(d->n, 0, GREASE)->reason = GH_REASON_NOT_MEASURED;
	night_judge(d->n);
	expect(d, night_finding(d->n, 0, GREASE), GH_STATE_UNKNOWN,
	       GH_ACCEPT_UNSEEN, GH_VERDICT_UNSURE, "");
	strcpy(d->accepts[0].part, "nobody");
	night_judge(d->n);
	assert_int_equal(d->n->res.fates[0], GH_ACCEPT_UNSEEN);
}

static void another_fail_is_not_covered(void **state)
{
	struct desk *d = *state;

	night_set(d->n, 0, "joint.residual", 0.03);
	judge(d, FOUND);
	assert_int_equal(d->n->res.verdict, GH_VERDICT_HOLD);
	night_set(d->n, 0, "joint.residual", 0.01);
	night_set(d->n, 1, GREASE, FOUND);
	judge(d, FOUND);
	assert_int_equal(d->n->res.parts[0].state, GH_VERDICT_WATCH);
	assert_int_equal(d->n->res.parts[1].state, GH_VERDICT_HOLD);
}

static void accept_fail(struct desk *d, const char *part, const char *id,
			double value)
{
	struct gh_accept *a = &d->accepts[d->n->in.n_accepts++];

	snprintf(a->part, sizeof a->part, "%s", part);
	snprintf(a->id, sizeof a->id, "%s", id);
	a->value = value;
}

/* A limp elbow shakes its shoulder, but nobody accepted a dry shoulder. */
static void what_is_accepted_explains_nothing_new(void **state)
{
	struct desk *d = *state;
	const struct gh_result *res = &d->n->res;

	d->n->in.n_accepts = 0;
	accept_fail(d, "resilience.elbow", "joint.gravity", 0.01);
	night_set(d->n, NIGHT_ELBOW, "joint.gravity", 0.01);
	night_judge(d->n);
	assert_int_equal(res->verdict, GH_VERDICT_WATCH);
	night_scale(d->n, NIGHT_SHOULDER, "joint.coulomb", 3);
	night_judge(d->n);
	assert_int_equal(res->verdict, GH_VERDICT_HOLD);
	assert_int_equal(res->parts[NIGHT_ELBOW].state, GH_VERDICT_WATCH);
	assert_string_equal(res->diagnoses[1].fault, "dry_joint");
	assert_int_equal(res->diagnoses[1].part, NIGHT_SHOULDER);
	/* Accepted as well, it is known as long as it is no worse. */
	accept_fail(d, "resilience.shoulder", "joint.coulomb", 0.3);
	night_judge(d->n);
	assert_int_equal(res->verdict, GH_VERDICT_WATCH);
	assert_int_equal(res->fates[1], GH_ACCEPT_KNOWN);
	night_scale(d->n, NIGHT_SHOULDER, "joint.coulomb", 2);
	night_judge(d->n);
	assert_int_equal(res->verdict, GH_VERDICT_HOLD);
	assert_int_equal(res->fates[1], GH_ACCEPT_WORSE);
}

/* Without its load there is nothing to see of some; elsewhere that is a gap. */
static void what_a_fault_hides_is_no_gap(void **state)
{
	struct desk *d = *state;
	const struct gh_result *res = &d->n->res;
	const int hidden[] = { NIGHT_ELBOW, NIGHT_WRIST };

	d->n->in.n_accepts = 0;
	accept_fail(d, "resilience.elbow", "joint.gravity", 0.01);
	night_set(d->n, NIGHT_ELBOW, "joint.gravity", 0.01);
	for (size_t i = 0; i < GH_ARRAY_SIZE(hidden); i++)
		night_measure(d->n, hidden[i], "joint.residual")->reason =
			GH_REASON_NOT_COMPUTABLE;
	night_judge(d->n);
	assert_int_equal(res->verdict, GH_VERDICT_WATCH);
	assert_int_equal(res->parts[NIGHT_WRIST].state, GH_VERDICT_WATCH);
	assert_non_null(
		strstr(night_finding(d->n, NIGHT_WRIST, "joint.residual")->note,
		       "comes from resilience.elbow"));
	night_measure(d->n, 0, "joint.residual")->reason =
		GH_REASON_NOT_COMPUTABLE;
	night_judge(d->n);
	assert_int_equal(res->verdict, GH_VERDICT_UNSURE);
	assert_int_equal(res->parts[0].state, GH_VERDICT_UNSURE);
}

/* What the joints lose by an accepted cable is the cable's, up to its size. */
static void an_accepted_cable_covers_what_it_loses(void **state)
{
	struct desk *d = *state;
	const struct gh_result *res = &d->n->res;

	d->n->in.n_accepts = 0;
	accept_fail(d, "link", "link.bad", 1000);
	night_set(d->n, NIGHT_LINK, "link.bad", 1000);
	night_set(d->n, NIGHT_WRIST, "servo.lost", 1500);
	night_judge(d->n);
	assert_int_equal(res->verdict, GH_VERDICT_WATCH);
	night_set(d->n, NIGHT_WRIST, "servo.lost", 300000);
	night_judge(d->n);
	assert_int_equal(res->verdict, GH_VERDICT_HOLD);
}

/*
 * So many dropouts of 20 ms in 10 s, ten of which were accepted. Three SDs of
 * the difference of two counts near 20 are 3 sqrt(2 * 20) = 19.
 */
static void chance_makes_no_sputter_worse(void **state)
{
	static const struct {
		double events;
		enum gh_verdict verdict;
	} nights[] = { { 10, GH_VERDICT_WATCH },
		       { 16, GH_VERDICT_WATCH },
		       { 20, GH_VERDICT_WATCH },
		       { 40, GH_VERDICT_HOLD } };
	const double none[3] = { 0, 10, 0 };
	const char *rate = night_sputter.id;
	struct desk *d = *state;

	night_add(d->n, &night_sputter, rate, NIGHT_CORE, none, 0);
	night_add(d->n, &night_dark, night_dark.id, NIGHT_CORE, none, 0);
	d->n->in.n_accepts = 0;
	accept_fail(d, "core", rate, 1);
	accept_fail(d, "core", night_dark.id, 0.02);
	for (size_t i = 0; i < sizeof nights / sizeof nights[0]; i++) {
		const double a_second = nights[i].events / 10;

		night_set3(night_measure(d->n, NIGHT_CORE, rate), a_second, 10,
			   0);
		night_set(d->n, NIGHT_CORE, night_dark.id, a_second * 0.02);
		night_judge(d->n);
		if (d->n->res.verdict != nights[i].verdict)
			fail_msg("%g events: %s", nights[i].events,
				 gh_verdict_name(d->n->res.verdict));
	}
}

/* Nothing to compare with: how far beyond the hard limit it is. */
static void hard_limits_without_a_baseline(void **state)
{
	struct desk *d = *state;
	struct gh_accept *a = &d->accepts[0];

	strcpy(a->id, "servo.lost");
	a->value = 60000;
	d->n->in.baseline = NULL;
	night_set(d->n, 0, "servo.lost", 60200);
	night_judge(d->n);
	expect(d, night_finding(d->n, 0, "servo.lost"), GH_STATE_KNOWN,
	       GH_ACCEPT_KNOWN, GH_VERDICT_UNSURE, "Maria");
	night_set(d->n, 0, "servo.lost", 61000);
	night_judge(d->n);
	expect(d, night_finding(d->n, 0, "servo.lost"), GH_STATE_FAIL,
	       GH_ACCEPT_WORSE, GH_VERDICT_HOLD, "worse");
}

static void every_fate_has_a_word(void **state)
{
	(void)state;
	assert_string_equal(gh_accept_fate_name(GH_ACCEPT_RECOVERED),
			    "recovered");
	assert_string_equal(gh_accept_fate_name((enum gh_accept_fate)99), "?");
}

#define T(name) cmocka_unit_test_setup_teardown(name, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(known_is_a_watch_with_an_owner),
		T(worse_fails_again),
		T(past_its_day_it_fails_again),
		T(recovered_says_so),
		T(unseen_stays_in_force),
		T(another_fail_is_not_covered),
		T(hard_limits_without_a_baseline),
		T(what_is_accepted_explains_nothing_new),
		T(what_a_fault_hides_is_no_gap),
		T(an_accepted_cable_covers_what_it_loses),
		T(chance_makes_no_sputter_worse),
		cmocka_unit_test(every_fate_has_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
