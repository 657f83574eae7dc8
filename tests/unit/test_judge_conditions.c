/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cold room and a weak supply: outside the baseline's range, and inside. */
#include "unit/judge_night.h" /* struct night */

#include "judge/conditions.h" /* gh_slopes_fit */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { RUNS = 12, SESSIONS = 6 };

static const struct gh_metric temp = { .id = "servo.temp",
				       .version = 1,
				       .unit = GH_UNIT_DEG_C,
				       .meaning = "how warm it starts",
				       .role = GH_ROLE_SHOWN,
				       .hard = NO_HARD };

static const struct gh_metric drag = { .id = "joint.drag",
				       .version = 1,
				       .unit = GH_UNIT_AMPERE,
				       .meaning = "made up",
				       .role = GH_ROLE_GATE,
				       .min_share = 0.05,
				       .prior = 0.03,
				       .resolution = 1e-6,
				       .hard = NO_HARD };

static int make(void **state)
{
	struct night *n = night_make();
	const double v[3] = { 21, 0, 0 };

	for (int i = 0; i < NIGHT_JOINTS; i++)
		night_add(n, &temp, temp.id, i, v, 0.02);
	*state = n;
	return 0;
}

static int drop(void **state)
{
	free(*state);
	return 0;
}

static void set_room(struct night *n, double c)
{
	for (int i = 0; i < NIGHT_JOINTS; i++)
		night_set(n, i, temp.id, c);
	night_judge(n);
}

static void a_cold_room_is_unsure(void **state)
{
	struct night *n = *state;
	const struct gh_finding *f;

	/* Baseline 20.5 to 21.5 degC, and 6 K beyond. */
	set_room(n, 15);
	assert_int_equal(n->res.verdict, GH_VERDICT_READY);
	set_room(n, 14);
	f = night_finding(n, 0, "joint.gravity");
	assert_int_equal(f->state, GH_STATE_UNKNOWN);
	assert_int_equal(f->reason, GH_REASON_OUTSIDE_TEMPERATURE);
	assert_string_equal(f->note, "now 14.0 C, baseline 20.5 C to 21.5 C");
	assert_true(isfinite(f->value) && isfinite(f->expected));
	assert_int_equal(n->res.verdict, GH_VERDICT_UNSURE);
	/* Hard limits, and what has no feeling, are judged all the same. */
	assert_int_equal(night_finding(n, NIGHT_LINK, "link.bad")->state,
			 GH_STATE_PASS);
	night_set(n, 0, "joint.gravity", 0.05);
	night_judge(n);
	assert_int_equal(f->state, GH_STATE_FAIL);
	assert_true(f->hard);
}

static void one_hot_servo_is_no_hot_room(void **state)
{
	struct night *n = *state;

	night_set(n, 3, temp.id, 60);
	night_judge(n);
	assert_int_equal(n->res.verdict, GH_VERDICT_READY);
}

static void a_weak_supply_is_unsure(void **state)
{
	struct night *n = *state;

	/* Baseline 11.92 to 12.08 V, and 5 % beyond; a watched metric itself. */
	night_set(n, NIGHT_SUPPLY, "supply.vrest", 11.2);
	night_judge(n);
	assert_int_equal(night_finding(n, 0, "joint.gravity")->reason,
			 GH_REASON_OUTSIDE_SUPPLY);
	assert_int_equal(night_finding(n, NIGHT_SUPPLY, "supply.vmin")->state,
			 GH_STATE_PASS);
}

static void without_a_thermometer_nothing_changes(void **state)
{
	struct night *n = *state;

	for (int i = 0; i < NIGHT_JOINTS; i++)
		night_measure(n, i, temp.id)->reason = GH_REASON_NO_SENSOR;
	night_judge(n);
	assert_int_equal(n->res.verdict, GH_VERDICT_READY);
}

/*
 * Drag falls 1 % per K, and the baseline was taken between 15 and 25 degC: at
 * 27 degC 7 % less is as it should be, and 20 degC's drag is a fault.
 */
static void add_warm_runs(struct night *n)
{
	const double v[3] = { 0.1, 0, 0 }, room[3] = { 20, 0, 0 };

	n->in.n_measures = n->base.n_values = 0;
	n->in.n_parts = NIGHT_JOINTS;
	n->base.runs = RUNS;
	n->base.sessions = SESSIONS;
	for (int i = 0; i < NIGHT_JOINTS; i++) {
		night_add(n, &temp, temp.id, i, room, 0);
		night_add(n, &drag, drag.id, i, v, 0);
	}
	n->base.n_values = 0;
	for (int i = 0; i < NIGHT_JOINTS; i++)
		for (unsigned run = 0; run < RUNS; run++) {
			const double c = 15 + 10.0 * (run / 2) / (SESSIONS - 1);
			const double chance =
				0.002 * (run % 2 ? 1 : -1) * (i % 2 ? 1 : -1);
			struct gh_base_value *row = &n->rows[n->base.n_values];

			memset(row, 0, 2 * sizeof *row);
			strcpy(row[0].part, n->parts[i].name);
			row[0].version = 1;
			row[0].run = run;
			row[0].session = run / 2;
			row[1] = row[0];
			strcpy(row[0].id, temp.id);
			row[0].v[0] = c;
			strcpy(row[1].id, drag.id);
			row[1].v[0] = 0.1 * (1 - 0.01 * (c - 20) + chance);
			n->base.n_values += 2;
		}
}

static void warmth_is_taken_out(void **state)
{
	struct night *n = *state;
	const struct gh_finding *f;

	add_warm_runs(n);
	for (int i = 1; i < NIGHT_JOINTS; i++)
		night_set(n, i, drag.id, 0.093);
	set_room(n, 27);
	f = night_finding(n, 0, drag.id);
	assert_true(fabs(f->expected - 0.093) < 1e-4);
	assert_int_equal(f->state, GH_STATE_FAIL); /* still 0.1 */
	assert_int_equal(night_finding(n, 1, drag.id)->state, GH_STATE_PASS);
	night_set(n, 0, drag.id, 0.093);
	night_judge(n);
	assert_int_equal(f->state, GH_STATE_PASS);
	/* The spread that is left is that of chance, not of the seasons. */
	assert_true(f->limit_hi - f->expected < 0.051 * 0.1);
}

/* y = 2 x0 - 3 x1 exactly, x0 and x1 not alike. */
static void two_slopes_by_hand(void **state)
{
	static const double t[8] = { 10, 12, 14, 16, 18, 20, 22, 24 };
	static const double u[8] = { 11, 13, 11, 13, 12, 12, 14, 10 };
	struct gh_base_value rows[8];
	struct gh_members m = { rows, 8, 1, 1 };
	struct gh_slopes s;
	struct gh_shift_now now;
	struct gh_conditions *c = calloc(1, sizeof *c);
	double y[8], shift[8];

	(void)state;
	assert_non_null(c);
	memset(rows, 0, sizeof rows);
	memset(&s, 0, sizeof s);
	for (unsigned i = 0; i < 8; i++) {
		rows[i].version = 1;
		rows[i].run = i;
		c->c[GH_WARMTH].of_run[i] = t[i];
		c->c[GH_VOLTS].of_run[i] = u[i];
		y[i] = 2 * (t[i] - 17) - 3 * (u[i] - 12);
	}
	c->c[GH_WARMTH].spans = c->c[GH_VOLTS].spans = true;
	c->c[GH_WARMTH].now = 20;
	c->c[GH_VOLTS].now = 13;
	gh_slopes_add(&s, c, &m, y);
	gh_slopes_fit(&s, c);
	assert_int_equal(s.fitted, 2);
	assert_true(fabs(s.b[0] - 2) < 1e-9 && fabs(s.b[1] + 3) < 1e-9);
	gh_slopes_shift(&s, c, &m, shift);
	for (int i = 0; i < 8; i++)
		assert_true(fabs(shift[i] - y[i]) < 1e-9);
	now = gh_slopes_now(&s, c, &m);
	assert_true(fabs(now.shift - (2 * 3 - 3 * 1)) < 1e-9);
	/* One alone: (T - Tbar)^2 / S_TT = 9/168. */
	c->c[GH_VOLTS].spans = false;
	memset(&s, 0, sizeof s);
	gh_slopes_add(&s, c, &m, y);
	gh_slopes_fit(&s, c);
	assert_int_equal(s.fitted, 1);
	now = gh_slopes_now(&s, c, &m);
	assert_true(fabs(now.leverage - 9.0 / 168) < 1e-9);
	free(c);
}

#define T(name) cmocka_unit_test_setup_teardown(name, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_cold_room_is_unsure),
		T(one_hot_servo_is_no_hot_room),
		T(a_weak_supply_is_unsure),
		T(without_a_thermometer_nothing_changes),
		T(warmth_is_taken_out),
		cmocka_unit_test(two_slopes_by_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
