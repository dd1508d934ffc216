"""Rows of a shape made fewer and tighter, without changing which packs are possible.

- A flag that nothing limits can be set: the rows that wait for it are left out.
- A private cap of a household that can come to one session only holds session by session,
  `sum c x <= cap x seat`, which also replaces most rows `x <= most x seat`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import inf

from logistics.solver.allocation.shape import Row, Shape

Terms = list[tuple[int, float]]
Half = tuple[Terms, float]
"""A row: terms <= upper."""


class Seats:
    """What the flags of a shape let be left out or tightened."""

    def __init__(self, shape: Shape, owned: Sequence[Sequence[int]]) -> None:
        self.shape = shape
        self.owner = {i: n for n, own in enumerate(owned) for i in own}
        packs = len(shape.options)
        limited: set[int] = set()
        self.waits: dict[int, list[int]] = defaultdict(list)
        """Per option, the limited flags it waits for."""
        for row in shape.rows:
            if waits(row, shape):
                self.waits[row.terms[0][0]].append(row.terms[1][0])
            else:
                limited |= {i for i, _ in row.terms if i >= packs}
        self.free = set(range(packs, packs + len(shape.flags))) - limited
        only = self._only(owned, limited)
        self.seat: dict[int, int] = {}
        """Per option, the seat it needs, where its household can have one seat at most."""
        for i, flags in self.waits.items():
            flags[:] = [flag for flag in flags if flag in limited]
            if len(flags) == 1 and flags[0] in only:
                self.seat[i] = flags[0]

    def _only(self, owned: Sequence[Sequence[int]], limited: set[int]) -> set[int]:
        """Limited flags of which a household can have one at most."""
        packs = len(self.shape.options)
        single = [
            {i for i, _ in row.terms}
            for row in self.shape.rows
            if (row.upper, row.lower) == (1, None)
            and all(i >= packs and c == 1 for i, c in row.terms)
        ]
        flags = [{i for i in own if i in limited} for own in owned]
        return set().union(
            *(own for own in flags if len(own) == 1 or any(own <= s for s in single))
        )

    def halves(self) -> list[Half]:
        """All rows of the shape that say something, tightened."""
        found: list[Half] = []
        reach: dict[int, float] = {}
        for row in self.shape.rows:
            if waits(row, self.shape):
                continue
            if self._by_session(row):
                found += self._sessions(row, reach)
                continue
            if row.upper is not None:
                found.append((list(row.terms), row.upper))
            if row.lower is not None:
                found.append(([(i, -c) for i, c in row.terms], -row.lower))
        for i, flags in self.waits.items():
            most = self.shape.most[i]
            if reach.get(i, inf) > most:
                found += [([(i, 1), (flag, -most)], 0) for flag in flags]
        return found

    def _by_session(self, row: Row) -> bool:
        """Whether a row is a cap on packs of one household, each of which needs a seat."""
        return (
            row.lower is None
            and row.upper is not None
            and row.upper > 0
            and all(c > 0 and i in self.seat for i, c in row.terms)
            and len({self.owner[i] for i, _ in row.terms}) == 1
        )

    def _sessions(self, row: Row, reach: dict[int, float]) -> list[Half]:
        """A private cap session by session; notes how many packs that leaves of each option."""
        upper = row.upper or 0
        parts: dict[int, Terms] = defaultdict(list)
        for i, c in row.terms:
            parts[self.seat[i]].append((i, c))
            reach[i] = min(reach.get(i, inf), upper / c)
        return [([*terms, (flag, -upper)], 0) for flag, terms in parts.items()]


def waits(row: Row, shape: Shape) -> bool:
    """Whether a row only says that an option waits for a flag (`ShapeBuilder.only_if`)."""
    packs = len(shape.options)
    if row.upper != 0 or row.lower is not None or len(row.terms) != 2:
        return False
    (i, one), (flag, most) = row.terms
    return i < packs <= flag and one == 1 and most == -shape.most[i]
