"""The judge of a plan made anew: driven trips and hand-outs stand, events are heeded, facts forgiven."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from logistics.judge import verify_replan
from logistics.judge.driven import driven_by
from logistics.model.events import Event, EventKind
from logistics.model.plan import Load, Plan, Route, Stop, StopKind, Trip
from tests.judge.edits import Edit, append, chain, drop, row, trip
from tests.judge.good_facts import THU, TUE, WED, at
from tests.judge.good_week import Week, good_week


def event(kind: EventKind, at_s: int, **more: Any) -> Event:
    return Event(kind, at_s, **more)


def later(plan: Plan, seconds: int) -> Plan:
    """The plan with Wednesday's trip so much later."""
    *others, early = plan.routes
    stops = tuple(
        replace(
            stop,
            arrive_s=stop.arrive_s + seconds,
            start_s=stop.start_s + seconds,
            leave_s=stop.leave_s + seconds,
        )
        for stop in early.trips[0].stops
    )
    return replace(
        plan, routes=(*others, replace(early, trips=(replace(early.trips[0], stops=stops),)))
    )


class Fault(NamedTuple):
    """What is done to a plan that the judge accepts at a moment, and the code that must be named."""

    name: str
    now_s: int
    edit: Edit
    code: str
    published_later_s: int = 0
    events: tuple[Event, ...] = ()


def without_last_trip(week: Week) -> Week:
    tuesday, wednesday = week.plan.routes
    routes = (replace(tuesday, trips=tuesday.trips[:-1]), wednesday)
    return week._replace(plan=replace(week.plan, routes=routes))


def rice_for_nobody(week: Week) -> Week:
    """Tuesday's last trip takes two more rice along and leaves them at S1."""
    tuesday, wednesday = week.plan.routes
    hub, door, home = tuesday.trips[2].stops
    rice = (Load("RICE", 2),)
    detour = (
        replace(hub, load=(*hub.load, *rice)),
        door,
        Stop(StopKind.SITE, "S1", at(TUE, 13, 20), at(TUE, 13, 20), at(TUE, 13, 25), unload=rice),
        home,
    )
    trips = (*tuesday.trips[:2], replace(tuesday.trips[2], stops=detour))
    return week._replace(plan=replace(week.plan, routes=(replace(tuesday, trips=trips), wednesday)))


FAULTS = (
    Fault("a driven trip is gone", at(TUE, 14), without_last_trip, "driven_changed"),
    Fault("a driven trip is longer", at(TUE, 9, 30), trip(0, 0, metres=12_001), "driven_changed"),
    Fault("a trip under way is changed", at(TUE, 11, 35), trip(0, 1, seconds=1), "driven_changed"),
    Fault("a guest had other goods", at(TUE, 15), row("lines", 3, units=2), "handed_out_changed"),
    Fault("a guest is forgotten", at(TUE, 15), drop("lines", 0), "handed_out_changed"),
    Fault("a door had other goods", at(TUE, 13), row("lines", 8, units=2), "handed_out_changed"),
    Fault(
        "goods are brought to others of the same lot", at(TUE, 12, 36), rice_for_nobody, "stranded"
    ),
    Fault("a trip begins in the past", at(WED, 9, 15), lambda week: week, "driven_in_past", 1800),
    Fault(
        "the ill driver drives",
        at(TUE, 18),
        lambda week: week,
        "outside_shift",
        events=(event(EventKind.DRIVER_ILL, at(TUE, 18), vehicle_id="VAN", since_s=at(WED, 0)),),
    ),
    Fault(
        "the stranded car drives on",
        at(TUE, 12, 35),
        lambda week: week,
        "driven_in_past",
        events=(
            event(EventKind.CAR_BROKEN, at(TUE, 12, 35), vehicle_id="VAN", since_s=at(TUE, 12)),
        ),
    ),
    Fault(
        "a trip that broke down goes home",
        at(TUE, 12, 35),
        lambda week: week,
        "driven_changed",
        events=(
            event(EventKind.CAR_BROKEN, at(TUE, 12, 35), vehicle_id="VAN", since_s=at(TUE, 12)),
        ),
    ),
    Fault(
        "a closed session is held",
        at(TUE, 8),
        lambda week: week,
        "unknown_session",
        events=(event(EventKind.SESSION_CLOSED, at(TUE, 8), session_id="V1"),),
    ),
    Fault(
        "a cancelled household is served",
        at(TUE, 8),
        lambda week: week,
        "unknown_household",
        events=(event(EventKind.HOUSEHOLD_CANCELLED, at(TUE, 8), household_id="A"),),
    ),
    Fault(
        "lost goods are given",
        at(TUE, 8),
        lambda week: week,
        "supply_exceeded",
        events=(event(EventKind.LOT_SHORT, at(TUE, 8), lot_id="RICE", units=12),),
    ),
    Fault(
        "lost goods are loaded",
        at(TUE, 8),
        lambda week: week,
        "stock_short",
        events=(event(EventKind.LOT_SPOILT, at(TUE, 8), lot_id="CANS"),),
    ),
    Fault(
        "a late lot is fetched early",
        at(TUE, 8),
        lambda week: week,
        "not_ready",
        events=(event(EventKind.LOT_LATE, at(TUE, 8), lot_id="GREENS", since_s=at(TUE, 11)),),
    ),
    Fault(
        "a changed shift is not heeded",
        at(TUE, 8),
        lambda week: week,
        "outside_shift",
        events=(
            event(
                EventKind.SHIFT_CHANGED,
                at(TUE, 8),
                vehicle_id="VAN",
                since_s=at(TUE, 11),
                until_s=at(TUE, 17),
            ),
        ),
    ),
    Fault(
        "what is left is reported elsewhere",
        at(TUE, 14),
        row("leftover", 0, site_id="S1"),
        "leftover_rows",
    ),
)


def verdict(fault: Fault) -> set[str]:
    week = good_week()
    published = later(week.plan, fault.published_later_s)
    problem, travel, plan = fault.edit(week)
    findings = verify_replan(problem, published, travel, plan, fault.events, fault.now_s)
    return {finding.code for finding in findings}


@pytest.mark.parametrize("hour", [0, at(TUE, 10), at(TUE, 12), at(TUE, 16), at(THU, 12)])
def test_a_plan_may_stay_as_it_is_at_any_moment(hour: int) -> None:
    problem, travel, plan = good_week()
    assert verify_replan(problem, plan, travel, plan, (), hour) == []


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_the_fault_is_named(fault: Fault) -> None:
    assert fault.code in verdict(fault)


def test_faults_of_the_past_alone_are_named_alone() -> None:
    """Wednesday's trip half an hour earlier than published keeps every rule but that it is over."""
    assert verdict(next(fault for fault in FAULTS if fault.code == "driven_in_past")) == {
        "driven_in_past"
    }


def test_a_broken_car_leaves_the_stops_that_had_begun() -> None:
    """At 12:00 the bento are being loaded; 7 rice, 3 cans, 3 greens and 5 bento are on board."""
    problem, travel, plan = good_week()
    broken = event(EventKind.CAR_BROKEN, at(TUE, 12, 35), vehicle_id="VAN", since_s=at(TUE, 12))
    driven = driven_by(problem, travel, plan, (broken,), at(TUE, 12, 35))
    last = driven.routes["VAN", TUE].trips[-1]
    assert [stop.id for stop in last.stops] == ["HUB", "KITCHEN"]
    assert (last.metres, last.seconds) == (4_000, 35 * 60)
    assert driven.lost == {"RICE": 7, "CANS": 3, "GREENS": 3, "BENTO": 5}


def test_goods_stay_on_board_of_a_broken_car_only() -> None:
    """The judge forgives an unfinished trip where the car broke down, and nowhere else."""
    problem, travel, plan = good_week()
    tuesday = plan.routes[0]
    stops = tuesday.trips[1].stops[:2]
    short = Trip(stops, 4_000, 35 * 60)
    unfinished = replace(plan, routes=(Route("VAN", TUE, (tuesday.trips[0], short), ("P1",)),))
    now_s = at(TUE, 12, 35)
    broken = event(EventKind.CAR_BROKEN, now_s, vehicle_id="VAN", since_s=at(TUE, 12))
    codes = {
        finding.code
        for finding in verify_replan(problem, plan, travel, unfinished, (broken,), now_s)
    }
    assert not codes & {"trip_not_home", "not_empty", "driven_changed"}
    codes = {
        finding.code for finding in verify_replan(problem, plan, travel, unfinished, (), at(TUE, 8))
    }
    assert {"trip_not_home", "not_empty"} <= codes


def test_nothing_more_is_handed_out_at_a_session_that_has_opened() -> None:
    edit = chain(append("lines", replace(good_week().plan.allocation.lines[0], lot_id="MILK")))
    assert "handed_out_changed" in verdict(Fault("", at(TUE, 15), edit, ""))
