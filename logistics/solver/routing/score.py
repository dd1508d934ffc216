"""What a solution of a bare routing problem is worth, counted from its routes alone.

No engine has a hand in it: the portfolio believes nothing else. The judge counts once more, in code of
its own.

A vehicle starts as early as it may, for nothing is gained by waiting: every trip leaves as soon as the
vehicle is back and all that is on the trip has been released. Between trips it loads at the depot where
it started; the last trip ends at its end depot. A depot's own window holds for leaving and coming back.
Trips without visits, and vehicles with only such trips, count for nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from logistics.model.routing import (
    MUST,
    RoutingProblem,
    RoutingScore,
    RoutingSolution,
    VehicleRoute,
    VehicleType,
)


def score(problem: RoutingProblem, solution: RoutingSolution) -> RoutingScore | None:
    """Missing visits, vehicles and cost of a solution, exact; None if it breaks a rule."""
    routes = [used for used in map(driven, solution.routes) if used.trips]
    if not _fleet_kept(problem, routes) or not _pairs_whole(problem, routes):
        return None
    distance = fixed = 0
    for route in routes:
        metres = _distance(problem, route)
        if metres is None:
            return None
        distance += metres
        fixed += problem.vehicles[route.kind].fixed_cost
    made = {i for route in routes for trip in route.trips for i in trip}
    out = [i for i in problem.visits if i not in made]
    prizes = sum(problem.prize[i] for i in out if problem.prize[i] != MUST)
    return RoutingScore(
        missing=sum(problem.prize[i] == MUST for i in out),
        vehicles=len(routes) if problem.vehicles_first else 0,
        cost=distance + fixed + prizes,
        distance=distance,
        prizes=prizes,
    )


def driven(route: VehicleRoute) -> VehicleRoute:
    """The route without its empty trips, in plain whole numbers."""
    trips = tuple(tuple(int(i) for i in trip) for trip in route.trips if len(trip))
    return VehicleRoute(trips, int(route.kind))


def _fleet_kept(problem: RoutingProblem, routes: Sequence[VehicleRoute]) -> bool:
    """No more vehicles and trips than there are, and every visit at most once."""
    used = Counter(route.kind for route in routes)
    for k, number in used.items():
        if not 0 <= k < len(problem.vehicles):
            return False
        count = problem.vehicles[k].count
        if count is not None and number > count:
            return False
    for route in routes:
        most = problem.vehicles[route.kind].trips_max
        if most is not None and len(route.trips) > most:
            return False
    calls = [i for route in routes for trip in route.trips for i in trip]
    return len(set(calls)) == len(calls) and all(i in problem.visits for i in calls)


def _pairs_whole(problem: RoutingProblem, routes: Sequence[VehicleRoute]) -> bool:
    """Both ends of a pair on one trip, the pickup first, or neither on any."""
    if not problem.pairs:
        return True
    place: dict[int, tuple[int, int, int]] = {}
    for r, route in enumerate(routes):
        for t, trip in enumerate(route.trips):
            place |= {i: (r, t, k) for k, i in enumerate(trip)}
    for pickup, drop in problem.pairs:
        first, second = place.get(pickup), place.get(drop)
        if first is None and second is None:
            continue
        if first is None or second is None or first[:2] != second[:2] or first[2] > second[2]:
            return False
    return True


def _distance(problem: RoutingProblem, route: VehicleRoute) -> int | None:
    """Distance of one vehicle; None if it is late or overloaded anywhere."""
    kind = problem.vehicles[route.kind]
    drops = {drop for _, drop in problem.pairs}
    paired = drops | {pickup for pickup, _ in problem.pairs}
    clock_s, distance = max(kind.open_s, problem.open_s[kind.start]), 0
    for k, trip in enumerate(route.trips):
        end = kind.end if k == len(route.trips) - 1 else kind.start
        if not _room_kept(problem, kind, trip, paired):
            return None
        clock_s = max(clock_s, *(problem.release_s[i] for i in trip))
        if clock_s > problem.close_s[kind.start]:
            return None
        here = kind.start
        for i in trip:
            clock_s = max(clock_s + problem.drive_s(here, i), problem.open_s[i])
            if clock_s > problem.close_s[i]:
                return None
            clock_s += problem.service_s[i]
            distance += problem.leg(here, i)
            here = i
        clock_s += problem.drive_s(here, end)
        distance += problem.leg(here, end)
        if clock_s > min(kind.close_s, problem.close_s[end]):
            return None
    return distance


def _room_kept(
    problem: RoutingProblem, kind: VehicleType, trip: Sequence[int], paired: set[int]
) -> bool:
    """Whether what is on board never exceeds the capacity, in any dimension."""
    for column, room in zip(problem.amounts, kind.capacity, strict=True):
        load = sum(column[i] for i in trip if i not in paired)
        if load > room:
            return False
        for i in trip:
            load += column[i] if i in paired else -column[i]
            if load > room:
                return False
    return True
