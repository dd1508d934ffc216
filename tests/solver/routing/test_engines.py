"""Each engine alone finds the way out of a poor plan, on a day that asks for everything at once."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from logistics.solver.routing import VEHICLE_DAY_COST, DayJobs, exact, guided, insertion, route_day
from logistics.solver.routing.day import day_of_jobs
from logistics.solver.routing.route import RoutingEngine
from logistics.solver.routing.schedule import Clock, Timetable
from tests.solver.routing.days import (
    CHILLED,
    HOUR,
    NINE,
    collection,
    delivery,
    door,
    on_a_line,
    pair,
    shift,
    site,
    van,
    week,
)
from tests.solver.routing.replay import broken_rules

MINUTE = 60
PROBLEM = week(
    [van(cold_s_max=30 * MINUTE), van("V2", cold_s_max=30 * MINUTE)],
    [shift(), shift("V2")],
    dock_s=10 * MINUTE,
)
TRAVEL = on_a_line({"HUB": 0, "A": 10, "B": 20, "D": 15, "K": -5, "S": -15})
JOBS = DayJobs(
    0,
    (
        delivery("A", door("A", service_s=5 * MINUTE), storage=CHILLED),
        delivery("B", door("B", service_s=5 * MINUTE), storage=CHILLED, needs=("D",)),
        delivery(
            "S", site("S", leave_by_s=NINE + 4 * HOUR, service_s=10 * MINUTE), storage=CHILLED
        ),
    ),
    (collection("D", site("D", NINE + HOUR, service_s=10 * MINUTE), storage=CHILLED),),
    (pair("K", site("K", service_s=10 * MINUTE), site("S", service_s=10 * MINUTE)),),
)
# The best day by hand, all on one vehicle:
#   one trip to D and back, since B needs it unloaded first: 30 driven, 10 at D, 10 at home;
#   a trip to A, B: 40 driven, 5 + 5 at the doors, 10 at home: B is reached 25 minutes after loading;
#   a trip to K, S, chilled for S 25 minutes on the way: 30 driven, 10 at K, 10 at S for both, 10 home.
# In all 100 minutes of driving at 620 and 20 + 20 + 30 of service at 120. To serve A on the way to D
# would take one more loading at home.
BEST = VEHICLE_DAY_COST + 100 * 620 + 70 * 120


def poor_plan(clock: Clock) -> Timetable:
    """Every task on a trip of its own, in the order given, shared out between the two vehicles."""
    trips = tuple(task.points for task in clock.day.tasks)
    table = clock.timetable((trips[:3], trips[3:]))
    assert table is not None
    return table


ENGINES = [insertion.improve, insertion.with_fewer_shifts, guided.improve]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_finds_the_best_day_from_a_poor_one(engine: RoutingEngine) -> None:
    clock = Clock(day_of_jobs(PROBLEM, TRAVEL, JOBS))
    poor = poor_plan(clock)
    assert poor.cost > BEST + VEHICLE_DAY_COST
    assert engine(clock, poor, 3.0, 1).cost == BEST


def test_the_proof_finds_the_same_day() -> None:
    clock = Clock(day_of_jobs(PROBLEM, TRAVEL, JOBS))
    table, bound = exact.prove(clock, poor_plan(clock), 0, seconds=20, seed=1)
    assert (table.cost, bound) == (BEST, BEST)


def test_the_replay_notices_a_late_stop_and_a_lost_load() -> None:
    result = route_day(PROBLEM, TRAVEL, JOBS, seconds=2, seed=1)
    assert broken_rules(PROBLEM, TRAVEL, JOBS, result) == []
    route = result.routes[0]
    trip = route.trips[-1]
    stop = trip.stops[1]
    for worse in (
        replace(stop, arrive_s=stop.arrive_s - 1),
        replace(stop, leave_s=stop.start_s),
        replace(stop, load=(), unload=()),
    ):
        stops = (trip.stops[0], worse, *trip.stops[2:])
        trips = (*route.trips[:-1], replace(trip, stops=stops))
        broken = replace(result, routes=(replace(route, trips=trips),))
        assert broken_rules(PROBLEM, TRAVEL, JOBS, broken) != []


def test_days_without_points_or_slots_reach_no_library() -> None:
    nobody = Clock(day_of_jobs(week([van()], []), TRAVEL, JOBS))
    nothing = Clock(day_of_jobs(PROBLEM, TRAVEL, DayJobs(0)))
    for clock in (nobody, nothing):
        table = insertion.first_plan(clock)
        assert guided.improve(clock, table, 0.1, 1) == table
        assert insertion.improve(clock, table, 0.1, 1) == table


def test_the_room_is_imported_without_its_libraries() -> None:
    code = "import logistics.solver.routing, sys; print({'ortools', 'numba'} & {*sys.modules})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
