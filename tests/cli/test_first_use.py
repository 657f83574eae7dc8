#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 180
# alone: a starved host trips the watchdog
"""First use in a terminal: nothing is there, and the screens say so; the simulated Lumina, which
ends with them; doctor as a screen."""

import json
import os
import re
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "kit"))
sys.dont_write_bytecode = True
from sculpture import PROGRAM, Tap, folder, ghostlight  # noqa: E402
from terminal import Failed, Terminal, needs_tmux  # noqa: E402

tap = Tap()


def children(parent, name):
    """Process ids of that name whose parent is that one; 0: any parent."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as f:
                stat = f.read()
        except OSError:
            continue
        comm, rest = stat[stat.index("(") + 1:stat.rindex(")")], stat[stat.rindex(")") + 2:].split()
        if comm == name[:15] and rest[0] != "Z" and parent in (0, int(rest[1])):
            found.append(int(pid))
    return found


def gone(pids, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not any(os.path.exists(f"/proc/{pid}") for pid in pids):
            return True
        time.sleep(0.05)
    return False


def ours(home):
    """The program that these screens are: the one with that home."""
    for pid in children(0, "ghostlight"):
        with open(f"/proc/{pid}/environ", "rb") as f:
            if f"HOME={home}".encode() in f.read().split(b"\0"):
                return pid
    raise Failed("no ghostlight runs")


def nothing_is_there(term, home):
    term.wait(r"shell>")
    term.type(f"{PROGRAM}; echo code-$?")
    text = term.wait(r"No sculpture here\? s starts a simulated Lumina")
    tap.ok(all(re.search(rf"\? +{word} ", text) for word in ("rig file", "port", "check",
                                                             "baseline")),
           "home says what is missing", text)
    tap.ok("> ?" in re.sub(" +", " ", text) and "--rig FILE" in text, "and what to do next", text)
    tap.ok("SIMULATED" not in text, "nothing is simulated yet", text)
    term.keys("1")
    text = term.wait(r"no rig file: give --rig FILE")
    tap.ok("> Cancel" not in text, "a check that cannot be says why", text)
    for key, what in (("b", "baselines"), ("o", "notes"), ("h", "runs")):
        term.keys(key)
        text = term.wait(rf"No {what} yet: there is no database")
        tap.ok("LAST VERDICT" in text and "press 1 at home" in " ".join(text.split()),
               f"no {what}: what is missing, and what makes it", text)
    tap.ok(not os.path.exists(os.path.join(home, "ghostlight", "ghostlight.db")),
           "nothing is written for looking")


def simulated(term, home):
    term.keys("s")
    text = term.wait(r"SIMULATED")
    term.wait(r"A simulated Lumina is switched on")
    port = re.search(r"/dev/pts/\d+", text)
    sims = children(ours(home), "ghostlight-sim")
    tap.ok(port and len(sims) == 1, "s starts a simulator", text)
    term.keys("s")
    term.wait(r"It is simulated already")
    return port.group(), sims


def doctor(term, home, port):
    term.keys("x")
    term.wait(r"the sculpture answers", 40)
    text = term.wait(r"This is not a verdict about the sculpture")
    got = ghostlight("doctor", "--json", "--port", port, "--rig", "schemas/lumina.rig", "--db",
                     os.path.join(home, "ghostlight", "simulated.db"))
    steps = {s["step"]: s for s in got.json().get("steps", [])}
    same = [s for s in ("adapter", "port", "permission", "answer", "protocol")
            if f"{steps[s]['title']:26} {steps[s]['found']}" not in text]
    tap.ok(steps and not same, "the screen shows what --json says", f"{same}\n{text}")
    term.keys("r")
    term.wait(r"SPACE breaks it off")
    term.keys("Space")
    tap.ok("> Cancel" not in term.wait(r"doctor: stopped", 5), "SPACE breaks it off")
    term.keys("Escape")
    term.wait(r"LAST VERDICT")


def interrupted(term, home, sims):
    """Ctrl-C on the terminal is for the screens: the run is stopped, then the simulator ends."""
    term.keys("1")
    term.wait(r"> Cancel")
    term.answer("y", r"> Cancel")
    term.wait(r"now +(who is who|easing|slow|identity)", 40)
    term.keys("C-c")
    term.wait(r"code-130", 30)
    tap.ok(gone(sims), "the simulator ends with the screens")
    db = os.path.join(home, "ghostlight", "simulated.db")
    got = ghostlight("status", "--json", "--db", db)
    tap.ok(got.json().get("end") == "stopped" and got.json().get("simulated") is True,
           "the run was stopped, and is simulated for good", got)
    tap.ok(not os.path.exists(os.path.join(home, "ghostlight", "ghostlight.db")),
           "real runs have a database that it is not in")


def killed(term, home):
    term.type(f"clear; TERM=xterm-256color {PROGRAM}; echo code-$?")
    term.wait(r"No sculpture here\? s starts")
    term.keys("s")
    term.wait(r"LAST VERDICT.*stopped")
    term.tmux("send-keys", "-l", "\x1b[15;2;1~")
    text = term.wait(r"No such key here")
    tap.ok("> Cancel" not in text, "the digits of an unknown key are no keys", text)
    term.keys("m")
    term.wait(r"mouse on")
    shown = term.screen().splitlines()
    second = next(i for i, line in enumerate(shown) if line.startswith(" > ")) + 2
    click = f"\x1b[<0;10;{second}M\x1b[<0;10;{second}m"
    term.tmux("send-keys", "-l", click)
    text = term.wait(rf"(?m)^ > {re.escape(shown[second - 1][3:20])}")
    tap.ok("LAST VERDICT" in text, "a click selects", text)
    term.tmux("send-keys", "-l", click)
    text = term.wait(r"LAST VERDICT", absent=True)
    tap.ok(shown[second - 1][3:20].strip() in text, "and again opens", text)
    sims = children(ours(home), "ghostlight-sim")
    os.kill(ours(home), signal.SIGKILL)
    tap.ok(sims and gone(sims), "the simulator dies with screens that are killed", sims)


def main():
    home = folder()
    try:
        with Terminal(home) as term:
            nothing_is_there(term, home)
            port, sims = simulated(term, home)
            doctor(term, home, port)
            interrupted(term, home, sims)
            killed(term, home)
    except (Failed, json.JSONDecodeError) as error:
        tap.ok(False, "all of it", error)
    tap.done()


needs_tmux()
main()
