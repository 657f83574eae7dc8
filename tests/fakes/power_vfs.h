/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * power_vfs - a disk whose power fails. What was synced stays; of every write,
 * truncation, creation and deletion since, any part may stay or go, sector by
 * sector, in any order, and a sector that was being written may hold anything.
 * A name is safe once its folder was synced, which SQLite's own VFS does with
 * the first sync of a journal. What is outside of a write stays as it was:
 * SQLite relies on it (SQLITE_IOCAP_POWERSAFE_OVERWRITE).
 */
#ifndef GH_TESTS_FAKES_POWER_VFS_H
#define GH_TESTS_FAKES_POWER_VFS_H

#include "sim/rng.h" /* struct gh_rng */

#include <stdbool.h>

/* As gh_shim_vfs_install, for cmocka as the set-up of a group; it is on. */
int gh_power_vfs_set_up(void **state);

/* Forgets every file: another disk. No database may be open. */
void gh_power_vfs_new_disk(void);

/*
 * The power fails in the n-th change of a file from now, counted from 0, and
 * every call afterwards; in none when n is negative.
 */
void gh_power_vfs_cut_after(long n);
void gh_power_vfs_cut_now(void);

/*
 * Every database was closed (which wrote nothing): puts in place what survived
 * and turns the power on.
 */
void gh_power_vfs_turn_on(struct gh_rng *rng);

#endif
