#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 300
# alone: a starved simulator is a controller that answers late or falls silent
"""`ghostlight doctor` from outside: a healthy chain, a cable that is not there,
a port that somebody holds, one that is silent, another language, a full disk;
and the udev rules, where udev can be asked about them."""

import fcntl
import json
import os
import pty
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import time
import tty

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
from sculpture import (PROGRAM, RIG, Result, Sculpture, Tap, finish, folder,  # noqa: E402
                       ghostlight, start)
from protocol import controller  # noqa: E402

tap = Tap()
tmp = folder()
db = os.path.join(tmp, "doctor.db")

CHAIN = "adapter port permission holder answer protocol firmware watchdog reply loss".split()
ORDER = ("adapter port permission rule holder thieves latency_timer answer protocol firmware "
         "watchdog reply loss disk space real_time").split()
RULES = ["scripts/udev/60-ghostlight.rules", "scripts/udev/61-ghostlight-uaccess.rules"]


def doctor(*args, **kw):
    return ghostlight("doctor", "--json", "--db", db, *args, **kw)


def steps(got):
    return {s["step"]: s for s in got.json().get("steps", [])}


def state(got, step):
    return steps(got).get(step, {}).get("state")


def settled(*args):
    """Again while the machine is too busy for figures: only figures may differ."""
    for _ in range(5):
        got = doctor(*args)
        if not {state(got, s) for s in ("reply", "loss", "watchdog")} & {"broken"}:
            break
    return got


def unchecked_after(got, broken):
    after = CHAIN[CHAIN.index(broken) + 1:]
    return state(got, broken) == "broken" and all(state(got, s) == "not checked yet"
                                                  for s in after)


def valid(report):
    try:
        import jsonschema
    except ImportError:
        return ""
    with open("schemas/doctor.schema.json", encoding="utf-8") as f:
        schema = json.load(f)
    errors = list(jsonschema.Draft7Validator(schema).iter_errors(report))
    return "; ".join(f"{list(e.path)}: {e.message}" for e in errors[:3])


def test_healthy():
    with Sculpture(scale=1) as sim:
        got = settled("--rig", RIG, "--port", sim.port)
        report = got.json()
        tap.ok(got.code == 0 and report.get("answers") is True, "a healthy chain is 0", got)
        tap.ok([s["step"] for s in report.get("steps", [])] == ORDER, "all steps, in order", got)
        tap.ok(not valid(report), "the JSON fits its schema", valid(report))
        tap.ok(report.get("simulated") is True, "a pty is SIMULATED", got)
        tap.ok("--allow-motion" in (steps(got)["watchdog"]["mend"] or ""),
               "the watchdog is not proved without consent", steps(got)["watchdog"])
        figures = steps(got)["reply"]["figures"]
        tap.ok(figures["replies"] == 50 and 0 < figures["p50_ms"] <= figures["p99_ms"],
               "fifty replies were timed", figures)
        figures = steps(got)["loss"]["figures"]
        tap.ok(figures["samples"] > 500 and figures["samples_lost"] is not None,
               "samples came, and losses were counted", figures)
        figures = steps(got)["disk"]["figures"]
        tap.ok(figures["commits"] == 50 and 0 < figures["p50_ms"] <= figures["p99_ms"],
               "fifty commits were timed", figures)
        tap.ok(os.listdir(tmp) == [], "nothing is left on the disk", os.listdir(tmp))
        got = settled("--rig", RIG, "--port", sim.port, "--allow-motion")
        watchdog = steps(got)["watchdog"]
        tap.ok(watchdog["state"] == "ok" and 100 <= watchdog["figures"]["proved_ms"] < 1000,
               "with consent the watchdog is proved", watchdog)
        got = settled("--rig", RIG, "--port", sim.port, "--allow-motion")
        tap.ok(state(got, "watchdog") == "ok", "and again: it was left in its safe state", got)
        got = settled("--port", sim.port)
        tap.ok(got.code == 0 and state(got, "firmware") == "advice",
               "without a rig file it only advises", got)


def test_texts():
    with Sculpture(scale=1) as sim:
        page = ghostlight("doctor", "--rig", RIG, "--port", sim.port, "--db", db)
        lines = page.out.splitlines()
        tap.ok("the sculpture answers" in lines[0]
               and "This is not a verdict about the sculpture." in page.out, "the page", page)
        tap.ok(all(len(line) <= 80 for line in lines if "try:" not in line), "in 80 columns", page)
        plain = ghostlight("doctor", "--plain", "--rig", RIG, "--port", sim.port, "--db", db)
        words = [re.match(r"(ok|advice|broken|not checked yet) (\w+), ", line)
                 for line in plain.out.splitlines()[:-1]]
        tap.ok(all(words) and [w.group(2) for w in words] == ORDER, "one step a line", plain)
        quiet = ghostlight("doctor", "--quiet", "--rig", RIG, "--port", sim.port, "--db", db)
        tap.ok(quiet.out.count("\n") == 1 and " answers; " in quiet.out, "one line", quiet)


def test_missing():
    got = doctor("--rig", RIG, "--port", "/dev/ttyUSB77")
    tap.ok(got.code == 3 and unchecked_after(got, "adapter"), "no such port", got)
    tap.ok(state(got, "disk") in ("ok", "advice") and state(got, "rule") != "not checked yet",
           "what does not hang on it is still checked", got)
    tap.ok(not valid(got.json()), "its JSON fits the schema", valid(got.json()))
    text = ghostlight("doctor", "--rig", RIG, "--port", "/dev/ttyUSB77", "--db", db)
    tap.ok("can't reach the sculpture" in text.out and text.out.rstrip().endswith(
        "This is not a verdict about the sculpture. The verdict is UNSURE."), "the last line", text)
    tap.ok(text.err == "", "nothing on stderr", text)
    name = os.path.join(tmp, "file")
    with open(name, "w", encoding="utf-8") as f:
        f.write("x")
    got = doctor("--rig", RIG, "--port", name)
    tap.ok(got.code == 3 and unchecked_after(got, "port"), "a plain file is no port", got)
    os.unlink(name)


def test_usage():
    got = doctor("--rig", "/nonexistent.rig", "--port", "/dev/null")
    tap.ok(got.code == 64 and not got.out, "a missing rig file is 64", got)
    got = doctor("--nonsense")
    tap.ok(got.code == 64, "an unknown option is 64", got)


def test_held():
    with Sculpture(scale=1) as sim:
        mine = os.open(sim.port, os.O_RDWR | os.O_NOCTTY)
        fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        got = doctor("--rig", RIG, "--port", sim.port)
        os.close(mine)
        tap.ok(got.code == 3 and unchecked_after(got, "holder"), "a held port", got)
        holder = steps(got)["holder"]
        tap.ok(f"process {os.getpid()}" in holder["found"]
               and holder["mend"].endswith(f"kill {os.getpid()}"), "the holder is named", holder)


def test_silent():
    master, slave = pty.openpty()
    tty.setraw(slave)
    got = doctor("--rig", RIG, "--port", os.ttyname(slave))
    tap.ok(got.code == 3 and unchecked_after(got, "answer"), "a silent port", got)
    os.close(slave)
    os.close(master)


def test_stop():
    master, slave = pty.openpty()
    tty.setraw(slave)
    process = start("doctor", "--rig", RIG, "--port", os.ttyname(slave), "--db", db)
    os.read(master, 1)  # it has begun to ask
    process.send_signal(signal.SIGINT)
    got = finish(process, 20)
    tap.ok(got.code == 130 and not got.out, "stopped by the operator", got)
    os.close(slave)
    os.close(master)


ARM = 0x09


def stopped_at_arm(sim):
    """Ctrl-C while the ARM of the proof is on its way; the result, and what the
    host says after it."""
    far = os.open(sim.port, os.O_RDWR | os.O_NOCTTY)
    master, slave = pty.openpty()
    tty.setraw(far)
    tty.setraw(slave)
    wire, after = controller.Receiver(), None
    process = start("doctor", "--rig", RIG, "--port", os.ttyname(slave), "--db", db,
                    "--allow-motion")
    while process.poll() is None:
        for end in select.select([far, master], [], [], 0.1)[0]:
            data = os.read(end, 4096)
            kinds = [kind for kind, _, _ in wire.feed(data, 0)] if end == master else []
            if after is not None:
                after += kinds
            elif ARM in kinds:
                process.send_signal(signal.SIGINT)
                after = kinds[kinds.index(ARM) + 1:]
            os.write(far if end == master else master, data)
    for end in (far, master, slave):
        os.close(end)
    return finish(process), after or []


def test_stop_in_proof():
    with Sculpture(scale=1) as sim:
        got, after = stopped_at_arm(sim)
        tap.ok(got.code == 130 and not got.out and "NOT SAFE" not in got.err,
               "Ctrl-C while the watchdog is proved: stopped", got)
        tap.ok(after[-4:] and set(after) & {0x02, 0x0A} and 0x03 in after,
               "the torque was on: first it is disarmed, and its safe state read back", after)
        again = settled("--rig", RIG, "--port", sim.port, "--allow-motion")
        tap.ok(state(again, "watchdog") == "ok", "and nothing is latched", again)


def test_unplugged():
    with Sculpture(scale=1) as sim:
        process = start("doctor", "--json", "--rig", RIG, "--port", sim.port, "--db", db)
        time.sleep(1.2)
    got = finish(process, 30)
    broken = [s["step"] for s in got.json().get("steps", []) if s["state"] == "broken"]
    tap.ok(got.code == 3 and broken and broken[0] in CHAIN, "unplugged in the middle", got)


def test_other_language():
    with Sculpture(scale=1) as sim:
        got = doctor("--rig", "schemas/uno.rig", "--port", sim.port)
    found = steps(got).get("protocol", {})
    tap.ok(got.code == 3 and unchecked_after(got, "protocol") and state(got, "answer") == "ok",
           "another language than the rig file says", got)
    tap.ok("lumina" in found.get("found", "") and "firmata" in found.get("found", ""),
           "both are named", found)


def test_wrong_controller():
    rig = os.path.join(tmp, "other.rig")
    with open(RIG, encoding="utf-8") as f:
        text = f.read()
    text, n = re.subn(r"(?m)^(\[link [^\]]*\])$", r"\1\nid = ffffffffffffffff", text)
    with open(rig, "w", encoding="utf-8") as f:
        f.write(text)
    with Sculpture(scale=1) as sim:
        got = doctor("--rig", rig, "--port", sim.port, "--allow-motion")
    os.unlink(rig)
    tap.ok(n == 1 and got.code == 3 and state(got, "firmware") == "broken",
           "another controller than the rig file's", got)
    tap.ok(state(got, "watchdog") == "not checked yet",
           "a stranger is never armed, whatever was allowed", got)


def test_disk():
    nowhere = os.path.join(tmp, "not", "there", "yet.db")
    got = ghostlight("doctor", "--json", "--db", nowhere, "--port", "/dev/ttyUSB77")
    tap.ok(state(got, "disk") in ("ok", "advice") and not os.path.exists(os.path.dirname(nowhere)),
           "a folder that is missing is not made", got)
    got = ghostlight("doctor", "--json", "--db", "/proc/ghostlight.db", "--port", "/dev/ttyUSB77")
    tap.ok(got.code == 3 and state(got, "disk") == "broken", "a folder that cannot be written", got)


NOBODY = 65534


def as_nobody(level):
    """doctor as somebody who may go up to that level of SCHED_FIFO, by RLIMIT_RTPRIO alone."""
    def become():
        resource.setrlimit(resource.RLIMIT_RTPRIO, (level, level))
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)

    done = subprocess.run([PROGRAM, "doctor", "--json", "--port", "/dev/ttyUSB77", "--db", db],
                          preexec_fn=become, capture_output=True, text=True, timeout=60,
                          check=False)
    return Result(done.returncode, done.stdout, done.stderr)


def test_real_time():
    for level, wanted, mend in ((0, "advice", "'@dialout - rtprio 1'"), (1, "ok", "")):
        name = f"real time by RLIMIT_RTPRIO {level}: {wanted}"
        try:
            got = as_nobody(level)
        except (PermissionError, subprocess.SubprocessError) as error:
            tap.skip(name, f"it may not be set here: {error}")
            continue
        step = steps(got).get("real_time", {})
        tap.ok(step.get("state") == wanted and mend in (step.get("mend") or ""), name, got)


def test_rules_folder():
    if not shutil.which("make"):
        tap.skip("the rules are installed where udev reads them", "no make")
        return
    done = subprocess.run(["make", "-s", "--eval=gh-show: ; @echo $(UDEVDIR)", "gh-show",
                           "BUILD=" + os.path.dirname(PROGRAM)],
                          capture_output=True, text=True, check=False)
    with open("src/link/facts_host.c", encoding="utf-8") as f:
        folders = re.findall(r'"(/[a-z/]+/udev/rules\.d)"', f.read())
    tap.ok(done.stdout.strip() in folders and len(folders) == 5,
           "the rules are installed where udev reads them", done.stdout + done.stderr)


def test_rules():
    udevadm = shutil.which("udevadm") or ("/sbin/udevadm" if os.path.exists("/sbin/udevadm")
                                          else None)
    if not udevadm:
        tap.skip("udev takes the rules", "no udevadm: apt install udev")
        return
    version = subprocess.run([udevadm, "--version"], capture_output=True, text=True, check=False)
    if int(re.match(r"\d+", version.stdout).group()) < 254:
        tap.skip("udev takes the rules", "udevadm verify came with version 254")
        return
    done = subprocess.run([udevadm, "verify", *RULES], capture_output=True, text=True, check=False)
    tap.ok(done.returncode == 0, "udev takes the rules", done.stdout + done.stderr)


# A USB serial adapter as umockdev shows it, the tty below it, and a kernel that
# prints its messages there: a port that must not be opened.
ADAPTER = """P: /devices/pci0000:00/0000:00:14.0/usb1/1-1
N: bus/usb/001/005
E: DEVNAME=/dev/bus/usb/001/005
E: DEVTYPE=usb_device
E: SUBSYSTEM=usb
A: idVendor=VENDOR
A: idProduct=PRODUCT
A: manufacturer=somebody
A: product=FT230X\033[31m
A: serial=x'; rm -rf ~; '
A: busnum=1
A: devnum=5

P: /devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0
E: DEVTYPE=usb_interface
E: SUBSYSTEM=usb
A: bInterfaceNumber=00
"""
PORT = """
P: /devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/ttyUSB0
E: SUBSYSTEM=usb-serial
A: latency_timer=16
A: port_number=0
L: driver=../../../../../../../bus/usb-serial/drivers/ftdi_sio

P: /devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1:1.0/ttyUSB0/tty/ttyUSB0
N: ttyUSB0
E: DEVNAME=/dev/ttyUSB0
E: SUBSYSTEM=tty
A: dev=188:0
L: device=../../../ttyUSB0

P: /devices/virtual/tty/console
N: console
E: DEVNAME=/dev/console
E: SUBSYSTEM=tty
A: dev=5:1
A: active=tty0 ttyUSB0
"""


def on_fake_machine(devices):
    """doctor's result on a machine with these devices, and its steps."""
    name = os.path.join(tmp, "machine.umockdev")
    with open(name, "w", encoding="utf-8") as f:
        f.write(devices)
    done = subprocess.run(["umockdev-run", "--device", name, "--", PROGRAM, "doctor", "--json",
                           "--rig", RIG, "--port", "/dev/ttyUSB0", "--db", db],
                          capture_output=True, text=True, timeout=60, check=False)
    os.unlink(name)
    return Result(done.returncode, done.stdout, done.stderr)


def test_fake_adapter():
    if not shutil.which("umockdev-run"):
        tap.skip("an adapter on a machine that is not this one",
                 "no umockdev-run: apt install umockdev")
        return
    ftdi = ADAPTER.replace("VENDOR", "0403").replace("PRODUCT", "6015")
    got = on_fake_machine(ftdi + PORT)
    seen = steps(got)
    tap.ok("0403:6015" in seen["adapter"]["found"] and "serial x'" in seen["adapter"]["found"],
           "an FTDI adapter is named", got)
    tap.ok("\x1b" not in got.out and "\\u001b" not in got.out,
           "no escape byte of a device gets out", got)
    tap.ok(seen["latency_timer"]["state"] == "advice"
           and seen["latency_timer"]["mend"] == "echo 1 | sudo tee "
           "/sys/bus/usb-serial/devices/ttyUSB0/latency_timer", "16 ms of latency timer",
           seen["latency_timer"])
    tap.ok(unchecked_after(got, "holder") and "console=ttyUSB0" in seen["holder"]["mend"]
           and got.json()["ports_tried"] == 0, "the kernel's console is not opened", got)
    tap.ok(all("rm -rf" not in (s["mend"] or "") for s in seen.values()),
           "no command has text of the device in it", got)
    got = on_fake_machine(ADAPTER.replace("VENDOR", "1a86").replace("PRODUCT", "7523"))
    tap.ok(got.code == 3 and state(got, "adapter") == "ok" and unchecked_after(got, "port")
           and steps(got)["port"]["mend"] == "sudo modprobe ch341",
           "an adapter that no driver took", got)


for test in (test_healthy, test_texts, test_missing, test_usage, test_held, test_silent,
             test_stop, test_stop_in_proof, test_unplugged, test_other_language,
             test_wrong_controller, test_disk, test_real_time, test_rules_folder, test_rules,
             test_fake_adapter):
    test()
tap.done()
