"""Which fields of a day the compiled search and the relaxations of the proof take into account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, Field, fields
from typing import Any

from logistics.solver.routing.day import Day, Point, Slot, Task
from logistics.solver.routing.problem import Call

KNOWN: dict[type, frozenset[str]] = {
    Day: frozenset(
        ("number", "classes", "points", "tasks", "slots", "places", "metres", "seconds")
    ),
    Point: frozenset(("task", "call", "load", "unload", "change_g")),
    Task: frozenset(
        [
            "job_ids",
            "price",
            "points",
            "hub_id",
            "from_hub",
            "from_hub_g",
            "to_hub",
            "cold",
            "needs",
        ]
    ),
    Slot: frozenset(
        [
            "vehicle_id",
            "home_id",
            "dock_s",
            "start_s",
            "end_s",
            "room_g",
            "cold_s_max",
            "volunteer_ids",
        ]
    ),
    Call: frozenset(("place_id", "kind", "open_s", "start_by_s", "leave_by_s", "service_s")),
}
"""Any other field must have its default, or neither may be asked: a new field is added here once both
obey it."""

SEARCHED: dict[type, frozenset[str]] = {
    **KNOWN,
    Task: KNOWN[Task] | {"barred", "slot_cost", "release_s", "alternatives"},
    Call: KNOWN[Call] | {"visits"},
}
"""What the compiled search obeys: also who may serve a task, at what cost, and from when; of the windows
that depend on who drives only such as say nothing more than the call's own (`pantry.facts.knows`)."""


def says_no_more(day: Day, known: dict[type, frozenset[str]] = KNOWN) -> bool:
    """Whether every field of a day and its parts that is not known has its default."""
    calls = (point.call for point in day.points)
    nouns: tuple[Any, ...] = (day, *day.points, *day.tasks, *day.slots, *calls)
    strange = {kind: list(_strange(kind, known)) for kind in {type(noun) for noun in nouns}}
    return all(
        getattr(noun, one.name) == _default(one) for noun in nouns for one in strange[type(noun)]
    )


def _strange(kind: type, known: dict[type, frozenset[str]]) -> Iterable[Field[Any]]:
    names = next(known[noun] for noun in kind.__mro__ if noun in known)
    return (field for field in fields(kind) if field.name not in names)


def _default(field: Field[Any]) -> object:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else MISSING
