/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The simulated controller in virtual time: bytes keep the pace of the wire,
 * the same seed gives the same bytes, faults reach the wire and the plant.
 */
#include "sim/device.h" /* struct gh_sim_device */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RIG "schemas/lumina.rig"

static const uint8_t hello[] = { 0,    0x0F, 1,	   1,	 0x47, 0x48,
				 0x4C, 0x54, 1,	   0x41, 0x41, 0x51,
				 0x6B, 0x17, 0x2D, 0x7C, 0 };

static struct gh_rig *rig;

static struct gh_sim_device *create(uint64_t seed, unsigned scale,
				    const char *fault)
{
	struct gh_sim_setup setup = { .rig = rig,
				      .seed = seed,
				      .session = 1,
				      .time_scale = scale,
				      .faults = &fault,
				      .n_faults = fault != NULL };
	struct gh_sim_device *d = NULL;
	struct gh_err err;

	assert_int_equal(gh_sim_device_create(&d, &setup, &err), GH_OK);
	return d;
}

/* Everything until that time; what was read is in out. */
static size_t gather(struct gh_sim_device *d, gh_us until, uint8_t *out,
		     size_t cap)
{
	gh_sim_device_advance(d, until);
	return gh_sim_device_read(d, out, cap);
}

/* 17 bytes up, the reply at once, 86.8 us a byte; ten times faster at 10. */
static void wire_has_a_pace(void **state)
{
	uint8_t buf[256];

	(void)state;
	for (unsigned scale = 1; scale <= 10; scale += 9) {
		struct gh_sim_device *d = create(1, scale, NULL);
		gh_us first;

		gather(d, 20000, buf, sizeof(buf));
		assert_int_equal(gh_sim_device_readable_at(d), GH_US_NEVER);
		assert_int_equal(gh_sim_device_write(d, hello, 17), 17);
		gh_sim_device_advance(d, 20000 + 1475 / scale);
		assert_int_equal(gh_sim_device_readable_at(d), GH_US_NEVER);
		gh_sim_device_advance(d, 20000 + 1480 / scale);
		first = gh_sim_device_readable_at(d);
		assert_in_range(first, 20000 + 1555 / scale,
				20000 + 1570 / scale);
		gh_sim_device_advance(d, first - 1);
		assert_int_equal(gh_sim_device_read(d, buf, 1), 0);
		gh_sim_device_advance(d, first);
		assert_int_equal(gh_sim_device_read(d, buf, 9), 1);
		gh_sim_device_advance(d, first + 58 * 87 / scale);
		assert_true(gh_sim_device_read(d, buf, sizeof(buf)) == 57);
		gh_sim_device_destroy(d);
	}
}

static void idle_needs_nothing(void **state)
{
	struct gh_sim_device *d = create(1, 1, NULL);
	uint8_t buf[64];

	(void)state;
	gather(d, 50000, buf, sizeof(buf));
	assert_false(gh_sim_device_is_busy(d));
	assert_int_equal(gh_sim_device_next(d), GH_US_NEVER);
	gh_sim_device_destroy(d);
}

static size_t talk(struct gh_sim_device *d, uint8_t *out, size_t cap)
{
	size_t n = 0;

	for (gh_us t = 10000; t <= 400000; t += 10000) {
		gh_sim_device_write(d, hello, sizeof(hello));
		n += gather(d, t, out + n, cap - n);
	}
	return n;
}

static void same_seed_same_bytes(void **state)
{
	static uint8_t a[8192], b[8192];
	static const char *const faults[] = { NULL, "link_lossy@link=300000" };
	size_t n[2][2];

	(void)state;
	for (int k = 0; k < 2; k++) {
		struct gh_sim_device *x = create(3, 1, faults[k]);
		struct gh_sim_device *y = create(3, 1, faults[k]);

		n[k][0] = talk(x, a, sizeof(a));
		n[k][1] = talk(y, b, sizeof(b));
		assert_int_equal(n[k][0], n[k][1]);
		assert_memory_equal(a, b, n[k][0]);
		gh_sim_device_destroy(x);
		gh_sim_device_destroy(y);
	}
	/* about half of 30 % never came, each way */
	assert_true(n[1][0] < n[0][0] * 9 / 10);
	assert_true(n[1][0] > n[0][0] / 2);
}

enum { REPLY = 58 };

/* HELLO's reply as it comes; when its last byte is there. */
static gh_us greet(const char *fault, uint8_t out[REPLY])
{
	struct gh_sim_device *d = create(1, 1, fault);
	uint8_t woke[64]; /* what it says by itself */
	gh_us at = 200000;
	size_t n = 0;

	gather(d, at, woke, sizeof(woke));
	gh_sim_device_write(d, hello, sizeof(hello));
	while (n < REPLY && at < 1000000) {
		at = gh_sim_device_next(d);
		n += gather(d, at, out + n, REPLY - n);
	}
	gh_sim_device_destroy(d);
	return at;
}

static void slow_link_keeps_all_and_sends_it_later(void **state)
{
	static const struct {
		const char *fault;
		gh_us later;
	} sizes[] = { { "link_slow@link=barely", 5000 },
		      { "link_slow@link=noticeable", 20000 },
		      { "link_slow@link", 100000 } };
	uint8_t well[REPLY], ill[REPLY];
	const gh_us soon = greet(NULL, well);

	(void)state;
	assert_in_range(soon, 200000, 210000);
	for (size_t i = 0; i < GH_ARRAY_SIZE(sizes); i++) {
		const gh_us late = greet(sizes[i].fault, ill);

		assert_memory_equal(ill, well, REPLY);
		assert_in_range(late - soon, sizes[i].later - 2,
				sizes[i].later + 2);
	}
}

static void a_flood_is_bounded(void **state)
{
	struct gh_sim_device *d = create(1, 1, NULL);
	static uint8_t zeros[100000];
	uint8_t buf[256];

	(void)state;
	assert_true(gh_sim_device_write(d, zeros, sizeof(zeros)) <
		    sizeof(zeros));
	gh_sim_device_advance(d, 1000000);
	gh_sim_device_write(d, hello, sizeof(hello));
	assert_true(gather(d, 1020000, buf, sizeof(buf)) > 60);
	gh_sim_device_destroy(d);
}

static void reboot_is_another_boot(void **state)
{
	struct gh_sim_device *d = create(1, 1, NULL);
	uint8_t a[256], b[256];

	(void)state;
	gather(d, 20000, a, sizeof(a));
	gh_sim_device_reboot(d, GH_SIM_BROWN_OUT);
	/* a lone delimiter, then the boot event */
	assert_true(gather(d, 40000, b, sizeof(b)) > 20);
	assert_int_equal(b[0], 0);
	assert_int_equal(b[2], 0x41);
	assert_true(memcmp(a, b, 20) != 0);
	gh_sim_device_destroy(d);
}

/* When the first n boots came; sleeping in between as ghostlight-sim does. */
static void watch_boots(uint64_t seed, const char *fault, gh_us *at, unsigned n)
{
	struct gh_sim_device *d = create(seed, 1, fault);
	uint8_t buf[64];

	for (unsigned i = 0; i < n; i++) {
		at[i] = gh_sim_device_next(d);
		assert_true(at[i] < GH_US_NEVER);
		assert_true(i == 0 || at[i] - at[i - 1] >= 2000000);
		/* the lone delimiter and the boot event */
		assert_true(gather(d, at[i] + 3000, buf, sizeof buf) > 20);
		assert_int_equal(buf[2], 0x41);
	}
	gh_sim_device_destroy(d);
}

/* Ten a minute: 100 boots in ten minutes, at times only the seed decides. */
static void brown_outs_of_a_fault(void **state)
{
	static const char fault[] = "controller_reset@controller";
	static gh_us a[101], b[101];

	(void)state;
	watch_boots(4, fault, a, 101);
	watch_boots(4, fault, b, 101);
	assert_memory_equal(a, b, sizeof a);
	assert_in_range(a[100], 420 * GH_US_PER_S, 780 * GH_US_PER_S);
	watch_boots(5, fault, b, 2);
	assert_int_not_equal(a[1], b[1]);
}

static void wrong_setups(void **state)
{
	static const char *const faults[] = { "limp@nowhere", "limp",
					      "nothing@core",
					      "limp@hope.elbow=huge" };
	struct gh_sim_device *d = NULL;
	struct gh_err err;

	(void)state;
	for (size_t i = 0; i < GH_ARRAY_SIZE(faults); i++) {
		struct gh_sim_setup setup = { .rig = rig,
					      .time_scale = 1,
					      .faults = faults + i,
					      .n_faults = 1 };

		assert_int_equal(gh_sim_device_create(&d, &setup, &err),
				 GH_ARG);
		assert_null(d);
	}
	for (unsigned scale = 0; scale <= 256; scale += 256) {
		struct gh_sim_setup setup = { .rig = rig, .time_scale = scale };

		assert_int_equal(gh_sim_device_create(&d, &setup, &err),
				 GH_ARG);
	}
	gh_sim_device_destroy(NULL);
}

static int read_rig(void **state)
{
	struct gh_err err;

	(void)state;
	rig = calloc(1, sizeof(*rig));
	return rig == NULL || gh_rig_read(rig, RIG, &err) != GH_OK;
}

static int free_rig(void **state)
{
	(void)state;
	free(rig);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wire_has_a_pace),
		cmocka_unit_test(idle_needs_nothing),
		cmocka_unit_test(same_seed_same_bytes),
		cmocka_unit_test(slow_link_keeps_all_and_sends_it_later),
		cmocka_unit_test(a_flood_is_bounded),
		cmocka_unit_test(reboot_is_another_boot),
		cmocka_unit_test(brown_outs_of_a_fault),
		cmocka_unit_test(wrong_setups),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, read_rig, free_rig);
}
