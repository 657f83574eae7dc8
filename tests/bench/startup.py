#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long ghostlight takes to start and end: what every script that calls it pays. No limit is
promised; peers are the least a process costs here and the usual script."""

import os
import statistics
import tempfile

from kit.figures import PROGRAM, Cost, Limits, describe_machine, say

TIMES = int(os.environ.get("GH_BENCH_TIMES", "40"))
COMMANDS = (
    ("ghostlight --version", (PROGRAM, "--version")),
    ("ghostlight status", (PROGRAM, "status")),
    ("ghostlight history", (PROGRAM, "history")),
    ("ghostlight check --dry-run", (PROGRAM, "check", "--dry-run", "--rig", "schemas/lumina.rig")),
    ("peer: true", ("true",)),
    ("peer: sqlite3 --version", ("sqlite3", "--version")),
    ("peer: python3 -c pass", ("python3", "-c", "pass")),
)


def main():
    limits = Limits()
    say(f"  start to exit, {TIMES} times each; an empty home, no device")
    describe_machine()
    say("                                 median     worst       cpu     peak  exit")
    with tempfile.TemporaryDirectory(prefix="gh-bench-") as home:
        env = {"HOME": home, "XDG_STATE_HOME": home, "XDG_DATA_HOME": home,
               "XDG_CONFIG_HOME": home, "XDG_RUNTIME_DIR": home}
        for name, command in COMMANDS:
            runs = [Cost(*command, env=env) for _ in range(TIMES)]
            say(f"  {name:28s}"
                f"{1000 * statistics.median(r.wall_s for r in runs):7.1f} ms"
                f"{1000 * max(r.wall_s for r in runs):7.1f} ms"
                f"{1000 * statistics.median(r.cpu_s for r in runs):7.1f} ms"
                f"{max(r.peak_mb for r in runs):6.1f} MB  {runs[-1].code:4d}")
    limits.done()


if __name__ == "__main__":
    main()
