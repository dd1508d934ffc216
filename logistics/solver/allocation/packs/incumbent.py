"""The fairest plan of whole packs found so far."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from logistics.solver.allocation.events import Event
from logistics.solver.allocation.packs.bounds import keeps_rows
from logistics.solver.allocation.packs.greedy import completed
from logistics.solver.allocation.shape import Shape
from logistics.solver.allocation.state import Solution
from logistics.solver.metrics import Fairness, leximin_key


class Incumbent:
    """Plans come in, the fairest stays; what breaks a row, checked in integers, is never taken.

    `guide` are split packs: of several packs that fit, what they give most of is added first.
    """

    def __init__(self, shape: Shape, floor: Fraction) -> None:
        self.shape = shape
        self.floor = floor
        self.guide: Sequence[float] = (0.0,) * len(shape.options)
        self._best: Solution | None = None

    @property
    def exists(self) -> bool:
        """Whether any plan is known."""
        return self._best is not None

    @property
    def plan(self) -> Solution:
        """The fairest plan with what each need receives."""
        assert self._best is not None
        return self._best

    def keep(self, packs: tuple[int, ...] | None, *, complete: bool = True) -> bool:
        """Take over packs if they, completed with what is left, are fairer than the best so far."""
        if packs is None or not keeps_rows(self.shape, packs):
            return False
        if complete:
            packs = completed(self.shape, packs, self.guide, self.floor)
        found = packs, self.shape.received(packs)
        if self._best is not None and self._fairness(found) <= self._fairness(self._best):
            return False
        self._best = found
        return True

    def done(self, events: Sequence[Event]) -> int:
        """How many of the events happen in the fairest plan."""
        return sum(self.plan[1][event.need] >= event.target for event in events)

    def _fairness(self, found: Solution) -> Fairness:
        pairs = list(zip(self.shape.needs, found[1], strict=True))
        fills = (need.fill(got) for need, got in pairs)
        return leximin_key(fills, (need.level(got) for need, got in pairs), self.floor)
