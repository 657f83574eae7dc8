/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What every driver of the table must do, whichever it is: have a plain name
 * and every function, and meet silence, noise and a hung-up cable with the
 * right status in bounded time, without ever sending a byte that moves a
 * stranger's arm.
 */
#include "driver/driver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* A port with nobody, with babble, or with a cable that came out. */
enum manner { SILENT, BABBLING, HUNG_UP };

struct port {
	struct gh_link link;
	struct gh_clock clock;
	enum manner manner;
	gh_us now;
	uint32_t noise;
	unsigned char sent[4096];
	size_t n_sent;
};

static gh_us port_now(void *self)
{
	return ((struct port *)self)->now;
}

static int port_wait(void *self, struct pollfd *fds, size_t n, gh_us until)
{
	struct port *p = self;

	(void)fds;
	(void)n;
	if (until > p->now)
		p->now = p->manner == SILENT && until != GH_US_NEVER
				 ? until
				 : p->now + GH_US_PER_MS;
	return p->manner != SILENT;
}

static int64_t port_wall(void *self)
{
	return port_now(self) / GH_US_PER_S;
}

static void port_close(struct gh_link *link)
{
	(void)link;
}

static size_t port_fds(const struct gh_link *link, struct pollfd *out,
		       size_t cap)
{
	(void)link;
	(void)out;
	(void)cap;
	return 0;
}

static enum gh_status port_read(struct gh_link *link, void *buf, size_t cap,
				size_t *got, struct gh_err *err)
{
	struct port *p = (struct port *)link;
	unsigned char *bytes = buf;

	*got = 0;
	if (p->manner == HUNG_UP)
		return gh_fail(err, GH_GONE, "hung up");
	if (p->manner == SILENT)
		return GH_OK;
	/* a hundred bytes a millisecond: 1 MBd of garbage */
	*got = cap < 100 ? cap : 100;
	for (size_t i = 0; i < *got; i++) {
		p->noise = p->noise * 1664525u + 1013904223u;
		bytes[i] = (unsigned char)(p->noise >> 24);
	}
	p->now += 1;
	return GH_OK;
}

static enum gh_status port_write(struct gh_link *link, const void *buf,
				 size_t len, size_t *put, struct gh_err *err)
{
	struct port *p = (struct port *)link;
	const size_t room = sizeof p->sent - p->n_sent;
	const size_t keep = len < room ? len : room;

	*put = 0;
	if (p->manner == HUNG_UP)
		return gh_fail(err, GH_GONE, "hung up");
	memcpy(p->sent + p->n_sent, buf, keep);
	p->n_sent += keep;
	*put = len;
	return GH_OK;
}

static enum gh_status port_baud(struct gh_link *link, long baud,
				struct gh_err *err)
{
	(void)link;
	(void)baud;
	(void)err;
	return GH_OK;
}

static const struct gh_link_ops ops = { "test",	   port_close, port_fds,
					port_read, port_write, port_baud };

static void port_init(struct port *p, enum manner manner)
{
	memset(p, 0, sizeof *p);
	p->link.ops = &ops;
	strcpy(p->link.port, "nowhere");
	p->clock = (struct gh_clock){ port_now, port_wait, port_wall, p };
	p->manner = manner;
	p->noise = 1;
}

static void test_names_are_plain_and_unique(void **state)
{
	(void)state;
	assert_non_null(gh_drivers[0]);
	for (size_t i = 0; gh_drivers[i]; i++) {
		const struct gh_driver *d = gh_drivers[i];

		assert_true(gh_is_part_name(d->name));
		assert_null(strchr(d->name, '.'));
		assert_ptr_equal(gh_driver_find(d->name), d);
		assert_true(d->summary && d->summary[0]);
		assert_true(d->default_baud > 0);
	}
	assert_null(gh_driver_find("no such driver"));
}

static void test_no_function_is_missing(void **state)
{
	(void)state;
	for (size_t i = 0; gh_drivers[i]; i++) {
		const struct gh_driver *d = gh_drivers[i];

		assert_true(d->identify && d->open && d->close && d->info);
		assert_true(d->stream && d->glow && d->arm && d->limit);
		assert_true(d->room && d->queue && d->run && d->device_now);
		assert_true(d->pump && d->event && d->status && d->stats);
		assert_true(d->stop && d->safe);
	}
}

/* identify() and open() on that port: the status, in bounded virtual time. */
static void assert_meets(enum manner manner, enum gh_status a, enum gh_status b)
{
	static struct gh_dev_info info;
	static struct port p;
	const struct gh_wiring none = { "test.rig", NULL, 0 };

	for (size_t i = 0; gh_drivers[i]; i++) {
		const struct gh_driver *d = gh_drivers[i];
		struct gh_dev *dev = NULL;
		struct gh_err err = { 0 };
		enum gh_status st;

		port_init(&p, manner);
		st = d->identify(&p.link, &p.clock, &info, &err);
		if (st != a && st != b)
			fail_msg("%s: identify gave %s: %s", d->name,
				 gh_status_name(st), err.msg);
		assert_true(err.msg[0] != '\0');
		assert_true(p.now < 12 * GH_US_PER_S);
		st = d->open(&dev, &p.link, &p.clock, &none, 0, &err);
		assert_int_not_equal(st, GH_OK);
		assert_null(dev);
		assert_true(p.now < 30 * (gh_us)GH_US_PER_S);
		/* FF resets a Firmata and moves a Maestro: never to a
		 * stranger (protocols.md section 8) */
		assert_null(memchr(p.sent, 0xFF, p.n_sent));
	}
}

static void test_silence_is_a_timeout(void **state)
{
	(void)state;
	assert_meets(SILENT, GH_TIMEOUT, GH_TIMEOUT);
}

static void test_noise_is_not_taken_for_an_answer(void **state)
{
	(void)state;
	assert_meets(BABBLING, GH_UNSUP, GH_TIMEOUT);
}

static void test_a_hung_up_port_is_gone(void **state)
{
	(void)state;
	assert_meets(HUNG_UP, GH_GONE, GH_GONE);
}

static void test_closing_nothing_is_fine(void **state)
{
	(void)state;
	for (size_t i = 0; gh_drivers[i]; i++)
		gh_drivers[i]->close(NULL);
	assert_non_null(gh_drivers[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_are_plain_and_unique),
		cmocka_unit_test(test_no_function_is_missing),
		cmocka_unit_test(test_silence_is_a_timeout),
		cmocka_unit_test(test_noise_is_not_taken_for_an_answer),
		cmocka_unit_test(test_a_hung_up_port_is_gone),
		cmocka_unit_test(test_closing_nothing_is_fine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
