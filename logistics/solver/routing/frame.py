"""A trip before it has clock times: does it fit the vehicle, where does it halt, what must stay cold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby, pairwise

from logistics.model.plan import StopKind
from logistics.solver.routing.day import BACK_HOME, LEAVING_HOME, Day, Slot, Trip, Windows


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
    """A stop of a trip before it has clock times; `points` are the calls made there.

    It must start within one of the `windows`, if there are any.
    """

    place: int
    points: tuple[int, ...]
    is_site: bool
    open_s: int
    start_by_s: int
    leave_by_s: int
    service_s: int
    windows: Windows = ()

    @property
    def latest_start_s(self) -> int:
        """Last moment at which service may start."""
        return min(self.start_by_s, self.leave_by_s - self.service_s)

    def start_from(self, moment_s: int) -> int:
        """The first moment from a given one on at which service may start, if there is one."""
        moment_s = max(moment_s, self.open_s)
        if not self.windows:
            return moment_s
        starts = (max(moment_s, first) for first, last in self.windows if moment_s <= last)
        return min(starts, default=self.latest_start_s + 1)

    def start_until(self, moment_s: int) -> int:
        """The last moment up to a given one at which service may start; one exists."""
        moment_s = min(moment_s, self.latest_start_s)
        starts = (min(moment_s, last) for first, last in self.windows if first <= moment_s)
        return max(starts, default=moment_s)


@dataclass(frozen=True, slots=True)
class Frame:
    """A trip without clock times: halts from first to last, legs between them, cold spans.

    `loading` and `unloading` are the halts at home, where all goods of the trip from and to the hub
    are moved; there is none where nothing is moved and the trip starts or ends elsewhere.
    """

    halts: tuple[Halt, ...]
    drive_s: tuple[int, ...]
    metres: int
    cold: tuple[tuple[int, int], ...]
    cold_s_max: int
    loading: int
    unloading: int


def fault_of_load(day: Day, index: int, trip: Trip) -> Fault | None:
    """Whether home, order and compartments allow a trip."""
    slot = day.slots[index]
    tasks = {day.points[point].task for point in trip}
    for t in tasks:
        if day.tasks[t].hub_id not in (None, slot.home_id) or index in day.tasks[t].barred:
            return Fault(Rule.HOME, slot.home_id, 0, 0)
    for c, room_g in enumerate(slot.room_g):
        board_g = sum(day.tasks[t].from_hub_g[c] for t in tasks if day.tasks[t].from_hub_g)
        most_g = max(board_g, *_fullest(day, trip, c, board_g))
        if most_g > room_g:
            return Fault(Rule.ROOM, slot.vehicle_id, most_g, room_g, str(day.classes[c]))
    return None


def _fullest(day: Day, trip: Trip, c: int, board_g: int) -> Iterator[int]:
    """Grams of a class on board at the fullest of each stop: all is loaded before any is unloaded.

    Calls that follow one another at one site may become one stop, whose order inside nobody sees.
    """
    for _, calls in groupby(trip, key=lambda point: day.points[point].call.place_id):
        changes = [day.points[point].change_g[c] for point in calls]
        yield board_g + sum(g for g in changes if g > 0)
        board_g += sum(changes)


def frame_of(day: Day, index: int, trip: Trip, first: bool = False, last: bool = False) -> Frame:
    """Halts of a trip: its calls between its ends, neighbours at one site made one stop.

    The ends are at home, but for the `first` and `last` trip of a slot that starts or ends
    elsewhere. Such a trip passes home straight after its start or before its end if goods are to be
    loaded or unloaded there.
    """
    slot = day.slots[index]
    tasks = [day.tasks[t] for t in sorted({day.points[point].task for point in trip})]
    start, end = slot.start_place if first else None, slot.end_place if last else None
    halts = [_stand(day, slot, start, 0)] if start else []
    if not start or any(task.from_hub for task in tasks):
        halts.append(_home(day, slot, any(task.from_hub for task in tasks)))
    loading = len(halts) - 1
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
            _windows(day, index, point),
        )
        _append(halts, halt)
    if not end or any(task.to_hub for task in tasks):
        _append(halts, _home(day, slot, any(task.to_hub for task in tasks)))
    unloading = len(halts) - 1
    if end:
        _append(halts, _stand(day, slot, end, 0))
    where = {point: h for h, halt in enumerate(halts) for point in halt.points}
    where[LEAVING_HOME], where[BACK_HOME] = loading, unloading
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
        loading=loading,
        unloading=unloading,
    )


def _windows(day: Day, index: int, point: int) -> Windows:
    """Windows of a call for the people of a slot; only the last call of a task may have some."""
    task = day.tasks[day.points[point].task]
    return task.alternatives.get(index, ()) if point == task.points[-1] else ()


def _home(day: Day, slot: Slot, moves_goods: bool) -> Halt:
    return _stand(day, slot, slot.home_id, slot.dock_s if moves_goods else 0)


def _stand(day: Day, slot: Slot, place_id: str, service_s: int) -> Halt:
    """A halt of a trip at its start, at its end or at home, at any time of the shift."""
    return Halt(day.places[place_id], (), True, slot.start_s, slot.end_s, slot.end_s, service_s)


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


def one_stop(day: Day, p: int, q: int) -> bool:
    """Whether one call straight after another is made at the same stop, docked once."""
    a, b = day.points[p].call, day.points[q].call
    return (
        p != q
        and a.kind is b.kind is StopKind.SITE
        and a.place_id == b.place_id
        and max(a.open_s, b.open_s) <= min(a.latest_start_s, b.latest_start_s)
    )
