/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stream --port PORT [--seconds S] - 24 channels at 1 kHz over 1 MBd through
 * the lumina driver into a recording, pumped every 10 ms of the real clock.
 * Prints `key value` lines; the cost is that of the stream alone.
 */
#include "base/clock.h"	      /* gh_clock_real */
#include "base/text.h"	      /* gh_parse_long */
#include "driver/driver.h"    /* gh_driver_lumina */
#include "engine/recording.h" /* gh_recording_create */
#include "link/link.h"	      /* gh_link_open */
#include "rig/rig.h"	      /* struct gh_rig */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>

extern const struct gh_driver gh_driver_lumina;

static const struct gh_driver *const drv = &gh_driver_lumina;

enum { CHANNELS = 24, RATE_HZ = 1000, BATCH = 512, EXIT_USAGE = 64 };

#define BAUD 1000000L
#define TURN_US 10000

struct bench {
	const char *port;
	long seconds;
	struct gh_link *link;
	struct gh_dev *dev;
	struct gh_recording *rec;
	uint16_t channel[CHANNELS];
	unsigned place[GH_DEV_CHANNELS]; /* of a channel in the recording */
	gh_us longest_us;		 /* between two turns */
	struct gh_err err;
};

static int die(const struct bench *b, const char *what)
{
	fprintf(stderr, "stream: %s: %s\n", what, b->err.msg);
	return 1;
}

static bool parse(struct bench *b, int argc, char **argv)
{
	b->seconds = 60;
	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--port") == 0)
			b->port = argv[i + 1];
		else if (strcmp(argv[i], "--seconds") != 0 ||
			 !gh_parse_long(argv[i + 1], &b->seconds))
			return false;
	}
	return argc % 2 == 1 && b->port && b->seconds > 0;
}

static double cpu_s(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6;
}

/* The first channels that offer the rate; false: there are not enough. */
static bool choose(struct bench *b)
{
	const struct gh_dev_info *info = drv->info(b->dev);
	unsigned n = 0;

	for (unsigned i = 0; i < info->n_channels && n < CHANNELS; i++) {
		if (info->channels[i].max_rate_hz < RATE_HZ)
			continue;
		b->place[i] = n;
		b->channel[n++] = (uint16_t)i;
	}
	if (n == CHANNELS && info->max_sample_rate >= CHANNELS * RATE_HZ)
		return true;
	snprintf(b->err.msg, sizeof b->err.msg,
		 "%u of %d channels offer %d Hz, %.0f samples/s in all", n,
		 CHANNELS, RATE_HZ, info->max_sample_rate);
	return false;
}

static bool start(struct bench *b)
{
	static const struct gh_rig rig; /* nothing of it is looked at */
	struct gh_rec_channel about[CHANNELS];
	double hz = 0.0;

	if (drv->stream(b->dev, 0, b->channel, CHANNELS, RATE_HZ, &hz,
			&b->err) != GH_OK)
		return false;
	memset(about, 0, sizeof about);
	for (unsigned i = 0; i < CHANNELS; i++) {
		about[i].rate_hz = hz;
		about[i].step_us = (gh_us)lround(GH_US_PER_S / hz);
		about[i].scale = 1.0;
	}
	b->rec = gh_recording_create(&rig, about, CHANNELS,
				     (double)b->seconds + 1.0);
	return b->rec != NULL;
}

static bool take(struct bench *b)
{
	struct gh_sample batch[BATCH];
	size_t got;

	do {
		got = 0;
		if (drv->pump(b->dev, batch, BATCH, &got, &b->err) != GH_OK)
			return false;
		for (size_t i = 0; i < got; i++)
			gh_recording_add(b->rec, b->place[batch[i].channel],
					 batch[i].at, batch[i].raw);
	} while (got == BATCH);
	return true;
}

static bool receive(struct bench *b, gh_us begun)
{
	const struct gh_clock *clk = gh_clock_real();
	const gh_us end = begun + b->seconds * GH_US_PER_S;
	gh_us last = begun;
	bool good = true;

	while (good && last < end) {
		gh_us now;

		gh_wait(clk, NULL, 0, last + TURN_US);
		now = gh_now(clk);
		if (now - last > b->longest_us)
			b->longest_us = now - last;
		last = now;
		good = take(b);
	}
	return good;
}

static void print(const struct bench *b, double wall, double cpu)
{
	struct gh_dev_stats s;

	memset(&s, 0, sizeof s);
	drv->stats(b->dev, &s);
	printf("samples %llu\n", (unsigned long long)s.samples);
	printf("expected %.0f\n", wall * CHANNELS * RATE_HZ);
	printf("lost %llu\n", (unsigned long long)s.samples_lost);
	printf("dropped %llu\n",
	       (unsigned long long)gh_recording_dropped(b->rec));
	printf("device_dropped %llu\n", (unsigned long long)s.device_dropped);
	printf("frames_bad %llu\n", (unsigned long long)s.frames_bad);
	printf("longest_turn_ms %.1f\n", (double)b->longest_us / GH_US_PER_MS);
	printf("wall_s %.3f\n", wall);
	printf("cpu_s %.4f\n", cpu);
	printf("share %.3f\n", 100.0 * cpu / wall);
}

int main(int argc, char **argv)
{
	static struct bench b;
	const struct gh_clock *clk = gh_clock_real();
	const struct gh_wiring none = { "", NULL, 0 };
	gh_us begun;
	double cpu;

	if (!parse(&b, argc, argv)) {
		fprintf(stderr, "usage: stream --port PORT [--seconds S]\n");
		return EXIT_USAGE;
	}
	if (gh_link_open(&b.link, b.port, drv->default_baud, &b.err) != GH_OK)
		return die(&b, "link");
	if (drv->open(&b.dev, b.link, clk, &none, BAUD, &b.err) != GH_OK)
		return die(&b, "open");
	if (!choose(&b) || !start(&b))
		return die(&b, "stream");
	begun = gh_now(clk);
	cpu = cpu_s();
	if (!receive(&b, begun))
		return die(&b, "receive");
	print(&b, (double)(gh_now(clk) - begun) / GH_US_PER_S, cpu_s() - cpu);
	if (drv->stream(b.dev, 0, NULL, 0, 0.0, NULL, &b.err) != GH_OK)
		return die(&b, "end");
	gh_recording_destroy(b.rec);
	drv->close(b.dev);
	gh_link_close(b.link);
	return 0;
}
