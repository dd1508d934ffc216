"""Where every household stands, and how high one could stand if an inequality is all that stops it.

Others keep what they have; whoever stands higher than the one that rises would then stand keeps at
least that value (section 7 of the rules). Meals are counted in grains (`Reach.grains`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from logistics.judge.case import Case
from logistics.judge.levels import FLOOR, value_at
from logistics.judge.reach import Reach
from logistics.model.plan import Level


@dataclass(frozen=True, slots=True)
class Total:
    """Weights of an inequality, and the meals of weight 1 that it leaves to all of them together.

    `seats` are what is lost of it for each household that surely comes to a session: it takes a
    seat, even if what it gets there is not worth the price of one.
    """

    weights: Mapping[str, int]
    meals: Fraction
    seats: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class _Standing:
    """A household in grains: what it could receive, what it does, and its measure of a level.

    `floor` is its value in stage `floor`, `on_floor` the least with which it has that; with *r* grains
    it has the level (past + r) / total.
    """

    receipts: tuple[int, ...]
    wanted: int
    received: Fraction
    floor: Fraction
    on_floor: int
    past: Fraction
    total: Fraction

    def kept(self, stage: str, value: Fraction) -> int:
        """Grains with which it has what it has, or else stands at least at a value."""
        if stage == FLOOR:
            return _least(self.receipts, min(self.floor, value) * self.wanted)
        enough = min(self.received, value * self.total - self.past)
        return max(self.on_floor, _least(self.receipts, enough))


def _least(receipts: Sequence[int], grains: Fraction) -> int:
    """The least of all possible receipts that is not below a number of grains, else the greatest."""
    place = bisect_left(receipts, ceil(grains))
    return receipts[min(place, len(receipts) - 1)]


class Standings:
    """All households of a case, looked at when asked for."""

    def __init__(self, case: Case, reach: Reach) -> None:
        self._case = case
        self._reach = reach
        self._standings: dict[str, _Standing] = {}

    def short(self, level: Level) -> Iterator[str]:
        """Households of a group that could stand higher if they received more."""
        for name in level.household_ids:
            household = self._case.problem.households.get(name)
            if household is not None:
                now = value_at(self._case, level.stage, name, self._case.received[name])
                wish = Fraction(household.meals_wanted)
                most = value_at(self._case, level.stage, name, wish)
                if now is not None and most is not None and now < most:
                    yield name

    def highest(self, stage: str, name: str, totals: Sequence[Total]) -> Fraction:
        """The highest value of a household that no inequality over it rules out."""
        most = self._of(name).receipts[-1]
        for total in totals:
            if name in total.weights:
                most = min(most, self._most(stage, name, total))
        return self._value(stage, name, most)

    def _most(self, stage: str, name: str, total: Total) -> int:
        """The most grains of a household for which an inequality leaves room, by bisection."""
        receipts = self._of(name).receipts
        good, bad = 0, len(receipts)
        middle = bisect_right(receipts, self._of(name).received)  # the next more
        while bad - good > 1:
            if good < middle < bad and self._fits(stage, name, receipts[middle], total):
                good = middle
            else:
                bad = min(bad, middle)
            middle = (good + bad) // 2
        return receipts[good]

    def _fits(self, stage: str, name: str, grains: int, total: Total) -> bool:
        value = self._value(stage, name, grains)

        def kept(other: str) -> int:
            return grains if other == name else self._of(other).kept(stage, value)

        worth = sum(weight * kept(other) for other, weight in total.weights.items())
        left = total.meals - sum(lost for other, lost in total.seats.items() if kept(other) > 0)
        return worth <= left * self._reach.grains

    def _value(self, stage: str, name: str, grains: int) -> Fraction:
        value = value_at(self._case, stage, name, Fraction(grains, self._reach.grains))
        assert value is not None, name  # whoever is short has a value
        return value

    def _of(self, name: str) -> _Standing:
        if name not in self._standings:
            self._standings[name] = self._look_at(name)
        return self._standings[name]

    def _look_at(self, name: str) -> _Standing:
        grains = self._reach.grains
        household, past = self._case.problem.households[name], self._case.past[name]
        receipts = self._reach.receipts(household)
        floor = value_at(self._case, FLOOR, name, self._case.received[name]) or Fraction(0)
        wanted = household.meals_wanted * grains
        return _Standing(
            receipts=receipts,
            wanted=wanted,
            received=self._case.received[name] * grains,
            floor=floor,
            on_floor=_least(receipts, floor * wanted),
            past=past.received * grains,
            total=household.weight * (past.wanted + household.meals_wanted) * grains,
        )
