"""Small days whole: the cheapest shift for every set of calls, then the cheapest sharing out.

A set of calls is a number, its bits are calls. Labels that have made different calls do not compete, so
each set's cheapest shift is found (Held and Karp 1962, doi:10.1137/0110015, with several trips), and
vehicle after vehicle takes a part of each set. Where the shifts found keep every rule, the day is
proven; where they break one that the relaxation forgets, their cost is a bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from logistics.solver.routing.day import Day, Sketch, Trip
from logistics.solver.routing.problem import SECOND_COST, VEHICLE_DAY_COST
from logistics.solver.routing.proof import labels
from logistics.solver.routing.proof.graph import SCALE, Graph, Ints
from logistics.solver.routing.proof.pricing import Labels, Pricer, trips_of

NEVER = 1 << 55


@dataclass(frozen=True, slots=True)
class Whole:
    """The least cost of a day in the relaxation, and the sketch that has it."""

    bound: int
    sketch: Sketch


@dataclass(frozen=True, slots=True)
class _Shifts:
    """For each set the scaled cost of the cheapest shift that makes it, and that shift's label."""

    cost: Ints
    row: Ints
    labels: Labels


def cheapest_day(day: Day, graphs: Sequence[Graph], rows_max: int) -> Whole | None:
    """The cheapest day; `None` if a kind of shift has more than so many labels."""
    shifts = [_shifts(graph, rows_max) for graph in graphs]
    known = [shift for shift in shifts if shift is not None]
    if len(known) < len(shifts):
        return None
    n = len(day.points)
    cost = np.full(1 << n, NEVER, dtype=np.int64)
    cost[0] = 0
    chosen: list[tuple[Ints, list[int]]] = []
    for kinds in _kinds_of_vehicles(day, graphs):
        part = np.zeros(1 << n, dtype=np.int64)
        best = np.min([known[k].cost for k in kinds], axis=0)
        cost = labels.share_out(best, cost, part)
        chosen.append((part, kinds))
    total = cost + SCALE * _left_out(day)
    s = int(np.argmin(total))
    sketch: list[tuple[Trip, ...]] = [()] * len(day.slots)
    free = {k: list(graph.slots) for k, graph in enumerate(graphs)}
    bound = -(-int(total[s]) // SCALE)
    for part, kinds in reversed(chosen):
        made = int(part[s])
        s ^= made
        if made:
            kind = min(kinds, key=lambda k: known[k].cost[made])
            path = known[kind].labels.path(int(known[kind].row[made]))
            sketch[free[kind].pop()] = trips_of(path, n)
    return Whole(bound, tuple(sketch))


def _kinds_of_vehicles(day: Day, graphs: Sequence[Graph]) -> list[list[int]]:
    """For each vehicle the kinds of its shifts."""
    kinds: dict[str, list[int]] = {}
    for k, graph in enumerate(graphs):
        for s in graph.slots:
            kinds.setdefault(day.slots[s].vehicle_id, []).append(k)
    return list(kinds.values())


def _shifts(graph: Graph, rows_max: int) -> _Shifts | None:
    pricer = Pricer(graph, rows_max, SECOND_COST * SCALE)
    found = pricer.every_set()
    if found is None:
        return None
    rows, home = found
    made = rows.bits[home, 0].astype(np.int64)
    costs = rows.num[home, labels.U] + VEHICLE_DAY_COST * SCALE
    order = np.lexsort((costs, made))
    sets, first = np.unique(made[order], return_index=True)
    cost = np.full(1 << graph.size, NEVER, dtype=np.int64)
    row = np.zeros(1 << graph.size, dtype=np.int64)
    cost[sets], row[sets] = costs[order][first], home[order][first]
    return _Shifts(cost, row, rows)


def _left_out(day: Day) -> Ints:
    """For each set of calls the prices of the tasks that it does not serve; `NEVER` if none may."""
    sets = np.arange(1 << len(day.points), dtype=np.int64)
    price = np.zeros(len(sets), dtype=np.int64)
    served = []
    for task in day.tasks:
        calls = sum(1 << p for p in task.points)
        served.append(sets & calls == calls)
        torn = (sets & calls != 0) & ~served[-1]
        price += np.where(served[-1], 0, task.price) + np.where(torn, NEVER // SCALE, 0)
    for t, task in enumerate(day.tasks):
        for needed in task.needs:
            price += np.where(served[t] & ~served[needed], NEVER // SCALE, 0)
    return price
