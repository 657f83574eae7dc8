/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A disk that fails at every call there is, once or for good: nothing is lost
 * in silence, nothing is half there, nothing leaks, and the next start works.
 * timeout: 900
 */
#include "fakes/fault_vfs.h"	  /* gh_fault_vfs_arm */
#include "store/bundle.h"	  /* gh_store_export */
#include "unit/test_store_life.h" /* struct life */

/* Over all modes. */
struct tally {
	unsigned long calls, refused, again;
	unsigned long nonetheless; /* runs refused, and found later */
};

static int open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/* One fault; before it the folder is made anew. */
struct stage {
	struct kit kit;
	struct life life;
	enum gh_fault_mode mode;
	long nth;
	sqlite3_int64 memory;
	int files;
};

#define AT "%s, call %ld (%s): "
#define SAY(s) gh_fault_mode_name((s)->mode), (s)->nth, gh_fault_vfs_failed()

/* The line says whose disk it is, and what is wrong with it. */
static void check_line(const struct stage *s, enum gh_status said)
{
	static const char *const words[] = {
		"its disk refuses to read or write", "no room left on its disk",
		"cannot be opened"
	};
	const char *line = s->kit.err.msg;

	if (said != GH_STORE)
		fail_msg(AT "status %d: %s", SAY(s), said, line);
	if (!strstr(line, s->kit.path))
		fail_msg(AT "does not name the file: %s", SAY(s), line);
	for (size_t i = 0; i < GH_ARRAY_SIZE(words); i++) {
		if (strstr(line, words[i]))
			return;
	}
	fail_msg(AT "does not name the cause: %s", SAY(s), line);
}

static enum gh_status open_store(struct stage *s)
{
	gh_store_close(s->kit.st);
	s->kit.st = NULL;
	memset(&s->kit.err, 0, sizeof s->kit.err);
	return gh_store_open(&s->kit.st, s->kit.path, GH_STORE_WRITE,
			     &s->kit.err);
}

/* What failed once is done when it is asked for again. */
static bool is_once(const struct stage *s)
{
	return s->mode == GH_FAULT_IO_ONCE || s->mode == GH_FAULT_FULL_ONCE;
}

static bool open_or_say(struct stage *s, struct tally *t)
{
	enum gh_status said = open_store(s);

	if (said == GH_OK)
		return true;
	check_line(s, said);
	t->refused++;
	if (!is_once(s))
		return false;
	said = open_store(s);
	if (said != GH_OK)
		fail_msg(AT "cannot be opened again: %s", SAY(s),
			 s->kit.err.msg);
	t->again++;
	return true;
}

static bool do_or_say(struct stage *s, const struct life_kind *kind,
		      struct tally *t)
{
	enum gh_status said = life_do(&s->life, &s->kit, kind);

	if (said == GH_OK)
		return true;
	check_line(s, said);
	t->refused++;
	if (!is_once(s))
		return false;
	said = life_do(&s->life, &s->kit, kind);
	if (said != GH_OK)
		fail_msg(AT "%s cannot be done again: %s", SAY(s), kind->name,
			 s->kit.err.msg);
	t->again++;
	return true;
}

/* The machine is well again: is everything there that was promised? */
static void check_after(struct stage *s, struct tally *t)
{
	static const char ends[] = "SELECT count(*) FROM run_end";
	struct kit *k = &s->kit;
	const char *first = "";
	unsigned lost;

	if (open_store(s) != GH_OK)
		fail_msg(AT "does not open: %s", SAY(s), k->err.msg);
	if (!life_sound(k))
		fail_msg(AT "damaged: %s", SAY(s), k->err.msg);
	lost = life_lost(&s->life, k, &first);
	if (lost > 0)
		fail_msg(AT "%u lost, the first: %s", SAY(s), lost, first);
	if (life_torn(k) != 0)
		fail_msg(AT "a run is half there", SAY(s));
	/* A sync that failed for good: what it was for may be there. */
	if (s->life.n < 2 && kit_count(k, ends) > 0)
		t->nonetheless++;
	kit_run(k);
	assert_int_equal(kit_count(k, "SELECT count(*) FROM run WHERE run NOT "
				      "IN (SELECT run FROM run_end)"),
			 0);
}

/* What SQLite and the store had before this fault, and nothing more. */
static void check_leaks(struct stage *s)
{
	gh_store_close(s->kit.st);
	s->kit.st = NULL;
	if (sqlite3_memory_used() != s->memory)
		fail_msg(AT "%lld bytes leaked", SAY(s),
			 (long long)(sqlite3_memory_used() - s->memory));
	if (open_files() != s->files)
		fail_msg(AT "a file stays open", SAY(s));
}

/* ---- Fault by fault --------------------------------------------------------*/

/* A database of this version without a run. */
static struct {
	unsigned char bytes[1 << 20];
	size_t n;
} blank;

static void keep_blank(struct kit *k)
{
	FILE *f;

	kit_open(k);
	gh_store_close(k->st);
	k->st = NULL;
	f = fopen(k->path, "rbe");
	assert_non_null(f);
	blank.n = fread(blank.bytes, 1, sizeof blank.bytes, f);
	fclose(f);
	assert_in_range(blank.n, 4096, sizeof blank.bytes - 1);
}

static void put_blank(const struct kit *k)
{
	FILE *f = fopen(k->path, "wbe");

	assert_non_null(f);
	assert_int_equal(fwrite(blank.bytes, 1, blank.n, f), blank.n);
	assert_int_equal(fclose(f), 0);
}

/* False: no call failed, there are not that many. */
static bool one_fault(struct stage *s, unsigned kinds, struct tally *t)
{
	bool going, hit;

	memset(&s->life, 0, sizeof s->life);
	life_init(&s->kit);
	gh_fault_vfs_arm(s->mode, s->nth);
	going = open_or_say(s, t);
	for (unsigned i = 0; going && i < kinds; i++)
		going = do_or_say(s, &life_kinds[i], t);
	gh_store_close(s->kit.st); /* the log goes into the database, or not */
	s->kit.st = NULL;
	hit = gh_fault_vfs_disarm();
	check_after(s, t);
	check_leaks(s);
	t->calls += hit;
	return hit;
}

/*
 * Calls of opening and `kinds` steps, until there is none: each in each mode in
 * a soak, else every stride-th, the modes in turn.
 */
static void every_call(const char *name, bool is_blank, unsigned kinds,
		       long stride)
{
	const long step = getenv("GH_SOAK") ? 1 : stride;
	struct tally t = { 0 };
	static struct stage s;

	memset(&s, 0, sizeof s);
	kit_init(&s.kit);
	keep_blank(&s.kit);
	s.memory = sqlite3_memory_used();
	s.files = open_files();
	for (unsigned m = 0; m < GH_FAULT_MODES; m++) {
		const unsigned long before = t.refused;
		bool hit = true;

		s.mode = (enum gh_fault_mode)m;
		for (s.nth = (long)m % step; hit; s.nth += step) {
			kit_empty_folder(s.kit.folder);
			if (is_blank)
				put_blank(&s.kit);
			hit = one_fault(&s, kinds, &t);
		}
		assert_true(s.nth > 100); /* it writes that many pages */
		assert_true(t.refused > before);
	}
	print_message("# %s: %lu calls failed in 4 modes, %lu steps refused, "
		      "%lu of them done again, %lu found nonetheless; 0 lost, "
		      "0 torn, 0 corrupt, 0 leaked\n",
		      name, t.calls, t.refused, t.again, t.nonetheless);
	kit_finish(&s.kit);
}

static void every_call_of_a_night_may_fail(void **state)
{
	(void)state;
	every_call("a night", true, LIFE_KINDS, GH_FAULT_MODES);
}

/* Making a new database is long and the same again and again. */
static void every_call_of_the_first_start_may_fail(void **state)
{
	(void)state;
	every_call("first start", false, 1, 3L * GH_FAULT_MODES);
}

/* ---- Carried to another machine --------------------------------------------*/

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
	struct kit *k = &c->s.kit;

	return gh_store_import(k->st, c->bundle, LIFE_NOW, &c->count, &k->err);
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
	const long step = getenv("GH_SOAK") ? 1 : 5L * GH_FAULT_MODES;
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
	print_message("# bundles: %lu calls failed in 4 modes, %lu refused and "
		      "done again; 0 half there\n",
		      t.calls, t.again);
	kit_finish(k);
}

static int install(void **state)
{
	(void)state;
	return gh_fault_vfs_install() ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_of_a_night_may_fail),
		cmocka_unit_test(every_call_of_the_first_start_may_fail),
		cmocka_unit_test(every_call_of_a_carrier_may_fail),
	};

	return cmocka_run_group_tests(tests, install, NULL);
}
