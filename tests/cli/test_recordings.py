#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 240
# alone: make golden records anew, in real time
"""Recordings of long ago: the raw wire of a simulated sculpture and of two
firmwares on an emulated Uno, ours and StandardFirmata, each with a limp joint.
The whole tool of today runs on them and finds the fault of then. `make golden`,
on a machine that does nothing else, records one anew when the driver says other
bytes than it did."""

import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
from sculpture import BUILD, OnPty, Sculpture, Tap, folder, ghostlight, hurry  # noqa: E402

WIRE = "tests/fixtures/wire"
WALL = 1795352400  # 2026-11-22T13:00:00Z


def simulated(rig, limp):
    return Sculpture("--fault", f"limp@{limp}", scale=1, rig=rig)


def emulated(firmware):
    def board(rig, limp):
        return OnPty([os.path.join(BUILD, "bench", "board"), "--mcu", "uno", "--firmware",
                      firmware(), "--rig", rig, "--seed", "7", "--fault", f"limp@{limp}"])
    return board


def ours():
    return os.path.join(BUILD, "firmware", "uno.elf")


def firmata():
    return subprocess.check_output(["scripts/fetch-firmata", os.path.join(BUILD, "firmata")], text=True).strip()


# File, rig file, who was there, the joint that is limp and its healthy neighbour,
# and how many amperes the arm takes there at least.
RECORDINGS = (
    ("two", f"{WIRE}/two.rig", simulated, "one.b", "one.a", 0.1),
    ("uno", "schemas/board_uno.rig", emulated(ours), "resilience.elbow",
     "resilience.shoulder", 0.1),
    ("firmata", "schemas/uno.rig", emulated(firmata), "resilience.elbow",
     "resilience.shoulder", 0.1),
)

tap = Tap()
tmp = folder()


def replay(file):
    return ghostlight("replay", file, "--json", env={"TMPDIR": tmp})


def record(file, rig, make, limp):
    if os.path.exists(file):
        os.remove(file)
    hurry()
    with make(rig, limp) as piece:
        got = ghostlight("check", "--port", piece.port, "--rig", rig, "--db",
                         os.path.join(tmp, "anew.db"), "--allow-motion", "--budget", "16s",
                         "--record", file)
    print("# " + got.err.replace("\n", "\n# "))
    with open(file, encoding="ascii") as f:
        text = re.sub("^wall .*", f"wall {WALL}", f.read(), flags=re.M)
    with open(file, "w", encoding="ascii") as f:
        f.write(text)


def test(name, rig, make, limp, well, least):
    file = f"{WIRE}/{name}.wire"
    got = replay(file)
    if os.environ.get("GH_UPDATE_GOLDEN") and got.code not in (0, 1, 2) \
            and ("this version" in got.err or not os.path.exists(file)):
        record(file, rig, make, limp)
        got = replay(file)
    if os.uname().machine != "x86_64" and "this version says" in got.err:
        tap.skip(f"{name}: a recording of long ago", "another machine rounds another way")
        return
    report = got.json()
    carried = {part["part"]: m["value"] for part in report.get("parts", [])
               for m in part["findings"] if m["metric"] == "joint.gravity"}
    tap.ok(report.get("started") == "2026-11-22T13:00:00Z" and report.get("motion_s", 0) > 2
           and report.get("end", "complete") == "complete" and report.get("simulated") is True,
           f"{name}: a recording of long ago", got)
    tap.ok(len(carried) == 2 and least < (carried[well] or 0) < 1
           and abs(carried[limp] or 0) < 0.02,
           f"{name}: a limp joint carries nothing, its neighbour the arm", carried)
    tap.ok(got.code == 3 and report.get("verdict") == "UNSURE",
           f"{name}: without a baseline nothing is READY", report.get("verdict"))


for row in RECORDINGS:
    test(*row)
tap.done()
