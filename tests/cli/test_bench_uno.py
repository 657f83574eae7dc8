#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 400
# alone: an emulated board needs a processor of its own
"""StandardFirmata, which we did not write, on an emulated Uno, over a pty: first
the driver alone, then the product binary: five baseline runs over three boots, then a healthy
arm, limp joints, a core without blue, a colour chip that is not there and a
tool that is killed in mid sweep.

The board keeps real time: half a core, and at once. A run during which the
machine held it up says nothing about the arm and is taken again; the last one
counts whatever it is. Checks on one database go one after another, others two at a time.
"""

import concurrent.futures
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "kit"))
from sculpture import hurry  # noqa: E402

BUILD = os.environ.get("GH_BUILD", "build")
BOARD = os.path.join(BUILD, "bench", "board")
GHOSTLIGHT = os.path.join(BUILD, "ghostlight")
UNO_DRIVER = os.path.join(BUILD, "bench", "uno_driver")
RIG = "schemas/uno.rig"
BUDGET = "20s"
AT_ONCE = 2
# Sessions that may be taken again, all together; the whole has four minutes.
spare = 4
# The board ran later than 10 ms for that share of a session.
LATE_SHARE = 0.10
# A check has 20 s; the board's boot, the judge and a loaded machine the rest.
RUN_S = 60
SEED = "7"
EXIT_OF = {"READY": 0, "WATCH": 1, "HOLD": 2, "UNSURE": 3}


class Bench:
    """
    One emulated board: a power-up of the same sculpture. Its controller has no
    boot id and its pty may get the number of the one before, so each power-up
    is plugged in under a name of its own.
    """

    def __init__(self, hexfile, session, *options, plug=None):
        self.process = subprocess.Popen(
            [BOARD, "--firmware", hexfile, "--rig", RIG, "--seed", SEED,
             "--session", str(session), *options],
            stdout=subprocess.PIPE, text=True)
        ready, _, _ = select.select([self.process.stdout], [], [], 10)
        line = self.process.stdout.readline() if ready else ""
        self.port = line.partition("port: ")[2].strip()
        self.late = 0.0
        if self.port and plug:
            os.symlink(self.port, plug)
            self.port = plug

    def __enter__(self):
        if not self.port:
            self.__exit__()
            raise RuntimeError("the bench names no port")
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.code = self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.code = self.process.wait()
        said = self.process.stdout.read().split()
        self.process.stdout.close()
        if "share" in said:
            self.late = float(said[said.index("share") + 1])


def ghostlight(*words):
    return subprocess.run([GHOSTLIGHT, *words], capture_output=True, text=True,
                          timeout=RUN_S, check=False)


def check(port, db, *options):
    """One run; its JSON, with the process's own exit code beside it."""
    done = ghostlight("check", "--port", port, "--rig", RIG, "--db", db,
                      "--budget", BUDGET, "--allow-motion", "--json", *options)
    try:
        run = json.loads(done.stdout)
    except ValueError:
        raise RuntimeError(f"no JSON (exit {done.returncode}): "
                           f"{done.stderr.strip()[-300:]}") from None
    run["process_code"] = done.returncode
    run["said"] = done.stderr
    return run


def session(hexfile, number, db, runs=1, options=(), words=()):
    """`runs` checks of one power-up, one after the other."""
    global spare
    while True:
        plug = f"{db}.boot{number}.{spare}"
        with Bench(hexfile, number, *options, plug=plug) as bench:
            done = [check(bench.port, db, *words) for _ in range(runs)]
        os.unlink(plug)
        if bench.late <= LATE_SHARE and all(r["end"] == "complete"
                                            for r in done):
            return done
        print(f"# boot {number}: {bench.late:.0%} of the time too late, "
              f"{', '.join(r['end'] for r in done)}", flush=True)
        if spare == 0:
            return done
        spare -= 1


def scene(hexfile, number, db, *options):
    """One check against the baseline, in a copy of its database."""
    own = f"{db}.{number}"
    shutil.copy(db, own)
    return session(hexfile, number, own, 1, options,
                   ("--baseline", "uno"))[0]


def part(run, name):
    for p in run.get("parts", []):
        if p["part"] == name:
            return p
    return {"part": name, "state": "missing", "findings": []}


def findings(run, state):
    return [(p["part"], f) for p in run.get("parts", [])
            for f in p.get("findings", []) if f["state"] == state]


def words_of(thing):
    return json.dumps(thing).lower()


class Tap:
    def __init__(self):
        self.n = 0
        self.failed = 0

    def ok(self, good, name, *why):
        self.n += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.n} - {name}", flush=True)
        if not good:
            for w in why:
                print(f"# {w if isinstance(w, str) else json.dumps(w)[:1500]}")


def skip(reason):
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)


def fetch():
    done = subprocess.run(
        ["scripts/fetch-firmata", os.path.join(BUILD, "firmata")],
        capture_output=True, text=True, check=False)
    if done.returncode == 77:
        skip(done.stdout.strip().removeprefix("SKIP "))
    if done.returncode != 0:
        print(f"Bail out! {done.stderr.strip()}")
        sys.exit(1)
    return done.stdout.strip()


def consistent(tap, run, name):
    tap.ok(run["process_code"] == run.get("exit_code")
           == EXIT_OF.get(run.get("verdict"), -1),
           f"{name}: exit code and verdict agree",
           [run.get("verdict"), run.get("exit_code"), run["process_code"]],
           run["said"][-300:])
    tap.ok(run.get("simulated") is True, f"{name}: marked SIMULATED")
    entries = run.get("not_checked", [])
    tap.ok(entries and all(e.get("part") and e.get("reason") for e in entries),
           f"{name}: what could not be measured is listed", entries)


def drive(hexfile, *options, words=()):
    """uno_driver's lines as {"look part.quantity": {key: number}}."""
    with Bench(hexfile, 9, *options) as bench:
        done = subprocess.run([UNO_DRIVER, bench.port, RIG, *words],
                              capture_output=True, text=True, timeout=RUN_S,
                              check=False)
    table = {"": done.stdout, "code": done.returncode, "uno": bench.code}
    for line in done.stdout.splitlines():
        words = line.split()
        if len(words) > 3 and words[2] == "n":
            table[" ".join(words[:2])] = dict(
                zip(words[2::2], map(float, words[3::2])))
        elif words and words[0] == "stats":
            table["stats"] = dict(zip(words[1::2], map(float, words[2::2])))
    return table


def driver_alone(tap, hexfile):
    """The driver on the real image, without engine, judge or store."""
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        moving = pool.submit(drive, hexfile, words=("--move",))
        blind = pool.submit(drive, hexfile, "--no-colour-chip")
        moved, unseen = moving.result(), blind.result()
    tap.ok(moved["code"] == 0 and unseen["code"] == 0, "the driver runs alone",
           moved[""][-500:], unseen[""][-500:])
    tap.ok(moved["uno"] == 0, "the bench ends on SIGTERM with 0")
    if moved["code"] or unseen["code"]:
        return
    sweep = moved["sweep resilience.shoulder.position"]
    tap.ok(abs(sweep["hi"] - 0.6) < 0.06 and abs(sweep["lo"] + 0.6) < 0.06,
           "the pot follows the sweep of +-0.6 rad", sweep)
    tap.ok(80 < sweep["hz"] < 120, "positions come at about 100 Hz", sweep)
    amps = moved["sweep resilience.shoulder.current"]
    tap.ok(0.02 < amps["hi"] - amps["lo"] < 3.0 and 20 < amps["hz"] < 40,
           "currents move with it, at about 29 Hz", amps)
    for look in ("red", "green", "blue"):
        seen = {c: moved[f"{look} core.colour_{c}"]["mean"]
                for c in ("red", "green", "blue")}
        tap.ok(max(seen, key=seen.get) == look, f"{look} is seen as {look}",
               seen)
    hold = moved["stopped resilience.shoulder.command"]
    tap.ok(hold["hi"] - hold["lo"] < 1e-6, "a stop holds at once", hold)
    tap.ok(moved["stats"]["bad"] == 0 and moved["stats"]["lost"] == 0,
           "no byte was misunderstood", moved["stats"])
    tap.ok(unseen["blue core.colour_blue"]["n"] == 0
           and unseen["blue core.colour_blue"]["invalid"] > 5
           and unseen[""].count("TCS34725 at 29") == 1,
           "an absent colour chip gives no value and is told once",
           unseen[""][:400])


def baseline(tap, hexfile, db):
    """Two, two and one runs of three power-ups."""
    runs = [run for number, n in ((1, 2), (2, 2), (3, 1))
            for run in session(hexfile, number, db, n)]
    tap.ok(len(runs) == 5, "five runs over three boots")
    for run in runs:
        done = ghostlight("baseline", "add", "--name", "uno", "--run",
                          str(run["run"]), "--db", db)
        tap.ok(done.returncode == 0, f"run {run['run']} joins the baseline",
               done.stderr, findings(run, "fail"))
    done = ghostlight("baseline", "seal", "--name", "uno", "--by", "bench",
                      "--why", "healthy by construction", "--db", db)
    tap.ok(done.returncode == 0, "the baseline is sealed", done.stderr)


def judge_healthy(tap, run):
    consistent(tap, run, "healthy")
    tap.ok(run.get("verdict") != "HOLD", "healthy: no HOLD",
           findings(run, "fail"), run.get("diagnosis"))
    tap.ok(not findings(run, "fail"), "healthy: nothing failed",
           findings(run, "fail"))
    # Two siblings and five runs: some limits are too wide, and that is said.
    unsure = [(p, f) for p, f in findings(run, "unknown")
              if f["reason"] != "TOO_NOISY"]
    tap.ok(not unsure, "healthy: UNSURE only where the baseline is too noisy",
           unsure)
    noisy = {p for p, f in findings(run, "unknown")}
    listed = {e["part"] for e in run.get("not_checked", [])
              if "too noisy" in e["reason"]}
    tap.ok(noisy <= listed, "healthy: what is too noisy is not checked",
           noisy, run.get("not_checked"))
    base = run.get("baseline", {})
    tap.ok(base.get("comparable") and base.get("sessions") == 3
           and base.get("runs") == 5,
           "healthy: compared with five runs of three sessions", base)
    skipped = {p for p, f in findings(run, "skipped")}
    listed = {e["part"] for e in run.get("not_checked", [])}
    tap.ok(skipped <= listed, "healthy: no part hides what it lacks",
           skipped, run.get("not_checked"))


def judge_limp(tap, run, joint):
    consistent(tap, run, f"limp {joint}")
    tap.ok(run.get("verdict") == "HOLD", f"limp {joint}: HOLD",
           run.get("why"))
    tap.ok(part(run, joint)["state"] == "HOLD",
           f"limp {joint}: the joint is named", part(run, joint))
    named = [d["part"] for d in run.get("diagnosis", [])
             if d["fault"] == "limp"]
    tap.ok(named == [joint], f"limp {joint}: the fault is named",
           run.get("diagnosis"))
    load = [f for f in part(run, joint)["findings"]
            if f["metric"] == "joint.gravity"]
    tap.ok(load and load[0]["state"] == "fail"
           and load[0]["value"] < load[0]["limit_lo"],
           f"limp {joint}: by the hard limit of its load", load)


def judge_limp_elbow(tap, run):
    judge_limp(tap, run, "resilience.elbow")


def judge_limp_shoulder(tap, run):
    judge_limp(tap, run, "resilience.shoulder")


def judge_blueless(tap, run):
    consistent(tap, run, "blue_lost")
    tap.ok(run.get("verdict") == "HOLD", "core without blue: HOLD",
           run.get("parts"))
    tap.ok(part(run, "core")["state"] == "HOLD",
           "core without blue: the core is named", part(run, "core"))
    named = [d for d in run.get("diagnosis", [])
             if d["part"] == "core" and d["fault"] == "blue_lost"]
    tap.ok(bool(named), "core without blue: the fault is named",
           run.get("diagnosis"))


def judge_chipless(tap, run):
    consistent(tap, run, "no colour chip")
    tap.ok(run.get("verdict") == "UNSURE", "absent colour chip: UNSURE",
           run.get("parts"))
    core = part(run, "core")
    tap.ok(core["state"] == "UNSURE", "absent colour chip: the core is UNSURE",
           core)
    tap.ok(any("colour sensor" in f["note"].lower()
               or "tcs34725" in f["note"].lower()
               for f in core["findings"] if f["state"] == "unknown"),
           "absent colour chip: the sensor is named", core,
           run.get("diagnosis"))


SCENES = [
    (4, (), judge_healthy),
    (5, ("--fault", "limp@resilience.elbow"), judge_limp_elbow),
    (6, ("--fault", "limp@resilience.shoulder"), judge_limp_shoulder),
    (7, ("--fault", "blue_lost@core"), judge_blueless),
    (8, ("--no-colour-chip",), judge_chipless),
]


def position(bench):
    """[goal, pot] per joint: a look that moves nothing."""
    done = subprocess.run([UNO_DRIVER, bench.port, RIG, "--where"],
                          capture_output=True, text=True, timeout=RUN_S,
                          check=False)
    return [[float(rad) for rad in line.split()[2:]]
            for line in done.stdout.splitlines() if line.startswith("at ")]


def killed(hexfile, db):
    """A tool that is killed in mid sweep: whether it was, and where the arm is, twice."""
    with Bench(hexfile, 9) as bench:
        tool = subprocess.Popen(
            [GHOSTLIGHT, "check", "--port", bench.port, "--rig", RIG, "--db",
             f"{db}.killed", "--budget", BUDGET, "--allow-motion", "--quiet"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(6)
        swept = tool.poll() is None
        tool.kill()
        tool.wait()
        first = position(bench)
        time.sleep(1)
        second = position(bench)
    return swept, first, second


def holds(tap, swept, first, second):
    """No watchdog: a dead host must leave an arm that holds where it is."""
    tap.ok(swept and len(first) == 2 and len(second) == 2
           and all(goal == was and abs(pot - goal) < 0.06
                   for (was, _), (goal, pot) in zip(first, second))
           and any(abs(goal) > 0.01 for goal, _ in first),
           "a tool killed in mid sweep leaves an arm that holds", first,
           second)


def scenes(tap, hexfile, db):
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        runs = [(judge, pool.submit(scene, hexfile, number, db, *options))
                for number, options, judge in SCENES]
        left = pool.submit(killed, hexfile, db)
        for judge, run in runs:
            judge(tap, run.result())
        holds(tap, *left.result())


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
    for program, package in ((BOARD, "libsimavr-dev, make bench-uno"),
                             (UNO_DRIVER, "libsimavr-dev, make bench-uno"),
                             (GHOSTLIGHT, "make")):
        if not os.access(program, os.X_OK):
            skip(f"{program} was not built ({package})")
    hexfile = fetch()
    hurry()
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="uno.") as folder:
        db = os.path.join(folder, "uno.db")
        try:
            driver_alone(tap, hexfile)
            baseline(tap, hexfile, db)
            scenes(tap, hexfile, db)
        except (RuntimeError, KeyError, subprocess.TimeoutExpired) as e:
            tap.ok(False, "the bench runs through", f"{type(e).__name__}: {e}")
    print(f"1..{tap.n}")
    sys.exit(1 if tap.failed else 0)


if __name__ == "__main__":
    main()
