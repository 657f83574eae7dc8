#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What waiting for a dead controller costs: a pty whose other end never answers, and the processor
time that the kernel counts for each of our waits. Limit: 1 ms a second (issue 3)."""

import glob
import os
import pty
import signal
import statistics
import subprocess
import tempfile
import time
import tty

from kit.figures import PROGRAM, Limits, describe_machine, go_first, say

TIMES = int(os.environ.get("GH_BENCH_TIMES", "5"))
LIMIT_MS = 1.0
SETTLE_S, MEASURE_S = 0.5, 1.5  # the shortest of the waits is 3 s
CASES = (
    ("check, lumina", ("check", "--rig", "schemas/lumina.rig", "--quiet", "--port")),
    ("check, firmata", ("check", "--rig", "schemas/uno.rig", "--quiet", "--port")),
    ("devices --ask", ("devices", "--ask")),
)


def ran_s(pid):
    """Of all its threads: a library may have one of its own."""
    total = 0
    for name in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        with open(name, encoding="ascii") as f:
            total += int(f.read().split()[0])
    return total / 1e9


def one(command, env):
    master, slave = pty.openpty()
    tty.setraw(slave)
    run = subprocess.Popen([PROGRAM, *command, os.ttyname(slave)], stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                           preexec_fn=go_first, env=env)
    time.sleep(SETTLE_S)
    begun, before = time.monotonic(), ran_s(run.pid)
    time.sleep(MEASURE_S)
    cost_ms = 1000 * (ran_s(run.pid) - before) / (time.monotonic() - begun)
    begun = time.monotonic()
    run.send_signal(signal.SIGINT)
    code = run.wait(timeout=20)
    ended_ms = 1000 * (time.monotonic() - begun)
    os.close(slave)
    os.close(master)
    return cost_ms, ended_ms, code


def main():
    limits = Limits()
    say(f"  nobody answers: processor time a second, {TIMES} times {MEASURE_S} s each")
    describe_machine()
    with tempfile.TemporaryDirectory(prefix="gh-bench-") as home:
        env = dict(os.environ, HOME=home, XDG_STATE_HOME=home, XDG_DATA_HOME=home,
                   XDG_CONFIG_HOME=home, XDG_RUNTIME_DIR=home)
        for name, command in CASES:
            runs = [one(command, env) for _ in range(TIMES)]
            cost = statistics.median(r[0] for r in runs)
            limits.at_most(f"{name:16s} median", cost, LIMIT_MS, "ms/s")
            say(f"        worst {max(r[0] for r in runs):.2f} ms/s; Ctrl-C to exit "
                f"{statistics.median(r[1] for r in runs):.0f} ms, worst "
                f"{max(r[1] for r in runs):.0f} ms")
            limits.check(all(r[2] == 130 for r in runs), f"{name:16s} exit 130")
    limits.done()


if __name__ == "__main__":
    main()
