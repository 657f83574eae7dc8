#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""24 channels at 1 kHz over a pty at 1 MBd for GH_BENCH_SECONDS (60), received by the lumina
driver. Peer: the same frames, from the same simulator started anew, received by the usual
Python script (struct, a table for the CRC), which finds, checks and keeps the same samples."""

import array
import os
import select
import struct
import sys
import time
import tty

from kit.figures import BUILD, Cost, Limits, Simulator, describe_machine, say

STREAM = os.path.join(BUILD, "bench", "stream")
RIG = "schemas/lumina.rig"
SECONDS = int(os.environ.get("GH_BENCH_SECONDS", "60"))
PEER_SECONDS = min(SECONDS, 15)
CHANNELS, RATE_HZ, TURN_S = 24, 1000, 0.010
SHARE = 1.5
HELLO, CLOCK, SET_BAUD, STREAM_REQUEST, REPLY, SAMPLES = 0x01, 0x05, 0x06, 0x08, 0x80, 0x40
HELLO_PAYLOAD = b"GHLT\x01AAQ"
MBD = 3


def table():
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)
        yield n


CRC_TABLE = tuple(table())


def crc32c(data):
    crc, lookup = 0xFFFFFFFF, CRC_TABLE
    for byte in data:
        crc = crc >> 8 ^ lookup[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def cobs(data):
    """A frame is shorter than 254 bytes, so a block never runs full."""
    return b"".join(bytes([len(b) + 1]) + b for b in data.split(b"\0"))


def uncobs(data):
    out, at = [], 0
    while at < len(data):
        code = data[at]
        if code == 0 or at + code > len(data):
            return b""
        out.append(data[at + 1:at + code])
        at += code
    return b"\0".join(out)


class Peer:
    def __init__(self, port):
        self.fd = os.open(port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self.fd)
        self.rest, self.bad, self.lost, self.next = b"", 0, 0, 0
        self.kept = [array.array("h") for _ in range(CHANNELS)]
        self.values = {}

    def frames(self):
        """Everything that has arrived, as checked frames."""
        try:
            data = self.rest + os.read(self.fd, 65536)
        except BlockingIOError:
            return
        *whole, self.rest = data.split(b"\0")
        for encoded in whole:
            frame = uncobs(encoded)
            if len(frame) >= 6 and crc32c(frame[:-4]) == struct.unpack("<I", frame[-4:])[0]:
                yield frame
            elif encoded:
                self.bad += 1

    def send(self, kind, seq, payload=b""):
        body = struct.pack("<BB", kind, seq) + payload
        os.write(self.fd, cobs(body + struct.pack("<I", crc32c(body))) + b"\0")

    def ask(self, kind, seq, payload):
        self.send(kind, seq, payload)
        end = time.monotonic() + 3
        while time.monotonic() < end:
            select.select([self.fd], [], [], 0.1)
            for frame in self.frames():
                if frame[0] == kind | REPLY and frame[1] == seq:
                    return frame[2:-4]
        sys.exit(f"stream: no reply to {kind:02X}")

    def take(self, frame):
        if frame[0] != SAMPLES:
            return
        ticks, first = frame[3], struct.unpack_from("<I", frame, 4)[0]
        self.lost += (first - self.next) * CHANNELS
        self.next = first + ticks
        raw = struct.unpack_from(f"<{ticks * CHANNELS}h", frame, 12)
        for i, kept in enumerate(self.kept):
            kept.extend(raw[i::CHANNELS])

    def run(self, seconds):
        os.write(self.fd, b"\0")
        hello = self.ask(HELLO, 1, HELLO_PAYLOAD)
        channels = range(min(CHANNELS, hello[20]))
        self.ask(SET_BAUD, 2, bytes([MBD]))
        self.ask(HELLO, 1, HELLO_PAYLOAD)
        self.ask(STREAM_REQUEST, 3, struct.pack("<BHB", 0, RATE_HZ, CHANNELS) + bytes(channels))
        begun, cpu = time.monotonic(), time.process_time()
        beat = begun
        while time.monotonic() < begun + seconds:
            time.sleep(TURN_S)
            # A controller that hears nothing for seconds takes the host for dead.
            if time.monotonic() > beat:
                self.send(CLOCK, 4)
                beat += 1
            for frame in self.frames():
                self.take(frame)
        cpu = time.process_time() - cpu
        os.close(self.fd)
        return cpu, sum(map(len, self.kept))


def ours():
    with Simulator(RIG) as sim:
        cost = Cost(STREAM, "--port", sim.port, "--seconds", str(SECONDS))
    if cost.code != 0:
        sys.exit(f"stream: exit {cost.code}: {cost.err.strip()}")
    figures = {k: float(v) for k, v in (line.split() for line in cost.out.splitlines())}
    say(f"  ghostlight: {figures['samples']:.0f} samples in {figures['wall_s']:.1f} s, "
        f"{figures['lost']:.0f} lost, cpu {figures['cpu_s']:.2f} s, "
        f"{figures['share']:.2f} % of a core, peak {cost.peak_mb:.1f} MB, "
        f"longest turn {figures['longest_turn_ms']:.1f} ms, {cost.stolen:.0f} % of the machine stolen")
    return figures


def peer():
    with Simulator(RIG) as sim:
        it = Peer(sim.port)
        cpu, samples = it.run(PEER_SECONDS)
    say(f"  python:     {samples} samples in {PEER_SECONDS} s, {it.lost} lost, {it.bad} frames "
        f"bad, cpu {cpu:.2f} s, {100 * cpu / PEER_SECONDS:.2f} % of a core")
    if samples == 0:
        sys.exit("stream: the peer received nothing")
    return cpu / samples


def main():
    limits = Limits()
    say(f"  {CHANNELS} channels at {RATE_HZ} Hz over 1 MBd, pumped every {TURN_S * 1000:.0f} ms")
    describe_machine()
    f, theirs = ours(), peer()
    mine = f["cpu_s"] / f["samples"]
    say(f"  cpu for a sample: ghostlight {mine * 1e6:.2f} us, python {theirs * 1e6:.2f} us: "
        f"1 to {theirs / mine:.0f}")
    lost = f["lost"] + f["dropped"] + f["device_dropped"]
    limits.at_most("samples lost", lost, 0, "samples")
    limits.at_most("share of one core", f["share"], SHARE, "%")
    limits.check(f["samples"] >= 0.99 * f["expected"],
                 f"samples received: {f['samples']:.0f}, at least 99 % of {f['expected']:.0f}")
    limits.done()


if __name__ == "__main__":
    main()
