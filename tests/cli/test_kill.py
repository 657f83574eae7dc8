#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 300
"""kill -9 of a check at any moment, also in mid sweep and in its last commit: nothing that was
stored is lost or torn, the next check finds what was cut short and gets its port, and the
controller stops by itself in time."""

import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "kit"))
sys.dont_write_bytecode = True
import soak  # noqa: E402
from books import Books, Tally, told  # noqa: E402
from sculpture import (PROGRAM, SIMULATOR, Tap, checking, finish,  # noqa: E402
                       ghostlight, hurry, start)
from witness import Stop, slowing_us  # noqa: E402

# The shortest check that sweeps, 1.6 s at this scale: a starved host still beats in time.
SHORT = ("--budget", "20s")
SCALE = 10
SEED = 20260
# A check waits more than it works: so many at once keep two processors busy.
WORKERS = soak.count(2, 4, 4)
# Of a whole check; the short form's 400 are with those of a writer (tests/unit/test_store_killed).
KILLS = soak.count(6, 80, 2000)
# The kills that one database and one sculpture live through.
KILLS_A_LIFE = min(20, -(-KILLS // WORKERS))
# A check that ends before its death is tried anew: the last moments are the hardest to meet.
TRIES = 10
VERDICTS = (0, 1, 2, 3)
# How long the sweeps last, and what follows the motion: judging, the one transaction, the verdict.
SWEEPS_S = 0.7
END_S = 0.25
# Kills in turn: anywhere in the check, in a motion, after all motion.
WHEN = ("sweep", "anywhere", "end", "anywhere")


def under_way(motion):
    return motion.moves


def over(motion):
    return motion.state in ("idle", "latched")


class Kills(Tally):
    def __init__(self):
        super().__init__(SEED, KILLS)
        self.stops = self.moving = self.acknowledged = self.cut = 0
        self.trip_ms = self.rest_us = 0
        self.slowing = slowing_us()

    def note(self, stop, said):
        with self.lock:
            self.deaths += 1
            self.acknowledged += said is not None
            if wrong := stop.wrong(self.slowing):
                self.late.append(wrong)
            elif stop.latch:
                self.stops += 1
                self.moving += stop.was_moving
                self.trip_ms = max(self.trip_ms, stop.trip_ms())
                self.rest_us = max(self.rest_us, stop.rest_us)


class Life:
    """One sculpture and one database, through some deaths."""

    def __init__(self, witness, db, tally):
        self.witness, self.tally = witness, tally
        self.args = checking(witness.port, db, "--allow-motion", "--clear", "--plain", "--quiet",
                             *SHORT)
        self.books = Books(db, tally)

    def whole(self):
        """A check that nobody disturbs; its seconds."""
        before = time.monotonic()
        got = ghostlight(*self.args)
        if told(got.out) is None:
            self.tally.broken.append(str(got))
        self.books.look(told(got.out))
        return time.monotonic() - before

    def wait_to_kill(self, process, when, since, seconds):
        """The plan moves twice: to learn who is who, and to sweep."""
        after = 0
        for wanted in {"anywhere": (), "sweep": (under_way,) * 2, "end": (under_way, over)}[when]:
            found = self.witness.wait(lambda m: m.at_us > after and wanted(m), since, 20)
            after = found.at_us if found else after
        most = {"anywhere": seconds, "sweep": SWEEPS_S, "end": END_S}[when]
        try:
            process.wait(self.tally.rng.uniform(0, most))
        except subprocess.TimeoutExpired:
            pass

    def kill(self, when, seconds):
        """False: it had ended before."""
        since = len(self.witness.motions)
        process = start(*self.args)
        self.wait_to_kill(process, when, since, seconds)
        process.kill()
        got = finish(process)
        if got.code != -9:
            if got.code not in VERDICTS:
                self.tally.broken.append(str(got))
            return False
        stop = Stop(self.witness, since)
        self.tally.note(stop, told(got.out))
        self.books.look(told(got.out))
        return True

    def live(self, kills):
        seconds = self.whole()
        done = 0
        for _ in range(TRIES * kills):
            done += done < kills and self.kill(WHEN[done % len(WHEN)], seconds)
        self.whole()
        with self.tally.lock:
            self.tally.cut += len(self.books.cut)
        got = ghostlight("verify", "--db", self.books.path)
        if got.code:
            self.tally.torn.append(str(got))


def say(tally):
    soak.say("kill -9", f"{tally.deaths} kills, {tally.moving} in mid-sweep, {tally.cut} runs cut "
             f"short and marked, {tally.acknowledged} after the verdict; 0 lost, 0 torn, 0 corrupt")
    soak.say("kill -9 and the arm", f"{tally.stops} trips, 0 late: latched at most "
             f"{tally.trip_ms:.2f} ms after the last beat, at rest at most "
             f"{tally.rest_us / 1000:.1f} ms later (v/a {tally.slowing / 1000:.0f} ms)")


def main():
    tap, tally = Tap(), Kills()
    hurry()

    tally.share(WORKERS, KILLS_A_LIFE, SCALE, Life)
    good = [tap.ok(not found, name, "\n".join(found)) for found, name in (
        (tally.broken, "every check after a death gets its port and its database"),
        (tally.lost, "no stored result is lost"), (tally.torn, "none is torn or corrupt"),
        (tally.unmarked, "the next check marks what was cut short as interrupted"),
        (tally.late, "the controller stops in time"))]
    good.append(tap.ok(tally.deaths == KILLS and tally.moving > 0 and tally.cut > 0,
                       "as many deaths as asked for, some of them in mid sweep",
                       f"{tally.deaths} of {KILLS}, {tally.moving} moving, {tally.cut} cut short"))
    if all(good):
        say(tally)
    tap.done()


if __name__ == "__main__":
    if not all(os.access(p, os.X_OK) for p in (PROGRAM, SIMULATOR)):
        print("1..0 # SKIP the programs are not built")
        sys.exit(0)
    main()
