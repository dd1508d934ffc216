"""The circuits of a day in CP-SAT: one a shift, in which a way may lead past the home.

Two calls of a shift follow each other directly or by way of home, which ends one trip and begins the
next, so trips need no numbers and have no symmetry. What belongs to a whole trip (its start, the moment
it leaves home, its end, what it loads) is a variable of every call, equal along direct ways.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

from logistics.solver.routing.day import BACK_HOME, LEAVING_HOME, Day, Sketch, Slot
from logistics.solver.routing.frame import one_stop
from logistics.solver.routing.problem import METRE_COST, SECOND_COST, VEHICLE_DAY_COST
from logistics.solver.routing.schedule import AFTER_UNLOADING_S


class Circuits:
    """The model; its ways are `direct[s][p, q]`, `past_home[s][p, q]`, `first[s][p]`, `last[s][p]`."""

    def __init__(self, day: Day, cost_max: int, cost_min: int) -> None:
        from ortools.sat.python import cp_model

        self.day = day
        self.model = cp_model.CpModel()
        self.points = range(len(day.points))
        self.served = [self.model.new_bool_var("") for _ in day.tasks]
        self._name_moments()
        self.on: list[dict[int, Any]] = []
        self.first: list[dict[int, Any]] = []
        self.last: list[dict[int, Any]] = []
        self.direct: list[dict[tuple[int, int], Any]] = []
        self.past_home: list[dict[tuple[int, int], Any]] = []
        for slot in day.slots:
            self._draw_circuit(slot)
        for s, slot in enumerate(day.slots):
            self._keep_trips(s, slot)
            self._keep_compartments(s, slot)
            self._keep_cold(s, slot)
        self._make_tasks_whole()
        self._one_shift_a_vehicle()
        self._order_equal_vehicles()
        cost = self._cost()
        self.model.add(cost <= cost_max)
        self.model.add(cost >= cost_min)
        self.model.minimize(cost)

    def sketch(self, solver: Any) -> Sketch:
        """The plan that the solver found."""
        slots = []
        for s in range(len(self.day.slots)):
            trips: list[list[int]] = []
            here = next((p for p in self.first[s] if solver.value(self.first[s][p])), None)
            begins = True
            while here is not None:
                trips = [*trips, [here]] if begins else [*trips[:-1], [*trips[-1], here]]
                onward = (
                    (q, a_trip_ends)
                    for arcs, a_trip_ends in ((self.direct[s], False), (self.past_home[s], True))
                    for (p, q), arc in arcs.items()
                    if p == here and solver.value(arc)
                )
                here, begins = next(onward, (None, False))
            slots.append(tuple(tuple(trip) for trip in trips))
        return tuple(slots)

    def _name_moments(self) -> None:
        """Start of every call's trip, and what follows in seconds since that start.

        Times within a trip are relative because they then grow from zero: an impossible duration
        shows at once, where absolute times would creep up second by second.
        """
        day, model = self.day, self.model
        low_s = min((slot.start_s for slot in day.slots), default=0)
        high_s = max((slot.end_s for slot in day.slots), default=0)

        def moments() -> list[Any]:
            return [model.new_int_var(0, high_s - low_s, "") for _ in self.points]

        self.trip_start = [model.new_int_var(low_s, high_s, "") for _ in self.points]
        self.start, self.leave, self.out, self.back, self.end = (moments() for _ in range(5))
        self.moment = [self._within_window(p, low_s, high_s) for p in self.points]
        self.trip = [model.new_int_var(0, len(day.points), "") for _ in self.points]
        self.place = [model.new_int_var(0, len(day.points), "") for _ in self.points]
        self.loads = [model.new_bool_var("") for _ in self.points]
        self.unloads = [model.new_bool_var("") for _ in self.points]
        for p, point in enumerate(day.points):
            task, call, begin = day.tasks[point.task], point.call, self.trip_start[p]
            made = self.served[point.task]
            model.add(begin + self.start[p] == self.moment[p]).only_enforce_if(made)
            model.add(begin + self.leave[p] <= call.leave_by_s).only_enforce_if(made)
            model.add(self.leave[p] >= self.start[p] + call.service_s).only_enforce_if(made)
            model.add(self.loads[p] >= int(bool(task.from_hub)))
            model.add(self.unloads[p] >= int(bool(task.to_hub)))

    def _within_window(self, p: int, low_s: int, high_s: int) -> Any:
        """Clock time of a call's start, within its window and the day's shifts."""
        point = self.day.points[p]
        low_s, high_s = max(low_s, point.call.open_s), min(high_s, point.call.latest_start_s)
        if low_s > high_s:
            self.model.add(self.served[point.task] == 0)
            return self.model.new_constant(low_s)
        return self.model.new_int_var(low_s, high_s, "")

    def _draw_circuit(self, slot: Slot) -> None:
        """Ways of one shift: each call has one before and one after it, or is not on it."""
        model = self.model
        own = [
            p
            for p in self.points
            if self.day.tasks[self.day.points[p].task].hub_id in (None, slot.home_id)
        ]
        on = {p: model.new_bool_var("") for p in own}
        first = {p: model.new_bool_var("") for p in own}
        last = {p: model.new_bool_var("") for p in own}
        ways = [(p, q) for p, q in product(own, own) if p != q]
        direct = {way: model.new_bool_var("") for way in ways}
        past_home = {way: model.new_bool_var("") for way in ways}
        idle = model.new_bool_var("")
        arcs: list[tuple[int, int, Any]] = [(0, 0, idle)]
        for p in own:
            arcs += [(0, p + 1, first[p]), (p + 1, 0, last[p]), (p + 1, p + 1, ~on[p])]
            model.add_implication(on[p], ~idle)
        for p, q in ways:
            either = model.new_bool_var("")
            model.add(direct[p, q] + past_home[p, q] == either)
            arcs.append((p + 1, q + 1, either))
        if own:
            model.add_circuit(arcs)
        self.on.append(on)
        self.first.append(first)
        self.last.append(last)
        self.direct.append(direct)
        self.past_home.append(past_home)

    def _keep_trips(self, s: int, slot: Slot) -> None:
        """Clock and identity of trips along the ways of one shift."""
        for p, q in self.direct[s]:
            arc = self.direct[s][p, q]
            drive_s = self._drive_s(self.day.at(p), self.day.at(q))
            if one_stop(self.day, p, q):
                self.model.add(self.start[q] == self.start[p]).only_enforce_if(arc)
                self.model.add(self.leave[q] == self.leave[p]).only_enforce_if(arc)
            else:
                self.model.add(self.start[q] >= self.leave[p] + drive_s).only_enforce_if(arc)
                passed_s = self.day.points[p].call.service_s + drive_s
                later = self.moment[q] >= self.moment[p] + passed_s
                self.model.add(later).only_enforce_if(arc)
            self.model.add(self.place[q] >= self.place[p] + 1).only_enforce_if(arc)
            for shared in (
                self.trip_start,
                self.out,
                self.back,
                self.end,
                self.trip,
                self.loads,
                self.unloads,
            ):
                self.model.add(shared[q] == shared[p]).only_enforce_if(arc)
            after = self.past_home[s][p, q]
            follows = self.trip_start[q] >= self.trip_start[p] + self.end[p]
            self.model.add(follows).only_enforce_if(after)
            later = self.moment[q] >= self.moment[p] + self._by_home_s(slot, p, q)
            self.model.add(later).only_enforce_if(after)
        home = self.day.places[slot.home_id]
        for p in self.on[s]:
            here = self.day.at(p)
            for arc in self._begins(s, p):
                way = self.start[p] >= self.out[p] + self._drive_s(home, here)
                self.model.add(way).only_enforce_if(arc)
                docked = self.out[p] >= slot.dock_s * self.loads[p]
                self.model.add(docked).only_enforce_if(arc)
                self.model.add(self.trip[p] == p).only_enforce_if(arc)
            for arc in self._ends(s, p):
                way = self.back[p] >= self.leave[p] + self._drive_s(here, home)
                self.model.add(way).only_enforce_if(arc)
                docked = self.end[p] >= self.back[p] + slot.dock_s * self.unloads[p]
                self.model.add(docked).only_enforce_if(arc)
            begin, end = self.trip_start[p], self.trip_start[p] + self.end[p]
            self.model.add(begin >= slot.start_s).only_enforce_if(self.on[s][p])
            self.model.add(end <= slot.end_s).only_enforce_if(self.on[s][p])

    def _keep_compartments(self, s: int, slot: Slot) -> None:
        """On board at every call: all that the trip loads at home, changed by each call since.

        `heap` is what would be on board if nothing had been unloaded yet at the place of the call.
        """
        day = self.day
        for c, room_g in enumerate(slot.room_g):
            board, sent, loaded, heap = (
                {p: self.model.new_int_var(0, room_g, "") for p in self.on[s]} for _ in range(4)
            )
            for p in self.on[s]:
                mine, change = self._sent_g(p, c), day.points[p].change_g[c]
                for arc in self._begins(s, p):
                    self.model.add(heap[p] == loaded[p] + max(0, change)).only_enforce_if(arc)
                    self.model.add(board[p] == loaded[p] + change).only_enforce_if(arc)
                    self.model.add(sent[p] == mine).only_enforce_if(arc)
                for arc in self._ends(s, p):
                    self.model.add(sent[p] == loaded[p]).only_enforce_if(arc)
                for q in (q for q in self.on[s] if q != p):
                    arc = self.direct[s][q, p]
                    before = heap[q] if day.at(q) == day.at(p) else board[q]
                    self.model.add(heap[p] == before + max(0, change)).only_enforce_if(arc)
                    self.model.add(board[p] == board[q] + change).only_enforce_if(arc)
                    self.model.add(sent[p] == sent[q] + mine).only_enforce_if(arc)
                    self.model.add(loaded[p] == loaded[q]).only_enforce_if(arc)

    def _keep_cold(self, s: int, slot: Slot) -> None:
        if slot.cold_s_max is None:
            return
        for origin, target in (span for task in self.day.tasks for span in task.cold):
            p = origin if target == BACK_HOME else target
            if p not in self.on[s]:
                continue
            loaded = self.out[p] if origin == LEAVING_HOME else self.leave[origin]
            unloaded = self.back[p] if target == BACK_HOME else self.start[target]
            limit = unloaded - loaded <= slot.cold_s_max
            self.model.add(limit).only_enforce_if(self.on[s][p])

    def _make_tasks_whole(self) -> None:
        for t, task in enumerate(self.day.tasks):
            for p in task.points:
                self.model.add(sum(on[p] for on in self.on if p in on) == self.served[t])
            last = task.points[-1]
            for p in task.points[:-1]:
                for on in (on for on in self.on if last in on):
                    self.model.add(on[p] == on[last])
                whole = self.served[t]
                self.model.add(self.trip[p] == self.trip[last]).only_enforce_if(whole)
                self.model.add(self.place[p] < self.place[last]).only_enforce_if(whole)
            for needed in sorted(task.needs):
                self.model.add_implication(self.served[t], self.served[needed])
                fetched = self.day.tasks[needed].points[0]
                unloaded = self.trip_start[fetched] + self.end[fetched]
                waits = self.trip_start[last] >= unloaded + AFTER_UNLOADING_S
                self.model.add(waits).only_enforce_if(self.served[t])

    def _one_shift_a_vehicle(self) -> None:
        for vehicle_id in sorted({slot.vehicle_id for slot in self.day.slots}):
            used = [
                arc
                for s, slot in enumerate(self.day.slots)
                if slot.vehicle_id == vehicle_id
                for arc in self.first[s].values()
            ]
            self.model.add(sum(used) <= 1)

    def _order_equal_vehicles(self) -> None:
        """Of two shifts that differ only in the vehicle's name, the first makes the earlier call."""
        alike: dict[Slot, int] = {}
        for s, slot in enumerate(self.day.slots):
            nameless = replace(slot, vehicle_id="", volunteer_ids=())
            if nameless in alike:
                before = self.on[alike[nameless]]
                for p in self.on[s]:
                    earlier = sum(on for q, on in before.items() if q < p)
                    self.model.add(self.on[s][p] <= earlier)
            alike[nameless] = s

    def _cost(self) -> Any:
        """Prices, vehicle-days, metres, and the seconds of all trips."""
        day = self.day
        prices = sum(task.price * (1 - self.served[t]) for t, task in enumerate(day.tasks))
        days, metres, seconds = 0, 0, 0
        for s, slot in enumerate(day.slots):
            home = day.places[slot.home_id]
            legs = [(arc, home, day.at(p)) for p in self.on[s] for arc in self._begins(s, p)]
            legs += [(arc, day.at(p), home) for p in self.on[s] for arc in self._ends(s, p)]
            legs += [(arc, day.at(p), day.at(q)) for (p, q), arc in self.direct[s].items()]
            days += sum(self.first[s].values())
            metres += sum(arc * day.metres[a][b] for arc, a, b in legs)
            driven_s = sum(arc * self._drive_s(a, b) for arc, a, b in legs)
            seconds += self._seconds(s, slot, driven_s)
        return prices + VEHICLE_DAY_COST * days + METRE_COST * metres + SECOND_COST * seconds

    def _seconds(self, s: int, slot: Slot, driven_s: Any) -> Any:
        """Duration of a shift's trips, each counted at the call with which it ends.

        What driving, service and docks take at least, what the shift has, and what its trips can
        load in all follow from the rest of the model; said in sums they make its bound tight.
        """
        model, day, length_s = self.model, self.day, slot.end_s - slot.start_s
        durations = []
        for p in self.on[s]:
            duration = model.new_int_var(0, length_s, "")
            for arc in self._ends(s, p):
                model.add(duration >= self.end[p]).only_enforce_if(arc)
            durations.append(duration)
        least_s = driven_s
        for p in self.on[s]:
            task, call = day.tasks[day.points[p].task], day.points[p].call
            shared = sum(
                arc for (o, q), arc in self.direct[s].items() if o == p and one_stop(day, p, q)
            )
            least_s += call.service_s * (self.on[s][p] - shared)
            least_s += slot.dock_s * bool(task.from_hub) * sum(self._begins(s, p))
            least_s += slot.dock_s * bool(task.to_hub) * sum(self._ends(s, p))
        model.add(sum(durations) >= least_s)
        model.add(sum(durations) <= length_s * sum(self.first[s].values()))
        trips = sum(arc for p in self.on[s] for arc in self._begins(s, p))
        for c, room_g in enumerate(slot.room_g):
            out_g = sum(self._sent_g(p, c) * on for p, on in self.on[s].items())
            model.add(out_g <= room_g * trips)
        return sum(durations)

    def _sent_g(self, p: int, c: int) -> int:
        """Grams of a storage class that leave the hub for a call."""
        task = self.day.tasks[self.day.points[p].task]
        return task.from_hub_g[c] if task.from_hub_g and p == task.points[-1] else 0

    def _drive_s(self, origin: int, target: int) -> int:
        return self.day.seconds[origin][target]

    def _by_home_s(self, slot: Slot, p: int, q: int) -> int:
        """Least time from the start of one call to that of another in the next trip."""
        day, home = self.day, self.day.places[slot.home_id]
        before, after = (day.tasks[day.points[x].task] for x in (p, q))
        docks = bool(before.to_hub) + bool(after.from_hub)
        way_s = self._drive_s(day.at(p), home) + self._drive_s(home, day.at(q))
        return day.points[p].call.service_s + way_s + docks * slot.dock_s

    def _begins(self, s: int, p: int) -> list[Any]:
        """Ways on which a trip begins with a call."""
        return [self.first[s][p]] + [arc for (_, q), arc in self.past_home[s].items() if q == p]

    def _ends(self, s: int, p: int) -> list[Any]:
        """Ways on which a trip ends with a call."""
        return [self.last[s][p]] + [arc for (q, _), arc in self.past_home[s].items() if q == p]
