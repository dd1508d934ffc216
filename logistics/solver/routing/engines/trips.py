"""All trips, and all tours of several trips, that could stand in a best solution of a small problem.

A trip over a set of visits is described by its cost and by when it is back as a function of when it
leaves: back(t) = max(earliest, t + least) for t up to `latest`. Trips of the same visits, and partial
trips that also stand at the same visit, are compared in all of these, and only those are kept that
are beaten in none; a best solution is among the rest. Sets of visits are bit masks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from logistics.model.routing import RoutingProblem, VehicleType

LATE = 2**62


class OutOfTime(Exception):
    """The enumeration was stopped before its end."""


class Trip(NamedTuple):
    """Calls in driving order, from the depot to the last of them, or back at the depot.

    `peak` is the most that is on board beyond what was loaded at the depot, by dimension.
    """

    cost: int
    earliest_s: int
    least_s: int
    latest_s: int
    peak: tuple[int, ...]
    board: tuple[int, ...]
    calls: tuple[int, ...]


class Tour(NamedTuple):
    """Trips of one vehicle, their cost without the vehicle's own, and when it is back."""

    cost: int
    back_s: int
    trips: tuple[tuple[int, ...], ...]


def beaten(one: Trip, other: Trip) -> bool:
    """Whether a trip is in nothing better than another of the same visits."""
    return (
        other.cost <= one.cost
        and other.earliest_s <= one.earliest_s
        and other.least_s <= one.least_s
        and other.latest_s >= one.latest_s
        and all(a <= b for a, b in zip(other.peak, one.peak, strict=True))
    )


def keep(kept: list[Trip], trip: Trip) -> None:
    """Add a trip to those that are beaten by none."""
    if not any(beaten(trip, other) for other in kept):
        kept[:] = [other for other in kept if not beaten(other, trip)]
        kept.append(trip)


class Enumeration:
    """Tours of one type of vehicle; `over` is asked now and then whether to stop."""

    def __init__(
        self, problem: RoutingProblem, kind: VehicleType, over: Callable[[], bool]
    ) -> None:
        self.problem, self.kind, self.over = problem, kind, over
        self.visits = list(problem.visits)
        self.place = {i: v for v, i in enumerate(self.visits)}
        drops = {drop: pickup for pickup, drop in problem.pairs}
        self.needs = [self.place[drops[i]] if i in drops else None for i in self.visits]
        self.paired = {i for pair in problem.pairs for i in pair}
        self.owed = [(self.place[p], self.place[d]) for p, d in problem.pairs]

    def tours(self) -> dict[int, list[Tour]]:
        """By set of visits, tours of which none is both dearer and later back than another.

        Raises:
            OutOfTime: if `over` said so.
        """
        many = self.kind.trips_max != 1
        last = self._trips(self.kind.end)
        first = last if self.kind.start == self.kind.end else self._trips(self.kind.start)
        opens_s = max(self.kind.open_s, self.problem.open_s[self.kind.start])
        found: dict[int, list[Tour]] = {}
        front: dict[int, list[Tour]] = {0: [Tour(0, opens_s, ())]}
        made = 0
        while front and (self.kind.trips_max is None or made < self.kind.trips_max):
            made += 1
            for served, tour in self._longer(front, last):
                _keep_tour(found.setdefault(served, []), tour)
            if not many:
                break
            following: dict[int, list[Tour]] = {}
            for served, tour in self._longer(front, first):
                _keep_tour(following.setdefault(served, []), tour)
            front = following
        return found

    def _longer(
        self, front: dict[int, list[Tour]], trips: dict[int, list[Trip]]
    ) -> Iterator[tuple[int, Tour]]:
        """Every tour with every further trip that it can make."""
        for served, tours in front.items():
            for more, choices in trips.items():
                if served & more:
                    continue
                self._check()
                release_s = max(
                    self.problem.release_s[i] for v, i in enumerate(self.visits) if more >> v & 1
                )
                for tour in tours:
                    for trip in choices:
                        leaves_s = max(tour.back_s, release_s)
                        if leaves_s <= trip.latest_s:
                            back_s = max(trip.earliest_s, leaves_s + trip.least_s)
                            cost = tour.cost + trip.cost
                            yield served | more, Tour(cost, back_s, (*tour.trips, trip.calls))

    def _trips(self, end: int) -> dict[int, list[Trip]]:
        """Whole trips that come back to a depot, by their set of visits."""
        kind, problem = self.kind, self.problem
        nothing = (0,) * len(problem.amounts)
        latest_s = min(LATE, problem.close_s[kind.start])
        whole: dict[int, list[Trip]] = {}
        layer = {(0, -1): [Trip(0, 0, 0, latest_s, nothing, nothing, ())]}
        while layer:
            longer: dict[tuple[int, int], list[Trip]] = {}
            for (served, last), trips in layer.items():
                self._check()
                here = kind.start if last < 0 else self.visits[last]
                for v, i in enumerate(self.visits):
                    if served >> v & 1 or not self._may_follow(served, v):
                        continue
                    for trip in trips:
                        grown = self._call(trip, here, i)
                        if grown is not None:
                            keep(longer.setdefault((served | 1 << v, v), []), grown)
            for (served, last), trips in longer.items():
                if all(served >> p & 1 == served >> d & 1 for p, d in self.owed):
                    for trip in trips:
                        back = self._back(trip, self.visits[last], end)
                        if back is not None and self._fits(back, served):
                            keep(whole.setdefault(served, []), back)
            layer = longer
        return whole

    def _check(self) -> None:
        if self.over():
            raise OutOfTime

    def _may_follow(self, served: int, v: int) -> bool:
        needed = self.needs[v]
        return needed is None or bool(served >> needed & 1)

    def _fits(self, trip: Trip, served: int) -> bool:
        """Whether all that leaves the depot, and what comes on board, has room."""
        for column, peak, room in zip(
            self.problem.amounts, trip.peak, self.kind.capacity, strict=True
        ):
            loaded = sum(
                column[i]
                for v, i in enumerate(self.visits)
                if served >> v & 1 and i not in self.paired
            )
            if loaded + peak > room:
                return False
        return True

    def _call(self, trip: Trip, here: int, i: int) -> Trip | None:
        """A trip driven on to a visit; None if that comes too late or overloads it for sure."""
        problem, sign = self.problem, 1 if i in self.paired else -1
        board = tuple(
            b + sign * column[i] for b, column in zip(trip.board, problem.amounts, strict=True)
        )
        peak = tuple(map(max, trip.peak, board))
        delivered = [p - b for p, b in zip(peak, board, strict=True)]
        rooms = self.kind.capacity
        if any(p > room for p, room in zip(peak, rooms, strict=True)):
            return None
        if not self.paired and any(d > room for d, room in zip(delivered, rooms, strict=True)):
            return None
        moved = _driven(
            trip, problem.drive_s(here, i), problem.open_s[i], min(LATE, problem.close_s[i])
        )
        if moved is None:
            return None
        earliest_s, least_s, latest_s = moved
        service_s = problem.service_s[i]
        cost = trip.cost + problem.leg(here, i)
        calls = (*trip.calls, i)
        return Trip(cost, earliest_s + service_s, least_s + service_s, latest_s, peak, board, calls)

    def _back(self, trip: Trip, here: int, end: int) -> Trip | None:
        problem, kind = self.problem, self.kind
        closes_s = min(LATE, kind.close_s, problem.close_s[end])
        moved = _driven(trip, problem.drive_s(here, end), 0, closes_s)
        if moved is None:
            return None
        return Trip(trip.cost + problem.leg(here, end), *moved, trip.peak, trip.board, trip.calls)


def _driven(trip: Trip, drive_s: int, open_s: int, close_s: int) -> tuple[int, int, int] | None:
    """Earliest, least and latest after a drive into a window; None if the window is missed."""
    earliest_s, least_s = trip.earliest_s + drive_s, trip.least_s + drive_s
    latest_s = min(trip.latest_s, close_s - least_s)
    earliest_s = max(earliest_s, open_s)
    if earliest_s > close_s or latest_s < 0:
        return None
    return earliest_s, least_s, latest_s


def _keep_tour(kept: list[Tour], tour: Tour) -> None:
    if not any(other.cost <= tour.cost and other.back_s <= tour.back_s for other in kept):
        kept[:] = [o for o in kept if not (tour.cost <= o.cost and tour.back_s <= o.back_s)]
        kept.append(tour)
