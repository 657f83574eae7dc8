/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * archive - a recording as rows for the store, and rows as a recording again.
 * What goes in comes out: the probes must find the same numbers in a run of
 * last year as on the evening it was taken.
 */
#ifndef GH_CLI_ARCHIVE_H
#define GH_CLI_ARCHIVE_H

#include "engine/recording.h" /* struct gh_recording */
#include "store/store.h"      /* struct gh_store_recording */

/* How a run ended: the first two weigh on the verdict. */
struct gh_archive_end {
	bool interrupted, unsafe;
	bool safe_seen;
	double stop_ms, rest_ms; /* -1: there was none; no NAN can be stored */
	char safe_state[64];	 /* "": of a version that did not keep it */
};

/*
 * Fills *out; samples and rig text stay borrowed from the arguments, the rest
 * is freed with gh_archive_finish. rec may be NULL: no channels.
 */
enum gh_status gh_archive_rows(const struct gh_recording *rec,
			       const char *rig_text, size_t rig_bytes,
			       const struct gh_archive_end *end,
			       struct gh_store_recording *out,
			       struct gh_err *err) GH_MUST_CHECK;
void gh_archive_finish(struct gh_store_recording *rows);

/* Owned by the caller: gh_recording_destroy. */
enum gh_status gh_archive_recording(const struct gh_store_recording *rows,
				    const struct gh_rig *rig,
				    struct gh_recording **out,
				    struct gh_archive_end *end,
				    struct gh_err *err) GH_MUST_CHECK;

#endif
