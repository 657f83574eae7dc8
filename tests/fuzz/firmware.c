/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A host that says anything at all to the firmware: no command leaves the
 * range or is faster than allowed, and nobody stays armed without a beat.
 *
 * An input is a row of records, so that a mutation stays a good frame:
 *   00..7F  type, that many bytes of payload: a frame (type + 80: seq as before)
 *   80..BF  that many bytes less 80, as they are
 *   C0..EF  time goes by: the square of it less C0, in 100 us
 *   F0..FF  two bytes: what current sensor 1 (even) or 3 (odd) reads from now
 */
#include "fakes/fuzz.h"
#include "unit/test_firmware_board.h"

/* Whole dialogues, 30000 a second. */
const struct gh_fuzz_runs gh_fuzz_runs = { .taste = 6000 };

const char *const gh_fuzz_words[] = {
	"\x04\x09\x0D\xF0\xFE\xCA", /* ARM */
	"\x04\x0B\x01",		    /* HEARTBEAT, with what follows */
	"\x01\x02",		    /* STOP and one byte too many */
	"\xC1",
	"\xD0",
	"\xEF",
	"\xF1\xFF\x7F",
	"\x18\x0D\x01",
	"\x08\x0E\x01",
	NULL
};

/* The angles are read in 1/10000 rad. */
enum { SENSOR_URAD = 100 };
/* Of every axis of the bench. */
enum { RANGE_URAD = 1000000, URAD_PER_US = 2 };
enum { STEP_US = 1000 };
/* It moves every FW_MOTION_US, and this host may look a step too early for it. */
enum { BETWEEN_MOST_US = FW_MOTION_US + STEP_US };
/* The lease, v/a of the fastest (100 ms each), and as much again. */
enum { STOPPED_US = 400000, AWHILE_US = 20000 };

static struct bench b;
static int32_t was[2];
static uint32_t moved_us[2]; /* when it was driven elsewhere */

/* As fast as may be since it was driven, and one digit when it arms. */
static bool is_slow_enough(int axis, int32_t step_urad)
{
	const uint32_t since_us = b.now_us - moved_us[axis];
	const uint32_t us =
		since_us < BETWEEN_MOST_US ? since_us : BETWEEN_MOST_US;
	const int32_t most = (int32_t)us * URAD_PER_US + SENSOR_URAD;

	return step_urad <= most && step_urad >= -most;
}

static void is_safe(void)
{
	const struct fw_core *c = &b.core;

	GH_FUZZ_HOLDS(c->state <= FW_LATCHED);
	if (c->state == FW_ARMED || c->state == FW_RUNNING)
		GH_FUZZ_HOLDS(b.now_us - c->beat_us <= FW_WATCHDOG_MS * 1000u);
	for (int i = 0; i < 2; i++) {
		const int32_t step = b.driven[i] - was[i];

		GH_FUZZ_HOLDS(b.driven[i] <= RANGE_URAD);
		GH_FUZZ_HOLDS(b.driven[i] >= -RANGE_URAD);
		GH_FUZZ_HOLDS(is_slow_enough(i, step));
		if (step != 0)
			moved_us[i] = b.now_us;
		was[i] = b.driven[i];
		b.raw[2 * i] = (int16_t)(b.driven[i] / SENSOR_URAD);
	}
}

/* What it says is well formed, whatever it heard. */
static void read_out(void)
{
	struct seen f;

	bench_collect(&b);
	b.taken = 0;
	while (bench_next(&b, &f))
		GH_FUZZ_HOLDS(f.type >= 0x40);
	b.n_sent = b.taken = 0;
}

static void pass(uint32_t us)
{
	const uint32_t until = b.now_us + us;

	while (b.now_us != until) {
		const uint32_t left = until - b.now_us;

		b.now_us += left < STEP_US ? left : STEP_US;
		fw_poll(&b.core, b.now_us);
		read_out();
		is_safe();
	}
}

static bool is_at_rest(void)
{
	return (b.core.state == FW_IDLE || b.core.state == FW_LATCHED) &&
	       !fw_motion_stopping(&b.core);
}

static size_t say(const uint8_t *p, size_t n)
{
	size_t len = p[0];
	uint8_t wire[FW_FRAME_MAX + 64];

	if (n < 2)
		return n;
	if (len > n - 2)
		len = n - 2;
	gh_fuzz_frames++;
	b.seq = (uint8_t)(b.seq + !(p[1] & 0x80));
	bench_bytes(&b, wire,
		    bench_encode(wire, p[1] & 0x7F, b.seq, p + 2, len));
	return 2 + len;
}

static size_t say_raw(const uint8_t *p, size_t n)
{
	size_t len = p[0] & 0x3F;

	if (len > n - 1)
		len = n - 1;
	bench_bytes(&b, p + 1, len);
	return 1 + len;
}

static size_t sense(const uint8_t *p, size_t n)
{
	if (n < 3)
		return n;
	b.raw[p[0] & 1 ? 3 : 1] = (int16_t)(p[1] | p[2] << 8);
	return 3;
}

static size_t take_record(const uint8_t *p, size_t n)
{
	size_t used;

	if (p[0] < 0x80) {
		used = say(p, n);
	} else if (p[0] < 0xC0) {
		used = say_raw(p, n);
	} else if (p[0] < 0xF0) {
		pass((p[0] - 0xC0u) * (p[0] - 0xC0u) * 100u);
		used = 1;
	} else {
		used = sense(p, n);
	}
	read_out();
	/* A frame takes its time on the wire: 11 bytes at the discovery rate. */
	pass(STEP_US);
	return used;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A little before its clock wraps. */
	bench_init(&b, UINT32_MAX - 300000, 2);
	b.board.i2c = bench_i2c;
	b.board.i2c_take = bench_i2c_take;
	b.chip_answers = true;
	bench_bytes(&b, (const uint8_t *)"", 1);
	memset(was, 0, sizeof was);
	moved_us[0] = moved_us[1] = b.now_us;
	for (size_t at = 0, n = 0; at < size && n < 400; n++)
		at += take_record(data + at, size - at);
	/* Whoever was armed is not any more: the host is gone. */
	for (uint32_t us = 0; us < STOPPED_US && !is_at_rest(); us += STEP_US)
		pass(STEP_US);
	pass(AWHILE_US);
	GH_FUZZ_HOLDS(is_at_rest());
	return 0;
}
