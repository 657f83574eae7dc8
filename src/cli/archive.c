/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/archive.h"

#include "cli/archive_facts.h" /* gh_archive_facts_out */

#include <stdlib.h>
#include <string.h>

/* The arrays of a gh_store_recording while they may still be written. */
struct rows {
	struct gh_store_channel *channels;
	struct gh_store_chunk *chunks;
	struct gh_store_span *spans;
	struct gh_store_fact *facts;
	size_t n_chunks, n_spans, n_facts;
};

static const char *part_name(const struct gh_recording *rec, int part)
{
	return part >= 0 ? gh_recording_rig(rec)->parts[part].name : "";
}

static size_t count_chunks(const struct gh_recording *rec)
{
	size_t n = 0;

	for (unsigned c = 0; c < gh_recording_channels(rec); c++)
		n += gh_recording_times(rec, c)
			     ? 1
			     : gh_recording_pieces(rec, c, NULL, 0);
	return n;
}

static bool take_room(struct rows *r, const struct gh_recording *rec)
{
	const size_t channels = rec ? gh_recording_channels(rec) : 0;
	const size_t chunks = rec ? count_chunks(rec) : 0;

	/* One more than needed: calloc of nothing may answer NULL. */
	r->channels = calloc(channels + 1, sizeof *r->channels);
	r->chunks = calloc(chunks + 1, sizeof *r->chunks);
	r->spans = calloc(GH_REC_SPANS, sizeof *r->spans);
	r->facts = calloc(GH_ARCHIVE_FACTS, sizeof *r->facts);
	return r->channels && r->chunks && r->spans && r->facts;
}

static void put_channel(struct rows *r, const struct gh_recording *rec,
			unsigned c)
{
	const struct gh_rec_channel *ch = gh_recording_channel(rec, c);
	struct gh_store_channel *out = &r->channels[c];

	gh_copy_text(out->part, sizeof out->part, part_name(rec, ch->part));
	out->channel = c;
	out->what = ch->what;
	out->measured = ch->measured;
	out->scale = ch->scale;
	out->rate_hz = ch->rate_hz;
	out->step_us = ch->step_us;
	out->lo = ch->lo;
	out->hi = ch->hi;
	out->link = ch->link;
}

static void put_irregular(struct rows *r, const struct gh_recording *rec,
			  unsigned c)
{
	const size_t n = gh_recording_count(rec, c);

	if (n == 0)
		return;
	r->chunks[r->n_chunks++] = (struct gh_store_chunk){
		.channel = c,
		.t0_us = gh_recording_times(rec, c)[0],
		.n = n,
		.raw = gh_recording_raw_block(rec, c),
		.times_us = gh_recording_times(rec, c),
	};
}

static bool put_pieces(struct rows *r, const struct gh_recording *rec,
		       unsigned c)
{
	const size_t n = gh_recording_pieces(rec, c, NULL, 0);
	struct gh_rec_piece *pieces = calloc(n + 1, sizeof *pieces);

	if (!pieces)
		return false;
	gh_recording_pieces(rec, c, pieces, n);
	for (size_t i = 0; i < n; i++)
		r->chunks[r->n_chunks++] = (struct gh_store_chunk){
			.channel = c,
			.t0_us = pieces[i].t0,
			.step_us = pieces[i].step_us,
			.n = pieces[i].n,
			.raw = gh_recording_raw_block(rec, c) + pieces[i].first,
		};
	free(pieces);
	return true;
}

static void put_span(struct gh_store_span *out, const struct gh_recording *rec,
		     const struct gh_span *s)
{
	*out = (struct gh_store_span){
		.exercise = (int)s->exercise,
		.repeat = (int)s->repeat,
		.arg = s->arg,
		.shape = (int)s->shape,
		.begin_us = s->begin,
		.end_us = s->end,
		.from_rad = s->from_rad,
		.to_rad = s->to_rad,
	};
	gh_copy_text(out->part, sizeof out->part, part_name(rec, s->part));
	memcpy(out->drive, s->drive, sizeof out->drive);
}

static bool put_spans(struct rows *r, const struct gh_recording *rec)
{
	struct gh_span *spans = calloc(GH_REC_SPANS, sizeof *spans);

	if (!spans)
		return false;
	r->n_spans = gh_recording_spans(rec, -1, GH_EX_COUNT, GH_REPEAT_ALL,
					spans, GH_REC_SPANS);
	for (size_t i = 0; i < r->n_spans; i++)
		put_span(&r->spans[i], rec, &spans[i]);
	free(spans);
	return true;
}

static bool put_all(struct rows *r, const struct gh_recording *rec)
{
	bool ok = true;

	for (unsigned c = 0; ok && c < gh_recording_channels(rec); c++) {
		put_channel(r, rec, c);
		if (gh_recording_times(rec, c))
			put_irregular(r, rec, c);
		else
			ok = put_pieces(r, rec, c);
	}
	return ok && put_spans(r, rec);
}

static void hand_over(const struct rows *r, struct gh_store_recording *out)
{
	out->channels = r->channels;
	out->chunks = r->chunks;
	out->n_chunks = r->n_chunks;
	out->spans = r->spans;
	out->n_spans = r->n_spans;
	out->facts = r->facts;
	out->n_facts = r->n_facts;
}

enum gh_status gh_archive_rows(const struct gh_recording *rec,
			       const char *rig_text, size_t rig_bytes,
			       const struct gh_archive_end *end,
			       struct gh_store_recording *out,
			       struct gh_err *err)
{
	struct rows r = { 0 };
	const bool ok = take_room(&r, rec) && (!rec || put_all(&r, rec));

	*out = (struct gh_store_recording){ 0 };
	hand_over(&r, out);
	if (!ok) {
		gh_archive_finish(out);
		return gh_fail(err, GH_NOMEM, "no memory to store the run");
	}
	out->rig_text = rig_text;
	out->rig_bytes = rig_bytes;
	out->n_channels = rec ? gh_recording_channels(rec) : 0;
	out->n_facts = gh_archive_facts_out(
		rec ? gh_recording_facts_of(rec) : NULL, end, r.facts);
	return GH_OK;
}

/* The store's rows are const for readers; these arrays are ours. */
static void drop(const void *array)
{
	union {
		const void *given;
		void *ours;
	} u = { array };

	free(u.ours);
}

void gh_archive_finish(struct gh_store_recording *rows)
{
	drop(rows->channels);
	drop(rows->chunks);
	drop(rows->spans);
	drop(rows->facts);
	*rows = (struct gh_store_recording){ 0 };
}

/* ---- And back ---- */

static enum gh_status find_part(const struct gh_rig *rig, const char *name,
				int *out, struct gh_err *err)
{
	*out = gh_rig_find_part(rig, name);
	if (*out == GH_RIG_NONE)
		return gh_fail(err, GH_STORE,
			       "stored run: its recording has a part %.31s, "
			       "its rig file has none",
			       name);
	return GH_OK;
}

static enum gh_status get_channels(const struct gh_store_recording *rows,
				   const struct gh_rig *rig,
				   struct gh_rec_channel *out,
				   struct gh_err *err)
{
	enum gh_status st = GH_OK;

	for (size_t i = 0; st == GH_OK && i < rows->n_channels; i++) {
		const struct gh_store_channel *ch = &rows->channels[i];

		if (ch->channel != i || ch->step_us < 0)
			return gh_fail(err, GH_STORE,
				       "stored run: channel %zu is damaged", i);
		out[i] = (struct gh_rec_channel){
			.what = ch->what,
			.measured = ch->measured,
			.scale = ch->scale,
			.rate_hz = ch->rate_hz,
			.step_us = ch->step_us,
			.lo = (int16_t)ch->lo,
			.hi = (int16_t)ch->hi,
			.link = ch->link,
		};
		st = find_part(rig, ch->part, &out[i].part, err);
	}
	return st;
}

/* So long that every channel has room for what was stored of it. */
static double seconds_needed(const struct gh_store_recording *rows)
{
	double longest = 1.0;

	for (size_t i = 0; i < rows->n_channels; i++) {
		const struct gh_store_channel *ch = &rows->channels[i];
		const double step_us = ch->step_us > 0	   ? (double)ch->step_us
				       : ch->rate_hz > 1.0 ? 1e6 / ch->rate_hz
							   : 1e6;
		double n = 0.0;

		for (size_t k = 0; k < rows->n_chunks; k++)
			if (rows->chunks[k].channel == i)
				n += (double)rows->chunks[k].n;
		if (n * step_us / 1e6 > longest)
			longest = n * step_us / 1e6;
	}
	return longest;
}

static bool get_chunk(struct gh_recording *rec, const struct gh_store_chunk *k)
{
	bool ok = true;

	for (size_t i = 0; ok && i < k->n; i++)
		ok = gh_recording_add(
			rec, k->channel,
			k->times_us ? k->times_us[i]
				    : k->t0_us + (gh_us)i * k->step_us,
			k->raw[i]);
	return ok;
}

static enum gh_status get_spans(struct gh_recording *rec,
				const struct gh_store_recording *rows,
				const struct gh_rig *rig, struct gh_err *err)
{
	enum gh_status st = GH_OK;

	for (size_t i = 0; st == GH_OK && i < rows->n_spans; i++) {
		const struct gh_store_span *s = &rows->spans[i];
		struct gh_span span = {
			.exercise = (enum gh_exercise)s->exercise,
			.repeat = (unsigned)s->repeat,
			.arg = s->arg,
			.begin = s->begin_us,
			.end = s->end_us,
			.shape = (enum gh_shape)s->shape,
			.from_rad = s->from_rad,
			.to_rad = s->to_rad,
		};

		if (s->exercise < 0 || s->exercise >= GH_EX_COUNT ||
		    s->shape < 0 || s->shape > GH_SHAPE_EASE)
			return gh_fail(err, GH_STORE,
				       "stored run: span %zu is damaged", i);
		memcpy(span.drive, s->drive, sizeof span.drive);
		st = find_part(rig, s->part, &span.part, err);
		if (st == GH_OK && !gh_recording_add_span(rec, &span))
			st = gh_fail(err, GH_STORE,
				     "stored run: too many spans");
	}
	return st;
}

static enum gh_status get_samples(struct gh_recording *rec,
				  const struct gh_store_recording *rows,
				  struct gh_err *err)
{
	for (size_t i = 0; i < rows->n_chunks; i++)
		if (rows->chunks[i].channel >= rows->n_channels ||
		    !get_chunk(rec, &rows->chunks[i]))
			return gh_fail(err, GH_STORE,
				       "stored run: chunk %zu of %zu is "
				       "damaged",
				       i, rows->n_chunks);
	return GH_OK;
}

enum gh_status gh_archive_recording(const struct gh_store_recording *rows,
				    const struct gh_rig *rig,
				    struct gh_recording **out,
				    struct gh_archive_end *end,
				    struct gh_err *err)
{
	struct gh_rec_channel channels[GH_REC_CHANNELS];
	struct gh_recording *rec;
	enum gh_status st;

	if (rows->n_channels == 0 || rows->n_channels > GH_REC_CHANNELS)
		return gh_fail(err, GH_NODATA,
			       "that run has no recording to judge");
	st = get_channels(rows, rig, channels, err);
	if (st != GH_OK)
		return st;
	rec = gh_recording_create(rig, channels, (unsigned)rows->n_channels,
				  seconds_needed(rows));
	if (!rec)
		return gh_fail(err, GH_NOMEM, "no memory for the recording");
	gh_archive_facts_in(rows->facts, rows->n_facts, gh_recording_facts(rec),
			    end);
	st = get_samples(rec, rows, err);
	if (st == GH_OK)
		st = get_spans(rec, rows, rig, err);
	if (st != GH_OK) {
		gh_recording_destroy(rec);
		return st;
	}
	*out = rec;
	return GH_OK;
}
