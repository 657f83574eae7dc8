# SPDX-License-Identifier: GPL-3.0-or-later
"""Many deaths, several at once, and what a database says after each of them, held against what it
said before: nothing that was stored may be lost, torn or left without an end."""

import os
import random
import re
import shutil
import sqlite3
import threading

from sculpture import folder
from witness import Witness

# What commits together with the end of a run or not at all.
OF_AN_END = ("measure", "finding", "diagnosis", "verdict", "part_result", "not_checked")


def told(out):
    """The run that `check --plain` told as stored, or None."""
    found = re.search(r"^verdict .*\brun (\d+)\b", out, re.MULTILINE)
    return int(found.group(1)) if found else None


class Tally:
    """What all workers saw; it was good only when no list has anything in it."""

    def __init__(self, seed, deaths):
        self.lock = threading.Lock()
        self.rng = random.Random(seed)
        self.wanted, self.begun, self.deaths = deaths, 0, 0
        self.lost, self.torn, self.unmarked, self.late, self.broken = [], [], [], [], []

    def take(self, n):
        """Up to n more deaths to be died, 0 when all have been given out."""
        with self.lock:
            n = min(n, self.wanted - self.begun)
            self.begun += n
            return n

    def _work(self, life, n, scale, home):
        while some := self.take(n):
            os.mkdir(home)
            try:
                with Witness(scale=scale) as witness:
                    life(witness, os.path.join(home, "life.db"), self).live(some)
            except Exception as error:  # a thread's end would be silent
                self.broken.append(repr(error))
                return
            shutil.rmtree(home)

    def share(self, workers, n, scale, life):
        """life(witness, database, tally).live(deaths) with at most n deaths of one sculpture at
        that scale of time, by so many workers until all are died."""
        tmp = folder()
        threads = [threading.Thread(target=self._work, args=(life, n, scale, f"{tmp}/{i}"))
                   for i in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        shutil.rmtree(tmp, ignore_errors=True)


class Books:
    """One database."""

    def __init__(self, path, tally):
        self.path, self.tally = path, tally
        self.links, self.cut, self.open_now = {}, set(), set()

    def open_runs(self, db):
        """Runs without an end: one at most, the last, with nothing of an end in it."""
        runs = [r for r, in db.execute("SELECT run FROM run WHERE run NOT IN "
                                       "(SELECT run FROM run_end)")]
        last = db.execute("SELECT max(run) FROM run").fetchone()[0]
        if runs not in ([], [last]):
            self.tally.unmarked.append(f"open {runs}, last {last}")
        for run in runs:
            rows = {t: db.execute(f"SELECT count(*) FROM {t} WHERE run = ?", (run,)).fetchone()[0]
                    for t in OF_AN_END}
            if any(rows.values()):
                self.tally.torn.append(f"open run {run} has {rows}")
        return set(runs)

    def look(self, said):
        """After a death; said: the run that was told as stored, or None."""
        db = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        try:
            if (whole := db.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                self.tally.torn.append(whole)
            links = {n: row for n, *row in db.execute("SELECT * FROM chain")}
            states = dict(db.execute("SELECT run, state FROM run_end"))
            self.open_now = self.open_runs(db)
        finally:
            db.close()
        self.tally.lost += [f"link {n}" for n, row in self.links.items() if links.get(n) != row]
        if said is not None and states.get(said) in (None, "interrupted"):
            self.tally.lost.append(f"run {said} was told, is {states.get(said, 'not there')}")
        unmarked = [r for r in self.cut - self.open_now if states.get(r) != "interrupted"]
        self.tally.unmarked += [f"run {r} is {states.get(r)}" for r in unmarked]
        self.links, self.cut = links, self.cut | self.open_now
