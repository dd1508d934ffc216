"""A country of equal good weeks is judged in time that grows with its size, no faster."""

from __future__ import annotations

from dataclasses import replace
from time import process_time
from typing import Any

from logistics.judge import score, verify
from logistics.model.plan import Line, Load, Plan
from logistics.model.problem import WeekProblem
from tests.judge.good_week import Week, good_week

REFERENCES = {
    "id", "site_id", "household_id", "lot_id", "session_id", "vehicle_id", "home_site_id",
    "session_ids", "household_ids", "lot_ids", "caps", "legs",
}  # fmt: skip


def _renamed(thing: Any, tag: str) -> Any:
    """A noun with the references it holds moved to another town."""
    changes: dict[str, Any] = {}
    for name in type(thing).__slots__:
        value = getattr(thing, name)
        if isinstance(value, tuple) and value and hasattr(value[0], "__slots__"):
            changes[name] = tuple(_renamed(part, tag) for part in value)
        elif name == "held_by":
            changes[name] = _renamed(value, tag)
        elif name in REFERENCES and value:
            one = isinstance(value, str)
            changes[name] = value + tag if one else tuple(key + tag for key in value)
    return replace(thing, **changes)


def country(towns: int) -> Week:
    """The good week in many towns that share levels and metrics, and nothing else."""
    week = good_week()
    tags = [f"@{town}" for town in range(towns)]
    tables = {
        name: {
            key + tag: _renamed(fact, tag)
            for tag in tags
            for key, fact in getattr(week.problem, name).items()
        }
        for name in ("sites", "lots", "sessions", "households", "vehicles")
    }
    lists = {
        name: tuple(_renamed(fact, tag) for tag in tags for fact in getattr(week.problem, name))
        for name in ("shifts", "history", "pins")
    }
    problem: WeekProblem = replace(week.problem, legs={}, **tables, **lists)
    travel = {
        (start + tag, end + tag): leg for tag in tags for (start, end), leg in week.travel.items()
    }
    allocation = week.plan.allocation
    rows = {
        name: tuple(_renamed(row, tag) for tag in tags for row in getattr(allocation, name))
        for name in ("lines", "fill", "unmet", "leftover")
    }
    levels = tuple(
        replace(
            _renamed(level, tags[0]),
            household_ids=tuple(key + tag for tag in tags for key in level.household_ids),
        )
        for level in allocation.levels
    )
    plan: Plan = replace(
        week.plan,
        allocation=replace(allocation, levels=levels, **rows),
        routes=tuple(_renamed(route, tag) for tag in tags for route in week.plan.routes),
    )
    return Week(problem, travel, replace(plan, metrics=score(problem, travel, plan)))


def test_many_towns_are_accepted_and_their_sums_are_multiples() -> None:
    week, one = country(50), good_week().plan.metrics
    assert verify(*week) == []
    metrics = week.plan.metrics
    assert metrics.meals_given == 50 * one.meals_given
    assert metrics.metres == 50 * one.metres
    assert metrics.waste_kg == 50 * one.waste_kg
    assert metrics.fill_mean == one.fill_mean  # equal towns: means do not move


def test_one_fault_among_many_towns_is_one_finding() -> None:
    week = country(50)
    lines = list(week.plan.allocation.lines)
    lines[-1] = replace(lines[-1], day=3)
    plan = replace(week.plan, allocation=replace(week.plan.allocation, lines=tuple(lines)))
    assert [found.code for found in verify(week.problem, week.travel, plan)] == ["line_day"]


def test_time_grows_with_size_not_with_its_square() -> None:
    def seconds(towns: int) -> float:
        week = country(towns)
        started = process_time()
        verify(*week)
        return process_time() - started

    # 16 times the size: linear work takes 16 times as long, quadratic work 256 times.
    assert seconds(800) < 80 * max(min(seconds(50) for _ in range(3)), 0.005)


def test_renaming_reaches_every_reference() -> None:
    assert _renamed(Line("A", "RICE", "V1", 1, 4), "@1") == Line("A@1", "RICE@1", "V1@1", 1, 4)
    assert _renamed(Load("RICE", 4), "@1") == Load("RICE@1", 4)
