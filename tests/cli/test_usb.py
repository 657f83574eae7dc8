#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 900
# alone: two emulated machines need a processor each
"""The product binary on Debian's own kernel, in QEMU: USB devices that are
plugged in, lie, stop reading and are pulled out. The scenes are shell functions
in tests/usb; a scene has passed when its line on the console and the exit code
of its whole machine say so. What the machines said stays in GH_BUILD/usb."""

import concurrent.futures
import glob
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
from sculpture import BUILD, PROGRAM, Tap, rehearse, seal  # noqa: E402

HERE = "tests/usb"
RIG = f"{HERE}/guest.rig"
BOARD = os.path.join(BUILD, "usb_board")
FOLDER = os.path.join(BUILD, "usb")
MEMORY_MB = 256
# On a machine that has something else to do as well.
MACHINE_S = 400
# Five runs over three power-ups: the least that a baseline needs.
BUDGET = "15s"

ACM = "vhci-hcd,cdc-acm"
# An emulated FTDI adapter whose far end is the guest's own second serial port:
# so both live in the guest's time. device_del is the unplug.
FTDI_DEVICE = {"driver": "usb-serial", "id": "s0", "bus": "xhci.0", "port": "2",
               "chardev": "near", "serial": "FT-0001"}
FTDI = ("-chardev", "socket,id=far,path={folder}/wire,server=on,wait=off",
        "-serial", "chardev:far",
        "-chardev", "socket,id=near,path={folder}/wire,reconnect=1",
        "-device", "qemu-xhci,id=xhci",
        "-device", "usb-serial," + ",".join(
            f"{k}={v}" for k, v in FTDI_DEVICE.items() if k != "driver"),
        "-qmp", "unix:{folder}/qmp,server=on,wait=off")
# Name, modules, machine, scenes: what each has to show is in scene_*.sh.
MACHINES = [
    ("cable", f"{ACM},dummy_hcd,usb_f_acm", (),
     ["check", "two_copies", "foreign", "hostile", "dead", "doctor", "gadget",
      "gadget_stall", "gadget_unplug", "watch"]),
    ("faults", f"{ACM},xhci-pci,ftdi_sio", FTDI,
     ["unplug", "replug", "stall", "reboot", "reset", "ftdi", "ftdi_unplug",
      "ftdi_stall"]),
]


class Machine:
    """One boot of the guest; `said` is its console, `code` QEMU's exit code."""

    def __init__(self, name, modules, hardware, scenes, scratch):
        self.name, self.scenes = name, scenes
        self.console = os.path.join(FOLDER, f"{name}.console")
        self.qmp = f"{scratch}/qmp"
        self.hardware = [word.format(folder=scratch) for word in hardware]
        self.append = ("console=ttyS0 panic=-1 quiet mitigations=off printk.devkmsg=on "
                       f"cryptomgr.notests gmods={modules} gtest={','.join(scenes)}")
        self.said, self.code = "", None

    def command(self):
        # TCG and -M pc: /dev/kvm may be there and hang, microvm hung (1 of 8).
        # icount: the guest's time is its instructions, 2 ns each, and skips what
        # is idle. A busy machine makes it late, never its programs.
        return ["timeout", "--kill-after=5", str(MACHINE_S), "qemu-system-x86_64",
                "-accel", "tcg", "-icount", "shift=1,sleep=off", "-M", "pc", "-m", str(MEMORY_MB), "-nodefaults",
                "-display", "none", "-no-reboot", "-serial", "stdio",
                "-kernel", f"{FOLDER}/vmlinux", "-initrd", f"{FOLDER}/guest.cpio",
                "-append", self.append,
                "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04", *self.hardware]

    def ask_qemu(self, word):
        """`HOST unplug` and `HOST plug` on the console."""
        what = {"unplug": ("device_del", {"id": FTDI_DEVICE["id"]}),
                "plug": ("device_add", FTDI_DEVICE)}[word]
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(self.qmp)
            f = s.makefile("rw")
            for command, arguments in (("qmp_capabilities", {}), what):
                f.write(json.dumps({"execute": command, "arguments": arguments}))
                f.flush()
                f.readline()
            f.readline()

    def listen(self, process):
        with open(self.console, "w", encoding="utf-8") as log:
            for raw in process.stdout:
                line = raw.decode("utf-8", "backslashreplace").rstrip("\r\n")
                log.write(line + "\n")
                log.flush()
                self.said += line + "\n"
                asked = re.match(r"HOST (\w+)$", line)
                if asked:
                    self.ask_qemu(asked.group(1))

    def boot(self):
        self.said = ""
        process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.listen(process)
        self.code = process.wait()

    def run(self):
        self.boot()
        # Only a machine that never came up is started again.
        if "BOOTED" not in self.said:
            self.boot()
        return self

    def failures(self):
        """What the guest counted, None when it came to no verdict."""
        found = re.search(r"^GUESTVERDICT rc=(\d+) ", self.said, re.M)
        if not found or self.code != 2 * int(found.group(1)) + 1:
            return None
        return int(found.group(1))

    def passed(self, scene):
        return re.search(rf"^SCENE {scene} rc=0 ", self.said, re.M) is not None

    def log_of(self, scene):
        found = re.search(rf"^SCENE {scene} begins.*?^SCENE {scene} rc=", self.said,
                          re.M | re.S)
        lines = found.group(0).splitlines() if found else self.said.splitlines()
        wrong = [line.strip() for line in lines if line.strip().startswith("NO:")]
        return "\n".join(wrong or lines[-10:])

    def goldens(self):
        """{name: text} of what the scenes put forward as such."""
        texts = {}
        for name, line in re.findall(r"^ *GOLDEN (\w+)\|(.*)$", self.said, re.M):
            texts[name] = texts.get(name, "") + line.rstrip() + "\n"
        return texts


def tell(tap, machine):
    counted = machine.failures()
    lost = sum(not machine.passed(scene) for scene in machine.scenes)
    honest = counted is not None and counted == lost
    for scene in machine.scenes:
        tap.ok(honest and machine.passed(scene), f"{machine.name}: {scene}",
               f"{machine.log_of(scene)}\nqemu ended with {machine.code}; "
               f"the whole console: {machine.console}")
    for name, text in machine.goldens().items():
        compare(tap, name, text)
    return [f"{machine.name}: {figure}"
            for figure in re.findall(r"^ *FIGURE (.*)$", machine.said, re.M)]


def compare(tap, name, text):
    path = f"tests/golden/usb_{name}.txt"
    if os.environ.get("GH_UPDATE_GOLDEN"):
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
    try:
        with open(path, encoding="utf-8") as f:
            wanted = f.read()
    except OSError:
        wanted = "(no such file)"
    tap.ok(text == wanted, f"golden: {name}", f"{path}, expected:\n{wanted}found:\n{text}")


def baseline(db):
    """What the piece was like at rehearsal, by ghostlight-sim on a pty."""
    got = rehearse(db, RIG, "usb", ("--budget", BUDGET))
    return got if got.code else seal(db, "usb")


def build_image(files):
    """None, or the reason why there cannot be one."""
    done = subprocess.run(["sh", f"{HERE}/image.sh", FOLDER, *files], capture_output=True,
                          text=True, check=False)
    if done.returncode == 77:
        return done.stderr.strip()
    if done.returncode:
        print(f"Bail out! image.sh: {done.stderr.strip()[-400:]}")
        sys.exit(1)
    return None


def skip(why):
    print(f"1..0 # SKIP {why}")
    sys.exit(0)


def main():
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
    if platform.machine() != "x86_64":
        skip(f"the guest runs what was built here, and that is {platform.machine()}")
    if not shutil.which("qemu-system-x86_64"):
        skip("qemu-system-x86_64 is not installed (qemu-system-x86)")
    if not os.path.exists(BOARD):
        skip(f"{BOARD} was not built (make)")
    begun = time.monotonic()
    os.makedirs(FOLDER, exist_ok=True)
    why = build_image([])
    if why:
        skip(why)
    tap, figures = Tap(), []
    with tempfile.TemporaryDirectory(prefix="usb.") as scratch:
        db = os.path.join(scratch, "base.db")
        sealed = baseline(db)
        tap.ok(sealed.code == 0, "a baseline from the simulator", sealed)
        files = [PROGRAM, BOARD, RIG, db, f"{HERE}/kit.sh", *glob.glob(f"{HERE}/scene_*.sh"),
                 *glob.glob("scripts/udev/*.rules")]
        tap.ok(build_image(files) is None, "an image with our programs")
        wanted = os.environ.get("GH_USB_ONLY", "").split()
        machines = []
        for name, modules, hardware, scenes in MACHINES:
            place = os.path.join(scratch, name)
            os.mkdir(place)
            if not wanted or name in wanted:
                machines.append(Machine(name, modules, hardware, scenes, place))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for machine in pool.map(Machine.run, machines):
                figures += tell(tap, machine)
    figures.append(f"all of it: {time.monotonic() - begun:.0f} s")
    with open(f"{FOLDER}/figures", "w", encoding="utf-8") as f:
        f.writelines(line + "\n" for line in figures)
    tap.done()


if __name__ == "__main__":
    main()
