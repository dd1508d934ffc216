"""The judge of bare routing problems: every rule and the cost of a solution, again, in whole numbers.

It knows the nouns and nothing of any engine. A vehicle leaves as early as it may, since waiting at a
depot gains nothing that waiting at a visit does not: a solution is refused only if no timetable keeps
it. Trips without visits, and vehicles with only such trips, count for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from numbers import Integral
from typing import NamedTuple

from logistics.judge.routing_codes import found
from logistics.judge.words import exceeds, show
from logistics.model.errors import Finding
from logistics.model.routing import (
    MUST,
    RoutingProblem,
    RoutingScore,
    RoutingSolution,
    VehicleRoute,
    VehicleType,
)
from logistics.model.shares import Column

LISTED_MAX = 20
"""Findings of one check that are listed: one fault may show everywhere."""


class Drive(NamedTuple):
    """One vehicle that is used: its place in the solution from 1, its type, its trips with visits."""

    place: int
    kind: int
    trips: list[list[int]]


class Case(NamedTuple):
    """What is judged, with everything looked up once."""

    problem: RoutingProblem
    drives: list[Drive]
    paired: frozenset[int]

    def vehicle(self, drive: Drive) -> VehicleType:
        """The type of vehicle of a drive."""
        return self.problem.vehicles[drive.kind]

    def number(self, node: int) -> int:
        """What files call a node."""
        return int(self.problem.numbers[node])


def check_routes(
    problem: RoutingProblem, solution: RoutingSolution
) -> tuple[RoutingScore | None, list[Finding]]:
    """The score of a solution, or everything that is wrong with it.

    The problem is taken as read. Any solution is judged: this never raises because of what a solution
    says. Visits that must be made and are not are no fault of a route: they are counted as missing. The
    score is `None` exactly when there is a finding.
    """
    findings = list(islice(_parts_known(problem, solution), LISTED_MAX))
    if findings:
        return None, findings
    paired = frozenset(node for pair in problem.pairs for node in pair)
    case = Case(problem, list(_drives(solution)), paired)
    findings = [finding for check in CHECKS for finding in islice(check(case), LISTED_MAX)]
    return (None, findings) if findings else (_score(case), [])


def _parts_known(problem: RoutingProblem, solution: RoutingSolution) -> Iterator[Finding]:
    """`route_shape`, `route_kind`, `route_node`: whether routes speak of what there is."""
    routes = getattr(solution, "routes", None)
    if not isinstance(routes, Sequence):
        yield found("route_shape", f"expected a sequence of routes, found {show(routes)[:80]}")
        return
    for place, route in enumerate(routes, start=1):
        trips = getattr(route, "trips", None)
        if not isinstance(route, VehicleRoute) or not _nested(trips):
            yield found("route_shape", f"Route {place}: expected trips of nodes", place)
            continue
        if not _whole(route.kind) or not 0 <= route.kind < len(problem.vehicles):
            most = len(problem.vehicles) - 1
            yield found(
                "route_kind",
                f"Route {place}: expected a type 0..{most}, found {show(route.kind)}",
                place,
            )
        for trip in route.trips:
            for node in trip:
                if not _whole(node) or not problem.depots <= node < problem.size:
                    text = f"Route {place}: node {show(node)} is no visit"
                    yield found("route_node", text, place, show(node))


def _nested(trips: object) -> bool:
    return isinstance(trips, Sequence) and all(
        isinstance(trip, Sequence) and not isinstance(trip, str) for trip in trips
    )


def _whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _drives(solution: RoutingSolution) -> Iterator[Drive]:
    for place, route in enumerate(solution.routes, start=1):
        trips = [list(map(int, trip)) for trip in route.trips if len(trip)]
        if trips:
            yield Drive(place, int(route.kind), trips)


def visits_once(case: Case) -> Iterator[Finding]:
    """`route_twice`: every visit is made at most once."""
    calls = Counter(i for drive in case.drives for trip in drive.trips for i in trip)
    for node, times in calls.items():
        if times > 1:
            number = case.number(node)
            yield found("route_twice", f"Node {number} is visited {times} times", number)


def fleet_kept(case: Case) -> Iterator[Finding]:
    """`route_vehicles`, `route_trips`: no more vehicles of a type, and trips of one, than there are."""
    used = Counter(drive.kind for drive in case.drives)
    for kind, vehicle in enumerate(case.problem.vehicles):
        if vehicle.count is not None and used[kind] > vehicle.count:
            text = exceeds(f"Vehicle type {kind}", vehicle.count, used[kind], "vehicles")
            yield found("route_vehicles", text, kind)
    for drive in case.drives:
        most = case.vehicle(drive).trips_max
        if most is not None and len(drive.trips) > most:
            text = exceeds(f"Route {drive.place}", most, len(drive.trips), "trips")
            yield found("route_trips", text, drive.place)


def pairs_kept(case: Case) -> Iterator[Finding]:
    """`route_pair`: both ends of a pair on the same trip, the pickup first, or neither anywhere."""
    where: dict[int, tuple[int, int, int]] = {}
    for drive in case.drives:
        for t, trip in enumerate(drive.trips):
            for k, node in enumerate(trip):
                where.setdefault(node, (drive.place, t, k))
    for pickup, drop in case.problem.pairs:
        first, second = where.get(pickup), where.get(drop)
        if first is None and second is None:
            continue
        names = case.number(pickup), case.number(drop)
        if first is None or second is None:
            absent = names[0] if first is None else names[1]
            text = f"Pickup {names[0]}, drop {names[1]}: {absent} is left out"
        elif first[:2] != second[:2]:
            text = f"Pickup {names[0]}, drop {names[1]}: not on the same trip"
        elif first > second:
            text = f"Pickup {names[0]}, drop {names[1]}: the drop comes first"
        else:
            continue
        yield found("route_pair", text, *names)


def capacity_kept(case: Case) -> Iterator[Finding]:
    """`route_capacity`: at every moment of every trip, in every dimension; the first excess is named."""
    for drive in case.drives:
        rooms = case.vehicle(drive).capacity
        for t, trip in enumerate(drive.trips, start=1):
            for k, (column, room) in enumerate(zip(case.problem.amounts, rooms, strict=True)):
                excess = _excess(case, column, trip, room)
                if excess is not None:
                    load, after = excess
                    at = (
                        "leaving the depot" if after is None else f"after node {case.number(after)}"
                    )
                    what = f"Route {drive.place}, trip {t}, dimension {k}, {at}"
                    text = exceeds(what, room, load, "on board")
                    yield found("route_capacity", text, drive.place)


def _excess(
    case: Case, column: Column, trip: list[int], room: int
) -> tuple[int, int | None] | None:
    """The first load above the room, and after which node (`None`: from the start)."""
    load = sum(int(column[i]) for i in trip if i not in case.paired)
    if load > room:
        return load, None
    for node in trip:
        amount = int(column[node])
        load += amount if node in case.paired else -amount
        if load > room:
            return load, node
    return None


def times_kept(case: Case) -> Iterator[Finding]:
    """`route_window`, `route_shift`, `route_release`: the first lateness of every vehicle."""
    for drive in case.drives:
        late = _lateness(case, drive, released=True)
        if late is None:
            continue
        code, text = late
        if _lateness(case, drive, released=False) is None:
            code = "route_release"
        yield found(code, f"Route {drive.place}: {text}", drive.place)


def _lateness(case: Case, drive: Drive, *, released: bool) -> tuple[str, str] | None:
    """Code and words for the first moment that is too late; `released`: wait for all goods."""
    problem, vehicle = case.problem, case.vehicle(drive)
    clock_s = max(int(vehicle.open_s), int(problem.open_s[vehicle.start]))
    for t, trip in enumerate(drive.trips, start=1):
        end = vehicle.end if t == len(drive.trips) else vehicle.start
        if released:
            clock_s = max(clock_s, *(int(problem.release_s[i]) for i in trip))
        if clock_s > problem.close_s[vehicle.start]:
            return "route_shift", _late(problem, f"trip {t} leaves", clock_s, vehicle.start)
        here = vehicle.start
        for node in trip:
            clock_s = max(clock_s + problem.drive_s(here, node), int(problem.open_s[node]))
            if clock_s > problem.close_s[node]:
                text = _late(problem, f"node {case.number(node)} starts", clock_s, node)
                return "route_window", text
            clock_s += int(problem.service_s[node])
            here = node
        clock_s += problem.drive_s(here, end)
        if clock_s > problem.close_s[end]:
            return "route_shift", _late(problem, f"trip {t} is back", clock_s, end)
        if clock_s > vehicle.close_s:
            moment, limit = problem.shown(clock_s), problem.shown(vehicle.close_s)
            return "route_shift", f"trip {t} is back at {moment}, the shift ends at {limit}"
    return None


def _late(problem: RoutingProblem, what: str, moment_s: int, node: int) -> str:
    limit = problem.shown(int(problem.close_s[node]))
    return f"{what} at {problem.shown(moment_s)}, the window ends at {limit}"


CHECKS: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    visits_once,
    fleet_kept,
    pairs_kept,
    capacity_kept,
    times_kept,
)


def _score(case: Case) -> RoutingScore:
    problem = case.problem
    distance = fixed = 0
    for drive in case.drives:
        vehicle = case.vehicle(drive)
        fixed += vehicle.fixed_cost
        for t, trip in enumerate(drive.trips, start=1):
            end = vehicle.end if t == len(drive.trips) else vehicle.start
            stops = (vehicle.start, *trip, end)
            distance += sum(map(problem.leg, stops, stops[1:]))
    made = {i for drive in case.drives for trip in drive.trips for i in trip}
    prices = [int(problem.prize[i]) for i in problem.visits if i not in made]
    prizes = sum(price for price in prices if price != MUST)
    return RoutingScore(
        missing=prices.count(MUST),
        vehicles=len(case.drives) if problem.vehicles_first else 0,
        cost=distance + fixed + prizes,
        distance=distance,
        prizes=prizes,
    )
