/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * words - a run's results as the short texts that screens are made of: part
 * names in crew words, values with their unit, ages, and rows worst first.
 */
#ifndef GH_UI_WORDS_H
#define GH_UI_WORDS_H

#include "base/number.h"  /* GH_NUMBER_CAP */
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
	char now[GH_NUMBER_CAP], base[GH_NUMBER_CAP], change[GH_NUMBER_CAP],
		limit[GH_NUMBER_CAP];
	char why[GH_NOTE_CAP];
};

enum gh_ink gh_words_ink(enum gh_verdict v);
/* The verdict of that name, -1: none has it. */
int gh_words_verdict(const char *text);

/* "2026-11-22 18:52" in local time. */
void gh_words_when(int64_t wall_s, char *out, size_t cap);

/* "0:23" */
void gh_words_countdown(double seconds, char *out, size_t cap);

/* The word is in the text, whatever the case; "" is in every one. */
bool gh_words_has(const char *text, const char *word);

/* Indexes of the parts, worst first; order holds GH_JUDGE_PARTS. */
size_t gh_words_parts(const struct gh_run_view *view, uint16_t *order);

/* Findings of a part (-1: of all), worst first; GH_JUDGE_FINDINGS. */
size_t gh_words_findings(const struct gh_run_view *view, int part,
			 uint16_t *order);

void gh_words_part_row(const struct gh_run_view *view, size_t part,
		       struct gh_row *out);
void gh_words_finding_row(const struct gh_run_view *view, size_t finding,
			  struct gh_row *out);

/* gh_remark_say_accepted of that part in this run. */
bool gh_words_accepted(const struct gh_run_view *view, int part, int64_t now_s,
		       char *out, size_t cap);

/* Where the run has a part of that name; -1: nowhere. */
int gh_words_find_part(const struct gh_run_view *view, const char *name);

/* Name of part i, "?" outside. */
const char *gh_words_part_name(const struct gh_run_view *view, int part);

/* The diagnosis of a part, -1: of any, to act on first; NULL: there is none. */
const struct gh_diagnosis *gh_words_worst_cause(const struct gh_run_view *view,
						int part);

/* The part that the verdict is about, -1: none. */
int gh_words_worst_part(const struct gh_run_view *view);

#endif
