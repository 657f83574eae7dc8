# SPDX-License-Identifier: GPL-3.0-or-later
"""A ten-year database with two baselines; GH_BENCH_DB keeps it: the second time it is there."""

import os
import subprocess
import time

from .figures import BUILD, PROGRAM, say

NIGHTS = os.environ.get("GH_BENCH_NIGHTS", "3650")
SERIAL = "LM-3650"  # of tests/bench/history


def database(folder):
    path = os.environ.get("GH_BENCH_DB") or os.path.join(folder, "ten-years.db")
    took = "there already"
    if not os.path.exists(path):
        begun = time.monotonic()
        subprocess.run([os.path.join(BUILD, "bench", "history"), path, NIGHTS], check=True)
        for run in "1234":
            subprocess.run([PROGRAM, "baseline", "add", "--name", "second", "--run", run, "--db",
                            path], check=True, stdout=subprocess.DEVNULL)
        took = f"written in {time.monotonic() - begun:.0f} s"
    say(f"  {NIGHTS} runs x 300 metrics: {os.path.getsize(path) / 1e6:.0f} MB, {took}")
    return path
