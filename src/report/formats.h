/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * formats - a run for other people's machines (interface.md section 6), each
 * drawn from the same view and escaped for where it is read. schemas/formats.md
 * has the mappings.
 */
#ifndef GH_REPORT_FORMATS_H
#define GH_REPORT_FORMATS_H

#include "engine/event.h" /* struct gh_run_view, struct gh_event */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Test Anything Protocol 13; a lost link bails out, after what was known. */
void gh_report_tap(const struct gh_run_view *view, FILE *out);

/* XML 1.0, a suite per part; read by Jenkins and its kin. */
void gh_report_junit(const struct gh_run_view *view, FILE *out);

/* The one line of a monitoring plug-in, with performance data. */
void gh_report_nagios(const struct gh_run_view *view, FILE *out);
/* The same line when there is no run to tell of. */
void gh_report_nagios_failed(const char *why, FILE *out);

/*
 * OpenMetrics text, also read by node_exporter's textfile collector. motion_s:
 * seconds of motion of all stored runs of that sculpture, NAN: not known.
 */
void gh_report_openmetrics(const struct gh_run_view *view, double motion_s,
			   FILE *out);

/*
 * The event stream of --jsonl (schemas/events.schema.json): one object a line,
 * flushed line by line. seq counts every event, also one that was left out
 * because nobody read fast enough: a gap is seen. t: seconds since run_begin.
 */
struct gh_jsonl {
	FILE *out;
	int64_t seq;
	bool begun, ended;
};

/* While a run is on. The engine's RUN_END is not written: findings follow. */
void gh_jsonl_event(struct gh_jsonl *s, const struct gh_event *ev);
/* Counts it and writes nothing. */
void gh_jsonl_skip(struct gh_jsonl *s);
/*
 * Findings, diagnoses and run_end; run_begin before them if no event came.
 * False: no memory or not written.
 */
bool gh_jsonl_run(struct gh_jsonl *s, const struct gh_run_view *view);

#endif
