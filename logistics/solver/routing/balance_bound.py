"""How short the longest working day of a day can be at best: bounds, and small days looked at whole.

Bounds: the least seconds of driving and service of all calls, shared out over the shifts in use as if
they could be cut anywhere; and for every job the least that whoever makes it works.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import TypeVar

from logistics.solver.routing.bound import least_seconds
from logistics.solver.routing.day import Day, Sketch, Trip
from logistics.solver.routing.schedule import Clock
from logistics.travel import closed

T = TypeVar("T")

POINTS_MAX = 5
"""Calls up to which all shifts that make them are looked at."""

SHIFTS_MAX = 4
"""Shifts up to which they are."""


@dataclass(frozen=True, slots=True)
class Small:
    """The least longest work of a small day, and a sketch that has it."""

    longest_s: int
    sketch: Sketch


@dataclass(frozen=True, slots=True)
class _Shift:
    """What one shift could do: its work with what its volunteers drive on other days, its cost."""

    work_s: int
    cost: int
    trips: tuple[Trip, ...]


def least_longest(day: Day, before: Sequence[int], used: int) -> int:
    """No plan of all jobs in so many shifts has a longest work below this (seconds).

    `before` is by slot what its volunteers drive on other days.
    """
    least: dict[str, int] = {}
    for slot, before_s in zip(day.slots, before, strict=True):
        least[slot.vehicle_id] = min(before_s, least.get(slot.vehicle_id, before_s))
    first = sorted(least.values())[:used]
    return max(_shared_out(least_seconds(day), first), _one_job(day, before))


def _shared_out(seconds: int, before: Sequence[int]) -> int:
    """The level up to which work fills shifts that already hold some, all of which are used."""
    level, held = max(before, default=0), sum(before)
    return max(level, -(-(seconds + held) // len(before))) if before else 0


def _one_job(day: Day, before: Sequence[int]) -> int:
    """The most that some job's driver works at least: there and back by the fastest ways."""
    way_s = closed(day.seconds)
    most = 0
    for t, task in enumerate(day.tasks):
        last = task.points[-1]
        place, service_s = day.at(last), day.points[last].call.service_s
        alone = []
        for s in day.homes(t):
            home = day.places[day.slots[s].home_id]
            round_s = way_s[home][place] + way_s[place][home] if day.slots[s].is_round else 0
            alone.append(before[s] + round_s + service_s)
        most = max(most, min(alone, default=0))
    return most


def best_small(clock: Clock, before: Sequence[int], used: int, cost_max: int) -> Small | None:
    """The least longest work of all plans in so many shifts at so much cost; `None` if not looked for.

    Shifts are looked at one by one, so that nothing may depend on another one: no collections that
    deliveries wait for, nobody on two shifts. Where times are not exact (breaks, several windows) they
    are not looked at, either.
    """
    day = clock.day
    names = Counter(name for slot in day.slots for name in set(slot.volunteer_ids))
    if (
        not 0 < len(day.points) <= POINTS_MAX
        or len(day.slots) > SHIFTS_MAX
        or max(names.values(), default=1) > 1
        or any(slot.break_ is not None or slot.fixed for slot in day.slots)
        or any(task.needs or task.alternatives for task in day.tasks)
    ):
        return None
    shifts = [_shifts(clock, s, before[s]) for s in range(len(day.slots))]
    all_tasks = (1 << len(day.tasks)) - 1
    plans: dict[tuple[int, int, frozenset[str]], list[tuple[int, int, Sketch]]] = {
        (0, 0, frozenset()): [(0, 0, ())]
    }
    for s, slot in enumerate(day.slots):
        grown: dict[tuple[int, int, frozenset[str]], list[tuple[int, int, Sketch]]] = {}
        for (made, count, held), known in plans.items():
            for tasks, options in shifts[s].items():
                if made & tasks or (tasks and slot.vehicle_id in held):
                    continue
                key = (
                    made | tasks,
                    count + bool(tasks),
                    held | {slot.vehicle_id} if tasks else held,
                )
                grown.setdefault(key, []).extend(
                    (max(work, one.work_s), cost + one.cost, (*sketch, one.trips))
                    for (work, cost, sketch), one in product(known, options)
                )
        plans = {key: _undominated(found) for key, found in grown.items()}
    whole = [
        one
        for (made, count, _), found in plans.items()
        if made == all_tasks and count == used
        for one in found
        if one[1] <= cost_max
    ]
    if not whole:
        return None
    longest_s, _, sketch = min(whole)
    return Small(longest_s, sketch)


def _shifts(clock: Clock, s: int, before_s: int) -> dict[int, list[_Shift]]:
    """For every set of tasks the shifts of a slot that make it, of which none is worse than another."""
    day = clock.day
    found: dict[int, list[tuple[int, int, tuple[Trip, ...]]]] = {0: [(0, 0, ())]}
    mine = [t for t in range(len(day.tasks)) if s in day.homes(t)]
    for number in range(1, 1 << len(mine)):
        tasks = [t for i, t in enumerate(mine) if number >> i & 1]
        left_out = sum(task.price for t, task in enumerate(day.tasks) if t not in tasks)
        made = sum(1 << t for t in tasks)
        options = []
        for trips in _trips(day, tasks):
            table = clock.timetable(
                tuple(trips if one == s else () for one in range(len(day.slots)))
            )
            if table is not None:
                work_s = before_s + sum(trip.seconds for trip in table.times.values())
                options.append((work_s, table.cost - left_out, trips))
        if options:
            found[made] = _undominated(options)
    return {made: [_Shift(*one) for one in options] for made, options in found.items()}


def _trips(day: Day, tasks: Sequence[int]) -> Iterator[tuple[Trip, ...]]:
    """Every way to make the calls of some tasks: all orders, cut into trips at every set of places."""
    points = [p for t in tasks for p in day.tasks[t].points]
    for order in permutations(points):
        for cuts in product((False, True), repeat=len(order) - 1):
            trips: list[list[int]] = [[order[0]]]
            for p, cut in zip(order[1:], cuts, strict=True):
                if cut:
                    trips.append([])
                trips[-1].append(p)
            if all(_is_whole(day, trip) for trip in trips):
                yield tuple(map(tuple, trips))


def _is_whole(day: Day, trip: Sequence[int]) -> bool:
    """Whether a trip makes all calls of its tasks, the last one of each last."""
    for t in {day.points[p].task for p in trip}:
        points = day.tasks[t].points
        if not set(points) <= set(trip):
            return False
        last = trip.index(points[-1])
        if any(trip.index(p) > last for p in points[:-1]):
            return False
    return True


def _undominated(found: list[tuple[int, int, T]]) -> list[tuple[int, int, T]]:
    """Of (work, cost, ...) those that no other one undercuts in both."""
    kept: list[tuple[int, int, T]] = []
    for one in sorted(found, key=lambda one: one[:2]):
        if not kept or one[1] < kept[-1][1]:
            kept.append(one)
    return kept
