/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/memory.h"

#include <gsl/gsl_errno.h>

/* One for all, as GSL's handler is. */
static bool ran_out;

static void hear(const char *reason, const char *file, int line, int code)
{
	(void)reason;
	(void)file;
	(void)line;
	ran_out = ran_out || code == GSL_ENOMEM;
}

void gh_memory_watch(void)
{
	ran_out = false;
	gsl_set_error_handler(hear);
}

bool gh_memory_ran_out(void)
{
	return ran_out;
}

void gh_memory_note(void)
{
	ran_out = true;
}
