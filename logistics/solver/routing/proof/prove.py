"""How good a day's plan provably is: vehicle-days first, then driving, from several relaxations.

A plan cheaper than the best one known uses either as many vehicle-days at least, or fewer. That fewer
cannot do is shown apart, without any driving cost: if even shares of shifts cannot make all calls whose
price no cheaper plan could pay, then no whole shifts can. For the others the bound on driving counts.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from logistics.solver.routing.day import Day
from logistics.solver.routing.problem import VEHICLE_DAY_COST
from logistics.solver.routing.proof.circulation import driving_bound
from logistics.solver.routing.proof.graph import Graph, graphs_of
from logistics.solver.routing.proof.known import is_known
from logistics.solver.routing.proof.master import Master, Rows
from logistics.solver.routing.proof.ready import earliest_ends, fewest_trips
from logistics.solver.routing.schedule import Clock, Timetable

ROWS_MAX = 40_000
"""Labels of one direction in one pricing."""

LEGS_SHARE, FEWER_SHARE = 0.3, 0.5
"""Shares of the time left for the bound from legs, and for showing that fewer shifts cannot do."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A proven bound on the cost of a day, and the vehicle-days without which it cannot be had."""

    bound: int
    vehicle_days: int


def prove_or_bound(
    clock: Clock, table: Timetable, bound: int, undriveable: set[int], seconds: float
) -> Proof:
    """The best lower bound found within the time, at least the one given, at most the plan's cost.

    Args:
        clock: the day's clock.
        table: the best plan known.
        bound: a bound that is known already.
        undriveable: tasks that are in no plan.
        seconds: the most that the proof may take; a single pricing can exceed it a little.
    """
    day, cost = clock.day, table.cost
    used = sum(map(bool, table.sketch))
    if bound >= cost or not used or not is_known(day):
        return Proof(bound, 0)
    ends_at = time.monotonic() + seconds
    ready_s = earliest_ends(day)
    graphs = graphs_of(day, undriveable, ready_s)
    lost = sum(day.tasks[t].price for t in undriveable)
    musts = [t for t, task in enumerate(day.tasks) if task.price >= cost - lost]
    trips = fewest_trips(day, musts)
    legs = driving_bound(day, graphs, undriveable, trips, _by(ends_at, LEGS_SHARE))
    fewest = used if _needs_all(day, graphs, undriveable, table, _by(ends_at, FEWER_SHARE)) else 0
    nobody = sum(task.price for task in day.tasks)
    bound = max(bound, min(nobody, max(1, fewest) * VEHICLE_DAY_COST + legs.bound))
    if bound < cost and time.monotonic() < ends_at:
        prices = {t: min(task.price, cost) for t, task in enumerate(day.tasks)}
        master = Master(day, graphs, Rows.of(day, undriveable, prices, sum(trips.values())), ROWS_MAX)
        reached = master.bound(max(1, fewest), len(day.slots), cost - lost, ends_at)
        bound = max(bound, min(nobody, lost + reached.bound))
    return Proof(min(bound, cost), fewest)


def _needs_all(
    day: Day, graphs: list[Graph], undriveable: set[int], table: Timetable, ends_at: float
) -> bool:
    """Whether no plan that is cheaper than the best one known uses fewer vehicle-days.

    With one shift less, even the cheapest choice of shares of shifts leaves out a part of the calls
    that a cheaper plan must make; so whole shifts leave out one at least.
    """
    used = sum(map(bool, table.sketch))
    musts = {t: 1 for t, task in enumerate(day.tasks) if task.price >= table.cost}
    lost = any(t in undriveable for t in musts)
    if used == 1 or lost:
        return used == 1
    free = [replace(graph, cost=np.zeros_like(graph.cost)) for graph in graphs]
    rows = Rows.of(day, undriveable, musts)
    master = Master(day, free, rows, ROWS_MAX, second_cost=0, vehicle_day_cost=0)
    return master.bound(0, used - 1, 1, ends_at).bound >= 1


def _by(ends_at: float, share: float) -> float:
    now = time.monotonic()
    return now + share * max(0.0, ends_at - now)
