/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fakes/fault_vfs.h"

#include "fakes/shim_vfs.h" /* gh_disk_ask */

#include <stdio.h>
#include <string.h>

/* What SQLite's own VFS says when the system refuses; 0: that cannot fail. */
static const struct {
	const char *name;
	int broken, full;
} ops[GH_DISK_OPS] = {
	[GH_DISK_OPEN] = { "open", SQLITE_CANTOPEN, SQLITE_CANTOPEN },
	[GH_DISK_READ] = { "read", SQLITE_IOERR_READ, 0 },
	[GH_DISK_WRITE] = { "write", SQLITE_IOERR_WRITE, SQLITE_FULL },
	[GH_DISK_TRUNCATE] = { "truncate", SQLITE_IOERR_TRUNCATE, 0 },
	/* What was written finds its place only now. */
	[GH_DISK_SYNC] = { "sync", SQLITE_IOERR_FSYNC, SQLITE_IOERR_FSYNC },
	[GH_DISK_SIZE] = { "size of", SQLITE_IOERR_FSTAT, 0 },
	[GH_DISK_LOCK] = { "lock", SQLITE_IOERR_LOCK, 0 },
	[GH_DISK_DELETE] = { "delete", SQLITE_IOERR_DELETE, 0 },
	[GH_DISK_ACCESS] = { "look for", SQLITE_IOERR_ACCESS, 0 },
	[GH_DISK_SHM_MAP] = { "map", SQLITE_IOERR_SHMMAP,
			      SQLITE_IOERR_SHMSIZE },
	[GH_DISK_SHM_LOCK] = { "shm lock", SQLITE_IOERR_SHMLOCK, 0 },
};

static const struct {
	const char *name;
	bool full, for_good;
} modes[GH_FAULT_MODES] = {
	[GH_FAULT_IO_ONCE] = { "I/O error once", false, false },
	[GH_FAULT_FULL_ONCE] = { "disk full once", true, false },
	[GH_FAULT_IO_FOR_GOOD] = { "I/O errors for good", false, true },
	[GH_FAULT_FULL_FOR_GOOD] = { "disk full for good", true, true },
};

static struct {
	enum gh_fault_mode mode;
	long left; /* negative: nothing fails */
	char failed[64];
} fault = { .left = -1 };

static void note_first(const struct gh_disk_call *call)
{
	const char *name = call->name ? call->name : "a temporary file";
	const char *slash = strrchr(name, '/');

	if (!fault.failed[0])
		snprintf(fault.failed, sizeof fault.failed, "%s %.40s",
			 ops[call->op].name, slash ? slash + 1 : name);
}

/* As the system does it: some of the bytes, then the error. */
static void write_half(const struct gh_disk_call *call)
{
	(void)call->real->pMethods->xWrite(call->real, call->bytes, call->n / 2,
					   call->at);
}

static int fail_in_turn(const struct gh_disk_call *call)
{
	const bool full = modes[fault.mode].full;
	const int code = full ? ops[call->op].full : ops[call->op].broken;

	if (fault.left < 0 || code == 0)
		return SQLITE_OK;
	if (fault.left > 0) {
		fault.left--;
		return SQLITE_OK;
	}
	note_first(call);
	if (!modes[fault.mode].for_good)
		fault.left = -1;
	if (call->op == GH_DISK_WRITE)
		write_half(call);
	return code;
}

int gh_fault_vfs_set_up(void **state)
{
	(void)state;
	return gh_shim_vfs_install(fail_in_turn) ? 0 : -1;
}

void gh_fault_vfs_arm(enum gh_fault_mode mode, long nth)
{
	fault.mode = mode;
	fault.left = nth;
	fault.failed[0] = '\0';
}

bool gh_fault_vfs_disarm(void)
{
	fault.left = -1;
	return fault.failed[0] != '\0';
}

const char *gh_fault_vfs_failed(void)
{
	return fault.failed[0] ? fault.failed : "nothing";
}

const char *gh_fault_mode_name(enum gh_fault_mode mode)
{
	return modes[mode].name;
}
