/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * judge_night - a made-up sculpture, its baseline and one check, for the tests
 * of the judge: four arms of three joints, core, supply, link, controller and
 * a crystal nobody can measure. Everything is healthy until a test says not.
 */
#ifndef GH_TESTS_JUDGE_NIGHT_H
#define GH_TESTS_JUDGE_NIGHT_H

#include "judge/judge.h" /* struct gh_judge_in, struct gh_result */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	NIGHT_JOINTS = 12,
	NIGHT_CORE = NIGHT_JOINTS,
	NIGHT_SUPPLY,
	NIGHT_LINK,
	NIGHT_CONTROLLER,
	NIGHT_CRYSTAL,
	NIGHT_PARTS,
	NIGHT_SHOULDER = 3, /* of the second arm */
	NIGHT_ELBOW = 4,
	NIGHT_WRIST = 5,
	NIGHT_SESSIONS = 3,
	NIGHT_RUNS = 6,
	NIGHT_ROWS = 4000,
	NIGHT_MEASURES = 400
};

struct night {
	struct gh_judge_part parts[NIGHT_PARTS];
	struct gh_base_value rows[NIGHT_ROWS];
	struct gh_measure measures[NIGHT_MEASURES];
	struct gh_key key;
	struct gh_baseline base;
	struct gh_judge_in in;
	struct gh_result res;
};

/* Of the spread: how far a run's two repeats are from its value. */
#define NIGHT_REPEAT 0.1

#define NO_HARD                                                                \
	{                                                                      \
		NAN, NAN, NAN                                                  \
	}
#define GATE(name, words, share, least, expected_sd, smallest, ...)            \
	{                                                                      \
		.id = name, .version = 1, .unit = GH_UNIT_AMPERE,              \
		.meaning = words, .role = GH_ROLE_GATE, .min_share = share,    \
		.min_abs = least, .prior = expected_sd,                        \
		.resolution = smallest, .hard = __VA_ARGS__                    \
	}
#define WATCHED(name, words, share, least, expected_sd, smallest)              \
	{                                                                      \
		.id = name, .version = 1, .unit = GH_UNIT_DEG,                 \
		.meaning = words, .role = GH_ROLE_WATCH, .min_share = share,   \
		.min_abs = least, .prior = expected_sd,                        \
		.resolution = smallest, .hard = NO_HARD                        \
	}

/* One whose spread is in its own unit, whatever its mean. */
#define GATE_IN_UNIT(name, words, what, of_unit, least, expected_sd, smallest) \
	{                                                                      \
		.id = name, .version = 1, .unit = of_unit, .meaning = words,   \
		.role = GH_ROLE_GATE, .kind = what,                            \
		.spread = GH_SPREAD_ABSOLUTE, .min_abs = least,                \
		.prior = expected_sd, .resolution = smallest, .hard = NO_HARD  \
	}

struct night_row {
	struct gh_metric metric;
	double healthy, spread; /* SD of a run, share or unit */
};

/* Minima and priors as in measurement.md section 3 and 4.3. */
static const struct night_row night_joint[] = {
	{ GATE("joint.gravity", "load carried", 0.10, 0, 0.01, 0.001,
	       { NAN, NAN, 0.25 }),
	  0.42, 0.01 },
	{ GATE("joint.coulomb", "dry friction", 0.15, 0.010, 0.03, 0.001,
	       NO_HARD),
	  0.10, 0.03 },
	{ GATE("joint.viscous", "grease", 0.20, 0, 0.04, 0.0001, NO_HARD), 0.05,
	  0.03 },
	{ GATE("joint.residual", "looseness", 0.25, 0, 0.05, 0.0001, NO_HARD),
	  0.010, 0.04 },
	{ GATE("joint.bind", "local rub", 0, 0.020, 0.20, 0.001, NO_HARD),
	  0.008, 0.10 },
	{ GATE("joint.track", "following error", 0.20, 0.5, 0.03, 0.01,
	       NO_HARD),
	  1.2, 0.02 },
	{ GATE("servo.lost", "lost or bad replies", 0, 500, 0.1, 1,
	       { NAN, 50000, NAN }),
	  10, 0.1 },
	{ WATCHED("joint.dead", "lost motion plus stiction", 0, 0.25, 0.1,
		  0.03),
	  0.5, 0.03 },
	{ WATCHED("joint.jump", "lost motion", 0, 0.010, 0.2, 0.001), 0.01,
	  0.05 },
	{ WATCHED("joint.lag", "how late it follows", 0.2, 0, 0.04, 0.0001),
	  0.03, 0.02 },
};

static const struct night_row night_core[] = {
	{ GATE("core.level_red", "red light alone", 0.1, 0, 0.01, 0.0001,
	       { NAN, NAN, 0.30 }),
	  0.5, 0.01 },
	{ GATE("core.level_green", "green light alone", 0.1, 0, 0.01, 0.0001,
	       { NAN, NAN, 0.30 }),
	  0.6, 0.01 },
	{ GATE("core.level_blue", "blue light alone", 0.1, 0, 0.01, 0.0001,
	       { NAN, NAN, 0.30 }),
	  0.4, 0.01 },
	{ GATE("core.level_white", "white light alone", 0.1, 0, 0.01, 0.0001,
	       { NAN, NAN, 0.30 }),
	  0.8, 0.01 },
	{ GATE("core.sensor_ratio", "colour sensor over photodiode", 0.1, 0,
	       0.03, 0.001, NO_HARD),
	  1.0, 0.01 },
	{ WATCHED("core.light", "white light, by the photodiode", 0.1, 0, 0.01,
		  0.0001),
	  0.7, 0.01 },
};

static const struct night_row night_supply[] = {
	{ GATE("supply.vmin", "voltage under load", 0.05, 0, 0.01, 0.01,
	       NO_HARD),
	  11.5, 0.005 },
	{ GATE("supply.rsource", "resistance to the arms", 0.2, 0.03, 0.05,
	       0.001, NO_HARD),
	  0.1, 0.03 },
	{ WATCHED("supply.vrest", "voltage at rest", 0.05, 0, 0.01, 0.01), 12,
	  0.005 },
};

static const struct night_row night_link[] = {
	{ GATE("link.bad", "frames lost", 0, 200, 0.1, 1, { NAN, 20000, NAN }),
	  20, 0.1 },
};

static const struct night_row night_controller[] = {
	{ GATE("controller.resets", "reboots", 0, 0.5, 0.1, 1,
	       { NAN, 0.5, NAN }),
	  0, 0.0 },
};

static const struct gh_metric night_look = GATE_IN_UNIT(
	"core.colour_*", "look", GH_METRIC_COLOUR, GH_UNIT_DELTA_E, 3, 0.5, 0);

/* Nobody has these until a test adds them to the core. */
static const struct gh_metric night_sputter =
	GATE_IN_UNIT("pulse.sputter_rate", "dropouts", GH_METRIC_RATE,
		     GH_UNIT_PER_SECOND, 0.1, 0, 0);
static const struct gh_metric night_dark =
	GATE_IN_UNIT("pulse.sputter_dark", "share of time in dropouts",
		     GH_METRIC_SCALAR, GH_UNIT_ONE, 0.005, 0.001, 0.0001);

static inline struct gh_measure *night_measure(struct night *n, int part,
					       const char *id)
{
	for (size_t i = 0; i < n->in.n_measures; i++)
		if (n->measures[i].part == part &&
		    strcmp(n->measures[i].id, id) == 0)
			return &n->measures[i];
	fprintf(stderr, "no measure %s\n", id);
	abort();
}

static inline const struct gh_finding *night_finding(const struct night *n,
						     int part, const char *id)
{
	for (size_t i = 0; i < n->res.n_findings; i++)
		if (n->res.findings[i].part == part &&
		    strcmp(n->res.findings[i].id, id) == 0)
			return &n->res.findings[i];
	fprintf(stderr, "no finding %s\n", id);
	abort();
}

static inline void night_set3(struct gh_measure *m, double x, double y,
			      double z)
{
	const double v[3] = { x, y, z };

	memcpy(m->v, v, sizeof v);
	memcpy(m->rep[0], v, sizeof v);
	memcpy(m->rep[1], v, sizeof v);
}

/* The value, and both repeats agree. */
static inline void night_set(struct night *n, int part, const char *id,
			     double value)
{
	night_set3(night_measure(n, part, id), value, 0, 0);
}

static inline void night_scale(struct night *n, int part, const char *id,
			       double factor)
{
	struct gh_measure *m = night_measure(n, part, id);

	night_set3(m, m->v[0] * factor, m->v[1] * factor, m->v[2] * factor);
}

/*
 * Sessions at -1, 0, +1 and their two runs at -0.3, +0.3 of the spread: no
 * chance in it, so that every number of a test can be recomputed by hand.
 */
static inline void night_add(struct night *n, const struct gh_metric *metric,
			     const char *id, int part, const double v[3],
			     double spread)
{
	struct gh_measure *m = &n->measures[n->in.n_measures++];

	memset(m, 0, sizeof *m);
	m->metric = metric;
	snprintf(m->id, sizeof m->id, "%s", id);
	m->part = part;
	night_set3(m, v[0], v[1], v[2]);
	for (unsigned run = 0; run < NIGHT_RUNS; run++) {
		struct gh_base_value *row = &n->rows[n->base.n_values++];
		const double off = spread * ((double)(run / 2) - 1 +
					     (run % 2 ? 0.3 : -0.3));

		memset(row, 0, sizeof *row);
		memcpy(row->part, n->parts[part].name, sizeof row->part);
		snprintf(row->id, sizeof row->id, "%s", id);
		row->version = metric->version;
		row->run = run;
		row->session = run / 2;
		for (int c = 0; c < 3; c++) {
			const double apart = v[c] * spread * NIGHT_REPEAT *
					     (run % 2 ? 1 : -1);

			row->v[c] = v[c] * (1 + off);
			row->rep[0][c] = row->v[c] - apart;
			row->rep[1][c] = row->v[c] + apart;
		}
	}
}

static inline void night_add_rows(struct night *n, int part,
				  const struct night_row *rows, size_t n_rows)
{
	for (size_t i = 0; i < n_rows; i++) {
		const double v[3] = { rows[i].healthy, 0, 0 };

		night_add(n, &rows[i].metric, rows[i].metric.id, part, v,
			  rows[i].spread);
	}
}

static inline void night_add_looks(struct night *n)
{
	static const double pink[3] = { 0.50, 0.35, 0.40 };
	static const double blue[3] = { 0.25, 0.20, 0.90 };

	night_add(n, &night_look, "core.colour_dawn_pink", NIGHT_CORE, pink,
		  0.01);
	night_add(n, &night_look, "core.colour_twilight_blue", NIGHT_CORE, blue,
		  0.01);
}

static inline void night_parts(struct night *n)
{
	static const char *const arms[] = { "hope", "resilience", "grief",
					    "joy" };
	static const char *const joints[] = { "shoulder", "elbow", "wrist" };
	static const struct {
		const char *name;
		enum gh_part_kind kind;
	} others[] = {
		{ "core", GH_PART_CORE },
		{ "supply", GH_PART_SUPPLY },
		{ "link", GH_PART_LINK },
		{ "controller", GH_PART_CONTROLLER },
		{ "crystal.1", GH_PART_CRYSTAL },
	};

	for (int i = 0; i < NIGHT_PARTS; i++) {
		struct gh_judge_part *p = &n->parts[i];

		p->in_profile = true;
		p->chain = -1;
		if (i >= NIGHT_JOINTS) {
			p->kind = others[i - NIGHT_JOINTS].kind;
			snprintf(p->name, sizeof p->name, "%s",
				 others[i - NIGHT_JOINTS].name);
			continue;
		}
		p->kind = GH_PART_JOINT;
		p->chain = i / 3;
		p->order = (unsigned)i % 3;
		snprintf(p->name, sizeof p->name, "%s.%s", arms[i / 3],
			 joints[i % 3]);
	}
	n->parts[NIGHT_CRYSTAL].look_by_eye = true;
}

#define NIGHT_ADD(n, part, rows)                                               \
	night_add_rows(n, part, rows, sizeof(rows) / sizeof((rows)[0]))

static inline struct night *night_make(void)
{
	struct night *n = calloc(1, sizeof *n);

	if (n == NULL)
		abort();
	night_parts(n);
	n->key.n = 2;
	strcpy(n->key.field[0].name, "plan");
	strcpy(n->key.field[0].value, "places");
	strcpy(n->key.field[1].name, "firmware");
	strcpy(n->key.field[1].value, "2.3.1");
	for (int i = 0; i < NIGHT_JOINTS; i++)
		NIGHT_ADD(n, i, night_joint);
	NIGHT_ADD(n, NIGHT_CORE, night_core);
	night_add_looks(n);
	NIGHT_ADD(n, NIGHT_SUPPLY, night_supply);
	NIGHT_ADD(n, NIGHT_LINK, night_link);
	NIGHT_ADD(n, NIGHT_CONTROLLER, night_controller);
	n->base.id = 1;
	n->base.sealed = true;
	n->base.runs = NIGHT_RUNS;
	n->base.sessions = NIGHT_SESSIONS;
	n->base.key = n->key;
	n->base.values = n->rows;
	n->in.parts = n->parts;
	n->in.n_parts = NIGHT_PARTS;
	n->in.measures = n->measures;
	n->in.key = &n->key;
	n->in.baseline = &n->base;
	return n;
}

static inline int night_row_order(const void *a, const void *b)
{
	const struct gh_base_value *p = a, *q = b;
	const int by_id = strcmp(p->id, q->id);

	return by_id != 0 ? by_id : strcmp(p->part, q->part);
}

static inline void night_judge(struct night *n)
{
	qsort(n->rows, n->base.n_values, sizeof n->rows[0], night_row_order);
	gh_judge_run(&n->in, &n->res);
}

#endif
