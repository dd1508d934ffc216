"""The numbers of a plan as the solver sees them; the judge computes its own."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from logistics.model.plan import Allocation, Fate, Metrics, Route
from logistics.model.plan_json import rounded
from logistics.model.problem import WeekProblem
from logistics.model.units import KG_G


def metrics_of(problem: WeekProblem, allocation: Allocation, routes: tuple[Route, ...]) -> Metrics:
    """Fills, inequality, waste and driving of a plan (docs/rules.md §6)."""
    fills = sorted(f.received / f.wanted for f in allocation.fill if f.wanted > 0)
    mean = sum(fills, Fraction(0)) / len(fills) if fills else Fraction(0)
    waste_g = sum(
        left.units * problem.lots[left.lot_id].unit_g
        for left in allocation.leftover
        if left.fate is Fate.EXPIRES
    )
    trips = [trip for route in routes for trip in route.trips]
    return rounded(
        Metrics(
            meals_wanted=sum(fill.wanted for fill in allocation.fill),
            meals_given=sum((fill.received for fill in allocation.fill), Fraction(0)),
            fill_min=float(fills[0]) if fills else 0.0,
            fill_mean=float(mean),
            gini=float(gini(fills)),
            waste_kg=waste_g / KG_G,
            metres=sum(trip.metres for trip in trips),
            vehicle_seconds=sum(trip.seconds for trip in trips),
            households_served=sum(1 for fill in allocation.fill if fill.received > 0),
        )
    )


Fairness = tuple[list[Fraction], list[Fraction]]


def leximin_key(fills: Iterable[Fraction], levels: Iterable[Fraction], floor: Fraction) -> Fairness:
    """What leximin compares, more being fairer: sorted fills up to the floor, then sorted levels."""
    return sorted(min(fill, floor) for fill in fills), sorted(levels)


def fairness(allocation: Allocation, floor: Fraction) -> Fairness:
    """How fair an allocation is, to be compared with others of the same week."""
    fills = (fill.received / fill.wanted for fill in allocation.fill if fill.wanted > 0)
    return leximin_key(fills, (fill.level for fill in allocation.fill), floor)


def gini(ordered: list[Fraction]) -> Fraction:
    """Gini coefficient of values sorted upwards: sum (2 i - n - 1) x_i / (n sum x), i from 1."""
    total, n = sum(ordered, Fraction(0)), len(ordered)
    if total == 0:
        return Fraction(0)
    weighted = sum((2 * i - n - 1) * value for i, value in enumerate(ordered, start=1))
    return Fraction(weighted) / (n * total)
