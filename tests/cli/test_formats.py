#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 600
# alone: checks at 8 times real speed, and a starved host is a late one
"""Every form for other people's machines, read by readers we did not write: the
golden files with all six states and hostile text in them, and real runs of a
simulated Lumina against what --json says of the same run."""

import datetime
import json
import os
import stat
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
import readers  # noqa: E402
from sculpture import (BUILD, PROGRAM, SIMULATOR, Sculpture, Tap, checking,  # noqa: E402
                       finish, folder, ghostlight, rehearsed, start, wait_for)

tap = Tap()
tmp = folder()
db = os.path.join(tmp, "formats.db")

REPORT, EVENTS = "schemas/report.schema.json", "schemas/events.schema.json"
JUNIT_OF = {"pass": "passed", "watch": "passed", "known": "passed", "fail": "failure",
            "unknown": "error", "skipped": "skipped"}
GAUGE_OF = {"READY": 0, "WATCH": 1, "HOLD": 2, "UNSURE": 3}
EXIT_OF = {"READY": 0, "WATCH": 1, "HOLD": 2, "UNSURE": 3}


def read(name, reader, *args, **more):
    """What the reader made of it, or None when it is told as failed or skipped."""
    try:
        return reader(*args, **more)
    except readers.Missing as why:
        tap.skip(name, why)
    except ValueError as why:
        tap.ok(False, name, why)
    return None


def golden(name):
    with open("tests/golden/report_" + name, encoding="utf-8") as f:
        return f.read()


def write(name, text):
    path = os.path.join(tmp, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


# ---- One run in all forms ----

def cases_of(report):
    return [(p["part"], f["metric"], f["state"]) for p in report["parts"] for f in p["findings"]]


def check_tap(name, report, text):
    got = read(name + ": TAP", readers.tap, text)
    if got is None:
        return
    tap.ok(got["errors"] == [] and got["planned"] == len(got["tests"]) and got["version"] == 13,
           name + ": TAP is whole", got["errors"])
    said = {t["text"]: t for t in got["tests"]}
    wrong = []
    for part, metric, state in cases_of(report):
        t = said.get(f"- {part} {metric}", {})
        want = {"pass": (1, ""), "watch": (1, ""), "known": (0, "TODO"), "fail": (0, ""),
                "unknown": (0, ""), "skipped": (1, "SKIP")}[state]
        if (t.get("ok"), t.get("directive") or "") != want:
            wrong.append((part, metric, state, t))
    tap.ok(not wrong, name + ": TAP says what JSON says", wrong[:3])
    fine = all(t["fine"] for t in got["tests"])
    tap.ok(fine == (report["verdict"] in ("READY", "WATCH")),
           name + ": TAP passes only what is READY or WATCH", report["verdict"])


def check_junit(name, report, path):
    suites = read(name + ": JUnit", readers.junit, path)
    if suites is None:
        return
    said = {(c[0], c[1]): c[2] for s in suites for c in s["cases"]}
    wrong = [c for c in cases_of(report) if said.get(c[:2]) != JUNIT_OF[c[2]]]
    tap.ok(not wrong, name + ": JUnit says what JSON says", wrong[:3])
    counts = [s["name"] for s in suites
              if (s["tests"], s["failures"], s["errors"], s["skipped"])
              != (len(s["cases"]), *(sum(c[2] == k for c in s["cases"])
                                     for k in ("failure", "error", "skipped")))]
    tap.ok(not counts, name + ": its suites count right", counts)
    if read(name + ": Jenkins' schema", valid_junit, path):
        tap.ok(True, name + ": JUnit is valid by Jenkins' schema")


def valid_junit(path):
    readers.junit_schema(path, BUILD)
    return True


def check_nagios(name, report, got):
    tap.ok(got.code == EXIT_OF[report["verdict"]] and got.out.count("\n") == 1 and got.err == "",
           name + ": the plug-in's one line and code", got)
    line = read(name + ": performance data", readers.perfdata, got.out)
    if line is None:
        return
    tap.ok(line["text"].startswith(f"GHOSTLIGHT {report['verdict']} - ") and len(got.out) < 8192,
           name + ": the line says the verdict", line["text"])
    values = {(p["part"], f["metric"]): f for p in report["parts"] for f in p["findings"]}
    wrong = [d for d in line["data"]
             if values.get(tuple(d["label"].split(" ", 1)), {}).get("value") is None]
    tap.ok(line["data"] and not wrong, name + ": each datum is a measured value", wrong[:3])
    # A range that a reader understands says what the judge said of the limit.
    wrong = [d for d in line["data"]
             if values[tuple(d["label"].split(" ", 1))]["state"] == "pass" and d["holds"] != 0]
    tap.ok(not wrong, name + ": what passes is inside its range for the reader too", wrong[:3])


def check_metrics(name, report, text):
    got = read(name + ": OpenMetrics", readers.openmetrics, text)
    if got is None:
        return
    samples = {(s[0], s[1].get("part"), s[1].get("metric")): s for s in got["samples"]}
    tap.ok(got["old"] == len(got["samples"]) and text.endswith("\n# EOF\n")
           and all(s[3] is None for s in got["samples"]),
           name + ": OpenMetrics, without timestamps, for both parsers", got["old"])
    parts = {p["part"]: GAUGE_OF[p["state"]] for p in report["parts"] if p["state"] != "NOT RUN"}
    said = {k[1]: s[2] for k, s in samples.items() if k[0] == "ghostlight_part_state"}
    tap.ok(said == parts and samples["ghostlight_verdict", None, None][2]
           == GAUGE_OF[report["verdict"]], name + ": its gauges are the states", said)
    tap.ok(all(s[1].get("simulated") == "1" for s in got["samples"]),
           name + ": all of it is labelled simulated")


def check_events(name, report, text):
    bad = read(name + ": events", readers.schema, text, EVENTS, REPORT, lines=True)
    if bad is not None:
        tap.ok(bad == [], name + ": each event is valid by its schema", bad)
    events = [json.loads(line) for line in text.splitlines()]
    tap.ok(events[0]["event"] == "run_begin" and events[-1]["event"] == "run_end"
           and [e["seq"] for e in events] == sorted({e["seq"] for e in events}),
           name + ": the stream begins, counts and ends", events[-1])
    said = [(e["part"], e["finding"]["metric"], e["finding"]["state"]) for e in events
            if e["event"] == "finding"]
    missing = set(cases_of(report)) - set(said)
    tap.ok(not missing and events[-1]["findings"] == len(said)
           and events[-1]["verdict"] == report["verdict"],
           name + ": its findings are those of JSON", list(missing)[:3])
    return events


def check_run(name):
    """The last run of the database in every form."""
    report = ghostlight("report", "last", "--json", "--db", db).json()
    if not tap.ok(bool(report), name + ": there is a run"):
        return report
    bad = read(name + ": JSON", readers.schema, json.dumps(report), REPORT)
    if bad is not None:
        tap.ok(bad == [], name + ": JSON is valid by its schema", bad)
    path = os.path.join(tmp, "run.xml")
    got = ghostlight("report", "last", "--tap", "--junit", path, "--db", db)
    check_tap(name, report, got.out)
    check_junit(name, report, path)
    check_nagios(name, report, ghostlight("report", "last", "--nagios", "--db", db))
    check_metrics(name, report, ghostlight("metrics", "--db", db).out)
    check_events(name, report, ghostlight("report", "last", "--jsonl", "--db", db).out)
    return report


# ---- Tests ----

def test_golden():
    got = read("golden TAP", readers.tap, golden("tap.txt"))
    if got is not None:
        tap.ok(got["errors"] == [] and got["planned"] == 9 == len(got["tests"])
               and got["bail"] is None, "golden TAP: hostile text adds and ends nothing", got)
        tap.ok([t["directive"] for t in got["tests"] if t["directive"]] == ["SKIP", "TODO", "SKIP"],
               "golden TAP: no directive out of a name", got["tests"])
    path = write("golden.xml", golden("junit.xml"))
    suites = read("golden JUnit", readers.junit, path)
    if suites is not None:
        old = next(s for s in suites if s["name"] == "crystal.2")
        tap.ok(len(suites) == 7 and old["properties"]["state"] == "known"
               and old["properties"]["owner"] == "A. Smith"
               and old["properties"]["expiry"].startswith("2026-12-01")
               and "known until 2026-12-01" in old["out"],
               "golden JUnit: a known one says its owner and expiry", old)
        core = next(s for s in suites if s["name"] == "core")
        tap.ok(core["properties"]["state"] == "watch" and "WATCH 14.8" in core["out"]
               and core["failures"] == 0, "golden JUnit: a watch passes and is told", core)
    if read("golden JUnit: Jenkins' schema", valid_junit, path):
        tap.ok(True, "golden JUnit is valid by Jenkins' schema")
    line = read("golden perfdata", readers.perfdata, golden("nagios.txt"))
    if line is not None:
        tap.ok(len(line["data"]) == 5 and line["more"] == []
               and [d["holds"] for d in line["data"]] == [2, 2, 0, 2, 2],
               "golden plug-in line: five values, the limits understood", line)
    got = read("golden OpenMetrics", readers.openmetrics, golden("metrics.prom"))
    if got is not None:
        parts = {s[1]["part"] for s in got["samples"] if "part" in s[1]}
        tap.ok("a\"b'c#d|e<f>&g\\h=i{j}" in parts, "golden OpenMetrics: labels come back", parts)
    bad = read("golden events", readers.schema, golden("events.jsonl"), EVENTS, REPORT, lines=True)
    if bad is not None:
        tap.ok(bad == [], "golden events are valid by their schema", bad)


def test_no_run():
    got = ghostlight("status", "--nagios", "--db", db)
    tap.ok(got.code == 3 and got.out.startswith("GHOSTLIGHT UNSURE - "), "no run: UNKNOWN", got)
    got = ghostlight("status", "--tap", "--db", db)
    tap.ok(got.code == 3 and "\n1..1\nnot ok 1 - ghostlight verdict\n" in got.out,
           "no run: TAP does not pass", got)
    got = ghostlight("metrics", "--db", db)
    tap.ok(got.code == 0 and "\nghostlight_verdict 3\n" in got.out
           and "\nghostlight_last_run_timestamp_seconds " not in got.out, "no run: no time", got)
    tap.ok(not os.path.exists(db), "none of it makes a database")


def test_misuse():
    for args in (("check", "--nagios", "--profile"), ("check", "--nagios", "--nonsense"),
                 ("chek", "--nagios")):
        got = ghostlight(*args)
        tap.ok(got.code == 3 and got.out.startswith("GHOSTLIGHT UNSURE - ")
               and got.out.count("\n") == 1, " ".join(args) + ": one line, UNKNOWN", got)
    got = ghostlight("check", "--nagios", "--rig", "/nowhere.rig", "--port", "x")
    tap.ok(got.code == 3 and "nowhere" in got.out and got.err == "", "no rig file: UNKNOWN", got)
    got = ghostlight("status", "--json", "--tap", "--db", db)
    tap.ok(got.code == 64 and "choose one" in got.err, "two streams at once are refused", got)
    got = ghostlight("devices", "--tap")
    tap.ok(got.code == 64 and "no option" in got.err, "a verb without a verdict has no TAP", got)
    got = ghostlight("status", "--fail-on", "never", "--db", db)
    tap.ok(got.code == 64, "--fail-on takes its three words", got)


def test_runs():
    with Sculpture(session=1) as sim:
        got = ghostlight(*checking(sim.port, db, "--allow-motion", "--quiet"))
    tap.ok(got.code == 3, "without a baseline: UNSURE", got)
    report = check_run("unknown")
    states = {c[2] for c in cases_of(report)}
    tap.ok({"unknown", "skipped"} <= states, "it has unknown and skipped findings", states)
    rehearsed(db)
    with Sculpture(session=5) as sim:
        ghostlight(*checking(sim.port, db, "--allow-motion", "--quiet"))
    report = check_run("healthy")
    tap.ok(report["verdict"] != "HOLD", "healthy is no HOLD", report["why"])
    path = os.path.join(tmp, "live.xml")
    with Sculpture("--fault", "limp@resilience.elbow", session=6) as sim:
        got = ghostlight(*checking(sim.port, db, "--allow-motion", "--jsonl", "--junit", path))
    tap.ok(got.code == 2 and os.path.exists(path), "a fault, live: HOLD", got.err)
    report = check_run("faulty")
    events = check_events("faulty, live", report, got.out)
    kinds = [e["event"] for e in events]
    tap.ok(kinds.count("progress") > 20 and kinds.count("phase") > 3
           and kinds.index("finding") > kinds.index("progress"),
           "it was told while it happened", set(kinds))
    tap.ok(any(e["event"] == "diagnosis" and e["diagnosis"]["fault"] == "limp" for e in events),
           "the diagnosis is in the stream")
    check_junit("faulty, live", report, path)
    test_places_for_a_file()
    return report


def test_places_for_a_file():
    """A device is written into and stays a device; a link is not followed."""
    link, fifo = os.path.join(tmp, "link.xml"), os.path.join(tmp, "pipe")
    os.symlink(os.path.join(tmp, "elsewhere.xml"), link)
    os.mkfifo(fifo)
    reader = subprocess.Popen(["cat", fifo], stdout=subprocess.PIPE)
    got = ghostlight("report", "last", "--junit", fifo, "--db", db)
    said = reader.communicate(timeout=60)[0]
    tap.ok(b"</testsuite>" in said and stat.S_ISFIFO(os.stat(fifo).st_mode),
           "a pipe takes JUnit and stays a pipe", got)
    got = ghostlight("report", "last", "--junit", link, "--db", db)
    tap.ok(got.code == 70 and "link" in got.err and os.path.islink(link)
           and not os.path.exists(os.path.realpath(link)), "a link is refused", got)


def test_known(report):
    run = str(report["run"])
    until = str(datetime.date.today() + datetime.timedelta(days=30))
    got = ghostlight("accept", run, "resilience.elbow", "--reason", "new horn # ordered", "--by",
                     "A. Smith", "--until", until, "--db", db)
    if got.code == 64 and "no verb" in got.err:
        tap.skip("known", "this version has no verb `accept`")
        return
    tap.ok(got.code == 0, "the fault is accepted", got)
    with Sculpture("--fault", "limp@resilience.elbow", session=7) as sim:
        ghostlight(*checking(sim.port, db, "--allow-motion", "--quiet"))
    accepted = {c[1] for c in cases_of(report) if c[0] == "resilience.elbow" and c[2] == "fail"}
    report = check_run("known")
    # Another number of that joint may be beyond its limit tonight: nobody accepted that.
    states = {c[1]: c[2] for c in cases_of(report) if c[0] == "resilience.elbow"}
    tap.ok("known" in states.values() and all(states[i] != "fail" for i in accepted if i in states),
           "what was accepted is known", states)
    codes = {x: ghostlight("report", "last", "--fail-on", x, "--db", db).code
             for x in ("watch", "new", "hold")}
    watch = any(c[2] == "watch" for c in cases_of(report))
    if report["verdict"] == "WATCH":
        # A watch that comes from what was accepted is no news (test_hooks.c has the cases).
        tap.ok(codes["watch"] == 1 and codes["hold"] == 0 and codes["new"] <= int(watch),
               "--fail-on", codes)
    else:
        tap.ok(set(codes.values()) == {EXIT_OF[report["verdict"]]},
               "--fail-on masks nothing but WATCH", codes)


def test_lost_link():
    with Sculpture(session=8, scale=1) as sim:
        run = start(*checking(sim.port, db, "--allow-motion", "--tap"))
        wait_for(run, "slow and fast")
        sim.process.kill()
        ended = finish(run)
    got = read("lost link: TAP", readers.tap, ended.out)
    if got is not None:
        tap.ok(ended.code == 3 and got["bail"], "a lost link bails out", ended)
        tap.ok(got["errors"] == [], "and TAP is whole before that", got["errors"])


def test_files():
    folder_ = os.path.join(tmp, "prom")
    os.mkdir(folder_)
    got = ghostlight("metrics", "--textfile", folder_, "--db", db)
    path = os.path.join(folder_, "ghostlight.prom")
    tap.ok(got.code == 0 and got.out == "" and os.listdir(folder_) == ["ghostlight.prom"]
           and stat.S_IMODE(os.stat(path).st_mode) == 0o644 & ~umask(),
           "--textfile: one file, readable, nothing beside it", os.listdir(folder_))
    got = ghostlight("metrics", "--textfile", os.path.join(tmp, "none"), "--db", db)
    tap.ok(got.code == 70 and "cannot write" in got.err, "no such folder: one line, 70", got)
    got = ghostlight("report", "last", "--junit", os.path.join(tmp, "none", "x.xml"), "--quiet",
                     "--db", db)
    tap.ok(got.code == 70 and got.err.count("\n") == 1 and got.out.startswith("verdict "),
           "--junit cannot be written: one line, 70, the verdict stands", got)
    path = write("mine.xml", "old")
    os.chmod(tmp, 0o755)
    ghostlight("report", "last", "--junit", path, "--quiet", "--db", db)
    with open(path, encoding="utf-8") as f:
        tap.ok(f.read(5) == "<?xml", "--junit replaces the file")


def umask():
    was = os.umask(0)
    os.umask(was)
    return was


def test_journal():
    """Standard error as systemd would have it."""
    report = ghostlight("report", "last", "--json", "--db", db).json()
    with open(os.path.join(tmp, "journal"), "w+", encoding="utf-8") as log:
        at = os.fstat(log.fileno())
        env = dict(os.environ, JOURNAL_STREAM=f"{at.st_dev}:{at.st_ino}")
        for args in (("report", "last", "--quiet"), ("report", "999999")):
            subprocess.run([PROGRAM, *args, "--db", db], stderr=log, stdout=subprocess.DEVNULL,
                           env=env, check=False)
        log.seek(0)
        lines = log.read().splitlines()
    level = {"READY": 6, "WATCH": 4, "UNSURE": 3, "HOLD": 2}[report["verdict"]]
    tap.ok(lines[0].startswith(f"<{level}>{report['verdict']} "), "journal: the summary first",
           lines)
    tap.ok(lines[1].startswith("<3>ghostlight: "), "journal: errors have their level", lines)
    got = ghostlight("report", "last", "--quiet", "--db", db, env={"JOURNAL_STREAM": "1:2"})
    tap.ok(got.err == "", "another stream: no prefix", got.err)


def main():
    if not (os.path.exists(PROGRAM) and os.path.exists(SIMULATOR)):
        print(f"1..0 # SKIP no programs in {BUILD}")
        return
    test_golden()
    test_no_run()
    test_misuse()
    test_known(test_runs())
    test_lost_link()
    test_files()
    test_journal()
    tap.done()


main()
