"""Better plans by annealing, without proof: what is worth how much, and how hot (`anneal.py`).

What a grain is worth falls steeply with the level it leaves, so that those who stand lowest come first;
or nothing counts but what is asked for and missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import exp
from operator import ge

from logistics.solver.allocation.events import FLOOR, Event, Group
from logistics.solver.allocation.packs.anneal import Annealing
from logistics.solver.allocation.shape import Need, Shape
from logistics.solver.allocation.state import Solution, State

STEEPNESS = 25.0
"""Worth of a grain falls by this power of e from level 0 to level 1."""

DEEP, FLOOR_DEEP = 0.05, 0.3
"""How far below the level of water a grain is worth `TOP`, and how much lower still those below this
week's floor seem to stand."""

TOP, LEAST_WORTH = 1000.0, 1e-6
"""Worth of a grain at the level from which steps are counted; what is worth less counts nothing."""

ROUNDS_AT_FIRST, HOT_AT_FIRST = 8000, (TOP, TOP / 1000)
"""Rounds for each household of the first search, and its temperatures in worth."""

SHORT, BEHIND, HOT = 100.0, 300.0, (25.0, 5.0)
"""What a grain counts that is asked for and missing, or missing of what everybody should have at
least, and temperatures while it is sought."""

KEPT, ROUNDS_AFTER, HOT_AFTER = 3 * TOP, 2000, (TOP / 10, TOP / 50)
"""What a grain counts that is settled while the rest is made fairer, rounds for each household, and
temperatures."""

Gains = dict[int, list[tuple[int, float]]]


class Nearby:
    """Searches for plans of one shape, and around plans that keep a state."""

    def __init__(self, shape: Shape, seed: int) -> None:
        self.shape = shape
        self.annealing = Annealing(shape, seed)

    def gains(self, group: Group, lower: Sequence[int]) -> Gains:
        """Worth of each step above `lower` per need, counted from a group's threshold."""
        found: Gains = {}
        for n, need in enumerate(self.shape.needs):
            steps = [
                (after, exp(-STEEPNESS * float(_value(need, before, group) - group.leaves)))
                for before, after in pairwise(self.shape.values[n])
                if after > lower[n]
            ]
            found[n] = [(grains, TOP * worth) for grains, worth in steps if worth > LEAST_WORTH]
        return found

    def start(self, packs: tuple[int, ...], floor: Fraction, seconds: float) -> tuple[int, ...]:
        """A good plan to begin with, hot at first: what leaves a lower level is worth much more."""
        base = _water_level(self.shape) - DEEP

        def standing(need: Need, grains: int) -> float:
            if need.fill(grains) >= floor:
                return float(need.level(grains))
            return base - FLOOR_DEEP - float(floor - need.fill(grains)) / 4

        steps = [
            _steep(values, [standing(need, grains) for grains in values], base)
            for need, values in zip(self.shape.needs, self.shape.values, strict=True)
        ]
        worth = self.annealing.table(steps)
        rounds = ROUNDS_AT_FIRST * len(self.shape.needs)
        return self.annealing.cooled(packs, worth, rounds, *HOT_AT_FIRST, seconds)

    def search(
        self, plan: Solution, state: State, events: Sequence[Event], wish: int, seconds: float
    ) -> tuple[int, ...]:
        """Packs with so many of the events and all that is settled, or those that miss least of it."""
        lower = settled(plan[1], state)
        target = {event.need: event.target for event in events}
        steps = [[(max(least, target.get(n, 0)), SHORT)] for n, least in enumerate(lower)]
        worth = self.annealing.table(steps)

        def found(packs: Sequence[int]) -> bool:
            got = self.shape.received(packs)
            return all(map(ge, got, lower)) and sum(got[e.need] >= e.target for e in events) >= wish

        return self.annealing.until(found, plan[0], worth, *HOT, seconds)

    def toward(
        self, packs: tuple[int, ...], first: Sequence[int], target: Sequence[int], seconds: float
    ) -> tuple[int, ...]:
        """Packs that miss least of a target, what is missing of a lower one counting more."""
        pairs = zip(first, target, strict=True)
        worth = self.annealing.table([[(low, BEHIND), (high, SHORT)] for low, high in pairs])

        def found(packs: Sequence[int]) -> bool:
            return all(map(ge, self.shape.received(packs), target))

        return self.annealing.until(found, packs, worth, *HOT, seconds)

    def polish(self, plan: Solution, state: State, group: Group, seconds: float) -> tuple[int, ...]:
        """The rest of a plan made fairer, all that is settled kept."""
        lower = settled(plan[1], state)
        gains = self.gains(group, lower)
        worth = self.annealing.table([[(least, KEPT), *gains[n]] for n, least in enumerate(lower)])
        rounds = ROUNDS_AFTER * len(lower)
        return self.annealing.cooled(plan[0], worth, rounds, *HOT_AFTER, seconds)


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


def accumulated(steps: Sequence[tuple[int, int]]) -> list[tuple[int, float]]:
    """Steps (grains, worth of each) as steps (up to so many grains, worth of each)."""
    found, total = [], 0
    for grains, worth in steps:
        total += grains
        found.append((total, float(worth)))
    return found


def _water_level(shape: Shape) -> float:
    """The level to which all food would lift everybody, could anybody have any of it."""
    food = _food(shape)
    low, high = 0.0, 1.0 / min((float(need.weight) for need in shape.needs), default=1.0)
    for _ in range(30):
        level = (low + high) / 2
        asked = sum(_asked(need, level) for need in shape.needs)
        low, high = (level, high) if asked < food else (low, level)
    return low


def _asked(need: Need, level: float) -> float:
    """Grains that lift a need to a level."""
    total = float(need.past_wanted + need.wanted) * float(need.weight)
    return min(max(0.0, level * total - float(need.past_received)), float(need.wanted))


def _food(shape: Shape) -> float:
    """Grains of all lots, as far as anybody can use them."""
    useful: dict[str, int] = defaultdict(int)
    for option, grains, most in zip(shape.options, shape.meals, shape.most, strict=False):
        useful[option.lot_id] += grains * most
    for row in shape.rows:
        if row.cap.kind == "lot":
            useful[row.cap.id] = min(
                useful[row.cap.id], (row.upper or 0) * shape.meals[row.terms[0][0]]
            )
    return float(sum(useful.values()))


def _steep(values: Sequence[int], levels: Sequence[float], base: float) -> list[tuple[int, float]]:
    """Steps of receipts, the worth of a grain falling with the level it leaves, `TOP` at `base`."""
    return [
        (after, TOP * exp(-STEEPNESS * (level - base)))
        for after, level in zip(values[1:], levels, strict=False)
    ]
