#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same individuals and faults in several worlds, side by side: ghostlight-sim with a board
kind, our firmware on the emulated board, StandardFirmata on the emulated Uno.

    compare.py [FIRST_SEED [SEEDS]]     seeds are drawn and 20 unless said
    compare.py --saved FIRST_SEED SEEDS what an earlier run left, compared again

What agrees means: measured value of one individual and condition, mean of two runs of one
power-up; u is the standard uncertainty of that mean: the deviation of one run within a power-up,
pooled over individuals, / sqrt(2), never below the metric's resolution / sqrt(12), which no
repetition makes smaller.

  run   |d| <= 3 sqrt(u1^2 + u2^2) of the means, for each individual. Of N true agreements
        some are outside by chance: as often as Student's t says for so few runs, or, where that
        is more, as repeats of one world are of that metric (a figure that jumps between two
        values is no Gaussian). As many are allowed as let a row of the table fail by chance once
        in TABLE / rows.
  mean  of d over the individuals: within t times its standard deviation (of d as found, or
        sqrt(u1^2 + u2^2) if that is more, / sqrt(N)), t by the same rule and not below 3, or
        below a tenth of the change that matters (min_abs, min_share) or the metric's resolution:
        the mean of readings in whole steps is no finer than a step where all fall alike. Not
        asked of a figure that is only shown: no limit rests on it.
  said  a fault: every run of every seed says the same and names the same. Healthy: no run says
        HOLD or names a fault; READY is said as often in both, as far as so few runs can tell
        (Fisher's exact test at 5 %). WATCH and UNSURE come by chance where the limit is a
        quantile over six power-ups; each is listed with its reason.
"""

import concurrent.futures
import math
import os
import random
import subprocess
import sys
from collections import defaultdict

BUILD = os.environ.get("GH_BUILD", os.path.abspath("build"))
WORLDS = os.path.join(BUILD, "bench", "worlds")
SAVED = os.path.join(BUILD, "worlds")
CONDITIONS = ("healthy", "limp", "blue_lost")
REPEATS = 2
# enum gh_role (judge/metric.h).
ROLE_SHOWN = 2
SEEDS = int(os.environ.get("GH_WORLDS_SEEDS", "20"))
# These cost as much as the Uno, and their rows are few.
FEW = min(SEEDS, 3)
# Chance that a table with no true difference has a row that fails.
TABLE = 0.05
# Of X, Y or Z: one count of the colour chip; and what Delta E 1 is at least, as a share: a* has
# 500 / 3 of it, of a white.
XYZ_RESOLUTION, XYZ_SHARE = 1 / 10240, 3 / 500
# Sizes that say something of the wire or the controller, not of the sculpture.
NOT_COMPARABLE = {
    "link.": "a wire of 1 MBd without buffers against a UART of 500 kBd",
    "controller.": "a loop on a desktop processor against one of 16 MHz",
    "joint.bind_at": "where the largest of many small bumps lies: in a joint that does not rub it "
                     "is anywhere",
    "joint.order_share": "what share of the roughness the teeth have: where they are sound, both "
                         "are the world's noise (their size, joint.order_40, is compared)",
}
# Left, right, seeds, whether metrics must agree, and why not. main.c knows a Mega too: the
# simulator's commands are up to 2.6 ms old when its six axes' pulses begin, which the chip's are
# not, so these two do not agree yet and are for a look by hand.
PAIRS = (
    ("sim", "uno", SEEDS, True, ""),
    ("uno", "firmata", FEW, False, "the driver moves by host steps at half the speed and its "
                                   "readings are older; verdicts must agree, sizes are shown"),
)


def say(line=""):
    print(line, flush=True)


class World:
    """What one world's program said of one seed."""

    def __init__(self, text):
        self.values = defaultdict(list)  # (condition, part, id) -> runs
        self.none = defaultdict(list)
        self.facts, self.said, self.findings = {}, defaultdict(list), defaultdict(set)
        for line in text.splitlines():
            kind, _, rest = line.partition("\t")
            take = getattr(self, "take_" + kind, None)
            if take:
                take(rest.split("\t"))

    def take_value(self, f):
        self.values[f[0], f[2], f[3]].append(float(f[4]))

    def take_none(self, f):
        self.none[f[0], f[2], f[3]].append(f[4])

    def take_metric(self, f):
        names = ("kind", "role", "min_share", "min_abs", "resolution")
        self.facts[f[0]] = dict(zip(names, map(float, f[1:])))

    def take_verdict(self, f):
        self.said[f[0]].append((f[2], f[4]))

    def take_finding(self, f):
        self.findings[f[0]].add(f"{f[2]} {f[3]} {f[4]}{'' if f[5] == 'NONE' else ' ' + f[5]}")


def path_of(world, seed):
    return os.path.join(SAVED, f"{world}.{seed}.tsv")


def measure(world, seed, firmware):
    extra = [firmware] if world == "firmata" else []
    done = subprocess.run([WORLDS, world, str(seed), str(REPEATS), *extra], capture_output=True,
                          text=True, check=False, env={**os.environ, "GH_BUILD": BUILD})
    if done.returncode != 0:
        return f"{world}, seed {seed}: exit {done.returncode}: {done.stderr.strip()[-300:]}"
    with open(path_of(world, seed), "w", encoding="utf-8") as f:
        f.write(done.stdout)
    return ""


def load(world, seed):
    try:
        with open(path_of(world, seed), encoding="utf-8") as f:
            return World(f.read())
    except FileNotFoundError:
        return None


# ---- Statistics -------------------------------------------------------------------------------

def t_tail(x, df):
    """P(|T| > x) of Student's t: Simpson's rule over u = atan(t / sqrt(df))."""
    top, low, n = math.pi / 2, math.atan(x / math.sqrt(df)), 200
    scale = math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(math.pi)
    h = (top - low) / n
    heights = [max(0.0, math.cos(low + i * h)) ** (df - 1) for i in range(n + 1)]
    return 2 * scale * h / 3 * (heights[0] + heights[-1] + 4 * sum(heights[1:-1:2])
                                + 2 * sum(heights[2:-1:2]))


def t_beyond(p, df):
    lo, hi = 0.0, 1e4
    for _ in range(60):
        mid = (lo + hi) / 2
        lo, hi = (mid, hi) if t_tail(mid, df) > p else (lo, mid)
    return hi


def allowed(n, p, chance):
    """Least m with P(more than m of n) <= chance."""
    below = 0.0
    for m in range(n + 1):
        below += math.comb(n, m) * p ** m * (1 - p) ** (n - m)
        if 1 - below <= chance:
            return m
    return n


def uncertainty(worlds, condition, part, name, resolution):
    """Of the mean of an individual's runs within a power-up, and its degrees of freedom."""
    total, df = 0.0, 0
    for w in worlds:
        for (c, p, i), v in w.values.items():
            if (p, i) != (part, name) or len(v) < 2:
                continue
            if c != condition:
                continue
            mean = sum(v) / len(v)
            total += sum((x - mean) ** 2 for x in v)
            df += len(v) - 1
    random_u = math.sqrt(total / df / REPEATS) if df else 0.0
    return max(random_u, resolution / math.sqrt(12)), df


def outliers_of(worlds):
    """Of each metric: how often the difference of two runs of one power-up in one world is beyond 3
    of its standard deviations, over all conditions and parts."""
    rows, count = defaultdict(list), defaultdict(lambda: [0, 0])
    for side, ws in enumerate(worlds):
        for w in ws:
            for key, v in w.values.items():
                if key[0] in CONDITIONS and len(v) == 2:
                    rows[side, *key].append(v[1] - v[0])
    for (_, _, _, name), d in rows.items():
        sd = math.sqrt(sum(x * x for x in d) / len(d))
        count[name][0] += sum(abs(x) > 3 * sd for x in d)
        count[name][1] += len(d)
    return {name: found / n for name, (found, n) in count.items()}


class Row:
    def __init__(self, condition, part, name, facts, lefts, rights):
        self.condition, self.part, self.name = condition, part, name
        key = (condition, part, name)
        both = [(a.values[key], b.values[key]) for a, b in zip(lefts, rights)
                if len(a.values[key]) == REPEATS and len(b.values[key]) == REPEATS]
        self.n = len(both)
        # How many had it in one world only.
        self.alone = sum((key in a.values and len(a.values[key]) > 0)
                         != (key in b.values and len(b.values[key]) > 0)
                         for a, b in zip(lefts, rights))
        if self.n == 0:
            return
        mean = [[sum(v) / len(v) for v in pair] for pair in both]
        self.left = sum(m[0] for m in mean) / self.n
        self.right = sum(m[1] for m in mean) / self.n
        self.d = [b - a for a, b in mean]
        self.u1, df1 = uncertainty(lefts, condition, part, name, facts["resolution"])
        self.u2, df2 = uncertainty(rights, condition, part, name, facts["resolution"])
        self.df = max(1, df1 + df2)
        self.u = math.sqrt(self.u1 ** 2 + self.u2 ** 2)
        self.matters = max(facts["min_abs"], facts["min_share"] * abs(self.left))
        self.worst = max(abs(d) for d in self.d) / self.u if self.u else 0.0
        self.outside = sum(abs(d) > 3 * self.u for d in self.d)
        self.mean_d = sum(self.d) / self.n
        self.resolution = facts["resolution"]
        self.is_shown = facts["role"] == ROLE_SHOWN

    def spread(self):
        """Standard deviation of one d, and its degrees of freedom."""
        if self.n < 2:
            return self.u, self.df
        found = math.sqrt(sum((d - self.mean_d) ** 2 for d in self.d) / (self.n - 1))
        return (found, self.n - 1) if found > self.u else (self.u, self.df)

    def judge(self, rows, outliers):
        self.allowed = allowed(self.n, max(t_tail(3, self.df), outliers), TABLE / rows)
        sd, df = self.spread()
        factor = max(3.0, t_beyond(TABLE / rows, df))
        self.mean_ok = (self.is_shown or abs(self.mean_d) <= factor * sd / math.sqrt(self.n)
                        or abs(self.mean_d) <= max(self.matters / 10, self.resolution))
        self.ok = self.outside <= self.allowed and self.mean_ok


def excluded(name):
    return next((why for start, why in NOT_COMPARABLE.items() if name.startswith(start)), None)


def facts_of(name, facts):
    if name[-2:] not in (".x", ".y", ".z"):
        return facts
    return {**facts, "resolution": XYZ_RESOLUTION, "min_abs": 0.0,
            "min_share": facts["min_abs"] * XYZ_SHARE}


def make_rows(lefts, rights):
    rows, facts = [], {}
    for w in lefts:
        facts.update(w.facts)
    for c in CONDITIONS:
        keys = sorted({(k[1], k[2]) for w in lefts + rights for k in w.values if k[0] == c})
        for part, name in keys:
            base = name[:-2] if name[-2:] in (".x", ".y", ".z") else name
            if not excluded(name) and base in facts:
                rows.append(Row(c, part, name, facts_of(name, facts[base]), lefts, rights))
    rows = [r for r in rows if r.n > 0]
    outliers = outliers_of((lefts, rights))
    for r in rows:
        r.judge(len(rows), outliers.get(r.name, 0.0))
    return rows


# ---- Tables -----------------------------------------------------------------------------------

def word(said):
    return " / ".join(f"{v}{' ' + d if d else ''}" for v, d in sorted(set(said)))


def fisher(a, n, b, m):
    """Chance of counts a of n and b of m at least this unlike, if nothing differs."""
    def ways(k):
        return math.comb(n, k) * math.comb(m, a + b - k)

    ks = range(max(0, a + b - m), min(n, a + b) + 1)
    return sum(ways(k) for k in ks if ways(k) <= ways(a)) / sum(map(ways, ks))


def compare_words(left, right, seeds, lefts, rights):
    """Verdicts and named faults; how many are not the same."""
    bad = 0
    say(f"\nverdicts: {left} | {right}")
    for c in CONDITIONS:
        for seed, a, b in zip(seeds, lefts, rights):
            same = set(a.said[c]) == set(b.said[c]) and len(set(a.said[c])) == 1
            wrong = not same
            if c == "healthy":
                wrong = any(v == "HOLD" or d for v, d in a.said[c] + b.said[c])
            bad += wrong
            say(f"  {c:10} seed {seed:6}  {word(a.said[c]):38} | {word(b.said[c]):38}"
                f"{'  DISAGREES' if wrong else '' if same else '  differs'}")
            for who, w in ((left, a), (right, b)):
                if not same and w.findings[c]:
                    say(f"             {who}: {', '.join(sorted(w.findings[c]))}")
    ready = [[v == "READY" for w in ws for v, _ in w.said["healthy"]] for ws in (lefts, rights)]
    p = fisher(sum(ready[0]), len(ready[0]), sum(ready[1]), len(ready[1]))
    say(f"  healthy runs READY: {sum(ready[0])} of {len(ready[0])} | {sum(ready[1])} of "
        f"{len(ready[1])}, p {p:.2g}{'' if p >= 0.05 else '  DISAGREES'}")
    return bad + (p < 0.05)


def show_rows(left, right, rows, must, why):
    say(f"\nmetrics: {left} against {right}, {len(rows)} rows"
        f"{'' if must else ' (shown, not judged: ' + why + ')'}")
    say(f"  {'':10} {'part':20} {'metric':28} {left:>10} {right:>10} {'mean d':>9} {'u ' + left:>9} "
        f"{'u ' + right:>9} {'matters':>8} {'outside':>8} {'worst':>6}")
    for r in rows:
        say(f"  {r.condition:10} {r.part:20} {r.name:28} {r.left:10.4g} {r.right:10.4g} "
            f"{r.mean_d:9.2g} {r.u1:9.2g} {r.u2:9.2g} {r.matters:8.2g} "
            f"{r.outside:3}/{r.n:<2}({r.allowed}) {r.worst:5.1f}"
            f"{'' if r.ok else '  mean' if r.outside <= r.allowed else '  run'}"
            f"{'' if r.ok or not must else ' DISAGREES'}"
            f"{f'  {r.alone} in one world only' if r.alone else ''}")


def compare(left, right, seeds, must, why):
    pairs = [(s, load(left, s), load(right, s)) for s in seeds]
    there = [p for p in pairs if p[1] and p[2]]
    if not there:
        say(f"\n{left} | {right}: nothing was measured")
        return 1
    seeds, lefts, rights = (list(x) for x in zip(*there))
    bad_words = compare_words(left, right, seeds, lefts, rights)
    rows = make_rows(lefts, rights)
    show_rows(left, right, rows, must, why)
    outside, tried = sum(r.outside for r in rows), sum(r.n for r in rows)
    say(f"one by one: {outside} of {tried} comparisons are outside 3 sqrt(u1^2 + u2^2), "
        f"{outside / tried:.2%} (of true agreements 0.27 % were, if all were Gaussian)")
    bad_rows = sum(not r.ok for r in rows) if must else 0
    say(f"{left} | {right}: {len(seeds)} individuals, {len(rows)} rows, {bad_rows} disagree; "
        f"verdicts that disagree: {bad_words}")
    return bad_words + bad_rows + len(pairs) - len(there)


def find_firmata():
    done = subprocess.run(["scripts/fetch-firmata", os.path.join(BUILD, "firmata")],
                          capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return done.stdout.strip()
    say(f"  {done.stdout.strip() or done.stderr.strip()}")
    return None


def main():
    saved = "--saved" in sys.argv
    given = [int(a) for a in sys.argv[1:] if a != "--saved"]
    first = given[0] if given else random.randrange(1, 100000)
    count = given[1] if len(given) > 1 else SEEDS
    if not os.access(WORLDS, os.X_OK):
        say(f"SKIP {WORLDS} was not built (libsimavr-dev, gcc-avr, avr-libc)")
        return 0
    os.makedirs(SAVED, exist_ok=True)
    say(f"seeds {first} to {first + count - 1}; again: {sys.argv[0]} {first} {count}")
    for start, reason in NOT_COMPARABLE.items():
        say(f"not compared: {start}: {reason}")
    firmata = find_firmata()
    bad, jobs, pairs = 0, [], []
    for left, right, most, must, why in PAIRS:
        seeds = range(first, first + min(count, most))
        if "firmata" in (left, right) and not firmata:
            continue
        pairs.append((left, right, seeds, must, why))
        jobs += [(w, s) for s in seeds for w in (left, right) if (w, s) not in jobs]
    if not saved:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for failure in pool.map(lambda j: measure(*j, firmata), jobs):
                bad += bool(failure)
                if failure:
                    say(failure)
    bad += sum(compare(*p) for p in pairs)
    say("every row agrees" if bad == 0 else f"{bad} things disagree")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
