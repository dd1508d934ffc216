"""A small week in Takatsuki for the tests of paper: two satellites, twelve households, two vehicles.

Everything is invented except the places' town-level positions. `boundary.geojson` beside this file:
国土交通省 国土数値情報(行政区域), simplified.

Wednesday (day 2): V1 first collects from both donors, then drives to satellite S1 and two homes.
Thursday (day 3): V2 drives to satellite S2, V1 to two homes. Friday: a session nobody is assigned to.
H07 is registered for S1 but gets nothing; H04 avoids wheat and egg; the milk rolls are undeclared.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from math import cos, hypot, radians
from pathlib import Path

from logistics.model.fleet import Shift, Vehicle
from logistics.model.goods import Allergen, Lot
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
    Channel,
    FoodGroup,
    Label,
    Sector,
    SiteKind,
    Storage,
)

FOLDER = Path(__file__).parent
WEEK_START = date(2026, 11, 23)
WEDNESDAY, THURSDAY, FRIDAY = 2, 3, 4
AMBIENT, CHILLED, FROZEN = Storage
ALL = frozenset({"wheat", "egg", "milk", "soybean", "shrimp"})


def at(day: int, hour: int, minute: int = 0) -> int:
    """A moment of the week in seconds."""
    return day * DAY_S + hour * HOUR_S + minute * 60


def lot(
    lot_id: str,
    site_id: str,
    item: str,
    storage: Storage,
    units: int,
    unit_g: int,
    contains: Iterable[str] = (),
    checked: Iterable[str] = ALL,
) -> Lot:
    """Two meals a unit; chilled goods by use-by, the others by best-before."""
    dated = Label.USE_BY if storage is CHILLED else Label.BEST_BEFORE
    last = date(2026, 11, 30) if storage is CHILLED else date(2027, 3, 31)
    owner = {"HUB": "O1", "D1": "O2", "D2": "O3"}[site_id]
    return Lot(
        id=lot_id,
        site_id=site_id,
        org_id=owner,
        item=item,
        food_group=FoodGroup.STAPLE,
        storage=storage,
        units=units,
        unit_g=unit_g,
        unit_meals=Fraction(2),
        label=dated,
        last_day=last,
        contains=frozenset(contains),
        checked=frozenset(checked),
    )


LOTS = (
    lot("L01", "HUB", "無洗米 2kg", AMBIENT, 40, 2000),
    lot(
        "L02",
        "HUB",
        "国産大豆の水煮と野菜のミネストローネ(レトルト、電子レンジ対応)",
        AMBIENT,
        60,
        180,
        ["soybean"],
    ),
    lot("L03", "D1", "ミルクロールパン 6個入り", AMBIENT, 30, 240, ["wheat"], ["wheat"]),
    lot("L04", "D1", "牛乳 1L", CHILLED, 24, 1030, ["milk"]),
    lot("L05", "D2", "ほうれん草 1束", CHILLED, 40, 200, (), ()),
    lot("L06", "HUB", "冷凍さば切り身 4枚", FROZEN, 20, 320),
)

SITES = (
    Site(
        "HUB",
        "O1",
        "高槻フードハブ",
        SiteKind.HUB,
        34.8466,
        135.6173,
        dict.fromkeys(Storage, 400_000),
    ),
    Site(
        "S1",
        "O4",
        "第七中学校区つどいの場",
        SiteKind.SATELLITE,
        34.8286,
        135.6052,
        {AMBIENT: 200_000, CHILLED: 50_000},
    ),
    Site(
        "S2",
        "O5",
        "富田みんなの台所",
        SiteKind.SATELLITE,
        34.8395,
        135.5905,
        {AMBIENT: 200_000, CHILLED: 50_000},
    ),
    Site("D1", "O2", "架空ベーカリー高槻工場", SiteKind.DONOR, 34.8560, 135.6420),
    Site("D2", "O3", "原の畑", SiteKind.DONOR, 34.8870, 135.6010),
)

ORGANISATIONS = tuple(
    Organisation(f"O{number}", name, sector)
    for number, name, sector in (
        (1, "高槻フードネット", Sector.CIVIC),
        (2, "架空ベーカリー", Sector.COMPANY),
        (3, "原の畑", Sector.FARM),
        (4, "つどいの場", Sector.CIVIC),
        (5, "みんなの台所", Sector.CIVIC),
    )
)

SESSIONS = (
    Session("SE1", "S1", at(WEDNESDAY, 15), at(WEDNESDAY, 17)),
    Session("SE2", "S2", at(THURSDAY, 14), at(THURSDAY, 16)),
    Session("SE3", "HUB", at(FRIDAY, 10), at(FRIDAY, 12)),
)

AVOIDS = {
    "H02": {"egg"},
    "H04": {"wheat", "egg"},
    "H06": {"milk"},
    "H07": {"shrimp"},
    "H11": {"milk"},
}


def household(number: int) -> Household:
    """H01 to H04 and H07 come to S1, H05, H06 and H08 to S2, the others are visited."""
    name = f"H{number:02d}"
    visited = number >= 9
    day = WEDNESDAY if number <= 10 else THURSDAY
    session = "SE1" if number <= 4 or number in (7, 9, 10) else "SE2"
    return Household(
        id=name,
        lat=34.835 + 0.0037 * (number % 5),
        lon=135.595 + 0.0029 * (number * 3 % 11),
        members=3,
        meals_wanted=12,
        avoid=frozenset(AVOIDS.get(name, ())),
        channel=Channel.DELIVERY if visited else Channel.PICKUP,
        session_ids=(session,),
        visit=Visit(at(day, 13), at(day, 17), 600) if visited else None,
    )


def sample_problem(name: str = "高槻の見本の週") -> WeekProblem:
    """The week; every reference resolves."""
    allergens = (("wheat", "小麦", "wheat"), ("egg", "卵", "egg"), ("milk", "乳", "milk"),
                 ("soybean", "大豆", "soybean"), ("shrimp", "えび", "shrimp"))  # fmt: skip
    vehicles = (
        Vehicle("V1", "HUB", {AMBIENT: 200_000, CHILLED: 60_000, FROZEN: 20_000}, cold_s_max=5400),
        Vehicle("V2", "HUB", {AMBIENT: 300_000, CHILLED: 80_000, FROZEN: 0}),
    )
    shifts = [Shift(v, at(d, 9), at(d, 18)) for v, d in (("V1", 2), ("V1", 3), ("V2", 3))]
    return WeekProblem(
        name=name,
        week_start=WEEK_START,
        organisations={org.id: org for org in ORGANISATIONS},
        sites={site.id: site for site in SITES},
        lots={lot.id: lot for lot in LOTS},
        sessions={session.id: session for session in SESSIONS},
        households={f"H{n:02d}": household(n) for n in range(1, 13)},
        vehicles={vehicle.id: vehicle for vehicle in vehicles},
        shifts=tuple(shifts),
        allergens={code: Allergen(code, ja, en) for code, ja, en in allergens},
    )


GIFTS: dict[str, dict[str, int]] = {
    "H01": {"L01": 1, "L02": 2, "L03": 1, "L04": 1},
    "H02": {"L01": 1, "L02": 2, "L04": 1},
    "H03": {"L03": 2, "L05": 2, "L04": 1},
    "H04": {"L01": 2, "L02": 3, "L06": 1},
    "H05": {"L01": 1, "L03": 1, "L05": 1},
    "H06": {"L01": 2, "L02": 2},
    "H08": {"L03": 2, "L04": 2, "L05": 2},
    "H09": {"L01": 1, "L06": 2},
    "H10": {"L02": 3, "L04": 1, "L05": 1},
    "H11": {"L01": 2, "L02": 1},
    "H12": {"L03": 1, "L04": 2, "L06": 1},
}
"""Units by household and lot; H07 gets nothing."""


def gifts_of(*household_ids: str) -> tuple[Load, ...]:
    """What these households get together, as one load."""
    units: dict[str, int] = {}
    for household_id in household_ids:
        for lot_id, count in GIFTS[household_id].items():
            units[lot_id] = units.get(lot_id, 0) + count
    return tuple(Load(lot_id, count) for lot_id, count in sorted(units.items()))


def drive(
    problem: WeekProblem,
    start_s: int,
    calls: list[tuple[str, tuple[Load, ...], tuple[Load, ...]]],
) -> Trip:
    """A trip from HUB through calls (place, load, unload): 25 km/h, ten minutes a call.

    What is unloaded and was not collected on the way is loaded at the start; what was collected and
    not unloaded comes off at the end.
    """
    collected = [load for _, loads, _ in calls for load in loads]
    taken = {load.lot_id for load in collected}
    needed: dict[str, int] = {}
    for load in (load for _, _, unloads in calls for load in unloads):
        if load.lot_id not in taken:
            needed[load.lot_id] = needed.get(load.lot_id, 0) + load.units
    at_start = tuple(Load(*pair) for pair in sorted(needed.items()))
    moment, metres, place = start_s + 900, 0, "HUB"
    stops = [Stop(StopKind.SITE, "HUB", start_s, start_s, moment, at_start)]
    for name, loads, unloads in [*calls, ("HUB", (), tuple(collected))]:
        leg = _metres(problem, place, name)
        arrive = moment + leg * 36 // 250
        kind = StopKind.SITE if name in problem.sites else StopKind.HOUSEHOLD
        moment = arrive + 600
        stops.append(Stop(kind, name, arrive, arrive, moment, loads, unloads))
        metres, place = metres + leg, name
    return Trip(tuple(stops), metres, moment - start_s)


def _metres(problem: WeekProblem, start: str, end: str) -> int:
    (lat0, lon0), (lat1, lon1) = problem.point(start), problem.point(end)
    return int(1.3 * 111_320 * hypot(lat1 - lat0, (lon1 - lon0) * cos(radians(lat0))))


def sample_plan(problem: WeekProblem | None = None) -> Plan:
    """The plan of the week described above."""
    week = problem or sample_problem()
    collect = drive(week, at(WEDNESDAY, 9), [
        ("D1", (Load("L03", 30), Load("L04", 24)), ()),
        ("D2", (Load("L05", 40),), ()),
    ])  # fmt: skip
    homes = [("S1", (), gifts_of("H01", "H02", "H03", "H04")), ("H09", (), gifts_of("H09")),
             ("H10", (), gifts_of("H10"))]  # fmt: skip
    doors = [("H11", (), gifts_of("H11")), ("H12", (), gifts_of("H12"))]
    satellite = [("S2", (), gifts_of("H05", "H06", "H08"))]
    deliver = drive(week, at(WEDNESDAY, 13), homes)
    routes = (
        Route("V1", WEDNESDAY, (collect, deliver), ("田中", "佐藤")),
        Route("V1", THURSDAY, (drive(week, at(THURSDAY, 13), doors),)),
        Route("V2", THURSDAY, (drive(week, at(THURSDAY, 12), satellite),)),
    )
    lines = tuple(
        Line(name, lot_id, session_id, day, units)
        for name, gifts in GIFTS.items()
        for session_id, day in [_handover(week, name)]
        for lot_id, units in gifts.items()
    )
    return Plan(
        problem_digest=week.digest,
        seed=1,
        versions={},
        travel=TravelSource("estimate"),
        allocation=Allocation(Status.OPTIMAL, lines, ()),
        routes=routes,
        stages=(),
        metrics=Metrics(0, Fraction(0), 0.0, 0.0, 0.0, 0.0, 0, 0, 0),
    )


def _handover(problem: WeekProblem, household_id: str) -> tuple[str | None, int]:
    household = problem.households[household_id]
    if household.visit:
        return None, household.visit.day
    session = problem.sessions[household.session_ids[0]]
    return session.id, session.day
