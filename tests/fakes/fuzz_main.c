/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The main() of a fuzz target without libFuzzer: corpus, then mutations. What
 * made it crash is left in a file.
 */
#include "fakes/fuzz.h"
#include "fakes/soak.h" /* gh_soak_count */
#include "sim/rng.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INPUT_MAX = 1 << 16, INPUTS_MAX = 256, EDITS_MAX = 8 };
/* Long seeds cost time and teach nothing that their beginning does not. */
enum { SPAN_MAX = 64 };
/* So many executions are kept together: at most half a minute of them. */
enum { STEP = 1000 };
#ifdef __SANITIZE_ADDRESS__
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

struct input {
	size_t n;
	uint8_t b[INPUT_MAX];
};

static struct input *seeds[INPUTS_MAX];
static size_t n_seeds;
static struct input now; /* the one that runs */
static char left_behind[512], steps_file[512];
static struct gh_rng rng;

/* ---- Files --------------------------------------------------------------- */

static bool read_input(struct input *in, const char *path)
{
	FILE *f = fopen(path, "rb");

	if (!f)
		return false;
	in->n = fread(in->b, 1, sizeof in->b, f);
	return fclose(f) == 0;
}

static int is_shown(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

/* In the order of their names, so that a seed means the same everywhere. */
static bool read_corpus(const char *folder)
{
	struct dirent **list = NULL;
	const int n = scandir(folder, &list, is_shown, alphasort);
	bool ok = n > 0 && n <= INPUTS_MAX;

	for (int i = 0; i < n; i++) {
		char path[1024];

		snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name);
		free(list[i]);
		if (!ok)
			continue;
		seeds[n_seeds] = calloc(1, sizeof *seeds[0]);
		ok = seeds[n_seeds] && read_input(seeds[n_seeds], path);
		n_seeds += ok;
	}
	free(list);
	return ok;
}

/* Only what a signal handler may do. */
static void on_crash(int sig)
{
	const int fd = open(left_behind, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd >= 0 && write(fd, now.b, now.n) == (ssize_t)now.n)
		(void)!write(2, left_behind, strlen(left_behind));
	signal(sig, SIG_DFL);
	raise(sig);
}

/* ---- Mutations ----------------------------------------------------------- */

static size_t draw(size_t below)
{
	return below ? (size_t)(gh_rng_next(&rng) % below) : 0;
}

static void put_in(size_t at, const void *bytes, size_t n)
{
	if (now.n + n > INPUT_MAX)
		return;
	memmove(now.b + at + n, now.b + at, now.n - at);
	memcpy(now.b + at, bytes, n);
	now.n += n;
}

static void flip_bit(void)
{
	if (now.n)
		now.b[draw(now.n)] ^= (uint8_t)(1u << draw(8));
}

static void set_byte(void)
{
	static const uint8_t odd[] = { 0, 1, 0x7F, 0x80, 0xFF, '\n', ' ', '-' };

	if (now.n)
		now.b[draw(now.n)] =
			draw(2) ? odd[draw(sizeof odd)] : (uint8_t)draw(256);
}

static void cut_span(void)
{
	const size_t at = draw(now.n);
	const size_t most = now.n - at < SPAN_MAX ? now.n - at : SPAN_MAX;
	const size_t n = draw(most + 1);

	memmove(now.b + at, now.b + at + n, now.n - at - n);
	now.n -= n;
}

static void cut_end(void)
{
	now.n = draw(now.n + 1);
}

static void put_word(void)
{
	size_t words = 0;
	const char *w;

	while (gh_fuzz_words[words])
		words++;
	if (words == 0)
		return;
	w = gh_fuzz_words[draw(words)];
	put_in(draw(now.n + 1), w, strlen(w));
}

/* Of another seed or of itself, to some other place. */
static void put_span(void)
{
	const struct input *from = draw(2) ? &now : seeds[draw(n_seeds)];
	const size_t at = draw(from->n);
	const size_t most = from->n - at < SPAN_MAX ? from->n - at : SPAN_MAX;
	const size_t n = draw(most + 1);
	uint8_t span[SPAN_MAX];

	memcpy(span, from->b + at, n);
	put_in(draw(now.n + 1), span, n);
}

static void put_run(void)
{
	uint8_t span[SPAN_MAX];

	memset(span, (int)draw(256), sizeof span);
	put_in(draw(now.n + 1), span, 1 + draw(SPAN_MAX));
}

/* No more of it than there is: most seeds are short. */
static void begin_with(const struct input *seed)
{
	now.n = seed->n;
	memcpy(now.b, seed->b, seed->n);
}

static void mutate(void)
{
	static void (*const edits[])(void) = { flip_bit, set_byte, cut_span,
					       cut_end,	 put_word, put_span,
					       put_run };
	const size_t n = 1 + draw(EDITS_MAX);

	begin_with(seeds[draw(n_seeds)]);
	for (size_t i = 0; i < n; i++)
		edits[draw(sizeof edits / sizeof edits[0])]();
}

/* ---- Runs ---------------------------------------------------------------- */

/* On the heap and no longer than it is, so that a sanitizer sees one too far. */
static void run_it(void)
{
	uint8_t *exact = malloc(now.n ? now.n : 1);

	if (!exact)
		abort();
	memcpy(exact, now.b, now.n);
	LLVMFuzzerTestOneInput(exact, now.n);
	free(exact);
}

static unsigned long number(const char *name, unsigned long otherwise)
{
	const char *given = getenv(name);

	return given ? strtoul(given, NULL, 0) : otherwise;
}

static int run_files(char *const *paths)
{
	for (; *paths; paths++) {
		if (!read_input(&now, *paths)) {
			perror(*paths);
			return 1;
		}
		run_it();
	}
	return 0;
}

static void say_figure(const char *name, unsigned long runs)
{
	char figure[64], frames[48] = "";

	if (gh_fuzz_frames > 0)
		snprintf(frames, sizeof frames, " with %llu frames",
			 (unsigned long long)gh_fuzz_frames);
	snprintf(figure, sizeof figure, "fuzz %s%s", name,
		 SANITIZED ? " with ASan and UBSan" : "");
	gh_soak_say(figure, "%lu executions%s, 0 findings", runs, frames);
}

static unsigned long runs_asked(void)
{
	const struct gh_fuzz_runs *r = &gh_fuzz_runs;
	const unsigned long less = SANITIZED ? GH_FUZZ_SANITIZED_SHARE : 1;

	return gh_soak_count(r->taste,
			     (r->shorter ? r->shorter : GH_FUZZ_SHORT) / less,
			     (r->whole ? r->whole : GH_FUZZ_WHOLE) / less);
}

/* ---- How far it got: hours of them may be broken off --------------------- */

/* Where, as tests/soak/kept.py calls it; "" for nowhere. */
static void find_steps(const char *name)
{
	const char *folder = getenv("GH_SOAK_KEPT");

	if (folder)
		snprintf(steps_file, sizeof steps_file, "%s/%sfuzz-%s.steps",
			 folder, SANITIZED ? "watched-" : "", name);
}

static unsigned long steps_done(void)
{
	unsigned long done = 0;
	unsigned long long frames = 0;
	FILE *f = *steps_file ? fopen(steps_file, "r") : NULL;

	if (!f)
		return 0;
	if (fscanf(f, "%lu %llu", &done, &frames) != 2)
		done = 0;
	fclose(f);
	gh_fuzz_frames = done > 0 ? frames : 0;
	return done;
}

/* One that is not kept is only done again. */
static void keep_steps(unsigned long done)
{
	char anew[sizeof steps_file + 4];
	FILE *f;

	if (!*steps_file)
		return;
	snprintf(anew, sizeof anew, "%s.new", steps_file);
	f = fopen(anew, "w");
	if (!f)
		return;
	fprintf(f, "%lu %llu\n", done, (unsigned long long)gh_fuzz_frames);
	if (fclose(f) == 0)
		(void)!rename(anew, steps_file);
}

/* A step draws from a stream of its own, so that it can be the first. */
static void run_mutations(const char *name)
{
	const unsigned long seed = number("GH_SEED", SANITIZED ? 2 : 1);
	const unsigned long runs = number("GH_FUZZ_RUNS", runs_asked());

	find_steps(name);
	printf("# GH_SEED=%lu\n", seed);
	fflush(stdout);
	for (unsigned long i = steps_done(); i < runs; i++) {
		if (i % STEP == 0)
			gh_rng_seed(&rng, seed, i / STEP, 0);
		mutate();
		run_it();
		if ((i + 1) % STEP == 0)
			keep_steps(i + 1);
	}
	printf("ok 2 - %s: %lu mutations\n", name, runs);
	say_figure(name, runs);
}

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	const char *name = slash ? slash + 1 : argv[0];
	const char *build =
		getenv("GH_BUILD"); /* TMPDIR of a test is removed */
	char folder[512];

	snprintf(left_behind, sizeof left_behind, "%s/crash-%s",
		 build ? build : ".", name);
	signal(SIGSEGV, on_crash);
	signal(SIGABRT, on_crash);
	if (argc > 1)
		return run_files(argv + 1);
	printf("1..2\n");
	snprintf(folder, sizeof folder, "tests/fuzz/corpus/%s", name);
	if (!read_corpus(folder)) {
		printf("not ok 1 - %s: no corpus there\n", folder);
		return 1;
	}
	for (size_t i = 0; i < n_seeds; i++) {
		begin_with(seeds[i]);
		run_it();
	}
	printf("ok 1 - %s: %zu inputs of the corpus\n", name, n_seeds);
	run_mutations(name);
	for (size_t i = 0; i < n_seeds; i++)
		free(seeds[i]);
	return 0;
}
