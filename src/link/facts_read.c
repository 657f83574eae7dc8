/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "link/facts_read.h"

#include "base/text.h" /* gh_safe_text */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool gh_facts_line(const char *root, const char *folder, const char *name,
		   char *out, size_t cap)
{
	char path[GH_FACTS_PATH];
	FILE *f;
	bool ok;

	out[0] = '\0';
	snprintf(path, sizeof path, "%s%s/%s", root, folder, name);
	f = fopen(path, "re");
	if (!f)
		return false;
	ok = fgets(out, (int)cap, f) != NULL;
	fclose(f);
	out[strcspn(out, "\n")] = '\0';
	return ok;
}

void gh_facts_safe(const char *root, const char *folder, const char *name,
		   char *out, size_t cap)
{
	char line[GH_FACTS_LINE];

	if (gh_facts_line(root, folder, name, line, sizeof line))
		gh_safe_text(out, cap, line, strlen(line));
	else
		out[0] = '\0';
}

/* At most so many names are looked at; /proc of a busy machine has hundreds. */
enum { NAMES_MOST = 4096, NAME_CAP = 128 };

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static size_t list(const char *path, char (*names)[NAME_CAP], size_t cap)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	size_t n = 0;

	if (!dir)
		return 0;
	/* cppcheck-suppress readdirCalled ; there is one thread */
	while (n < cap && (e = readdir(dir)))
		if (e->d_name[0] != '.' &&
		    gh_copy_text(names[n], NAME_CAP, e->d_name))
			n++;
	closedir(dir);
	qsort(names, n, NAME_CAP, by_name);
	return n;
}

bool gh_facts_each(const char *root, const char *folder,
		   bool (*each)(const char *name, void *self), void *self)
{
	char path[GH_FACTS_PATH];
	char(*names)[NAME_CAP] = calloc(NAMES_MOST, sizeof *names);
	bool done = false;
	size_t n;

	if (!names)
		return false;
	snprintf(path, sizeof path, "%s%s", root, folder);
	n = list(path, names, NAMES_MOST);
	for (size_t i = 0; i < n && !done; i++)
		done = each(names[i], self);
	free(names);
	return done;
}
