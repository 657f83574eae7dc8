#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 400
# alone: a starved host trips the watchdog of the check
"""The screens about earlier runs: what was marked is compared, the strips of home are what
`history PART --json` says, a metric over time, an earlier run and back, and a word that finds rows.
"""

import os
import re
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "kit"))
sys.dont_write_bytecode = True
from sculpture import (PROGRAM, RIG, Sculpture, Tap, checking, folder, ghostlight,  # noqa: E402
                       rehearsed, start, wait_for)
from terminal import Failed, Terminal, needs_tmux  # noqa: E402
from test_tui_pages import FAULT, PART  # noqa: E402

RUNS = 14


def shown(term, keys, sign):
    """The screen that these keys lead to, from home."""
    for key in keys:
        term.keys(*key)
    return term.wait(sign)


def glyph(row):
    """As the interface has it: READY in thirds of the way to the limit."""
    ratio = row["ratio"] or 0
    ready = "-" if ratio >= 2 / 3 else "." if ratio >= 1 / 3 else "_"
    return {"READY": ready, "WATCH": "=", "HOLD": "#", "UNSURE": "?", "NOT RUN": " "}[row["state"]]


def strips(tap, term, on):
    """Of every part on the screen."""
    parts = [p["part"] for p in on("report", "last", "--json")["parts"]]
    last = on("history", "--json")["history"]
    # They come with the second picture.
    lines = term.wait(r"(?m)[?]{5}[_.=#-]{2}$").splitlines()
    wrong, compared = [], 0
    for part in parts:
        name = re.escape(part.replace(".", " "))
        line = next((row for row in lines if re.match(rf"^[ >]+{name} +(\[#\]|/!|o|\?) ", row)),
                    None)
        if line is None:
            continue
        said = {row["run"]: glyph(row) for row in on("history", part, "--json")["history"]}
        expected = "".join(said.get(row["run"], " ") for row in reversed(last[:RUNS]))
        found = line.ljust(119)[119 - RUNS:119]
        compared += 1
        if found != expected.rjust(RUNS):
            wrong.append(f"{part}: {found!r}, history says {expected!r}")
    tap.ok(compared > 20 and not wrong, f"the strips of {compared} parts are as history has them",
           "\n".join(wrong) or term.screen())


def over_time(tap, term, on):
    term.keys("e")
    metric = on("history", PART, "--json")["history"][0]["metric"]
    term.wait(rf"history of {PART}")
    term.keys("e")
    text = term.wait(r"to the newest run")
    trend = on("history", PART, "--metric", metric, "--json")["trend"]
    epochs = [s["name"] for s in trend["series"]]
    tap.ok(epochs == ["studio", "no baseline"] and all(name in text for name in epochs),
           "two baselines are two series, both named", text)
    term.keys("Escape")
    term.wait(rf"history of {PART}")
    term.keys("Escape")
    term.wait(r"LAST VERDICT")


def compared(tap, term, on):
    term.keys("c")
    text = term.wait(r"compare studio with 7")
    beyond = on("compare", "studio", "7", "--json")["beyond"]
    few = len(re.findall(r" (CHANGED|same)$", text, re.M))
    tap.ok(re.search(rf"(?m)^ +{beyond} of \d+ metrics differ beyond noise", text),
           "with its baseline", text)
    term.keys("a")
    text = term.wait(r"every metric")
    tap.ok(few <= len(re.findall(r" (CHANGED|same) *$", text, re.M)), "a shows every metric", text)
    term.keys("Escape")
    term.wait(r"LAST VERDICT")


def marked(tap, term, on):
    """Run 6 against run 7, and back to the list."""
    text = shown(term, [("h",), ("j",), ("c",)], r"A is run 6")
    tap.ok(re.search(r"(?m)^ >A6 ", text), "the row that is A says so", text)
    text = shown(term, [("k",), ("c",)], r"compare 6 with 7")
    beyond = on("compare", "6", "7", "--json")["beyond"]
    tap.ok(beyond > 0 and re.search(rf"(?m)^ +{beyond} of \d+ metrics differ beyond noise", text),
           "two runs of the list are compared", text)
    text = shown(term, [("Escape",)], r"history +run|history\s*\n")
    tap.ok("A is run" not in text, "then none is marked", text)
    term.keys("Escape")
    term.wait(r"LAST VERDICT")


def earlier(tap, term, on):
    """A run of the list is not the last verdict, on any screen, until 0."""
    text = shown(term, [("h",), ("j",), ("Enter",)], r"details of run 6")
    tap.ok("LAST VERDICT" not in text, "a run of the list opens as what it is", text)
    text = shown(term, [("v",)], r"EARLIER RUN")
    tap.ok("run 6" in text and "press 0 for the last verdict" in text, "also two metres large", text)
    was = on("report", "6", "--json")["verdict"]
    text = shown(term, [("Escape",), ("Escape",), ("Escape",)],
                 r"(?s)is not the last one.*q quit")
    tap.ok(f"run 6 is not the last one: it was {was}" in text and "UNSURE" in text,
           f"its {was} counts no more", text)
    text = shown(term, [("0",)], r"LAST VERDICT")
    tap.ok("[#] HOLD" in text, "0 leads back", text)
    shown(term, [("h",), ("j",), ("Enter",)], r"details of run 6")
    text = shown(term, [("Escape",), ("Escape",)], r"EARLIER RUN")
    text = shown(term, [("Escape",)], r"LAST VERDICT")
    tap.ok("[#] HOLD" in text, "and so does Esc", text)


def found(tap, term, on):
    """By part, by state, by metric."""
    parts = on("report", "last", "--json")["parts"]
    elbows = [p for p in parts if "elbow" in p["part"]]
    shown(term, [("/",)], r"/ _")
    term.keys("-l", "ELBOW")
    term.keys("Enter")
    text = term.wait(rf"/ ELBOW   {len(elbows)} of {len(parts)} rows")
    rows = re.findall(r"(?m)^[ >]+(\S+ elbow) ", text)
    tap.ok(len(rows) == len(elbows), "home shows the rows with the word", text)
    term.keys("Escape")
    holds = sum(f["state"] == "fail" for p in parts for f in p["findings"])
    shown(term, [("d",), ("/",)], r"/ _")
    term.keys("-l", "hold")
    term.keys("Enter")
    text = term.wait(r"/ hold   (\d+) of")
    tap.ok(text.count("[#] HOLD") == holds > 0, "details by state", text)
    term.keys("Escape")
    term.wait(r"details: all parts", 5)
    term.keys("Escape")
    term.wait(r"LAST VERDICT")


def killed(db, worn_db):
    """A copy with two checks that died: of both the last verdict is older. Anew where the host was
    starved, and one of them had ended before."""
    for _ in range(3):
        shutil.copy(db, worn_db)
        for session in (6, 7):
            with Sculpture(session=session) as sim:
                run = start(*checking(sim.port, worn_db, "--allow-motion"))
                wait_for(run, "slow and fast")
                run.kill()
                run.wait()
        rows = ghostlight("history", "--limit", "2", "--db", worn_db, "--json").json()["history"]
        if [row["end"] for row in rows] == ["interrupted"] * 2:
            return
    raise RuntimeError(f"two checks that died: {rows}")


def worn(tap, term, db):
    """What happened since the run counts, as it does for `status`."""
    note = ghostlight("note", "in a crate", "--mark", "transport", "--db", db)
    term.keys("r")
    text = term.wait(r"WHY +old \(it was moved since then\)")
    status = ghostlight("status", "--db", db, "--json").json()
    why = re.search(r"WHY +(.*?)(?: *\.\.)? *$", text, re.M)[1]
    tap.ok(note.code == 0 and status["why"].startswith(why),
           "the last verdict wears out as in status", (why, status["why"], note))


def printed(tap, term, db):
    """p writes what `report` says, beside the database."""
    path = os.path.join(os.path.dirname(db), "worn-run-7.txt")
    term.keys("p")
    text = term.wait(r"Written, for a printer: \S+worn-run-7\.txt")
    with open(path, encoding="utf-8") as f:
        page = f.read()
    report = ghostlight("report", "7", "--db", db).out
    age = re.compile(r"(?m)^ taken .* before this page was made\n")
    tap.ok(page.count("\n") > 10 and age.sub("", page) == age.sub("", report),
           "the page is that of `report 7`", f"{text}\n{page}\n{report}")


def make_runs(db):
    """A healthy run 6, then one of a stiff joint; anew where the host was starved."""
    for _ in range(3):
        rehearsed(db)
        for number, faults in ((4, ()), (5, ("--fault", FAULT))):
            with Sculpture(*faults, session=number) as sim:
                got = ghostlight(*checking(sim.port, db, "--allow-motion", "--json"))
        before = ghostlight("report", "6", "--json", "--db", db).json()["verdict"]
        if got.json().get("why", "").startswith(PART) and before in ("READY", "WATCH"):
            return
    raise RuntimeError(f"a healthy run, and a stiff joint that is HOLD: {before}, {got}")


def tell(tap, scratch, db, steps):
    """Each of them of the screen over that database."""
    with Terminal(scratch, 120, 40) as term:
        term.wait(r"shell>")
        term.type(f"{PROGRAM} --rig {RIG} --db {db} --ascii")
        term.wait(r"LAST VERDICT")
        for step, what in steps:
            try:
                step(tap, term, what)
            except Failed as error:
                tap.ok(False, step.__name__, error)


def main():
    needs_tmux()
    tap = Tap()
    scratch = folder()
    db, worn_db = os.path.join(scratch, "past.db"), os.path.join(scratch, "worn.db")
    make_runs(db)

    def on(*args):
        return ghostlight(*args, "--db", db).json()

    tell(tap, scratch, db, [(step, on) for step in (strips, over_time, compared, marked, earlier,
                                                    found)])
    killed(db, worn_db)
    tell(tap, scratch, worn_db, ((worn, worn_db), (printed, worn_db)))
    tap.done()


if __name__ == "__main__":
    main()
