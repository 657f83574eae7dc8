#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# alone: a starved host trips the watchdog
# timeout: 180
"""A disk that takes half a second for a commit: nothing is committed while joints
may move, so sampling and heartbeat do not notice."""

import os
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
from sculpture import (BUILD, Sculpture, Tap, checking, finish, folder, ghostlight, hurry, start)  # noqa: E402

SLOW_MS = 500  # reliability: "slow disk (500 ms commits)"; five times the watchdog
SCALE = 2
BEGUN = 8  # syncs: the scratch database is there, and commits are under way
TRIES = 3  # a starved host is late without any disk; the control run says so

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
static int slow(const char *name, int fd)
{
	int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
	struct timespec half = { 0, %d000000L };
	FILE *log = fopen(getenv("SLOW_LOG"), "a");
	if (log) { fprintf(log, "%%s\n", name); fclose(log); }
	nanosleep(&half, NULL);
	return real(fd);
}
int fsync(int fd) { return slow("fsync", fd); }
int fdatasync(int fd) { return slow("fdatasync", fd); }
""" % SLOW_MS

tap = Tap()
tmp = folder()


def build():
    """The shim, or why not."""
    if "/san-" in BUILD:
        return "", "a sanitizer wants to be loaded first"
    if not shutil.which("cc"):
        return "", "no compiler"
    code, shim = os.path.join(tmp, "slow.c"), os.path.join(tmp, "slow.so")
    with open(code, "w", encoding="ascii") as f:
        f.write(SHIM)
    done = subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", shim, code, "-ldl"],
                          capture_output=True, text=True, check=False)
    return (shim, "") if done.returncode == 0 else ("", done.stderr.splitlines()[0][:80])


def check(name, **env):
    with Sculpture(scale=SCALE) as sim:
        return ghostlight(*checking(sim.port, os.path.join(tmp, name), "--budget", "30s",
                                    "--allow-motion", "--json"), env=env)


def value(got, metric):
    for part in got.json().get("parts", []):
        for finding in part["findings"]:
            if finding["metric"] == metric:
                return finding["value"]
    return None


def syncs(log):
    if not os.path.exists(log):
        return 0
    with open(log, encoding="ascii") as f:
        return len(f.readlines())


def doctor_is_broken_off(shim):
    """Of its fifty commits only those before the stop are made."""
    log = os.path.join(tmp, "doctor")
    doctor = start("doctor", "--port", os.path.join(tmp, "none"), "--db",
                   os.path.join(tmp, "d.db"), env={"LD_PRELOAD": shim, "SLOW_LOG": log})
    while syncs(log) < BEGUN and doctor.poll() is None:
        time.sleep(0.05)
    doctor.send_signal(signal.SIGINT)
    got = finish(doctor, 100)
    tap.ok(got.code == 130 and BEGUN <= syncs(log) < 50, "doctor is stopped between two commits",
           (syncs(log), got))
    left = [name for name in os.listdir(tmp) if name.startswith(".ghostlight-doctor")]
    tap.ok(not left, "and leaves nothing in the folder", left)


def main():
    shim, why = build()
    if why:
        tap.skip("a slow disk", why)
        tap.done()
    doctor_is_broken_off(shim)
    hurry()
    for turn in range(TRIES):
        log = os.path.join(tmp, f"log{turn}")
        usual = check("runs.db")
        slow = check("runs.db", LD_PRELOAD=shim, SLOW_LOG=log)
        late = [got for got in (usual, slow) if "WATCHDOG" in got.err + (got.json().get("error") or "")]
        if not late or slow not in late:
            break
        print("# a watchdog tripped; once more")
    n, report = syncs(log), slow.json()
    tap.ok(n >= 2, "the disk was slow at the beginning and the end", n)
    tap.ok(report.get("end") == usual.json().get("end") == "complete" and not report.get("error"),
           "the check is whole, no watchdog tripped", slow)
    tap.ok(report.get("motion_s", 0) > 1, "joints moved in it", report.get("motion_s"))
    gap, was = value(slow, "link.gap"), value(usual, "link.gap")
    tap.ok(None not in (gap, was) and gap < was + SLOW_MS / 2,
           "no gap in the samples is of the disk's length", (gap, was))
    states = [{p["part"]: p["state"] for p in got.json().get("parts", [])} for got in (usual, slow)]
    differ = [p for p in states[0] if states[0][p] != states[1].get(p) and p not in ("link", "controller")]
    tap.ok(states[0] and not differ, "every part says what it says on a fast disk", differ)
    if not tap.failed:
        print(f"soak: slow-disk: {n} commits and syncs of {SLOW_MS} ms, longest gap of the samples "
              f"{gap:.0f} ms (fast disk {was:.0f} ms), no watchdog tripped")
    tap.done()


main()
