"""The search as a plain object: begin, take over a solution, make rounds, give the best."""

from __future__ import annotations

import numpy as np

from logistics.model.routing import RoutingProblem, RoutingSolution, Trips, VehicleRoute
from logistics.solver.routing.search.anneal import run
from logistics.solver.routing.search.columns import facts_of
from logistics.solver.routing.search.fields import (
    ABSENT,
    ABSENT_AT,
    ABSENT_LIST,
    BEST_LENGTH,
    BEST_MISSING,
    BEST_TOTAL,
    BEST_USED,
    BETTER,
    COST,
    END,
    FREE,
    FREE_ROWS,
    IS_DROP,
    LIMIT,
    MARK,
    MISSING,
    PRIZE,
    ROW_OF,
    SEQ,
    SIZE,
    SLOT_FIRST,
    SLOT_OF,
    START,
    TOP,
    TOTAL,
    TYPE_OF,
    UNITS,
    USED,
    USED_OF,
)
from logistics.solver.routing.search.start import holding_routes
from logistics.solver.routing.search.state import state_of

Key = tuple[int, int, int]


class Search:
    """Routes of one problem, in compiled rounds. Deterministic: the seed and the calls decide."""

    def __init__(self, problem: RoutingProblem, seed: int) -> None:
        self.problem = problem
        self.facts = facts_of(problem)
        self.state = state_of(self.facts, seed)
        self._begins = True

    @property
    def key(self) -> Key:
        """Of the best: visits missing (a pair is one), vehicles where they come first, cost."""
        number = self.state.number
        used = int(number[BEST_USED]) if self.facts.vehicles_first else 0
        return int(number[BEST_MISSING]), used, int(number[BEST_TOTAL])

    @property
    def vehicles(self) -> int:
        """Vehicles that the best uses."""
        return int(self.state.number[BEST_USED])

    @property
    def improvements(self) -> int:
        """How often a new best has been found."""
        return int(self.state.number[BETTER])

    @property
    def mean_leg(self) -> float:
        """Cost of the routes at hand per leg, never less than 1."""
        number, state = self.state.number, self.state
        rows = state.slot[ROW_OF][state.slot[ROW_OF] >= 0]
        legs = int(number[UNITS] - number[ABSENT]) * (2 if self.facts.paired else 1) + len(rows)
        return max(1.0, float(state.row[COST, rows].sum()) / max(1, legs))

    def limit_vehicles(self, most: int) -> None:
        """Use no more vehicles than this from now on."""
        self.state.number[LIMIT] = most

    def adopt(self, solution: RoutingSolution) -> None:
        """Go on from these routes; routes that break a rule are dropped, their visits inserted anew."""
        facts, state, number = self.facts, self.state, self.state.number
        slots = state.slot.shape[1]
        state.slot[[ROW_OF, MARK]] = -1
        state.unit[[SLOT_OF, ABSENT_AT]] = -1
        state.of_kind[TOP], state.of_kind[USED_OF] = facts.kind[SLOT_FIRST, :-1], 0
        state.row[FREE, : 2 * slots] = np.arange(2 * slots - 1, -1, -1)
        number[FREE_ROWS], number[USED] = 2 * slots, 0
        for kind, trips in holding_routes(facts, solution):
            if state.of_kind[TOP, kind] < facts.kind[SLOT_FIRST, kind + 1]:
                self._place(kind, trips)
        units = np.flatnonzero(facts.node[IS_DROP, facts.depots :] == 0) + facts.depots
        absent = units[state.unit[SLOT_OF, units] < 0]
        state.unit[ABSENT_LIST, : len(absent)] = absent
        state.unit[ABSENT_AT, absent] = np.arange(len(absent))
        number[ABSENT] = len(absent)
        number[MISSING] = (facts.node[PRIZE, absent] < 0).sum()
        number[TOTAL] = np.maximum(facts.node[PRIZE, absent], 0).sum()
        self._begins = True

    def _place(self, kind: int, trips: Trips) -> None:
        """Write a route into the next slot of its type."""
        facts, state, number = self.facts, self.state, self.state.number
        nodes = [facts.kind[START, kind]]
        for trip in trips:
            nodes += [*trip, facts.kind[END, kind]]
        number[FREE_ROWS] -= 1
        row, slot = int(state.row[FREE, number[FREE_ROWS]]), int(state.of_kind[TOP, kind])
        first = row * facts.width
        state.place[SEQ, first : first + len(nodes)] = nodes
        state.row[SIZE, row] = len(nodes) - 2
        state.slot[ROW_OF, slot] = row
        state.of_kind[:, kind] += 1
        state.of_kind[TOP, kind] = slot + 1
        number[USED] += 1
        state.unit[SLOT_OF, [i for trip in trips for i in trip]] = slot

    def advance(self, rounds: int, hot: float, cold: float, fleet: int = 0) -> int:
        """Make rounds, heat falling from `hot` to `cold`; send vehicles home down to `fleet` if > 0.

        Returns:
            The rounds made: fewer than asked for if so few vehicles were enough.
        """
        begins, self._begins = self._begins, False
        return int(run(self.facts, self.state, rounds, hot, cold, begins, fleet))

    def best(self) -> RoutingSolution:
        """The best routes so far."""
        facts = self.facts
        routes: list[tuple[list[list[int]], int]] = []
        trips: list[list[int]] = []
        for node in self.state.best[: self.state.number[BEST_LENGTH]].tolist():
            if node < 0:
                trips = [[]]
                routes.append((trips, int(self.state.slot[TYPE_OF, -node - 1])))
            elif node < facts.depots:
                trips.append([])
            else:
                trips[-1].append(node)
        return RoutingSolution(
            tuple(VehicleRoute(tuple(tuple(t) for t in trips), kind) for trips, kind in routes)
        )
