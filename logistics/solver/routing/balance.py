"""Even working days: among plans of as many vehicle-days, one whose longest day is short.

A route's *work* is the seconds of its trips, as volunteers' hours count them; where the volunteers of a
shift drive on other days of the week, too, it begins with what the busiest of them drives there. Routes
are compared by their work from the most down, then by cost. Every change is put to the exact schedule;
it keeps all jobs and all vehicle-days, and costs no more than is allowed.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from logistics.model.plan import Stage, Status
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.routing import insertion
from logistics.solver.routing.balance_bound import best_small, least_longest
from logistics.solver.routing.day import Sketch, day_of_jobs
from logistics.solver.routing.problem import VEHICLE_DAY_COST, DayJobs, DayResult
from logistics.solver.routing.schedule import Clock, Timetable
from logistics.solver.routing.stops import routes_of

TRIES = 3
"""Places in each shift at which a task is tried."""

MOVED_MAX = 4
"""Most tasks that one round moves, beside what they need."""

PATIENCE_PER_TASK = 30
"""Rounds without a more even day, for each task, after which the search gives up."""

Rank = tuple[tuple[int, ...], int]
"""Work of the routes from the most down, then the cost."""


@dataclass(frozen=True, slots=True)
class Evening:
    """What a day's work is evened out under.

    `before_s` is by volunteer what they drive on the other days; `cost_max` the most that the day may
    cost; `seconds` what the search may take (0: the day stays, only the bound is worked out).
    """

    before_s: Mapping[str, int]
    cost_max: int
    seconds: float
    seed: int


def cost_max(result: DayResult, share: float) -> int:
    """What a day may cost if its driving may cost more by a share of it."""
    assert result.stage.objective is not None
    cost = int(result.stage.objective)
    driving = max(0, cost - VEHICLE_DAY_COST * len(result.routes))
    return cost + int(share * driving)


def balance_day(
    problem: WeekProblem, travel: Travel, jobs: DayJobs, result: DayResult, evening: Evening
) -> DayResult:
    """A day's routes with the longest day made short, and the stage `balance` that says how short.

    Nothing changes where nothing is driven, a job was left out or the day was searched by parts.

    Raises:
        LegMissing: if the travel data lacks a leg between two places of the day.
    """
    if result.dropped or not any(result.calls):
        return result
    began = time.monotonic()
    clock = Clock(day_of_jobs(problem, travel, jobs))
    before = [
        max((evening.before_s.get(name, 0) for name in slot.volunteer_ids), default=0)
        for slot in clock.day.slots
    ]
    table = clock.timetable(result.calls)
    if table is None:  # hours that the other days have left
        return result
    search = _Search(clock, before, evening.cost_max, began + evening.seconds, evening.seed)
    if evening.seconds:
        table = search.run(table)
    longest_s = search.rank(table)[0][0]
    used = sum(map(bool, table.sketch))
    least_s = least_longest(clock.day, before, used)
    small = best_small(clock, before, used, evening.cost_max)
    if small is not None:
        least_s = small.longest_s
        better = clock.timetable(small.sketch)
        if better is not None and small.longest_s < longest_s and evening.seconds:
            table, longest_s = better, small.longest_s
    least_s = min(least_s, longest_s)
    return _told(clock, table, result, longest_s, least_s, time.monotonic() - began)


def _told(
    clock: Clock, table: Timetable, result: DayResult, longest_s: int, least_s: int, took_s: float
) -> DayResult:
    """The day's result with other routes, their cost in its stages, and a stage for the longest day."""
    stage = Stage(
        name=f"balance {clock.day.number}",
        status=Status.OPTIMAL if longest_s == least_s else Status.FEASIBLE,
        objective=float(longest_s),
        bound=float(least_s),
        gap=(longest_s - least_s) / max(1, longest_s),
        runtime_s=took_s,
    )
    assert result.stage.objective is not None
    more = table.cost - int(result.stage.objective)
    others = [part for part in result.parts if not part.name.startswith("balance ")]
    parts = [_dearer(part, more) if part.name.startswith("driving ") else part for part in others]
    return replace(
        result,
        routes=routes_of(clock, table),
        stage=_dearer(result.stage, more),
        parts=(*parts, stage),
        calls=table.sketch,
    )


def _dearer(stage: Stage, more: int) -> Stage:
    """A stage whose objective has changed while its bound still holds."""
    if not more or stage.objective is None:
        return stage
    objective = stage.objective + more
    if stage.bound is None:
        return replace(stage, objective=objective)
    bound = min(stage.bound, objective)
    gap = (objective - bound) / max(1.0, objective)
    status = Status.OPTIMAL if gap == 0 else Status.FEASIBLE
    return replace(stage, objective=objective, bound=bound, gap=gap, status=status)


@dataclass
class _Search:
    """Tasks taken out of the longest route and others, and put back where the day stays most even."""

    clock: Clock
    before: Sequence[int]
    cost_max: int
    ends_at: float
    seed: int
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def rank(self, table: Timetable) -> Rank:
        """What a timetable is compared by, the least is best."""
        works = (self._work(table, s) for s, trips in enumerate(table.sketch) if trips)
        return tuple(sorted(works, reverse=True)), table.cost

    def run(self, table: Timetable) -> Timetable:
        """The most even timetable found, at worst the one given."""
        best = table
        patience = PATIENCE_PER_TASK * len(self._tasks(table.sketch))
        idle = 0
        while idle < patience and time.monotonic() < self.ends_at:
            other = self._swapped(best) if idle == 0 else None
            other = other or self._moved(best)
            if other is not None and self.rank(other) < self.rank(best):
                best, idle = other, 0
            else:
                idle += 1
        return best

    def _work(self, table: Timetable, s: int) -> int:
        trips = range(len(table.sketch[s]))
        return self.before[s] + sum(table.times[s, k].seconds for k in trips)

    def _tasks(self, sketch: Sketch) -> set[int]:
        return insertion.served_tasks(self.clock.day, sketch)

    def _allowed(self, table: Timetable, like: Timetable) -> bool:
        """Whether a timetable has all jobs and vehicle-days of another and costs no more than may be."""
        return (
            table.cost <= self.cost_max
            and sum(map(bool, table.sketch)) == sum(map(bool, like.sketch))
            and self._tasks(table.sketch) == self._tasks(like.sketch)
        )

    def _swapped(self, table: Timetable) -> Timetable | None:
        """The best of exchanging the whole routes of two shifts, or single trips of them."""
        best: Timetable | None = None
        for sketch in self._exchanges(table.sketch):
            if time.monotonic() >= self.ends_at:
                break
            other = self.clock.timetable(sketch)
            if other is None or not self._allowed(other, table):
                continue
            if self.rank(other) < self.rank(best or table):
                best = other
        return best

    def _exchanges(self, sketch: Sketch) -> Iterator[Sketch]:
        for a, trips in enumerate(sketch):
            for b in range(len(sketch)):
                if not trips or a == b:
                    continue
                yield _with(sketch, {a: sketch[b], b: trips})
                for k, trip in enumerate(trips):
                    rest = (*trips[:k], *trips[k + 1 :])
                    for i in range(len(sketch[b]) + 1):
                        yield _with(sketch, {a: rest, b: (*sketch[b][:i], trip, *sketch[b][i:])})

    def _moved(self, table: Timetable) -> Timetable | None:
        """Some tasks, one of the longest route among them, taken out and put back by rank."""
        day, luck = self.clock.day, self._chance
        used = [s for s, trips in enumerate(table.sketch) if trips]
        longest = max(used, key=lambda s: self._work(table, s))
        centre = luck.choice(sorted(self._tasks((table.sketch[longest],))))
        wanted = sorted(self._tasks(table.sketch))
        count = luck.randint(1, min(MOVED_MAX, len(wanted)))
        out = [centre, *luck.sample(wanted, count - 1)]
        rest = self.clock.timetable(insertion.without(day, table.sketch, out))
        if rest is None:
            return None
        again = [t for t in wanted if t not in self._tasks(rest.sketch)]
        luck.shuffle(again)
        for task in again:
            fuller = self._put(rest, task, used)
            if fuller is None:
                return None
            rest = fuller
        return rest if self._allowed(rest, table) else None

    def _put(self, table: Timetable, task: int, used: Sequence[int]) -> Timetable | None:
        """A task, with the collections it needs, in the place of least rank found."""
        served = self._tasks(table.sketch)
        if task in served:
            return table
        for needed in sorted(self.clock.day.tasks[task].needs - served):
            fuller = self._put(table, needed, used)
            if fuller is None:
                return None
            table = fuller
        ranked: dict[int, list[insertion.Place]] = {s: [] for s in used}
        for place in insertion.places(self.clock, table, task):
            if place.slot in ranked:
                ranked[place.slot].append(place)
        found = [one for places in ranked.values() for one in self._driven(table, places)]
        return min(found, key=self.rank, default=None)

    def _driven(self, table: Timetable, places: Iterable[insertion.Place]) -> Iterator[Timetable]:
        """Timetables of the few places that look cheapest and can be driven."""
        cheap = sorted(places, key=lambda place: place.estimate)
        tables = (self.clock.timetable(place.sketch(table.sketch)) for place in cheap)
        yield from islice((one for one in tables if one is not None), TRIES)


def _with(sketch: Sketch, changed: Mapping[int, tuple[tuple[int, ...], ...]]) -> Sketch:
    return tuple(changed.get(s, trips) for s, trips in enumerate(sketch))
