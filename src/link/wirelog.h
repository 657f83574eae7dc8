/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wirelog - the text of a recorded run (schemas/wirelog.md): a head that says
 * what was asked for, then one line for each thing that came from outside.
 * record writes it, replay plays it. Everything read here may be hostile.
 */
#ifndef GH_LINK_WIRELOG_H
#define GH_LINK_WIRELOG_H

#include "base/clock.h"	 /* gh_us */
#include "base/status.h" /* enum gh_status */
#include "base/text.h"	 /* GH_NAME_CAP */

#include <stdbool.h>

#define GH_WIRELOG_FIRST "ghostlight wire log 1"

enum {
	GH_WIRELOG_BURST = 4096,	   /* bytes of one line, at most */
	GH_WIRELOG_LINE = 2 * 4096 + 32,   /* characters of one line */
	GH_WIRELOG_RIG = 1 << 20,	   /* more than the rig reader takes */
	GH_WIRELOG_BYTES = 256 * 1024 * 1024 /* of a file: half an hour */
};

/* What the run was asked for; texts borrow from whoever filled it. */
struct gh_wirelog_head {
	char version[16];	/* of the tool that recorded it */
	int64_t wall_s;		/* when */
	gh_us clock;		/* its monotonic clock then */
	char profile[24];	/* "" : the default */
	char only[GH_NAME_CAP]; /* "" : all parts */
	double budget_s;	/* 0: the profile's */
	bool allow_motion, clear_latch, house_open, guided, near;
	char *rig_text;
	size_t rig_bytes;
};

/* The first character of a line, or the one after its time. */
enum gh_wirelog_mark {
	GH_WIRE_TIME_UP = 't',	/* a wait ended: nothing came */
	GH_WIRE_READY = 'r',	/* ... the port was ready */
	GH_WIRE_EAR = 'e',	/* ... an ear of the operator was */
	GH_WIRE_INTR = 'i',	/* ... a signal came */
	GH_WIRE_NOW = 'n',	/* time went on between two waits */
	GH_WIRE_READ = '<',
	GH_WIRE_WROTE = '>',
	GH_WIRE_PART = '/',	/* written; what was left did not fit */
	GH_WIRE_BAUD = 'b',
	GH_WIRE_OPEN = 'o',
	GH_WIRE_FAILED = '!',	/* the next call of `op` fails */
	GH_WIRE_STOP = 's',	/* the operator's stop was heard */
	GH_WIRE_END = '.'	/* the last line */
};

struct gh_wirelog_line {
	enum gh_wirelog_mark mark;
	gh_us later;	       /* of waits and n: since the line before */
	unsigned long asked;   /* of n: readings of the old time before it */
	const char *hex;       /* of < > / */
	size_t bytes;
	long baud;	       /* of b */
	char op;	       /* of !: < > b or o */
	enum gh_status status; /* of ! */
	bool is_pty;	       /* of o */
	char text[160];	       /* of ! its message, of o the port: safe */
};

/*
 * Understands one line without its end. False: it is not one; *out is then
 * undefined. out->hex borrows from `line`.
 */
bool gh_wirelog_line(const char *line, size_t n, struct gh_wirelog_line *out);

/* Two digits to a byte; they were checked when the line was understood. */
unsigned char gh_wirelog_byte(const char *hex);

/*
 * Reads the head. *at: offset of the first line after it, *number that line's
 * number less one. head->rig_text is on the heap: free() it. GH_ARG with
 * NAME:LINE; what is wrong with a value is for the caller's own readers.
 */
enum gh_status gh_wirelog_head_read(const char *text, size_t n,
				    const char *name,
				    struct gh_wirelog_head *head, size_t *at,
				    unsigned *number,
				    struct gh_err *err) GH_MUST_CHECK;

/* The line at `at`, without its end; false when no whole line is left. */
bool gh_wirelog_next(const char *text, size_t n, size_t at, const char **line,
		     size_t *len);

#endif
