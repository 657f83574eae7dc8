/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A recorded run from somebody else, played: the tool does what the log says
 * next, now and then something else, and whatever the log says, time goes on,
 * nothing is read beyond what fits and a difference is told.
 *
 * An input is a byte that seeds the tool's mistakes, and the lines after the
 * head, which is fuzzed in wirelog.c. An even seed leaves out what is no line,
 * so that it does not hide the ones after it; 4 in it opens the port first.
 */
#include "fakes/fuzz.h"

#include "link/link.h"	       /* gh_link_read */
#include "link/replay_state.h" /* struct gh_replay */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct gh_fuzz_runs gh_fuzz_runs = { .taste = 6000 };

const char *const gh_fuzz_words[] = { "o pty /dev/pts/0\n",
				      "o wire /dev/ttyUSB0\n",
				      "b 115200\n",
				      "< 0f01\n",
				      "<\n",
				      "> 00aa\n",
				      "/ 01\n",
				      "/\n",
				      "4055 n 0\n",
				      "1 n 18446744073709551615\n",
				      "1916 r\n",
				      "7 t\n",
				      "3 e\n",
				      "2 i\n",
				      "!< GONE gone\n",
				      "!> IO no\n",
				      "!b ARG no\n",
				      "!o BUSY held\n",
				      "s\n",
				      ".\n",
				      "3600000000 t\n",
				      "\x1b[2J",
				      NULL };

static const char head[] =
	"ghostlight wire log 1\nversion 9.9\nwall 1767225600\nclock 1000\n"
	"rig c00ae0a63348054ecc8343f23278fe13bfa5c44255e208ff6102ffc2d7910a53 "
	"3\n= 7269\n= 67\nwire\n";

/* Steps of the tool; one of so many is a mistake. */
enum { STEPS = 3000, MISTAKES = 50, READ_CAP = 4096, ASKED_MOST = 40 };

static struct {
	uint32_t draws;
	uint8_t sent[GH_WIRELOG_BURST + 1];
	gh_us at;
} tool;

static bool mistaken(void)
{
	tool.draws = tool.draws * 1664525u + 1013904223u;
	return (tool.draws >> 16) % MISTAKES == 0;
}

/* ---- The file ------------------------------------------------------------- */

static char file[64];

/* In memory where that may be: a disk is slower than the parser. */
static const char *place(void)
{
	const char *tmp = getenv("TMPDIR");

	if (access("/dev/shm", W_OK | X_OK) == 0)
		return "/dev/shm";
	return tmp ? tmp : "/tmp";
}

/* Without a name, so that nothing is left behind by a crash. */
static FILE *make_file(void)
{
	char name[256];
	const int n =
		snprintf(name, sizeof name, "%s/fuzz-replay-XXXXXX", place());
	const int fd = n < (int)sizeof name ? mkstemp(name) : -1;
	FILE *f = fd < 0 || unlink(name) != 0 ? NULL : fdopen(fd, "wb");

	if (!f)
		abort();
	snprintf(file, sizeof file, "/proc/self/fd/%d", fd);
	return f;
}

static void put_lines(FILE *f, const char *text, size_t n, bool all)
{
	struct gh_wirelog_line l;
	const char *line;
	size_t len;

	for (size_t at = 0; gh_wirelog_next(text, n, at, &line, &len);
	     at += len + 1)
		if (all || gh_wirelog_line(line, len, &l))
			fwrite(line, 1, len + 1, f);
}

static void write_log(const uint8_t *data, size_t size)
{
	static FILE *f;

	if (!f)
		f = make_file();
	rewind(f);
	fwrite(head, 1, sizeof head - 1, f);
	if (size > 0 && data[0] & 4)
		fputs("o pty p\n", f);
	if (size > 0)
		put_lines(f, (const char *)data + 1, size - 1, data[0] & 1);
	if (fflush(f) != 0 || ftruncate(fileno(f), ftell(f)) != 0)
		abort();
}

/* ---- The tool ------------------------------------------------------------- */

static void waits(struct gh_replay *r, struct gh_link *link)
{
	struct pollfd ear;
	const size_t n = gh_replay_ears(&ear, 1);

	(void)link;
	GH_FUZZ_HOLDS(n == 1 && ear.fd == -1);
	(void)gh_wait(gh_replay_clock(r), &ear, n, tool.at + 1000);
}

static void looks(struct gh_replay *r, struct gh_link *link)
{
	(void)link;
	for (int i = 0; i <= ASKED_MOST && replay_is_next(r, GH_WIRE_NOW); i++)
		(void)gh_now(gh_replay_clock(r));
	if (replay_is_next(r, GH_WIRE_NOW))
		waits(r, link);
}

static void reads(struct gh_replay *r, struct gh_link *link)
{
	static uint8_t bytes[READ_CAP + 1];
	struct gh_err err = { 0 };
	const size_t cap = mistaken() ? 1 : READ_CAP;
	size_t got = 0;
	enum gh_status st;

	(void)r;
	bytes[cap] = 0xA5;
	st = gh_link_read(link, bytes, cap, &got, &err);
	GH_FUZZ_HOLDS(got <= cap && bytes[cap] == 0xA5);
	GH_FUZZ_HOLDS(st == GH_OK || err.msg[0] != '\0' || err.code == st);
}

static void writes(struct gh_replay *r, struct gh_link *link)
{
	struct gh_err err = { 0 };
	size_t n = r->line.mark == GH_WIRE_FAILED ? 1 : r->line.bytes;
	size_t put = 0;

	for (size_t i = 0; r->line.mark != GH_WIRE_FAILED && i < n; i++)
		tool.sent[i] = gh_wirelog_byte(r->line.hex + 2 * i);
	n += r->line.mark == GH_WIRE_PART;
	if (n > 0 && mistaken())
		tool.sent[n - 1] ^= 1;
	if (gh_link_write(link, tool.sent, n, &put, &err) == GH_OK)
		GH_FUZZ_HOLDS(put <= n);
}

static void changes_rate(struct gh_replay *r, struct gh_link *link)
{
	struct gh_err err = { 0 };

	(void)!gh_link_set_baud(link, r->line.baud + mistaken(), &err);
}

static void hears(struct gh_replay *r, struct gh_link *link)
{
	(void)link;
	GH_FUZZ_HOLDS(gh_replay_hear(r) || !replay_is_next(r, GH_WIRE_STOP));
}

typedef void does(struct gh_replay *r, struct gh_link *link);

/* What the recorded tool did there. */
static does *act_for(const struct gh_replay *r)
{
	static const struct {
		char mark;
		does *act;
	} acts[] = {
		{ GH_WIRE_READ, reads },    { GH_WIRE_WROTE, writes },
		{ GH_WIRE_PART, writes },   { GH_WIRE_BAUD, changes_rate },
		{ GH_WIRE_STOP, hears },    { GH_WIRE_NOW, looks },
		{ GH_WIRE_TIME_UP, waits }, { GH_WIRE_READY, waits },
		{ GH_WIRE_EAR, waits },	    { GH_WIRE_INTR, waits },
	};
	const char mark = r->line.mark == GH_WIRE_FAILED ? r->line.op
							 : (char)r->line.mark;

	for (size_t i = 0; i < GH_ARRAY_SIZE(acts); i++)
		if (acts[i].mark == mark)
			return acts[i].act;
	return waits;
}

static void time_goes_on(struct gh_replay *r)
{
	const gh_us now = gh_now(gh_replay_clock(r));

	GH_FUZZ_HOLDS(now >= tool.at);
	tool.at = now;
}

static void run(struct gh_replay *r)
{
	static does *const any[] = { waits, looks, reads, hears };
	struct gh_link *link = NULL;
	struct gh_err err = { 0 };

	if (gh_replay_link(r, &link, &err) != GH_OK) {
		GH_FUZZ_HOLDS(link == NULL && err.code != GH_OK);
		return;
	}
	for (int i = 0; i < STEPS && !r->over; i++) {
		(mistaken() ? any[tool.draws >> 30] : act_for(r))(r, link);
		if (!replay_is_next(r, GH_WIRE_NOW))
			time_goes_on(r);
		if (replay_is_next(r, GH_WIRE_END))
			break;
	}
	gh_replay_end(r);
	if (gh_replay_differs(r))
		GH_FUZZ_HOLDS(strstr(gh_replay_differs(r)->msg,
				     "this version") != NULL);
	gh_link_close(link);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gh_replay *r = NULL;
	struct gh_err err = { 0 };

	write_log(data, size);
	tool.draws = size > 0 ? data[0] : 0;
	if (gh_replay_load(&r, file, &err) != GH_OK) {
		GH_FUZZ_HOLDS(err.code == GH_ARG && err.msg[0] != '\0');
		return 0;
	}
	tool.at = gh_replay_head(r)->clock;
	run(r);
	gh_replay_free(r);
	return 0;
}
