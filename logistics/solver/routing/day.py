"""A routing day in the form that engines work on: numbered points, tasks and slots.

A *point* is one call at a place. A *task* is what is driven whole or not at all: usually one job, but
all jobs that end at one door are one task, because a visit is made once. A *slot* is one shift of one
vehicle. A *sketch* of a day says, for each slot, which points each of its trips calls at, in order;
everything else about a plan follows from it (`schedule.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from logistics.model.errors import OsusowakeError
from logistics.model.plan import Load, StopKind
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import Storage
from logistics.solver.routing.problem import Call, Collection, DayJobs, Delivery, Job, Pair
from logistics.solver.routing.slots import Slot, Windows, ends_of, slots_of, suits

__all__ = [
    "BACK_HOME",
    "LEAVING_HOME",
    "Day",
    "LegMissing",
    "Point",
    "Sketch",
    "Slot",
    "Task",
    "Trip",
    "Windows",
    "day_of_jobs",
    "empty_sketch",
    "joined",
]

Trip = tuple[int, ...]
Sketch = tuple[tuple[Trip, ...], ...]

LEAVING_HOME, BACK_HOME = -1, -2
"""Stand for the first and the last stop of a trip where a cold span names a point."""


class LegMissing(OsusowakeError):
    """The travel data lacks a leg that a route may need."""


@dataclass(frozen=True, slots=True)
class Point:
    """One call: what it loads and unloads, and the grams of each storage class it adds on board."""

    task: int
    call: Call
    load: tuple[Load, ...]
    unload: tuple[Load, ...]
    change_g: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """What is driven whole or not at all.

    `points` are in driving order where there are several: places of loading, then the one of
    unloading. `hub_id` is the home that a vehicle must have, `None` for any. `from_hub` and `to_hub`
    are loaded where the trip starts and unloaded where it ends. `cold` are the spans (loading,
    unloading) in which chilled or frozen goods travel. `needs` are tasks that collect first.
    `release_s` is the earliest start of the trip. Slots in `barred` may not serve it. `alternatives`
    are the windows, by slot, of which the last call must keep one; a slot that is not named has only
    the call's own. `slot_cost` is what service by a slot costs beside its driving.
    """

    job_ids: tuple[str, ...]
    price: int
    points: tuple[int, ...]
    hub_id: str | None
    from_hub: tuple[Load, ...] = ()
    from_hub_g: tuple[int, ...] = ()
    to_hub: tuple[Load, ...] = ()
    cold: tuple[tuple[int, int], ...] = ()
    needs: frozenset[int] = frozenset()
    release_s: int = 0
    barred: frozenset[int] = frozenset()
    alternatives: Mapping[int, Windows] = field(default_factory=dict)
    slot_cost: Mapping[int, int] = field(default_factory=dict)

    def with_slots(self, slots: Sequence[int]) -> Task:
        """The task where the day has only some of its slots, renumbered in the order given."""
        if not (self.barred or self.alternatives or self.slot_cost):
            return self
        number = dict(enumerate(slots))
        return replace(
            self,
            barred=frozenset(n for n, s in number.items() if s in self.barred),
            alternatives={
                n: self.alternatives[s] for n, s in number.items() if s in self.alternatives
            },
            slot_cost={n: self.slot_cost[s] for n, s in number.items() if s in self.slot_cost},
        )


@dataclass(frozen=True, slots=True)
class Day:
    """One day, numbered. `metres[i][j]` and `seconds[i][j]` are legs between places.

    `work_s_max` bounds the seconds of trips by volunteer (`DayJobs.work_s_max`).
    """

    number: int
    classes: tuple[Storage, ...]
    points: tuple[Point, ...]
    tasks: tuple[Task, ...]
    slots: tuple[Slot, ...]
    places: dict[str, int]
    metres: list[list[int]]
    seconds: list[list[int]]
    work_s_max: Mapping[str, int] = field(default_factory=dict)

    def at(self, point: int) -> int:
        """Number of the place of a point."""
        return self.places[self.points[point].call.place_id]

    def homes(self, task: int) -> list[int]:
        """Slots whose vehicle may serve a task."""
        hub_id, barred = self.tasks[task].hub_id, self.tasks[task].barred
        return [
            s
            for s, slot in enumerate(self.slots)
            if hub_id in (None, slot.home_id) and s not in barred
        ]

    def with_slots(self, slots: list[int]) -> Day:
        """The day with only some of its slots, renumbered in the order given."""
        tasks = tuple(task.with_slots(slots) for task in self.tasks)
        return replace(self, tasks=tasks, slots=tuple(self.slots[s] for s in slots))


def day_of_jobs(problem: WeekProblem, travel: Travel, jobs: DayJobs) -> Day:
    """Number a day's jobs, shifts and places.

    Raises:
        LegMissing: if the travel data lacks a leg between two places of the day.
    """
    present = {storage for job in jobs for storage, grams in job.grams.items() if grams}
    classes = tuple(storage for storage in Storage if storage in present)
    slots = slots_of(problem, jobs, classes)
    points: list[Point] = []
    tasks: list[Task] = []
    number: dict[str, int] = {}
    for group in _wholes(jobs):
        task = _task(group, len(tasks), points, classes, number)
        found = suits(problem, slots, points[task.points[-1]].call)
        task = replace(
            task, barred=found.barred, alternatives=found.windows, slot_cost=found.slot_cost
        )
        number.update((job.id, len(tasks)) for job in group)
        tasks.append(task)
    ids = sorted(ends_of(slots) | {point.call.place_id for point in points})
    metres, seconds = _matrices(travel, ids)
    return Day(
        number=jobs.day,
        classes=classes,
        points=tuple(points),
        tasks=tuple(tasks),
        slots=slots,
        places={place_id: i for i, place_id in enumerate(ids)},
        metres=metres,
        seconds=seconds,
        work_s_max=jobs.work_s_max,
    )


def smallest_day() -> Day:
    """One call at a door, a van and a hub: what compiled code is compiled on."""
    call = Call("door", StopKind.HOUSEHOLD)
    return Day(
        number=0,
        classes=(),
        points=(Point(0, call, (), (), ()),),
        tasks=(Task(("door",), 10_000_000, (0,), None),),
        slots=(Slot("van", "hub", 0, 0, 10_000, (), None, ()),),
        places={"door": 0, "hub": 1},
        metres=[[0, 1], [1, 0]],
        seconds=[[0, 1], [1, 0]],
    )


def empty_sketch(day: Day) -> Sketch:
    """Nobody drives."""
    return ((),) * len(day.slots)


def _wholes(jobs: DayJobs) -> list[list[Job]]:
    """Jobs that are driven whole or not at all; collections first, because others need them."""
    wholes: list[list[Job]] = [[collection] for collection in jobs.collections]
    at_door: dict[str, list[Job]] = {}
    ending: list[tuple[Delivery | Pair, Call]] = [(job, job.call) for job in jobs.deliveries]
    ending += [(job, job.drop) for job in jobs.pairs]
    for job, call in ending:
        if call.kind is StopKind.HOUSEHOLD and call.place_id in at_door:
            at_door[call.place_id].append(job)
            continue
        wholes.append([job])
        if call.kind is StopKind.HOUSEHOLD:
            at_door[call.place_id] = wholes[-1]
    return wholes


def _task(
    group: list[Job],
    index: int,
    points: list[Point],
    classes: tuple[Storage, ...],
    number: dict[str, int],
) -> Task:
    """Number the points of one whole: its pickups, then the call where all of it ends."""
    ids = tuple(job.id for job in group)
    price = sum(job.price for job in group)
    first = len(points)
    last = group[0]
    if isinstance(last, Collection):
        points.append(Point(index, last.call, last.loads, (), _grams([last], classes)))
        cold = ((first, BACK_HOME),) if _is_cold(last) else ()
        return Task(ids, price, (first,), last.hub_id, to_hub=last.loads, cold=cold)
    pairs = [job for job in group if isinstance(job, Pair)]
    deliveries = [job for job in group if isinstance(job, Delivery)]
    points += [Point(index, pair.pickup, pair.loads, (), _grams([pair], classes)) for pair in pairs]
    drop = len(points)
    spans = [(first + i, drop) for i, pair in enumerate(pairs) if _is_cold(pair)]
    spans += [(LEAVING_HOME, drop)] * any(_is_cold(job) for job in deliveries)
    calls = [job.call for job in deliveries] + [pair.drop for pair in pairs]
    unload = joined(load for job in group for load in job.loads)
    change_g = tuple(-grams for grams in _grams(group, classes))
    points.append(Point(index, _narrowest(calls), (), unload, change_g))
    return Task(
        job_ids=ids,
        price=price,
        points=tuple(range(first, len(points))),
        hub_id=deliveries[0].hub_id if deliveries else None,
        from_hub=joined(load for job in deliveries for load in job.loads),
        from_hub_g=_grams(deliveries, classes),
        cold=tuple(spans),
        needs=frozenset(number[needed] for job in deliveries for needed in job.needs),
        release_s=max((job.release_s for job in deliveries), default=0),
    )


def joined(loads: Iterable[Load]) -> tuple[Load, ...]:
    """Loads with the units of each lot added up, in the order of the lots."""
    units: dict[str, int] = {}
    for load in loads:
        units[load.lot_id] = units.get(load.lot_id, 0) + load.units
    return tuple(Load(lot_id, units[lot_id]) for lot_id in sorted(units))


def _narrowest(calls: list[Call]) -> Call:
    """One call that keeps the windows of all, at the same place."""
    return Call(
        place_id=calls[0].place_id,
        kind=calls[0].kind,
        open_s=max(call.open_s for call in calls),
        start_by_s=min(call.start_by_s for call in calls),
        leave_by_s=min(call.leave_by_s for call in calls),
        service_s=max(call.service_s for call in calls),
        visits=calls[0].visits,
    )


def _grams(jobs: Iterable[Job], classes: tuple[Storage, ...]) -> tuple[int, ...]:
    jobs = list(jobs)
    return tuple(sum(job.grams.get(storage, 0) for job in jobs) for storage in classes)


def _is_cold(job: Job) -> bool:
    return any(grams > 0 for storage, grams in job.grams.items() if storage is not Storage.AMBIENT)


def _matrices(travel: Travel, ids: list[str]) -> tuple[list[list[int]], list[list[int]]]:
    metres = [[0] * len(ids) for _ in ids]
    seconds = [[0] * len(ids) for _ in ids]
    for i, origin in enumerate(ids):
        for j, target in enumerate(ids):
            if i == j:
                continue
            leg = travel.get((origin, target))
            if leg is None:
                raise LegMissing(f"Travel: no leg from {origin} to {target}")
            metres[i][j], seconds[i][j] = leg.metres, leg.seconds
    return metres, seconds
