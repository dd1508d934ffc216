"""What every plan keeps, seen without searching: soonest collections, fewest trips."""

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


def fewest_trips(day: Day, musts: list[int]) -> dict[str, int]:
    """For each hub the trips without which tasks that must be driven cannot be.

    By weight, by the number of loads of which no two go together, and because what is collected for a
    delivery leaves with a later trip.
    """
    trips: dict[str, int] = {}
    for hub_id in {slot.home_id for slot in day.slots}:
        ours = [t for t in musts if day.tasks[t].hub_id == hub_id]
        least = 1 + any(day.tasks[t].needs for t in ours) if ours else 0
        for c in range(len(day.classes)):
            room_g = max(slot.room_g[c] for slot in day.slots if slot.home_id == hub_id)
            sent = [day.tasks[t].from_hub_g[c] for t in ours if day.tasks[t].from_hub_g]
            if room_g > 0:
                least = max(least, -(-sum(sent) // room_g), sum(2 * g > room_g for g in sent))
        trips[hub_id] = least
    return trips
