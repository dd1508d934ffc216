"""An allocation with the routes that carry it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from time import monotonic

from logistics.model.plan import Route, Status
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.allocation import Allocated
from logistics.solver.routing import DayJobs, DayResult, prove_day


@dataclass(frozen=True, slots=True)
class Driven:
    """An allocation, what it asks of each day, and the day's routes."""

    allocated: Allocated
    days: list[DayJobs]
    results: list[DayResult]

    @property
    def is_driven(self) -> bool:
        """Whether no job was left out."""
        return not any(result.dropped for result in self.results)

    @property
    def losses(self) -> tuple[float, float, int]:
        """Kilograms that expire, kilograms at risk, metres."""
        values = {stage.name: stage.objective or 0.0 for stage in self.allocated.stages}
        trips = [trip for one in self.results for route in one.routes for trip in route.trips]
        return values["waste_kg"], values["first_expired"], sum(trip.metres for trip in trips)

    def better(self, again: list[DayResult]) -> Driven:
        """With each day's cheaper routes of these and others for the same jobs."""
        pairs = zip(self.results, again, strict=True)
        return replace(self, results=[min(pair, key=_cost) for pair in pairs])


def _cost(result: DayResult) -> float:
    """What a day's routes cost; infinite where a job is left out."""
    cost = result.stage.objective
    return inf if result.dropped or cost is None else cost


def proven(problem: WeekProblem, travel: Travel, driven: Driven, seconds: float) -> Driven:
    """The same routes with better bounds; each day has its share of what is left of the seconds."""
    ends_at = monotonic() + seconds
    results = list(driven.results)
    open_ = [i for i, one in enumerate(results) if one.stage.status is not Status.OPTIMAL]
    open_.sort(key=lambda i: len(list(driven.days[i])))  # what small days leave goes to larger ones
    for left, i in zip(range(len(open_), 0, -1), open_, strict=True):
        share_s = max(0.0, ends_at - monotonic()) / left
        results[i] = prove_day(problem, travel, driven.days[i], results[i], share_s)
    return replace(driven, results=results)


def legs_used(routes: tuple[Route, ...], travel: Travel) -> Travel:
    """The legs that routes drive, which is all that a judge needs."""
    pairs = {
        (a.id, b.id)
        for route in routes
        for trip in route.trips
        for a, b in zip(trip.stops, trip.stops[1:], strict=False)
        if a.id != b.id
    }
    return {pair: travel[pair] for pair in sorted(pairs)}
