/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/hooks.h"	 /* what is defined here */
#include "cli/signals.h" /* gh_signals_came */
#include "cli/write_file.h" /* gh_files_as_asked */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

/* How often we look whether it has ended; a person does not see 20 ms. */
#define LOOK_US ((gh_us)20 * GH_US_PER_MS)
/* After SIGTERM, before SIGKILL. */
#define GRACE_US GH_US_PER_S

enum { FD_MOST = 1024 };

/* The port and the database are none of its business. */
static int close_ours(posix_spawn_file_actions_t *actions)
{
	int bad = 0;

	for (int fd = STDERR_FILENO + 1; fd < FD_MOST && bad == 0; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			bad = posix_spawn_file_actions_addclose(actions, fd);
	return bad;
}

/* A group of its own, so that it dies with what it started. */
static int set_up(posix_spawnattr_t *attr, posix_spawn_file_actions_t *actions)
{
	sigset_t none, all;
	int bad;

	sigemptyset(&none);
	sigfillset(&all);
	bad = posix_spawnattr_setflags(attr, POSIX_SPAWN_SETPGROUP |
						     POSIX_SPAWN_SETSIGMASK |
						     POSIX_SPAWN_SETSIGDEF);
	if (bad == 0)
		bad = posix_spawnattr_setpgroup(attr, 0);
	if (bad == 0)
		bad = posix_spawnattr_setsigmask(attr, &none);
	if (bad == 0)
		bad = posix_spawnattr_setsigdefault(attr, &all);
	if (bad == 0)
		bad = posix_spawn_file_actions_addopen(
			actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (bad == 0)
		bad = posix_spawn_file_actions_adddup2(actions, STDERR_FILENO,
						       STDOUT_FILENO);
	return bad == 0 ? close_ours(actions) : bad;
}

static int start(pid_t *pid, const char *path, char *const *env)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	char name[512];
	char *const argv[] = { name, NULL };
	int bad = posix_spawn_file_actions_init(&actions);

	if (bad != 0)
		return bad;
	bad = posix_spawnattr_init(&attr);
	if (bad == 0) {
		snprintf(name, sizeof name, "%s", path);
		bad = set_up(&attr, &actions);
		gh_files_as_asked(true);
		if (bad == 0)
			bad = posix_spawn(pid, path, &actions, &attr, argv,
					  env);
		gh_files_as_asked(false);
		posix_spawnattr_destroy(&attr);
	}
	posix_spawn_file_actions_destroy(&actions);
	return bad;
}

/* True when it ended before that time and any signal; *status is its. */
static bool ends_until(const struct gh_clock *clk, pid_t pid, gh_us until,
		       int *status)
{
	for (;;) {
		const pid_t got = waitpid(pid, status, WNOHANG);

		if (got == pid || (got < 0 && errno != EINTR))
			return got == pid;
		if (gh_now(clk) >= until || gh_signals_came())
			return false;
		gh_wait(clk, NULL, 0, gh_now(clk) + LOOK_US);
	}
}

static enum gh_status judge(int status, struct gh_err *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return GH_OK;
	if (WIFEXITED(status))
		return gh_fail(err, GH_IO, "ended with %d",
			       WEXITSTATUS(status));
	return gh_fail(err, GH_IO, "was ended by signal %d", WTERMSIG(status));
}

enum gh_status gh_hook_run(const struct gh_clock *clk, const char *path,
			   char *const *env, struct gh_err *err)
{
	const gh_us limit =
		gh_now(clk) + (gh_us)(GH_HOOK_SECONDS * GH_US_PER_S);
	int status = 0, bad;
	bool stopped;
	pid_t pid = 0;

	bad = start(&pid, path, env);
	if (bad != 0)
		return gh_fail_sys(err, GH_IO, bad, "cannot be started");
	if (ends_until(clk, pid, limit, &status))
		return judge(status, err);
	stopped = gh_now(clk) < limit;
	kill(-pid, SIGTERM);
	(void)ends_until(clk, pid, gh_now(clk) + GRACE_US, &status);
	kill(-pid, SIGKILL);
	(void)ends_until(clk, pid, gh_now(clk) + GRACE_US, &status);
	if (stopped)
		return gh_fail(err, GH_CANCELLED, "was stopped by a signal");
	return gh_fail(err, GH_TIMEOUT, "took longer than %.0f s: ended",
		       GH_HOOK_SECONDS);
}
