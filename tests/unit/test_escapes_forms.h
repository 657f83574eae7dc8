/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_escapes_forms - every text that is shown, one of each, and every form
 * it is shown in.
 */
#ifndef GH_TEST_ESCAPES_FORMS_H
#define GH_TEST_ESCAPES_FORMS_H

#include "base/text.h"		    /* gh_copy_text */
#include "report/doc.h"		    /* gh_doc_csv */
#include "report/formats.h"	    /* gh_report_tap */
#include "report/report.h"	    /* gh_report_text */
#include "report/single.h"	    /* gh_single_text */
#include "report/steps.h"	    /* gh_steps_text */
#include "ui/canvas.h"		    /* gh_canvas_text */
#include "unit/test_escapes_read.h" /* reads_as_json */

#include <math.h>
#include <stdlib.h>

/* ---- What is shown ---------------------------------------------------------*/

enum { TEXT_CAP = 24 };

enum field {
	RIG,
	SERIAL,
	PROFILE,
	ONLY,
	PORT,
	DRIVER,
	MODEL,
	FIRMWARE,
	VERSION,
	ERROR,
	ADVICE,
	BASELINE,
	CHAIN,
	WHY,
	WHY_NOT,
	PART,
	METRIC,
	NOTE,
	FAULT,
	TITLE,
	ACTION,
	OTHER,
	EVIDENCE,
	SKIPPED_PART,
	SKIPPED_WHY,
	ACCEPT_PART,
	ACCEPT_METRIC,
	ACCEPT_BY,
	ACCEPT_WHY,
	REMARK_PART,
	REMARK_BY,
	REMARK_TEXT,
	FILE_NAME,
	FILE_MEDIA,
	EVENT,
	MESSAGE,
	CELL,
	FACT,
	LINE,
	FOUND,
	MEND,
	SAID,
	AGAINST,
	PROBE,
	ON_SCREEN,
	FIELDS
};

static char text_of[FIELDS][TEXT_CAP];

static const struct gh_metric gate = { .id = "joint.coulomb",
				       .version = 1,
				       .unit = GH_UNIT_AMPERE,
				       .meaning = "friction" };
static struct gh_judge_part parts[2];
static struct gh_result *result;
static struct gh_not_listed skipped[1];
static struct gh_accept accepts[1];
static struct gh_remark remarks[2];
static struct gh_run_view view;
static struct gh_single_view single;
static struct gh_steps steps;
static struct gh_doc doc;
static struct gh_table table;
static const struct gh_column columns[] = {
	{ "text", "text", GH_CELL_TEXT },
	{ "more", "more", GH_CELL_TEXT },
};

#define PUT(to, field) gh_copy_text(to, sizeof(to), text_of[field])

static void put_finding(struct gh_finding *f, int part, enum gh_state state)
{
	*f = (struct gh_finding){ .metric = &gate,
				  .part = part,
				  .state = state,
				  .value = 0.25,
				  .expected = 0.125,
				  .limit_lo = NAN,
				  .limit_hi = 0.2,
				  .notices = NAN,
				  .unit = GH_UNIT_AMPERE };
	PUT(f->id, METRIC);
	PUT(f->note, NOTE);
}

static void put_result(void)
{
	struct gh_diagnosis *d = &result->diagnoses[0];

	result->verdict = GH_VERDICT_HOLD;
	result->n_parts = 2;
	result->parts[0] = (struct gh_part_result){ .state = GH_VERDICT_HOLD };
	result->parts[1] = (struct gh_part_result){ .state = GH_VERDICT_UNSURE,
						    .diagnosis = -1,
						    .worst = 1 };
	put_finding(&result->findings[0], 0, GH_STATE_FAIL);
	put_finding(&result->findings[1], 1, GH_STATE_KNOWN);
	put_finding(&result->findings[2], 1, GH_STATE_SKIPPED);
	result->findings[2].value = NAN;
	result->findings[2].reason = GH_REASON_SATURATED;
	result->n_findings = 3;
	*d = (struct gh_diagnosis){ .fault = text_of[FAULT],
				    .title = text_of[TITLE],
				    .action = text_of[ACTION],
				    .other = text_of[OTHER],
				    .confidence = 0.5,
				    .n_evidence = 1,
				    .severity = GH_VERDICT_HOLD };
	PUT(d->evidence[0], EVIDENCE);
	result->n_diagnoses = 1;
	PUT(result->why, WHY);
	PUT(result->why_not[0], WHY_NOT);
	result->n_why_not = 1;
	result->fates[0] = GH_ACCEPT_KNOWN;
}

static void put_people(void)
{
	PUT(parts[0].name, PART);
	gh_copy_text(parts[1].name, sizeof parts[1].name, "core");
	parts[0].kind = GH_PART_JOINT;
	parts[1].kind = GH_PART_CORE;
	PUT(skipped[0].part, SKIPPED_PART);
	PUT(skipped[0].reason, SKIPPED_WHY);
	PUT(accepts[0].part, ACCEPT_PART);
	PUT(accepts[0].id, ACCEPT_METRIC);
	PUT(accepts[0].by, ACCEPT_BY);
	PUT(accepts[0].reason, ACCEPT_WHY);
	accepts[0].until_s = 1795373561;
	remarks[1].kind = GH_REMARK_ATTACHMENT;
	for (unsigned i = 0; i < 2; i++) {
		PUT(remarks[i].part, REMARK_PART);
		PUT(remarks[i].by, REMARK_BY);
		PUT(remarks[i].text, REMARK_TEXT);
		PUT(remarks[i].name, FILE_NAME);
		PUT(remarks[i].media, FILE_MEDIA);
	}
}

static void put_view(void)
{
	view = (struct gh_run_view){
		.run = 12,
		.chain = text_of[CHAIN],
		.version = text_of[VERSION],
		.rig = text_of[RIG],
		.serial = text_of[SERIAL],
		.profile = text_of[PROFILE],
		.only = text_of[ONLY],
		.port = text_of[PORT],
		.driver = text_of[DRIVER],
		.model = text_of[MODEL],
		.firmware = text_of[FIRMWARE],
		.end = "failed",
		.error = text_of[ERROR],
		.advice = text_of[ADVICE],
		.started_s = 1795373561,
		.now_s = 1795379561,
		.baseline = text_of[BASELINE],
		.baseline_runs = 5,
		.parts = parts,
		.n_parts = 2,
		.result = result,
		.not_checked = skipped,
		.n_not_checked = 1,
		.accepts = accepts,
		.n_accepts = 1,
		.remarks = remarks,
		.n_remarks = 2,
		.time_scale = 1,
		.exit_code = 2,
	};
	single.probe = text_of[PROBE];
	single.part = text_of[PART];
	single.rig = text_of[RIG];
	single.serial = text_of[SERIAL];
	single.port = text_of[PORT];
	single.end = "failed";
	single.error = text_of[ERROR];
	single.baseline = text_of[BASELINE];
	PUT(single.said, SAID);
	PUT(single.against, AGAINST);
	single.findings[0] = result->findings[0];
	single.n_findings = 1;
}

static void put_lists(void)
{
	steps = (struct gh_steps){ .version = text_of[VERSION],
				   .rig = text_of[RIG],
				   .port = text_of[PORT],
				   .n = 1 };
	steps.step[0] = (struct gh_step){ .id = "port",
					  .title = "it is there",
					  .state = GH_STEP_BROKEN };
	PUT(steps.step[0].found, FOUND);
	PUT(steps.step[0].mend, MEND);
	PUT(table.cells[0].text, CELL);
	PUT(table.cells[1].text, CELL);
	doc = (struct gh_doc){ .tables = { &table }, .n_tables = 1 };
	gh_doc_text_fact(&doc, "fact", text_of[FACT]);
	gh_doc_above(&doc, "%s", text_of[LINE]);
	gh_doc_below(&doc, "%s", text_of[LINE]);
}

static void put_all(void)
{
	put_result();
	put_people();
	put_view();
	put_lists();
}

/* ---- The forms -------------------------------------------------------------*/

static void as_page(FILE *out)
{
	gh_report_text(&view, &(struct gh_report_style){ false }, out);
}

static void as_colour_page(FILE *out)
{
	gh_report_text(&view, &(struct gh_report_style){ true }, out);
}

static void as_status(FILE *out)
{
	gh_report_status(&view, &(struct gh_report_style){ false }, out);
}

static void as_plain(FILE *out)
{
	gh_report_plain(&view, out);
}

static void as_json(FILE *out)
{
	assert_true(gh_report_json(&view, out));
}

static void as_jsonl(FILE *out)
{
	struct gh_jsonl s = { .out = out };
	const struct gh_event ev = { .kind = GH_EV_NOTE,
				     .text = text_of[EVENT] };

	gh_jsonl_event(&s, &ev);
	assert_true(gh_jsonl_run(&s, &view));
}

static void as_tap(FILE *out)
{
	gh_report_tap(&view, out);
}

static void as_junit(FILE *out)
{
	gh_report_junit(&view, out);
}

static void as_nagios(FILE *out)
{
	gh_report_nagios(&view, out);
}

static void as_nagios_failed(FILE *out)
{
	gh_report_nagios_failed(text_of[MESSAGE], out);
}

static void as_openmetrics(FILE *out)
{
	gh_report_openmetrics(&view, 12.5, out);
}

static void as_single(FILE *out)
{
	gh_single_text(&single, out);
}

static void as_single_json(FILE *out)
{
	assert_true(gh_single_json(&single, out));
}

static void as_steps(FILE *out)
{
	gh_steps_text(&steps, out);
}

static void as_steps_plain(FILE *out)
{
	gh_steps_plain(&steps, out);
}

static void as_steps_json(FILE *out)
{
	assert_true(gh_steps_json(&steps, out));
}

static void as_doc(FILE *out)
{
	gh_doc_text(&doc, out);
}

static void as_doc_plain(FILE *out)
{
	gh_doc_plain(&doc, out);
}

static void as_doc_json(FILE *out)
{
	assert_true(gh_doc_json(&doc, out));
}

static void as_csv(FILE *out)
{
	gh_doc_csv(&doc, out);
}

static void as_table_line(FILE *out)
{
	assert_true(gh_table_json_line(&table, 0, out));
}

/* Every screen is drawn by these three (src/ui/canvas.h). */
static void as_screen(FILE *out)
{
	static struct gh_glyph cells[GH_CANVAS_W * GH_CANVAS_H];
	struct gh_canvas c;
	char row[4 * 80 + 1];

	gh_canvas_init(&c, cells, 80, 6, true);
	gh_canvas_text(&c, 2, 0, GH_INK_PLAIN, "%s", text_of[ON_SCREEN]);
	gh_canvas_cut(&c, 2, 1, 40, GH_INK_PLAIN, text_of[ON_SCREEN]);
	gh_canvas_wrap(&c, 2, 2, 40, 2, text_of[ON_SCREEN]);
	for (int y = 0; y < c.h; y++) {
		gh_canvas_row_text(&c, y, row, sizeof row);
		fprintf(out, "%s\n", row);
	}
}

#endif
