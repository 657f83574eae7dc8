/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one parser over the real verb tables, exit codes, the stop socket, and
 * that a recording comes back from its rows as it was.
 */
#include "cli/archive_facts.h" /* gh_archive_safety */
#include "cli/archive.h"       /* gh_archive_rows */
#include "cli/control.h"       /* gh_control_start */
#include "cli/flow.h"	       /* gh_profiles */
#include "cli/options.h"       /* gh_cli_parse */
#include "cli/say.h"	       /* gh_exit_of */
#include "cli/view.h"	       /* gh_view_metric */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static enum gh_status parse(struct gh_cli *cli, struct gh_err *err,
			    const char *verb, const char *a, const char *b)
{
	static char texts[2][64];
	char *argv[3] = { NULL, NULL, NULL };

	memset(cli, 0, sizeof *cli);
	memset(err, 0, sizeof *err);
	snprintf(texts[0], sizeof texts[0], "%s", a);
	snprintf(texts[1], sizeof texts[1], "%s", b ? b : "");
	argv[0] = texts[0];
	argv[1] = b ? texts[1] : NULL;
	cli->verb = gh_verb_find(verb);
	assert_non_null(cli->verb);
	return gh_cli_parse(cli, argv, err);
}

static void options_are_read(void **state)
{
	struct gh_cli cli;
	struct gh_err err;

	(void)state;
	assert_int_equal(parse(&cli, &err, "check", "--port", "X"), GH_OK);
	assert_string_equal(gh_cli_text(&cli, "port"), "X");
	assert_null(gh_cli_text(&cli, "rig"));
	assert_int_equal(parse(&cli, &err, "check", "--budget=2min", "--json"),
			 GH_OK);
	assert_true(gh_cli_number(&cli, "budget", 0) > 119.9);
	assert_true(gh_cli_on(&cli, "json"));
	assert_int_equal(parse(&cli, &err, "report", "--", "--odd"), GH_OK);
	assert_string_equal(gh_cli_word(&cli, 0), "--odd");
	assert_null(gh_cli_word(&cli, 1));
}

static void wrong_options_are_one_clear_line(void **state)
{
	static const struct {
		const char *verb, *a, *b, *words;
	} cases[] = {
		{ "check", "--alow-motion", NULL, "allow-motion" },
		{ "check", "--port", NULL, "missing" },
		{ "check", "--json=1", NULL, "no value" },
		{ "check", "--budget", "soon", "45s" },
		{ "check", "--budget", "-3", "45s" },
		{ "check", "--color", "red", "auto|always|never" },
		{ "history", "--limit", "0", "whole number" },
		{ "report", "1", "2", "too many" },
		{ "status", "-x", NULL, "no option" },
	};
	struct gh_cli cli;
	struct gh_err err;

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		assert_int_equal(parse(&cli, &err, cases[i].verb, cases[i].a,
				       cases[i].b),
				 GH_ARG);
		if (!strstr(err.msg, cases[i].words))
			fail_msg("%s", err.msg);
		assert_null(strchr(err.msg, '\n'));
	}
	assert_int_equal(gh_verb_unknown("chek", &err), GH_ARG);
	assert_non_null(strstr(err.msg, "check"));
}

static void times_are_read(void **state)
{
	static const struct {
		const char *text;
		double seconds; /* 0: refused */
	} cases[] = { { "45", 45 },    { "45s", 45 },	   { "500ms", 0.5 },
		      { "2min", 120 }, { "4h", 14400 },	   { "1.5s", 1.5 },
		      { "", 0 },       { "s", 0 },	   { "0", 0 },
		      { "-1", 0 },     { "1e9", 0 },	   { "4 h", 0 },
		      { "nan", 0 },    { "9999999999", 0 } };

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		double got = 0.0;

		assert_int_equal(gh_parse_seconds(cases[i].text, &got),
				 cases[i].seconds > 0);
		assert_true(got > cases[i].seconds - 1e-9 &&
			    got < cases[i].seconds + 1e-9);
	}
}

/* A verb is a promise: a name, a line, help for every option, both ways. */
static void every_verb_is_described(void **state)
{
	(void)state;
	for (size_t i = 0; gh_verbs[i]; i++) {
		const struct gh_verb *v = gh_verbs[i];

		assert_true(v->name[0] && v->summary[0] && v->usage && v->run);
		assert_true(strlen(v->summary) <= 65);
		assert_null(strstr(v->summary, " go "));
		for (const struct gh_option *o = v->options; o && o->name;
		     o++) {
			assert_true(strlen(o->help) <= 49);
			assert_int_equal(o->arg == NULL,
					 o->kind == GH_OPT_FLAG);
		}
		assert_true(i == 0 ||
			    strcmp(gh_verbs[i - 1]->name, v->name) < 0);
	}
}

static void exit_codes_are_the_published_ones(void **state)
{
	(void)state;
	assert_int_equal(gh_exit_of(GH_OK), 0);
	assert_int_equal(gh_exit_of(GH_ARG), 64);
	assert_int_equal(gh_exit_of(GH_STORE), 70);
	assert_int_equal(gh_exit_of(GH_CANCELLED), 130);
	for (int st = GH_OK + 1; st < GH_STATUS_COUNT; st++)
		assert_true(gh_exit_of((enum gh_status)st) >= 3);
	assert_int_equal(gh_view_exit_code(GH_RUN_STOPPED, GH_VERDICT_READY),
			 130);
	assert_int_equal(gh_view_exit_code(GH_RUN_FAILED, GH_VERDICT_UNSURE),
			 3);
	assert_int_equal(gh_view_exit_code(GH_RUN_COMPLETE, GH_VERDICT_HOLD),
			 2);
}

/* ---- The stop socket ---- */

static int call(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(at.sun_path, sizeof at.sun_path, "%s", path);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
	return fd;
}

static void stop_is_heard_and_answered(void **state)
{
	char dir[] = "/tmp/gh-cli.XXXXXX", line[256] = "";
	struct gh_control c, other;
	struct gh_err err;
	size_t n = 0;
	ssize_t got = 1;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	setenv("XDG_RUNTIME_DIR", dir, 1);
	memset(&c, 0, sizeof c);
	memset(&other, 0, sizeof other);
	assert_int_equal(gh_control_start(&c, "/dev/pts/7", "LUM-1", &err),
			 GH_OK);
	assert_int_equal(c.n_listeners, 2);
	/* A second owner of the same names finds them taken. */
	assert_int_equal(gh_control_start(&other, "/dev/pts/7", "LUM-1", &err),
			 GH_IO);
	assert_false(gh_control_hear(&c));
	fd = call(c.listeners[1].path);
	assert_int_equal(write(fd, "stop\n", 5), 5);
	assert_true(gh_control_hear(&c));
	gh_control_finish(&c, true, "arms hold");
	while (got > 0 && n < sizeof line - 1) {
		got = read(fd, line + n, sizeof line - 1 - n);
		n += got > 0 ? (size_t)got : 0;
	}
	assert_string_equal(line, "stopping\nsafe arms hold\n");
	close(fd);
	gh_control_finish(&other, true, "");
	/* The names are free again. */
	assert_int_equal(gh_control_start(&c, "/dev/pts/7", "", &err), GH_OK);
	gh_control_finish(&c, true, "");
	/* And nothing is left in the folder. */
	snprintf(line, sizeof line, "%s/ghostlight", dir);
	assert_int_equal(rmdir(line), 0);
	assert_int_equal(rmdir(dir), 0);
}

/* ---- The archive ---- */

static const char small_rig[] = "[rig]\nname = S\nschema = 1\n";

static struct gh_rig *make_rig(void)
{
	struct gh_rig *rig = calloc(1, sizeof *rig);

	assert_non_null(rig);
	rig->n_parts = 1;
	rig->n_joints = 1;
	snprintf(rig->parts[0].name, GH_NAME_CAP, "a.b");
	return rig;
}

static struct gh_recording *make_recording(const struct gh_rig *rig)
{
	const struct gh_rec_channel channels[] = {
		{ .what = GH_Q_POSITION,
		  .scale = 0.1,
		  .rate_hz = 100,
		  .step_us = 10000,
		  .lo = -100,
		  .hi = 100 },
		{ .what = GH_Q_CURRENT, .measured = true, .scale = 0.5 },
	};
	struct gh_recording *rec = gh_recording_create(rig, channels, 2, 2.0);
	const struct gh_span span = { .exercise = GH_EX_SWEEP,
				      .repeat = 1,
				      .begin = 10,
				      .end = 900000,
				      .shape = GH_SHAPE_LINEAR,
				      .to_rad = 0.1 + 0.2 };

	assert_non_null(rec);
	for (int i = 0; i < 100; i++) {
		/* A hole in the middle must still be there afterwards. */
		if (i < 40 || i > 60)
			gh_recording_add(rec, 0, 5 + i * 10000, (int16_t)i);
		gh_recording_add(rec, 1, 7 + i * 9000 + i * i, (int16_t)-i);
	}
	gh_recording_add_span(rec, &span);
	gh_recording_facts(rec)->rtt_p99_ms = 0.1 + 0.7;
	gh_recording_facts(rec)->frames_good = UINT64_MAX;
	snprintf(gh_recording_facts(rec)->model, 32, "m");
	return rec;
}

static void assert_same(const struct gh_recording *a,
			const struct gh_recording *b)
{
	struct gh_span sa, sb;

	for (unsigned c = 0; c < 2; c++) {
		assert_int_equal(gh_recording_count(a, c),
				 gh_recording_count(b, c));
		for (size_t i = 0; i < gh_recording_count(a, c); i++) {
			gh_us ta, tb;
			int16_t ra, rb;

			gh_recording_raw(a, c, i, &ta, &ra);
			gh_recording_raw(b, c, i, &tb, &rb);
			assert_int_equal(ta, tb);
			assert_int_equal(ra, rb);
		}
	}
	assert_int_equal(gh_recording_spans(a, 0, GH_EX_SWEEP, 1, &sa, 1), 1);
	assert_int_equal(gh_recording_spans(b, 0, GH_EX_SWEEP, 1, &sb, 1), 1);
	assert_memory_equal(&sa.to_rad, &sb.to_rad, sizeof sa.to_rad);
	assert_memory_equal(gh_recording_facts_of(a), gh_recording_facts_of(b),
			    sizeof(struct gh_rec_facts));
}

static void a_recording_comes_back_as_it_was(void **state)
{
	struct gh_rig *rig = make_rig();
	struct gh_recording *rec = make_recording(rig), *back;
	const struct gh_archive_end end = { .interrupted = true,
					    .safe_seen = true,
					    .stop_ms = 0.25,
					    .rest_ms = -1.0,
					    .safe_state = "arms hold" };
	struct gh_run_safety safety;
	struct gh_archive_end got = { .unsafe = true };
	struct gh_store_recording rows;
	struct gh_err err;

	(void)state;
	assert_int_equal(gh_archive_rows(rec, small_rig, sizeof small_rig - 1,
					 &end, &rows, &err),
			 GH_OK);
	assert_int_equal(rows.n_chunks, 3);
	assert_int_equal(gh_archive_recording(&rows, rig, &back, &got, &err),
			 GH_OK);
	assert_same(rec, back);
	assert_true(got.interrupted);
	assert_false(got.unsafe);
	assert_true(
		gh_archive_safety(gh_recording_facts_of(back), &got, &safety));
	assert_true(safety.safe_seen && isnan(safety.rest_ms));
	assert_float_equal(safety.stop_ms, 0.25, 1e-12);
	assert_string_equal(safety.safe_state, "arms hold");
	got.safe_state[0] = '\0'; /* a run of before */
	assert_false(gh_archive_safety(NULL, &got, &safety));
	gh_archive_finish(&rows);
	gh_recording_destroy(back);
	gh_recording_destroy(rec);
	free(rig);
}

static void metrics_are_found_by_id(void **state)
{
	const struct gh_metric *m = gh_view_metric("joint.coulomb");

	(void)state;
	assert_non_null(m);
	assert_string_equal(m->id, "joint.coulomb");
	assert_null(gh_view_metric("joint.no_such"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_are_read),
		cmocka_unit_test(wrong_options_are_one_clear_line),
		cmocka_unit_test(times_are_read),
		cmocka_unit_test(every_verb_is_described),
		cmocka_unit_test(exit_codes_are_the_published_ones),
		cmocka_unit_test(stop_is_heard_and_answered),
		cmocka_unit_test(a_recording_comes_back_as_it_was),
		cmocka_unit_test(metrics_are_found_by_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
