#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 300
# alone: a starved host is a late host, and a late host is WATCH or worse
"""What is typed into the screens: a run is added to a baseline, the baseline is sealed, a HOLD is
accepted, a note is written; each is then what the command line's --json says."""

import datetime
import os
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "kit"))
sys.dont_write_bytecode = True
from sculpture import (PROGRAM, RIG, Sculpture, Tap, checking, folder,  # noqa: E402
                       ghostlight, rehearsed)
from terminal import Failed, Terminal, needs_tmux  # noqa: E402
from units import raw  # noqa: E402

tap = Tap()
tmp = folder()
db = os.path.join(tmp, "forms.db")
PART = "resilience.elbow"
LIMP = ("--fault", f"limp@{PART}")
PASTE = "q1y\x1b[31mJürgen\x1b]0;owned\x07\n\n\t7y\n" * 300


def json_of(*args):
    return ghostlight(*args, "--json", "--db", db).json()


def remarks(kind):
    return [r for r in json_of("note")["remarks"] if r["kind"] == kind]


def make_runs():
    """Five healthy runs in the sealed `studio`, four of them in `night` too, then a HOLD."""
    rehearsed(db)
    for run in "1234":
        got = ghostlight("baseline", "add", "--name", "night", "--run", run, "--db", db)
        if got.code:
            return tap.ok(False, "run 1 to 4 in a second baseline", got)
    with Sculpture(*LIMP, session=4) as sim:
        got = ghostlight(*checking(sim.port, db, "--allow-motion", "--quiet"))
    return tap.ok(got.code == 2, "run 6 has a limp elbow", got)


def start(term):
    term.wait(r"shell>")
    term.type(f"{PROGRAM} --rig {RIG} --db {db}")
    return term.wait(r"LAST VERDICT")


def add_a_run(term):
    term.keys("h")
    term.wait(r"(?m)^ history")
    term.keys("Down")
    term.wait(r"(?m)^ > 5 ")
    term.keys("Enter")
    term.wait(r"(?m)^ (details|[\s\S]*LAST VERDICT)")
    term.keys("b")
    term.wait(r"(?m)^ > studio")
    term.keys("Down")
    term.wait(r"(?m)^ > night +no +4 ")
    term.keys("a")
    term.wait(r"add to a baseline: run 5")
    term.wait(r"> name +night_")
    term.keys("Enter")
    term.wait(r"> Add it")
    text = term.answer("Enter", r"Add it")
    tap.ok(re.search(r'run 5 is now in baseline "night"', text), "what the verb said is shown", text)
    tap.ok(re.search(r"(?m)^ > night +no +5 ", text), "the list is fresh, the cursor where it was",
           text)
    runs = [r["run"] for r in json_of("baseline", "show", "night")["runs"]]
    tap.ok(runs == [1, 2, 3, 4, 5], "the run is in it", runs)


def night():
    return next(b for b in json_of("baseline", "list")["baselines"] if b["name"] == "night")


def sign(term):
    """A seal that only wants its answer."""
    term.keys("s")
    term.wait(r"never\s+changes")
    term.wait(r"> by +_")
    term.tmux("send-keys", "-l", "Zoë")
    term.keys("Tab")
    term.tmux("send-keys", "-l", "as it was let in")
    term.keys("Enter")
    term.wait(r"> Cancel")


def seal(term):
    sign(term)
    term.answer("Enter", r"Seal it")
    tap.ok(night()["sealed"] is False, "Enter cancels: nothing is sealed", night())
    sign(term)
    text = term.answer("y", r"Seal it")
    got = night()
    tap.ok(got["sealed"] is True and got["by"] == "Zoë" and got["why"] == "as it was let in",
           "y seals it", got)
    tap.ok(re.search(r"(?m)^ > night +yes", text), "the list says so", text)
    tap.ok(re.search(r'baseline "night"', text.splitlines()[0]), "and the header", text)
    term.keys("s")
    text = term.wait(r"sealed already")
    tap.ok("Seal it" not in text, "a sealed one cannot be sealed again", text)


def look_at_baselines(term):
    term.keys("Enter")
    text = term.wait(r'"night", sealed .* by Zoë')
    shown = re.findall(r"(?m)^ [> ] (\d+) +\S+Z +(\d) ", text)
    runs = [(str(r["run"]), str(r["session"])) for r in json_of("baseline", "show", "night")["runs"]]
    tap.ok(shown == runs, "runs and sessions are those of --json", (shown, runs))
    term.keys("Escape")
    term.wait(r"(?m)^ > night")
    term.keys("f")
    text = term.wait(r'A is "studio", B "night"')
    rows = json_of("baseline", "diff", "studio", "night")["metrics"]
    value = r"(-?[\d.]+)(?: ([a-zA-Z%]\S*))? +"
    first = re.search(rf"(?m)^ > (\S+) +\S+ +{value}{value}", text)
    row = rows[0]
    tap.ok(first and first[1] == row["part"]
           and abs(raw(first[2], first[3], row["unit"]) - row["a"]) <= 6e-3 * abs(row["a"])
           and abs(raw(first[4], first[5], row["unit"]) - row["b"]) <= 6e-3 * abs(row["b"]),
           "the means are those of --json", (first and first.groups(), row))


def accept(term):
    for _ in range(4):
        term.keys("Escape")
    term.wait(r"EARLIER RUN")
    term.keys("0")
    term.wait(r"LAST VERDICT")
    term.keys("d")
    term.wait(r"\[#\] HOLD +resilience elbow")
    term.keys("w")
    term.wait(f"accept as KNOWN: run 6, {PART.replace('.', ' ')}")
    term.tmux("send-keys", "-l", "a new horn is on order")
    term.keys("Tab", "Tab")
    due = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=14)
    text = term.wait(r"> until +\d{4}-\d\d-\d\d_")
    tap.ok(f"{due:%Y-%m-%d}" in text or f"{due - datetime.timedelta(days=1):%Y-%m-%d}" in text,
           "two weeks are filled in", text)
    term.tmux("send-keys", "-l", "x")
    term.keys("Enter")
    term.wait(r"> Accept it")
    time.sleep(0.4)
    term.keys("Enter")
    text = term.wait(r'--until: expected a date')
    tap.ok("a new horn is on order" in text and "Try:" not in text,
           "a date that is none is told, and the text stays", text)
    tap.ok(not remarks("accept"), "nothing is stored then")
    term.keys("Up")
    term.keys("BSpace")
    term.wait(r"> until +\S+\d_")
    term.keys("Enter")
    term.wait(r"> Accept it")
    text = term.answer("Enter", r"Accept it")
    rows = remarks("accept")
    tap.ok(len(rows) == 1 and rows[0]["run"] == 6 and rows[0]["part"] == PART
           and rows[0]["by"] == "Zoë" and rows[0]["text"] == "a new horn is on order"
           and rows[0]["until"].startswith(f"{due:%Y-%m}"), "the HOLD is accepted", rows)
    tap.ok(re.search(r"\(k\) HOLD +resilience elbow", text), "the part is marked at once", text)
    said = json_of("part", PART, "--run", "6")["accepted"]
    tap.ok(said.startswith("KNOWN from the next check until") and "by Zoë" in said,
           "and so says `part`", said)
    state = json_of("report", "6")
    tap.ok(state["verdict"] == "HOLD", "the run stays what it was", state["verdict"])


def small_and_pasted(term):
    term.keys("n")
    term.wait(r"note: run 6, resilience elbow")
    term.tmux("send-keys", "-l", "it ticks")
    term.wait(r"it ticks_")
    term.resize(30, 6)
    term.wait(r"needs 40x12[\s\S]*a form is open")
    term.keys("q")
    term.resize(80, 24)
    text = term.wait(r"it ticks_")
    tap.ok("note: run 6" in text, "a window too small keeps the text", text)
    before = len(json_of("note")["remarks"])
    term.tmux("set-buffer", PASTE)
    term.tmux("paste-buffer", "-r")
    time.sleep(1)
    term.wait(r"note: run 6")
    tap.ok(len(json_of("note")["remarks"]) == before, "a paste stores nothing and starts nothing",
           term.screen())
    for _ in range(2):
        time.sleep(0.4)
        term.keys("Escape")
    term.wait(r"note: run 6", absent=True)


def note(term):
    term.keys("n")
    term.wait(r"note: run 6, resilience elbow")
    term.tmux("send-keys", "-l", "Jürgenx heard 2 ticks")
    for _ in range(len("x heard 2 ticks")):
        term.keys("BSpace")
    term.wait(r"> text +Jürgen_")
    term.tmux("send-keys", "-l", " hört es")
    term.keys("Enter")
    term.wait(r"> by +Zoë_")
    term.keys("Enter")
    term.wait(r"> Store it")
    term.answer("Enter", r"Store it")
    rows = remarks("note")
    tap.ok(len(rows) == 1 and rows[0]["text"] == "Jürgen hört es" and rows[0]["by"] == "Zoë"
           and rows[0]["run"] == 6 and rows[0]["part"] == PART, "the note is stored", rows)
    term.keys("o")
    text = term.wait(r"(?m)^ notes")
    tap.ok(re.search(r"(?m)^ > \S+Z note .*Jürgen hört es", text)
           and re.search(r"(?m)^   \S+Z accept ", text), "and stands last in the list", text)
    term.keys("/")
    term.tmux("send-keys", "-l", "HORN")
    text = term.wait(r"1 of 2 rows")
    tap.ok("on order" in text and "hört" not in text, "the filter finds the other", text)
    term.keys("Escape")
    term.wait(r"rows", absent=True)


def known_at_home(term):
    term.keys("C-c")
    with Sculpture(*LIMP, session=5) as sim:
        ghostlight(*checking(sim.port, db, "--allow-motion", "--quiet"))
    text = start(term)
    parts = {p["part"]: p for p in json_of("report", "last")["parts"]}
    fates = {f["state"] for f in parts[PART]["findings"]}
    shown = re.search(r"resilience elbow +(\S+ \S+)", text)
    tap.ok("known" in fates, "the next check knows it", fates)
    tap.ok(shown and (shown[1] == "(k) KNOWN") == ("fail" not in fates), "and home shows it", text)
    term.keys("q")
    term.wait(r"LAST VERDICT", absent=True)


def main():
    needs_tmux()
    try:
        if make_runs():
            with Terminal(tmp) as term:
                start(term)
                for step in (add_a_run, seal, look_at_baselines, accept, small_and_pasted, note,
                             known_at_home):
                    step(term)
    except Failed as error:
        tap.ok(False, "the screens do what is typed", str(error))
    tap.done()


if __name__ == "__main__":
    main()
