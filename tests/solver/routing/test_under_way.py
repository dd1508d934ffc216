"""Days under way: fixed trips stay, what follows starts after them; goods that come later wait."""

from __future__ import annotations

import pytest

from logistics.model.errors import InvalidFact
from logistics.model.plan import Load, Route, Stop, StopKind, Trip
from logistics.model.units import MINUTE_S
from logistics.solver.routing import METRE_COST, SECOND_COST, DayJobs, DayResult, route_day
from tests.solver.routing.days import HOUR, NINE, delivery, on_a_line, shift, site, van, week

LINE = on_a_line({"HUB": 0, "A": 10, "B": 20})


def fixed(leave_s: int, last: str = "HUB") -> Route:
    """A trip from the hub to A (10 minutes) and on to the last stop, where it is left then."""
    load = (Load("lot-1", 1),)
    start = Stop(StopKind.SITE, "HUB", NINE, NINE, NINE, load)
    there = NINE + 10 * MINUTE_S
    call = Stop(StopKind.SITE, "A", there, there, there, (), load)
    end = Stop(StopKind.SITE, last, leave_s, leave_s, leave_s)
    return Route("V1", 0, (Trip((start, call, end), 10_000, leave_s - NINE),))


def routed(jobs: DayJobs, shifts: int = 1) -> DayResult:
    vehicles = [van(f"V{n + 1}") for n in range(shifts)]
    problem = week(vehicles, [shift(f"V{n + 1}") for n in range(shifts)])
    return route_day(problem, LINE, jobs, 0.5, 1)


def test_a_trip_is_appended_after_the_fixed_one() -> None:
    # Fixed until 9:20, so A is reached again at 9:30 and the hub at 9:40. The vehicle-day is paid for:
    # 2 x 5,000 m and 1,200 s. The second car, a vehicle-day more, stays.
    done = fixed(NINE + 20 * MINUTE_S)
    result = routed(DayJobs(0, (delivery("again", site("A")),), fixed=(done,)), shifts=2)
    (route,) = result.routes
    assert route.trips[0] == done.trips[0]
    assert [stop.arrive_s - NINE for stop in route.trips[1].stops] == [1200, 1800, 2400]
    assert result.stage.objective == METRE_COST * 10_000 + SECOND_COST * 1_200


def test_a_vehicle_goes_on_from_where_it_stands() -> None:
    # It stands empty at B at 9:40: home to load (20 min), A, home again; 10,000 + 5,000 + 5,000 m.
    done = fixed(NINE + 40 * MINUTE_S, last="B")
    (route,) = routed(DayJobs(0, (delivery("again", site("A")),), fixed=(done,))).routes
    assert [stop.id for stop in route.trips[1].stops] == ["B", "HUB", "A", "HUB"]
    assert route.trips[1].stops[1].load == (Load("lot-again", 1),)
    assert route.trips[1].stops[0].arrive_s == NINE + 40 * MINUTE_S
    assert route.trips[1].metres == 20_000


def test_nothing_is_appended_once_the_shift_is_over() -> None:
    # The fixed trip ends at 16:50: A and back would take until 17:10.
    done = fixed(17 * HOUR - 10 * MINUTE_S)
    result = routed(DayJobs(0, (delivery("again", site("A")),), fixed=(done,)))
    assert result.routes == (done,)
    (dropped,) = result.dropped
    assert dropped.proven


def test_fixed_trips_stay_when_nothing_else_is_to_be_driven() -> None:
    done = fixed(NINE + 20 * MINUTE_S)
    result = routed(DayJobs(0, fixed=(done,)))
    assert result.routes == (done,)
    assert result.stage.objective == 0


def test_goods_that_come_later_wait_at_the_hub() -> None:
    # On board from 11:00 on: at A at 11:10.
    job = delivery("late", site("A"), release_s=11 * HOUR)
    (route,) = routed(DayJobs(0, (job,))).routes
    assert route.trips[0].stops[1].arrive_s == 11 * HOUR + 10 * MINUTE_S


def test_a_vehicle_has_one_fixed_route() -> None:
    done = fixed(NINE + 20 * MINUTE_S)
    with pytest.raises(InvalidFact):
        DayJobs(0, fixed=(done, done))
