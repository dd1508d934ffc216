"""The law of planning: whatever the week, the judge finds nothing wrong with its plan.

Weeks are small, so that a plan is proven in a fraction of its seconds; these only matter where the
search has to go on until they are over.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings

from logistics.judge import verify
from logistics.model.plan import Stage, Status
from logistics.model.plan_json import plan_from_text, plan_text
from logistics.model.problem import Pin, WeekProblem
from logistics.model.units import MINUTE_S, PinKind, SiteKind, Storage
from logistics.solver.driven import legs_used
from logistics.solver.rounds import FULL_MIN_S
from logistics.week import Limits, PlanResult, plan_week
from tests import strategies, weeks
from tests.weeks import at

QUICK = Limits(seconds=1.0, seed=1, quick=True)
FULL = Limits(seconds=FULL_MIN_S + 2, seed=1)
"""Enough for full effort after a round or two of probing."""

PIN_FINDINGS = {"pin_units"}

slow_weeks = settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def worst_status(stages: tuple[Stage, ...]) -> Status:
    order = (Status.OPTIMAL, Status.FEASIBLE, Status.TIME_LIMIT, Status.INFEASIBLE)
    return max((stage.status for stage in stages), key=order.index, default=Status.OPTIMAL)


def codes(result: PlanResult) -> set[str]:
    return {finding.code for finding in result.findings}


def received(result: PlanResult) -> dict[str, Fraction]:
    return {fill.household_id: fill.received for fill in result.plan.allocation.fill}


# --- laws ---------------------------------------------------------------------------------------


@given(strategies.small_weeks())
@settings(slow_weeks, max_examples=150)
def test_a_quick_plan_of_any_week_is_accepted(problem: WeekProblem) -> None:
    assert plan_week(problem, QUICK).findings == ()


@given(strategies.small_weeks(people=True))
@settings(slow_weeks, max_examples=60)
def test_a_plan_of_any_week_with_people_is_accepted(problem: WeekProblem) -> None:
    result = plan_week(problem, QUICK)
    assert result.findings == ()
    again = plan_from_text(plan_text(result.plan, problem.week_start), problem.week_start)
    assert again == result.plan


@given(strategies.small_weeks())
@settings(slow_weeks)
def test_a_full_plan_of_any_week_is_accepted_and_survives_its_file(problem: WeekProblem) -> None:
    result = plan_week(problem, FULL)
    assert result.findings == ()
    again = plan_from_text(plan_text(result.plan, problem.week_start), problem.week_start)
    assert again == result.plan
    assert verify(problem, result.travel, again) == []


@given(strategies.small_weeks())
@settings(slow_weeks, max_examples=20)
def test_the_same_seed_gives_the_same_lines_and_routes(problem: WeekProblem) -> None:
    first, second = plan_week(problem, FULL), plan_week(problem, FULL)
    if worst_status(first.plan.stages) is Status.OPTIMAL:
        assert first.plan.allocation.lines == second.plan.allocation.lines
        assert first.plan.routes == second.plan.routes


@given(strategies.small_weeks(demands=True))
@settings(slow_weeks)
def test_a_demand_is_kept_or_the_plan_says_that_none_is_possible(problem: WeekProblem) -> None:
    """An infeasible week gets the empty plan, and the only thing wrong with it is the pin."""
    result = plan_week(problem, QUICK)
    if result.plan.allocation.status is Status.INFEASIBLE:
        assert codes(result) == PIN_FINDINGS
        assert result.plan.allocation.lines == ()
    else:
        assert result.findings == ()


# --- named weeks --------------------------------------------------------------------------------


def test_a_farm_s_offer_is_fetched_on_tuesday_and_handed_out_on_wednesday() -> None:
    # FARM - HUB - T1 lie on a road of 10 and 20 minutes. Two routes: Tuesday out to the farm and
    # back, Wednesday to T1 and back; the only household gets all it wants.
    problem = weeks.week(
        [weeks.lot("L", 4, site_id="FARM")],
        [weeks.household("A", 4)],
        [weeks.session("S1", 2, site_id="T1")],
        [weeks.site("FARM", SiteKind.DONOR), weeks.site("T1")],
        vehicles={"V1": weeks.van()},
        shifts=(weeks.shift(at(1, 8), at(1, 18)), weeks.shift(at(2, 8), at(2, 18))),
        legs=weeks.road({"FARM": -10, "HUB": 0, "T1": 20, "A": 0}),
    )
    result = plan_week(problem, FULL)
    assert result.findings == ()
    assert received(result) == {"A": 4}
    assert [(route.day, len(route.trips)) for route in result.plan.routes] == [(1, 1), (2, 1)]
    assert [trip.seconds for route in result.plan.routes for trip in route.trips] == [
        20 * MINUTE_S,
        40 * MINUTE_S,
    ]
    assert result.travel == legs_used(result.plan.routes, problem.legs)
    assert set(result.travel) == {("HUB", "FARM"), ("FARM", "HUB"), ("HUB", "T1"), ("T1", "HUB")}


def test_of_two_visits_at_once_the_worse_off_household_is_chosen() -> None:
    # Both at 11:00 sharp, twenty minutes apart, one van: B, who got nothing last week, is visited.
    problem = weeks.week(
        [weeks.lot("L", 8)],
        [weeks.visited(name, 4, at(2, 11), at(2, 11)) for name in "AB"],
        vehicles={"V1": weeks.van()},
        shifts=(weeks.shift(at(2, 8), at(2, 18)),),
        history=(weeks.past("A", 4, 4), weeks.past("B", 4, 0)),
        legs=weeks.road({"HUB": 0, "A": 10, "B": -10}),
    )
    result = plan_week(problem, FULL)
    assert result.findings == ()
    assert received(result) == {"A": 0, "B": 4}
    assert result.plan.allocation.status is Status.OPTIMAL


@pytest.mark.parametrize("kind", [PinKind.FIX, PinKind.AT_LEAST])
def test_a_pin_that_cannot_be_kept_is_the_only_thing_wrong(kind: PinKind) -> None:
    # Five are demanded, four are there.
    problem = weeks.week(
        [weeks.lot("L", 4)], [weeks.household("A", 9)], pins=(Pin(kind, "A", "L", units=5),)
    )
    result = plan_week(problem, QUICK)
    assert result.plan.allocation.status is Status.INFEASIBLE
    assert codes(result) == PIN_FINDINGS
    # With one more it is kept.
    enough = replace(problem, lots={"L": weeks.lot("L", 5)})
    assert plan_week(enough, QUICK).findings == ()


def test_a_pin_can_make_the_week_less_fair_and_the_plan_stays_clean() -> None:
    # Four meals for two households; three are pinned to A.
    problem = weeks.week(
        [weeks.lot("L", 4)],
        [weeks.household("A", 4), weeks.household("B", 4)],
        pins=(Pin(PinKind.AT_LEAST, "A", "L", units=3),),
    )
    result = plan_week(problem, FULL)
    assert result.findings == ()
    assert received(result) == {"A": 3, "B": 1}


def test_a_week_without_anything_has_an_empty_plan() -> None:
    result = plan_week(weeks.week([], []), QUICK)
    assert result.findings == ()
    assert result.plan.allocation.lines == ()
    assert result.plan.routes == ()


def test_more_than_one_van_full_of_an_offer_is_fetched() -> None:
    # 2 kg at the farm, 1 kg in the van, the whole of Tuesday to drive.
    problem = weeks.week(
        [weeks.lot("L", 4, site_id="FARM")],
        [weeks.household("A", 4)],
        sites=[weeks.site("FARM", SiteKind.DONOR)],
        vehicles={"V1": weeks.van(capacity_g={Storage.AMBIENT: 1_000})},
        shifts=(weeks.shift(at(1, 8), at(1, 18)),),
    )
    assert plan_week(problem, FULL).findings == ()


def test_two_hubs_supply_one_session() -> None:
    # L1 stands at HUB, home of V1; L2 at T2, home of V2. Both go to T1 on Wednesday.
    problem = weeks.week(
        [weeks.lot("L1", 2), weeks.lot("L2", 2, site_id="T2")],
        [weeks.household("A", 4)],
        [weeks.session("S1", 2, site_id="T1")],
        [weeks.site("T1"), weeks.site("T2")],
        vehicles={"V1": weeks.van(), "V2": weeks.van("V2", "T2")},
        shifts=tuple(weeks.shift(at(2, 8), at(2, 18), name) for name in ("V1", "V2")),
    )
    result = plan_week(problem, FULL)
    assert result.findings == ()
    assert received(result) == {"A": 4}


def test_one_visit_brings_everything_or_nothing_comes_twice() -> None:
    # The same two lots, but A is visited at home: one visit, so goods of one hub only, or all of
    # them aboard one vehicle.
    problem = weeks.week(
        [weeks.lot("L1", 2), weeks.lot("L2", 2, site_id="T2")],
        [weeks.visited("A", 4, at(2, 10), at(2, 12))],
        sites=[weeks.site("T2")],
        vehicles={"V1": weeks.van(), "V2": weeks.van("V2", "T2")},
        shifts=tuple(weeks.shift(at(2, 8), at(2, 18), name) for name in ("V1", "V2")),
    )
    result = plan_week(problem, FULL)
    assert result.findings == ()
    assert received(result)["A"] >= 2


def test_a_visit_from_the_hub_picks_up_what_a_satellite_has() -> None:
    # L1 at the hub, L2 at T2, where no vehicle is at home: driven straight, in the same visit.
    problem = weeks.week(
        [weeks.lot("L1", 2), weeks.lot("L2", 2, site_id="T2")],
        [weeks.visited("A", 4, at(2, 10), at(2, 12))],
        sites=[weeks.site("T2")],
        vehicles={"V1": weeks.van()},
        shifts=(weeks.shift(at(2, 8), at(2, 18)),),
    )
    result = plan_week(problem, FULL)
    assert result.findings == ()
    assert received(result) == {"A": 4}


def test_two_vans_share_the_classes_of_one_session() -> None:
    # No van has both compartments: the ambient rice goes in one, the chilled milk in the other.
    problem = weeks.week(
        [weeks.lot("rice", 2), weeks.lot("milk", 2, storage=Storage.CHILLED)],
        [weeks.household("A", 4)],
        [weeks.session("S1", site_id="T1")],
        [weeks.site("T1")],
        vehicles={
            "V1": weeks.van(capacity_g={Storage.AMBIENT: 5_000}),
            "V2": weeks.van("V2", capacity_g={Storage.CHILLED: 5_000}),
        },
        shifts=(weeks.shift(at(2, 7), at(2, 18)), weeks.shift(at(2, 7), at(2, 18), "V2")),
    )
    result = plan_week(problem, Limits(seconds=3, quick=True))
    assert result.findings == ()
    assert result.plan.metrics.meals_given == 4


def test_an_overfull_store_takes_nothing_more_but_stops_nothing_else() -> None:
    # T1 has room for 1 kg and holds 20 kg that are on hold: the rice cannot come, bread at the hub can.
    held = weeks.lot("held", 40, site_id="T1", hold_units=40)
    room = {Storage.AMBIENT: 1_000}
    problem = weeks.week(
        [held, weeks.lot("rice", 2)],
        [weeks.household("A", 2, ("S1",)), weeks.household("B", 2, ("S2",))],
        [weeks.session("S1", site_id="T1"), weeks.session("S2")],
        [weeks.site("T1", capacity_g=room)],
        vehicles={"V1": weeks.van()},
        shifts=(weeks.shift(at(2, 7), at(2, 18)),),
    )
    result = plan_week(problem, Limits(seconds=3, quick=True))
    assert result.findings == ()
    assert {fill.household_id: fill.received for fill in result.plan.allocation.fill} == {
        "A": 0,
        "B": 2,
    }


def test_parts_of_a_load_hold_whole_packs() -> None:
    # 4 units of 500 g in packs of 2 for one session, a van of 1.5 kg: two parts of one pack each.
    problem = weeks.week(
        [weeks.lot("L", 4, pack=2)],
        [weeks.household("A", 4)],
        [weeks.session("S1", site_id="T1")],
        [weeks.site("T1")],
        vehicles={"V1": weeks.van(capacity_g={Storage.AMBIENT: 1_500})},
        shifts=(weeks.shift(at(2, 7), at(2, 18)),),
    )
    result = plan_week(problem, Limits(seconds=3, quick=True))
    assert result.findings == ()
    assert result.plan.metrics.meals_given == 4
