#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 240
"""Somebody with an editor was in the database: what they changed, removed, moved
or put in is found and named; what cannot be seen from inside is said."""

import json
import os
import shutil
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
from sculpture import Sculpture, Tap, checking, folder, ghostlight  # noqa: E402

RUNS = 4
OLD = "tests/fixtures/store/0002.db"  # two runs and a remark from before the chain

tap = Tap()
tmp = folder()
db = os.path.join(tmp, "runs.db")


def valid(report):
    """By jsonschema where it is there, else by the keys alone."""
    with open("schemas/verify.schema.json", encoding="utf-8") as f:
        schema = json.load(f)
    try:
        import jsonschema
    except ImportError:
        return set(report) == set(schema["required"])
    return not list(jsonschema.Draft7Validator(schema).iter_errors(report))


def verify(path, *more):
    return ghostlight("verify", "--json", "--db", path, *more)


def tampered(*statements, script=""):
    """A copy of the database after these, with no trigger in their way; the triggers
    are there again afterwards, to the letter."""
    path = os.path.join(tmp, "tampered.db")
    for old in (path, path + "-wal", path + "-shm"):
        if os.path.exists(old):
            os.unlink(old)
    shutil.copy(db, path)
    con = sqlite3.connect(path, isolation_level=None)
    triggers = con.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        con.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        con.execute(statement)
    con.executescript(script)
    for _, sql in triggers:
        con.execute(sql)
    con.close()
    return path


def run_tables():
    """Those with a column `run` that says whose row it is."""
    con = sqlite3.connect(db)
    names = [row[0] for row in con.execute(
        "SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' "
        "AND c.name = 'run' AND m.name NOT IN ('chain_start', 'remark', 'baseline_member')")]
    con.close()
    return names


def found(report):
    return {(f["fault"], f["kind"], f["number"]) for f in report.get("faults", [])}


def test_intact():
    runs = []
    with Sculpture() as sim:
        for _ in range(RUNS):
            got = ghostlight(*checking(sim.port, db, "--budget", "20s", "--json"))
            runs.append(got.json())
    got = ghostlight("note", "all of it is here", "--by", "a test", "--run", "2", "--db", db)
    tap.ok(got.code == 0 and len(runs) == RUNS, "runs and a remark", got)
    got = verify(db)
    report = got.json()
    tap.ok(got.code == 0 and report.get("intact") is True and report.get("faults") == [],
           "what nobody touched is intact, exit 0", got)
    tap.ok(valid(report), "its JSON is valid", got)
    tap.ok((report.get("runs"), report.get("remarks"), report.get("links")) == (RUNS, 1, RUNS + 1),
           "every run and the remark are in the chain", got)
    chains = [run.get("chain") for run in runs]
    tap.ok(len(set(chains)) == RUNS and all(chains), "a check says the hash of its run", chains)
    got = ghostlight("report", "2", "--json", "--db", db)
    tap.ok(got.json().get("chain") == chains[1], "report says the same hash", got)
    got = ghostlight("report", "2", "--db", db)
    tap.ok(chains[1][:16] in got.out.replace("\n", " "), "the page has its first digits", got)
    got = verify(db, "--noted", chains[1][:16])
    tap.ok(got.code == 0 and got.json().get("noted_link") == 2, "a noted hash is found", got)
    got = ghostlight("verify", "--db", db)
    tap.ok(got.code == 0 and report["head"] in got.out and "not seen by this" in got.out
           and "cut off" in got.out, "the text has the head and what it cannot see", got)
    return chains


def test_changed():
    for table, what in (("measure", "note = note || '.'"), ("verdict", "verdict = 'READY'"),
                        ("run_end", "duration_s = duration_s + 1e-9"),
                        ("chunk", "raw = CAST(substr(raw, 1, length(raw) - 1) || x'55' AS BLOB)"),
                        ("fact", "value = value || x'00' || 'x'")):
        where = "run = 2" if table in ("run_end", "verdict") else "run = 2 AND n = 0"
        got = verify(tampered(f"UPDATE {table} SET {what} WHERE {where}"))
        tap.ok(got.code == 2 and found(got.json()) == {("changed", "run", 2)},
               f"a value of {table} changed: run 2 is named", got)
    tap.ok(valid(got.json()), "its JSON is valid", got)
    got = verify(tampered("UPDATE remark SET text = 'nothing'"))
    tap.ok(got.code == 2 and found(got.json()) == {("changed", "remark", 1)},
           "another word in a remark", got)
    got = ghostlight("verify", "--db", tampered("UPDATE verdict SET why = '' WHERE run = 3"))
    tap.ok(got.code == 2 and "NOT INTACT" in got.out and "run 3 is not what was stored" in got.out,
           "the text says so", got)


def test_removed():
    def without(run, *more):
        return verify(tampered(*(f"DELETE FROM {t} WHERE run = {run}" for t in run_tables()), *more))

    for run in (1, 3, RUNS):
        got = without(run)
        tap.ok(got.code == 2 and found(got.json()) == {("gone", "run", run)},
               f"run {run} removed", got)
    got = without(3, "DELETE FROM chain WHERE kind = 'run' AND number = 3")
    tap.ok(got.code == 2 and {("gone", "run", 3), ("links gone", "", 3)} == found(got.json()),
           "a run removed with its link", got)
    got = without(3, "DELETE FROM chain WHERE kind = 'run' AND number = 3",
                  "UPDATE chain SET link = link - 1 WHERE link > 3")
    tap.ok(got.code == 2 and {("gone", "run", 3), ("broken link", "run", 4)} <= found(got.json()),
           "a run removed and the links numbered anew", got)


def test_reordered():
    swap = "; ".join(f"UPDATE {t} SET run = {to} WHERE run = {run}" for t in run_tables()
                     for run, to in ((2, 1002), (3, 2), (1002, 3)))
    got = verify(tampered(script=f"PRAGMA foreign_keys = OFF; {swap}"))
    tap.ok(got.code == 2 and found(got.json()) == {("moved", "run", 2), ("moved", "run", 3)}
           and got.json()["faults"][0]["other"] == 3, "two runs swapped are both named", got)
    got = verify(tampered(*(f"UPDATE chain SET link = {to} WHERE link = {link}"
                            for link, to in ((2, 99), (3, 2), (99, 3)))))
    tap.ok(got.code == 2 and {("broken link", "run", 2), ("broken link", "run", 3)}
           <= found(got.json()), "so are two links", got)


def copied(run):
    for table in run_tables():
        con = sqlite3.connect(db)
        columns = [row[1] for row in con.execute(f"PRAGMA table_info({table})") if row[1] != "run"]
        con.close()
        names = ", ".join(columns)
        yield f"INSERT INTO {table} (run, {names}) SELECT {run}, {names} FROM {table} WHERE run = 1"


def test_forged():
    got = verify(tampered(*copied(RUNS + 1)))
    tap.ok(got.code == 2 and found(got.json()) == {("forged", "run", RUNS + 1)},
           "a forged run at the end", got)
    got = verify(tampered(*copied(RUNS + 1), f"INSERT INTO chain SELECT {RUNS + 2}, 'run', "
                          f"{RUNS + 1}, content, sha256 FROM chain WHERE link = 1"))
    tap.ok(got.code == 2 and ("broken link", "run", RUNS + 1) in found(got.json()),
           "with a link that is a copy", got)


def test_cut(chains):
    """Cut off at the end by one who knows: only a hash that was noted shows it."""
    cut = tampered(*(f"DELETE FROM {t} WHERE run = {RUNS}" for t in run_tables()),
                   f"DELETE FROM chain WHERE link >= {RUNS}", "DELETE FROM remark",
                   "DELETE FROM sqlite_sequence WHERE name = 'remark'",
                   f"UPDATE sqlite_sequence SET seq = {RUNS - 1} WHERE name = 'run'")
    got = verify(cut)
    tap.ok(got.code == 0, "an end that is cut off is not seen, as it says", got)
    got = verify(cut, "--noted", chains[-1])
    tap.ok(got.code == 2 and found(got.json()) == {("not in it", "", None)},
           "but by the hash that was noted", got)


def test_file():
    got = verify(tampered(script="DROP VIEW ended_run; CREATE VIEW ended_run AS SELECT 1 AS run"))
    tap.ok(got.code == 2 and found(got.json()) == {("file", "", None)}, "a view that lies", got)
    path = os.path.join(tmp, "no.db")
    with open(path, "wb") as f:
        f.write(os.urandom(5000))
    for args in (("--db", path), ("--db", path + "x")):
        got = ghostlight("verify", *args)
        tap.ok(got.code == 70 and got.out == "" and got.err.count("\n") == 1,
               "no database: one line, exit 70", got)
    got = verify(db, "--noted", "DROP TABLE")
    tap.ok(got.code == 64 and got.err.count("\n") == 1, "a hash that is none: exit 64", got)


def test_before_the_chain():
    path = os.path.join(tmp, "old.db")
    shutil.copy(OLD, path)
    got = verify(path)
    tap.ok(got.code == 70 and "older ghostlight" in got.err, "an old one is not changed by looking", got)
    got = ghostlight("note", "the chain begins", "--by", "a test", "--run", "2", "--db", path)
    tap.ok(got.code == 0, "a word on it brings it forward", got)
    got = verify(path)
    report = got.json()
    tap.ok(got.code == 0 and (report.get("runs"), report.get("runs_before"), report.get("remarks"),
                              report.get("remarks_before")) == (0, 2, 1, 1) and valid(report),
           "what was before the chain is counted as that", got)
    got = ghostlight("report", "1", "--json", "--db", path)
    tap.ok(got.json().get("chain", "") is None, "such a run has no hash", got)


def test_imported():
    bundle, path = os.path.join(tmp, "bundle.ghb"), os.path.join(tmp, "there.db")
    got = ghostlight("export", bundle, "--with-recordings", "--db", db)
    tap.ok(got.code == 0, "export", got)
    got = ghostlight("import", bundle, "--db", path)
    tap.ok(got.code == 0, "import", got)
    got = verify(path)
    tap.ok(got.code == 0 and (got.json().get("runs"), got.json().get("remarks")) == (RUNS, 1),
           "imported runs are links of the new chain", got)
    con = sqlite3.connect(path, isolation_level=None)
    con.execute("DROP TRIGGER origin_no_update")
    con.execute("UPDATE origin SET number = 9 WHERE run = 2")
    con.close()
    got = verify(path)
    tap.ok(got.code == 2 and ("changed", "run", 2) in found(got.json()),
           "where they came from is covered", got)


noted = test_intact()
test_changed()
test_removed()
test_reordered()
test_forged()
test_cut(noted)
test_file()
test_before_the_chain()
test_imported()
tap.done()
