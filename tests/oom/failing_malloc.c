/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * failing_malloc - preloaded: the Nth allocation of a program fails. It sees
 * those of every library (sqlite, jansson, ncurses, gsl, libc's own), which a
 * wrapper around our calls would not.
 *
 * It stops before main(), once everything is linked, and forks a program per
 * order that it reads: a life of its own each, without the cost of a start.
 *
 *   GH_OOM_TOLD   the file that is mapped as struct told; nothing is done
 *                 without it
 *   GH_OOM_ORDERS descriptor from which struct order is read
 *   GH_OOM_ENDS   descriptor to which the pid of each program is written, and
 *                 then how it ended, as waitpid has it; both 64 bit
 *
 * The file says how far a program came that was killed. What a program leaves
 * behind is what it holds when it is gone, so nothing is asked of it at exit.
 */
#define _GNU_SOURCE /* execinfo.h, MAP_SHARED */
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* glibc's own, under the names that it keeps for interposers. */
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t n);
void *__libc_memalign(size_t align, size_t n);
void __libc_free(void *p);

enum { FRAMES = 48, STACKS = 1 << 20, LINKED = 2 };

/* What tests/cli/kit/oom.py asks for. */
struct order {
	int64_t at;    /* which allocation fails, counted from 1; 0: none */
	int64_t on;    /* and all later ones */
	int64_t depth; /* frames of a stack that are told apart; 0: not at all */
	int64_t trace; /* say on stderr where it failed */
};

/* And what it reads. */
struct told {
	_Atomic int64_t asked;	 /* allocations, since the program began */
	_Atomic int64_t failed;	 /* of them */
	_Atomic int64_t held;	 /* blocks that nobody has given back */
	uint64_t stacks[STACKS]; /* of each allocation, where depth is not 0 */
};

static struct told nobody_asks;
static struct told *told = &nobody_asks;
static struct order order;

/* FNV-1a over the return addresses: the same way through the program. */
static uint64_t stack(void)
{
	void *frames[FRAMES];
	const int most = (int)order.depth + LINKED;
	const int n = backtrace(frames, most < FRAMES ? most : FRAMES);
	uint64_t hash = UINT64_C(0xCBF29CE484222325);

	for (int i = LINKED; i < n; i++)
		hash = (hash ^ (uintptr_t)frames[i]) * UINT64_C(0x100000001B3);
	return hash;
}

static void say_where(void)
{
	void *frames[FRAMES];

	order.trace = 0;
	backtrace_symbols_fd(frames, backtrace(frames, FRAMES), STDERR_FILENO);
}

static bool refused(void)
{
	const int64_t n = atomic_fetch_add(&told->asked, 1) + 1;

	if (order.depth > 0 && n <= STACKS)
		told->stacks[n - 1] = stack();
	if (order.at == 0 || n < order.at || (n > order.at && !order.on))
		return false;
	atomic_fetch_add(&told->failed, 1);
	if (order.trace)
		say_where();
	errno = ENOMEM;
	return true;
}

static void *given(void *p)
{
	if (p)
		atomic_fetch_add(&told->held, 1);
	return p;
}

void *malloc(size_t n)
{
	return refused() ? NULL : given(__libc_malloc(n));
}

void *calloc(size_t n, size_t size)
{
	return refused() ? NULL : given(__libc_calloc(n, size));
}

void *realloc(void *old, size_t n)
{
	void *p;

	if (refused())
		return NULL;
	p = __libc_realloc(old, n);
	if (p && !old)
		atomic_fetch_add(&told->held, 1);
	else if (!p && old && n == 0)
		atomic_fetch_sub(&told->held, 1);
	return p;
}

void *memalign(size_t align, size_t n);
void *memalign(size_t align, size_t n)
{
	return refused() ? NULL : given(__libc_memalign(align, n));
}

void *aligned_alloc(size_t align, size_t n)
{
	return memalign(align, n);
}

int posix_memalign(void **out, size_t align, size_t n)
{
	void *p = memalign(align, n);

	if (!p)
		return ENOMEM;
	*out = p;
	return 0;
}

void free(void *p)
{
	const int kept = errno;

	if (p)
		atomic_fetch_sub(&told->held, 1);
	__libc_free(p);
	errno = kept;
}

/* Descriptor or -1. */
static int number(const char *name)
{
	const char *text = getenv(name);

	return text ? (int)strtol(text, NULL, 10) : -1;
}

static void say(int fd, int64_t number)
{
	if (write(fd, &number, sizeof number) != sizeof number)
		_exit(EXIT_FAILURE);
}

/* Returns in a child; the parent ends when nobody gives orders any more. */
static void serve(int orders, int ends, struct told *map)
{
	struct order next;
	int status;
	pid_t pid;

	while (read(orders, &next, sizeof next) == sizeof next) {
		pid = fork();
		if (pid < 0)
			_exit(EXIT_FAILURE);
		if (pid == 0) {
			close(orders);
			close(ends);
			told = map;
			order = next;
			return;
		}
		say(ends, pid);
		while (waitpid(pid, &status, 0) < 0)
			;
		say(ends, status);
	}
	_exit(EXIT_SUCCESS);
}

__attribute__((constructor)) static void begin(void)
{
	const char *file = getenv("GH_OOM_TOLD");
	const int fd = file ? open(file, O_RDWR | O_CLOEXEC) : -1;
	void *map, *first[1];

	if (fd < 0)
		return;
	map = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		   0);
	if (map == MAP_FAILED)
		_exit(EXIT_FAILURE);
	close(fd);
	/* Its first call allocates. */
	(void)backtrace(first, 1);
	/* What the program starts, a hook or the simulator, has memory. */
	unsetenv("LD_PRELOAD");
	unsetenv("GH_OOM_TOLD");
	serve(number("GH_OOM_ORDERS"), number("GH_OOM_ENDS"), map);
}
