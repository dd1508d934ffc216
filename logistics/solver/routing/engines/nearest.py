"""A solution at once, of whatever size: each vehicle drives on to whom it can serve soonest.

Slower engines may fail, or be killed before they have anything; this one needs milliseconds for a
hundred visits and seconds for twenty thousand, and memory in proportion to the visits alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from logistics.model.routing import (
    MUST,
    Convention,
    RoutingProblem,
    RoutingSolution,
    VehicleRoute,
    VehicleType,
)
from logistics.solver.routing.engines import Cancelled, OnBetter
from logistics.solver.routing.matrices import Longs, amounts

TO_SPARE = 1 << 61
"""Later than any schedule, and still safe to add to."""
MANY, NEAR = 2_000, 100
"""From so many nodes on, so many of the nearest are looked at before all are."""


class Nearest:
    """Sequential construction; knows neither seed nor improvement."""

    name = "nearest"

    def refuses(self, problem: RoutingProblem) -> str | None:  # noqa: ARG002
        """Nothing is refused."""
        return None

    def solve(
        self,
        problem: RoutingProblem,
        *,
        seconds: float,  # noqa: ARG002
        seed: int,  # noqa: ARG002
        start: RoutingSolution | None = None,
        iterations: int | None = None,  # noqa: ARG002
        on_better: OnBetter | None = None,
        cancelled: Cancelled | None = None,
    ) -> RoutingSolution | None:
        """One solution; the start, if there is one."""
        found = start or construct(problem, cancelled)
        if on_better is not None:
            on_better(found)
        return found


def construct(problem: RoutingProblem, cancelled: Cancelled | None = None) -> RoutingSolution:
    """Fills vehicle after vehicle, the largest first, until none can take anything more."""
    yard = _Yard(problem)
    order = sorted(
        range(len(problem.vehicles)), key=lambda k: (-sum(problem.vehicles[k].capacity), k)
    )
    routes = []
    for k in order:
        count = problem.vehicles[k].count
        used = 0
        while (count is None or used < count) and not (cancelled is not None and cancelled()):
            trips = yard.fill(problem.vehicles[k])
            if not trips:
                break
            routes.append(VehicleRoute(tuple(trips), k))
            used += 1
    return RoutingSolution(tuple(routes))


class _Yard:
    """Who still waits. A *call* is a visit, or the pickup of a pair, driven straight to its drop."""

    def __init__(self, problem: RoutingProblem) -> None:
        self.problem = problem
        n = problem.size
        self.last = np.arange(n)
        for pickup, drop in problem.pairs:
            self.last[pickup] = drop
        self.waits = np.arange(n) >= problem.depots
        self.waits[[drop for _, drop in problem.pairs]] = False
        self.amounts = amounts(problem)
        self.open_s, self.close_s, self.service_s, self.release_s, self.prize = (
            np.minimum(np.asarray(column, dtype=np.int64), TO_SPARE)
            for column in (
                problem.open_s,
                problem.close_s,
                problem.service_s,
                problem.release_s,
                problem.prize,
            )
        )
        self.matrices = [
            np.asarray(matrix, dtype=np.int64).reshape(-1, n)
            for matrix in (problem.distance, problem.duration)
        ]
        self.x, self.y = (np.asarray(column, dtype=float) for column in (problem.x, problem.y))
        self.near = _nearest(self.x, self.y) if n > MANY and not problem.distance else None

    def fill(self, kind: VehicleType) -> list[tuple[int, ...]]:
        """Trips of one vehicle; whom it serves no longer waits."""
        clock_s = max(kind.open_s, self.problem.open_s[kind.start])
        # A vehicle that ends elsewhere than it loads is not brought back for more.
        most = 1 if kind.start != kind.end else kind.trips_max
        trips = list[tuple[int, ...]]()
        while most is None or len(trips) < most:
            trip, clock_s = self._trip(kind, clock_s)
            if not trip:
                break
            trips.append(trip)
        return trips

    def _trip(self, kind: VehicleType, clock_s: int) -> tuple[tuple[int, ...], int]:
        """One trip from a moment on: its visits and when it is back."""
        problem, left_s, here = self.problem, clock_s, kind.start
        trip, loaded = list[int](), np.zeros(len(kind.capacity), dtype=np.int64)
        peak = loaded.copy()  # of pairs on board, beyond what had been delivered by then
        while True:
            room = np.array(kind.capacity, dtype=np.int64) - loaded - peak
            fits = self._soonest(kind, bool(trip), here, clock_s, left_s, room)
            if fits is None:
                break
            i, start_s = fits
            if not trip:
                left_s = max(clock_s, problem.release_s[i], problem.release_s[int(self.last[i])])
            self.waits[i] = False
            trip.append(i)
            clock_s, here = start_s + problem.service_s[i], int(self.last[i])
            if here != i:
                arrives_s = clock_s + problem.drive_s(i, here)
                clock_s = max(arrives_s, problem.open_s[here]) + problem.service_s[here]
                trip.append(here)
                peak = np.maximum(peak, self.amounts[:, i] - loaded)
            else:
                loaded += self.amounts[:, i]
        back_s = clock_s + problem.drive_s(here, kind.end) if trip else clock_s
        return tuple(int(i) for i in trip), int(back_s)

    def _soonest(
        self, kind: VehicleType, moved: bool, here: int, clock_s: int, left_s: int, room: Longs
    ) -> tuple[int, int] | None:
        """The call that can be served soonest, and when; first among the near, then among all."""
        if self.near is not None and moved:
            near = self.near[here]
            found = self._among(near[self.waits[near]], kind, moved, here, clock_s, left_s, room)
            if found is not None:
                return found
        return self._among(np.flatnonzero(self.waits), kind, moved, here, clock_s, left_s, room)

    def _among(
        self,
        calls: Longs,
        kind: VehicleType,
        moved: bool,
        here: int,
        clock_s: int,
        left_s: int,
        room: Longs,
    ) -> tuple[int, int] | None:
        pair = self.last[calls] != calls
        rooms = np.where(pair, np.array(kind.capacity)[:, None], room[:, None])
        calls = calls[(self.amounts[:, calls] <= rooms).all(axis=0)]
        calls = calls[self._worth(kind, here, calls)]
        last = self.last[calls]
        release_s = np.maximum(self.release_s[calls], self.release_s[last])
        leaves_s = np.full(len(calls), clock_s) if moved else np.maximum(clock_s, release_s)
        latest_s = left_s if moved else self.problem.close_s[kind.start]
        start_s = np.maximum(leaves_s + self._drive(here, calls), self.open_s[calls])
        done_s = start_s + self.service_s[calls]
        kept = (start_s <= self.close_s[calls]) & ((release_s if moved else leaves_s) <= latest_s)
        paired = last != calls
        if paired.any():
            arrives_s = done_s + np.where(paired, self._drive(calls, last), 0)
            again_s = np.maximum(arrives_s, self.open_s[last])
            kept &= ~paired | (again_s <= self.close_s[last])
            done_s = np.where(paired, again_s + self.service_s[last], done_s)
        until_s = min(kind.close_s, self.problem.close_s[kind.end])
        kept &= done_s + self._drive(last, kind.end) <= until_s
        if not kept.any():
            return None
        place = int(np.where(kept, start_s, TO_SPARE).argmin())
        return int(calls[place]), int(start_s[place])

    def _worth(self, kind: VehicleType, here: int, calls: Longs) -> Any:
        """Whether a call must be made, or costs less by the way than its prize."""
        last, prize = self.last[calls], self.prize
        must = (prize[calls] == MUST) | (prize[last] == MUST)
        if must.all():
            return must
        once = np.where(last == calls, 0, prize[last])
        way = self._leg(here, calls) + self._leg(last, kind.end)
        return must | (prize[calls] + once >= way - self.problem.leg(here, kind.end))

    def _drive(self, a: Any, b: Any) -> Any:
        if self.problem.duration:
            return self.matrices[1][a, b]
        if self.problem.distance or self.problem.convention is not Convention.SINTEF:
            return self._leg(a, b)
        return np.ceil(self._length(a, b)).astype(np.int64)

    def _leg(self, a: Any, b: Any) -> Any:
        if self.problem.distance:
            return self.matrices[0][a, b]
        shift = 0.0 if self.problem.convention is Convention.DIMACS else 0.5
        return np.floor(self._length(a, b) + shift).astype(np.int64)

    def _length(self, a: Any, b: Any) -> Any:
        dx, dy = self.x[a] - self.x[b], self.y[a] - self.y[b]
        return np.sqrt(dx * dx + dy * dy) * self.problem.scale


def _nearest(x: Any, y: Any) -> Longs:
    """The nearest nodes of every node, nearest first."""
    from scipy.spatial import cKDTree

    places = np.column_stack([x, y])
    found: Longs = cKDTree(places).query(places, k=NEAR)[1]
    return found
