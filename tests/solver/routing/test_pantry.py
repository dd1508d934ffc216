"""The compiled search agrees with the exact schedule, never makes a plan worse, and repeats itself."""

from __future__ import annotations

import random
from dataclasses import dataclass, fields, replace
from math import inf

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from benchmarks.generated_days import generated
from logistics.model.people import Visit, Volunteer
from logistics.model.plan import StopKind
from logistics.solver.routing import Call, DayJobs, insertion, pantry
from logistics.solver.routing.day import Day, Sketch, Slot, day_of_jobs, empty_sketch
from logistics.solver.routing.pantry import columns, facts
from logistics.solver.routing.pantry.run import Run
from logistics.solver.routing.route import _drivable
from logistics.solver.routing.schedule import Clock
from tests.solver.routing.days import (
    NINE,
    collection,
    delivery,
    door,
    on_a_line,
    shift,
    site,
    van,
    week,
)
from tests.solver.routing.strategies import Case, days
from tests.solver.routing.test_engines import BEST, JOBS, PROBLEM, TRAVEL, poor_plan
from tests.solver.routing.test_people_laws import peopled

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def cost_of(day: Day, sketch: Sketch) -> int | None:
    """What the compiled evaluation says of a sketch."""
    run = Run(day, facts.facts_of(day), pantry.Effort(1, inf), 1)
    return int(run._plans[2].total[columns.TOTAL]) if run.begin(sketch) else None


def random_sketch(day: Day, luck: random.Random) -> Sketch:
    """Some tasks on random trips of random shifts, one shift a vehicle, pickups before drops."""
    slots: list[list[list[int]]] = [[] for _ in day.slots]
    vehicles = {slot.vehicle_id: s for s, slot in enumerate(day.slots)}
    usable = [s for s in range(len(day.slots)) if luck.random() < 0.5] or [0]
    one = {day.slots[s].vehicle_id: s for s in usable}
    assert vehicles.keys() >= one.keys()
    for task in luck.sample(day.tasks, luck.randint(0, len(day.tasks))):
        trips = slots[luck.choice(list(one.values()))]
        if not trips or luck.random() < 0.4:
            trips.insert(luck.randint(0, len(trips)), [])
            trip = luck.choice([t for t in trips if not t])
        else:
            trip = luck.choice(trips)
        at = luck.randint(0, len(trip))
        trip[at:at] = task.points[:-1]
        at = luck.randint(at + len(task.points) - 1, len(trip))
        trip.insert(at, task.points[-1])
    return tuple(tuple(tuple(trip) for trip in trips) for trips in slots)


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(case=days(points_max=8), seed=st.integers(0, 2**32))
def test_the_compiled_cost_is_that_of_the_schedule(case: Case, seed: int) -> None:
    day = day_of_jobs(case.problem, case.travel, case.jobs)
    clock, luck = Clock(day), random.Random(seed)
    if not day.points or not day.slots:
        return
    for _ in range(20):
        sketch = random_sketch(day, luck)
        table = clock.timetable(sketch)
        event("driveable" if table else "not driveable")
        assert cost_of(day, sketch) == (None if table is None else table.cost)


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(case=peopled(points_max=6), seed=st.integers(0, 2**32))
def test_the_compiled_cost_is_that_of_the_schedule_with_people(case: Case, seed: int) -> None:
    # Without breaks, ends elsewhere and hours: crews, who came last, and goods that come later.
    shifts = tuple(
        replace(shift, start_id=None, end_id=None, break_=None) for shift in case.problem.shifts
    )
    problem, jobs = replace(case.problem, shifts=shifts), replace(case.jobs, work_s_max={})
    day = day_of_jobs(problem, case.travel, jobs)
    clock, luck = Clock(day), random.Random(seed)
    if not day.points or not day.slots:
        return
    known = pantry.knows(day)
    event("known" if known else "several windows")
    asks = any(task.barred or task.slot_cost or task.release_s for task in day.tasks)
    event("asks for people or time" if asks else "plain")
    for _ in range(20 if known else 0):
        sketch = random_sketch(day, luck)
        table = clock.timetable(sketch)
        assert cost_of(day, sketch) == (None if table is None else table.cost)


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW)
@given(case=days(points_max=8), seed=st.integers(0, 99))
def test_a_search_ends_with_what_it_says_and_never_worse(case: Case, seed: int) -> None:
    day = day_of_jobs(case.problem, case.travel, case.jobs)
    clock = Clock(day)
    for start in (clock.timetable(empty_sketch(day)), insertion.first_plan(clock)):
        assert start is not None
        found, again = (
            pantry.search(day, start.sketch, pantry.Effort(60, inf), seed) for _ in "ab"
        )
        assert found == again
        if found is None:
            assert not day.points or not day.slots
            continue
        table = clock.timetable(found.sketch)
        assert table is not None
        assert table.cost == cost_of(day, found.sketch)
        assert table.cost <= start.cost


def test_the_search_finds_the_best_day_from_a_poor_one() -> None:
    clock = Clock(day_of_jobs(PROBLEM, TRAVEL, JOBS))
    assert pantry.improve(clock, poor_plan(clock), inf, 1).cost == BEST


@dataclass(frozen=True, slots=True)
class BrokenSlot(Slot):
    """A shift with a rule of which the search has never heard."""

    break_s: int = 0


def test_a_day_with_a_rule_that_the_search_does_not_know_is_left_alone() -> None:
    day = day_of_jobs(PROBLEM, TRAVEL, JOBS)
    plain, rest = ({field.name: getattr(s, field.name) for field in fields(s)} for s in day.slots)
    for break_s, known in ((0, True), (900, False)):
        slots = (BrokenSlot(**plain, break_s=break_s), BrokenSlot(**rest))
        other = replace(day, slots=slots)
        assert pantry.knows(other) is known
        assert (pantry.search(other, ((), ()), pantry.Effort(1, inf), 1) is not None) is known


def test_a_thin_day_is_the_day_without_its_matrices() -> None:
    made = generated(60, 1)
    whole = day_of_jobs(made.problem, made.travel, made.jobs)
    thin = pantry.thin_day(made.problem, made.travel, made.jobs)
    places = range(len(thin.places))
    metres = [[row[j] for j in places] for row in thin.metres]
    seconds = [[row[j] for j in places] for row in thin.seconds]
    assert replace(thin, metres=metres, seconds=seconds) == whole


def test_a_day_in_parts_makes_every_call_at_most_once_and_keeps_the_rules() -> None:
    made = generated(450, 1)
    day = pantry.thin_day(made.problem, made.travel, made.jobs)
    sketch = pantry.plan_large(day, 3.0, 1)
    calls = [point for trips in sketch for trip in trips for point in trip]
    assert len(calls) == len(set(calls)) > 0
    table = Clock(day).timetable(sketch)
    assert table is not None
    assert table.cost < sum(task.price for task in day.tasks)


def test_a_large_day_with_people_goes_by_parts_too() -> None:
    # Half of the doors want somebody who came last time, whom every other shift has.
    made = generated(60, 1)
    shifts = tuple(
        replace(shift, volunteer_ids=(f"P{i % 2}",)) for i, shift in enumerate(made.problem.shifts)
    )
    people = {name: Volunteer(name) for name in ("P0", "P1")}
    deliveries = tuple(
        replace(job, call=replace(job.call, visits=(_known(job.call, "P1"),)))
        if i % 2 and job.call.kind is StopKind.HOUSEHOLD
        else job
        for i, job in enumerate(made.jobs.deliveries)
    )
    problem = replace(made.problem, shifts=shifts, volunteers=people)
    jobs = replace(made.jobs, deliveries=deliveries)
    thin = pantry.thin_day(problem, made.travel, jobs)
    whole = day_of_jobs(problem, made.travel, jobs)
    assert thin.tasks == whole.tasks
    assert any(task.slot_cost for task in thin.tasks)
    assert pantry.knows(thin)
    table = Clock(thin).timetable(pantry.plan_large(thin, 2.0, 1))
    assert table is not None
    assert table.cost < sum(task.price for task in thin.tasks)


def _known(call: Call, name: str) -> Visit:
    """A visit all through the window of a call, made by somebody last time."""
    return Visit(call.open_s, call.start_by_s, call.service_s, last_visitor_ids=(name,))


def test_a_plan_that_the_schedule_refuses_loses_only_the_shifts_that_it_refuses() -> None:
    # B, 20 minutes away, would have to be reached when the shift begins. C waits for goods that D, on
    # the shift after it, collects.
    jobs = DayJobs(
        0,
        (
            delivery("A", door("A")),
            delivery("B", door("B", 0, NINE)),
            delivery("C", door("A"), needs=("D",)),
        ),
        (collection("D", site("D")),),
    )
    cars = ("V1", "V2", "V3", "V4")
    problem = week([van(name) for name in cars], [shift(name) for name in cars])
    day = day_of_jobs(problem, on_a_line({"HUB": 0, "A": 10, "B": 20, "D": 15}), jobs)
    number = {task.job_ids: task.points[0] for task in day.tasks}
    a, b, d = number["A", "C"], number["B",], number["D",]
    clock = Clock(day)
    asked = (((a,),), ((b,),), ((d,),), ())
    assert clock.timetable(asked) is None
    assert _drivable(clock, asked).sketch == (((a,),), (), ((d,),), ())
    whole = (((a,),), (), ((d,),), ())
    assert _drivable(clock, whole) == clock.timetable(whole)
