/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * faults - one individual in virtual time: a baseline, healthy checks of
 * power-ups that no baseline has seen, and every fault of the simulator's list
 * in as many power-ups as asked. One line a check goes to stdout, separated by
 * tabs; faults.py makes the table.
 *
 *	faults SEED SECONDS SEVERITY SESSIONS HEALTHY_RUNS [FAULT]...
 *
 *	check SEED SESSION FAULT PART EXPECTED VERDICT STATE_OF_PART FOUND...
 */
#include "base/text.h"	  /* gh_parse_long */
#include "fakes/victim.h" /* gh_victim_pick */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* measurement.md section 6: n >= 8 over >= 3 power-ups makes full claims. */
enum { RUNS = 8, SESSIONS = 4, FIRST_SESSION = 10 };

static struct gh_rig rig;
static struct gh_rehearsal r;

static const char *state_of(const char *part)
{
	for (unsigned i = 0; i < r.n_parts; i++)
		if (strcmp(r.parts[i].name, part) == 0)
			return gh_verdict_name(r.result->parts[i].state);
	return "-";
}

static void say(unsigned session, const char *fault, const char *spec,
		const char *part, const char *want)
{
	printf("check\t%llu\t%u\t%s\t%s\t%s\t%s\t%s\t",
	       (unsigned long long)r.seed, session, fault, spec, want,
	       gh_rehearsal_verdict(&r), state_of(part));
	for (size_t i = 0; i < r.result->n_diagnoses; i++)
		printf("%s%s@%s", i ? " " : "", r.result->diagnoses[i].fault,
		       r.parts[r.result->diagnoses[i].part].name);
	printf("\n");
	for (size_t i = 0; i < r.result->n_findings; i++) {
		const struct gh_finding *f = &r.result->findings[i];

		if (f->state != GH_STATE_PASS && f->state != GH_STATE_SKIPPED)
			printf("finding\t%s\t%s\t%s\t%s\t%g\t%g\t%g\t%g\t%s\n",
			       gh_state_name(f->state), r.parts[f->part].name,
			       f->id, gh_reason_name(f->reason), f->value,
			       f->expected, f->limit_lo, f->limit_hi, f->note);
	}
	fflush(stdout);
}

static void try_fault(const struct gh_fault *f, unsigned row,
		      const char *severity, long sessions)
{
	for (unsigned s = 0; s < (unsigned)sessions; s++) {
		struct gh_victim v;
		char spec[160];
		const char *const specs[] = { spec };

		if (!gh_victim_pick(&r, f,
				    (unsigned)r.seed * 5 + row * 7 + s * 5, &v))
			continue;
		snprintf(spec, sizeof spec, "%s@%s=%s", f->name, v.spec,
			 severity);
		r.guided = strcmp(f->part_kind, "remote") == 0;
		gh_rehearsal_check(&r, FIRST_SESSION + s, specs, 1);
		r.guided = false;
		say(FIRST_SESSION + s, f->name, v.spec,
		    gh_victim_named(&r, f, &v), gh_victim_expected(f));
	}
}

/* Of no names all. */
static bool is_asked(char **names, int n, const char *fault)
{
	for (int i = 0; i < n; i++)
		if (strcmp(names[i], fault) == 0)
			return true;
	return n <= 0;
}

static bool read_arguments(char **argv, long number[4])
{
	return gh_parse_long(argv[1], &number[0]) &&
	       gh_parse_long(argv[2], &number[1]) &&
	       gh_parse_long(argv[4], &number[2]) &&
	       gh_parse_long(argv[5], &number[3]);
}

int main(int argc, char **argv)
{
	enum { SEED, SECONDS, SESSIONS_EACH, HEALTHY };
	struct gh_err err = { 0 };
	long number[4];

	if (argc < 6 || !read_arguments(argv, number)) {
		fputs("usage: faults SEED SECONDS SEVERITY SESSIONS "
		      "HEALTHY_RUNS [FAULT]...\n",
		      stderr);
		return 64;
	}
	if (gh_rig_read(&rig, "schemas/lumina.rig", &err) != GH_OK) {
		fprintf(stderr, "%s\n", err.msg);
		return 64;
	}
	gh_rehearsal_open(&r, &rig, (uint64_t)number[SEED]);
	r.budget_us = (gh_us)number[SECONDS] * (gh_us)GH_US_PER_S;
	r.guided = true; /* a baseline knows what a pressed button says */
	gh_rehearsal_baseline(&r, RUNS, SESSIONS);
	r.guided = false;
	for (unsigned i = 0; i < (unsigned)number[HEALTHY]; i++) {
		r.run = i % 2;
		gh_rehearsal_check(&r, FIRST_SESSION + i / 2, NULL, 0);
		say(FIRST_SESSION + i / 2, "healthy", "-", "", "READY");
	}
	r.run = 0;
	for (unsigned f = 0; gh_faults[f].name; f++)
		if (is_asked(argv + 6, argc - 6, gh_faults[f].name))
			try_fault(&gh_faults[f], f, argv[3],
				  number[SESSIONS_EACH]);
	gh_rehearsal_close(&r);
	return 0;
}
