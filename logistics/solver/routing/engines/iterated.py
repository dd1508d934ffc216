"""The engine on PyVRP: iterated local search with penalties and late acceptance.

Wouda, Lan and Kool (2024), doi:10.1287/ijoc.2023.0055. Takes every shape of a bare problem except pairs
on vehicles with several trips, and pairs with a release. Where vehicles come first, a part of the time
goes into fleets of one vehicle less, from the best solution without its shortest route.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from logistics.model.routing import (
    MUST,
    RoutingProblem,
    RoutingSolution,
    VehicleRoute,
)
from logistics.solver.routing.engines import Cancelled, OnBetter
from logistics.solver.routing.matrices import Arrays, arrays

NODES_MAX = 8_000
"""Beyond, two full matrices take more than a gigabyte."""
FINEST = 1_000
"""Millionths are counted in thousandths: penalties were tuned for numbers of that size."""
FLEET_SHARE, FLEET_SHARE_AGAIN = 0.5, 0.2
"""Part of the time for fewer vehicles, where they come first: from nothing, and from a start."""
VEHICLE_LEGS = 10
"""What a vehicle costs, in longest legs, where vehicles come first and are not all alike."""
LONG = 10**9
"""Iterations without improvement before a restart: as good as never within a run of minutes."""


class Iterated:
    """PyVRP 0.14."""

    name = "pyvrp"

    def refuses(self, problem: RoutingProblem) -> str | None:
        """Too large for full matrices, or pairs with trips, with releases, or impossible ones."""
        if problem.size > NODES_MAX:
            return f"{problem.size} nodes; at most {NODES_MAX} fit into full matrices"
        if problem.pairs and problem.reloads:
            return "pairs on vehicles with several trips"
        if any(problem.release_s[i] for pair in problem.pairs for i in pair):
            return "pairs with a release"
        if any(problem.close_s[j] < problem.open_s[i] for i, j in problem.pairs):
            return "a pair whose drop closes before its pickup opens"
        if len(problem.visits) == 0:
            return "no visits"
        return None

    def solve(
        self,
        problem: RoutingProblem,
        *,
        seconds: float,
        seed: int,
        start: RoutingSolution | None = None,
        iterations: int | None = None,
        on_better: OnBetter | None = None,
        cancelled: Cancelled | None = None,
    ) -> RoutingSolution | None:
        """The best feasible solution; None if there was none in time."""
        if self.refuses(problem) is not None:
            return None
        budget = _Budget(time.monotonic() + seconds, iterations, cancelled)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a penalty at its maximum is no news to anyone
            search = _Search(problem, seed, on_better)
            best = search.given(start)
            alike = len(problem.vehicles) == 1 and all(
                problem.prize[i] == MUST for i in problem.visits
            )
            if problem.vehicles_first and alike:
                share = FLEET_SHARE if best is None else FLEET_SHARE_AGAIN
                best = search.fewer(best, budget, budget.part(share))
            best = search.run(best, budget.rest())
        return search.solution(best)


@dataclass(slots=True)
class _Budget:
    """How long it may go on: a moment, or a number of iterations."""

    ends_at: float
    iterations: int | None
    cancelled: Cancelled | None
    used: int = 0

    def part(self, share: float) -> Callable[[], bool]:
        """Whether a share of what is left has been used."""
        now = time.monotonic()
        ends_at = now + share * (self.ends_at - now)
        most = None if self.iterations is None else self.used + int(
            share * (self.iterations - self.used)
        )  # fmt: skip

        def over() -> bool:
            if self.cancelled is not None and self.cancelled():
                return True
            if most is None:
                return time.monotonic() >= ends_at
            return self.used >= most

        return over

    def rest(self) -> Callable[[Any], bool]:
        """PyVRP's stopping criterion for all that is left."""
        return self.stop(self.part(1.0))

    def stop(self, over: Callable[[], bool]) -> Callable[[Any], bool]:
        """A stopping criterion that counts iterations."""

        def stop(_: Any) -> bool:
            if over():
                return True
            self.used += 1
            return False

        return stop


class _Search:
    """The problem in PyVRP's words, with the way there and back."""

    def __init__(self, problem: RoutingProblem, seed: int, on_better: OnBetter | None) -> None:
        self.problem, self.seed, self.on_better = problem, seed, on_better
        paired = {i for pair in problem.pairs for i in pair}
        self.clients = [i for i in problem.visits if i not in paired]
        self.data = _data(problem, self.clients)

    def given(self, start: RoutingSolution | None) -> Any:
        """A start as PyVRP's solution."""
        if start is None:
            return None
        import pyvrp

        client = {i: c for c, i in enumerate(self.clients)}
        pickup = {first: s for s, (first, _) in enumerate(self.problem.pairs)}
        drop = {second: s for s, (_, second) in enumerate(self.problem.pairs)}
        kinds = (
            (client, pyvrp.ActivityType.CLIENT),
            (pickup, pyvrp.ActivityType.PICKUP),
            (drop, pyvrp.ActivityType.DELIVERY),
        )
        calls = {i: pyvrp.Activity(kind, index) for own, kind in kinds for i, index in own.items()}
        routes = []
        for route in start.routes:
            reload = pyvrp.Activity(
                pyvrp.ActivityType.DEPOT, self.problem.vehicles[route.kind].start
            )
            trips = [[calls[i] for i in trip] for trip in route.trips if trip]
            acts = [act for k, trip in enumerate(trips) for act in ([reload] if k else []) + trip]
            if acts:
                routes.append(pyvrp.Route(self.data, acts, route.kind))
        return pyvrp.Solution(self.data, routes)

    def fewer(self, best: Any, budget: _Budget, over: Callable[[], bool]) -> Any:
        """The best solution with as few vehicles as can be had before it is over."""
        if best is None or not best.is_feasible():
            best = self.run(None, budget.stop(over), feasible=True)
        least = self._vehicles_min()
        while best.is_feasible() and best.num_routes() > least and not over():
            short = sorted(best.routes(), key=len)[1:]
            self._fleet(len(short))
            found = self.run(self._kept(short), budget.stop(over), feasible=True)
            if not found.is_feasible():
                break
            best = found
        self._fleet(best.num_routes() if best.is_feasible() else self._all())
        return self._kept(best.routes())

    def _all(self) -> int:
        count = self.problem.vehicles[0].count
        return len(self.problem.visits) if count is None else count

    def _fleet(self, vehicles: int) -> None:
        kind = self.data.vehicle_type(0).replace(num_available=max(1, vehicles))
        self.data = self.data.replace(vehicle_types=[kind])

    def _kept(self, routes: list[Any]) -> Any:
        """Routes once more, for the fleet of now."""
        import pyvrp

        own = [
            pyvrp.Route(self.data, [_plain(act) for act in list(route)[1:-1]], 0)
            for route in routes
        ]
        return pyvrp.Solution(self.data, own)

    def _vehicles_min(self) -> int:
        """Vehicles without which the amounts do not fit."""
        kind, clients = self.problem.vehicles[0], self.clients
        if kind.trips_max is None:
            return 1
        totals = [sum(column[i] for i in clients) for column in self.problem.amounts]
        rooms = [room * kind.trips_max for room in kind.capacity]
        return max([1, *(int(-(-t // r)) for t, r in zip(totals, rooms, strict=True) if r)])

    def run(self, start: Any, stop: Callable[[Any], bool], feasible: bool = False) -> Any:
        """What `pyvrp.solve` does, with every better solution told; `feasible`: until the first."""
        import pyvrp
        from pyvrp.search import OPERATORS, LocalSearch, PerturbationManager, compute_neighbours

        data, search = self.data, self
        rng = pyvrp.RandomNumberGenerator(seed=self.seed)
        local = LocalSearch(data, rng, compute_neighbours(data), PerturbationManager())
        for operator in OPERATORS:
            if operator.supports(data):
                local.add_operator(operator(data))
        params = pyvrp.PenaltyParams()
        penalties = pyvrp.PenaltyManager(params.midpoint_penalties(data), params)
        if start is None or not start.routes():
            random = pyvrp.Solution.make_random(data, rng)
            start = local(random, penalties.max_cost_evaluator(), exhaustive=True)
        self._tell(start)

        class Callbacks(pyvrp.IteratedLocalSearchCallbacks):
            def on_best(self, best: Any) -> None:
                search._tell(best)

        free = pyvrp.CostEvaluator([0] * data.num_load_dimensions, 0, 0)
        infinite = free.cost(pyvrp.Solution(data, [])) if feasible else None
        ils = pyvrp.IteratedLocalSearchParams(num_iters_no_improvement=LONG, callbacks=Callbacks())
        algorithm = pyvrp.IteratedLocalSearch(data, penalties, local, start, ils)
        return algorithm.run(
            lambda cost: (infinite is not None and cost < infinite) or stop(cost),
            collect_stats=False,
        ).best

    def _tell(self, found: Any) -> None:
        if self.on_better is not None and found.is_feasible():
            self.on_better(_told(self.problem, self.clients, found))

    def solution(self, found: Any) -> RoutingSolution | None:
        """PyVRP's solution in ours; None if it breaks a rule."""
        return _told(self.problem, self.clients, found) if found.is_feasible() else None


def _plain(act: Any) -> Any:
    import pyvrp

    return pyvrp.Activity(act.type, act.idx)


def _told(problem: RoutingProblem, clients: list[int], found: Any) -> RoutingSolution:
    routes = []
    for route in found.routes():
        trips: list[list[int]] = [[]]
        for act in route:
            if act.is_depot():
                trips.append([])
            elif act.is_client():
                trips[-1].append(clients[act.idx])
            else:
                trips[-1].append(problem.pairs[act.idx][0 if act.is_pickup() else 1])
        made = tuple(tuple(trip) for trip in trips if trip)
        if made:
            routes.append(VehicleRoute(made, route.vehicle_type()))
    return RoutingSolution(tuple(routes))


def _data(problem: RoutingProblem, clients: list[int]) -> Any:
    """PyVRP's problem: locations and depots are our nodes, shipments our pairs."""
    import pyvrp

    own = arrays(problem, max(1, problem.scale // FINEST))
    unit, matrices = own.unit, cast(Any, (own.leg, own.drive_s))
    places = list(zip(problem.x, problem.y, strict=True)) or [(0.0, 0.0)] * problem.size
    price = [-(-p // unit) if p != MUST else 0 for p in problem.prize]
    must = [p == MUST for p in problem.prize]
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(x=x, y=y) for x, y in places],
        clients=[
            pyvrp.Client(
                location=i,
                delivery=[int(column[i]) for column in problem.amounts],
                service_duration=int(own.service_s[i]),
                tw_early=int(own.open_s[i]),
                tw_late=max(int(own.open_s[i]), int(own.close_s[i])),
                release_time=int(own.release_s[i]),
                prize=price[i],
                required=must[i],
            )
            for i in clients
        ],
        depots=[
            pyvrp.Depot(
                location=i,
                tw_early=int(own.open_s[i]),
                tw_late=max(int(own.open_s[i]), int(own.close_s[i])),
            )
            for i in range(problem.depots)
        ],
        vehicle_types=_vehicles(problem, own),
        distance_matrices=[matrices[0]],
        duration_matrices=[matrices[1]],
        shipments=[
            pyvrp.Shipment(
                pickup_location=i,
                delivery_location=j,
                pickup_tw_early=int(own.open_s[i]),
                pickup_tw_late=max(int(own.open_s[i]), int(own.close_s[i])),
                pickup_service_duration=int(own.service_s[i]),
                delivery_tw_early=int(own.open_s[j]),
                delivery_tw_late=max(int(own.open_s[j]), int(own.close_s[j])),
                delivery_service_duration=int(own.service_s[j]),
                amount=[int(column[i]) for column in problem.amounts],
                prize=price[i] + price[j],
                required=must[i] or must[j],
            )
            for i, j in problem.pairs
        ],
    )


def _vehicles(problem: RoutingProblem, own: Arrays) -> list[Any]:
    """Vehicle types; a fixed cost where vehicles come first and are not alike."""
    import pyvrp

    many = len(problem.visits)
    first = problem.vehicles_first and len(problem.vehicles) > 1
    extra = VEHICLE_LEGS * int(own.leg.max()) if first else 0
    made = []
    for kind in problem.vehicles:
        open_s = own.since(kind.open_s)
        made.append(
            pyvrp.VehicleType(
                num_available=many if kind.count is None else min(kind.count, many),
                capacity=[int(room) for room in kind.capacity],
                start_depot=kind.start,
                end_depot=kind.end,
                fixed_cost=-(-kind.fixed_cost // own.unit) + extra,
                tw_early=open_s,
                tw_late=max(open_s, own.until(kind.close_s)),
            )
        )
        if kind.trips_max is None:
            made[-1] = made[-1].replace(reload_depots=[kind.start])
        elif kind.trips_max > 1:
            most = kind.trips_max - 1
            made[-1] = made[-1].replace(reload_depots=[kind.start], max_reloads=most)
    return made
