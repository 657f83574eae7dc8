/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * shim_vfs - the disk under every database of this program, with somebody who
 * is asked before each call that may fail. Calls that cannot fail (unlock,
 * close) go through. No sync reaches the real disk: what a test wants to know
 * is what was asked for, and a busy disk would make it slow.
 */
#ifndef GH_TESTS_FAKES_SHIM_VFS_H
#define GH_TESTS_FAKES_SHIM_VFS_H

#include <sqlite3.h>
#include <stdbool.h>

enum gh_disk_op {
	GH_DISK_OPEN,
	GH_DISK_READ,
	GH_DISK_WRITE,
	GH_DISK_TRUNCATE,
	GH_DISK_SYNC,
	GH_DISK_SIZE,
	GH_DISK_LOCK,
	GH_DISK_DELETE,
	GH_DISK_ACCESS,
	GH_DISK_SHM_MAP,
	GH_DISK_SHM_LOCK,
	GH_DISK_OPS
};

struct gh_disk_call {
	enum gh_disk_op op;
	const char *name;   /* of the file; NULL: a temporary one */
	sqlite3_file *real; /* WRITE: to write a part of it */
	const void *bytes;  /* WRITE */
	int n;		    /* WRITE: bytes; OPEN: flags; DELETE: sync folder */
	sqlite3_int64 at;   /* WRITE; TRUNCATE: the new size */
};

/* SQLITE_OK: go on; else what the caller is told instead. */
typedef int gh_disk_ask(const struct gh_disk_call *call);

/*
 * Once in a program, before its first database: the default VFS from now on.
 * False: SQLite would not have it.
 */
bool gh_shim_vfs_install(gh_disk_ask *ask);

#endif
