"""Laws over random small days with people: bounds stay bounds, what is called undriveable is so."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from logistics.model.fleet import Break, Shift
from logistics.model.people import Visit, Volunteer
from logistics.model.plan import StopKind
from logistics.solver.routing import VEHICLE_DAY_COST, Call, Delivery, exact, guided, insertion
from logistics.solver.routing.bound import bounds_of, lower_bound
from logistics.solver.routing.day import day_of_jobs, empty_sketch
from logistics.solver.routing.explain import undriveable
from logistics.solver.routing.fields import says_no_more
from logistics.solver.routing.proof import prove_or_bound
from logistics.solver.routing.proof.known import relaxed
from logistics.solver.routing.schedule import Clock
from tests.solver.routing.strategies import HUBS, MINUTE, Case, days
from tests.solver.routing.test_laws import every_sketch

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
PEOPLE = {"P1": Volunteer("P1", frozenset({"nurse"})), "P2": Volunteer("P2")}


@st.composite
def peopled(draw: st.DrawFn, points_max: int) -> Case:
    """A day with breaks, ends elsewhere, crews, goods that come later, alternatives and hours."""
    case = draw(days(points_max))
    shifts = tuple(draw(_manned(shift)) for shift in case.problem.shifts)
    deliveries = tuple(draw(_asking(job)) for job in case.jobs.deliveries)
    limit = draw(st.sampled_from((None, None, 40 * MINUTE, 80 * MINUTE)))
    work_s_max = {} if limit is None else {"P1": limit}
    return Case(
        replace(case.problem, shifts=shifts, volunteers=PEOPLE),
        case.travel,
        replace(case.jobs, deliveries=deliveries, work_s_max=work_s_max),
    )


@st.composite
def _manned(draw: st.DrawFn, shift: Shift) -> Shift:
    opens_s = shift.start_s + MINUTE * draw(st.integers(0, 60))
    due = Break(opens_s, opens_s + MINUTE * draw(st.integers(0, 60)), 20 * MINUTE)
    return replace(
        shift,
        volunteer_ids=draw(st.sampled_from(((), ("P1",), ("P2",), ("P1", "P2")))),
        start_id=draw(st.sampled_from((None, *HUBS))),
        end_id=draw(st.sampled_from((None, *HUBS))),
        break_=draw(st.sampled_from((None, due))),
    )


@st.composite
def _asking(draw: st.DrawFn, job: Delivery) -> Delivery:
    release_s = draw(st.sampled_from((0, 0, job.call.open_s)))
    if job.call.kind is StopKind.SITE:
        return replace(job, release_s=release_s)
    visits = draw(st.lists(_visits(job.call), max_size=2))
    return replace(job, release_s=release_s, call=replace(job.call, visits=tuple(visits)))


@st.composite
def _visits(draw: st.DrawFn, call: Call) -> Visit:
    opens_s = call.open_s + MINUTE * draw(st.integers(0, 60))
    return Visit(
        opens_s,
        opens_s + MINUTE * draw(st.integers(0, 40)),
        call.service_s,
        draw(st.integers(1, 2)),
        draw(st.sampled_from(("", "nurse"))),
        draw(st.sampled_from(((), ("P2",)))),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(case=peopled(points_max=3))
def test_bounds_and_proofs_hold_whoever_drives(case: Case) -> None:
    clock = Clock(day_of_jobs(case.problem, case.travel, case.jobs))
    impossible = set(undriveable(clock.day))
    bound = lower_bound(clock.day, impossible)
    plans = 0
    for sketch in every_sketch(clock.day):
        table = clock.timetable(sketch)
        if table is not None:
            plans += 1
            assert bound <= table.cost
            assert not impossible & insertion.served_tasks(clock.day, sketch)
    event(f"{min(plans, 5)} plans or more, plain {says_no_more(clock.day)}")
    assert says_no_more(clock.day) or not exact.is_small(clock.day)


@settings(max_examples=8, deadline=None, suppress_health_check=SLOW)
@given(case=peopled(points_max=6))
def test_engines_keep_to_the_exact_schedule(case: Case) -> None:
    clock = Clock(day_of_jobs(case.problem, case.travel, case.jobs))
    nothing, first = clock.timetable(empty_sketch(clock.day)), insertion.first_plan(clock)
    assert nothing is not None
    assert first.cost <= nothing.cost
    for engine in (insertion.improve, insertion.with_fewer_shifts, guided.improve):
        better = engine(clock, first, 0.2, 1)
        assert better.cost <= first.cost
        assert clock.timetable(better.sketch) == better


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(case=peopled(points_max=3), first=st.integers(0, 99))
def test_vehicles_and_driving_are_bounded_apart(case: Case, first: int) -> None:
    day = day_of_jobs(case.problem, case.travel, case.jobs)
    clock, impossible = Clock(day), set(undriveable(day))
    whole = [
        table
        for sketch in every_sketch(day)
        if len(insertion.served_tasks(day, sketch)) == len(day.tasks) > 0
        and (table := clock.timetable(sketch)) is not None
    ]
    event(f"{min(len(whole), 3)} plans of all or more, relaxed {relaxed(day) is not None}")
    if not whole:
        return
    start = whole[first % len(whole)]
    _, proven = prove_or_bound(clock, start, bounds_of(day, impossible), impossible, seconds=300)
    for table in whole:
        used = sum(map(bool, table.sketch))
        driving = table.cost - used * VEHICLE_DAY_COST
        if table.cost <= start.cost:
            assert proven.cost <= table.cost
            assert proven.vehicles <= used
            assert proven.driving_with(used) <= driving
    assert bounds_of(day, impossible).driving <= min(
        table.cost - VEHICLE_DAY_COST * sum(map(bool, table.sketch)) for table in whole
    )
