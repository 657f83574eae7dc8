/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fault_vfs - a disk whose n-th call fails, in one of the four modes of
 * reliability.md section 2. What fails on a full disk is less than what fails
 * on a broken one: only calls that can fail in a mode are counted in it.
 */
#ifndef GH_TESTS_FAKES_FAULT_VFS_H
#define GH_TESTS_FAKES_FAULT_VFS_H

#include <stdbool.h>

enum gh_fault_mode {
	GH_FAULT_IO_ONCE,   /* a write is half done first */
	GH_FAULT_FULL_ONCE, /* somebody makes room at once */
	GH_FAULT_IO_FOR_GOOD,
	GH_FAULT_FULL_FOR_GOOD,
	GH_FAULT_MODES
};

/*
 * As gh_shim_vfs_install, for cmocka as the set-up of a group; nothing fails
 * yet.
 */
int gh_fault_vfs_set_up(void **state);

/* From now on the n-th call fails, counted from 0. */
void gh_fault_vfs_arm(enum gh_fault_mode mode, long nth);
/* Nothing fails any more. True: something did. */
bool gh_fault_vfs_disarm(void);

/* What failed since it was armed: "write runs.db-wal", "nothing". */
const char *gh_fault_vfs_failed(void);
const char *gh_fault_mode_name(enum gh_fault_mode mode);

#endif
