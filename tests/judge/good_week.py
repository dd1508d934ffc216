"""One tiny week worked out by hand, and a plan for it that breaks no rule.

Places (driving time, metres; the same both ways)
    HUB - FARM 20 min 6,000 · HUB - KITCHEN 15 min 4,000 · KITCHEN - S1 10 min 3,000
    S1 - HUB 10 min 3,000 · HUB - D 15 min 4,500 · HUB - S2 20 min 6,000

Sessions: V1 at S1 on Tuesday 15:00-17:00, V2 at S2 on Thursday 09:00-11:00.

Households, share of one food group at most 3/5
    A  pickup V1     wants 10   4 rice + 3 cans + 3 bento (3 members)          = 10
    B  pickup V1/V2  wants 8    3 rice + 3 greens + 2 bento (2 members)        = 8
    C  pickup V2     wants 6    4 biscuits (share: ceil 3.6) + 1 cracker (all) = 5, short of 1
    D  delivery Tue  wants 4    3 greens + 2 x 1/2 meal of milk                = 4, weight 2
    E  wants nothing and never did: left out · F wants nothing now, had 2 of 4 last week

Levels: D 4/4/2 = 1/2, F (2+0)/(4+0) = 1/2, C 5/6, A 10/10 = 1, B (8+8)/(8+8) = 1 (last week's 10
count as the 8 it wanted; the week of January is older than 8 weeks).

Fills 1, 1, 5/6, 1: mean 23/24 = 0.958333; gini: sorted 5/6, 1, 1, 1 the sum of (2i - 3) f_i is
-2.5 - 1 + 1 + 3 = 0.5, over 4 x 23/6: 3/92 = 0.032609.

Leftover: rice 20-7 = 13 keep (2 of them held), cans 12-3 = 9 keep, milk 8-2 = 6 expire (use by
Sunday; Monday with one day of margin is too late) = 6 kg waste, greens 12-6 = 6 and bento 10-5 = 5
declined at the donors, biscuits 10-4 = 6 keep.

Trips: Tue 09:00-09:55 greens from the farm, 12,000 m; Tue 11:30-12:30 hub, kitchen, S1, 10,000 m;
Tue 12:40-13:25 door of D, 9,000 m; Wed 09:00-09:55 cracker to S2, 12,000 m (on Thursday the shift
starts 08:30: 10 min loading + 20 min + 5 min unloading = 09:05 is after the opening).
Sum 43,000 m and 3,300 + 3,600 + 2,700 + 3,300 = 12,900 s.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from logistics.model.fleet import Shift, Vehicle
from logistics.model.goods import Allergen, Lot
from logistics.model.people import HistoryWeek, Household, Visit
from logistics.model.places import Organisation, Session, Site
from logistics.model.plan import (
    Allocation,
    Cap,
    Cut,
    Fate,
    Fill,
    HeldBy,
    Leftover,
    Level,
    Line,
    Load,
    Metrics,
    Plan,
    Reason,
    Route,
    Stage,
    Status,
    Stop,
    StopKind,
    TravelSource,
    Trip,
    Unmet,
)
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


class Week(NamedTuple):
    """What the judge is given."""

    problem: WeekProblem
    travel: Travel
    plan: Plan


def at(day: int, hour: int, minute: int = 0) -> int:
    """Seconds of the week of a moment."""
    return day * DAY_S + hour * HOUR_S + minute * MINUTE_S


def good_week() -> Week:
    """The week of this module's docstring."""
    return Week(_problem(), _travel(), _plan())


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


def _problem() -> WeekProblem:
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
        vehicles={
            "VAN": Vehicle("VAN", "HUB", {AMBIENT: 100_000, CHILLED: 30_000}, 60 * MINUTE_S)
        },
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


def _travel() -> Travel:
    one_way = {
        ("HUB", "FARM"): Leg(6000, 1200),
        ("HUB", "KITCHEN"): Leg(4000, 900),
        ("KITCHEN", "S1"): Leg(3000, 600),
        ("S1", "HUB"): Leg(3000, 600),
        ("HUB", "D"): Leg(4500, 900),
        ("HUB", "S2"): Leg(6000, 1200),
    }
    return one_way | {(end, start): leg for (start, end), leg in one_way.items()}


def _plan() -> Plan:
    return Plan(
        problem_digest="sha256:good",
        seed=1,
        versions={"osusowake": "0.1.0"},
        travel=TravelSource("estimate"),
        allocation=_allocation(),
        routes=_routes(),
        stages=(
            Stage("floor", Status.OPTIMAL, 0.5, 0.5, 0.0, 0.01),
            Stage("level", Status.OPTIMAL, None, None, None, 0.02),
            # (12,900 - 12,000) / 12,900 = 0.069767
            Stage("routes", Status.FEASIBLE, 12_900.0, 12_000.0, 900 / 12_900, 1.5),
        ),
        metrics=Metrics(
            meals_wanted=28,
            meals_given=Fraction(27),
            fill_min=0.833333,
            fill_mean=0.958333,
            gini=0.032609,
            waste_kg=6.0,
            metres=43_000,
            vehicle_seconds=12_900,
            households_served=4,
        ),
    )


def _allocation() -> Allocation:
    scarce = HeldBy(lot_ids=("CRACKER",), caps=(Cap("group_share", "C", "", None),))
    full = HeldBy()
    return Allocation(
        status=Status.OPTIMAL,
        lines=(
            Line("A", "RICE", "V1", TUE, 4),
            Line("A", "CANS", "V1", TUE, 3),
            Line("A", "BENTO", "V1", TUE, 3),
            Line("B", "RICE", "V1", TUE, 3),
            Line("B", "GREENS", "V1", TUE, 3),
            Line("B", "BENTO", "V1", TUE, 2),
            Line("C", "BISCUIT", "V2", THU, 4),
            Line("C", "CRACKER", "V2", THU, 1),
            Line("D", "GREENS", None, TUE, 3),
            Line("D", "MILK", None, TUE, 2),
        ),
        fill=(
            _fill("A", 10, 10, 0, 0, 1, Fraction(1)),
            _fill("B", 8, 8, 8, 8, 1, Fraction(1)),
            _fill("C", 6, 5, 0, 0, 1, Fraction(5, 6)),
            _fill("D", 4, 4, 0, 0, 2, HALF),
            _fill("F", 0, 0, 4, 2, 1, HALF),
        ),
        levels=(
            Level("floor", HALF, ("A", "B", "C", "D"), full, "min_cut", HALF),
            Level("level", HALF, ("D", "F"), full, "min_cut", HALF),
            Level("level", Fraction(5, 6), ("C",), scarce, "min_cut", Fraction(5, 6)),
            Level("level", Fraction(1), ("A", "B"), full, "min_cut", Fraction(1)),
        ),
        cuts=(Cut("too_late", ("V2",), True, "no shift reaches S2 by 09:00 on Thursday"),),
        unmet=(Unmet("C", Fraction(1), (Reason("group_share", {"group": "other"}),)),),
        leftover=(
            Leftover("RICE", "HUB", 13, Fate.KEEP),
            Leftover("CANS", "HUB", 9, Fate.KEEP),
            Leftover("MILK", "HUB", 6, Fate.EXPIRES),
            Leftover("GREENS", "FARM", 6, Fate.DECLINED),
            Leftover("BENTO", "KITCHEN", 5, Fate.DECLINED),
            Leftover("BISCUIT", "S2", 6, Fate.KEEP),
        ),
    )


def _fill(
    name: str, wanted: int, received: int, was: int, had: int, weight: int, level: Fraction
) -> Fill:
    return Fill(name, wanted, Fraction(received), was, Fraction(had), Fraction(weight), level)


def _routes() -> tuple[Route, ...]:
    farm = Trip(
        (
            _stop("HUB", at(TUE, 9), at(TUE, 9)),
            _stop("FARM", at(TUE, 9, 20), at(TUE, 9, 25), load={"GREENS": 6}),
            _stop("HUB", at(TUE, 9, 45), at(TUE, 9, 55), unload={"GREENS": 6}),
        ),
        12_000,
        3_300,
    )
    session_goods = {"RICE": 7, "CANS": 3, "GREENS": 3}
    kitchen = Stop(
        StopKind.SITE,
        "KITCHEN",
        at(TUE, 11, 55),
        at(TUE, 12),  # the bento are ready at noon
        at(TUE, 12, 5),
        load=(Load("BENTO", 5),),
    )
    session = Trip(
        (
            _stop("HUB", at(TUE, 11, 30), at(TUE, 11, 40), load=session_goods),
            kitchen,
            _stop("S1", at(TUE, 12, 15), at(TUE, 12, 20), unload=session_goods | {"BENTO": 5}),
            _stop("HUB", at(TUE, 12, 30), at(TUE, 12, 30)),
        ),
        10_000,
        3_600,
    )
    door_goods = {"GREENS": 3, "MILK": 2}
    door = Trip(
        (
            _stop("HUB", at(TUE, 12, 40), at(TUE, 12, 50), load=door_goods),
            _stop("D", at(TUE, 13, 5), at(TUE, 13, 10), unload=door_goods),
            _stop("HUB", at(TUE, 13, 25), at(TUE, 13, 25)),
        ),
        9_000,
        2_700,
    )
    early = Trip(
        (
            _stop("HUB", at(WED, 9), at(WED, 9, 10), load={"CRACKER": 1}),
            _stop("S2", at(WED, 9, 30), at(WED, 9, 35), unload={"CRACKER": 1}),
            _stop("HUB", at(WED, 9, 55), at(WED, 9, 55)),
        ),
        12_000,
        3_300,
    )
    return (
        Route("VAN", TUE, (farm, session, door), ("P1",)),
        Route("VAN", WED, (early,), ("P1",)),
    )


def _stop(
    name: str,
    arrive_s: int,
    leave_s: int,
    load: dict[str, int] | None = None,
    unload: dict[str, int] | None = None,
) -> Stop:
    kind = StopKind.HOUSEHOLD if name == "D" else StopKind.SITE
    return Stop(kind, name, arrive_s, arrive_s, leave_s, _loads(load), _loads(unload))


def _loads(units: dict[str, int] | None) -> tuple[Load, ...]:
    return tuple(Load(lot_id, count) for lot_id, count in (units or {}).items())
