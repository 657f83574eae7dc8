/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * status - how every fallible call reports what went wrong. The place that
 * detects a failure writes the message (what, which joint or port, expected
 * and seen); callers pass it on or put one prefix before it.
 */
#ifndef GH_BASE_STATUS_H
#define GH_BASE_STATUS_H

/* code; what the person backstage should try first */
#define GH_STATUS_TABLE(X)                                                     \
	X(OK, "nothing to do")                                                 \
	X(TIMEOUT, "check power and cable, then retry")                        \
	X(IO, "replug the USB cable")                                          \
	X(GONE, "the controller disappeared: replug it and check again")       \
	X(PROTO, "firmware and driver disagree: check both versions")          \
	X(BUSY, "another program holds the port: close it and retry")          \
	X(ARG, "correct the command or the rig file")                          \
	X(NOMEM, "out of memory: close other programs")                        \
	X(UNSUP, "this controller cannot do that")                             \
	X(NODATA, "see what there is: ghostlight history")                     \
	X(CANCELLED, "check again when ready")                                 \
	X(UNSAFE, "look at the sculpture; --clear clears a stop")              \
	X(STORE, "check the database file, its folder and the free space")     \
	X(STALE, "the controller fell silent: check its power and cable")      \
	X(RESET, "the controller rebooted: check its supply")                  \
	X(OUTPUT, "make room on the disk, or let the reader read to the end")

#define X(id, advice) GH_##id,
enum gh_status { GH_STATUS_TABLE(X) GH_STATUS_COUNT }; /* GH_OK is 0 */
#undef X

/* Caller-owned, so that reporting a failure never allocates. */
struct gh_err {
	enum gh_status code;
	int sys; /* errno of the failing call, 0 where there was none */
	char msg[224];
};

#define GH_MUST_CHECK __attribute__((warn_unused_result))
#define GH_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define GH_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/*
 * Fills err (NULL is fine) with code and the formatted message and returns
 * code, so that a failure is one line: return gh_fail(err, GH_ARG, "...").
 * What a terminal should not see of the message becomes '?'.
 */
enum gh_status gh_fail(struct gh_err *err, enum gh_status code, const char *fmt,
		       ...) GH_PRINTF(3, 4);

/* As gh_fail, and adds strerror(sys) to the message. */
enum gh_status gh_fail_sys(struct gh_err *err, enum gh_status code, int sys,
			   const char *fmt, ...) GH_PRINTF(4, 5);

/* Puts "prefix: " before the message already in err; returns err's code. */
enum gh_status gh_fail_prefix(struct gh_err *err, const char *prefix);

/* The advice of the table above; never NULL. */
const char *gh_status_advice(enum gh_status code);

/* The constant's name without GH_, for logs and JSON; never NULL. */
const char *gh_status_name(enum gh_status code);

#endif
