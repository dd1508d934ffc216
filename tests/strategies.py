"""Random valid small weeks with everything in them; each would pass `osusowake check`.

Places lie within a few minutes of each other, so that most goods can be driven and some cannot.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from logistics.model.fleet import Break, Shift, Vehicle
from logistics.model.goods import Lot
from logistics.model.people import HistoryWeek, Household, Visit, Volunteer
from logistics.model.places import Session, Site
from logistics.model.problem import Pin, Policy, Travel, WeekProblem
from logistics.model.units import (
    DAY_S,
    HOUR_S,
    MINUTE_S,
    Channel,
    Cold,
    Diet,
    FoodGroup,
    Kitchen,
    Label,
    PinKind,
    SiteKind,
    Storage,
    Tag,
)
from logistics.travel import legs_for
from tests.weeks import MONDAY

ONE = Fraction(1)
CODES = frozenset({"egg", "milk", "wheat"})
TAGS = (
    frozenset[Tag](),
    frozenset({Tag.VEGAN, Tag.HALAL}),
    frozenset({Tag.VEGETARIAN, Tag.SOFT}),
    frozenset({Tag.CONTAINS_PORK, Tag.CONTAINS_ALCOHOL}),
)
PEOPLE, NURSE = ("P1", "P2", "P3"), "nurse"
DAYS = (1, 2, 3)
"""Tuesday to Thursday: days with sessions, visits and shifts."""

ROOM_G = st.sampled_from((4_000, 12_000, 60_000, 60_000))


def legs_of(problem: WeekProblem) -> Travel:
    """Legs between all places of a week."""
    return legs_for(problem, [*problem.sites, *problem.households])


def _sometimes(draw: st.DrawFn, one_in: int) -> bool:
    return draw(st.integers(1, one_in)) == one_in


@st.composite
def small_weeks(draw: st.DrawFn, *, demands: bool = False, people: bool = False) -> WeekProblem:
    """A hub, one or two satellites, one or two donors, up to nine lots and eight households.

    Some weeks have pins that forbid a hand-over. With `demands` each has one that demands one, which
    may be impossible. With `people` shifts have crews, breaks and ends elsewhere, and visits
    alternatives.
    """
    sites = draw(_sites())
    lots = {f"L{k}": draw(_lots(f"L{k}", sites)) for k in range(draw(st.integers(4, 9)))}
    sites = _roomy_enough(sites, lots)
    held = [s.id for s in sites.values() if s.kind is not SiteKind.DONOR]
    sessions = {f"S{k}": draw(_sessions(f"S{k}", held)) for k in range(draw(st.integers(1, 3)))}
    households = {
        f"H{k}": draw(_households(f"H{k}", sorted(sessions)))
        for k in range(draw(st.integers(2, 8)))
    }
    vehicles = {
        f"V{k}": draw(_vehicles(f"V{k}", held)) for k in range(draw(st.sampled_from((1, 2, 2, 0))))
    }
    shifts = [shift for vehicle_id in vehicles for shift in draw(_shifts(vehicle_id))]
    volunteers: dict[str, Volunteer] = {}
    if people:
        volunteers = {name: draw(_volunteers(name)) for name in PEOPLE}
        shifts = [draw(_manned(shift, sorted(sites), volunteers)) for shift in shifts]
        households = {name: draw(_asking(home)) for name, home in households.items()}
    return WeekProblem(
        name="random",
        week_start=MONDAY,
        organisations={},
        sites=sites,
        lots=lots,
        sessions=sessions,
        households=households,
        vehicles=vehicles,
        shifts=tuple(shifts),
        history=tuple(week for h in households for week in draw(_history(h))),
        policy=draw(_policies()),
        pins=(
            *draw(st.lists(_forbidden(lots, households, sessions), max_size=2)),
            *([draw(_demanded(lots, households))] if demands else []),
        ),
        volunteers=volunteers,
    )


@st.composite
def _volunteers(draw: st.DrawFn, name: str) -> Volunteer:
    """Somebody with few hours or none that count, perhaps not on every day."""
    return Volunteer(
        name,
        draw(st.sampled_from((frozenset[str](), frozenset({NURSE})))),
        draw(st.sampled_from((frozenset[str](), frozenset({"ja", "en"}), frozenset({"vi"})))),
        draw(st.sampled_from((None, None, HOUR_S // 2, HOUR_S, 2 * HOUR_S))),
        draw(st.sampled_from((None, None, frozenset({1, 2})))),
    )


@st.composite
def _manned(
    draw: st.DrawFn, shift: Shift, site_ids: list[str], volunteers: dict[str, Volunteer]
) -> Shift:
    """A shift with people, a break and ends of its own, each now and then."""
    names = draw(st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True))
    days = {name: volunteers[name].days for name in names}
    rest_s = draw(st.sampled_from((15, 30, 60))) * MINUTE_S
    opens_s = shift.start_s + draw(st.integers(0, 6)) * 30 * MINUTE_S
    closes_s = min(opens_s + draw(st.integers(0, 2)) * HOUR_S, shift.end_s - rest_s)
    due = Break(opens_s, closes_s, rest_s) if opens_s <= closes_s and draw(st.booleans()) else None
    return replace(
        shift,
        volunteer_ids=tuple(n for n in names if days[n] is None or shift.day in days[n]),
        start_id=draw(st.sampled_from((None, None, *site_ids))),
        end_id=draw(st.sampled_from((None, None, *site_ids))),
        break_=due,
    )


@st.composite
def _asking(draw: st.DrawFn, home: Household) -> Household:
    """A household that is visited has up to three alternatives, some with wishes as to people."""
    if home.visit is None:
        return home
    visits = [
        replace(
            draw(_visits()),
            service_s=home.visit.service_s,
            crew=draw(st.sampled_from((1, 1, 2))),
            qualification=draw(st.sampled_from(("", "", NURSE))),
            last_visitor_ids=draw(st.sampled_from(((), ("P1",), ("P9",)))),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    if not visits:
        return home
    language = draw(st.sampled_from(("ja", "vi")))
    return replace(home, visit=visits[0], alternatives=tuple(visits), language=language)


@st.composite
def _sites(draw: st.DrawFn) -> dict[str, Site]:
    names = ["HUB", *(f"T{k}" for k in range(draw(st.integers(1, 2))))]
    names += [f"D{k}" for k in range(draw(st.integers(1, 2)))]
    kinds = {"H": SiteKind.HUB, "T": SiteKind.SATELLITE, "D": SiteKind.DONOR}
    return {name: draw(_site(name, kinds[name[0]])) for name in names}


@st.composite
def _site(draw: st.DrawFn, site_id: str, kind: SiteKind) -> Site:
    classes = [s for s in Storage if s is Storage.AMBIENT or not _sometimes(draw, 3)]
    open_hour, close_hour = draw(st.sampled_from(((0, 24), (0, 24), (8, 18), (9, 12))))
    return Site(
        site_id,
        "O1",
        site_id.lower(),
        kind,
        *draw(_points()),
        capacity_g={} if kind is SiteKind.DONOR else {s: draw(ROOM_G) for s in classes},
        receive_open_s=open_hour * HOUR_S,
        receive_close_s=close_hour * HOUR_S,
        dock_s=draw(st.sampled_from((0, 5, 15))) * MINUTE_S,
    )


@st.composite
def _points(draw: st.DrawFn) -> tuple[float, float]:
    """A point on a grid of some 8 km x 7 km: steps of 1.1 km and 0.9 km, some on one spot."""
    return 34.80 + draw(st.integers(0, 7)) / 100, 135.57 + draw(st.integers(0, 7)) / 100


def _roomy_enough(sites: dict[str, Site], lots: dict[str, Lot]) -> dict[str, Site]:
    """Capacities enlarged to just what stands there on Monday: a site may be full, never overfull."""
    found = {}
    for site in sites.values():
        room = dict(site.capacity_g)
        for storage in Storage:
            here = [x for x in lots.values() if x.site_id == site.id and x.storage is storage]
            stock_g = sum(lot.units * lot.unit_g for lot in here)
            if here and site.kind is not SiteKind.DONOR:
                room[storage] = max(room.get(storage, 1), stock_g)
        found[site.id] = replace(site, capacity_g=room)
    return found


@st.composite
def _lots(draw: st.DrawFn, lot_id: str, sites: dict[str, Site]) -> Lot:
    cooked = _sometimes(draw, 5)
    donor = draw(st.booleans())
    places = [s.id for s in sites.values() if (s.kind is SiteKind.DONOR) == donor]
    units = draw(st.sampled_from((6, 12, 4, 9, 1, 0)))
    label, last_day = draw(_labels())
    ready_s = collect_by_s = None
    if cooked or (donor and draw(st.booleans())):
        ready_s = draw(st.sampled_from(DAYS)) * DAY_S + draw(st.integers(8, 13)) * HOUR_S
        collect_by_s = draw(st.sampled_from((None, ready_s + 2 * HOUR_S, ready_s + DAY_S)))
    contains = draw(st.frozensets(st.sampled_from(sorted(CODES)), max_size=1))
    return Lot(
        id=lot_id,
        site_id=draw(st.sampled_from(places)),
        org_id="O1",
        item=f"item {lot_id}",
        food_group=FoodGroup.MEAL if cooked else draw(st.sampled_from(list(FoodGroup))),
        storage=draw(st.sampled_from((Storage.AMBIENT, *Storage))),
        units=units,
        unit_g=draw(st.sampled_from((300, 500, 1_000))),
        unit_meals=draw(st.sampled_from((ONE, ONE, 2 * ONE, ONE / 2))),
        pack=1 if cooked else draw(st.sampled_from((1, 1, 2, 3))),
        hold_units=draw(st.integers(0, units)) if _sometimes(draw, 5) else 0,
        label=label,
        last_day=last_day,
        ready_s=ready_s,
        collect_by_s=collect_by_s,
        fresh_s=draw(st.integers(2, 8)) * HOUR_S if cooked else None,
        contains=contains,
        checked=draw(st.sampled_from((CODES, CODES, CODES, contains))),
        kitchen_needed=draw(st.sampled_from((Kitchen.NONE, Kitchen.NONE, *Kitchen))),
        tags=draw(st.sampled_from(TAGS)),
    )


@st.composite
def _labels(draw: st.DrawFn) -> tuple[Label, date | None]:
    """Label and last day, from days before the week to far beyond it."""
    label = draw(st.sampled_from(list(Label)))
    last_day = MONDAY + timedelta(days=draw(st.sampled_from((90, 20, 10, 5, 3, -1))))
    return label, None if label is Label.NONE and draw(st.booleans()) else last_day


@st.composite
def _sessions(draw: st.DrawFn, session_id: str, site_ids: list[str]) -> Session:
    open_s = draw(st.sampled_from(DAYS)) * DAY_S + draw(st.integers(9, 17)) * HOUR_S
    close_s = open_s + draw(st.integers(1, 3)) * HOUR_S
    site_id = draw(st.sampled_from(site_ids))
    return Session(
        session_id, site_id, open_s, close_s, draw(st.sampled_from((None, None, 2, 1, 0)))
    )


@st.composite
def _households(draw: st.DrawFn, household_id: str, session_ids: list[str]) -> Household:
    visited = _sometimes(draw, 3)
    diets = (*[frozenset[Diet]()] * 6, *(frozenset({diet}) for diet in Diet))
    return Household(
        household_id,
        *draw(_points()),
        members=draw(st.integers(1, 5)),
        meals_wanted=draw(st.sampled_from((5, 10, 3, 7, 1, 0))),
        avoid=draw(
            st.sampled_from((*[frozenset[str]()] * 3, frozenset({"egg"}), frozenset({"milk"})))
        ),
        diet=draw(st.sampled_from(diets)),
        kitchen=draw(st.sampled_from((Kitchen.FULL, Kitchen.FULL, *Kitchen))),
        cold=draw(st.sampled_from((Cold.FREEZER, Cold.FREEZER, *Cold))),
        channel=Channel.DELIVERY if visited else Channel.PICKUP,
        session_ids=tuple(
            draw(st.lists(st.sampled_from(session_ids), min_size=1, max_size=3, unique=True))
        ),
        visit=draw(_visits()) if visited else None,
        weight=draw(st.sampled_from((ONE, ONE, ONE, 2 * ONE, ONE / 2))),
    )


@st.composite
def _visits(draw: st.DrawFn) -> Visit:
    open_s = draw(st.sampled_from(DAYS)) * DAY_S + draw(st.integers(9, 17)) * HOUR_S
    wide_s = draw(st.sampled_from((0, 30, 60, 180))) * MINUTE_S
    return Visit(open_s, open_s + wide_s, draw(st.sampled_from((0, 10))) * MINUTE_S)


@st.composite
def _vehicles(draw: st.DrawFn, vehicle_id: str, site_ids: list[str]) -> Vehicle:
    home = "HUB" if not _sometimes(draw, 4) else draw(st.sampled_from(site_ids))
    room = {s: draw(ROOM_G) for s in Storage if s is Storage.AMBIENT or draw(st.booleans())}
    limit = draw(st.sampled_from((None, 10, 30)))
    return Vehicle(vehicle_id, home, room, None if limit is None else limit * MINUTE_S)


@st.composite
def _shifts(draw: st.DrawFn, vehicle_id: str) -> list[Shift]:
    """At most two shifts a day, which never overlap."""
    found = []
    for day in draw(st.lists(st.sampled_from((*DAYS, 0)), min_size=2, max_size=4, unique=True)):
        for start, end in draw(st.sampled_from((((8, 18),), ((8, 18),), ((9, 12), (13, 17))))):
            found.append(
                Shift(vehicle_id, day * DAY_S + start * HOUR_S, day * DAY_S + end * HOUR_S)
            )
    return found


@st.composite
def _history(draw: st.DrawFn, household_id: str) -> list[HistoryWeek]:
    return [
        HistoryWeek(
            household_id,
            MONDAY - timedelta(days=7 * ago),
            draw(st.integers(0, 8)),
            Fraction(draw(st.integers(0, 20)), 2),
        )
        for ago in draw(st.lists(st.integers(1, 10), max_size=2, unique=True))
    ]


@st.composite
def _policies(draw: st.DrawFn) -> Policy:
    return Policy(
        group_share_max=draw(st.sampled_from((Fraction(3, 5), Fraction(1), Fraction(1, 3)))),
        week_floor=draw(
            st.sampled_from((Fraction(1, 2), Fraction(1, 2), Fraction(0), Fraction(1)))
        ),
        sessions_max=draw(st.sampled_from((1, 1, 2))),
    )


@st.composite
def _forbidden(
    draw: st.DrawFn,
    lots: dict[str, Lot],
    households: dict[str, Household],
    sessions: dict[str, Session],
) -> Pin:
    """A household may not have a lot, or anything, or not at a session."""
    household_id = draw(st.sampled_from(sorted(households)))
    lot_id = draw(st.sampled_from((*sorted(lots), "")))
    session_id = draw(st.sampled_from((*sorted(sessions), "")))
    return Pin(PinKind.FORBID, household_id, lot_id, session_id)


@st.composite
def _demanded(draw: st.DrawFn, lots: dict[str, Lot], households: dict[str, Household]) -> Pin:
    """A household gets, at least or exactly, up to two packs of a lot."""
    lot = lots[draw(st.sampled_from(sorted(lots)))]
    return Pin(
        draw(st.sampled_from((PinKind.AT_LEAST, PinKind.FIX))),
        draw(st.sampled_from(sorted(households))),
        lot.id,
        units=lot.pack * draw(st.integers(0, 2)),
    )
