"""Rows for space: storage at sites over the days, compartments of the vehicles on a day, cuts, pins.

Days are counted at their fullest: what arrives on a day stands beside everything that leaves on that
same day. A plan that keeps these rows keeps the storage rules whatever the hours of the routes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from logistics.model.plan import Cap, Cut
from logistics.model.problem import Pin, Travel, WeekProblem
from logistics.model.units import PinKind, Storage
from logistics.solver.allocation.shape import ShapeBuilder
from logistics.solver.eligible import Option, matches
from logistics.solver.ways import WayKind


@dataclass(frozen=True, slots=True)
class Underway:
    """What is in the stores of a week under way for a while only.

    `passing` are lots that have been driven to where they stand: they count until they leave. `held`
    are grams by site, class and day that wait at a session for those who will fetch them.
    """

    passing: frozenset[str] = frozenset()
    held: Mapping[tuple[str, str, int], int] = field(default_factory=dict)


NOTHING_UNDERWAY = Underway()


def limit_storage(builder: ShapeBuilder, underway: Underway = NOTHING_UNDERWAY) -> None:
    """Kilograms per storage class at every hub and satellite on every day with an arrival.

    What stood there on Monday counts all week, so that nobody's share depends on somebody else's
    being fetched first; a store that is overfull then takes nothing more.
    """
    problem = builder.problem
    stays: dict[tuple[str, Storage], list[tuple[int, int, int]]] = {}
    leaving: dict[tuple[str, Storage], list[tuple[int, int]]] = {}
    for i, option in enumerate(builder.options):
        lot = problem.lots[option.lot_id]
        for site_id, first, last in _stays(builder, option):
            stays.setdefault((site_id, lot.storage), []).append((i, first, last))
        if lot.id in underway.passing:
            last = option.day if option.way.kind is WayKind.HERE else option.way.day
            leaving.setdefault((lot.site_id, lot.storage), []).append((i, last))
    for site_id, storage in sorted(stays):
        standing = sum(
            lot.units * lot.unit_g
            for lot in problem.lots.values()
            if lot.site_id == site_id and lot.storage is storage
        )
        room = max(0, problem.sites[site_id].room_g(storage) - standing)
        here, away = stays[site_id, storage], leaving.get((site_id, storage), [])
        for day in sorted({first for _, first, _ in here}):
            terms = [(i, builder.pack_g(i)) for i, first, last in here if first <= day <= last]
            terms += [(i, -builder.pack_g(i)) for i, last in away if last < day]
            left = max(0, room - underway.held.get((site_id, storage, day), 0))
            builder.limit(Cap("site_storage", site_id, storage, day), terms, left)


def _stays(builder: ShapeBuilder, option: Option) -> Iterable[tuple[str, int, int]]:
    """Where units of an option come to stand during the week, from which day to which."""
    problem, way = builder.problem, option.way
    if way.kind is WayKind.HERE:
        return
    goal = problem.sessions[option.session_id].site_id if option.session_id else None
    ends_at_hub = goal is not None and goal == way.hub_id
    if way.collect_day is not None:
        yield way.hub_id, way.collect_day, option.day if ends_at_hub else way.day
    if goal is not None and not ends_at_hub:
        yield goal, way.day, option.day


def limit_vehicles(builder: ShapeBuilder, travel: Travel, cuts: Iterable[Cut] = ()) -> None:
    """Kilograms that can leave a hub on a day: compartments times the trips that fit into the shifts.

    The number of trips is a proven upper bound: no trip is shorter than loading, driving to the
    nearest destination of that day, stopping there and driving back. A cut of kind `one_trip` allows
    only one each on its day.
    """
    single = {cut.ids for cut in cuts if cut.kind == "one_trip"}
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
                    trips = min(trips, 1) if (hub_id, str(day)) in single else trips
                    room_g += vehicle.room_g(storage) * trips
            terms = [
                (i, builder.pack_g(i))
                for i in variables
                if problem.lots[builder.options[i].lot_id].storage is storage
            ]
            builder.limit(Cap("vehicle_day", hub_id, storage, day), terms, room_g)


def limit_collections(builder: ShapeBuilder) -> None:
    """An offer is collected once: no more of it than the roomiest vehicle of that day holds."""
    offers: dict[str, list[int]] = {}
    for i, option in enumerate(builder.options):
        if option.way.kind is WayKind.HUB and option.way.collect_day is not None:
            offers.setdefault(option.lot_id, []).append(i)
    problem = builder.problem
    for lot_id, variables in sorted(offers.items()):
        way, storage = builder.options[variables[0]].way, problem.lots[lot_id].storage
        rooms = [
            problem.vehicles[shift.vehicle_id].room_g(storage)
            for shift in problem.shifts
            if shift.day == way.collect_day
            and problem.vehicles[shift.vehicle_id].home_site_id == way.hub_id
        ]
        cap = Cap("vehicle_day", way.hub_id, storage, way.collect_day)
        builder.limit(cap, ((i, builder.pack_g(i)) for i in variables), max(rooms, default=0))


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
    for pin in builder.problem.pins:
        if pin.kind is PinKind.FORBID or pin.units is None:
            continue
        terms = [
            (i, builder.problem.lots[option.lot_id].pack)
            for i, option in enumerate(builder.options)
            if matches(pin, option.household_id, option.lot_id, option.session_id)
        ]
        upper = pin.units if pin.kind is PinKind.FIX else None
        builder.limit(Cap("pin", _named(pin)), terms, upper, lower=pin.units)


def _named(pin: Pin) -> str:
    """What a pin is about: the first thing it names."""
    return pin.household_id or pin.lot_id or pin.session_id or pin.vehicle_id


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


def respect_visits(builder: ShapeBuilder, cuts: Iterable[Cut]) -> None:
    """Cuts of kind `visits`: of these households at most so many can be visited on their day."""
    seats: dict[str, int] = {}
    doors: dict[str, list[int]] = {}
    for i, option in enumerate(builder.options):
        if option.session_id is None:
            doors.setdefault(option.household_id, []).append(i)
    for cut in cuts:
        if cut.kind != "visits":
            continue
        most, day, *household_ids = cut.ids
        for household_id in household_ids:
            if household_id not in seats and household_id in doors:
                seats[household_id] = builder.flag(household_id, "visited")
                cap = Cap("attends", household_id)
                builder.only_if(cap, doors[household_id], seats[household_id])
        terms = [(seats[h], 1) for h in household_ids if h in seats]
        if terms:
            hub_id = min(v.home_site_id for v in builder.problem.vehicles.values())
            builder.limit(Cap("visits_day", hub_id, day=int(day)), terms, int(most))


def cut_off(problem: WeekProblem, options: Iterable[Option], cuts: Iterable[Cut]) -> list[Option]:
    """Options that no cut forbids.

    Kinds: `visit` (household), `collection` (lots), `delivery` (lot, session or household),
    `detour` (nothing straight to doors on that day), `cold_visit`
    (nothing chilled or frozen for the household's visit); the other kinds are a matter of rows.
    """
    gone = {(cut.kind, ids) for cut in cuts for ids in _forbidden(cut)}
    if not gone:
        return list(options)
    return [
        option
        for option in options
        if not gone
        & {
            ("visit", (option.household_id if option.session_id is None else "",)),
            ("collection", (option.lot_id if option.way.kind is WayKind.HUB else "",)),
            ("delivery", (option.lot_id, option.session_id or option.household_id)),
            ("cold_visit", (option.household_id if _is_cold_visit(problem, option) else "",)),
            ("detour", (str(option.way.day) if _is_detour(option) else "",)),
        }
    ]


def _is_cold_visit(problem: WeekProblem, option: Option) -> bool:
    storage = problem.lots[option.lot_id].storage
    return option.session_id is None and storage is not Storage.AMBIENT


def _is_detour(option: Option) -> bool:
    """Goods that stand somewhere else than at a hub, driven straight to a door."""
    return option.session_id is None and option.way.kind is WayKind.STRAIGHT


def _forbidden(cut: Cut) -> list[tuple[str, ...]]:
    """The keys that a cut forbids, one for each lot of a collection."""
    return [(lot_id,) for lot_id in cut.ids] if cut.kind == "collection" else [cut.ids]
