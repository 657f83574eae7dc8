/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The forms of a report against golden files, and what must be true of every
 * one: 80 columns, no NaN in JSON, the word that fires cues nowhere.
 * GH_UPDATE_GOLDEN=1 rewrites the files; review them as a diff.
 */
#include "report/page.h"	  /* gh_page_wrap */
#include "report/phrase.h"	  /* gh_phrase_figures */
#include "report/report.h"	  /* what is tested */
#include "report/table.h"	  /* gh_table_json */
#include "unit/test_report_kit.h" /* view_of, compare */

#include <jansson.h>

enum { ELBOW, CORE, SHOULDER, FIBRE, WRIST, N_PARTS };

static const struct gh_judge_part parts[N_PARTS] = {
	[ELBOW] = { .name = "resilience.elbow", .in_profile = true },
	[CORE] = { .name = "core", .kind = GH_PART_CORE, .in_profile = true },
	[SHOULDER] = { .name = "hope.shoulder", .in_profile = true },
	[FIBRE] = { .name = "fibre.1",
		    .kind = GH_PART_FIBRE,
		    .look_by_eye = true },
	[WRIST] = { .name = "hope.wrist", .in_profile = true },
};

static const struct gh_metric hold = { .id = "servo.hold",
				       .unit = GH_UNIT_AMPERE,
				       .meaning = "mean current on hold" };
static const struct gh_metric colour = { .id = "core.colour_*",
					 .unit = GH_UNIT_DELTA_E,
					 .meaning = "colour of a look" };

static const struct gh_not_listed not_checked[] = {
	{ "fibre.1", "look by eye" },
};

static struct gh_result result; /* large, so static */

static void fill_parts(void)
{
	static const enum gh_verdict states[N_PARTS] = {
		[ELBOW] = GH_VERDICT_HOLD,     [CORE] = GH_VERDICT_WATCH,
		[SHOULDER] = GH_VERDICT_READY, [FIBRE] = GH_VERDICT_NOT_RUN,
		[WRIST] = GH_VERDICT_UNSURE,
	};

	say_states(&result, states, N_PARTS);
}

static void fill_findings(void)
{
	struct gh_finding *f =
		add_finding(&result, ELBOW, &hold, "servo.hold", GH_STATE_FAIL);

	f->value = 0.871;
	f->expected = 0.618;
	f->limit_lo = 0.464;
	f->limit_hi = 0.772;
	f->notices = 0.09;
	f->beyond = f->repeats = 2;
	f = add_finding(&result, CORE, &colour, "core.colour_dawn_pink",
			GH_STATE_WATCH);
	f->value = 14.8;
	f->expected = 0.0;
	f->limit_hi = 8.0;
	f = add_finding(&result, SHOULDER, &hold, "servo.hold", GH_STATE_PASS);
	f->value = 0.54;
	f->expected = 0.548;
	f->notices = 0.09;
	f = add_finding(&result, WRIST, &hold, "servo.hold", GH_STATE_UNKNOWN);
	f->reason = GH_REASON_SENSOR_SUSPECT;
	snprintf(f->note, sizeof f->note, "reads 0 while it moves");
}

static struct gh_run_view view(void)
{
	struct gh_run_view v;

	fill_parts();
	fill_findings();
	v = view_of(&result, parts, ELBOW, "binding",
		    "resilience.elbow: binds, mean current +41 %");
	v.not_checked = not_checked;
	v.n_not_checked = GH_ARRAY_SIZE(not_checked);
	return v;
}

static char *draw_view(void (*form)(const struct gh_run_view *v, FILE *out))
{
	const struct gh_run_view v = view();

	return draw(form, &v);
}

static void as_text(const struct gh_run_view *v, FILE *out)
{
	gh_report_text(v, NULL, out);
}

static void as_status(const struct gh_run_view *v, FILE *out)
{
	struct gh_run_view later = *v;

	later.now_s = v->started_s + 240;
	gh_report_status(&later, NULL, out);
}

static void as_json(const struct gh_run_view *v, FILE *out)
{
	assert_true(gh_report_json(v, out));
}

static void each_form_is_as_drawn(void **state)
{
	static const struct {
		const char *name;
		void (*form)(const struct gh_run_view *v, FILE *out);
	} forms[] = { { "text.txt", as_text },
		      { "plain.txt", gh_report_plain },
		      { "status.txt", as_status },
		      { "run.json", as_json } };

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(forms); i++) {
		char *text = draw_view(forms[i].form);

		compare(forms[i].name, text);
		assert_null(strstr(text, " go "));
		assert_null(strstr(text, "nan"));
		free(text);
	}
}

static void the_page_fits_80_columns(void **state)
{
	char *text = draw_view(as_text);

	(void)state;
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		assert_true(strlen(line) <= GH_PAGE_COLUMNS);
	free(text);
}

/* Nobody reads the same reason 36 times a minute before the curtain. */
static void what_all_parts_share_is_said_once(void **state)
{
	static const char error[] = "no such port: is it plugged in?";
	struct gh_run_view v = view();
	char *text;

	(void)state;
	memset(&result, 0, sizeof result);
	result.verdict = GH_VERDICT_UNSURE;
	result.n_parts = N_PARTS;
	for (unsigned p = 0; p < N_PARTS; p++)
		result.parts[p] =
			(struct gh_part_result){ .state = GH_VERDICT_UNSURE,
						 .reason =
							 GH_REASON_INTERRUPTED,
						 .diagnosis = -1,
						 .worst = -1 };
	snprintf(result.why, sizeof result.why, "%.20s", error);
	v.end = "failed";
	v.error = error;
	v.n_not_checked = 0;
	text = draw(as_text, &v);
	assert_non_null(
		strstr(text, "UNSURE  no such port: is it plugged in?\n -"));
	assert_non_null(strstr(text, "UNSURE  resilience elbow, core, hope "
				     "shoulder, fibre 1, hope wrist: the run"));
	assert_null(strstr(text, "failed: "));
	free(text);
	v.error = "the cable was pulled out";
	text = draw(as_text, &v);
	assert_non_null(strstr(text, "failed: the cable was pulled out"));
	free(text);
}

/* Required and unknown keys of one level, from the schema itself. */
static void check_level(json_t *schema, json_t *object)
{
	json_t *properties = json_object_get(schema, "properties"), *value;
	size_t i;
	const char *key;

	json_array_foreach(json_object_get(schema, "required"), i, value)
		assert_non_null(
			json_object_get(object, json_string_value(value)));
	json_object_foreach(object, key,
			    value) if (!json_object_get(properties, key))
		fail_msg("the schema does not know %s", key);
}

static void the_json_has_the_shape_of_its_schema(void **state)
{
	json_t *schema = json_load_file("schemas/report.schema.json", 0, NULL);
	json_t *defs = json_object_get(schema, "definitions");
	char *text = draw_view(as_json);
	json_t *root = json_loads(text, 0, NULL);
	json_t *part = json_array_get(json_object_get(root, "parts"), 0);

	(void)state;
	assert_non_null(schema);
	assert_non_null(root);
	check_level(schema, root);
	check_level(json_object_get(defs, "part"), part);
	check_level(json_object_get(defs, "finding"),
		    json_array_get(json_object_get(part, "findings"), 0));
	check_level(json_object_get(defs, "diagnosis"),
		    json_array_get(json_object_get(root, "diagnosis"), 0));
	json_decref(root);
	json_decref(schema);
	free(text);
}

static unsigned allocations_left;

static void *allocate(size_t n)
{
	return allocations_left-- == 0 ? NULL : malloc(n);
}

/* A key that is left out would be believed to be as good as null. */
static void json_is_whole_or_none(void **state)
{
	const struct gh_run_view v = view();
	char *whole = draw(as_json, &v), *text;
	bool ok = false;
	unsigned n = 0;
	size_t size;
	FILE *out;

	(void)state;
	for (; !ok; n++) {
		out = open_memstream(&text, &size);
		assert_non_null(out);
		allocations_left = n;
		json_set_alloc_funcs(allocate, free);
		ok = gh_report_json(&v, out);
		json_set_alloc_funcs(malloc, free);
		assert_int_equal(fclose(out), 0);
		if (ok)
			assert_string_equal(text, whole);
		free(text);
	}
	assert_true(n > 100);
	free(whole);
}

static void figures_are_those_of_the_screens(void **state)
{
	char out[GH_PHRASE_CAP];

	(void)state;
	fill_parts();
	fill_findings();
	gh_phrase_figures(out, sizeof out, &result.findings[0]);
	assert_string_equal(out, "871 mA, baseline 618 mA, +41 %, "
				 "limit +25 %, 2 of 2");
	gh_phrase_figures(out, sizeof out, &result.findings[1]);
	assert_string_equal(out, "14.8 dE, baseline 0 dE, +14.8 dE, "
				 "limit 8.00 dE");
	gh_phrase_metric(out, sizeof out, &result.findings[1]);
	assert_string_equal(out, "colour of a look (dawn pink)");
	gh_phrase_figures(out, sizeof out, &result.findings[3]);
	assert_string_equal(out, "its sensor is suspect; reads 0 while it "
				 "moves");
}

static void a_table_is_text_and_json(void **state)
{
	static const struct gh_column columns[] = {
		{ "name", "name", GH_CELL_TEXT },
		{ "n", "n", GH_CELL_COUNT },
		{ "ok", "ok", GH_CELL_BOOL },
	};
	struct gh_table t = { .name = "rows",
			      .none = "none",
			      .columns = columns,
			      .n_columns = 3 };
	struct gh_cell *c;
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	(void)state;
	assert_true(gh_table_init(&t, 1));
	gh_table_text(&t, out);
	c = gh_table_add(&t);
	snprintf(c[0].text, sizeof c[0].text, "a");
	c[1].number = 3;
	gh_table_text(&t, out);
	assert_true(gh_table_json(&t, out));
	fclose(out);
	assert_non_null(strstr(text, "none\nname  n  ok\na     3  -\n{"));
	assert_non_null(strstr(text, "\"ok\": null"));
	gh_table_finish(&t);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_is_as_drawn),
		cmocka_unit_test(the_page_fits_80_columns),
		cmocka_unit_test(what_all_parts_share_is_said_once),
		cmocka_unit_test(the_json_has_the_shape_of_its_schema),
		cmocka_unit_test(json_is_whole_or_none),
		cmocka_unit_test(figures_are_those_of_the_screens),
		cmocka_unit_test(a_table_is_text_and_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
