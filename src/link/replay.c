/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/replay.h"

#include "link/replay_state.h" /* struct gh_replay */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A wait without an end, after the end: any step will do. */
#define STEP_US 10000
#define SHOWN 6 /* bytes of either side in a message */

/* ---- The clock ----------------------------------------------------------- */

static gh_us replay_now(void *self)
{
	struct gh_replay *r = self;

	if (r->over)
		return r->at++; /* who looks for ever must come to an end */
	if (r->line.mark == GH_WIRE_NOW && r->asked >= r->line.asked)
		replay_step_time(r);
	else
		r->asked++;
	return r->at;
}

static int free_wait(struct gh_replay *r, gh_us until)
{
	if (until == GH_US_NEVER)
		until = r->at + STEP_US;
	if (until > r->at)
		r->at = until;
	return 0;
}

static int replay_wait(void *self, struct pollfd *fds, size_t n, gh_us until)
{
	struct gh_replay *r = self;
	int ready = 1;

	replay_skip_time(r);
	if (r->over)
		return free_wait(r, until);
	switch ((int)r->line.mark) {
	case GH_WIRE_TIME_UP:
		ready = 0;
		break;
	case GH_WIRE_READY:
		break;
	case GH_WIRE_EAR:
		/* The ears stand last: gh_replay_ears gave that one. */
		if (fds && n > 0)
			fds[n - 1].revents = POLLIN;
		break;
	case GH_WIRE_INTR:
		ready = -1;
		break;
	default:
		replay_note_difference(r, "waits",
				       replay_name_of(r->line.mark));
		return free_wait(r, until);
	}
	replay_step_time(r);
	return ready;
}

static int64_t replay_wall_s(void *self)
{
	const struct gh_replay *r = self;

	return r->head.wall_s + (r->at - r->head.clock) / GH_US_PER_S;
}

void replay_start_clock(struct gh_replay *r)
{
	r->clock =
		(struct gh_clock){ replay_now, replay_wait, replay_wall_s, r };
}

const struct gh_clock *gh_replay_clock(const struct gh_replay *r)
{
	return &r->clock;
}

/* ---- The link ------------------------------------------------------------ */

struct player {
	struct gh_link link;
	struct gh_replay *replay;
};

static struct gh_replay *replay_of(struct gh_link *link)
{
	return ((struct player *)link)->replay;
}

static bool fails_here(const struct gh_replay *r, char op)
{
	return replay_is_next(r, GH_WIRE_FAILED) && r->line.op == op;
}

static enum gh_status fail_here(struct gh_replay *r, struct gh_err *err)
{
	const enum gh_status st =
		gh_fail(err, r->line.status, "%s", r->line.text);

	replay_step(r);
	return st;
}

static enum gh_status ended(const struct gh_link *link, struct gh_err *err)
{
	return gh_fail(err, GH_GONE, "%s: the replay has ended", link->port);
}

static void player_close(struct gh_link *link)
{
	free(link);
}

static size_t player_fds(const struct gh_link *link, struct pollfd *out,
			 size_t cap)
{
	(void)link;
	(void)out;
	(void)cap;
	return 0;
}

static enum gh_status player_read(struct gh_link *link, void *buf, size_t cap,
				  size_t *got, struct gh_err *err)
{
	struct gh_replay *r = replay_of(link);
	unsigned char *to = buf;

	*got = 0;
	if (r->differs.code != GH_OK)
		return ended(link, err);
	if (fails_here(r, GH_WIRE_READ))
		return fail_here(r, err);
	if (!replay_is_next(r, GH_WIRE_READ))
		return GH_OK;
	if (r->line.bytes > cap) {
		replay_note_difference(r, "reads less", "read more");
		return ended(link, err);
	}
	for (size_t i = 0; i < r->line.bytes; i++)
		to[i] = gh_wirelog_byte(r->line.hex + 2 * i);
	*got = r->line.bytes;
	replay_step(r);
	return GH_OK;
}

/* "says 0a0b.., 12 bytes" from the first byte that is another one. */
static void say_bytes(char *out, size_t cap, const char *verb,
		      const unsigned char *bytes, size_t n)
{
	size_t used = (size_t)snprintf(out, cap, "%s ", verb);

	for (size_t i = 0; i < n && i < SHOWN; i++)
		used += (size_t)snprintf(out + used, cap - used, "%02x",
					 bytes[i]);
	snprintf(out + used, cap - used, "%s",
		 n > SHOWN ? ".."
		 : n == 0  ? "no more"
			   : "");
}

static void differ_in_bytes(struct gh_replay *r, const unsigned char *bytes,
			    size_t n, size_t same)
{
	unsigned char then[SHOWN + 1];
	const size_t left = r->line.bytes - same;
	char found[40], expected[40];

	for (size_t i = 0; i < left && i < sizeof then; i++)
		then[i] = gh_wirelog_byte(r->line.hex + 2 * (same + i));
	r->wrote += same;
	say_bytes(found, sizeof found, "says", bytes + same, n - same);
	say_bytes(expected, sizeof expected, "said", then, left);
	replay_note_difference(r, found, expected);
}

/* The line that is next, and as much of it. */
static bool says_the_same(struct gh_replay *r, const unsigned char *bytes,
			  size_t n)
{
	const bool part = replay_is_next(r, GH_WIRE_PART);
	const size_t most = r->line.bytes < n ? r->line.bytes : n;
	char found[40];
	size_t same = 0;

	if (!part && !replay_is_next(r, GH_WIRE_WROTE)) {
		say_bytes(found, sizeof found, "says", bytes, n);
		replay_note_difference(r, found, replay_name_of(r->line.mark));
		return false;
	}
	while (same < most &&
	       bytes[same] == gh_wirelog_byte(r->line.hex + 2 * same))
		same++;
	if (same == r->line.bytes && (part ? n > same : n == same))
		return true;
	differ_in_bytes(r, bytes, n, same);
	return false;
}

static enum gh_status player_write(struct gh_link *link, const void *buf,
				   size_t len, size_t *put, struct gh_err *err)
{
	struct gh_replay *r = replay_of(link);

	replay_skip_time(r);
	*put = len;
	if (r->differs.code != GH_OK)
		return ended(link, err);
	if (r->over)
		return GH_OK;
	if (fails_here(r, GH_WIRE_WROTE))
		return fail_here(r, err);
	if (!says_the_same(r, buf, len))
		return ended(link, err);
	*put = r->line.bytes;
	r->wrote += r->line.bytes;
	replay_step(r);
	return GH_OK;
}

static enum gh_status player_set_baud(struct gh_link *link, long baud,
				      struct gh_err *err)
{
	struct gh_replay *r = replay_of(link);

	replay_skip_time(r);
	if (r->differs.code != GH_OK)
		return ended(link, err);
	if (r->over)
		return GH_OK;
	if (fails_here(r, GH_WIRE_BAUD))
		return fail_here(r, err);
	if (!replay_is_next(r, GH_WIRE_BAUD) || r->line.baud != baud) {
		replay_note_difference(r, "changes the rate",
				       replay_name_of(r->line.mark));
		return ended(link, err);
	}
	replay_step(r);
	return GH_OK;
}

static const struct gh_link_ops player_ops = {
	.scheme = "replay",
	.close = player_close,
	.fds = player_fds,
	.read = player_read,
	.write = player_write,
	.set_baud = player_set_baud,
};

enum gh_status gh_replay_link(struct gh_replay *r, struct gh_link **out,
			      struct gh_err *err)
{
	struct player *p;

	replay_skip_time(r);
	if (fails_here(r, GH_WIRE_OPEN))
		return fail_here(r, err);
	if (!replay_is_next(r, GH_WIRE_OPEN))
		return gh_fail(err, GH_NODATA,
			       "%.80s ends before a port was opened", r->name);
	p = calloc(1, sizeof *p);
	if (!p)
		return gh_fail(err, GH_NOMEM, "no memory for a replay");
	p->link.ops = &player_ops;
	p->link.is_pty = true;
	p->replay = r;
	gh_copy_text(p->link.port, sizeof p->link.port, r->line.text);
	r->was_pty = r->line.is_pty;
	replay_step(r);
	*out = &p->link;
	return GH_OK;
}

size_t gh_replay_ears(struct pollfd *out, size_t cap)
{
	if (cap == 0)
		return 0;
	out[0] = (struct pollfd){ .fd = -1 };
	return 1;
}

bool gh_replay_hear(struct gh_replay *r)
{
	if (!replay_is_next(r, GH_WIRE_STOP))
		return false;
	replay_step(r);
	return true;
}
