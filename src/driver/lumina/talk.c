/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * talk - requests and replies over a link. Requests wait in a small table; each
 * turn reads what arrived, gives replies to their requests, sends beats that
 * are due, repeats what was not answered and writes what the window allows.
 * Every wait of the driver is a turn, so beats never starve behind a request.
 */
#include "driver/lumina/dev.h" /* struct gh_dev */

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* One turn reads at most this much, so that a babbling port cannot hold it. */
#define TURN_BYTES 65536
/* A whole frame of samples (117) must find room before more is read. */
#define RING_RESERVE 128
/* Section 1.2: nothing longer than one frame may be ahead of a STOP. */
#define AHEAD_BYTES GH_LUM_WIRE_MAX

void gh_lum_break(struct gh_dev *dev, enum gh_status code, const char *why)
{
	/* A reboot shows in several ways, and ends the session: it is one. */
	if (code == GH_RESET)
		dev->stats.resets = 1;
	if (dev->failed != GH_OK)
		return;
	dev->failed = code;
	gh_copy_text(dev->why, sizeof dev->why, why);
}

static void free_call(struct gh_lum_call *call)
{
	call->state = GH_LUM_FREE;
}

void gh_lum_cancel_calls(struct gh_dev *dev)
{
	for (size_t i = 0; i < GH_LUM_CALLS; i++)
		free_call(&dev->call[i]);
}

/* HELLO is one constant frame with seq 1; nothing else uses that number. */
static uint8_t next_seq(struct gh_dev *dev, uint8_t type)
{
	if (type == GH_LUM_HELLO)
		return 1;
	do
		dev->seq++;
	while (dev->seq <= 1);
	return dev->seq;
}

struct gh_lum_call *gh_lum_begin(struct gh_dev *dev, uint8_t type,
				 const void *payload, size_t len)
{
	for (size_t i = 0; i < GH_LUM_CALLS; i++) {
		struct gh_lum_call *call = &dev->call[i];

		if (call->state != GH_LUM_FREE)
			continue;
		*call = (struct gh_lum_call){
			.state = GH_LUM_QUEUED,
			.type = type,
			.seq = next_seq(dev, type),
			.sent_at = gh_now(dev->clk),
			.tries_max = GH_LUM_TRIES,
			.try_us = GH_LUM_REPLY_US,
		};
		call->wire_len = gh_lum_encode(call->wire, type, call->seq,
					       payload, len);
		dev->stats.requests++;
		return call;
	}
	return NULL;
}

void gh_lum_post(struct gh_dev *dev, uint8_t type, const void *payload,
		 size_t len)
{
	struct gh_lum_call *call = gh_lum_begin(dev, type, payload, len);

	if (!call)
		return;
	call->detached = true;
	call->urgent = type == GH_LUM_HEARTBEAT;
	call->tries_max = 1;
}

/* ---- Writing ------------------------------------------------------------- */

static enum gh_status flush_rest(struct gh_dev *dev, struct gh_err *err)
{
	enum gh_status st;
	size_t put = 0;

	if (dev->tx_len == 0)
		return GH_OK;
	st = gh_link_write(dev->link, dev->tx, dev->tx_len, &put, err);
	if (st != GH_OK)
		return st;
	assert(put <= dev->tx_len);
	dev->tx_len -= put;
	memmove(dev->tx, dev->tx + put, dev->tx_len);
	return GH_OK;
}

static enum gh_status write_frame(struct gh_dev *dev, const uint8_t *bytes,
				  size_t n, struct gh_err *err)
{
	assert(dev->tx_len + n <= sizeof dev->tx);
	memcpy(dev->tx + dev->tx_len, bytes, n);
	dev->tx_len += n;
	return flush_rest(dev, err);
}

enum gh_status gh_lum_write_now(struct gh_dev *dev, const uint8_t *bytes,
				size_t n, struct gh_err *err)
{
	/* A delimiter ends the torn frame; it is dropped and counted there. */
	if (dev->tx_len > 0) {
		dev->tx[0] = 0;
		dev->tx_len = 1;
	}
	return write_frame(dev, bytes, n, err);
}

/* Does the window allow one more request of that length? */
static bool window_has_room(const struct gh_dev *dev, size_t len, bool urgent)
{
	const size_t most = dev->window_bytes < AHEAD_BYTES ? dev->window_bytes
							    : AHEAD_BYTES;
	unsigned limit = dev->window_requests, out = 0;
	size_t bytes = 0;

	for (size_t i = 0; i < GH_LUM_CALLS; i++) {
		if (dev->call[i].state != GH_LUM_SENT)
			continue;
		out++;
		bytes += dev->call[i].wire_len;
	}
	/* While armed one place is kept for the beat. */
	if (!urgent && dev->lease != 0 && limit > 1)
		limit--;
	return out < limit && (out == 0 || bytes + len <= most);
}

/* The oldest request that waits, an urgent one before the others. */
static struct gh_lum_call *next_queued(struct gh_dev *dev)
{
	struct gh_lum_call *best = NULL;

	for (size_t i = 0; i < GH_LUM_CALLS; i++) {
		struct gh_lum_call *c = &dev->call[i];

		if (c->state != GH_LUM_QUEUED)
			continue;
		if (!best || (c->urgent && !best->urgent) ||
		    (c->urgent == best->urgent &&
		     (int8_t)(c->seq - best->seq) < 0))
			best = c;
	}
	return best;
}

static enum gh_status send_queued(struct gh_dev *dev, struct gh_err *err)
{
	struct gh_lum_call *call;
	enum gh_status st = flush_rest(dev, err);

	while (st == GH_OK && dev->tx_len == 0 && (call = next_queued(dev))) {
		if (!window_has_room(dev, call->wire_len, call->urgent))
			break;
		call->state = GH_LUM_SENT;
		call->sent_at = gh_now(dev->clk);
		dev->stats.retries += call->tries > 0;
		call->tries++;
		st = write_frame(dev, call->wire, call->wire_len, err);
	}
	return st;
}

/* ---- Reading ------------------------------------------------------------- */

static void time_reply(struct gh_dev *dev, const struct gh_lum_call *call)
{
	/* Of a repeated request nobody knows which sending was answered. */
	if (call->tries != 1)
		return;
	dev->rtt[dev->rtt_n++ % GH_LUM_RTTS] =
		call->answered_at - call->sent_at;
}

static bool answers(const struct gh_lum_call *call,
		    const struct gh_lum_frame *f)
{
	if (call->state != GH_LUM_SENT && call->state != GH_LUM_QUEUED)
		return false;
	if (call->tries == 0 || call->seq != f->seq)
		return false;
	if (f->type == GH_LUM_ERROR)
		return f->len == 4 && f->payload[0] == call->type;
	return f->type == (call->type | GH_LUM_REPLY);
}

/* The clock is set by when its reply came; beats are only counted. */
bool gh_lum_patient(const struct gh_dev *dev)
{
	for (size_t i = 0; i < GH_LUM_CALLS; i++)
		if (dev->call[i].state == GH_LUM_SENT &&
		    dev->call[i].type == GH_LUM_CLOCK)
			return false;
	return true;
}

static void end_call(struct gh_dev *dev, struct gh_lum_call *call,
		     const struct gh_lum_frame *f)
{
	call->reply = *f;
	call->answered_at = gh_now(dev->clk);
	time_reply(dev, call);
	call->state = GH_LUM_DONE;
	if (f->type != GH_LUM_ERROR && !gh_lum_on_reply(dev, call)) {
		call->state = GH_LUM_FAILED;
		call->why = GH_PROTO;
		dev->stats.frames_bad++;
	}
	if (call->detached)
		free_call(call);
}

/* A reply that nobody waits for any more came late or twice: no harm. */
static void dispatch(struct gh_dev *dev, const struct gh_lum_frame *f)
{
	dev->heard_at = gh_now(dev->clk);
	if (f->type < GH_LUM_REPLY) {
		gh_lum_on_unsolicited(dev, f);
		return;
	}
	for (size_t i = 0; i < GH_LUM_CALLS; i++) {
		if (!answers(&dev->call[i], f))
			continue;
		end_call(dev, &dev->call[i], f);
		return;
	}
}

static void take_bytes(struct gh_dev *dev, const uint8_t *bytes, size_t n)
{
	struct gh_lum_frame frame;

	dev->byte_at = gh_now(dev->clk);
	for (size_t i = 0; i < n; i++)
		if (gh_lum_rx_byte(&dev->rx, bytes[i], &frame))
			dispatch(dev, &frame);
}

/*
 * Only when we looked and found nothing: bytes that waited in the kernel while
 * the host was starved were not silent.
 */
static void note_silence(struct gh_dev *dev)
{
	if (gh_now(dev->clk) - dev->byte_at > GH_LUM_SILENCE_US)
		gh_lum_rx_silence(&dev->rx);
}

static bool may_read(const struct gh_dev *dev)
{
	/* Somebody waits for a reply: it must be read, come what may. */
	for (size_t i = 0; i < GH_LUM_CALLS; i++)
		if (dev->call[i].state == GH_LUM_SENT && !dev->call[i].detached)
			return true;
	return dev->ring_n + RING_RESERVE <= GH_LUM_RING;
}

static enum gh_status read_all(struct gh_dev *dev, struct gh_err *err)
{
	/* At most 128 frames' worth between two looks at the ring. */
	uint8_t buf[1024];
	size_t total = 0;

	while (total < TURN_BYTES && may_read(dev)) {
		size_t got = 0;
		const enum gh_status st =
			gh_link_read(dev->link, buf, sizeof buf, &got, err);

		if (st != GH_OK)
			return st;
		if (got == 0) {
			note_silence(dev);
			return GH_OK;
		}
		take_bytes(dev, buf, got);
		total += got;
	}
	return GH_OK;
}

/* ---- Time-outs and turns ------------------------------------------------- */

/* A port that takes no byte any more answers nothing either. */
static bool is_stuck(const struct gh_dev *dev, const struct gh_lum_call *call)
{
	return call->state == GH_LUM_QUEUED && dev->tx_len > 0 &&
	       gh_now(dev->clk) - call->sent_at >=
		       (gh_us)call->tries_max * call->try_us;
}

static void give_up_call(struct gh_lum_call *call)
{
	call->state = GH_LUM_FAILED;
	call->why = GH_TIMEOUT;
	if (call->detached)
		free_call(call);
}

static void repeat_late(struct gh_dev *dev)
{
	const gh_us now = gh_now(dev->clk);

	for (size_t i = 0; i < GH_LUM_CALLS; i++) {
		struct gh_lum_call *call = &dev->call[i];

		if (is_stuck(dev, call)) {
			give_up_call(call);
			continue;
		}
		if (call->state != GH_LUM_SENT ||
		    now - call->sent_at < call->try_us)
			continue;
		dev->stats.timeouts++;
		if (call->tries < call->tries_max && !call->detached)
			call->state = GH_LUM_QUEUED;
		else
			give_up_call(call);
	}
}

static void beat(struct gh_dev *dev)
{
	const gh_us now = gh_now(dev->clk);
	uint8_t payload[4];

	if (dev->lease == 0 || dev->withhold || now < dev->beat_at)
		return;
	/* Counted from now: after a stall one beat is due, not many. */
	dev->beat_at = now + GH_LUM_BEAT_US;
	gh_lum_put32(payload, dev->lease);
	gh_lum_post(dev, GH_LUM_HEARTBEAT, payload, sizeof payload);
}

static enum gh_status note_gone(struct gh_dev *dev, enum gh_status st)
{
	dev->gone = dev->gone || st == GH_GONE;
	return st;
}

enum gh_status gh_lum_serve(struct gh_dev *dev, struct gh_err *err)
{
	enum gh_status st;

	if (dev->gone)
		return gh_fail(err, GH_GONE, "%s: the controller is gone",
			       dev->link->port);
	/* A beat that is due goes out before a long backlog is read. */
	beat(dev);
	st = send_queued(dev, err);
	if (st == GH_OK)
		st = read_all(dev, err);
	repeat_late(dev);
	beat(dev);
	if (st == GH_OK)
		st = send_queued(dev, err);
	return note_gone(dev, st);
}

static gh_us earlier(gh_us a, gh_us b)
{
	return a < b ? a : b;
}

/* When something has to be done although nothing arrives. */
static gh_us next_due(const struct gh_dev *dev, gh_us until)
{
	if (dev->lease != 0 && !dev->withhold)
		until = earlier(until, dev->beat_at);
	for (size_t i = 0; i < GH_LUM_CALLS; i++)
		if (dev->call[i].state == GH_LUM_SENT)
			until = earlier(until, dev->call[i].sent_at +
						       dev->call[i].try_us);
	return earlier(until, dev->give_up);
}

enum gh_status gh_lum_turn(struct gh_dev *dev, gh_us until, struct gh_err *err)
{
	struct pollfd fds[2];
	const size_t n = gh_link_fds(dev->link, fds, GH_ARRAY_SIZE(fds));
	const gh_us now = gh_now(dev->clk);

	until = next_due(dev, until);
	/* Without a descriptor, or with bytes to write, look again soon. */
	if (n == 0 || dev->tx_len > 0)
		until = earlier(until, now + GH_LUM_STEP_US);
	/* An interrupted wait (-1) is only a short one. */
	(void)gh_wait(dev->clk, n > 0 ? fds : NULL, n, until);
	return gh_lum_serve(dev, err);
}

enum gh_status gh_lum_pause(struct gh_dev *dev, gh_us until, struct gh_err *err)
{
	enum gh_status st = GH_OK;

	while (st == GH_OK && gh_now(dev->clk) < until &&
	       gh_now(dev->clk) < dev->give_up)
		st = gh_lum_turn(dev, until, err);
	return st;
}

static enum gh_status outcome(struct gh_dev *dev,
			      const struct gh_lum_call *call,
			      struct gh_err *err)
{
	const char *name = gh_lum_type_name(call->type);

	if (call->state == GH_LUM_FAILED && call->why == GH_PROTO)
		return gh_fail(err, GH_PROTO,
			       "%s: the reply to %s breaks the protocol "
			       "(%zu bytes)",
			       dev->link->port, name, call->reply.len);
	if (call->state != GH_LUM_DONE)
		return gh_fail(err, GH_TIMEOUT, "%s: no reply to %s (%u tries)",
			       dev->link->port, name, call->tries);
	if (call->reply.type == GH_LUM_ERROR)
		return gh_lum_refusal(&call->reply, err);
	return GH_OK;
}

enum gh_status gh_lum_finish(struct gh_dev *dev, struct gh_lum_call *call,
			     struct gh_lum_frame *reply, struct gh_err *err)
{
	enum gh_status st = gh_lum_serve(dev, err);

	while (st == GH_OK && call->state < GH_LUM_DONE &&
	       gh_now(dev->clk) < dev->give_up)
		st = gh_lum_turn(dev, GH_US_NEVER, err);
	if (st == GH_OK)
		st = outcome(dev, call, err);
	if (st == GH_OK && reply)
		*reply = call->reply;
	free_call(call);
	return st;
}

enum gh_status gh_lum_ask(struct gh_dev *dev, uint8_t type, const void *payload,
			  size_t len, struct gh_lum_frame *reply,
			  struct gh_err *err)
{
	struct gh_lum_call *call;
	enum gh_status st;

	while (!(call = gh_lum_begin(dev, type, payload, len))) {
		st = gh_lum_turn(dev, GH_US_NEVER, err);
		if (st != GH_OK)
			return st;
	}
	return gh_lum_finish(dev, call, reply, err);
}

enum gh_status gh_lum_set_rate(struct gh_dev *dev, long baud,
			       struct gh_err *err)
{
	const enum gh_status st = gh_link_set_baud(dev->link, baud, err);

	if (st == GH_OK)
		dev->baud = baud;
	return st;
}
