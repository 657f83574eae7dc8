/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arena - one bump allocator per probe call: arrays live until the call is
 * over, nothing is freed one by one, nothing is allocated while joints move.
 */
#ifndef GH_BASE_ARENA_H
#define GH_BASE_ARENA_H

#include <stddef.h>

struct gh_arena {
	struct gh_arena_block *head;
};

/* Everything given out so far becomes invalid; the memory is kept. */
void gh_arena_reset(struct gh_arena *a);

/* Frees all. A zeroed struct is a valid empty arena. */
void gh_arena_finish(struct gh_arena *a);

/*
 * n objects of the given size, zeroed, aligned for any type. Never NULL: when
 * memory is exhausted or n * size overflows the program aborts, because a
 * probe of a bounded recording has a bounded need (a bug, not weather).
 */
void *gh_arena_take(struct gh_arena *a, size_t n, size_t size);
/* The same without zeros, for what is written before it is read. */
void *gh_arena_room(struct gh_arena *a, size_t n, size_t size);

#endif
