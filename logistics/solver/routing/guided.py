"""The engine on OR-Tools routing: guided local search over all trips of a day at once.

Every trip that a shift might make is a vehicle of the model; the trips of a shift follow one another
in time, and only the first costs a vehicle-day. The moment at which a trip leaves home is the cumulated
time of its start, so that docking, goods collected the same day and cold minutes are differences
between starts, calls and ends; which trip a call is on is an element constraint. What the search finds
is put to the exact schedule, which decides.
"""

from __future__ import annotations

import time
from typing import Any

from logistics.solver.routing.day import BACK_HOME, LEAVING_HOME, Day, Sketch
from logistics.solver.routing.frame import one_stop
from logistics.solver.routing.problem import (
    METRE_COST,
    NO_LIMIT_S,
    SECOND_COST,
    VEHICLE_DAY_COST,
)
from logistics.solver.routing.schedule import AFTER_UNLOADING_S, Clock, Timetable

PATIENCE_MIN_S = 0.3
PATIENCE_SHARE = 1 / 3
SPARE_TRIPS = 1
"""Trips offered to every shift beyond the most that any shift makes in the plan to be improved."""


def improve(clock: Clock, table: Timetable, seconds: float, seed: int) -> Timetable:
    """The best timetable that guided local search finds from a given one, or that one.

    Stops early when a third of the time has brought nothing.
    """
    if not clock.day.points or not clock.day.slots:  # the library aborts on empty models
        return table
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    model = _Model(clock.day, table.sketch)
    ends_at = time.monotonic() + seconds
    patience_s = max(PATIENCE_MIN_S, PATIENCE_SHARE * seconds)
    best, better_at = table, time.monotonic()

    def note() -> None:
        nonlocal best, better_at
        found = clock.timetable(model.sketch())
        if found is not None and found.cost < best.cost:
            best, better_at = found, time.monotonic()

    def is_over() -> bool:
        now = time.monotonic()
        return now > ends_at or now > better_at + patience_s

    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    parameters.time_limit.FromMilliseconds(max(1, int(1000 * seconds)))
    model.routing.AddAtSolutionCallback(note)
    model.routing.AddSearchMonitor(model.solver.CustomLimit(is_over))
    model.solver.ReSeed(seed)
    model.routing.CloseModelWithParameters(parameters)
    start = model.routing.ReadAssignmentFromRoutes(model.routes(table.sketch), True)
    if start is not None:
        model.routing.SolveFromAssignmentWithParameters(start, parameters)
    return best


class _Model:
    """The routing model of one day; points are its first nodes, homes follow.

    `trips[s][k]` is the vehicle that stands for trip *k* of slot *s*.
    """

    def __init__(self, day: Day, sketch: Sketch) -> None:
        from ortools.constraint_solver import pywrapcp

        most = min(len(day.points), max(map(len, sketch), default=0) + SPARE_TRIPS)
        self.day = day
        self.trips = [[s * most + k for k in range(most)] for s in range(len(day.slots))]
        self.slot_of = [s for s, trips in enumerate(self.trips) for _ in trips]
        homes = sorted({slot.home_id for slot in day.slots})
        self.node_place = [day.at(p) for p in range(len(day.points))]
        self.node_place += [day.places[home_id] for home_id in homes]
        ends = [len(day.points) + homes.index(day.slots[s].home_id) for s in self.slot_of]
        self.manager = pywrapcp.RoutingIndexManager(
            len(self.node_place), len(self.slot_of), ends, ends
        )
        self.routing = pywrapcp.RoutingModel(self.manager)
        self.solver = self.routing.solver()
        self.index = [self.manager.NodeToIndex(p) for p in range(len(day.points))]
        self._price_driving()
        self._keep_time()
        self._dock_and_chain()
        self._fill_compartments()
        self._make_tasks_whole()
        self._wait_for_collections()
        self._keep_cold()

    def routes(self, sketch: Sketch) -> list[list[int]]:
        """A sketch as one list of indices for each vehicle of the model."""
        padded = [
            (*trips, *[()] * (len(self.trips[s]) - len(trips))) for s, trips in enumerate(sketch)
        ]
        return [[self.index[p] for p in trip] for trips in padded for trip in trips]

    def sketch(self) -> Sketch:
        """The solution at which the search stands."""
        routes = [[self._calls(v) for v in trips] for trips in self.trips]
        return tuple(tuple(trip for trip in trips if trip) for trips in routes)

    def _calls(self, vehicle: int) -> tuple[int, ...]:
        calls = []
        index = self.routing.NextVar(self.routing.Start(vehicle)).Value()
        while not self.routing.IsEnd(index):
            calls.append(self.manager.IndexToNode(index))
            index = self.routing.NextVar(index).Value()
        return tuple(calls)

    def _price_driving(self) -> None:
        """Metres and the docks at home on arcs, vehicle-days on first trips, prices on tasks."""
        day, places = self.day, self.node_place
        dock_s = {day.places[slot.home_id]: slot.dock_s for slot in day.slots}
        cost = [[METRE_COST * day.metres[a][b] for b in places] for a in places]
        for p, point in enumerate(day.points):
            for home in range(len(day.points), len(places)):
                dock_cost = SECOND_COST * dock_s[places[home]]
                cost[home][p] += dock_cost * bool(day.tasks[point.task].from_hub)
                cost[p][home] += dock_cost * bool(day.tasks[point.task].to_hub)
        self.routing.SetArcCostEvaluatorOfAllVehicles(self.routing.RegisterTransitMatrix(cost))
        for trips in self.trips:
            for v in trips[:1]:
                if not day.slots[self.slot_of[v]].fixed:
                    self.routing.SetFixedCostOfVehicle(VEHICLE_DAY_COST, v)
        for task in day.tasks:
            for p in task.points:
                price = task.price if p == task.points[-1] else 0
                self.routing.AddDisjunction([self.index[p]], price)

    def _keep_time(self) -> None:
        """Cumulated time is the start of a call, the leaving of home, and the coming back."""
        day, places = self.day, self.node_place
        n = len(day.points)
        service = [point.call.service_s for point in day.points] + [0] * (len(places) - n)
        drive = [[service[i] + day.seconds[a][b] for b in places] for i, a in enumerate(places)]
        together = [(p, q) for p in range(n) for q in range(n) if one_stop(day, p, q)]
        for p, q in together:
            drive[p][q] = 0
        evaluator = self.routing.RegisterTransitMatrix(drive)
        self.routing.AddDimension(evaluator, NO_LIMIT_S, NO_LIMIT_S, False, "time")
        self.time = self.routing.GetDimensionOrDie("time")
        self.time.SetSpanCostCoefficientForAllVehicles(SECOND_COST)
        for p, point in enumerate(day.points):
            latest_s = max(point.call.open_s, point.call.latest_start_s)
            self._at(p).SetRange(point.call.open_s, latest_s)
            if latest_s > point.call.latest_start_s:
                self.solver.Add(self.routing.ActiveVar(self.index[p]) == 0)
        for p, q in together:
            follows = self.solver.IsEqualCstVar(self.routing.NextVar(self.index[p]), self.index[q])
            self.solver.Add(self._at(q) - self._at(p) <= NO_LIMIT_S * (1 - follows))
        self.starts = [self.time.CumulVar(self.routing.Start(v)) for v in range(len(self.slot_of))]
        self.ends = [self.time.CumulVar(self.routing.End(v)) for v in range(len(self.slot_of))]

    def _dock_and_chain(self) -> None:
        """Trips of a shift follow one another; docks at home take time where goods move."""
        tasks = [self.day.tasks[point.task] for point in self.day.points]
        loads = self._counted("loading", [bool(task.from_hub) for task in tasks])
        unloads = self._counted("unloading", [bool(task.to_hub) for task in tasks])
        used = [self.routing.ActiveVehicleVar(v) for v in range(len(self.slot_of))]
        for slot, trips in zip(self.day.slots, self.trips, strict=True):
            free: Any = min(slot.free_from_s, slot.end_s)
            for k, v in enumerate(trips):
                self.starts[v].SetRange(slot.start_s, slot.end_s)
                self.ends[v].SetRange(slot.start_s, slot.end_s)
                self.solver.Add(self.starts[v] >= free + slot.dock_s * loads[v])
                free = self.ends[v] + slot.dock_s * unloads[v]
                self.solver.Add(free <= slot.end_s)
                if k:
                    self.solver.Add(used[v] <= used[trips[k - 1]])
                self.routing.AddVariableMinimizedByFinalizer(self.ends[v])
                self.routing.AddVariableMaximizedByFinalizer(self.starts[v])
        for vehicle_id in sorted({slot.vehicle_id for slot in self.day.slots}):
            shifts = [s for s, slot in enumerate(self.day.slots) if slot.vehicle_id == vehicle_id]
            fixed = [s for s in shifts if self.day.slots[s].fixed]
            if len(shifts) > 1:
                others = [used[self.trips[s][0]] for s in shifts if s not in fixed]
                self.solver.Add(self.solver.Sum(others) <= (0 if fixed else 1))

    def _counted(self, name: str, counts: list[bool]) -> list[Any]:
        """For each vehicle, whether any of its calls counts."""
        if not any(counts):
            return [0] * len(self.slot_of)
        self._dimension(name, [int(count) for count in counts], [len(counts)] * len(self.slot_of))
        dimension = self.routing.GetDimensionOrDie(name)
        return [
            self.solver.IsGreaterOrEqualCstVar(dimension.CumulVar(self.routing.End(v)), 1)
            for v in range(len(self.slot_of))
        ]

    def _dimension(
        self, name: str, amounts: list[int], room: list[int], from_zero: bool = True
    ) -> Any:
        padded = amounts + [0] * (len(self.node_place) - len(amounts))
        evaluator = self.routing.RegisterUnaryTransitVector(padded)
        self.routing.AddDimensionWithVehicleCapacity(evaluator, 0, room, from_zero, name)
        return self.routing.GetDimensionOrDie(name)

    def _fill_compartments(self) -> None:
        """What is on board: loaded at home for all deliveries, then changed by every call."""
        day = self.day
        for c, storage in enumerate(day.classes):
            room = [day.slots[s].room_g[c] for s in self.slot_of]
            changes = [point.change_g[c] for point in day.points]
            out = [0] * len(changes)
            for task in day.tasks:
                out[task.points[-1]] = task.from_hub_g[c] if task.from_hub_g else 0
            leaving = self._dimension(f"{storage} leaving", out, room)
            if all(-change == grams for change, grams in zip(changes, out, strict=True)):
                continue
            board = self._dimension(f"{storage} on board", changes, room, from_zero=False)
            for v in range(len(self.slot_of)):
                at_start = board.CumulVar(self.routing.Start(v))
                self.solver.Add(at_start == leaving.CumulVar(self.routing.End(v)))

    def _make_tasks_whole(self) -> None:
        """All points of a task on one trip, in order, and only on vehicles of its hub."""
        for t, task in enumerate(self.day.tasks):
            slots = set(self.day.homes(t))
            last = self.index[task.points[-1]]
            if len(slots) < len(self.day.slots):
                allowed = [v for v, s in enumerate(self.slot_of) if s in slots]
                self.solver.Add(self.routing.VehicleVar(last).Member([-1, *allowed]))
            for p in task.points[:-1]:
                if p == task.points[0]:
                    self.routing.AddPickupAndDelivery(self.index[p], last)
                vehicle = self.routing.VehicleVar(self.index[p])
                self.solver.Add(vehicle == self.routing.VehicleVar(last))
                self.solver.Add(self._at(p) <= self._at(task.points[-1]))

    def _wait_for_collections(self) -> None:
        """A trip with collected goods starts loading after they have been unloaded at the hub."""
        for t, task in enumerate(self.day.tasks):
            for needed in sorted(task.needs):
                drop, fetched = task.points[-1], self.day.tasks[needed].points[0]
                active = [self.routing.ActiveVar(self.index[p]) for p in (drop, fetched)]
                self.solver.Add(active[0] <= active[1])
                dock_s = self.day.slots[self.day.homes(t)[0]].dock_s if self.day.homes(t) else 0
                leaves = self._of_trip(drop, self.starts, NO_LIMIT_S)
                back = self._of_trip(fetched, self.ends, 0)
                self.solver.Add(leaves >= back + 2 * dock_s + AFTER_UNLOADING_S)

    def _keep_cold(self) -> None:
        """Chilled and frozen goods are unloaded within the cold minutes of the vehicle."""
        slots = [self.day.slots[s] for s in self.slot_of]
        if all(slot.cold_s_max is None for slot in slots):
            return
        limit = [NO_LIMIT_S if slot.cold_s_max is None else slot.cold_s_max for slot in slots]
        leave_by = [(start + s).Var() for start, s in zip(self.starts, limit, strict=True)]
        load_at = [(end - s).Var() for end, s in zip(self.ends, limit, strict=True)]
        constant = [self.solver.IntConst(s) for s in limit]
        for origin, target in (span for task in self.day.tasks for span in task.cold):
            if origin == LEAVING_HOME:
                self.solver.Add(self._at(target) <= self._of_trip(target, leave_by, NO_LIMIT_S))
                continue
            loaded = self._at(origin) + self.day.points[origin].call.service_s
            if target == BACK_HOME:
                self.solver.Add(loaded >= self._of_trip(origin, load_at, -NO_LIMIT_S))
            else:
                longest = self._of_trip(origin, constant, NO_LIMIT_S)
                self.solver.Add(self._at(target) - loaded <= longest)

    def _at(self, point: int) -> Any:
        """Start of a call."""
        return self.time.CumulVar(self.index[point])

    def _of_trip(self, point: int, values: list[Any], otherwise: int) -> Any:
        """The value that belongs to the trip which makes a call, or another if none does."""
        shifted = [self.solver.IntConst(otherwise), *values]
        return self.solver.Element(shifted, (self.routing.VehicleVar(self.index[point]) + 1).Var())
