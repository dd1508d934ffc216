"""The engine on OR-Tools routing: guided local search over every feature of a bare problem.

Every trip that a vehicle might make is a vehicle of the model; the trips of a vehicle follow one another
in time, and only the first costs a vehicle. When a trip leaves is the cumulated time of its start, so
that releases are differences between starts and calls. Every call stands in a disjunction with a price:
without them a tight day returns nothing at once.
"""

from __future__ import annotations

import time
from typing import Any

from logistics.model.routing import MUST, RoutingProblem, RoutingSolution, VehicleRoute
from logistics.solver.routing.engines import Cancelled, OnBetter
from logistics.solver.routing.engines.nearest import construct
from logistics.solver.routing.matrices import Arrays, amounts, arrays
from logistics.solver.routing.score import driven, score

NODES_MAX = 2_500
"""Beyond, its first solution alone takes minutes."""
SPARE_VEHICLES, SPARE_TRIPS = 3, 1
"""Offered beyond what a quick construction, or the start, needs."""
LARGEST = 2**60
"""Costs beyond this would overflow when they are added."""
A_DAY_S = 86_400


class Guided:
    """OR-Tools routing."""

    name = "ortools"

    def refuses(self, problem: RoutingProblem) -> str | None:
        """Too large for its callbacks, or empty: the library aborts on empty models."""
        if problem.size > NODES_MAX:
            return f"{problem.size} nodes; at most {NODES_MAX}"
        return None if len(problem.visits) else "no visits"

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
        """The best solution met; `iterations` counts the solutions that the search visits."""
        if self.refuses(problem) is not None:
            return None
        from ortools.constraint_solver import pywrapcp, routing_enums_pb2

        ends_at = time.monotonic() + seconds
        sketch = start or construct(problem)
        if (
            problem.reloads
            or any(problem.release_s)
            or any(problem.prize[i] != MUST for i in problem.visits)
        ):
            start = sketch  # its own first solution leaves most visits out here
        model = _Model(problem, sketch)
        seen = _Seen(problem, on_better)
        parameters = pywrapcp.DefaultRoutingSearchParameters()
        parameters.local_search_metaheuristic = (
            routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        )
        parameters.first_solution_strategy = (
            routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
        )
        limit_s = A_DAY_S if iterations is not None else max(0.01, ends_at - time.monotonic())
        parameters.time_limit.FromMilliseconds(int(1000 * limit_s))
        if iterations is not None:
            parameters.solution_limit = max(1, iterations)
        model.routing.AddAtSolutionCallback(lambda: seen.note(model.solution()))
        if cancelled is not None:
            model.routing.AddSearchMonitor(model.solver.CustomLimit(cancelled))
        model.solver.ReSeed(seed)
        model.routing.CloseModelWithParameters(parameters)
        first = None
        if start is not None:
            first = model.routing.ReadAssignmentFromRoutes(model.routes(start), True)
        if first is not None:
            model.routing.SolveFromAssignmentWithParameters(first, parameters)
        else:
            model.routing.SolveWithParameters(parameters)
        return seen.best


class _Seen:
    """The best of the solutions seen, by the score."""

    def __init__(self, problem: RoutingProblem, on_better: OnBetter | None) -> None:
        self.problem, self.on_better = problem, on_better
        self.best: RoutingSolution | None = None
        self.key: tuple[int, int, int] | None = None

    def note(self, found: RoutingSolution) -> None:
        """Keep it if it is better than all before."""
        worth = score(self.problem, found)
        if worth is not None and (self.key is None or worth.key < self.key):
            self.best, self.key = found, worth.key
            if self.on_better is not None:
                self.on_better(found)


class _Model:
    """The routing model; its first nodes are the problem's, and `trips[v]` stand for vehicle *v*."""

    def __init__(self, problem: RoutingProblem, sketch: RoutingSolution) -> None:
        from ortools.constraint_solver import pywrapcp

        self.problem, self.own = problem, arrays(problem)
        self.kind_of = _fleet(problem, sketch)
        self.trips: list[list[int]] = []
        starts, ends, self.vehicle_of = list[int](), list[int](), list[int]()
        for v, k in enumerate(self.kind_of):
            kind, many = problem.vehicles[k], _trips(problem, sketch, k)
            self.trips.append([len(starts) + t for t in range(many)])
            self.vehicle_of += [v] * many
            starts += [kind.start] * many
            ends += [kind.start if many > 1 else kind.end] * many
        self.manager = pywrapcp.RoutingIndexManager(problem.size, len(starts), starts, ends)
        self.routing = pywrapcp.RoutingModel(self.manager)
        self.solver = self.routing.solver()
        self.index = {i: self.manager.NodeToIndex(i) for i in problem.visits}
        self._price()
        self._keep_time()
        self._carry()
        self._keep_pairs()

    def routes(self, start: RoutingSolution) -> list[list[int]]:
        """A solution as one list of nodes for each vehicle of the model."""
        free: dict[int, list[int]] = {}
        for v, k in enumerate(self.kind_of):
            free.setdefault(k, []).append(v)
        lists: list[list[int]] = [[] for _ in self.vehicle_of]
        for route in start.routes:
            if driven(route).trips:
                own = self.trips[free[route.kind].pop(0)]
                for place, trip in zip(own, driven(route).trips, strict=False):
                    lists[place] = [self.index[i] for i in trip]
        return lists

    def solution(self) -> RoutingSolution:
        """The solution at which the search stands."""
        made = [
            VehicleRoute(tuple(map(self._calls, trips)), k)
            for trips, k in zip(self.trips, self.kind_of, strict=True)
        ]
        return RoutingSolution(tuple(route for route in map(driven, made) if route.trips))

    def _calls(self, place: int) -> tuple[int, ...]:
        calls = []
        index = self.routing.NextVar(self.routing.Start(place)).Value()
        while not self.routing.IsEnd(index):
            calls.append(self.manager.IndexToNode(index))
            index = self.routing.NextVar(index).Value()
        return tuple(calls)

    def _price(self) -> None:
        """Legs on arcs, vehicles on first trips, and a price on every call."""
        problem, routing = self.problem, self.routing
        routing.SetArcCostEvaluatorOfAllVehicles(
            routing.RegisterTransitMatrix(self.own.leg.tolist())
        )
        longest = int(self.own.leg.max()) * 2 * problem.size + sum(
            p for p in problem.prize if p != MUST
        )
        vehicle = longest if problem.vehicles_first else 0
        fixed = max(kind.fixed_cost for kind in problem.vehicles) + vehicle
        must = min(LARGEST // problem.size, longest + fixed * (len(self.kind_of) + 1))
        for trips, k in zip(self.trips, self.kind_of, strict=True):
            routing.SetFixedCostOfVehicle(problem.vehicles[k].fixed_cost + vehicle, trips[0])
        for i, index in self.index.items():
            price = must if problem.prize[i] == MUST else problem.prize[i]
            routing.AddDisjunction([index], int(price))

    def _keep_time(self) -> None:
        """Cumulated time is the start of a service, the leaving of a depot, and the coming back."""
        own, routing = self.own, self.routing
        drive = own.drive_s + own.service_s[:, None]
        drive[: self.problem.depots] = own.drive_s[: self.problem.depots]
        horizon_s = own.horizon_s
        evaluator = routing.RegisterTransitMatrix(drive.tolist())
        routing.AddDimension(evaluator, horizon_s, horizon_s, False, "time")
        self.time = routing.GetDimensionOrDie("time")
        for i, index in self.index.items():
            if own.open_s[i] <= own.close_s[i]:
                self.time.CumulVar(index).SetRange(int(own.open_s[i]), int(own.close_s[i]))
            else:
                self.solver.Add(routing.ActiveVar(index) == 0)
        self.starts = [self.time.CumulVar(routing.Start(p)) for p in range(len(self.vehicle_of))]
        ends = [self.time.CumulVar(routing.End(p)) for p in range(len(self.vehicle_of))]
        for trips, k in zip(self.trips, self.kind_of, strict=True):
            self._chain(own, k, trips, ends)
        self._wait_for_release()

    def _chain(self, own: Arrays, k: int, trips: list[int], ends: list[Any]) -> None:
        """The shift of one vehicle, and its trips one after the other."""
        kind, problem = self.problem.vehicles[k], self.problem
        since = max(kind.open_s, int(problem.open_s[kind.start]))
        leave = own.until(int(problem.close_s[kind.start]))
        back = own.until(min(kind.close_s, int(problem.close_s[kind.end])))
        for t, place in enumerate(trips):
            self.starts[place].SetRange(since, max(since, leave))
            ends[place].SetRange(since, max(since, back))
            if t:
                self.solver.Add(self.starts[place] >= ends[trips[t - 1]])
                used = self.routing.ActiveVehicleVar
                self.solver.Add(used(place) <= used(trips[t - 1]))
            self.routing.AddVariableMinimizedByFinalizer(ends[place])

    def _wait_for_release(self) -> None:
        """A trip leaves after the release of all that is on it."""
        release_s = {i: int(self.own.release_s[i]) for i in self.index if self.own.release_s[i]}
        if not release_s:
            return
        leaves = [self.solver.IntConst(self.own.horizon_s), *self.starts]
        for i, moment in release_s.items():
            trip = (self.routing.VehicleVar(self.index[i]) + 1).Var()
            self.solver.Add(self.solver.Element(leaves, trip) >= moment)

    def _carry(self) -> None:
        """What is on board: loaded at the depot for all calls, and changed by every one."""
        paired = {i for pair in self.problem.pairs for i in pair}
        for d, column in enumerate(amounts(self.problem)):
            room = [
                int(self.problem.vehicles[self.kind_of[v]].capacity[d]) for v in self.vehicle_of
            ]
            out = [int(q) if i not in paired else 0 for i, q in enumerate(column)]
            out[: self.problem.depots] = [0] * self.problem.depots
            leaving = self._dimension(f"leaving {d}", out, room, from_zero=True)
            if not paired:
                continue
            change = [int(q) if i in paired else -out[i] for i, q in enumerate(column)]
            board = self._dimension(f"on board {d}", change, room, from_zero=False)
            for place in range(len(self.vehicle_of)):
                at_start = board.CumulVar(self.routing.Start(place))
                self.solver.Add(at_start == leaving.CumulVar(self.routing.End(place)))

    def _dimension(self, name: str, change: list[int], room: list[int], from_zero: bool) -> Any:
        evaluator = self.routing.RegisterUnaryTransitVector(change)
        self.routing.AddDimensionWithVehicleCapacity(evaluator, 0, room, from_zero, name)
        return self.routing.GetDimensionOrDie(name)

    def _keep_pairs(self) -> None:
        """Both ends of a pair on one trip, the pickup first."""
        for pair in self.problem.pairs:
            pickup, drop = (self.index[i] for i in pair)
            self.routing.AddPickupAndDelivery(pickup, drop)
            self.solver.Add(self.routing.VehicleVar(pickup) == self.routing.VehicleVar(drop))
            self.solver.Add(self.time.CumulVar(pickup) <= self.time.CumulVar(drop))


def _fleet(problem: RoutingProblem, sketch: RoutingSolution) -> list[int]:
    """Vehicles offered, by kind: what the sketch uses and some more; all, where some are missing."""
    served = sum(len(trip) for route in sketch.routes for trip in route.trips)
    used = [0] * len(problem.vehicles)
    for route in sketch.routes:
        used[route.kind] += bool(driven(route).trips)
    offered = []
    for k, kind in enumerate(problem.vehicles):
        most = len(problem.visits) if kind.count is None else min(kind.count, len(problem.visits))
        spare = len(problem.visits) if served < len(problem.visits) else SPARE_VEHICLES
        offered += [k] * max(1, min(most, used[k] + spare))
    return offered


def _trips(problem: RoutingProblem, sketch: RoutingSolution, k: int) -> int:
    """Trips offered to each vehicle of a kind; vehicles that end elsewhere than they load make one."""
    kind = problem.vehicles[k]
    most = len(problem.visits) if kind.trips_max is None else kind.trips_max
    if kind.start != kind.end:
        return 1
    made = max((len(driven(route).trips) for route in sketch.routes), default=0)
    return max(1, min(most, made + SPARE_TRIPS))
