"""A world small enough to keep in one's head, for books that live through several weeks.

Stock stands at HUB. Session `V` is held there on Wednesday 10:00-12:00; session `W` is held at T1 on
Wednesday 14:00-15:00, for which VAN loads at 13:00-13:10 and unloads at 13:30-13:40. Household D is
visited on Wednesday at 16:20-16:25 by VAN, which loads at 16:00-16:10. Donor GIVER owns all lots.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from logistics.model.fleet import Shift, Vehicle
from logistics.model.goods import Lot
from logistics.model.people import Household, Visit
from logistics.model.places import Organisation, Session, Site
from logistics.model.plan import (
    Allocation,
    Line,
    Load,
    Metrics,
    Plan,
    Route,
    Status,
    Stop,
    StopKind,
    TravelSource,
    Trip,
)
from logistics.model.problem import WeekProblem
from logistics.model.units import (
    DAY_S,
    HOUR_S,
    MINUTE_S,
    Channel,
    FoodGroup,
    Sector,
    SiteKind,
    Storage,
)

MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WED = 2
HOUSEHOLDS = ("A", "B", "C")


def at(hour: int, minute: int = 0) -> int:
    """Seconds of the week of a moment on Wednesday."""
    return WED * DAY_S + hour * HOUR_S + minute * MINUTE_S


def lot(lot_id: str, units: int, **more: object) -> Lot:
    base = Lot(
        lot_id,
        "HUB",
        "GIVER",
        f"item {lot_id}",
        FoodGroup.STAPLE,
        Storage.AMBIENT,
        units,
        500,
        Fraction(1),
    )
    return replace(base, **more)  # type: ignore[arg-type]


def week(lots: Iterable[Lot], weeks_later: int = 0, **more: object) -> WeekProblem:
    """A week of this world; its digest follows from what is said of the lots, in any order."""
    items = {item.id: item for item in lots}
    said = [weeks_later, sorted(map(repr, items.values()))]
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()
    room = {Storage.AMBIENT: 1_000_000}
    place = {"lat": 34.85, "lon": 135.62}
    visit = Visit(at(16), at(17), 5 * MINUTE_S)
    home = Household("D", members=2, meals_wanted=9, channel=Channel.DELIVERY, visit=visit, **place)
    guests = [
        Household(name, members=4, meals_wanted=9, session_ids=("V", "W"), **place)
        for name in HOUSEHOLDS
    ]
    base = WeekProblem(
        name=f"week {weeks_later}",
        week_start=MONDAY + timedelta(weeks=weeks_later),
        organisations={"GIVER": Organisation("GIVER", "a giver", Sector.COMPANY)},
        sites={
            "HUB": Site("HUB", "GIVER", "hub", SiteKind.HUB, 34.85, 135.62, room),
            "T1": Site("T1", "GIVER", "Tsubame", SiteKind.SATELLITE, 34.85, 135.62, room),
        },
        lots=items,
        sessions={
            "V": Session("V", "HUB", at(10), at(12)),
            "W": Session("W", "T1", at(14), at(15)),
        },
        households={each.id: each for each in (*guests, home)},
        vehicles={"VAN": Vehicle("VAN", "HUB", room)},
        shifts=(Shift("VAN", at(9), at(18)),),
        digest=f"sha256:{digest}",
    )
    return replace(base, **more)  # type: ignore[arg-type]


def plan(problem: WeekProblem, lines: Iterable[tuple[str, str, str | None, int]]) -> Plan:
    """A plan of lines (household, lot, session or None for the door, units), with its driving."""
    given = tuple(Line(who, what, where, WED, units) for who, what, where, units in lines)
    driven = Counter({ln.lot_id: 0 for ln in given})
    carried = Counter({ln.lot_id: 0 for ln in given})
    for line in given:
        {"W": driven, None: carried}.get(line.session_id, Counter())[line.lot_id] += line.units
    trips = []
    if +driven:
        trips.append(
            _trip(("T1", StopKind.SITE, at(13, 30), at(13, 40)), driven, at(13), at(13, 10))
        )
    if +carried:
        trips.append(
            _trip(("D", StopKind.HOUSEHOLD, at(16, 20), at(16, 25)), carried, at(16), at(16, 10))
        )
    return Plan(
        problem_digest=problem.digest,
        seed=1,
        versions={},
        travel=TravelSource("estimate"),
        allocation=Allocation(Status.OPTIMAL, given, ()),
        routes=(Route("VAN", WED, tuple(trips)),) if trips else (),
        stages=(),
        metrics=Metrics(0, Fraction(0), 0, 0, 0, 0, 0, 0, 0),
    )


def _trip(
    place: tuple[str, StopKind, int, int], units: Mapping[str, int], start_s: int, leave_s: int
) -> Trip:
    """From the hub to one place and home again."""
    name, kind, there_s, done_s = place
    loads = tuple(Load(lot_id, n) for lot_id, n in sorted(units.items()) if n)
    home_s = done_s + 20 * MINUTE_S
    return Trip(
        (
            Stop(StopKind.SITE, "HUB", start_s, start_s, leave_s, load=loads),
            Stop(kind, name, there_s, there_s, done_s, unload=loads),
            Stop(StopKind.SITE, "HUB", home_s, home_s, home_s),
        ),
        0,
        home_s - start_s,
    )
