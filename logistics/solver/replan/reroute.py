"""One day driven anew, as like the published routes as can be.

What is left of the old routes is the start; new jobs go in where they cost least. Another car for a
call, or a call at another time, is priced, so that routes change only where that saves more.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from logistics.model.fleet import Shift
from logistics.model.plan import Load, Route, Stage, Status, Stop, Trip
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import MINUTE_S
from logistics.solver.routing import Collection, DayJobs, DayResult, Delivery
from logistics.solver.routing.bound import lower_bound
from logistics.solver.routing.breaks import Pause
from logistics.solver.routing.day import Day, Sketch, day_of_jobs, empty_sketch
from logistics.solver.routing.day import Trip as PointTrip
from logistics.solver.routing.explain import dropped_jobs, undriveable
from logistics.solver.routing.frame import Fault
from logistics.solver.routing.insertion import fill, improve, served_tasks
from logistics.solver.routing.schedule import BETWEEN, Clock, Times, Timetable, Turn
from logistics.solver.routing.stops import routes_of

OTHER_CAR_COST = 20_000
"""A call by another car is worth a detour of 20 km at most."""

TOLERANCE_S = 15 * MINUTE_S
"""A call may move by so much without anybody being told."""

LATER_COST = 10
"""Each further second that a call moves costs ten metres."""


@dataclass(frozen=True, slots=True)
class Was:
    """Where a task was in the published routes: its car, trip and stops, and when it ended there."""

    vehicle_id: str
    trip: int
    stops: tuple[int, ...]
    start_s: int


@dataclass
class LikeClock(Clock):
    """Schedules a day; the cost of a timetable counts what differs from the published routes.

    Trips wait for the published times where all of the day can still be driven then.
    """

    was: Mapping[int, Was] = field(default_factory=dict)
    _waits: bool = True

    def timetable(self, sketch: Sketch) -> Timetable | None:
        """Clock times of a whole day, or `None` if a rule is broken."""
        self._waits = True
        table = super().timetable(sketch)
        if table is None:
            self._waits = False
            table = super().timetable(sketch)
        if table is None:
            return None
        return replace(table, cost=table.cost + self.change(table))

    def trip(
        self,
        slot: int,
        trip: PointTrip,
        not_before_s: int,
        turn: Turn = BETWEEN,
        pause: Pause | None = None,
    ) -> Times | Fault:
        """Times of one trip, so much later that its first call that would be early is in time."""
        times = super().trip(slot, trip, not_before_s, turn, pause)
        if isinstance(times, Fault) or not self._waits:
            return times
        frame = self.frame(slot, trip, turn)
        assert not isinstance(frame, Fault)  # it has clock times
        early = [
            was.start_s - start_s
            for halt, start_s in zip(frame.halts, times.starts, strict=True)
            for point in halt.points
            if (was := self._was_of(point)) is not None
        ]
        wait_s = min(early, default=0)
        if wait_s <= 0:
            return times
        later = super().trip(slot, trip, times.starts[0] + wait_s, turn, pause)
        return times if isinstance(later, Fault) else later

    def _was_of(self, point: int) -> Was | None:
        """Where a task was, for the call at which it ends."""
        task = self.day.points[point].task
        return self.was.get(task) if point == self.day.tasks[task].points[-1] else None

    def change(self, table: Timetable) -> int:
        """What differs from the published routes, in the unit of the cost."""
        cost = 0
        for (slot, k), times in table.times.items():
            trips = table.sketch[slot]
            frame = self.frame(slot, trips[k], self.turn(slot, k, len(trips)))
            assert not isinstance(frame, Fault)
            vehicle_id = self.day.slots[slot].vehicle_id
            for halt, start_s in zip(frame.halts, times.starts, strict=True):
                for point in halt.points:
                    was = self._was_of(point)
                    if was is None:
                        continue
                    moved_s = max(0, abs(start_s - was.start_s) - TOLERANCE_S)
                    cost += LATER_COST * moved_s + OTHER_CAR_COST * (vehicle_id != was.vehicle_id)
        return cost


def route_like(
    problem: WeekProblem,
    travel: Travel,
    jobs: DayJobs,
    old: Sequence[Route],
    origin_of: Mapping[str, str],
    seconds: float,
    seed: int,
) -> DayResult:
    """Routes of one day that differ from the old ones as little as is worth while.

    Args:
        problem: the rest of the week.
        travel: every leg that a route may need.
        jobs: what is to be driven.
        old: the published routes of the day without trips that are driven already.
        origin_of: names of lots in the published routes by their names in the rest.
        seconds: limit of the search for something better.
        seed: of its random choices.
    """
    began = time.monotonic()
    day = day_of_jobs(problem, travel, jobs)
    clock = LikeClock(day, was=_was(day, old, origin_of))
    table = fill(clock, _taken_over(clock, _as_before(clock)), _others(clock))
    table = improve(clock, table, seconds, seed)
    cost = table.cost - clock.change(table)
    reasons = undriveable(day)
    bound = min(cost, lower_bound(day, set(reasons)))
    return DayResult(
        routes=routes_of(clock, table),
        dropped=dropped_jobs(day, table, reasons),
        stage=Stage(
            name=f"routes {day.number}",
            status=Status.OPTIMAL if bound == cost else Status.FEASIBLE,
            objective=float(cost),
            bound=float(bound),
            gap=(cost - bound) / cost if cost else 0.0,
            runtime_s=time.monotonic() - began,
        ),
    )


def moves_of_jobs(jobs: DayJobs, origin_of: Mapping[str, str]) -> Counter[tuple[str, str, str]]:
    """Units by place, lot of the whole week, and whether they are loaded or unloaded there."""
    moves: Counter[tuple[str, str, str]] = Counter()
    for job in jobs:
        if isinstance(job, Delivery):
            origin, target = job.hub_id, job.call.place_id
        elif isinstance(job, Collection):
            origin, target = job.call.place_id, job.hub_id
        else:
            origin, target = job.pickup.place_id, job.drop.place_id
        for load in job.loads:
            lot_id = origin_of[load.lot_id]
            moves[origin, lot_id, "load"] += load.units
            moves[target, lot_id, "unload"] += load.units
    return moves


def moves_of_routes(routes: Iterable[Route]) -> Counter[tuple[str, str, str]]:
    """The same of what routes carry."""
    moves: Counter[tuple[str, str, str]] = Counter()
    for route in routes:
        for trip in route.trips:
            for stop in trip.stops:
                for load in stop.load:
                    moves[stop.id, load.lot_id, "load"] += load.units
                for load in stop.unload:
                    moves[stop.id, load.lot_id, "unload"] += load.units
    return moves


def fits(problem: WeekProblem, routes: Iterable[Route]) -> bool:
    """Whether every route can be driven as it is in one shift of its vehicle: from where it starts to
    where it ends, with its break; and loads nothing before it is there."""
    for route in routes:
        stops = [stop for trip in route.trips for stop in trip.stops]
        if not any(_holds(problem, shift, route) for shift in problem.shifts):
            return False
        for stop in stops:
            for load in stop.load:
                if not _is_ready(problem, stop, load):
                    return False
    return True


def _holds(problem: WeekProblem, shift: Shift, route: Route) -> bool:
    """Whether a route lies in a shift, with its people, ends and break."""
    first, last = route.trips[0].stops[0], route.trips[-1].stops[-1]
    home_id = problem.vehicles[route.vehicle_id].home_site_id
    due, taken = shift.break_, route.rest
    return (
        shift.vehicle_id == route.vehicle_id
        and shift.volunteer_ids == route.volunteer_ids
        and shift.start_s <= first.arrive_s
        and last.leave_s <= shift.end_s
        and first.id == (shift.start_id or home_id)
        and last.id == (shift.end_id or home_id)
        and (due is None or (taken is not None and due.open_s <= taken.start_s <= due.close_s))
    )


def _is_ready(problem: WeekProblem, stop: Stop, load: Load) -> bool:
    """Whether a lot that stands where it always did can be loaded there then."""
    lot = problem.lots.get(load.lot_id)
    if lot is None or lot.site_id != stop.id:
        return True
    early = lot.ready_s is not None and stop.start_s < lot.ready_s
    return not early and (lot.collect_by_s is None or stop.leave_s <= lot.collect_by_s)


def _was(day: Day, old: Sequence[Route], origin_of: Mapping[str, str]) -> dict[int, Was]:
    """For each task the old trip that made its calls, with most of its goods where there are several."""
    found: dict[int, Was] = {}
    for t, task in enumerate(day.tasks):
        most = -1
        for route in old:
            for k, trip in enumerate(route.trips):
                match = _match(day, task.points, trip, origin_of)
                if match is not None and match[0] > most:
                    most, stops = match
                    found[t] = Was(route.vehicle_id, k, stops, trip.stops[stops[-1]].start_s)
    return found


def _match(
    day: Day, points: Sequence[int], trip: Trip, origin_of: Mapping[str, str]
) -> tuple[int, tuple[int, ...]] | None:
    """Units in common, and stops of a trip in order at which calls could have been made."""
    at, same, stops = 1, 0, []
    for p in points:
        point = day.points[p]
        wanted = {origin_of[load.lot_id] for load in (*point.load, *point.unload)}
        for index in range(at, len(trip.stops)):
            stop = trip.stops[index]
            if stop.id != point.call.place_id or stop.kind is not point.call.kind:
                continue
            moved = stop.load if point.load else stop.unload
            if moved:
                same += sum(load.units for load in moved if load.lot_id in wanted)
                stops.append(index)
                at = index
                break
        else:
            return None
    return same, tuple(stops)


def _as_before(clock: LikeClock) -> Timetable:
    """The old routes with what is gone taken out; what they cannot hold any more is left out."""
    empty = clock.timetable(empty_sketch(clock.day))
    assert empty is not None  # nobody drives: no rule can be broken
    tasks = sorted(clock.was, key=lambda t: (bool(clock.day.tasks[t].needs), clock.was[t].start_s))
    whole = clock.timetable(_sketch(clock, tasks))
    if whole is not None:
        return whole
    table, held = empty, list[int]()
    for task in tasks:
        if not clock.day.tasks[task].needs <= set(held):
            continue
        fuller = clock.timetable(_sketch(clock, [*held, task]))
        if fuller is not None:
            table, held = fuller, [*held, task]
    return table


def _taken_over(clock: LikeClock, table: Timetable) -> Timetable:
    """Old trips of cars that are not driven any more, each as a whole by the car that it costs least."""
    served = served_tasks(clock.day, table.sketch)
    groups: dict[tuple[str, int], list[int]] = {}
    for t, was in clock.was.items():
        if t not in served:
            groups.setdefault((was.vehicle_id, was.trip), []).append(t)
    for _, tasks in sorted(groups.items()):
        needed = {n for t in tasks for n in clock.day.tasks[t].needs}
        if not needed <= served_tasks(clock.day, table.sketch) | set(tasks):
            continue
        calls = sorted(
            (at, t, point)
            for t in tasks
            for at, point in zip(clock.was[t].stops, clock.day.tasks[t].points, strict=True)
        )
        trip = tuple(point for _, _, point in calls)
        able = set.intersection(*(set(clock.day.homes(t)) for t in tasks))
        tables = [clock.timetable(sketch) for sketch in _with_trip(table.sketch, trip, able)]
        table = min(
            (found for found in tables if found), key=lambda found: found.cost, default=table
        )
    return table


def _with_trip(sketch: Sketch, trip: tuple[int, ...], slots: Iterable[int]) -> Iterable[Sketch]:
    """The sketch with one trip more, at each place in each of the slots."""
    for s in sorted(slots):
        for k in range(len(sketch[s]) + 1):
            trips = (*sketch[s][:k], trip, *sketch[s][k:])
            yield (*sketch[:s], trips, *sketch[s + 1 :])


def _sketch(clock: LikeClock, tasks: Iterable[int]) -> Sketch:
    """Tasks in their old cars, trips and order."""
    day = clock.day
    trips: dict[int, dict[int, list[tuple[int, int, int]]]] = {}
    for t in tasks:
        was = clock.was[t]
        slots = [s for s in day.homes(t) if day.slots[s].vehicle_id == was.vehicle_id]
        if not slots:
            continue
        slot = min(slots, key=lambda s: (day.slots[s].end_s < was.start_s, day.slots[s].start_s))
        calls = trips.setdefault(slot, {}).setdefault(was.trip, [])
        for at, point in zip(was.stops, day.tasks[t].points, strict=True):
            calls.append((at, t, point))
    return tuple(
        tuple(
            tuple(point for _, _, point in sorted(calls))
            for _, calls in sorted(trips.get(s, {}).items())
        )
        for s in range(len(day.slots))
    )


def _others(clock: LikeClock) -> list[int]:
    """All tasks worth driving, the dearest first; those that are in already are passed over."""
    tasks = clock.day.tasks
    wanted = [t for t, task in enumerate(tasks) if task.price > 0]
    return sorted(wanted, key=lambda t: (-tasks[t].price, bool(tasks[t].needs)))
