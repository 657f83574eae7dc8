/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of an Arduino: whatever they are, a message stays in its bounds. */
#include "fakes/fuzz.h"

#include "driver/firmata/codec.h" /* gh_firmata_parse */

#include <string.h>

const struct gh_fuzz_runs gh_fuzz_runs = { .taste = 100000 };

const char *const gh_fuzz_words[] = { "\xF0\x79\x02\x05",
				      "\xF0\x6C",
				      "\xF0\x6A",
				      "\xF0\x77",
				      "\xF0\x71",
				      "\xF7",
				      "\xE0\x01\x7F",
				      "\xF9\x02\x05",
				      "\x90\x01\x01",
				      "\xFF",
				      NULL };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fm_parser p;
	struct fm_message m;
	uint8_t joined[64];

	memset(&p, 0, sizeof p);
	for (size_t i = 0; i < size; i++) {
		if (!gh_firmata_parse(&p, data[i], &m))
			continue;
		if (m.kind == FM_MSG_ANALOG)
			GH_FUZZ_HOLDS(m.id < 16 && m.value < 1u << 14);
		if (m.kind != FM_MSG_SYSEX)
			continue;
		GH_FUZZ_HOLDS(m.n <= FM_SYSEX_CAP);
		for (size_t k = 0; k < m.n; k++)
			GH_FUZZ_HOLDS(m.data[k] < 0x80);
		GH_FUZZ_HOLDS(gh_firmata_join(m.data, m.n, joined,
					      sizeof joined) <= sizeof joined);
	}
	GH_FUZZ_HOLDS(p.good + p.bad <= size);
	return 0;
}
