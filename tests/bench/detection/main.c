/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * detection - how often the check is right, in virtual time: a line for every
 * individual with its healthy verdicts, and for every fault at one severity
 * how many were called HOLD or UNSURE, named and placed. The unit is the
 * power-up: every line uses sessions that no baseline has seen.
 *
 *	detection FIRST_SEED INDIVIDUALS HEALTHY_RUNS [SEVERITY]
 */
#include "fakes/rehearsal.h"
#include "sim/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FAULTS_MAX = 64, FIRST_SESSION = 10 };

struct score {
	unsigned tried, right_verdict, named, wrong_name;
};

static struct gh_rig rig;
static struct score scores[FAULTS_MAX];
static unsigned verdicts[GH_VERDICT_NOT_RUN];

static const char *part_for(const struct gh_rehearsal *r, const char *kind,
			    unsigned turn)
{
	const char *fits[GH_JUDGE_PARTS];
	unsigned n = 0;

	if (strcmp(kind, "sensor") == 0)
		return "core.colour";
	for (unsigned i = 0; i < r->n_parts; i++)
		if (strcmp(gh_part_kind_name(r->parts[i].kind), kind) == 0)
			fits[n++] = r->parts[i].name;
	return n ? fits[(r->seed * 5 + turn * 7) % n] : "";
}

static void try_fault(struct gh_rehearsal *r, unsigned f, const char *severity)
{
	const struct gh_fault *fault = &gh_faults[f];
	const bool is_sensor = strcmp(fault->part_kind, "sensor") == 0;
	const char *part = part_for(r, fault->part_kind, f);
	const char *want = is_sensor ? "UNSURE" : "HOLD";
	char spec[128];
	const char *const specs[] = { spec };
	struct score *s = &scores[f];

	snprintf(spec, sizeof spec, "%s@%s=%s", fault->name, part, severity);
	gh_rehearsal_check(r, FIRST_SESSION, specs, 1);
	s->tried++;
	s->right_verdict += strcmp(gh_rehearsal_verdict(r), want) == 0;
	if (gh_rehearsal_found(r, fault->name, is_sensor ? "core" : part))
		s->named++;
	else if (gh_rehearsal_faults(r) > 0)
		s->wrong_name++;
	if (strcmp(gh_rehearsal_verdict(r), want) != 0 ||
	    gh_rehearsal_faults(r) != 1) {
		printf("# %s\n", spec);
		gh_rehearsal_print(r);
	}
}

static void try_individual(uint64_t seed, unsigned runs, const char *severity)
{
	struct gh_rehearsal r;
	unsigned mine[GH_VERDICT_NOT_RUN] = { 0 };

	gh_rehearsal_open(&r, &rig, seed);
	gh_rehearsal_baseline(&r, 5, 3);
	for (unsigned i = 0; i < runs; i++) {
		gh_rehearsal_check(&r, FIRST_SESSION + i / 2, NULL, 0);
		mine[r.result->verdict]++;
		verdicts[r.result->verdict]++;
		if (r.result->verdict != GH_VERDICT_READY)
			gh_rehearsal_print(&r);
	}
	printf("seed %llu: %u READY %u WATCH %u UNSURE %u HOLD\n",
	       (unsigned long long)seed, mine[GH_VERDICT_READY],
	       mine[GH_VERDICT_WATCH], mine[GH_VERDICT_UNSURE],
	       mine[GH_VERDICT_HOLD]);
	for (unsigned f = 0; severity && gh_faults[f].name; f++)
		try_fault(&r, f, severity);
	gh_rehearsal_close(&r);
	fflush(stdout);
}

static void print_scores(const char *severity)
{
	printf("healthy: %u READY, %u WATCH, %u UNSURE, %u HOLD\n",
	       verdicts[GH_VERDICT_READY], verdicts[GH_VERDICT_WATCH],
	       verdicts[GH_VERDICT_UNSURE], verdicts[GH_VERDICT_HOLD]);
	printf("%-18s %-10s %6s %8s %6s %6s\n", "fault", "part", "tried",
	       "verdict", "named", "wrong");
	for (unsigned f = 0; severity && gh_faults[f].name; f++)
		printf("%-18s %-10s %6u %8u %6u %6u\n", gh_faults[f].name,
		       gh_faults[f].part_kind, scores[f].tried,
		       scores[f].right_verdict, scores[f].named,
		       scores[f].wrong_name);
}

int main(int argc, char **argv)
{
	struct gh_err err = { 0 };
	const char *severity = argc > 4 ? argv[4] : NULL;

	if (argc < 4) {
		fprintf(stderr, "usage: detection FIRST_SEED INDIVIDUALS "
				"HEALTHY_RUNS [SEVERITY]\n");
		return 64;
	}
	if (gh_rig_read(&rig, "schemas/lumina.rig", &err) != GH_OK) {
		fprintf(stderr, "%s\n", err.msg);
		return 64;
	}
	for (long i = 0; i < strtol(argv[2], NULL, 10); i++)
		try_individual(strtoull(argv[1], NULL, 10) + (uint64_t)i,
			       (unsigned)strtoul(argv[3], NULL, 10), severity);
	print_scores(severity);
	return 0;
}
