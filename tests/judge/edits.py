"""Small edits of a week: each returns a new one with a single thing changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from logistics.model.plan import Load, Stop
from logistics.model.problem import Leg
from tests.judge.good_week import Week

Edit = Callable[[Week], Week]


def chain(*edits: Edit) -> Edit:
    """Several edits, one after the other."""

    def apply(week: Week) -> Week:
        for edit in edits:
            week = edit(week)
        return week

    return apply


def problem(**changes: Any) -> Edit:
    """Change fields of the problem."""
    return lambda week: week._replace(problem=replace(week.problem, **changes))


def fact(table: str, key: str, **changes: Any) -> Edit:
    """Change fields of one noun of the problem, e.g. `fact("lots", "RICE", pack=2)`."""

    def apply(week: Week) -> Week:
        facts = getattr(week.problem, table)
        return problem(**{table: {**facts, key: replace(facts[key], **changes)}})(week)

    return apply


def plan(**changes: Any) -> Edit:
    """Change fields of the plan."""
    return lambda week: week._replace(plan=replace(week.plan, **changes))


def allocation(**changes: Any) -> Edit:
    """Change fields of the allocation."""
    return lambda week: plan(allocation=replace(week.plan.allocation, **changes))(week)


def row(table: str, index: int, **changes: Any) -> Edit:
    """Change fields of one row of a table of the allocation, e.g. `row("lines", 0, units=9)`."""

    def apply(week: Week) -> Week:
        rows = list(getattr(week.plan.allocation, table))
        rows[index] = replace(rows[index], **changes)
        return allocation(**{table: tuple(rows)})(week)

    return apply


def drop(table: str, index: int) -> Edit:
    """Drop one row of a table of the allocation."""

    def apply(week: Week) -> Week:
        rows = getattr(week.plan.allocation, table)
        return allocation(**{table: rows[:index] + rows[index + 1 :]})(week)

    return apply


def append(table: str, *new: Any) -> Edit:
    """Add rows to a table of the allocation."""
    return lambda week: allocation(**{table: (*getattr(week.plan.allocation, table), *new)})(week)


def stage(index: int, **changes: Any) -> Edit:
    """Change fields of one stage."""

    def apply(week: Week) -> Week:
        stages = list(week.plan.stages)
        stages[index] = replace(stages[index], **changes)
        return plan(stages=tuple(stages))(week)

    return apply


def metrics(**changes: Any) -> Edit:
    """Change fields of the metrics."""
    return lambda week: plan(metrics=replace(week.plan.metrics, **changes))(week)


def route(index: int, **changes: Any) -> Edit:
    """Change fields of one route."""

    def apply(week: Week) -> Week:
        routes = list(week.plan.routes)
        routes[index] = replace(routes[index], **changes)
        return plan(routes=tuple(routes))(week)

    return apply


def trip(route_index: int, index: int, **changes: Any) -> Edit:
    """Change fields of one trip."""

    def apply(week: Week) -> Week:
        trips = list(week.plan.routes[route_index].trips)
        trips[index] = replace(trips[index], **changes)
        return route(route_index, trips=tuple(trips))(week)

    return apply


def stop(route_index: int, trip_index: int, index: int, **changes: Any) -> Edit:
    """Change fields of one stop."""

    def apply(week: Week) -> Week:
        stops = list(week.plan.routes[route_index].trips[trip_index].stops)
        stops[index] = replace(stops[index], **changes)
        return trip(route_index, trip_index, stops=tuple(stops))(week)

    return apply


def later(route_index: int, trip_index: int, seconds: int, first: int = 0) -> Edit:
    """Drive a trip later from a stop on; at that stop itself the vehicle waits before its service."""

    def apply(week: Week) -> Week:
        old = week.plan.routes[route_index].trips[trip_index]
        stops = [
            stop if index < first else _later(stop, seconds, waits=0 < first == index)
            for index, stop in enumerate(old.stops)
        ]
        longer = stops[-1].leave_s - stops[0].arrive_s
        return trip(route_index, trip_index, stops=tuple(stops), seconds=longer)(week)

    return apply


def _later(old: Stop, seconds: int, waits: bool) -> Stop:
    return replace(
        old,
        arrive_s=old.arrive_s + (0 if waits else seconds),
        start_s=old.start_s + seconds,
        leave_s=old.leave_s + seconds,
    )


def leg(start: str, end: str, changed: Leg | None) -> Edit:
    """Replace a leg of the travel table, or remove it."""

    def apply(week: Week) -> Week:
        legs = {key: value for key, value in week.travel.items() if key != (start, end)}
        if changed is not None:
            legs[start, end] = changed
        return week._replace(travel=legs)

    return apply


def loads(**units: int) -> tuple[Load, ...]:
    """Units by lot, as a stop has them."""
    return tuple(Load(lot_id, count) for lot_id, count in units.items())
