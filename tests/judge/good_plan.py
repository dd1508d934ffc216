"""The plan of the good week; `good_week` works it out by hand."""

from __future__ import annotations

from fractions import Fraction

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
from tests.judge.good_facts import HALF, THU, TUE, WED, at


def good_plan() -> Plan:
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
