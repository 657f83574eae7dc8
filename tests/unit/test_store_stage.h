/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * test_store_stage - a disk on which one call fails, of those that a step of
 * the store makes: which calls, in which modes, and what became of them.
 */
#ifndef GH_TEST_STORE_STAGE_H
#define GH_TEST_STORE_STAGE_H

#include "fakes/fault_vfs.h"	  /* gh_fault_vfs_arm */
#include "fakes/soak.h"		  /* gh_soak_count */
#include "unit/test_store_life.h" /* struct life */

/* Over all modes. */
struct tally {
	unsigned long calls, refused, again;
	unsigned long nonetheless; /* runs refused, and found later */
};

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

/* A database of this version without a run. */
static struct {
	unsigned char bytes[1 << 20];
	size_t n;
} blank;

KIT void keep_blank(struct kit *k)
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

KIT void put_blank(const struct kit *k)
{
	FILE *f = fopen(k->path, "wbe");

	assert_non_null(f);
	assert_int_equal(fwrite(blank.bytes, 1, blank.n, f), blank.n);
	assert_int_equal(fclose(f), 0);
}

/* A taste has every so many-th call fail, the modes in turn; a soak each. */
KIT long stage_step(long taste)
{
	return (long)gh_soak_count((unsigned long)taste, 1, 1);
}

/* "every", "every 4th": of the calls, for a figure. */
KIT const char *stage_share(long step)
{
	static char text[32];

	snprintf(text, sizeof text, step == 1 ? "every" : "every %ldth", step);
	return text;
}

#endif
