/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which port a run is on: the one it was lent, or named, else one is sought. */
#include "cli/flow_state.h" /* flow_choose_port */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int setup(void **state)
{
	struct gh_flow *f = calloc(1, sizeof *f);

	*state = f;
	if (!f)
		return -1;
	f->rig = calloc(1, sizeof *f->rig);
	f->req.clock = gh_clock_real();
	return f->rig ? 0 : -1;
}

static int teardown(void **state)
{
	struct gh_flow *f = *state;

	free(f->rig);
	free(f);
	return 0;
}

/* Nobody is asked who is there: another board would start anew. */
static void a_lent_port_is_not_sought(void **state)
{
	struct gh_flow *f = *state;
	struct gh_link lent = { .is_pty = true };
	struct gh_err err = { 0 };

	snprintf(lent.port, sizeof lent.port, "/dev/ttyACM7");
	f->req.link = &lent;
	assert_int_equal(flow_choose_port(f, &err), GH_OK);
	assert_string_equal(f->info.port, "/dev/ttyACM7");
}

static void a_named_port_is_taken_whole_or_not(void **state)
{
	struct gh_flow *f = *state;
	char name[2 * sizeof f->info.port];
	struct gh_err err = { 0 };

	f->req.port = "/dev/ttyACM3";
	assert_int_equal(flow_choose_port(f, &err), GH_OK);
	assert_string_equal(f->info.port, "/dev/ttyACM3");
	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	f->req.port = name;
	assert_int_equal(flow_choose_port(f, &err), GH_ARG);
	assert_non_null(strstr(err.msg, "at most"));
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(a_lent_port_is_not_sought),
		CASE(a_named_port_is_taken_whole_or_not),
	};
#undef CASE

	return cmocka_run_group_tests(tests, NULL, NULL);
}
