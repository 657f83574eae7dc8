/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * recording - everything measured in one run: channels with samples, spans
 * that say what was being done, counters of link and controller, and the
 * frozen stage (the rig). Read-only for probes; the same whether it was taken
 * a moment ago or read back from the store.
 */
#ifndef GH_ENGINE_RECORDING_H
#define GH_ENGINE_RECORDING_H

#include "base/arena.h"	     /* struct gh_arena */
#include "base/part.h"	     /* enum gh_quantity */
#include "base/status.h"     /* enum gh_status */
#include "engine/exercise.h" /* struct gh_span */
#include "rig/rig.h"	     /* struct gh_rig, the frozen stage */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GH_REC_CHANNELS = 112, GH_REC_SPANS = 3072 };

/* raw value of a sample that carries no valid reading */
#define GH_REC_INVALID INT16_MIN

struct gh_rec_channel {
	int part; /* index into the stage's parts */
	enum gh_quantity what;
	bool measured;
	double scale;	/* value = raw * scale */
	double rate_hz; /* as really streamed; 0: irregular */
	gh_us step_us;	/* distance of samples; 0: irregular */
	int16_t lo, hi; /* raw range */
	unsigned link;	/* index into the stage's links */
};

/* Link and controller as they stood at the end; copied from the driver. */
struct gh_rec_facts {
	char driver[GH_NAME_CAP], model[32], firmware[24], id[40], boot[24];
	char dictionary[16], reset_cause[16];
	bool simulated;
	unsigned time_scale, watchdog_ms;
	double watchdog_proved_ms;
	uint64_t frames_good, frames_bad, samples, samples_lost;
	uint64_t device_bad, device_overruns, device_dropped;
	double longest_gap_ms, longest_loop_us, rtt_p99_ms;
	unsigned resets;
	bool counts_loss;
	/* The joint whose envelope ended the run, "" none, and what was beyond
	 * it: "following", "current", "angle" (not seen), "heat". */
	char stopped_part[GH_NAME_CAP], stopped_by[16];
	uint64_t cut_us; /* where gh_recording_cut shortened a span, 0: none */
};

struct gh_recording; /* opaque */

/*
 * Allocates all memory a run of `seconds` needs, so that nothing is allocated
 * while joints move. The rig is copied. NULL when memory is out.
 */
struct gh_recording *gh_recording_create(const struct gh_rig *rig,
					 const struct gh_rec_channel *channels,
					 unsigned n, double seconds);
void gh_recording_destroy(struct gh_recording *rec); /* NULL is fine */

/*
 * Appends; false when the channel is full or `at` is not after the channel's
 * last sample (both counted as dropped). On a regular channel the time is
 * rounded to the channel's grid, which starts anew after a hole.
 */
bool gh_recording_add(struct gh_recording *rec, unsigned channel, gh_us at,
		      int16_t raw);
/* Appends a span; false when there are GH_REC_SPANS already. */
bool gh_recording_add_span(struct gh_recording *rec,
			   const struct gh_span *span);
/* Cuts spans that had not ended at `at` (an aborted run). */
void gh_recording_cut(struct gh_recording *rec, gh_us at);
struct gh_rec_facts *gh_recording_facts(struct gh_recording *rec);

const struct gh_rig *gh_recording_rig(const struct gh_recording *rec);
const struct gh_rec_facts *gh_recording_facts_of(
	const struct gh_recording *rec);
unsigned gh_recording_channels(const struct gh_recording *rec);
const struct gh_rec_channel *gh_recording_channel(
	const struct gh_recording *rec, unsigned channel);
/* Index of the channel, -1: none. */
int gh_recording_find(const struct gh_recording *rec, int part,
		      enum gh_quantity what);
size_t gh_recording_count(const struct gh_recording *rec, unsigned channel);
/* i-th sample as it came. */
void gh_recording_raw(const struct gh_recording *rec, unsigned channel,
		      size_t i, gh_us *at, int16_t *raw);

/* Samples that found no room or came with a time already passed. */
uint64_t gh_recording_dropped(const struct gh_recording *rec);

/*
 * For storage: a channel is one block of raw values plus where they lie in
 * time. A regular channel is a few pieces without a hole; a hole in time (lost
 * samples) ends a piece, so that it is still there when read back. Adding all
 * samples again in order to an empty recording gives the same recording.
 */
struct gh_rec_piece {
	gh_us t0;      /* of its first sample */
	gh_us step_us; /* always the channel's */
	size_t first;  /* index into the raw block */
	size_t n;
};

/*
 * The pieces of a regular channel, in order of time; returns how many there
 * are, of which at most cap were written. 0 for irregular channels.
 */
size_t gh_recording_pieces(const struct gh_recording *rec, unsigned channel,
			   struct gh_rec_piece *out, size_t cap);
/* The gh_recording_count() raw values; lives as long as the recording. */
const int16_t *gh_recording_raw_block(const struct gh_recording *rec,
				      unsigned channel);
/* The times of an irregular channel's samples; NULL for regular ones. */
const gh_us *gh_recording_times(const struct gh_recording *rec,
				unsigned channel);

#define GH_REPEAT_ALL (-1)

/*
 * Spans of that part and exercise, in order of time; repeat 0, 1 or
 * GH_REPEAT_ALL; part -1 and exercise GH_EX_COUNT mean any. Returns how many
 * were written (at most cap).
 */
size_t gh_recording_spans(const struct gh_recording *rec, int part,
			  enum gh_exercise exercise, int repeat,
			  struct gh_span *out, size_t cap);

/* A window of one channel: times in s since `begin`, values in the unit. */
struct gh_series {
	size_t n;	/* 0: no valid samples there */
	size_t invalid; /* samples without a valid reading, left out */
	size_t clipped; /* raw beyond 95 % of hi */
	double *t, *v;
};

/*
 * The valid samples with begin <= time < end, arrays from tmp (they live as
 * long as it is not reset). channel -1 gives n 0.
 */
struct gh_series gh_recording_series(const struct gh_recording *rec,
				     int channel, gh_us begin, gh_us end,
				     struct gh_arena *tmp);

/*
 * The same, averaged over blocks of width_us since begin; a block without a
 * valid sample is left out. As gh_blocks() of it, in a third of the time.
 */
struct gh_series gh_recording_blocks(const struct gh_recording *rec,
				     int channel, gh_us begin, gh_us end,
				     gh_us width_us, struct gh_arena *tmp);

/* Who answered in a window, without the answers. */
struct gh_replies {
	size_t valid, invalid;
	gh_us silence; /* longest time without a valid one, to either end */
};

/* begin <= time < end; channel -1: nobody, and no silence. */
struct gh_replies gh_recording_replies(const struct gh_recording *rec,
				       int channel, gh_us begin, gh_us end);

/* Commanded angle of a joint's span at controller time t. */
double gh_span_command(const struct gh_span *span, gh_us t);

#endif
