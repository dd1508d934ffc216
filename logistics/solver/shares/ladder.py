"""How much each household receives as everybody climbs together, until a total is reached.

A *need* is a household that wants something. With total wish `a` (past and now, times weight) and
past receipts `p`, it stands at (p + r) / a with r grains. `Continuous` raises a common level;
`Discrete` goes through single packs in the order in which leximin gives them.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from logistics.model.errors import InvalidFact
from logistics.solver.shares.exact import WORD, Whole, most, ordered, ranges, sums, whole, wide

Members = NDArray[np.int64]
"""Positions of needs, rising."""

STEPS_MAX = 20_000_000
"""Most single packs that are ordered one by one."""
ROUNDS = 50


class Ladder(Protocol):
    """A common climb: amounts of needs, in 1 / scale of a unit, that together make a given total."""

    def climb(self, members: Members, total: int) -> tuple[Whole, int]:
        """Amounts that sum up to `total` units, and their scale."""

    def all(self, members: Members) -> Whole:
        """Units of each that fill its wish."""


class Continuous:
    """r(level) = clip(level * a - p, 0, wanted): the level at which they make the total, exactly.

    The segment of the piecewise linear sum is guessed in floating point and confirmed in whole
    numbers; a wrong guess is corrected by exact Newton steps.
    """

    def __init__(self, wishes: Whole, past: Whole, wanted: Whole) -> None:
        self.wishes, self.past, self.wanted = wishes, past, wanted

    def all(self, members: Members) -> Whole:
        """What each wants."""
        return self.wanted[members]

    def climb(self, members: Members, total: int) -> tuple[Whole, int]:
        """Amounts at the common level, in 1 / denominator of that level."""
        if total == 0:
            return self.wanted[members] * 0, 1
        level = self.level(members, total)
        return self.at(members, level), level.denominator

    def at(self, members: Members, level: Fraction) -> Whole:
        """Amounts at a level, in 1 / denominator."""
        return _at(self.wishes[members], self.past[members], self.wanted[members], level)

    def level(self, members: Members, total: int | Fraction) -> Fraction:
        """The level at which members make a total between nothing and all that they want."""
        a, p, w = self.wishes[members], self.past[members], self.wanted[members]
        try:
            level = _guess(a, p, w, total)
        except OverflowError:  # beyond floating point
            return _search(a, p, w, total)
        for _ in range(ROUNDS):
            if int(_at(a, p, w, level).sum()) == total * level.denominator:
                return level
            level = _step(a, p, w, level, total)
        return _search(a, p, w, total)


def _at(a: Whole, p: Whole, w: Whole, level: Fraction) -> Whole:
    """clip(n * a - d * p, 0, d * w) for the level n / d."""
    n, d = level.numerator, level.denominator
    highest = max(n * most(a), d * (most(p) + most(w)), d * float(w.sum(dtype=float)))
    if highest >= WORD:
        a, p, w = (column.astype(object) for column in (a, p, w))
    amounts: Whole = np.clip(n * a - d * p, 0, d * w)
    return amounts


def _guess(a: Whole, p: Whole, w: Whole, total: int | Fraction) -> Fraction:
    """The level in floating point, as an exact fraction of the segment that it lies in."""
    af, pf, wf = (column.astype(float) for column in (a, p, w))
    start, end = pf / af, (pf + wf) / af
    points = np.concatenate([start, end])
    order = np.argsort(points, kind="stable")
    points = points[order]
    slopes = np.cumsum(np.concatenate([af, -af])[order])
    values = np.concatenate([[0.0], np.cumsum(slopes[:-1] * np.diff(points))])
    k = min(int(np.searchsorted(values, float(total), side="right")) - 1, len(points) - 2)
    middle = (points[k] + points[k + 1]) / 2
    return _solve(a, p, w, (start < middle) & (middle < end), end <= middle, total)


def _solve(
    a: Whole,
    p: Whole,
    w: Whole,
    rising: NDArray[np.bool_],
    full: NDArray[np.bool_],
    total: int | Fraction,
) -> Fraction:
    """level * sum(a) - sum(p) over those that rise + sum(w) over those that are full = total."""
    slope = int(a[rising].sum())
    if slope == 0:
        ends = [Fraction(int(x) + int(y), int(z)) for x, y, z in zip(p, w, a, strict=True)]
        return max((e for e, done in zip(ends, full, strict=True) if done), default=Fraction(0))
    return (Fraction(total) + int(p[rising].sum()) - int(w[full].sum())) / slope


def _step(a: Whole, p: Whole, w: Whole, level: Fraction, total: int | Fraction) -> Fraction:
    """The level at which those that rise at `level` would make the total (a Newton step)."""
    amounts = _at(a, p, w, level)
    full = amounts == level.denominator * w
    return _solve(a, p, w, (amounts > 0) & ~full, full, total)


def _search(a: Whole, p: Whole, w: Whole, total: int | Fraction) -> Fraction:
    """The level by bisection over all breakpoints in exact fractions."""
    rows = list(zip(a.tolist(), p.tolist(), w.tolist(), strict=True))
    points = sorted({Fraction(p + end, a) for a, p, w in rows for end in (0, w)})
    low, high = 0, len(points) - 1
    while high - low > 1:
        middle = (low + high) // 2
        level = points[middle]
        if int(_at(a, p, w, level).sum()) <= total * level.denominator:
            low = middle
        else:
            high = middle
    inside = (points[low] + points[high]) / 2
    amounts = _at(a, p, w, inside)
    full = amounts == inside.denominator * w
    return _solve(a, p, w, (amounts > 0) & ~full, full, total)


class TooNear(Exception):
    """The packs around the split answer do not hold the whole one."""


class Discrete:
    """Packs of one size, one after the other: first what leaves the lowest level, of equals the one
    that reaches the highest (docs/decisions/0003); the order is fixed once for all.

    Where a column of packs would be too long, only those within `near` packs of the split answer are
    ordered: a whole answer is about as many packs away from it at most as there are needs (Hochbaum
    1994, doi:10.1287/moor.19.2.390). `TooNear` says that this was not enough.
    """

    def __init__(
        self,
        wishes: Whole,
        past: Whole,
        wanted: Whole,
        size: int,
        split: Whole | None = None,
        near: int = 0,
    ) -> None:
        self.counts = whole(-(-wanted // size))
        self.first = self.counts * 0
        last = self.counts
        if split is not None:
            self.first = np.clip(split - near, 0, self.counts)
            last = np.clip(split + near, 0, self.counts)
        steps = int((last - self.first).sum()) if len(wanted) else 0
        if steps > STEPS_MAX:
            raise InvalidFact(
                f"{steps} single packs to order, at most {STEPS_MAX} are possible: use larger packs"
            )
        self._lengths = (last - self.first).astype(np.int64)
        self._starts = np.cumsum(self._lengths) - self._lengths
        self._rank = self._ranks(wishes, past, wanted, size)

    @staticmethod
    def too_long(wanted: Whole, size: int) -> bool:
        """Whether the packs around a split answer are needed."""
        return int(wide(wanted, 1).sum()) // size > STEPS_MAX if len(wanted) else False

    def _ranks(self, a: Whole, p: Whole, w: Whole, size: int) -> NDArray[np.int64]:
        owner = np.repeat(np.arange(len(w)), self._lengths)
        inner = ranges(self._starts * 0, self._lengths)
        before = (self.first[owner] + inner) * size
        after = np.minimum(before + size, w[owner])
        leaves = ordered(whole(p[owner] + before), a[owner])
        reaches = ordered(whole(p[owner] + after), a[owner])
        order = np.lexsort((-reaches, leaves))
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        return rank

    def all(self, members: Members) -> Whole:
        """Packs that fill each wish."""
        return self.counts[members]

    def climb(self, members: Members, total: int) -> tuple[Whole, int]:
        """How many packs each has when so many are given in order; the scale is 1."""
        base, lengths = self.first[members], self._lengths[members]
        left = total - int(base.sum()) if len(base) else total
        if not 0 <= left <= int(lengths.sum()):
            raise TooNear
        if left == 0:
            return base, 1
        ranks = self._rank[ranges(self._starts[members], lengths)]
        given = ranks <= np.partition(ranks, left - 1)[left - 1]
        found = base.copy()
        some = lengths > 0
        starts = (np.cumsum(lengths) - lengths)[some]
        found[some] += sums(given.astype(np.int64), starts)
        return found, 1
