"""The plan read from the road: trips with their numbers, who gets what at which stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from logistics.model.errors import OsusowakeError
from logistics.model.plan import Load, Plan, Route, Stop, StopKind, Trip
from logistics.model.problem import WeekProblem
from logistics.model.units import Storage


class PlanForeign(OsusowakeError):
    """A plan names things that the week does not know."""


@dataclass(frozen=True, slots=True)
class Journey:
    """One trip with its place in the vehicle's day: number `number` of `count`."""

    route: Route
    trip: Trip
    number: int
    count: int

    @property
    def calls(self) -> tuple[Stop, ...]:
        """The stops between start and end; the driver knows them as 1, 2, …"""
        return self.trip.stops[1:-1]

    def goals(self, index: int, lot_id: str) -> list[tuple[int, Stop, int]]:
        """Where a lot loaded at stop `index` goes: (stop number, stop, units), later stops only."""
        return [
            (number, stop, load.units)
            for number, stop in enumerate(self.trip.stops)
            if number > index
            for load in stop.unload
            if load.lot_id == lot_id
        ]


def journeys(plan: Plan, day: int | None = None) -> Iterator[Journey]:
    """All trips, of one day or of the week, by day and vehicle."""
    for route in sorted(plan.routes, key=lambda route: (route.day, route.vehicle_id)):
        if day is None or route.day == day:
            for number, trip in enumerate(route.trips, start=1):
                yield Journey(route, trip, number, len(route.trips))


def busy_days(problem: WeekProblem, plan: Plan) -> list[int]:
    """Days on which something is driven or handed over."""
    days = {route.day for route in plan.routes if route.trips}
    return sorted(days | {session.day for session in problem.sessions.values()})


def in_storage_order(problem: WeekProblem, loads: Iterable[Load]) -> list[Load]:
    """Loads by storage class, then item, so that a crate is filled class by class."""
    order = list(Storage)

    def key(load: Load) -> tuple[int, str, str]:
        lot = problem.lots[load.lot_id]
        return order.index(lot.storage), lot.item, lot.id

    return sorted(loads, key=key)


def grams(problem: WeekProblem, loads: Iterable[Load]) -> dict[Storage, int]:
    """Mass of loads by storage class, only the classes that occur."""
    totals: Counter[Storage] = Counter()
    for load in loads:
        lot = problem.lots[load.lot_id]
        totals[lot.storage] += load.units * lot.unit_g
    return {storage: totals[storage] for storage in Storage if totals[storage]}


def require_known(problem: WeekProblem, plan: Plan) -> None:
    """Refuse a plan that names lots, places, vehicles or sessions of another week.

    Raises:
        PlanForeign: naming up to five of the strangers, or a vehicle whose trip has no two ends.
    """
    for route in plan.routes:
        if any(len(trip.stops) < 2 for trip in route.trips):
            raise PlanForeign(f"a trip of {route.vehicle_id} lists no start and end stop")
    strangers: set[str] = set()
    for line in plan.allocation.lines:
        strangers |= {line.household_id} - problem.households.keys()
        strangers |= {line.lot_id} - problem.lots.keys()
        strangers |= {line.session_id or ""} - {""} - problem.sessions.keys()
    for route in plan.routes:
        strangers |= {route.vehicle_id} - problem.vehicles.keys()
        for stop in (stop for trip in route.trips for stop in trip.stops):
            at_home = stop.kind is StopKind.HOUSEHOLD
            places = problem.households.keys() if at_home else problem.sites.keys()
            strangers |= {stop.id} - places
            strangers |= {load.lot_id for load in stop.load + stop.unload} - problem.lots.keys()
    if strangers:
        names = ", ".join(sorted(strangers)[:5])
        raise PlanForeign(f"the plan names {len(strangers)} things this week lacks: {names}")
