/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/simulator.h"

#include "base/text.h" /* gh_copy_text */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef GH_DATADIR
#define GH_DATADIR "/usr/local/share/ghostlight"
#endif

#define RIG "lumina.rig"
/* It says its port within 10 ms; a loaded computer gets more. */
#define START_US ((gh_us)5 * GH_US_PER_S)
/* After SIGTERM, before SIGKILL. */
#define GRACE_US GH_US_PER_S
#define LOOK_US ((gh_us)10 * GH_US_PER_MS)

enum { FD_MOST = 1024, ARGS = 9 };

/* `file` in the folder of this program. */
static bool beside(char *out, size_t cap, const char *file)
{
	const ssize_t n = readlink("/proc/self/exe", out, cap);
	const size_t len = strlen(file) + 1;
	char *slash;

	if (n <= 0 || (size_t)n >= cap)
		return false;
	out[n] = '\0';
	slash = strrchr(out, '/');
	if (!slash || (size_t)(slash + 1 - out) + len > cap)
		return false;
	memcpy(slash + 1, file, len);
	return true;
}

bool gh_simulator_path(char *out, size_t cap)
{
	return beside(out, cap, GH_SIMULATOR) && access(out, X_OK) == 0;
}

/* Here in a checkout, else where `make install` puts it. */
static bool find_rig(char *out, size_t cap)
{
	static const struct {
		const char *path;
		bool is_beside;
	} places[] = { { "../share/ghostlight/" RIG, true },
		       { "../schemas/" RIG, true },
		       { "schemas/" RIG, false },
		       { GH_DATADIR "/" RIG, false } };
	bool found = false;

	for (size_t i = 0; i < GH_ARRAY_SIZE(places) && !found; i++) {
		found = places[i].is_beside
				? beside(out, cap, places[i].path)
				: gh_copy_text(out, cap, places[i].path);
		found = found && access(out, R_OK) == 0;
	}
	return found;
}

static enum gh_status find_files(struct gh_simulator *s, char *program,
				 struct gh_err *err)
{
	struct gh_path state;
	int n;

	if (!gh_simulator_path(program, GH_PATH_CAP))
		return gh_fail(err, GH_IO,
			       GH_SIMULATOR " is not beside this program");
	if (!find_rig(s->rig, sizeof s->rig))
		return gh_fail(err, GH_IO,
			       "the rig file of the simulated Lumina, " RIG
			       ", is not in " GH_DATADIR);
	gh_path_state(&state);
	n = snprintf(s->db, sizeof s->db, "%s/simulated.db", state.path);
	if (!state.path[0] || n < 0 || (size_t)n >= sizeof s->db)
		return gh_fail(err, GH_STORE,
			       "no place for simulated runs: %.60s", state.why);
	return gh_path_make_folder(s->db, err);
}

/* In the child, where only what is safe in a signal handler may be called. */
static void become(const char *program, char *const *args, pid_t parent,
		   int out)
{
	const int null = open("/dev/null", O_RDWR);

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* It died before that. */
	if (getppid() != parent || null < 0)
		_exit(127);
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	/* The terminal, the port and the database are none of its business. */
	for (int fd = STDERR_FILENO + 1; fd < FD_MOST; fd++)
		close(fd);
	execv(program, args);
	_exit(127);
}

static enum gh_status spawn(struct gh_simulator *s, const char *program,
			    unsigned session, int *out, struct gh_err *err)
{
	char texts[ARGS][GH_PATH_CAP], *args[ARGS + 1] = { NULL };
	const char *const words[] = { GH_SIMULATOR, "--rig", s->rig,
				      "--seed",	    "7",     "--session" };
	const pid_t parent = getpid();
	size_t n = 0;
	int ends[2];

	for (; n < GH_ARRAY_SIZE(words); n++) {
		gh_copy_text(texts[n], sizeof texts[n], words[n]);
		args[n] = texts[n];
	}
	snprintf(texts[n], sizeof texts[n], "%u", session);
	args[n] = texts[n];
	if (pipe(ends) != 0)
		return gh_fail_sys(err, GH_NOMEM, errno, "no pipe");
	s->pid = fork();
	if (s->pid == 0)
		become(program, args, parent, ends[1]);
	close(ends[1]);
	*out = ends[0];
	if (s->pid > 0)
		return GH_OK;
	s->pid = 0;
	close(ends[0]);
	return gh_fail_sys(err, GH_NOMEM, errno,
			   "no process for " GH_SIMULATOR);
}

/* "port: /dev/pts/3", its first line. */
static bool take_port(struct gh_simulator *s, char *line)
{
	static const char mark[] = "port: ";
	char *end = strchr(line, '\n');

	if (!end || strncmp(line, mark, sizeof mark - 1) != 0)
		return false;
	*end = '\0';
	return gh_copy_text(s->port, sizeof s->port, line + sizeof mark - 1);
}

static enum gh_status hear_port(struct gh_simulator *s, int fd,
				const struct gh_clock *clock,
				struct gh_err *err)
{
	const gh_us until = gh_now(clock) + START_US;
	char line[96] = "";
	size_t used = 0;
	ssize_t n = 1;

	while (n > 0 && used + 1 < sizeof line && gh_now(clock) < until) {
		struct pollfd in = { .fd = fd, .events = POLLIN };

		if (gh_wait(clock, &in, 1, until) <= 0)
			continue;
		n = read(fd, line + used, sizeof line - 1 - used);
		used += n > 0 ? (size_t)n : 0;
		line[used] = '\0';
		if (take_port(s, line))
			return GH_OK;
	}
	return gh_fail(err, GH_TIMEOUT, GH_SIMULATOR " named no port");
}

enum gh_status gh_simulator_start(struct gh_simulator *s,
				  const struct gh_clock *clock,
				  struct gh_err *err)
{
	/* The same individual, switched on anew. */
	const unsigned session =
		1 + (unsigned)((uint64_t)gh_wall_s(clock) % 1000000);
	char program[GH_PATH_CAP];
	enum gh_status st;
	int out = -1;

	*s = (struct gh_simulator){ 0 };
	st = find_files(s, program, err);
	if (st == GH_OK)
		st = spawn(s, program, session, &out, err);
	if (st != GH_OK)
		return st;
	st = hear_port(s, out, clock, err);
	close(out);
	if (st != GH_OK)
		gh_simulator_stop(s, clock);
	return st;
}

static bool ends_until(pid_t pid, const struct gh_clock *clock, gh_us until)
{
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (gh_now(clock) >= until)
			return false;
		gh_wait(clock, NULL, 0, gh_now(clock) + LOOK_US);
	}
	return true;
}

void gh_simulator_stop(struct gh_simulator *s, const struct gh_clock *clock)
{
	if (s->pid <= 0)
		return;
	kill(s->pid, SIGTERM);
	if (!ends_until(s->pid, clock, gh_now(clock) + GRACE_US)) {
		kill(s->pid, SIGKILL);
		(void)ends_until(s->pid, clock, gh_now(clock) + GRACE_US);
	}
	s->pid = 0;
}
