/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sha256.h"

#include <stdint.h>

void gh_sha256_init(struct gh_sha256 *h)
{
	SHA256_Init(&h->state);
}

void gh_sha256_update(struct gh_sha256 *h, const void *data, size_t n)
{
	if (n > 0)
		SHA256_Update(&h->state, data, n);
}

void gh_sha256_finish(struct gh_sha256 *h, char out[GH_SHA256_HEX_CAP])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t sum[SHA256_DIGEST_LENGTH];

	SHA256_Final(sum, &h->state);
	for (size_t i = 0; i < sizeof sum; i++) {
		out[2 * i] = digits[sum[i] >> 4];
		out[2 * i + 1] = digits[sum[i] & 15];
	}
	out[2 * sizeof sum] = '\0';
}

void gh_sha256_hex(const void *data, size_t n, char out[GH_SHA256_HEX_CAP])
{
	struct gh_sha256 h;

	gh_sha256_init(&h);
	gh_sha256_update(&h, data, n);
	gh_sha256_finish(&h, out);
}
