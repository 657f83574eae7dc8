#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 300
# alone: a starved host is a late host, and a late host is WATCH or worse
"""`ghostlight part`: one part in a stored run says what the run's report says of it, since when, and
what its recording shows; and its screen."""

import math
import os
import re
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "kit"))
sys.dont_write_bytecode = True
from sculpture import PROGRAM, RIG, Sculpture, Tap, checking, folder, ghostlight, rehearsed  # noqa: E402
from terminal import MISSING, Failed, Terminal  # noqa: E402

tap = Tap()
tmp = folder()
db = os.path.join(tmp, "part.db")
PART = "resilience.elbow"
STATES = {"pass": "READY", "watch": "WATCH", "known": "KNOWN", "fail": "HOLD",
          "unknown": "UNSURE", "skipped": "NOT RUN"}


def on(*args, store=None):
    return ghostlight(*args, "--db", store or db)


def part(name, *more):
    return on("part", name, "--json", *more).json()


def make_runs():
    """Runs 6 and 7: a limp elbow and a lost blue in both; anew where the host was starved."""
    faults = ("--fault", f"limp@{PART}", "--fault", "blue_lost@core")
    for _ in range(4):
        rehearsed(db)
        with Sculpture(*faults, session=4, scale=4) as sim:
            got = [ghostlight(*checking(sim.port, db, "--allow-motion", "--quiet"))
                   for _ in range(2)]
        if [g.code for g in got] == [2, 2]:
            break
    return tap.ok([g.code for g in got] == [2, 2], "runs 6 and 7 have a limp elbow and no blue",
                  got[-1])


# ---- What was judged ------------------------------------------------------------------------

def same(row, finding):
    pairs = (("metric", "metric"), ("value", "value"), ("baseline", "expected"), ("unit", "unit"),
             ("limit_lo", "limit_lo"), ("limit_hi", "limit_hi"), ("beyond", "beyond"),
             ("repeats", "repeats"), ("reason", "reason"))
    return (all(is_near(row[ours], finding[theirs]) for ours, theirs in pairs)
            and row["state"] == STATES[finding["state"]]
            and is_near(row["notices_from"], finding["notices"]["size"]))


def is_near(a, b):
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-15)
    return a == b


def half_band(row):
    """From the baseline, or the value where there is none, to the nearer limit."""
    middle = row["baseline"] if row["baseline"] is not None else row["value"]
    if middle is None:
        return None
    room = [abs(row[key] - middle) for key in ("limit_lo", "limit_hi") if row[key] is not None]
    return min(room) if room else None


def test_numbers():
    report = on("report", "7", "--json").json()
    for name in (PART, "core", "fibre.1", "link", "remote"):
        told = next(p for p in report["parts"] if p["part"] == name)
        said = {f["metric"]: f for f in told["findings"]}
        got = part(name, "--run", "7")
        rows = got.get("metrics", [])
        bad = [r for r in rows if not same(r, said.get(r["metric"], {"state": "pass"}))]
        tap.ok(got.get("state") == told["state"] and len(rows) == len(said) and not bad,
               f"{name}: state and {len(said)} numbers are those of the report", bad[:1])
        bad = [r for r in rows if r["state"] not in ("NOT RUN", "UNSURE")
               and not is_near(half_band(r), r["half_band"])]
        tap.ok(not bad, f"{name}: the half band is what its limits flag", bad[:1])
    rank = ["HOLD", "UNSURE", "KNOWN", "WATCH", "READY", "NOT RUN"]
    order = [rank.index(r["state"]) for r in part(PART)["metrics"]]
    tap.ok(order[0] == 0 and order == sorted(order), "worst first, the last run without --run")


def test_since():
    first, last = part(PART, "--run", "6"), part(PART)
    tap.ok((first.get("first_run"), first.get("runs_not_pass")) == (6, 1)
           and (last.get("first_run"), last.get("runs_not_pass")) == (6, 2),
           "run 6 was the first, run 7 the second", (first.get("first_run"), last.get("first_run")))
    with sqlite3.connect(db) as con:
        states = dict(con.execute("SELECT run, state FROM finding WHERE part = ? AND id = ?",
                                  (PART, last["metrics"][0]["metric"])))
    tap.ok(states[6] == states[7] == "fail" and states[5] != "fail", "as the database has it",
           states)
    tap.ok(all(r["since_run"] is None for r in last["metrics"] if r["state"] == "READY"),
           "what is well is off since no run")
    well = part("hope.shoulder", "--run", "7")
    tap.ok(well.get("state") != "READY" or well.get("first_run") is None,
           "a part that is well was never seen first", well.get("first_run"))


# ---- What was recorded ----------------------------------------------------------------------

def series(plot, role):
    return [s for s in plot["series"] if s["role"] == role]


def numbers(values):
    return [v for v in values if v is not None]


def test_curves():
    got = part(PART)
    plot = got.get("current") or {"series": []}
    now, base = series(plot, "now"), series(plot, "baseline")
    tap.ok(len(now) == len(base) == 2 and got.get("curve_runs") == 5 and plot["y"]["unit"] == "mA",
           "a joint's current there and back, and five runs of the baseline", got.get("curve_runs"))
    points = [(x, v) for s in now for x, v in zip(s["x"], s["y"]) if v is not None]
    peak = max(abs(v) for _, v in points)
    tap.ok(is_near(peak, abs(got["peak_ma"]))
           and any(is_near(x, got["peak_deg"]) and is_near(v, got["peak_ma"]) for x, v in points),
           "the peak that is told is the plot's", (peak, got["peak_ma"]))
    was = max(abs(v) for s in base for v in numbers(s["y"]))
    tap.ok(is_near(was, abs(got["peak_baseline_ma"])) and was > 2 * peak,
           "and so is the baseline's, which still carried its load", (was, peak))
    inside = all(lo - 1e-9 <= mean <= hi + 1e-9
                 for b, l, h in zip(base, series(plot, "band_lo"), series(plot, "band_hi"))
                 for mean, lo, hi in zip(b["y"], l["y"], h["y"]) if None not in (mean, lo, hi))
    tap.ok(inside and len(series(plot, "band_lo")) == 2, "the mean lies in the range")
    tap.ok(got.get("loop", {}).get("y", {}).get("unit") == "deg", "slow reversals as a loop")
    member = part(PART, "--run", "2")
    tap.ok(member.get("curve_runs") in (0, 4), "a run of the baseline is not held against itself",
           member.get("curve_runs"))


def test_core():
    got = part("core")
    report = on("report", "7", "--json").json()
    findings = {f["metric"]: f for p in report["parts"] for f in p["findings"]
                if p["part"] == "core"}
    looks = got.get("looks", [])
    tap.ok(len(looks) == 2 and all(is_near(look["delta_e00"],
                                           findings["core.colour_" + look["look"]]["value"])
                                   for look in looks), "looks with the Delta-E00 of the report",
           looks)
    breath = got.get("breath") or {"series": []}
    now, base = series(breath, "now"), series(breath, "baseline")
    tap.ok(len(now) == 2 and len(base) == 1
           and all(low <= mean + 1e-9 for mean, low in zip(now[0]["y"], now[1]["y"])
                   if None not in (mean, low)), "the breath: mean, lowest and the baseline's")
    tap.ok(sum(numbers(now[0]["y"])) < 0.9 * sum(numbers(base[0]["y"])),
           "without blue there is less light")
    bars = series(got.get("fibres") or {"series": []}, "now")
    told = [f["value"] for p in report["parts"] if p["part"].startswith("fibre.")
            for f in p["findings"] if f["metric"] == "fibre.rel"]
    tap.ok(len(bars) == 1 and all(map(is_near, bars[0]["y"], told)) and len(told) > 3,
           "fibres as bars", told)


def test_without_recording():
    bundle, other = os.path.join(tmp, "runs.ghb"), os.path.join(tmp, "other.db")
    on("export", bundle)
    on("import", bundle, store=other)
    got = on("part", PART, "--run", "7", store=other)
    tap.ok(got.code == 0 and "no curve: run 7 has no recording" in got.out and "HOLD" in got.out,
           "a run without a recording says so", got)
    got = on("part", PART, "--run", "7", "--json", store=other).json()
    tap.ok("current" not in got and len(got.get("metrics", [])) > 20, "and has its numbers")


# ---- Forms and refusals -----------------------------------------------------------------------

def test_forms():
    text = on("part", PART)
    tap.ok(text.out.startswith("[#] HOLD  resilience elbow   run 7,")
           and "first seen: run 6" in text.out and "\ndo: " in text.out
           and "SIMULATED" in text.out, "text has head, history and action", text)
    plain = on("part", PART, "--plain").out.splitlines()
    tap.ok(plain[0].startswith("HOLD ") and len(plain) == len(part(PART)["metrics"]),
           "plain: a line for every number", plain[:1])
    for name, code, word, args in (
            ("an unknown part", 64, 'no part "hope.knee"', ("part", "hope.knee")),
            ("a slip of the pen", 64, 'did you mean "core"', ("part", "cor")),
            ("an unknown run", 3, "no run 99", ("part", "core", "--run", "99")),
            ("no run at all", 64, "run number", ("part", "core", "--run", "soon")),
            ("no part", 64, "which one", ("part",)),
            ("no text for a terminal", 64, "no part", ("part", "\x1b[31m"))):
        got = on(*args)
        tap.ok(got.code == code and word in got.err and "\x1b" not in got.err, f"refused: {name}",
               got)


# ---- On the screen -----------------------------------------------------------------------------

def test_screen():
    if MISSING:
        tap.skip("the screen", MISSING)
        return
    got = part(PART)
    worst = got["metrics"][0]
    with Terminal(tmp) as term:
        term.wait(r"shell>")
        term.type(f"{PROGRAM} --rig {RIG} --db {db} --ascii")
        term.wait(r"LAST VERDICT")
        term.keys("Enter")
        text = term.wait(r"current over position, mA")
        tap.ok(f"run {got['run']}" in text and "first seen: run 6" in text
               and "# run 7 there   + back" in text and got["action"][:30] in text,
               "Enter on the worst part shows its curve, history and action", text)
        row = next(line for line in text.splitlines() if line.startswith(" > "))
        tap.ok(all(worst[key] in row for key in ("state", "now", "was", "change", "limit")),
               "the row under the cursor is the worst of --json", (row, worst))
        term.keys("j")
        term.wait(rf"> \S+ +\w+ +{got['metrics'][1]['what'].split()[0]}")
        term.keys("d")
        term.wait(r"details: resilience elbow")
        term.keys("Escape")
        text = term.wait(r"current over position, mA")
        tap.ok(True, "d shows its findings, Esc comes back")
        term.resize(40, 12)
        text = term.wait(r"(?s)\[#\] HOLD +resilience elbow +run 7.*peak")
        peak = re.search(r"peak (-?[\d.]+) mA", text)
        tap.ok("current over" not in text and peak
               and abs(float(peak[1]) - got["peak_ma"]) <= 5e-3 * abs(got["peak_ma"]),
               "a small window has the worst and the peak", text)
        term.resize(80, 24)
        term.keys("Escape")
        term.wait(r"LAST VERDICT")
        term.keys("q")
        term.wait(r"shell>")


def main():
    if make_runs():
        test_numbers()
        test_since()
        test_curves()
        test_core()
        test_without_recording()
        test_forms()
        try:
            test_screen()
        except Failed as error:
            tap.ok(False, "the screen", error)
    tap.done()


if __name__ == "__main__":
    main()
