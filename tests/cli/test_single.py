#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 300
# alone: a starved host is a late host, and the watchdog then ends a sweep
"""One part by itself: sweep, identify, core and watch, what they say, what they
refuse, and that nothing of it is stored or goes on after a stop."""

import json
import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
from sculpture import (RIG, Sculpture, Tap, finish, folder, ghostlight, start,  # noqa: E402
                       wait_for)

tap = Tap()
tmp = folder()
db = os.path.join(tmp, "single.db")


def single(verb, sim, *more):
    return (verb, "--port", sim.port, "--rig", RIG, "--db", db, *more)


def check_schema(report, name):
    try:
        import jsonschema
    except ImportError:
        tap.skip(name, "python3-jsonschema is not installed")
        return
    with open("schemas/single.schema.json", encoding="utf-8") as f:
        errors = list(jsonschema.Draft7Validator(json.load(f)).iter_errors(report))
    tap.ok(not errors, name, [e.message for e in errors[:3]])


def metric(report, name):
    return next((m for m in report.get("metrics", []) if m["metric"] == name), {})


def close(value, expected, share):
    return value is not None and abs(value - expected) <= share * abs(expected)


def test_without_baseline():
    with Sculpture() as sim:
        got = ghostlight(*single("sweep", sim, "resilience.elbow", "--allow-motion", "--curve",
                                 "--json"))
        report = got.json()
        tap.ok(got.code == 0 and report.get("answered") == "yes", "sweep: the joint answers", got)
        tap.ok(report.get("simulated") is True and report.get("motion_s", 0) > 5,
               "it says simulated and moved", got)
        check_schema(report, "its JSON follows the schema")
        load = metric(report, "joint.gravity")
        tap.ok(close(load.get("value"), 0.166, 0.3) and load["baseline"] is None,
               "its load is there, beside nothing", load)
        curve = report.get("curve", [])
        both = [b for b in curve if b["there_a"] is not None and b["back_a"] is not None]
        tap.ok(len(both) > 40 and curve == sorted(curve, key=lambda b: b["deg"]),
               "the curve has both ways over most of 80 deg", len(both))
        tap.ok(both and all(b["there_a"] > b["back_a"] for b in both),
               "friction lies between the two ways")
        tap.ok(not os.path.exists(db), "nothing is stored, no database is made")
        tap.ok(ghostlight("status", "--db", db).code == 3, "and there is no verdict")
        got = ghostlight(*single("core", sim, "--json"))
        check_schema(got.json(), "core: its JSON follows the schema")
        colour = metric(got.json(), "core.colour_dawn_pink")
        tap.ok(got.code == 0 and colour.get("value") is None and len(colour["xyz"]) == 3
               and colour["xyz"][0] > 0.05, "core: a look as measured", colour)
        tap.ok(metric(got.json(), "core.level_blue").get("value", 0) > 0.05
               and got.json().get("motion_s") == 0, "core: levels, and nothing moves", got)


def test_beside_a_baseline():
    with Sculpture() as sim:
        ghostlight("baseline", "add", "--check", "--name", "studio", "--allow-motion", "--quiet",
                   "--port", sim.port, "--rig", RIG, "--db", db)
    ghostlight("baseline", "seal", "--name", "studio", "--by", "a test", "--why", "single",
               "--db", db)
    runs = ghostlight("history", "--json", "--db", db).json().get("history", [])
    with Sculpture("--fault", "limp@resilience.elbow", "--fault", "blue_lost@core",
                   session=2) as sim:
        got = ghostlight(*single("sweep", sim, "resilience.elbow", "--allow-motion", "--json"))
        load = metric(got.json(), "joint.gravity")
        tap.ok(got.code == 0 and got.json().get("baseline") == "studio",
               "sweep stands beside the sealed baseline", got)
        tap.ok(close(load.get("baseline"), 0.166, 0.3) and load["value"] < 0.1 * load["baseline"],
               "a limp arm carries nothing, and no verdict says so", load)
        tap.ok("HOLD" not in got.out and "verdict" in got.json().get("against", ""),
               "it says itself that it is no verdict")
        got = ghostlight(*single("core", sim, "--json"))
        tap.ok(metric(got.json(), "core.colour_twilight_blue").get("value", 0) > 20,
               "core: a lost blue is far off in Delta-E00", got)
        page = ghostlight(*single("core", sim)).out
        tap.ok("blue light alone" in page and "-100 %" in page and "SIMULATED" in page,
               "core: on the page too", page)
        other = os.path.join(tmp, "other.rig")
        with open(RIG, encoding="utf-8") as old, open(other, "w", encoding="utf-8") as new:
            new.write(old.read() + "# another one\n")
        got = ghostlight("sweep", "hope.wrist", "--port", sim.port, "--rig", other, "--db", db,
                         "--allow-motion", "--json")
        load = metric(got.json(), "joint.gravity")
        tap.ok(got.code == 0 and got.json().get("against", "").startswith("not comparable")
               and load.get("value") is not None and load["baseline"] is None,
               "another rig file: values, and nothing beside them", got)
    again = ghostlight("history", "--json", "--db", db).json().get("history", [])
    tap.ok(len(runs) == 1 and again == runs, "the history is as it was", again)


def test_slow_and_often():
    with Sculpture() as sim:
        fast = ghostlight(*single("sweep", sim, "hope.wrist", "--allow-motion", "--json")).json()
        slow = ghostlight(*single("sweep", sim, "hope.wrist", "--allow-motion", "--speed", "20",
                                  "--repeat", "2", "--json")).json()
        high = ghostlight(*single("sweep", sim, "hope.shoulder", "--allow-motion", "--speed",
                                  "500", "--json")).json()
    tap.ok(slow.get("motion_s", 0) > 3 * fast.get("motion_s", 99), "--speed and --repeat",
           (fast.get("motion_s"), slow.get("motion_s")))
    # 0.25 m/s over 0.60 m and half of it: four legs of 1.4 rad
    tap.ok(high.get("motion_s", 0) > 1.4 * 2 * (2.4 + 4.8), "--speed raises nothing",
           high.get("motion_s"))


def test_identify():
    with Sculpture() as sim:
        got = ghostlight(*single("identify", sim, "dawn.wrist", "--allow-motion"))
        tap.ok(got.code == 0 and "dawn.wrist answers" in got.out, "a joint wiggles", got)
        got = ghostlight(*single("identify", sim, "core", "--repeat", "2", "--json"))
        tap.ok(got.code == 0 and got.json().get("answered") == "yes"
               and got.json().get("motion_s") == 0, "a lamp blinks without consent", got)
    with Sculpture("--fault", "swapped_cable@dawn.shoulder:dawn.elbow") as sim:
        got = ghostlight(*single("identify", sim, "dawn.shoulder", "--allow-motion", "--json"))
        tap.ok(got.code == 3 and got.json().get("answered") == "no", "a swapped cable: exit 3", got)
        tap.ok("dawn." in got.json().get("said", "").replace("dawn.shoulder", ""),
               "who moved in its place is named", got)
        got = ghostlight(*single("sweep", sim, "dawn.shoulder", "--allow-motion", "--json"))
        tap.ok(got.code == 3 and got.json().get("metrics") == [] and
               got.json().get("motion_s", 9) < 3, "and it is not swept", got)


def test_refused():
    with Sculpture() as sim:
        for name, code, args in (
                ("no consent", 64, ("sweep", "hope.elbow")),
                ("no consent to wiggle", 64, ("identify", "hope.elbow")),
                ("no part", 64, ("sweep", "--allow-motion")),
                ("an unknown part", 64, ("sweep", "hope.knee", "--allow-motion")),
                ("a lamp to sweep", 64, ("sweep", "core", "--allow-motion")),
                ("a fibre to identify", 64, ("identify", "fibre.1")),
                ("a supply to identify", 64, ("identify", "supply.servo")),
                ("an unknown look", 64, ("core", "--look", "twilight_blau")),
                ("a sweep of hours", 64, ("sweep", "hope.elbow", "--allow-motion", "--speed", "1",
                                          "--repeat", "90")),
                ("no speed", 64, ("sweep", "hope.elbow", "--allow-motion", "--speed", "0"))):
            got = ghostlight(*single(args[0], sim, *args[1:]))
            tap.ok(got.code == code and got.out == "" and len(got.err.splitlines()) == 1
                   and "Try:" in got.err, f"{name}: one line, exit {code}", got)
        watch = start(*single("watch", sim))
        watch.line(watch.stdout)
        got = ghostlight(*single("sweep", sim, "hope.elbow", "--allow-motion"))
        tap.ok(got.code == 3 and "busy" in got.err and got.out == "", "a busy port: exit 3", got)
        got = ghostlight(*single("core", sim, "--json")).json()
        tap.ok(got.get("end") == "failed" and "busy" in got.get("error", ""), "in JSON too", got)
        check_schema(got, "a failure follows the schema")
        watch.send_signal(signal.SIGINT)
        finish(watch)
    got = ghostlight("core", "--port", "/dev/nobody", "--rig", RIG)
    tap.ok(got.code == 3 and "no such port" in got.err, "no such port: exit 3", got)
    got = ghostlight("watch", "--rig", RIG)
    tap.ok(got.code == 64 and "no port" in got.err, "no port at all: exit 64", got)


def test_stops():
    with Sculpture(scale=4) as sim:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            run = start(*single("sweep", sim, "hope.shoulder", "--allow-motion"))
            wait_for(run, "slow and fast")
            run.send_signal(number)
            ended = finish(run)
            tap.ok(ended.code == 130 and ended.out == "", f"{number.name}: stopped, exit 130",
                   ended)
            got = ghostlight("stop", "--port", sim.port, "--rig", RIG)
            tap.ok(got.code == 0 and "at rest" in got.out, "and at rest", got)
            got = ghostlight(*single("sweep", sim, "hope.wrist", "--allow-motion"))
            tap.ok(got.code == 3 and "latched" in got.err, "nothing resumes by itself", got)
            ghostlight(*single("identify", sim, "hope.wrist", "--allow-motion", "--clear"))
        run = start(*single("sweep", sim, "hope.shoulder", "--allow-motion", "--clear"))
        wait_for(run, "slow and fast")
        got = ghostlight("stop", "--port", sim.port)
        ended = finish(run)
        tap.ok(got.code == 0 and "stopped" in got.out and ended.code == 130,
               "`stop` asks the owner of a sweep", got)
        run = start(*single("core", sim, "--look", "dawn_pink"))
        wait_for(run, "dawn_pink")
        time.sleep(0.3)
        run.send_signal(signal.SIGINT)
        ended = finish(run)
        tap.ok(ended.code == 0 and "rror" not in ended.err, "Ctrl-C is how a look ends", ended)
        run = start(*single("core", sim))
        wait_for(run, "colours")
        run.send_signal(signal.SIGINT)
        tap.ok(finish(run).code == 130, "a core measured by half is broken off: 130")


def test_cable_pulled():
    with Sculpture(scale=4) as sim:
        run = start(*single("sweep", sim, "hope.shoulder", "--allow-motion"))
        wait_for(run, "slow and fast")
        sim.process.kill()
        ended = finish(run)
        tap.ok(ended.code in (2, 3) and ended.out == "" and "Try:" in ended.err,
               "a lost link in mid sweep is told", ended)


def test_watch():
    with Sculpture(scale=1) as sim:
        run = start(*single("watch", sim, "--json", "--every", "300ms"))
        rows = [json.loads(run.line(run.stdout) or "{}") for _ in range(40)]
        got = ghostlight("stop", "--port", sim.port)
        ended = finish(run)
    kinds = {(r.get("part"), r.get("quantity")): r for r in rows}
    volts = kinds.get(("supply.servo", "voltage"), {})
    tap.ok(11 < volts.get("mean", 0) < 13 and volts["min"] <= volts["mean"] <= volts["max"]
           and volts["unit"] == "V", "watch: supply volts", volts)
    wanted = [("supply.servo", "current"), ("hope.elbow", "current"), ("core", "light"),
              ("link", "loss")]
    tap.ok(all(k in kinds for k in wanted), "amps, standing currents, light, loss", list(kinds))
    tap.ok(all(r.get("simulated") is True for r in rows), "every row says simulated")
    times = [r["t_s"] for r in rows if r["part"] == "link"]
    tap.ok(len(times) > 1 and times[0] < times[1], "block after block", times)
    tap.ok(got.code == 0 and "nothing was moving" in got.out and ended.code == 0,
           "`stop` ends it, and says that nothing moved", got)
    with Sculpture() as sim:
        run = start(*single("watch", sim, "--every", "200ms"))
        line = run.line(run.stdout)
        run.send_signal(signal.SIGTERM)
        ended = finish(run)
    tap.ok("A (" in line and "SIMULATED" in line and ended.code == 0, "watch: plain lines", line)
    with Sculpture() as sim:
        run = start(*single("watch", sim, "--every", "200ms"))
        run.line(run.stdout)
        sim.process.kill()
        ended = finish(run)
    tap.ok(ended.code == 3 and "Try:" in ended.err, "a lost link: exit 3", ended)


def test_recorded():
    file = os.path.join(tmp, "sweep.log")
    with Sculpture() as sim:
        was = ghostlight(*single("sweep", sim, "hope.wrist", "--allow-motion", "--speed", "60",
                                 "--json", "--record", file)).json()
    got = ghostlight("replay", file, "--json", "--db", os.path.join(tmp, "none.db"))
    tap.ok(got.code == 0 and was.get("metrics")
           and metric(got.json(), "joint.coulomb").get("value")
           == metric(was, "joint.coulomb").get("value"), "a recorded sweep replays to the digit",
           got)
    tap.ok(not os.path.exists(os.path.join(tmp, "none.db")), "and is not stored either")


for test in (test_without_baseline, test_beside_a_baseline, test_slow_and_often, test_identify,
             test_refused, test_stops, test_cable_pulled,
             test_watch, test_recorded):
    test()
tap.done()
