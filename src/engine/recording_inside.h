/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * recording_inside - how samples lie in a recording; only for recording.c,
 * which fills it, and recording_window.c, which reads it.
 *
 * Samples are raw 16 bit numbers, as they came over the wire: 24 channels of
 * 1 kHz for a minute are 3 MB. A regular channel needs no time per sample: it
 * is a list of pieces, each a start on a grid of equal steps, and a sample off
 * that grid by more than half a step starts a new piece. So a hole stays
 * visible and jitter of the transport does not.
 */
#ifndef GH_ENGINE_RECORDING_INSIDE_H
#define GH_ENGINE_RECORDING_INSIDE_H

#include "engine/recording.h" /* struct gh_rec_channel */

#include <assert.h>

struct piece {
	gh_us t0;
	uint32_t first;
};

struct channel {
	struct gh_rec_channel about;
	int16_t *raw;
	gh_us *times;	      /* irregular only */
	struct piece *pieces; /* regular only */
	size_t n, cap, n_pieces, cap_pieces;
	gh_us last;
};

struct gh_recording {
	struct gh_rig rig;
	struct gh_rec_facts facts;
	struct channel channels[GH_REC_CHANNELS];
	unsigned n_channels;
	struct gh_span spans[GH_REC_SPANS];
	size_t n_spans;
	uint64_t dropped;
};

static inline const struct channel *channel_const(
	const struct gh_recording *rec, unsigned i)
{
	assert(i < rec->n_channels);
	return &rec->channels[i];
}

#endif
