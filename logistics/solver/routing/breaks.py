"""Where a driver rests: the break of a shift, put into a timetable that leaves no time for it yet.

A break is time in which the vehicle neither drives nor is served: between trips, before the first or
after the last, or at a stop before or after its service. Where the clock times of a sketch hold such a
time already, it costs nothing; else every place for it is tried, one shift after another, and the
cheapest kept. Inside a trip it is one more halt where another one is, so that the system of differences
of `trips.py` stays what it is, cold minutes included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from logistics.model.fleet import Break
from logistics.model.plan import Rest
from logistics.solver.routing.frame import Fault, Frame, Halt
from logistics.solver.routing.problem import NO_LIMIT_S
from logistics.solver.routing.trips import Times, earliest_times, latest_starts

if TYPE_CHECKING:
    from logistics.solver.routing.schedule import Clock, Timetable


@dataclass(frozen=True, slots=True)
class Pause:
    """A place for a break: before trip `k`, or in it at a halt, `after` its service or before."""

    k: int
    halt: int | None = None
    after: bool = False


def with_pause(frame: Frame, pause: Pause, due: Break) -> Frame:
    """A frame with the break as one more halt, where another halt is."""
    assert pause.halt is not None
    h = pause.halt
    host, at = frame.halts[h], h + pause.after
    rest = Halt(host.place, (), host.is_site, due.open_s, due.close_s, host.leave_by_s, due.rest_s)

    def moved(i: int, loads: bool) -> int:
        return i + (i >= at or (loads and i == h))

    return replace(
        frame,
        halts=(*frame.halts[:at], rest, *frame.halts[at:]),
        drive_s=(*frame.drive_s[:h], 0, *frame.drive_s[h:]),
        cold=tuple((moved(a, True), moved(b, False)) for a, b in frame.cold),
    )


def without_pause(times: Times, pause: Pause) -> Times:
    """Times of the halts of a frame from those of the frame with the break."""
    assert pause.halt is not None
    at = pause.halt + pause.after
    leaves = list(times.leaves)
    if pause.after:
        leaves[pause.halt] = leaves[at]
    return replace(
        times,
        starts=(*times.starts[:at], *times.starts[at + 1 :]),
        leaves=(*leaves[:at], *leaves[at + 1 :]),
    )


def with_breaks(clock: Clock, table: Timetable) -> Timetable | None:
    """The cheapest found timetable of the same sketch with every break, `None` if one finds no place."""
    slots = clock.day.slots
    due = [s for s, trips in enumerate(table.sketch) if trips and slots[s].break_ is not None]
    pauses: dict[int, Pause] = {}
    for s in due:
        if rest_of(clock, table, s) is not None:
            continue
        found = [
            (rested, pause)
            for pause in _places(clock, table, s)
            if (rested := clock.paused(table.sketch, pauses | {s: pause})) is not None
            and rest_of(clock, rested, s) is not None
        ]
        if not found:
            return None
        table, pauses[s] = min(found, key=lambda one: one[0].cost)
    rests = {s: rest_of(clock, table, s) for s in due}
    if None in rests.values():  # a later break has moved an earlier one
        return None
    return replace(table, rests={s: rest for s, rest in rests.items() if rest is not None})


def rest_of(clock: Clock, table: Timetable, slot: int) -> Rest | None:
    """The first time that clock times leave for a slot's break."""
    due = clock.day.slots[slot].break_
    assert due is not None
    for begin_s, end_s in _idle(clock, table, slot):
        start_s = max(begin_s, due.open_s)
        if start_s <= due.close_s and start_s + due.rest_s <= end_s:
            return Rest(start_s, start_s + due.rest_s)
    return None


def _idle(clock: Clock, table: Timetable, s: int) -> Iterator[tuple[int, int]]:
    """When a slot's vehicle neither drives nor is served, in order of time."""
    slot = clock.day.slots[s]
    free_s = slot.free_from_s if slot.fixed else -NO_LIMIT_S
    for k, trip in enumerate(table.sketch[s]):
        frame = clock.frame(s, trip, clock.turn(s, k, len(table.sketch[s])))
        assert not isinstance(frame, Fault)  # it has clock times
        times = table.times[s, k]
        for h, halt in enumerate(frame.halts):
            yield free_s, times.starts[h]
            yield times.starts[h] + halt.service_s, times.leaves[h]
            free_s = times.leaves[h] + (frame.drive_s[h] if h < len(frame.drive_s) else 0)
    yield free_s, 2 * NO_LIMIT_S


def _places(clock: Clock, table: Timetable, s: int) -> Iterator[Pause]:
    """Places for a slot's break: before each trip that starts in time, and at each of its halts."""
    slot, trips = clock.day.slots[s], table.sketch[s]
    assert slot.break_ is not None
    for k, trip in enumerate(trips):
        free_s = table.times[s, k - 1].leaves[-1] if k else slot.free_from_s
        if free_s > slot.break_.close_s:
            return
        yield Pause(k)
        frame = clock.frame(s, trip, clock.turn(s, k, len(trips)))
        assert not isinstance(frame, Fault)
        yield from _in_trip(clock, frame, k, free_s, slot.end_s, slot.break_)


def _in_trip(
    clock: Clock, frame: Frame, k: int, free_s: int, end_s: int, due: Break
) -> Iterator[Pause]:
    """Halts of a trip at which a break can begin in its window and leave time for what follows."""
    earliest = earliest_times(clock.day, frame, free_s)
    assert not isinstance(earliest, Fault)  # it has clock times from some moment on
    latest = latest_starts(frame, end_s)
    over_s = due.open_s + due.rest_s
    for h, drive_s in enumerate(frame.drive_s):
        done_s = earliest.starts[h] + frame.halts[h].service_s
        if done_s <= due.close_s and latest[h + 1] >= over_s + drive_s:
            yield Pause(k, h, after=True)
        if earliest.leaves[h] + drive_s <= due.close_s and latest[h + 1] >= over_s:
            yield Pause(k, h + 1)
