#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lumina controller on a pty, written from schemas/protocol.md alone.

    controller.py [--demo]

Prints `port: /dev/pts/N` and runs until SIGTERM. Without --demo it is a small
sculpture (two joints, a lamp, a supply) whose clock is the wall's. With --demo
it is the controller of section 7 of the document: its clock stands at
1 000 000 us, and lines `@ T` on the standard input move it.

Everything happens in Controller, which knows no pty and no wall clock:
advance(t) brings it to the time t, receive(data) hands it bytes, and it gives
every encoded frame to the `send` it was made with. Section numbers below are
those of the document. Angles are micro-radians and times are microseconds,
counted without wrapping; they are cut to 32 bits only where they are sent.
"""

import collections
import hashlib
import math
import os
import select
import signal
import struct
import sys
import time
import tty

MAX_PAYLOAD = 244
MAX_DECODED = 250
MAX_ENCODED = 253               # without the delimiter
WATCHDOG_US = 100_000
SILENCE_US = 50_000             # after which a partial frame is forgotten
REPEAT_US = 100_000             # of an event
FLUSH_US = 20_000               # the age at which a SAMPLES frame is sent
SENSE_US = 5_000                # between two looks at currents and temperatures
AHEAD_US = 10_000_000           # how far away a start may lie
RATE_TRIAL_US = 500_000
DESERTED_US = 5_000_000
QUEUE_MAX = 16                  # events
NO_READING = -32768

IDLE, ARMED, RUNNING, LATCHED = range(4)
(NO_CAUSE, STOPPED, WATCHDOG, OVER_CURRENT, OVER_TEMPERATURE, UNDERRUN,
 INHIBIT, BROWN_OUT, FOLLOWING) = range(9)
(UNKNOWN_TYPE, BAD_LENGTH, BAD_FIELD, NOT_ARMED, IS_LATCHED, BAD_LEASE, LIMIT,
 RING_FULL, ORDER, BUSY, NACK, UNSUPPORTED, INHIBITED, LATE) = range(1, 15)
(EV_BOOT, EV_LATCHED, EV_OVER_CURRENT, EV_OVER_TEMPERATURE, EV_BROWN_OUT,
 EV_ENABLE, EV_LEASE_LOST, EV_GUARD, EV_PROGRAM_END, EV_SENSOR) = range(1, 11)
L_RANGE, L_SPEED, L_ACCEL, L_CURRENT, L_TEMPERATURE, L_RAISE = range(1, 7)
(COMMAND, POSITION, CURRENT, VOLTAGE, TEMPERATURE, LIGHT, RED, GREEN, BLUE,
 CLEAR) = range(10)
U_RAD, U_AMPERE, U_VOLT, U_DEGC, U_REL = 1, 4, 5, 6, 7
HOLD, LINEAR, EASE = range(3)
LAST, GUARDED = 1, 2
SAMPLES, EVENT, BURST, ERROR = 0x40, 0x41, 0x42, 0xFF


class Refused(Exception):
    """A request is answered with ERROR."""

    def __init__(self, code, detail=0):
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


# ---- 1.1: the frame ---------------------------------------------------------

def _crc_table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


CRC_TABLE = _crc_table()


def crc32c(data, crc=0):
    """CRC-32C of `data`, going on from the `crc` of what came before it."""
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc = CRC_TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def cobs_encode(data):
    out = bytearray()
    runs = bytes(data).split(b"\0")
    for number, run in enumerate(runs):
        while len(run) >= 254:
            out += b"\xFF" + run[:254]
            run = run[254:]
            if not run and number == len(runs) - 1:
                return bytes(out)
        out.append(len(run) + 1)
        out += run
    return bytes(out)


def cobs_decode(data):
    """The decoded bytes, or None where a code byte points past the end."""
    out = bytearray()
    at = 0
    while at < len(data):
        code = data[at]
        end = at + code
        if code == 0 or end > len(data):
            return None
        out += data[at + 1:end]
        if code < 0xFF and end < len(data):
            out.append(0)
        at = end
    return bytes(out)


def encode_frame(kind, seq, payload):
    body = bytes((kind, seq)) + payload
    return cobs_encode(body + struct.pack("<I", crc32c(body))) + b"\0"


class Receiver:
    """Cuts the bytes from the host into (type, seq, payload)."""

    def __init__(self):
        self.buffer = bytearray()
        self.synced = False         # all before the first 00 is noise
        self.since = None           # when the last byte of a partial frame came
        self.good = 0
        self.bad = 0

    def feed(self, data, now):
        frames = []
        for byte in data:
            if byte:
                if self.synced and len(self.buffer) <= MAX_ENCODED:
                    self.buffer.append(byte)
                continue
            frame = self._whole() if self.synced and self.buffer else None
            self.synced = True
            self.buffer.clear()
            if frame:
                frames.append(frame)
        self.since = now if self.buffer else None
        return frames

    def _whole(self):
        body = None
        if len(self.buffer) <= MAX_ENCODED:
            body = cobs_decode(self.buffer)
        if (body is None or not 6 <= len(body) <= MAX_DECODED
                or struct.pack("<I", crc32c(body[:-4])) != body[-4:]):
            self.bad += 1
            return None
        self.good += 1
        return body[0], body[1], body[2:-4]

    def due(self):
        return None if self.since is None else self.since + SILENCE_US

    def forget(self):
        self.buffer.clear()
        self.since = None
        self.bad += 1


# ---- what a controller is made of -------------------------------------------

class Limits(collections.namedtuple(
        "Limits", "lo hi speed accel current_ma temperature")):
    LAYOUT = "<iiIIHH"

    def packed(self):
        return struct.pack(self.LAYOUT, *self)


class Channel(collections.namedtuple(
        "Channel", "part quantity unit num den max_rate")):
    """A measured channel; its raw values use all of -32767..32767."""

    def described(self):
        return struct.pack("<BBBiihhH", self.quantity, self.unit, 1, self.num,
                           self.den, -32767, 32767, self.max_rate) + name(self.part)

    def raw(self, value):
        return max(-32767, min(32767, round(value * self.den / self.num)))


ActuatorConfig = collections.namedtuple("ActuatorConfig", "part limits")
LampConfig = collections.namedtuple("LampConfig", "part colours level_max")
Config = collections.namedtuple(
    "Config", "device_id boot_id channels actuators lamps streams ring "
    "reset_cause max_samples version firmware has_enable world")


def name(text):
    return bytes((len(text),)) + text.encode("ascii")


def clip(value, low, high):
    return max(low, min(high, value))


# ---- 3.6: motion ------------------------------------------------------------

class Segment:
    SIZE = 12

    def __init__(self, record):
        self.record = record
        (self.shape, flags, self.guard_ma, self.duration,
         self.target) = struct.unpack("<BBHIi", record)
        self.last = bool(flags & LAST)
        self.guarded = bool(flags & GUARDED)

    def end(self, start):
        return start if self.shape == HOLD else self.target

    def angle(self, start, passed):
        share = clip(passed / self.duration, 0.0, 1.0)
        if self.shape == EASE:
            share = share * share * (3 - 2 * share)
        return start + share * (self.end(start) - start)

    def velocity(self, start, passed):
        """Micro-radians per second."""
        share = clip(passed / self.duration, 0.0, 1.0)
        rate = 6 * share * (1 - share) if self.shape == EASE else 1.0
        return rate * (self.end(start) - start) * 1e6 / self.duration

    def broken(self, start, limits):
        """The limit this segment would break from `start`, or 0. All integers."""
        if self.shape == HOLD:
            return 0
        if not limits.lo <= self.target <= limits.hi:
            return L_RANGE
        way = abs(self.target - start)
        if self.shape == LINEAR:
            return L_SPEED if way * 10**6 > limits.speed * self.duration else 0
        if 3 * way * 10**6 > 2 * limits.speed * self.duration:
            return L_SPEED
        if 6 * way * 10**12 > limits.accel * self.duration**2:
            return L_ACCEL
        return 0


class Braking:
    """Deceleration from an angle and a velocity to rest inside lo..hi."""

    def __init__(self, now, angle, velocity, limits):
        self.since = now
        self.start = angle
        self.velocity = velocity
        room = (limits.hi - angle) if velocity > 0 else (angle - limits.lo)
        way = velocity * velocity / (2 * limits.accel)
        way = min(way, max(room, 0))
        self.duration = round(2 * way / abs(velocity) * 1e6)
        self.rest = round(angle + math.copysign(way, velocity))

    def end(self):
        return self.since + self.duration

    def angle(self, now):
        passed = now - self.since
        if passed >= self.duration:
            return self.rest
        share = passed / self.duration
        return self.start + (self.rest - self.start) * share * (2 - share)


class Actuator:
    def __init__(self, config, ring, has_position, has_current, has_temperature):
        self.part = config.part
        self.built = self.limits = config.limits
        self.ring_size = ring
        self.has_position = has_position
        self.has_current = has_current
        self.has_temperature = has_temperature
        self.torque = False
        self.held = 0               # the commanded angle while nothing moves it
        self.ring = collections.deque()
        self.in_program = False     # takes part in the RUN under way
        self.draining = False       # after a guard: until the next LAST comes
        self.begun = None           # when the first segment of the ring began
        self.braking = None
        self.over = [0, 0]          # samples in a row above current, temperature
        self.over_guard = 0
        self.restart()

    def restart(self):
        """A new program: after ARM or FLUSH."""
        self.ring.clear()
        self.draining = False
        self.next = 0
        self.crc = 0

    def free(self):
        return self.ring_size - len(self.ring)

    def angle(self, now):
        if self.braking:
            return self.braking.angle(now)
        if self.begun is not None:
            return self.ring[0].angle(self.held, now - self.begun)
        return self.held

    def rest_angle(self):
        return self.braking.rest if self.braking else self.held

    def planned_end(self):
        angle = self.rest_angle()
        for segment in self.ring:
            angle = segment.end(angle)
        return angle

    def broken(self):
        """The first limit that a segment in the ring would break, or 0."""
        angle = self.rest_angle()
        for segment in self.ring:
            wrong = segment.broken(angle, self.limits)
            if wrong:
                return wrong
            angle = segment.end(angle)
        return 0

    def accept(self, segments):
        for segment in segments:
            self.crc = crc32c(segment.record, self.crc)
            if self.draining:
                self.draining = not segment.last
            else:
                self.ring.append(segment)
        self.next += len(segments)

    def begin(self, now):
        self.begun = now
        self.over_guard = 0

    def segment_end(self):
        return None if self.begun is None else self.begun + self.ring[0].duration

    def stop(self, now, velocity=None):
        """Decelerate, forget the ring; `next` stays."""
        if not self.braking:
            angle = self.angle(now)
            if velocity is None and self.begun is not None:
                velocity = self.ring[0].velocity(self.held, now - self.begun)
            self.held = round(angle)
            if velocity:
                self.braking = Braking(now, angle, velocity, self.limits)
                self.settle(now)
        self.ring.clear()
        self.draining = False
        self.begun = None
        self.in_program = False

    def settle(self, now):
        if self.braking and now >= self.braking.end():
            self.held = self.braking.rest
            self.braking = None

    def guard_end(self, now):
        """Decelerate; discard the ring up to and including the next LAST."""
        kept = collections.deque(self.ring)
        last = False
        while kept and not last:
            last = kept.popleft().last
        self.stop(now)
        self.ring = kept
        self.draining = not last

    def status(self, now):
        running = (self.begun is not None) | (2 if self.braking else 0)
        angle = round(self.angle(now))
        position = min((abs(angle) + 50) // 100, 32767)
        position = -position if angle < 0 else position
        return struct.pack("<HBBh", self.next & 0xFFFF, self.free(), running, position)


# ---- 3.5, 3.8, 3.9: streams, bursts, lamps ----------------------------------

class Stream:
    def __init__(self, number, channels, period, now):
        self.number = number
        self.channels = channels
        self.period = period
        self.next_tick = now
        self.count = 0              # ticks since the stream began
        self.ticks = []             # raw bytes, one for each tick not yet sent
        self.first_t = now
        self.full = min(255, (MAX_PAYLOAD - 10) // (2 * len(channels)))

    def due(self):
        if self.ticks:
            return min(self.next_tick, self.first_t + FLUSH_US)
        return self.next_tick

    def tick(self, values):
        if not self.ticks:
            self.first_t = self.next_tick
        self.ticks.append(struct.pack(f"<{len(values)}h", *values))
        self.count += 1
        self.next_tick += self.period

    def ripe(self, now):
        return self.ticks and (len(self.ticks) >= self.full
                               or now >= self.first_t + FLUSH_US)

    def take(self):
        first = (self.count - len(self.ticks)) & 0xFFFFFFFF
        head = struct.pack("<BBII", self.number, len(self.ticks), first,
                           self.first_t & 0xFFFFFFFF)
        payload = head + b"".join(self.ticks)
        self.ticks = []
        return payload


class Burst:
    FULL = (MAX_PAYLOAD - 4) // 2

    def __init__(self, channel, period, count, now):
        self.channel = channel
        self.period = period
        self.left = count
        self.next_tick = now
        self.first = 0
        self.values = []

    def sample(self, value):
        self.values.append(value)
        self.left -= 1
        self.next_tick += self.period
        return not self.left or len(self.values) >= self.FULL

    def take(self):
        count = len(self.values)
        payload = struct.pack(f"<BBH{count}h", self.channel, count, self.first,
                              *self.values)
        self.first += count
        self.values = []
        return payload


class Lamp:
    def __init__(self, config):
        self.config = config
        self.start = (0, 0, 0, 0)
        self.goal = (0, 0, 0, 0)
        self.since = 0
        self.ramp = 0

    def set(self, levels, ramp, now):
        self.start = self.levels(now)
        self.goal = levels
        self.since = now
        self.ramp = ramp

    def levels(self, now):
        passed = now - self.since
        if passed >= self.ramp:
            return self.goal
        share = passed / self.ramp
        return tuple(a + share * (b - a) for a, b in zip(self.start, self.goal))


# ---- 4: events --------------------------------------------------------------

class Events:
    """The queue; only its oldest event is on the wire."""

    def __init__(self):
        self.number = 0
        self.queue = collections.deque()
        self.again = 0              # when the oldest is sent (again)

    def add(self, code, arg, now, value):
        self.number = (self.number + 1) & 0xFFFF
        if len(self.queue) >= QUEUE_MAX:
            return                  # the missing number shows it
        if not self.queue:
            self.again = now
        self.queue.append((self.number, struct.pack(
            "<HBBII", self.number, code, arg, now & 0xFFFFFFFF, value & 0xFFFFFFFF)))

    def acknowledge(self, number, now):
        if self.queue and self.queue[0][0] == number:
            self.queue.popleft()
            self.again = now

    def due(self):
        return self.again if self.queue else None


# ---- the world the channels measure -----------------------------------------

class FrozenWorld:
    """Section 7: every channel reads raw 0."""

    def __init__(self, controller):
        self.controller = controller

    def step(self, now):
        pass

    def angle(self, _index):
        return 0

    def current_ma(self, _index):
        return 0

    def temperature(self, _index):
        return 0

    def raw(self, _channel):
        return 0


class Joint:
    """Follows the commanded angle with a lag and warms up."""
    LAG = 0.015
    WARMING = 60.0
    AMBIENT = 27.0

    def __init__(self):
        self.angle = 0.0            # rad
        self.velocity = 0.0
        self.current = 0.0          # A
        self.degc = self.AMBIENT

    def step(self, dt, goal, torque):
        gain = (1 - math.exp(-dt / self.LAG)) if torque else 0.0
        moved = (goal - self.angle) * gain
        self.angle += moved
        self.velocity = moved / dt
        self.current = 0.06 + 0.3 * abs(self.velocity) if torque else 0.0
        warm = self.AMBIENT + 12 * self.current
        self.degc += (warm - self.degc) * (1 - math.exp(-dt / self.WARMING))


class Sculpture:
    """Two joints, one RGBW lamp before a colour sensor, one servo supply."""
    STEP = 2000

    def __init__(self, controller):
        self.controller = controller
        self.now = controller.now
        self.joints = [Joint() for _ in controller.actuators]

    def step(self, now):
        actuators = self.controller.actuators
        while self.now < now:
            moves = any(a.begun is not None or a.braking for a in actuators)
            step = min(self.STEP, now - self.now) if moves else now - self.now
            self.now += step
            for joint, actuator in zip(self.joints, actuators):
                goal = actuator.angle(self.now) / 1e6
                joint.step(step / 1e6, goal, actuator.torque)

    def angle(self, index):
        return round(self.joints[index].angle * 1e6)

    def current_ma(self, index):
        return round(self.joints[index].current * 1000)

    def temperature(self, index):
        return round(self.joints[index].degc * 10)

    def raw(self, channel):
        return channel.raw(self._value(channel))

    def _value(self, channel):
        for joint, actuator in zip(self.joints, self.controller.actuators):
            if actuator.part == channel.part:
                return {POSITION: joint.angle, CURRENT: joint.current,
                        TEMPERATURE: joint.degc}[channel.quantity]
        supply = 0.12 + sum(joint.current for joint in self.joints)
        if channel.quantity == CURRENT:
            return supply
        if channel.quantity == VOLTAGE:
            return 7.4 - 0.08 * supply
        return self._light(channel.quantity)

    def _light(self, quantity):
        lamp = self.controller.lamps[0]
        red, green, blue, white = (level / lamp.config.level_max
                                   for level in lamp.levels(self.now))
        seen = (0.02 + 0.5 * red + 0.2 * white, 0.02 + 0.5 * green + 0.2 * white,
                0.02 + 0.5 * blue + 0.2 * white)
        if quantity in (RED, GREEN, BLUE):
            return seen[quantity - RED]
        return sum(seen) / 3 + (0.2 * white if quantity == LIGHT else 0.0)


# ---- the controller ---------------------------------------------------------

class Controller:
    """`room()` says whether an unsolicited frame can be sent just now."""

    RATES = (115_200, 250_000, 500_000, 1_000_000)
    WINDOW_BYTES, WINDOW_REQUESTS = 512, 4

    def __init__(self, config, send, now, room=lambda: True):
        self.config = config
        self.now = now
        self._send = send
        self._room = room
        self.receiver = Receiver()
        self.events = Events()
        self.counters = {SAMPLES: 0, EVENT: 0, BURST: 0}
        self.actuators = [self._actuator(item) for item in config.actuators]
        self.lamps = [Lamp(item) for item in config.lamps]
        self.world = config.world(self)
        self.streams = {}
        self.burst = None
        self.seq = None             # of the request being answered
        self.burst_asked = None     # seq, payload, and how many frames came before
        self.state, self.cause = IDLE, NO_CAUSE
        self.enabled = True
        self.lease = self.leases = self.nonce = 0
        self.last_beat = 0
        self.run_t = None           # start_t of the last RUN of this program
        self.start_at = None        # the same, unwrapped, until the start
        self.next_sense = None
        self.rate = 0
        self.rate_trial = None      # when an unproven rate is given up
        self.heard = None           # when the last valid frame came
        self.attended = False       # that is not too long ago
        self.dropped = self.longest_gap = self.longest_loop = 0
        self._describe_all()
        self._event(EV_BOOT, config.reset_cause, config.boot_id)
        self._send_event()

    def _actuator(self, item):
        found = {c.quantity for c in self.config.channels if c.part == item.part}
        return Actuator(item, self.config.ring, POSITION in found,
                        CURRENT in found, TEMPERATURE in found)

    # -- time ------------------------------------------------------------

    def due(self):
        """When something happens next by itself, or None."""
        times = [self.receiver.due(), self.next_sense, self.start_at,
                 self.rate_trial, self._deserted()]
        if self.heard is not None:
            times.append(self.events.due())
        if self.state in (ARMED, RUNNING):
            times.append(self.last_beat + WATCHDOG_US)
        for actuator in self.actuators:
            times.append(actuator.segment_end())
            times.append(actuator.braking.end() if actuator.braking else None)
        times += [stream.due() for stream in self.streams.values()]
        times.append(self.burst.next_tick if self.burst else None)
        return min((t for t in times if t is not None), default=None)

    def advance(self, now):
        """Everything up to and including the time `now`, in its order."""
        due = self.due()
        while due is not None and due <= now:
            self.now = max(self.now, due)
            self._turn()
            due = self.due()
        self.now = max(self.now, now)
        self.world.step(self.now)

    def _turn(self):
        self.world.step(self.now)
        self._move()
        self._watch()
        self._sense()
        self._sample()
        self._guard_link()
        if self.heard is not None:
            self._send_event()

    def _guard_link(self):
        """The partial frame of 1.1, the falls to rate 0 and the dark of section 6."""
        due = self.receiver.due()
        if due is not None and self.now >= due:
            self.receiver.forget()
        if self.rate_trial is not None and self.now >= self.rate_trial:
            self.rate = 0
            self.rate_trial = None
        due = self._deserted()
        if due is not None and self.now >= due:
            self.attended = False
            self.rate = 0
            self.rate_trial = self.burst = None
            self.streams.clear()
            for lamp in self.lamps:
                lamp.set((0, 0, 0, 0), 0, self.now)

    def _deserted(self):
        if not self.attended or self.state in (ARMED, RUNNING):
            return None
        return self.heard + DESERTED_US

    # -- frames ----------------------------------------------------------

    def receive(self, data):
        for kind, seq, payload in self.receiver.feed(data, self.now):
            self._heard_now()
            if kind >= 0x40:
                continue
            self._answer(kind, seq, payload)
            self._turn()

    def _heard_now(self):
        if self.heard is None:
            self.events.again = self.now + REPEAT_US
        elif self.state in (ARMED, RUNNING):
            self.longest_gap = max(self.longest_gap, self.now - self.heard)
        self.heard = self.now
        self.attended = True
        self.rate_trial = None

    def _answer(self, kind, seq, payload):
        try:
            if kind not in REQUESTS:
                raise Refused(UNKNOWN_TYPE)
            length, handler = REQUESTS[kind]
            if length is not None and len(payload) != length:
                raise Refused(BAD_LENGTH, len(payload))
            self.seq = seq
            answer = encode_frame(kind | 0x80, seq, handler(self, payload))
        except Refused as no:
            detail = clip(no.detail, 0, 0xFFFF)
            answer = encode_frame(ERROR, seq, struct.pack("<BBH", kind, no.code, detail))
        self._send(answer)
        if kind == 0x06 and answer[1] != ERROR:
            self._change_rate(payload[0])

    def _unsolicited(self, kind, payload):
        if not self._room():
            return False
        self._send(encode_frame(kind, self.counters[kind], payload))
        self.counters[kind] = (self.counters[kind] + 1) & 0xFF
        return True

    def _event(self, code, arg, value):
        self.events.add(code, arg, self.now, value)

    def _send_event(self):
        due = self.events.due()
        if due is not None and self.now >= due:
            self._unsolicited(EVENT, self.events.queue[0][1])
            self.events.again = self.now + REPEAT_US

    # -- 2: state --------------------------------------------------------

    def _latch(self, cause, actuator=-1, velocity=None):
        """`velocity`: of that actuator, where its segment is over already."""
        if self.state == LATCHED:
            return
        for index, item in enumerate(self.actuators):
            item.stop(self.now, velocity if index == actuator else None)
        self._leave(LATCHED)
        self.cause = cause
        self._event(EV_LATCHED, cause, actuator)

    def _leave(self, state):
        self.state = state
        self.lease = self.nonce = 0
        self.run_t = self.start_at = None

    def _watch(self):
        silent = self.now - self.last_beat
        if self.state in (ARMED, RUNNING) and silent >= WATCHDOG_US:
            self.longest_gap = max(self.longest_gap, self.now - self.heard)
            self._event(EV_LEASE_LOST, 0, silent // 1000)
            self._latch(WATCHDOG)

    def set_enable(self, on):
        """The enable input, for a controller that has one."""
        if on != self.enabled:
            self.enabled = on
            self._event(EV_ENABLE, int(on), 0)
            if not on and self.state in (ARMED, RUNNING):
                self._latch(INHIBIT)
            self._turn()

    def _move(self):
        if self.start_at is not None and self.now >= self.start_at:
            for actuator in self.actuators:
                if actuator.in_program:
                    actuator.begin(self.start_at)
            self.start_at = None
        for index, actuator in enumerate(self.actuators):
            actuator.settle(self.now)
            end = actuator.segment_end()
            if end is not None and self.now >= end:
                self._segment_over(index, actuator, end)
        self._program_over()

    def _segment_over(self, index, actuator, end):
        segment = actuator.ring.popleft()
        velocity = segment.velocity(actuator.held, segment.duration)
        actuator.held = segment.end(actuator.held)
        actuator.begun = None
        if segment.last:
            actuator.in_program = False
        elif actuator.ring:
            actuator.begin(end)
        else:
            self._latch(UNDERRUN, index, velocity)

    def _program_over(self):
        if self.state == RUNNING and not any(
                a.in_program or a.draining or a.braking for a in self.actuators):
            self.state = ARMED
            self._event(EV_PROGRAM_END, 0, 0)

    def _sense(self):
        """Currents and temperatures against the limits and the guards."""
        if self.next_sense is None or self.now < self.next_sense:
            return
        self.next_sense = self.now + SENSE_US
        for index, actuator in enumerate(self.actuators):
            if not actuator.torque:
                continue
            if actuator.has_current:
                current = self.world.current_ma(index)
                self._guard(index, actuator, current)
                self._over(index, actuator, 0, current, actuator.limits.current_ma,
                           OVER_CURRENT)
            if actuator.has_temperature:
                self._over(index, actuator, 1, self.world.temperature(index),
                           actuator.limits.temperature, OVER_TEMPERATURE)
        self._program_over()

    def _over(self, index, actuator, which, value, limit, cause):
        actuator.over[which] = actuator.over[which] + 1 if value > limit else 0
        if actuator.over[which] >= 2 and self.state != LATCHED:
            self._event(cause, index, value)    # events and causes share 3 and 4
            self._latch(cause, index)

    def _guard(self, index, actuator, current):
        if actuator.begun is None:
            return
        segment = actuator.ring[0]
        over = segment.guarded and current > segment.guard_ma
        actuator.over_guard = actuator.over_guard + 1 if over else 0
        if actuator.over_guard >= 2:
            angle = (self.world.angle(index) if actuator.has_position
                     else round(actuator.angle(self.now)))
            actuator.guard_end(self.now)
            self._event(EV_GUARD, index, angle)

    # -- sampling --------------------------------------------------------

    def _sample(self):
        for stream in self.streams.values():
            self._send_ripe(stream)
            if self.now >= stream.next_tick:
                stream.tick([self.world.raw(self.config.channels[index])
                             for index in stream.channels])
                self._send_ripe(stream)
        burst = self.burst
        if burst and self.now >= burst.next_tick:
            if burst.sample(self.world.raw(self.config.channels[burst.channel])):
                count = len(burst.values)
                if not self._unsolicited(BURST, burst.take()):
                    self.dropped += count
            if not burst.left:
                self.burst = None

    def _send_ripe(self, stream):
        if stream.ripe(self.now):
            count = len(stream.ticks) * len(stream.channels)
            if not self._unsolicited(SAMPLES, stream.take()):
                self.dropped += count

    # -- 3: requests without a lease -------------------------------------

    def _hello(self, payload):
        if payload[:4] != b"GHLT":
            raise Refused(BAD_FIELD, 0)
        config = self.config
        return struct.pack(
            "<BBBBI8sIBBBBBBHBBHI3B", 1, 0, 1 | (4 if config.has_enable else 0), 1,
            config.boot_id, config.device_id, self.dictionary, len(config.channels),
            len(config.actuators), len(config.lamps), config.streams, config.ring,
            config.reset_cause, self.WINDOW_BYTES, self.WINDOW_REQUESTS, 0x0F,
            WATCHDOG_US // 1000, config.max_samples, *config.version
        ) + name(config.firmware)

    def _stop(self, _payload):
        self.burst = None
        self._latch(STOPPED)
        return self._status(b"")

    def _status(self, _payload):
        torque = sum(1 << n for n, a in enumerate(self.actuators) if a.torque)
        head = struct.pack("<BBBBII", self.state, self.cause, int(not self.enabled),
                           len(self.actuators), self.now & 0xFFFFFFFF, torque)
        return head + b"".join(a.status(self.now) for a in self.actuators)

    def _describe_all(self):
        config = self.config
        kinds = ([c.described() for c in config.channels],
                 [a.limits.packed() + name(a.part) for a in config.actuators],
                 [struct.pack("<BH", x.colours, x.level_max) + name(x.part)
                  for x in config.lamps])
        self.descriptions = [
            [bytes((kind, index, len(items))) + item for index, item in enumerate(items)]
            for kind, items in enumerate(kinds)]
        self.dictionary = crc32c(b"".join(b"".join(x) for x in self.descriptions))

    def _describe(self, payload):
        kind, index = payload
        if kind >= len(self.descriptions):
            raise Refused(BAD_FIELD, 0)
        if index >= len(self.descriptions[kind]):
            raise Refused(BAD_FIELD, 1)
        return self.descriptions[kind][index]

    def _clock(self, _payload):
        return struct.pack("<II", self.now & 0xFFFFFFFF, self.now // 1_000_000)

    def _set_baud(self, payload):
        if payload[0] >= len(self.RATES):
            raise Refused(BAD_FIELD, 0)
        return payload

    def _change_rate(self, rate):
        """After the reply, which goes out at the old rate."""
        self.rate = rate
        self.rate_trial = self.now + RATE_TRIAL_US

    def _linkstats(self, _payload):
        return struct.pack("<6I", self.receiver.good, self.receiver.bad, 0,
                           self.dropped, self.longest_gap, self.longest_loop)

    def _stream(self, payload):
        if len(payload) < 4 or len(payload) != 4 + payload[3]:
            raise Refused(BAD_LENGTH, len(payload))
        number, rate, count = struct.unpack_from("<BHB", payload)
        channels = tuple(payload[4:])
        if number >= self.config.streams:
            raise Refused(BAD_FIELD, 0)
        if count > 48 or (count == 0) != (rate == 0):
            raise Refused(BAD_FIELD, 3)
        for offset, channel in enumerate(channels, 4):
            if channel >= len(self.config.channels):
                raise Refused(BAD_FIELD, offset)
        if rate == 0:
            self.streams.pop(number, None)
            return struct.pack("<BBI", number, 0, 0)
        self._check_rate(number, rate, channels)
        period = round(1_000_000 / rate)
        self.streams[number] = Stream(number, channels, period, self.now)
        return struct.pack("<BBI", number, count, period)

    def _check_rate(self, number, rate, channels):
        total = rate * len(channels) + sum(
            1_000_000 / s.period * len(s.channels)
            for s in self.streams.values() if s.number != number)
        if (any(rate > self.config.channels[c].max_rate for c in channels)
                or total > self.config.max_samples):
            raise Refused(BAD_FIELD, 1)

    def _clear(self, _payload):
        if self.state == LATCHED:
            if self._brakes():
                raise Refused(BUSY, self.state)
            self.state, self.cause = IDLE, NO_CAUSE
        return self._status(b"")

    def _actuator_limits(self, payload):
        index = payload[0]
        if index >= len(self.actuators):
            raise Refused(BAD_FIELD, 0)
        return bytes((index,)) + self.actuators[index].limits.packed()

    def _lower_limits(self, payload):
        if self.state == RUNNING or self._brakes():
            raise Refused(BUSY, self.state)
        if payload[0] >= len(self.actuators):
            raise Refused(BAD_FIELD, 0)
        actuator = self.actuators[payload[0]]
        new = Limits(*struct.unpack_from(Limits.LAYOUT, payload, 1))
        now = actuator.limits
        if new.lo > new.hi:
            raise Refused(BAD_FIELD, 1)
        if new.accel == 0:
            raise Refused(BAD_FIELD, 13)
        if new.lo < now.lo or new.hi > now.hi or any(
                a > b for a, b in zip(new[2:], now[2:])):
            raise Refused(LIMIT, L_RAISE)
        actuator.limits = new
        return self._actuator_limits(payload)

    def _lamp(self, payload):
        number, ramp, *levels = struct.unpack("<BH4H", payload)
        if number >= len(self.lamps):
            raise Refused(BAD_FIELD, 0)
        lamp = self.lamps[number]
        for place, level in enumerate(levels):
            if level > (lamp.config.level_max if place < lamp.config.colours else 0):
                raise Refused(BAD_FIELD, 3 + 2 * place)
        lamp.set(tuple(levels), ramp * 1000, self.now)
        return payload[:1]

    def _burst(self, payload):
        channel, rate, count = struct.unpack("<BHH", payload)
        period = round(1_000_000 / rate) if rate else 0
        reply = struct.pack("<BIH", channel, period, count)
        if self.burst_asked and self.burst_asked[:2] == (self.seq, payload):
            if self.burst or self.receiver.good - self.burst_asked[2] < 16:
                return reply        # asked again because our reply was lost
        if self.burst:
            raise Refused(BUSY, self.state)
        if channel >= len(self.config.channels):
            raise Refused(BAD_FIELD, 0)
        if not 1000 <= rate <= min(10_000, self.config.channels[channel].max_rate):
            raise Refused(BAD_FIELD, 1)
        if count == 0:
            raise Refused(BAD_FIELD, 3)
        self.burst = Burst(channel, period, count, self.now)
        self.burst_asked = self.seq, payload, self.receiver.good
        return reply

    def _i2c(self, payload):
        if len(payload) < 3 or len(payload) != 3 + payload[1]:
            raise Refused(BAD_LENGTH, len(payload))
        address, n_write, n_read = payload[:3]
        for offset, wrong in enumerate((address > 0x7F, n_write > 32, n_read > 32)):
            if wrong:
                raise Refused(BAD_FIELD, offset)
        raise Refused(NACK, address)        # no chip is on this bus

    def _event_ack(self, payload):
        self.events.acknowledge(struct.unpack("<H", payload)[0], self.now)
        return payload

    # -- 3.6: requests that need or give a lease -------------------------

    def _brakes(self):
        return any(actuator.braking for actuator in self.actuators)

    def _need_state(self):
        if self.state == IDLE:
            raise Refused(NOT_ARMED, self.state)
        if self.state == LATCHED:
            raise Refused(IS_LATCHED, self.cause)

    def _need_lease(self, lease):
        if lease != self.lease:
            raise Refused(BAD_LEASE)

    def _arm(self, payload):
        nonce, = struct.unpack("<I", payload)
        if self.state == LATCHED:
            raise Refused(IS_LATCHED, self.cause)
        if not self.enabled:
            raise Refused(INHIBITED)
        if self.state in (ARMED, RUNNING):
            if nonce != self.nonce:
                raise Refused(BUSY, self.state)
        else:
            self._arm_anew(nonce)
        return struct.pack("<IH", self.lease, WATCHDOG_US // 1000)

    def _arm_anew(self, nonce):
        if self._brakes():
            raise Refused(BUSY, self.state)
        if nonce == 0:
            raise Refused(BAD_FIELD, 0)
        for index, actuator in enumerate(self.actuators):
            actuator.restart()
            actuator.over = [0, 0]
            self._take_measured(index)
            actuator.torque = True
        self.leases = self.leases % 0xFFFFFFFF + 1
        self.lease, self.nonce = self.leases, nonce
        self.last_beat = self.now
        self.next_sense = self.now + SENSE_US
        self.state = ARMED

    def _take_measured(self, index):
        if self.actuators[index].has_position:
            self.actuators[index].held = self.world.angle(index)

    def _disarm(self, payload):
        self._need_state()
        self._need_lease(*struct.unpack("<I", payload))
        for actuator in self.actuators:
            actuator.stop(self.now)
        self._leave(IDLE)
        return self._status(b"")

    def _heartbeat(self, payload):
        self._need_state()
        self._need_lease(*struct.unpack("<I", payload))
        self.last_beat = self.now
        return struct.pack("<BBI", self.state, self.cause, self.now & 0xFFFFFFFF)

    def _segments(self, payload):
        if len(payload) < 8 or len(payload) != 8 + Segment.SIZE * payload[5]:
            raise Refused(BAD_LENGTH, len(payload))
        self._need_state()
        lease, index, _, first = struct.unpack_from("<IBBH", payload)
        self._need_lease(lease)
        if index >= len(self.actuators):
            raise Refused(BAD_FIELD, 4)
        actuator = self.actuators[index]
        known = (actuator.next - first) & 0xFFFF    # of these segments
        if known >= 0x8000 or known > actuator.next:
            raise Refused(ORDER, actuator.next & 0xFFFF)
        segments = self._checked(actuator, payload, 8 + Segment.SIZE * known)
        if len(segments) > actuator.free():
            raise Refused(RING_FULL, actuator.free())
        self._within_limits(actuator, segments)
        actuator.accept(segments)
        return struct.pack("<BBHI", index, actuator.free(), actuator.next & 0xFFFF,
                           actuator.crc)

    @staticmethod
    def _checked(actuator, payload, start):
        """The segments of the request from that offset on."""
        segments = []
        for offset in range(start, len(payload), Segment.SIZE):
            segment = Segment(payload[offset:offset + Segment.SIZE])
            if segment.shape > EASE:
                raise Refused(BAD_FIELD, offset)
            if segment.guarded and not actuator.has_current:
                raise Refused(UNSUPPORTED)
            if not 1_000 <= segment.duration <= 60_000_000:
                raise Refused(BAD_FIELD, offset + 4)
            segments.append(segment)
        return segments

    @staticmethod
    def _within_limits(actuator, segments):
        angle = actuator.planned_end()
        draining = actuator.draining
        for segment in segments:
            if draining:            # it is discarded, so it may be anything
                draining = not segment.last
                continue
            wrong = segment.broken(angle, actuator.limits)
            if wrong:
                raise Refused(LIMIT, wrong)
            angle = segment.end(angle)

    def _run(self, payload):
        self._need_state()
        lease, start_t = struct.unpack("<II", payload)
        self._need_lease(lease)
        again = start_t == self.run_t
        if not again and (self.state == RUNNING or self._brakes()
                          or not any(a.ring for a in self.actuators)):
            raise Refused(BUSY, self.state)
        if not again:
            self._start(start_t)
        return self._status(b"")

    def _start(self, start_t):
        ahead = (start_t - self.now) & 0xFFFFFFFF
        if ahead >= 0x80000000:
            raise Refused(LATE, (0x100000000 - ahead) // 1000)
        if ahead > AHEAD_US:
            raise Refused(BAD_FIELD, 4)
        for actuator in self.actuators:
            wrong = actuator.broken()
            if wrong:
                raise Refused(LIMIT, wrong)
        for actuator in self.actuators:
            actuator.in_program = bool(actuator.ring)
        self.run_t = start_t
        self.start_at = self.now + ahead
        self.state = RUNNING

    def _flush(self, payload):
        self._need_state()
        self._need_lease(*struct.unpack("<I", payload))
        for actuator in self.actuators:
            actuator.stop(self.now)
            actuator.restart()
        self.run_t = self.start_at = None
        self.state = ARMED
        return self._status(b"")

    def _torque(self, payload):
        self._need_state()
        lease, mask, on = struct.unpack("<IIB", payload)
        self._need_lease(lease)
        if self.state == RUNNING or self._brakes():
            raise Refused(BUSY, self.state)
        if mask >> len(self.actuators):
            raise Refused(BAD_FIELD, 4)
        if on > 1:
            raise Refused(BAD_FIELD, 8)
        for index, actuator in enumerate(self.actuators):
            if mask >> index & 1:
                if on and not actuator.torque:
                    self._take_measured(index)
                actuator.torque = bool(on)
        return self._status(b"")


# By type: the payload's length, or None where the handler checks it; and the handler.
REQUESTS = {
    0x01: (8, Controller._hello), 0x02: (0, Controller._stop),
    0x03: (0, Controller._status), 0x04: (2, Controller._describe),
    0x05: (0, Controller._clock), 0x06: (1, Controller._set_baud),
    0x07: (0, Controller._linkstats), 0x08: (None, Controller._stream),
    0x09: (4, Controller._arm), 0x0A: (4, Controller._disarm),
    0x0B: (4, Controller._heartbeat), 0x0C: (0, Controller._clear),
    0x0D: (None, Controller._segments), 0x0E: (8, Controller._run),
    0x0F: (4, Controller._flush), 0x10: (1, Controller._actuator_limits),
    0x11: (21, Controller._lower_limits), 0x12: (9, Controller._torque),
    0x13: (11, Controller._lamp), 0x14: (5, Controller._burst),
    0x15: (None, Controller._i2c), 0x16: (2, Controller._event_ack),
}


# ---- the two controllers ----------------------------------------------------

BUILT = Limits(-1_000_000, 1_000_000, 2_000_000, 20_000_000, 3000, 700)


def example():
    """The controller of section 7."""
    return Config(
        device_id=bytes(range(1, 9)), boot_id=0x11223344,
        channels=[Channel("demo.joint", POSITION, U_RAD, 1, 10_000, 1000),
                  Channel("demo.joint", CURRENT, U_AMPERE, 1, 1000, 1000)],
        actuators=[ActuatorConfig("demo.joint", BUILT)],
        lamps=[LampConfig("core", 4, 4095)], streams=2, ring=8, reset_cause=1,
        max_samples=60_000, version=(1, 0, 0), firmware="ghostlight",
        has_enable=False, world=FrozenWorld)


def sculpture():
    channels = []
    for joint in ("resilience.shoulder", "resilience.elbow"):
        channels += [Channel(joint, POSITION, U_RAD, 1, 10_000, 1000),
                     Channel(joint, CURRENT, U_AMPERE, 1, 1000, 1000),
                     Channel(joint, TEMPERATURE, U_DEGC, 1, 100, 10)]
    channels += [Channel("core", quantity, U_REL, 1, 20_000, 200)
                 for quantity in (RED, GREEN, BLUE, CLEAR)]
    channels += [Channel("core", LIGHT, U_REL, 1, 20_000, 10_000)]
    channels += [Channel("supply.servo", VOLTAGE, U_VOLT, 1, 1000, 1000),
                 Channel("supply.servo", CURRENT, U_AMPERE, 1, 1000, 1000)]
    return Config(
        device_id=hashlib.sha256(b"tests/fakes/controller.py").digest()[:8],
        boot_id=int.from_bytes(os.urandom(4), "little"), channels=channels,
        actuators=[ActuatorConfig("resilience.shoulder", BUILT),
                   ActuatorConfig("resilience.elbow", BUILT._replace(
                       lo=-800_000, hi=900_000))],
        lamps=[LampConfig("core", 4, 4095)], streams=4, ring=16, reset_cause=1,
        max_samples=20_000, version=(1, 0, 0), firmware="lumina-py",
        has_enable=False, world=Sculpture)


# ---- the program ------------------------------------------------------------

class Port:
    """The controller's end of a pty; never blocks."""
    BACKLOG = 4096              # beyond this, unsolicited frames have no room
    BACKLOG_MAX = 65_536        # beyond this, nobody reads at all

    def __init__(self):
        self.master, self.slave = os.openpty()  # the slave stays open
        tty.setraw(self.slave)
        os.set_blocking(self.master, False)
        self.out = bytearray()

    def name(self):
        return os.ttyname(self.slave)

    def room(self):
        return len(self.out) < self.BACKLOG

    def send(self, frame):
        if len(self.out) < self.BACKLOG_MAX:
            self.out += frame
            self.flush()

    def flush(self):
        try:
            del self.out[:os.write(self.master, self.out)]
        except BlockingIOError:
            pass

    def read(self):
        try:
            return os.read(self.master, 4096)
        except BlockingIOError:
            return b""


class Wall:
    """Microseconds since the program began."""
    inputs = ()

    def __init__(self):
        self.start = time.monotonic_ns()

    def now(self):
        return (time.monotonic_ns() - self.start) // 1000

    def timeout(self, due):
        """Seconds to wait; what is due within a millisecond is taken together."""
        return None if due is None else max(due - self.now(), 1000) / 1e6


class Told:
    """The clock of section 7: it stands until a line `@ T` says otherwise."""

    def __init__(self):
        self.time = 1_000_000
        self.inputs = (sys.stdin,)

    def now(self):
        return self.time

    def timeout(self, _due):
        return None

    def read_line(self):
        words = sys.stdin.readline().split()
        if not words:
            self.inputs = ()
        elif len(words) == 2 and words[0] == "@" and words[1].isdigit():
            self.time = max(self.time, int(words[1]))


def serve(controller, port, clock):
    while True:
        waiting = (port.master,) if port.out else ()
        timeout = clock.timeout(controller.due())
        ready, writable, _ = select.select((port.master, *clock.inputs), waiting, (),
                                           timeout)
        woken = time.monotonic_ns()
        if writable:
            port.flush()
        if any(item is not port.master for item in ready):
            clock.read_line()
        controller.advance(clock.now())
        if port.master in ready:
            controller.receive(port.read())
        spent = (time.monotonic_ns() - woken) // 1000
        controller.longest_loop = max(controller.longest_loop, spent)


def main():
    if sys.argv[1:] not in ([], ["--demo"]):
        sys.exit("usage: controller.py [--demo]")
    demo = bool(sys.argv[1:])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    port = Port()
    print("port: " + port.name(), flush=True)
    clock = Told() if demo else Wall()
    config = example() if demo else sculpture()
    serve(Controller(config, port.send, clock.now(), port.room), port, clock)


if __name__ == "__main__":
    main()
