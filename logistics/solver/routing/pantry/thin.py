"""Days with thousands of stops: numbered without a matrix, and cut into small days that have one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from logistics.model.plan import StopKind
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import Storage
from logistics.solver.routing.day import Day, LegMissing, Point, Sketch, Task, day_of_jobs
from logistics.solver.routing.problem import MUST_PRICE, Collection, DayJobs, Delivery, Job, Pair
from logistics.solver.routing.slots import suits

BATCH = 12
"""Jobs that are numbered together; only their few places are looked up among one another."""


KEPT_PRICE = 10_000 * MUST_PRICE
"""Of a collection that tasks elsewhere need: no number of other tasks is worth losing it."""


class _Row(Sequence[int]):
    """One row of a matrix that does not exist."""

    def __init__(self, travel: Travel, ids: list[str], origin: str, seconds: bool) -> None:
        self._travel, self._ids, self._origin, self._seconds = travel, ids, origin, seconds

    def __getitem__(self, index: int) -> int:  # type: ignore[override]
        target = self._ids[index]
        if target == self._origin:
            return 0
        leg = self._travel.get((self._origin, target))
        if leg is None:
            raise LegMissing(f"Travel: no leg from {self._origin} to {target}")
        return leg.seconds if self._seconds else leg.metres

    def __len__(self) -> int:
        return len(self._ids)


class _Rows(Sequence[_Row]):
    """A matrix of legs that are looked up when they are asked for."""

    def __init__(self, travel: Travel, ids: list[str], seconds: bool) -> None:
        self._travel, self._ids, self._seconds = travel, ids, seconds

    def __getitem__(self, index: int) -> _Row:  # type: ignore[override]
        return _Row(self._travel, self._ids, self._ids[index], self._seconds)

    def __len__(self) -> int:
        return len(self._ids)


def thin_day(problem: WeekProblem, travel: Travel, jobs: DayJobs) -> Day:
    """As `day_of_jobs`, with matrices whose legs are looked up one by one.

    Raises:
        LegMissing: when a leg is asked for that the travel data lacks.
    """
    present = {storage for job in jobs for storage, grams in job.grams.items() if grams}
    classes = tuple(storage for storage in Storage if storage in present)
    empty = day_of_jobs(problem, travel, DayJobs(jobs.day))
    slots = tuple(
        replace(slot, room_g=tuple(problem.vehicles[slot.vehicle_id].room_g(k) for k in classes))
        for slot in empty.slots
    )
    parked = replace(problem, shifts=())
    points: list[Point] = []
    tasks: list[Task] = []
    number: dict[str, int] = {}
    for batch in _batches(jobs):
        part = day_of_jobs(parked, travel, batch)
        number |= {i: len(tasks) + t for t, task in enumerate(part.tasks) for i in task.job_ids}
        _append(points, tasks, part, classes)
    for delivery in jobs.deliveries:
        t = number[delivery.id]
        needs = tasks[t].needs | {number[needed] for needed in delivery.needs}
        tasks[t] = replace(tasks[t], needs=needs)
    for t, task in enumerate(tasks):
        found = suits(problem, slots, points[task.points[-1]].call)
        if found.barred or found.windows or found.slot_cost:
            tasks[t] = replace(
                task, barred=found.barred, alternatives=found.windows, slot_cost=found.slot_cost
            )
    ids = sorted({slot.home_id for slot in slots} | {point.call.place_id for point in points})
    return Day(
        number=jobs.day,
        classes=classes,
        points=tuple(points),
        tasks=tuple(tasks),
        slots=slots,
        places={place_id: i for i, place_id in enumerate(ids)},
        metres=cast("list[list[int]]", _Rows(travel, ids, seconds=False)),
        seconds=cast("list[list[int]]", _Rows(travel, ids, seconds=True)),
    )


def _batches(jobs: DayJobs) -> Iterator[DayJobs]:
    """A few jobs at a time, all that end at one door together, without what they need."""
    at_door: dict[str, list[Job]] = {}
    groups: list[list[Job]] = [[collection] for collection in jobs.collections]
    ending: list[Delivery | Pair] = [*jobs.deliveries, *jobs.pairs]
    for job in ending:
        call = job.drop if isinstance(job, Pair) else job.call
        if call.kind is StopKind.HOUSEHOLD and call.place_id in at_door:
            at_door[call.place_id].append(job)
            continue
        groups.append([job])
        if call.kind is StopKind.HOUSEHOLD:
            at_door[call.place_id] = groups[-1]
    for first in range(0, len(groups), BATCH):
        batch = [job for group in groups[first : first + BATCH] for job in group]
        deliveries = [job for job in batch if isinstance(job, Delivery)]
        yield DayJobs(
            jobs.day,
            tuple(replace(job, needs=frozenset()) for job in deliveries),
            tuple(job for job in batch if isinstance(job, Collection)),
            tuple(job for job in batch if isinstance(job, Pair)),
        )


def _append(
    points: list[Point], tasks: list[Task], part: Day, classes: tuple[Storage, ...]
) -> None:
    """Add a small day's points and tasks, numbered on, with grams of all storage classes."""
    column = [part.classes.index(k) if k in part.classes else -1 for k in classes]
    p0, t0 = len(points), len(tasks)

    def grams(few: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(few[k] if k >= 0 else 0 for k in column)

    points += [
        replace(point, task=point.task + t0, change_g=grams(point.change_g))
        for point in part.points
    ]
    tasks += [
        replace(
            task,
            points=tuple(p + p0 for p in task.points),
            from_hub_g=grams(task.from_hub_g) if task.from_hub_g else (),
            cold=tuple((a + p0 if a >= 0 else a, b + p0 if b >= 0 else b) for a, b in task.cold),
        )
        for task in part.tasks
    ]


@dataclass(frozen=True, slots=True)
class Part:
    """Some slots and tasks of a day as a day of its own; `slots[i]`, `tasks[i]`, `points[i]` are the
    numbers of its slots, tasks and points in the whole day."""

    day: Day
    slots: tuple[int, ...]
    tasks: tuple[int, ...]
    points: tuple[int, ...]

    def inner(self, sketch: Sketch) -> Sketch:
        """The part's sketch within the whole day's."""
        number = {p: i for i, p in enumerate(self.points)}
        return tuple(
            tuple(tuple(number[p] for p in trip) for trip in sketch[s]) for s in self.slots
        )

    def outer(self, sketch: Sketch) -> dict[int, tuple[tuple[int, ...], ...]]:
        """Trips of the whole day's slots, by slot."""
        return {
            s: tuple(tuple(self.points[p] for p in trip) for trip in trips)
            for s, trips in zip(self.slots, sketch, strict=True)
        }


def part_of(day: Day, slots: Iterable[int], tasks: Iterable[int], kept: set[int]) -> Part:
    """Cut a day down to some slots and tasks.

    Tasks in `kept` are worth more than all others, because what needs them is elsewhere.
    """
    slots, tasks = tuple(slots), tuple(sorted(tasks))
    points = tuple(p for t in tasks for p in day.tasks[t].points)
    new_task = {t: i for i, t in enumerate(tasks)}
    new_point = {p: i for i, p in enumerate(points)}
    ids = sorted(
        {day.slots[s].home_id for s in slots} | {day.points[p].call.place_id for p in points}
    )
    old = [day.places[place_id] for place_id in ids]
    own = tuple(
        replace(
            day.tasks[t].with_slots(slots),
            price=KEPT_PRICE if t in kept else day.tasks[t].price,
            points=tuple(new_point[p] for p in day.tasks[t].points),
            cold=tuple((new_point.get(a, a), new_point.get(b, b)) for a, b in day.tasks[t].cold),
            needs=frozenset(new_task[n] for n in day.tasks[t].needs if n in new_task),
        )
        for t in tasks
    )
    small = replace(
        day,
        points=tuple(replace(day.points[p], task=new_task[day.points[p].task]) for p in points),
        tasks=own,
        slots=tuple(day.slots[s] for s in slots),
        places={place_id: i for i, place_id in enumerate(ids)},
        metres=[[row[b] for b in old] for row in map(day.metres.__getitem__, old)],
        seconds=[[row[b] for b in old] for row in map(day.seconds.__getitem__, old)],
    )
    return Part(small, slots, tasks, points)
