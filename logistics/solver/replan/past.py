"""What a published plan has made of a week by now: trips driven, goods handed over, where things stand.

A trip that has started by now is driven to its end, stop by stop as planned, unless its car broke down
on the way: then it ends with the last stop that had begun. A session that has opened has handed out
what the plan says, as far as the goods were there, in the order of the plan's lines.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from logistics.model.events import LOSSES, Event, EventKind, absent, in_order
from logistics.model.plan import Line, Load, Plan, Rest, Route, Stop, StopKind, Trip
from logistics.model.problem import Travel, WeekProblem
from logistics.model.units import SiteKind, Storage

Place = tuple[str, str]
"""A lot at a site."""


@dataclass(frozen=True, slots=True)
class Clash:
    """An event that does not go with what was driven: the code of a finding and what it names."""

    code: str
    name: str
    who: str = ""
    moment_s: int = 0


@dataclass(slots=True)
class Past:
    """The week as driven. Times are seconds of the week.

    `routes` hold the driven trips alone; `stock` is units by lot and site when all of them are over,
    `ready_s` when the last of them arrived there; `hubs` are where a donor's lot was collected to,
    `held` the units still on hold.
    `promised` are units of settled lines at sessions still open, with the close. `free_s` is when a
    vehicle is free again on a day and `at` the site where, `stuck` are those that are not coming back
    that day; `rests` are breaks that have begun.
    """

    now_s: int
    routes: tuple[Route, ...] = ()
    settled: tuple[Line, ...] = ()
    stock: Counter[Place] = field(default_factory=Counter)
    ready_s: dict[Place, int] = field(default_factory=dict)
    hubs: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    lost: Counter[str] = field(default_factory=Counter)
    held: dict[str, int] = field(default_factory=dict)
    promised: list[tuple[str, str, int, int]] = field(default_factory=list)
    free_s: dict[tuple[str, int], int] = field(default_factory=dict)
    at: dict[tuple[str, int], str] = field(default_factory=dict)
    stuck: set[tuple[str, int]] = field(default_factory=set)
    rests: dict[tuple[str, int], Rest] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)


class _Order(IntEnum):
    """What counts first at one moment (docs/rules.md §4), and losses after all."""

    LEAVES = 0
    COMES = 1
    OPENS = 2
    LOST = 3


class _Change(NamedTuple):
    at_s: int
    order: _Order
    number: int
    site_id: str
    lot_id: str
    units: int


def past_of(
    problem: WeekProblem, travel: Travel, plan: Plan, events: Iterable[Event], now_s: int
) -> Past:
    """Replay a published plan up to now, with what has happened.

    Args:
        problem: the week before the events.
        travel: the legs that the plan drives.
        plan: the published plan, in which an earlier breakdown may have cut a trip already.
        events: all events of the week so far.
        now_s: what starts later is not driven yet.
    """
    ordered = in_order(events)
    past = Past(now_s)
    past.stock.update({(lot.id, lot.site_id): lot.units for lot in problem.lots.values()})
    past.held.update({lot.id: lot.hold_units for lot in problem.lots.values()})
    rescued = list(_drive(problem, travel, plan, ordered, past))
    _replay(problem, plan, ordered, past, rescued)
    _settle_doors(plan, past)
    _clash(problem, ordered, past)
    return past


def _drive(
    problem: WeekProblem, travel: Travel, plan: Plan, events: Sequence[Event], past: Past
) -> Iterator[_Change]:
    """Note the trips driven; yield what was brought somewhere out of broken cars."""
    routes = []
    for route in plan.routes:
        key = route.vehicle_id, route.day
        trips = []
        for trip in route.trips:
            start_s = trip.stops[0].arrive_s
            if start_s > past.now_s or any(absent(e, route.vehicle_id, start_s) for e in events):
                continue
            broken = next((e for e in events if _breaks(problem, e, route, trip)), None)
            if broken is not None:
                trip = _cut(trip, broken.begins_s, travel)
                past.stuck.add(key)
                yield from _out_of_car(problem, route.vehicle_id, trip, broken, past)
            trips.append(trip)
            past.free_s[key], past.at[key] = trip.stops[-1].leave_s, trip.stops[-1].id
        rest = route.rest
        if rest is not None and _has_begun(rest, route, events, past):
            past.rests[key] = rest
            past.free_s[key] = max(rest.end_s, past.free_s.get(key, 0))
        elif key in past.stuck:
            rest = None
        if trips:
            routes.append(replace(route, trips=tuple(trips), rest=rest))
    past.routes = tuple(routes)


def _has_begun(rest: Rest, route: Route, events: Sequence[Event], past: Past) -> bool:
    """Whether a break has begun by now, or will before what is driven is over."""
    key = route.vehicle_id, route.day
    if rest.start_s < past.free_s.get(key, 0):
        return True
    away = any(absent(event, route.vehicle_id, rest.start_s) for event in events)
    return rest.start_s <= past.now_s and key not in past.stuck and not away


def _breaks(problem: WeekProblem, event: Event, route: Route, trip: Trip) -> bool:
    """Whether a car broke down on a trip, of which an earlier plan may show only what was made."""
    if event.kind is not EventKind.CAR_BROKEN or event.vehicle_id != route.vehicle_id:
        return False
    first, last = trip.stops[0], trip.stops[-1]
    ends = {problem.vehicles[route.vehicle_id].home_site_id}
    for shift in problem.shifts:
        if (shift.vehicle_id, shift.day) == (route.vehicle_id, route.day) and shift.end_id:
            ends.add(shift.end_id)
    is_cut = len(trip.stops) < 2 or last.id not in ends or bool(_on_board(trip))
    return first.arrive_s < event.begins_s and (is_cut or event.begins_s < last.leave_s)


def _cut(trip: Trip, moment_s: int, travel: Travel) -> Trip:
    """What of a trip was made by a moment: the stops whose service had begun."""
    stops = tuple(stop for stop in trip.stops if stop.start_s <= moment_s)
    metres = sum(travel[a.id, b.id].metres for a, b in pairwise(stops) if a.id != b.id)
    return Trip(stops, metres, stops[-1].leave_s - stops[0].arrive_s)


def _on_board(trip: Trip) -> dict[str, int]:
    """Units by lot still on board after the last stop."""
    units: Counter[str] = Counter()
    for stop in trip.stops:
        units.update({load.lot_id: load.units for load in stop.load})
        units.subtract({load.lot_id: load.units for load in stop.unload})
    return {lot_id: left for lot_id, left in units.items() if left > 0}


def _out_of_car(
    problem: WeekProblem, vehicle_id: str, trip: Trip, broken: Event, past: Past
) -> Iterator[_Change]:
    """Goods on board of a broken car: brought to a site by the time it was reported, or lost.

    Cold goods are lost unless the car has cold minutes and they were there within them.
    """
    limit_s = problem.vehicles[vehicle_id].cold_s_max
    for lot_id, units in _on_board(trip).items():
        lot = problem.lots[lot_id]
        warm_s = broken.at_s - _loaded_s(trip.stops, lot_id)
        cold = lot.storage is not Storage.AMBIENT
        too_warm = cold and (limit_s is None or warm_s > limit_s)
        if not broken.site_id or too_warm or not _takes(problem, broken.site_id, lot.storage):
            past.lost[lot_id] += units
        else:
            yield _Change(broken.at_s, _Order.COMES, 0, broken.site_id, lot_id, units)


def _takes(problem: WeekProblem, site_id: str, storage: Storage) -> bool:
    return problem.sites[site_id].keeps(storage)


def _loaded_s(stops: Sequence[Stop], lot_id: str) -> int:
    """When a lot was first taken on board."""
    return next(s.leave_s for s in stops if any(load.lot_id == lot_id for load in s.load))


def _replay(
    problem: WeekProblem,
    plan: Plan,
    events: Sequence[Event],
    past: Past,
    rescued: Sequence[_Change],
) -> None:
    """Move stock through the driven trips, openings and losses in the order of time."""
    changes = [*rescued, *_stops(problem, past), *_openings(problem, events, past)]
    for number, event in enumerate(events):
        if event.kind in LOSSES:
            changes.append(_Change(event.at_s, _Order.LOST, number, "", event.lot_id, 0))
    settled: list[Line] = []
    for change in sorted(changes):
        place = change.lot_id, change.site_id
        if change.order is _Order.OPENS:
            settled += _handed_out(problem, plan, change.lot_id, past)
        elif change.order is _Order.LOST:
            _lose(problem, events[change.number], past)
        else:
            past.stock[place] += change.units
            if change.order is _Order.COMES:
                past.ready_s[place] = change.at_s
            elif past.stock[place] < _held(problem, past, *place):
                clash = Clash("event_after_loading", change.lot_id, moment_s=change.at_s)
                past.clashes.append(clash)
    past.settled = tuple(settled)


def _stops(problem: WeekProblem, past: Past) -> Iterator[_Change]:
    for route in past.routes:
        for trip in route.trips:
            for stop in trip.stops:
                if stop.kind is not StopKind.SITE:
                    continue
                for load in stop.load:
                    yield _Change(stop.start_s, _Order.LEAVES, 0, stop.id, load.lot_id, -load.units)
                    lot = problem.lots[load.lot_id]
                    offer = problem.sites[lot.site_id].kind is SiteKind.DONOR and not lot.is_cooked
                    if offer and stop.id == lot.site_id:
                        past.hubs[lot.id].add(problem.vehicles[route.vehicle_id].home_site_id)
                for load in stop.unload:
                    yield _Change(stop.leave_s, _Order.COMES, 0, stop.id, load.lot_id, load.units)


def _openings(problem: WeekProblem, events: Sequence[Event], past: Past) -> Iterator[_Change]:
    """Sessions that have opened and were not called off before; `lot_id` holds the session."""
    closed = {e.session_id for e in events if e.kind is EventKind.SESSION_CLOSED}
    for session in problem.sessions.values():
        if session.open_s <= past.now_s and session.id not in closed:
            yield _Change(session.open_s, _Order.OPENS, 0, session.site_id, session.id, 0)


def _handed_out(problem: WeekProblem, plan: Plan, session_id: str, past: Past) -> Iterator[Line]:
    """Lines of a session that has opened, each cut to the whole packs that were there."""
    session = problem.sessions[session_id]
    for line in plan.allocation.lines:
        if line.session_id != session_id:
            continue
        place = line.lot_id, session.site_id
        pack = problem.lots[line.lot_id].pack
        units = min(line.units, max(0, past.stock[place])) // pack * pack
        if units:
            past.stock[place] -= units
            past.promised.append((session.site_id, line.lot_id, units, session.close_s))
            yield replace(line, units=units)


def _lose(problem: WeekProblem, event: Event, past: Past) -> None:
    """Take lost units where they were lost: at the site named, else where the lot comes from first."""
    origin = problem.lots[event.lot_id].site_id
    places = [p for p in sorted(past.stock) if p[0] == event.lot_id and past.stock[p] > 0]
    places.sort(key=lambda place: place[1] != origin)
    left = event.units
    for place in places:
        if event.site_id not in ("", place[1]):
            continue
        units = past.stock[place] if left is None else min(left, past.stock[place])
        past.stock[place] -= units
        past.lost[event.lot_id] += units
        left = None if left is None else left - units
        if place[1] == origin:
            past.held[event.lot_id] = min(past.held[event.lot_id], past.stock[place])


def _held(problem: WeekProblem, past: Past, lot_id: str, site_id: str) -> int:
    """Units that stay at a site whatever is loaded there."""
    return past.held[lot_id] if problem.lots[lot_id].site_id == site_id else 0


def _settle_doors(plan: Plan, past: Past) -> None:
    """Lines of doors that driven trips have called at."""
    doors = {
        stop.id
        for route in past.routes
        for trip in route.trips
        for stop in trip.stops
        if stop.kind is StopKind.HOUSEHOLD
    }
    lines = (line for line in plan.allocation.lines if line.session_id is None)
    past.settled += tuple(line for line in lines if line.household_id in doors)


def _clash(problem: WeekProblem, events: Sequence[Event], past: Past) -> None:
    """Events that come after what they would change."""
    served = {line.household_id for line in past.settled}
    for event in events:
        if event.kind is EventKind.SESSION_CLOSED:
            if event.at_s >= problem.sessions[event.session_id].open_s:
                past.clashes.append(Clash("event_while_open", event.session_id))
        elif event.kind is EventKind.HOUSEHOLD_CANCELLED and event.household_id in served:
            past.clashes.append(Clash("event_after_handover", event.household_id))
        elif event.kind is EventKind.LOT_LATE:
            for stop, _ in _loadings(past, event.lot_id):
                early = stop.id == problem.lots[event.lot_id].site_id
                if early and stop.start_s < event.begins_s:
                    clash = Clash("event_after_loading", event.lot_id, "", stop.start_s)
                    past.clashes.append(clash)
        elif event.kind is EventKind.LOT_SPOILT:
            for stop in _doors_ahead(past, event):
                past.clashes.append(Clash("event_at_door", event.lot_id, stop.id))


def _loadings(past: Past, lot_id: str) -> Iterator[tuple[Stop, Load]]:
    for route in past.routes:
        for trip in route.trips:
            for stop in trip.stops:
                for load in stop.load:
                    if load.lot_id == lot_id:
                        yield stop, load


def _doors_ahead(past: Past, event: Event) -> Iterator[Stop]:
    """Doors at which a spoilt lot is still to be unloaded by a trip under way."""
    for route in past.routes:
        for trip in route.trips:
            for stop in trip.stops:
                at_door = stop.kind is StopKind.HOUSEHOLD and stop.start_s > event.at_s
                if at_door and any(load.lot_id == event.lot_id for load in stop.unload):
                    yield stop
