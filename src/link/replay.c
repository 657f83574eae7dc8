/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replay - a controller that is only a file: a wire log, one line per burst,
 *
 *	US < HEX	came from the controller, US microseconds since open
 *	US > HEX	was sent to it
 *
 * bytes as two hex digits with or without blanks between them; `#` begins a
 * comment. `<` bytes are handed out in order as soon as as many `>` bytes have
 * been written as stood before them in the log; what is written is not
 * compared and the times are for people.
 */
#include "link/kinds.h" /* gh_link_replay_open */

#include "base/text.h" /* gh_copy_text, gh_is_digit */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A minute at 1 MBd is 6 MB of bytes, 18 MB of text; eight of them. */
#define BYTES_MOST (64u << 20)

/* Bytes [begin, end) of `in` may be read once need_out have been written. */
struct burst {
	size_t begin, end, need_out;
};

struct replay {
	struct gh_link link;
	unsigned char *in;
	size_t in_n, in_cap, at;
	struct burst *burst;
	size_t burst_n, burst_cap, current;
	size_t out_n; /* `>` bytes seen so far while loading */
};

static void replay_close(struct gh_link *link)
{
	struct replay *r = (struct replay *)link;

	free(r->in);
	free(r->burst);
	free(r);
}

static size_t replay_fds(const struct gh_link *link, struct pollfd *out,
			 size_t cap)
{
	(void)link;
	(void)out;
	(void)cap;
	return 0;
}

static enum gh_status replay_read(struct gh_link *link, void *buf, size_t cap,
				  size_t *got, struct gh_err *err)
{
	struct replay *r = (struct replay *)link;
	const struct burst *b;
	size_t n;

	if (r->current == r->burst_n)
		return gh_fail(err, GH_GONE, "%s: the wire log ends here",
			       link->port);
	b = &r->burst[r->current];
	if (link->bytes_out < b->need_out) {
		*got = 0;
		return GH_OK;
	}
	n = b->end - r->at < cap ? b->end - r->at : cap;
	memcpy(buf, r->in + r->at, n);
	r->at += n;
	r->current += r->at == b->end;
	*got = n;
	return GH_OK;
}

static enum gh_status replay_write(struct gh_link *link, const void *buf,
				   size_t len, size_t *put, struct gh_err *err)
{
	(void)link;
	(void)buf;
	(void)err;
	*put = len;
	return GH_OK;
}

static enum gh_status replay_set_baud(struct gh_link *link, long baud,
				      struct gh_err *err)
{
	(void)link;
	(void)baud;
	(void)err;
	return GH_OK;
}

static const struct gh_link_ops replay_ops = {
	.scheme = "replay",
	.close = replay_close,
	.fds = replay_fds,
	.read = replay_read,
	.write = replay_write,
	.set_baud = replay_set_baud,
};

/* ---- Loading ------------------------------------------------------------- */

/* Makes room for one more element; false when there is none. */
static bool grow(void **array, size_t *cap, size_t n, size_t size)
{
	const size_t more = *cap == 0 ? 256 : *cap * 2;
	void *bigger;

	if (n < *cap)
		return true;
	if (more > BYTES_MOST || !(bigger = realloc(*array, more * size)))
		return false;
	*array = bigger;
	*cap = more;
	return true;
}

static bool put_byte(struct replay *r, unsigned char byte)
{
	void *in = r->in;
	const bool ok = grow(&in, &r->in_cap, r->in_n, 1);

	r->in = in;
	if (ok)
		r->in[r->in_n++] = byte;
	return ok;
}

static bool put_burst(struct replay *r, size_t begin)
{
	void *burst = r->burst;
	bool ok;

	if (begin == r->in_n)
		return true;
	ok = grow(&burst, &r->burst_cap, r->burst_n, sizeof *r->burst);
	r->burst = burst;
	if (ok)
		r->burst[r->burst_n++] =
			(struct burst){ begin, r->in_n, r->out_n };
	return ok;
}

static int hex_digit(char c)
{
	if (gh_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static const char *skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n')
		p++;
	return p;
}

static bool take_hex(struct replay *r, const char *p, bool from_device)
{
	for (p = skip_blanks(p); *p != '\0' && *p != '#'; p = skip_blanks(p)) {
		const int high = hex_digit(p[0]);
		const int low = high < 0 ? -1 : hex_digit(p[1]);

		if (low < 0)
			return false;
		if (from_device &&
		    !put_byte(r, (unsigned char)(high * 16 + low)))
			return false;
		r->out_n += !from_device;
		p += 2;
	}
	return true;
}

static bool take_line(struct replay *r, const char *line)
{
	const size_t begin = r->in_n;
	const char *p = skip_blanks(line);
	char direction;

	if (*p == '\0' || *p == '#')
		return true;
	if (!gh_is_digit(*p))
		return false;
	while (gh_is_digit(*p))
		p++;
	p = skip_blanks(p);
	direction = *p;
	if (direction != '<' && direction != '>')
		return false;
	return take_hex(r, p + 1, direction == '<') && put_burst(r, begin);
}

static enum gh_status load(struct replay *r, FILE *f, const char *name,
			   struct gh_err *err)
{
	/* A line is one read of at most 1 KiB; ours are far shorter. */
	static const size_t line_most = 16384;
	char *line = malloc(line_most);
	enum gh_status st = GH_OK;
	unsigned number = 0;

	if (!line)
		return gh_fail(err, GH_NOMEM, "%s: no memory", name);
	while (st == GH_OK && fgets(line, (int)line_most, f)) {
		number++;
		if (!take_line(r, line))
			st = gh_fail(err, GH_ARG,
				     "%s:%u: no wire log line (US < HEX or "
				     "US > HEX)",
				     name, number);
	}
	free(line);
	return st;
}

enum gh_status gh_link_replay_open(struct gh_link **out, const char *file,
				   const char *name, struct gh_err *err)
{
	FILE *f = fopen(file, "re");
	struct replay *r;
	enum gh_status st;

	if (!f)
		return gh_fail_sys(err, GH_IO, errno, "%s: no such wire log",
				   name);
	r = calloc(1, sizeof *r);
	if (!r) {
		fclose(f);
		return gh_fail(err, GH_NOMEM, "%s: no memory", name);
	}
	r->link.ops = &replay_ops;
	/* Nothing real answers: it counts as simulated. */
	r->link.is_pty = true;
	gh_copy_text(r->link.port, sizeof r->link.port, name);
	st = load(r, f, name, err);
	fclose(f);
	if (st != GH_OK) {
		replay_close(&r->link);
		return st;
	}
	*out = &r->link;
	return GH_OK;
}
