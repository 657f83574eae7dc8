#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""faults: every fault of the simulator's list against what the diagnosis says of it.

    faults.py [--severity gross] [--seconds 300] [--seeds 20] [--first N] [--sessions 3]
              [--healthy 15] [--only FAULT...]

Individuals are drawn unless --first says which. The table has a row for each fault: how often it
was tried, how often verdict and part were as expected, how often it was named at its part, how
often something else was named, and what. What must hold (exit code 1 otherwise):

  gross       the verdict is HOLD, the fault is named at its part (a sensor's fault: its part is
              UNSURE, the sensor is named and no fault of the part; an encoder that has stuck at 0
              and one that is dead say the same)
  noticeable  the part is WATCH or HOLD (a sensor's: UNSURE too) in 95 %: a photodiode that has
              lost a third of its gain is a third less light
  barely      may be missed, is never named wrongly
  healthy     no HOLD, UNSURE in at most 2 %
"""

import argparse
import collections
import concurrent.futures
import os
import random
import subprocess
import sys

BUILD = os.environ.get("GH_BUILD", os.path.abspath("build"))
PROGRAM = os.path.join(BUILD, "bench", "faults")
NOTICED, UNSURE_SHARE = 0.95, 0.02
# Both may be said where only a longer check tells them apart.
SENSORS = {"sensor_dead", "sensor_stale", "sensor_saturated", "encoder_fault"}
SEEN = {"HOLD": {"WATCH", "HOLD"}, "UNSURE": {"WATCH", "HOLD", "UNSURE"}}


def say(line=""):
    print(line, flush=True)


def arguments():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--severity", default="gross", choices=("barely", "noticeable", "gross"))
    p.add_argument("--seconds", type=int, default=300)
    p.add_argument("--seeds", type=int, default=int(os.environ.get("GH_FAULTS_SEEDS", "20")))
    p.add_argument("--first", type=int, default=random.randrange(1, 100000))
    p.add_argument("--sessions", type=int, default=3)
    p.add_argument("--healthy", type=int, default=15)
    p.add_argument("--only", nargs="+", default=[])
    return p.parse_args()


Check = collections.namedtuple("Check", "seed session fault part want verdict state found why")


def run(seed, a):
    command = [PROGRAM, str(seed), str(a.seconds), a.severity, str(a.sessions), str(a.healthy)]
    done = subprocess.run(command + a.only, capture_output=True, text=True,
                          check=False)
    checks, why = [], []
    for line in done.stdout.splitlines():
        kind, *f = line.split("\t")
        if kind == "finding":
            checks[-1].why.append(f)
        elif kind == "check":
            checks.append(Check(f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7].split(), []))
    if done.returncode != 0:
        why = [f"seed {seed}: exit {done.returncode}: {(done.stderr or done.stdout)[-300:]}"]
    return checks, why


def place_of(check):
    """The part of the rig that a spec means: a sensor's part, the first of two joints."""
    for name in check.found:
        fault, _, part = name.partition("@")
        alike = check.fault in SENSORS and fault in SENSORS
        here = (check.part == part or check.part.startswith(part + ".")
                or part in check.part.split(":"))
        if here and (fault == check.fault or alike):
            return name
    return None


def is_wrong(check):
    """Anything but the fault itself was named; both ends of a swapped cable are the fault."""
    return [n for n in check.found if n != place_of(check)
            and not (n.startswith(check.fault + "@") and n.split("@")[1] in check.part)]


def is_as_wanted(check, severity):
    if check.want == "UNSURE":
        # Whatever its severity: never a HOLD.
        right = check.verdict in ({"UNSURE"} if severity == "gross" else
                                  {"READY", "WATCH", "UNSURE"})
        return right and (severity != "gross" or check.state == "UNSURE")
    if severity == "gross":
        return check.verdict == "HOLD" and check.state == "HOLD"
    return check.state in SEEN[check.want] or severity == "barely"


def is_good(rows, severity):
    named = sum(place_of(c) is not None for c in rows)
    wanted = sum(is_as_wanted(c, severity) for c in rows)
    if severity == "gross":
        return named == wanted == len(rows)
    if severity == "noticeable":
        return sum(c.state in SEEN[c.want] for c in rows) >= NOTICED * len(rows)
    return not any(is_wrong(c) for c in rows)


def show_fault(fault, rows, severity):
    wrong = collections.Counter(n.split("@")[0] for c in rows for n in is_wrong(c))
    states = collections.Counter(c.state for c in rows)
    good = is_good(rows, severity)
    say(f"{fault:20} {rows[0].want:7} {len(rows):5} {sum(is_as_wanted(c, severity) for c in rows):8}"
        f" {sum(place_of(c) is not None for c in rows):6} "
        f"{sum(bool(is_wrong(c)) for c in rows):6}  {'ok  ' if good else 'MISS'} "
        f"{' '.join(f'{s} {n}' for s, n in states.most_common())}"
        f"{'; also named: ' if wrong else ''}"
        f"{', '.join(f'{n} {k}' for n, k in wrong.most_common(4))}")
    return good


def show_misses(rows, severity):
    for c in rows:
        if is_as_wanted(c, severity) and place_of(c) and not is_wrong(c):
            continue
        say(f"#  seed {c.seed} session {c.session} {c.fault}@{c.part}: {c.verdict}, part {c.state},"
            f" named {' '.join(c.found) or 'nothing'}")
        for f in c.why[:8]:
            say(f"#      {' '.join(f)}")


def show_healthy(rows):
    count = collections.Counter(c.verdict for c in rows)
    n = max(1, len(rows))
    good = count["HOLD"] == 0 and count["UNSURE"] <= UNSURE_SHARE * n
    say(f"healthy: {len(rows)} checks: {dict(count)}  {'ok' if good else 'MISS'}")
    for c in rows:
        if c.verdict in ("HOLD", "UNSURE"):
            say(f"#  seed {c.seed} session {c.session}: {c.verdict} {' '.join(c.found)}")
            for f in c.why[:8]:
                say(f"#      {' '.join(f)}")
    return good


def main():
    a = arguments()
    if not os.access(PROGRAM, os.X_OK):
        say(f"faults: {PROGRAM} was not built")
        return 1
    say(f"seeds {a.first} to {a.first + a.seeds - 1}, {a.severity}, {a.seconds} s; again: "
        f"{sys.argv[0]} --first {a.first} --seeds {a.seeds} --severity {a.severity}")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda s: run(s, a), range(a.first, a.first + a.seeds)))
    checks, failures = [c for r in results for c in r[0]], [w for r in results for w in r[1]]
    by_fault = collections.defaultdict(list)
    for c in checks:
        by_fault[c.fault].append(c)
    good = not failures
    for line in failures:
        say(line)
    if "healthy" in by_fault:
        good = show_healthy(by_fault.pop("healthy")) and good
    say(f"{'fault':20} {'wanted':7} {'tried':>5} {'as wanted':>8} {'named':>6} {'wrong':>6}")
    for fault, rows in by_fault.items():
        good = show_fault(fault, rows, a.severity) and good
    for rows in by_fault.values():
        show_misses(rows, a.severity)
    say("every row holds" if good else "some rows do not hold")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
