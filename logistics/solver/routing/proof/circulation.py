"""A bound on driving from one linear program over legs: every call is entered, left, and reached.

Legs form a circulation through the homes; no set of calls is cut off from them (Dantzig, Fulkerson and
Johnson 1954, doi:10.1287/opre.2.4.393), trips carry no more than a vehicle holds, and what is fetched
for a delivery comes by another trip than the one it leaves with. Clock times only rule out legs. It
takes milliseconds, whatever the shifts; the bound is recomputed in integers from the multipliers.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from logistics.solver.allocation.packs.bounds import safe_maximum
from logistics.solver.routing.day import Day
from logistics.solver.routing.problem import METRE_COST, SECOND_COST
from logistics.solver.routing.proof.graph import SHARE, Graph

FLOW = 10**6
"""Capacities of cuts are counted in this fraction of a leg."""

LEAST_CUT = 0.02
"""Cuts that are violated by less are left."""

Terms = dict[int, int]


@dataclass(frozen=True, slots=True)
class Driving:
    """A bound on driving and prices of what is left out, without vehicle-days."""

    bound: int
    rounds: int


def driving_bound(
    day: Day,
    graphs: list[Graph],
    undriveable: set[int],
    trips: dict[str, int],
    ends_at: float,
) -> Driving:
    """Least cost of metres, seconds and prices of any plan with so many trips at least from each hub."""
    model = _Circulation(day, graphs, undriveable)
    for hub_id, least in trips.items():
        model.send_out(hub_id, least)
    best, rounds = 0, 0
    while True:
        bound, values = model.solve()
        best, rounds = max(best, bound), rounds + 1
        if values is None or time.monotonic() >= ends_at or not model.cut(values):
            return Driving(best, rounds)


class _Circulation:
    """Variables: legs, tasks served, trips that load and that unload at each home."""

    def __init__(self, day: Day, graphs: list[Graph], undriveable: set[int]) -> None:
        self.day, self.graphs = day, graphs
        self.costs: list[int] = []
        self.most: list[int] = []
        self.rows: list[tuple[Terms, int]] = []
        n = len(day.points)
        homes = sorted({day.places[day.slots[g.slots[0]].home_id] for g in graphs})
        self.home = {place: n + i for i, place in enumerate(homes)}
        self.served = [
            self._variable(-task.price, int(t not in undriveable))
            for t, task in enumerate(day.tasks)
        ]
        self.legs: dict[tuple[int, int], int] = {}
        for graph in graphs:
            self._draw(graph)
        self.nodes = n + len(homes)
        self._balance()
        for place in homes:
            self._load(place, back=False)
            self._load(place, back=True)
        for t, task in enumerate(day.tasks):
            for needed in task.needs:
                self._at_least({self.served[needed]: 1, self.served[t]: -1}, 0)
        self.prices = sum(task.price for task in day.tasks)

    def send_out(self, hub_id: str, least: int) -> None:
        """At least so many trips begin at a hub."""
        node = self.home[self.day.places[hub_id]]
        if self.out[node]:
            self._at_least(dict(self.out[node]), least)

    def _variable(self, cost: int, most: int) -> int:
        self.costs.append(cost)
        self.most.append(most)
        return len(self.costs) - 1

    def _at_least(self, terms: Terms, least: int) -> None:
        self.rows.append((terms, least))

    def _draw(self, graph: Graph) -> None:
        """Legs that the vehicles of a graph may drive; the service of a call goes with the leg away."""
        n = graph.size
        home = self.home[self.day.places[self.day.slots[graph.slots[0]].home_id]]
        places = [*(self.day.at(p) for p in range(n)), 0]
        places[n] = self.day.places[self.day.slots[graph.slots[0]].home_id]
        for p, q in zip(*np.nonzero(graph.arc), strict=True):
            ends = (home if p == n else int(p), home if q == n else int(q))
            if ends in self.legs:
                continue
            a, b = places[p], places[q]
            cost = METRE_COST * self.day.metres[a][b] + SECOND_COST * self.day.seconds[a][b]
            if p != n and graph.arc[p, q] != SHARE:
                cost += SECOND_COST * self.day.points[p].call.service_s
            self.legs[ends] = self._variable(cost, 1)

    def _balance(self) -> None:
        into: list[Terms] = [{} for _ in range(self.nodes)]
        out: list[Terms] = [{} for _ in range(self.nodes)]
        for (p, q), leg in self.legs.items():
            out[p][leg] = 1
            into[q][leg] = 1
        self.out = out
        for p in range(self.nodes):
            sides: list[Terms] = [into[p], out[p]]
            if p < len(self.day.points):
                served = {self.served[self.day.points[p].task]: -1}
                for side in sides:
                    self._equal({**side, **served})
            else:
                self._equal({**into[p], **dict.fromkeys(out[p], -1)})

    def _equal(self, terms: Terms) -> None:
        self._at_least(terms, 0)
        self._at_least({j: -k for j, k in terms.items()}, 0)

    def _load(self, place: int, back: bool) -> None:
        """Trips of a home that load (or unload) there: what they carry, and what they keep apart."""
        day, node = self.day, self.home[place]
        ours = [g for g in self.graphs if self.home.get(self._place(g)) == node]
        dock_s = min(day.slots[s].dock_s for g in ours for s in g.slots)
        moved = [t for t, task in enumerate(day.tasks) if (task.to_hub if back else task.from_hub)]
        moved = [t for t in moved if day.places.get(day.tasks[t].hub_id or "") == place]
        trips = self._variable(SECOND_COST * dock_s, len(day.points))
        self._at_least({**self.out[node], trips: -1}, 0)
        for t in moved:
            self._at_least({trips: 1, self.served[t]: -1}, 0)
            if not back and day.tasks[t].needs:
                self._at_least({**self.out[node], self.served[t]: -2}, 0)
        for c in range(len(day.classes)):
            room_g = max(day.slots[s].room_g[c] for g in ours for s in g.slots)
            goods: Terms = {trips: room_g}
            for t in moved:
                task = day.tasks[t]
                sent_g = day.points[task.points[0]].change_g[c] if back else task.from_hub_g[c]
                goods[self.served[t]] = -sent_g
            if sum(-g for g in goods.values() if g < 0) > room_g:
                self._at_least(goods, 0)

    def _place(self, graph: Graph) -> int:
        return self.day.places[self.day.slots[graph.slots[0]].home_id]

    def solve(self) -> tuple[int, NDArray[np.float64] | None]:
        """A proven bound, and the values of the variables."""
        from scipy.optimize import linprog
        from scipy.sparse import csr_matrix

        entries = [(r, j, -k) for r, (terms, _) in enumerate(self.rows) for j, k in terms.items()]
        row, column, factor = (np.array(x) for x in zip(*entries, strict=True))
        shape = (len(self.rows), len(self.costs))
        matrix = csr_matrix((factor.astype(float), (row, column)), shape=shape)
        limits = np.array([-least for _, least in self.rows], dtype=float)
        costs, most = np.array(self.costs, dtype=float), np.array(self.most, dtype=float)
        bounds = np.column_stack([np.zeros(len(most)), most])
        answer = linprog(costs, A_ub=matrix, b_ub=limits, bounds=bounds, method="highs")
        if answer.status != 0:
            return 0, None
        prices = np.maximum(0.0, -answer.ineqlin.marginals)
        gained = safe_maximum(matrix, limits, (np.zeros(len(most)), most), -costs, prices)
        return self.prices - gained, np.asarray(answer.x)

    def cut(self, values: NDArray[np.float64]) -> bool:
        """Rows for sets of calls that too few legs enter; whether there are any."""
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import breadth_first_order, maximum_flow

        source, flows = self.nodes, np.zeros((self.nodes + 1, self.nodes + 1), dtype=np.int32)
        for (p, q), leg in self.legs.items():
            flows[p, q] = round(values[leg] * FLOW)
        flows[source, list(self.home.values())] = FLOW * len(self.day.points)
        network = csr_matrix(flows)
        found = False
        apart = set[int]()
        for p, point in enumerate(self.day.points):
            wanted = values[self.served[point.task]] * FLOW
            if p in apart or wanted < LEAST_CUT * FLOW:
                continue
            flow = maximum_flow(network, source, p)
            if flow.flow_value > wanted - LEAST_CUT * FLOW:
                continue
            rest = network - flow.flow
            rest.data[rest.data < 0] = 0
            rest.eliminate_zeros()
            reached = set(breadth_first_order(rest, source, return_predecessors=False).tolist())
            apart |= set(range(self.nodes)) - reached
            entering = {
                leg: 1 for (a, b), leg in self.legs.items() if a in reached and b not in reached
            }
            self._at_least({**entering, self.served[point.task]: -1}, 0)
            found = True
        return found
