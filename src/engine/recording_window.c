/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * recording_window - reading a recording: one sample, a window of them, its
 * block means, or only who answered in it. Most of the time of an analysis is
 * spent in these loops: they go piece by piece, with no search and no division
 * for a single sample.
 */
#include "engine/recording_inside.h" /* struct channel */

#include <assert.h>

/* Clipped: measurement.md section 4.1. */
#define CLIPPED_SHARE 0.95

/* The piece that holds sample i: the last that starts at or before it. */
static size_t piece_of(const struct channel *ch, size_t i)
{
	size_t lo = 0, hi = ch->n_pieces;

	while (hi - lo > 1) {
		const size_t mid = lo + (hi - lo) / 2;

		if (ch->pieces[mid].first <= i)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

static gh_us time_of(const struct channel *ch, size_t i)
{
	const struct piece *p;

	if (ch->times)
		return ch->times[i];
	p = &ch->pieces[piece_of(ch, i)];
	return p->t0 + (gh_us)(i - p->first) * ch->about.step_us;
}

void gh_recording_raw(const struct gh_recording *rec, unsigned channel,
		      size_t i, gh_us *at, int16_t *raw)
{
	const struct channel *ch = channel_const(rec, channel);

	assert(i < ch->n);
	*at = time_of(ch, i);
	*raw = ch->raw[i];
}

/* Index of the first sample at or after t. */
static size_t index_at(const struct channel *ch, gh_us t)
{
	size_t lo = 0, hi = ch->n;

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;

		if (time_of(ch, mid) < t)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Seconds of the samples first..last-1, all of one piece or all timed. */
static void read_times(const struct channel *ch, size_t first, size_t last,
		       gh_us begin, double *t)
{
	const double us = 1.0 / GH_US_PER_S;
	const gh_us at = time_of(ch, first) - begin;
	const gh_us step = ch->about.step_us;

	if (ch->times)
		for (size_t i = first; i < last; i++)
			t[i - first] = (double)(ch->times[i] - begin) * us;
	else
		for (size_t i = 0; i < last - first; i++)
			t[i] = (double)(at + (gh_us)i * step) * us;
}

/* Samples first..last-1, all of one piece or all with times of their own. */
static void read_run(const struct channel *ch, size_t first, size_t last,
		     gh_us begin, struct gh_series *s)
{
	const double scale = ch->about.scale;
	const int clip = (int)(CLIPPED_SHARE * (double)ch->about.hi);
	const int16_t *raw = ch->raw + first;
	const size_t all = last - first;
	double *t = s->t + s->n, *v = s->v + s->n;
	size_t n = 0, clipped = 0;

	read_times(ch, first, last, begin, t);
	for (size_t i = 0; i < all; i++) {
		t[n] = t[i];
		v[n] = (double)raw[i] * scale;
		clipped += raw[i] > clip;
		n += raw[i] != GH_REC_INVALID;
	}
	s->n += n;
	s->clipped += clipped;
	s->invalid += all - n;
}

/* The end of the run that sample i is in, at most last. */
static size_t run_end(const struct channel *ch, size_t i, size_t last)
{
	size_t next;

	if (ch->times)
		return last;
	next = piece_of(ch, i) + 1;
	return next < ch->n_pieces && ch->pieces[next].first < last
		       ? ch->pieces[next].first
		       : last;
}

struct gh_series gh_recording_series(const struct gh_recording *rec,
				     int channel, gh_us begin, gh_us end,
				     struct gh_arena *tmp)
{
	struct gh_series s = { .n = 0 };
	const struct channel *ch;
	size_t first, last;

	if (channel < 0 || end <= begin)
		return s;
	ch = channel_const(rec, (unsigned)channel);
	first = index_at(ch, begin);
	last = index_at(ch, end);
	if (last <= first)
		return s;
	s.t = gh_arena_room(tmp, last - first, sizeof *s.t);
	s.v = gh_arena_room(tmp, last - first, sizeof *s.v);
	for (size_t next; first < last; first = next) {
		next = run_end(ch, first, last);
		read_run(ch, first, next, begin, &s);
	}
	return s;
}

/* One block being summed: whole numbers, so nothing is rounded. */
struct block {
	gh_us next; /* first time of the one after it */
	int64_t n, times, raws;
};

static void end_block(const struct channel *ch, struct block *b,
		      struct gh_series *s)
{
	const double n = (double)b->n;

	if (b->n == 0)
		return;
	s->t[s->n] = (double)b->times / n / GH_US_PER_S;
	s->v[s->n++] = (double)b->raws / n * ch->about.scale;
	b->n = b->times = b->raws = 0;
}

static void sum_run(const struct channel *ch, size_t first, size_t last,
		    gh_us begin, gh_us width_us, struct block *b,
		    struct gh_series *s)
{
	gh_us at = time_of(ch, first) - begin;

	for (size_t i = first; i < last; i++, at += ch->about.step_us) {
		if (ch->times)
			at = ch->times[i] - begin;
		if (at >= b->next) {
			end_block(ch, b, s);
			b->next = (at / width_us + 1) * width_us;
		}
		if (ch->raw[i] == GH_REC_INVALID) {
			s->invalid++;
			continue;
		}
		b->n++;
		b->times += at;
		b->raws += ch->raw[i];
	}
}

struct gh_series gh_recording_blocks(const struct gh_recording *rec,
				     int channel, gh_us begin, gh_us end,
				     gh_us width_us, struct gh_arena *tmp)
{
	struct gh_series s = { .n = 0 };
	struct block b = { .next = 0 };
	const struct channel *ch;
	size_t first, last, room;

	if (channel < 0 || end <= begin)
		return s;
	ch = channel_const(rec, (unsigned)channel);
	first = index_at(ch, begin);
	last = index_at(ch, end);
	if (last <= first)
		return s;
	room = last - first; /* no more blocks than samples */
	s.t = gh_arena_room(tmp, room, sizeof *s.t);
	s.v = gh_arena_room(tmp, room, sizeof *s.v);
	for (size_t next; first < last; first = next) {
		next = run_end(ch, first, last);
		sum_run(ch, first, next, begin, width_us, &b, &s);
	}
	end_block(ch, &b, &s);
	return s;
}

/* Without a hole in it only the ends of a run and one step count. */
static bool count_whole_run(const struct channel *ch, size_t first, size_t last,
			    gh_us *answered, struct gh_replies *r)
{
	const gh_us begin = time_of(ch, first);
	gh_us silence = begin - *answered;

	if (ch->times || last == first)
		return false;
	for (size_t i = first; i < last; i++)
		if (ch->raw[i] == GH_REC_INVALID)
			return false;
	if (last - first > 1 && ch->about.step_us > silence)
		silence = ch->about.step_us;
	if (silence > r->silence)
		r->silence = silence;
	r->valid += last - first;
	*answered = begin + (gh_us)(last - first - 1) * ch->about.step_us;
	return true;
}

static void count_run(const struct channel *ch, size_t first, size_t last,
		      gh_us *answered, struct gh_replies *r)
{
	const int16_t *raw = ch->raw;
	gh_us at = time_of(ch, first);

	for (size_t i = first; i < last; i++, at += ch->about.step_us) {
		if (ch->times)
			at = ch->times[i];
		if (raw[i] == GH_REC_INVALID) {
			r->invalid++;
			continue;
		}
		r->valid++;
		if (at - *answered > r->silence)
			r->silence = at - *answered;
		*answered = at;
	}
}

struct gh_replies gh_recording_replies(const struct gh_recording *rec,
				       int channel, gh_us begin, gh_us end)
{
	struct gh_replies r = { 0, 0, 0 };
	gh_us answered = begin;
	const struct channel *ch;
	size_t last;

	if (channel < 0 || end <= begin)
		return r;
	ch = channel_const(rec, (unsigned)channel);
	last = index_at(ch, end);
	for (size_t i = index_at(ch, begin), next; i < last; i = next) {
		next = run_end(ch, i, last);
		if (!count_whole_run(ch, i, next, &answered, &r))
			count_run(ch, i, next, &answered, &r);
	}
	if (end - answered > r.silence)
		r.silence = end - answered;
	return r;
}
