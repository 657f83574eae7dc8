/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fakes/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

uint64_t gh_fuzz_frames;

_Noreturn void gh_fuzz_broken(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
	abort();
}
