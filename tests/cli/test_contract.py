#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 600
# alone: a starved host is a late host, and a late host is WATCH or worse
"""The contracts of design.md section 5, from outside: a simulated Lumina, a
sealed baseline, a healthy check, two faults named, and every verb around it."""

import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
from sculpture import (BUILD, PROGRAM, RIG, SIMULATOR, Sculpture, Tap, checking,  # noqa: E402
                       finish, folder, ghostlight, only_the_host_was_late, rehearse,
                       seal, start, wait_for)

tap = Tap()
tmp = folder()
db = os.path.join(tmp, "contract.db")

REQUIRED = ("schema tool version run rig serial simulated profile verdict exit_code started "
            "duration_s motion_s deadline_s baseline parts diagnosis not_checked").split()


def valid(report):
    """By jsonschema where it is there, else by the required keys alone."""
    missing = [key for key in REQUIRED if key not in report]
    if missing:
        return "missing: " + " ".join(missing)
    try:
        import jsonschema
    except ImportError:
        return ""
    with open("schemas/report.schema.json", encoding="utf-8") as f:
        schema = json.load(f)
    errors = list(jsonschema.Draft7Validator(schema).iter_errors(report))
    return "; ".join(f"{list(e.path)}: {e.message}" for e in errors[:3])


def part(report, name):
    return next((p for p in report.get("parts", []) if p["part"] == name), {})


def without(report, *keys):
    return {k: v for k, v in report.items() if k not in keys}


def test_before_any_run():
    got = ghostlight("status", "--db", db)
    tap.ok(got.code == 3 and "UNSURE" in got.out, "status without a run is UNSURE", got)
    tap.ok(not os.path.exists(db), "status makes no database")


def test_baseline():
    got = rehearse(db)
    tap.ok(got.code == 0, "five checks over three power-ups, each added to a baseline", got)
    got = ghostlight(*checking("/dev/null", db, "--baseline", "studio"))
    tap.ok(got.code == 64 and "not sealed" in got.err,
           "nothing is compared with a baseline nobody signed", got)
    got = seal(db)
    tap.ok(got.code == 0, "seal", got)
    rows = ghostlight("baseline", "list", "--json", "--db", db).json().get("baselines", [])
    tap.ok(len(rows) == 1 and rows[0]["sealed"] and rows[0]["runs"] == 5
           and rows[0]["sessions"] == 3, "list: sealed, 5 runs, 3 sessions", rows)
    got = ghostlight("baseline", "add", "--name", "studio", "--run", "1", "--db", db)
    tap.ok(got.code == 64, "a sealed baseline never changes", got)
    got = ghostlight("baseline", "show", "studio", "--db", db)
    tap.ok(got.code == 0 and len(re.findall(r"(?m)^\d+ ", got.out)) == 5,
           "show lists its runs", got)
    got = ghostlight("baseline", "diff", "studio", "studio", "--db", db)
    tap.ok(got.code == 0 and "joint.coulomb" in got.out, "diff shows metrics", got)
    rows = ghostlight("baseline", "diff", "studio", "studio", "--json",
                      "--db", db).json().get("metrics", [])
    tap.ok(len(rows) > 100 and all(r["change"] in (0, None) for r in rows)
           and any(r["unit"] == "dE00" and r["change"] == 0 for r in rows),
           "a baseline does not differ from itself", [r for r in rows if r["change"]])


def check_healthy(sessions):
    for session in sessions:
        with Sculpture(session=session) as sim:
            got = ghostlight(*checking(sim.port, db, "--allow-motion", "--json"))
        report = got.json()
        if not only_the_host_was_late(report):
            break
        print(f"# session {session}: {report.get('why')}; once more")
    return got, report


def test_healthy():
    got, report = check_healthy((4, 5, 6))
    tap.ok(got.code == 0 and report.get("verdict") == "READY", "healthy: READY, exit 0", got)
    tap.ok(valid(report) == "", "its JSON is valid", valid(report))
    tap.ok(report.get("simulated") is True, "it says simulated")
    tap.ok(report.get("baseline", {}).get("comparable") is True, "comparable with the baseline",
           report.get("baseline"))
    tap.ok(report.get("motion_s", 0) > 10, "joints moved", report.get("motion_s"))


def test_faults():
    with Sculpture("--fault", "limp@resilience.elbow", "--fault", "blue_lost@core",
                   session=5) as sim:
        got = ghostlight(*checking(sim.port, db, "--allow-motion", "--json"))
    report = got.json()
    named = {(d["fault"], d["part"]) for d in report.get("diagnosis", [])}
    tap.ok(got.code == 2 and report.get("verdict") == "HOLD", "two faults: HOLD, exit 2", got)
    tap.ok(("limp", "resilience.elbow") in named, "limp arm named", named)
    tap.ok(("blue_lost", "core") in named, "lost blue named", named)
    tap.ok(part(report, "resilience.elbow").get("state") == "HOLD", "the elbow is HOLD")
    left_out = {n["part"]: n["reason"] for n in report["not_checked"]}
    tap.ok("remote" in left_out and "hope.elbow" in left_out,
           "what only a longer check sees is listed", left_out)
    tap.ok(valid(report) == "", "its JSON is valid", valid(report))
    return report


def test_stored(report):
    run = str(report.get("run"))
    again = ghostlight("report", run, "--json", "--db", db).json()
    tap.ok(without(again, "age_s") == without(report, "age_s"), "report says what check said",
           [k for k in report if again.get(k) != report[k]])
    anew = ghostlight("check", "--from", run, "--json", "--db", db)
    skip = ("age_s", "chain", "judged_anew_from", "exit_code")
    tap.ok(without(anew.json(), *skip) == without(report, *skip), "--from comes to the same",
           [k for k in report if anew.json().get(k) != report[k]])
    tap.ok(anew.code == 2 and anew.json().get("judged_anew_from") == report.get("run"),
           "--from says of which run it is", anew)
    page = ghostlight("report", "last", "--db", db).out
    tap.ok("[#] HOLD" in page and "SIMULATED" in page and "resilience elbow" in page,
           "the page has sign, word, part and SIMULATED", page)
    tap.ok(max(map(len, page.splitlines())) <= 80, "the page fits 80 columns")
    plain = ghostlight("report", run, "--plain", "--db", db).out.splitlines()
    tap.ok(plain[0].startswith("HOLD ") and plain[-1].startswith("verdict HOLD, "),
           "plain: worst first, verdict last", plain)
    got = ghostlight("status", "--db", db)
    tap.ok(got.code == 2 and "HOLD" in got.out, "status has the verdict and its code", got)
    rows = ghostlight("history", "--json", "--db", db).json().get("history", [])
    tap.ok(len(rows) == report["run"] >= 7 and rows[0]["verdict"] == "HOLD" and rows[0]["end"] == "complete",
           "history has all runs, newest first", rows[:1])
    rows = ghostlight("history", "resilience.elbow", "--metric", "joint.gravity", "--json",
                      "--db", db).json().get("history", [])
    tap.ok(bool(rows) and all(r["value"] is not None for r in rows), "history of a metric", rows)


def test_no_consent():
    with Sculpture(session=6) as sim:
        got = ghostlight(*checking(sim.port, db, "--json"))
    report = got.json()
    joints = [p for p in report.get("parts", []) if p["part"].startswith("hope.")]
    tap.ok(got.code == 3 and report.get("verdict") == "UNSURE",
           "without --allow-motion: UNSURE, exit 3", got)
    tap.ok(report.get("motion_s") == 0, "nothing moved", report.get("motion_s"))
    tap.ok(bool(joints) and all(p["state"] != "READY" for p in joints), "no joint is READY")


def test_nightly():
    """Nobody is there: the rig file must allow it, and an enable input be there."""
    allowed = os.path.join(tmp, "nightly.rig")
    with open(RIG, encoding="utf-8") as ours, open(allowed, "w", encoding="utf-8") as theirs:
        theirs.write(ours.read().replace("[rig]", "[rig]\nunattended = yes"))
    rest = ("--db", os.path.join(tmp, "nightly.db"), "--allow-motion", "--profile", "nightly",
            "--budget", "60s")

    def nightly(sim, rig, *more):
        return ghostlight("check", "--port", sim.port, "--rig", rig, *rest, *more)

    with Sculpture("--enable", session=6) as sim:
        got = nightly(sim, RIG)
        tap.ok("nightly moves nothing: the rig file does not say unattended = yes" in got.err
               and "ms, tripped" not in got.err, "nightly asks the rig file first", got)
    with Sculpture(session=6) as sim:
        got = nightly(sim, allowed)
        tap.ok("nightly moves nothing: the controller reports no enable input" in got.out + got.err,
               "nightly says why it moves nothing", got)
        still = nightly(sim, allowed, "--json").json()
    with Sculpture("--enable", session=6) as sim:
        moved = nightly(sim, allowed, "--json").json()
    tap.ok(still.get("motion_s") == 0, "nightly without an enable input: nothing moved",
           still.get("motion_s"))
    tap.ok(moved.get("motion_s", 0) > 10, "nightly with an enable input: joints moved",
           moved.get("motion_s"))


def test_old_verdict():
    check_healthy((7, 8))
    got = ghostlight("status", "--db", db)
    tap.ok(got.code == 0, "status after a healthy check is READY", got)
    subprocess.run(["sleep", "1.1"], check=True)
    got = ghostlight("status", "--max-age", "500ms", "--db", db, "--json")
    tap.ok(got.code == 3 and got.json().get("verdict") == "UNSURE", "too old: UNSURE", got)


def test_stop():
    with Sculpture(session=8, scale=1) as sim:
        run = start(*checking(sim.port, db, "--allow-motion", "--json"))
        wait_for(run, "slow and fast")
        got = ghostlight("stop", "--port", sim.port)
        ended = finish(run)
        tap.ok(got.code == 0 and "stopped" in got.out, "stop asks the owner", got)
        tap.ok(ended.code == 130 and ended.json().get("end") == "stopped",
               "the run ends as stopped, exit 130", ended)
        safety = ended.json().get("safety") or {}
        tap.ok(safety.get("watchdog_ms") == 100 and safety.get("watchdog_proved_ms", 0) >= 100
               and (safety.get("stop_ms") or -1) >= 0 and safety.get("rest_ms", -1) >= 0
               and safety.get("safe_seen") is True
               and "stop latched: " in safety.get("safe_state", ""),
               "how long the stop took and what was read back is in the run", safety)
        again = ghostlight("report", "last", "--json", "--db", db).json()
        tap.ok(again.get("safety") == safety, "and is stored with it", again.get("safety"))
        got = ghostlight("stop", "--port", sim.port, "--rig", RIG)
        tap.ok(got.code == 0, "stop without an owner opens the port", got)
        got = ghostlight(*checking(sim.port, db, "--budget", "20s", "--quiet"))
        tap.ok(got.code == 3, "a latched stop leaves a check without motion possible", got)


def test_narrow():
    with Sculpture(session=9) as sim:
        got = ghostlight(*checking(sim.port, db, "--allow-motion", "--only", "resilience.elbow",
                                   "--json"))
        report = got.json()
        states = {p["part"]: p["state"] for p in report.get("parts", [])}
        tap.ok(report.get("only") == "resilience.elbow", "--only carries its scope", got)
        tap.ok(states.get("hope.elbow") == "NOT RUN", "other parts are NOT RUN", states)
        got = ghostlight("devices", "--ask", sim.port, "--json")
        asked = got.json().get("devices", [{}])[0]
        tap.ok(got.code == 0 and asked.get("simulated") is True
               and asked.get("driver") == "lumina", "devices --ask names who answers", got)


def test_words():
    got = ghostlight("check", "--dry-run", "--allow-motion", "--rig", RIG, "--db", db)
    tap.ok(got.code == 0 and " deg of travel" in got.out, "--dry-run has steps and degrees", got)
    near = ghostlight("check", "--dry-run", "--allow-motion", "--near", "--budget", "5min",
                      "--rig", RIG, "--db", db)
    tap.ok(near.code == 0 and "fastest tip 0.25 m/s, at most 0.25 m/s" in near.out
           and "fastest tip 1.00 m/s, at most 1.00 m/s" in got.out,
           "two ceilings: somebody near, or the stage clear", near)
    texts = [ghostlight("help").out, got.out]
    verbs = re.findall(r"^  ([a-z]+) ", texts[0], re.M)
    for verb in verbs:
        help_text = ghostlight("help", verb)
        tap.ok(help_text.code == 0 and "usage: ghostlight " + verb in help_text.out,
               f"help {verb}", help_text)
        texts.append(help_text.out)
    texts.append(ghostlight("report", "last", "--db", db).out)
    texts.append(ghostlight("status", "--db", db).out)
    for text in texts:
        if re.search(r"\bgo\b|emergency", text, re.I):
            tap.ok(False, "a word the crew must not read", text)
    for verb in "check status baseline history report devices stop paths simulate help".split():
        tap.ok(verb in verbs, f"the table has {verb}", verbs)
    got = ghostlight("--version")
    tap.ok(got.code == 0 and re.match(r"ghostlight \d", got.out), "--version", got)
    got = ghostlight("paths", "--json", "--db", db)
    tap.ok(got.code == 0 and len(got.json().get("paths", [])) >= 3, "paths", got)
    got = ghostlight("devices", "--json")
    tap.ok(got.code == 0 and isinstance(got.json().get("devices"), list), "devices", got)


def main():
    if not (os.path.exists(PROGRAM) and os.path.exists(SIMULATOR)):
        print(f"1..0 # SKIP no programs in {BUILD}")
        return
    test_before_any_run()
    test_baseline()
    test_healthy()
    test_stored(test_faults())
    test_no_consent()
    test_nightly()
    test_old_verdict()
    test_stop()
    test_narrow()
    test_words()
    tap.done()


main()
