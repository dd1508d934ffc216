"""Laws over random small days: rules are kept, proofs agree with brute force, bounds are bounds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations, product

from hypothesis import HealthCheck, event, given, settings

from logistics.model.plan import Status
from logistics.solver.routing import exact, guided, insertion, route_day
from logistics.solver.routing.bound import lower_bound
from logistics.solver.routing.day import Day, Sketch, day_of_jobs, empty_sketch
from logistics.solver.routing.explain import undriveable
from logistics.solver.routing.schedule import Clock, Timetable
from tests.solver.routing.replay import broken_rules
from tests.solver.routing.strategies import Case, days

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def every_sketch(day: Day) -> Iterator[Sketch]:
    """Every choice of tasks, every order of their points, every split into slots and trips."""
    for chosen in product((False, True), repeat=len(day.tasks)):
        points = [p for task, on in zip(day.tasks, chosen, strict=True) if on for p in task.points]
        for order in permutations(points):
            place = {p: i for i, p in enumerate(order)}
            tasks = (task for task, on in zip(day.tasks, chosen, strict=True) if on)
            if all(place[p] < place[t.points[-1]] for t in tasks for p in t.points[:-1]):
                yield from (s for s in splits(order, len(day.slots)) if pairs_kept(day, s))


def splits(order: tuple[int, ...], slots: int) -> Iterator[Sketch]:
    """Cut an order into trips (some slots may stay empty), keeping it within each slot."""
    if slots == 0:
        if not order:
            yield ()
        return
    for mine in range(len(order) + 1):
        for cuts in product((False, True), repeat=max(0, mine - 1)):
            trips: list[tuple[int, ...]] = [order[:1]] if mine else []
            for point, cut in zip(order[1:mine], cuts, strict=True):
                trips = [*trips, (point,)] if cut else [*trips[:-1], (*trips[-1], point)]
            for rest in splits(order[mine:], slots - 1):
                yield (tuple(trips), *rest)


def pairs_kept(day: Day, sketch: Sketch) -> bool:
    """Whether no pair is torn apart between two trips."""
    trips = [set(trip) for slot in sketch for trip in slot]
    whole = [set(task.points) for task in day.tasks if len(task.points) > 1]
    return all(points <= trip or not points & trip for points in whole for trip in trips)


def cheapest(clock: Clock) -> Timetable:
    tables = map(clock.timetable, every_sketch(clock.day))
    return min((table for table in tables if table is not None), key=lambda table: table.cost)


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(case=days())
def test_the_proof_agrees_with_brute_force(case: Case) -> None:
    clock = Clock(day_of_jobs(case.problem, case.travel, case.jobs))
    nothing = clock.timetable(empty_sketch(clock.day))
    assert nothing is not None
    best = cheapest(clock)
    event(f"{len(clock.day.points)} points, {sum(map(len, best.sketch))} trips")
    assert lower_bound(clock.day, set(undriveable(clock.day))) <= best.cost
    if exact.is_small(clock.day):
        table, bound = exact.prove(clock, nothing, 0, seconds=20, seed=1)
        assert (table.cost, bound) == (best.cost, best.cost)


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(case=days(points_max=7))
def test_routes_keep_every_rule(case: Case) -> None:
    result = route_day(case.problem, case.travel, case.jobs, seconds=0.6, seed=3)
    assert broken_rules(case.problem, case.travel, case.jobs, result) == []
    if result.stage.status is Status.OPTIMAL:
        assert result.stage.bound == result.stage.objective


@settings(max_examples=10, deadline=None, suppress_health_check=SLOW)
@given(case=days(points_max=6))
def test_engines_never_make_a_plan_worse(case: Case) -> None:
    clock = Clock(day_of_jobs(case.problem, case.travel, case.jobs))
    nothing = clock.timetable(empty_sketch(clock.day))
    first = insertion.first_plan(clock)
    assert nothing is not None
    assert first.cost <= nothing.cost
    for start in (nothing, first):
        better = insertion.improve(clock, start, 0.1, 1)
        guided_table = guided.improve(clock, start, 0.3, 1)
        assert max(better.cost, guided_table.cost) <= start.cost
        assert clock.timetable(guided_table.sketch) == guided_table


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(case=days())
def test_what_is_called_undriveable_is_in_no_plan(case: Case) -> None:
    clock = Clock(day_of_jobs(case.problem, case.travel, case.jobs))
    impossible = set(undriveable(clock.day))
    for sketch in every_sketch(clock.day):
        served = insertion.served_tasks(clock.day, sketch)
        if served & impossible:
            assert clock.timetable(sketch) is None


def test_the_brute_force_knows_all_splits() -> None:
    # One slot: 2 trips can be cut from 2 points in 2 ways; two slots: 2 + 1 + 2 = 5 ways.
    assert len(list(splits((0, 1), 1))) == 2
    assert len(list(splits((0, 1), 2))) == 5
