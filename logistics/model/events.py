"""What happens in a week after its plan was published, and the week as it is then.

An event says what is so (`kind`, the things it names, since when and until when) and when that became
known (`at_s`). Events change facts of the future; what they mean for what was on the road is worked
out beside the plan that was driven (`solver/replan`, and once more by the judge).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType

from logistics.model.errors import require
from logistics.model.fleet import Shift
from logistics.model.goods import Lot
from logistics.model.people import Household
from logistics.model.problem import Pin, WeekProblem
from logistics.model.units import DAY_S, WEEK_DAYS, day_of

WEEK_S = WEEK_DAYS * DAY_S
"""The end of the week."""


class EventKind(StrEnum):
    """What can happen."""

    DRIVER_ILL = "driver_ill"
    CAR_BROKEN = "car_broken"
    SHIFT_CHANGED = "shift_changed"
    LOT_LATE = "lot_late"
    LOT_SPOILT = "lot_spoilt"
    LOT_SHORT = "lot_short"
    SESSION_CLOSED = "session_closed"
    HOUSEHOLD_CANCELLED = "household_cancelled"
    HOUSEHOLD_ADDED = "household_added"


VEHICLE_KINDS = (EventKind.DRIVER_ILL, EventKind.CAR_BROKEN, EventKind.SHIFT_CHANGED)
LOT_KINDS = (EventKind.LOT_LATE, EventKind.LOT_SPOILT, EventKind.LOT_SHORT)
LOSSES = (EventKind.LOT_SPOILT, EventKind.LOT_SHORT)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has happened. Times are seconds of the week; docs/replan.md has the meanings.

    `since_s` and `until_s` are the span in which it holds (a lot: ready and to be collected by).
    `site_id` is where goods of a broken car have been brought, or where a lot was lost. `units` are
    those lost, `None` for all.
    """

    kind: EventKind
    at_s: int
    vehicle_id: str = ""
    lot_id: str = ""
    session_id: str = ""
    household_id: str = ""
    site_id: str = ""
    units: int | None = None
    since_s: int | None = None
    until_s: int | None = None
    household: Household | None = None
    note: str = ""

    def __post_init__(self) -> None:
        require(
            self.until_s is None or self.since_s is None or self.since_s < self.until_s,
            f"Event {self.kind}: must begin before it ends, got {self.since_s}..{self.until_s}",
        )
        require(
            (self.kind is EventKind.HOUSEHOLD_ADDED) == (self.household is not None),
            f"Event {self.kind}: a household comes with household_added alone",
        )
        require(
            self.units is None or self.units >= 1,
            f"Event {self.kind}: units must be >= 1, got {self.units}",
        )

    @property
    def begins_s(self) -> int:
        """Since when it holds: `since_s`, else the moment at which it became known."""
        return self.at_s if self.since_s is None else self.since_s

    @property
    def ends_s(self) -> int:
        """Until when it holds: a driver is ill until the day's end, a car broken all week."""
        if self.until_s is not None:
            return self.until_s
        return WEEK_S if self.kind is EventKind.CAR_BROKEN else (day_of(self.begins_s) + 1) * DAY_S


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Events as they became known; at one moment in the order given."""
    return tuple(sorted(events, key=lambda event: event.at_s))


def absent(event: Event, vehicle_id: str, moment_s: int) -> bool:
    """Whether an event keeps a vehicle from starting a trip at a moment."""
    if event.vehicle_id != vehicle_id or event.kind is EventKind.SHIFT_CHANGED:
        return False
    return event.kind in VEHICLE_KINDS and event.begins_s <= moment_s < event.ends_s


def changed_week(
    problem: WeekProblem, events: Iterable[Event], served: Collection[str] = ()
) -> WeekProblem:
    """The week with everything that the events say about its future.

    Units of lots are left as they are: what is lost is lost at a place and a moment. Pins that name a
    session or household that is no more are gone with it. The digest is the old one's and the events'.
    Households that have been `served` cannot cancel any more.
    """
    happened = in_order(events)
    if not happened:
        return problem
    ordered = [event for event in happened if not _comes_too_late(event, served)]
    closed = {e.session_id for e in ordered if e.kind is EventKind.SESSION_CLOSED}
    cancelled = {e.household_id for e in ordered if e.kind is EventKind.HOUSEHOLD_CANCELLED}
    added = {e.household.id: e.household for e in ordered if e.household is not None}
    households = {
        household.id: replace(
            household, session_ids=tuple(s for s in household.session_ids if s not in closed)
        )
        for household in {**problem.households, **added}.values()
        if household.id not in cancelled
    }
    sessions = {name: one for name, one in problem.sessions.items() if name not in closed}
    shifts, lots = problem.shifts, dict(problem.lots)
    for event in ordered:
        if event.kind in VEHICLE_KINDS:
            shifts = _shifts_after(shifts, event)
        elif event.kind is EventKind.LOT_LATE:
            lots[event.lot_id] = _late(lots[event.lot_id], event)
    return replace(
        problem,
        sessions=MappingProxyType(sessions),
        households=MappingProxyType(households),
        lots=MappingProxyType(lots),
        shifts=tuple(sorted(shifts, key=lambda shift: (shift.start_s, shift.vehicle_id))),
        pins=tuple(pin for pin in problem.pins if _stands(pin, closed, cancelled)),
        digest=digest_of(problem, happened),
    )


def _comes_too_late(event: Event, served: Collection[str]) -> bool:
    return event.kind is EventKind.HOUSEHOLD_CANCELLED and event.household_id in served


def digest_of(problem: WeekProblem, events: Iterable[Event]) -> str:
    """Fingerprint of a week and what has happened in it."""
    total = sha256(problem.digest.encode())
    for event in events:
        total.update(b"\0" + _text_of(event).encode())
    return f"sha256:{total.hexdigest()}"


def _text_of(noun: Event | Household) -> str:
    """Every field but the note as text, sets in the order of their members."""
    values: list[object] = []
    for field in fields(noun):
        value = getattr(noun, field.name)
        if field.name != "note":
            value = _text_of(value) if isinstance(value, Household) else value
            values.append(sorted(value) if isinstance(value, frozenset) else value)
    return repr(values)


def _stands(pin: Pin, closed: set[str], cancelled: set[str]) -> bool:
    return pin.session_id not in closed and pin.household_id not in cancelled


def _late(lot: Lot, event: Event) -> Lot:
    """A lot that is ready later, or may be collected until another moment; it is eaten no later."""
    ready_s = lot.ready_s if event.since_s is None else event.since_s
    eat_by_s = lot.eat_by_s
    return replace(
        lot,
        ready_s=ready_s,
        fresh_s=None if eat_by_s is None or ready_s is None else eat_by_s - ready_s,
        collect_by_s=lot.collect_by_s if event.until_s is None else event.until_s,
    )


def _shifts_after(shifts: tuple[Shift, ...], event: Event) -> tuple[Shift, ...]:
    """Shifts less the time of an absence; a changed shift takes the place of the day's others."""
    found: list[Shift] = []
    for shift in shifts:
        if shift.vehicle_id != event.vehicle_id:
            found.append(shift)
        elif event.kind is EventKind.SHIFT_CHANGED:
            if shift.day != day_of(event.begins_s):
                found.append(shift)
        else:
            spans = (
                (shift.start_s, min(shift.end_s, event.begins_s)),
                (max(shift.start_s, event.ends_s), shift.end_s),
            )
            found += [replace(shift, start_s=a, end_s=b) for a, b in spans if a < b]
    if event.kind is EventKind.SHIFT_CHANGED:
        old = [shift for shift in shifts if _replaced(shift, event)]
        start_s, end_s = event.begins_s, event.ends_s
        if old:  # its people, break and ends stay those of the shift that it overlaps most
            old.sort(key=lambda shift: max(start_s, shift.start_s) - min(end_s, shift.end_s))
            found.append(replace(old[0], start_s=start_s, end_s=end_s))
        else:
            found.append(Shift(event.vehicle_id, start_s, end_s))
    return tuple(found)


def _replaced(shift: Shift, event: Event) -> bool:
    return shift.vehicle_id == event.vehicle_id and shift.day == day_of(event.begins_s)
