#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 300
"""The Nth allocation fails, for every verb: of the program and of every library in it, once or
from there on. Nothing crashes, hangs or leaks, what is said is the usual or a clear no, and the
database is whole."""

import concurrent.futures
import os
import queue
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
import soak  # noqa: E402
from oom import LIBRARY, RIG, SCALE, SOAK, WIRE, Stage, picked  # noqa: E402
from sculpture import Sculpture, Tap, folder  # noqa: E402

# Who has a sculpture waits more than it works; each worker has a database of its own.
WORKERS = soak.count(1, 1, 4)
LUMINA = "schemas/lumina.rig"
DB = ("--db", "{db}")
SOON = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 20 * 86400))

# Name; command line; what it leaves behind beside the database.
VERBS = (
    ("help", ("help",), None),
    ("help of a verb", ("help", "check"), None),
    ("paths", ("paths", "--json"), None),
    ("completion", ("completion", "bash"), None),
    ("lamp-test", ("lamp-test",), None),
    ("devices", ("devices",), None),
    ("devices --ask", ("devices", "--ask", "/dev/null"), None),
    ("simulate", ("simulate", "--list-faults"), None),
    ("doctor", ("doctor", "--rig", LUMINA, "--port", "/dev/null", *DB), None),
    ("doctor --hooks", ("doctor", "--hooks", *DB), None),
    ("check --dry-run", ("check", "--dry-run", "--allow-motion", "--rig", LUMINA), None),
    ("check on no port", ("check", "--rig", RIG, "--port", "{tmp}/none", *DB), None),
    ("stop on no port", ("stop", "--port", "{tmp}/none"), None),
    ("status", ("status", *DB), None),
    ("status --json", ("status", "--json", *DB), None),
    ("status --nagios", ("status", "--nagios", *DB), None),
    ("history", ("history", *DB), None),
    ("history --metric", ("history", "one.a", "--metric", "joint.coulomb", "--json", *DB), None),
    ("part", ("part", "one.b", *DB), None),
    ("part --json", ("part", "core", "--run", "3", "--json", *DB), None),
    ("compare", ("compare", "1", "3", *DB), None),
    ("compare --json", ("compare", "studio", "3", "--json", *DB), None),
    ("report", ("report", "last", *DB), None),
    ("report --json", ("report", "1", "--json", *DB), None),
    ("report --jsonl", ("report", "--jsonl", *DB), None),
    ("report --tap", ("report", "--tap", *DB), None),
    ("report --junit", ("report", "--junit", "{tmp}/junit.xml", *DB), "junit.xml"),
    ("metrics", ("metrics", *DB), None),
    ("metrics --textfile", ("metrics", "--textfile", "{tmp}", *DB), "ghostlight.prom"),
    ("verify", ("verify", *DB), None),
    ("baseline list", ("baseline", "list", "--json", *DB), None),
    ("baseline show", ("baseline", "show", "studio", *DB), None),
    ("baseline diff", ("baseline", "diff", "studio", "next", *DB), None),
    ("baseline add", ("baseline", "add", "--name", "next", "--run", "3", *DB), None),
    ("baseline seal", ("baseline", "seal", "--name", "next", "--by", "a test", "--why", "it", *DB),
     None),
    ("note", ("note", "a line", "--run", "last", *DB), None),
    ("notes", ("note", "--json", *DB), None),
    ("attach", ("attach", RIG, "--run", "1", *DB), None),
    ("attach --save", ("attach", "{tmp}/saved", "--save", "2", *DB), "saved"),
    ("accept", ("accept", "last", "one.b", "--reason", "it", "--by", "a test", "--until",
                SOON, *DB), None),
    ("export", ("export", "{tmp}/out.bundle", "--with-recordings", *DB), "out.bundle"),
    ("import", ("import", "{tmp}/in.bundle", "--db", "{tmp}/new.db"), "new.db"),
    ("check --from", ("check", "--from", "1", *DB), None),
    ("replay", ("replay", WIRE, *DB), None),
    ("replay --json", ("replay", WIRE, "--json"), None),
)


AT = ("--port", "{port}", "--rig", RIG)
MOVES = ("--allow-motion", "--clear", *AT)

# With a simulated sculpture at the port; and whether it is done in a moment.
MOVING = (
    ("identify", ("identify", "one.a", *MOVES), True),
    ("sweep", ("sweep", "one.b", "--curve", "--json", *MOVES, *DB), False),
    ("core", ("core", *AT, *DB), False),
    ("check", ("check", "--budget", "20s", "--plain", *MOVES, *DB), True),
    ("baseline add --check", ("baseline", "add", "--check", "--name", "new", "--budget", "20s",
                              *MOVES, *DB), False),
    ("doctor --allow-motion", ("doctor", "--allow-motion", *AT, *DB), False),
    ("devices --ask", ("devices", "--ask", "{port}"), False),
    ("stop", ("stop", *AT), True),
)


def on_a_sculpture(stage, args):
    with Sculpture(rig=RIG, scale=SCALE) as sim:
        return stage.torture_moving(args, sim.port)


def tasks():
    """Names, and what each does with a stage; those that take longest first."""
    for name, args, is_quick in MOVING:
        if SOAK or is_quick:
            yield f"{name}, on a sculpture", lambda s, args=args: on_a_sculpture(s, args)
    for name, args, leaves in VERBS:
        yield name, lambda s, args=args, leaves=leaves: s.torture(args, leaves)


def torture(stages, task):
    stage = stages.get()
    try:
        return *task(stage), stage.lives
    finally:
        stages.put(stage)


def run_all(tap, stages):
    verbs = lives = 0
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        running = [(name, pool.submit(torture, stages, task)) for name, task in tasks()]
        for name, future in running:
            counts, troubles, failed = future.result()
            tap.ok(not troubles, f"{name}: {counts}", "\n".join(troubles))
            verbs, lives = verbs + 1, lives + failed
    return verbs, lives


def main():
    tap = Tap()
    if not os.path.exists(LIBRARY):
        tap.skip("malloc failures", f"no {LIBRARY}: make test-build")
        tap.done()
    stages = queue.SimpleQueue()
    for _ in range(WORKERS):
        stages.put(Stage(folder()))
    verbs, lives = run_all(tap, stages)
    if not tap.failed:
        soak.say("malloc failures", f"{verbs} verbs, {lives} allocations failed ({picked()}), "
                 "0 crashes, 0 silent, 0 leaks, 0 left moving")
    tap.done()


main()
