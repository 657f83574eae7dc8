/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The forms for other people's machines against golden files, with all six
 * states and with names and texts that want to break out of each of them. The
 * same golden files are read by readers we did not write (test_formats.py).
 */
#include "report/cases.h"   /* gh_cases */
#include "report/formats.h" /* what is tested */
#include "unit/test_report_kit.h" /* view_of, compare */

#include <jansson.h>

#define EVIL "a\"b'c#d|e<f>&g\\h=i{j}"

enum { ELBOW, CORE, SHOULDER, FIBRE, WRIST, OLD, EVIL_PART, N_PARTS };

static const struct gh_judge_part parts[N_PARTS] = {
	[ELBOW] = { .name = "resilience.elbow" },
	[CORE] = { .name = "core" },
	[SHOULDER] = { .name = "hope.shoulder" },
	[FIBRE] = { .name = "fibre.1" },
	[WRIST] = { .name = "hope.wrist" },
	[OLD] = { .name = "crystal.2" },
	[EVIL_PART] = { .name = EVIL },
};

static const struct gh_metric gate = { .id = "servo.hold",
				       .unit = GH_UNIT_AMPERE,
				       .role = GH_ROLE_GATE,
				       .meaning = "mean current on hold" };
static const struct gh_metric speed = { .id = "joint.speed",
					.unit = GH_UNIT_DEG_S,
					.role = GH_ROLE_GATE,
					.meaning = "speed" };
static const struct gh_metric look = { .id = "core.colour_*",
				       .unit = GH_UNIT_DELTA_E,
				       .role = GH_ROLE_WATCH,
				       .meaning = "colour of a look" };

static const struct gh_accept accepts[] = {
	{ .part = "hope.wrist", .id = "servo.hold", .by = "nobody" },
	{ .part = "crystal.2",
	  .id = "servo.hold",
	  .by = "A. Smith",
	  .reason = "new lens # ordered",
	  .until_s = 1796083200 },
};

static struct gh_result result; /* large, so static */

static struct gh_finding *add(int part, const struct gh_metric *m,
			      const char *id, enum gh_state state,
			      const double figures[4])
{
	struct gh_finding *f = add_finding(&result, part, m, id, state);

	f->value = figures[0];
	f->expected = figures[1];
	f->limit_lo = figures[2];
	f->limit_hi = figures[3];
	return f;
}

static void fill_parts(void)
{
	static const enum gh_verdict states[N_PARTS] = {
		[ELBOW] = GH_VERDICT_HOLD,     [CORE] = GH_VERDICT_WATCH,
		[SHOULDER] = GH_VERDICT_READY, [FIBRE] = GH_VERDICT_NOT_RUN,
		[WRIST] = GH_VERDICT_UNSURE,   [OLD] = GH_VERDICT_WATCH,
		[EVIL_PART] = GH_VERDICT_HOLD,
	};

	say_states(&result, states, N_PARTS);
}

static void fill_findings(void)
{
	static const double held[] = { 0.871, 0.618, 0.464, 0.772 };
	static const double fine[] = { 0.54, 0.548, 0.4, 0.7 };
	static const double pink[] = { 14.8, 0, NAN, 8 };
	static const double fast[] = { 12.5, 20, 15, NAN };
	static const double none[] = { NAN, NAN, NAN, NAN };
	struct gh_finding *f;

	f = add(ELBOW, &gate, "servo.hold", GH_STATE_FAIL, held);
	f->beyond = f->repeats = 2;
	add(ELBOW, &speed, "joint.speed", GH_STATE_PASS, fast);
	add(CORE, &look, "core.colour_dawn_pink", GH_STATE_WATCH, pink);
	add(SHOULDER, &gate, "servo.hold", GH_STATE_PASS, fine);
	f = add(WRIST, &gate, "servo.hold", GH_STATE_UNKNOWN, none);
	f->reason = GH_REASON_SENSOR_SUSPECT;
	snprintf(f->note, sizeof f->note, "reads 0 while it moves");
	f = add(OLD, &gate, "servo.hold", GH_STATE_KNOWN, held);
	snprintf(f->note, sizeof f->note,
		 "A. Smith until 2026-12-01: new lens # ordered");
	f = add(EVIL_PART, &gate, "x y # TODO ]]> | '", GH_STATE_FAIL, held);
	snprintf(f->note, sizeof f->note,
		 "line\nnot ok 1\n\x01\x7f | </error>");
	f = add(EVIL_PART, &look, "core.colour_\\", GH_STATE_SKIPPED, none);
	snprintf(f->note, sizeof f->note, "# TODO \\# never |");
}

static struct gh_run_view view(void)
{
	struct gh_run_view v;

	fill_parts();
	fill_findings();
	v = view_of(&result, parts, ELBOW, "binding_spot",
		    "resilience.elbow: \"binds\" | mean current +41 %");
	v.accepts = accepts;
	v.n_accepts = GH_ARRAY_SIZE(accepts);
	return v;
}

static void as_metrics(const struct gh_run_view *v, FILE *out)
{
	gh_report_openmetrics(v, 1234.5, out);
}

static void as_events(const struct gh_run_view *v, FILE *out)
{
	static const struct gh_event events[] = {
		{ .kind = GH_EV_RUN_BEGIN, .text = "arms will move" },
		{ .kind = GH_EV_PHASE,
		  .elapsed_s = 0.5,
		  .left_s = 59.5,
		  .phases = 3,
		  .moving = true,
		  .text = "sweeps" },
		{ .kind = GH_EV_PROGRESS,
		  .elapsed_s = 1,
		  .left_s = 59,
		  .share = 0.125,
		  .phases = 3 },
		{ .kind = GH_EV_NOTE, .elapsed_s = 2, .text = "it's \"so\"\n" },
		{ .kind = GH_EV_ERROR, .elapsed_s = 3, .text = "lost" },
		{ .kind = GH_EV_RUN_END, .text = "HOLD" },
	};
	struct gh_jsonl s = { .out = out };

	for (size_t i = 0; i < GH_ARRAY_SIZE(events); i++)
		gh_jsonl_event(&s, &events[i]);
	gh_jsonl_skip(&s);
	assert_true(gh_jsonl_run(&s, v));
	assert_true(s.ended);
}

typedef void form(const struct gh_run_view *v, FILE *out);

static const struct {
	const char *name;
	form *draw;
} forms[] = { { "tap.txt", gh_report_tap },
	      { "junit.xml", gh_report_junit },
	      { "nagios.txt", gh_report_nagios },
	      { "metrics.prom", as_metrics },
	      { "events.jsonl", as_events } };

static void each_form_is_as_drawn(void **state)
{
	const struct gh_run_view v = view();

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(forms); i++) {
		char *text = draw(forms[i].draw, &v);

		compare(forms[i].name, text);
		for (const char *s = text; *s; s++)
			assert_true(*s >= 0x20 || *s == '\n');
		assert_null(strstr(text, "nan"));
		assert_null(strstr(text, " go "));
		free(text);
	}
}

/* What nobody knows to say is not well: interface.md section 2. */
struct told {
	unsigned n;
	enum gh_state last;
	char text[GH_PHRASE_CAP];
};

static void tell(void *self, const struct gh_case *c)
{
	struct told *t = self;

	t->n++;
	t->last = c->state;
	snprintf(t->text, sizeof t->text, "%s", c->text);
}

static void no_form_says_better_than_the_verdict(void **state)
{
	struct gh_run_view v = view();
	struct told t = { 0 };

	(void)state;
	assert_int_equal(gh_cases_of(&v, GH_CASES_RUN, NULL, NULL), 0);
	/* An old READY is UNSURE, whatever its findings were. */
	result.n_findings = 0;
	v.n_parts = 0;
	result.verdict = GH_VERDICT_UNSURE;
	assert_int_equal(gh_cases(&v, tell, &t), 1);
	assert_int_equal(t.last, GH_STATE_UNKNOWN);
	assert_string_equal(t.text, result.why);
	/* A part that is worse than its findings says so. */
	v = view();
	result.parts[SHOULDER].state = GH_VERDICT_HOLD;
	result.parts[SHOULDER].reason = GH_REASON_INTERRUPTED;
	t.n = 0;
	assert_int_equal(gh_cases_of(&v, SHOULDER, tell, &t), 2);
	assert_int_equal(t.last, GH_STATE_FAIL);
	/* One without findings is a case all the same. */
	assert_int_equal(gh_cases_of(&v, FIBRE, tell, &t), 1);
	assert_int_equal(t.last, GH_STATE_SKIPPED);
	assert_string_equal(t.text, "look by eye");
}

static void a_lost_link_bails_out(void **state)
{
	static const struct {
		const char *end, *error;
		bool bails;
	} cases[] = { { "complete", "", false },
		      { "stopped", "stopped by a signal", false },
		      { "failed", "/dev/ttyUSB0: gone", true },
		      { "interrupted", "the program died", true } };

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(cases); i++) {
		struct gh_run_view v = view();
		char *text;

		v.end = cases[i].end;
		v.error = cases[i].error;
		text = draw(gh_report_tap, &v);
		assert_int_equal(strstr(text, "\nBail out! ") != NULL,
				 cases[i].bails);
		free(text);
	}
}

static void figures_for_a_graph_never_change_their_unit(void **state)
{
	struct gh_run_view v = view();
	char *text;

	(void)state;
	result.findings[0].value = 2.5;
	text = draw(gh_report_nagios, &v);
	assert_non_null(strstr(text, "'resilience.elbow servo.hold'=2500mA;;"
				     "464:772;;"));
	/* "deg/s" would be no unit to a reader. */
	assert_non_null(strstr(text, "joint.speed'=12.5;;15:;;"));
	assert_ptr_equal(strchr(text, '|'), strrchr(text, '|'));
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	free(text);
	v = view();
	result.findings[3].metric = NULL;
	v.simulated = false;
	text = draw(gh_report_nagios, &v);
	assert_null(strstr(text, "SIMULATED"));
	assert_null(strstr(text, "hope.shoulder servo.hold"));
	free(text);
}

static void a_long_plugin_line_ends_with_a_whole_value(void **state)
{
	static const double fine[] = { 0.54, 0.548, 0.4, 0.7 };
	struct gh_run_view v = view();
	char *text;

	(void)state;
	for (int i = 0; i < 900; i++)
		add(SHOULDER, &gate, "servo.hold", GH_STATE_PASS, fine);
	text = draw(gh_report_nagios, &v);
	assert_true(strlen(text) > 4000 && strlen(text) < 8192);
	assert_string_equal(text + strlen(text) - 4, "0;;\n");
	free(text);
}

static void without_a_run_there_is_no_timestamp(void **state)
{
	struct gh_run_view v = view();
	char *text;

	(void)state;
	v.run = v.started_s = 0;
	v.n_parts = 0;
	result.n_findings = 0;
	result.verdict = GH_VERDICT_UNSURE;
	v.simulated = false;
	text = draw(as_metrics, &v);
	assert_non_null(strstr(text, "\nghostlight_verdict 3\n"));
	assert_null(strstr(text, "\nghostlight_last_run_timestamp_seconds "));
	assert_string_equal(text + strlen(text) - 6, "# EOF\n");
	free(text);
}

/* seq has no hole but where a reader was too slow, and the end says its n. */
static void the_stream_can_be_counted(void **state)
{
	const struct gh_run_view v = view();
	char *text = draw(as_events, &v);
	json_int_t seq = -1, holes = 0, findings = 0;
	json_t *line = NULL;

	(void)state;
	for (char *s = strtok(text, "\n"); s; s = strtok(NULL, "\n")) {
		const json_int_t was = seq;

		json_decref(line);
		line = json_loads(s, 0, NULL);
		assert_non_null(line);
		seq = json_integer_value(json_object_get(line, "seq"));
		holes += seq - was - 1;
		findings += strcmp(json_string_value(
					   json_object_get(line, "event")),
				   "finding") == 0;
	}
	assert_int_equal(holes, 1);
	assert_string_equal(json_string_value(json_object_get(line, "event")),
			    "run_end");
	assert_int_equal(json_integer_value(json_object_get(line, "findings")),
			 findings);
	json_decref(line);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_is_as_drawn),
		cmocka_unit_test(no_form_says_better_than_the_verdict),
		cmocka_unit_test(a_lost_link_bails_out),
		cmocka_unit_test(figures_for_a_graph_never_change_their_unit),
		cmocka_unit_test(a_long_plugin_line_ends_with_a_whole_value),
		cmocka_unit_test(without_a_run_there_is_no_timestamp),
		cmocka_unit_test(the_stream_can_be_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
