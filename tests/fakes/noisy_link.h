/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * noisy_link - what cables, adapters and their drivers do to bytes, drawn from
 * a seed and in virtual time. A lane carries one direction; a noisy link puts
 * two of them between a world's link and its controller.
 */
#ifndef GH_TESTS_FAKES_NOISY_LINK_H
#define GH_TESTS_FAKES_NOISY_LINK_H

#include "base/clock.h"	 /* gh_us */
#include "fakes/world.h" /* struct gh_world */
#include "sim/rng.h"	 /* struct gh_rng */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum noisy_kind {
	NOISY_CLEAN,
	NOISY_LOSS,   /* up to `run` bytes vanish */
	NOISY_INSERT, /* up to `run` random bytes come in between */
	NOISY_REPEAT, /* the last bytes, up to `run`, come once more */
	NOISY_FLIP,   /* a bit is another */
	NOISY_DELAY,  /* what follows comes later, by up to `us` */
	NOISY_STALL,  /* nothing comes for `us`, then all of it at once */
	NOISY_SPLIT   /* one byte at a time, `us` between two of them */
};

struct noisy_fault {
	const char *name;
	enum noisy_kind kind;
	double rate;  /* how likely a byte is struck; FLIP: a bit */
	unsigned run; /* at most 1 << 30: for ever */
	gh_us us;
};

/* The cleanest first. */
enum { NOISY_FAULTS = 14 };
extern const struct noisy_fault noisy_faults[NOISY_FAULTS];

/* Two seconds of 1 Mbd; what does not fit is lost. */
enum { NOISY_LANE_CAP = 1 << 18 };

struct noisy_lane {
	const struct noisy_fault *fault; /* any time another one */
	uint64_t struck;		 /* how often, up to now */
	/* The rest is its own. */
	struct gh_rng rng;
	uint64_t next_in;	   /* bytes or bits until the next strike */
	unsigned losing;	   /* bytes still to vanish */
	gh_us lag, held_until, last; /* last: when the newest byte comes */
	uint32_t head, tail;
	uint8_t bytes[NOISY_LANE_CAP];
	gh_us due[NOISY_LANE_CAP];
};

/* Empty, and struck by `fault` from now on. */
void noisy_lane_init(struct noisy_lane *l, const struct noisy_fault *fault,
		     uint64_t seed, uint64_t stream);
/* Another fault; what is under way stays so. */
void noisy_lane_strike(struct noisy_lane *l, const struct noisy_fault *fault);
/* Bytes that are sent at `at`, which never goes back. */
void noisy_lane_put(struct noisy_lane *l, const uint8_t *bytes, size_t n,
		    gh_us at);
/* What has come by now, at most cap. */
size_t noisy_lane_take(struct noisy_lane *l, uint8_t *out, size_t cap,
		       gh_us now);
/* When the next byte comes; GH_US_NEVER: none is under way. */
gh_us noisy_lane_due(const struct noisy_lane *l);

struct noisy_link {
	const struct noisy_fault *fault;
	gh_us from, until; /* when it strikes, world time */
	struct noisy_lane up, down; /* to the host, to the controller */
	/* Called once, while the controller is still there; NULL is fine. */
	void (*at_end)(struct noisy_link *n);
	struct gh_world *world;
	/* The controller behind it. */
	const struct gh_world_ops *ops;
	void *self;
};

/*
 * Comes between an open world and its controller until the world is closed.
 * From and until are the caller's afterwards; at first it strikes for ever.
 */
void noisy_link_attach(struct noisy_link *n, struct gh_world *w,
		       const struct noisy_fault *fault, uint64_t seed);

#endif
