/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/record.h"

#include "base/sha256.h" /* gh_sha256_hex */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Time between two waits stands still up to this: a quarter of the millisecond
 * in which USB hands over bytes, and more than a turn of the loop computes.
 */
#define STILL_US 250
/* A minute of lumina is 1.5 MB of text; untouched pages cost nothing. */
#define TEXT_FIRST (16u << 20)
#define RIG_LINE 64 /* bytes of the rig file to a line */
#define LINK_FDS 4

struct gh_record {
	struct gh_clock clock;
	const struct gh_clock *real;
	FILE *file;
	char name[128];
	char *text;
	size_t n, cap;
	bool cut; /* no memory for more */

	gh_us at;	     /* the time the run is told */
	unsigned long asked; /* how often since the last line */
	unsigned empty;	     /* reads of nothing since then */
	int link_fd[LINK_FDS];
	size_t link_fds;
};

/* ---- The text ------------------------------------------------------------ */

static bool has_room(struct gh_record *r, size_t more)
{
	const size_t cap = r->cap * 2;
	char *bigger;

	if (r->cut || r->n + more <= r->cap)
		return !r->cut;
	bigger = cap <= GH_WIRELOG_BYTES ? realloc(r->text, cap) : NULL;
	if (!bigger) {
		r->cut = true;
		return false;
	}
	r->text = bigger;
	r->cap = cap;
	return true;
}

/* Every line is a new place to count from. */
static void put_line(struct gh_record *r, const char *line)
{
	const size_t n = strlen(line);

	r->asked = 0;
	r->empty = 0;
	if (!has_room(r, n + 1))
		return;
	memcpy(r->text + r->n, line, n);
	r->n += n;
	r->text[r->n++] = '\n';
}

static size_t put_hex(char *out, const unsigned char *bytes, size_t n)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		*out++ = digit[bytes[i] >> 4];
		*out++ = digit[bytes[i] & 15];
	}
	*out = '\0';
	return 2 * n;
}

static void put_bytes(struct gh_record *r, enum gh_wirelog_mark mark,
		      const void *bytes, size_t n)
{
	char line[GH_WIRELOG_LINE];

	line[0] = (char)mark;
	line[1] = ' ';
	put_hex(line + 2, bytes, n);
	put_line(r, line);
}

static void put_time(struct gh_record *r, enum gh_wirelog_mark mark)
{
	const gh_us now = gh_now(r->real);
	char line[64];

	if (mark == GH_WIRE_NOW)
		snprintf(line, sizeof line, "%lld %c %lu",
			 (long long)(now - r->at), (char)mark, r->asked);
	else
		snprintf(line, sizeof line, "%lld %c", (long long)(now - r->at),
			 (char)mark);
	r->at = now;
	put_line(r, line);
}

static void put_failure(struct gh_record *r, char op, const struct gh_err *why)
{
	char line[sizeof why->msg + 40];

	snprintf(line, sizeof line, "%c%c %s %s", (char)GH_WIRE_FAILED, op,
		 gh_status_name(why->code), why->msg);
	for (char *c = line; *c; c++)
		if (*c == '\n')
			*c = ' ';
	put_line(r, line);
}

/* ---- The clock ----------------------------------------------------------- */

static gh_us record_now(void *self)
{
	struct gh_record *r = self;

	if (gh_now(r->real) - r->at >= STILL_US)
		put_time(r, GH_WIRE_NOW);
	else
		r->asked++;
	return r->at;
}

static bool is_link(const struct gh_record *r, int fd)
{
	for (size_t i = 0; i < r->link_fds; i++)
		if (r->link_fd[i] == fd)
			return true;
	return false;
}

static enum gh_wirelog_mark woken_by(const struct gh_record *r, int ready,
				     const struct pollfd *fds, size_t n)
{
	if (ready <= 0)
		return ready == 0 ? GH_WIRE_TIME_UP : GH_WIRE_INTR;
	for (size_t i = 0; i < n && fds; i++)
		if (fds[i].revents != 0 && !is_link(r, fds[i].fd))
			return GH_WIRE_EAR;
	return GH_WIRE_READY;
}

static int record_wait(void *self, struct pollfd *fds, size_t n, gh_us until)
{
	struct gh_record *r = self;
	const int ready = gh_wait(r->real, fds, n, until);

	put_time(r, woken_by(r, ready, fds, n));
	return ready;
}

static int64_t record_wall_s(void *self)
{
	return gh_wall_s(((struct gh_record *)self)->real);
}

/* ---- The link ------------------------------------------------------------ */

struct tap {
	struct gh_link link;
	struct gh_record *record;
	struct gh_link *inner;
};

static struct tap *tap_of(struct gh_link *link)
{
	return (struct tap *)link;
}

static void tap_close(struct gh_link *link)
{
	gh_link_close(tap_of(link)->inner);
	free(link);
}

static size_t tap_fds(const struct gh_link *link, struct pollfd *out,
		      size_t cap)
{
	return gh_link_fds(((const struct tap *)link)->inner, out, cap);
}

/* The caller's err may be NULL; the log wants the reason all the same. */
static enum gh_status failed(struct tap *t, char op, enum gh_status st,
			     const struct gh_err *why, struct gh_err *err)
{
	put_failure(t->record, op, why);
	if (err)
		*err = *why;
	return st;
}

static enum gh_status tap_read(struct gh_link *link, void *buf, size_t cap,
			       size_t *got, struct gh_err *err)
{
	struct tap *t = tap_of(link);
	struct gh_record *r = t->record;
	const size_t most = cap < GH_WIRELOG_BURST ? cap : GH_WIRELOG_BURST;
	struct gh_err why = { 0 };
	const enum gh_status st = gh_link_read(t->inner, buf, most, got, &why);

	if (st != GH_OK)
		return failed(t, GH_WIRE_READ, st, &why, err);
	if (*got == 0) {
		r->empty++;
		return GH_OK;
	}
	for (unsigned i = r->empty; i > 0; i--)
		put_bytes(r, GH_WIRE_READ, "", 0);
	put_bytes(r, GH_WIRE_READ, buf, *got);
	return GH_OK;
}

static enum gh_status tap_write(struct gh_link *link, const void *buf,
				size_t len, size_t *put, struct gh_err *err)
{
	struct tap *t = tap_of(link);
	const size_t most = len < GH_WIRELOG_BURST ? len : GH_WIRELOG_BURST;
	struct gh_err why = { 0 };
	const enum gh_status st = gh_link_write(t->inner, buf, most, put, &why);

	if (st != GH_OK)
		return failed(t, GH_WIRE_WROTE, st, &why, err);
	put_bytes(t->record, *put == len ? GH_WIRE_WROTE : GH_WIRE_PART, buf,
		  *put);
	return GH_OK;
}

static enum gh_status tap_set_baud(struct gh_link *link, long baud,
				   struct gh_err *err)
{
	struct tap *t = tap_of(link);
	struct gh_err why = { 0 };
	const enum gh_status st = gh_link_set_baud(t->inner, baud, &why);
	char line[40];

	if (st != GH_OK)
		return failed(t, GH_WIRE_BAUD, st, &why, err);
	snprintf(line, sizeof line, "%c %ld", (char)GH_WIRE_BAUD, baud);
	put_line(t->record, line);
	return GH_OK;
}

static const struct gh_link_ops tap_ops = {
	.scheme = "record",
	.close = tap_close,
	.fds = tap_fds,
	.read = tap_read,
	.write = tap_write,
	.set_baud = tap_set_baud,
};

enum gh_status gh_record_link(struct gh_record *r, struct gh_link **link,
			      struct gh_err *err)
{
	struct tap *t = calloc(1, sizeof *t);
	struct pollfd fds[LINK_FDS];
	char line[sizeof t->link.port + 16];

	if (!t)
		return gh_fail(err, GH_NOMEM, "no memory for a recording");
	t->link = **link;
	t->link.ops = &tap_ops;
	t->record = r;
	t->inner = *link;
	r->link_fds = gh_link_fds(*link, fds, LINK_FDS);
	for (size_t i = 0; i < r->link_fds; i++)
		r->link_fd[i] = fds[i].fd;
	snprintf(line, sizeof line, "%c %s %s", (char)GH_WIRE_OPEN,
		 t->link.is_pty ? "pty" : "wire", t->link.port);
	put_line(r, line);
	*link = &t->link;
	return GH_OK;
}

void gh_record_no_link(struct gh_record *r, const struct gh_err *why)
{
	put_failure(r, GH_WIRE_OPEN, why);
}

void gh_record_stop(struct gh_record *r)
{
	put_line(r, (const char[]){ GH_WIRE_STOP, '\0' });
}

/* ---- The file ------------------------------------------------------------ */

static void write_rig(FILE *f, const char *text, size_t n)
{
	char sha[GH_SHA256_HEX_CAP], line[2 * RIG_LINE + 1];

	gh_sha256_hex(text, n, sha);
	fprintf(f, "rig %s %zu\n", sha, n);
	for (size_t i = 0; i < n; i += RIG_LINE) {
		put_hex(line, (const unsigned char *)text + i,
			n - i < RIG_LINE ? n - i : RIG_LINE);
		fprintf(f, "= %s\n", line);
	}
}

static bool write_head(FILE *f, const struct gh_wirelog_head *h)
{
	fprintf(f, "%s\nversion %s\nwall %lld\nclock %lld\n", GH_WIRELOG_FIRST,
		h->version, (long long)h->wall_s, (long long)h->clock);
	if (h->profile[0])
		fprintf(f, "profile %s\n", h->profile);
	if (h->budget_s > 0.0)
		fprintf(f, "budget %.17g\n", h->budget_s);
	if (h->only[0])
		fprintf(f, "only %s\n", h->only);
	if (h->allow_motion)
		fputs("allow-motion\n", f);
	if (h->clear_latch)
		fputs("clear\n", f);
	if (h->house_open)
		fputs("house-open\n", f);
	if (h->near)
		fputs("near\n", f);
	if (h->guided)
		fputs("guided\n", f);
	write_rig(f, h->rig_text, h->rig_bytes);
	fputs("wire\n", f);
	return fflush(f) == 0 && !ferror(f);
}

static enum gh_status create(struct gh_record *r,
			     const struct gh_wirelog_head *head,
			     struct gh_err *err)
{
	/* x: never over a file that is there, nor through a planted link. */
	r->file = fopen(r->name, "wxe");
	if (!r->file && errno == EEXIST)
		return gh_fail(err, GH_ARG,
			       "%.100s is there already: a recording is not "
			       "written over, give another name",
			       r->name);
	if (!r->file)
		return gh_fail_sys(err, GH_ARG, errno,
				   "%.100s: no recording can be written there",
				   r->name);
	if (write_head(r->file, head))
		return GH_OK;
	(void)!gh_fail_sys(err, GH_ARG, errno,
			   "%.100s: no recording can be written there",
			   r->name);
	unlink(r->name);
	return err->code;
}

static void destroy(struct gh_record *r)
{
	if (r->file)
		fclose(r->file);
	free(r->text);
	free(r);
}

enum gh_status gh_record_begin(struct gh_record **out, const char *file,
			       const struct gh_wirelog_head *head,
			       const struct gh_clock *clock, struct gh_err *err)
{
	struct gh_record *r = calloc(1, sizeof *r);
	enum gh_status st;

	if (!r)
		return gh_fail(err, GH_NOMEM, "no memory for a recording");
	r->text = malloc(TEXT_FIRST);
	if (!r->text)
		st = gh_fail(err, GH_NOMEM, "no memory for a recording");
	else if (!gh_copy_text(r->name, sizeof r->name, file))
		st = gh_fail(err, GH_ARG, "--record: the name is too long");
	else
		st = create(r, head, err);
	if (st != GH_OK) {
		destroy(r);
		return st;
	}
	r->cap = TEXT_FIRST;
	r->real = clock;
	r->at = head->clock;
	r->clock =
		(struct gh_clock){ record_now, record_wait, record_wall_s, r };
	*out = r;
	return GH_OK;
}

const struct gh_clock *gh_record_clock(const struct gh_record *r)
{
	return &r->clock;
}

enum gh_status gh_record_finish(struct gh_record *r, struct gh_err *err)
{
	enum gh_status st = GH_OK;
	bool ok;

	if (!r)
		return GH_OK;
	ok = fwrite(r->text, 1, r->n, r->file) == r->n;
	if (ok && !r->cut)
		ok = fprintf(r->file, "%c\n", (char)GH_WIRE_END) > 0;
	ok = fflush(r->file) == 0 && ok && fsync(fileno(r->file)) == 0;
	if (!ok)
		st = gh_fail_sys(err, GH_IO, errno,
				 "%.100s: the recording is not whole", r->name);
	else if (r->cut)
		st = gh_fail(err, GH_NOMEM,
			     "%.100s: no memory for the whole recording, it "
			     "ends early",
			     r->name);
	destroy(r);
	return st;
}
