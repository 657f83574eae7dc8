/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a recording is filled, and what it says of itself. */
#include "engine/recording_inside.h" /* struct channel */

#include "base/segment.h" /* gh_segment_at */

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Room beyond rate x seconds, for a run that ends late: guess. */
#define SPARE 1.1
/* Irregular channels (Firmata reports) stay below this rate: assumed. */
#define IRREGULAR_HZ 200.0
/*
 * Holes per channel: at 1 kHz in frames of 10 samples, a minute with every
 * second frame lost has 3000.
 */
#define PIECES_MAX 4096

static size_t samples_for(const struct gh_rec_channel *about, double seconds)
{
	double hz = about->rate_hz;

	if (about->step_us > 0)
		hz = (double)GH_US_PER_S / (double)about->step_us;
	else if (hz < IRREGULAR_HZ)
		hz = IRREGULAR_HZ;
	return (size_t)(hz * seconds * SPARE) + 16;
}

static bool channel_init(struct channel *ch, const struct gh_rec_channel *about,
			 double seconds)
{
	ch->about = *about;
	ch->cap = samples_for(about, seconds);
	if (ch->cap > UINT32_MAX)
		return false;
	ch->raw = malloc(ch->cap * sizeof *ch->raw);
	if (about->step_us == 0) {
		ch->times = malloc(ch->cap * sizeof *ch->times);
		return ch->raw && ch->times;
	}
	ch->cap_pieces = ch->cap < PIECES_MAX ? ch->cap : PIECES_MAX;
	ch->pieces = malloc(ch->cap_pieces * sizeof *ch->pieces);
	return ch->raw && ch->pieces;
}

struct gh_recording *gh_recording_create(const struct gh_rig *rig,
					 const struct gh_rec_channel *channels,
					 unsigned n, double seconds)
{
	struct gh_recording *rec;

	assert(n <= GH_REC_CHANNELS && seconds >= 0.0);
	rec = calloc(1, sizeof *rec);
	if (!rec)
		return NULL;
	rec->rig = *rig;
	rec->n_channels = n;
	for (unsigned i = 0; i < n; i++) {
		assert(channels[i].step_us >= 0);
		if (!channel_init(&rec->channels[i], &channels[i], seconds)) {
			gh_recording_destroy(rec);
			return NULL;
		}
	}
	return rec;
}

void gh_recording_destroy(struct gh_recording *rec)
{
	if (!rec)
		return;
	for (unsigned i = 0; i < rec->n_channels; i++) {
		free(rec->channels[i].raw);
		free(rec->channels[i].times);
		free(rec->channels[i].pieces);
	}
	free(rec);
}

static struct channel *channel_of(struct gh_recording *rec, unsigned i)
{
	assert(i < rec->n_channels);
	return &rec->channels[i];
}

/*
 * The time that the next sample of a regular channel will carry: on the grid
 * of the running piece, or `at` as the start of a new one.
 */
static bool place(struct channel *ch, gh_us *at)
{
	const gh_us step = ch->about.step_us;

	if (ch->n > 0) {
		const gh_us off = *at - (ch->last + step);

		if (off <= step / 2 && off >= -(step / 2)) {
			*at = ch->last + step;
			return true;
		}
	}
	if (ch->n_pieces == ch->cap_pieces)
		return false;
	ch->pieces[ch->n_pieces].t0 = *at;
	ch->pieces[ch->n_pieces++].first = (uint32_t)ch->n;
	return true;
}

bool gh_recording_add(struct gh_recording *rec, unsigned channel, gh_us at,
		      int16_t raw)
{
	struct channel *ch = channel_of(rec, channel);

	if (ch->n == ch->cap || (ch->n > 0 && at <= ch->last) ||
	    (ch->pieces && !place(ch, &at))) {
		rec->dropped++;
		return false;
	}
	if (ch->times)
		ch->times[ch->n] = at;
	ch->raw[ch->n++] = raw;
	ch->last = at;
	return true;
}

bool gh_recording_add_span(struct gh_recording *rec, const struct gh_span *span)
{
	size_t at = rec->n_spans;

	if (rec->n_spans == GH_REC_SPANS)
		return false;
	while (at > 0 && rec->spans[at - 1].begin > span->begin)
		at--;
	memmove(&rec->spans[at + 1], &rec->spans[at],
		(rec->n_spans - at) * sizeof *span);
	rec->spans[at] = *span;
	rec->n_spans++;
	return true;
}

void gh_recording_cut(struct gh_recording *rec, gh_us at)
{
	size_t kept = 0;

	for (size_t i = 0; i < rec->n_spans; i++) {
		struct gh_span s = rec->spans[i];

		if (s.begin >= at)
			continue;
		if (s.end > at) {
			/* A line keeps its speed when it is shortened. */
			s.to_rad = gh_span_command(&s, at);
			s.end = at;
			rec->facts.cut_us = (uint64_t)at;
		}
		rec->spans[kept++] = s;
	}
	rec->n_spans = kept;
}

struct gh_rec_facts *gh_recording_facts(struct gh_recording *rec)
{
	return &rec->facts;
}

const struct gh_rig *gh_recording_rig(const struct gh_recording *rec)
{
	return &rec->rig;
}

const struct gh_rec_facts *gh_recording_facts_of(const struct gh_recording *rec)
{
	return &rec->facts;
}

unsigned gh_recording_channels(const struct gh_recording *rec)
{
	return rec->n_channels;
}

const struct gh_rec_channel *gh_recording_channel(
	const struct gh_recording *rec, unsigned channel)
{
	return &channel_const(rec, channel)->about;
}

int gh_recording_find(const struct gh_recording *rec, int part,
		      enum gh_quantity what)
{
	for (unsigned i = 0; i < rec->n_channels; i++)
		if (rec->channels[i].about.part == part &&
		    rec->channels[i].about.what == what)
			return (int)i;
	return -1;
}

size_t gh_recording_count(const struct gh_recording *rec, unsigned channel)
{
	return channel_const(rec, channel)->n;
}

uint64_t gh_recording_dropped(const struct gh_recording *rec)
{
	return rec->dropped;
}

static struct gh_rec_piece piece_at(const struct channel *ch, size_t i)
{
	const size_t next =
		i + 1 < ch->n_pieces ? ch->pieces[i + 1].first : ch->n;

	return (struct gh_rec_piece){
		.t0 = ch->pieces[i].t0,
		.step_us = ch->about.step_us,
		.first = ch->pieces[i].first,
		.n = next - ch->pieces[i].first,
	};
}

size_t gh_recording_pieces(const struct gh_recording *rec, unsigned channel,
			   struct gh_rec_piece *out, size_t cap)
{
	const struct channel *ch = channel_const(rec, channel);

	for (size_t i = 0; i < ch->n_pieces && i < cap; i++)
		out[i] = piece_at(ch, i);
	return ch->n_pieces;
}

const int16_t *gh_recording_raw_block(const struct gh_recording *rec,
				      unsigned channel)
{
	return channel_const(rec, channel)->raw;
}

const gh_us *gh_recording_times(const struct gh_recording *rec,
				unsigned channel)
{
	return channel_const(rec, channel)->times;
}

static bool matches(const struct gh_span *s, int part, enum gh_exercise what,
		    int repeat)
{
	return (part < 0 || s->part == part) &&
	       (what == GH_EX_COUNT || s->exercise == what) &&
	       (repeat == GH_REPEAT_ALL || s->repeat == (unsigned)repeat);
}

size_t gh_recording_spans(const struct gh_recording *rec, int part,
			  enum gh_exercise exercise, int repeat,
			  struct gh_span *out, size_t cap)
{
	size_t n = 0;

	for (size_t i = 0; i < rec->n_spans && n < cap; i++)
		if (matches(&rec->spans[i], part, exercise, repeat))
			out[n++] = rec->spans[i];
	return n;
}

double gh_span_command(const struct gh_span *span, gh_us t)
{
	const struct gh_segment seg = {
		.shape = span->shape,
		.duration_us = span->end - span->begin,
		.target_rad = span->to_rad,
	};

	return gh_segment_at(&seg, span->from_rad, t - span->begin);
}
