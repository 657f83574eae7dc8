#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# timeout: 60
"""ghostlight-sim as a program: its port, its options, its end. TAP.

The wire is spoken with a few lines written from schemas/protocol.md.
"""

import os
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("GH_BUILD", os.path.join(ROOT, "build"))
SIM = os.path.join(BUILD, "ghostlight-sim")
HELLO = bytes.fromhex("0F010147484C5401414151" "6B172D7C00")
TESTS = []


def test(f):
    TESTS.append(f)
    return f


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def uncobs(data):
    out, i = bytearray(), 0
    while i < len(data):
        code = data[i]
        out += data[i + 1 : i + code]
        i += code
        if code < 255 and i < len(data):
            out.append(0)
    return bytes(out)


def cobs(data):
    out, run = bytearray(), bytearray()
    for byte in data + b"\0":
        if byte == 0:
            out += bytes([len(run) + 1]) + run
            run = bytearray()
        else:
            run.append(byte)
    return bytes(out)


class Sim:
    """A running simulator and a host's end of its port."""

    def __init__(self, *options):
        self.process = subprocess.Popen(
            [SIM, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        line = self.process.stdout.readline()
        assert line.startswith("port: /dev/"), line
        self.port = line.split()[1]
        self.fd = os.open(self.port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.buffer = b""
        self.seq = 1  # HELLO's

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.fd)
        if self.process.poll() is None:
            self.process.kill()
        self.process.stdout.close()
        self.process.wait()

    def frame(self, wanted, seconds=3.0):
        """The next frame of that type, type and seq first, without its CRC."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            while b"\0" in self.buffer:
                coded, self.buffer = self.buffer.split(b"\0", 1)
                body = uncobs(coded)
                if not body:
                    continue
                assert crc32c(body[:-4]) == struct.unpack("<I", body[-4:])[0]
                if body[0] == wanted:
                    return body[:-4]
            if select.select([self.fd], [], [], 0.05)[0]:
                self.buffer += os.read(self.fd, 4096)
        raise AssertionError(f"no frame of type {wanted:02X}")

    def ask(self, kind, payload):
        """The payload of the reply to a request."""
        self.seq = (self.seq + 1) % 256  # a repeated one repeats the reply
        body = bytes([kind, self.seq]) + payload
        body += struct.pack("<I", crc32c(body))
        os.write(self.fd, b"\0" + cobs(body) + b"\0")
        return self.frame(kind + 0x80)[2:]

    def dictionary(self, kind, fixed):
        """Part and description of all channels (0) or lamps (2)."""
        count = self.ask(0x04, bytes([kind, 0]))[2]
        entries = [self.ask(0x04, bytes([kind, i])) for i in range(count)]
        return [(e[fixed:].decode(), e[3:fixed]) for e in entries]

    def look(self, channels):
        """What a stream of these channels says of them in the end."""
        self.ask(0x08, struct.pack("<BHB", 0, 100, len(channels)) + bytes(channels))
        for _ in range(5):
            body = self.frame(0x40)[2:]
        assert body[0] == 0, "stream"
        values = struct.unpack(f"<{len(body[10:]) // 2}h", body[10:])
        self.ask(0x08, struct.pack("<BHB", 0, 0, 0))
        return values[-len(channels):]

    def hello(self):
        os.write(self.fd, b"\0" + HELLO)
        return self.frame(0x81)


def run(*options):
    return subprocess.run(
        [SIM, *options], cwd=ROOT, capture_output=True, text=True, timeout=20
    )


@test
def hello_is_answered():
    with Sim("--seed", "7") as sim:
        body = sim.hello()
        assert body[1] == 1 and body[2] == 1, "seq and major"
        assert body[4] & 1, "it says that it is simulated"
        assert body[5] == 1, "time scale"
        assert body[-10:] == b"ghostlight"


@test
def individuals_and_sessions_differ():
    ids = []
    for options in (("1", "1"), ("1", "1"), ("1", "2"), ("2", "1")):
        with Sim("--seed", options[0], "--session", options[1]) as sim:
            body = sim.hello()
            ids.append((body[10:18], body[6:10]))
    assert ids[0] == ids[1], "the same twice"
    assert ids[0][0] == ids[2][0] and ids[0][1] != ids[2][1], "another session"
    assert ids[0][0] != ids[3][0], "another individual"


@test
def time_scale_is_announced():
    with Sim("--time-scale", "20") as sim:
        assert sim.hello()[5] == 20


@test
def hosts_come_and_go():
    with Sim() as sim:
        for _ in range(3):
            sim.hello()
            os.close(sim.fd)
            sim.fd = os.open(sim.port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            sim.buffer = b""


@test
def sigusr1_reboots_the_controller():
    with Sim() as sim:
        before = sim.hello()
        sim.process.send_signal(signal.SIGUSR1)
        time.sleep(0.3)
        after = sim.hello()
        assert before[6:10] != after[6:10], "boot id"
        assert before[10:18] == after[10:18], "device id"
        assert after[27] == 4, "reset cause"


@test
def ends_on_sigterm_and_sigint():
    for sig in (signal.SIGTERM, signal.SIGINT):
        with Sim() as sim:
            sim.process.send_signal(sig)
            assert sim.process.wait(timeout=5) == 0


@test
def link_name():
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "port")
        with Sim("--link-name", name) as sim:
            assert os.readlink(name) == sim.port
            sim.process.terminate()
            sim.process.wait(timeout=5)
        assert not os.path.lexists(name)


@test
def the_whole_sculpture_is_described():
    with Sim("--rig", "schemas/lumina.rig", "--press") as sim:
        body = sim.hello()
        # channels, actuators, lamps
        assert tuple(body[22:25]) == (77, 12, 6), body.hex()
        channels = sim.dictionary(0, 21)
        assert len(channels) == 77
        parts = [part for part, _ in channels]
        for kind, n in (("fibre.", 8), ("crystal.", 6), ("chrome.", 4),
                        ("spotlight", 1), ("remote", 3)):
            assert sum(part.startswith(kind) for part in parts) == n, kind


@test
def every_lamp_is_seen():
    with Sim("--rig", "schemas/lumina.rig") as sim:
        sim.hello()
        # of quantity light, as many as one frame carries
        lights = [(part, i) for i, (part, about) in
                  enumerate(sim.dictionary(0, 21)) if about[0] == 5]
        names = [part for part, _ in lights]
        numbers = [i for _, i in lights]
        assert len(lights) == 1 + 8 + 6 + 4 + 1
        dark = dict(zip(names, sim.look(numbers)))
        for i, (part, about) in enumerate(sim.dictionary(2, 7)):
            most = struct.unpack("<H", about[1:3])[0]
            levels = [most if k < about[0] else 0 for k in range(4)]
            sim.ask(0x13, struct.pack("<BH4H", i, 0, *levels))
            lit = dict(zip(names, sim.look(numbers)))
            sim.ask(0x13, struct.pack("<BH4H", i, 0, 0, 0, 0, 0))
            brighter = {n for n in names if lit[n] > dark[n] + 3000}
            # the core shines into its fibres, the spotlight on crystals
            also = {"core": "fibre.", "spotlight": "crystal."}.get(part, part)
            want = {n for n in names if n == part or n.startswith(also)}
            assert brighter == want, (part, brighter)


@test
def list_of_faults():
    out = run("--list-faults")
    assert out.returncode == 0
    for word in ("limp", "blue_lost", "link_lossy", "controller_reset",
                 "remote_battery_low", "light sensor", "noticeable"):
        assert word in out.stdout, word
    # a line is fault, part, unit and three sizes, none run together
    sizes = [line.split()[-3:] for line in out.stdout.splitlines()[1:]]
    assert all(float(s) >= 0 for row in sizes for s in row)
    assert max(len(line) for line in out.stdout.splitlines()) < 100


@test
def help_names_every_option():
    out = run("--help")
    assert out.returncode == 0
    for word in ("--rig", "--seed", "--session", "--fault", "--time-scale",
                 "--list-faults", "--link-name", "--press"):
        assert word in out.stdout, word


@test
def usage_errors():
    for options in (["--nonsense"], ["--seed"], ["--seed", "x"], ["extra"],
                    ["--time-scale", "0"], ["--time-scale", "1.5"],
                    ["--fault", "limp"], ["--fault", "limp@nowhere"],
                    ["--fault", "no_such_fault@core"], ["--help=yes"],
                    ["--press=yes"], ["--fault", "crystal_dull@crystal.9"],
                    ["--rig", "/nonexistent.rig"]):
        out = run(*options)
        assert out.returncode == 64, (options, out)
        assert out.stderr.startswith("ghostlight-sim: "), options
        assert out.stderr.count("\n") == 1, (options, out.stderr)
        assert out.stdout == "", options


def main():
    if not os.path.exists(SIM):
        print("1..0 # SKIP ghostlight-sim is not built")
        return 0
    bad = 0
    for i, f in enumerate(TESTS, 1):
        try:
            f()
            print(f"ok {i} - {f.__name__}", flush=True)
        except Exception as e:  # a failure of any kind is a result
            bad += 1
            print(f"# {type(e).__name__}: {e}")
            print(f"not ok {i} - {f.__name__}", flush=True)
    print(f"1..{len(TESTS)}")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
