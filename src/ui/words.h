/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * words - a run's results as the short texts that screens are made of: part
 * names in crew words, values with their unit, ages, and rows worst first.
 */
#ifndef GH_UI_WORDS_H
#define GH_UI_WORDS_H

#include "engine/event.h" /* struct gh_run_view */
#include "judge/judge.h"  /* enum gh_verdict */
#include "ui/canvas.h"	  /* enum gh_ink */

#include <stddef.h>
#include <stdint.h>

/* One line of a table: a part with its worst finding, or one finding. */
struct gh_row {
	char part[GH_NAME_CAP];
	const char *metric; /* in words, "" none */
	enum gh_verdict state;
	bool known;	 /* accepted: "(k) KNOWN" */
	bool has_values; /* else why says the reason */
	char now[20], base[20], change[20], limit[20];
	char why[GH_NOTE_CAP];
};

/* "[#]"; always three columns. */
const char *gh_words_sign(enum gh_verdict v);
enum gh_ink gh_words_ink(enum gh_verdict v);

/* "resilience.elbow" becomes "resilience elbow"; cap as GH_NAME_CAP. */
void gh_words_part(const char *name, char *out, size_t cap);

/* "4 min", "12 days"; a time to come is "0 s". */
void gh_words_age(int64_t seconds, char *out, size_t cap);

/* "2026-11-22 18:52" in local time, or with `clock_only` "18:52:41". */
void gh_words_when(int64_t wall_s, bool clock_only, char *out, size_t cap);

/* "0:23" */
void gh_words_countdown(double seconds, char *out, size_t cap);

/* Indexes of the parts, worst first; order holds GH_JUDGE_PARTS. */
size_t gh_words_parts(const struct gh_run_view *view, uint16_t *order);

/* Findings of a part (-1: of all), worst first; GH_JUDGE_FINDINGS. */
size_t gh_words_findings(const struct gh_run_view *view, int part,
			 uint16_t *order);

void gh_words_part_row(const struct gh_run_view *view, size_t part,
		       struct gh_row *out);
void gh_words_finding_row(const struct gh_run_view *view, size_t finding,
			  struct gh_row *out);

/* Name of part i, "?" outside. */
const char *gh_words_part_name(const struct gh_run_view *view, int part);

/* The diagnosis that the crew should act on first; NULL: there is none. */
const struct gh_diagnosis *gh_words_worst_cause(const struct gh_run_view *view);

/* The part that the verdict is about, -1: none. */
int gh_words_worst_part(const struct gh_run_view *view);

#endif
