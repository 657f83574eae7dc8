#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 300
# alone: a starved host trips the watchdog before the plug is pulled
"""Ports: who is there, which one a rig file means, what is asked and what is never touched; a
plug pulled in mid run and put back under another name. The USB bus is umockdev's."""

import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import threading
import time
import tty

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../fakes"))
import controller  # noqa: E402
import fake_usb  # noqa: E402
from sculpture import (PROGRAM, RIG, Result, Sculpture, Tap, finish, folder,  # noqa: E402
                       ghostlight, start, wait_for)

HELLO = 0x01

tap = Tap()
tmp = folder()
db = os.path.join(tmp, "ports.db")


def rig_with(name, *lines):
    """The Lumina rig file with more lines in [link main]."""
    path = os.path.join(tmp, name + ".rig")
    with open(RIG, encoding="utf-8") as f:
        text = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace("driver = lumina\n", "driver = lumina\n" + "\n".join(lines) + "\n", 1))
    return path


# ---- Without any bus: a pty and who sits on it ----


class Peer:
    """The other end of a pty: says something at first, then answers by `reply(heard)`."""

    def __init__(self, first=b"", reply=lambda heard: b"", every=None):
        self.first, self.reply, self.every = first, reply, every
        self.heard = b""

    def __enter__(self):
        self.master, slave = pty.openpty()
        tty.setraw(slave)
        self.port, self.alive = os.ttyname(slave), True
        self.slave = slave
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def _serve(self):
        os.write(self.master, self.first)
        while self.alive:
            if select.select([self.master], [], [], 0.05)[0]:
                data = os.read(self.master, 4096)
                self.heard += data
                os.write(self.master, self.reply(data))
            elif self.every:
                os.write(self.master, self.every)

    def __exit__(self, *_):
        self.alive = False
        self.thread.join()
        os.close(self.slave)
        os.close(self.master)


NAME = b"\xf0\x79\x02\x05" + b"".join(bytes([c & 127, c >> 7]) for c in b"Fake.ino") + b"\xf7"


def firmata(heard):
    if b"\xf9" in heard:
        return b"\xf9\x02\x05"
    return NAME if b"\xf0\x79\xf7" in heard else b""


def asked(port):
    got = ghostlight("devices", "--ask", port, "--json")
    return got, got.json().get("devices", [{}])[0]


def leave_in_mid_talk(port):
    """A host that asked, and died before it said that it has the boot event."""
    fd = os.open(port, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(fd)
    os.write(fd, b"\0" + controller.encode_frame(HELLO, 1, b"GHLT\x01AAQ"))
    time.sleep(0.3)
    os.close(fd)


def test_ask():
    with Peer(first=b"\xf9\x02\x05" + NAME) as peer:
        got, row = asked(peer.port)
    tap.ok(got.code == 0 and row.get("answered_to") == "listening" and peer.heard == b"",
           "a boot report is heard before anything is sent", got)
    with Peer(reply=firmata) as peer:
        got, row = asked(peer.port)
    tap.ok(got.code == 0 and row.get("answered_to") == "F9" and row.get("driver") == "firmata"
           and row.get("model") == "Fake.ino", "F9 is asked first", got)
    tap.ok(peer.heard.startswith(b"\xf9"), "and it is the first byte sent", peer.heard)
    with Sculpture() as sim:
        got, row = asked(sim.port)
    tap.ok(got.code == 0 and row.get("answered_to") == "HELLO" and row.get("driver") == "lumina",
           "only then HELLO", got)
    with Sculpture() as sim:
        leave_in_mid_talk(sim.port)
        got, row = asked(sim.port)
    tap.ok(got.code == 0 and row.get("driver") == "lumina",
           "a controller that still talks to a dead host is known by its frames", got)
    with Peer(every=b"$GPGGA,1,2*47\r\n\xff\x80\x00\xfe") as peer:
        got, _ = asked(peer.port)
    tap.ok(got.code == 3 and "keeps talking" in got.err, "a stranger who talks is left alone", got)
    tap.ok(set(peer.heard) == {0xf9}, "he got F9 and nothing else", peer.heard[:40])
    with Peer(every=b"$GPGGA,1,2*47\r\n\xff\x80\x00\xfe") as peer:
        got = ghostlight("doctor", "--port", peer.port, "--db", db)
    tap.ok(got.code == 3 and set(peer.heard) == {0xf9}, "doctor asks him no more either",
           peer.heard[:40])
    with Peer() as peer:
        got, _ = asked(peer.port)
    tap.ok(got.code == 3 and "nothing answers" in got.err, "silence is told", got)
    tap.ok(all(b not in peer.heard for b in (0xff, 0xf4, 0xe0)),
           "no byte that moves anything", peer.heard[:80])


def test_interrupt():
    for what in (("check", "--rig", RIG, "--db", db), ("check", "--rig", "schemas/uno.rig", "--db",
                                                       db), ("devices",)):
        option = "--ask" if what[0] == "devices" else "--port"
        with Peer() as peer:
            run = start(*what, option, peer.port)
            until = time.monotonic() + 20
            while not peer.heard and time.monotonic() < until:
                time.sleep(0.01)
            begun = time.monotonic()
            run.send_signal(signal.SIGINT)
            ended = finish(run)
            took = time.monotonic() - begun
        tap.ok(ended.code == 130, f"Ctrl-C while {' '.join(what[:3])} asks: exit 130", ended)
        tap.ok(took < 1.0, "and at once", took)


def test_long_name():
    """As long as those in /dev/serial/by-id."""
    name = os.path.join(tmp, "usb-Arduino__www.arduino.cc__0043_85735313932351F01111-if00-port0")
    with Sculpture() as sim:
        os.symlink(sim.port, name)
        got = ghostlight("check", "--rig", RIG, "--db", db, "--json", "--budget", "15s", "--port",
                         name)
        rig = rig_with("long", "port = " + name)
        again = ghostlight("check", "--rig", rig, "--db", db, "--json", "--budget", "15s")
    tap.ok(len(name) > 64 and got.json().get("port") == name and got.json().get("run"),
           "a port with a long name is opened", got)
    tap.ok(again.json().get("port") == name and again.json().get("run"), "from a rig file too",
           again)
    got = ghostlight("check", "--rig", RIG, "--db", db, "--port", "/dev/" + "x" * 130)
    tap.ok(got.code == 64 and "at most 127" in got.err, "a name is never cut off", got)
    os.unlink(name)


# What blocks, spins after an unplug, or tears a tty down under its reader (measured on Debian 12).
BANNED = ("sp_blocking_read sp_blocking_read_next sp_blocking_write sp_drain sp_flush sp_wait "
          "libusb_reset_device libusb_claim_interface libusb_detach_kernel_driver "
          "libusb_set_auto_detach_kernel_driver libusb_set_configuration").split()


def test_banned():
    if not shutil.which("nm"):
        tap.skip("calls that must not be made", "no nm here (apt install binutils)")
        return
    used = subprocess.run(["nm", "-D", "-u", PROGRAM], capture_output=True, text=True,
                          check=True).stdout.split()
    used = {name.partition("@")[0] for name in used}
    tap.ok("sp_nonblocking_read" in used and "libusb_get_device_list" in used,
           "the libraries are called", sorted(used)[:9])
    tap.ok(not used & set(BANNED), "none of the calls that trap", used & set(BANNED))


# ---- On the bus ----


class Inside:
    def __init__(self):
        self.bus = fake_usb.Bus(tmp)

    def run(self, *args):
        return ghostlight(*args, env=self.bus.env)

    def start(self, *args):
        return start(*args, env=self.bus.env)

    def check(self, rig, *more):
        return self.run("check", "--rig", rig, "--db", db, "--json", *more)


def test_list(world):
    bus = world.bus
    bus.plug("ttyACM0", product=b"Evil\x1b[2J\x07\xe2\x80\xae name")
    bus.plug("ttyUSB10", "1a86:7523", "", b"x" * 255, "1-10", latency=1)
    bus.plug("ttyUSB2", "0403:6010", "FT1", b"Dual", "1-2", 0, 16)
    bus.plug("ttyUSB3", "0403:6010", "FT1", b"Dual", "1-2", 1, 1)
    bus.plug("ttyACM7", "1209:0001", "s" * 126, b"\x1b]0;own\x07", "1-3")
    got = world.run("devices", "--json")
    rows = {r["port"]: r for r in got.json().get("devices", [])}
    tap.ok(list(rows) == ["/dev/ttyACM0", "/dev/ttyACM7", "/dev/ttyUSB2", "/dev/ttyUSB3",
                          "/dev/ttyUSB10"], "sorted as people count", got)
    uno = rows.get("/dev/ttyACM0", {})
    tap.ok(uno.get("what") == "Arduino Uno" and uno.get("usb") == "2341:0043"
           and uno.get("usb_serial") == "557" and uno.get("usb_path") == "1-1:1.0"
           and uno.get("kernel_driver") == "cdc_acm", "a board in every field", uno)
    tap.ok(uno.get("product", "").startswith("Evil\\x1B[2J\\x07"), "its text is made safe", uno)
    dual = [rows.get(f"/dev/ttyUSB{n}", {}) for n in (2, 3)]
    tap.ok([d.get("usb_path") for d in dual] == ["1-2:1.0", "1-2:1.1"],
           "two functions of one device are told apart", dual)
    tap.ok([d.get("latency_timer_ms") for d in dual] == [16, 1]
           and "16 ms" in dual[0]["note"] and dual[1]["note"] == "", "slow FTDI timer", dual)
    tap.ok(all(len(t) <= 64 for r in rows.values() for t in (r["product"], r["usb_serial"])),
           "long strings are cut", rows)
    for form in ((), ("--plain",)):
        text = world.run("devices", *form).out
        tap.ok(text.count("\n") == 6 and all(" " <= c <= "~" or c == "\n" for c in text),
               "text has nothing a terminal would obey", repr(text))
    for name in ("ttyACM0", "ttyUSB10", "ttyUSB2", "ttyUSB3", "ttyACM7"):
        bus.unplug(name)


def test_maestro(world):
    world.bus.plug("ttyACM0", usb="1ffb:0089", serial="00012345")
    cable = os.path.join(world.bus.cables, "ttyACM0")
    with Peer() as peer:
        os.symlink(peer.port, cable)
        got = world.run("devices", "--ask", "/dev/ttyACM0")
    tap.ok(got.code == 3 and "Pololu Maestro" in got.err and not peer.heard,
           "a Maestro is not asked: any byte may move it", (got, peer.heard))
    os.unlink(cable)
    world.bus.unplug("ttyACM0")


def test_expected(world):
    world.bus.plug("ttyACM0", serial="111")
    world.bus.plug("ttyACM1", serial="557", path="1-2")
    rig = rig_with("one", "usb = 2341:0043", "usb_serial = 557")
    rows = world.run("devices", "--rig", rig, "--json").json().get("devices", [])
    tap.ok([r["port"] for r in rows if r["taken"]] == ["/dev/ttyACM1"], "expected and found", rows)
    tap.ok(any("serial 111, expected 557" in r["why"] for r in rows), "and why not the other",
           rows)
    world.bus.unplug("ttyACM1")
    got = world.run("devices", "--rig", rig)
    tap.ok("expected and not in this list: usb 2341:0043 serial 557" in got.out,
           "expected and not found", got)
    got = world.check(rig)
    tap.ok(got.code == 3 and "serial 557 of [link main] is not there" in got.err
           and got.json().get("verdict") == "UNSURE", "check: UNSURE, and what is there", got)
    got = world.run("stop", "--rig", rig)
    tap.ok(got.code == 2 and "NOT SAFE" in got.out, "stop: not found is not safe", got)
    got = world.check(rig_with("name", "port = /dev/ttyACM0"))
    tap.ok(got.code == 3 and "better usb = 2341:0043 and usb_serial = 111" in got.err,
           "a counted name is advised against", got)
    got = world.check(RIG)
    tap.ok(got.code == 64 and "no port" in got.err, "nothing named: refused", got)
    world.bus.unplug("ttyACM0")


def test_choice(world):
    bus = world.bus
    bus.plug("ttyACM0", path="1-1")
    bus.plug("ttyACM1", path="1-2")
    with Sculpture(scale=4) as sim, Peer() as other:
        device = asked(sim.port)[1].get("id", "")
        cable = fake_usb.Cable(bus, sim.port)
        cable.into("ttyACM1")
        os.symlink(other.port, os.path.join(bus.cables, "ttyACM0"))
        got = world.check(rig_with("several", "usb = 2341:0043"))
        tap.ok(got.code == 64 and "2 ports fit: /dev/ttyACM0 (1-1:1.0), /dev/ttyACM1 (1-2:1.0)"
               in got.err, "several fit: all are listed, none is taken", got)
        tap.ok(not cable.heard and not other.heard, "nothing was sent to any",
               (cable.heard, other.heard))
        got = world.check(rig_with("id", "usb = 2341:0043", f"id = {device}"), "--budget", "15s")
        tap.ok(got.code == 3 and got.json().get("port") == "/dev/ttyACM1"
               and got.json().get("end") == "complete", "asked one after the other for its id", got)
        tap.ok("taken: id " + device in got.err, "and it is said", got)
        before = len(other.heard)
        got = world.check(rig_with("other", "usb = 2341:0043", "usb_serial = nobody"))
        got = world.check(rig_with("none", "id = " + device))
        tap.ok(got.code == 64 and len(other.heard) == before,
               "an id alone names no port: nobody is asked", got)
        bus.make("dev/serial/by-path")
        bus.link("dev/ttyACM1", "dev/serial/by-path/socket")
        got = world.run("devices", "--json", "--rig", rig_with(
            "place", "usb = 2341:0043", "port = /dev/serial/by-path/socket"))
        rows = got.json().get("devices", [])
        tap.ok([r["port"] for r in rows if r["taken"]] == ["/dev/ttyACM1"],
               "a lasting name decides among equals", rows)
        cable.pull("ttyACM1")
        cable.end()
    os.unlink(os.path.join(bus.cables, "ttyACM0"))
    bus.unplug("ttyACM0")
    bus.unplug("ttyACM1")


def pull_in_mid_run(world, back_as):
    """The run, and the seconds from the pull to its end."""
    bus, rig = world.bus, rig_with("pull", "usb = 2341:0043", "usb_serial = 557")
    bus.plug("ttyACM0", path="1-1")
    with Sculpture(scale=4, session=3) as sim:
        cable = fake_usb.Cable(bus, sim.port)
        cable.into("ttyACM0")
        run = world.start("check", "--rig", rig, "--db", db, "--json", "--allow-motion")
        seen = wait_for(run, "keep clear")
        seen += wait_for(run, "fast", 30)
        pulled = time.monotonic()
        cable.pull("ttyACM0")
        bus.unplug("ttyACM0")
        if back_as:
            time.sleep(0.6)
            cable.into(back_as)
            bus.plug(back_as, path="1-3")
        ended = finish(run)
        took = time.monotonic() - pulled
        if back_as:
            cable.pull(back_as)
            bus.unplug(back_as)
        cable.end()
    return Result(ended.code, ended.out, seen + ended.err), took


def test_replug(world):
    got, took = pull_in_mid_run(world, "ttyACM1")
    report = got.json()
    tap.ok(got.code == 3 and report.get("verdict") == "UNSURE" and report.get("end") == "failed",
           "unplugged in mid sweep: UNSURE", got)
    error = report.get("error") or ""
    tap.ok("unplugged after" in error and "back as /dev/ttyACM1 after" in error,
           "found again under another name, and the run is marked", error)
    tap.ok("holds, latched WATCHDOG" in error, "what its controller did meanwhile is told", error)
    tap.ok((report.get("run") or 0) > 0 and took < 6, "stored, in time", (report.get("run"), took))
    got, took = pull_in_mid_run(world, None)
    error = got.json().get("error") or ""
    tap.ok(got.code == 3 and "not back within 3.0 s" in error, "not back: UNSURE all the same",
           got)
    tap.ok("watchdog, proved in this run" in error and took < 6, "what stops it is told, in time",
           (error, took))


def test_watch(world):
    run = world.start("devices", "--watch", "--json")
    said = wait_for(run, "Ctrl-C ends")
    tap.ok("every second" in said, "it says how it looks", said)
    time.sleep(0.3)
    world.bus.plug("ttyACM0")
    lines = [json.loads(run.line(run.stdout))]
    world.bus.unplug("ttyACM0")
    lines.append(json.loads(run.line(run.stdout)))
    run.send_signal(signal.SIGINT)
    ended = finish(run)
    tap.ok([(l["event"], l["port"], l["usb_serial"]) for l in lines]
           == [("arrived", "/dev/ttyACM0", "557"), ("left", "/dev/ttyACM0", "557")],
           "arrivals and departures, a line each", lines)
    tap.ok(ended.code == 0, "until Ctrl-C", ended)


def inside():
    world = Inside()
    test_list(world)
    test_maestro(world)
    test_expected(world)
    test_choice(world)
    test_watch(world)
    test_replug(world)


def main():
    if not os.path.exists(PROGRAM):
        print(f"1..0 # SKIP no program in {PROGRAM}")
        return
    if "inside" in sys.argv:
        inside()
        tap.done()
    test_banned()
    test_ask()
    test_interrupt()
    test_long_name()
    why = fake_usb.missing()
    if why:
        tap.skip("a USB bus that is not there", why)
    else:
        tap.ok(fake_usb.run_inside(__file__) == 0, "on a USB bus that is not there",
               "see the lines of the inner script")
    tap.done()


main()
