/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arena - one bump allocator per probe call: arrays live until the call is
 * over, nothing is freed one by one, nothing is allocated while joints move.
 */
#ifndef GH_BASE_ARENA_H
#define GH_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct gh_arena {
	struct gh_arena_block *head;
	struct gh_arena_way_out *out; /* while gh_arena_try() runs */
};

/*
 * Calls work(self), which may take from the arena without looking. False:
 * memory ran out in it and it was left there and then, so it owns nothing but
 * what it took from the arena. Not within another one of the same arena.
 */
bool gh_arena_try(struct gh_arena *a, void (*work)(void *self), void *self);

/* Everything given out so far becomes invalid; the memory is kept. */
void gh_arena_reset(struct gh_arena *a);

/* Frees all. A zeroed struct is a valid empty arena. */
void gh_arena_finish(struct gh_arena *a);

/*
 * n objects of the given size, zeroed, aligned for any type. Never NULL: when
 * memory is exhausted the work that gh_arena_try() called ends. Where nobody
 * called it, or n * size overflows, the program aborts: a probe of a bounded
 * recording has a bounded need (a bug, not weather).
 */
void *gh_arena_take(struct gh_arena *a, size_t n, size_t size);
/* The same without zeros, for what is written before it is read. */
void *gh_arena_room(struct gh_arena *a, size_t n, size_t size);

#endif
