/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fakes/shim_vfs.h"

#include <stddef.h>

static struct {
	sqlite3_vfs *real;
	gh_disk_ask *ask;
} shim;

struct shim_file {
	sqlite3_file base;
	sqlite3_file *real; /* behind this struct */
	const char *name;   /* SQLite's; it outlives the file */
};

static struct shim_file *mine(sqlite3_file *f)
{
	return (struct shim_file *)(void *)f;
}

static int ask(sqlite3_file *f, enum gh_disk_op op)
{
	const struct gh_disk_call call = { .op = op, .name = mine(f)->name };

	return shim.ask(&call);
}

/* ---- Calls that may fail ---------------------------------------------------*/

#define REAL(f) (mine(f)->real)
#define ASK(op, name, params, args)                                            \
	static int x##name params                                              \
	{                                                                      \
		const int rc = ask(f, op);                                     \
                                                                               \
		return rc != SQLITE_OK ? rc : REAL(f)->pMethods->x##name args; \
	}

ASK(GH_DISK_READ, Read, (sqlite3_file * f, void *p, int n, sqlite3_int64 at),
    (REAL(f), p, n, at))
ASK(GH_DISK_SIZE, FileSize, (sqlite3_file * f, sqlite3_int64 *n), (REAL(f), n))
ASK(GH_DISK_LOCK, Lock, (sqlite3_file * f, int level), (REAL(f), level))
ASK(GH_DISK_SHM_MAP, ShmMap,
    (sqlite3_file * f, int page, int size, int more, void volatile **out),
    (REAL(f), page, size, more, out))

static int xWrite(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	const struct gh_disk_call call = {
		GH_DISK_WRITE, mine(f)->name, REAL(f), p, n, at
	};
	const int rc = shim.ask(&call);

	return rc != SQLITE_OK ? rc
			       : REAL(f)->pMethods->xWrite(REAL(f), p, n, at);
}

static int xTruncate(sqlite3_file *f, sqlite3_int64 size)
{
	const struct gh_disk_call call = { .op = GH_DISK_TRUNCATE,
					   .name = mine(f)->name,
					   .at = size };
	const int rc = shim.ask(&call);

	return rc != SQLITE_OK ? rc
			       : REAL(f)->pMethods->xTruncate(REAL(f), size);
}

static int xSync(sqlite3_file *f, int flags)
{
	(void)flags;
	return ask(f, GH_DISK_SYNC);
}

static int xShmLock(sqlite3_file *f, int at, int n, int flags)
{
	const int rc =
		flags & SQLITE_SHM_LOCK ? ask(f, GH_DISK_SHM_LOCK) : SQLITE_OK;

	return rc != SQLITE_OK
		       ? rc
		       : REAL(f)->pMethods->xShmLock(REAL(f), at, n, flags);
}

/* ---- Calls that cannot -----------------------------------------------------*/

#define PASS(name, params, args)                                               \
	static int x##name params                                              \
	{                                                                      \
		return REAL(f)->pMethods->x##name args;                        \
	}

PASS(Close, (sqlite3_file * f), (REAL(f)))
PASS(Unlock, (sqlite3_file * f, int level), (REAL(f), level))
PASS(CheckReservedLock, (sqlite3_file * f, int *out), (REAL(f), out))
PASS(FileControl, (sqlite3_file * f, int op, void *arg), (REAL(f), op, arg))
PASS(SectorSize, (sqlite3_file * f), (REAL(f)))
PASS(DeviceCharacteristics, (sqlite3_file * f), (REAL(f)))
PASS(ShmUnmap, (sqlite3_file * f, int erase), (REAL(f), erase))

static void xShmBarrier(sqlite3_file *f)
{
	REAL(f)->pMethods->xShmBarrier(REAL(f));
}

/* ---- The disk --------------------------------------------------------------*/

/* Version 2: without the memory mapping, of which no call could be asked. */
static const sqlite3_io_methods methods = {
	.iVersion = 2,
	.xClose = xClose,
	.xRead = xRead,
	.xWrite = xWrite,
	.xTruncate = xTruncate,
	.xSync = xSync,
	.xFileSize = xFileSize,
	.xLock = xLock,
	.xUnlock = xUnlock,
	.xCheckReservedLock = xCheckReservedLock,
	.xFileControl = xFileControl,
	.xSectorSize = xSectorSize,
	.xDeviceCharacteristics = xDeviceCharacteristics,
	.xShmMap = xShmMap,
	.xShmLock = xShmLock,
	.xShmBarrier = xShmBarrier,
	.xShmUnmap = xShmUnmap,
};

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f,
		     int flags, int *out)
{
	const struct gh_disk_call call = { .op = GH_DISK_OPEN,
					   .name = name,
					   .n = flags };
	struct shim_file *file = mine(f);
	int rc = shim.ask(&call);

	(void)vfs;
	file->base.pMethods = NULL;
	if (rc != SQLITE_OK)
		return rc;
	file->name = name;
	file->real = (void *)(file + 1);
	rc = shim.real->xOpen(shim.real, name, file->real, flags, out);
	if (file->real->pMethods)
		file->base.pMethods = &methods;
	return rc;
}

static int shim_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
	const struct gh_disk_call call = { .op = GH_DISK_DELETE,
					   .name = name,
					   .n = sync_folder };
	const int rc = shim.ask(&call);

	(void)vfs;
	return rc != SQLITE_OK ? rc : shim.real->xDelete(shim.real, name, 0);
}

static int shim_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
	const struct gh_disk_call call = { .op = GH_DISK_ACCESS, .name = name };
	const int rc = shim.ask(&call);

	(void)vfs;
	return rc != SQLITE_OK
		       ? rc
		       : shim.real->xAccess(shim.real, name, flags, out);
}

bool gh_shim_vfs_install(gh_disk_ask *asked)
{
	static sqlite3_vfs vfs;

	shim.real = sqlite3_vfs_find(NULL);
	shim.ask = asked;
	vfs = *shim.real;
	vfs.zName = "shim";
	vfs.pNext = NULL;
	vfs.szOsFile += (int)sizeof(struct shim_file);
	vfs.xOpen = shim_open;
	vfs.xDelete = shim_delete;
	vfs.xAccess = shim_access;
	return sqlite3_vfs_register(&vfs, 1) == SQLITE_OK;
}
