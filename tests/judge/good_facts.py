"""The facts of the good week; `good_week` tells their story."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from logistics.model.fleet import Shift, Vehicle
from logistics.model.goods import Allergen, Lot
from logistics.model.people import HistoryWeek, Household, Visit
from logistics.model.places import Organisation, Session, Site
from logistics.model.problem import Leg, Pin, Travel, WeekProblem
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
    Sector,
    SiteKind,
    Storage,
    Tag,
)

MONDAY = date(2026, 4, 6)
TUE, WED, THU = 1, 2, 3
HALF = Fraction(1, 2)
AMBIENT, CHILLED = Storage.AMBIENT, Storage.CHILLED


def at(day: int, hour: int, minute: int = 0) -> int:
    """Seconds of the week of a moment."""
    return day * DAY_S + hour * HOUR_S + minute * MINUTE_S


def _site(name: str, kind: SiteKind, ambient_kg: int, chilled_kg: int, dock_min: int) -> Site:
    capacity_g = {AMBIENT: ambient_kg * 1000, CHILLED: chilled_kg * 1000}
    return Site(
        id=name,
        org_id="ORG",
        name=name,
        kind=kind,
        lat=34.85,
        lon=135.62,
        capacity_g={storage: grams for storage, grams in capacity_g.items() if grams},
        receive_open_s=8 * HOUR_S,
        receive_close_s=18 * HOUR_S,
        dock_s=dock_min * MINUTE_S,
    )


def _lots() -> list[Lot]:
    long_life = {"org_id": "ORG", "label": Label.BEST_BEFORE, "last_day": date(2026, 12, 31)}
    return [
        Lot(
            id="RICE",
            site_id="HUB",
            item="rice",
            food_group=FoodGroup.STAPLE,
            storage=AMBIENT,
            units=20,
            hold_units=2,
            unit_g=500,
            unit_meals=Fraction(1),
            checked=frozenset({"all"}),
            kitchen_needed=Kitchen.FULL,
            **long_life,
        ),
        Lot(
            id="CANS",
            site_id="HUB",
            item="canned fish",
            food_group=FoodGroup.PROTEIN,
            storage=AMBIENT,
            units=12,
            pack=3,
            unit_g=300,
            unit_meals=Fraction(1),
            contains=frozenset({"wheat"}),
            checked=frozenset({"egg", "wheat"}),
            **long_life,
        ),
        Lot(
            id="CRACKER",
            site_id="HUB",
            item="crackers",
            food_group=FoodGroup.STAPLE,
            storage=AMBIENT,
            units=1,
            unit_g=200,
            unit_meals=Fraction(1),
            tags=frozenset({Tag.HALAL}),
            **long_life,
        ),
        Lot(
            id="MILK",
            site_id="HUB",
            org_id="ORG",
            item="milk",
            food_group=FoodGroup.DAIRY,
            storage=CHILLED,
            units=8,
            unit_g=1000,
            unit_meals=HALF,
            label=Label.USE_BY,
            last_day=date(2026, 4, 12),
        ),
        Lot(
            id="GREENS",
            site_id="FARM",
            org_id="ORG",
            item="greens",
            food_group=FoodGroup.PRODUCE,
            storage=CHILLED,
            units=12,
            unit_g=400,
            unit_meals=Fraction(1),
            last_day=date(2026, 4, 10),
            collect_by_s=at(TUE, 12),
        ),
        Lot(
            id="BENTO",
            site_id="KITCHEN",
            org_id="ORG",
            item="bento",
            food_group=FoodGroup.MEAL,
            storage=AMBIENT,
            units=10,
            unit_g=600,
            unit_meals=Fraction(1),
            ready_s=at(TUE, 12),
            collect_by_s=at(TUE, 13),
            fresh_s=6 * HOUR_S,
            contains=frozenset({"milk"}),
            checked=frozenset({"egg", "milk", "wheat"}),
        ),
        Lot(
            id="BISCUIT",
            site_id="S2",
            item="biscuits",
            food_group=FoodGroup.OTHER,
            storage=AMBIENT,
            units=10,
            unit_g=100,
            unit_meals=Fraction(1),
            tags=frozenset({Tag.HALAL}),
            **long_life,
        ),
    ]


def _households() -> list[Household]:
    place = {"lat": 34.85, "lon": 135.62}
    visit = Visit(at(TUE, 13), at(TUE, 14), 5 * MINUTE_S)
    return [
        Household(
            "A",
            members=3,
            meals_wanted=10,
            avoid=frozenset({"egg"}),
            session_ids=("V1",),
            **place,
        ),
        Household("B", members=2, meals_wanted=8, session_ids=("V1", "V2"), **place),
        Household(
            "C",
            members=1,
            meals_wanted=6,
            diet=frozenset({Diet.HALAL}),
            kitchen=Kitchen.NONE,
            cold=Cold.NONE,
            session_ids=("V2",),
            **place,
        ),
        Household(
            "D",
            members=2,
            meals_wanted=4,
            channel=Channel.DELIVERY,
            session_ids=("V1",),
            visit=visit,
            weight=Fraction(2),
            **place,
        ),
        Household("E", members=1, meals_wanted=0, session_ids=("V1",), **place),
        Household("F", members=1, meals_wanted=0, session_ids=("V1",), **place),
    ]


def good_problem() -> WeekProblem:
    sites = [
        _site("HUB", SiteKind.HUB, 500, 100, 10),
        _site("FARM", SiteKind.DONOR, 0, 0, 5),
        _site("KITCHEN", SiteKind.DONOR, 0, 0, 5),
        _site("S1", SiteKind.SATELLITE, 50, 20, 5),
        _site("S2", SiteKind.SATELLITE, 50, 20, 5),
    ]
    return WeekProblem(
        name="a good week",
        week_start=MONDAY,
        organisations={"ORG": Organisation("ORG", "Network", Sector.CIVIC)},
        sites={site.id: site for site in sites},
        lots={lot.id: lot for lot in _lots()},
        sessions={
            "V1": Session("V1", "S1", at(TUE, 15), at(TUE, 17), households_max=2),
            "V2": Session("V2", "S2", at(THU, 9), at(THU, 11)),
        },
        households={household.id: household for household in _households()},
        vehicles={"VAN": Vehicle("VAN", "HUB", {AMBIENT: 100_000, CHILLED: 30_000}, 60 * MINUTE_S)},
        shifts=(
            Shift("VAN", at(TUE, 9), at(TUE, 17), ("P1",)),
            Shift("VAN", at(WED, 9), at(WED, 12), ("P1",)),
            Shift("VAN", at(THU, 8, 30), at(THU, 12), ("P1",)),
        ),
        history=(
            HistoryWeek("B", date(2026, 3, 30), 8, Fraction(10)),
            HistoryWeek("B", date(2026, 1, 5), 8, Fraction(0)),
            HistoryWeek("F", date(2026, 3, 30), 4, Fraction(2)),
        ),
        legs={("HUB", "FARM"): Leg(6000, 1200)},
        pins=(Pin(PinKind.FORBID, household_id="A", lot_id="GREENS"),),
        allergens={
            "egg": Allergen("egg", "卵", "egg"),
            "milk": Allergen("milk", "乳", "milk"),
            "wheat": Allergen("wheat", "小麦", "wheat"),
            "cashew": Allergen("cashew", "カシューナッツ", "cashew nut", date(2028, 4, 1)),
        },
        digest="sha256:good",
    )


def good_travel() -> Travel:
    one_way = {
        ("HUB", "FARM"): Leg(6000, 1200),
        ("HUB", "KITCHEN"): Leg(4000, 900),
        ("KITCHEN", "S1"): Leg(3000, 600),
        ("S1", "HUB"): Leg(3000, 600),
        ("HUB", "D"): Leg(4500, 900),
        ("HUB", "S2"): Leg(6000, 1200),
    }
    return one_way | {(end, start): leg for (start, end), leg in one_way.items()}
