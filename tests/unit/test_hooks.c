/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When the house is told of a verdict, that a hook that hangs is ended, and
 * which WATCH is a failure.
 */
#include "cli/form.h"	 /* gh_form_exit */
#include "cli/hooks.h"	 /* what is tested */
#include "cli/options.h" /* gh_cli_parse */
#include "cli/signals.h" /* gh_signals_start */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DAY 86400

/* ---- Reminders ---- */

/* A run every night for `nights`, ten minutes early or late; newest first. */
static struct gh_hook_standing after(int nights)
{
	static int64_t times[400];
	struct gh_hook_standing out;

	for (int i = 0; i < nights; i++)
		times[nights - 1 - i] =
			1000000 + (int64_t)i * DAY + (i % 3 - 1) * 600;
	gh_hook_standing_of(times, (size_t)nights, nights == 1, &out);
	return out;
}

static void reminders_become_rarer(void **state)
{
	/* Nights after the first one on which somebody is reminded. */
	static const int due[] = { 1, 3, 7, 15, 31, 63, 95, 127 };
	size_t next = 0;

	(void)state;
	for (int night = 0; night <= 127; night++) {
		const struct gh_hook_standing s = after(night + 1);
		const bool is_due = night == due[next];

		assert_int_equal(s.reminder, is_due);
		assert_int_equal(s.told, 1 + next + is_due);
		assert_int_equal(s.changed, night == 0);
		next += is_due;
	}
	assert_int_equal(next, GH_ARRAY_SIZE(due));
	assert_int_equal(after(1).next_days, 1);
	assert_int_equal(after(1).first_s, 1000000 - 600);
}

static void a_missed_night_is_made_good_by_the_next_run(void **state)
{
	const int64_t times[] = { 9 * DAY, 4 * DAY, 3600, 1800, 1 };
	struct gh_hook_standing s;

	(void)state;
	gh_hook_standing_of(times, 5, false, &s);
	assert_true(s.reminder);
	assert_int_equal(s.told, 3);
	gh_hook_standing_of(times + 2, 3, false, &s);
	assert_false(s.reminder);
	assert_int_equal(s.told, 1);
	gh_hook_standing_of(NULL, 0, true, &s);
	assert_true(s.changed && !s.reminder && s.told == 1);
}

/* ---- Running one ---- */

struct fast_clock {
	gh_us now;
};

static gh_us fast_now(void *self)
{
	return ((struct fast_clock *)self)->now;
}

/* A day goes by in the time a program needs to start. */
static int fast_wait(void *self, struct pollfd *fds, size_t n, gh_us until)
{
	(void)fds;
	(void)n;
	nanosleep(&(struct timespec){ .tv_nsec = 500000 }, NULL);
	((struct fast_clock *)self)->now = until;
	return 0;
}

static enum gh_status run(const char *text, const struct gh_clock *clk,
			  struct gh_err *err)
{
	char path[] = "hook-XXXXXX";
	char event[] = "GHOSTLIGHT_EVENT=test";
	char *env[] = { event, NULL };
	const int fd = mkstemp(path);
	enum gh_status st;
	FILE *file;

	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	fprintf(file, "#!/bin/sh\n%s\n", text);
	fclose(file);
	chmod(path, 0700);
	st = gh_hook_run(clk, path, env, err);
	unlink(path);
	return st;
}

static void a_hook_ends_as_it_wants(void **state)
{
	const struct gh_clock *clk = gh_clock_real();
	struct gh_err err;

	(void)state;
	assert_int_equal(run("test \"$GHOSTLIGHT_EVENT\" = test", clk, &err),
			 GH_OK);
	/* Nothing to read, and no descriptor of ours. */
	assert_int_equal(run("read x && exit 1; exit 0", clk, &err), GH_OK);
	assert_int_equal(run("exit 3", clk, &err), GH_IO);
	assert_string_equal(err.msg, "ended with 3");
	assert_int_equal(run("kill -9 $$", clk, &err), GH_IO);
	assert_string_equal(err.msg, "was ended by signal 9");
	assert_int_equal(gh_hook_run(clk, "/nowhere/at/all", NULL, &err),
			 GH_IO);
}

static void a_hook_inherits_no_descriptor(void **state)
{
	const int mine = dup(0);
	char text[80];
	struct gh_err err;

	(void)state;
	assert_true(mine > 2);
	snprintf(text, sizeof text, "test ! -e /proc/self/fd/%d", mine);
	assert_int_equal(run(text, gh_clock_real(), &err), GH_OK);
	close(mine);
}

static void a_hook_that_hangs_is_ended(void **state)
{
	struct fast_clock mine = { 0 };
	const struct gh_clock clk = { fast_now, fast_wait, NULL, &mine };
	struct gh_err err;

	(void)state;
	assert_int_equal(run("sleep 1000", &clk, &err), GH_TIMEOUT);
	/* Neither does it help to be deaf. */
	assert_int_equal(run("trap '' TERM; sleep 1000; sleep 1000", &clk,
			     &err),
			 GH_TIMEOUT);
	assert_non_null(strstr(err.msg, "10 s"));
	assert_true(mine.now >= (gh_us)(GH_HOOK_SECONDS * GH_US_PER_S));
}

/* Ctrl-C ends the hook and what it started, and not us before it. */
static void a_signal_ends_the_hook(void **state)
{
	const struct gh_clock *clk = gh_clock_real();
	const gh_us begun = gh_now(clk);
	struct gh_err err;

	(void)state;
	assert_int_equal(gh_signals_start(&err), GH_OK);
	assert_int_equal(run("kill -INT $PPID; sleep 1000", clk, &err),
			 GH_CANCELLED);
	gh_signals_finish();
	assert_true(gh_now(clk) - begun < 9 * GH_US_PER_S);
}

/* ---- Exit codes ---- */

static int code(const char *minds, int exit_code, struct gh_result *r)
{
	static const struct gh_judge_part parts[2] = { { .name = "a" },
						       { .name = "b" } };
	static const struct gh_accept accepts[] = { { .part = "a",
						      .fault = "limp" } };
	const struct gh_run_view v = { .parts = parts,
				       .n_parts = 2,
				       .result = r,
				       .accepts = accepts,
				       .n_accepts = 1,
				       .exit_code = exit_code };
	char text[32];
	char *argv[] = { text, NULL };
	struct gh_cli cli = { .verb = gh_verb_find("check") };
	struct gh_err err;

	snprintf(text, sizeof text, "--fail-on=%s", minds);
	assert_int_equal(gh_cli_parse(&cli, argv, &err), GH_OK);
	return gh_form_exit(&cli, &v);
}

static void which_watch_is_a_failure(void **state)
{
	static struct gh_result r; /* large, so static */

	(void)state;
	r.verdict = GH_VERDICT_WATCH;
	r.n_parts = 2;
	r.parts[0].state = r.parts[1].state = GH_VERDICT_WATCH;
	r.parts[0].diagnosis = r.parts[1].diagnosis = -1;
	r.diagnoses[0] = (struct gh_diagnosis){ .fault = "limp", .part = 0 };
	r.fates[0] = GH_ACCEPT_KNOWN;
	r.n_findings = 2;
	r.findings[0] =
		(struct gh_finding){ .part = 0, .state = GH_STATE_KNOWN };
	r.findings[1] =
		(struct gh_finding){ .part = 1, .state = GH_STATE_KNOWN };
	assert_int_equal(code("watch", 1, &r), 1);
	assert_int_equal(code("hold", 1, &r), 0);
	assert_int_equal(code("new", 1, &r), 0);
	r.findings[1].state = GH_STATE_WATCH;
	assert_int_equal(code("new", 1, &r), 1);
	/* A part that is WATCH for what nobody answers for. */
	r.n_findings = 1;
	assert_int_equal(code("new", 1, &r), 1);
	/* One that is, as its neighbour's fault is answered for, is nothing
	 * new, nor is another figure of that fault; without both, it is. */
	r.n_findings = 2;
	r.parts[0].diagnosis = r.parts[1].diagnosis = 0;
	assert_int_equal(code("new", 1, &r), 0);
	r.findings[1].part = 0;
	assert_int_equal(code("new", 1, &r), 0);
	r.diagnoses[0].fault = "dry_joint";
	assert_int_equal(code("new", 1, &r), 1);
	r.diagnoses[0].fault = "limp";
	r.fates[0] = GH_ACCEPT_WORSE;
	assert_int_equal(code("new", 1, &r), 1);
	for (int other = 2; other < 200; other++)
		assert_int_equal(code("hold", other, &r), other);
	assert_int_equal(code("hold", 0, &r), 0);
	assert_int_equal(gh_form_exit_of_plugin(1), 1);
	assert_int_equal(gh_form_exit_of_plugin(64), 3);
	assert_int_equal(gh_form_exit_of_plugin(130), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reminders_become_rarer),
		cmocka_unit_test(a_missed_night_is_made_good_by_the_next_run),
		cmocka_unit_test(a_hook_ends_as_it_wants),
		cmocka_unit_test(a_hook_inherits_no_descriptor),
		cmocka_unit_test(a_hook_that_hangs_is_ended),
		cmocka_unit_test(a_signal_ends_the_hook),
		cmocka_unit_test(which_watch_is_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
