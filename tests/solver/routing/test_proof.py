"""Proofs of days: bounds never above brute force, small days exactly it, unknown features left alone."""

from __future__ import annotations

import time
from dataclasses import dataclass, fields, replace

import pytest
from hypothesis import HealthCheck, event, given, settings

from logistics.model.plan import Status
from logistics.solver.compiled import Kernel
from logistics.solver.routing import MUST_PRICE, VEHICLE_DAY_COST, DayJobs, prove_day, route_day
from logistics.solver.routing.bounds import Bounds
from logistics.solver.routing.day import Day, Slot, day_of_jobs
from logistics.solver.routing.explain import undriveable
from logistics.solver.routing.proof import is_enumerable, prove_or_bound
from logistics.solver.routing.proof.circulation import driving_bound
from logistics.solver.routing.proof.graph import graphs_of
from logistics.solver.routing.proof.master import Master
from logistics.solver.routing.proof.pricing import Priced, Pricer
from logistics.solver.routing.proof.ready import earliest_ends, fewest_trips
from logistics.solver.routing.proof.rows import Rows
from logistics.solver.routing.proof.subsets import cheapest_day
from logistics.solver.routing.schedule import Clock
from tests.solver.routing.days import (
    HOUR,
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
from tests.solver.routing.test_laws import cheapest

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
DRIVEN_MINUTE = 620
ROWS_MAX = 1 << 15


def late() -> float:
    """A limit that no test reaches."""
    return time.monotonic() + 300


def prices(day: Day) -> dict[int, int]:
    return {t: task.price for t, task in enumerate(day.tasks)}


def two_trips() -> Day:
    # 60 + 60 kg into a van of 100 kg: trips of 20 and 40 minutes, one vehicle-day.
    jobs = DayJobs(0, (delivery("A", door("A"), 60_000), delivery("B", door("B"), 60_000)))
    problem = week([van(), van("V2")], [shift(), shift("V2")])
    return day_of_jobs(problem, on_a_line({"HUB": 0, "A": 10, "B": 20}), jobs)


TWO_TRIPS = VEHICLE_DAY_COST + 60 * DRIVEN_MINUTE


def bounded(day: Day, fewest: int, most: int, cutoff: int) -> int:
    graphs = graphs_of(day, set(), earliest_ends(day))
    master = Master(day, graphs, Rows.of(day, set(), prices(day)), ROWS_MAX)
    return master.bound(fewest, most, cutoff, late()).bound


def test_three_relaxations_of_two_trips() -> None:
    day = two_trips()
    graphs = graphs_of(day, set(), earliest_ends(day))
    trips = fewest_trips(day, [0, 1])
    assert trips == {"HUB": 2}
    # Two trips begin at the hub, so each call has one: 20 and 40 minutes.
    assert driving_bound(day, graphs, set(), trips, late()).bound == 60 * DRIVEN_MINUTE
    assert bounded(day, 1, 2, 2 * TWO_TRIPS) == TWO_TRIPS
    assert bounded(day, 2, 2, 3 * TWO_TRIPS) == TWO_TRIPS + VEHICLE_DAY_COST
    found = cheapest_day(day, graphs, ROWS_MAX)
    assert found is not None
    assert found.bound == TWO_TRIPS
    table = Clock(day).timetable(found.sketch)
    assert table is not None
    assert table.cost == TWO_TRIPS


def test_pricing_that_skips_the_cheapest_shift_bounds_too_high(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = Pricer.price

    def skips(self: Pricer, *about: object) -> list[Priced] | None:
        return (whole(self, *about) or [])[1:]  # type: ignore[arg-type]

    monkeypatch.setattr(Pricer, "price", skips)
    assert bounded(two_trips(), 1, 2, 2 * TWO_TRIPS) > TWO_TRIPS


def test_two_vehicles_are_proven_where_one_cannot_be_at_both_places() -> None:
    # A at +30 and B at -30, both due at 9:40. The first plan is made worse: B is left out.
    jobs = DayJobs(
        0,
        tuple(delivery(name, site(name, leave_by_s=NINE + 40 * 60)) for name in ("A", "B")),
    )
    problem = week([van(), van("V2")], [shift(), shift("V2")])
    clock = Clock(day_of_jobs(problem, on_a_line({"HUB": 0, "A": 30, "B": -30}), jobs))
    poor = clock.timetable((((0,),), ()))
    assert poor is not None
    assert poor.cost == MUST_PRICE + VEHICLE_DAY_COST + 60 * DRIVEN_MINUTE
    table, proven = prove_or_bound(clock, poor, Bounds(0), set(), seconds=300)
    assert table.cost == proven.cost == 2 * VEHICLE_DAY_COST + 120 * DRIVEN_MINUTE


def test_what_is_collected_may_leave_with_a_later_trip_of_the_same_shift() -> None:
    # D at 15 from 10:00, then A at 10: 50 minutes of driving. The shift's middle is before D is left, so
    # the shift is joined there, and its two halves remember all calls, past home too.
    jobs = DayJobs(
        0, (delivery("A", door("A"), needs=("D",)),), (collection("D", site("D", NINE + HOUR)),)
    )
    problem = week([van()], [shift(start_s=NINE - 10 * 60, end_s=NINE + 2 * HOUR)])
    day = day_of_jobs(problem, on_a_line({"HUB": 0, "A": 10, "D": 15}), jobs)
    graphs = graphs_of(day, set(), earliest_ends(day))
    master = Master(day, graphs, Rows.of(day, set(), prices(day)), ROWS_MAX)
    master.near[0][:] = 0b11
    best = VEHICLE_DAY_COST + 50 * DRIVEN_MINUTE
    assert master.bound(1, 1, 2 * best, late()).bound == best


@dataclass(frozen=True, slots=True)
class Pausing(Slot):
    """A shift with something that the relaxations have not heard of."""

    pause_s: int = 0


def test_a_day_with_an_unknown_feature_keeps_its_old_bound() -> None:
    day = two_trips()
    for pause_s, known in ((0, True), (HOUR, False)):
        slots = tuple(
            Pausing(**{f.name: getattr(slot, f.name) for f in fields(Slot)}, pause_s=pause_s)
            for slot in day.slots
        )
        clock = Clock(replace(day, slots=slots))
        assert is_enumerable(clock.day) is known
        poor = clock.timetable((((0,),), ((1,),)))
        assert poor is not None
        found = prove_or_bound(clock, poor, Bounds(7), set(), seconds=300)
        assert found[1].cost == (TWO_TRIPS if known else 7)


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(case=days())
def test_no_bound_is_above_brute_force(case: Case) -> None:
    day = day_of_jobs(case.problem, case.travel, case.jobs)
    clock = Clock(day)
    best = cheapest(clock)
    used = sum(map(bool, best.sketch))
    gone = set(undriveable(day))
    lost = sum(day.tasks[t].price for t in gone)
    musts = [t for t, task in enumerate(day.tasks) if task.price > best.cost]
    trips = fewest_trips(day, musts)
    graphs = graphs_of(day, gone, earliest_ends(day))
    legs = driving_bound(day, graphs, gone, trips, late())
    assert legs.bound <= best.cost - used * VEHICLE_DAY_COST
    whole = cheapest_day(day, graphs, ROWS_MAX)
    assert whole is not None
    assert whole.bound <= best.cost
    table = clock.timetable(whole.sketch)
    kept = table is not None and table.cost == whole.bound
    event(f"sets of calls: {'proven' if kept else 'a bound'}")
    rows = Rows.of(day, gone, prices(day), sum(trips.values()))
    for classes_max in (1, 3) if used else ():
        graphs = graphs_of(day, gone, earliest_ends(day), classes_max)
        reached = Master(day, graphs, rows, ROWS_MAX).bound(used, used, 2 * best.cost, late())
        event(f"shifts: {'tight' if lost + reached.bound == best.cost else 'below'}")
        assert lost + reached.bound <= best.cost


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(case=days())
def test_the_proof_of_a_poor_plan_bounds_every_plan(case: Case) -> None:
    day: Day = day_of_jobs(case.problem, case.travel, case.jobs)
    clock = Clock(day)
    best = cheapest(clock)
    alone = [
        clock.timetable(
            tuple((task.points,) if s == slot else () for slot in range(len(day.slots)))
        )
        for task in day.tasks
        for s in day.homes(day.points[task.points[0]].task)
    ]
    poor = max((table for table in alone if table), key=lambda table: table.cost, default=None)
    if poor is None:
        return
    table, proven = prove_or_bound(clock, poor, Bounds(0), set(undriveable(day)), seconds=300)
    bound = proven.cost
    assert bound <= best.cost <= table.cost <= poor.cost
    event("proven" if bound == table.cost else "bounded")


def test_where_nothing_is_compiled_the_proof_does_without(monkeypatch: pytest.MonkeyPatch) -> None:
    day = two_trips()
    clock = Clock(day)
    poor = clock.timetable((((0,),), ((1,),)))
    assert poor is not None
    monkeypatch.setattr(Kernel, "is_ready", lambda *_: False)
    monkeypatch.setattr(Pricer, "price", None)
    monkeypatch.setattr(Pricer, "every_set", None)
    table, proven = prove_or_bound(clock, poor, Bounds(0), set(), seconds=300)
    assert table == poor
    assert 0 < proven.cost <= TWO_TRIPS


def test_what_visits_count_is_part_of_the_bound() -> None:
    # Nobody speaks the language of either door: 5,000 each, whoever drives, beside the two trips.
    day = two_trips()
    tasks = tuple(replace(task, slot_cost={0: 5_000, 1: 5_000}) for task in day.tasks)
    clock = Clock(replace(day, tasks=tasks))
    poor = clock.timetable((((0,),), ((1,),)))
    assert poor is not None
    table, proven = prove_or_bound(clock, poor, Bounds(0), set(), seconds=300)
    assert table.cost == proven.cost == TWO_TRIPS + 10_000


def test_the_routes_of_a_plan_are_bounded_again() -> None:
    jobs = DayJobs(
        0,
        tuple(delivery(name, site(name, leave_by_s=NINE + 40 * 60)) for name in ("A", "B")),
    )
    problem, legs = (
        week([van(), van("V2")], [shift(), shift("V2")]),
        on_a_line({"HUB": 0, "A": 30, "B": -30}),
    )
    found = route_day(problem, legs, jobs, seconds=2, seed=1)
    loose = replace(
        found,
        stage=replace(found.stage, status=Status.FEASIBLE, bound=0.0, gap=1.0),
        parts=tuple(replace(p, status=Status.FEASIBLE, bound=0.0, gap=1.0) for p in found.parts),
    )
    again = prove_day(problem, legs, jobs, loose, 300)
    assert (again.routes, again.calls) == (found.routes, found.calls)
    assert again.stage.status is Status.OPTIMAL
    assert [(p.name, p.bound) for p in again.parts] == [
        ("vehicles 0", 2.0),
        ("driving 0", 120.0 * DRIVEN_MINUTE),
    ]
