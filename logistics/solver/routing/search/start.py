"""Which routes of a solution given from outside the search may go on from."""

from __future__ import annotations

from collections.abc import Iterator

from logistics.model.routing import RoutingSolution, Trips
from logistics.solver.routing.search.columns import Facts
from logistics.solver.routing.search.compiled import drive
from logistics.solver.routing.search.fields import (
    CLOSE_S,
    END,
    END_S,
    IS_DROP,
    OPEN_S,
    PARTNER,
    RELEASE_S,
    SERVICE_S,
    START,
    START_S,
    TRIPS_MAX,
)


def holding_routes(facts: Facts, solution: RoutingSolution) -> Iterator[tuple[int, Trips]]:
    """Type and trips of each route that keeps every rule; no visit twice, empty trips left out."""
    seen: set[int] = set()
    for route in solution.routes:
        trips = tuple(trip for trip in route.trips if trip)
        nodes = [i for trip in trips for i in trip]
        if not trips or not 0 <= route.kind < facts.kinds:
            continue
        known = all(facts.depots <= i < facts.n for i in nodes)
        if not known or len(set(nodes)) < len(nodes) or seen & set(nodes):
            continue
        if (
            len(trips) <= facts.kind[TRIPS_MAX, route.kind]
            and _pairs_hold(facts, nodes)
            and _loads_hold(facts, trips, route.kind)
            and _times_hold(facts, trips, route.kind)
        ):
            seen |= set(nodes)
            yield route.kind, trips


def _pairs_hold(facts: Facts, nodes: list[int]) -> bool:
    place = {node: at for at, node in enumerate(nodes)}
    for node in nodes:
        other = int(facts.node[PARTNER, node])
        if other >= 0 and not facts.node[IS_DROP, node] and place.get(other, -1) < place[node]:
            return False
        if facts.node[IS_DROP, node] and other not in place:
            return False
    return True


def _loads_hold(facts: Facts, trips: Trips, kind: int) -> bool:
    nd = facts.dimensions
    for trip in trips:
        for d in range(nd):
            room = int(facts.capacity[kind * nd + d])
            load = sum(int(facts.amount[i * nd + d]) for i in trip if facts.node[PARTNER, i] < 0)
            if load > room:
                return False
            for i in trip:
                amount = int(facts.amount[i * nd + d])
                load += amount if facts.node[PARTNER, i] >= 0 else -amount
                if load > room:
                    return False
    return True


def _times_hold(facts: Facts, trips: Trips, kind: int) -> bool:
    now, depot = int(facts.kind[START_S, kind]), int(facts.kind[START, kind])
    for trip in trips:
        now = max(now, *(int(facts.node[RELEASE_S, i]) for i in trip))
        here = depot
        for i in trip:
            now = max(now + drive(facts, here, i), int(facts.node[OPEN_S, i]))
            if now > facts.node[CLOSE_S, i]:
                return False
            now += int(facts.node[SERVICE_S, i])
            here = i
        now += drive(facts, here, int(facts.kind[END, kind]))
    return bool(now <= facts.kind[END_S, kind])
