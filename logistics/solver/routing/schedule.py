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
from enum import IntEnum
from itertools import pairwise

from logistics.model.plan import StopKind
from logistics.solver.routing.day import BACK_HOME, LEAVING_HOME, Day, Sketch, Slot, Trip
from logistics.solver.routing.problem import METRE_COST, SECOND_COST, VEHICLE_DAY_COST

AFTER_UNLOADING_S = 1
"""Goods are in the hub's stock at the `leave` that unloads them, and at equal times what leaves is
counted before what comes (rules, section 4): loading them starts a second later."""


class Rule(IntEnum):
    """What a trip can break, in the order in which it shows."""

    HOME = 0
    ROOM = 1
    WINDOW = 2
    COLD = 3
    SHIFT = 4


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a trip cannot be driven: the rule, where, the moment or mass found, and the limit."""

    rule: Rule
    place_id: str
    found: int
    limit: int
    what: str = ""


@dataclass(frozen=True, slots=True)
class Halt:
    """A stop of a trip before it has clock times; `points` are the calls made there."""

    place: int
    points: tuple[int, ...]
    is_site: bool
    open_s: int
    start_by_s: int
    leave_by_s: int
    service_s: int

    @property
    def latest_start_s(self) -> int:
        """Last moment at which service may start."""
        return min(self.start_by_s, self.leave_by_s - self.service_s)


@dataclass(frozen=True, slots=True)
class Frame:
    """A trip without clock times: halts from home to home, legs between them, cold spans."""

    halts: tuple[Halt, ...]
    drive_s: tuple[int, ...]
    metres: int
    cold: tuple[tuple[int, int], ...]
    cold_s_max: int


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
            frame = _fault_of_load(self.day, slot, trip) or _frame(self.day, slot, trip)
            self._frames[key] = frame
        return frame

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


def _fault_of_load(day: Day, index: int, trip: Trip) -> Fault | None:
    """Whether home, order and compartments allow a trip."""
    slot = day.slots[index]
    tasks = {day.points[point].task for point in trip}
    for t in tasks:
        if day.tasks[t].hub_id not in (None, slot.home_id):
            return Fault(Rule.HOME, slot.home_id, 0, 0)
    for c, room_g in enumerate(slot.room_g):
        board_g = sum(day.tasks[t].from_hub_g[c] for t in tasks if day.tasks[t].from_hub_g)
        most_g = board_g
        for point in trip:
            board_g += day.points[point].change_g[c]
            most_g = max(most_g, board_g)
        if most_g > room_g:
            return Fault(Rule.ROOM, slot.vehicle_id, most_g, room_g, str(day.classes[c]))
    return None


def _frame(day: Day, index: int, trip: Trip) -> Frame:
    """Halts of a trip: its calls between the two at home, neighbours at one site made one stop."""
    slot = day.slots[index]
    tasks = [day.tasks[t] for t in sorted({day.points[point].task for point in trip})]
    halts = [_home(day, slot, any(task.from_hub for task in tasks))]
    for point in trip:
        call = day.points[point].call
        is_site = call.kind is StopKind.SITE
        halt = Halt(
            day.places[call.place_id],
            (point,),
            is_site,
            call.open_s,
            call.start_by_s,
            call.leave_by_s,
            call.service_s,
        )
        _append(halts, halt)
    _append(halts, _home(day, slot, any(task.to_hub for task in tasks)))
    where = {point: h for h, halt in enumerate(halts) for point in halt.points}
    where[LEAVING_HOME], where[BACK_HOME] = 0, len(halts) - 1
    cold: set[tuple[int, int]] = set()
    if slot.cold_s_max is not None:
        cold = {(where[a], where[b]) for task in tasks for a, b in task.cold}
    legs = [(a.place, b.place) for a, b in pairwise(halts)]
    return Frame(
        halts=tuple(halts),
        drive_s=tuple(day.seconds[a][b] for a, b in legs),
        metres=sum(day.metres[a][b] for a, b in legs),
        cold=tuple(sorted(cold)),
        cold_s_max=slot.cold_s_max or 0,
    )


def _home(day: Day, slot: Slot, moves_goods: bool) -> Halt:
    service_s = slot.dock_s if moves_goods else 0
    return Halt(day.places[slot.home_id], (), True, slot.start_s, slot.end_s, slot.end_s, service_s)


def _append(halts: list[Halt], halt: Halt) -> None:
    """Add a halt, or make it one with the last if both are at one site and can start together."""
    last = halts[-1]
    if last.place == halt.place and last.is_site and halt.is_site and halt.points + last.points:
        together = Halt(
            place=last.place,
            points=last.points + halt.points,
            is_site=True,
            open_s=max(last.open_s, halt.open_s),
            start_by_s=min(last.start_by_s, halt.start_by_s),
            leave_by_s=min(last.leave_by_s, halt.leave_by_s),
            service_s=max(last.service_s, halt.service_s),
        )
        if together.open_s <= together.latest_start_s:
            halts[-1] = together
            return
    halts.append(halt)


def _times(day: Day, frame: Frame, not_before_s: int) -> Times | Fault:
    earliest = _earliest(day, frame, not_before_s)
    if isinstance(earliest, Fault):
        return earliest
    start_s = _latest_start(frame, earliest.leaves[-1])
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


def _latest_start(frame: Frame, end_s: int) -> int:
    """Latest moment at which a trip can start and still end at `end_s`."""
    halts = frame.halts
    cap = [halt.latest_start_s for halt in halts]
    leaves = [0] * len(halts)
    for _ in range(2 * len(halts) + 1):
        leave_s = end_s
        start_s = end_s
        for h in range(len(halts) - 1, -1, -1):
            leaves[h] = leave_s = min(leave_s, halts[h].leave_by_s)
            cap[h] = start_s = min(leave_s - halts[h].service_s, cap[h])
            if h:
                leave_s = start_s - frame.drive_s[h - 1]
        late = [(b, leaves[a] + frame.cold_s_max) for a, b in frame.cold]
        late = [(b, moment_s) for b, moment_s in late if moment_s < cap[b]]
        if not late:
            break
        for b, moment_s in late:
            cap[b] = min(cap[b], moment_s)
    return cap[0]


def one_stop(day: Day, p: int, q: int) -> bool:
    """Whether one call straight after another is made at the same stop, docked once."""
    a, b = day.points[p].call, day.points[q].call
    return (
        p != q
        and a.kind is b.kind is StopKind.SITE
        and a.place_id == b.place_id
        and max(a.open_s, b.open_s) <= min(a.latest_start_s, b.latest_start_s)
    )
