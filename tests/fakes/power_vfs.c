/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fakes/power_vfs.h"

#include "fakes/shim_vfs.h" /* gh_disk_ask */

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Disks write 512 bytes at once or more; less is torn more often. */
enum { SECTOR = 512, FILES = 16, NAME_CAP = 160, SHM_BYTES = 32768 };

struct image {
	unsigned char *bytes;
	size_t n, cap;
};

/* One change that was not synced; bytes NULL: truncated to `at`. */
struct change {
	size_t at, n;
	unsigned char *bytes;
};

struct disk_file {
	char name[NAME_CAP];
	bool here, safe;    /* its name is, now and after a cut for certain */
	struct image image; /* as of the last sync */
	struct change *changes;
	size_t n_changes;
};

static struct {
	struct disk_file file[FILES]; /* oldest first */
	unsigned n;
	long left; /* negative: never */
	bool off;
} disk = { .left = -1 };

/* ---- Bytes -----------------------------------------------------------------*/

static void *more(void *p, size_t n)
{
	p = realloc(p, n);
	assert(p);
	return p;
}

static void resize(struct image *image, size_t n)
{
	if (n > image->cap) {
		image->cap = n + n / 2;
		image->bytes = more(image->bytes, image->cap);
	}
	if (n > image->n)
		memset(image->bytes + image->n, 0, n - image->n);
	image->n = n;
}

static void put(struct image *image, size_t at, const unsigned char *bytes,
		size_t n)
{
	if (at + n > image->n)
		resize(image, at + n);
	memcpy(image->bytes + at, bytes, n);
}

static void forget_changes(struct disk_file *f)
{
	for (size_t i = 0; i < f->n_changes; i++)
		free(f->changes[i].bytes);
	free(f->changes);
	f->changes = NULL;
	f->n_changes = 0;
}

static void forget(struct disk_file *f)
{
	forget_changes(f);
	free(f->image.bytes);
}

/* ---- What the program does -------------------------------------------------*/

static struct disk_file *find(const char *name)
{
	for (unsigned i = 0; name && i < disk.n; i++) {
		if (disk.file[i].here && strcmp(disk.file[i].name, name) == 0)
			return &disk.file[i];
	}
	return NULL;
}

static void load(struct image *image, const char *name)
{
	unsigned char block[4096];
	FILE *f = fopen(name, "rbe");
	size_t n;

	while (f && (n = fread(block, 1, sizeof block, f)) > 0)
		put(image, image->n, block, n);
	if (f)
		fclose(f);
}

/* An empty file has just been made; any other was there before us. */
static void open_file(const struct gh_disk_call *call)
{
	const char *name = call->name;
	struct disk_file *f;

	if (!name || find(name))
		return;
	assert(disk.n < FILES && strlen(name) < NAME_CAP);
	f = &disk.file[disk.n++];
	memset(f, 0, sizeof *f);
	snprintf(f->name, sizeof f->name, "%s", name);
	load(&f->image, name);
	f->here = true;
	f->safe = f->image.n > 0;
}

static void sync_folder(void)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < disk.n; i++) {
		struct disk_file f = disk.file[i];

		f.safe = f.here;
		if (f.safe)
			disk.file[kept++] = f;
		else
			forget(&f);
	}
	disk.n = kept;
}

static void change(const struct gh_disk_call *call)
{
	struct disk_file *f = find(call->name);
	struct change *c;

	if (!f)
		return;
	f->changes = more(f->changes, (f->n_changes + 1) * sizeof *f->changes);
	c = &f->changes[f->n_changes++];
	*c = (struct change){ .at = (size_t)call->at };
	if (call->op == GH_DISK_TRUNCATE)
		return;
	c->n = (size_t)call->n;
	c->bytes = more(NULL, c->n + 1);
	memcpy(c->bytes, call->bytes, c->n);
}

static void sync_file(const struct gh_disk_call *call)
{
	struct disk_file *f = find(call->name);

	if (!f)
		return;
	for (size_t i = 0; i < f->n_changes; i++) {
		const struct change *c = &f->changes[i];

		if (c->bytes)
			put(&f->image, c->at, c->bytes, c->n);
		else
			resize(&f->image, c->at);
	}
	forget_changes(f);
	if (strstr(f->name, "-wal") || strstr(f->name, "-journal"))
		sync_folder();
}

static void unname(const struct gh_disk_call *call)
{
	struct disk_file *f = find(call->name);

	if (f)
		f->here = false;
	if (call->n)
		sync_folder();
}

static void (*const acts[GH_DISK_OPS])(const struct gh_disk_call *) = {
	[GH_DISK_OPEN] = open_file,  [GH_DISK_WRITE] = change,
	[GH_DISK_TRUNCATE] = change, [GH_DISK_SYNC] = sync_file,
	[GH_DISK_DELETE] = unname,
};

/* The change is under way when the power fails; a sync has not been done. */
static bool fails_now(enum gh_disk_op op)
{
	const bool counts = acts[op] && op != GH_DISK_OPEN;

	if (!counts || disk.left < 0)
		return false;
	if (disk.left == 0)
		disk.off = true;
	disk.left--;
	return disk.off;
}

static int watch(const struct gh_disk_call *call)
{
	bool fails;

	if (disk.off)
		return SQLITE_IOERR;
	fails = fails_now(call->op);
	if (acts[call->op] && !(fails && call->op == GH_DISK_SYNC))
		acts[call->op](call);
	return fails ? SQLITE_IOERR : SQLITE_OK;
}

/* ---- What survives ---------------------------------------------------------*/

/* One cut: how much of what was not synced stays. */
struct cut {
	struct gh_rng *rng;
	bool in_order; /* of each file the first changes, the last one torn */
	double stays, garbled; /* else of the sectors */
};

static bool chance(struct gh_rng *rng, double p)
{
	return gh_rng_uniform(rng) < p;
}

static size_t below(struct gh_rng *rng, size_t n)
{
	return n ? (size_t)(gh_rng_next(rng) % n) : 0;
}

static void put_sector(struct image *image, const struct cut *cut, size_t at,
		       const unsigned char *bytes, size_t n)
{
	if (chance(cut->rng, cut->stays)) {
		put(image, at, bytes, n);
	} else if (chance(cut->rng, cut->garbled)) {
		put(image, at, bytes, n);
		for (size_t i = 0; i < n; i++)
			image->bytes[at + i] =
				(unsigned char)gh_rng_next(cut->rng);
	}
}

static void put_sectors(struct image *image, const struct cut *cut,
			const struct change *c)
{
	size_t n;

	for (size_t done = 0; done < c->n; done += n) {
		n = SECTOR - (c->at + done) % SECTOR;
		if (n > c->n - done)
			n = c->n - done;
		put_sector(image, cut, c->at + done, c->bytes + done, n);
	}
	if (!c->bytes && chance(cut->rng, cut->stays))
		resize(image, c->at);
}

static void survive(struct disk_file *f, const struct cut *cut)
{
	struct cut mine = *cut;
	const size_t whole = below(cut->rng, f->n_changes + 1);

	for (size_t i = 0; i < f->n_changes; i++) {
		if (cut->in_order) {
			mine.stays = i < whole ? 1 : i == whole ? 0.5 : 0;
			mine.garbled = i == whole ? cut->garbled : 0;
		}
		put_sectors(&f->image, &mine, &f->changes[i]);
	}
	forget_changes(f);
}

static void write_back(const char *name, const unsigned char *bytes, size_t n)
{
	FILE *f = fopen(name, "wbe");
	bool ok = f != NULL;

	ok = ok && (n == 0 || fwrite(bytes, 1, n, f) == n);
	ok = f && fclose(f) == 0 && ok;
	if (!ok)
		abort(); /* our own disk, not the one we play */
}

/* Its content is memory: SQLite may not trust what it finds. */
static void garble_shm(struct gh_rng *rng, const char *name)
{
	unsigned char junk[SHM_BYTES];
	char shm[NAME_CAP + 8];

	snprintf(shm, sizeof shm, "%s-shm", name);
	for (size_t i = 0; i < sizeof junk; i++)
		junk[i] = (unsigned char)gh_rng_next(rng);
	if (access(shm, F_OK) == 0)
		write_back(shm, junk, sizeof junk);
}

/* Which names are there; of one that was given twice, the newer or the older. */
static void find_survivors(struct gh_rng *rng)
{
	bool found[FILES];

	for (unsigned i = 0; i < disk.n; i++) {
		struct disk_file *f = &disk.file[i];

		unlink(f->name);
		found[i] = (f->here && f->safe) || chance(rng, 0.5);
		f->here = false;
	}
	for (unsigned i = disk.n; i-- > 0;)
		disk.file[i].here = found[i] && !find(disk.file[i].name);
	sync_folder();
}

void gh_power_vfs_turn_on(struct gh_rng *rng)
{
	static const double stays[] = { 0, 0.5, 0.95, 1 };
	const struct cut cut = { rng, chance(rng, 0.4), stays[below(rng, 4)],
				 below(rng, 2) ? 0.3 : 0 };

	find_survivors(rng);
	for (unsigned i = 0; i < disk.n; i++) {
		struct disk_file *f = &disk.file[i];

		survive(f, &cut);
		write_back(f->name, f->image.bytes, f->image.n);
		garble_shm(rng, f->name);
	}
	disk.off = false;
	disk.left = -1;
}

/* ---- The disk --------------------------------------------------------------*/

int gh_power_vfs_set_up(void **state)
{
	(void)state;
	return gh_shim_vfs_install(watch) ? 0 : -1;
}

void gh_power_vfs_new_disk(void)
{
	for (unsigned i = 0; i < disk.n; i++)
		forget(&disk.file[i]);
	disk.n = 0;
	disk.off = false;
	disk.left = -1;
}

void gh_power_vfs_cut_after(long n)
{
	disk.left = n;
}

void gh_power_vfs_cut_now(void)
{
	disk.off = true;
}
