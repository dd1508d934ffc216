"""An allocation with the routes that carry it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

from logistics.model.plan import Route
from logistics.model.problem import Travel
from logistics.solver.allocation import Allocated
from logistics.solver.routing import DayJobs, DayResult


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
