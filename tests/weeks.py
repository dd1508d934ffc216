"""Tiny weeks to build on: one hub that also holds the sessions, so that nothing must be driven."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from logistics.model.fleet import Shift, Vehicle
from logistics.model.goods import Lot
from logistics.model.people import HistoryWeek, Household, Visit
from logistics.model.places import Session, Site
from logistics.model.problem import Leg, Policy, WeekProblem
from logistics.model.units import (
    DAY_S,
    HOUR_S,
    MINUTE_S,
    Channel,
    FoodGroup,
    Label,
    SiteKind,
    Storage,
)

MONDAY = date(2026, 11, 23)
GENEROUS = Policy(group_share_max=Fraction(1))


def lot(
    lot_id: str, units: int, unit_meals: Fraction | int = 1, pack: int = 1, **more: object
) -> Lot:
    """A lot of ambient staples at the hub without any date."""
    base = Lot(
        id=lot_id,
        site_id="HUB",
        org_id="O1",
        item=f"item {lot_id}",
        food_group=FoodGroup.STAPLE,
        storage=Storage.AMBIENT,
        units=units,
        unit_g=500,
        unit_meals=Fraction(unit_meals),
        pack=pack,
        label=Label.NONE,
    )
    return replace(base, **more)  # type: ignore[arg-type]


def household(
    household_id: str, wanted: int, sessions: Iterable[str] = ("S1",), **more: object
) -> Household:
    """A household of four that comes to pick up."""
    base = Household(
        id=household_id,
        lat=34.84,
        lon=135.61,
        members=4,
        meals_wanted=wanted,
        session_ids=tuple(sessions),
    )
    return replace(base, **more)  # type: ignore[arg-type]


def session(
    session_id: str, day: int = 2, households_max: int | None = None, site_id: str = "HUB"
) -> Session:
    """A session from 10 to 12 o'clock."""
    midnight = day * 24 * HOUR_S
    return Session(
        session_id, site_id, midnight + 10 * HOUR_S, midnight + 12 * HOUR_S, households_max
    )


def past(household_id: str, wanted: int, received: int, weeks_ago: int = 1) -> HistoryWeek:
    """One week of history."""
    return HistoryWeek(
        household_id,
        date.fromordinal(MONDAY.toordinal() - 7 * weeks_ago),
        wanted,
        Fraction(received),
    )


def week(
    lots: Iterable[Lot],
    households: Iterable[Household],
    sessions: Iterable[Session] = (session("S1"),),
    sites: Iterable[Site] = (),
    policy: Policy = GENEROUS,
    **more: object,
) -> WeekProblem:
    """A week with the hub `HUB` (ample ambient, chilled and frozen space)."""
    room = dict.fromkeys(Storage, 10_000_000)
    hub = Site("HUB", "O1", "hub", SiteKind.HUB, 34.84, 135.61, room)
    base = WeekProblem(
        name="tiny",
        week_start=MONDAY,
        organisations={},
        sites={site.id: site for site in (hub, *sites)},
        lots={item.id: item for item in lots},
        sessions={item.id: item for item in sessions},
        households={item.id: item for item in households},
        vehicles={},
        shifts=(),
        policy=policy,
    )
    return replace(base, **more)  # type: ignore[arg-type]


def at(day: int, hour: int, minute: int = 0) -> int:
    """Seconds of the week; day 0 is Monday."""
    return day * DAY_S + hour * HOUR_S + minute * MINUTE_S


def site(site_id: str, kind: SiteKind = SiteKind.SATELLITE, **more: object) -> Site:
    """A site with ample room of every class that receives all day; a donor's has none."""
    room = {} if kind is SiteKind.DONOR else dict.fromkeys(Storage, 10_000_000)
    base = Site(site_id, "O1", site_id.lower(), kind, 34.84, 135.61, room)
    return replace(base, **more)  # type: ignore[arg-type]


def visited(
    household_id: str, wanted: int, opens_s: int, closes_s: int, service_s: int = 0, **more: object
) -> Household:
    """A household that is visited at home within a window."""
    visit = Visit(opens_s, closes_s, service_s)
    base = household(household_id, wanted, channel=Channel.DELIVERY, visit=visit)
    return replace(base, **more)  # type: ignore[arg-type]


def van(vehicle_id: str = "V1", home: str = "HUB", **more: object) -> Vehicle:
    """A powered vehicle with 100 kg of room in each class."""
    base = Vehicle(vehicle_id, home, dict.fromkeys(Storage, 100_000))
    return replace(base, **more)  # type: ignore[arg-type]


def shift(start_s: int, end_s: int, vehicle_id: str = "V1") -> Shift:
    """A shift without named volunteers."""
    return Shift(vehicle_id, start_s, end_s)


def road(minutes: Mapping[str, int]) -> dict[tuple[str, str], Leg]:
    """Places along one straight road, each at so many minutes of driving; a minute is 350 m."""
    return {
        (a, b): Leg(350 * abs(x - y), MINUTE_S * abs(x - y))
        for a, x in minutes.items()
        for b, y in minutes.items()
        if a != b
    }
