"""Routes without any library: cheapest insertion, then ruin and recreate.

Every change is a new sketch put to the exact schedule, so every rule holds at every step; whatever
else fails, a day has a plan. Ruin and recreate follows Schrimpf et al. 2000 (doi:10.1006/jcph.1999.6413)
with the related removal of Shaw 1998 (doi:10.1007/3-540-49481-2_30).
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise, permutations
from math import factorial

from logistics.solver.routing.day import Day, Sketch, Trip, empty_sketch
from logistics.solver.routing.problem import METRE_COST, SECOND_COST, VEHICLE_DAY_COST
from logistics.solver.routing.schedule import Clock, Timetable

TRIES = 4
"""Of the places that look cheapest, so many that can be driven are costed exactly."""

ALL_ORDERS_MAX = 3
"""Most pickups of one task of which every order is tried."""

RUIN_MAX = 8
"""Most related tasks taken out in one round."""

MEMORY = 40
"""Rounds that late acceptance looks back."""

PATIENCE_PER_TASK = 40
"""Rounds without a better plan, for each task of the day, after which the search gives up."""

TRIP_SHARE, SHIFT_SHARE = 0.1, 0.1
"""Shares of the rounds that take out a whole trip, or the shift with the fewest calls."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a task could go: a trip that takes the place of trips `first` .. `last` of a slot."""

    estimate: int
    slot: int
    first: int
    last: int
    trip: Trip

    def sketch(self, sketch: Sketch) -> Sketch:
        """The sketch with the task in this place."""
        trips = sketch[self.slot]
        trips = (*trips[: self.first], self.trip, *trips[self.last :])
        return (*sketch[: self.slot], trips, *sketch[self.slot + 1 :])


def first_plan(clock: Clock) -> Timetable:
    """The best of three insertion orders: urgent first, far first, and as the jobs were given."""
    day = clock.day
    wanted = [t for t, task in enumerate(day.tasks) if task.price > 0]
    orders = (
        sorted(wanted, key=lambda t: (-day.tasks[t].price, _urgency(day, t))),
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
    ranked = sorted(places(clock, table, task), key=lambda place: place.estimate)
    best: Timetable | None = None
    feasible = 0
    for place in ranked:
        fuller = clock.timetable(place.sketch(table.sketch))
        if fuller is None:
            continue
        if best is None or fuller.cost < best.cost:
            best = fuller
        feasible += 1
        if feasible == TRIES:
            break
    return best


def improve(
    clock: Clock, table: Timetable, seconds: float, seed: int, patience: int | None = None
) -> Timetable:
    """Take some tasks out, put them back in another order, and go on from what is not much worse.

    A plan is gone on from if it costs no more than the one before or than that of `MEMORY` rounds
    ago (late acceptance, Burke and Bykov 2017, doi:10.1016/j.ejor.2016.07.012). The search stops when
    the time is over, or after `patience` rounds without a better plan, which makes small days
    independent of the machine's speed.
    """
    day = clock.day
    wanted = [t for t, task in enumerate(day.tasks) if task.price > 0]
    if not wanted:
        return table
    chance = random.Random(seed)
    patience = patience or PATIENCE_PER_TASK * len(wanted)
    ends_at = time.monotonic() + seconds
    best, memory = table, [table.cost] * MEMORY
    turn = idle = 0
    while idle < patience and time.monotonic() < ends_at:
        turn, idle = turn + 1, idle + 1
        left_out = [t for t in wanted if t not in served_tasks(day, table.sketch)]
        removed = _chosen(day, table, chance.choice(left_out or wanted), wanted, chance)
        rest = clock.timetable(without(day, table.sketch, removed))
        if rest is None:  # only possible where a leg is longer than a way round
            continue
        again = [t for t in wanted if t not in served_tasks(day, rest.sketch)]
        chance.shuffle(again)
        if chance.random() < 0.5:
            again.sort(key=lambda t: (-day.tasks[t].price, t not in left_out))
        other = fill(clock, rest, again)
        if other.cost <= max(table.cost, memory[turn % MEMORY]):
            table = other
        memory[turn % MEMORY] = table.cost
        if table.cost < best.cost:
            best, idle = table, 0
    return best


def with_fewer_shifts(clock: Clock, table: Timetable, seconds: float, seed: int) -> Timetable:
    """Search on only the shifts in use less the one with the fewest calls, while that succeeds.

    What an attempt leaves out at first is the centre of its rounds.
    """
    ends_at = time.monotonic() + seconds
    while (left_s := ends_at - time.monotonic()) > 0:
        used = [s for s, trips in enumerate(table.sketch) if trips]
        if len(used) < 2:
            break
        used.remove(min(used, key=lambda s: _calls(table.sketch[s])))
        smaller = Clock(clock.day.with_slots(used))
        kept = {t for s in used for t in served_tasks(clock.day, (table.sketch[s],))}
        gone = served_tasks(clock.day, table.sketch) - kept
        thinner = without(clock.day, table.sketch, gone)
        start = smaller.timetable(tuple(thinner[s] for s in used))
        if start is None:
            break
        found = dict(zip(used, improve(smaller, start, left_s, seed).sketch, strict=True))
        fewer = clock.timetable(tuple(found.get(s, ()) for s in range(len(clock.day.slots))))
        if fewer is None or fewer.cost >= table.cost:
            break
        table = fewer
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


def places(clock: Clock, table: Timetable, task: int) -> Iterator[Place]:
    """Places for a task in the trips there are and as a trip of its own, with estimated costs."""
    day = clock.day
    used = {slot.vehicle_id: s for s, slot in enumerate(day.slots) if table.sketch[s] or slot.fixed}
    for s in day.homes(task):
        if used.get(day.slots[s].vehicle_id, s) != s:
            continue
        unlike = day.tasks[task].slot_cost.get(s, 0)
        home, trips = day.places[day.slots[s].home_id], table.sketch[s]
        for order in orders(day, task):
            alone = _driving(day, home, order)
            alone += VEHICLE_DAY_COST * (not trips and not day.slots[s].fixed) + unlike
            for k in range(len(trips) + 1):
                yield Place(alone, s, k, k, order)
        for k, trip in enumerate(trips):
            not_before_s = table.times[s, k - 1].leaves[-1] if k else day.slots[s].free_from_s
            gaps = clock.gaps(s, trip, not_before_s)
            before = _driving(day, home, trip)
            for order in orders(day, task):
                for longer in _merged(day, home, trip, order, gaps):
                    driving = _driving(day, home, longer) - before + unlike
                    yield Place(driving, s, k, k + 1, longer)


def orders(day: Day, task: int) -> Iterator[Trip]:
    """Orders in which the points of one task can be driven: the drop comes last.

    All of them up to `ALL_ORDERS_MAX` pickups, else a few that begin with what closes first.
    """
    *pickups, last = day.tasks[task].points
    if len(pickups) > ALL_ORDERS_MAX:
        pickups.sort(key=lambda p: day.points[p].call.latest_start_s)
    for order in islice(permutations(pickups), factorial(ALL_ORDERS_MAX)):
        yield (*order, last)


def _merged(
    day: Day, home: int, trip: Trip, order: Trip, gaps: list[tuple[int, int]]
) -> Iterator[Trip]:
    """Trips that hold both sequences, each point in a gap that its window and the next call allow.

    Several pickups go into one gap together, so that the number of trips grows with the square of the
    stops and not with a power of the pickups.
    """
    stops = (home, *(day.at(p) for p in trip), home)
    *pickups, last = order
    alone = pickups if len(pickups) == 1 else []  # a block of pickups has legs of its own
    starts = [g for g in range(len(gaps)) if all(_fits(day, p, stops, g, gaps[g]) for p in alone)]
    ends = [g for g in range(len(gaps)) if _fits(day, last, stops, g, gaps[g])]
    if not pickups:
        for end in ends:
            yield (*trip[:end], last, *trip[end:])
        return
    for start in starts:
        for end in ends:
            if start <= end:
                yield (*trip[:start], *pickups, *trip[start:end], last, *trip[end:])


def _fits(day: Day, p: int, stops: tuple[int, ...], g: int, gap: tuple[int, int]) -> bool:
    """Whether a call can be reached after the stop before a gap, and the stop after it then."""
    call, here = day.points[p].call, day.at(p)
    if here in stops[g : g + 2]:  # it may share that stop
        return True
    start_s = max(gap[0] + day.seconds[stops[g]][here], call.open_s)
    onward_s = start_s + call.service_s + day.seconds[here][stops[g + 1]]
    return start_s <= call.latest_start_s and onward_s <= gap[1]


def _driving(day: Day, home: int, trip: Trip) -> int:
    """Cost of the legs of a trip."""
    ways = pairwise((home, *(day.at(p) for p in trip), home))
    return sum(METRE_COST * day.metres[a][b] + SECOND_COST * day.seconds[a][b] for a, b in ways)


def _chosen(
    day: Day, table: Timetable, centre: int, wanted: list[int], chance: random.Random
) -> list[int]:
    """Tasks to take out: a whole trip or shift now and then, else some around a task."""
    luck = chance.random()
    slots = [trips for trips in table.sketch if trips]
    if slots and luck < TRIP_SHARE:
        trips = chance.choice(slots)
        return [day.points[p].task for p in chance.choice(trips)]
    if slots and luck < TRIP_SHARE + SHIFT_SHARE:
        return [day.points[p].task for trip in min(slots, key=_calls) for p in trip]
    return _related(day, centre, wanted, chance)


def _calls(trips: tuple[Trip, ...]) -> int:
    return sum(map(len, trips))


def _related(day: Day, task: int, wanted: list[int], chance: random.Random) -> list[int]:
    """Some of the tasks that end nearest to where one ends, with luck deciding among the near."""
    centre = day.at(day.tasks[task].points[-1])
    size = chance.randint(1, min(RUIN_MAX, len(wanted)))
    near = sorted(
        wanted,
        key=lambda t: (
            day.seconds[centre][day.at(day.tasks[t].points[-1])] * chance.uniform(0.5, 1.5)
        ),
    )
    return near[:size]


def _urgency(day: Day, task: int) -> tuple[bool, int]:
    """What waits for a collection goes first, then what must be made soonest."""
    needs = day.tasks[task].needs
    return not needs, day.points[day.tasks[task].points[-1]].call.latest_start_s


def _remoteness(day: Day, task: int) -> int:
    place = day.at(day.tasks[task].points[-1])
    return max((day.seconds[day.places[slot.home_id]][place] for slot in day.slots), default=0)


def _nothing(clock: Clock) -> Timetable:
    table = clock.timetable(empty_sketch(clock.day))
    assert table is not None  # nobody drives: no rule can be broken
    return table
