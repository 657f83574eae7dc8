/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz - what a parser of outside bytes has in common with the next one. Each
 * tests/fuzz/NAME.c defines the three below. Linked as a test it runs
 * tests/fuzz/corpus/NAME and drawn mutations of it; `make fuzz` links the same
 * file with libFuzzer. With file names as arguments it runs just those.
 *
 *   GH_SEED=N        other mutations (1; with sanitizers 2)
 *   GH_FUZZ_RUNS=N   so many of them, whatever GH_SOAK asks for
 *   GH_SOAK_KEPT=F   goes on where the one before was ended, as kept in folder F
 */
#ifndef GH_TESTS_FAKES_FUZZ_H
#define GH_TESTS_FAKES_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* No input may crash it, hang it or break an assertion; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Pieces of the format that mutations put in, ended by NULL. */
extern const char *const gh_fuzz_words[];

/*
 * How many mutations (fakes/soak.h). The taste is about half a second of them;
 * where the others are not said they are those of GH_FUZZ_SHORT and _WHOLE.
 */
struct gh_fuzz_runs {
	unsigned long taste, shorter, whole;
};
extern const struct gh_fuzz_runs gh_fuzz_runs;

/* What issue and CI ask of every parser (reliability.md section 7, goal 10). */
#define GH_FUZZ_SHORT 1000000ul
#define GH_FUZZ_WHOLE 100000000ul

/*
 * With sanitizers so much less of both: measured, they make an execution 2 to
 * 4 times as long. The soak runs each target both ways, with other mutations.
 */
enum { GH_FUZZ_SANITIZED_SHARE = 20 };

/*
 * Where an execution is a dialogue: the frames of all of them, counted by the
 * target.
 */
extern uint64_t gh_fuzz_frames;

/* For a target: stops with `what` unless it is true. */
#define GH_FUZZ_HOLDS(what)                                                    \
	((what) ? (void)0 : gh_fuzz_broken(#what, __FILE__, __LINE__))
_Noreturn void gh_fuzz_broken(const char *what, const char *file, int line);

#endif
