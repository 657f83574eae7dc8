/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * worlds - one individual in one world, in virtual time: a baseline, then the
 * healthy sculpture, a limp elbow and a core without blue, each as often as
 * asked in a power-up of its own. What was measured and what was said goes to
 * stdout, a line each, separated by tabs; compare.py puts worlds side by side.
 *
 *	worlds WORLD SEED REPEATS [FIRMWARE]
 *
 * A repeat begins a moment later than the one before, by a time that is drawn,
 * so that frames and ticks meet it elsewhere; what wanders within a power-up
 * and the noise of the sensors are drawn anew, as they are in a second run.
 */
#include "base/text.h"	    /* gh_parse_long */
#include "boards/session.h" /* gh_board_firmware */
#include "boards/world.h"   /* gh_board_rehearse */
#include "fakes/rehearsal.h"
#include "sim/rng.h" /* struct gh_rng */

#include <stdio.h>
#include <string.h>

/* The short recipe; in the 20 s of "quick" arcs are too short for a servo that
 * gets a pulse every 20 ms: where the arm hangs stays too noisy to judge. */
#define BUDGET_US (40 * (gh_us)GH_US_PER_S)
/* Moved at half the speed it covers half the way in that time. */
#define BUDGET_HALF_SPEED_US (2 * BUDGET_US)
/* Many frames, ticks and readings of the colour chip. */
#define LATE_US 1500000

/* Power-ups of the baseline, one run each; those after it are checked. */
enum { SESSIONS = 6, SESSIONS_NOISY = 14 };

static const struct world {
	const char *name, *rig, *driver;
	const char *sim; /* board kind of the simulator, or else */
	enum gh_board_kind kind;
	unsigned sessions; /* of the baseline */
	gh_us budget_us;
} worlds[] = {
	{ "sim", "schemas/board_uno.rig", "lumina", "uno", GH_BOARD_UNO,
	  SESSIONS, BUDGET_US },
	{ "uno", "schemas/board_uno.rig", "lumina", NULL, GH_BOARD_UNO,
	  SESSIONS, BUDGET_US },
	/* Moved by host steps at half speed it repeats half as well: with six
	 * runs the judge finds the baseline TOO_NOISY, and asks for more. */
	{ "firmata", "schemas/uno.rig", "firmata", NULL, GH_BOARD_UNO,
	  SESSIONS_NOISY, BUDGET_HALF_SPEED_US },
	{ "sim-mega", "schemas/board_mega.rig", "lumina", "mega", GH_BOARD_MEGA,
	  SESSIONS, BUDGET_US },
	{ "mega", "schemas/board_mega.rig", "lumina", NULL, GH_BOARD_MEGA,
	  SESSIONS, BUDGET_US },
};

static const struct condition {
	const char *name, *fault;
} conditions[] = {
	{ "healthy", NULL },
	{ "limp", "limp@resilience.elbow" },
	{ "blue_lost", "blue_lost@core" },
};

static struct gh_rig rig;
static struct gh_rehearsal r;
static struct gh_rng rng;
static struct gh_board_setup setup;
static const struct world *here;
static void (*open_board)(struct gh_rehearsal *r, struct gh_world *w,
			  unsigned session, const char *const *faults,
			  size_t n_faults);

static void open_sim(struct gh_world *w, unsigned session,
		     const char *const *faults, size_t n_faults)
{
	const struct gh_sim_setup sim = { .rig = &rig,
					  .seed = r.seed,
					  .session = session,
					  .time_scale = 1,
					  .faults = faults,
					  .n_faults = n_faults,
					  .board = here->sim };

	gh_world_open_sim(w, &sim);
}

static void open_late(struct gh_rehearsal *self, struct gh_world *w,
		      unsigned session, const char *const *faults,
		      size_t n_faults)
{
	if (here->sim)
		open_sim(w, session, faults, n_faults);
	else
		open_board(self, w, session, faults, n_faults);
	gh_plant_another_run(here->sim ? gh_sim_device_plant(w->device)
				       : gh_board_plant(w->self),
			     gh_rng_next(&rng));
	w->now += (gh_us)(gh_rng_uniform(&rng) * LATE_US);
	w->ops->advance(w->self, w->now);
}

static void say_value(const char *condition, unsigned session, const char *part,
		      const char *id, const double v[3], bool is_colour)
{
	static const char *const axes[] = { ".x", ".y", ".z" };

	for (unsigned k = 0; k < (is_colour ? 3 : 1); k++)
		printf("value\t%s\t%u\t%s\t%s%s\t%.9g\n", condition, session,
		       part, id, is_colour ? axes[k] : "", v[k]);
}

static void say_metric(const struct gh_measure *m)
{
	printf("metric\t%s\t%d\t%d\t%g\t%g\t%g\n", m->id, (int)m->metric->kind,
	       (int)m->metric->role, m->metric->min_share, m->metric->min_abs,
	       m->metric->resolution);
}

static void say_measures(const char *condition, unsigned session)
{
	for (size_t i = 0; i < r.n_measures; i++) {
		const struct gh_measure *m = &r.measures[i];
		const char *part = r.parts[m->part].name;

		say_metric(m);
		if (m->reason == GH_REASON_NONE)
			say_value(condition, session, part, m->id, m->v,
				  m->metric->kind == GH_METRIC_COLOUR);
		else
			printf("none\t%s\t%u\t%s\t%s\t%s\n", condition, session,
			       part, m->id, gh_reason_name(m->reason));
	}
}

static void say_baseline(void)
{
	for (size_t i = 0; i < r.n_values; i++) {
		const struct gh_base_value *v = &r.values[i];

		say_value("baseline", v->session + 1, v->part, v->id, v->v,
			  strncmp(v->id, "core.look", 9) == 0);
	}
}

static void say_verdict(const char *condition, unsigned session)
{
	printf("verdict\t%s\t%u\t%s\t%s\t", condition, session,
	       gh_rehearsal_verdict(&r), r.result->why);
	for (size_t i = 0; i < r.result->n_diagnoses; i++)
		printf("%s%s@%s", i ? " " : "", r.result->diagnoses[i].fault,
		       r.parts[r.result->diagnoses[i].part].name);
	putchar('\n');
	for (size_t i = 0; i < r.result->n_findings; i++) {
		const struct gh_finding *f = &r.result->findings[i];

		if (f->state != GH_STATE_PASS && f->state != GH_STATE_SKIPPED)
			printf("finding\t%s\t%u\t%s\t%s\t%s\t%s\n", condition,
			       session, gh_state_name(f->state),
			       r.parts[f->part].name, f->id,
			       gh_reason_name(f->reason));
	}
}

static void check(const struct condition *c, unsigned session, long repeats)
{
	for (long i = 0; i < repeats; i++) {
		gh_rehearsal_check(&r, session, &c->fault, c->fault != NULL);
		say_measures(c->name, session);
		say_verdict(c->name, session);
	}
}

static int usage(void)
{
	fputs("usage: worlds WORLD SEED REPEATS [FIRMWARE]; worlds:", stderr);
	for (size_t i = 0; i < GH_ARRAY_SIZE(worlds); i++)
		fprintf(stderr, " %s", worlds[i].name);
	fputs("\n", stderr);
	return 64;
}

static bool rehearse(const char *firmware, long seed)
{
	struct gh_err err = { 0 };

	if (gh_rig_read(&rig, here->rig, &err) != GH_OK) {
		fprintf(stderr, "worlds: %s\n", err.msg);
		return false;
	}
	gh_rng_seed(&rng, (uint64_t)seed, 0, (uint64_t)(here - worlds));
	gh_rehearsal_open(&r, &rig, (uint64_t)seed);
	setup.kind = here->kind;
	setup.firmware = firmware ? firmware : gh_board_firmware(here->kind);
	gh_board_rehearse(&r, &setup, here->driver, here->budget_us);
	open_board = r.open_world;
	r.open_world = open_late;
	gh_rehearsal_baseline(&r, here->sessions, here->sessions);
	say_baseline();
	return true;
}

int main(int argc, char **argv)
{
	long seed, repeats;

	if (argc < 4 || !gh_parse_long(argv[2], &seed) || seed < 0 ||
	    !gh_parse_long(argv[3], &repeats) || repeats < 1)
		return usage();
	for (size_t i = 0; i < GH_ARRAY_SIZE(worlds); i++)
		if (strcmp(argv[1], worlds[i].name) == 0)
			here = &worlds[i];
	if (!here)
		return usage();
	if (!rehearse(argc > 4 ? argv[4] : NULL, seed))
		return 1;
	for (unsigned i = 0; i < GH_ARRAY_SIZE(conditions); i++)
		check(&conditions[i], here->sessions + 1 + i, repeats);
	gh_rehearsal_close(&r);
	return 0;
}
