/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The contract of driver.h against a whole controller behind a real port, so it
 * takes seconds of real time. The port is GH_TEST_PORT (any lumina controller:
 * the Python one, a board) or else a ghostlight-sim started here.
 */
#define _XOPEN_SOURCE 700

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"	   /* gh_clock_real */
#include "base/text.h"	   /* gh_copy_text */
#include "driver/driver.h" /* struct gh_driver */
#include "link/link.h"	   /* gh_link_open */

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BATCH = 512 };

struct rig {
	pid_t sim;
	char port[128];
};

struct session {
	struct gh_link *link;
	struct gh_dev *dev;
	const struct gh_dev_info *info;
};

static const struct gh_driver *lumina(void)
{
	const struct gh_driver *d = gh_driver_find("lumina");

	assert_non_null(d);
	return d;
}

static void must(enum gh_status st, const struct gh_err *err)
{
	if (st != GH_OK)
		fail_msg("%s: %s", gh_status_name(st), err->msg);
}

/* ---- The controller ------------------------------------------------------ */

static bool read_port_line(int fd, char *port, size_t cap)
{
	FILE *f = fdopen(fd, "r");
	char line[128];

	if (!f || !fgets(line, sizeof line, f))
		return false;
	line[strcspn(line, "\n")] = '\0';
	if (strncmp(line, "port: ", 6) != 0)
		return false;
	return gh_copy_text(port, cap, line + 6);
}

static bool start_sim(struct rig *r)
{
	const char *build = getenv("GH_BUILD");
	char path[256];
	int out[2];

	snprintf(path, sizeof path, "%s/ghostlight-sim",
		 build ? build : "build");
	if (access(path, X_OK) != 0 || pipe(out) != 0)
		return false;
	r->sim = fork();
	if (r->sim == 0) {
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		execl(path, path, "--seed", "1", (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	return r->sim > 0 && read_port_line(out[0], r->port, sizeof r->port);
}

static int set_up(void **state)
{
	static struct rig r;
	const char *port = getenv("GH_TEST_PORT");

	*state = &r;
	if (port && *port)
		snprintf(r.port, sizeof r.port, "%s", port);
	else if (!start_sim(&r))
		r.port[0] = '\0';
	return 0;
}

static int tear_down(void **state)
{
	struct rig *r = *state;

	if (r->sim > 0) {
		kill(r->sim, SIGTERM);
		waitpid(r->sim, NULL, 0);
	}
	return 0;
}

/* The one open session, so that a failed case does not hold the port. */
static struct session current;

static int clean_up(void **state)
{
	(void)state;
	lumina()->close(current.dev);
	gh_link_close(current.link);
	current = (struct session){ NULL, NULL, NULL };
	return 0;
}

static struct session *begin(void **state)
{
	const struct rig *r = *state;
	struct session *s = &current;
	struct gh_err err = { 0 };

	if (r->port[0] == '\0') {
		print_message("# no GH_TEST_PORT and no ghostlight-sim\n");
		skip();
	}
	must(gh_link_open(&s->link, r->port, lumina()->default_baud, &err),
	     &err);
	must(lumina()->open(&s->dev, s->link, gh_clock_real(), NULL, 0, &err),
	     &err);
	s->info = lumina()->info(s->dev);
	return s;
}

static void make_safe(struct session *s, struct gh_dev_status *out)
{
	struct gh_err err = { 0 };

	must(lumina()->safe(s->dev, 0, out, &err), &err);
}

static struct gh_dev_status status_of(struct session *s)
{
	struct gh_dev_status st = { 0 };
	struct gh_err err = { 0 };

	must(lumina()->status(s->dev, &st, &err), &err);
	return st;
}

static void arm(struct session *s, double *ms)
{
	struct gh_err err = { 0 };

	must(lumina()->arm(s->dev, true, ms, &err), &err);
}

/* Pumps that long, real time; returns how many samples came into out. */
static size_t pump_for(struct session *s, gh_us us, struct gh_sample *out,
		       size_t cap)
{
	const gh_us until = gh_now(gh_clock_real()) + us;
	struct gh_sample buf[BATCH];
	struct gh_err err = { 0 };
	size_t n = 0, got = 0;

	while (gh_now(gh_clock_real()) < until) {
		struct pollfd fds[2];
		const size_t k = gh_link_fds(s->link, fds, 2);

		gh_wait(gh_clock_real(), fds, k,
			gh_now(gh_clock_real()) + 5000);
		do {
			must(lumina()->pump(s->dev, buf, BATCH, &got, &err),
			     &err);
			for (size_t i = 0; i < got && n < cap; i++)
				out[n++] = buf[i];
		} while (got == BATCH);
	}
	return n;
}

/* A path of the first actuator: there and back to where it is. */
static void upload_swing(struct session *s, double seconds)
{
	const struct gh_dev_actuator *a = &s->info->actuators[0];
	const double from = status_of(s).position_rad[0];
	const double room = a->hi_rad - from > 0.1 ? 0.05 : -0.05;
	const struct gh_segment seg[2] = {
		{ GH_SHAPE_EASE, (gh_us)(seconds * 1e6), from + room, false,
		  0.0 },
		{ GH_SHAPE_HOLD, 100000, 0.0, true, 0.0 },
	};
	struct gh_err err = { 0 };

	assert_true(lumina()->room(s->dev, 0) >= 2);
	must(lumina()->queue(s->dev, 0, seg, 2, &err), &err);
}

static void run_now(struct session *s)
{
	struct gh_err err = { 0 };

	must(lumina()->run(s->dev,
			   lumina()->device_now(s->dev) +
				   50000 * (gh_us)s->info->time_scale,
			   &err),
	     &err);
}

/* ---- Cases --------------------------------------------------------------- */

static void identify_moves_nothing(void **state)
{
	struct session *s = begin(state);
	const struct gh_dev_status before = status_of(s);
	struct gh_dev_status after;
	struct gh_dev_info info = { 0 };
	struct gh_err err = { 0 };

	lumina()->close(s->dev);
	must(lumina()->identify(s->link, gh_clock_real(), &info, &err), &err);
	assert_string_not_equal(info.model, "");
	assert_string_not_equal(info.id, "");
	must(lumina()->open(&s->dev, s->link, gh_clock_real(), NULL, 0, &err),
	     &err);
	s->info = lumina()->info(s->dev);
	after = status_of(s);
	assert_int_equal(before.state, after.state);
	assert_memory_equal(before.position_rad, after.position_rad,
			    sizeof before.position_rad);
}

static void open_learns_the_dictionary(void **state)
{
	struct session *s = begin(state);

	assert_true(s->info->n_channels > 0);
	assert_true(s->info->n_actuators > 0);
	assert_true(s->info->watchdog_ms > 0);
	for (unsigned i = 0; i < s->info->n_channels; i++) {
		assert_true(gh_is_part_name(s->info->channels[i].part));
		assert_true(s->info->channels[i].den > 0);
	}
	for (unsigned i = 0; i < s->info->n_actuators; i++)
		assert_true(s->info->actuators[i].hi_rad >
			    s->info->actuators[i].lo_rad);
}

static void stream_delivers_in_order(void **state)
{
	static struct gh_sample got[20000];
	struct session *s = begin(state);
	const uint16_t channels[2] = { 0, 1 };
	struct gh_dev_stats stats;
	struct gh_dev_status st;
	struct gh_err err = { 0 };
	double hz = 0.0;
	size_t n;

	must(lumina()->stream(s->dev, 0, channels, 2, 100.0, &hz, &err), &err);
	assert_true(hz > 90.0 && hz < 110.0);
	n = pump_for(s, 500000, got, GH_ARRAY_SIZE(got));
	assert_true(n >= 40);
	for (size_t i = 1; i < n; i++) {
		assert_true(got[i].at >= got[i - 1].at);
		assert_int_equal(got[i].channel, i % 2);
	}
	lumina()->stats(s->dev, &stats);
	assert_int_equal(stats.samples_lost, 0);
	assert_int_equal(stats.frames_bad, 0);
	make_safe(s, &st);
}

static void arm_proves_the_watchdog(void **state)
{
	struct session *s = begin(state);
	struct gh_dev_event event;
	struct gh_dev_status st;
	double ms = 0.0;

	arm(s, &ms);
	assert_true(ms >= 0.5 * s->info->watchdog_ms);
	assert_true(ms <= 1.5 * s->info->watchdog_ms);
	/* Half a second of beats: it must not trip now. */
	pump_for(s, 500000, NULL, 0);
	assert_int_equal(status_of(s).state, GH_MOTION_ARMED);
	/* The latch of the proof is nobody's business. */
	while (lumina()->event(s->dev, &event))
		assert_int_not_equal(event.kind, GH_DEV_EV_LATCHED);
	make_safe(s, &st);
	assert_int_equal(st.state, GH_MOTION_IDLE);
}

static void a_run_reaches_its_target(void **state)
{
	struct session *s = begin(state);
	struct gh_dev_event event;
	struct gh_dev_status st;
	bool ended = false;
	double from, ms;

	arm(s, &ms);
	from = status_of(s).position_rad[0];
	upload_swing(s, 0.4);
	run_now(s);
	assert_int_equal(status_of(s).state, GH_MOTION_RUNNING);
	pump_for(s, 1000000, NULL, 0);
	st = status_of(s);
	assert_int_equal(st.state, GH_MOTION_ARMED);
	assert_true(fabs(fabs(st.position_rad[0] - from) - 0.05) < 0.001);
	while (lumina()->event(s->dev, &event))
		ended = ended || event.kind == GH_DEV_EV_PROGRAM_END;
	assert_true(ended);
	make_safe(s, &st);
	assert_int_equal(st.state, GH_MOTION_IDLE);
}

static void expect_latched(struct session *s)
{
	struct gh_dev_status st;
	struct gh_err err = { 0 };

	must(lumina()->stop(s->dev, &err), &err);
	pump_for(s, 50000, NULL, 0);
	assert_int_equal(status_of(s).state, GH_MOTION_LATCHED);
	make_safe(s, &st);
	/* What has stopped stays latched, and says why. */
	assert_int_equal(st.state, GH_MOTION_LATCHED);
	assert_true(st.at_rest);
	assert_string_equal(st.cause, "STOP");
}

static void stop_latches_in_every_state(void **state)
{
	struct session *s = begin(state);
	struct gh_dev_status st;
	struct gh_err err = { 0 };
	double ms;

	expect_latched(s);
	/* ... and nothing clears it by the way. */
	assert_int_equal(lumina()->arm(s->dev, false, &ms, &err), GH_UNSAFE);
	arm(s, &ms);
	expect_latched(s);
	arm(s, &ms);
	upload_swing(s, 2.0);
	run_now(s);
	pump_for(s, 300000, NULL, 0);
	expect_latched(s);
	arm(s, &ms);
	make_safe(s, &st);
	assert_int_equal(st.state, GH_MOTION_IDLE);
}

/* Over half a request that the host was just writing. */
static void the_last_word_stops_a_run(void **state)
{
	static const uint8_t torn[] = { 0x05, 0x03, 0x07 };
	uint8_t stop[GH_STOP_BYTES];
	const size_t n = lumina()->stop_bytes(stop, sizeof stop);
	struct session *s = begin(state);
	struct gh_err err = { 0 };
	size_t put;
	double ms;

	assert_true(n > 0 && n <= sizeof stop);
	assert_int_equal(lumina()->stop_bytes(stop, n - 1), 0);
	arm(s, &ms);
	upload_swing(s, 2.0);
	run_now(s);
	pump_for(s, 300000, NULL, 0);
	must(gh_link_write(s->link, torn, sizeof torn, &put, &err), &err);
	must(gh_link_write(s->link, stop, n, &put, &err), &err);
	assert_int_equal(put, n);
	pump_for(s, 50000, NULL, 0);
	assert_int_equal(status_of(s).state, GH_MOTION_LATCHED);
	assert_string_equal(status_of(s).cause, "STOP");
}

static void safe_ends_a_run_without_a_latch(void **state)
{
	struct session *s = begin(state);
	struct gh_dev_status st;
	double ms;

	arm(s, &ms);
	upload_swing(s, 3.0);
	run_now(s);
	pump_for(s, 300000, NULL, 0);
	make_safe(s, &st);
	assert_int_equal(st.state, GH_MOTION_IDLE);
	assert_true(st.at_rest);
	make_safe(s, &st);
	assert_int_equal(st.state, GH_MOTION_IDLE);
}

static void without_a_lease_nothing_moves(void **state)
{
	const struct gh_segment seg = { GH_SHAPE_HOLD, 100000, 0.0, true, 0.0 };
	struct session *s = begin(state);
	struct gh_err err = { 0 };

	assert_int_equal(lumina()->queue(s->dev, 0, &seg, 1, &err), GH_UNSAFE);
	assert_int_equal(lumina()->run(s->dev, 0, &err), GH_UNSAFE);
}

static void a_limit_breaking_segment_is_refused(void **state)
{
	struct session *s = begin(state);
	const struct gh_segment seg = { GH_SHAPE_LINEAR, 60000000,
					s->info->actuators[0].hi_rad + 0.01,
					true, 0.0 };
	struct gh_err err = { 0 };
	struct gh_dev_status st;
	double ms;

	arm(s, &ms);
	assert_int_equal(lumina()->queue(s->dev, 0, &seg, 1, &err), GH_UNSAFE);
	assert_non_null(strstr(err.msg, "range"));
	make_safe(s, &st);
}

static void lamps_glow(void **state)
{
	const double half[4] = { 0.5, 0.5, 0.5, 0.5 };
	struct session *s = begin(state);
	struct gh_dev_status st;
	struct gh_err err = { 0 };

	for (unsigned i = 0; i < s->info->n_lamps; i++)
		must(lumina()->glow(s->dev, i, half, 100000, &err), &err);
	make_safe(s, &st);
}

#define CASE(f) cmocka_unit_test_teardown(f, clean_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(identify_moves_nothing),
		CASE(open_learns_the_dictionary),
		CASE(stream_delivers_in_order),
		CASE(lamps_glow),
		CASE(without_a_lease_nothing_moves),
		CASE(arm_proves_the_watchdog),
		CASE(a_run_reaches_its_target),
		CASE(a_limit_breaking_segment_is_refused),
		CASE(stop_latches_in_every_state),
		CASE(the_last_word_stops_a_run),
		CASE(safe_ends_a_run_without_a_latch),
	};

	return cmocka_run_group_tests_name("driver contract", tests, set_up,
					   tear_down);
}
