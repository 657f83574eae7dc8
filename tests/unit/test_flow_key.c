/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The validity key of a check: what must be equal for a comparison. */
#include "cli/flow_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A board that tells no id and its emulation say the same of themselves. */
static struct gh_key key_of(bool simulated, const char *device)
{
	struct gh_flow *f = calloc(1, sizeof *f);
	struct gh_key key;

	assert_non_null(f);
	f->rig = calloc(1, sizeof *f->rig);
	assert_non_null(f->rig);
	strcpy(f->rig->sha256, "0123456789abcdef0123456789abcdef");
	strcpy(f->info.driver, "firmata");
	strcpy(f->info.device, device);
	f->info.simulated = simulated;
	flow_make_key(f);
	key = f->info.key;
	free(f->rig);
	free(f);
	return key;
}

/* Judged with the key `now` against a baseline with the key `was`. */
static bool compares(struct gh_key was, struct gh_key now)
{
	const struct gh_baseline base = { .id = 1, .sealed = true, .key = was };
	const struct gh_judge_in in = { .key = &now, .baseline = &base };
	struct gh_result *res = calloc(1, sizeof *res);
	bool same;

	assert_non_null(res);
	gh_judge_run(&in, res);
	same = res->comparable;
	free(res);
	return same;
}

static void a_simulated_baseline_is_not_for_the_real_piece(void **state)
{
	(void)state;
	assert_true(compares(key_of(false, ""), key_of(false, "")));
	assert_true(compares(key_of(true, ""), key_of(true, "")));
	assert_false(compares(key_of(true, ""), key_of(false, "")));
	assert_false(compares(key_of(false, ""), key_of(true, "")));
	assert_false(compares(key_of(false, "a1"), key_of(false, "b2")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_simulated_baseline_is_not_for_the_real_piece),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
