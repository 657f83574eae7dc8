/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples, holes, spans: what is put into a recording comes out of it. */
#include "engine/recording.h"
#include "measure/bins.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct gh_rig rig;

static struct gh_rec_channel channel(gh_us step_us)
{
	return (struct gh_rec_channel){
		.part = 3,
		.what = GH_Q_POSITION,
		.measured = true,
		.scale = 0.5,
		.rate_hz = step_us > 0 ? 1e6 / (double)step_us : 0.0,
		.step_us = step_us,
		.lo = -1000,
		.hi = 1000,
	};
}

static struct gh_recording *create(gh_us step_us, double seconds)
{
	const struct gh_rec_channel ch = channel(step_us);
	struct gh_recording *rec = gh_recording_create(&rig, &ch, 1, seconds);

	assert_non_null(rec);
	return rec;
}

static void samples_come_back(void **state)
{
	struct gh_recording *rec = create(1000, 1.0);
	gh_us at;
	int16_t raw;

	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_true(
			gh_recording_add(rec, 0, 5000 + i * 1000, (int16_t)i));
	assert_int_equal(gh_recording_count(rec, 0), 1000);
	gh_recording_raw(rec, 0, 999, &at, &raw);
	assert_int_equal(at, 5000 + 999 * 1000);
	assert_int_equal(raw, 999);
	assert_int_equal(gh_recording_pieces(rec, 0, NULL, 0), 1);
	assert_int_equal(gh_recording_find(rec, 3, GH_Q_POSITION), 0);
	assert_int_equal(gh_recording_find(rec, 3, GH_Q_CURRENT), -1);
	gh_recording_destroy(rec);
	gh_recording_destroy(NULL);
}

static void jitter_is_rounded_and_holes_are_kept(void **state)
{
	static const gh_us at[] = { 0,	   1010,  1990,	 3000, 9000,
				    10000, 11000, 11300, 12000 };
	struct gh_recording *rec = create(1000, 1.0);
	struct gh_rec_piece pieces[4];

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(at); i++)
		gh_recording_add(rec, 0, at[i], (int16_t)i);
	/* 11300 is nearer to the 11000 that is there than to 12000. */
	assert_int_equal(gh_recording_pieces(rec, 0, pieces, 4), 3);
	assert_int_equal(pieces[2].t0, 11300);
	assert_int_equal(pieces[2].n, 2);
	assert_int_equal(pieces[0].t0, 0);
	assert_int_equal(pieces[0].n, 4);
	assert_int_equal(pieces[0].step_us, 1000);
	assert_int_equal(pieces[1].t0, 9000);
	assert_int_equal(pieces[1].first, 4);
	assert_int_equal(pieces[1].n, 3);
	gh_recording_destroy(rec);
}

static void late_ones_and_too_many_are_dropped(void **state)
{
	struct gh_recording *rec = create(100000, 1.0);
	int kept = 0;

	(void)state;
	assert_true(gh_recording_add(rec, 0, 500000, 1));
	assert_false(gh_recording_add(rec, 0, 500000, 1));
	assert_false(gh_recording_add(rec, 0, 400000, 1));
	assert_int_equal(gh_recording_dropped(rec), 2);
	for (gh_us t = 600000; t < 100 * GH_US_PER_S; t += 100000)
		kept += gh_recording_add(rec, 0, t, 1);
	assert_in_range(kept, 10, 30);
	assert_int_equal(gh_recording_count(rec, 0), kept + 1);
	gh_recording_destroy(rec);
}

static void irregular_channels_keep_their_times(void **state)
{
	struct gh_recording *rec = create(0, 2.0);
	gh_us at;
	int16_t raw;

	(void)state;
	assert_true(gh_recording_add(rec, 0, 7, 1));
	assert_true(gh_recording_add(rec, 0, 19, 2));
	assert_true(gh_recording_add(rec, 0, 1000019, 3));
	assert_false(gh_recording_add(rec, 0, 1000018, 3));
	gh_recording_raw(rec, 0, 1, &at, &raw);
	assert_int_equal(at, 19);
	assert_int_equal(gh_recording_times(rec, 0)[2], 1000019);
	assert_int_equal(gh_recording_raw_block(rec, 0)[2], 3);
	assert_int_equal(gh_recording_pieces(rec, 0, NULL, 0), 0);
	gh_recording_destroy(rec);
}

static void a_series_is_a_window_of_valid_samples(void **state)
{
	struct gh_recording *rec = create(10000, 2.0);
	struct gh_arena tmp = { NULL };
	struct gh_series s;

	(void)state;
	for (int i = 0; i < 100; i++)
		gh_recording_add(rec, 0, i * 10000,
				 i == 50   ? GH_REC_INVALID
				 : i == 51 ? 960
					   : (int16_t)i);
	s = gh_recording_series(rec, 0, 495000, 530000, &tmp);
	assert_int_equal(s.n, 2);
	assert_int_equal(s.invalid, 1);
	assert_int_equal(s.clipped, 1);
	assert_true(fabs(s.t[0] - 0.015) < 1e-12);
	assert_true(fabs(s.v[1] - 26.0) < 1e-12);
	/* begin belongs to it, end does not */
	s = gh_recording_series(rec, 0, 100000, 110000, &tmp);
	assert_int_equal(s.n, 1);
	assert_int_equal(gh_recording_series(rec, -1, 0, 9, &tmp).n, 0);
	assert_int_equal(gh_recording_series(rec, 0, 9, 9, &tmp).n, 0);
	assert_int_equal(gh_recording_series(rec, 0, 0, GH_US_NEVER, &tmp).n,
			 99);
	gh_arena_finish(&tmp);
	gh_recording_destroy(rec);
}

/* What the store does: write pieces and raw values, read, add again. */
static void added_again_it_is_the_same(void **state)
{
	struct gh_recording *a = create(1000, 1.0), *b = create(1000, 1.0);
	struct gh_rec_piece pa[64], pb[64];
	const int16_t *raw;
	size_t n;
	gh_us t = 0;

	(void)state;
	for (int i = 0; i < 500; i++) {
		t += i % 50 == 49 ? 7300 : 1000 + i % 3;
		gh_recording_add(a, 0, t, (int16_t)(i * 7));
	}
	n = gh_recording_pieces(a, 0, pa, 64);
	raw = gh_recording_raw_block(a, 0);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < pa[i].n; k++)
			assert_true(gh_recording_add(
				b, 0, pa[i].t0 + (gh_us)k * pa[i].step_us,
				raw[pa[i].first + k]));
	assert_int_equal(gh_recording_pieces(b, 0, pb, 64), n);
	assert_int_equal(gh_recording_count(b, 0), gh_recording_count(a, 0));
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(pa[i].t0, pb[i].t0);
		assert_int_equal(pa[i].n, pb[i].n);
	}
	gh_recording_destroy(a);
	gh_recording_destroy(b);
}

static struct gh_span span(int part, enum gh_exercise exercise, gh_us begin,
			   unsigned repeat)
{
	return (struct gh_span){
		.part = part,
		.exercise = exercise,
		.repeat = repeat,
		.begin = begin,
		.end = begin + GH_US_PER_S,
		.shape = GH_SHAPE_LINEAR,
		.from_rad = 0.0,
		.to_rad = 1.0,
	};
}

static void spans_are_sorted_found_and_cut(void **state)
{
	struct gh_recording *rec = create(1000, 1.0);
	const struct gh_span s[] = {
		span(1, GH_EX_SWEEP, 5000000, 1),
		span(1, GH_EX_SWEEP, 1000000, 0),
		span(2, GH_EX_SWEEP, 3000000, 0),
		span(1, GH_EX_HOLD, 2000000, 0),
	};
	struct gh_span out[8];

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(s); i++)
		assert_true(gh_recording_add_span(rec, &s[i]));
	assert_int_equal(gh_recording_spans(rec, -1, GH_EX_COUNT, GH_REPEAT_ALL,
					    out, 8),
			 4);
	assert_int_equal(out[0].begin, 1000000);
	assert_int_equal(out[3].begin, 5000000);
	assert_int_equal(gh_recording_spans(rec, 1, GH_EX_SWEEP, 1, out, 8), 1);
	assert_int_equal(gh_recording_spans(rec, -1, GH_EX_SWEEP, GH_REPEAT_ALL,
					    out, 2),
			 2);
	gh_recording_cut(rec, 3250000);
	assert_int_equal(gh_recording_spans(rec, -1, GH_EX_COUNT, GH_REPEAT_ALL,
					    out, 8),
			 3);
	assert_int_equal(out[2].end, 3250000);
	/* the same speed as before, over a shorter way */
	assert_true(fabs(out[2].to_rad - 0.25) < 1e-9);
	assert_true(fabs(gh_span_command(&out[2], 3125000) - 0.125) < 1e-9);
	gh_recording_destroy(rec);
}

static void a_full_list_of_spans_refuses(void **state)
{
	struct gh_recording *rec = create(1000, 1.0);

	(void)state;
	for (int i = 0; i < GH_REC_SPANS; i++) {
		const struct gh_span s = span(1, GH_EX_SWEEP, i, 0);

		assert_true(gh_recording_add_span(rec, &s));
	}
	{
		const struct gh_span s = span(1, GH_EX_SWEEP, 9, 0);

		assert_false(gh_recording_add_span(rec, &s));
	}
	gh_recording_destroy(rec);
}

/* 1 kHz with one hole of 40 ms and every 50th reading invalid. */
static struct gh_recording *with_holes(void)
{
	struct gh_recording *rec = create(1000, 1.0);

	for (int i = 0; i < 1000; i++)
		if (i < 500 || i >= 540)
			assert_true(gh_recording_add(
				rec, 0, i * 1000,
				i % 50 == 7 ? GH_REC_INVALID
					    : (int16_t)(i * i % 701)));
	return rec;
}

static void blocks_are_those_of_the_series(void **state)
{
	struct gh_recording *rec = with_holes();
	struct gh_arena tmp = { NULL };
	const struct gh_series b =
		gh_recording_blocks(rec, 0, 3000, 997000, 10000, &tmp);
	struct gh_series s = gh_recording_series(rec, 0, 3000, 997000, &tmp);

	(void)state;
	assert_int_equal(b.invalid, s.invalid);
	s.n = gh_blocks(s.t, s.v, s.n, 0.010);
	assert_int_equal(b.n, s.n);
	for (size_t i = 0; i < s.n; i++) {
		assert_true(fabs(b.t[i] - s.t[i]) < 1e-9);
		assert_true(fabs(b.v[i] - s.v[i]) < 1e-9);
	}
	assert_int_equal(gh_recording_blocks(rec, -1, 0, 9, 1, &tmp).n, 0);
	gh_arena_finish(&tmp);
	gh_recording_destroy(rec);
}

static void who_answered_and_the_longest_silence(void **state)
{
	struct gh_recording *rec = with_holes();
	struct gh_replies r = gh_recording_replies(rec, 0, 0, 1000000);

	(void)state;
	assert_int_equal(r.invalid, 19);
	assert_int_equal(r.valid, 960 - 19);
	assert_int_equal(r.silence, 41000); /* 499 to 540 ms */
	/* Nothing came after the end, and nothing before the begin. */
	r = gh_recording_replies(rec, 0, 900000, 1300000);
	assert_int_equal(r.silence, 301000);
	r = gh_recording_replies(rec, 0, -70000, 100000);
	assert_int_equal(r.silence, 70000);
	r = gh_recording_replies(rec, -1, 0, 1000000);
	assert_int_equal(r.valid + r.invalid, 0);
	gh_recording_destroy(rec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_come_back),
		cmocka_unit_test(jitter_is_rounded_and_holes_are_kept),
		cmocka_unit_test(late_ones_and_too_many_are_dropped),
		cmocka_unit_test(irregular_channels_keep_their_times),
		cmocka_unit_test(a_series_is_a_window_of_valid_samples),
		cmocka_unit_test(added_again_it_is_the_same),
		cmocka_unit_test(spans_are_sorted_found_and_cut),
		cmocka_unit_test(a_full_list_of_spans_refuses),
		cmocka_unit_test(blocks_are_those_of_the_series),
		cmocka_unit_test(who_answered_and_the_longest_silence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
