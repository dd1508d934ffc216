"""A day without what the relaxations of this folder do not know, where leaving that out only helps.

Whatever a plan of a day costs, it costs no less than on the relaxed day and what is taken out of that:
people, breaks and hours only forbid; what visits count for who makes them is at least the least of it;
no call begins before its goods are there. Anything else that is unknown might bound too high.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from logistics.solver.routing.day import Day, Point, Task
from logistics.solver.routing.fields import says_no_more

POINTS_MAX = 64
"""Calls of a day as bits of one word."""

ENUMERABLE_MAX = 16
"""Calls up to which all sets of them are looked at: three to this power is the work a vehicle takes."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A day of which every plan of another one is a plan that costs `less` less, or more than that."""

    day: Day
    less: int


def relaxed(day: Day) -> Relaxed | None:
    """The relaxed day; `None` if it is too large, or has calls at a home or an unknown feature."""
    homes = {slot.home_id for slot in day.slots}
    places = {point.call.place_id for point in day.points}
    if not 0 < len(day.points) <= POINTS_MAX or homes & places:
        return None
    least = [_least_cost(day, t) for t in range(len(day.tasks))]
    rough = replace(
        day,
        points=tuple(_any_time(day, point) for point in day.points),
        tasks=tuple(_anybody(task, cost) for task, cost in zip(day.tasks, least, strict=True)),
        slots=tuple(replace(slot, break_=None) for slot in day.slots),
        work_s_max={},
    )
    return Relaxed(rough, sum(least)) if says_no_more(rough) else None


def _least_cost(day: Day, t: int) -> int:
    """What a task costs at least for who serves it, or for being left out."""
    task = day.tasks[t]
    return min([task.price, *(task.slot_cost.get(s, 0) for s in day.homes(t))])


def _anybody(task: Task, cost: int) -> Task:
    """A task that anybody may serve, alike, and that is left out for the rest of its price."""
    return replace(
        task,
        price=task.price - cost,
        release_s=0,
        barred=frozenset(),
        alternatives={},
        slot_cost={},
    )


def _any_time(day: Day, point: Point) -> Point:
    """A point that only begins no sooner than a trip with its goods."""
    open_s = max(point.call.open_s, day.tasks[point.task].release_s)
    return replace(point, call=replace(point.call, open_s=open_s, visits=()))
