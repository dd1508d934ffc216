"""When goods that are collected for a delivery can be in the hub at the soonest."""

from __future__ import annotations

from logistics.solver.routing.day import Day
from logistics.travel import closed


def earliest_ends(day: Day) -> dict[int, int]:
    """For each collection that is needed: no plan has unloaded it before this moment.

    The quickest vehicle of the hub goes there and back by the fastest ways, on an empty day.
    """
    way_s = closed(day.seconds)
    needed = sorted({n for task in day.tasks for n in task.needs})
    return {n: min((_end(day, way_s, n, s) for s in day.homes(n)), default=0) for n in needed}


def _end(day: Day, way_s: list[list[int]], task: int, s: int) -> int:
    slot, call = day.slots[s], day.points[day.tasks[task].points[0]].call
    home, place = day.places[slot.home_id], day.places[call.place_id]
    start_s = max(slot.start_s + way_s[home][place], call.open_s)
    return start_s + call.service_s + way_s[place][home] + slot.dock_s
