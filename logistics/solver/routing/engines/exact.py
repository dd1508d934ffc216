"""The engine for small problems: all tours that matter, then the best choice among them, proven.

Tours come from `trips`; CP-SAT chooses among them so that each visit is made at most once, level by
level in the order of the objective: missing visits, vehicles where they come first, cost.
"""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from logistics.model.routing import MUST, RoutingProblem, RoutingSolution, VehicleRoute
from logistics.solver.routing.engines import Cancelled, OnBetter
from logistics.solver.routing.engines.trips import Enumeration, OutOfTime

VISITS_MAX = 15
"""The enumeration looks at up to 2 to the power of so many sets."""


class Column(NamedTuple):
    """One vehicle of a type on a tour; `cost` contains the vehicle's own."""

    kind: int
    served: int
    cost: int
    trips: tuple[tuple[int, ...], ...]


class RouteEnumeration:
    """Route enumeration and set partitioning; `prove` also gives the bound."""

    name = "exact"

    def refuses(self, problem: RoutingProblem) -> str | None:
        """More visits than can be enumerated."""
        if len(problem.visits) > VISITS_MAX:
            return f"{len(problem.visits)} visits; at most {VISITS_MAX} are enumerated"
        return None

    def solve(
        self,
        problem: RoutingProblem,
        *,
        seconds: float,
        seed: int,
        start: RoutingSolution | None = None,  # noqa: ARG002
        iterations: int | None = None,
        on_better: OnBetter | None = None,
        cancelled: Cancelled | None = None,
    ) -> RoutingSolution | None:
        """The best solution there is, or None if the time was too short; `iterations` set no limit."""
        limit_s = float("inf") if iterations is not None else seconds
        found, _ = self._prove(problem, limit_s, seed, cancelled)
        if found is not None and on_better is not None:
            on_better(found)
        return found

    def prove(
        self, problem: RoutingProblem, *, seconds: float, seed: int
    ) -> tuple[RoutingSolution | None, int | None]:
        """The best solution there is and its cost; (None, None) if the time was too short."""
        return self._prove(problem, seconds, seed, None)

    def _prove(
        self, problem: RoutingProblem, seconds: float, seed: int, cancelled: Cancelled | None
    ) -> tuple[RoutingSolution | None, int | None]:
        if self.refuses(problem) is not None:
            return None, None
        ends_at = time.monotonic() + seconds

        def over() -> bool:
            return time.monotonic() >= ends_at or (cancelled is not None and cancelled())

        try:
            columns = _columns(problem, over)
        except OutOfTime:
            return None, None
        return _choose(problem, columns, ends_at, seed)


def _columns(problem: RoutingProblem, over: Cancelled) -> list[Column]:
    """The cheapest tour of every type of vehicle over every set of visits."""
    found = []
    for k, kind in enumerate(problem.vehicles):
        for served, tours in Enumeration(problem, kind, over).tours().items():
            best = min(tours)
            found.append(Column(k, served, kind.fixed_cost + best.cost, best.trips))
    return found


def _choose(
    problem: RoutingProblem, columns: list[Column], ends_at: float, seed: int
) -> tuple[RoutingSolution | None, int | None]:
    """The best choice of columns, level by level."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    used = [model.new_bool_var(f"tour {c}") for c in range(len(columns))]
    out = {i: model.new_bool_var(f"out {i}") for i in problem.visits}
    for v, i in enumerate(problem.visits):
        on = [x for x, column in zip(used, columns, strict=True) if column.served >> v & 1]
        model.add_exactly_one([*on, out[i]])
    for k, kind in enumerate(problem.vehicles):
        if kind.count is not None:
            own = [x for x, column in zip(used, columns, strict=True) if column.kind == k]
            model.add(sum(own) <= kind.count)
    prizes = [problem.prize[i] * x for i, x in out.items() if problem.prize[i] != MUST]
    costs = [column.cost * x for x, column in zip(used, columns, strict=True)]
    levels = [sum(x for i, x in out.items() if problem.prize[i] == MUST)]
    if problem.vehicles_first:
        levels.append(sum(used))
    levels.append(sum(costs) + sum(prizes))
    solver: Any = None
    for level in levels:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed % 2**31
        left_s = ends_at - time.monotonic()
        if left_s != float("inf"):
            solver.parameters.max_time_in_seconds = max(0.0, left_s)
        model.minimize(level)
        if solver.solve(model) != cp_model.OPTIMAL:
            return None, None
        best = round(solver.objective_value)
        model.add(level == best)
        model.clear_hints()  # type: ignore[no-untyped-call]
        for variable in (*used, *out.values()):
            model.add_hint(variable, solver.value(variable))
    routes = [
        VehicleRoute(column.trips, column.kind)
        for x, column in zip(used, columns, strict=True)
        if solver.value(x)
    ]
    return RoutingSolution(tuple(routes)), best
