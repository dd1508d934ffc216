"""Routes without any library: cheapest insertion, then ruin and recreate.

Every change is a new sketch put to the exact schedule, so every rule holds at every step; whatever
else fails, a day has a plan. Ruin and recreate follows Schrimpf et al. 2000 (doi:10.1006/jcph.1999.6413)
with the related removal of Shaw 1998 (doi:10.1007/3-540-49481-2_30).
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations_with_replacement, permutations

from logistics.solver.routing.day import Day, Sketch, Trip, empty_sketch
from logistics.solver.routing.problem import METRE_COST, SECOND_COST, VEHICLE_DAY_COST
from logistics.solver.routing.schedule import Clock, Fault, Timetable

TRIES = 5
"""Cheapest places tried against the whole day before a task is called impossible to insert."""

RUIN_MAX = 8
PATIENCE_PER_TASK = 40


def first_plan(clock: Clock) -> Timetable:
    """The best of three insertion orders: urgent first, far first, and as the jobs were given."""
    day = clock.day
    wanted = [t for t, task in enumerate(day.tasks) if task.price > 0]
    orders = (
        sorted(wanted, key=lambda t: (-day.tasks[t].price, _deadline(day, t))),
        sorted(wanted, key=lambda t: (-day.tasks[t].price, -_remoteness(day, t))),
        wanted,
    )
    return min((fill(clock, _nothing(clock), order) for order in orders), key=lambda t: t.cost)


def fill(clock: Clock, table: Timetable, tasks: Iterable[int]) -> Timetable:
    """Insert tasks one after another, each where it costs least, if that is worth its price."""
    for task in tasks:
        fuller = insert(clock, table, task)
        if fuller is not None and fuller.cost < table.cost:
            table = fuller
    return table


def insert(clock: Clock, table: Timetable, task: int) -> Timetable | None:
    """The cheapest way found to serve one task more, with the collections it needs."""
    served = served_tasks(clock.day, table.sketch)
    if task in served:
        return table
    for needed in sorted(clock.day.tasks[task].needs - served):
        fuller = insert(clock, table, needed)
        if fuller is None:
            return None
        table = fuller
    ranked = sorted(_places(clock, table, task))
    for tried, (_, sketch) in enumerate(ranked):
        fuller = clock.timetable(sketch)
        if fuller is not None:
            return fuller
        if tried >= TRIES * len(clock.day.slots):
            break
    return None


def improve(
    clock: Clock, table: Timetable, seconds: float, seed: int, patience: int | None = None
) -> Timetable:
    """Take some related tasks out, put them back in another order, keep what is no worse.

    Stops when the time is over, or after `patience` rounds without improvement, which makes small
    days independent of the machine's speed.
    """
    day = clock.day
    wanted = [t for t, task in enumerate(day.tasks) if task.price > 0]
    if not wanted:
        return table
    chance = random.Random(seed)
    patience = patience or PATIENCE_PER_TASK * len(wanted)
    ends_at = time.monotonic() + seconds
    idle = 0
    while idle < patience and time.monotonic() < ends_at:
        removed = _related(day, wanted, chance)
        rest = clock.timetable(without(day, table.sketch, removed))
        if rest is None:  # only possible where a leg is longer than a way round
            idle += 1
            continue
        again = [t for t in wanted if t not in served_tasks(day, rest.sketch)]
        chance.shuffle(again)
        if chance.random() < 0.5:
            again.sort(key=lambda t: -day.tasks[t].price)
        other = fill(clock, rest, again)
        idle = 0 if other.cost < table.cost else idle + 1
        if other.cost <= table.cost:
            table = other
    return table


def served_tasks(day: Day, sketch: Sketch) -> set[int]:
    """Tasks that a sketch serves."""
    return {day.points[point].task for trips in sketch for trip in trips for point in trip}


def without(day: Day, sketch: Sketch, tasks: Iterable[int]) -> Sketch:
    """A sketch less some tasks, less what needs them, less collections that nobody needs then."""
    gone = set(tasks)
    served = served_tasks(day, sketch)
    gone |= {t for t in served if day.tasks[t].needs & gone}
    needed = {n for t in served - gone for n in day.tasks[t].needs}
    gone |= {t for t in served - needed if day.tasks[t].price == 0}
    thinner = (
        (tuple(p for p in trip if day.points[p].task not in gone) for trip in trips)
        for trips in sketch
    )
    return tuple(tuple(trip for trip in trips if trip) for trips in thinner)


def _places(clock: Clock, table: Timetable, task: int) -> Iterator[tuple[int, Sketch]]:
    """Every way to add a task to the sketch, with what the changed trip alone would cost more."""
    day = clock.day
    used = {day.slots[s].vehicle_id: s for s, trips in enumerate(table.sketch) if trips}
    for s in day.homes(task):
        if used.get(day.slots[s].vehicle_id, s) != s:
            continue
        trips = table.sketch[s]
        for k in range(len(trips) + 1):
            not_before_s = table.times[s, k - 1].leaves[-1] if k else day.slots[s].start_s
            here = trips[k] if k < len(trips) else ()
            before = (_cost(clock, s, here, not_before_s) or 0) if here else 0
            for order in orders(day, task):
                cost = _cost(clock, s, order, not_before_s)
                if cost is not None:
                    cost += VEHICLE_DAY_COST * (not trips)
                    yield cost, _with(table.sketch, s, k, k, order)
                for longer in _merged(here, order) if here else ():
                    cost = _cost(clock, s, longer, not_before_s)
                    if cost is not None:
                        yield cost - before, _with(table.sketch, s, k, k + 1, longer)


def orders(day: Day, task: int) -> Iterator[Trip]:
    """Every order in which the points of one task can be driven: the drop comes last."""
    *pickups, last = day.tasks[task].points
    for order in permutations(pickups):
        yield (*order, last)


def _cost(clock: Clock, slot: int, trip: Trip, not_before_s: int) -> int | None:
    times = clock.trip(slot, trip, not_before_s)
    frame = clock.frame(slot, trip)
    if isinstance(times, Fault) or isinstance(frame, Fault):
        return None
    return METRE_COST * frame.metres + SECOND_COST * times.seconds


def _merged(trip: Trip, points: Sequence[int]) -> Iterator[Trip]:
    """Every trip that holds both sequences, each in its own order."""
    for cuts in combinations_with_replacement(range(len(trip) + 1), len(points)):
        longer: list[int] = []
        done = 0
        for cut, point in zip(cuts, points, strict=True):
            longer += trip[done:cut]
            longer.append(point)
            done = cut
        yield (*longer, *trip[done:])


def _with(sketch: Sketch, slot: int, first: int, last: int, trip: Trip) -> Sketch:
    trips = (*sketch[slot][:first], trip, *sketch[slot][last:])
    return (*sketch[:slot], trips, *sketch[slot + 1 :])


def _related(day: Day, wanted: list[int], chance: random.Random) -> list[int]:
    """A random task and some of its nearest neighbours, with luck deciding among the near."""
    centre = day.at(day.tasks[chance.choice(wanted)].points[-1])
    size = chance.randint(1, min(RUIN_MAX, len(wanted)))
    near = sorted(
        wanted,
        key=lambda t: (
            day.seconds[centre][day.at(day.tasks[t].points[-1])] * chance.uniform(0.5, 1.5)
        ),
    )
    return near[:size]


def _deadline(day: Day, task: int) -> int:
    return day.points[day.tasks[task].points[-1]].call.latest_start_s


def _remoteness(day: Day, task: int) -> int:
    place = day.at(day.tasks[task].points[-1])
    return max((day.seconds[day.places[slot.home_id]][place] for slot in day.slots), default=0)


def _nothing(clock: Clock) -> Timetable:
    table = clock.timetable(empty_sketch(clock.day))
    assert table is not None  # nobody drives: no rule can be broken
    return table
