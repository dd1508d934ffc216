"""Rows for space: storage at sites over the days, compartments of the vehicles on a day, cuts, pins.

Days are counted at their fullest: what arrives on a day stands beside everything that leaves on that
same day. A plan that keeps these rows keeps the storage rules whatever the hours of the routes.
"""

from __future__ import annotations

from collections.abc import Iterable

from logistics.model.plan import Cap, Cut
from logistics.model.problem import Travel
from logistics.model.units import PinKind, SiteKind, Storage
from logistics.solver.allocation.shape import ShapeBuilder
from logistics.solver.eligible import Option, forbids
from logistics.solver.ways import WayKind

Place = tuple[str, Storage, int]
"""Site, storage class, day."""


def limit_storage(builder: ShapeBuilder) -> None:
    """Kilograms per storage class at every hub and satellite on every day with an arrival."""
    problem = builder.problem
    arrivals: dict[tuple[str, Storage], set[int]] = {}
    stays: dict[tuple[str, Storage], list[tuple[int, int, int, int]]] = {}
    for i, option in enumerate(builder.options):
        lot = problem.lots[option.lot_id]
        for site_id, first, last in _stays(builder, option):
            key = (site_id, lot.storage)
            if first >= 0:
                arrivals.setdefault(key, set()).add(first)
            stays.setdefault(key, []).append((i, first, last, builder.pack_g(i)))
    for key in sorted(arrivals):
        site_id, storage = key
        standing = sum(
            lot.units * lot.unit_g
            for lot in problem.lots.values()
            if lot.site_id == site_id and lot.storage is storage
        )
        for day in sorted(arrivals[key]):
            terms = []
            for i, first, last, grams in stays[key]:
                if first < 0 and last < day:
                    terms.append((i, -grams))
                elif 0 <= first <= day <= last:
                    terms.append((i, grams))
            room = problem.sites[site_id].room_g(storage) - standing
            builder.limit(Cap("site_storage", site_id, storage, day), terms, room)


def _stays(builder: ShapeBuilder, option: Option) -> Iterable[tuple[str, int, int]]:
    """Where units of an option stand, from which day to which; -1 means since before the week."""
    problem, way = builder.problem, option.way
    lot = problem.lots[option.lot_id]
    here = problem.sites[lot.site_id]
    goal = problem.sessions[option.session_id].site_id if option.session_id else None
    if way.kind is WayKind.HERE:
        yield here.id, -1, option.day
        return
    ends_at_hub = goal is not None and goal == way.hub_id
    if here.kind is not SiteKind.DONOR:
        yield here.id, -1, way.day
    elif way.collect_day is not None:
        yield way.hub_id, way.collect_day, option.day if ends_at_hub else way.day
    if goal is not None and not ends_at_hub:
        yield goal, way.day, option.day


def limit_vehicles(builder: ShapeBuilder, travel: Travel) -> None:
    """Kilograms that can leave a hub on a day: compartments times the trips that fit into the shifts.

    The number of trips is a proven upper bound: no trip is shorter than loading, driving to the
    nearest destination of that day, stopping there and driving back.
    """
    loads: dict[tuple[str, int], list[int]] = {}
    for i, option in enumerate(builder.options):
        if option.way.kind is WayKind.HUB and _destination(builder, option) != option.way.hub_id:
            loads.setdefault((option.way.hub_id, option.way.day), []).append(i)
    problem = builder.problem
    for (hub_id, day), variables in sorted(loads.items()):
        hub = problem.sites[hub_id]
        places = {_destination(builder, builder.options[i]) for i in variables}
        shortest_s = min(
            hub.dock_s
            + travel[hub_id, place].seconds
            + _service_s(builder, place)
            + travel[place, hub_id].seconds
            for place in places
        )
        for storage in Storage:
            room_g = 0
            for shift in problem.shifts:
                vehicle = problem.vehicles[shift.vehicle_id]
                if shift.day == day and vehicle.home_site_id == hub_id:
                    trips = (shift.end_s - shift.start_s) // max(1, shortest_s)
                    room_g += vehicle.room_g(storage) * trips
            terms = [
                (i, builder.pack_g(i))
                for i in variables
                if problem.lots[builder.options[i].lot_id].storage is storage
            ]
            builder.limit(Cap("vehicle_day", hub_id, storage, day), terms, room_g)


def _destination(builder: ShapeBuilder, option: Option) -> str:
    if option.session_id is None:
        return option.household_id
    return builder.problem.sessions[option.session_id].site_id


def _service_s(builder: ShapeBuilder, place_id: str) -> int:
    site = builder.problem.sites.get(place_id)
    if site is not None:
        return site.dock_s
    visit = builder.problem.households[place_id].visit
    return visit.service_s if visit else 0


def respect_pins(builder: ShapeBuilder) -> None:
    """`fix` and `at_least` pins as rows (`forbid` is a matter of eligibility)."""
    for number, pin in enumerate(builder.problem.pins):
        if pin.kind is PinKind.FORBID or pin.units is None:
            continue
        terms = [
            (i, builder.problem.lots[option.lot_id].pack)
            for i, option in enumerate(builder.options)
            if forbids(pin, option.household_id, option.lot_id, option.session_id)
        ]
        upper = pin.units if pin.kind is PinKind.FIX else None
        builder.limit(Cap("pin", str(number + 1)), terms, upper, lower=pin.units)


def respect_loads(builder: ShapeBuilder, cuts: Iterable[Cut]) -> None:
    """Cuts of kind `session_load`: grams of a class that can be driven to a session."""
    for cut in cuts:
        if cut.kind != "session_load":
            continue
        session_id, storage, grams = cut.ids
        terms = [
            (i, builder.pack_g(i))
            for i, option in enumerate(builder.options)
            if option.session_id == session_id
            and option.way.kind is WayKind.HUB
            and builder.problem.lots[option.lot_id].storage == storage
        ]
        day = builder.problem.sessions[session_id].day
        builder.limit(Cap("session_load", session_id, storage, day), terms, int(grams))


def cut_off(options: Iterable[Option], cuts: Iterable[Cut]) -> list[Option]:
    """Options that no cut forbids.

    Kinds: `visit` (household), `collection` (lots), `delivery` (lot, session or household), `day`
    (day number: nothing is driven on it); `session_load` is a matter of rows.
    """
    gone = {(cut.kind, ids) for cut in cuts for ids in _forbidden(cut)}
    return [
        option
        for option in options
        if not gone
        & {
            ("visit", (option.household_id if option.session_id is None else "",)),
            ("collection", (option.lot_id if option.way.kind is WayKind.HUB else "",)),
            ("delivery", (option.lot_id, option.session_id or option.household_id)),
            ("day", (str(option.way.day) if option.way.kind is not WayKind.HERE else "",)),
            ("day", (str(option.way.collect_day),)),
        }
    ]


def _forbidden(cut: Cut) -> list[tuple[str, ...]]:
    """The keys that a cut forbids, one for each lot of a collection."""
    return [(lot_id,) for lot_id in cut.ids] if cut.kind == "collection" else [cut.ids]
