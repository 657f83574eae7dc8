/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a device or a person wrote, on its way to a terminal, a file, a number. */
#include "fakes/fuzz.h"

#include "base/text.h" /* what is fuzzed */

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct gh_fuzz_runs gh_fuzz_runs = { .taste = 20000 };

const char *const gh_fuzz_words[] = { "\x1b[2J",
				      "\xE2\x80\xAE",
				      "\xC2\x9B",
				      "\xED\xA0\x80",
				      "\xF4\x90\x80",
				      "\xC0\x80",
				      "\xEF\xBB\xBF",
				      "\xE2\x80\x8B",
				      "0x",
				      "1e308",
				      "-0",
				      "nan",
				      "inf",
				      "0x1p-1074",
				      " ",
				      "+",
				      "..",
				      "_",
				      "9223372036854775808",
				      NULL };

/* Any room at all, and not a byte beyond it. */
static void is_safe(const uint8_t *data, size_t size)
{
	char safe[GH_SAFE_CAP + 8];

	for (size_t cap = 1; cap <= GH_SAFE_CAP + 4; cap++) {
		memset(safe, '#', sizeof safe);
		gh_safe_text(safe, cap, data, size);
		GH_FUZZ_HOLDS(strlen(safe) < cap);
		GH_FUZZ_HOLDS(strlen(safe) < GH_SAFE_CAP);
		GH_FUZZ_HOLDS(safe[cap] == '#');
		for (const char *c = safe; *c; c++)
			GH_FUZZ_HOLDS(*c >= ' ' && *c <= '~');
	}
}

static void becomes_human(char *s)
{
	const size_t n = strlen(s);
	const bool was = gh_is_human_text(s, n + 1);
	char *before = strdup(s);

	if (!before)
		abort();
	gh_make_human(s);
	GH_FUZZ_HOLDS(strlen(s) == n);
	GH_FUZZ_HOLDS(n == 0 || gh_is_human_text(s, n + 1));
	GH_FUZZ_HOLDS(!was || strcmp(before, s) == 0);
	free(before);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = malloc(size + 1);
	double d = 0.5;
	long l = 77;

	if (!s)
		abort();
	memcpy(s, data, size);
	s[size] = '\0';
	is_safe(data, size);
	GH_FUZZ_HOLDS(gh_parse_double(s, &d) ? isfinite(d) : d < 1.0);
	GH_FUZZ_HOLDS(gh_parse_long(s, &l) || l == 77);
	if (gh_is_part_name(s))
		GH_FUZZ_HOLDS(strlen(s) < GH_NAME_CAP &&
			      gh_is_human_text(s, GH_NAME_CAP));
	becomes_human(s);
	free(s);
	return 0;
}
