# SPDX-License-Identifier: GPL-3.0-or-later
"""A simulated sculpture whose motion is written down in its own time (ghostlight-sim --tell):
when the last beat came, when a stop was latched, when the arms stood still. A host that is
starved of processor time changes none of that."""

import collections
import re
import signal
import threading
import time

from sculpture import RIG, Sculpture

Motion = collections.namedtuple("Motion", "at_us state cause beat_us moves")
# FW_MOTION_US: how often the controller's core drives its actuators.
CYCLE_US = 1000
WATCHDOG_MS = 100
# Of wall time, as the controller counts it: three times what the watchdog needs.
SETTLED_MS = 300


def slowing_us(rig=RIG):
    """v/a: what the slowest joint needs to stop from its full speed."""
    with open(rig, encoding="utf-8") as f:
        text = f.read()
    speeds, accels = ([float(n) for n in re.findall(rf"(?m)^{key} = ([\d.]+) deg", text)]
                      for key in ("speed", "accel"))
    return max(v / a for v, a in zip(speeds, accels, strict=True)) * 1e6


class Witness(Sculpture):
    """motions grows while the `with` block lasts."""

    def __init__(self, *options, scale=8, **more):
        super().__init__("--tell", *options, scale=scale, **more)
        self.scale = scale
        self.motions = []
        self.came = threading.Condition()

    def __enter__(self):
        super().__enter__()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        return self

    def __exit__(self, *more):
        self.process.terminate()
        self.reader.join(10)
        super().__exit__(*more)

    def _read(self):
        for line in self.process.stdout:
            _, at, state, cause, beat, moves = line.split()
            with self.came:
                self.motions.append(Motion(int(at), state, cause, int(beat), moves == "moves"))
                self.came.notify_all()

    def wait(self, wanted, since=0, timeout=60):
        """The first motion from that place on that is wanted(motion); None when none came."""
        end = time.monotonic() + timeout
        with self.came:
            while True:
                for motion in self.motions[since:]:
                    if wanted(motion):
                        return motion
                since = max(since, len(self.motions))
                if not self.came.wait(end - time.monotonic()):
                    return None

    def now(self):
        seen = len(self.motions)
        self.process.send_signal(signal.SIGUSR2)
        motion = self.wait(lambda m: True, since=seen)
        if not motion:
            raise RuntimeError("the simulator does not answer")
        return motion

    def settle(self):
        """After the host's death: what is when the watchdog has had its time."""
        end_us = self.now().at_us + SETTLED_MS * 1000 * self.scale
        while True:
            motion = self.now()
            if motion.at_us >= end_us:
                return motion
            time.sleep((end_us - motion.at_us) / self.scale / 1e6)


LEASED = ("armed", "running")


class Stop:
    """How the motions since a place in witness.motions came to their end. latch is None where
    the controller was not armed, or was found latched and left so."""

    def __init__(self, witness, since):
        self.last = witness.settle()
        motions = witness.motions
        self.scale = witness.scale
        self.latch = self.trip_us = self.rest_us = None
        self.was_moving = False
        trips = [i for i in range(max(since, 1), len(motions))
                 if motions[i].state == "latched" and motions[i - 1].state in LEASED]
        if self.last.state != "latched" or not trips:
            return
        self.latch = motions[trips[-1]]
        self.trip_us = self.latch.at_us - self.latch.beat_us
        rests = [m for m in motions[trips[-1]:] if not m.moves]
        self.rest_us = rests[0].at_us - self.latch.at_us if rests else None
        before = [m for m in motions[:trips[-1]] if m.at_us <= self.latch.beat_us]
        between = motions[len(before):trips[-1]]
        self.was_moving = any(m.moves for m in before[-1:] + between)

    def trip_ms(self):
        """Of wall time, by which the watchdog goes."""
        return self.trip_us / self.scale / 1000

    def wrong(self, slowing):
        """"" or what is not as it must be after a host's death."""
        if self.last.moves or self.last.state not in ("idle", "latched"):
            return f"left {self.last}"
        if not self.latch:
            return ""
        if self.trip_us > WATCHDOG_MS * 1000 * self.scale + CYCLE_US:
            return f"latched {self.trip_ms():.3f} ms after the last beat: {self.latch}"
        if self.rest_us is None or self.rest_us > slowing + CYCLE_US:
            return f"at rest {self.rest_us} us after the latch, v/a {slowing:.0f} us"
        return ""
