#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""places: the one-minute check of a simulated Lumina in real time at 250 kBd, start to exit.
GH_BENCH_RUNS runs, ten unless said otherwise, each another power-up; the first five are a
baseline, the others are judged against it."""

import contextlib
import json
import os
import re
import sqlite3
import statistics
import sys
import tempfile

from kit.figures import PROGRAM, Cost, Limits, Simulator, describe_machine, say

RIG = "schemas/lumina.rig"
RUNS = int(os.environ.get("GH_BENCH_RUNS", "10"))
BASELINE_RUNS = 5
BAUD = 250000
WALL_S, SHARE, PEAK_MB = 60, 3, 20
VERDICTS = {0: "READY", 1: "WATCH", 2: "HOLD", 3: "UNSURE"}


def slow_rig(folder):
    """The Lumina on a link of 250 kBd."""
    path = os.path.join(folder, "lumina.rig")
    with open(RIG, encoding="utf-8") as f:
        text, n = re.subn(r"(?m)^baud = \d+$", f"baud = {BAUD}", f.read())
    if n != 1:
        sys.exit(f"places: {RIG} has {n} lines with a baud")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def facts_of(db, run):
    with contextlib.closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as c:
        return dict(c.execute("SELECT name, value FROM fact WHERE run = ?", (run,)))


def last_run(db):
    with contextlib.closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True)) as c:
        return c.execute("SELECT run FROM run_end ORDER BY run DESC").fetchone()[0]


class Run:
    def __init__(self, number, rig, db):
        with Simulator(rig, session=number) as sim:
            self.cost = Cost(PROGRAM, "check", "--port", sim.port, "--rig", rig, "--db", db,
                             "--allow-motion", "--json",
                             # `ghostlight stop` of another test must not find this run.
                             env={"XDG_RUNTIME_DIR": os.path.dirname(db)})
        try:
            said = json.loads(self.cost.out)
        except ValueError:
            sys.exit(f"places: run {number}: exit {self.cost.code}: {self.cost.err[-400:]}")
        self.verdict = said.get("verdict")
        self.complete = said.get("end") == "complete"
        self.error = said.get("error")
        self.agrees = VERDICTS.get(self.cost.code) == self.verdict
        self.facts = facts_of(db, last_run(db))

    def fact(self, name):
        return float(self.facts[name])

    def lost(self):
        return int(self.fact("samples_lost") + self.fact("device_dropped"))

    def __str__(self):
        c = self.cost
        return (f"{c.wall_s:6.1f} s  {c.cpu_s:5.2f} s  {c.share:5.2f} %  {c.peak_mb:5.1f} MB  "
                f"{self.fact('samples'):7.0f}  {self.lost():4d}  "
                f"{self.fact('longest_gap_ms'):6.1f} ms  {self.fact('rtt_p99_ms'):5.1f} ms  "
                f"{c.stolen:3.0f} %  "
                f"{self.verdict}{'' if self.complete else ': ' + str(self.error)}")


def keep(db, runs):
    """The first runs are a baseline, sealed as soon as there are enough."""
    steps = []
    if RUNS > BASELINE_RUNS >= len(runs) and runs[-1].complete:
        steps.append(("add", "--run", "last"))
    if RUNS > BASELINE_RUNS == len(runs) and sum(r.complete for r in runs) > 2:
        steps.append(("seal", "--by", "bench", "--why", "simulated"))
    for words in steps:
        done = Cost(PROGRAM, "baseline", *words, "--name", "bench", "--db", db)
        if done.code != 0:
            say(f"  baseline {words[0]}: {done.err.strip()}")


def main():
    limits = Limits()
    runs = []
    say(f"  places, {RUNS} runs in real time at {BAUD} Bd")
    describe_machine()
    say("  run      wall      cpu    share      peak  samples  lost        gap       rtt  steal  verdict")
    with tempfile.TemporaryDirectory(prefix="gh-bench-") as folder:
        rig, db = slow_rig(folder), os.path.join(folder, "bench.db")
        for number in range(1, RUNS + 1):
            runs.append(Run(number, rig, db))
            say(f"  {number:3d}  {runs[-1]}")
            keep(db, runs)
    costs = [r.cost for r in runs]
    say(f"  median {statistics.median(c.wall_s for c in costs):.1f} s, "
        f"{statistics.median(c.share for c in costs):.2f} % of a core, "
        f"{statistics.median(c.peak_mb for c in costs):.1f} MB; "
        f"{sum(r.fact('samples') for r in runs):.0f} samples in all")
    limits.at_most("start to exit", max(c.wall_s for c in costs), WALL_S, "s")
    limits.at_most("share of one core", max(c.share for c in costs), SHARE, "%")
    limits.at_most("peak memory", max(c.peak_mb for c in costs), PEAK_MB, "MB")
    limits.at_most(f"samples lost in {RUNS} runs", sum(r.lost() for r in runs), 0, "samples")
    limits.check(all(r.agrees and r.complete for r in runs),
                 "every run was complete, exit code and verdict agree")
    limits.done()


if __name__ == "__main__":
    main()
