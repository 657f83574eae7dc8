/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole runs in virtual time, recorded and replayed: the same samples at the
 * same times, the same end, the same bytes on the wire; and a tool that says
 * something else is found at the byte.
 */
#include "base/sha256.h" /* gh_sha256_update */
#include "engine/run.h"	 /* gh_run */
#include "fakes/world.h"
#include "link/record.h" /* what is tested */
#include "link/replay.h" /* what is tested */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

enum { CUT_LINES = 4000 };

struct stage {
	struct gh_rig rig;
	char *rig_text;
	size_t rig_bytes;
	struct gh_world world;
	struct gh_clock busy; /* the world's, and computing takes time too */
	unsigned readings;
	struct gh_record *record;
	struct gh_replay *replay;
	gh_us budget_us, begun;
	gh_us stop_at;
	struct gh_run_outcome first, again;
	char file[256];
};

/* ---- Recording a run of the world ---------------------------------------- */

/* A turn computes for some microseconds, sometimes for two milliseconds. */
static gh_us busy_now(void *self)
{
	struct stage *s = self;

	s->readings++;
	s->world.now += s->readings % 7 + (s->readings % 97 == 0 ? 2000 : 0);
	return s->world.now;
}

static int busy_wait(void *self, struct pollfd *fds, size_t n, gh_us until)
{
	return gh_wait(&((struct stage *)self)->world.clock, fds, n, until);
}

static int64_t busy_wall(void *self)
{
	return gh_wall_s(&((struct stage *)self)->world.clock);
}

static enum gh_ear_word hear_world(void *self)
{
	struct stage *s = self;

	if (s->world.now < s->stop_at)
		return GH_EAR_NOTHING;
	gh_record_stop(s->record);
	return GH_EAR_STOP;
}

static size_t no_ear_fds(void *self, struct pollfd *out, size_t cap)
{
	(void)self;
	return gh_replay_ears(out, cap);
}

static struct gh_run_config config_of(struct stage *s)
{
	return (struct gh_run_config){
		.rig = &s->rig,
		.driver = gh_driver_find("lumina"),
		.begun = s->begun,
		.budget_us = s->budget_us,
		.allow_motion = true,
		.only = -1,
	};
}

static void record_run(struct stage *s, const char *const *faults, size_t n)
{
	struct gh_wirelog_head head = { .version = "0.0.test",
					.allow_motion = true,
					.rig_text = s->rig_text,
					.rig_bytes = s->rig_bytes };
	struct gh_run_config config;
	struct gh_link *link = &s->world.link;
	struct gh_err err = { 0 };
	const gh_us unplug_at = s->world.unplug_at;

	gh_world_open(&s->world, &s->rig, 91, 1, faults, n);
	s->world.unplug_at = unplug_at;
	s->world.now = s->begun = 5000;
	head.clock = s->begun;
	head.wall_s = gh_wall_s(&s->world.clock);
	remove(s->file);
	if (gh_record_begin(&s->record, s->file, &head, &s->busy, &err) !=
		    GH_OK ||
	    gh_record_link(s->record, &link, &err) != GH_OK)
		fail_msg("%s", err.msg);
	config = config_of(s);
	config.link = link;
	config.clock = gh_record_clock(s->record);
	config.ears = (struct gh_ears){ no_ear_fds, hear_world, s };
	gh_run(&config, &s->first);
	gh_link_close(link);
	if (gh_record_finish(s->record, &err) != GH_OK)
		fail_msg("%s", err.msg);
	s->record = NULL;
}

/* ---- Replaying it -------------------------------------------------------- */

static enum gh_ear_word hear_replay(void *self)
{
	struct stage *s = self;

	return gh_replay_hear(s->replay) ? GH_EAR_STOP : GH_EAR_NOTHING;
}

static void replay_run(struct stage *s)
{
	struct gh_run_config config = config_of(s);
	struct gh_err err = { 0 };

	if (gh_replay_load(&s->replay, s->file, &err) != GH_OK ||
	    gh_replay_link(s->replay, &config.link, &err) != GH_OK)
		fail_msg("%s", err.msg);
	config.clock = gh_replay_clock(s->replay);
	config.ears = (struct gh_ears){ no_ear_fds, hear_replay, s };
	gh_run(&config, &s->again);
	gh_link_close(config.link);
}

static void hash(const struct gh_recording *rec, char out[GH_SHA256_HEX_CAP])
{
	struct gh_sha256 h;
	struct gh_span *spans = calloc(GH_REC_SPANS, sizeof *spans);
	const size_t n = gh_recording_spans(rec, -1, GH_EX_COUNT, GH_REPEAT_ALL,
					    spans, GH_REC_SPANS);

	assert_non_null(spans);
	gh_sha256_init(&h);
	for (unsigned c = 0; c < gh_recording_channels(rec); c++)
		for (size_t i = 0; i < gh_recording_count(rec, c); i++) {
			gh_us at;
			int16_t raw;

			gh_recording_raw(rec, c, i, &at, &raw);
			gh_sha256_update(&h, &at, sizeof at);
			gh_sha256_update(&h, &raw, sizeof raw);
		}
	for (size_t i = 0; i < n; i++) {
		gh_sha256_update(&h, &spans[i].begin, sizeof spans[i].begin);
		gh_sha256_update(&h, &spans[i].end, sizeof spans[i].end);
	}
	gh_sha256_finish(&h, out);
	free(spans);
}

static void assert_same_run(const struct stage *s)
{
	const struct gh_run_outcome *a = &s->first, *b = &s->again;
	char was[GH_SHA256_HEX_CAP], is[GH_SHA256_HEX_CAP];

	if (gh_replay_differs(s->replay))
		fail_msg("%s", gh_replay_differs(s->replay)->msg);
	assert_int_equal(a->how, b->how);
	assert_string_equal(a->err.msg, b->err.msg);
	assert_string_equal(a->safe_text, b->safe_text);
	assert_int_equal(a->joints, b->joints);
	assert_memory_equal(&a->duration_s, &b->duration_s, sizeof(double));
	assert_memory_equal(&a->motion_s, &b->motion_s, sizeof(double));
	assert_true(gh_recording_count(a->rec, 0) > 100);
	hash(a->rec, was);
	hash(b->rec, is);
	assert_string_equal(was, is);
	/* Round trips, loss, resets: all that was counted. */
	assert_memory_equal(gh_recording_facts_of(a->rec),
			    gh_recording_facts_of(b->rec),
			    sizeof(struct gh_rec_facts));
}

/* ---- Set-up -------------------------------------------------------------- */

static int setup(void **state)
{
	struct stage *s = calloc(1, sizeof *s);
	struct gh_err err = { 0 };
	const char *tmp = getenv("TMPDIR");
	FILE *f = fopen("tests/fixtures/rig/lumina_eye.rig", "rb");

	if (!s || !f ||
	    gh_rig_read(&s->rig, "tests/fixtures/rig/lumina_eye.rig", &err) !=
		    GH_OK)
		return -1;
	s->rig_text = malloc(1u << 16);
	if (s->rig_text)
		s->rig_bytes = fread(s->rig_text, 1, 1u << 16, f);
	fclose(f);
	snprintf(s->file, sizeof s->file, "%.200s/replay-%ld.wire",
		 tmp ? tmp : "/tmp", (long)getpid());
	s->busy = (struct gh_clock){ busy_now, busy_wait, busy_wall, s };
	s->stop_at = s->world.unplug_at = GH_US_NEVER;
	s->budget_us = 20 * (gh_us)GH_US_PER_S;
	*state = s;
	return s->rig_text ? 0 : -1;
}

static int teardown(void **state)
{
	struct stage *s = *state;

	gh_run_finish(&s->first);
	gh_run_finish(&s->again);
	gh_replay_free(s->replay);
	gh_world_close(&s->world);
	remove(s->file);
	free(s->rig_text);
	free(s);
	return 0;
}

/* ---- Tests --------------------------------------------------------------- */

static void a_replay_is_the_same_run(void **state)
{
	static const char *const fault[] = { "limp@resilience.elbow" };
	struct stage *s = *state;

	s->budget_us = 60 * (gh_us)GH_US_PER_S;
	record_run(s, fault, 1);
	assert_int_equal(s->first.how, GH_RUN_HOW_COMPLETE);
	replay_run(s);
	assert_same_run(s);
	assert_false(gh_replay_is_cut(s->replay));
	assert_true(gh_replay_was_pty(s->replay));
	assert_int_equal(gh_replay_head(s->replay)->rig_bytes, s->rig_bytes);
	assert_memory_equal(gh_replay_head(s->replay)->rig_text, s->rig_text,
			    s->rig_bytes);
}

static void a_stop_is_heard_where_it_was(void **state)
{
	static const double at_s[] = { 0.3, 2.0, 9.0 };
	struct stage *s = *state;

	for (size_t i = 0; i < GH_ARRAY_SIZE(at_s); i++) {
		s->stop_at = (gh_us)(at_s[i] * 1e6);
		record_run(s, NULL, 0);
		assert_int_equal(s->first.how, GH_RUN_HOW_STOPPED);
		assert_true(s->first.safe_seen);
		replay_run(s);
		assert_null(gh_replay_differs(s->replay));
		assert_int_equal(s->again.how, GH_RUN_HOW_STOPPED);
		assert_true(s->again.safe_seen);
		gh_run_finish(&s->first);
		gh_run_finish(&s->again);
		gh_replay_free(s->replay);
		s->replay = NULL;
		gh_world_close(&s->world);
	}
	gh_world_open(&s->world, &s->rig, 91, 1, NULL, 0);
}

static void an_unplug_comes_again(void **state)
{
	struct stage *s = *state;

	s->world.unplug_at = 8 * (gh_us)GH_US_PER_S;
	record_run(s, NULL, 0);
	assert_int_equal(s->first.err.code, GH_GONE);
	replay_run(s);
	assert_same_run(s);
	assert_int_equal(s->again.err.code, GH_GONE);
	assert_false(s->again.safe_seen);
}

/* The file's lines, with `change` done to one of them. */
static void rewrite(const struct stage *s,
		    bool (*change)(char *line, void *own), void *own)
{
	static char line[GH_WIRELOG_LINE + 2];
	char other[sizeof s->file + 8];
	FILE *from = fopen(s->file, "r"), *to;

	snprintf(other, sizeof other, "%s.new", s->file);
	to = fopen(other, "w");
	assert_true(from && to);
	while (fgets(line, sizeof line, from) && change(line, own))
		fputs(line, to);
	fclose(from);
	fclose(to);
	assert_int_equal(rename(other, s->file), 0);
}

/* Of the twentieth line that was written, the last digit but one. */
static bool change_a_byte(char *line, void *own)
{
	unsigned *nth = own;

	if (line[0] == '>' && ++*nth == 20)
		line[strlen(line) - 2] ^= line[strlen(line) - 2] == '1' ? 3 : 1;
	return true;
}

static void another_byte_ends_the_replay(void **state)
{
	struct stage *s = *state;
	unsigned nth = 0;
	const struct gh_err *differs;

	record_run(s, NULL, 0);
	rewrite(s, change_a_byte, &nth);
	replay_run(s);
	differs = gh_replay_differs(s->replay);
	assert_non_null(differs);
	assert_non_null(strstr(differs->msg, " s, byte "));
	assert_non_null(strstr(differs->msg, "this version says "));
	assert_non_null(strstr(differs->msg, "version 0.0.test said "));
	assert_non_null(strstr(differs->msg, "record anew"));
}

static bool drop_a_stop(char *line, void *own)
{
	unsigned *nth = own;

	/* The rest is as if the stop had never been said. */
	if (line[0] == 's')
		++*nth;
	if (line[0] == 's')
		strcpy(line, "# nothing\n");
	return true;
}

static void another_way_ends_the_replay(void **state)
{
	struct stage *s = *state;
	unsigned stops = 0;

	s->stop_at = 4 * (gh_us)GH_US_PER_S;
	record_run(s, NULL, 0);
	rewrite(s, drop_a_stop, &stops);
	assert_int_equal(stops, 1);
	replay_run(s);
	assert_non_null(gh_replay_differs(s->replay));
}

static bool cut(char *line, void *own)
{
	unsigned *n = own;

	(void)line;
	return ++*n < CUT_LINES;
}

static void where_a_log_ends_the_controller_is_silent(void **state)
{
	struct stage *s = *state;
	unsigned n = 0;

	record_run(s, NULL, 0);
	rewrite(s, cut, &n);
	assert_true(n == CUT_LINES);
	replay_run(s);
	assert_null(gh_replay_differs(s->replay));
	assert_true(gh_replay_is_cut(s->replay));
	assert_int_equal(s->again.how, GH_RUN_HOW_FAILED);
	assert_false(s->again.safe_seen);
	assert_true(s->again.duration_s < s->first.duration_s + 3.0);
}

static void a_recording_is_not_written_over(void **state)
{
	struct stage *s = *state;
	const struct gh_wirelog_head head = { .rig_text = s->rig_text };
	struct gh_err err = { 0 };
	struct gh_record *r = NULL;

	record_run(s, NULL, 0);
	assert_int_equal(gh_record_begin(&r, s->file, &head, &s->busy, &err),
			 GH_ARG);
	assert_non_null(strstr(err.msg, "is there already"));
	assert_int_equal(gh_record_begin(&r, "/nowhere/x", &head, &s->busy,
					 &err),
			 GH_ARG);
	assert_int_equal(gh_record_begin(&r, "/dev/full", &head, &s->busy,
					 &err),
			 GH_ARG);
	assert_null(r);
}

/* The disk fills while the run goes on: said once, and the file says so too. */
static void a_full_disk_is_said(void **state)
{
	struct stage *s = *state;
	const struct gh_wirelog_head head = { .version = "9",
					      .rig_text = s->rig_text,
					      .rig_bytes = s->rig_bytes };
	const struct rlimit small = { 16384, RLIM_INFINITY };
	const struct rlimit any = { RLIM_INFINITY, RLIM_INFINITY };
	struct gh_record *r = NULL;
	struct gh_err err = { 0 };

	signal(SIGXFSZ, SIG_IGN);
	gh_world_open(&s->world, &s->rig, 91, 1, NULL, 0);
	remove(s->file);
	assert_int_equal(gh_record_begin(&r, s->file, &head, &s->busy, &err),
			 GH_OK);
	for (unsigned i = 0; i < 10000; i++)
		(void)gh_wait(gh_record_clock(r), NULL, 0, 1000 * i);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(gh_record_finish(r, &err), GH_IO);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &any), 0);
	assert_non_null(strstr(err.msg, "the recording is not whole"));
	assert_int_equal(gh_replay_load(&s->replay, s->file, &err), GH_OK);
	assert_true(gh_replay_is_cut(s->replay));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_replay_is_the_same_run),
		T(a_stop_is_heard_where_it_was),
		T(an_unplug_comes_again),
		T(another_byte_ends_the_replay),
		T(another_way_ends_the_replay),
		T(where_a_log_ends_the_controller_is_silent),
		T(a_recording_is_not_written_over),
		T(a_full_disk_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
