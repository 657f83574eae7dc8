/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A run that its database refused comes in later as what it is: a run measured
 * here, in its place and its session, once; and not at all where the database
 * has it after all.
 */
#include "store/bundle.h"	 /* gh_store_rescue */
#include "store/since.h"	 /* gh_store_since */
#include "unit/test_store_kit.h" /* struct kit */

#define NOW 1795374000

struct late {
	struct kit k;
	struct gh_run_place place;
	struct gh_bundle_count in;
	char file[120];
};

static void late_init(struct late *l)
{
	memset(l, 0, sizeof *l);
	kit_init(&l->k);
	kit_open(&l->k);
	snprintf(l->file, sizeof l->file, "%s/late", l->k.folder);
}

/* What a check does before it begins a run. */
static void find_place(struct late *l)
{
	kit_ok(&l->k,
	       gh_store_place(l->k.st, &l->k.info, &l->place, &l->k.err));
}

static void begin(struct late *l)
{
	find_place(l);
	kit_ok(&l->k, gh_store_begin_run(l->k.st, &l->k.info, &l->k.err));
	assert_int_equal(l->place.number, l->k.info.run);
	assert_int_equal(l->place.session, l->k.info.session);
}

static enum gh_status save(struct late *l)
{
	const struct gh_run_content all = {
		&l->k.info,   &l->k.rec,   l->k.parts,	     3, l->k.measures,
		KIT_MEASURES, l->k.result, l->k.not_checked, 2,
	};

	return gh_store_rescue(l->file, &l->place, &all, NOW, &l->k.err);
}

static enum gh_status take_in(struct late *l, bool mine)
{
	const struct gh_import_ask ask = { .now_s = NOW, .mine = mine };

	return gh_store_import(l->k.st, l->file, &ask, &l->in, &l->k.err);
}

/* How many runs and how many of them known, and all of it sound. */
static void expect(struct late *l, unsigned runs, unsigned known)
{
	struct gh_chain_found found;

	kit_ok(&l->k, take_in(l, true));
	assert_int_equal(l->in.runs, runs);
	assert_int_equal(l->in.known, known);
	kit_ok(&l->k, gh_store_check(l->k.st, &l->k.err));
	kit_ok(&l->k, gh_store_verify(l->k.st, NULL, &found, &l->k.err));
	assert_int_equal(found.n_faults, 0);
	gh_chain_found_free(&found);
}

static int64_t last(struct late *l)
{
	int64_t run = 0;

	kit_ok(&l->k, gh_store_last_judged(l->k.st, NULL, &run, &l->k.err));
	return run;
}

/* The program died; another check of another power-up closes the books. */
static void next_run(struct late *l)
{
	kit_open(&l->k);
	strcpy(l->k.info.boot, "boot-2");
	l->k.info.started_s += 7200;
	kit_run(&l->k);
}

static void a_commit_that_reached_the_disk(void **state)
{
	struct late l;

	(void)state;
	late_init(&l);
	begin(&l);
	kit_ok(&l.k, kit_end(&l.k));
	kit_ok(&l.k, save(&l));
	expect(&l, 0, 1);
	assert_int_equal(kit_count(&l.k, "SELECT count(*) FROM run"), 1);
	kit_finish(&l.k);
}

static void a_late_run_is_ours(void **state)
{
	struct gh_store_recording rec;
	struct gh_since since;
	struct gh_run_info was;
	struct late l;

	(void)state;
	late_init(&l);
	kit_run(&l.k);
	begin(&l);
	kit_ok(&l.k, save(&l));
	kit_open(&l.k);
	expect(&l, 1, 0);
	expect(&l, 0, 1);
	assert_int_equal(last(&l), 3);
	kit_ok(&l.k, gh_store_get_run(l.k.st, 3, &was, &l.k.err));
	assert_int_equal(was.session, 1);
	assert_string_equal(was.boot, l.k.info.boot);
	kit_ok(&l.k, gh_store_get_recording(l.k.st, 3, &rec, &l.k.err));
	assert_int_equal(rec.n_chunks, 3);
	gh_store_recording_free(&rec);
	/* It stands where its first row does, which is closed by and by. */
	next_run(&l);
	assert_int_equal(last(&l), l.k.info.run);
	assert_int_equal(l.k.info.session, 2);
	kit_ok(&l.k, gh_store_since(l.k.st, 3, &since, &l.k.err));
	assert_int_equal(since.later, l.k.info.run);
	assert_true(since.rebooted);
	expect(&l, 0, 1);
	kit_finish(&l.k);
}

/* The next run took its number, and it is in only after that. */
static void a_run_that_never_began(void **state)
{
	struct late l;

	(void)state;
	late_init(&l);
	kit_run(&l.k);
	find_place(&l);
	assert_int_equal(l.place.number, 2);
	l.k.info.run = 0;
	l.k.measures[0].v[0] = 42;
	kit_ok(&l.k, save(&l));
	next_run(&l);
	expect(&l, 1, 0);
	assert_int_equal(last(&l), 2);
	expect(&l, 0, 1);
	/* and another one of its power-up is one of its session */
	strcpy(l.k.info.boot, "boot-2");
	l.k.info.started_s += 60;
	kit_run(&l.k);
	assert_int_equal(l.k.info.session, 2);
	kit_finish(&l.k);
}

/* Another power-up has the number of its session by now. */
static void its_session_was_taken(void **state)
{
	struct gh_run_info was;
	struct late l;

	(void)state;
	late_init(&l);
	kit_run(&l.k);
	strcpy(l.k.info.boot, "boot-7");
	l.k.info.started_s += 3600;
	find_place(&l);
	assert_int_equal(l.place.session, 2);
	kit_ok(&l.k, save(&l));
	next_run(&l);
	assert_int_equal(l.k.info.session, 2);
	expect(&l, 1, 0);
	kit_ok(&l.k, gh_store_get_run(l.k.st, 3, &was, &l.k.err));
	assert_int_equal(was.session, 3);
	kit_finish(&l.k);
}

static void a_claim_is_not_believed(void **state)
{
	struct late l;

	(void)state;
	late_init(&l);
	begin(&l);
	kit_ok(&l.k, save(&l));
	kit_open(&l.k);
	assert_int_equal(take_in(&l, false), GH_ARG);
	assert_non_null(strstr(l.k.err.msg, "nothing was imported"));
	assert_int_equal(kit_count(&l.k, "SELECT count(*) FROM run_end"), 0);
	/* What is here already claims nothing. */
	expect(&l, 1, 0);
	kit_ok(&l.k, take_in(&l, false));
	assert_int_equal(l.in.known, 1);
	kit_finish(&l.k);
}

/* No database could be read: it comes in as any other. */
static void without_a_database(void **state)
{
	struct late l;

	(void)state;
	late_init(&l);
	kit_ok(&l.k, save(&l));
	kit_ok(&l.k, take_in(&l, false));
	assert_int_equal(l.in.runs, 1);
	expect(&l, 0, 1);
	kit_run(&l.k);
	assert_int_equal(last(&l), l.k.info.run);
	kit_finish(&l.k);
}

static void never_over_a_file(void **state)
{
	struct stat is;
	struct late l;
	char part[140];

	(void)state;
	late_init(&l);
	kit_ok(&l.k, save(&l));
	assert_int_equal(lstat(l.file, &is), 0);
	assert_int_equal(is.st_mode & 0777, 0600);
	assert_int_equal(save(&l), GH_ARG);
	unlink(l.file);
	/* nor through a link in its place, nor beside it */
	assert_int_equal(symlink(l.k.path, l.file), 0);
	assert_int_equal(save(&l), GH_ARG);
	unlink(l.file);
	snprintf(part, sizeof part, "%s.part", l.file);
	assert_int_equal(symlink(l.k.path, part), 0);
	kit_ok(&l.k, save(&l));
	kit_ok(&l.k, gh_store_check(l.k.st, &l.k.err));
	kit_finish(&l.k);
}

/* Without its samples: where there is no room for them. */
static void without_a_recording(void **state)
{
	struct gh_store_recording rec;
	struct late l;

	(void)state;
	late_init(&l);
	begin(&l);
	l.k.info.run = 1;
	{
		const struct gh_run_content said = {
			&l.k.info,
			NULL,
			l.k.parts,
			3,
			l.k.measures,
			KIT_MEASURES,
			l.k.result,
			l.k.not_checked,
			2,
		};

		kit_ok(&l.k,
		       gh_store_rescue(l.file, &l.place, &said, NOW, &l.k.err));
	}
	kit_open(&l.k);
	expect(&l, 1, 0);
	assert_false(l.in.with_recordings);
	assert_int_equal(gh_store_get_recording(l.k.st, 2, &rec, &l.k.err),
			 GH_NODATA);
	kit_finish(&l.k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_commit_that_reached_the_disk),
		cmocka_unit_test(a_late_run_is_ours),
		cmocka_unit_test(a_run_that_never_began),
		cmocka_unit_test(its_session_was_taken),
		cmocka_unit_test(a_claim_is_not_believed),
		cmocka_unit_test(without_a_database),
		cmocka_unit_test(never_over_a_file),
		cmocka_unit_test(without_a_recording),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
