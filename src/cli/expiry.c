/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/expiry.h"

#include "report/phrase.h" /* gh_phrase_duration */

#include <stdio.h>
#include <string.h>

/* Computers that share a database may differ by so much; assumed. */
#define CLOCK_SLACK_S 300.0

/* Why it counts no more; the firmest reason first. */
static bool find_reason(const struct gh_stored *s, const struct gh_since *since,
			double age_s, double max_age_s, char *out, size_t cap)
{
	char age[32], max[32];

	if (since->marked)
		snprintf(out, cap, "%s since then",
			 since->mark.kind == GH_REMARK_REPAIR
				 ? "somebody mended it"
				 : "it was moved");
	else if (since->reflashed)
		snprintf(out, cap, "firmware %.12s since then, was %.12s",
			 since->firmware, s->info.firmware);
	else if (since->rebooted)
		snprintf(out, cap, "switched off and on since then (run %lld)",
			 (long long)since->later);
	else if (since->replugged)
		snprintf(out, cap, "plugged in elsewhere since then (run %lld)",
			 (long long)since->later);
	else if (age_s > max_age_s) {
		gh_phrase_duration(age, sizeof age, age_s);
		gh_phrase_duration(max, sizeof max, max_age_s);
		snprintf(out, cap, "too old, %s, at most %s count", age, max);
	} else if (age_s < -CLOCK_SLACK_S)
		snprintf(out, cap, "its time lies ahead: the clock was set");
	return since->marked || since->reflashed || since->rebooted ||
	       since->replugged || age_s > max_age_s || age_s < -CLOCK_SLACK_S;
}

/* An acceptance of what is better by now has nothing left to let pass. */
static bool is_known(const struct gh_stored *s, const struct gh_accept *a)
{
	for (size_t i = 0; i < s->result.n_findings; i++) {
		const struct gh_finding *f = &s->result.findings[i];

		if (f->state == GH_STATE_KNOWN && f->part >= 0 &&
		    strcmp(f->id, a->id) == 0 &&
		    strcmp(s->parts[f->part].name, a->part) == 0)
			return true;
	}
	return false;
}

/* The first acceptance that held in this run and does no more. */
static const struct gh_accept *find_over(const struct gh_stored *s,
					 int64_t now_s)
{
	for (unsigned i = 0; i < s->view.n_accepts; i++)
		if (s->result.fates[i] == GH_ACCEPT_KNOWN &&
		    s->accepts[i].until_s <= now_s &&
		    is_known(s, &s->accepts[i]))
			return &s->accepts[i];
	return NULL;
}

void gh_expiry_apply(struct gh_stored *s, const struct gh_since *since,
		     int64_t now_s, double max_age_s)
{
	const double age_s = (double)(now_s - s->info.started_s);
	const struct gh_accept *over = find_over(s, now_s);
	const size_t cap = sizeof s->result.why;
	char reason[96], was[GH_NOTE_CAP], until[24];
	const enum gh_verdict v = s->result.verdict;

	gh_copy_text(was, sizeof was, s->result.why);
	if (over && v != GH_VERDICT_HOLD) {
		gh_wall_text(over->until_s, until, sizeof until);
		s->result.verdict = GH_VERDICT_HOLD;
		snprintf(s->result.why, cap,
			 "%s was accepted until %.10s, that is over",
			 over->part, until);
		return;
	}
	if (!find_reason(s, since, age_s, max_age_s, reason, sizeof reason))
		return;
	if (v == GH_VERDICT_HOLD) {
		snprintf(s->result.why, cap, "old (%.40s): %.60s", reason, was);
		return;
	}
	s->result.verdict = GH_VERDICT_UNSURE;
	snprintf(s->result.why, cap, "%.80s; it said %s", reason,
		 gh_verdict_name(v));
}
