"""From the order of calls to clock times of a whole day.

Each trip ends as early as it can and starts as late as that allows (`trips.py`). Since an earlier end
never hurts what follows, treating trip after trip this way is exact for a whole day, but for where
breaks are put when several shifts wait for each other (`breaks.py`), and for calls with several windows,
whose trips may last longer than the shortest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from logistics.model.plan import Rest
from logistics.solver.routing.breaks import Pause, with_breaks, with_pause, without_pause
from logistics.solver.routing.day import Day, Sketch, Trip
from logistics.solver.routing.frame import Fault, Frame, fault_of_load, frame_of
from logistics.solver.routing.problem import (
    METRE_COST,
    NO_LIMIT_S,
    SECOND_COST,
    VEHICLE_DAY_COST,
)
from logistics.solver.routing.trips import Times, earliest_times, latest_starts, times_of

__all__ = ["AFTER_UNLOADING_S", "BETWEEN", "EVERY_TURN", "Clock", "Times", "Timetable", "Turn"]

Turn = tuple[bool, bool]
"""Whether a trip is the first of its slot, and whether it is the last."""

BETWEEN: Turn = (False, False)
"""The turn of every trip of a slot whose trips all go from home to home."""

EVERY_TURN: list[Turn] = [BETWEEN, (True, False), (False, True), (True, True)]

AFTER_UNLOADING_S = 1
"""Goods are in the hub's stock at the `leave` that unloads them, and at equal times what leaves is
counted before what comes (rules, section 4): loading them starts a second later."""


REMEMBERED_MAX = 200_000
"""Trips that a clock remembers before it forgets all; some 200 MB."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """A sketch with clock times, and what it costs in all; `rests` are the breaks, by slot."""

    sketch: Sketch
    times: dict[tuple[int, int], Times]
    cost: int
    rests: dict[int, Rest] = field(default_factory=dict)


@dataclass
class Clock:
    """Schedules sketches of one day, and remembers the trips it has seen."""

    day: Day
    _frames: dict[tuple[int, Trip, Turn], Frame | Fault] = field(default_factory=dict)
    _times: dict[tuple[int, Trip, Turn, int, Pause | None], Times | Fault] = field(
        default_factory=dict
    )
    _gaps: dict[tuple[int, Trip, Turn, int], list[tuple[int, int]]] = field(default_factory=dict)

    def trip(
        self,
        slot: int,
        trip: Trip,
        not_before_s: int,
        turn: Turn = BETWEEN,
        pause: Pause | None = None,
    ) -> Times | Fault:
        """Times of one trip that starts no earlier than a moment, with a break in it if asked for."""
        key = (slot, trip, turn, not_before_s, pause)
        times = self._times.get(key)
        if times is None:
            times = self._new_times(slot, trip, not_before_s, turn, pause)
            self._times[key] = times
        return times

    def _new_times(
        self, slot: int, trip: Trip, not_before_s: int, turn: Turn, pause: Pause | None
    ) -> Times | Fault:
        frame, due = self.frame(slot, trip, turn), self.day.slots[slot].break_
        if isinstance(frame, Fault):
            return frame
        if pause is None or due is None:
            return times_of(self.day, frame, not_before_s)
        times = times_of(self.day, with_pause(frame, pause, due), not_before_s)
        return times if isinstance(times, Fault) else without_pause(times, pause)

    def frame(self, slot: int, trip: Trip, turn: Turn = BETWEEN) -> Frame | Fault:
        """Halts and loads of one trip, or why they do not fit the vehicle."""
        key = (slot, trip, turn)
        frame = self._frames.get(key)
        if frame is None:
            if len(self._frames) == REMEMBERED_MAX:
                self._frames.clear()
                self._times.clear()
                self._gaps.clear()
            frame = fault_of_load(self.day, slot, trip) or frame_of(self.day, slot, trip, *turn)
            self._frames[key] = frame
        return frame

    @cached_property
    def free_from_s(self) -> list[int]:
        """Earliest start of a trip, by slot."""
        return [slot.free_from_s for slot in self.day.slots]

    @cached_property
    def _goes_round(self) -> list[bool]:
        return [slot.is_round for slot in self.day.slots]

    @cached_property
    def _has_breaks(self) -> bool:
        return any(slot.break_ is not None for slot in self.day.slots)

    def turn(self, slot: int, k: int, trips: int) -> Turn:
        """Whether trip `k` of a slot's `trips` is the first or the last, where that matters."""
        if self._goes_round[slot]:
            return BETWEEN
        return k == 0, k == trips - 1

    def gaps(self, slot: int, trip: Trip, not_before_s: int) -> list[tuple[int, int]]:
        """For each place between calls: when it can be left at the soonest, and reached at the last.

        There is one more gap than calls. The trip must be one of a timetable. Where a trip may start
        or end elsewhere than at home, the gaps say nothing.
        """
        if not self._goes_round[slot]:
            return [(-NO_LIMIT_S, 2 * NO_LIMIT_S)] * (len(trip) + 1)
        key = (slot, trip, BETWEEN, not_before_s)
        if key not in self._gaps:
            frame = self.frame(slot, trip)
            assert not isinstance(frame, Fault)
            earliest = earliest_times(self.day, frame, not_before_s)
            assert not isinstance(earliest, Fault)
            latest = latest_starts(frame, self.day.slots[slot].end_s)
            halts = [h for h, halt in enumerate(frame.halts) for _ in halt.points]
            left = [earliest.leaves[h] for h in (0, *halts)]
            reached = [latest[h] for h in (*halts, len(frame.halts) - 1)]
            self._gaps[key] = list(zip(left, reached, strict=True))
        return self._gaps[key]

    def timetable(self, sketch: Sketch) -> Timetable | None:
        """Clock times of a whole day, or `None` if a rule is broken or a break finds no place."""
        table = self.paused(sketch, {})
        if table is None or not self._has_breaks:
            return table
        return with_breaks(self, table)

    def paused(self, sketch: Sketch, pauses: Mapping[int, Pause]) -> Timetable | None:
        """Clock times with breaks in these places only, by slot."""
        times = _DayTimes(self, sketch, pauses)
        cost = 0
        for slot, trips in enumerate(sketch):
            cost += VEHICLE_DAY_COST * (bool(trips) and not self.day.slots[slot].fixed)
            for k in range(len(trips)):
                trip = times.of(slot, k)
                frame = self.frame(slot, trips[k], self.turn(slot, k, len(trips)))
                if trip is None or isinstance(frame, Fault):
                    return None
                cost += METRE_COST * frame.metres + SECOND_COST * trip.seconds
        if not _one_shift_a_vehicle(self.day, sketch) or not _hours_kept(self.day, times.known):
            return None
        for t, task in enumerate(self.day.tasks):
            served_by = times.trip_of_task.get(t)
            if served_by is None:
                cost += task.price
            elif task.slot_cost:
                cost += task.slot_cost.get(served_by[0], 0)
        return Timetable(sketch, times.known, cost)


class _DayTimes:
    """Times of all trips of a sketch, each after the trips that it waits for."""

    def __init__(self, clock: Clock, sketch: Sketch, pauses: Mapping[int, Pause]) -> None:
        self.clock = clock
        self.sketch = sketch
        self.pauses = pauses
        self.known: dict[tuple[int, int], Times] = {}
        self._open: set[tuple[int, int]] = set()
        points = clock.day.points
        self.trip_of_task = {
            points[point].task: (slot, k)
            for slot, trips in enumerate(sketch)
            for k, trip in enumerate(trips)
            for point in trip
        }

    def of(self, slot: int, k: int) -> Times | None:
        """Times of a trip; `None` if it, or one it waits for, cannot be driven."""
        key = (slot, k)
        if key in self.known:
            return self.known[key]
        if key in self._open:  # it waits, by way of others, for itself
            return None
        self._open.add(key)
        not_before_s = self._not_before(slot, k)
        if not_before_s is None:
            return None
        turn = self.clock.turn(slot, k, len(self.sketch[slot]))
        pause = self.pauses.get(slot) if self.pauses else None
        if pause is not None and (pause.k != k or pause.halt is None):
            pause = None
        times = self.clock.trip(slot, self.sketch[slot][k], not_before_s, turn, pause)
        if isinstance(times, Fault):
            return None
        self.known[key] = times
        return times

    def _not_before(self, slot: int, k: int) -> int | None:
        moment = self.clock.free_from_s[slot]
        if k:
            before = self.of(slot, k - 1)
            if before is None:
                return None
            moment = before.leaves[-1]
        if self.pauses and self.pauses.get(slot) == Pause(k):
            rested_s = self._rested_s(slot, k, moment)
            if rested_s is None:
                return None
            moment = max(moment, rested_s)
        day = self.clock.day
        for point in self.sketch[slot][k]:
            task = day.tasks[day.points[point].task]
            moment = max(moment, task.release_s)
            for needed in task.needs:
                key = self.trip_of_task.get(needed)
                collected = None if key is None else self.of(*key)
                if key is None or collected is None:
                    return None
                moment = max(moment, self._unloaded_s(*key, collected) + AFTER_UNLOADING_S)
        return moment

    def _rested_s(self, slot: int, k: int, free_s: int) -> int | None:
        """End of a break before a trip, when the vehicle is free from a moment on."""
        used = self.clock.day.slots[slot]
        due = used.break_
        if due is None:
            return free_s
        start_s = due.open_s if k == 0 and not used.fixed else max(free_s, due.open_s)
        return start_s + due.rest_s if start_s <= due.close_s else None

    def _unloaded_s(self, slot: int, k: int, times: Times) -> int:
        """When a trip has unloaded at home what it has collected."""
        trips = self.sketch[slot]
        frame = self.clock.frame(slot, trips[k], self.clock.turn(slot, k, len(trips)))
        assert not isinstance(frame, Fault)  # it has clock times
        return times.leaves[frame.unloading]


def _one_shift_a_vehicle(day: Day, sketch: Sketch) -> bool:
    used = [
        slot.vehicle_id
        for slot, trips in zip(day.slots, sketch, strict=True)
        if trips or slot.fixed
    ]
    return len(used) == len(set(used))


def _hours_kept(day: Day, times: Mapping[tuple[int, int], Times]) -> bool:
    """Whether nobody who is to drive anything yet drives longer than they may on this day."""
    if not day.work_s_max:
        return True
    worked: Counter[str] = Counter()
    busy: set[str] = set()
    for s, slot in enumerate(day.slots):
        trips_s = [trip.seconds for (one, _), trip in times.items() if one == s]
        for name in set(slot.volunteer_ids):
            worked[name] += sum(trips_s) + sum(trip.seconds for trip in slot.fixed)
            busy |= {name} if trips_s else set()
    return all(worked[name] <= day.work_s_max.get(name, worked[name]) for name in busy)
