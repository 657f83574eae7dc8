/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Frames of the lumina codec through every fault of a wire, to the driver's
 * receiver and to the firmware's: none that is taken differs from what was
 * sent, and one frame after the fault has ended all is well again.
 *
 * `make soak` sends 1e7 frames through each fault, and 1e8 through none. What
 * no CRC can promise: a damaged frame passes CRC-32C once in 2^32. Up to five
 * flipped bits are always seen in the frame itself (Koopman 2002, up to 5243
 * bits; ours have 2000 at most), but COBS makes more of a flipped length code.
 * A frame that comes twice or never is for the sequence numbers to notice.
 */
#include "test_firmware_board.h"

#include "driver/lumina/frame.h" /* struct gh_lum_rx */
#include "fakes/noisy_link.h"	 /* struct noisy_lane */
#include "fakes/soak.h"		 /* gh_soak_count */

/* A round: so many frames while the fault strikes, and so many after it. */
enum { STRUCK = 28, AFTER = 4 };
/* More than babble of 4096 bytes can be behind. */
enum { REMEMBERED = 64 };
/* Through each fault; the short form is what 30 s of one processor are for. */
enum { FRAMES = 10000, SHORT_FRAMES = 400000, SOAK_FRAMES = 10000000 };
enum { CLEAN_TIMES = 10, READ_MOST = 256 };
/* Another one than any request has: the firmware takes it and does nothing. */
#define TYPE_0 0x40
#define FRAME_GAP_US 2000
#define CRC_MISSES (1.0 / 4294967296.0)

struct body {
	size_t n;
	uint8_t b[GH_LUM_BODY_MAX]; /* type, seq, payload */
};

/* One end of the wire. */
struct receiver {
	const char *name;
	void (*begin)(void);
	/* A byte that came at `at`; true: it completed a good frame. */
	bool (*byte)(uint8_t byte, gh_us at, struct body *got);
	uint64_t (*bad)(void);
};

struct tally {
	uint64_t sent, right, wrong, again, late;
};

static struct bench bench;
static struct gh_lum_rx rx;
static gh_us heard_at;
static struct noisy_lane lane;
static struct body sent[REMEMBERED];
static struct tally tally;
static uint64_t newest; /* frame taken so far, its number + 1 */
static gh_us now;

/* ---- The two receivers --------------------------------------------------- */

static void driver_begin(void)
{
	memset(&rx, 0, sizeof rx);
	heard_at = 0;
}

/* As talk.c does it: whoever looks and finds nothing for 50 ms. */
static bool driver_byte(uint8_t byte, gh_us at, struct body *got)
{
	struct gh_lum_frame f;

	if (at - heard_at > 50000)
		gh_lum_rx_silence(&rx);
	heard_at = at;
	if (!gh_lum_rx_byte(&rx, byte, &f))
		return false;
	got->n = f.len + 2;
	got->b[0] = f.type;
	got->b[1] = f.seq;
	memcpy(got->b + 2, f.payload, f.len);
	return true;
}

static uint64_t driver_bad(void)
{
	return rx.bad;
}

static void firmware_begin(void)
{
	bench_init(&bench, 0, 1);
}

/* Its frame stays where it was, the length is gone with the delimiter. */
static bool firmware_byte(uint8_t byte, gh_us at, struct body *got)
{
	const uint32_t good = bench.core.stats.good;
	const uint8_t n = bench.core.rx.n;

	fw_rx(&bench.core, byte, (uint32_t)at);
	if (bench.core.stats.good == good)
		return false;
	got->n = (size_t)n - 4;
	memcpy(got->b, bench.core.rx.frame, got->n);
	return true;
}

static uint64_t firmware_bad(void)
{
	return bench.core.stats.bad;
}

static const struct receiver receivers[] = {
	{ "driver", driver_begin, driver_byte, driver_bad },
	{ "firmware", firmware_begin, firmware_byte, firmware_bad },
};

/* ---- Sent and judged ----------------------------------------------------- */

/* Mostly short, as the wire's traffic is; zeros in it, as counts have. */
static const struct body *next_body(struct gh_rng *rng)
{
	struct body *s = &sent[tally.sent % REMEMBERED];
	const uint64_t draw = gh_rng_next(rng);
	const size_t most = draw & 7 ? 40 : GH_LUM_PAYLOAD_MAX - 8;
	const size_t len = 8 + (size_t)(draw >> 8) % (most + 1);
	uint64_t bits = 0;

	s->n = len + 2;
	s->b[0] = (uint8_t)(TYPE_0 + draw / 16 % 32);
	s->b[1] = (uint8_t)tally.sent;
	memcpy(s->b + 2, &tally.sent, 8);
	for (size_t i = 8; i < len; i++) {
		if (i % 8 == 0)
			bits = gh_rng_next(rng);
		s->b[2 + i] = (uint8_t)(bits >> i % 8 * 8);
		s->b[2 + i] &= (uint8_t) - (int)(s->b[2 + i] % 3 != 0);
	}
	return s;
}

/* The number in it says which one it claims to be. */
static void judge(const struct body *got)
{
	const struct body *s;
	uint64_t number = UINT64_MAX;

	if (got->n >= 10)
		memcpy(&number, got->b + 2, 8);
	s = &sent[number % REMEMBERED];
	if (number >= tally.sent || tally.sent - number > REMEMBERED ||
	    got->n != s->n || memcmp(got->b, s->b, s->n) != 0) {
		tally.wrong++;
		return;
	}
	if (number < newest) {
		tally.again++;
		return;
	}
	newest = number + 1;
	tally.right++;
}

/* Returns how many frames were taken. */
static unsigned deliver(const struct receiver *r, gh_us until)
{
	struct body got;
	uint8_t bytes[READ_MOST];
	unsigned taken = 0;
	gh_us at;

	while ((at = noisy_lane_due(&lane)) <= until) {
		const size_t n =
			noisy_lane_take(&lane, bytes, sizeof bytes, at);

		for (size_t i = 0; i < n; i++) {
			if (!r->byte(bytes[i], at, &got))
				continue;
			judge(&got);
			taken++;
		}
	}
	return taken;
}

static unsigned send(const struct receiver *r, struct gh_rng *rng)
{
	const struct body *s = next_body(rng);
	uint8_t wire[GH_LUM_WIRE_MAX];
	const size_t n =
		gh_lum_encode(wire, s->b[0], s->b[1], s->b + 2, s->n - 2);

	tally.sent++;
	now += FRAME_GAP_US;
	noisy_lane_put(&lane, wire, n, now);
	return deliver(r, now);
}

static void one_round(const struct receiver *r, struct gh_rng *rng,
		      const struct noisy_fault *fault)
{
	noisy_lane_strike(&lane, fault);
	for (int i = 0; i < STRUCK; i++)
		send(r, rng);
	/* It ends when all that was held back is there. */
	noisy_lane_strike(&lane, &noisy_faults[0]);
	if (lane.last > now)
		now = lane.last;
	deliver(r, now);
	for (int i = 0; i < AFTER; i++)
		tally.late += send(r, rng) != 1 && i > 0;
}

/* What may be lost of a wire that only takes its time: nothing. */
static bool loses_nothing(const struct noisy_fault *f)
{
	return f->kind == NOISY_CLEAN || f->kind == NOISY_DELAY ||
	       f->kind == NOISY_SPLIT;
}

static void through(const struct receiver *r, const struct noisy_fault *fault,
		    uint64_t seed)
{
	uint64_t frames = gh_soak_count(FRAMES, SHORT_FRAMES, SOAK_FRAMES);
	struct gh_rng rng;

	if (fault->kind == NOISY_CLEAN)
		frames *= CLEAN_TIMES;
	gh_rng_seed(&rng, seed, 0, 0);
	noisy_lane_init(&lane, fault, seed, 1);
	memset(&tally, 0, sizeof tally);
	newest = 0;
	now = 0;
	r->begin();
	r->byte(0, now, &(struct body){ 0 });
	while (tally.sent < frames)
		one_round(r, &rng, fault);
	printf("# %s to the %s: %llu sent, %llu struck, %llu right, %llu "
	       "again, %llu lost, %llu dropped; %llu wrong (CRC-32C: %.1g), "
	       "%llu late\n",
	       fault->name, r->name, (unsigned long long)tally.sent,
	       (unsigned long long)lane.struck, (unsigned long long)tally.right,
	       (unsigned long long)tally.again,
	       (unsigned long long)(tally.sent - tally.right),
	       (unsigned long long)r->bad(), (unsigned long long)tally.wrong,
	       (double)r->bad() * CRC_MISSES, (unsigned long long)tally.late);
}

/* Over all faults; clean is none. */
struct sum {
	uint64_t clean, struck, dropped;
};

static void say(const struct receiver *r, const struct sum *sum)
{
	char name[48];

	snprintf(name, sizeof name, "clean frames to the %s", r->name);
	gh_soak_say(name, "%llu, 0 lost, 0 wrongly accepted",
		    (unsigned long long)sum->clean);
	snprintf(name, sizeof name, "frames through faults to the %s", r->name);
	gh_soak_say(name,
		    "%llu through %d faults, %llu dropped, 0 wrongly accepted, "
		    "resynchronised within one frame",
		    (unsigned long long)sum->struck, NOISY_FAULTS - 1,
		    (unsigned long long)sum->dropped);
}

static void every_fault(const struct receiver *r)
{
	struct sum sum = { 0 };

	for (size_t i = 0; i < NOISY_FAULTS; i++) {
		const struct noisy_fault *f = &noisy_faults[i];

		through(r, f, 1 + i);
		assert_int_equal(tally.wrong, 0);
		assert_int_equal(tally.late, 0);
		assert_true((lane.struck > 0) == (f->kind != NOISY_CLEAN));
		if (loses_nothing(f))
			assert_int_equal(tally.sent - tally.right + r->bad(),
					 0);
		else
			assert_true(tally.right < tally.sent && r->bad() > 0);
		*(f->kind == NOISY_CLEAN ? &sum.clean : &sum.struck) +=
			tally.sent;
		sum.dropped += r->bad();
	}
	say(r, &sum);
}

static void the_driver_takes_nothing_wrong(void **state)
{
	(void)state;
	every_fault(&receivers[0]);
}

static void the_firmware_takes_nothing_wrong(void **state)
{
	(void)state;
	every_fault(&receivers[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_driver_takes_nothing_wrong),
		cmocka_unit_test(the_firmware_takes_nothing_wrong),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
