"""Each kind of event in the good week (`tests/judge/good_week.py`), with the arithmetic."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from logistics.model.plan import Fate, Leftover
from logistics.reports.changes import changes_of
from tests.judge.good_facts import THU, TUE, WED, at
from tests.judge.good_week import Week, good_week
from tests.solver.replan.under_way import (
    MON_NOON,
    accepted,
    after,
    basket,
    event,
    given,
    others_kept,
    places,
    week_under_way,
)


def test_without_events_nothing_changes() -> None:
    plan = accepted(now_s=at(TUE, 10))
    old = good_week().plan
    assert plan.routes == old.routes
    assert given(plan) == given(old)
    assert plan.metrics == old.metrics


def test_a_driver_who_is_ill_drives_nothing_that_day() -> None:
    """On Thursday the cracker would be at S2 at 09:05, after the opening: C has 4 biscuits, 4/6."""
    plan = accepted(event("driver_ill", at(TUE, 18), vehicle_id="VAN", since_s=at(WED, 0)))
    assert places(plan, WED) == []
    assert basket(plan, "C") == {"BISCUIT": 4}
    assert others_kept(plan, "C")
    levels = {fill.household_id: fill.level for fill in plan.allocation.fill}
    assert levels["C"] == Fraction(4, 6)


def test_another_shift_saves_what_the_ill_driver_had() -> None:
    """Thursday from 08:00: loaded 08:10, at S2 08:30, unloaded 08:35, before 09:00."""
    plan = accepted(
        event("driver_ill", at(TUE, 18), vehicle_id="VAN", since_s=at(WED, 0)),
        event(
            "shift_changed",
            *(at(TUE, 19),),
            vehicle_id="VAN",
            since_s=at(THU, 8),
            until_s=at(THU, 12),
        ),
    )
    assert given(plan) == given(good_week().plan)
    assert places(plan, THU) == [["HUB", "S2", "HUB"]]


def test_a_shift_that_begins_later_moves_the_trips() -> None:
    """From 11:00: farm 11:20, hub 11:55, kitchen 12:21 (by 13:00), S1 12:36, D 13:16 (by 14:00)."""
    plan = accepted(
        event("shift_changed", MON_NOON, vehicle_id="VAN", since_s=at(TUE, 11), until_s=at(TUE, 17))
    )
    assert given(plan) == given(good_week().plan)
    assert min(t.stops[0].arrive_s for t in plan.routes[0].trips) >= at(TUE, 11)


def test_a_car_that_breaks_down_loses_what_is_on_board() -> None:
    """Broken at 11:50 between hub and kitchen: 7 rice, 3 cans, 3 greens are lost, the car stays away.

    Nothing stands at S1, so A has nothing. B can come to V2 instead: 10 biscuits less C's 4 are 6, of
    which its share of one group, ceil(3/5 x 8) = 5, lets it have 5.
    """
    plan = accepted(event("car_broken", at(TUE, 12, 30), vehicle_id="VAN", since_s=at(TUE, 11, 50)))
    assert places(plan, TUE) == [["HUB", "FARM", "HUB"], ["HUB"]]
    assert given(plan) == {("B", "BISCUIT", "V2"): 5, ("C", "BISCUIT", "V2"): 4}
    left = {(row.lot_id, row.site_id): row.units for row in plan.allocation.leftover}
    assert left["RICE", "HUB"] == 20 - 7
    assert left["GREENS", "HUB"] == 6 - 3  # of the six fetched in the morning
    assert left["GREENS", "FARM"] == 6


def test_goods_brought_back_from_a_broken_car_are_there_again() -> None:
    """Back at the hub at 12:30, the car runs again on Wednesday: B comes to V2 and has its 8 meals."""
    plan = accepted(
        event(
            "car_broken",
            *(at(TUE, 12, 30),),
            vehicle_id="VAN",
            since_s=at(TUE, 11, 50),
            until_s=at(WED, 8),
            site_id="HUB",
        )
    )
    left = {(row.lot_id, row.site_id): row.units for row in plan.allocation.leftover}
    rice = basket(plan, "B").get("RICE", 0)
    assert left["RICE", "HUB"] == 20 - rice
    fills = {fill.household_id: fill.received for fill in plan.allocation.fill}
    assert (fills["A"], fills["B"], fills["C"]) == (0, 8, 5)


def test_cold_goods_of_a_broken_car_are_lost_after_its_cold_minutes() -> None:
    """Greens left the hub at 11:40 with 60 cold minutes: good at 12:30, lost at 12:45."""
    for minute, greens in ((30, 6), (45, 3)):
        plan = accepted(
            event(
                "car_broken",
                *(at(TUE, 12, minute),),
                vehicle_id="VAN",
                since_s=at(TUE, 11, 50),
                site_id="HUB",
            )
        )
        left = {(row.lot_id, row.site_id): row.units for row in plan.allocation.leftover}
        assert left["GREENS", "HUB"] == greens


def test_a_late_lot_is_fetched_later() -> None:
    """Ready at 11:00, by 12:00: farm 11:00-11:05, hub 11:25-11:35, all else still in time."""
    plan = accepted(event("lot_late", MON_NOON, lot_id="GREENS", since_s=at(TUE, 11)))
    assert given(plan) == given(good_week().plan)
    stop = next(s for r in plan.routes for t in r.trips for s in t.stops if s.id == "FARM")
    assert stop.start_s >= at(TUE, 11)


def test_what_was_handed_out_before_was_ready_then() -> None:
    """Biscuits stand at S2 and were handed out there on Thursday; on Friday they are told late."""
    friday = at(THU + 1, 9)
    plan = accepted(event("lot_late", friday, lot_id="BISCUIT", since_s=friday))
    assert given(plan) == given(good_week().plan)


def test_a_short_lot_is_made_up_for_from_what_is_free() -> None:
    """18 free rice less 13 are 5 of the 7 promised: A keeps 4, B 1.

    B needs 2 more: greens, 6 of which nobody has, up to its share of 5.
    """
    plan = accepted(event("lot_short", MON_NOON, lot_id="RICE", units=13))
    assert basket(plan, "A")["RICE"] == 4
    assert basket(plan, "B") == {"RICE": 1, "GREENS": 5, "BENTO": 2}
    assert others_kept(plan, "B")


def test_nobody_gets_less_for_somebody_elses_sake() -> None:
    """17 rice gone leaves one, which A, first of equals, keeps; B's greens are its own."""
    plan = accepted(event("lot_short", MON_NOON, lot_id="RICE", units=17))
    old = {fill.household_id: fill.received for fill in good_week().plan.allocation.fill}
    new = {fill.household_id: fill.received for fill in plan.allocation.fill}
    assert all(new[name] == old[name] for name in ("C", "D", "F"))
    assert basket(plan, "B")["GREENS"] >= 3


def test_a_spoilt_lot_is_replaced() -> None:
    """D loses one meal of milk and has its share of greens (3): one meal of another group instead."""
    plan = accepted(event("lot_spoilt", MON_NOON, lot_id="MILK"))
    fills = {fill.household_id: fill.received for fill in plan.allocation.fill}
    assert fills["D"] == 4
    assert basket(plan, "D")["GREENS"] == 3
    assert others_kept(plan, "D")
    assert not [row for row in plan.allocation.leftover if row.lot_id == "MILK"]


def test_a_household_that_cancels_changes_nothing_for_the_others() -> None:
    plan, week = (
        accepted(event("household_cancelled", MON_NOON, household_id="A")),
        good_week().problem,
    )
    assert basket(plan, "A") == {}
    assert others_kept(plan, "A")
    assert changes_of(week, good_week().plan, week, plan).counts.share_kept == 1


def test_what_was_brought_for_a_household_that_cancels_stands_there() -> None:
    """At 12:10 the car is on its way to S1 with A's 4 rice, 3 cans, 3 bento; B has all it wants.

    Waste: 6 milk of 1 kg and 3 bento of 0.6 kg.
    """
    plan = accepted(event("household_cancelled", at(TUE, 12, 10), household_id="A"))
    assert plan.routes[0].trips[:2] == good_week().plan.routes[0].trips[:2]
    assert Leftover("RICE", "S1", 4, Fate.KEEP) in plan.allocation.leftover
    assert Leftover("BENTO", "S1", 3, Fate.EXPIRES) in plan.allocation.leftover
    assert plan.metrics.waste_kg == 6 + 1.8


def test_a_closed_session_sends_its_households_elsewhere() -> None:
    """Without V1 A has no session; B comes to V2."""
    plan = accepted(event("session_closed", MON_NOON, session_id="V1"))
    assert basket(plan, "A") == {}
    assert {session for name, _, session in given(plan) if name == "B"} == {"V2"}
    assert others_kept(plan, "A", "B")
    reasons = {u.household_id: u.reasons[0].code for u in plan.allocation.unmet}
    assert reasons["A"] == "no_session_left"


def test_a_household_that_is_added_gets_what_is_free() -> None:
    """V1 has room for two, so the new one comes to V2 and has 3 meals, biscuits at most 2 of them."""
    base = good_week().problem.households["B"]
    new = replace(base, id="N", meals_wanted=3, lat=35.0)
    plan = accepted(event("household_added", MON_NOON, household_id="N", household=new))
    fills = {fill.household_id: fill for fill in plan.allocation.fill}
    assert fills["N"].received == 3
    assert {session for name, _, session in given(plan) if name == "N"} == {"V2"}
    assert others_kept(plan, "N")


def test_events_that_come_too_late_are_told() -> None:
    codes = [
        (event("session_closed", at(TUE, 15, 30), session_id="V1"), "event_while_open"),
        (event("household_cancelled", at(TUE, 13), household_id="D"), "event_after_handover"),
        (
            event("lot_late", at(TUE, 10), lot_id="GREENS", since_s=at(TUE, 11)),
            "event_after_loading",
        ),
        (event("lot_spoilt", at(TUE, 12, 55), lot_id="GREENS"), "event_at_door"),
    ]
    for happened, code in codes:
        assert {clash.code for clash in after(happened).clashes} == {code}


def test_a_loss_after_the_car_was_loaded_does_not_go_with_the_plan() -> None:
    """16 of 20 rice were gone by 11:00, yet the car that is on the road loaded 7 at 11:30."""
    lost = event("lot_short", at(TUE, 11), lot_id="RICE", units=16)
    found = after(lost, now_s=at(TUE, 12))
    assert found.plan is None
    assert {clash.code for clash in found.clashes} == {"event_after_loading"}


@pytest.mark.parametrize("kind", ["driver_ill", "car_broken"])
def test_an_absence_when_nobody_drives_is_a_wrong_row(kind: str) -> None:
    """The van has no shift on Monday: nothing is planned anew."""
    spans = {"since_s": MON_NOON, "until_s": MON_NOON + 3600}
    found = after(event(kind, MON_NOON, vehicle_id="VAN", **spans))
    assert found.plan is None
    assert [(clash.code, clash.name) for clash in found.clashes] == [("event_without_shift", "VAN")]


def test_plan_and_week_belong_together() -> None:
    """Made anew after the rice was short, a plan is told to be of a week in which it was not.

    A lot that the week does not have shows that the plan is of another one.
    """
    week, short = week_under_way(), event("lot_short", MON_NOON, lot_id="RICE", units=13)
    again = Week(week.problem, week.travel, accepted(short))
    late = event("lot_late", at(TUE, 8), lot_id="GREENS", since_s=at(TUE, 11))
    assert after(short, late, week=again).clashes == ()
    assert [clash.code for clash in after(late, week=again).clashes] == ["week_changed"]
    lots = {name: lot for name, lot in week.problem.lots.items() if name != "MILK"}
    other = Week(replace(week.problem, lots=lots), week.travel, week.plan)
    found = after(late, week=other)
    assert found.plan is None
    assert [(clash.code, clash.name) for clash in found.clashes] == [("plan_of_other_week", "MILK")]
