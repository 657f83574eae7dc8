/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A night is carried to another machine, over disks that fail at every call
 * there is: the bundle is written whole or not at all, and so it is taken.
 * timeout: 900
 */
#include "store/bundle.h"	   /* gh_store_export */
#include "unit/test_store_stage.h" /* struct stage */

/* A bundle of one night is written, and taken by a blank database. */
struct carrier {
	struct stage s;
	char bundle[120];
	struct gh_bundle_count count;
};

static enum gh_status write_out(struct carrier *c)
{
	const struct gh_bundle_ask ask = { .with_recordings = true,
					   .now_s = LIFE_NOW };
	struct kit *k = &c->s.kit;

	return gh_store_export(k->st, c->bundle, &ask, &c->count, &k->err);
}

static enum gh_status take_in(struct carrier *c)
{
	/* The blank one has the name of the database that wrote it. */
	const struct gh_import_ask ask = { .now_s = LIFE_NOW, .mine = true };
	struct kit *k = &c->s.kit;

	return gh_store_import(k->st, c->bundle, &ask, &c->count, &k->err);
}

static bool is_written(struct carrier *c)
{
	char part[130];

	snprintf(part, sizeof part, "%s.part", c->bundle);
	if (access(part, F_OK) == 0)
		fail_msg(AT "half a bundle is left", SAY(&c->s));
	return access(c->bundle, F_OK) == 0;
}

static bool is_taken(struct carrier *c)
{
	if (life_torn(&c->s.kit) != 0 || !life_sound(&c->s.kit))
		fail_msg(AT "half a bundle was taken", SAY(&c->s));
	return kit_count(&c->s.kit, "SELECT count(*) FROM run_end") == 1;
}

typedef enum gh_status carry(struct carrier *c);
typedef bool is_done(struct carrier *c);

/* Said is done, refused is not; then it is asked for again. False: no fault. */
static bool one_carry(struct carrier *c, carry *step, is_done *is,
		      struct tally *t)
{
	struct kit *k = &c->s.kit;
	enum gh_status said;
	bool hit;

	memset(&k->err, 0, sizeof k->err);
	gh_fault_vfs_arm(c->s.mode, c->s.nth);
	said = step(c);
	hit = gh_fault_vfs_disarm();
	if (is(c) != (said == GH_OK))
		fail_msg(AT "said %d: %s", SAY(&c->s), said, k->err.msg);
	if (said != GH_OK) {
		if (!strstr(k->err.msg, k->folder) ||
		    strstr(k->err.msg, "not a bundle"))
			fail_msg(AT "the wrong cause: %s", SAY(&c->s),
				 k->err.msg);
		t->refused++;
		if (step(c) != GH_OK)
			fail_msg(AT "cannot be done again: %s", SAY(&c->s),
				 k->err.msg);
		assert_true(is(c));
		t->again++;
	}
	t->calls += hit;
	return hit;
}

static void open_blank(struct carrier *c)
{
	struct kit *k = &c->s.kit;
	static const char *const ends[] = { "", "-wal", "-shm", ".lock" };
	char name[120];

	gh_store_close(k->st);
	k->st = NULL;
	for (size_t i = 0; i < GH_ARRAY_SIZE(ends); i++) {
		snprintf(name, sizeof name, "%s%s", k->path, ends[i]);
		unlink(name);
	}
	put_blank(k);
	kit_open(k);
}

static void every_call_of_a_carrier_may_fail(void **state)
{
	const long step =
		(long)gh_soak_count(5 * GH_FAULT_MODES, GH_FAULT_MODES, 1);
	struct carrier c = { .s = { .files = 0 } };
	struct kit *k = &c.s.kit;
	struct tally t = { 0 };

	(void)state;
	kit_init(k);
	snprintf(c.bundle, sizeof c.bundle, "%s/runs.bundle", k->folder);
	keep_blank(k);
	for (unsigned m = 0; m < GH_FAULT_MODES; m++) {
		bool hit = true;

		c.s.mode = (enum gh_fault_mode)m;
		open_blank(&c);
		kit_run(k);
		for (c.s.nth = (long)m; hit; c.s.nth += step) {
			unlink(c.bundle);
			hit = one_carry(&c, write_out, is_written, &t);
		}
		hit = true;
		for (c.s.nth = (long)m; hit; c.s.nth += step) {
			open_blank(&c);
			hit = one_carry(&c, take_in, is_taken, &t);
		}
	}
	assert_true(t.refused > GH_FAULT_MODES);
	gh_soak_say("disk calls of export and import",
		    "%s call in 4 modes: %lu failed, %lu refused and done "
		    "again; 0 half there",
		    stage_share(step), t.calls, t.again);
	kit_finish(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_of_a_carrier_may_fail),
	};

	return cmocka_run_group_tests(tests, gh_fault_vfs_set_up, NULL);
}
