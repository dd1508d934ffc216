"""Better plans by annealing, without proof: what is worth how much, and how hot (`anneal.py`).

What a grain is worth falls steeply with the level it leaves, so that those who stand lowest come first;
or nothing counts but what is asked for and missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from math import exp
from operator import ge

from logistics.solver.allocation.packs.anneal import Annealing
from logistics.solver.allocation.shape import Need, Shape

STEEPNESS = 25.0
"""Worth of a grain falls by this power of e from level 0 to level 1."""

DEEP, FLOOR_DEEP = 0.05, 0.3
"""How far below the level of water a grain is worth `TOP`, and how much lower still those below this
week's floor seem to stand."""

TOP = 1000.0
"""Worth of a grain at the level from which steps are counted."""

ROUNDS_AT_FIRST, HOT_AT_FIRST = 8000, (TOP, TOP / 1000)
"""Rounds for each household of the first search, and its temperatures in worth."""

SHORT, BEHIND, HOT = 100.0, 300.0, (25.0, 5.0)
"""What a grain counts that is asked for and missing, or missing of what everybody should have at
least, and temperatures while it is sought."""

KEPT, ROUNDS_AFTER, HOT_AFTER = 3 * TOP, 200, (TOP / 100, TOP / 1000)
"""What a grain counts that somebody has while what is left is given away, rounds for each household,
and temperatures."""


class Annealed:
    """Plans of one shape: from nothing, toward a target, and the rest beside what stays."""

    def __init__(self, shape: Shape, seed: int) -> None:
        self.shape = shape
        self.annealing = Annealing(shape, seed)

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

    def toward(
        self, packs: tuple[int, ...], first: Sequence[int], target: Sequence[int], seconds: float
    ) -> tuple[int, ...]:
        """Packs that miss least of a target, what is missing of a lower one counting more."""
        pairs = zip(first, target, strict=True)
        worth = self.annealing.table([[(low, BEHIND), (high, SHORT)] for low, high in pairs])

        def found(packs: Sequence[int]) -> bool:
            return all(map(ge, self.shape.received(packs), target))

        return self.annealing.until(found, packs, worth, *HOT, seconds)

    def polish(self, packs: tuple[int, ...], seconds: float) -> tuple[int, ...]:
        """What is left given to whoever stands lowest, everybody keeping what they have."""
        kept = self.shape.received(packs)
        lowest = min(map(Need.level, self.shape.needs, kept), default=Fraction(0))
        steps = []
        for need, values, got in zip(self.shape.needs, self.shape.values, kept, strict=True):
            above = [got, *(value for value in values if value > got)]
            levels = [float(need.level(value)) for value in above]
            steps.append([(got, KEPT), *_steep(above, levels, float(lowest))])
        rounds = ROUNDS_AFTER * len(kept)
        return self.annealing.cooled(
            packs, self.annealing.table(steps), rounds, *HOT_AFTER, seconds
        )


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
