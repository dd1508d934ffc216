"""Breaks, other ends, several visits and hours in the good week under way, with the arithmetic.

Tuesday of the good week: 09:00-09:55 the farm, 11:30-12:30 kitchen and S1, 12:40-13:25 the door of D.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from logistics.judge import verify_replan
from logistics.model.events import Event
from logistics.model.fleet import Break, Shift
from logistics.model.people import Visit, Volunteer
from logistics.model.plan import Plan, Rest, Route, Stop, StopKind, Trip
from logistics.model.problem import Leg
from logistics.model.units import MINUTE_S
from tests.judge.good_facts import THU, TUE, WED, at
from tests.judge.good_week import Week
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

LUNCH = Break(at(TUE, 10), at(TUE, 11), 30 * MINUTE_S)
TAKEN = Rest(at(TUE, 10, 10), at(TUE, 10, 40))


def tuesday(week: Week, shift: Callable[[Shift], Shift], route: Callable[[Route], Route]) -> Week:
    """The week with another shift and route on Tuesday."""
    shifts, routes = week.problem.shifts, week.plan.routes
    return Week(
        replace(week.problem, shifts=(shift(shifts[0]), *shifts[1:])),
        week.travel,
        replace(week.plan, routes=(route(routes[0]), *routes[1:])),
    )


def with_break() -> Week:
    return tuesday(
        week_under_way(),
        lambda shift: replace(shift, break_=LUNCH),
        lambda route: replace(route, rest=TAKEN),
    )


def from_s2() -> Week:
    """The car stands at S2: 08:40 there, hub 09:00, then as before; 6,000 m and 20 minutes more."""

    def begun(route: Route) -> Route:
        first, *trips = route.trips
        start = Stop(StopKind.SITE, "S2", at(TUE, 8, 40), at(TUE, 8, 40), at(TUE, 8, 40))
        trip = Trip((start, *first.stops), first.metres + 6_000, first.seconds + 20 * MINUTE_S)
        return replace(route, trips=(trip, *trips))

    return tuesday(
        week_under_way(),
        lambda shift: replace(shift, start_s=at(TUE, 8, 30), start_id="S2"),
        begun,
    )


def to_s2() -> Week:
    """The day ends at S2: D is left at 13:10, by way of the hub S2 is 35 minutes and 10,500 m on."""

    def ended(route: Route) -> Route:
        *trips, last = route.trips
        end = Stop(StopKind.SITE, "S2", at(TUE, 13, 45), at(TUE, 13, 45), at(TUE, 13, 45))
        trip = Trip((*last.stops[:-1], end), last.metres + 6_000, last.seconds + 20 * MINUTE_S)
        return replace(route, trips=(*trips, trip))

    week = week_under_way()
    leg = week.problem.legs["D", "S2"]
    assert (leg.metres, leg.seconds) == (10_500, 35 * MINUTE_S)
    week = Week(week.problem, {**week.travel, ("D", "S2"): leg}, week.plan)
    return tuesday(week, lambda shift: replace(shift, end_id="S2"), ended)


def day_of(plan: Plan, day: int = TUE) -> Route:
    return next(route for route in plan.routes if route.day == day)


def codes(week: Week, plan: Plan, *events: Event) -> set[str]:
    """What the judge says of a plan."""
    now = max(one.at_s for one in events)
    legs = {**week.problem.legs, **week.travel}
    return {f.code for f in verify_replan(week.problem, week.plan, legs, plan, events, now)}


def short(day: int, hour: int, minute: int) -> Event:
    """18 free rice less 13 are 5 of the 7 promised: the second trip must be loaded anew."""
    return event("lot_short", at(day, hour, minute), lot_id="RICE", units=13)


def test_a_break_that_has_begun_is_taken() -> None:
    """At 10:20 it is ten minutes old."""
    week, happened = with_break(), short(TUE, 10, 20)
    plan = accepted(happened, week=week)
    route = day_of(plan)
    assert route.rest == TAKEN
    moved = replace(route, rest=Rest(at(TUE, 10, 20), at(TUE, 10, 50)))
    for other in (moved, replace(route, rest=None)):
        edited = replace(plan, routes=(other, *(r for r in plan.routes if r != route)))
        assert codes(week, edited, happened) == {"driven_changed"}


def test_a_break_to_come_lies_after_what_is_driven() -> None:
    """At 09:30 the farm trip is under way until 09:55; half an hour fits from 10:00 to 11:30."""
    week, happened = with_break(), short(TUE, 9, 30)
    plan = accepted(happened, week=week)
    route = day_of(plan)
    assert route.rest is not None
    assert at(TUE, 10) <= route.rest.start_s
    assert route.rest.end_s - route.rest.start_s == 30 * MINUTE_S
    for rest, code in (
        (None, "break_missing"),
        (Rest(at(TUE, 9, 50), at(TUE, 10, 20)), "break_missing"),
        (Rest(at(TUE, 11), at(TUE, 12)), "break_worked"),
    ):
        edited = replace(route, rest=rest)
        edited = replace(plan, routes=(edited, *(r for r in plan.routes if r != route)))
        assert code in codes(week, edited, happened)


def test_a_changed_shift_still_has_its_break() -> None:
    """From 10:30 on, known at 09:30: half an hour from 10:00 is idle time, or else by 11:00."""
    week = with_break()
    span = {"since_s": at(TUE, 10, 30), "until_s": at(TUE, 17)}
    plan = accepted(event("shift_changed", at(TUE, 9, 30), vehicle_id="VAN", **span), week=week)
    assert given(plan) == given(week.plan)
    rest = day_of(plan).rest
    assert rest is not None
    assert LUNCH.open_s <= rest.start_s <= LUNCH.close_s


def test_who_breaks_down_before_the_break_has_none() -> None:
    plan = accepted(
        event("car_broken", at(TUE, 9, 40), vehicle_id="VAN", since_s=at(TUE, 9, 30)),
        week=with_break(),
    )
    assert places(plan, TUE) == [["HUB", "FARM"]]
    assert day_of(plan).rest is None


def test_a_day_that_is_not_touched_keeps_its_break() -> None:
    week = with_break()
    assert accepted(now_s=MON_NOON, week=week).routes == week.plan.routes


def test_a_shift_from_elsewhere_goes_on_from_where_the_car_is() -> None:
    """Before 08:40 the first trip begins at S2; at 09:30 all that is ahead begins at the hub."""
    for happened in (short(TUE, 8, 0), short(TUE, 9, 30)):
        stops = places(accepted(happened, week=from_s2()), TUE)
        assert [trip[0] for trip in stops] == ["S2", *["HUB"] * (len(stops) - 1)]


def test_who_breaks_down_on_the_way_from_elsewhere() -> None:
    """At 08:50 between S2 and the hub; by 09:05 it has reached the hub, not yet the farm."""
    for minute, made in ((50, ["S2"]), (65, ["S2", "HUB"])):
        since_s = at(TUE, 8) + minute * MINUTE_S
        broken = event("car_broken", at(TUE, 9, 10), vehicle_id="VAN", since_s=since_s)
        assert places(accepted(broken, week=from_s2()), TUE) == [made]


def test_the_last_trip_goes_to_where_the_shift_ends() -> None:
    """Without D's visit the trip to S1 is the last one."""
    gone = event("household_cancelled", at(TUE, 10), household_id="D")
    stops = places(accepted(gone, week=to_s2()), TUE)
    assert [trip[-1] for trip in stops] == ["HUB", "S2"]


def test_a_day_that_ended_elsewhere_did_not_break_down() -> None:
    """Broken at 14:00, after S2 was reached at 13:45: Tuesday stands as it was."""
    week = to_s2()
    broken = event("car_broken", at(TUE, 14), vehicle_id="VAN")
    plan = accepted(broken, week=week)
    assert day_of(plan) == day_of(week.plan)
    assert others_kept(plan, "C")  # Wednesday's cracker stays at the hub


def test_facts_may_end_where_no_shift_ends() -> None:
    """At 12:35 the driver is ill: the car stands at the hub and not at S2, and D gets nothing."""
    ill = event("driver_ill", at(TUE, 12, 35), vehicle_id="VAN")
    plan = accepted(ill, week=to_s2())
    assert [trip[-1] for trip in places(plan, TUE)] == ["HUB", "HUB"]
    assert basket(plan, "D") == {}


def two_visits() -> Week:
    """D may also be visited on Thursday from 09:00 to 11:30."""
    week = week_under_way()
    door = week.problem.households["D"]
    assert door.visit is not None
    later = Visit(at(THU, 9), at(THU, 11, 30), door.visit.service_s)
    door = replace(door, alternatives=(door.visit, later))
    homes = {**week.problem.households, "D": door}
    return Week(replace(week.problem, households=homes), week.travel, week.plan)


def test_a_visit_that_was_missed_is_made_on_the_other_day() -> None:
    """Ill from 12:35: D is visited on Thursday from the hub, 15 minutes away, with its 4 meals."""
    ill = event("driver_ill", at(TUE, 12, 35), vehicle_id="VAN")
    week = two_visits()
    plan = accepted(ill, week=week)
    assert {line.day for line in plan.allocation.lines if line.household_id == "D"} == {THU}
    fills = {fill.household_id: fill.received for fill in plan.allocation.fill}
    assert fills["D"] == 4
    assert ["HUB", "D", "HUB"] in places(plan, THU)
    twice = replace(plan, routes=(week.plan.routes[0], *plan.routes[1:]))
    assert codes(week, twice, ill) & {"visited_twice", "driven_in_past", "outside_shift"}


def test_the_published_day_of_a_visit_stays() -> None:
    plan = accepted(short(TUE, 10, 0), week=two_visits())
    assert {line.day for line in plan.allocation.lines if line.household_id == "D"} == {TUE}


def with_hours(seconds: int) -> Week:
    """P1 has so many seconds in the week; N, who may be added, lives next to D."""
    week = week_under_way()
    people = {"P1": Volunteer("P1", work_s_max=seconds)}
    legs = dict(week.problem.legs)
    for (a, b), leg in week.problem.legs.items():
        if "D" in (a, b):
            legs["N" if a == "D" else a, "N" if b == "D" else b] = leg
    legs["D", "N"] = legs["N", "D"] = Leg(0, 0)
    problem = replace(week.problem, volunteers=people, legs=legs)
    return Week(problem, week.travel, week.plan)


@pytest.mark.parametrize(("hours_s", "meals"), [(12_900, 0), (15_600, 2)])
def test_hours_that_are_used_up_leave_no_new_visit(hours_s: int, meals: int) -> None:
    """At 12:45 all of Tuesday is driven or on the road, 9,600 s, and Wednesday's cracker takes 3,300 s.

    N on Wednesday takes 10 + 15 + 5 + 15 minutes, 2,700 s, on a trip of its own, 35 minutes on that one.
    """
    week = with_hours(hours_s)
    base = week.problem.households["D"]
    visit = Visit(at(WED, 9), at(WED, 11, 30), 300)
    new = replace(base, id="N", meals_wanted=2, visit=visit)
    happened = event("household_added", at(TUE, 12, 45), household_id="N", household=new)
    plan = accepted(happened, week=week)
    fills = {fill.household_id: fill.received for fill in plan.allocation.fill}
    assert fills["N"] == meals
    assert sum(t.seconds for r in plan.routes for t in r.trips) <= hours_s
    assert others_kept(plan, "N")


def test_hours_are_shared_between_what_is_driven_and_the_rest() -> None:
    """Less than published: 12,900 - 3,300 s leave out a trip, and it is not one that was driven."""
    week = with_hours(9_600)
    found = after(short(TUE, 10, 0), week=week)
    assert found.plan is not None
    assert not codes(week, found.plan, short(TUE, 10, 0))
    assert found.plan.routes[0].trips[0] == week.plan.routes[0].trips[0]
    assert sum(t.seconds for r in found.plan.routes for t in r.trips) <= 9_600
