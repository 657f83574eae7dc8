#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 300
"""One pair of screens that checks again and again for an hour of the sculpture's time: it ends as
large as it began, with as many files open, and the database is whole. Then a wall clock that
jumps: runs keep their order, durations and ages stay true."""

import glob
import os
import sqlite3
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "kit"))
sys.dont_write_bytecode = True
import soak  # noqa: E402
from books import told  # noqa: E402
from screen import Screen  # noqa: E402
from sculpture import (PROGRAM, RIG, SIMULATOR, Tap, checking, finish, folder,  # noqa: E402
                       ghostlight, hurry, start)
from witness import Witness  # noqa: E402

# A minute of a check is 2.3 s then.
SCALE = 40
CHECKS = soak.count(3, 24, 60)
# After so many a process is as large as it gets: SQLite's and the allocator's caches are full.
WARM = 16
WATCHED = max(0, CHECKS - WARM)
# A block of the allocator here and there. On a loaded host two of 300 kB came later than that:
# whoever has grown is watched as long again, twice; a leak is there as often as there are checks.
GROWN_KB = 128
AGAIN = 2
FAKETIME = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
DAY_S = 86400

tap = Tap()


def ended(db):
    """Checks that have their end."""
    if not os.path.exists(db):
        return 0
    store = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    try:
        return store.execute("SELECT count(*) FROM run_end").fetchone()[0]
    except sqlite3.OperationalError:  # no table yet
        return 0
    finally:
        store.close()


class Size:
    """Of a process at rest."""

    def __init__(self, pid):
        with open(f"/proc/{pid}/status", encoding="ascii") as f:
            lines = dict(line.split(":", 1) for line in f)
        self.rss_kb = int(lines["VmRSS"].split()[0])
        self.files = sorted(os.readlink(name) for name in glob.glob(f"/proc/{pid}/fd/*"))


def check_again(screen, witness, db):
    """One more check; its size when it rests again, None when it came to no end."""
    before = ended(db)
    if not screen.start_check(witness):
        return None
    end = time.monotonic() + 100
    while ended(db) == before:
        if time.monotonic() > end:
            return None
        time.sleep(0.1)
    time.sleep(0.3)  # the verdict is drawn, the port closed
    return Size(screen.process.pid)


def grown_kb(sizes):
    """From the first quarter to the last of those that count, the last ones."""
    quarter = WATCHED // 4
    rss = [size.rss_kb for size in sizes[len(sizes) - WATCHED:]]
    return max(rss[-quarter:]) - max(rss[:quarter]) if quarter > 0 else 0


def enough(sizes):
    if len(sizes) < CHECKS:
        return False
    return grown_kb(sizes) <= GROWN_KB or len(sizes) >= CHECKS + AGAIN * WATCHED


def stay(tmp):
    """Sizes after every check of one process."""
    db, sizes = os.path.join(tmp, "hour.db"), []
    with Witness(scale=SCALE) as witness, \
            Screen("--port", witness.port, "--rig", RIG, "--db", db) as screen:
        screen.shows("LAST VERDICT")
        while not enough(sizes) and (size := check_again(screen, witness, db)):
            sizes.append(size)
        screen.key("q")
        code = screen.process.wait(30)
        tap.ok(code == 0 and not screen.left(), f"{len(sizes)} checks, then q ends the screens",
               f"exit {code}, {screen.left()}, {bytes(screen.out[-300:])}")
    return db, sizes


def test_hour(tmp):
    db, sizes = stay(tmp)
    if not tap.ok(enough(sizes), "every check comes to its end", f"{len(sizes)}"):
        return
    rss = [size.rss_kb for size in sizes]
    grown, first = grown_kb(sizes), len(sizes) - WATCHED
    # A few checks, as a taste has, say nothing of it.
    small = WATCHED == 0 or tap.ok(grown <= GROWN_KB, "its memory is what it was",
                                   f"{grown} kB more: {rss}")
    # The second check leaves a descriptor to SQLite, which closes none while a lock is held.
    flat = tap.ok(sizes[1].files == sizes[-1].files, "its files are what they were",
                  f"{sizes[1].files}\n{sizes[-1].files}")
    store = sqlite3.connect(db)
    whole = store.execute("PRAGMA integrity_check").fetchone()[0]
    store.close()
    intact = ghostlight("verify", "--db", db)
    whole = tap.ok(whole == "ok" and intact.code == 0, "the database is whole",
                   f"{whole}\n{intact}")
    if small and flat and whole and WATCHED > 0:
        soak.say("one hour of checks", f"{len(sizes)} checks of 60 s in one process, "
                 f"{rss[first]} kB after {first + 1}, {rss[-1]} kB after all, {grown:+d} kB from "
                 f"the first quarter to the last, {len(sizes[-1].files)} descriptors all the time; "
                 "integrity ok")


class WallClock:
    """What the program takes for the time of day, moved while it runs."""

    def __init__(self, tmp):
        self.file = os.path.join(tmp, "offset")
        self.env = {"LD_PRELOAD": FAKETIME[0] + " " + os.environ.get("LD_PRELOAD", ""),
                    "FAKETIME_TIMESTAMP_FILE": self.file, "FAKETIME_NO_CACHE": "1",
                    "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1"}

    def set(self, days):
        with open(self.file + ".new", "w", encoding="ascii") as f:
            f.write(f"{days * DAY_S:+d}")
        os.rename(self.file + ".new", self.file)


def check_while_it_jumps(witness, db, clock, days):
    """The clock jumps in mid sweep; the run."""
    since = len(witness.motions)
    process = start(*checking(witness.port, db, "--allow-motion", "--clear", "--plain", "--quiet",
                              "--budget", "20s"), env=clock.env)
    witness.wait(lambda m: m.moves, since)
    clock.set(days)
    got = finish(process)
    tap.ok(told(got.out) is not None, f"a check during which the clock jumps to day {days:+d}", got)
    return told(got.out)


def test_clock_jumps(tmp):
    if not FAKETIME:
        tap.skip("clock jumps", "libfaketime is missing (apt install faketime)")
        return
    db, clock = os.path.join(tmp, "jumps.db"), WallClock(tmp)
    clock.set(0)
    with Witness(scale=10) as witness:
        # Back to the past, on from there, far ahead, and home.
        runs = [check_while_it_jumps(witness, db, clock, days) for days in (-2, -2, 400, 0)]
    store = sqlite3.connect(db)
    rows = store.execute("SELECT run, started_s, duration_s, session FROM ended_run "
                         "ORDER BY run").fetchall()
    store.close()
    told_rows = "\n".join(map(str, rows))
    tap.ok([r for r, *_ in rows] == runs == [1, 2, 3, 4], "runs count on", told_rows)
    days = [round((started - rows[0][1]) / DAY_S) for _, started, *_ in rows]
    tap.ok(days == [0, -2, -2, 400], "each says what the clock said when it began", days)
    # A jump of days in between would show; a loaded host is slower by seconds.
    tap.ok(all(0 < duration < 60 for _, _, duration, _ in rows), "durations are true", told_rows)
    tap.ok(len({session for *_, session in rows}) == 1, "one power-up stays one session", told_rows)
    got = ghostlight("history", "--csv", "--db", db, "--rig", RIG)
    order = [line.split(",")[0] for line in got.out.splitlines()[1:]]
    tap.ok(order == ["4", "3", "2", "1"], "the history is in the order of the runs", got)
    got = ghostlight("status", "--json", "--db", db, "--rig", RIG, env=clock.env)
    tap.ok(got.json().get("run") == 4, "the last run is the last that was made", got)
    got = ghostlight("verify", "--db", db)
    tap.ok(got.code == 0, "the chain does not mind", got)


def main():
    tmp = folder()
    hurry()
    test_hour(tmp)
    test_clock_jumps(tmp)
    tap.done()


if __name__ == "__main__":
    if not all(os.access(p, os.X_OK) for p in (PROGRAM, SIMULATOR)):
        print("1..0 # SKIP the programs are not built")
        sys.exit(0)
    main()
