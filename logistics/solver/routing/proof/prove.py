"""How good a day's plan provably is: vehicle-days first, then driving, from several relaxations.

A plan cheaper than the best one known uses either as many vehicle-days at least, or fewer. That fewer
cannot do is shown apart, without any driving cost: if even shares of shifts cannot make all calls whose
price no cheaper plan could pay, then no whole shifts can. For the others the bound on driving counts.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from logistics.solver.routing.bounds import Bounds
from logistics.solver.routing.problem import VEHICLE_DAY_COST
from logistics.solver.routing.proof.circulation import driving_bound
from logistics.solver.routing.proof.graph import graphs_of
from logistics.solver.routing.proof.known import ENUMERABLE_MAX, Relaxed
from logistics.solver.routing.proof.master import Master
from logistics.solver.routing.proof.pricing import KERNEL
from logistics.solver.routing.proof.ready import earliest_ends, fewest_trips
from logistics.solver.routing.proof.rows import Rows
from logistics.solver.routing.proof.subsets import cheapest_day
from logistics.solver.routing.schedule import Clock, Timetable

PRICED_PER_S, PRICED_LEAST, PRICED_MOST = 3_000, 1 << 11, 40_000
"""Labels of one direction in one pricing: for each second that there is, at least, at most.

Their time grows with the square of their number, and a pricing under way is not stopped.
"""

ROWS_PER_S, ROWS_LEAST, ROWS_MOST = 200_000, 1 << 14, 1 << 20
"""Labels of all sets of calls: for each second that there is, at least, at most."""

WIDER_TIMES = 4
"""With so many times the time that the last pricings took, more labels are tried."""

SHIFTS_LEAST_S = 1.0
"""With less time than this shifts are not priced: loading the compiled code alone would take it."""

LEGS_SHARE, FEWER_SHARE, AS_MANY_SHARE = 0.3, 0.5, 0.6
"""Shares of the time left for the bound from legs, for showing that fewer shifts cannot do, and, where
that was not shown, for the driving of plans with as many."""


class Prover:
    """Relaxations of one day in turn, the cheap ones first; it stops as soon as the plan is proven."""

    def __init__(
        self,
        clock: Clock,
        rough: Relaxed,
        table: Timetable,
        bounds: Bounds,
        undriveable: set[int],
        seconds: float,
    ) -> None:
        self.clock, self.day, self.less = clock, rough.day, rough.less
        self.table, self.bounds = table, bounds
        self.undriveable = undriveable
        self.seconds = seconds
        self.rows_max = min(PRICED_MOST, max(PRICED_LEAST, int(PRICED_PER_S * seconds)))
        self.ends_at = time.monotonic() + seconds
        self.lost = sum(self.day.tasks[t].price for t in undriveable)
        ready_s = earliest_ends(self.day)
        self.graphs = graphs_of(self.day, undriveable, ready_s)
        self.rough = graphs_of(self.day, undriveable, ready_s, classes_max=1)

        self._steps = (self._legs, self._sets, self._shifts)

    def every_step(self) -> None:
        """All relaxations, whether anything is left to prove or not."""
        for step in self._steps:
            step()

    def run(self) -> tuple[Timetable, Bounds]:
        """The best plan known and the best bounds."""
        for step in self._steps:
            if self.graphs and self._improvable() and time.monotonic() < self.ends_at:
                step()
        return self.table, self.bounds.raised(min(self.bounds.cost, self.table.cost))

    def _improvable(self) -> bool:
        return self.bounds.cost < self.table.cost and any(self.table.sketch)

    def _raise(self, bound: int) -> None:
        """Take in a bound on plans of the relaxed day that are driven and cheaper than the best."""
        nobody = sum(task.price for task in self.day.tasks)
        least = self.less + min(nobody, bound)
        self.bounds = self.bounds.raised(max(self.bounds.cost, min(least, self.table.cost)))

    def _legs(self) -> None:
        trips = fewest_trips(self.day, self._musts())
        until = self._by(LEGS_SHARE)
        legs = driving_bound(self.day, self.graphs, self.undriveable, trips, until)
        self._raise(VEHICLE_DAY_COST + legs.bound)
        self.bounds = self.bounds.at_best(Bounds(0, driving=self.less + legs.bound))

    def _sets(self) -> None:
        if len(self.day.points) > ENUMERABLE_MAX or not KERNEL.is_ready(self.seconds):
            return
        rows_max = min(ROWS_MOST, max(ROWS_LEAST, int(ROWS_PER_S * self.seconds)))
        found = cheapest_day(self.day, self.graphs, rows_max)
        if found is None:
            return
        table = self.clock.timetable(found.sketch)
        if table is not None and table.cost < self.table.cost:
            self.table = table
        self._raise(found.bound)

    def _shifts(self) -> None:
        if self.seconds < SHIFTS_LEAST_S or not KERNEL.is_ready(self.seconds):
            return
        used = sum(map(bool, self.table.sketch))
        fewest = used if used > 1 and self._needs_all(used) else 1
        if fewest > 1:
            self.bounds = self.bounds.at_best(Bounds(0, vehicles=fewest))
            trips = fewest_trips(self.day, self._musts())
            legs = driving_bound(
                self.day, self.graphs, self.undriveable, trips, self._by(LEGS_SHARE)
            )
            self._raise(fewest * VEHICLE_DAY_COST + legs.bound)
            self.bounds = self.bounds.at_best(Bounds(0, driving=self.less + legs.bound))
        cost = self._cutoff
        prices = {t: min(task.price, cost) for t, task in enumerate(self.day.tasks)}
        trips_least = sum(fewest_trips(self.day, self._musts()).values())
        rows = Rows.of(self.day, self.undriveable, prices, trips_least)
        master = Master(self.day, self.rough, rows, self.rows_max)
        if fewest < used:
            as_many = master.bound(used, used, cost, self._by(AS_MANY_SHARE))
            driving = self.less + self.lost + as_many.bound - used * VEHICLE_DAY_COST
            self.bounds = self.bounds.at_best(Bounds(0, given=(used, driving)))
        began = time.monotonic()
        while True:
            reached = master.bound(fewest, len(self.day.slots), cost, self.ends_at)
            self._raise(self.lost + reached.bound)
            now = time.monotonic()
            if not self._improvable() or self.ends_at - now < WIDER_TIMES * (now - began):
                return
            if not master.widen(PRICED_MOST):
                return
            began = now

    @property
    def _cutoff(self) -> int:
        """What the best plan known costs on the relaxed day at most, beside what is in no plan."""
        return self.table.cost - self.less - self.lost

    def _musts(self) -> list[int]:
        """Tasks that every cheaper plan serves."""
        cost = self._cutoff
        return [
            t
            for t, task in enumerate(self.day.tasks)
            if task.price >= cost and t not in self.undriveable
        ]

    def _needs_all(self, used: int) -> bool:
        """Whether every cheaper plan uses as many vehicle-days at least.

        With one less, even the cheapest choice of shares of shifts leaves out a part of the calls
        that a cheaper plan must make; so whole shifts leave out one at least.
        """
        free = [replace(graph, cost=np.zeros_like(graph.cost)) for graph in self.rough]
        rows = Rows.of(self.day, self.undriveable, dict.fromkeys(self._musts(), 1))
        master = Master(self.day, free, rows, self.rows_max, second_cost=0, vehicle_day_cost=0)
        return master.bound(0, used - 1, 1, self._by(FEWER_SHARE)).bound >= 1

    def _by(self, share: float) -> float:
        now = time.monotonic()
        return now + share * max(0.0, self.ends_at - now)
