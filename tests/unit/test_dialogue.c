/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The worked dialogue of schemas/protocol.md section 7, played against the
 * firmware: every frame the document prints must come, and no other.
 */
#include "test_firmware_board.h"

#include <stdlib.h>

#define DOCUMENT "schemas/protocol.md"

static struct bench bench;

static size_t parse_hex(const char *s, uint8_t *out, size_t cap)
{
	size_t n = 0;

	for (char *end; n < cap; s = end, n++) {
		unsigned long v = strtoul(s, &end, 16);

		if (end == s)
			break;
		assert_true(v <= 0xFF);
		out[n] = (uint8_t)v;
	}
	return n;
}

/* The bare delimiter with which the core starts is not a frame. */
static void skip_flush(struct bench *b)
{
	while (b->taken < b->n_sent && b->sent[b->taken] == 0 &&
	       (b->taken == 0 || b->sent[b->taken - 1] == 0))
		b->taken++;
}

static void nothing_more(struct bench *b, int line)
{
	skip_flush(b);
	if (b->taken != b->n_sent)
		fail_msg("line %d: the controller said more before it", line);
}

static void expect_frame(struct bench *b, const uint8_t *want, size_t n,
			 int line)
{
	skip_flush(b);
	if (b->n_sent - b->taken < n ||
	    memcmp(b->sent + b->taken, want, n) != 0) {
		for (size_t i = b->taken; i < b->n_sent; i++)
			print_message("%02X%c", b->sent[i],
				      b->sent[i] ? ' ' : '\n');
		fail_msg("line %d: expected a frame of %zu bytes, found the "
			 "above",
			 line, n);
	}
	b->taken += n;
}

static int play(struct bench *b, const char *text, int line)
{
	uint8_t bytes[300];
	size_t n = 0;

	if (text[0] == '<' || text[0] == '>')
		n = parse_hex(text + 1, bytes, sizeof(bytes));
	if (text[0] == '<') {
		expect_frame(b, bytes, n, line);
		return 0;
	}
	if (text[0] == '>') {
		nothing_more(b, line);
		bench_bytes(b, bytes, n);
		bench_at(b, b->now_us);
		return 1;
	}
	if (text[0] == '@') {
		nothing_more(b, line);
		bench_at(b, (uint32_t)strtoul(text + 1, NULL, 10));
	}
	return 0;
}

static void dialogue_holds(void **state)
{
	FILE *f = fopen(DOCUMENT, "r");
	bool inside = false;
	int line = 0, asked = 0;
	char text[1024];

	(void)state;
	assert_non_null(f);
	bench_init(&bench, 1000000, 1);
	bench_collect(&bench);
	while (fgets(text, sizeof(text), f) != NULL) {
		line++;
		if (strncmp(text, "```", 3) == 0)
			inside = strncmp(text, "```dialogue", 11) == 0;
		else if (inside)
			asked += play(&bench, text, line);
	}
	fclose(f);
	nothing_more(&bench, line);
	assert_true(asked >= 25);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dialogue_holds),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
