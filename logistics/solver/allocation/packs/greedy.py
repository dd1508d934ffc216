"""Whole packs step by step: a ledger that keeps every row, and greedy service of who stands lowest.

No proof, but an answer within milliseconds that keeps every row: the start for the exact engines and
the safety net when their time is short.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from itertools import pairwise

from logistics.solver.allocation.shape import Need, Shape


class Ledger:
    """Packs and flags of a shape with the totals of its rows, changed one step at a time."""

    def __init__(self, shape: Shape, packs: Sequence[int] = ()) -> None:
        self.shape = shape
        self.packs = list(packs) or [0] * (len(shape.options) + len(shape.flags))
        self._most = (*shape.most, *([1] * len(shape.flags)))
        self._rows: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._flags: dict[int, list[int]] = defaultdict(list)
        self._totals = [0] * len(shape.rows)
        for r, row in enumerate(shape.rows):
            for i, c in row.terms:
                self._rows[i].append((r, c))
                self._totals[r] += c * self.packs[i]
        for i, flag in shape.flagged():
            self._flags[i].append(flag)

    def holds(self) -> bool:
        """Whether every row is kept at present."""
        return all(self._within(r, total) for r, total in enumerate(self._totals))

    def try_add(self, i: int, count: int = 1) -> bool:
        """Add packs of an option (and set the flags it needs) if every row is still kept then."""
        if not 0 <= self.packs[i] + count <= self._most[i]:
            return False
        steps = {i: count}
        if count > 0:
            steps |= {flag: 1 for flag in self._flags[i] if not self.packs[flag]}
        change: dict[int, int] = defaultdict(int)
        for variable, step in steps.items():
            for r, c in self._rows[variable]:
                change[r] += c * step
        if not all(self._allows(r, delta) for r, delta in change.items()):
            return False
        for r, delta in change.items():
            self._totals[r] += delta
        for variable, step in steps.items():
            self.packs[variable] += step
        return True

    def _allows(self, r: int, delta: int) -> bool:
        """Whether a row is kept after a change, or at least broken no more than before."""
        row, before = self.shape.rows[r], self._totals[r]
        return (row.upper is None or before + delta <= max(row.upper, before)) and (
            row.lower is None or before + delta >= min(row.lower, before)
        )

    def _within(self, r: int, total: int) -> bool:
        row = self.shape.rows[r]
        return (row.upper is None or total <= row.upper) and (
            row.lower is None or total >= row.lower
        )


def completed(
    shape: Shape, packs: Sequence[int], relaxed: Sequence[float], week_floor: Fraction
) -> tuple[int, ...]:
    """Give packs to whoever stands lowest (first this week's floor, then the level) while one fits.

    Of the packs that fit, one that overshoots least and of which `relaxed` gives the most is taken.
    """
    ledger = Ledger(shape, packs)
    received = shape.received(ledger.packs)

    def rank(n: int) -> tuple[Fraction, Fraction, int]:
        need = shape.needs[n]
        return min(need.fill(received[n]), week_floor), need.level(received[n]), n

    queue = [rank(n) for n in range(len(shape.needs))]
    heapify(queue)
    while queue:
        _, _, n = heappop(queue)
        gap = shape.needs[n].wanted - received[n]
        if gap <= 0:
            continue
        order = sorted(
            shape.members[n],
            key=lambda i: (max(0, shape.meals[i] - gap), ledger.packs[i] - relaxed[i], i),
        )
        given = next((i for i in order if ledger.try_add(i)), None)
        if given is not None:
            received[n] = min(shape.needs[n].wanted, received[n] + shape.meals[given])
            heappush(queue, rank(n))
    return tuple(ledger.packs)


def trimmed(shape: Shape, packs: Sequence[int]) -> tuple[int, ...]:
    """Packs without those that could be taken away and leave everybody all that is wanted.

    The largest such pack goes first. A pack stays if taking it back would break a row, as when it
    empties a fridge that others need.
    """
    ledger = Ledger(shape, shape.with_flags(packs))
    for need, members in zip(shape.needs, shape.members, strict=True):
        spare = sum(shape.meals[i] * ledger.packs[i] for i in members) - need.wanted
        for i in sorted(members, key=lambda i: -shape.meals[i]):
            while ledger.packs[i] and shape.meals[i] <= spare and ledger.try_add(i, -1):
                spare -= shape.meals[i]
    return shape.with_flags(ledger.packs)


def worths(shape: Shape, week_floor: Fraction) -> list[list[tuple[int, int]]]:
    """Concave worth of receipts per need: (grains, worth of each grain) for each attainable step.

    What leaves level f is worth (1 - f)^3, so that the lowest come first by far, and what leaves a
    fill below this week's floor is worth much more still.
    """
    return [
        [(after - before, _worth(need, before, week_floor)) for before, after in pairwise(values)]
        for need, values in zip(shape.needs, shape.values, strict=True)
    ]


def _worth(need: Need, received: int, week_floor: Fraction) -> int:
    fill = need.fill(received)
    floor = 6000 * (1 - fill) if fill < week_floor else Fraction(0)
    return max(1, int(1000 * (1 - need.level(received)) ** 3 + floor))
