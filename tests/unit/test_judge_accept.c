/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fails that somebody answers for: known, worse, expired, recovered. */
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
	       GH_VERDICT_HOLD, "worse than the 0.09 that Maria accepted");
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
	       GH_VERDICT_READY, "recovered: was 0.09, accepted by Maria");
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
		cmocka_unit_test(every_fate_has_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
