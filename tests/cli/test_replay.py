#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 240
# alone: a starved host stops a check before the test does
"""--record and replay from outside: what was recorded says the same again, a
stop and an unplug come again, and no damaged file, other way or lost end ever
looks like a verdict."""

import json
import os
import re
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
from sculpture import (RIG, Sculpture, Tap, checking, finish, folder, ghostlight,  # noqa: E402
                       start, wait_for)

tap = Tap()
tmp = folder()
db = os.path.join(tmp, "check.db")
scratch = os.path.join(tmp, "scratch")
os.mkdir(scratch)


def path(name):
    return os.path.join(tmp, name)


def record(sim, name):
    return checking(sim.port, db, "--allow-motion", "--budget", "20s", "--json",
                    "--record", path(name))


def replay(name, *more, form="--json"):
    return ghostlight("replay", path(name), form, *more, env={"TMPDIR": scratch})


def plain(result):
    """But for the number of the run, and the reason: it names the port."""
    text = re.sub("run [0-9]+", "run N", result.out)
    return "".join(line for line in text.splitlines(True) if not line.startswith("failed: "))


def said(result, *but):
    """All of the JSON but the port and what its database made of the run."""
    report = result.json()
    text = json.dumps(report).replace(report.get("port") or "no port", "PORT")
    return {k: v for k, v in json.loads(text).items() if k not in ("run", "chain", *but)}


def lines(name):
    with open(path(name), encoding="ascii") as f:
        return f.read().splitlines(keepends=True)


def write(name, text):
    with open(path(name), "w", encoding="ascii") as f:
        f.writelines(text)


def test_same_again():
    with Sculpture("--fault", "limp@resilience.elbow") as sim:
        was = ghostlight(*record(sim, "a.wire"))
        again = ghostlight(*record(sim, "a.wire"))
    tap.ok(was.json().get("motion_s", 0) > 2 and os.path.exists(path("a.wire")),
           "a check with --record moves and measures", was)
    tap.ok(again.code == 64 and "is there already" in again.err and not again.out,
           "a recording is never written over", again)
    begun = time.monotonic()
    got = replay("a.wire")
    took = time.monotonic() - begun
    tap.ok(got.code == was.code and said(got) == said(was), "replayed: the same to the last number",
           [k for k in said(was) if said(was)[k] != said(got).get(k)] or got)
    tap.ok(got.json().get("simulated") is True and got.json().get("port") == "replay:a.wire",
           "it is marked simulated and a replay", got)
    tap.ok(took < 10, f"it waits for nothing ({took:.2f} s)")
    tap.ok(os.listdir(scratch) == [], "the scratch database is gone", os.listdir(scratch))
    page = ghostlight("replay", path("a.wire"))
    tap.ok("SIMULATED" in page.out and "nothing moves" in page.err, "the page says SIMULATED", page)
    return was


def test_stored(was):
    other = path("other.db")
    for run in (1, 2):
        got = replay("a.wire", "--db", other)
        tap.ok(got.code == was.code and got.json().get("run") == run, f"--db: run {run}", got)
    rows = ghostlight("history", "--json", "--db", other).json().get("history", [])
    tap.ok(len(rows) == 2 and all(row["simulated"] for row in rows), "both are in the history",
           rows)
    report = ghostlight("report", "1", "--json", "--db", other)
    tap.ok(said(report, "age_s") == said(was, "age_s"), "report says what the check said",
           [k for k in said(was) if said(was)[k] != said(report).get(k)])
    anew = ghostlight("check", "--from", "1", "--json", "--db", other)
    tap.ok(anew.json().get("verdict") == was.json().get("verdict"), "so does check --from", anew)


def ended_early(name, end, code, said_of_it):
    """
    A check that `end` ends; once more if the host did it before. Lights alone: a
    starved host trips no watchdog (test_replay.c does the same in mid sweep).
    """
    for _ in range(5):
        if os.path.exists(path(name)):
            os.remove(path(name))
        with Sculpture(scale=1) as sim:
            running = start(*checking(sim.port, db, "--budget", "20s", "--plain",
                                      "--record", path(name)))
            wait_for(running, "nothing will move")
            time.sleep(1.0)
            end(running, sim)
            was = finish(running)
        if was.code == code and said_of_it in was.err:
            break
    return was


def test_stop():
    was = ended_early("stop.wire", lambda running, sim: running.send_signal(signal.SIGINT), 130,
                      "stopped by the operator")
    tap.ok(was.code == 130, "Ctrl-C in a recorded check", was)
    got = replay("stop.wire", form="--plain")
    tap.ok(got.code == 130 and plain(got) == plain(was), "the stop comes again", got)


def test_unplug():
    was = ended_early("gone.wire", lambda running, sim: sim.process.kill(), 3, "gone")
    tap.ok(was.code == 3 and "gone" in was.err, "the controller vanishes", was)
    got = replay("gone.wire", form="--plain")
    tap.ok(got.code == was.code and "gone" in got.err and plain(got) == plain(was),
           "it vanishes again", got)


def test_another_way():
    text = lines("a.wire")
    begin = text.index("wire\n")
    at = [i for i, line in enumerate(text) if i > begin and line[0] == ">"][30]
    text[at] = text[at][:-2] + ("0" if text[at][-2] != "0" else "1") + "\n"
    write("other.wire", text)
    other = path("differs.db")
    got = replay("other.wire", "--db", other)
    tap.ok(got.code == 3 and not got.out and f"other.wire:{at + 1}: at " in got.err
           and "this version says" in got.err, "another byte: no verdict, UNSURE's code", got)
    rows = ghostlight("history", "--json", "--db", other).json().get("history", [])
    tap.ok(rows == [], "and nothing is stored", rows)


def test_lost_end():
    text = lines("a.wire")
    write("cut.wire", text[:len(text) // 2])
    got = replay("cut.wire")
    tap.ok(got.code in (2, 3) and "was not seen" in got.json().get("error", "")
           and "is lost" in got.err, "half a recording: the controller fell silent", got)


def test_refused():
    good = lines("a.wire")
    begin = good.index("wire\n")
    cases = (("empty", [], "no wire log"),
             ("json", ["{}\n"], ":1: no wire log"),
             ("binary", ["ghostlight wire log 1\n", "\x01\x1b[2J\n"], ":2:"),
             ("line", good[:begin + 5] + ["17 q\n"] + good[begin + 5:], f":{begin + 6}:"),
             ("rig", [re.sub("^= 23", "= 24", line) for line in good], "damaged"),
             ("head", good[:begin], "ends inside its head"),
             ("budget", ["budget 99999\n" if line.startswith("budget") else line
                         for line in good], "at most 1800 s"),
             ("profile", good[:1] + ["profile nonsense\n"] + good[1:], "no profile"),
             ("only", good[:1] + ["only nobody\n"] + good[1:], "has no part"))
    for name, text, expected in cases:
        write("bad.wire", text)
        got = replay("bad.wire")
        tap.ok(got.code == 64 and expected in got.err and not got.out and "\x1b" not in got.err,
               f"refused: {name}", got)
    got = ghostlight("replay")
    tap.ok(got.code == 64 and "--record" in got.err, "no file: says how to make one", got)
    got = ghostlight("check", "--from", "1", "--record", path("x.wire"), "--db", db)
    tap.ok(got.code == 64 and not os.path.exists(path("x.wire")), "--from records nothing", got)
    with Sculpture() as sim:
        got = ghostlight(*record(sim, "no/such/folder.wire"))
    tap.ok(got.code == 64 and "no recording can be written" in got.err and not got.out,
           "a place that cannot be written is said before anything moves", got)
    got = ghostlight(*checking("/dev/nowhere", db, "--record", path("port.wire"), "--json"))
    again = replay("port.wire")
    tap.ok(got.code == 3 and again.code == 3 and again.json().get("simulated") is True
           and "/dev/nowhere: no such port" in got.err
           and "/dev/nowhere: no such port" in again.err,
           "a port that was not there is not there again", again)


def test_baseline():
    with Sculpture() as sim:
        got = ghostlight("baseline", "add", "--check", "--name", "short", "--allow-motion",
                         "--budget", "20s", "--port", sim.port, "--rig", RIG, "--db", db,
                         "--record", path("base.wire"))
    tap.ok(os.path.exists(path("base.wire")), "baseline add --check records too", got)
    tap.ok(replay("base.wire").json().get("simulated") is True, "and that is replayed")


test_stored(test_same_again())
test_stop()
test_unplug()
test_another_way()
test_lost_end()
test_refused()
test_baseline()
tap.done()
