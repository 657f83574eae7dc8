#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 60
# alone: a starved host loses its lease, and the latch is not the one expected
"""The firmware core on another processor: a Cortex-M0 and a Cortex-M3 in
QEMU (tests/cortex) play the worked dialogue of schemas/protocol.md byte for
byte, survive a flood, and the real tool and driver talk to them in real time.
QEMU has no baud rate and no pins: this proves portability, not timing."""

import concurrent.futures
import os
import random
import select
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
import tty

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "kit"))
from protocol import BUILD, CONTRACT, contract_lines, controller, play  # noqa: E402
from sculpture import PROGRAM, Tap, folder, ghostlight, hurry  # noqa: E402

MACHINES = ("microbit", "mps2-an385")
# tests/cortex: enum fake_piece, and struct probe at the start of RAM.
ARM, DIALOGUE = 0, 1
PIECE, BOOT_ID, CLOCK_US, POLLED_US, RECEIVED = range(0x2000_0000, 0x2000_0014, 4)
BOOT = 0x11223344
START_US = 1_000_000
# A loaded machine may starve QEMU; a firmware that hangs stays silent for ever.
PATIENCE_S = 20
FLOOD = 60_000
AFTER_FLOOD = 200
# A session in which this computer stood still as long as one period of the
# stream says nothing of the firmware, and is taken again.
LOOK_S, STALL_S, TRIES = 0.002, 0.01, 4
CLOCK, LINKSTATS = 0x05, 0x07

tap = Tap()


def connect(path):
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            s = socket.socket(socket.AF_UNIX)
            s.connect(path)
            return s
        except OSError:
            s.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.01)


class Machine:
    """A machine in QEMU: its UART is the socket `wire`. Its memory is read and
    written over QEMU's test socket, as a debugger would while it runs. For a
    `with` block."""

    def __init__(self, name, piece):
        place = folder()
        uart, probe = (os.path.join(place, s) for s in ("uart", "probe"))
        words = ((PIECE, piece), (BOOT_ID, BOOT), (CLOCK_US, START_US))
        loaded = [w for at, v in words
                  for w in ("-device", f"loader,addr={at},data={v},data-len=4")]
        self.process = subprocess.Popen(
            ["qemu-system-arm", "-accel", "tcg", "-M", name, "-kernel", elf(name),
             *loaded, "-display", "none", "-monitor", "none",
             "-chardev", f"socket,path={uart},server=on,wait=on,id=u0",
             "-serial", "chardev:u0",
             "-qtest", f"unix:{probe},server=on,wait=off", "-qtest-log", "none"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.wire = connect(uart)
        self.probe = connect(probe).makefile("rw")
        self.told = 0
        self.said = bytearray()
        self.sent = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.wire.close()
        self.process.terminate()
        self.process.wait(10)

    def _ask(self, line):
        print(line, file=self.probe, flush=True)
        said = self.probe.readline().split()
        if said[:1] != ["OK"]:
            raise RuntimeError(f"QEMU: {line}: {' '.join(said)}")
        return said[1:]

    def read(self, address):
        return int(self._ask(f"readl {address:#x}")[0], 16)

    def _until(self, address, value):
        end = time.monotonic() + PATIENCE_S
        while self.read(address) != value:
            if time.monotonic() > end:
                raise ValueError(f"word {address:#x}: expected {value}, "
                                 f"found {self.read(address)}")
        self._collect()

    def _collect(self):
        """All that has been said; a bare delimiter is not a frame."""
        while select.select([self.wire], [], [], 0)[0]:
            self.said += self.wire.recv(4096)
        *frames, rest = self.said.split(b"\0")
        self.said = bytearray(rest)
        self.sent += [bytes(f) + b"\0" for f in frames if f]

    def advance(self, us):
        self._ask(f"writel {CLOCK_US:#x} {us:#x}")
        self._until(POLLED_US, us)

    def receive(self, data):
        self.wire.sendall(data)
        self.told += len(data)
        self._until(RECEIVED, self.told)


class Bridge:
    """A pty in front of a socket; `port` is its name. For a `with` block."""

    def __init__(self, wire):
        self.master, self.slave = os.openpty()  # the slave stays open
        tty.setraw(self.slave)
        self.port = os.ttyname(self.slave)
        self.wire = wire
        self.stall_s = 0.0      # the longest this computer stood still
        self.end, self.ended = os.pipe()
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        looked = time.monotonic()
        while True:
            ready, _, _ = select.select([self.master, self.wire, self.end], [], [], LOOK_S)
            self.stall_s = max(self.stall_s, time.monotonic() - looked - LOOK_S)
            looked = time.monotonic()
            if self.end in ready:
                return
            if self.master in ready:
                self.wire.sendall(os.read(self.master, 4096))
            if self.wire in ready:
                said = self.wire.recv(4096)
                if not said:
                    return
                os.write(self.master, said)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        os.write(self.ended, b".")
        self.thread.join()
        for fd in (self.master, self.slave, self.end, self.ended):
            os.close(fd)


def elf(name):
    return os.path.join(BUILD, "firmware", name + ".elf")


def size(name):
    done = subprocess.run(["arm-none-eabi-size", elf(name)], capture_output=True,
                          text=True, check=False)
    numbers = (done.stdout.splitlines() or [""])[-1].split()
    tap.ok(len(numbers) > 2, f"{name}: its size is known", done.stderr)
    print(f"# {name}: text, data, bss = {' '.join(numbers[:3])} bytes")


def speaks_the_dialogue(name):
    with Machine(name, DIALOGUE) as m:
        try:
            m.advance(START_US)
            compared = play(m, m.sent)
            tap.ok(compared > 40, f"{name}: the worked dialogue, {compared} frames", compared)
        except ValueError as error:
            tap.ok(False, f"{name}: the worked dialogue, byte for byte", error)


def answer(wire, seq, kind, payload=b""):
    """The answer to one request, b"" when none comes."""
    wire.sendall(controller.encode_frame(kind, seq, payload))
    said, end = bytearray(), time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if select.select([wire], [], [], 0.1)[0]:
            said += wire.recv(4096)
        *frames, rest = said.split(b"\0")
        for body in map(controller.cobs_decode, frames):
            if body and body[:2] == bytes((kind | 0x80, seq)):
                return body[2:-4]
        said = bytearray(rest)
    return b""


def flooded(name):
    """LINKSTATS after the flood, seconds until then, and the times of later answers."""
    garbage = random.Random(1).randbytes(FLOOD)
    with Machine(name, ARM) as m:
        begun = time.monotonic()
        m.wire.sendall(garbage + b"\0")
        stats = answer(m.wire, 0, LINKSTATS)
        took = time.monotonic() - begun
        times = []
        for seq in range(1, AFTER_FLOOD + 1):
            asked_at = time.monotonic()
            if answer(m.wire, seq, CLOCK):
                times.append(time.monotonic() - asked_at)
    return stats, took, times


def is_unharmed(name, stats, took, times):
    good, bad, lost = struct.unpack("<3I", stats[:12]) if stats else (0, 0, 0)
    tap.ok(good == 1 and bad > 100, f"{name}: {FLOOD} bytes of garbage are counted as such",
           f"good {good}, bad {bad}, lost {lost}")
    tap.ok(len(times) == AFTER_FLOOD, f"{name}: of {AFTER_FLOOD} later requests none is lost",
           f"answered {len(times)}")
    print(f"# {name}: flood taken at {FLOOD / took:.0f} bytes/s, {bad} bad frames, {lost} bytes "
          f"lost; then median answer {1000 * sorted(times or [0])[len(times) // 2]:.2f} ms")


def asked(name):
    with Machine(name, ARM) as m, Bridge(m.wire) as b:
        return ghostlight("devices", "--ask", b.port, "--json")


def is_known(name, answer_of_tool):
    found = (answer_of_tool.json().get("devices") or [{}])[0]
    want = {"driver": "lumina", "model": "ghostlight", "id": b"cortex-m".hex(), "joints": 2}
    tap.ok(answer_of_tool.code == 0 and {k: found.get(k) for k in want} == want,
           f"{name}: ghostlight devices --ask knows it", answer_of_tool)


def keeps_the_contract(name):
    if not os.access(CONTRACT, os.X_OK):
        tap.skip(f"{name}: driver contract", f"{CONTRACT} is not built")
        return
    for _ in range(TRIES):
        with Machine(name, ARM) as m, Bridge(m.wire) as b:
            lines = contract_lines(b.port)
        cases = [line for line in lines if line.startswith(("ok ", "not ok "))]
        if b.stall_s < STALL_S or all(case.startswith("ok ") for case in cases):
            break
        print(f"# {name}: this computer stood still for {1000 * b.stall_s:.0f} ms: once more")
    for case in cases:
        tap.ok(case.startswith("ok ") and "SKIP" not in case,
               f"{name}: driver: {case.partition(' - ')[2]}", "\n".join(lines[-12:]))
    tap.ok(len(cases) >= 10, f"{name}: the driver's contract was played", lines)


def missing():
    for tool, package in (("qemu-system-arm", "qemu-system-arm"),
                          ("arm-none-eabi-size", "gcc-arm-none-eabi")):
        if not shutil.which(tool):
            return f"{tool} is missing: apt install {package}"
    for file in (*map(elf, MACHINES), PROGRAM):
        if not os.path.exists(file):
            return f"{file} was not built"
    return ""


def main():
    why = missing()
    if why:
        print(f"1..0 # SKIP {why}")
        return
    hurry()
    for name in MACHINES:
        for check in (size, speaks_the_dialogue, keeps_the_contract):
            check(name)
    # Here time does not matter: all at once.
    with concurrent.futures.ThreadPoolExecutor() as pool:
        work = [(pool.submit(asked, name), pool.submit(flooded, name)) for name in MACHINES]
        for name, (known, flood) in zip(MACHINES, work):
            is_known(name, known.result())
            is_unharmed(name, *flood.result())
    tap.done()


if __name__ == "__main__":
    main()
