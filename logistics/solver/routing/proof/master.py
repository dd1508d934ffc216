"""Lower bounds by column generation: shifts are columns, whoever must be visited is a row.

For any multipliers y >= 0 of the rows, each at most its task's price, every plan costs at least

    sum of y + the cheapest choice of vehicle-days under reduced costs,

with the number of vehicle-days held between two limits. The multipliers are whole numbers and the
reduced costs come from exact pricing in integers, so the bound holds whatever the linear program's
rounding (Lasdon 1970, section 8; Farley 1990, doi:10.1287/opre.38.5.922). Multipliers are smoothed
towards the best ones known (Wentges 1997, doi:10.1016/S0969-6016(97)00001-4).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from logistics.solver.routing.day import Day, Trip
from logistics.solver.routing.problem import SECOND_COST, VEHICLE_DAY_COST
from logistics.solver.routing.proof.graph import SCALE, Bits, Graph, Ints, bits_of
from logistics.solver.routing.proof.pricing import Priced, Pricer
from logistics.solver.routing.proof.rows import Rows

SMOOTHING = 0.7
"""Share of the best multipliers known in those that are priced."""

LEAST_GAIN = 1e-6
"""Of the cutoff: shifts that gain less are not worth a round."""

COLUMNS_EACH = 30
"""Shifts taken from one pricing."""

NEAR = 6
"""Calls that a shift remembers while it stays in their neighbourhood, at first."""


@dataclass(frozen=True, slots=True)
class Column:
    """One shift of a kind: its trips, its cost with its vehicle-day, how often it makes each call."""

    kind: int
    trips: tuple[Trip, ...]
    cost: float
    calls: tuple[int, ...]


@dataclass
class Master:
    """The linear program over the shifts known so far, and the best multipliers."""

    day: Day
    graphs: list[Graph]
    rows: Rows
    rows_max: int
    second_cost: int = SECOND_COST
    vehicle_day_cost: int = VEHICLE_DAY_COST
    columns: list[Column] = field(default_factory=list)
    near: list[Bits] = field(init=False)
    last_s: float = 0.0
    _known: set[tuple[int, tuple[Trip, ...]]] = field(default_factory=set)
    _pricers: list[Pricer] = field(init=False)

    def __post_init__(self) -> None:
        self.near = [_neighbours(graph) for graph in self.graphs]
        self._pricers = [
            Pricer(graph, self.rows_max, self.second_cost * SCALE) for graph in self.graphs
        ]

    def add(self, kind: int, priced: Iterable[Priced], whole: Ints) -> int:
        """Take in shifts that are new; how many there are."""
        new, prize = 0, self.rows.prize(whole)
        for one in priced:
            if (kind, one.trips) in self._known:
                continue
            points = [p for trip in one.trips for p in trip]
            calls = np.bincount(points, minlength=len(self.day.points))
            earned = int(prize[points].sum()) + int(whole[-1]) * len(one.trips)
            cost = self.vehicle_day_cost + (one.reduced + earned) / SCALE
            self._known.add((kind, one.trips))
            self.columns.append(Column(kind, one.trips, cost, tuple(calls.tolist())))
            new += 1
        return new

    def bound(self, fewest: int, most: int, cutoff: int, ends_at: float) -> Bounded:
        """A bound on plans with `fewest` .. `most` vehicle-days, at best as good as `cutoff`."""
        run = _Run(self, fewest, most, cutoff, ends_at)
        while run.goes_on():
            pass
        return run.result()

    def widen(self, most: int) -> bool:
        """Twice the room for labels, if that is no more than `most`; whether it was made."""
        if 2 * self.rows_max > most:
            return False
        self.rows_max *= 2
        for pricer in self._pricers:
            pricer.rows_max = self.rows_max
        return True

    def price(self, whole: Ints, loose: bool) -> list[list[Priced]] | None:
        """The cheapest shifts of each kind; `None` if some pricing was not completed."""
        prize = self.rows.prize(whole)
        found = []
        for pricer, near in zip(self._pricers, self.near, strict=True):
            one = pricer.price(prize, int(whole[-1]), near, loose, COLUMNS_EACH)
            if one is None:
                return None
            found.append(one)
        return found

    def lagrangian(self, whole: Ints, priced: list[list[Priced]], fewest: int, most: int) -> int:
        """The bound of multipliers, in `1 / SCALE`."""
        best: dict[str, int] = {}
        for graph, found in zip(self.graphs, priced, strict=True):
            if found:
                for s in graph.slots:
                    name = self.day.slots[s].vehicle_id
                    best[name] = min(found[0].reduced, best.get(name, found[0].reduced))
        days = sorted(reduced + self.vehicle_day_cost * SCALE for reduced in best.values())
        chosen = days[:fewest] + [cost for cost in days[fewest:most] if cost < 0]
        calls = int(whole[: len(self.rows.calls)].sum())
        return calls + int(whole[-1]) * self.rows.trips + sum(chosen)

    def lengthen(self, shares: NDArray[np.float64]) -> bool:
        """Remember what shifts in use call at twice, for as long as they go round; whether any do."""
        changed = False
        for share, column in zip(shares, self.columns, strict=True):
            if share > 1e-6 and max(column.calls) > 1:
                changed |= self._remember(column)
        if changed:
            keep = [c for c in self.columns if not self._forgets(c)]
            self.columns = keep
        return changed

    def _remember(self, column: Column) -> bool:
        near, home = self.near[column.kind], self.graphs[column.kind].size
        path = [p for trip in column.trips for p in (*trip, home)]
        last: dict[int, int] = {}
        changed = False
        for i, p in enumerate(path):
            if p != home and p in last:
                for q in path[last[p] + 1 : i]:
                    changed |= not int(near[q]) >> p & 1
                    near[q] |= bits_of([p])
            last[p] = i
        return changed

    def _forgets(self, column: Column) -> bool:
        """Whether a shift calls twice at what it should remember."""
        near, home = self.near[column.kind], self.graphs[column.kind].size
        seen = 0
        for p in (p for trip in column.trips for p in (*trip, home)):
            if p != home and seen >> p & 1:
                return True
            seen &= int(near[p])
            if p != home:
                seen |= 1 << p
        return False


@dataclass(frozen=True, slots=True)
class Bounded:
    """A proven bound in whole units, the multipliers that prove it, and the shares of the columns."""

    bound: int
    whole: Ints
    shares: NDArray[np.float64]


class _Run:
    """Rounds of one linear program."""

    def __init__(self, master: Master, fewest: int, most: int, cutoff: int, ends_at: float) -> None:
        self.master, self.fewest, self.most = master, fewest, most
        self.cutoff, self.ends_at = cutoff, ends_at
        self.centre: NDArray[np.float64] | None = None
        self.best = -(1 << 62)
        self.whole = np.zeros(master.rows.size, dtype=np.int64)
        self.shares = np.zeros(0)
        self.value = np.inf

    def goes_on(self) -> bool:
        """One round; whether another may help."""
        master = self.master
        solved = self._solve()
        if solved is None:
            return False
        y = solved
        whole = master.rows.whole(y)
        found = master.price(whole, loose=True)
        if found is None:
            return False
        if time.monotonic() < self.ends_at and self._take(found, whole, whole):
            return True
        smooth = whole
        if self.centre is not None:
            smooth = master.rows.whole(SMOOTHING * self.centre + (1 - SMOOTHING) * y)
        for tried in (smooth, whole):
            began = time.monotonic()
            found = master.price(tried, loose=False)
            master.last_s = time.monotonic() - began
            if found is None:
                return False
            reached = master.lagrangian(tried, found, self.fewest, self.most)
            if reached > self.best:
                self.best, self.whole, self.centre = reached, tried, tried / SCALE
            if self._bound() >= self.cutoff or time.monotonic() > self.ends_at:
                return False
            if self._take(found, tried, whole):
                return True
        return self._lengthened()

    def result(self) -> Bounded:
        """What has been reached."""
        return Bounded(min(self.cutoff, self._bound()), self.whole, self.shares)

    def _bound(self) -> int:
        return -(-self.best // SCALE)

    def _lengthened(self) -> bool:
        """Longer memories, if the last pricing was quick enough for that."""
        if time.monotonic() + 2 * self.master.last_s > self.ends_at:
            return False
        return self.master.lengthen(self.shares)

    def _take(self, found: list[list[Priced]], priced: Ints, out: Ints) -> bool:
        """Add shifts that lower the program's value; whether there are any."""
        master, new = self.master, 0
        prize, goal = master.rows.prize(priced), master.rows.prize(out)
        for kind, shifts in enumerate(found):
            limit = self.limits[kind]
            good = []
            for one in shifts:
                points = [p for trip in one.trips for p in trip]
                more = int((prize - goal)[points].sum()) + int(priced[-1] - out[-1]) * len(
                    one.trips
                )
                reduced = (one.reduced + more) / SCALE
                if reduced + master.vehicle_day_cost < limit - LEAST_GAIN * self.cutoff:
                    good.append(one)
            new += master.add(kind, good, priced)
        return new > 0

    limits: NDArray[np.float64]

    def _solve(self) -> NDArray[np.float64] | None:
        """Multipliers of the rows; sets the shares, and what a vehicle-day may cost for each kind."""
        from scipy.optimize import linprog
        from scipy.sparse import csr_matrix

        master, rows = self.master, self.master.rows
        columns, tasks = master.columns, len(rows.prices)
        calls = np.array([c.calls for c in columns], dtype=float).reshape(
            len(columns), len(master.day.points)
        )
        needs = [calls[:, n] - calls[:, p] for p, n in rows.needs]
        trips = np.array([len(c.trips) for c in columns], dtype=float)
        cover = np.vstack([calls[:, rows.calls].T, *needs, trips])
        points = [master.day.points[p].task for p in rows.calls]
        left_out = np.zeros((rows.size, tasks))
        left_out[: len(points)] = np.equal.outer(points, list(rows.prices))
        idle = np.zeros((rows.size, 1))
        idle[-1] = -rows.trips
        nobody = np.zeros((len(master.graphs), tasks + 1))
        kinds = np.array(
            [[c.kind == k for c in columns] for k in range(len(master.graphs))], dtype=float
        ).reshape(len(master.graphs), len(columns))
        vehicles = np.ones((1, len(columns)))
        matrix = np.block(
            [
                [-cover, -left_out, idle],
                [kinds, nobody],
                [vehicles, np.zeros((1, tasks + 1))],
                [-vehicles, np.zeros((1, tasks)), -np.ones((1, 1))],
            ]
        )
        limits = np.concatenate(
            [
                -np.ones(len(rows.calls)),
                np.zeros(len(rows.needs)),
                [-rows.trips],
                [len(g.slots) for g in master.graphs],
                [self.most, -self.fewest],
            ]
        )
        costs = np.concatenate(
            [[c.cost for c in columns], list(rows.prices.values()), [self.cutoff]]
        )
        answer = linprog(
            costs, A_ub=csr_matrix(matrix), b_ub=limits, bounds=(0, None), method="highs"
        )
        if answer.status != 0:
            return None
        duals = -answer.ineqlin.marginals
        self.shares = answer.x[: len(columns)]
        self.value = float(answer.fun)
        after = duals[rows.size :]
        self.limits = after[-1] - after[:-2] - after[-2]
        return np.asarray(duals[: rows.size])


def _neighbours(graph: Graph) -> Bits:
    """For each call those that are remembered there: the nearest ones; at home none."""
    n = graph.size
    near = np.zeros(n + 1, dtype=np.uint64)
    for q in range(n):
        reach = np.minimum(graph.drive_s[:n, q], graph.drive_s[q, :n])
        near[q] = bits_of([q, *np.argsort(reach, kind="stable")[:NEAR].tolist()])
    return near
