/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fakes/script_link.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Virtual time goes on by this when nothing at all is due. */
#define IDLE_US 1000

size_t script_hex(const char *hex, uint8_t *out, size_t cap)
{
	size_t n = 0;
	char *end;

	while (*hex != '\0' && n < cap) {
		const unsigned long byte = strtoul(hex, &end, 16);

		if (end == hex)
			break;
		out[n++] = (uint8_t)byte;
		hex = end;
		while (*hex == ' ')
			hex++;
	}
	return n;
}

void script_link_feed(struct script_link *s, const void *bytes, size_t n,
		      gh_us after_us)
{
	const uint8_t *p = bytes;
	const size_t at = (s->chunk_head + s->chunk_n) % SCRIPT_CHUNKS;

	assert(s->in_n + n <= SCRIPT_BYTES && s->chunk_n < SCRIPT_CHUNKS);
	for (size_t i = 0; i < n; i++)
		s->in[(s->in_head + s->in_n++) % SCRIPT_BYTES] = p[i];
	s->chunk[at] = (struct script_chunk){ s->now + after_us, n };
	s->chunk_n++;
}

/* ---- The script ---------------------------------------------------------- */

static void play_replies(struct script_link *s)
{
	uint8_t bytes[1024];

	while (s->step->kind == SCRIPT_REPLY || s->step->kind == SCRIPT_GONE) {
		if (s->step->kind == SCRIPT_GONE)
			s->gone = true;
		else
			script_link_feed(s, bytes,
					 script_hex(s->step->hex, bytes,
						    sizeof bytes),
					 s->step->after_us);
		s->step++;
	}
}

static void expect_byte(struct script_link *s, uint8_t byte)
{
	uint8_t want[1024];
	const size_t n = s->step->kind == SCRIPT_EXPECT
				 ? script_hex(s->step->hex, want, sizeof want)
				 : 0;

	if (s->mismatch[0] != '\0')
		return;
	if (n == 0 || want[s->step_at] != byte) {
		snprintf(s->mismatch, sizeof s->mismatch,
			 "byte %zu of a step: got %02X", s->step_at, byte);
		return;
	}
	if (++s->step_at < n)
		return;
	s->step_at = 0;
	s->step++;
	play_replies(s);
}

bool script_link_done(const struct script_link *s)
{
	return s->mismatch[0] == '\0' && s->step->kind == SCRIPT_END;
}

/* ---- The link ------------------------------------------------------------ */

static void on_byte(struct script_link *s, uint8_t byte)
{
	if (s->sent_n < sizeof s->sent)
		s->sent[s->sent_n++] = byte;
	if (s->step)
		expect_byte(s, byte);
	if (!s->answer)
		return;
	assert(s->frame_n < sizeof s->frame);
	s->frame[s->frame_n++] = byte;
	if (byte != 0)
		return;
	s->answer(s->self, s->frame, s->frame_n);
	s->frame_n = 0;
}

static enum gh_status do_write(struct gh_link *link, const void *buf,
			       size_t len, size_t *put, struct gh_err *err)
{
	struct script_link *s = (struct script_link *)link;
	const uint8_t *p = buf;

	if (s->gone)
		return gh_fail(err, GH_GONE, "script: gone");
	*put = s->full ? 0 : len;
	for (size_t i = 0; i < *put; i++)
		on_byte(s, p[i]);
	return GH_OK;
}

static size_t read_babble(struct script_link *s, uint8_t *out, size_t cap)
{
	size_t n = 0;

	for (; n < cap && s->babble > 0; n++, s->babble--) {
		s->random = s->random * 1664525u + 1013904223u;
		out[n] = (uint8_t)(s->random >> 24);
		s->now += s->babble_us;
	}
	return n;
}

static size_t read_due(struct script_link *s, uint8_t *out, size_t cap)
{
	size_t n = 0;

	while (n < cap && s->chunk_n > 0) {
		struct script_chunk *c = &s->chunk[s->chunk_head];

		if (c->due > s->now)
			break;
		if (c->left == 0) {
			s->chunk_head = (s->chunk_head + 1) % SCRIPT_CHUNKS;
			s->chunk_n--;
			continue;
		}
		out[n++] = s->in[s->in_head];
		s->in_head = (s->in_head + 1) % SCRIPT_BYTES;
		s->in_n--;
		c->left--;
	}
	return n;
}

static enum gh_status do_read(struct gh_link *link, void *buf, size_t cap,
			      size_t *got, struct gh_err *err)
{
	struct script_link *s = (struct script_link *)link;
	size_t n;

	if (s->read_most > 0 && cap > s->read_most)
		cap = s->read_most;
	n = s->babble > 0 ? read_babble(s, buf, cap) : read_due(s, buf, cap);
	if (n == 0 && s->gone)
		return gh_fail(err, GH_GONE, "script: gone");
	*got = n;
	return GH_OK;
}

static size_t no_fds(const struct gh_link *link, struct pollfd *out, size_t cap)
{
	(void)link;
	(void)out;
	(void)cap;
	return 0;
}

static enum gh_status do_set_baud(struct gh_link *link, long baud,
				  struct gh_err *err)
{
	(void)err;
	((struct script_link *)link)->baud = baud;
	return GH_OK;
}

static void do_close(struct gh_link *link)
{
	(void)link;
}

static const struct gh_link_ops ops = {
	.scheme = "script",
	.close = do_close,
	.fds = no_fds,
	.read = do_read,
	.write = do_write,
	.set_baud = do_set_baud,
};

/* ---- The clock ----------------------------------------------------------- */

static gh_us do_now(void *self)
{
	return ((struct script_link *)self)->now;
}

static int do_wait(void *self, struct pollfd *fds, size_t n, gh_us until)
{
	struct script_link *s = self;
	const bool coming = s->chunk_n > 0;
	const gh_us due = coming ? s->chunk[s->chunk_head].due : GH_US_NEVER;

	(void)fds;
	(void)n;
	if (s->babble > 0 || s->gone)
		return 1;
	if (coming && due <= until) {
		s->now = due > s->now ? due : s->now;
		return 1;
	}
	if (until == GH_US_NEVER)
		until = s->now + IDLE_US;
	s->now = until > s->now ? until : s->now;
	return 0;
}

static int64_t do_wall_s(void *self)
{
	(void)self;
	return 0;
}

void script_link_init(struct script_link *s, const struct script_step *steps)
{
	memset(s, 0, offsetof(struct script_link, sent));
	s->link.ops = &ops;
	strcpy(s->link.port, "script");
	s->clock = (struct gh_clock){ do_now, do_wait, do_wall_s, s };
	s->step = steps;
	s->random = 1;
	/* Not 0, so that a forgotten start time shows. */
	s->now = 5 * GH_US_PER_S;
	if (steps)
		play_replies(s);
}
