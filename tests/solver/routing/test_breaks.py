"""Breaks, by hand: where they cost nothing, where they cost least, what they break."""

from __future__ import annotations

from dataclasses import replace

from logistics.model.fleet import Break, Shift
from logistics.model.plan import Rest
from logistics.model.units import MINUTE_S
from logistics.solver.routing import DayJobs, DayResult, Delivery, route_day
from tests.solver.routing.days import (
    CHILLED,
    HOUR,
    NINE,
    delivery,
    door,
    on_a_line,
    van,
    week,
)

LINE = on_a_line({"HUB": 0, "A": 30, "B": 60})
NOON = 12 * HOUR


def day(
    *jobs: Delivery, due: Break | None, end_s: int = 17 * HOUR, cold_s_max: int | None = None
) -> DayResult:
    """One van of the hub from 9 o'clock on with a break; A is half an hour away, B an hour."""
    fleet = week([van(cold_s_max=cold_s_max)], [Shift("V1", NINE, end_s, break_=due)])
    return route_day(fleet, LINE, DayJobs(0, jobs), 0.5, 1)


def test_a_break_before_or_after_the_route_costs_nothing() -> None:
    # A at 9:30, home at 10:00; lunch at noon is after it.
    job = delivery("a", door("A", 0, 10 * HOUR))
    lunch = Break(NOON, 13 * HOUR, 30 * MINUTE_S)
    free, rested = day(job, due=None), day(job, due=lunch)
    assert rested.stage.objective == free.stage.objective
    assert rested.routes[0].rest == Rest(NOON, NOON + 30 * MINUTE_S)
    assert free.routes[0].rest is None


def test_waiting_at_a_door_is_a_break() -> None:
    # A 11:00-11:15 and B from 12:30 on: the van leaves A at 11:15, is at B at 11:45, and waits there.
    jobs = (
        delivery("a", door("A", 11 * HOUR, 11 * HOUR + 900)),
        delivery("b", door("B", NOON + 1800)),
    )
    rested = day(*jobs, due=Break(11 * HOUR + 2700, NOON, 1800))
    assert rested.stage.objective == day(*jobs, due=None).stage.objective
    (trip,) = rested.routes[0].trips
    rest = rested.routes[0].rest
    assert rest is not None
    assert trip.stops[2].arrive_s <= rest.start_s
    assert rest.end_s <= trip.stops[2].start_s


def test_a_break_on_the_way_makes_the_trip_longer() -> None:
    # B must be made at 12:00, A at 12:15 to 13:30; lunch of 30 min begins 12:00 to 12:10: only at B.
    # B 12:00-12:30, A 13:00, home 13:30; left at 11:00, so 150 min instead of 120.
    late = door("A", NOON + 900, 13 * HOUR + 1800)
    jobs = delivery("b", door("B", NOON, NOON)), delivery("a", late)
    rested = day(*jobs, due=Break(NOON, NOON + 600, 1800))
    (trip,) = rested.routes[0].trips
    assert [stop.id for stop in trip.stops] == ["HUB", "B", "A", "HUB"]
    assert trip.seconds == 150 * MINUTE_S
    assert trip.stops[1].leave_s == NOON + 1800
    assert rested.routes[0].rest == Rest(NOON, NOON + 1800)


def test_a_break_does_not_keep_the_cold() -> None:
    # As before; A's milk leaves the hub at 11:00 and would be there at 13:00: 120 minutes.
    late = door("A", NOON + 900, 13 * HOUR + 1800)
    jobs = delivery("b", door("B", NOON, NOON)), delivery("a", late, storage=CHILLED)
    due = Break(NOON, NOON + 600, 1800)
    assert len(day(*jobs, due=due, cold_s_max=120 * MINUTE_S).routes[0].trips) == 1
    # One minute less: B and A need a trip each, and home from B at 13:00 is too late for A at 13:30
    # only if the break is still due; at B 12:00-12:30, home 13:30, A 14:00: A's window is over.
    warm = day(*jobs, due=due, cold_s_max=119 * MINUTE_S)
    assert len(warm.dropped) == 1


def test_a_shift_that_leaves_no_time_for_its_break_makes_less() -> None:
    # B at 12:00 and A at 12:30 exactly, with 15 minutes of rest begun 11:50 to 12:20: whoever rests
    # at B before its visit begins 11:45 at the latest, and after it there is no minute to spare.
    jobs = delivery("b", door("B", NOON, NOON)), delivery("a", door("A", NOON + 1800, NOON + 1800))
    assert not day(*jobs, due=None).dropped
    tight = Break(NOON - 600, NOON + 1200, 900)
    dropped = day(*jobs, due=tight).dropped
    assert [drop.proven for drop in dropped] == [False]


def test_a_fixed_route_that_has_rested_owes_no_break() -> None:
    due = Break(NOON, NOON + 600, 1800)
    first = day(delivery("b", door("B", NOON, NOON)), due=due)
    assert first.routes[0].rest is not None
    fleet = week([van()], [Shift("V1", NINE, 17 * HOUR, break_=due)])
    jobs = DayJobs(0, (delivery("a", door("A")),), fixed=first.routes)
    (route,) = route_day(fleet, LINE, jobs, 0.5, 1).routes
    assert route.rest == first.routes[0].rest
    assert route.trips[:-1] == first.routes[0].trips
    owed = DayJobs(0, jobs.deliveries, fixed=(replace(first.routes[0], rest=None),))
    assert len(route_day(fleet, LINE, owed, 0.5, 1).dropped) == 1
