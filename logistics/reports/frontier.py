"""What fairness costs: plans with a growing slack beside the fairest one, as rows, table and CSV."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from pathlib import Path

from logistics.model.plan import Plan, StopKind
from logistics.model.units import meals_text
from logistics.words import say


@dataclass(frozen=True, slots=True)
class Point:
    """One plan of the frontier, compared with the fairest one.

    `level_*` are over the weeks, `fill_*` of this week; `fall_max` is the largest fall of a level,
    `fallen` how many households got less, `meals_given_up` what they lost in all; `at_risk_kg` as in
    the stage `first_expired`; `calls` are stops away from a trip's ends.
    """

    slack: Fraction
    level_min: Fraction
    fill_mean: float
    fill_min: float
    meals_given: Fraction
    meals_given_up: Fraction
    fallen: int
    fall_max: Fraction
    waste_kg: float
    at_risk_kg: float
    metres: int
    vehicle_seconds: int
    calls: int


COLUMNS = tuple(field.name for field in fields(Point))


def point_of(slack: Fraction, plan: Plan, fairest: Plan) -> Point:
    """The row of a plan with some slack."""
    before = {fill.household_id: fill for fill in fairest.allocation.fill}
    pairs = [(before[fill.household_id], fill) for fill in plan.allocation.fill]
    lost = [old.received - new.received for old, new in pairs if new.received < old.received]
    at_risk = (stage.objective for stage in plan.stages if stage.name == "first_expired")
    return Point(
        slack=slack,
        level_min=min((fill.level for fill in plan.allocation.fill), default=Fraction(0)),
        fill_mean=plan.metrics.fill_mean,
        fill_min=plan.metrics.fill_min,
        meals_given=plan.metrics.meals_given,
        meals_given_up=sum(lost, Fraction(0)),
        fallen=len(lost),
        fall_max=max((old.level - new.level for old, new in pairs), default=Fraction(0)),
        waste_kg=plan.metrics.waste_kg,
        at_risk_kg=next(at_risk, None) or 0.0,
        metres=plan.metrics.metres,
        vehicle_seconds=plan.metrics.vehicle_seconds,
        calls=_calls(plan),
    )


def _calls(plan: Plan) -> int:
    """Stops at which something is loaded or unloaded, but for where trips begin and end."""
    stops = [stop for route in plan.routes for trip in route.trips for stop in trip.stops[1:-1]]
    return sum(1 for stop in stops if stop.kind is StopKind.HOUSEHOLD or stop.load or stop.unload)


def record(point: Point) -> dict[str, object]:
    """A point as plain numbers: decimals of at most six places."""
    return {
        name: round(float(value), 6) if isinstance(value, (Fraction, float)) else value
        for name, value in asdict(point).items()
    }


def write_frontier(points: Sequence[Point], path: Path) -> Path:
    """Write the points as CSV, one row for each slack."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(record(point) for point in points)
    return path


SHOWN: Mapping[str, Callable[[Point], str]] = {
    "slack": lambda p: f"{float(p.slack):.1%}",
    "level_min": lambda p: f"{float(p.level_min):.1%}",
    "fill_mean": lambda p: f"{p.fill_mean:.1%}",
    "meals": lambda p: meals_text(p.meals_given),
    "given_up": lambda p: meals_text(p.meals_given_up),
    "fallen": lambda p: str(p.fallen),
    "fall_max": lambda p: f"{float(p.fall_max):.1%}",
    "waste": lambda p: f"{p.waste_kg:.1f}",
    "at_risk": lambda p: f"{p.at_risk_kg:.1f}",
    "km": lambda p: f"{p.metres / 1000:.1f}",
    "calls": lambda p: str(p.calls),
}
"""Columns of the table and how each is written."""


def table(points: Sequence[Point], language: str = "en") -> str:
    """The frontier for people: what each slack gives up and what it saves."""
    heads = [say(language, f"front_{name}") for name in SHOWN]
    rows = [heads, *([form(point) for form in SHOWN.values()] for point in points)]
    widths = [max(_width(row[k]) for row in rows) for k in range(len(heads))]
    return "\n".join(
        "  ".join(
            " " * (width - _width(cell)) + cell for cell, width in zip(row, widths, strict=True)
        )
        for row in rows
    )


def price(point: Point, fairest: Point, language: str = "en") -> str:
    """In a sentence: what a slack gave up, and what it saved."""
    slack = f"{float(point.slack):.1%}"
    if (point.waste_kg, point.metres, point.fallen) == (fairest.waste_kg, fairest.metres, 0):
        return say(language, "front_nothing", slack=slack)
    return say(
        language,
        "front_price",
        slack=slack,
        meals=meals_text(point.meals_given_up),
        n=point.fallen,
        fall=f"{float(point.fall_max):.1%}",
        least=f"{float(fairest.level_min):.1%}",
        level=f"{float(point.level_min):.1%}",
        waste=f"{fairest.waste_kg - point.waste_kg:.1f}",
        km=f"{(fairest.metres - point.metres) / 1000:.1f}",
    )


def _width(text: str) -> int:
    """Columns that a text takes on a terminal; wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
