"""Better plans near a plan: small integer programs without proof, each solved in some hundredths of a
second.

Either a few households give everything back and are served anew from what is left and what they gave
back, or all do, but with those packs only that the plan or the best mixes of baskets give
(relaxation-induced neighbourhoods, Danna, Rothberg and Le Pape 2005, doi:10.1007/s10107-004-0518-7).
What a grain is worth falls steeply with the level it leaves: those who stand lowest come first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from itertools import pairwise
from math import exp
from random import Random
from time import monotonic

import numpy as np

from logistics.solver.allocation.events import FLOOR, Event, Group
from logistics.solver.allocation.packs.columns import Columns
from logistics.solver.allocation.packs.matrix import Extra, Floats, Matrix, Part
from logistics.solver.allocation.shape import Need, Shape
from logistics.solver.allocation.state import Solution, State

STEEPNESS = 25.0
"""Worth of a grain falls by this power of e from level 0 to level 1."""

FEW, MANY, VAIN = 3, 12, 12
"""Households served anew together: at first, at most, and after how many vain attempts one more."""

LOWEST = 4.0
"""Mean rank, from the lowest, of the household that is looked at."""

SMALL_S = 0.5
GAP = 1e-3
LEAST_WORTH = 1e-6

Gains = dict[int, list[tuple[int, float]]]

Goal = tuple[Sequence[Event], int]
"""Events and how many of them shall happen."""


class Nearby:
    """Searches around plans that keep a state, worth counted from a base level."""

    def __init__(self, shape: Shape, matrix: Matrix, columns: Columns, seed: int) -> None:
        self.shape = shape
        self.matrix = matrix
        self.columns = columns
        self.rng = Random(seed)
        self.lots = [{shape.options[i].lot_id for i in own} for own in shape.members]

    def gains(self, group: Group, lower: Sequence[int]) -> Gains:
        """Worth of each step above `lower` per need, counted from a group's threshold."""
        found: Gains = {}
        for n, need in enumerate(self.shape.needs):
            steps = [
                (after, exp(-STEEPNESS * float(_value(need, before, group) - group.leaves)))
                for before, after in pairwise(self.shape.values[n])
                if after > lower[n]
            ]
            found[n] = [(grains, 1000 * worth) for grains, worth in steps if worth > LEAST_WORTH]
        return found

    def search(
        self,
        plan: Solution,
        state: State,
        group: Group,
        good: Callable[[Sequence[int]], bool],
        seconds: float,
    ) -> Solution:
        """A plan at least as good, until its receipts are good or the time is out."""
        gains = self.gains(group, state.lower)
        end, size, vain = monotonic() + seconds, FEW, 0
        while monotonic() < end and not good(plan[1]):
            needs = self._around(plan, group, size)
            if not needs:
                break
            found = self._anew(plan, needs, settled(plan[1], state), gains)
            step = 0.0 if found is None else self._gained(plan[1], found[1], needs, gains)
            if found is not None and step >= -LEAST_WORTH:
                plan = found
            vain = 0 if step > LEAST_WORTH else vain + 1
            if vain == 0:
                size = max(FEW, size - 1)
            elif vain % VAIN == 0:
                size = min(MANY, size + 1)
        return plan

    def _around(self, plan: Solution, group: Group, size: int) -> list[int]:
        """A low household that could have more, and some that hold lots which it may have."""
        packs, got = plan
        needs = self.shape.needs
        short = sorted(
            (_value(need, got[n], group), self.rng.random(), n)
            for n, need in enumerate(needs)
            if got[n] < self.shape.values[n][-1]
        )
        if not short:
            return []
        centre = short[min(len(short) - 1, int(self.rng.expovariate(1 / LOWEST)))][2]
        keys = []
        for n, own in enumerate(self.shape.members):
            if n != centre:
                held = sum(
                    1 for i in own if packs[i] and self.shape.options[i].lot_id in self.lots[centre]
                )
                keys.append((self.rng.random() ** (1 / (0.2 + held)), n))
        return sorted([centre, *(n for _, n in sorted(keys, reverse=True)[: size - 1])])

    def _anew(
        self, plan: Solution, needs: Sequence[int], lower: Sequence[int], gains: Gains
    ) -> Solution | None:
        part = Part(self.matrix, needs, np.array(plan[0], dtype=float))
        packs = part.best({n: gains[n] for n in needs}, lower, SMALL_S, GAP)
        return None if packs is None else (packs, self.shape.received(packs))

    def _gained(
        self, before: Sequence[int], after: Sequence[int], needs: Sequence[int], gains: Gains
    ) -> float:
        """How much more the receipts of some needs are worth than before."""
        return sum(_worth(gains[n], after[n]) - _worth(gains[n], before[n]) for n in needs)

    def induced(
        self, plan: Solution, state: State, group: Group, goal: Goal, seconds: float
    ) -> list[tuple[int, ...]]:
        """Whole packs of the options that the plan or the best mix of baskets uses.

        Two programs at the same time (HiGHS runs outside of Python's lock): the greatest worth, and
        any packs with so many events of a goal.
        """
        end = monotonic() + seconds
        gains = self.gains(group, state.lower)
        asked = self.columns.asked(state.lower, state.ties, gains=gains)
        valuable = self.columns.mix(asked, seconds).used
        wished = self.columns.asked(state.lower, state.ties, *goal)
        possible = self.columns.mix(wished, seconds).used
        if valuable is None or possible is None:
            return []
        valued, _ = self.matrix.ladder(state.lower, state.ties)
        self.matrix.worth(valued, state.lower, gains)
        aimed, _ = self.matrix.ladder(state.lower, state.ties, *goal)
        upper: Floats = self.matrix.upper.copy()
        packs = self.matrix.packs
        upper[:packs][~(valuable | possible | (np.array(plan[0][:packs]) > 0))] = 0

        def whole(extra: Extra) -> tuple[int, ...] | None:
            return self.matrix.whole(extra, end - monotonic(), gap=GAP, upper=upper).packs

        with ThreadPoolExecutor(2) as pool:
            return [packs for packs in pool.map(whole, (aimed, valued)) if packs is not None]


def _value(need: Need, received: int, group: Group) -> Fraction:
    """What the stage of a group ranks by."""
    return need.fill(received) if group.stage == FLOOR else need.level(received)


def settled(got: Sequence[int], state: State) -> list[int]:
    """What each need keeps: the lower bounds, and the tied events that happen at present."""
    lower = list(state.lower)
    for tie in state.ties:
        for event in tie.events:
            if got[event.need] >= event.target:
                lower[event.need] = max(lower[event.need], event.target)
    return lower


def _worth(steps: Sequence[tuple[int, float]], got: int) -> float:
    """Worth of receipts, by steps (up to so many grains, worth of a grain)."""
    if not steps:
        return 0.0
    total, below = 0.0, 0
    for grains, worth in steps:
        total += worth * max(0, min(got, grains) - below)
        below = grains
    return total


def accumulated(steps: Sequence[tuple[int, int]]) -> list[tuple[int, float]]:
    """Steps (grains, worth of each) as steps (up to so many grains, worth of each)."""
    found, total = [], 0
    for grains, worth in steps:
        total += grains
        found.append((total, float(worth)))
    return found
