#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 240
# alone: a starved host loses frames, which is a HOLD of the link
"""A database that takes nothing: full, read-only, locked, broken, newer or
somebody else's. The check is made all the same, its verdict is shown, all of it
goes into a file for nobody else, and `import` takes that in, once."""

import json
import os
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
from sculpture import (PROGRAM, Sculpture, Tap, checking, finish, folder,  # noqa: E402
                       ghostlight, lost_frames, start, wait_for)

FAULT = ("--fault", "remote_weak_signal@remote=gross")  # HOLD, and nothing must move
SAID = ("rig", "serial", "profile", "verdict", "why", "started", "duration_s", "parts",
        "diagnosis", "not_checked", "end", "firmware", "simulated")
MOUNT_KB = 4096
SCALE = 12  # nothing moves: no watchdog is in the way of a starved host

tap = Tap()
tmp = folder()
state = os.path.join(tmp, "state")
ENV = {"XDG_STATE_HOME": state, "TMPDIR": os.path.join(tmp, "tmp")}
held = []  # names of what was refused and came in again


def path(name):
    return os.path.join(tmp, name)


def saved(where=None):
    """The files of runs that were not stored."""
    where = where or os.path.join(state, "ghostlight")
    names = sorted(os.listdir(where)) if os.path.isdir(where) else []
    return [os.path.join(where, n) for n in names if n.startswith("run-") and n.endswith(".ghb")]


def fresh(name):
    """A database with one run in it that says something else; no file in the state."""
    for old in saved():
        os.unlink(old)
    db = path(name)
    shutil.copy(path("before.db"), db)
    return db


def check(sim, db, *more, **how):
    return ghostlight(*checking(sim.port, db, "--budget", "20s", "--json", *more),
                      env={**ENV, **how})


def said(report):
    return {key: report.get(key) for key in SAID}


def is_private(name):
    return stat.S_IMODE(os.lstat(name).st_mode) == 0o600


def told(name, got):
    """Verdict on the screen and in the JSON, 70, and where everything is."""
    report, files = got.json(), saved()
    tap.ok(got.code == 70 and report.get("exit_code") == 70 and
           report.get("verdict") == "HOLD" and report.get("run", 1) is None,
           f"{name}: the verdict is said all the same, exit 70", got)
    tap.ok(len(files) == 1 and is_private(files[0]) and files[0] in got.err and
           "ghostlight import" in got.err and " Try: " in got.err,
           f"{name}: the screen names the file, which is ours alone", (files, got.err))


def taken(name, got, db):
    """Import, once and again; the same verdict by report, status and verify."""
    file = saved()[0]
    first = ghostlight("import", file, "--db", db, "--json", env=ENV)
    tap.ok(first.code == 0 and first.json().get("runs") == 1 and first.json().get("known") == 0,
           f"{name}: import takes it in", first)
    again = ghostlight("import", file, "--db", db, "--json", env=ENV)
    tap.ok(again.code == 0 and again.json().get("runs") == 0 and again.json().get("known") == 1,
           f"{name}: and no second time", again)
    report = ghostlight("report", "last", "--json", "--db", db, env=ENV)
    tap.ok(said(report.json()) == said(got.json()) and report.code == 0,
           f"{name}: report says the same",
           [k for k in SAID if report.json().get(k) != got.json().get(k)])
    now = ghostlight("status", "--json", "--db", db, env=ENV)
    tap.ok(now.code == 2 and now.json().get("verdict") == "HOLD" and
           now.json().get("why") == got.json().get("why"), f"{name}: status says the same", now)
    intact = ghostlight("verify", "--json", "--db", db, env=ENV)
    anew = ghostlight("check", "--from", "last", "--json", "--db", db, env=ENV)
    tap.ok(intact.code == 0 and anew.json().get("verdict") == "HOLD",
           f"{name}: it is in the chain, its recording can be judged anew", f"{intact}{anew}")
    held.append(name)


# ---- What may be wrong with it ------------------------------------------------

def test_not_ours(sim):
    with open(path("text.db"), "w", encoding="ascii") as f:
        f.write("this is no database\n" * 200)
    con = sqlite3.connect(path("foreign.db"))
    con.execute("CREATE TABLE recipes (name)")
    con.commit()
    con.close()
    shutil.copy(path("before.db"), path("newer.db"))
    con = sqlite3.connect(path("newer.db"))
    con.execute("PRAGMA user_version = 9999")
    con.commit()
    con.close()
    for name in ("text", "foreign", "newer"):
        fresh("unused.db")
        with open(path(f"{name}.db"), "rb") as f:
            before = f.read()
        got = check(sim, path(f"{name}.db"))
        told(name, got)
        with open(path(f"{name}.db"), "rb") as f:
            tap.ok(f.read() == before, f"{name}: it is left alone")
        taken(name, got, path(f"after_{name}.db"))


def test_corrupt(sim):
    db = fresh("corrupt.db")
    size = os.stat(db).st_size
    with open(db, "r+b") as f:
        f.seek(4096)
        f.write(os.urandom(size - 4096))
    told("corrupt pages", got := check(sim, db))
    taken("corrupt pages", got, path("after_corrupt.db"))


def test_locked(sim):
    """Before the check, and while it runs: then its first row is in the database."""
    db = fresh("locked.db")
    con = sqlite3.connect(db, isolation_level=None)
    con.execute("BEGIN EXCLUSIVE")
    got = check(sim, db)
    con.execute("ROLLBACK")
    told("locked", got)
    tap.ok("the check goes on" in got.err, "locked: it is said before anything is done", got)
    taken("locked", got, db)
    db = fresh("locked_late.db")
    run = start(*checking(sim.port, db, "--budget", "20s", "--json"), env=ENV)
    wait_for(run, "nothing will move")
    con = sqlite3.connect(db, isolation_level=None)
    con.execute("BEGIN IMMEDIATE")
    got = finish(run)
    con.execute("ROLLBACK")
    con.close()
    told("locked late", got)
    taken("locked late", got, db)
    later(sim, db)


def later(sim, db):
    """A run that came in late stands where it would have stood; anew where the host was starved,
    and the link of this one lost frames."""
    for _ in range(3):
        with Sculpture(session=3, scale=SCALE) as well:
            after = check(well, db)
            now = ghostlight("status", "--json", "--db", db, env=ENV)
        if not lost_frames(db) and "WATCHDOG" not in after.err:
            break
    tap.ok(after.json().get("verdict") == now.json().get("verdict") != "HOLD",
           "what was measured after it is the last word again", f"{after}{now}")
    tap.ok(ghostlight("verify", "--db", db, env=ENV).code == 0, "with its run cut short in the chain")


def test_size_limit(_):
    """A limit of the size of files stands for the disk of database and state: then what
    was measured is kept without the samples, or not at all, and that is said."""
    db = fresh("limit.db")
    limit = os.stat(db).st_size

    def lower():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)

    with Sculpture(*FAULT, session=2) as sim:
        got = subprocess.run([PROGRAM, *checking(sim.port, db, "--allow-motion", "--json")],
                             capture_output=True, text=True, timeout=90, check=False,
                             preexec_fn=lower, env={**os.environ, **ENV})
    report = json.loads(got.stdout or "{}")
    tap.ok(got.returncode == 70 and report.get("verdict") == "HOLD", "a limit of the size: said", got)
    con = sqlite3.connect(db)
    tap.ok(con.execute("PRAGMA integrity_check").fetchone()[0] == "ok", "the database is whole")
    con.close()
    got = ghostlight("import", saved()[0], "--db", db, "--json", env=ENV)
    tap.ok(got.json().get("runs") == 1 and got.json().get("with_recordings") is False,
           "what was said of the run is kept without its samples", got)
    now = ghostlight("status", "--json", "--db", db, env=ENV)
    tap.ok(now.json().get("why") == report.get("why"), "and says the same", now)


class Mounted:
    """A small file system of its own; None where that is not permitted."""

    def __init__(self, name):
        self.at = path(name)

    def do(self, *args):
        return subprocess.run(args, capture_output=True, check=False).returncode == 0

    def __enter__(self):
        os.makedirs(self.at, exist_ok=True)
        good = self.do("mount", "-t", "tmpfs", "-o", f"size={MOUNT_KB}k", "none", self.at)
        return self if good else None

    def __exit__(self, *_):
        self.do("umount", self.at)

    def fill(self, leave_kb):
        """Until only that much is free."""
        free = os.statvfs(self.at)
        room = free.f_bavail * free.f_frsize // 1024 - leave_kb
        with open(os.path.join(self.at, "filler"), "wb") as f:
            f.write(bytes(room * 1024))


def test_full(sim):
    for name, leave_kb in (("full", 0), ("full late", 64)):
        with Mounted("small") as disk:
            if not disk:
                tap.skip(f"{name}: a small file system", "mount is not permitted here")
                continue
            shutil.copy(fresh("full.db"), db := os.path.join(disk.at, "runs.db"))
            disk.fill(leave_kb)
            told(name, got := check(sim, db))
            os.unlink(os.path.join(disk.at, "filler"))
            taken(name, got, db)


def test_no_rights(sim):
    if os.geteuid() == 0:
        tap.skip("a folder without the right to write", "root may write everywhere")
        return
    os.makedirs(path("shut"))
    shutil.copy(fresh("shut.db"), db := path("shut/runs.db"))
    os.chmod(path("shut"), 0o500)
    told("no rights", got := check(sim, db))
    os.chmod(path("shut"), 0o700)
    taken("no rights", got, db)


def test_read_only(sim):
    with Mounted("still") as disk:
        if not disk:
            tap.skip("read-only: a file system", "mount is not permitted here")
            return
        shutil.copy(fresh("ro.db"), db := os.path.join(disk.at, "runs.db"))
        disk.do("mount", "-o", "remount,ro", disk.at)
        told("read-only", got := check(sim, db))
        new = check(sim, os.path.join(disk.at, "new", "runs.db"))
        tap.ok(new.code == 70 and new.json().get("verdict") == "HOLD" and len(saved()) == 2,
               "a database that cannot be made there", new)
        for file in saved()[1:]:
            os.unlink(file)
        disk.do("mount", "-o", "remount,rw", disk.at)
        taken("read-only", got, db)


# ---- Where the file goes --------------------------------------------------------

def in_folder(sim, where, **how):
    os.makedirs(where, exist_ok=True)
    done = subprocess.run([PROGRAM, *checking(sim.port, path("text.db"), "--budget", "20s", "--json",
                                              "--rig", os.path.abspath("schemas/lumina.rig"))],
                          capture_output=True, text=True, timeout=60, check=False, cwd=where,
                          stdin=subprocess.DEVNULL, env={**os.environ, **ENV, **how})
    return done


def test_places(sim):
    """The state folder, else where we are, else the folder of temporary files."""
    blocked = path("file")
    with open(blocked, "w", encoding="ascii"):
        pass
    where = path("here")
    got = in_folder(sim, where, XDG_STATE_HOME=blocked)
    tap.ok(got.returncode == 70 and len(saved(where)) == 1 and is_private(saved(where)[0]) and
           " in ./run-" in got.stderr, "no state folder: in the working directory", got.stderr)
    file = saved(where)[0]
    db = fresh("elsewhere.db")
    con = sqlite3.connect(file)  # as if it were of this database
    named = con.execute("SELECT store FROM origin").fetchone()[0]
    con.close()
    got = ghostlight("import", file, "--db", db, "--json", env=ENV)
    tap.ok(got.code == 0 and got.json().get("store") == named, "which import takes", got)


def test_links(sim):
    """Somebody guessed the name and put links there: they are not followed."""
    fresh("unused.db")
    victim = path("victim")
    with open(victim, "w", encoding="ascii") as f:
        f.write("precious")
    names = [time.strftime("run-%Y%m%dT%H%M%SZ-0.ghb", time.gmtime(time.time() + s))
             for s in range(-2, 60)]
    at = os.path.join(state, "ghostlight")
    for name in names:
        os.symlink(victim, os.path.join(at, name + ".part"))
    told("links beside it", check(sim, path("text.db")))
    for name in names:
        part = os.path.join(at, name + ".part")
        if os.path.islink(part):
            os.unlink(part)
        if not os.path.exists(os.path.join(at, name)):
            os.symlink(victim + ".none", os.path.join(at, name))
    got = in_folder(sim, path("beside"))
    tap.ok(got.returncode == 70 and len(saved(path("beside"))) == 1,
           "links in its place: it goes elsewhere", got.stderr)
    with open(victim, encoding="ascii") as f:
        tap.ok(f.read() == "precious" and not os.path.exists(victim + ".none"), "no link is followed")
    for name in names:
        if os.path.islink(os.path.join(at, name)):
            os.unlink(os.path.join(at, name))


def test_claims(sim):
    """Who saw a bundle of ours knows the database's name: a run that says it is of here
    is only believed out of a folder where nobody else can write."""
    db = fresh("claims.db")
    con = sqlite3.connect(db, isolation_level=None)
    con.execute("BEGIN EXCLUSIVE")
    check(sim, db)
    con.execute("ROLLBACK")
    con.close()
    open_to_all = path("mail")
    os.makedirs(open_to_all)
    os.chmod(open_to_all, 0o777)
    shutil.copy(saved()[0], file := os.path.join(open_to_all, "it.ghb"))
    before = ghostlight("status", "--json", "--db", db, env=ENV).json().get("verdict")
    got = ghostlight("import", file, "--db", db, env=ENV)
    now = ghostlight("status", "--json", "--db", db, env=ENV).json().get("verdict")
    tap.ok(got.code == 64 and "--mine" in got.err and now == before,
           "a claim from elsewhere is refused", got)
    got = ghostlight("import", "--mine", file, "--db", db, "--json", env=ENV)
    tap.ok(got.code == 0 and got.json().get("runs") == 1, "unless somebody answers for it", got)


def main():
    os.makedirs(ENV["TMPDIR"])
    with Sculpture(session=1, scale=SCALE) as well:
        check(well, path("before.db"))
    with Sculpture(*FAULT, session=2, scale=SCALE) as sim:
        for test in (test_not_ours, test_corrupt, test_locked, test_size_limit, test_full,
                     test_read_only, test_no_rights, test_places, test_links, test_claims):
            test(sim)
    mode = stat.S_IMODE(os.stat(os.path.join(state, "ghostlight")).st_mode)
    tap.ok(mode == 0o700, "the state folder is ours alone", oct(mode))
    if not tap.failed:
        print(f"soak: fallback: {len(held)} ways a database refuses: 0 verdicts lost, "
              f"0 imported twice ({', '.join(held)})")
    tap.done()


main()
