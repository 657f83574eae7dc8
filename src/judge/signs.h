/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * signs - is a sign of the fault table there? And the same in words. Shared by
 * what suspects sensors and what names faults.
 */
#ifndef GH_JUDGE_SIGNS_H
#define GH_JUDGE_SIGNS_H

#include "judge/fault_table.h" /* struct gh_sign */
#include "judge/judge.h"       /* struct gh_judge_in, struct gh_result */

#include <stdbool.h>
#include <stddef.h>

/* "core.level_*" matches "core.level_red". */
bool gh_id_matches(const char *pattern, const char *id);

bool gh_finding_changed(const struct gh_finding *f, enum gh_change change);

enum gh_presence {
	GH_SIGN_ABSENT, /* no finding to tell by */
	GH_SIGN_THERE,
	GH_SIGN_MISSING
};

enum gh_presence gh_sign_look(const struct gh_judge_in *in,
			      const struct gh_result *res, int part,
			      const struct gh_sign *sign);

/* True when the sign allows the fault; nothing at all is no rise and no fall. */
bool gh_sign_allows(const struct gh_sign *sign, enum gh_presence presence);

/* A sign that says "it changed", not "it stayed". */
bool gh_sign_is_positive(const struct gh_sign *sign);

/*
 * Index of the finding of this part that changed as the sign says, the one
 * first by name where several do; -1: none.
 */
int gh_sign_finding(const struct gh_result *res, int part,
		    const struct gh_sign *sign);

/* "load carried 10.0 mA, baseline 420 mA" */
void gh_finding_say(const struct gh_finding *f, char *out, size_t cap);

/* Adds to the evidence while there is room, each text once. */
void gh_evidence_add(struct gh_diagnosis *d, const char *text);

/* All findings of the part that make up the signature. */
void gh_evidence_of_signs(struct gh_diagnosis *d, const struct gh_result *res,
			  const struct gh_sign signs[GH_SIGNS]);

#endif
