"""Whether a day has only what the relaxations of this folder know; else they might bound too high."""

from __future__ import annotations

from logistics.solver.routing.day import Day
from logistics.solver.routing.fields import says_no_more

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
    return says_no_more(day)
