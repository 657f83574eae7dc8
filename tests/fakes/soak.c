/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fakes/soak.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum gh_soak gh_soak(void)
{
	const char *asked = getenv("GH_SOAK");

	if (!asked || !*asked)
		return GH_SOAK_TASTE;
	return strcmp(asked, "short") == 0 ? GH_SOAK_SHORT : GH_SOAK_WHOLE;
}

unsigned long gh_soak_count(unsigned long taste, unsigned long shorter,
			    unsigned long whole)
{
	const unsigned long count[] = { taste, shorter, whole };

	return count[gh_soak()];
}

void gh_soak_say(const char *name, const char *figure, ...)
{
	va_list more;

	printf("soak: %s: ", name);
	va_start(more, figure);
	vprintf(figure, more);
	va_end(more);
	printf("\n");
	fflush(stdout);
}
