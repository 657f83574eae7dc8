/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz - what a parser of outside bytes has in common with the next one. Each
 * tests/fuzz/NAME.c defines the three below. Linked as a test it runs
 * tests/fuzz/corpus/NAME and drawn mutations of it; `make fuzz` links the same
 * file with libFuzzer. With file names as arguments it runs just those.
 *
 *   GH_SEED=N        other mutations
 *   GH_FUZZ_RUNS=N   so many of them; GH_SOAK=1: a thousand times as many
 */
#ifndef GH_TESTS_FAKES_FUZZ_H
#define GH_TESTS_FAKES_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* No input may crash it, hang it or break an assertion; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Pieces of the format that mutations put in, ended by NULL. */
extern const char *const gh_fuzz_words[];

/* Mutations of a default run: about half a second of them. */
extern const unsigned gh_fuzz_runs;

/* For a target: stops with `what` unless it is true. */
#define GH_FUZZ_HOLDS(what)                                                    \
	((what) ? (void)0 : gh_fuzz_broken(#what, __FILE__, __LINE__))
_Noreturn void gh_fuzz_broken(const char *what, const char *file, int line);

#endif
