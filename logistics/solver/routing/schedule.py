"""From the order of calls to clock times: the earliest end, then the latest start, exactly.

With the order of all calls fixed, a trip is a system of differences: travel and service bound a moment
from below by the one before, windows bound it absolutely, cold minutes bound an unloading from above
by the leaving of its loading stop. Its least solution (by relaxation to a fixed point, as in Bellman
and Ford's longest paths) ends earliest. The latest start that still ends then gives the shortest
duration of all schedules, and since an earlier end never hurts what follows, treating trip after trip
this way is exact for a whole day (Savelsbergh 1992, doi:10.1287/ijoc.4.2.146, for the case without
cold spans).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from logistics.solver.routing.day import Day, Sketch, Trip
from logistics.solver.routing.frame import Fault, Frame, Halt, Rule, fault_of_load, frame_of
from logistics.solver.routing.problem import METRE_COST, SECOND_COST, VEHICLE_DAY_COST

AFTER_UNLOADING_S = 1
"""Goods are in the hub's stock at the `leave` that unloads them, and at equal times what leaves is
counted before what comes (rules, section 4): loading them starts a second later."""


REMEMBERED_MAX = 200_000
"""Trips that a clock remembers before it forgets all; some 200 MB."""


@dataclass(frozen=True, slots=True)
class Times:
    """Start and leave of each halt of a trip; the trip lasts from the first to the last."""

    starts: tuple[int, ...]
    leaves: tuple[int, ...]

    @property
    def seconds(self) -> int:
        """Duration of the trip."""
        return self.leaves[-1] - self.starts[0]


@dataclass(frozen=True, slots=True)
class Timetable:
    """A sketch with clock times, and what it costs in all."""

    sketch: Sketch
    times: dict[tuple[int, int], Times]
    cost: int


@dataclass
class Clock:
    """Schedules sketches of one day, and remembers the trips it has seen."""

    day: Day
    _frames: dict[tuple[int, Trip], Frame | Fault] = field(default_factory=dict)
    _times: dict[tuple[int, Trip, int], Times | Fault] = field(default_factory=dict)
    _gaps: dict[tuple[int, Trip, int], list[tuple[int, int]]] = field(default_factory=dict)

    def trip(self, slot: int, trip: Trip, not_before_s: int) -> Times | Fault:
        """Times of one trip that starts no earlier than a moment."""
        key = (slot, trip, not_before_s)
        times = self._times.get(key)
        if times is None:
            frame = self.frame(slot, trip)
            times = frame if isinstance(frame, Fault) else _times(self.day, frame, not_before_s)
            self._times[key] = times
        return times

    def frame(self, slot: int, trip: Trip) -> Frame | Fault:
        """Halts and loads of one trip, or why they do not fit the vehicle."""
        key = (slot, trip)
        frame = self._frames.get(key)
        if frame is None:
            if len(self._frames) == REMEMBERED_MAX:
                self._frames.clear()
                self._times.clear()
                self._gaps.clear()
            frame = fault_of_load(self.day, slot, trip) or frame_of(self.day, slot, trip)
            self._frames[key] = frame
        return frame

    def gaps(self, slot: int, trip: Trip, not_before_s: int) -> list[tuple[int, int]]:
        """For each place between calls: when it can be left at the soonest, and reached at the last.

        There is one more gap than calls. The trip must be one of a timetable.
        """
        key = (slot, trip, not_before_s)
        if key not in self._gaps:
            frame = self.frame(slot, trip)
            assert not isinstance(frame, Fault)
            earliest = _earliest(self.day, frame, not_before_s)
            assert not isinstance(earliest, Fault)
            latest = _latest(frame, self.day.slots[slot].end_s)
            halts = [h for h, halt in enumerate(frame.halts) for _ in halt.points]
            left = [earliest.leaves[h] for h in (0, *halts)]
            reached = [latest[h] for h in (*halts, len(frame.halts) - 1)]
            self._gaps[key] = list(zip(left, reached, strict=True))
        return self._gaps[key]

    def timetable(self, sketch: Sketch) -> Timetable | None:
        """Clock times of a whole day, or `None` if a rule is broken."""
        times = _DayTimes(self, sketch)
        cost = 0
        for slot, trips in enumerate(sketch):
            cost += VEHICLE_DAY_COST * bool(trips)
            for k in range(len(trips)):
                trip = times.of(slot, k)
                frame = self.frame(slot, trips[k])
                if trip is None or isinstance(frame, Fault):
                    return None
                cost += METRE_COST * frame.metres + SECOND_COST * trip.seconds
        if not _one_shift_a_vehicle(self.day, sketch):
            return None
        cost += sum(
            task.price for t, task in enumerate(self.day.tasks) if t not in times.trip_of_task
        )
        return Timetable(sketch, times.known, cost)


class _DayTimes:
    """Times of all trips of a sketch, each after the trips that it waits for."""

    def __init__(self, clock: Clock, sketch: Sketch) -> None:
        self.clock = clock
        self.sketch = sketch
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
        times = self.clock.trip(slot, self.sketch[slot][k], not_before_s)
        if isinstance(times, Fault):
            return None
        self.known[key] = times
        return times

    def _not_before(self, slot: int, k: int) -> int | None:
        moment = self.clock.day.slots[slot].start_s
        if k:
            before = self.of(slot, k - 1)
            if before is None:
                return None
            moment = before.leaves[-1]
        day = self.clock.day
        for point in self.sketch[slot][k]:
            moment = max(moment, day.tasks[day.points[point].task].ready_s)
            for needed in day.tasks[day.points[point].task].needs:
                key = self.trip_of_task.get(needed)
                collected = None if key is None else self.of(*key)
                if collected is None:
                    return None
                moment = max(moment, collected.leaves[-1] + AFTER_UNLOADING_S)
        return moment


def _one_shift_a_vehicle(day: Day, sketch: Sketch) -> bool:
    used = [day.slots[slot].vehicle_id for slot, trips in enumerate(sketch) if trips]
    return len(used) == len(set(used))


def _times(day: Day, frame: Frame, not_before_s: int) -> Times | Fault:
    earliest = _earliest(day, frame, not_before_s)
    if isinstance(earliest, Fault):
        return earliest
    start_s = _latest(frame, earliest.leaves[-1])[0]
    if start_s == earliest.starts[0]:
        return earliest
    return _earliest(day, frame, start_s)


def _earliest(day: Day, frame: Frame, not_before_s: int) -> Times | Fault:
    """Least times that keep every rule: drive, then leave later where cold goods would wait."""
    halts = frame.halts
    starts = [0] * len(halts)
    leaves = [0] * len(halts)
    hold = [0] * len(halts)
    for _ in range(2 * len(halts) + 1):
        arrive_s = not_before_s
        for h, halt in enumerate(halts):
            starts[h] = start_s = max(arrive_s, halt.open_s)
            if start_s > halt.latest_start_s:
                return _late(day, frame, h, start_s)
            leaves[h] = leave_s = max(start_s + halt.service_s, hold[h])
            if leave_s > halt.leave_by_s:
                return _warm(day, frame, h, leave_s)
            if h < len(halts) - 1:
                arrive_s = leave_s + frame.drive_s[h]
        late = [(a, starts[b] - frame.cold_s_max) for a, b in frame.cold]
        late = [(a, leave_s) for a, leave_s in late if leave_s > leaves[a]]
        if not late:
            return Times(tuple(starts), tuple(leaves))
        for a, leave_s in late:
            hold[a] = max(hold[a], leave_s)
    return _warm(day, frame, late[0][0], late[0][1])


def _late(day: Day, frame: Frame, h: int, start_s: int) -> Fault:
    halt = frame.halts[h]
    if not halt.points:
        leave_s = start_s + halt.service_s
        return Fault(Rule.SHIFT, _place_id(day, halt), leave_s, halt.leave_by_s)
    return Fault(Rule.WINDOW, _place_id(day, halt), start_s, halt.latest_start_s)


def _warm(day: Day, frame: Frame, h: int, leave_s: int) -> Fault:
    """Cold goods loaded at a halt would have to leave it later than they can."""
    halt = frame.halts[h]
    return Fault(Rule.COLD, _place_id(day, halt), leave_s, frame.cold_s_max)


def _place_id(day: Day, halt: Halt) -> str:
    return next(place_id for place_id, place in day.places.items() if place == halt.place)


def _latest(frame: Frame, end_s: int) -> list[int]:
    """Latest starts of all halts with which a trip that can be driven still ends at `end_s`."""
    halts = frame.halts
    cap = [halt.latest_start_s for halt in halts]
    leaves = [0] * len(halts)
    for _ in range(2 * len(halts) + 1):
        leave_s = end_s
        for h in range(len(halts) - 1, -1, -1):
            leaves[h] = leave_s = min(leave_s, halts[h].leave_by_s)
            cap[h] = min(leave_s - halts[h].service_s, cap[h])
            if h:
                leave_s = cap[h] - frame.drive_s[h - 1]
        late = [(b, leaves[a] + frame.cold_s_max) for a, b in frame.cold]
        late = [(b, moment_s) for b, moment_s in late if moment_s < cap[b]]
        if not late:
            break
        for b, moment_s in late:
            cap[b] = min(cap[b], moment_s)
    return cap
