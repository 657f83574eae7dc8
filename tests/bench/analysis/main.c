/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * analysis [TIMES] - what it costs to turn a recording of 60 s into metrics: 12
 * joints with command, angle and current at 1 kHz (36 channels, 2.16 million
 * samples), all probes, the whole and both halves. Peer: GSL's QR on the raw
 * rows of the one fit that a joint needs, fed the same samples as doubles.
 * Prints `key value` lines, milliseconds of processor time, best of TIMES.
 */
#include "base/status.h"      /* GH_ARRAY_SIZE */
#include "base/text.h"	      /* gh_parse_long */
#include "engine/probe.h"     /* gh_probes_run */
#include "engine/recording.h" /* gh_recording_create */
#include "judge/judge.h"      /* GH_JUDGE_FINDINGS */
#include "rig/rig.h"	      /* gh_rig_read */

#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>

enum { JOINTS = 12, KINDS = 3, CHANNELS = JOINTS * KINDS };
enum { LEGS = 64, TERMS = 5, EXIT_USAGE = 64, TIMES = 7 };

#define RIG "schemas/lumina.rig"
#define LENGTH_US 60000000
#define STEP_US 1000
#define LAG_US 30000
#define COUNT_RAD (2.0 * 3.14159265358979323846 / 4096.0)
#define AMP_STEP 0.001
#define SETTLE_US 250000
#define LEAVE_US 50000

static const enum gh_quantity kinds[KINDS] = { GH_Q_COMMAND, GH_Q_POSITION,
					       GH_Q_CURRENT };
static const double scales[KINDS] = { 1e-4, COUNT_RAD, AMP_STEP };

/* The reference plan of measurement.md section 2: what, how far, how long. */
static const struct {
	enum gh_exercise exercise;
	double to_rad, seconds;
	unsigned repeat;
} script[] = {
	{ GH_EX_TRAVEL, 0.0, 3.0, 0 },	   { GH_EX_TRAVEL, -0.7, 2.5, 0 },
	{ GH_EX_SWEEP, 0.7, 3.5, 0 },	   { GH_EX_DWELL, 0.7, 0.3, 0 },
	{ GH_EX_SWEEP, -0.7, 3.5, 0 },	   { GH_EX_DWELL, -0.7, 0.3, 0 },
	{ GH_EX_SWEEP, 0.7, 1.75, 0 },	   { GH_EX_DWELL, 0.7, 0.3, 0 },
	{ GH_EX_SWEEP, -0.7, 1.75, 0 },	   { GH_EX_DWELL, -0.7, 0.3, 0 },
	{ GH_EX_SWEEP, 0.7, 3.5, 1 },	   { GH_EX_DWELL, 0.7, 0.3, 1 },
	{ GH_EX_SWEEP, -0.7, 3.5, 1 },	   { GH_EX_DWELL, -0.7, 0.3, 1 },
	{ GH_EX_SWEEP, 0.7, 1.75, 1 },	   { GH_EX_DWELL, 0.7, 0.3, 1 },
	{ GH_EX_SWEEP, -0.7, 1.75, 1 },	   { GH_EX_DWELL, -0.7, 0.3, 1 },
	{ GH_EX_TRAVEL, 0.0, 1.5, 0 },	   { GH_EX_REVERSAL, 0.06, 1.0, 0 },
	{ GH_EX_REVERSAL, -0.06, 2.0, 0 }, { GH_EX_REVERSAL, 0.0, 1.0, 0 },
	{ GH_EX_REVERSAL, 0.06, 1.0, 1 },  { GH_EX_REVERSAL, -0.06, 2.0, 1 },
	{ GH_EX_REVERSAL, 0.0, 1.0, 1 },   { GH_EX_REVERSAL, 0.06, 1.0, 0 },
	{ GH_EX_REVERSAL, -0.06, 2.0, 0 }, { GH_EX_REVERSAL, 0.0, 1.0, 0 },
	{ GH_EX_STEP, 0.2, 0.2, 0 },	   { GH_EX_STEP, 0.2, 1.3, 0 },
	{ GH_EX_STEP, 0.0, 0.2, 1 },	   { GH_EX_STEP, 0.0, 1.3, 1 },
	{ GH_EX_TRAVEL, 0.5, 1.0, 0 },	   { GH_EX_HOLD, 0.5, 2.0, 0 },
	{ GH_EX_HOLD, 0.5, 2.0, 1 },	   { GH_EX_TRAVEL, 0.0, 1.0, 0 },
	{ GH_EX_STILL, 0.0, 2.0, 0 },	   { GH_EX_STILL, 0.0, 2.0, 1 },
};

static struct gh_rig rig;
static struct gh_measure measures[GH_JUDGE_FINDINGS];

static double cpu_ms(void)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	return ((double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec) *
		       1e3 +
	       ((double)used.ru_utime.tv_usec + (double)used.ru_stime.tv_usec) *
		       1e-3;
}

static double noise(void)
{
	static unsigned random = 1;
	double sum = -6.0;

	for (int i = 0; i < 12; i++) {
		random = random * 1664525u + 1013904223u;
		sum += (double)(random >> 8) / 16777216.0;
	}
	return sum;
}

static size_t write_spans(struct gh_recording *rec, int part,
			  struct gh_span spans[LEGS])
{
	struct gh_span span = { .part = part };

	for (size_t i = 0; i < GH_ARRAY_SIZE(script); i++) {
		span.exercise = script[i].exercise;
		span.repeat = script[i].repeat;
		span.begin = span.end;
		span.end += llround(script[i].seconds * GH_US_PER_S);
		span.from_rad = span.to_rad;
		span.to_rad = script[i].to_rad;
		span.shape = span.exercise == GH_EX_TRAVEL ? GH_SHAPE_EASE
							   : GH_SHAPE_LINEAR;
		spans[i] = span;
		(void)gh_recording_add_span(rec, &span);
	}
	return GH_ARRAY_SIZE(script);
}

static double commanded(const struct gh_span *spans, size_t n, gh_us t,
			double *speed)
{
	size_t i = 0;

	while (i + 1 < n && spans[i].end <= t)
		i++;
	*speed = (spans[i].to_rad - spans[i].from_rad) * GH_US_PER_S /
		 (double)(spans[i].end - spans[i].begin);
	return gh_span_command(&spans[i], t < spans[i].end ? t : spans[i].end);
}

static void fill_joint(struct gh_recording *rec, unsigned joint)
{
	struct gh_span spans[LEGS];
	const size_t n = write_spans(rec, rig.joints[joint].part, spans);

	for (gh_us t = 0; t < LENGTH_US; t += STEP_US) {
		double v, value[KINDS];

		value[0] = commanded(spans, n, t, &v);
		value[1] =
			commanded(spans, n, t > LAG_US ? t - LAG_US : 0, &v) +
			COUNT_RAD * 0.3 * noise();
		value[2] = 0.06 * (double)((v > 0.0) - (v < 0.0)) + 0.03 * v +
			   0.3 * sin(value[1]) + 0.005 * noise();
		for (unsigned k = 0; k < KINDS; k++)
			(void)gh_recording_add(
				rec, joint * KINDS + k, t,
				(int16_t)lround(value[k] / scales[k]));
	}
}

static struct gh_recording *record(void)
{
	struct gh_rec_channel about[CHANNELS];
	struct gh_recording *rec;

	for (unsigned c = 0; c < CHANNELS; c++)
		about[c] = (struct gh_rec_channel){
			.part = rig.joints[c / KINDS].part,
			.what = kinds[c % KINDS],
			.measured = c % KINDS > 0,
			.scale = scales[c % KINDS],
			.rate_hz = GH_US_PER_S / (double)STEP_US,
			.step_us = STEP_US,
			.lo = -32767,
			.hi = 32767,
		};
	rec = gh_recording_create(&rig, about, CHANNELS,
				  (double)LENGTH_US / GH_US_PER_S);
	for (unsigned j = 0; rec && j < JOINTS; j++)
		fill_joint(rec, j);
	return rec;
}

/* ---- the peer ------------------------------------------------------------- */

struct raw {
	size_t n;
	double *rows, *amps; /* every sample of the sweeps */
};

static void take_raw(const struct gh_recording *rec, unsigned joint,
		     struct raw *out)
{
	const int part = rig.joints[joint].part;
	struct gh_arena tmp = { NULL };
	struct gh_span legs[LEGS];
	const size_t n = gh_recording_spans(rec, part, GH_EX_SWEEP,
					    GH_REPEAT_ALL, legs, LEGS);

	out->n = 0;
	for (size_t i = 0; i < n; i++) {
		const gh_us begin = legs[i].begin + SETTLE_US;
		const gh_us end = legs[i].end - LEAVE_US;
		const struct gh_series q = gh_recording_series(
			rec, gh_recording_find(rec, part, GH_Q_POSITION), begin,
			end, &tmp);
		const struct gh_series a = gh_recording_series(
			rec, gh_recording_find(rec, part, GH_Q_CURRENT), begin,
			end, &tmp);
		const double v = (legs[i].to_rad - legs[i].from_rad) *
				 GH_US_PER_S /
				 (double)(legs[i].end - legs[i].begin);

		for (size_t k = 0; k < q.n; k++, out->n++) {
			double *row = out->rows + out->n * TERMS;

			row[0] = 1.0;
			row[1] = v > 0.0 ? 1.0 : -1.0;
			row[2] = v;
			row[3] = sin(q.v[k]);
			row[4] = cos(q.v[k]);
			out->amps[out->n] = a.v[k];
		}
	}
	gh_arena_finish(&tmp);
}

/* The dry friction, so that both can be seen to find the same. */
static double fit_raw(const struct raw *raw)
{
	gsl_matrix_view x = gsl_matrix_view_array(raw->rows, raw->n, TERMS);
	gsl_vector_view y = gsl_vector_view_array(raw->amps, raw->n);
	gsl_vector *tau = gsl_vector_alloc(TERMS);
	gsl_vector *b = gsl_vector_alloc(TERMS);
	gsl_vector *e = gsl_vector_alloc(raw->n);
	double found = NAN;

	if (tau && b && e && gsl_linalg_QR_decomp(&x.matrix, tau) == 0 &&
	    gsl_linalg_QR_lssolve(&x.matrix, tau, &y.vector, b, e) == 0)
		found = gsl_vector_get(b, 1);
	gsl_vector_free(tau);
	gsl_vector_free(b);
	gsl_vector_free(e);
	return found;
}

static double peer_ms(const struct gh_recording *rec, double *coulomb)
{
	struct raw raw[JOINTS];
	double begun;

	for (unsigned j = 0; j < JOINTS; j++) {
		const size_t most = LENGTH_US / STEP_US;

		raw[j].rows = malloc(most * TERMS * sizeof *raw[j].rows);
		raw[j].amps = malloc(most * sizeof *raw[j].amps);
		if (!raw[j].rows || !raw[j].amps)
			exit(EXIT_FAILURE);
		take_raw(rec, j, &raw[j]);
	}
	begun = cpu_ms();
	for (unsigned j = 0; j < JOINTS; j++)
		*coulomb = fit_raw(&raw[j]);
	begun = cpu_ms() - begun;
	for (unsigned j = 0; j < JOINTS; j++) {
		free(raw[j].rows);
		free(raw[j].amps);
	}
	return begun;
}

/* ---- both ----------------------------------------------------------------- */

static size_t known(size_t n)
{
	size_t known = 0;

	for (size_t i = 0; i < n; i++)
		known += measures[i].reason == GH_REASON_NONE;
	return known;
}

static double ours_ms(const struct gh_recording *rec, size_t *values)
{
	const double begun = cpu_ms();
	const size_t n = gh_probes_run(gh_probes, rec, (1u << GH_EX_COUNT) - 1,
				       measures, GH_JUDGE_FINDINGS);
	const double took = cpu_ms() - begun;

	*values = known(n);
	return took;
}

int main(int argc, char **argv)
{
	long times = TIMES;
	double ours = INFINITY, peer = INFINITY, coulomb = NAN;
	struct gh_err err = { .code = GH_OK };
	struct gh_recording *rec;
	size_t values = 0;

	if (argc > 2 || (argc == 2 && !gh_parse_long(argv[1], &times)))
		return EXIT_USAGE;
	if (gh_rig_read(&rig, RIG, &err) != GH_OK || rig.n_joints != JOINTS) {
		fprintf(stderr, "analysis: %s\n", err.msg);
		return EXIT_USAGE;
	}
	rec = record();
	if (!rec)
		return EXIT_FAILURE;
	for (long i = 0; i < times; i++) {
		ours = fmin(ours, ours_ms(rec, &values));
		peer = fmin(peer, peer_ms(rec, &coulomb));
	}
	printf("analysis_ms %.2f\npeer_ms %.2f\nvalues %zu\ncoulomb_a %.4f\n",
	       ours, peer, values, coulomb);
	gh_recording_destroy(rec);
	return 0;
}
