"""Even working days: tiny days by hand, and random small ones against looking at every plan.

Places lie on a road: position x is x minutes from the hub at 0, a minute is 500 m. A minute of driving
costs 500 + 2 x 60 = 620, a vehicle-day 1,000,000.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from logistics.model.fleet import Shift
from logistics.model.plan import Stage, Status
from logistics.model.problem import Travel, WeekProblem
from logistics.solver.routing import VEHICLE_DAY_COST, DayJobs, DayResult
from logistics.solver.routing.balance import Evening, balance_day, cost_max
from logistics.solver.routing.balance_bound import least_longest
from logistics.solver.routing.bounds import Bounds, part_stages, stage_of
from logistics.solver.routing.day import Day, Sketch, day_of_jobs
from logistics.solver.routing.explain import dropped_jobs
from logistics.solver.routing.insertion import served_tasks
from logistics.solver.routing.schedule import Clock
from logistics.solver.routing.stops import routes_of
from tests.solver.routing.days import NINE, delivery, door, on_a_line, shift, van, week
from tests.solver.routing.replay import broken_rules
from tests.solver.routing.strategies import Case, days

MINUTE = 60
ROAD = on_a_line({"HUB": 0, "A": 10, "B": 20, "C": 30, "X": -10, "Y": -20})
TWO = week([van(), van("V2")], [shift(), shift("V2")])


def jobs(*names: str) -> DayJobs:
    """Doors without service; B and Y both at 9:20, so that two vans are needed for them."""
    sharp = {"B": NINE + 20 * MINUTE, "Y": NINE + 20 * MINUTE}
    return DayJobs(
        0,
        tuple(
            delivery(name, door(name, sharp.get(name, 0), sharp.get(name, 24 * 3600)))
            for name in names
        ),
    )


def driven(problem: WeekProblem, travel: Travel, day_jobs: DayJobs, sketch: Sketch) -> DayResult:
    """A day as it is driven, with only the bounds that cost nothing."""
    day = day_of_jobs(problem, travel, day_jobs)
    clock = Clock(day)
    table = clock.timetable(sketch)
    assert table is not None
    return DayResult(
        routes_of(clock, table),
        dropped_jobs(day, table, {}),
        stage_of(day, table, Bounds(0), 0.0),
        tuple(part_stages(day, table, Bounds(0))),
        table.sketch,
    )


def even(
    result: DayResult, day_jobs: DayJobs, share: float, problem: WeekProblem = TWO, **before: int
) -> DayResult:
    found = balance_day(
        problem, ROAD, day_jobs, result, Evening(before, cost_max(result, share), 5.0, 1)
    )
    assert broken_rules(problem, ROAD, day_jobs, found) == []
    return found


def stage(result: DayResult, name: str) -> Stage:
    (found,) = (part for part in result.parts if part.name == f"{name} 0")
    return found


def works(result: DayResult) -> dict[str, int]:
    """Minutes of each van's trips."""
    return {r.vehicle_id: sum(t.seconds for t in r.trips) // MINUTE for r in result.routes}


def test_no_day_is_shorter_than_its_farthest_door() -> None:
    # V1: A, B and C on one way, 60 minutes; V2: X and Y on the other, 40. Whoever goes to C takes 60.
    asked = jobs("A", "B", "C", "X", "Y")
    result = driven(TWO, ROAD, asked, (((0, 1, 2),), ((3, 4),)))
    assert works(result) == {"V1": 60, "V2": 40}
    found = even(result, asked, 1.0)
    assert (stage(found, "balance").objective, stage(found, "balance").bound) == (3_600, 3_600)
    assert stage(found, "balance").status is Status.OPTIMAL


def test_two_trips_of_one_van_become_one_each() -> None:
    # V1 drives X and Y, then A: 40 + 20 minutes; V2 drives B: 40. With A on the way to B it is 40 and
    # 40, and 80 minutes of driving instead of 100.
    asked = jobs("A", "B", "X", "Y")
    result = driven(TWO, ROAD, asked, (((2, 3), (0,)), ((1,),)))
    assert works(result) == {"V1": 60, "V2": 40}
    found = even(result, asked, 0.0)
    assert works(found) == {"V1": 40, "V2": 40}
    assert found.stage.objective == 2 * VEHICLE_DAY_COST + 80 * 620
    assert stage(found, "driving").objective == 80 * 620
    assert stage(found, "balance").status is Status.OPTIMAL


def test_driving_costs_no_more_than_is_allowed() -> None:
    # V1: A and C, 60 minutes; V2: Y at 9:20, 40 minutes.
    asked = jobs("A", "C", "Y")
    result = driven(TWO, ROAD, asked, (((0, 1),), ((2,),)))
    assert works(result) == {"V1": 60, "V2": 40}
    # V1 with C alone takes 60 as well: nothing to gain at any price.
    assert works(even(result, asked, 1.0)) == {"V1": 60, "V2": 40}
    # Stops of 10 minutes at A and at C: 80 and 40. For A with Y: 70 and 70, at 20 x 620 = 12,400 more of
    # 100 x 620 + 20 x 120 = 64,400: a share of 19.3 %.
    slow = DayJobs(
        0,
        tuple(delivery(name, door(name, service_s=600)) for name in ("A", "C"))
        + jobs("Y").deliveries,
    )
    result = driven(TWO, ROAD, slow, (((0, 1),), ((2,),)))
    assert works(even(result, slow, 0.19)) == {"V1": 80, "V2": 40}
    found = even(result, slow, 0.20)
    assert works(found) == {"V1": 70, "V2": 70}
    assert found.stage.objective == 2 * VEHICLE_DAY_COST + 64_400 + 12_400


def test_whoever_drives_on_other_days_drives_less() -> None:
    # P drives 3 hours on other days, Q does not: C, the longer way, is Q's.
    shifts = [Shift("V1", NINE, 17 * 3600, ("P",)), Shift("V2", NINE, 17 * 3600, ("Q",))]
    problem = week([van(), van("V2")], shifts)
    asked = jobs("C", "Y")
    result = driven(problem, ROAD, asked, (((0,),), ((1,),)))
    found = even(result, asked, 0.0, problem, P=3 * 3600)
    assert works(found) == {"V1": 40, "V2": 60}
    assert stage(found, "balance").objective == 3 * 3600 + 40 * MINUTE
    # The other car would do alone for Q, too, where P need not drive at all: as many routes as before.
    one = driven(problem, ROAD, jobs("C"), (((0,),), ()))
    assert works(even(one, jobs("C"), 0.0, problem, P=3 * 3600)) == {"V2": 60}


def every_sketch(day: Day) -> Iterator[Sketch]:
    """Every plan that makes all calls: all orders, cut into trips and shifts everywhere."""
    points = range(len(day.points))
    slots = len(day.slots)
    for order in permutations(points):
        for owners in product(range(slots), repeat=len(order)):
            if list(owners) != sorted(owners):
                continue
            for cuts in product((False, True), repeat=max(0, len(order) - 1)):
                trips: list[list[list[int]]] = [[] for _ in range(slots)]
                for i, p in enumerate(order):
                    s = owners[i]
                    if not trips[s] or cuts[i - 1]:
                        trips[s].append([])
                    trips[s][-1].append(p)
                yield tuple(tuple(tuple(trip) for trip in one) for one in trips)


def whole(day: Day, sketch: Sketch) -> bool:
    """Whether each trip makes all calls of its tasks, the last one last."""
    for trip in (trip for trips in sketch for trip in trips):
        for t in {day.points[p].task for p in trip}:
            made = [p for p in trip if day.points[p].task == t]
            if set(made) != set(day.tasks[t].points) or made[-1] != day.tasks[t].points[-1]:
                return False
    return True


@settings(max_examples=40, deadline=None)
@given(case=days(points_max=4), share=st.sampled_from((0.0, 0.1, 0.5)))
def test_small_days_are_as_even_as_can_be(case: Case, share: float) -> None:
    day = day_of_jobs(case.problem, case.travel, case.jobs)
    clock = Clock(day)
    tables = [
        table
        for sketch in every_sketch(day)
        if whole(day, sketch) and (table := clock.timetable(sketch)) is not None
    ]
    if not tables or not day.points:
        return
    first = min(tables, key=lambda table: table.cost)
    result = driven(case.problem, case.travel, case.jobs, first.sketch)
    allowed = cost_max(result, share)
    used = len(result.routes)
    best_s = min(
        max(
            sum(times.seconds for (s, _), times in table.times.items() if s == slot)
            for slot in range(len(day.slots))
        )
        for table in tables
        if table.cost <= allowed and sum(map(bool, table.sketch)) == used
    )
    found = balance_day(case.problem, case.travel, case.jobs, result, Evening({}, allowed, 5.0, 1))
    told = stage(found, "balance")
    assert broken_rules(case.problem, case.travel, case.jobs, found) == []
    assert found.stage.objective is not None
    assert found.stage.objective <= allowed
    assert len(found.routes) == used
    assert told.bound is not None
    assert told.objective is not None
    assert told.bound <= best_s <= told.objective
    assert least_longest(day, [0] * len(day.slots), used) <= best_s
    if not any(task.needs for task in day.tasks):
        assert told.objective == told.bound == best_s
    assert served_tasks(day, found.calls) == set(range(len(day.tasks)))
