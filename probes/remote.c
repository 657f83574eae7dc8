/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * remote - the activation remote: do presses arrive, has it battery and reach.
 * A person presses as often as asked. Formulas and minima: measurement.md
 * section 4.3.
 */
#include <math.h>

#include "engine/probe.h" /* struct gh_probe, gh_probe_put */
#include "judge/metric.h" /* struct gh_metric */
#include "measure/stats.h" /* gh_quantile */

/* Under load: a battery sags for the moment of a transmission. Assumed. */
#define UNDER_LOAD 0.05
/* The counter wraps at 32767 to 0: schemas/protocol.md, quantities. */
#define WRAPS_AT 32768

enum { SPANS = 16 };
enum { PRESSES, BATTERY, SIGNAL, MARGIN };

/*
 * Priors are assumed, and the hard volts: two cells of 1.1 V are empty, and the
 * least that common radios run from is 1.9 V.
 */
static const struct gh_metric metrics[] = {
	[PRESSES] = { .id = "remote.presses",
		      .version = 1,
		      .unit = GH_UNIT_ONE,
		      .meaning = "presses seen over presses asked",
		      .role = GH_ROLE_GATE,
		      .spread = GH_SPREAD_ABSOLUTE,
		      .min_abs = 0.1,
		      .prior = 0.02,
		      .resolution = 0.01,
		      .hard = { 1.0, NAN, NAN },
		      .needs = { 1u << GH_EX_PRESS, 1u << GH_Q_PRESSES, 0.0,
				 true } },
	[BATTERY] = { .id = "remote.battery",
		      .version = 1,
		      .unit = GH_UNIT_VOLT,
		      .meaning = "battery under load",
		      .role = GH_ROLE_WATCH,
		      .spread = GH_SPREAD_ABSOLUTE,
		      .min_abs = 0.1,
		      .prior = 0.03,
		      .resolution = 0.01,
		      .hard = { 2.2, NAN, NAN },
		      .needs = { 0, 1u << GH_Q_VOLTAGE, 0.0, true } },
	[SIGNAL] = { .id = "remote.signal",
		     .version = 1,
		     .unit = GH_UNIT_DECIBEL,
		     .meaning = "received strength",
		     .role = GH_ROLE_WATCH,
		     .spread = GH_SPREAD_ABSOLUTE,
		     .min_abs = 6.0,
		     .prior = 2.0,
		     .resolution = 1.0,
		     .hard = GH_NO_HARD,
		     .needs = { 0, 1u << GH_Q_SIGNAL, 0.0, true } },
	/* Hard at the floor, less half a count of 1 dB. */
	[MARGIN] = { .id = "remote.margin",
		     .version = 1,
		     .unit = GH_UNIT_DECIBEL,
		     .meaning = "received strength over the least needed",
		     .role = GH_ROLE_WATCH,
		     .spread = GH_SPREAD_ABSOLUTE,
		     .min_abs = 6.0,
		     .prior = 2.0,
		     .resolution = 1.0,
		     .hard = { -0.5, NAN, NAN },
		     .needs = { 0, 1u << GH_Q_SIGNAL, 0.0, true } },
	{ 0 }
};

/* Presses counted from the last reading before the span to its end. */
static double seen_in(const struct gh_probe_in *in, const struct gh_span *span)
{
	const struct gh_series before =
		gh_probe_series(in, GH_Q_PRESSES, 0, span->begin);
	const struct gh_series during =
		gh_probe_series(in, GH_Q_PRESSES, span->begin, span->end);
	double first, last;

	if (during.n == 0)
		return NAN;
	first = before.n > 0 ? before.v[before.n - 1] : during.v[0];
	last = during.v[during.n - 1];
	return last < first ? last - first + WRAPS_AT : last - first;
}

static void put_presses(const struct gh_probe_in *in, struct gh_probe_out *out)
{
	struct gh_span spans[SPANS];
	const size_t n = gh_probe_spans(in, GH_EX_PRESS, spans, SPANS);
	double seen = 0.0, asked = 0.0;

	for (size_t i = 0; i < n; i++) {
		seen += seen_in(in, &spans[i]);
		asked += spans[i].arg;
	}
	if (isnan(seen) || asked < 1.0) {
		gh_probe_unknown(out, PRESSES, GH_REASON_NOT_COMPUTABLE,
				 "no presses were asked for and counted");
		return;
	}
	/* A person may well press once more than asked. */
	gh_probe_put(out, PRESSES, fmin(seen / asked, 1.0));
	gh_probe_note(out, PRESSES, "%.0f asked, %.0f seen", asked, seen);
}

static void put_signal(const struct gh_probe_in *in, struct gh_probe_out *out)
{
	const struct gh_rig *rig = gh_recording_rig(in->rec);
	const double floor_db = rig->parts[in->part].floor_db;
	const struct gh_series s =
		gh_probe_series(in, GH_Q_SIGNAL, 0, GH_US_NEVER);
	const double db = gh_median(s.v, s.n);

	gh_probe_put(out, SIGNAL, db);
	if (fabs(floor_db) > 0.0)
		gh_probe_put(out, MARGIN, db - floor_db);
	else
		gh_probe_unknown(out, MARGIN, GH_REASON_NOT_IN_PROFILE,
				 "the rig file names no least signal");
}

/* Battery and signal know no repeats: readings are few and far between. */
static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	const struct gh_series volts =
		gh_probe_series(in, GH_Q_VOLTAGE, 0, GH_US_NEVER);

	(void)err;
	put_presses(in, out);
	gh_probe_put(out, BATTERY, gh_quantile(volts.v, volts.n, UNDER_LOAD));
	put_signal(in, out);
	return GH_OK;
}

const struct gh_probe gh_probe_remote = {
	.name = "remote",
	.title = "Activation remote",
	.kind = GH_PART_REMOTE,
	.metrics = metrics,
	.run = run,
};
