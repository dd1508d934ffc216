"""A bare routing problem as flat arrays, and the room in which the compiled search works."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from logistics.model.routing import FOREVER, MUST, Convention, RoutingProblem
from logistics.solver.routing.search.fields import (
    CLOSE_S,
    END,
    END_S,
    FIXED,
    IS_DROP,
    OPEN_S,
    PARTNER,
    PRIZE,
    RELEASE_S,
    SERVICE_S,
    SLOT_FIRST,
    START,
    START_S,
    TRIPS_MAX,
)

Whole = NDArray[np.int64]

FULL_MAX = 6_000
"""Nodes up to which every leg is kept in a matrix."""

KINDRED = 40
"""Nodes kept for each node that are likely to be on the same route."""

WAITING_WEIGHT = 0.2
"""What a second that must be waited between two visits counts beside a unit of distance."""

NEIGHBOURS = 250
"""Nearest nodes kept for each node."""

PLACES_MAX = 32_000_000
"""Places of all rows together; what no route has reached takes no memory."""

CACHED_MAX = 24_000_000
"""Pairs of a node and a row up to which the best insertion of one into the other is remembered."""


class Facts(NamedTuple):
    """What never changes; the rows of `node` and `kind` are named in `fields.py`.

    A *unit* is what is inserted and removed as one: a visit, or a pair under the name of its pickup.
    `matrix` holds the legs row by row, then, from `back_at` on, the same with from and to exchanged, and
    from `drive_at` and `drive_back_at` on the times; offsets are the same where the numbers are.
    `amount[node * dimensions + d]`, `capacity[kind * dimensions + d]`, `near[node * nearby + k]`.
    """

    n: int
    depots: int
    kinds: int
    dimensions: int
    width: int
    rows: int
    nearby: int
    kindred: int
    full: bool
    truncates: bool
    drives_up: bool
    scale: float
    timed: bool
    released: bool
    paired: bool
    reloads: bool
    metric: bool
    optional: bool
    vehicles_first: bool
    cached: bool
    back_at: int
    drive_at: int
    drive_back_at: int
    matrix: Any
    x: Any
    y: Any
    node: Any
    kind: Any
    amount: Any
    capacity: Any
    near: Any
    kin: Any


def facts_of(problem: RoutingProblem) -> Facts:
    """The tables of a problem that the search can take."""
    n, kinds = problem.size, len(problem.vehicles)
    full = n <= FULL_MAX or bool(problem.distance)
    legs, drives = _matrices(problem) if full else (np.zeros(1, np.int64),) * 2
    matrix, offsets = _stacked(legs, drives, n) if full else (legs, (0, 0, 0))
    node, width = _node_table(problem), _width(problem)
    kind = _kind_table(problem, node, _slots(problem, width))
    visits = node[:, problem.depots :]
    rows = 2 * int(kind[SLOT_FIRST, kinds]) + kinds + 1
    near = _near(problem, legs, full)
    kin = _kin(problem, node, legs, drives) if full else np.ascontiguousarray(near[:, :KINDRED])
    windows = (visits[CLOSE_S] < FOREVER).any() or (kind[END_S, :kinds] < FOREVER).any()
    return Facts(
        n=n,
        depots=problem.depots,
        kinds=kinds,
        dimensions=len(problem.amounts),
        width=width,
        rows=rows,
        nearby=near.shape[1],
        kindred=kin.shape[1],
        full=full,
        truncates=problem.convention is Convention.DIMACS,
        drives_up=problem.convention is Convention.SINTEF,
        scale=float(problem.scale),
        timed=bool(problem.pairs or windows or visits[RELEASE_S].any()),
        released=bool(visits[RELEASE_S].any()),
        paired=bool(problem.pairs),
        reloads=problem.reloads,
        metric=not problem.distance,
        optional=bool((visits[PRIZE] >= 0).any()),
        vehicles_first=problem.vehicles_first,
        cached=n * rows <= CACHED_MAX,
        back_at=offsets[0],
        drive_at=offsets[1],
        drive_back_at=offsets[2],
        matrix=matrix,
        x=np.array(problem.x if len(problem.x) else [0.0], np.float64),
        y=np.array(problem.y if len(problem.y) else [0.0], np.float64),
        node=node,
        kind=kind,
        amount=np.array([list(c) for c in problem.amounts], np.int64).reshape(-1, n).T.flatten(),
        capacity=np.array([k.capacity for k in problem.vehicles], np.int64).reshape(-1),
        near=near.reshape(-1),
        kin=kin.reshape(-1),
    )


def _node_table(problem: RoutingProblem) -> Whole:
    node = np.zeros((7, problem.size), np.int64)
    node[OPEN_S], node[CLOSE_S] = _whole(problem.open_s), _whole(problem.close_s)
    node[SERVICE_S], node[RELEASE_S] = _whole(problem.service_s), _whole(problem.release_s)
    node[PRIZE], node[PARTNER] = _whole(problem.prize), -1
    for pickup, drop in problem.pairs:
        node[PARTNER, pickup], node[PARTNER, drop], node[IS_DROP, drop] = drop, pickup, 1
        prizes = node[PRIZE, pickup], node[PRIZE, drop]
        node[PRIZE, pickup] = MUST if MUST in prizes else sum(prizes)
    return node


def _kind_table(problem: RoutingProblem, node: Whole, slots: list[int]) -> Whole:
    kind = np.zeros((7, len(slots) + 1), np.int64)
    for k, vehicle in enumerate(problem.vehicles):
        kind[START, k], kind[END, k] = vehicle.start, vehicle.end
        kind[START_S, k] = max(vehicle.open_s, int(node[OPEN_S, vehicle.start]))
        kind[END_S, k] = min(vehicle.close_s, int(node[CLOSE_S, vehicle.end]))
        kind[FIXED, k] = vehicle.fixed_cost
        kind[TRIPS_MAX, k] = problem.size if vehicle.trips_max is None else vehicle.trips_max
    kind[SLOT_FIRST, 1:] = np.cumsum(slots)
    return kind


def _whole(column: Any) -> Whole:
    return np.array(list(column), np.int64)


def _stacked(legs: Whole, drives: Whole, n: int) -> tuple[Whole, tuple[int, int, int]]:
    """One array of all that differs, and where the exchanged legs, times, exchanged times begin."""
    parts: list[Whole] = []
    offsets = []
    for part in (legs, _transposed(legs, n), drives, _transposed(drives, n)):
        same = [k for k, known in enumerate(parts) if known is part or np.array_equal(known, part)]
        if not same:
            parts.append(part)
        offsets.append((same[0] if same else len(parts) - 1) * n * n)
    return (parts[0] if len(parts) == 1 else np.concatenate(parts)), (
        offsets[1],
        offsets[2],
        offsets[3],
    )


def _transposed(matrix: Whole, n: int) -> Whole:
    return np.ascontiguousarray(matrix.reshape(n, n).T).reshape(-1)


def _matrices(problem: RoutingProblem) -> tuple[Whole, Whole]:
    """Distances and times, row by row, as `RoutingProblem.leg` and `drive_s` have them."""
    if problem.distance:
        legs = np.array(problem.distance, np.int64)
        return legs, np.array(problem.duration, np.int64) if problem.duration else legs
    x, y = np.array(problem.x, np.float64), np.array(problem.y, np.float64)
    exact = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :]).reshape(-1) * problem.scale
    if problem.convention is Convention.DIMACS:
        legs = np.floor(exact).astype(np.int64)
    else:
        legs = np.floor(exact + 0.5).astype(np.int64)
    if problem.duration:
        return legs, np.array(problem.duration, np.int64)
    sintef = problem.convention is Convention.SINTEF
    return legs, np.ceil(exact).astype(np.int64) if sintef else legs


def _slots(problem: RoutingProblem, width: int) -> list[int]:
    """Vehicles of each type that may ever be used at once."""
    units = max(1, problem.size - problem.depots - len(problem.pairs))
    units = min(units, max(1, PLACES_MAX // (2 * width * len(problem.vehicles))))
    return [units if kind.count is None else min(kind.count, units) for kind in problem.vehicles]


def _width(problem: RoutingProblem) -> int:
    """Places of the longest conceivable route: by capacity where nothing is ever unloaded, else all."""
    visits = problem.size - problem.depots
    most = visits
    if not problem.pairs and not problem.reloads:
        for k, column in enumerate(problem.amounts):
            room = max(kind.capacity[k] for kind in problem.vehicles)
            loads = np.cumsum(np.sort(_whole(column)[problem.depots :]))
            most = min(most, int(np.searchsorted(loads, room, side="right")))
    trips = visits + 1 if problem.reloads else 1
    return most + trips + 5


def _near(problem: RoutingProblem, legs: Whole, full: bool) -> Whole:
    """The nearest visits of each node, nearest first, the node itself left out; -1 fills up."""
    n, depots = problem.size, problem.depots
    wanted = min(NEIGHBOURS, max(1, n - depots - 1))
    near = np.full((n, wanted), -1, np.int64)
    if not full:
        from scipy.spatial import cKDTree

        places = np.column_stack([problem.x, problem.y])
        _, found = cKDTree(places[depots:]).query(places, k=min(wanted + 1, n - depots))
        for i in range(n):
            others = found[i][found[i] != i - depots][:wanted] + depots
            near[i, : len(others)] = others
        return near
    square = legs.reshape(n, n)
    for i in range(n):
        both = (square[i] + square[:, i])[depots:]
        order = np.argsort(both, kind="stable") + depots
        others = order[order != i][:wanted]
        near[i, : len(others)] = others
    return near


def _kin(problem: RoutingProblem, node: Whole, legs: Whole, drives: Whole) -> Whole:
    """The visits closest to each node in distance and time together, closest first; -1 fills up.

    From *i* to *j* counts `leg + 0.2 waiting + lateness` that no timetable avoids, and of both ways the
    smaller (Vidal et al. 2013, doi:10.1016/j.cor.2012.07.018).
    """
    n, depots = problem.size, problem.depots
    wanted = min(KINDRED, max(1, n - depots - 1))
    kin = np.full((n, wanted), -1, np.int64)
    leg, drive = legs.reshape(n, n), drives.reshape(n, n)
    opens, closes, service = node[OPEN_S], node[CLOSE_S], node[SERVICE_S]
    for i in range(n):
        there = leg[i] + WAITING_WEIGHT * np.maximum(opens - drive[i] - service[i] - closes[i], 0)
        there += np.maximum(opens[i] + service[i] + drive[i] - closes, 0)
        back = leg[:, i] + WAITING_WEIGHT * np.maximum(opens[i] - drive[:, i] - service - closes, 0)
        back += np.maximum(opens + service + drive[:, i] - closes[i], 0)
        order = np.argsort(np.minimum(there, back)[depots:], kind="stable") + depots
        others = order[order != i][:wanted]
        kin[i, : len(others)] = others
    return kin
