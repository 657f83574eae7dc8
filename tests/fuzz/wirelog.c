/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A wire log from somebody else: its head, and every line after it. */
#include "fakes/fuzz.h"

#include "link/wirelog.h" /* gh_wirelog_head_read */

#include <stdlib.h>
#include <string.h>

const struct gh_fuzz_runs gh_fuzz_runs = { .taste = 60000 };

const char *const gh_fuzz_words[] = { "ghostlight wire log 1\n",
				      "version 0.1.0\n",
				      "wall 1795352400\n",
				      "clock 13087307819\n",
				      "profile five\n",
				      "only one.a\n",
				      "budget 16\n",
				      "allow-motion\n",
				      "guided\n",
				      "wire\n",
				      "o pty /dev/pts/0\n",
				      "b 115200\n",
				      "< 0f01",
				      "> 00\n",
				      "/ 01\n",
				      "4055 n 0\n",
				      "1916 r\n",
				      "7 t\n",
				      "3 e\n",
				      "2 i\n",
				      "! < 3 text\n",
				      "s\n",
				      ".\n",
				      "9223372036854775807 r\n",
				      "= 7269\n",
				      NULL };

static void read_line(const char *line, size_t n)
{
	struct gh_wirelog_line l = { .bytes = 0 };
	unsigned sum = 0;

	if (!gh_wirelog_line(line, n, &l))
		return;
	GH_FUZZ_HOLDS(l.bytes <= GH_WIRELOG_BURST);
	GH_FUZZ_HOLDS(l.later >= 0);
	GH_FUZZ_HOLDS(memchr(l.text, 0, sizeof l.text) != NULL);
	if (!strchr("<>/", (int)l.mark))
		return;
	GH_FUZZ_HOLDS(l.hex >= line && l.hex + 2 * l.bytes <= line + n);
	for (size_t i = 0; i < l.bytes; i++)
		sum += gh_wirelog_byte(l.hex + 2 * i);
	GH_FUZZ_HOLDS(sum <= 255 * l.bytes);
}

static void read_lines(const char *text, size_t n, size_t at)
{
	const char *line;
	size_t len;

	while (gh_wirelog_next(text, n, at, &line, &len)) {
		GH_FUZZ_HOLDS(line == text + at && at + len < n);
		read_line(line, len);
		at += len + 1;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct gh_wirelog_head head = { .rig_text = NULL };
	struct gh_err err = { 0 };
	unsigned number = 0;
	size_t at = 0;

	if (gh_wirelog_head_read(text, size, "fuzz", &head, &at, &number,
				 &err) == GH_OK) {
		GH_FUZZ_HOLDS(at <= size && head.rig_bytes <= GH_WIRELOG_RIG);
		free(head.rig_text);
		read_lines(text, size, at);
	} else {
		GH_FUZZ_HOLDS(strncmp(err.msg, "fuzz", 4) == 0);
	}
	/* Lines are read as well where no head leads to them. */
	read_lines(text, size, 0);
	return 0;
}
