# SPDX-License-Identifier: GPL-3.0-or-later
"""What the command line tests share: a simulated sculpture on a pty, the
program under test, and TAP."""

import atexit
import fcntl
import glob
import hashlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

BUILD = os.environ.get("GH_BUILD", os.path.abspath("build"))
PROGRAM = os.path.join(BUILD, "ghostlight")
SIMULATOR = os.path.join(BUILD, "ghostlight-sim")
RIG = "schemas/lumina.rig"

# Whoever runs the tests under nohup does not mean the programs that are hung up here.
signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Tap:
    """Counts and prints results; leave with done()."""

    def __init__(self):
        self.n = 0
        self.failed = 0

    def ok(self, good, name, detail=""):
        self.n += 1
        self.failed += not good
        print(("ok" if good else "not ok") + f" {self.n} - {name}", flush=True)
        if not good:
            for line in str(detail).splitlines()[:30]:
                print("# " + line, flush=True)
        return good

    def skip(self, name, why):
        self.n += 1
        print(f"ok {self.n} - {name} # SKIP {why}", flush=True)

    def done(self):
        print(f"1..{self.n}")
        sys.exit(1 if self.failed else 0)


class OnPty:
    """A program that prints `port: P` and then serves it, for a `with` block."""

    def __init__(self, command):
        self.command = command

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("port: "):
            self.process.kill()
            raise RuntimeError("no port line: " + self.process.stderr.read())
        self.port = line[len("port: "):].strip()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=10)


class Sculpture(OnPty):
    """ghostlight-sim."""

    def __init__(self, *options, session=1, scale=8, rig=RIG):
        super().__init__([SIMULATOR, "--rig", rig, "--seed", "1", "--session", str(session),
                          "--time-scale", str(scale), *options])

    def reboot(self):
        self.process.send_signal(signal.SIGUSR1)


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def json(self):
        try:
            return json.loads(self.out)
        except ValueError:
            return {}

    def __str__(self):
        return f"exit {self.code}\n{self.err[-700:]}\n{self.out[:700]}"

    __repr__ = __str__  # among others, in a detail


def ghostlight(*args, timeout=100, env=None):
    done = subprocess.run([PROGRAM, *args], capture_output=True, text=True, errors="replace",
                          timeout=timeout, stdin=subprocess.DEVNULL,
                          env=dict(os.environ, **(env or {})))
    return Result(done.returncode, done.stdout, done.stderr)


class Running(subprocess.Popen):
    """The program while it runs. Both its outputs are read all the time: it would
    wait for ever on a pipe that is full while the test waits for the other one."""

    def __init__(self, *args, env=None):
        super().__init__([PROGRAM, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         text=True, errors="replace", stdin=subprocess.DEVNULL,
                         env=dict(os.environ, **(env or {})))
        self.lines = {self.stdout: queue.SimpleQueue(), self.stderr: queue.SimpleQueue()}
        self.readers = [threading.Thread(target=self._read, args=(pipe,), daemon=True)
                        for pipe in self.lines]
        for reader in self.readers:
            reader.start()

    def _read(self, pipe):
        for line in pipe:
            self.lines[pipe].put(line)
        self.lines[pipe].put("")

    def line(self, pipe, timeout=20):
        """The next line; "" at the end and when none comes in time."""
        try:
            line = self.lines[pipe].get(timeout=max(timeout, 0))
        except queue.Empty:
            return ""
        if not line:
            self.lines[pipe].put("")  # the end stays the end
        return line

    def rest(self, pipe):
        return "".join(iter(lambda: self.line(pipe), ""))


def start(*args, env=None):
    return Running(*args, env=env)


def finish(process, timeout=60):
    process.wait(timeout=timeout)
    for reader in process.readers:
        reader.join(timeout)
    return Result(process.returncode, process.rest(process.stdout), process.rest(process.stderr))


def wait_for(process, text, timeout=20):
    """Reads stderr lines until one has the text; returns what was read."""
    seen, end = "", time.monotonic() + timeout
    while text not in seen:
        line = process.line(process.stderr, end - time.monotonic())
        if not line:
            break
        seen += line
    return seen


def hurry():
    """Before other programs, where that is permitted: children inherit it."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except OSError:
        pass


def only_the_host_was_late(report):
    """WATCH for the link and the simulated controller's loop alone, or the watchdog latched:
    a starved host at 8 times real speed is a late one, and the tool said so. A HOLD is never
    taken again."""
    if report.get("verdict") == "HOLD":
        return False
    off = {p["part"] for p in report.get("parts", []) if p["state"] in ("WATCH", "UNSURE")}
    late = bool(off) and off <= {"link", "controller"}
    return late or "WATCHDOG" in (report.get("error") or "")


def folder():
    """Gone at the end of the test."""
    path = tempfile.mkdtemp(prefix="gh-")
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def lost_frames(db):
    """In the last run, by a starved host: what is compared with that finds the link too noisy."""
    parts = ghostlight("report", "last", "--json", "--db", db).json().get("parts", [])
    return any(f["metric"] == "link.bad" and f["value"]
               for p in parts if p["part"] == "link" for f in p["findings"])


def rehearse_once(db, rig, name, more):
    """A check for that baseline on each of five runs over three power-ups: the least that can be.
    The result of the first that failed, or of the last, and whether all heard everything."""
    for session, runs in ((1, 2), (2, 2), (3, 1)):
        with Sculpture(rig=rig, session=session) as sim:
            for _ in range(runs):
                got = ghostlight("baseline", "add", "--check", "--name", name, "--allow-motion",
                                 "--quiet", "--port", sim.port, "--rig", rig, "--db", db, *more)
                if got.code or lost_frames(db):
                    return got, False
    return got, True


def rehearse(db, rig=RIG, name="studio", more=()):
    """The above, anew where a starved host lost frames or let the watchdog trip: what came of it
    last. The baseline is not sealed."""
    for turn in "1234":
        got, is_clean = rehearse_once(db, rig, name, more)
        if is_clean or (got.code and "WATCHDOG" not in got.err) or turn == "4":
            return got
        print("# the host was late; the rehearsal once more")
        for old in glob.glob(glob.escape(db) + "*"):
            os.unlink(old)


def seal(db, name="studio"):
    return ghostlight("baseline", "seal", "--name", name, "--by", "a test", "--why", "rehearsed",
                      "--db", db)


def rehearsed(db):
    """Replaces db by what rehearse() once made with these very programs, today: older
    runs would be told as such."""
    key = hashlib.sha256(time.strftime("%F").encode())
    for path in (PROGRAM, SIMULATOR, RIG):
        with open(path, "rb") as f:
            key.update(f.read())
    kept = os.path.join(BUILD, "rehearsed", key.hexdigest()[:16] + ".db")
    os.makedirs(os.path.dirname(kept), exist_ok=True)
    with open(os.path.join(BUILD, "rehearsed", "lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(kept):
            with tempfile.TemporaryDirectory(dir=os.path.dirname(kept)) as scratch:
                made = os.path.join(scratch, "studio.db")
                for got in (rehearse(made), seal(made)):
                    if got.code:
                        raise RuntimeError(f"the rehearsal: {got}")
                os.rename(made, kept)
    for old in glob.glob(glob.escape(db) + "*"):
        os.unlink(old)
    shutil.copy(kept, db)


def checking(port, db, *more):
    return ("check", "--port", port, "--rig", RIG, "--db", db, *more)
