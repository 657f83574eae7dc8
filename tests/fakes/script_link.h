/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * script_link - a link in memory with its own virtual clock. It plays a script
 * (expect these bytes, reply those, hang up) or hands every frame written to a
 * function that answers. Faults: reads of few bytes, a full queue, babble.
 */
#ifndef GH_TESTS_FAKES_SCRIPT_LINK_H
#define GH_TESTS_FAKES_SCRIPT_LINK_H

#include "base/clock.h" /* struct gh_clock */
#include "link/link.h"	/* struct gh_link */

#include <stdint.h>

enum script_kind {
	SCRIPT_END,
	SCRIPT_EXPECT, /* the host must write exactly these bytes next */
	SCRIPT_REPLY,  /* delivered after_us later */
	SCRIPT_GONE    /* hangs up */
};

struct script_step {
	enum script_kind kind;
	const char *hex; /* "0F 01 ..." */
	gh_us after_us;
};

enum { SCRIPT_BYTES = 1 << 16, SCRIPT_CHUNKS = 4096 };

struct script_link {
	struct gh_link link;
	struct gh_clock clock;
	gh_us now;

	const struct script_step *step; /* NULL: no script */
	size_t step_at;			/* bytes of an EXPECT already seen */
	char mismatch[96];		/* "" while all is as expected */

	/* Called for each frame written, up to and with its 00. */
	void (*answer)(void *self, const uint8_t *frame, size_t n);
	void *self;
	uint8_t frame[512];
	size_t frame_n;

	size_t sent_n, in_head, in_n, chunk_head, chunk_n; /* of those below */

	/* Faults. */
	size_t read_most;  /* bytes a read gives, 0: no limit */
	bool full;	   /* writes take nothing */
	bool gone;	   /* hung up */
	size_t babble;	   /* random bytes still to come, at full speed */
	gh_us babble_us;   /* virtual time each of them takes */
	uint32_t random;
	long baud; /* as last set */

	/* From here on not cleared by init, which is most of the time of a
	   short dialogue: what the host wrote, all of it (up to the size) ... */
	uint8_t sent[SCRIPT_BYTES];
	/* ... and what is on its way to the host. */
	uint8_t in[SCRIPT_BYTES];
	struct script_chunk {
		gh_us due;
		size_t left;
	} chunk[SCRIPT_CHUNKS];
};

/* steps may be NULL; link and clock are then ready for use. */
void script_link_init(struct script_link *s, const struct script_step *steps);
/* Delivers n bytes after_us from now, behind what is on its way. */
void script_link_feed(struct script_link *s, const void *bytes, size_t n,
		      gh_us after_us);
/* Has the script been played to its end? */
bool script_link_done(const struct script_link *s);
/* "0F 01" to bytes; returns how many. */
size_t script_hex(const char *hex, uint8_t *out, size_t cap);

#endif
