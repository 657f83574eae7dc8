/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * timeout: 240
 * Our firmware on both boards, what is measured: every channel at 100 Hz while
 * every joint moves, for 20 simulated seconds, ten minutes in `make soak`. No
 * sample is lost, and its time is an exact multiple of the period.
 */
#include "boards/session.h" /* struct gh_board_session */
#include "fakes/soak.h"	    /* gh_soak_count */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ROUND_S 20
#define ROUND_US (ROUND_S * (gh_us)GH_US_PER_S)
#define PERIOD_US 10000
/* Of the 328P: what data may have of its RAM, and code of its flash. */
#define RAM_SHARE 0.75
#define FLASH_SHARE 0.85
/* The deepest stack seen may have that much of what data leaves. A guess. */
#define STACK_SHARE 0.75

struct scene {
	struct gh_board_session s;
	struct {
		gh_us last;
		unsigned n, off_beat, invalid;
	} seen[GH_DEV_CHANNELS];
	/* Conversions of the first input: the longest pause between two. */
	double converted_us, pause_us;
};

static struct scene scene;

static void on_sample(void *self, const struct gh_sample *sample)
{
	struct scene *sc = self;
	const gh_us last = sc->seen[sample->channel].last;

	if (last && sample->at - last != PERIOD_US)
		sc->seen[sample->channel].off_beat++;
	sc->seen[sample->channel].last = sample->at;
	sc->seen[sample->channel].n++;
	sc->seen[sample->channel].invalid += sample->raw == GH_RAW_INVALID;
}

static void on_convert(void *self, unsigned input, double at_us)
{
	struct scene *sc = self;

	if (input != 0)
		return;
	if (sc->converted_us > 0 && at_us - sc->converted_us > sc->pause_us)
		sc->pause_us = at_us - sc->converted_us;
	sc->converted_us = at_us;
}

static int end(void **state)
{
	(void)state;
	gh_session_end(&scene.s);
	return 0;
}

static void spin(struct gh_board_session *s, gh_us length)
{
	if (gh_session_spin(s, length) != GH_OK)
		fail_msg("pump: %s", s->err.msg);
}

static unsigned rounds(void)
{
	return (unsigned)gh_soak_count(1, 1, 600 / ROUND_S);
}

static void stream_all(struct gh_board_session *s)
{
	uint16_t all[GH_STREAM_CHANNELS];
	unsigned n = 0;
	double hz = 0;

	for (unsigned i = 0; i < s->info->n_channels; i++)
		if (s->info->channels[i].measured)
			all[n++] = (uint16_t)i;
	if (s->driver->stream(s->dev, 0, all, n, 100.0, &hz, &s->err) != GH_OK)
		fail_msg("stream: %s", s->err.msg);
	assert_true(hz > 99.999 && hz < 100.001);
}

/* One end to the other and back, 5 s each way. */
static void move_all(struct gh_board_session *s)
{
	const struct gh_segment path[] = {
		{ GH_SHAPE_EASE, ROUND_US / 4, 0.8, false, 0.0 },
		{ GH_SHAPE_LINEAR, ROUND_US / 4, -0.8, false, 0.0 },
		{ GH_SHAPE_EASE, ROUND_US / 4, 0.8, false, 0.0 },
		{ GH_SHAPE_EASE, ROUND_US / 4 - 100000, 0.0, true, 0.0 },
	};

	for (unsigned i = 0; i < s->info->n_actuators; i++)
		if (s->driver->queue(s->dev, i, path, 4, &s->err) != GH_OK)
			fail_msg("queue: %s", s->err.msg);
	if (s->driver->run(s->dev, s->driver->device_now(s->dev) + 20000,
			   &s->err) != GH_OK)
		fail_msg("run: %s", s->err.msg);
}

static void print_cost(struct gh_board_session *s)
{
	struct gh_board_facts f;
	struct gh_dev_stats st;

	gh_board_facts(s->board, &f);
	s->driver->stats(s->dev, &st);
	print_message("# %s: loop %lld us, interrupt waits %.1f us (vector "
		      "%u), handler %.1f us (vector %u)\n"
		      "# flash %u, static %u, stack %u of %u bytes of RAM; "
		      "awake %.0f %%; A0 not looked at for %.0f us\n",
		      s->rig.links[0].name, (long long)st.longest_loop_us,
		      f.latency_cycles / 16.0, f.latency_vector,
		      f.handler_cycles / 16.0, f.handler_vector, f.flash_bytes,
		      f.static_bytes, f.stack_bytes, f.ram_bytes,
		      100.0 * (double)f.awake_cycles / (double)f.cycles,
		      scene.pause_us);
}

static void no_sample_is_lost(void **state)
{
	const enum gh_board_kind *kind = *state;
	const struct gh_pins_ears ears = { NULL, on_convert, &scene };
	struct gh_board_session *s = &scene.s;
	struct gh_dev_status safe;
	struct gh_dev_stats st;
	char name[48];

	memset(&scene, 0, sizeof scene);
	gh_session_start(s, *kind, &ears);
	gh_session_open(s);
	gh_session_arm(s);
	s->sample = on_sample;
	s->self = &scene;
	stream_all(s);
	scene.converted_us = scene.pause_us = 0;
	for (unsigned i = 0; i < rounds(); i++) {
		move_all(s);
		spin(s, ROUND_US);
	}
	if (s->driver->safe(s->dev, 0, &safe, &s->err) != GH_OK)
		fail_msg("safe: %s", s->err.msg);
	spin(s, 50000); /* the board's own counts come last */
	s->driver->stats(s->dev, &st);
	print_cost(s);
	print_message("# %llu samples in %u s, lost %llu, damaged %llu\n",
		      (unsigned long long)st.samples, rounds() * ROUND_S,
		      (unsigned long long)st.samples_lost,
		      (unsigned long long)st.frames_bad);
	assert_int_equal(st.samples_lost, 0);
	assert_int_equal(st.frames_bad, 0);
	assert_int_equal(st.device_bad, 0);
	assert_int_equal(st.device_overruns, 0);
	assert_int_equal(st.device_dropped, 0);
	for (unsigned i = 0; i < s->info->n_channels; i++) {
		if (!s->info->channels[i].measured)
			continue;
		assert_true(scene.seen[i].n + 10 >=
			    rounds() * (ROUND_US / PERIOD_US));
		assert_int_equal(scene.seen[i].off_beat, 0);
		/* The colour chip's first conversion takes its time. */
		assert_true(scene.seen[i].invalid < 20);
	}
	snprintf(name, sizeof name, "samples of the %s", s->rig.links[0].name);
	gh_soak_say(name, "%llu in %u s, 0 lost, 0 off their beat",
		    (unsigned long long)st.samples, rounds() * ROUND_S);
}

static void the_small_chip_has_room(void **state)
{
	const enum gh_board_kind uno = GH_BOARD_UNO;
	struct gh_board_session *s = &scene.s;
	struct gh_board_facts f;

	(void)state;
	memset(&scene, 0, sizeof scene);
	gh_session_start(s, uno, NULL);
	gh_session_open(s);
	gh_session_arm(s);
	stream_all(s);
	move_all(s);
	spin(s, 2000000);
	gh_board_facts(s->board, &f);
	print_message("# RAM %.1f %% and a stack of %u bytes, flash %.1f %%\n",
		      100.0 * f.static_bytes / f.ram_bytes, f.stack_bytes,
		      100.0 * f.flash_bytes / 32768);
	assert_true(f.static_bytes <= RAM_SHARE * f.ram_bytes);
	assert_true(f.stack_bytes <=
		    STACK_SHARE * (f.ram_bytes - f.static_bytes));
	assert_true(f.flash_bytes <= FLASH_SHARE * 32768);
}

int main(void)
{
	static enum gh_board_kind uno = GH_BOARD_UNO, mega = GH_BOARD_MEGA;
	const struct CMUnitTest tests[] = {
		{ "no sample is lost on the uno", no_sample_is_lost, NULL, end,
		  &uno },
		{ "no sample is lost on the mega", no_sample_is_lost, NULL, end,
		  &mega },
		cmocka_unit_test_teardown(the_small_chip_has_room, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
