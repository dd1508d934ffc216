"""What has happened before a plan was made anew, as the judge reads it from the plan it replaces.

Written apart from the solver's own reading (docs/replan.md says what both obey). A trip that began by
now and whose car was not away is driven as it stands; a breakdown leaves of a trip the stops that had
begun. Sessions that had opened have handed out what was there, line after line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from logistics.model.events import LOSSES, Event, EventKind, in_order
from logistics.model.plan import Line, Plan, Rest, Route, StopKind, Trip
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import Storage, day_of


@dataclass(frozen=True, slots=True)
class Move:
    """Units that came to a site or went from it by what happened: out of a broken car, or lost.

    `vehicle_id` is the broken car; no `site_id` means that its goods were lost.
    """

    site_id: str
    at_s: int
    lot_id: str
    units: int
    vehicle_id: str = ""


@dataclass(frozen=True, slots=True)
class Driven:
    """Facts that a new plan must hold as they are.

    `routes` hold the trips driven by vehicle and day; `cut` are the vehicle-days that ended with a
    breakdown on the road; `settled` is what was handed out, at `session_ids` and `doors` all of it;
    `rests` are breaks that had begun; `moves` and `lost` are what the events did to the stock,
    `aboard` all that was on board of broken cars, `held` what is still on hold where that has become
    less.
    """

    now_s: int = -1
    routes: Mapping[tuple[str, int], Route] = field(default_factory=dict)
    cut: frozenset[tuple[str, int]] = frozenset()
    settled: tuple[Line, ...] = ()
    session_ids: frozenset[str] = frozenset()
    doors: frozenset[str] = frozenset()
    moves: tuple[Move, ...] = ()
    lost: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    rests: Mapping[tuple[str, int], Rest] = field(default_factory=dict)
    aboard: tuple[Move, ...] = ()

    def ahead(self, route: Route) -> Route:
        """A route without the trips that are facts."""
        return replace(route, trips=route.trips[self.trips(route.vehicle_id, route.day) :])

    def trips(self, vehicle_id: str, day: int) -> int:
        """How many trips of a vehicle's day are facts."""
        route = self.routes.get((vehicle_id, day))
        return len(route.trips) if route else 0

    def is_cut(self, vehicle_id: str, day: int, number: int) -> bool:
        """Whether a trip, counted from 1, is the one that a breakdown has ended."""
        last = self.trips(vehicle_id, day)
        return (vehicle_id, day) in self.cut and number == last


NOTHING_DRIVEN = Driven()


def driven_by(
    problem: WeekProblem, travel: Travel, published: Plan, events: Iterable[Event], now_s: int
) -> Driven:
    """Read the facts of a week under way out of its published plan and what has happened."""
    happened = in_order(events)
    routes: dict[tuple[str, int], Route] = {}
    cut: set[tuple[str, int]] = set()
    aboard: list[Move] = []
    lost: dict[str, int] = defaultdict(int)
    rests: dict[tuple[str, int], Rest] = {}
    for route in published.routes:
        key = route.vehicle_id, route.day
        kept = []
        for trip in route.trips:
            if trip.stops[0].arrive_s > now_s or _is_away(
                route.vehicle_id, trip.stops[0].arrive_s, happened
            ):
                continue
            broken = _breakdown(problem, route.vehicle_id, trip, happened)
            if broken is None:
                kept.append(trip)
                continue
            cut.add(key)
            kept.append(_until(trip, broken.begins_s, travel))
            for move in _aboard(problem, route.vehicle_id, kept[-1], broken):
                aboard.append(move)
                if not move.site_id:
                    lost[move.lot_id] += move.units
        if kept:
            routes[key] = replace(route, trips=tuple(kept))
        if route.rest and _rested(route, route.rest, kept, key in cut, happened, now_s):
            rests[key] = route.rest
    saved = [move for move in aboard if move.site_id]
    book = _Book(problem, published, happened, now_s)
    book.run(routes.values(), saved)
    for move in book.losses:
        lost[move.lot_id] -= move.units
    return Driven(
        now_s=now_s,
        routes=routes,
        cut=frozenset(cut),
        settled=tuple(book.settled),
        session_ids=frozenset(book.opened),
        doors=frozenset(book.doors),
        moves=(*saved, *book.losses),
        lost=dict(lost),
        held=book.held,
        rests=rests,
        aboard=tuple(aboard),
    )


def _rested(
    route: Route,
    rest: Rest,
    trips: list[Trip],
    is_cut: bool,
    events: Iterable[Event],
    now_s: int,
) -> bool:
    """Whether the break of a published route began by now, or amid the trips that are driven."""
    if trips and rest.start_s < trips[-1].stops[-1].leave_s:
        return True
    return (
        not is_cut
        and rest.start_s <= now_s
        and not _is_away(route.vehicle_id, rest.start_s, events)
    )


def _is_away(vehicle_id: str, moment_s: int, events: Iterable[Event]) -> bool:
    """Whether the driver was ill or the car broken at the moment when something should have begun."""
    return any(
        event.vehicle_id == vehicle_id
        and event.kind in (EventKind.DRIVER_ILL, EventKind.CAR_BROKEN)
        and event.begins_s <= moment_s < event.ends_s
        for event in events
    )


def _breakdown(
    problem: WeekProblem, vehicle_id: str, trip: Trip, events: Iterable[Event]
) -> Event | None:
    """The event that ended a trip on the road, also where the published plan shows it ended already."""
    unfinished = not _is_over(problem, vehicle_id, trip)
    for event in events:
        if event.kind is EventKind.CAR_BROKEN and event.vehicle_id == vehicle_id:
            begun = trip.stops[0].arrive_s < event.begins_s
            if begun and (unfinished or trip.stops[-1].leave_s > event.begins_s):
                return event
    return None


def _is_over(problem: WeekProblem, vehicle_id: str, trip: Trip) -> bool:
    """Whether a trip ends at its car's home or where a shift of that day ends, with nothing on board."""
    first, last = trip.stops[0], trip.stops[-1]
    places = [problem.vehicles[vehicle_id].home_site_id] + [
        shift.end_id
        for shift in problem.shifts
        if shift.end_id and shift.vehicle_id == vehicle_id and shift.day == day_of(first.arrive_s)
    ]
    return len(trip.stops) > 1 and last.id in places and not any(_left(trip).values())


def _left(trip: Trip) -> dict[str, int]:
    """Units by lot on board after a trip's last stop, lots that were unloaded with 0."""
    units: dict[str, int] = defaultdict(int)
    for stop in trip.stops:
        for load in stop.load:
            units[load.lot_id] += load.units
        for load in stop.unload:
            units[load.lot_id] -= load.units
    return units


def _until(trip: Trip, moment_s: int, travel: Travel) -> Trip:
    made = [stop for stop in trip.stops if stop.start_s <= moment_s]
    legs = [travel[a.id, b.id].metres for a, b in pairwise(made) if a.id != b.id]
    return Trip(tuple(made), sum(legs), made[-1].leave_s - made[0].arrive_s)


def _aboard(problem: WeekProblem, vehicle_id: str, trip: Trip, broken: Event) -> Iterable[Move]:
    """Goods on board at the breakdown, at the site they were brought to; without one they are lost."""
    since_s: dict[str, int] = {}
    for stop in trip.stops:
        for load in stop.load:
            since_s.setdefault(load.lot_id, stop.leave_s)
    cold_s = problem.vehicles[vehicle_id].cold_s_max
    for lot_id, left in _left(trip).items():
        if left <= 0:
            continue
        storage = problem.lots[lot_id].storage
        fine = storage is Storage.AMBIENT or (
            cold_s is not None and broken.at_s - since_s[lot_id] <= cold_s
        )
        kept = fine and bool(broken.site_id) and problem.sites[broken.site_id].keeps(storage)
        yield Move(broken.site_id if kept else "", broken.at_s, lot_id, left, vehicle_id)


_Moment = tuple[int, int, int, str, str, int]
_LEAVES, _COMES, _OPENS, _LOSES = range(4)
"""What counts first at one moment."""


class _Book:
    """Stock by lot and site through what was driven, opened and lost, moment by moment."""

    def __init__(
        self, problem: WeekProblem, published: Plan, events: tuple[Event, ...], now_s: int
    ) -> None:
        self._problem, self._published = problem, published
        self._events, self._now_s = events, now_s
        self._stock: dict[str, dict[str, int]] = {
            lot.id: {lot.site_id: lot.units} for lot in problem.lots.values()
        }
        self.settled: list[Line] = []
        self.opened: list[str] = []
        self.doors: set[str] = set()
        self.losses: list[Move] = []
        self.held: dict[str, int] = {}

    def run(self, routes: Iterable[Route], saved: Iterable[Move]) -> None:
        """Replay everything in order: leaving, coming, opening, losing at each moment."""
        routes = tuple(routes)
        stops = [stop for route in routes for trip in route.trips for stop in trip.stops]
        self.doors |= {stop.id for stop in stops if stop.kind is StopKind.HOUSEHOLD}
        moments = [(m.at_s, _COMES, 0, m.lot_id, m.site_id, m.units) for m in saved]
        for stop in (stop for stop in stops if stop.kind is StopKind.SITE):
            moments += [(stop.start_s, _LEAVES, 0, x.lot_id, stop.id, -x.units) for x in stop.load]
            moments += [(stop.leave_s, _COMES, 0, x.lot_id, stop.id, x.units) for x in stop.unload]
        moments += self._happenings()
        for _, order, number, name, site_id, units in sorted(moments):
            if order == _OPENS:
                self._open(name, site_id)
            elif order == _LOSES:
                self._lose(self._events[number])
            else:
                places = self._stock[name]
                places[site_id] = places.get(site_id, 0) + units
        lines = self._published.allocation.lines
        self.settled += [
            line for line in lines if line.session_id is None and line.household_id in self.doors
        ]

    def _happenings(self) -> list[_Moment]:
        """Openings (named by the session) and losses (by the number of the event)."""
        called_off = {e.session_id for e in self._events if e.kind is EventKind.SESSION_CLOSED}
        opened = [
            (session.open_s, _OPENS, 0, session.id, session.site_id, 0)
            for session in self._problem.sessions.values()
            if session.open_s <= self._now_s and session.id not in called_off
        ]
        lost = [
            (event.at_s, _LOSES, number, event.lot_id, event.site_id, 0)
            for number, event in enumerate(self._events)
            if event.kind in LOSSES
        ]
        return [*opened, *lost]

    def _open(self, session_id: str, site_id: str) -> None:
        self.opened.append(session_id)
        for line in self._published.allocation.lines:
            if line.session_id == session_id:
                there = max(0, self._stock[line.lot_id].get(site_id, 0))
                pack = self._problem.lots[line.lot_id].pack
                units = min(line.units, there - there % pack)
                if units > 0:
                    self._stock[line.lot_id][site_id] = there - units
                    self.settled.append(replace(line, units=units))

    def _lose(self, event: Event) -> None:
        """The origin first, then the other sites by name; never more than stands there."""
        places = self._stock[event.lot_id]
        origin_id = self._problem.lots[event.lot_id].site_id
        wanted = sum(places.values()) if event.units is None else event.units
        for site_id in sorted(places, key=lambda name: (name != origin_id, name)):
            if event.site_id in ("", site_id):
                gone = min(wanted, max(0, places[site_id]))
                places[site_id] -= gone
                wanted -= gone
                lot = self._problem.lots[event.lot_id]
                if site_id == lot.site_id:
                    kept = self.held.get(lot.id, lot.hold_units)
                    self.held[lot.id] = min(kept, places[site_id])
                if gone:
                    self.losses.append(Move(site_id, event.at_s, event.lot_id, -gone))
