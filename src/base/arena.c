/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * All that a joint of a minute at 1 kHz asks for fits, so that blocks are not
 * given back and faulted in again; pages nobody writes cost nothing.
 */
#define BLOCK_BYTES ((size_t)1 << 23)

struct gh_arena_block {
	struct gh_arena_block *next;
	size_t used, cap;
	max_align_t data[];
};

struct gh_arena_way_out {
	jmp_buf at;
};

bool gh_arena_try(struct gh_arena *a, void (*work)(void *self), void *self)
{
	struct gh_arena_way_out out;

	if (setjmp(out.at) != 0) {
		a->out = NULL;
		return false;
	}
	a->out = &out;
	work(self);
	a->out = NULL;
	return true;
}

static _Noreturn void leave(struct gh_arena *a)
{
	if (!a->out)
		abort();
	longjmp(a->out->at, 1);
}

static struct gh_arena_block *block_create(struct gh_arena *a, size_t need)
{
	const size_t cap = need > BLOCK_BYTES ? need : BLOCK_BYTES;
	struct gh_arena_block *b = malloc(sizeof *b + cap);

	if (!b)
		leave(a);
	b->next = NULL;
	b->used = 0;
	b->cap = cap;
	return b;
}

void gh_arena_finish(struct gh_arena *a)
{
	while (a->head) {
		struct gh_arena_block *next = a->head->next;

		free(a->head);
		a->head = next;
	}
}

void gh_arena_reset(struct gh_arena *a)
{
	size_t cap = 0;

	if (a->head && a->head->next) {
		/* The next call needs as much: one block, and no more malloc. */
		for (struct gh_arena_block *b = a->head; b; b = b->next)
			cap += b->cap;
		gh_arena_finish(a);
		a->head = block_create(a, cap);
	}
	if (a->head)
		a->head->used = 0;
}

void *gh_arena_room(struct gh_arena *a, size_t n, size_t size)
{
	const size_t align = sizeof(max_align_t);
	size_t bytes;
	void *p;

	if (size != 0 && n > (SIZE_MAX / 2) / size)
		abort();
	bytes = (n * size + align - 1) / align * align;
	if (!a->head || a->head->cap - a->head->used < bytes) {
		struct gh_arena_block *b = block_create(a, bytes);

		b->next = a->head;
		a->head = b;
	}
	p = (char *)a->head->data + a->head->used;
	a->head->used += bytes;
	return p;
}

void *gh_arena_take(struct gh_arena *a, size_t n, size_t size)
{
	void *p = gh_arena_room(a, n, size);

	return memset(p, 0, n * size);
}
