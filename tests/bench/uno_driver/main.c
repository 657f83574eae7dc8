/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * uno_driver PORT RIG [--move|--where] - the firmata driver alone on a port:
 * opens, streams, arms, moves the first joints to and fro, lights the lamp
 * colour by colour, stops, and prints what came back as `key value...` lines.
 * No engine, no judge: it shows what the driver and the board make of each
 * other. With --where it only looks: `at PART goal_rad seen_rad`.
 */
#include "base/clock.h"	   /* gh_clock_real */
#include "driver/driver.h" /* gh_driver_firmata */
#include "link/link.h"	   /* gh_link_open */
#include "rig/rig.h"	   /* gh_rig_read */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct gh_driver gh_driver_firmata;

static const struct gh_driver *const drv = &gh_driver_firmata;

struct sum {
	unsigned n, invalid;
	double sum, lo, hi, last;
	gh_us first_at, last_at, worst_gap;
};

struct bench {
	struct gh_link *link;
	const struct gh_clock *clk;
	struct gh_dev *dev;
	struct sum sums[GH_DEV_CHANNELS];
	double commanded[GH_DEV_CHANNELS]; /* per actuator's part */
	double worst_track_deg;
	unsigned ends;
	struct gh_err err;
};

static int die(struct bench *b, const char *what)
{
	printf("error %s: %s: %s\n", what, gh_status_name(b->err.code),
	       b->err.msg);
	return 1;
}

static void clear(struct bench *b)
{
	memset(b->sums, 0, sizeof(b->sums));
	b->worst_track_deg = 0.0;
}

static void add(struct bench *b, const struct gh_sample *s)
{
	const struct gh_dev_channel *ch =
		&drv->info(b->dev)->channels[s->channel];
	struct sum *sum = &b->sums[s->channel];
	const double v = (double)s->raw * ch->num / ch->den;

	if (s->raw == GH_RAW_INVALID) {
		sum->invalid++;
		return;
	}
	if (sum->n && s->at - sum->last_at > sum->worst_gap)
		sum->worst_gap = s->at - sum->last_at;
	if (!sum->n)
		sum->first_at = s->at;
	sum->lo = sum->n && sum->lo < v ? sum->lo : v;
	sum->hi = sum->n && sum->hi > v ? sum->hi : v;
	sum->n++;
	sum->sum += v;
	sum->last = v;
	sum->last_at = s->at;
}

static bool spin(struct bench *b, gh_us length)
{
	const gh_us until = gh_now(b->clk) + length;
	struct gh_sample samples[64];
	struct gh_dev_event ev;
	struct pollfd fds[4];
	size_t got;

	while (gh_now(b->clk) < until) {
		const size_t n = gh_link_fds(b->link, fds, 4);

		gh_wait(b->clk, fds, n, gh_now(b->clk) + 5000);
		do {
			if (drv->pump(b->dev, samples, 64, &got, &b->err) !=
			    GH_OK)
				return false;
			for (size_t i = 0; i < got; i++)
				add(b, &samples[i]);
		} while (got == 64);
		while (drv->event(b->dev, &ev)) {
			printf("event %d arg %d value %g %s\n", (int)ev.kind,
			       ev.arg, ev.value, ev.text);
			b->ends += ev.kind == GH_DEV_EV_PROGRAM_END;
		}
	}
	return true;
}

static void show(struct bench *b, const char *title)
{
	const struct gh_dev_info *info = drv->info(b->dev);

	for (unsigned i = 0; i < info->n_channels; i++) {
		const struct sum *s = &b->sums[i];
		const double span_s = (double)(s->last_at - s->first_at) * 1e-6;

		printf("%s %s.%s n %u invalid %u hz %.1f gap_ms %.1f mean %.4f "
		       "lo %.4f hi %.4f\n",
		       title, info->channels[i].part,
		       gh_quantity_name(info->channels[i].what), s->n,
		       s->invalid, span_s > 0 ? (s->n - 1) / span_s : 0.0,
		       (double)s->worst_gap * 1e-3, s->n ? s->sum / s->n : 0.0,
		       s->lo, s->hi);
	}
	clear(b);
}

static bool lights(struct bench *b)
{
	static const struct {
		const char *name;
		double level[4];
	} looks[] = { { "dark", { 0, 0, 0, 0 } },
		      { "red", { 1, 0, 0, 0 } },
		      { "green", { 0, 1, 0, 0 } },
		      { "blue", { 0, 0, 1, 0 } },
		      { "white", { 0, 0, 0, 0.5 } },
		      { "twilight_blue", { 0.15, 0.20, 1.00, 0 } } };

	for (size_t i = 0; i < GH_ARRAY_SIZE(looks); i++) {
		if (drv->glow(b->dev, 0, looks[i].level, 0, &b->err) != GH_OK ||
		    !spin(b, 150000))
			return false;
		clear(b);
		if (!spin(b, 400000))
			return false;
		show(b, looks[i].name);
	}
	return true;
}

static bool legs(struct bench *b)
{
	const struct gh_segment path[] = {
		{ GH_SHAPE_EASE, 1500000, 0.6, false, 0.0 },
		{ GH_SHAPE_LINEAR, 3000000, -0.6, false, 0.0 },
		{ GH_SHAPE_HOLD, 500000, 0, false, 0.0 },
		{ GH_SHAPE_EASE, 1500000, 0, true, 0.0 },
	};
	struct gh_dev_status st;
	double proved;

	if (drv->arm(b->dev, true, &proved, &b->err) != GH_OK ||
	    !spin(b, 500000))
		return false;
	show(b, "armed");
	for (unsigned i = 0; i < drv->info(b->dev)->n_actuators; i++)
		if (drv->queue(b->dev, i, path, 4, &b->err) != GH_OK)
			return false;
	if (drv->run(b->dev, drv->device_now(b->dev) + 100000, &b->err) !=
		    GH_OK ||
	    !spin(b, 1600000))
		return false;
	show(b, "out");
	if (!spin(b, 3000000))
		return false;
	show(b, "sweep");
	if (!spin(b, 2500000))
		return false;
	show(b, "home");
	if (drv->status(b->dev, &st, &b->err) != GH_OK)
		return false;
	printf("status state %d at_rest %d pos %.3f %.3f ends %u\n",
	       (int)st.state, st.at_rest, st.position_rad[0],
	       st.position_rad[1], b->ends);
	return true;
}

static bool stopped(struct bench *b)
{
	const struct gh_segment path = { GH_SHAPE_LINEAR, 2000000, 0.6, true,
					 0.0 };
	struct gh_dev_status st;

	if (drv->queue(b->dev, 0, &path, 1, &b->err) != GH_OK ||
	    drv->run(b->dev, drv->device_now(b->dev), &b->err) != GH_OK ||
	    !spin(b, 800000) || drv->stop(b->dev, &b->err) != GH_OK)
		return false;
	clear(b);
	if (!spin(b, 500000))
		return false;
	show(b, "stopped");
	if (drv->status(b->dev, &st, &b->err) != GH_OK)
		return false;
	printf("status state %d cause %s at_rest %d pos %.3f\n", (int)st.state,
	       st.cause, st.at_rest, st.position_rad[0]);
	return true;
}

static int exercise(struct bench *b, bool may_move)
{
	const struct gh_dev_info *info = drv->info(b->dev);
	uint16_t all[GH_STREAM_CHANNELS];
	struct gh_dev_status st;
	struct gh_dev_stats stats;
	double hz;

	printf("model %s firmware %s dictionary %s channels %u\n", info->model,
	       info->firmware, info->dictionary, info->n_channels);
	for (unsigned i = 0; i < info->n_channels; i++)
		all[i] = (uint16_t)i;
	if (drv->stream(b->dev, 0, all, info->n_channels, 100.0, &hz,
			&b->err) != GH_OK)
		return die(b, "stream");
	printf("rate %.1f\n", hz);
	if (!spin(b, 1000000))
		return die(b, "spin");
	show(b, "rest");
	if (info->n_lamps && !lights(b))
		return die(b, "lights");
	if (may_move && (!legs(b) || !stopped(b)))
		return die(b, "move");
	if (drv->safe(b->dev, 0, &st, &b->err) != GH_OK)
		return die(b, "safe");
	printf("safe state %d at_rest %d\n", (int)st.state, st.at_rest);
	drv->stats(b->dev, &stats);
	printf("stats good %llu bad %llu samples %llu lost %llu gap_ms %.1f "
	       "timeouts %u rtt_p99_ms %.1f\n",
	       (unsigned long long)stats.frames_good,
	       (unsigned long long)stats.frames_bad,
	       (unsigned long long)stats.samples,
	       (unsigned long long)stats.samples_lost,
	       (double)stats.longest_gap_us * 1e-3, stats.timeouts,
	       stats.rtt_p99_ms);
	return 0;
}

/* What another session left: where the pins drive, and where the pots are. */
static int where(struct bench *b)
{
	const struct gh_dev_info *info = drv->info(b->dev);
	uint16_t pots[GH_DEV_ACTUATORS];
	struct gh_dev_status st;
	unsigned n = 0;

	for (unsigned i = 0; i < info->n_channels; i++)
		if (info->channels[i].what == GH_Q_POSITION)
			pots[n++] = (uint16_t)i;
	if (drv->stream(b->dev, 0, pots, n, 100.0, NULL, &b->err) != GH_OK ||
	    !spin(b, 500000) || drv->status(b->dev, &st, &b->err) != GH_OK)
		return die(b, "where");
	for (unsigned i = 0; i < n; i++)
		printf("at %s %.4f %.4f\n", info->channels[pots[i]].part,
		       st.position_rad[i],
		       b->sums[pots[i]].sum / b->sums[pots[i]].n);
	return 0;
}

int main(int argc, char **argv)
{
	static struct bench b;
	static struct gh_rig rig;
	struct gh_wiring wiring;
	struct gh_dev_info seen;
	gh_us begun;
	int rc;

	if (argc < 3) {
		fprintf(stderr,
			"usage: uno_driver PORT RIG [--move|--where]\n");
		return 64;
	}
	if (gh_rig_read(&rig, argv[2], &b.err) != GH_OK)
		return die(&b, "rig");
	wiring = (struct gh_wiring){ rig.file, rig.wires, rig.n_wires };
	b.clk = gh_clock_real();
	if (gh_link_open(&b.link, argv[1], 57600, &b.err) != GH_OK)
		return die(&b, "link");
	begun = gh_now(b.clk);
	if (drv->identify(b.link, b.clk, &seen, &b.err) != GH_OK)
		return die(&b, "identify");
	printf("identified %s %s after %.3f s\n", seen.model, seen.firmware,
	       (double)(gh_now(b.clk) - begun) * 1e-6);
	if (drv->open(&b.dev, b.link, b.clk, &wiring, 0, &b.err) != GH_OK)
		return die(&b, "open");
	printf("opened after %.3f s\n", (double)(gh_now(b.clk) - begun) * 1e-6);
	if (argc > 3 && strcmp(argv[3], "--where") == 0)
		rc = where(&b);
	else
		rc = exercise(&b, argc > 3 && strcmp(argv[3], "--move") == 0);
	drv->close(b.dev);
	gh_link_close(b.link);
	return rc;
}
