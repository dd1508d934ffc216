"""The bound b*: raise and freeze with whole receipts and split packs, every step proven in integers.

Receipts are raised group after group (`events.py`) as far as the limits known allow; a linear program
(`separation.py`) then looks for a limit that is still broken, and the raising is done again. What is
reached in the end no plan of whole packs can better lexicographically, as long as no tie was mixed:
where only some of the events of one group can happen, which of them is a choice, and everything after
it is bounded for that choice only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logistics.solver.allocation.events import Group
from logistics.solver.allocation.large.arrays import Arrays, Floats, Ints
from logistics.solver.allocation.large.classes import classes_of
from logistics.solver.allocation.large.separation import Limit, Separation
from logistics.solver.allocation.state import Deadline

FIRST_STEPS = 256
"""Events looked at together at first; doubled as long as they can all happen."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Receipts that leximin cannot pass.

    `mixed` is the first group in which only some events can happen (the number of groups if there is
    none); `complete` says that split packs reach b*, so that no further limit could lower it. `useful`
    and `split` are the options that the program over classes looked at, and its packs of each.
    """

    receipts: Ints
    mixed: int
    complete: bool
    limits: tuple[Limit, ...]
    useful: NDArray[np.bool_]
    split: Floats


@dataclass(frozen=True, slots=True)
class Steps:
    """The events of all groups in order, as arrays; `size` is what an event adds in grains.

    An event that an earlier one of its need goes beyond is left out: where the earlier one happens it
    is nothing new, and where not, the need is frozen.
    """

    need: Ints
    size: Ints
    group: Ints

    @classmethod
    def of(cls, groups: Sequence[Group], needs: int) -> Steps:
        """The events of groups."""
        reached = [0] * needs
        found: list[tuple[int, int, int]] = []
        for g, group in enumerate(groups):
            for event in group.events:
                if event.target > reached[event.need]:
                    found.append((event.need, event.target - reached[event.need], g))
                    reached[event.need] = event.target
        return cls(*np.array(found, dtype=np.int64).reshape(-1, 3).T.copy())


def bound_of(arrays: Arrays, groups: Sequence[Group], *, seconds: float, seed: int) -> Bound:
    """b* of a shape, or what is proven of it when the time is out."""
    deadline = Deadline(seconds, seconds)
    steps = Steps.of(groups, len(arrays.wanted))
    separation = Separation(arrays, classes_of(arrays), seed)
    limits: list[Limit] = []
    complete = False
    while not complete:
        receipts, mixed = raised(steps, limits, len(arrays.wanted), len(groups))
        limit = separation.separate(receipts, deadline.seconds())
        broken = limit is not None and int(limit.weights @ receipts) > limit.most
        complete = not broken and not deadline.late()
        if deadline.late() or limit is None:
            break
        limits += [limit] if broken else []
    split = separation.split(receipts)
    return Bound(receipts, mixed, complete, tuple(limits), separation.useful(), split)


def raised(steps: Steps, limits: Sequence[Limit], needs: int, groups: int) -> tuple[Ints, int]:
    """Receipts as far up as limits allow, group after group, and the first group with a mixed tie."""
    climb = _Climb(steps, limits, needs, groups)
    while len(climb.ahead):
        climb.run()
    return climb.receipts, climb.mixed


class _Climb:
    """Receipts on their way up within limits."""

    def __init__(self, steps: Steps, limits: Sequence[Limit], needs: int, groups: int) -> None:
        self.steps = steps
        self.weights = np.array([limit.weights for limit in limits], dtype=np.int64).reshape(
            len(limits), needs
        )
        self.slack = np.array([limit.most for limit in limits], dtype=np.int64)
        self.receipts = np.zeros(needs, dtype=np.int64)
        self.ahead = np.arange(len(steps.need))
        self.mixed = groups
        self.width = FIRST_STEPS

    def run(self) -> None:
        """Raise the next events as long as all fit; settle the group in which one does not."""
        steps = self.steps
        block = self.ahead[: self.width]
        loads = np.cumsum(self.weights[:, steps.need[block]] * steps.size[block], axis=1)
        fits = (loads <= self.slack[:, None]).all(axis=0)
        stop = len(block) if fits.all() else int(np.argmin(fits))
        if stop == len(block):
            self._raise(block)
            self.ahead = self.ahead[len(block) :]
            self.width *= 2
            return
        first = int(np.searchsorted(steps.group[block], steps.group[block[stop]]))
        self._raise(block[:first])
        self._settle(steps.group[block[stop]])
        self.width = FIRST_STEPS

    def _raise(self, block: Ints) -> None:
        needs, sizes = self.steps.need[block], self.steps.size[block]
        np.add.at(self.receipts, needs, sizes)
        self.slack -= self.weights[:, needs] @ sizes

    def _settle(self, group: int) -> None:
        """Raise the events of one group one by one; freeze what cannot rise."""
        steps = self.steps
        here = self.ahead[steps.group[self.ahead] == group]
        slack = self.slack.copy()
        stuck = []
        for event in here.tolist():
            need = steps.need[event]
            load = self.weights[:, need] * steps.size[event]
            if (load <= self.slack).all():
                self._raise(np.array([event]))
            else:
                stuck.append(need)
                if (load <= slack).all():
                    self.mixed = min(self.mixed, int(group))
        ahead = self.ahead[steps.group[self.ahead] > group]
        frozen = np.isin(steps.need[ahead], stuck) | self._blocked(ahead)
        self.ahead = ahead[~frozen]

    def _blocked(self, events: Ints) -> NDArray[np.bool_]:
        """Which events belong to needs that cannot make their next step."""
        needs, first = np.unique(self.steps.need[events], return_index=True)
        size = self.steps.size[events[first]]
        stuck = (self.weights[:, needs] * size > self.slack[:, None]).any(axis=0)
        return np.isin(self.steps.need[events], needs[stuck])
