/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * link - the cable and the hub between us and the controller. A bad cable loses
 * frames at random, on all parts alike; a bad hub answers late. Both were
 * counted by the driver while the run went on; the counters have no halves, so
 * both repeats see the same.
 */
#include <math.h>

#include "engine/probe.h" /* struct gh_probe, gh_probe_put */
#include "judge/metric.h" /* struct gh_metric */

enum { BAD, RTT_P99, GAP };

/*
 * measurement.md section 4.3 gives 200 ppm, section 7 gives 80 ms. The hard
 * 20 000 ppm (one frame in fifty), the other minima and the priors: assumed.
 */
static const struct gh_metric metrics[] = {
	[BAD] = { .id = "link.bad",
		  .version = 1,
		  .unit = GH_UNIT_PPM,
		  .meaning = "frames and samples lost",
		  .role = GH_ROLE_GATE,
		  .spread = GH_SPREAD_ABSOLUTE,
		  .min_abs = 200.0,
		  .prior = 50.0,
		  .resolution = 1.0,
		  .less_is_well = true,
		  .hard = { NAN, 20000.0, NAN } },
	[RTT_P99] = { .id = "link.rtt_p99",
		      .version = 1,
		      .unit = GH_UNIT_MILLISECOND,
		      .meaning = "request to reply, 99 %",
		      .role = GH_ROLE_WATCH,
		      .min_share = 0.5,
		      .min_abs = 10.0,
		      .prior = 0.2,
		      .resolution = 0.1,
		      .less_is_well = true,
		      .hard = { NAN, 80.0, NAN } },
	[GAP] = { .id = "link.gap",
		  .version = 1,
		  .unit = GH_UNIT_MILLISECOND,
		  .meaning = "longest silence",
		  .role = GH_ROLE_WATCH,
		  .spread = GH_SPREAD_ABSOLUTE,
		  .min_abs = 100.0,
		  .prior = 20.0,
		  .resolution = 1.0,
		  .less_is_well = true,
		  .hard = GH_NO_HARD },
	{ 0 }
};

static double share_ppm(uint64_t bad, uint64_t good)
{
	const double all = (double)bad + (double)good;

	return all > 0.0 ? (double)bad / all * 1e6 : 0.0;
}

static enum gh_status run(const struct gh_probe_in *in,
			  struct gh_probe_out *out, struct gh_err *err)
{
	const struct gh_rec_facts *f = gh_recording_facts_of(in->rec);
	const double frames =
		share_ppm(f->frames_bad + f->device_bad, f->frames_good);
	const double samples =
		f->counts_loss ? share_ppm(f->samples_lost, f->samples) : 0.0;

	if (f->frames_good + f->frames_bad == 0)
		return gh_fail(err, GH_NODATA, "no frame came over this link");
	gh_probe_put(out, BAD, fmax(frames, samples));
	/* A driver that cannot measure one leaves it at zero. */
	if (f->rtt_p99_ms > 0.0)
		gh_probe_put(out, RTT_P99, f->rtt_p99_ms);
	else
		gh_probe_unknown(out, RTT_P99, GH_REASON_NO_SENSOR,
				 "this driver does not time its replies");
	gh_probe_put(out, GAP, f->longest_gap_ms);
	return GH_OK;
}

const struct gh_probe gh_probe_link = {
	.name = "link",
	.title = "Cable and hub",
	.kind = GH_PART_LINK,
	.metrics = metrics,
	.run = run,
};
