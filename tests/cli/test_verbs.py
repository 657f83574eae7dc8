#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 300
# alone: a starved host is a late host, and a late host is WATCH or worse
"""The verbs that need no hardware, on the runs of a simulated Lumina: compare, history with trend,
note, attach, accept, export, import, and how a pass wears out."""

import csv
import datetime
import io
import os
import re
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
from sculpture import (BUILD, PROGRAM, RIG, SIMULATOR, Sculpture, Tap, checking,  # noqa: E402
                       folder, ghostlight, rehearsed)

tap = Tap()
tmp = folder()
db = os.path.join(tmp, "verbs.db")
PART = "resilience.elbow"
SOON = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=7)).strftime(
    "%Y-%m-%d")


def path(name):
    return os.path.join(tmp, name)


def on(*args, store=None, **more):
    return ghostlight(*args, "--db", store or db, **more)


def refused(name, code, *args, words=(), store=None):
    got = on(*args, store=store)
    ours = [line for line in got.err.splitlines() if line.startswith("ghostlight: ")]
    tap.ok(got.code == code and len(ours) == 1 and " Try: " in ours[0]
           and all(w in got.err for w in words), name, got)


def test_empty_home():
    none = path("none.db")
    for args in (("history",), ("history", "--json"), ("history", "--csv")):
        got = on(*args, store=none)
        tap.ok(got.code == 0, f"{' '.join(args)} of an empty home is no error", got)
    tap.ok("no such runs yet" in on("history", store=none).out, "and says that there are none")
    tap.ok(not os.path.exists(none), "and makes no database")
    refused("compare needs a database", 70, "compare", "1", "2", store=none, words=("no such",))
    refused("import of nothing makes no database", 64, "import", path("no"), store=none)
    tap.ok(not os.path.exists(none), "really none")


def make_runs():
    rehearsed(db)
    with Sculpture("--fault", f"limp@{PART}", session=4) as sim:
        got = ghostlight(*checking(sim.port, db, "--allow-motion", "--quiet"))
    return tap.ok(got.code == 2, "run 6 has a limp elbow", got)


def test_compare():
    got = on("compare", "studio", "last", "--json")
    rows = got.json().get("metrics", [])
    tap.ok(got.code == 0 and got.json().get("comparable") is True, "baseline and run compare", got)
    first = rows[0] if rows else {}
    tap.ok(first.get("beyond_noise") is True and first.get("part", "").startswith("resilience"),
           "the arm that hangs limp comes first", first)
    limp = next((r for r in rows if (r["part"], r["metric"]) == (PART, "joint.gravity")), {})
    tap.ok(limp.get("beyond_noise") is True and limp["change_percent"] < -75 and limp["unit"] == "A",
           "its load is gone, beyond noise", limp)
    plain = [r for r in rows if r["unit"] not in ("deg", "dE00") and None not in (r["a"], r["b"])]
    tap.ok(len(plain) > 100 and "1/s" in {r["unit"] for r in plain}
           and all(abs(r["change"] - (r["b"] - r["a"])) < 1e-9 for r in plain),
           "a change is the difference, of rates too", {r["unit"] for r in plain})
    parts = [r["part"] for r in rows]
    tap.ok(len(set(parts)) == 1 + sum(a != b for a, b in zip(parts, parts[1:])),
           "the metrics of a part stand together")
    same = on("compare", "4", "4", "--json").json()
    tap.ok(same.get("beyond") == 0 and all(r["change"] in (0.0, None) for r in
                                           same.get("metrics", [{"change": 1}])),
           "a run does not differ from itself", same.get("beyond"))
    got = on("compare", "1", "6", "--csv")
    table = list(csv.DictReader(io.StringIO(got.out)))
    tap.ok(len(table) == len(rows) and "change" in table[0], "CSV has all of it", len(table))
    text = on("compare", "1", "6")
    tap.ok(text.code == 0 and "B: run 6" in text.out and "beyond noise" in text.out, "text", text)
    plain = on("compare", "studio", "6", "--plain")
    tap.ok(plain.out.startswith("resilience") and "studio" not in plain.out, "plain", plain)
    got = on("compare", "previous", "4", "--json")
    tap.ok(got.code == 0 and got.json() == on("compare", "3", "4", "--json").json(),
           "previous is the run before the other", got)
    tap.ok(all((r["finding"] == "CHANGED") == (r["beyond_noise"] is True)
               and (r["finding"] == "not told") == (r["beyond_noise"] is None)
               for r in got.json()["metrics"]), "a word for what is beyond noise")
    refused("there is none before the first", 3, "compare", "previous", "1", words=("before run 1",))
    refused("previous is of a run", 64, "compare", "previous", "studio", words=("studio",))
    refused("one side is not enough", 64, "compare", "1", words=("two runs",))
    refused("no such baseline", 64, "compare", "winter", "1", words=("winter",))
    refused("no such run to compare", 3, "compare", "99", "1", words=("99",))
    with sqlite3.connect(db) as con:
        con.execute("DROP TRIGGER run_key_no_update")
        con.execute("UPDATE run_key SET value = '0.9.0' WHERE run = 1 AND name = 'firmware'")
    got = on("compare", "1", "6", "--json")
    differs = got.json().get("differs", [])
    tap.ok(got.json().get("comparable") is False and differs[0]["field"] == "firmware"
           and differs[0]["a"] == "0.9.0", "another firmware is named", got)
    tap.ok(all(r["beyond_noise"] is None for r in got.json().get("metrics", [])),
           "then nothing is called beyond noise")
    with sqlite3.connect(db) as con:
        con.execute("UPDATE run_key SET value = (SELECT value FROM run_key WHERE run = 2 AND name "
                    "= 'firmware') WHERE run = 1 AND name = 'firmware'")


def findings_of(run, metric):
    """Of PART in that run, as its report has them."""
    parts = on("report", run, "--json").json()["parts"]
    return [f for p in parts if p["part"] == PART for f in p["findings"] if f["metric"] == metric]


def test_trend_plot(report):
    """The picture has the numbers of the list, and the limits of the newest run."""
    plot = report.get("trend", {})
    series = {s["name"]: s for s in plot.get("series", [])}
    values = {r["run"]: r["value"] for r in report["history"]}
    tap.ok(list(series) == ["studio", "no baseline"] and series["studio"]["y"] == [values[6]]
           and series["no baseline"]["y"] == [values[run] for run in range(1, 6)],
           "runs of another baseline are a series of their own", series)
    tap.ok(series["studio"]["x"] == [0] and series["no baseline"]["x"][0] < 0
           and plot["y"]["unit"] == "A", "the newest run is at 0", plot)
    found = findings_of("6", "joint.gravity")[0]
    tap.ok(found["limit_lo"] is not None and (plot["limit_lo"], plot["limit_hi"])
           == (found["limit_lo"], found["limit_hi"]), "limits are those of its finding",
           (plot["limit_lo"], found))
    tap.ok([m["text"][:9] for m in plot["marks"]] == ["baseline:"], "the seal is marked",
           plot["marks"])


def test_history():
    got = on("history", PART, "--metric", "joint.gravity", "--json")
    report = got.json()
    tap.ok(got.code == 0 and len(report.get("history", [])) == 6, "a metric over six runs", got)
    tap.ok(report.get("unit") == "A" and report.get("simulated") is True, "unit, simulated")
    tap.ok(report["history"][0]["run"] == 6, "newest first")
    tap.ok([e["kind"] for e in report.get("events", [])] == ["baseline"], "the seal is an event",
           report.get("events"))
    text = on("history", PART, "--metric", "joint.gravity")
    tap.ok("trend: " in text.out and "change: " in text.out and "average: " in text.out,
           "text has the three figures", text)
    test_trend_plot(report)
    got = on("history", PART, "--metric", "joint.gravity", "--csv")
    tap.ok(len(list(csv.DictReader(io.StringIO(got.out)))) == 6, "CSV", got)
    refused("no such metric", 64, "history", PART, "--metric", "joint.magic", words=("magic",))
    refused("no such part", 3, "history", "nobody", "--metric", "joint.gravity",
            words=("nobody",))
    refused("a metric needs its part", 64, "history", "--metric", "joint.gravity")
    refused("not a date", 64, "history", PART, "--metric", "joint.gravity", "--since", "monday",
            words=("monday",))


def test_list():
    rows = on("history", PART, "--json").json().get("history", [])
    tap.ok([r["state"] for r in rows] == ["HOLD"] + 5 * ["UNSURE"], "the runs of one part", rows)
    worst = findings_of("6", rows[0]["metric"])
    ratio = [(abs(f["value"] - f["expected"])
              / abs(f["limit_lo" if f["value"] < f["expected"] else "limit_hi"] - f["expected"]))
             for f in worst]
    tap.ok(len(ratio) == 1 and abs(ratio[0] - rows[0]["ratio"]) < 1e-9 and ratio[0] > 1,
           "by which finding, and how near its limit", (rows[0], worst))
    tap.ok(all("state" not in r for r in on("history", "--json").json()["history"]),
           "without a part, no state of one")
    got = on("history", "nobody")
    tap.ok(got.code == 0 and "no such runs" in got.out, "a part that no run has", got)
    got = on("history", "--since", "2100-01-01", "--json")
    tap.ok(got.code == 0 and got.json().get("history") == [], "--since without --metric", got)
    with open(RIG, encoding="utf-8") as f, open(path("other.rig"), "w", encoding="utf-8") as out:
        out.write(re.sub(r"(?m)^(\s*serial\s*=\s*).*", r"\1LM-9999", f.read()))
    got = on("history", "--rig", path("other.rig"), "--json")
    tap.ok(got.code == 0 and got.json().get("history") == [], "--rig: of that sculpture", got)
    got = on("report", "999")
    tap.ok(got.code == 3 and "Try: see what there is: ghostlight history" in got.err,
           "no such run: what to try", got)
    for args in (("report", "6"), ("compare", "1", "6", "--all"), ("history", PART, "--metric",
                                                                "joint.gravity")):
        with open("/dev/full", "w", encoding="ascii") as full:
            got = subprocess.run([PROGRAM, *args, "--json", "--db", db], stdout=full, text=True,
                                 stderr=subprocess.PIPE, check=False)
        tap.ok(got.returncode == 70 and "room on the disk" in got.stderr
               and "memory" not in got.stderr and got.stderr.count("ghostlight: ") == 1,
               f"{args[0]} into a full disk says so", got.stderr)
    for args in (("attach", "/no/\x1b[31m"), ("import", "/no/\x1b[31m"), ("report", "\x1b[31m"),
                 ("baseline", "show", "\x1b[31m"), ("history", "--rig", "\x1b[31m"),
                 ("doctor", "--port", "/no/\x1b[31m"), ("export", path("x\x1b[31m"))):
        got = on(*args)
        tap.ok("\x1b" not in got.err + got.out, f"{args[0]}: an escape is not passed on", got)


def test_accept():
    refused("all three are required", 64, "accept", "last", PART, "--by", "Ada",
            "--until", SOON, words=("--reason",))
    refused("the past is no date", 64, "accept", "last", PART, "--reason", "x", "--by", "Ada",
            "--until", "2020-01-01", words=("over",))
    refused("not a date at all", 64, "accept", "last", PART, "--reason", "x", "--by", "Ada",
            "--until", "2026-02-31", words=("2026-02-31",))
    refused("only what failed", 64, "accept", "6", "hope.wrist", "--reason", "x", "--by", "Ada",
            "--until", SOON, words=("nothing of it failed",))
    got = on("accept", "last", PART, "--reason", "replaced on Monday", "--by", "Ada", "--until",
             SOON, "--json")
    tap.ok(got.code == 0 and got.json().get("findings", 0) >= 1, "accepted", got)
    report = on("report", "6", "--json").json()
    tap.ok(any(r["kind"] == "accept" and r["by"] == "Ada" and r["until"].startswith(SOON)
               for r in report.get("remarks", [])), "the report of the run shows it",
           report.get("remarks"))
    tap.ok(report.get("verdict") == "HOLD", "the run itself stays what it was")
    with Sculpture("--fault", f"limp@{PART}", session=5) as sim:
        got = ghostlight(*checking(sim.port, db, "--allow-motion", "--json"))
    fates = {a["metric"]: a["fate"] for a in got.json().get("accepts", [])}
    tap.ok(fates and all(f in ("unseen", "known", "worse") for f in fates.values()),
           "the next run says what became of it", fates or got)
    again = on("report", "last", "--json").json()
    tap.ok(again.get("accepts") == got.json().get("accepts"), "and its report says the same")


def test_note_and_attach():
    photo = path("horn.jpg")
    with open(photo, "wb") as f:
        f.write(os.urandom(5000))
    got = on("note", "screw tightened", "--part", PART, "--run", "last", "--by", "Bo", "--json")
    tap.ok(got.code == 0 and got.json().get("text") == "screw tightened", "note", got)
    got = on("attach", photo, "--part", PART, "--run", "6", "--json")
    number = got.json().get("id")
    tap.ok(got.code == 0 and got.json().get("media") == "image/jpeg"
           and got.json().get("bytes") == 5000, "attach", got)
    back = on("attach", path("back.jpg"), "--save", str(number))
    with open(photo, "rb") as a, open(path("back.jpg"), "rb") as b:
        tap.ok(back.code == 0 and a.read() == b.read(), "it comes back to the byte", back)
    refused("never over a file", 64, "attach", photo, "--save", str(number), words=("exists",))
    refused("no such file in it", 3, "attach", path("x"), "--save", "999")
    refused("no such file", 64, "attach", path("nothing"))
    refused("a folder is none", 64, "attach", tmp, words=("plain file",))
    refused("no such part", 64, "note", "x", "--part", "hope.knee", words=("hope.knee",))
    refused("two lines are no line", 64, "note", "a\nb")
    refused("too long", 64, "note", "x" * 200, words=("159",))
    rows = on("note", "--json").json().get("remarks", [])
    tap.ok([r["kind"] for r in rows] == ["accept", "note", "attachment"], "note lists all", rows)
    page = on("report", "last").out
    tap.ok("screw tightened" in page, "the page shows the note", page)


def test_wear():
    with Sculpture(session=6) as sim:
        ghostlight(*checking(sim.port, db, "--quiet"))
    before = on("status", "--json").json()
    on("note", "--mark", "transport", "to the foyer")
    got = on("status", "--json")
    tap.ok(got.code == 3 and "moved" in got.json().get("why", ""), "moved: UNSURE", got)
    tap.ok(before.get("verdict") != "HOLD", "it was none before", before.get("why"))
    kinds = [r["kind"] for r in got.json().get("remarks", [])]
    tap.ok(kinds == ["transport"], "status shows what was said since", kinds)
    other = path("wear.db")
    shutil.copy(db, other)
    with sqlite3.connect(other) as con:
        con.execute("DELETE FROM sqlite_sequence WHERE 0")
        names = [c[1] for c in con.execute("PRAGMA table_info(run)")]
        values = dict(zip(names, con.execute("SELECT * FROM run ORDER BY run DESC").fetchone()))
        values.update(run=values["run"] + 1, boot="another")
        con.execute(f"INSERT INTO run ({','.join(names)}) VALUES "
                    f"({','.join('?' * len(names))})", list(values.values()))
        con.execute("DROP TRIGGER remark_no_delete")
        con.execute("PRAGMA foreign_keys = OFF")
        con.execute("DELETE FROM remark WHERE kind = 'transport'")
    got = on("status", "--json", store=other)
    tap.ok(got.code == 3 and "off and on" in got.json().get("why", ""),
           "a later run met another power-up: UNSURE", got)


def test_bundle():
    bundle, there = path("a.bundle"), path("there.db")
    got = on("export", bundle, "--with-recordings", "--json")
    runs, digest = got.json().get("runs"), got.json().get("sha256")
    tap.ok(got.code == 0 and runs == 8 and os.listdir(tmp).count("a.bundle") == 1
           and not os.path.exists(bundle + "-wal"), "export: one file", got)
    refused("never over a file that is there", 64, "export", bundle, words=("already",))
    got = on("export", path("b"), "--since", "2100-01-01", "--json")
    tap.ok(got.code == 0 and got.json().get("runs") == 5,
           "of nothing that young only the baseline's runs travel", got)
    refused("no day", 64, "export", path("c"), "--since", "yesterday", words=("yesterday",))
    got = on("import", bundle, "--json", store=there)
    tap.ok(got.code == 0 and got.json().get("runs") == 8 and got.json().get("sha256") == digest,
           "import elsewhere, with the same hash", got)
    got = on("import", bundle, "--json", store=there)
    tap.ok(got.code == 0 and got.json().get("runs") == 0 and got.json().get("known") == 8,
           "a second time nothing is new", got)
    here, copy = on("report", "6", "--json").json(), on("report", "6", "--json", store=there).json()
    tap.ok(here.pop("chain", None) != copy.pop("chain", None), "each database has its own chain")
    for report in (here, copy):
        for r in report.get("remarks", []):
            r.pop("id")
    tap.ok(here == copy and here.get("run") == 6, "the report is the same there")
    got = ghostlight("check", "--from", "6", "--db", there, "--json")
    tap.ok(got.code == 2, "and it can be judged anew there", got)
    got = on("baseline", "list", "--json", store=there).json().get("baselines", [{}])
    tap.ok(got[0].get("name") == "studio" and got[0].get("sealed"), "the baseline came along")
    with open(bundle, "rb") as f:
        whole = f.read()
    cases = {"garbage": b"x" * 9000, "empty": b"", "cut short": whole[:len(whole) // 2]}
    refused("a database is no bundle", 64, "import", db, store=path("fresh.db"),
            words=("not a bundle",))
    for name, content in cases.items():
        tap.ok(not os.path.exists(path("fresh.db")), "which makes no database")
        with open(path("bad"), "wb") as f:
            f.write(content)
        refused(f"{name}: nothing is imported", 64, "import", path("bad"), store=path("fresh.db"),
                words=("nothing was imported",))
    with sqlite3.connect(path("fresh.db")) as con:
        tap.ok(con.execute("SELECT count(*) FROM run").fetchone()[0] == 0, "really nothing")


def main():
    if not (os.path.exists(PROGRAM) and os.path.exists(SIMULATOR)):
        print(f"1..0 # SKIP no programs in {BUILD}")
        return
    test_empty_home()
    if make_runs():
        test_compare()
        test_history()
        test_list()
        test_accept()
        test_note_and_attach()
        test_wear()
        test_bundle()
    tap.done()


main()
