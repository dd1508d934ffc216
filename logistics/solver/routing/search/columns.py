"""A bare routing problem as flat arrays, and the room in which the compiled search works."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from logistics.model.routing import FOREVER, Convention, RoutingProblem

Whole = NDArray[np.int64]
Short = NDArray[np.int32]

FULL_MAX = 6_000
"""Nodes up to which every leg is kept in a matrix."""

NEIGHBOURS = 250
"""Nearest nodes kept for each node."""

PLACES_MAX = 32_000_000
"""Places of all rows together; what no route has reached takes no memory."""

CACHED_MAX = 24_000_000
"""Pairs of a node and a row up to which the best insertion of one into the other is remembered."""


class Facts(NamedTuple):
    """What never changes. Columns have an entry per node, `amount` and `capacity` one per dimension too.

    `leg_back[v, i]` is `leg[i, v]`: the same array where legs are the same both ways. A *unit* is what is
    inserted and removed as one: a visit, or a pair under the name of its pickup. Vehicle type *k* has the
    slots `slot_first[k]` to `slot_first[k + 1] - 1`.
    """

    n: int
    depots: int
    dimensions: int
    width: int
    rows: int
    full: bool
    rounding: int
    drive_up: bool
    scale: float
    timed: bool
    released: bool
    paired: bool
    reloads: bool
    metric: bool
    optional: bool
    vehicles_first: bool
    cached: bool
    leg: Any
    leg_back: Any
    drive: Any
    drive_back: Any
    x: Any
    y: Any
    amount: Any
    open_s: Any
    close_s: Any
    service_s: Any
    release_s: Any
    prize: Any
    partner: Any
    is_drop: Any
    near: Any
    capacity: Any
    start: Any
    end: Any
    start_s: Any
    end_s: Any
    fixed: Any
    trips_max: Any
    slot_first: Any
    type_of: Any


def facts_of(problem: RoutingProblem) -> Facts:
    """The arrays of a problem that the search can take."""
    n, full = problem.size, problem.size <= FULL_MAX or bool(problem.distance)
    legs, drives = _matrices(problem) if full else (np.zeros(1, np.int64),) * 2
    amount = np.array([list(c) for c in problem.amounts], np.int64).reshape(-1, n).T.reshape(-1)
    partner, is_drop = np.full(n, -1, np.int64), np.zeros(n, np.bool_)
    for pickup, drop in problem.pairs:
        partner[pickup], partner[drop], is_drop[drop] = drop, pickup, True
    width = _width(problem)
    slots = _slots(problem, width)
    slot_first = np.concatenate([[0], np.cumsum(slots)]).astype(np.int64)
    rows = 2 * int(slot_first[-1]) + len(slots) + 1
    kinds = problem.vehicles
    start = np.array([k.start for k in kinds], np.int64)
    end = np.array([k.end for k in kinds], np.int64)
    opens, closes = _whole(problem.open_s), _whole(problem.close_s)
    release, prize = _whole(problem.release_s), _whole(problem.prize)
    start_s = np.maximum([k.open_s for k in kinds], opens[start])
    end_s = np.minimum([k.close_s for k in kinds], closes[end])
    back, drive_back = (_transposed(legs, n), _transposed(drives, n)) if full else (legs, drives)
    visits = slice(problem.depots, n)
    return Facts(
        n=n,
        depots=problem.depots,
        dimensions=len(problem.amounts),
        width=width,
        rows=rows,
        full=full,
        rounding=int(problem.convention is Convention.DIMACS),
        drive_up=problem.convention is Convention.SINTEF,
        scale=float(problem.scale),
        timed=bool(
            problem.pairs
            or (closes[visits] < FOREVER).any()
            or (end_s < FOREVER).any()
            or release[visits].any()
        ),
        released=bool(release[visits].any()),
        paired=bool(problem.pairs),
        reloads=problem.reloads,
        metric=not problem.distance,
        optional=bool((prize[visits] >= 0).any()),
        vehicles_first=problem.vehicles_first,
        cached=n * rows <= CACHED_MAX,
        leg=legs,
        leg_back=back,
        drive=drives,
        drive_back=drive_back,
        x=np.array(problem.x if len(problem.x) else [0.0], np.float64),
        y=np.array(problem.y if len(problem.y) else [0.0], np.float64),
        amount=amount,
        open_s=opens,
        close_s=closes,
        service_s=_whole(problem.service_s),
        release_s=release,
        prize=prize,
        partner=partner,
        is_drop=is_drop,
        near=_near(problem, legs, full),
        capacity=np.array([k.capacity for k in kinds], np.int64).reshape(-1),
        start=start,
        end=end,
        start_s=start_s.astype(np.int64),
        end_s=end_s.astype(np.int64),
        fixed=np.array([k.fixed_cost for k in kinds], np.int64),
        trips_max=np.array([n if k.trips_max is None else k.trips_max for k in kinds], np.int64),
        slot_first=slot_first,
        type_of=np.repeat(np.arange(len(slots)), slots).astype(np.int64),
    )


def _whole(column: Any) -> Whole:
    return np.array(list(column), np.int64)


def _transposed(matrix: Whole, n: int) -> Whole:
    back = matrix.reshape(n, n).T
    return matrix if np.array_equal(back, matrix.reshape(n, n)) else back.flatten()


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


def _near(problem: RoutingProblem, legs: Whole, full: bool) -> Short:
    """The nearest visits of each node, nearest first, the node itself left out; -1 fills up."""
    n, depots = problem.size, problem.depots
    wanted = min(NEIGHBOURS, max(1, n - depots - 1))
    near = np.full((n, wanted), -1, np.int32)
    if not full:
        from scipy.spatial import cKDTree

        places = np.column_stack([problem.x, problem.y])
        _, found = cKDTree(places[depots:]).query(places, k=min(wanted + 1, n - depots))
        for i in range(n):
            others = found[i][found[i] != i - depots][:wanted] + depots
            near[i, : len(others)] = others
        return near.reshape(-1)
    square = legs.reshape(n, n)
    for i in range(n):
        both = (square[i] + square[:, i])[depots:]
        order = np.argsort(both, kind="stable") + depots
        others = order[order != i][:wanted]
        near[i, : len(others)] = others
    return near.reshape(-1)
