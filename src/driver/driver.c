/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "driver/driver.h"

#include <string.h>

const struct gh_driver *gh_driver_find(const char *name)
{
	for (size_t i = 0; gh_drivers[i]; i++)
		if (strcmp(gh_drivers[i]->name, name) == 0)
			return gh_drivers[i];
	return NULL;
}
