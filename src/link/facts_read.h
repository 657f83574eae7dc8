/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * facts_read - the few ways in which facts are read from files and folders
 * below a root.
 */
#ifndef GH_LINK_FACTS_READ_H
#define GH_LINK_FACTS_READ_H

#include <stdbool.h>
#include <stddef.h>

enum { GH_FACTS_PATH = 384, GH_FACTS_LINE = 512 };

/* The first line of root/FOLDER/NAME without its end; false: unreadable. */
bool gh_facts_line(const char *root, const char *folder, const char *name,
		   char *out, size_t cap);

/* The same through gh_safe_text; "" where it cannot be read. */
void gh_facts_safe(const char *root, const char *folder, const char *name,
		   char *out, size_t cap);

/*
 * Calls each(name, self) for what is in the folder, in the order of the names,
 * hidden ones left out, until it answers true; whether it did.
 */
bool gh_facts_each(const char *root, const char *folder,
		   bool (*each)(const char *name, void *self), void *self);

#endif
