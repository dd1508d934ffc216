"""What a pin costs, and who pays: the same week allocated without it and with it.

Both weeks are allocated with the same seed. A plan that keeps a pin is a plan of the week without it,
too, so the freer week starts from it and can only be fairer; who loses by the pin is who stands lower
with it. The difference is exact where both allocations are proven optimal, else it is that of the best
plans found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from logistics.model.plan import Status
from logistics.model.problem import Pin, WeekProblem
from logistics.model.units import KG_G, exact_json, meals_text
from logistics.solver.allocation.advice.fixes import Plain, pin_text
from logistics.solver.allocation.advice.what_if import Outcome, WhatIf, fairness, without_pins


@dataclass(frozen=True, slots=True)
class Change:
    """A household's meals and level without and with the pins."""

    household_id: str
    meals_before: Fraction
    meals_after: Fraction
    level_before: Fraction
    level_after: Fraction

    def plain(self) -> Plain:
        """Plain values; levels as exact fractions."""
        return {
            "household_id": self.household_id,
            "meals": [meals_text(self.meals_before), meals_text(self.meals_after)],
            "level": [exact_json(self.level_before), exact_json(self.level_after)],
        }


@dataclass(frozen=True, slots=True)
class PinPrice:
    """The price of some pins: `without` and `with_pins` are the outcomes of the two weeks.

    `possible` is false if no plan keeps the pins.
    """

    pins: tuple[Pin, ...]
    without: Outcome
    with_pins: Outcome
    changes: tuple[Change, ...]

    @property
    def possible(self) -> bool:
        """Whether any plan keeps these pins beside the others."""
        return self.with_pins.status is not Status.INFEASIBLE

    @property
    def proven(self) -> bool:
        """Whether both allocations are proven optimal."""
        proven = (Status.OPTIMAL, Status.INFEASIBLE)
        return self.without.status is Status.OPTIMAL and self.with_pins.status in proven

    @property
    def losers(self) -> tuple[Change, ...]:
        """Who gets less with the pins, who loses most first."""
        lost = (change for change in self.changes if change.meals_after < change.meals_before)
        return tuple(sorted(lost, key=lambda c: (c.meals_after - c.meals_before, c.household_id)))

    @property
    def gainers(self) -> tuple[Change, ...]:
        """Who gets more with the pins, who gains most first."""
        won = (change for change in self.changes if change.meals_after > change.meals_before)
        return tuple(sorted(won, key=lambda c: (c.meals_before - c.meals_after, c.household_id)))

    @property
    def meals(self) -> Fraction:
        """Meals more (less, if negative) that all together get with the pins."""
        return self.with_pins.meals - self.without.meals

    @property
    def expires_kg(self) -> float:
        """Kilograms more that expire with the pins."""
        return (self.with_pins.expires_g - self.without.expires_g) / KG_G

    def plain(self) -> Plain:
        """Plain values, with the pins as rows of pins.csv."""
        return {
            "pins": [pin_text(pin) for pin in self.pins],
            "possible": self.possible,
            "proven": self.proven,
            "meals": meals_text(self.meals),
            "expires_kg": round(self.expires_kg, 3),
            "status": [str(self.without.status), str(self.with_pins.status)],
            "lose": [change.plain() for change in self.losers],
            "gain": [change.plain() for change in self.gainers],
        }


def price_of(what_if: WhatIf, pins: Sequence[Pin]) -> PinPrice:
    """The price of pins that the week has (each counted once) or that are only thought of.

    The week without them keeps all its other pins; so does the week with them.
    """
    problem = what_if.problem
    there = tuple(k for k, pin in enumerate(problem.pins) if pin in pins)
    free = without_pins(problem, *there)
    held = replace(free, pins=(*free.pins, *pins))
    with_pins = what_if.of(held, start=what_if.base.lines)
    without = _fairer(problem, what_if, free, with_pins)
    changes = tuple(
        Change(
            h,
            without.received[h],
            with_pins.received[h],
            without.levels[h],
            with_pins.levels[h],
        )
        for h in sorted(without.received)
        if without.received[h] != with_pins.received[h]
    )
    return PinPrice(tuple(pins), without, with_pins, changes)


def _fairer(
    problem: WeekProblem, what_if: WhatIf, free: WeekProblem, with_pins: Outcome
) -> Outcome:
    """The fairest plan found of the freer week: from the pinned one, afresh, or the plan at hand."""
    found = what_if.of(free, start=with_pins.lines)
    if found.status is Status.OPTIMAL:
        return found
    others = [what_if.of(free, start=())]
    if free.pins == problem.pins:
        others.append(replace(what_if.base, status=found.status))
    return max(found, *others, key=lambda outcome: fairness(problem, outcome))
