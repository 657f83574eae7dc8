#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# alone: it measures how late this host lets a program be
# timeout: 300
"""From a stop that somebody asks for to its first byte on the wire, while joints move in real time.

tests/bench/stop puts itself between the program and a simulated sculpture, asks at moments of no
meaning, and asks a process that only polls at the same instants; of `ghostlight stop`, timed from
its exec, the control is the exec of `ghostlight --version`. The bench goes before other programs
where that is permitted; program and control do not, except under SCHED_FIFO.

What fails is more than 5 ms worse than the control, twice: at p99.9, where as many of the worst
of each are left out as p99.9 leaves out, but at least one, because one stolen time slice is not
the program's; of fewer than 50 stops at p50. A `ghostlight stop` may also take as long again as
its control: two programs that start at once are in each other's way."""

import math
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "kit"))
sys.dont_write_bytecode = True
from sculpture import PROGRAM, RIG, SIMULATOR, Tap, folder  # noqa: E402

BENCH = os.path.join(os.environ.get("GH_BUILD", "build"), "bench", "stop")
WORSE_US = 5000
SHARES = (50, 99, 99.9, 100)
# Of each condition: how many, and the most seconds. A stop ends a check and the next one needs a
# second to get to its motion: one a second and session, an hour for the whole soak. tests/bench/
# screens.py has the 10 000 presses.
LENGTHS = {"": (6, 4), "short": (90, 4), "whole": (2000, 300)}

QUIET = {"sessions": 8}
BOTH = {"stalled": 1, "storm": 1, "sessions": 2}
# What is asked how, while what; who may hurry.
CONDITIONS = (
    ("SPACE", "key", QUIET),
    ("SPACE, terminal not read", "key", {"stalled": 1, **QUIET}),
    ("SPACE, 1 kHz of resizes", "key", {"storm": 1, "sessions": 2}),
    ("SPACE, not read and resizes", "key", BOTH),
    ("SIGINT, terminal not read", "int", {"stalled": 1, **QUIET}),
    ("SIGTERM, terminal not read", "term", {"stalled": 1, **QUIET}),
    ("stop socket, terminal not read", "socket", {"stalled": 1, **QUIET}),
    ("`ghostlight stop` from its exec", "verb", QUIET),
    ("SPACE, not read and resizes, SCHED_FIFO beside 2 burners", "key",
     {"fifo": 1, "burners": 2, **BOTH}),
    ("SIGINT, SCHED_FIFO beside 2 burners", "int", {"fifo": 1, "burners": 2, **QUIET}),
    ("SPACE, not read and resizes, beside 2 burners", "key", {"burners": 2, **BOTH}),
    ("SIGINT, beside 2 burners", "int", {"burners": 2, **QUIET}),
)


def length():
    asked = os.environ.get("GH_SOAK", "")
    return LENGTHS.get(asked, LENGTHS["whole"])


def may_hurry():
    def ask():
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(2))
    try:
        subprocess.run(["true"], preexec_fn=ask, check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


class Measured:
    """What the bench said of one condition."""

    def __init__(self, kind, count, seconds, **options):
        scratch = folder()
        env = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
        for name in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME",
                     "XDG_RUNTIME_DIR"):
            env[name] = scratch
        words = {"program": PROGRAM, "simulator": SIMULATOR, "rig": RIG, "folder": scratch,
                 "kind": kind, "count": count, "seconds": seconds, **options}
        command = [os.path.abspath(BENCH)]
        for name, value in words.items():
            command += ["--" + name, str(value)]
        done = subprocess.run(command, env=env, capture_output=True, text=True,
                              errors="replace", check=False)
        shutil.rmtree(scratch, ignore_errors=True)
        lines = [line.split(maxsplit=3) for line in done.stdout.splitlines()]
        stops = [line for line in lines if line[0] == "stop"]
        self.took = sorted(int(line[2]) for line in stops)
        self.control = sorted(int(line[3].split()[0]) for line in stops)
        self.policies = {line[3].split()[1] for line in stops}
        self.aborted = [line for line in lines if line[0] == "aborted"]
        self.wrong = [" ".join(line) for line in lines if line[0] not in ("stop", "aborted")]
        if done.returncode:
            self.wrong.append(f"the bench: exit {done.returncode} {done.stderr}")

    def say(self):
        def figures(values):
            return " ".join(f"{at(values, share) / 1000:.2f}" for share in SHARES)
        if not self.took:
            return f"0 stops, {len(self.aborted)} clean aborts"
        text = (f"{len(self.took)} stops, p50 p99 p99.9 max {figures(self.took)} ms, "
                f"control {figures(self.control)} ms")
        return text + (f", {len(self.aborted)} clean aborts" if self.aborted else "")


def at(values, share):
    """The nearest rank: the smallest that at least so many percent do not exceed."""
    return values[math.ceil(len(values) * share / 100) - 1]


def worse_us(m, kind):
    if not m.took:
        return 0
    count = len(m.took)
    which = count // 2 if count < 50 else -1 - max(1, round(count / 1000))
    return m.took[which] - m.control[which] * (2 if kind == "verb" else 1)


def unclean(m):
    """Aborts that do not end as such, or do not say that this host was too slow."""
    return [" ".join(line) for line in m.aborted
            if line[1] != "key" and (line[2] != "3" or "too slow" not in line[3])]


def objections(m, kind, options):
    policy = "fifo" if options.get("fifo") else "other"
    found = m.wrong + unclean(m)
    if not m.took and not m.aborted:
        found.append("nothing was measured")
    if m.policies - {policy}:
        found.append(f"its scheduling while joints moved: {m.policies}, expected {policy}")
    if m.aborted and not options.get("burners"):
        found.append(f"{len(m.aborted)} runs ended by themselves")
    if options.get("fifo") and m.aborted:
        found.append("an abort under SCHED_FIFO")
    if worse_us(m, kind) > WORSE_US:
        found.append(f"worse than the control by {worse_us(m, kind) / 1000:.2f} ms")
    return found


def check(tap, name, kind, options):
    count, seconds = length()
    for _ in range(2):
        m = Measured(kind, count, seconds, **options)
        found = objections(m, kind, options)
        if not found:
            break
    if tap.ok(not found, f"{name}: {m.say()}", "\n".join(found)):
        print(f"soak: stop by {name}: {m.say()}", flush=True)


def check_held(tap):
    """Kept from the CPU for 200 ms, twice the watchdog's time."""
    name = "a host that is away for 200 ms ends its run and says so"
    count = min(length()[0], 20)
    m = Measured("int", count, 60, starved=1, stalled=0, **QUIET)
    found = m.wrong + unclean(m)
    if tap.ok(not found and len(m.aborted) >= count, name,
              "\n".join(found) or f"{len(m.aborted)} of {count} aborted"):
        print(f"soak: {name}: {len(m.aborted)} of {len(m.aborted)}", flush=True)


def main():
    missing = [p for p in (PROGRAM, SIMULATOR, BENCH) if not os.access(p, os.X_OK)]
    if missing:
        print(f"1..0 # SKIP {missing[0]} is missing")
        return
    tap = Tap()
    hurry = may_hurry()
    for name, kind, options in CONDITIONS:
        if options.get("fifo") and not hurry:
            tap.skip(name, "SCHED_FIFO is not permitted here")
        else:
            check(tap, name, kind, options)
    check_held(tap)
    tap.done()


if __name__ == "__main__":
    main()
