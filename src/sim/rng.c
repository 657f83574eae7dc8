/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/rng.h"

#include <math.h>
#include <stddef.h>

static uint64_t splitmix64(uint64_t *state)
{
	uint64_t z = (*state += 0x9E3779B97F4A7C15u);

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

void gh_rng_seed(struct gh_rng *r, uint64_t seed, uint64_t session,
		 uint64_t stream)
{
	uint64_t state = seed;

	/* One scramble per key, so that small keys do not cancel by xor. */
	state = splitmix64(&state) ^ session;
	state = splitmix64(&state) ^ stream;
	for (size_t i = 0; i < 4; i++)
		r->s[i] = splitmix64(&state);
}

static uint64_t rotate(uint64_t x, unsigned k)
{
	return (x << k) | (x >> (64 - k));
}

uint64_t gh_rng_next(struct gh_rng *r)
{
	uint64_t *s = r->s;
	const uint64_t result = rotate(s[1] * 5, 7) * 9;
	const uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

double gh_rng_uniform(struct gh_rng *r)
{
	return (double)(gh_rng_next(r) >> 11) * 0x1p-53;
}

/* Marsaglia's polar method; the second value is dropped to stay stateless. */
double gh_rng_normal(struct gh_rng *r)
{
	double u, v, s;

	do {
		u = 2 * gh_rng_uniform(r) - 1;
		v = 2 * gh_rng_uniform(r) - 1;
		s = u * u + v * v;
	} while (s >= 1 || s < 1e-300);
	return u * sqrt(-2 * log(s) / s);
}

double gh_rng_waiting(struct gh_rng *r)
{
	return -log(1 - gh_rng_uniform(r));
}
