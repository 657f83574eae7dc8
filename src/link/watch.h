/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * watch - ports that come and go. Where udev runs, libusb tells when something
 * was plugged; without it no event ever comes (measured, bench.md d), so the
 * list is looked at once a second in any case. An event only makes the next
 * look come sooner: it may come twice and does no harm.
 */
#ifndef GH_LINK_WATCH_H
#define GH_LINK_WATCH_H

#include "link/link.h" /* struct gh_port */

enum { GH_WATCH_PORTS = 64 };

struct gh_watch; /* opaque */

/* Takes the ports of now as known: only later changes are told. */
enum gh_status gh_watch_open(struct gh_watch **out, gh_us now,
			     struct gh_err *err) GH_MUST_CHECK;
void gh_watch_close(struct gh_watch *w); /* NULL is fine */

/* Which of the two is in use, in words. */
const char *gh_watch_how(const struct gh_watch *w);

/* The ports as last seen; lives until the next look. */
const struct gh_port *gh_watch_ports(const struct gh_watch *w, size_t *n);

/* What to poll, and until when at most. */
size_t gh_watch_fds(const struct gh_watch *w, struct pollfd *out, size_t cap);
gh_us gh_watch_due(const struct gh_watch *w);

/* Something is expected: looks ten times a second for the next 2 s. */
void gh_watch_expect(struct gh_watch *w);

/* After each wait: takes events in and, when it is time, looks at the list. */
enum gh_status gh_watch_look(struct gh_watch *w, gh_us now,
			     struct gh_err *err) GH_MUST_CHECK;

/* Takes the oldest change; false: there is none. */
bool gh_watch_next(struct gh_watch *w, struct gh_port *port, bool *arrived);

/*
 * The ports of a that b does not have, as pointers into a; returns how many.
 * The same adapter plugged in anew is another port: its USB address differs.
 */
size_t gh_ports_missing(const struct gh_port *a, size_t n_a,
			const struct gh_port *b, size_t n_b,
			const struct gh_port **out);

#endif
