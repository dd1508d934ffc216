"""Clock times of one trip: the earliest end, then the latest start, exactly.

With the order of all calls fixed, a trip is a system of differences: travel and service bound a moment
from below by the one before, windows bound it absolutely, cold minutes bound an unloading from above
by the leaving of its loading stop. Its least solution (by relaxation to a fixed point, as in Bellman
and Ford's longest paths) ends earliest. The latest start that still ends then gives the shortest
duration of all schedules (Savelsbergh 1992, doi:10.1287/ijoc.4.2.146, for the case without cold spans);
where a call has several windows, the shortest of those that end then.
"""

from __future__ import annotations

from dataclasses import dataclass

from logistics.solver.routing.day import Day
from logistics.solver.routing.frame import Fault, Frame, Halt, Rule


@dataclass(frozen=True, slots=True)
class Times:
    """Start and leave of each halt of a trip; the trip lasts from the first to the last."""

    starts: tuple[int, ...]
    leaves: tuple[int, ...]

    @property
    def seconds(self) -> int:
        """Duration of the trip."""
        return self.leaves[-1] - self.starts[0]


def times_of(day: Day, frame: Frame, not_before_s: int) -> Times | Fault:
    """Shortest times of a trip that ends earliest, started no earlier than a moment."""
    earliest = earliest_times(day, frame, not_before_s)
    if isinstance(earliest, Fault):
        return earliest
    start_s = latest_starts(frame, earliest.leaves[-1])[0]
    if start_s == earliest.starts[0]:
        return earliest
    return earliest_times(day, frame, start_s)


def earliest_times(day: Day, frame: Frame, not_before_s: int) -> Times | Fault:
    """Least times that keep every rule: drive, then leave later where cold goods would wait."""
    halts = frame.halts
    starts = [0] * len(halts)
    leaves = [0] * len(halts)
    hold = [0] * len(halts)
    for _ in range(2 * len(halts) + 1):
        arrive_s = not_before_s
        for h, halt in enumerate(halts):
            start_s = halt.start_from(arrive_s) if halt.windows else max(arrive_s, halt.open_s)
            starts[h] = start_s
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


def latest_starts(frame: Frame, end_s: int) -> list[int]:
    """Latest starts of all halts with which a trip that can be driven still ends at `end_s`."""
    halts = frame.halts
    cap = [halt.start_until(halt.latest_start_s) for halt in halts]
    leaves = [0] * len(halts)
    for _ in range(2 * len(halts) + 1):
        leave_s = end_s
        for h in range(len(halts) - 1, -1, -1):
            leaves[h] = leave_s = min(leave_s, halts[h].leave_by_s)
            cap[h] = min(leave_s - halts[h].service_s, cap[h])
            if halts[h].windows:
                cap[h] = halts[h].start_until(cap[h])
            if h:
                leave_s = cap[h] - frame.drive_s[h - 1]
        late = [(b, leaves[a] + frame.cold_s_max) for a, b in frame.cold]
        late = [(b, moment_s) for b, moment_s in late if moment_s < cap[b]]
        if not late:
            break
        for b, moment_s in late:
            cap[b] = min(cap[b], moment_s)
    return cap
