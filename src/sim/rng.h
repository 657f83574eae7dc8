/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rng - the simulator's randomness: xoshiro256** seeded by splitmix64 (both
 * public domain, Blackman and Vigna). Every consumer has a stream of its own,
 * so that reading one sensor more often never changes what another one says.
 */
#ifndef GH_SIM_RNG_H
#define GH_SIM_RNG_H

#include <stdint.h>

struct gh_rng {
	uint64_t s[4];
};

/* Different (seed, session, stream) triples give unrelated sequences. */
void gh_rng_seed(struct gh_rng *r, uint64_t seed, uint64_t session,
		 uint64_t stream);

uint64_t gh_rng_next(struct gh_rng *r);
/* [0, 1) */
double gh_rng_uniform(struct gh_rng *r);
/* mean 0, SD 1 */
double gh_rng_normal(struct gh_rng *r);
/* exponential with mean 1 */
double gh_rng_waiting(struct gh_rng *r);

#endif
