/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * attach - a photo or a document goes into the database with its SHA-256;
 * --save writes one out again.
 */
#include "cli/options.h" /* gh_cli_word */
#include "cli/people.h"	 /* gh_people_remark */
#include "cli/say.h"	 /* gh_say_failure */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct gh_option options[] = {
	GH_PEOPLE_OPTIONS,
	{ "text", "TEXT", "a line about it", GH_OPT_TEXT },
	{ "save", "ID", "the other way: write that attachment to FILE",
	  GH_OPT_COUNT },
	{ 0 }
};

/* Opened before it is looked at: what is read is what was looked at. */
static enum gh_status open_file(const char *path, int *fd, size_t *size,
				struct gh_err *err)
{
	struct stat is;

	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (*fd < 0 || fstat(*fd, &is) != 0)
		return gh_fail_sys(err, GH_ARG, errno, "%.120s", path);
	if (!S_ISREG(is.st_mode))
		return gh_fail(err, GH_ARG, "%.120s: not a plain file", path);
	if (is.st_size > (off_t)GH_ATTACHMENT_MAX)
		return gh_fail(err, GH_ARG,
			       "%.120s: %lld MB, at most %u MB are stored",
			       path, (long long)(is.st_size >> 20),
			       GH_ATTACHMENT_MAX >> 20);
	*size = (size_t)is.st_size;
	return GH_OK;
}

/* Exactly what was there when it was opened, or less where it shrank. */
static enum gh_status read_file(const char *path, void **bytes, size_t *n,
				struct gh_err *err)
{
	size_t size = 0;
	ssize_t got = 1;
	char *to = NULL;
	int fd;
	enum gh_status st = open_file(path, &fd, &size, err);

	if (st == GH_OK)
		to = malloc(size + 1);
	if (st == GH_OK && !to)
		st = gh_fail(err, GH_NOMEM, "no memory for %.120s", path);
	*n = 0;
	while (st == GH_OK && got > 0 && *n < size) {
		got = read(fd, to + *n, size - *n);
		if (got < 0)
			st = gh_fail_sys(err, GH_ARG, errno, "%.120s", path);
		else
			*n += (size_t)got;
	}
	if (fd >= 0)
		close(fd);
	if (st != GH_OK)
		free(to);
	else
		*bytes = to;
	return st;
}

static enum gh_status add(struct gh_cli *cli, struct gh_store *st,
			  const char *path, struct gh_err *err)
{
	const char *slash = strrchr(path, '/');
	struct gh_remark r;
	void *bytes = NULL;
	size_t n = 0;
	enum gh_status status = gh_people_remark(cli, st, &r, err);

	r.kind = GH_REMARK_ATTACHMENT;
	if (status == GH_OK)
		status = gh_people_text(r.name, sizeof r.name, "file name",
					slash ? slash + 1 : path, err);
	if (status == GH_OK)
		status = gh_people_text(r.text, sizeof r.text, "--text",
					gh_cli_text(cli, "text"), err);
	if (status == GH_OK)
		status = read_file(path, &bytes, &n, err);
	if (status != GH_OK)
		return status;
	status = gh_store_remark(st, &r, bytes, n, err);
	free(bytes);
	if (status == GH_OK && !gh_people_show(cli, &r))
		status = gh_fail(err, GH_NOMEM, "no memory for the answer");
	return status;
}

/* Never over a file that is there. */
static enum gh_status write_file(const char *path, const char *bytes, size_t n,
				 struct gh_err *err)
{
	const int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	size_t put = 0;
	bool ok = true;

	if (fd < 0)
		return gh_fail_sys(err, GH_ARG, errno, "%.120s", path);
	while (ok && put < n) {
		const ssize_t got = write(fd, bytes + put, n - put);

		ok = got > 0;
		put += ok ? (size_t)got : 0;
	}
	ok = ok && fsync(fd) == 0;
	ok = close(fd) == 0 && ok;
	if (ok)
		return GH_OK;
	unlink(path);
	return gh_fail_sys(err, GH_STORE, errno, "%.120s: not written", path);
}

static enum gh_status save(struct gh_cli *cli, struct gh_store *st,
			   const char *path, struct gh_err *err)
{
	void *bytes;
	size_t n;
	enum gh_status status = gh_store_attached(
		st, (int64_t)gh_cli_number(cli, "save", 0), &bytes, &n, err);

	if (status != GH_OK)
		return status;
	status = write_file(path, bytes, n, err);
	free(bytes);
	return status;
}

static int run(struct gh_cli *cli)
{
	const char *path = gh_cli_word(cli, 0);
	const bool saves = gh_cli_on(cli, "save");
	struct gh_err err = { 0 };
	struct gh_store *st;
	enum gh_status status;

	if (!path) {
		(void)!gh_fail(&err, GH_ARG, "attach: expected a file");
		return gh_say_failure(cli, &err);
	}
	status = gh_cli_store(cli, saves ? GH_STORE_READ : GH_STORE_WRITE, &st,
			      &err);
	if (status != GH_OK)
		return gh_say_failure(cli, &err);
	status = saves ? save(cli, st, path, &err) : add(cli, st, path, &err);
	gh_store_close(st);
	return status == GH_OK ? GH_EXIT_OK : gh_say_failure(cli, &err);
}

const struct gh_verb gh_verb_attach = {
	.name = "attach",
	.summary = "keep a photo or document with a run or part",
	.usage = "FILE",
	.max_words = 1,
	.options = options,
	.run = run,
};
