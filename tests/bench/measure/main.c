/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * measure FILE PROGRAM [ARG]... - runs a program and writes what it cost to
 * FILE: seconds on the wall, seconds of a processor, most memory in kB. Small,
 * because a process begins with the peak memory of the one that started it: a
 * script would measure its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_USAGE = 64, EXIT_OS = 71, EXIT_NO_PROGRAM = 127, SIGNALLED = 128 };

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
	const double begun = now();
	struct rusage used;
	double wall;
	FILE *out;
	pid_t child;
	int code;

	if (argc < 3) {
		fprintf(stderr, "usage: measure FILE PROGRAM [ARG]...\n");
		return EXIT_USAGE;
	}
	child = fork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		_exit(EXIT_NO_PROGRAM);
	}
	if (child < 0 || waitpid(child, &code, 0) != child)
		return EXIT_OS;
	wall = now() - begun;
	getrusage(RUSAGE_CHILDREN, &used);
	out = fopen(argv[1], "w");
	if (!out)
		return EXIT_OS;
	fprintf(out, "%.6f %.6f %ld\n", wall,
		seconds(used.ru_utime) + seconds(used.ru_stime),
		used.ru_maxrss);
	if (fclose(out) != 0)
		return EXIT_OS;
	return WIFEXITED(code) ? WEXITSTATUS(code) : SIGNALLED + WTERMSIG(code);
}
