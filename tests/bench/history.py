#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A ten-year database, 3650 nights of 300 metrics: what the verbs that read it take from start to
exit. status at most 20 ms, history of a metric and compare at most 50 ms, as promised. GH_BENCH_DB
keeps the database."""

import os
import statistics
import subprocess
import tempfile

from kit.figures import PROGRAM, Cost, Limits, describe_machine, say
from kit.nights import NIGHTS, database

TIMES = int(os.environ.get("GH_BENCH_TIMES", "20"))
METRIC = ("arm0.joint0", "--metric")
LIMITS = {"status": 20, "history of a metric": 50, "compare two runs": 50,
          "compare with a baseline": 50}


def commands(metric):
    # The last night was years ago: an age beyond it is not what is measured.
    return (("status", ("status",)),
            ("history", ("history",)),
            ("history of a part", ("history", METRIC[0], "--limit", "200")),
            ("history of a metric", ("history", *METRIC, metric)),
            ("the same as JSON", ("history", *METRIC, metric, "--json")),
            ("compare two runs", ("compare", str(int(NIGHTS) - 1), NIGHTS)),
            ("compare with the run before", ("compare", "previous", "last")),
            ("compare with a baseline", ("compare", "first", "last")),
            ("report last", ("report", "last")))


def first_metric(db):
    rows = subprocess.run([PROGRAM, "compare", "1", "2", "--csv", "--db", db], check=True,
                          capture_output=True, text=True).stdout.splitlines()[1:]
    return next(row.split(",")[1] for row in rows if row.startswith("arm0.joint0,"))


def main():
    limits = Limits()
    with tempfile.TemporaryDirectory(prefix="gh-bench-") as folder:
        db = database(folder)
        say(f"  start to exit, {TIMES} times each")
        describe_machine()
        say("                                 median     worst       cpu     peak  exit")
        for name, words in commands(first_metric(db)):
            runs = [Cost(PROGRAM, *words, "--db", db) for _ in range(TIMES)]
            median = 1000 * statistics.median(r.wall_s for r in runs)
            say(f"  {name:28s}{median:7.1f} ms"
                f"{1000 * max(r.wall_s for r in runs):7.1f} ms"
                f"{1000 * statistics.median(r.cpu_s for r in runs):7.1f} ms"
                f"{max(r.peak_mb for r in runs):6.1f} MB  {runs[-1].code:4d}")
            if name in LIMITS:
                limits.at_most(name, median, LIMITS[name], "ms")
    limits.done()


if __name__ == "__main__":
    main()
