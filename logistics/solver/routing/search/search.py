"""The search as a plain object: begin, take over a solution, make rounds, give the best."""

from __future__ import annotations

import numpy as np

from logistics.model.routing import RoutingProblem, RoutingSolution, VehicleRoute
from logistics.solver.routing.search.anneal import run
from logistics.solver.routing.search.columns import facts_of
from logistics.solver.routing.search.start import holding_routes
from logistics.solver.routing.search.state import (
    ABSENT,
    BEST_LENGTH,
    BEST_MISSING,
    BEST_TOTAL,
    BEST_USED,
    BETTER,
    FREE_ROWS,
    LIMIT,
    MISSING,
    TOTAL,
    UNITS,
    USED,
    state_of,
)

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
        rows = state.row_of[state.row_of >= 0]
        legs = int(number[UNITS] - number[ABSENT]) * (2 if self.facts.paired else 1) + len(rows)
        return max(1.0, float(state.cost[rows].sum()) / max(1, legs))

    def limit_vehicles(self, most: int) -> None:
        """Use no more vehicles than this from now on."""
        self.state.number[LIMIT] = most

    def adopt(self, solution: RoutingSolution) -> None:
        """Go on from these routes; routes that break a rule are dropped, their visits inserted anew."""
        facts, state, number = self.facts, self.state, self.state.number
        slots = len(state.row_of)
        state.row_of[:], state.mark[:], state.slot_of[:], state.absent_at[:] = -1, -1, -1, -1
        state.top[:], state.used_of[:] = facts.slot_first[:-1], 0
        state.free[:] = np.arange(2 * slots - 1, -1, -1)
        number[FREE_ROWS], number[USED] = 2 * slots, 0
        for kind, trips in holding_routes(facts, solution):
            slot = int(facts.slot_first[kind] + state.used_of[kind])
            if slot == facts.slot_first[kind + 1]:
                continue
            nodes = [facts.start[kind]]
            for trip in trips:
                nodes += [*trip, facts.end[kind]]
            number[FREE_ROWS] -= 1
            row = int(state.free[number[FREE_ROWS]])
            state.seq[row * facts.width : row * facts.width + len(nodes)] = nodes
            state.size[row] = len(nodes) - 2
            state.row_of[slot] = row
            state.used_of[kind] += 1
            state.top[kind] = slot + 1
            number[USED] += 1
            state.slot_of[[i for trip in trips for i in trip]] = slot
        absent = [
            u
            for u in range(facts.depots, facts.n)
            if state.slot_of[u] < 0 and not facts.is_drop[u]
        ]
        state.absent[: len(absent)] = absent
        state.absent_at[absent] = np.arange(len(absent))
        number[ABSENT] = len(absent)
        number[MISSING] = sum(1 for u in absent if facts.prize[u] < 0)
        number[TOTAL] = sum(max(0, int(facts.prize[u])) for u in absent)
        self._begins = True

    def advance(self, rounds: int, hot: float, cold: float, fleet: int = 0) -> int:
        """Make rounds, heat falling from `hot` to `cold`; send vehicles home down to `fleet` if > 0.

        Returns:
            The rounds made: fewer than asked for if so few vehicles were enough.
        """
        begins, self._begins = self._begins, False
        return int(run(self.facts, self.state, rounds, hot, cold, begins, fleet))

    def best(self) -> RoutingSolution:
        """The best routes so far."""
        facts, routes = self.facts, []
        trips: list[list[int]] = []
        for node in self.state.best[: self.state.number[BEST_LENGTH]].tolist():
            if node < 0:
                trips = [[]]
                routes.append((trips, int(facts.type_of[-node - 1])))
            elif node < facts.depots:
                trips.append([])
            else:
                trips[-1].append(node)
        return RoutingSolution(
            tuple(VehicleRoute(tuple(tuple(t) for t in trips), kind) for trips, kind in routes)
        )
