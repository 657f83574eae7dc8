#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# alone: a starved host trips the watchdog
# timeout: 240
"""What a hurried crew, a bad cable and a full disk can do: each is one clear
line (what, where, expected, found, what to try), the right exit code, arms
safe, and nothing half-written."""

import os
import pty
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import tty

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
from sculpture import (BUILD, PROGRAM, RIG, SIMULATOR, Sculpture, Tap, checking,  # noqa: E402
                       finish, folder, ghostlight, start, wait_for)

tap = Tap()
tmp = folder()


def path(name):
    return os.path.join(tmp, name)


def clear_line(got):
    """One line of ours, with what to try."""
    ours = [line for line in got.err.splitlines() if line.startswith("ghostlight: ")]
    return len(ours) >= 1 and " Try: " in ours[0] and len(ours[0]) < 420


def refused(name, code, *args, words=(), **more):
    got = ghostlight(*args, **more)
    tap.ok(got.code == code and clear_line(got) and all(w in got.err for w in words), name, got)
    return got


def rows(db, table):
    """How many rows a stored table has; 0 when there is no database."""
    if not os.path.exists(db):
        return 0
    con = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    try:
        return con.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    finally:
        con.close()


class Stranger:
    """A pty whose other end says what it likes."""

    def __init__(self, speak=None):
        self.master, self.slave = pty.openpty()
        tty.setraw(self.slave)
        self.port = os.ttyname(self.slave)
        self.over = threading.Event()
        os.set_blocking(self.master, False)
        self.thread = threading.Thread(target=self.talk, args=(speak,), daemon=True)
        self.thread.start()

    def talk(self, speak):
        while not self.over.is_set():
            try:
                os.read(self.master, 4096)
            except OSError:
                pass
            if speak:
                try:
                    os.write(self.master, speak())
                except OSError:
                    pass
            time.sleep(0 if speak is noise else 0.02)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join(5)
        os.close(self.master)
        os.close(self.slave)


def noise():
    return os.urandom(4096)


def test_words():
    refused("unknown verb, nearest named", 64, "chek", words=("chek", "check"))
    refused("unknown option, nearest named", 64, "check", "--alow-motion",
            words=("allow-motion",))
    refused("value missing", 64, "check", "--port")
    refused("not a time", 64, "check", "--budget", "soon", words=("soon", "45s"))
    refused("too short a budget", 64, "check", "--rig", RIG, "--db", path("n.db"), "--port",
            "/dev/null", "--budget", "3s")
    refused("a profile nobody knows", 64, "check", "--profile", "fifty", "--rig", RIG,
            "--db", path("n.db"), words=("fifty", "fifteen", "places"))
    refused("no such part", 64, "check", "--only", "resilience.elbw", "--rig", RIG, "--db",
            path("n.db"), "--port", "/dev/null", words=("resilience.elbow",))
    refused("no such run", 3, "report", "99", "--db", new_db(), words=("99",))
    refused("not a run", 64, "report", "yesterday", "--db", new_db())
    refused("no such baseline", 64, "check", "--baseline", "x", "--rig", RIG, "--db", new_db(),
            "--port", "/dev/null", words=("x",))
    tap.ok(not os.path.exists(path("n.db")), "a wrong command makes no database")


def new_db():
    """A database with one short run in it, made once."""
    db = path("some.db")
    if not os.path.exists(db):
        with Sculpture() as sim:
            ghostlight(*checking(sim.port, db, "--quiet"))
    return db


def test_ports():
    db = path("ports.db")
    got = refused("no such port", 3, *checking("/dev/ttyNOPE", db, "--json"),
                  words=("/dev/ttyNOPE",))
    tap.ok(got.json().get("verdict") == "UNSURE" and got.json().get("run", 1) is None,
           "it is UNSURE and no run", got)
    refused("a port that is no terminal", 3, *checking("/dev/null", db))
    with Stranger() as silent:
        refused("silent port", 3, *checking(silent.port, db), words=(silent.port,))
    with Stranger(lambda: b"hello, type help\r\n") as other:
        refused("a port that speaks something else", 3, *checking(other.port, db))
    with Stranger(noise) as loud:
        begun = time.monotonic()
        refused("garbage at full speed", 3, *checking(loud.port, db))
        tap.ok(time.monotonic() - begun < 20, "and it ends soon")
    with Sculpture(scale=1) as sim:
        run = start(*checking(sim.port, db, "--budget", "15s"))
        wait_for(run, "nothing will move")
        refused("busy port", 3, *checking(sim.port, db), words=(sim.port,))
        finish(run)
    tap.ok(rows(db, "run") == rows(db, "run_end") == 1, "only the answered port has a run",
           (rows(db, "run"), rows(db, "run_end")))


def test_rig_files():
    with open(RIG, encoding="utf-8") as f:
        good = f.read()
    cases = {
        "wrong unit": (good.replace("speed = 120 deg/s", "speed = 120 m/s", 1), "m/s"),
        "duplicate part": (good + "\n[joint hope.elbow]\nlink = main\n", "hope.elbow"),
        "missing section": (good.replace("[rig]", "# [rig]", 1), "rig"),
        "1 MB line": ("[rig]\nname = " + "x" * 1000000 + "\n", "bad.rig"),
        "no text": (os.urandom(3000).decode("latin-1"), "bad.rig"),
        "empty": ("", "bad.rig"),
    }
    for name, (text, word) in cases.items():
        with open(path("bad.rig"), "w", encoding="latin-1") as f:
            f.write(text)
        refused("rig file: " + name, 64, "check", "--rig", path("bad.rig"), "--port",
                "/dev/null", "--db", path("rig.db"), words=("bad.rig", word))
    refused("rig file: not there", 64, "check", "--rig", path("none.rig"), "--port", "/dev/null",
            "--db", path("rig.db"), words=("none.rig",))
    refused("rig file: a folder", 64, "check", "--rig", tmp, "--port", "/dev/null", "--db",
            path("rig.db"))
    tap.ok(not os.path.exists(path("rig.db")), "a bad rig file makes no database")


def test_ctrl_c():
    db = path("stop.db")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP, signal.SIGQUIT):
        with Sculpture(scale=1) as sim:
            run = start(*checking(sim.port, db, "--allow-motion", "--json"))
            wait_for(run, "slow and fast")
            time.sleep(0.5)
            run.send_signal(number)
            got = finish(run)
            again = ghostlight("stop", "--port", sim.port)
        name = signal.Signals(number).name
        tap.ok(got.code == 130 and got.json().get("end") == "stopped",
               f"{name} in a sweep: stopped, exit 130", got)
        tap.ok(again.code == 0 and "stopped" in again.out, f"{name}: the arms hold", again)
    found = ghostlight("history", "--json", "--db", db).json().get("history", [])
    tap.ok([r["end"] for r in found] == ["stopped"] * 5, "all five are stored as stopped", found)


def test_unread():
    """Nobody reads what the run says (Ctrl-S, a pager): it can be stopped."""
    db = path("unread.db")
    unread, full = os.pipe()
    os.set_blocking(full, False)
    try:
        while True:
            os.write(full, b"x" * 512)
    except BlockingIOError:
        os.set_blocking(full, True)
    with Sculpture("--link-name", path("port"), scale=1) as sim:
        with subprocess.Popen([PROGRAM, *checking(sim.port, db, "--allow-motion")],
                              stdout=subprocess.DEVNULL, stderr=full) as run:
            time.sleep(2)
            got = ghostlight("stop", "--port", "main=" + path("port"), "--rig", RIG)
            tap.ok(got.code == 0 and "stop latched: STOP" in got.out,
                   "stderr unread, the port by another name: stopped", got)
            os.read(unread, 65536)
            tap.ok(run.wait(10) == 130, "and the run ends")
    os.close(unread)
    os.close(full)


def test_lost():
    db = path("lost.db")
    with Sculpture(scale=1) as sim:
        run = start(*checking(sim.port, db, "--allow-motion", "--json"))
        wait_for(run, "slow and fast")
        sim.reboot()
        got = finish(run)
        tap.ok(got.code in (2, 3) and got.json().get("end") == "failed" and clear_line(got),
               "a controller that reboots: failed, not READY", got)
    with Sculpture(scale=1) as sim:
        run = start(*checking(sim.port, db, "--allow-motion", "--json"))
        wait_for(run, "slow and fast")
        sim.process.kill()
        got = finish(run)
        tap.ok(got.code in (2, 3) and got.json().get("end") == "failed" and clear_line(got),
               "a cable pulled in a sweep: failed, not READY", got)
    tap.ok(rows(db, "run") == rows(db, "run_end") == 2, "both are stored with their end")


def test_killed():
    db = path("killed.db")
    with Sculpture(scale=1) as sim:
        run = start(*checking(sim.port, db, "--allow-motion"))
        wait_for(run, "slow and fast")
        run.kill()
        finish(run)
        time.sleep(1)
        got = ghostlight("stop", "--port", sim.port)
        tap.ok(got.code == 0, "killed in a sweep: the controller stopped by itself", got)
        ghostlight(*checking(sim.port, db, "--budget", "15s", "--clear"))
    found = ghostlight("history", "--json", "--db", db).json().get("history", [])
    tap.ok(len(found) == 2 and found[1]["end"] == "interrupted",
           "the next start stores it as interrupted", found)


def main():
    if not (os.path.exists(PROGRAM) and os.path.exists(SIMULATOR)):
        print(f"1..0 # SKIP no programs in {BUILD}")
        return
    test_words()
    test_ports()
    test_rig_files()
    test_ctrl_c()
    test_unread()
    test_lost()
    test_killed()
    tap.done()


main()
