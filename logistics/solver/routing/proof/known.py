"""Whether a day has only what the relaxations of this folder know; else they might bound too high."""

from __future__ import annotations

from dataclasses import MISSING, fields

from logistics.solver.routing.day import Day, Point, Slot, Task
from logistics.solver.routing.fields import KNOWN
from logistics.solver.routing.problem import Call

POINTS_MAX = 64
"""Calls of a day as bits of one word."""

ENUMERABLE_MAX = 16
"""Calls up to which all sets of them are looked at: three to this power is the work a vehicle takes."""


def is_known(day: Day) -> bool:
    """Whether a day is small enough, calls nowhere at a vehicle's home, and has no unknown feature."""
    homes = {slot.home_id for slot in day.slots}
    calls = [point.call for point in day.points]
    if not 0 < len(calls) <= POINTS_MAX or homes & {call.place_id for call in calls}:
        return False
    things: list[Day | Point | Task | Slot | Call] = [day, *day.points, *day.tasks, *day.slots]
    return all(map(_is_plain, things)) and all(map(_is_plain, calls))


def _is_plain(thing: Day | Point | Task | Slot | Call) -> bool:
    """Whether every field that is not known has its default."""
    known = next(names for kind, names in KNOWN.items() if isinstance(thing, kind))
    for field in fields(thing):
        if field.name in known:
            continue
        default = field.default
        if field.default_factory is not MISSING:
            default = field.default_factory()
        if default is MISSING or getattr(thing, field.name) != default:
            return False
    return True
