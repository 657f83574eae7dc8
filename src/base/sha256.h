/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sha256 - the hash that names rig files, recordings and reports. A thin coat
 * over libmd, so that nobody else needs to know which library computes it.
 */
#ifndef GH_BASE_SHA256_H
#define GH_BASE_SHA256_H

#include <sha256.h>
#include <stddef.h>

#define GH_SHA256_HEX_CAP 65 /* 64 hex digits and the NUL */

/* Caller's memory, holds no resources: nothing to free when abandoned. */
struct gh_sha256 {
	SHA256_CTX state;
};

void gh_sha256_init(struct gh_sha256 *h);

/* data may be NULL when n is 0. */
void gh_sha256_update(struct gh_sha256 *h, const void *data, size_t n);

/* Writes the lower-case hex digest; h must be initialised anew afterwards. */
void gh_sha256_finish(struct gh_sha256 *h, char out[GH_SHA256_HEX_CAP]);

/* All three in one: the digest of n bytes. */
void gh_sha256_hex(const void *data, size_t n, char out[GH_SHA256_HEX_CAP]);

#endif
