"""A bare routing problem: who must be visited, from where, with what; and its answer.

Everything is kept in columns of whole numbers, one entry a *node*, so that the same nouns serve ten
stops and twenty thousand. Nodes below `depots` are depots, all others are *visits*. Amounts come in
several dimensions (weight, or ambient, chilled and frozen). A positive amount leaves the depot with
the vehicle and is handed over at the visit; where a visit is the pickup of a pair, it is what comes on
board there, and the drop has the same amounts negative. Distances and times are counted in
`1 / scale` of the instance's own unit.

A solution is a list of routes, one a vehicle, each a list of trips, each the visits in driving order.
Its objective, in this order: visits left out that must be made, vehicles where `vehicles_first`, then
distance + fixed costs of vehicles + prizes of the visits left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from math import ceil, floor, sqrt

from logistics.model.errors import require
from logistics.model.shares import Column

MUST = -1
"""Stands for the prize of a visit that must be made."""

FOREVER = 2**62
"""No limit in time."""


class Convention(StrEnum):
    """How a benchmark rounds and what it minimises.

    `cvrplib`: distances rounded to the nearest integer. `dimacs`: distances and times truncated to one
    decimal, distance only. `sintef`: fewest vehicles first, then distance, in double precision.
    """

    CVRPLIB = "cvrplib"
    DIMACS = "dimacs"
    SINTEF = "sintef"


SCALES = {Convention.CVRPLIB: 1, Convention.DIMACS: 10, Convention.SINTEF: 10**6}
"""Units of distance and time per unit of the instance.

A millionth stands for double precision: distances are rounded to the nearest, times upwards, so that
whatever keeps its windows here keeps them exactly.
"""


@dataclass(frozen=True, slots=True)
class VehicleType:
    """Vehicles that are alike: `count` of them at the most, `None` for as many as are needed.

    `capacity` has an entry per dimension. A vehicle starts and ends at depots, within `open_s` ..
    `close_s`, and makes at most `trips_max` trips (`None`: any number); each trip leaves after the
    release of all it carries. Between trips it loads at `start`; its last trip ends at `end`.
    """

    count: int | None
    capacity: tuple[int, ...]
    start: int = 0
    end: int = 0
    open_s: int = 0
    close_s: int = FOREVER
    fixed_cost: int = 0
    trips_max: int | None = 1


@dataclass(frozen=True, slots=True)
class RoutingProblem:
    """An instance, checked at birth.

    `numbers[i]` is what a solution file calls node *i*. `amounts[k][i]` is the amount of dimension *k*.
    A visit starts within `open_s[i]` .. `close_s[i]` (waiting is free), takes `service_s[i]`, and
    what it gets leaves the depot no earlier than `release_s[i]`. `prize[i]` is paid if it is left out;
    `MUST` if it must be made. A depot's window holds for leaving and coming back; its service, release,
    prize and amounts mean nothing. Legs come from coordinates `x`, `y` by the convention, or from
    `distance` and `duration`, flat matrices row by row (`duration` left out: the same as `distance`).

    Raises:
        InvalidFact: if columns differ in length, or a value cannot be true.
    """

    name: str
    convention: Convention
    numbers: Column
    amounts: tuple[Column, ...]
    open_s: Column
    close_s: Column
    service_s: Column
    release_s: Column
    prize: Column
    vehicles: tuple[VehicleType, ...]
    x: Sequence[float] = ()
    y: Sequence[float] = ()
    distance: Sequence[int] = ()
    duration: Sequence[int] = ()
    pairs: tuple[tuple[int, int], ...] = ()
    depots: int = 1
    vehicles_first: bool = False
    scale: int = field(default=0)

    def __post_init__(self) -> None:
        if not self.scale:
            object.__setattr__(self, "scale", SCALES[self.convention])
        _check_columns(self)
        _check_vehicles(self)
        _check_pairs(self)

    @property
    def size(self) -> int:
        """Number of nodes, depots included."""
        return len(self.numbers)

    @property
    def visits(self) -> range:
        """All nodes that are visits."""
        return range(self.depots, self.size)

    @property
    def reloads(self) -> bool:
        """Whether a vehicle may make several trips."""
        return any(kind.trips_max != 1 for kind in self.vehicles)

    def leg(self, i: int, j: int) -> int:
        """Distance from node *i* to node *j*, in `1 / scale`."""
        if self.distance:
            return int(self.distance[i * self.size + j])
        exact = self.straight(i, j) * self.scale
        return floor(exact) if self.convention is Convention.DIMACS else floor(exact + 0.5)

    def drive_s(self, i: int, j: int) -> int:
        """Time from node *i* to node *j*, in `1 / scale`."""
        if self.duration:
            return int(self.duration[i * self.size + j])
        if self.distance or self.convention is not Convention.SINTEF:
            return self.leg(i, j)
        return ceil(self.straight(i, j) * self.scale)

    def straight(self, i: int, j: int) -> float:
        """Straight line from node *i* to node *j* in the instance's own unit, not rounded.

        By sums, products and a square root, which have the same bits in Python, NumPy and compiled
        code (IEEE 754); `hypot` has not.
        """
        dx, dy = self.x[i] - self.x[j], self.y[i] - self.y[j]
        return sqrt(dx * dx + dy * dy)

    def shown(self, value: int) -> str:
        """A distance, time or cost in the instance's own unit, as plain decimal text."""
        text = f"{Decimal(value) / self.scale:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text


Trips = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class VehicleRoute:
    """The trips of one vehicle of type number `kind`: nodes in driving order, without the depots."""

    trips: Trips
    kind: int = 0


@dataclass(frozen=True, slots=True)
class RoutingSolution:
    """Routes; whoever is on none is left out."""

    routes: tuple[VehicleRoute, ...]


@dataclass(frozen=True, slots=True)
class RoutingScore:
    """What a solution is worth, recomputed from its routes: compare as (missing, vehicles, cost).

    `cost` is distance + fixed costs + prizes left out, in `1 / scale`; `vehicles` counts only where
    vehicles come first.
    """

    missing: int
    vehicles: int
    cost: int
    distance: int
    prizes: int

    @property
    def key(self) -> tuple[int, int, int]:
        """What is minimised, in order."""
        return self.missing, self.vehicles, self.cost


def _check_columns(problem: RoutingProblem) -> None:
    n = problem.size
    require(0 < problem.depots <= n, f"{problem.name}: depots must be 1..{n}, got {problem.depots}")
    named = {
        "open_s": problem.open_s,
        "close_s": problem.close_s,
        "service_s": problem.service_s,
        "release_s": problem.release_s,
        "prize": problem.prize,
        **{f"amounts[{k}]": column for k, column in enumerate(problem.amounts)},
    }
    for name, column in named.items():
        require(len(column) == n, f"{problem.name}: {name} has {len(column)} entries, not {n}")
    for i in range(n):
        require(
            0 <= problem.open_s[i] <= problem.close_s[i],
            f"{problem.name}: window of node {problem.numbers[i]} must be 0 <= open <= close, "
            f"got {problem.open_s[i]}..{problem.close_s[i]}",
        )
        require(
            problem.service_s[i] >= 0 and problem.release_s[i] >= 0,
            f"{problem.name}: node {problem.numbers[i]} has a negative service or release time",
        )
        require(
            problem.prize[i] >= MUST, f"{problem.name}: node {problem.numbers[i]} has a bad prize"
        )
    if problem.distance:
        full = len(problem.distance) == n * n and len(problem.duration) in (0, n * n)
        require(full, f"{problem.name}: the matrices must have {n} x {n} entries")
    else:
        require(
            len(problem.x) == len(problem.y) == n, f"{problem.name}: {n} nodes need {n} coordinates"
        )


def _check_vehicles(problem: RoutingProblem) -> None:
    require(bool(problem.vehicles), f"{problem.name}: there is no vehicle")
    for k, kind in enumerate(problem.vehicles):
        require(
            len(kind.capacity) == len(problem.amounts),
            f"{problem.name}: vehicle type {k} has {len(kind.capacity)} capacities, "
            f"visits have {len(problem.amounts)} amounts",
        )
        require(
            kind.start < problem.depots and kind.end < problem.depots,
            f"{problem.name}: vehicle type {k} starts or ends at a node that is no depot",
        )
        require(
            (kind.count is None or kind.count > 0) and min((*kind.capacity, 0)) >= 0,
            f"{problem.name}: vehicle type {k} needs a count > 0 and capacities >= 0",
        )


def _check_pairs(problem: RoutingProblem) -> None:
    seen: set[int] = set()
    for pickup, drop in problem.pairs:
        require(
            not {pickup, drop} & seen and pickup != drop and min(pickup, drop) >= problem.depots,
            f"{problem.name}: nodes {pickup} and {drop} cannot be a pair",
        )
        seen |= {pickup, drop}
        require(
            all(column[pickup] == -column[drop] >= 0 for column in problem.amounts),
            f"{problem.name}: the pair {pickup}, {drop} must load what it unloads",
        )
    for i in problem.visits:
        require(
            i in seen or all(column[i] >= 0 for column in problem.amounts),
            f"{problem.name}: node {problem.numbers[i]} has a negative amount and is no drop",
        )
